"""Deeds on notes: write, correct into a next version, pin, withdraw."""

from datetime import datetime

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier import queries_notitie as queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.notitie import Notitie, NotitieSoort, NotitieVersie
from loket.cases.dossier.queries_toestemming import require_toestemming
from loket.errors import RuleViolation
from loket.termijnen import dag_van


def write_notitie(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    soort: NotitieSoort,
    tekst: str,
    vast: bool = False,
    herkomst: Herkomst = Herkomst.LOKET,
) -> Notitie:
    """Write a note; a closed dossier can still be written about.

    Args:
        herkomst: from whom we have it; some sources ask the consent of the cliënt.
    """
    require_toestemming(session, dossier.id, herkomst, dag_van(at))
    notitie = Notitie(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        soort=soort,
        herkomst=herkomst,
        written_at=at,
        written_by_id=by.id,
    )
    if vast:
        notitie.pin(by.id, at)
    session.add(notitie)
    session.flush()  # its first version refers to it
    _add_version(session, by, at, notitie, 1, tekst)
    record(session, by, Action.NOTITIE_WRITTEN, notitie, at=at, grond=soort.value)
    return notitie


def correct_notitie(
    session: Session, by: Actor, at: datetime, *, notitie: Notitie, tekst: str
) -> NotitieVersie:
    """Write the next version; the earlier ones stay as they were."""
    notitie.require_valid()
    last = queries.last_version(session, notitie.id)
    if last.tekst == tekst:
        raise RuleViolation("U hebt niets gewijzigd.", "tekst")
    made = _add_version(session, by, at, notitie, last.versie + 1, tekst)
    record(session, by, Action.NOTITIE_CORRECTED, notitie, at=at)
    return made


def _add_version(
    session: Session,
    by: Actor,
    at: datetime,
    notitie: Notitie,
    versie: int,
    tekst: str,
) -> NotitieVersie:
    if not tekst.strip():
        raise RuleViolation("Vul de notitie in.", "tekst")
    made = NotitieVersie(
        gemeente_code=notitie.gemeente_code,
        notitie_id=notitie.id,
        dossier_id=notitie.dossier_id,
        versie=versie,
        tekst=tekst,
        saved_at=at,
        saved_by_id=by.id,
    )
    session.add(made)
    return made


def pin_notitie(
    session: Session, by: Actor, at: datetime, *, notitie: Notitie, vast: bool
) -> None:
    """Put a note above the others, or back in its place."""
    if vast:
        notitie.pin(by.id, at)
    else:
        notitie.unpin()
    grond = "vast" if vast else "los"
    record(session, by, Action.NOTITIE_PINNED, notitie, at=at, grond=grond)


def withdraw_notitie(
    session: Session, by: Actor, at: datetime, *, notitie: Notitie, reden: str
) -> None:
    """Say that a note does not hold any more, and why; its history stays."""
    if not reden.strip():
        raise RuleViolation("Geef de reden.", "reden")
    notitie.withdraw(reden, by.id, at)
    record(session, by, Action.NOTITIE_WITHDRAWN, notitie, at=at)
