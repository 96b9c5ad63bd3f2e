"""What an aanbieder sees: its inbox, and what is shared for a toewijzing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.voorziening import VoorzieningResultaat
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.producten.product import Product
from loket.errors import NotFound
from loket.providers.contract import Capaciteit, Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries import runs_on
from loket.providers.toewijzing import Deling, Toewijzing
from loket.termijnen import dag_van

MOST_SHOWN = 200
_Running = Row[UUID, Inwoner | None, str, int, str, str, date, date | None, str]


@dataclass(frozen=True)
class Gedeeld:
    """What a toewijzing opens to the aanbieder: the agreed part, no more."""

    client: Inwoner
    afspraken: Sequence[Resultaatafspraak]


def get_gedeeld(session: Session, toewijzing: Toewijzing) -> Gedeeld | None:
    """Return what is shared for a toewijzing; nothing when the sharing has ended.

    The database refuses these rows to an aanbieder without a Deling of today, so
    this looks, and believes what it finds.
    """
    deling = session.scalar(select(Deling).where(Deling.toewijzing_id == toewijzing.id))
    client = session.get(Inwoner, deling.inwoner_id) if deling else None
    if client is None:
        return None
    return Gedeeld(client, _list_afspraken(session, toewijzing))


def _list_afspraken(
    session: Session, toewijzing: Toewijzing
) -> Sequence[Resultaatafspraak]:
    return session.scalars(
        select(Resultaatafspraak)
        .join(
            VoorzieningResultaat,
            VoorzieningResultaat.resultaatafspraak_id == Resultaatafspraak.id,
        )
        .where(VoorzieningResultaat.voorziening_id == toewijzing.voorziening_id)
        .order_by(Resultaatafspraak.meetdatum)
    ).all()


@dataclass(frozen=True)
class VerzoekInBak:
    """An unanswered verzoek in the inbox of an aanbieder."""

    referentie: str
    gemeente: str
    product: str
    pc4: str
    spoed: bool
    gewenste_start: date
    dagen_wacht: int


@dataclass(frozen=True)
class ToewijzingInBak:
    """A running toewijzing in the inbox of an aanbieder, with its cliënt."""

    referentie: str
    nummer: int
    client: str | None
    """Nothing where the data are not shared (yet, or any more)."""
    gemeente: str
    product: str
    van: date
    tot: date | None
    status: str


def list_inbox(
    session: Session, by: Actor, at: datetime
) -> tuple[list[VerzoekInBak], list[ToewijzingInBak]]:
    """Return what waits for an aanbieder and what it delivers, over all gemeenten.

    A verzoek says nothing about who it is; whose names were shown is recorded once.
    """
    today = dag_van(at)
    verzoeken = _open_verzoeken(session, by)
    toewijzingen = _running(session, by, today)
    shown = [row.id for row in (*verzoeken, *toewijzingen)]
    shown += client_ids([row[1] for row in toewijzingen])
    record(session, by, Action.PLAATSINGSVERZOEK_READ, at=at, subjects=shown)
    return (
        [
            VerzoekInBak(
                row.referentie,
                row.gemeente,
                row.product,
                row.pc4 or "",
                row.spoed,
                row.gewenste_start,
                (today - dag_van(row.requested_at)).days,
            )
            for row in verzoeken
        ],
        [_in_bak(row) for row in toewijzingen],
    )


def _in_bak(row: _Running) -> ToewijzingInBak:
    _, client, referentie, nummer, gemeente, product, van, tot, status = row
    name = client.naam if client is not None else None
    return ToewijzingInBak(
        referentie, nummer, name, gemeente, product, van, tot, status
    )


def _open_verzoeken(
    session: Session, by: Actor
) -> Sequence[Row[UUID, str, str, str, str | None, bool, date, datetime]]:
    return session.execute(
        select(
            Plaatsingsverzoek.id,
            Plaatsingsverzoek.referentie,
            Gemeente.naam.label("gemeente"),
            product_name(Plaatsingsverzoek).label("product"),
            Plaatsingsverzoek.pc4,
            Plaatsingsverzoek.spoed,
            Plaatsingsverzoek.gewenste_start,
            Plaatsingsverzoek.requested_at,
        )
        .join(Gemeente, Gemeente.code == Plaatsingsverzoek.gemeente_code)
        .where(
            Plaatsingsverzoek.aanbieder_id == by.aanbieder_id,
            Plaatsingsverzoek.gemeente_code.in_(by.gemeenten),
            Plaatsingsverzoek.status == "open",
        )
        .order_by(Plaatsingsverzoek.spoed.desc(), Plaatsingsverzoek.id)
        .limit(MOST_SHOWN)
    ).all()


def _running(session: Session, by: Actor, today: date) -> Sequence[_Running]:
    return session.execute(
        select(
            Toewijzing.id,
            Inwoner,
            Toewijzing.referentie,
            Toewijzing.nummer,
            Gemeente.naam.label("gemeente"),
            product_name(Toewijzing).label("product"),
            Toewijzing.van,
            Toewijzing.tot,
            Toewijzing.status,
        )
        .outerjoin(Deling, Deling.toewijzing_id == Toewijzing.id)
        .outerjoin(Inwoner, Inwoner.id == Deling.inwoner_id)
        .join(Gemeente, Gemeente.code == Toewijzing.gemeente_code)
        .where(
            Toewijzing.aanbieder_id == by.aanbieder_id,
            Toewijzing.gemeente_code.in_(by.gemeenten),
            runs_on(today),
        )
        .order_by(Toewijzing.status.desc(), Toewijzing.van, Toewijzing.nummer)
        .limit(MOST_SHOWN)
    ).all()


def client_ids(clients: Iterable[Inwoner | None]) -> set[UUID]:
    """Return who a list names: the database gives nobody without a Deling of today."""
    return {client.id for client in clients if client is not None}


def product_name(
    of: type[Plaatsingsverzoek] | type[Toewijzing] | type[Contractregel],
) -> ColumnElement[str]:
    """Take the latest name of the product, as a scalar: one statement for the list."""
    latest = (
        select(Product.naam)
        .where(
            Product.gemeente_code == of.gemeente_code,
            Product.code == of.product_code,
        )
        .order_by(Product.van.desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )
    return func.coalesce(latest, of.product_code)


@dataclass(frozen=True)
class CapaciteitRegel:
    """One product of an aanbieder in one gemeente, with what it reported."""

    contractregel_id: UUID
    gemeente_code: str
    gemeente: str
    product_code: str
    product: str
    wachttijd_dagen: int | None
    talen: tuple[str, ...]
    stop_van: date | None
    stop_tot: date | None
    reported_at: datetime | None


def list_capaciteit(session: Session, by: Actor, today: date) -> list[CapaciteitRegel]:
    """Return the products an aanbieder has under contract today or later."""
    rows = session.execute(
        select(
            Contractregel.id,
            Contractregel.gemeente_code,
            Gemeente.naam.label("gemeente"),
            Contractregel.product_code,
            product_name(Contractregel).label("product"),
            Capaciteit.wachttijd_dagen,
            Capaciteit.talen,
            Capaciteit.stop_van,
            Capaciteit.stop_tot,
            Capaciteit.reported_at,
        )
        .join(Gemeente, Gemeente.code == Contractregel.gemeente_code)
        .outerjoin(
            Capaciteit,
            and_(
                Capaciteit.gemeente_code == Contractregel.gemeente_code,
                Capaciteit.aanbieder_id == Contractregel.aanbieder_id,
                Capaciteit.product_code == Contractregel.product_code,
            ),
        )
        .where(
            Contractregel.aanbieder_id == by.aanbieder_id,
            Contractregel.gemeente_code.in_(by.gemeenten),
            or_(Contractregel.tot.is_(None), Contractregel.tot >= today),
        )
        # the same product at a later tariff is not another product
        .ext(distinct_on(Gemeente.naam, Contractregel.product_code))
        .order_by(Gemeente.naam, Contractregel.product_code, Contractregel.van)
    )
    return [
        CapaciteitRegel(
            row.id,
            row.gemeente_code,
            row.gemeente,
            row.product_code,
            row.product,
            row.wachttijd_dagen,
            tuple(row.talen or ()),
            row.stop_van,
            row.stop_tot,
            row.reported_at,
        )
        for row in rows
    ]


def get_regel(
    session: Session, by: Actor, today: date, contractregel_id: UUID
) -> CapaciteitRegel:
    """Return one of those products."""
    for regel in list_capaciteit(session, by, today):
        if regel.contractregel_id == contractregel_id:
            return regel
    raise NotFound
