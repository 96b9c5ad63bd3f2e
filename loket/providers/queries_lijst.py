"""The lists of an aanbieder over all its gemeenten: what is asked, what it delivers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente, Instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.woorden import hoeveel
from loket.cases.dossier.inwoner import Inwoner
from loket.errors import NotFound
from loket.providers.contract import Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries import runs_on
from loket.providers.queries_aanbieder import client_ids, product_name
from loket.providers.queries_overleg import count_unread
from loket.providers.toewijzing import Deling, Toewijzing
from loket.termijnen import dag_van, werkdagen_later

PER_PAGE = 25
MOST_COUNTED = 500
"""Above this the list says "more than": counting on would cost more than it tells."""
FAR = date(9999, 12, 31)
SIGNAAL_DAGEN = 56
"""Days before its end that a toewijzing asks attention, where nothing was set."""
T = TypeVar("T")
Columns = TypeVarTuple("Columns")


class Stand(StrEnum):
    """Which verzoeken are shown."""

    OPEN = "open"
    AANVAARD = "aanvaard"
    GEWEIGERD = "geweigerd"
    INGETROKKEN = "ingetrokken"


class Loop(StrEnum):
    """Which toewijzingen are shown."""

    LOPEND = "lopend"
    START = "start"
    EINDE = "einde"
    VOORBIJ = "voorbij"


@dataclass(frozen=True)
class Zoekvraag:
    """Which part of a list is asked for; `na` is the reference it goes on after."""

    gemeente: str = ""
    product: str = ""
    stand: Stand = Stand.OPEN
    loop: Loop = Loop.LOPEND
    na: str = ""


@dataclass(frozen=True)
class VerzoekRegel:
    """One verzoek as a coordinator reads it; nothing says who it is about."""

    id: UUID
    referentie: str
    gemeente: str
    product: str
    omvang: str
    pc4: str
    spoed: bool
    gewenste_start: date
    wacht_dagen: int
    antwoord_voor: date | None
    resterend: int | None
    status: str
    ongelezen: int

    @property
    def te_laat(self) -> bool:
        """Whether the day to answer has passed."""
        return self.resterend is not None and self.resterend < 0


@dataclass(frozen=True)
class ToewijzingRegel:
    """One toewijzing, with the cliënt as long as its data are shared."""

    id: UUID
    referentie: str
    nummer: int
    client: str | None
    gemeente: str
    product: str
    omvang: str
    van: date
    tot: date | None
    status: str
    eindigt: bool
    """Ends so soon that it is time to ask whether help is needed after it."""
    resterend: int | None
    ongelezen: int


@dataclass(frozen=True)
class Pagina(Generic[T]):
    """One page, how many there are (never counted past a bound), what comes next."""

    regels: list[T]
    aantal: int
    volgende: str | None


def list_verzoeken(
    session: Session, by: Actor, at: datetime, asked: Zoekvraag
) -> Pagina[VerzoekRegel]:
    """Return verzoeken: open ones the most urgent first, others the newest first."""
    today = dag_van(at)
    within = (
        select(
            Plaatsingsverzoek,
            Gemeente.naam,
            product_name(Plaatsingsverzoek).label("product"),
            _setting(Plaatsingsverzoek, "verzoek_antwoord_werkdagen", today),
        )
        .join(Gemeente, Gemeente.code == Plaatsingsverzoek.gemeente_code)
        .where(
            *_own(Plaatsingsverzoek, by, asked),
            Plaatsingsverzoek.status == asked.stand.value,
        )
    )
    aantal = _count(session, within)
    rows = session.execute(_after_verzoek(session, by, within, asked)).all()
    shown = rows[:PER_PAGE]
    ids = [each.id for each, *_ in shown]
    unread = count_unread(session, by, ids)
    record(session, by, Action.PLAATSINGSVERZOEK_READ, at=at, subjects=ids)
    regels = [
        _verzoek(each, gemeente, product, werkdagen, today, unread)
        for each, gemeente, product, werkdagen in shown
    ]
    return Pagina(regels, aantal, _next(rows, regels))


def _after_verzoek(
    session: Session,
    by: Actor,
    within: Select[*Columns],
    asked: Zoekvraag,
) -> Select[*Columns]:
    first = asked.stand is Stand.OPEN
    last = _cursor(session, by, Plaatsingsverzoek, asked.na)
    if last is not None and first:
        later = and_(
            Plaatsingsverzoek.spoed.is_(last.spoed), Plaatsingsverzoek.id > last.id
        )
        calm = Plaatsingsverzoek.spoed.is_(False)
        within = within.where(or_(later, calm) if last.spoed else later)
    if last is not None and not first:
        within = within.where(Plaatsingsverzoek.id < last.id)
    # ids are ordered in time
    order = (
        (Plaatsingsverzoek.spoed.desc(), Plaatsingsverzoek.id)
        if first
        else (Plaatsingsverzoek.id.desc(),)
    )
    return within.order_by(*order).limit(PER_PAGE + 1)


def _verzoek(
    each: Plaatsingsverzoek,
    gemeente: str,
    product: str,
    werkdagen: int | None,
    today: date,
    unread: dict[UUID, int],
) -> VerzoekRegel:
    asked_on = dag_van(each.requested_at)
    until = werkdagen_later(asked_on, werkdagen) if werkdagen is not None else None
    is_open = each.status == Stand.OPEN.value
    return VerzoekRegel(
        each.id,
        each.referentie,
        gemeente,
        product,
        hoeveel(each.volume, each.eenheid, each.frequentie),
        each.pc4 or "",
        each.spoed,
        each.gewenste_start,
        (today - asked_on).days,
        until,
        (until - today).days if until and is_open else None,
        each.status,
        unread.get(each.id, 0),
    )


def list_toewijzingen(
    session: Session, by: Actor, at: datetime, asked: Zoekvraag
) -> Pagina[ToewijzingRegel]:
    """Return toewijzingen, the one that ends first on top; the look is recorded."""
    today = dag_van(at)
    ends_soon = _ends_soon(today)
    within = (
        select(
            Toewijzing,
            Gemeente.naam,
            product_name(Toewijzing).label("product"),
            ends_soon.label("eindigt"),
            Inwoner,
        )
        .outerjoin(Deling, Deling.toewijzing_id == Toewijzing.id)
        .outerjoin(Inwoner, Inwoner.id == Deling.inwoner_id)
        .join(Gemeente, Gemeente.code == Toewijzing.gemeente_code)
        .where(*_own(Toewijzing, by, asked), _state(asked.loop, today, ends_soon))
    )
    aantal = _count(session, within)
    key = _last_day()
    last = _cursor(session, by, Toewijzing, asked.na)
    if last is not None:
        here = (last.laatste_dag or FAR, last.id)
        within = within.where(tuple_(key, Toewijzing.id) > here)
    ordered = within.order_by(key, Toewijzing.id).limit(PER_PAGE + 1)
    rows = session.execute(ordered).all()
    shown = rows[:PER_PAGE]
    ids = [each.id for each, *_ in shown]
    unread = count_unread(session, by, ids)
    clients = client_ids([client for *_, client in shown])
    record(session, by, Action.TOEWIJZING_READ, at=at, subjects=[*ids, *clients])
    regels = [
        _toewijzing(each, client, gemeente, product, eindigt, today, unread)
        for each, gemeente, product, eindigt, client in shown
    ]
    return Pagina(regels, aantal, _next(rows, regels))


def _state(
    loop: Loop, today: date, ends_soon: ColumnElement[bool]
) -> ColumnElement[bool]:
    states = {
        Loop.LOPEND: runs_on(today),
        Loop.START: and_(runs_on(today), Toewijzing.status == "wacht"),
        Loop.EINDE: ends_soon,
        Loop.VOORBIJ: ~runs_on(today),
    }
    return states[loop]


def _last_day() -> ColumnElement[date]:
    # LEAST passes over what is empty
    return func.coalesce(func.least(Toewijzing.tot, Toewijzing.geeindigd_op), FAR)


def _ends_soon(today: date) -> ColumnElement[bool]:
    days = func.coalesce(
        _setting(Toewijzing, "signaal_indicatie_dagen", today), SIGNAAL_DAGEN
    )
    return and_(
        runs_on(today),
        Toewijzing.ended_at.is_(None),
        Toewijzing.stopped_at.is_(None),
        func.coalesce(Toewijzing.tot, FAR) <= literal(today, Date) + days,
    )


def ends_soon(session: Session, by: Actor, today: date, toewijzing: Toewijzing) -> bool:
    """Whether it is time to ask if help is needed after this toewijzing."""
    found = session.scalar(
        select(_ends_soon(today)).where(
            Toewijzing.id == toewijzing.id, *_own(Toewijzing, by, Zoekvraag())
        )
    )
    return bool(found)


def _toewijzing(
    each: Toewijzing,
    client: Inwoner | None,
    gemeente: str,
    product: str,
    eindigt: bool,
    today: date,
    unread: dict[UUID, int],
) -> ToewijzingRegel:
    last = each.laatste_dag
    return ToewijzingRegel(
        each.id,
        each.referentie,
        each.nummer,
        client.naam if client is not None else None,
        gemeente,
        product,
        hoeveel(each.volume, each.eenheid, each.frequentie),
        each.van,
        last,
        each.status,
        eindigt,
        (last - today).days if eindigt and last else None,
        unread.get(each.id, 0),
    )


def list_keuzes(
    session: Session, by: Actor
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the gemeenten and products of the contracts, to filter by."""
    rows = session.execute(
        select(
            Contractregel.gemeente_code,
            Gemeente.naam,
            Contractregel.product_code,
            product_name(Contractregel).label("product"),
        )
        .join(Gemeente, Gemeente.code == Contractregel.gemeente_code)
        .where(
            Contractregel.aanbieder_id == by.aanbieder_id,
            Contractregel.gemeente_code.in_(by.gemeenten),
        )
        .distinct()
    ).all()
    gemeenten = {row.gemeente_code: row.naam for row in rows}
    products = {row.product_code: row.product for row in rows}
    return _by_name(gemeenten), _by_name(products)


def _by_name(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda each: each[1])


def _own(
    of: type[Plaatsingsverzoek] | type[Toewijzing], by: Actor, asked: Zoekvraag
) -> list[ColumnElement[bool]]:
    conditions = [
        of.aanbieder_id == by.aanbieder_id,
        of.gemeente_code.in_(by.gemeenten),
    ]
    if asked.gemeente:
        conditions.append(of.gemeente_code == asked.gemeente)
    if asked.product:
        conditions.append(of.product_code == asked.product)
    return conditions


def _setting(
    of: type[Plaatsingsverzoek] | type[Toewijzing], sleutel: str, day: date
) -> ColumnElement[int]:
    """Take a number that each gemeente sets, as a scalar: one statement for all."""
    return (
        select(cast(Instelling.waarde, Integer))
        .where(
            Instelling.gemeente_code == of.gemeente_code,
            Instelling.sleutel == sleutel,
            Instelling.van <= day,
            Instelling.tot.is_(None) | (Instelling.tot >= day),
        )
        .correlate(of)
        .scalar_subquery()
    )


def _count(session: Session, within: Select[*Columns]) -> int:
    some = within.with_only_columns(literal(1)).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _cursor(session: Session, by: Actor, of: type[T], referentie: str) -> T | None:
    """Return the own row after which the page begins."""
    if not referentie:
        return None
    table: Any = of
    last = session.scalar(
        select(of).where(table.referentie == referentie, *_own(table, by, Zoekvraag()))
    )
    if last is None:
        raise NotFound
    return last


def _next(rows: Sequence[Any], regels: Sequence[Any]) -> str | None:
    return regels[-1].referentie if len(rows) > PER_PAGE else None
