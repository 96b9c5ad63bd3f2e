"""Looking at messages and verzoeken, for the pages; every look is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.queries import list_lopend
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.producten.product import Product
from loket.errors import NotFound
from loket.iwmo.bericht import Bericht, Richting, Verzoek
from loket.iwmo.queries import NO_VERZOEK
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel
from loket.termijnen import ZONE

PER_PAGE = 25
NO_BERICHT = "Dit bericht bestaat niet."


@dataclass(frozen=True)
class Filter:
    """What part of the messages is asked for."""

    richting: Richting | None = None
    soort: str = ""
    aanbieder_id: UUID | None = None
    dag: date | None = None
    na: UUID | None = None
    """The last message of the page before."""


@dataclass(frozen=True)
class BerichtRegel:
    """One line of the list: no name of a person, no content."""

    bericht: Bericht
    aanbieder: str
    dossier: str | None


def _visible(by: Actor) -> ColumnElement[bool]:
    own = Bericht.gemeente_code.in_(by.gemeenten)
    return own & or_(Bericht.dossier_id.is_(None), dossier_queries.visible(by))


def list_berichten(
    session: Session, by: Actor, at: datetime, wanted: Filter
) -> tuple[Sequence[BerichtRegel], bool]:
    """Return messages, newest first, and whether there are more."""
    rows = session.execute(
        select(Bericht, Aanbieder.naam, Dossier.referentie)
        .outerjoin(Aanbieder, Aanbieder.id == Bericht.aanbieder_id)
        .outerjoin(Dossier, Dossier.id == Bericht.dossier_id)
        .where(_visible(by), *_asked(wanted))
        .order_by(Bericht.recorded_at.desc(), Bericht.id.desc())
        .limit(PER_PAGE + 1)
    ).all()
    found = [BerichtRegel(row[0], row[1] or "", row[2]) for row in rows[:PER_PAGE]]
    dossiers = {r.bericht.dossier_id for r in found if r.bericht.dossier_id}
    record(session, by, Action.BERICHT_READ, at=at, subjects=dossiers)
    return found, len(rows) > PER_PAGE


def _asked(wanted: Filter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.richting:
        asked.append(Bericht.richting == wanted.richting)
    if wanted.soort:
        asked.append(Bericht.soort == wanted.soort)
    if wanted.aanbieder_id:
        asked.append(Bericht.aanbieder_id == wanted.aanbieder_id)
    if wanted.dag:
        begin = datetime.combine(wanted.dag, time(), ZONE)
        end = datetime.combine(wanted.dag + timedelta(days=1), time(), ZONE)
        asked += [Bericht.recorded_at >= begin, Bericht.recorded_at < end]
    if wanted.na:
        last = select(Bericht.recorded_at, Bericht.id).where(Bericht.id == wanted.na)
        place = tuple_(Bericht.recorded_at, Bericht.id)
        asked.append(place < last.scalar_subquery())
    return asked


def get_bericht(
    session: Session, by: Actor, at: datetime, referentie: str
) -> BerichtRegel:
    """Return a message to show what it says; the look is recorded."""
    row = session.execute(
        select(Bericht, Aanbieder.naam, Dossier.referentie)
        .outerjoin(Aanbieder, Aanbieder.id == Bericht.aanbieder_id)
        .outerjoin(Dossier, Dossier.id == Bericht.dossier_id)
        .where(_visible(by), Bericht.referentie == referentie)
    ).first()
    if row is None:
        raise NotFound(NO_BERICHT)
    record(session, by, Action.BERICHT_READ, row[0], at=at, grond=row[0].soort)
    return BerichtRegel(row[0], row[1] or "", row[2])


def list_aanbieders(session: Session, by: Actor) -> Sequence[Aanbieder]:
    """Return with whom this gemeente exchanged messages, in order of name."""
    with_us = select(Bericht.aanbieder_id).where(
        Bericht.gemeente_code.in_(by.gemeenten)
    )
    return session.scalars(
        select(Aanbieder).where(Aanbieder.id.in_(with_us)).order_by(Aanbieder.naam)
    ).all()


@dataclass(frozen=True)
class VerzoekRegel:
    """A verzoek with who asks it and the dossier it belongs to."""

    verzoek: Verzoek
    aanbieder: str
    dossier: str
    bericht: str


def list_open(session: Session, by: Actor, at: datetime) -> Sequence[VerzoekRegel]:
    """Return what aanbieders wait for, oldest first."""
    rows = session.execute(
        select(Verzoek, Aanbieder.naam, Dossier.referentie, Bericht.referentie)
        .join(Aanbieder, Aanbieder.id == Verzoek.aanbieder_id)
        .join(Dossier, Dossier.id == Verzoek.dossier_id)
        .join(Bericht, Bericht.id == Verzoek.bericht_id)
        .where(
            Verzoek.gemeente_code.in_(by.gemeenten),
            Verzoek.status == "open",
            dossier_queries.visible(by),
        )
        .order_by(Verzoek.received_at, Verzoek.id)
        .limit(200)
    ).all()
    found = [VerzoekRegel(*row) for row in rows]
    dossiers = {regel.verzoek.dossier_id for regel in found}
    record(session, by, Action.BERICHT_READ, at=at, subjects=dossiers, grond="315")
    return found


def get_verzoek(
    session: Session, by: Actor, at: datetime, referentie: str
) -> VerzoekRegel:
    """Return a verzoek to show or answer; the look is recorded."""
    row = session.execute(
        select(Verzoek, Aanbieder.naam, Dossier.referentie, Bericht.referentie)
        .join(Aanbieder, Aanbieder.id == Verzoek.aanbieder_id)
        .join(Dossier, Dossier.id == Verzoek.dossier_id)
        .join(Bericht, Bericht.id == Verzoek.bericht_id)
        .where(
            Verzoek.gemeente_code.in_(by.gemeenten),
            Verzoek.referentie == referentie,
            dossier_queries.visible(by),
        )
    ).first()
    if row is None:
        raise NotFound(NO_VERZOEK)
    record(session, by, Action.BERICHT_READ, row[0], at=at, grond="verzoek")
    return VerzoekRegel(*row)


def verzoeken_of(session: Session, bericht_id: UUID) -> Sequence[Verzoek]:
    """Return what one 315 asks, in its order."""
    return session.scalars(
        select(Verzoek)
        .where(Verzoek.bericht_id == bericht_id)
        .order_by(Verzoek.volgnummer)
    ).all()


def list_rechten(session: Session, verzoek: Verzoek) -> list[Voorziening]:
    """Return what this cliënt is entitled to, whatever the dossier."""
    client = dossier_queries.get_client(session, verzoek.dossier_id)
    return list(list_lopend(session, client.id))


@dataclass(frozen=True)
class Aanbod:
    """A product that the aanbieder delivers under contract on a day."""

    contractregel: Contractregel
    product: Product


def list_aanbod(session: Session, verzoek: Verzoek) -> list[Aanbod]:
    """Return what this aanbieder has under contract from the wanted day on, or later.

    The gemeente may assign from another day than was asked.
    """
    day = verzoek.gewenste_start
    rows = session.execute(
        select(Contractregel, Product)
        .join(Contract, Contract.id == Contractregel.contract_id)
        .join(Product, Product.code == Contractregel.product_code)
        .options(joinedload(Contractregel.contract))
        .where(
            Contractregel.aanbieder_id == verzoek.aanbieder_id,
            Contractregel.gemeente_code == verzoek.gemeente_code,
            Product.gemeente_code == verzoek.gemeente_code,
            *(
                or_(period.tot.is_(None), period.tot >= day)
                for period in (Contract, Contractregel, Product)
            ),
        )
        .order_by(Product.naam, Product.van)
    )
    # a product that was renewed joins more than once: its first period names it
    found: dict[UUID, Aanbod] = {}
    for regel, product in rows:
        found.setdefault(regel.id, Aanbod(regel, product))
    return list(found.values())


def list_of_dossier(
    session: Session, dossier_id: UUID
) -> tuple[Sequence[Bericht], Sequence[Verzoek]]:
    """Return the messages about a dossier whose page is being read, newest first.

    With its verzoeken that wait for an answer.
    """
    berichten = session.scalars(
        select(Bericht)
        .where(Bericht.dossier_id == dossier_id)
        .order_by(Bericht.recorded_at.desc(), Bericht.id.desc())
        .limit(PER_PAGE)
    ).all()
    verzoeken = session.scalars(
        select(Verzoek)
        .where(Verzoek.dossier_id == dossier_id, Verzoek.status == "open")
        .order_by(Verzoek.volgnummer)
    ).all()
    return berichten, verzoeken
