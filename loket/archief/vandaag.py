"""What destroying asks today: a list to check or to approve, a request to decide on."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loket.archief import queries_verzoek
from loket.archief.vernietigingslijst import Vernietigingslijst
from loket.archief.woorden import OMVANG
from loket.authz import Actor, Permission
from loket.termijnen import dag_van
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel

_ALL = Plek("archief.show_vernietiging")


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell each of the three what waits for them."""
    if by.may(Permission.VERNIETIGING_REVIEW):
        yield _lists(
            session,
            by,
            "Vernietigingslijsten om na te kijken",
            "Geen vernietigingslijst wacht op nakijken.",
            Vernietigingslijst.reviewed_at.is_(None),
        )
    if by.may(Permission.VERNIETIGING_APPROVE):
        yield _lists(
            session,
            by,
            "Vernietigingslijsten om goed te keuren",
            "Geen vernietigingslijst wacht op goedkeuring.",
            Vernietigingslijst.reviewed_at.is_not(None)
            & Vernietigingslijst.approved_at.is_(None)
            & (Vernietigingslijst.reviewed_by_id != by.id),
        )
    if by.may(Permission.VERNIETIGING_DECIDE):
        yield _requests(session, by, at)


def _lists(
    session: Session, by: Actor, titel: str, leeg: str, *where: ColumnElement[bool]
) -> Deel:
    found = session.scalars(
        select(Vernietigingslijst)
        .where(
            Vernietigingslijst.gemeente_code.in_(by.gemeenten),
            Vernietigingslijst.stopped_at.is_(None),
            Vernietigingslijst.finished_at.is_(None),
            Vernietigingslijst.proposed_by_id != by.id,
            *where,
        )
        .order_by(Vernietigingslijst.proposed_at, Vernietigingslijst.id)
        .limit(MOST_SHOWN + 1)
    ).all()
    return Deel(
        titel,
        [
            Regel(
                f"Lijst {each.referentie}",
                Plek("archief.show_lijst", (("referentie", each.referentie),)),
                "Op verzoek" if each.verzoek_id else "Bewaartermijn voorbij",
                sinds=each.reviewed_at or each.proposed_at,
            )
            for each in found
        ],
        leeg,
        _ALL,
        "Alle vernietigingslijsten",
        kop="Lijst",
    )


def _requests(session: Session, by: Actor, at: datetime) -> Deel:
    found = queries_verzoek.list_open(session, by, MOST_SHOWN + 1)
    today = dag_van(at)
    return Deel(
        "Verzoeken om vernietiging",
        [
            Regel(
                f"Dossier {dossier.referentie}",
                Plek("archief_verzoek.decide", (("referentie", verzoek.referentie),)),
                OMVANG[verzoek.omvang],
                sinds=verzoek.ontvangen_op,
                uiterlijk=verzoek.uiterlijk,
                dagen=(verzoek.uiterlijk - today).days,
            )
            for verzoek, dossier in found
        ],
        "Niemand vraagt om vernietiging.",
        _ALL,
        "Alle verzoeken",
        sinds_kop="Ontvangen",
    )
