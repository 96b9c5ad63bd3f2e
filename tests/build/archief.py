"""Dossiers that are old enough to go, and the three people who let them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from build import dossier as people
from build.gemeente import actor
from loket.archief import operations_lijst as operations
from loket.archief.vernietigingslijst import Vernietigingslijst, Vernietigingsregel
from loket.authz import Actor, Role
from loket.cases.dossier import operations as dossiers
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Afsluitreden, BetrokkeneRol, Dossier
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_notitie import write_notitie

THEN = datetime(2010, 3, 1, 10, 0, tzinfo=UTC)
"""When an old dossier was opened, worked on and closed."""
GO = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""More than fifteen years later."""
GO_DAY = GO.date()
SECRET = "De sleutel ligt onder de gele kliko."
LETTER = b"%PDF-1.7 geheim"


@dataclass(frozen=True)
class Three:
    """Who propose, check and approve."""

    voorsteller: Actor
    nakijker: Actor
    archivaris: Actor


def three(gemeente: str = "0396") -> Three:
    """Three people with the three roles."""
    return Three(
        actor(Role.ADMINISTRATIE, gemeente=gemeente),
        actor(Role.KWALITEITSMEDEWERKER, gemeente=gemeente),
        actor(Role.ARCHIVARIS, gemeente=gemeente),
    )


def old_dossier(session: Session, at: datetime = THEN, **differs: Any) -> Dossier:
    """Make a dossier with a note, a letter and a mantelzorger, closed long ago."""
    by = actor(Role.CONSULENT)
    made = people.dossier(session, by, at, ontvangen_op=at.date(), **differs)
    people.betrokkene(
        session,
        made,
        by,
        at,
        rol=BetrokkeneRol.MANTELZORGER,
        van=at.date(),
        achternaam="Helmgras",
    )
    write_notitie(
        session,
        by,
        at,
        dossier=made,
        soort=NotitieSoort.AANDACHTSPUNT,
        tekst=SECRET,
        vast=True,
    )
    dossiers.store_document(
        session,
        by,
        at,
        dossier_id=made.id,
        soort=DocumentSoort.INGEKOMEN,
        inhoud=LETTER,
    )
    close(session, made, at)
    return made


def close(session: Session, dossier: Dossier, at: datetime = THEN) -> None:
    """Close a dossier in which nothing runs."""
    dossiers.close_dossier(
        session,
        actor(Role.CONSULENT),
        at,
        dossier=dossier,
        reden=Afsluitreden.EIGEN_KRACHT,
    )
    session.flush()


def approved(
    session: Session, at: datetime = GO, by: Three | None = None
) -> Vernietigingslijst:
    """Make a list of what is due and let it pass all three."""
    hands = by or three()
    lijst = operations.propose_lijst(session, hands.voorsteller, at)
    operations.review_lijst(session, hands.nakijker, at, lijst=lijst)
    operations.approve_lijst(session, hands.archivaris, at, lijst=lijst)
    return lijst


def regels(session: Session, lijst: Vernietigingslijst) -> list[Vernietigingsregel]:
    """Return the lines of a list, dossiers first."""
    return list(
        session.scalars(
            select(Vernietigingsregel)
            .where(Vernietigingsregel.lijst_id == lijst.id)
            .order_by(Vernietigingsregel.soort, Vernietigingsregel.id)
            .execution_options(populate_existing=True)
        )
    )


def day(iso: str) -> date:
    """Write a day short."""
    return date.fromisoformat(iso)
