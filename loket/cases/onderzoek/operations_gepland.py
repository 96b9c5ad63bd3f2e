"""Deeds about planned talks: planning, moving, cancelling."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries import list_staff
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.queries import may_see
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.gepland_gesprek import GeplandGesprek
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.errors import RuleViolation
from loket.termijnen import dag_van

FURTHEST = timedelta(days=366)
"""Beyond this a typing error in the year is sure."""


def plan_gesprek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    vorm: GesprekVorm,
    begint_om: datetime,
    consulent_id: UUID,
    notitie: str | None = None,
) -> GeplandGesprek:
    """Plan a talk with the cliënt.

    Raises:
        RuleViolation: the onderzoek has ended, the moment has passed, or who would go
            is no consulent who may see the dossier.
    """
    queries.hold_open(session, onderzoek)
    _check_moment(begint_om, at)
    _check_consulent(session, by, at, onderzoek, consulent_id)
    gepland = GeplandGesprek(
        gemeente_code=onderzoek.gemeente_code,
        dossier_id=onderzoek.dossier_id,
        onderzoek_id=onderzoek.id,
        vorm=vorm,
        begint_om=begint_om,
        consulent_id=consulent_id,
        notitie=notitie,
        planned_at=at,
        planned_by_id=by.id,
    )
    session.add(gepland)
    session.flush()  # the trail names the new row
    record(session, by, Action.GESPREK_PLANNED, gepland, at=at, grond=vorm.value)
    return gepland


def move_gesprek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    gepland: GeplandGesprek,
    vorm: GesprekVorm,
    begint_om: datetime,
    consulent_id: UUID,
    reden: str,
    notitie: str | None = None,
) -> None:
    """Let a planned talk be at another time or place, or let another person go."""
    queries.hold_open(session, onderzoek)
    gepland.require_open()
    _check_moment(begint_om, at)
    _check_consulent(session, by, at, onderzoek, consulent_id)
    gepland.move(begint_om, reden, by.id, at)
    gepland.vorm = vorm
    gepland.consulent_id = consulent_id
    gepland.notitie = notitie
    record(session, by, Action.GESPREK_MOVED, gepland, at=at)


def cancel_gesprek(
    session: Session, by: Actor, at: datetime, *, gepland: GeplandGesprek, reden: str
) -> None:
    """Let a planned talk not take place, with the reason."""
    gepland.cancel(reden, by.id, at)
    record(session, by, Action.GESPREK_CANCELLED, gepland, at=at)


def _check_moment(begint_om: datetime, at: datetime) -> None:
    if begint_om <= at:
        raise RuleViolation("Kies een moment in de toekomst.", "dag")
    if begint_om > at + FURTHEST:
        raise RuleViolation("Kies een dag binnen een jaar.", "dag")


def _check_consulent(
    session: Session, by: Actor, at: datetime, onderzoek: Onderzoek, user_id: UUID
) -> None:
    known = {each.id for each in list_staff(session, by, Role.CONSULENT, dag_van(at))}
    if user_id not in known or not may_see(session, by, onderzoek.dossier_id, user_id):
        raise RuleViolation("Kies een consulent die dit dossier mag zien.", "consulent")
