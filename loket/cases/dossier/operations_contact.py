"""Deeds of the telephone: note a contact, promise to call back, and do so."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling
from loket.accounts.queries_team import roles_of
from loket.accounts.register import REGISTER
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier import queries_terugbel
from loket.cases.dossier.contactmoment import Contactmoment, Kanaal, Uitkomst
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.opening import note_contact
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.terugbelverzoek import (
    Geadresseerde,
    Terugbelpoging,
    Terugbelverzoek,
)
from loket.db import uuid7
from loket.errors import RuleViolation


@dataclass(frozen=True)
class Werktermijn:
    """How long something may take: a setting that counts in werkdagen."""

    instelling: str

    def uiterlijk(self, session: Session, by: Actor, at: datetime) -> date:
        """Return the last day, counted from today."""
        today = termijnen.dag_van(at)
        days = instelling(session, by.gemeente_code, self.instelling, today)
        if days is None:
            days = REGISTER[self.instelling].standaard
        return termijnen.werkdagen_later(today, int(days))


TERUGBELLEN = Werktermijn(instelling="terugbellen_werkdagen")
TERUGBELLEN_SPOED = Werktermijn(instelling="terugbellen_spoed_werkdagen")
_TAKEN = {
    Uitkomst.REPARATIE: (
        TaakSoort.REPARATIE_REGELEN,
        Werktermijn(instelling="reparatie_werkdagen"),
    ),
    Uitkomst.HULP_KOMT_NIET: (
        TaakSoort.HULP_KOMT_NIET,
        Werktermijn(instelling="hulp_komt_niet_werkdagen"),
    ),
}


def record_contactmoment(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    kanaal: Kanaal,
    uitkomst: Uitkomst,
    tekst: str,
    dossier: Dossier | None = None,
    inwoner: Inwoner | None = None,
    voorziening_id: UUID | None = None,
) -> Contactmoment:
    """Note a contact: about a dossier, with an inwoner, or anonymous.

    Help that does not come and a repair become work: a task in the dossier; without
    a dossier the administratie is asked to call back.
    """
    if uitkomst is Uitkomst.MELDING:
        raise RuleViolation("Leg een melding vast als melding.", "uitkomst")
    contact = note_contact(
        session,
        by,
        at,
        kanaal=kanaal,
        uitkomst=uitkomst,
        tekst=tekst,
        dossier=dossier,
        inwoner=inwoner,
        voorziening_id=voorziening_id,
    )
    session.flush()  # the trail names the new row
    if uitkomst.asks_work:
        _ask_work(session, by, at, contact, dossier, inwoner)
    record(session, by, Action.CONTACTMOMENT_RECORDED, contact, at=at)
    return contact


def _ask_work(
    session: Session,
    by: Actor,
    at: datetime,
    contact: Contactmoment,
    dossier: Dossier | None,
    inwoner: Inwoner | None,
) -> None:
    """Let the consulent of the dossier act on it, else the administratie."""
    soort, termijn = _TAKEN[contact.uitkomst]
    uiterlijk = termijn.uiterlijk(session, by, at)
    if dossier is None:
        verzoek = _make(by, at, Geadresseerde(rol=Role.ADMINISTRATIE), None, inwoner)
        verzoek.uiterlijk = uiterlijk
        verzoek.spoed = contact.uitkomst is Uitkomst.HULP_KOMT_NIET
        verzoek.telefoon = inwoner.telefoon if inwoner else None
        verzoek.notitie = contact.tekst
        session.add(verzoek)
        return
    consulent = _consulent(session, by, at, dossier)
    session.add(
        Taak(
            gemeente_code=dossier.gemeente_code,
            dossier_id=dossier.id,
            soort=soort,
            onderwerp_id=contact.id,
            voor_user_id=consulent,
            voor_rol=None if consulent else Role.ADMINISTRATIE,
            uiterlijk=uiterlijk,
            made_at=at,
        )
    )


def _consulent(
    session: Session, by: Actor, at: datetime, dossier: Dossier
) -> UUID | None:
    """Return the consulent, as long as that person still works as one."""
    if dossier.closed_at or dossier.consulent_id is None:
        return None
    roles = roles_of(session, by, dossier.consulent_id, termijnen.dag_van(at))
    return dossier.consulent_id if Role.CONSULENT in roles else None


def make_terugbelverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    voor: Geadresseerde,
    telefoon: str,
    notitie: str,
    spoed: bool = False,
    naam: str | None = None,
    dossier: Dossier | None = None,
    inwoner: Inwoner | None = None,
) -> Terugbelverzoek:
    """Ask a person, a team or a role to call somebody back within the term."""
    verzoek = _make(by, at, voor, dossier, inwoner)
    _check_may_see(session, verzoek, voor)
    termijn = TERUGBELLEN_SPOED if spoed else TERUGBELLEN
    verzoek.uiterlijk = termijn.uiterlijk(session, by, at)
    verzoek.spoed = spoed
    verzoek.naam = naam
    verzoek.telefoon = telefoon
    verzoek.notitie = notitie
    session.add(verzoek)
    session.flush()  # the trail names the new row
    record(session, by, Action.TERUGBELVERZOEK_MADE, verzoek, at=at)
    return verzoek


def _make(
    by: Actor,
    at: datetime,
    voor: Geadresseerde,
    dossier: Dossier | None,
    inwoner: Inwoner | None,
) -> Terugbelverzoek:
    own_id = uuid7()
    owner = dossier or inwoner
    return Terugbelverzoek(
        id=own_id,
        gemeente_code=by.gemeente_code,
        scope_id=owner.id if owner else own_id,
        dossier_id=dossier.id if dossier else None,
        inwoner_id=inwoner.id if inwoner else None,
        voor_user_id=voor.user_id,
        voor_team_id=voor.team_id,
        voor_rol=voor.rol,
        made_at=at,
        made_by_id=by.id,
    )


def try_terugbellen(
    session: Session, by: Actor, at: datetime, *, verzoek: Terugbelverzoek
) -> Terugbelpoging:
    """Note that somebody called and reached nobody; it stays open."""
    verzoek.check_open()
    poging = Terugbelpoging(
        gemeente_code=verzoek.gemeente_code,
        terugbelverzoek_id=verzoek.id,
        at=at,
        by_id=by.id,
    )
    session.add(poging)
    record(session, by, Action.TERUGBELVERZOEK_TRIED, verzoek, at=at)
    return poging


def finish_terugbelverzoek(
    session: Session, by: Actor, at: datetime, *, verzoek: Terugbelverzoek
) -> None:
    """Note that somebody was called back; this happens once."""
    verzoek.finish(by.id, at)
    record(session, by, Action.TERUGBELVERZOEK_DONE, verzoek, at=at)


def hand_over_terugbelverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Terugbelverzoek,
    voor: Geadresseerde,
    reden: str,
) -> None:
    """Let another person, team or role call back; the last day does not move."""
    _check_may_see(session, verzoek, voor)
    verzoek.hand_over(voor, reden, by.id, at)
    record(session, by, Action.TERUGBELVERZOEK_HANDED_OVER, verzoek, at=at)


def _check_may_see(
    session: Session, verzoek: Terugbelverzoek, voor: Geadresseerde
) -> None:
    """Refuse to leave a request where nobody would find it.

    Raises:
        RuleViolation: the person to call is in a shielded dossier, and the addressee
            is not somebody named for it.
    """
    if queries_terugbel.is_shielded_from(session, verzoek, voor):
        raise RuleViolation(
            "Dit dossier is afgeschermd. Kies iemand die het mag zien.", "voor"
        )
