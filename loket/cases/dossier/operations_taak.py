"""Deeds about tasks: asking one, taking over, handing over, a later reminder."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries_team import roles_of
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import GRANTS, Actor, Permission, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import may_see
from loket.cases.dossier.queries_taken import is_meant_for
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.errors import NotAllowed, RuleViolation
from loket.mail.operations import promise_mail
from loket.termijnen import dag_van

NOT_YOURS = "Deze taak is voor iemand anders."


def put_taak(session: Session, by: Actor, at: datetime, taak: Taak) -> None:
    """Put a new task down: the one place where it happens, so whom it is for, hears."""
    session.add(taak)
    session.flush()  # the trail names the new row
    record(session, by, Action.TAAK_SET, taak, at=at, grond=taak.soort.value)
    _tell(session, by, at, taak)


def _tell(session: Session, by: Actor, at: datetime, taak: Taak) -> None:
    """Promise an e-mail to one person; who did it knows, and a role has no mailbox."""
    user_id = taak.voor_user_id
    if user_id is not None and user_id != by.id:
        promise_mail(session, user_id, gemeente_code=taak.gemeente_code, at=at)


def ask_taak(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    soort: TaakSoort,
    uiterlijk: date,
    voor_rol: Role | None = None,
    voor_user_id: UUID | None = None,
    notitie: str | None = None,
) -> Taak:
    """Ask a colleague, a role or yourself to do something in a dossier.

    Raises:
        RuleViolation: a kind that only follows from a deed, a day that has passed,
            nobody to do it, or somebody who cannot see the dossier.
    """
    if not soort.is_own:
        raise RuleViolation("Deze taak komt vanzelf. Kies een andere.", "soort")
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    if uiterlijk < dag_van(at):
        raise RuleViolation("Kies vandaag of een dag in de toekomst.", "uiterlijk")
    if (voor_rol is None) == (voor_user_id is None):
        raise RuleViolation("Kies één persoon of één rol.", "voor")
    if voor_user_id is not None and voor_user_id != by.id:
        _check_receiver(session, by, at, dossier.id, voor_user_id, "voor")
    taak = Taak(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        soort=soort,
        voor_rol=voor_rol,
        voor_user_id=voor_user_id,
        uiterlijk=uiterlijk,
        made_at=at,
        notitie=notitie,
    )
    put_taak(session, by, at, taak)
    return taak


def take_over_taak(session: Session, by: Actor, at: datetime, *, taak: Taak) -> None:
    """Do yourself what was asked of your role, or of whom you replace or lead."""
    if taak.voor_user_id == by.id:
        raise RuleViolation("Deze taak is al van u.")
    if not (is_meant_for(session, by, at, taak) or by.may(Permission.DOSSIER_ASSIGN)):
        raise NotAllowed(NOT_YOURS)
    taak.give(by.id)
    record(session, by, Action.TAAK_TAKEN_OVER, taak, at=at, grond=taak.soort.value)


def hand_over_taak(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    taak: Taak,
    user_id: UUID,
    reden: str,
) -> None:
    """Give a task to a colleague and say why; the last day stays what it was."""
    if not (is_meant_for(session, by, at, taak) or by.may(Permission.DOSSIER_ASSIGN)):
        raise NotAllowed(NOT_YOURS)
    if taak.voor_user_id == user_id:
        raise RuleViolation("Deze collega heeft de taak al.", "user_id")
    _check_receiver(session, by, at, taak.dossier_id, user_id, "user_id")
    taak.give(user_id)
    taak.reden = reden
    _tell(session, by, at, taak)
    record(session, by, Action.TAAK_HANDED_OVER, taak, at=at, grond=taak.soort.value)


def postpone_herinnering(
    session: Session, by: Actor, at: datetime, *, taak: Taak, tot: date
) -> None:
    """Let a task out of sight until a day; never past its last day, which stays."""
    if not is_meant_for(session, by, at, taak):
        raise NotAllowed(NOT_YOURS)
    taak.postpone(tot, dag_van(at))
    record(session, by, Action.TAAK_POSTPONED, taak, at=at, grond=taak.soort.value)


def _check_receiver(
    session: Session,
    by: Actor,
    at: datetime,
    dossier_id: UUID,
    user_id: UUID,
    field: str,
) -> None:
    rollen = roles_of(session, by, user_id, dag_van(at))
    reads = any(Permission.DOSSIER_READ in GRANTS[rol] for rol in rollen)
    if not reads or not may_see(session, by, dossier_id, user_id):
        raise RuleViolation("Kies een collega die dit dossier mag zien.", field)
