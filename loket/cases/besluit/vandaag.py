"""What the besluiten ask today: a second pair of eyes, and making known."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.authz import Actor, Permission, Role
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.werkvoorraad.vandaag import zaken_of
from loket.termijnen import dag_van
from loket.vandaag import MOST_SHOWN, Deel, Plek

_REVIEWERS = {Role.KWALITEITSMEDEWERKER, Role.TEAMLEIDER}
_CONCEPT = (Beschikking.decided_at.is_(None), Beschikking.extern_nummer.is_(None))


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell who reviews what lies ready, and a consulent what waits for others."""
    if not by.may(Permission.BESCHIKKING_DECIDE):
        return
    asks_two = instelling(session, by.gemeente_code, "vier_ogen", dag_van(at))
    if by.rollen & _REVIEWERS:
        yield _reviews(session, by, at, bool(asks_two))
    if Role.CONSULENT in by.rollen:
        yield _waiting(session, by, at, bool(asks_two))


def _reviews(session: Session, by: Actor, at: datetime, asks_two: bool) -> Deel:
    found = (
        _list(
            session,
            by,
            *_CONCEPT,
            Beschikking.reviewed_at.is_(None),
            Beschikking.drawn_up_by_id != by.id,
        )
        if asks_two
        else []
    )
    zaken = zaken_of(session, by, at, [each.dossier_id for each in found])
    return Deel(
        "Na te kijken besluiten",
        [
            zaken[each.dossier_id].regel(
                f"Besluit {each.referentie} wacht op een tweede paar ogen",
                sinds=each.drawn_up_at,
            )
            for each in found
        ],
        "Er wacht geen besluit op een tweede paar ogen."
        if asks_two
        else "Uw gemeente laat besluiten niet door een tweede persoon nakijken.",
        Plek("werkvoorraad.show_werkvoorraad", (("fase", "besluit"),)),
        "Alle dossiers in de fase besluit",
    )


def _waiting(session: Session, by: Actor, at: datetime, asks_two: bool) -> Deel:
    """List own besluiten that wait for a colleague or the administratie."""
    is_review = Beschikking.decided_at.is_(None) & Beschikking.reviewed_at.is_(None)
    is_post = Beschikking.decided_at.is_not(None)
    found = _list(
        session,
        by,
        Beschikking.extern_nummer.is_(None),
        Dossier.consulent_id == by.id,
        (is_review | is_post) if asks_two else is_post,
    )
    zaken = zaken_of(session, by, at, [each.dossier_id for each in found])
    return Deel(
        "Wacht op een collega",
        [
            zaken[each.dossier_id].regel(
                "Administratie: bekendmaken"
                if each.decided_at
                else "Collega: nakijken",
                sinds=each.decided_at or each.drawn_up_at,
            )
            for each in found
        ],
        "Geen besluit in uw dossiers wacht op een collega.",
    )


def _list(
    session: Session, by: Actor, *where: ColumnElement[bool]
) -> list[Beschikking]:
    return list(
        session.scalars(
            select(Beschikking)
            .join(Dossier, Dossier.id == Beschikking.dossier_id)
            # none of what is asked here was made known: an index has only those
            .where(visible(by), Beschikking.made_known_at.is_(None), *where)
            .order_by(Beschikking.drawn_up_at, Beschikking.id)
            .limit(MOST_SHOWN + 1)
        )
    )
