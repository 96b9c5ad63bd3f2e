"""The worklist: one page of lines, in order, with names opened for the page only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from loket import termijnen
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission, Role
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.product import Domein
from loket.cases.dossier.queries import visible
from loket.errors import NotFound

PER_PAGE = 25
NO_TERM = date(9999, 12, 31)
"""Lines without a clock come last."""
_SEES_ALL = {Role.ADMINISTRATIE, Role.KWALITEITSMEDEWERKER, Role.FRONTOFFICE}


class Wiens(StrEnum):
    """Whose work is shown."""

    ALLE = "alle"
    MIJ = "mij"
    NIEMAND = "niemand"


class Sorteer(StrEnum):
    """In what order; a minus turns it around."""

    TERMIJN = "termijn"
    TERMIJN_OM = "-termijn"
    ONTVANGEN = "ontvangen"
    ONTVANGEN_OM = "-ontvangen"

    @property
    def is_reversed(self) -> bool:
        """Whether the last comes first."""
        return self.value.startswith("-")


@dataclass(frozen=True)
class Filter:
    """What part of the worklist is asked for."""

    fase: Fase | None = None
    wiens: Wiens = Wiens.ALLE
    consulent_id: UUID | None = None
    domein: Domein | None = None
    te_laat: bool = False
    spoed: bool = False
    sorteer: Sorteer = Sorteer.TERMIJN
    na: str | None = None
    voor: str | None = None


@dataclass(frozen=True)
class Regel:
    """One line as it is shown."""

    referentie: str
    naam: str
    consulent_id: UUID | None
    fase: Fase
    domeinen: Sequence[str]
    spoed: bool
    afgeschermd: bool
    ontvangen_op: date
    termijn_soort: str | None
    uiterste_datum: date | None
    dagen: int | None

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen is not None and self.dagen < 0


@dataclass(frozen=True)
class Werkpagina:
    """One page of lines and where the pages around it begin."""

    regels: list[Regel]
    aantal: int
    vorige: str | None
    volgende: str | None


def list_werkvoorraad(
    session: Session, by: Actor, at: datetime, wanted: Filter | None = None
) -> Werkpagina:
    """Return one page of the worklist; whose names were shown is recorded once."""
    asked = wanted or Filter()
    today = termijnen.dag_van(at)
    within = select(Werkvoorraad).join(Dossier, Dossier.id == Werkvoorraad.dossier_id)
    within = within.where(visible(by), *_own(by), *_conditions(by, asked, today))
    aantal = session.scalar(select(func.count()).select_from(within.subquery())) or 0
    lines, vorige, volgende = _page(session, within, asked)
    clients = {
        each.id: each
        for each in session.scalars(
            select(Inwoner).where(Inwoner.id.in_([line.client_id for line in lines]))
        )
    }
    record(session, by, Action.WERKVOORRAAD_READ, at=at, subjects=clients)
    regels = [_regel(line, clients[line.client_id].naam, today) for line in lines]
    return Werkpagina(regels, aantal, vorige, volgende)


def _own(by: Actor) -> list[ColumnElement[bool]]:
    """A consulent sees the own work and what nobody has yet."""
    if by.may(Permission.DOSSIER_ASSIGN) or by.rollen & _SEES_ALL:
        return []
    return [Werkvoorraad.consulent_id.is_(None) | (Werkvoorraad.consulent_id == by.id)]


def _conditions(by: Actor, asked: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Werkvoorraad.gemeente_code.in_(by.gemeenten),
        Werkvoorraad.fase == asked.fase
        if asked.fase
        else Werkvoorraad.fase != Fase.GESLOTEN,
    ]
    if asked.wiens is Wiens.MIJ:
        conditions.append(Werkvoorraad.consulent_id == by.id)
    if asked.wiens is Wiens.NIEMAND:
        conditions.append(Werkvoorraad.consulent_id.is_(None))
    if asked.consulent_id:
        conditions.append(Werkvoorraad.consulent_id == asked.consulent_id)
    if asked.domein:
        conditions.append(Werkvoorraad.domeinen.contains([asked.domein.value]))
    if asked.te_laat:
        conditions.append(Werkvoorraad.uiterste_datum < today)
    if asked.spoed:
        conditions.append(Werkvoorraad.spoed.is_(True))
    return conditions


def _page(
    session: Session, within: Select[Werkvoorraad], asked: Filter
) -> tuple[list[Werkvoorraad], str | None, str | None]:
    """Take one page after or before a line; one line more tells whether it goes on."""
    key = _key(asked.sorteer)
    backwards = asked.voor is not None and asked.na is None
    cursor = _read_cursor(asked.voor if backwards else asked.na)
    descending = asked.sorteer.is_reversed is not backwards
    if cursor:
        here = tuple_(key, Werkvoorraad.referentie)
        within = within.where(here < cursor if descending else here > cursor)
    order = (key, Werkvoorraad.referentie)
    within = within.order_by(*(each.desc() if descending else each for each in order))
    found = list(session.scalars(within.limit(PER_PAGE + 1)))
    more = len(found) > PER_PAGE
    lines = found[:PER_PAGE]
    if backwards:
        lines.reverse()
    if not lines:
        return [], None, None
    newer = more if backwards else cursor is not None
    older = True if backwards else more
    return (
        lines,
        _cursor(lines[0], asked.sorteer) if newer else None,
        _cursor(lines[-1], asked.sorteer) if older else None,
    )


def _key(sorteer: Sorteer) -> ColumnElement[Any]:
    if sorteer in {Sorteer.ONTVANGEN, Sorteer.ONTVANGEN_OM}:
        return Werkvoorraad.ontvangen_op.expression
    return func.coalesce(Werkvoorraad.uiterste_datum, NO_TERM)


def _cursor(line: Werkvoorraad, sorteer: Sorteer) -> str:
    by_receipt = sorteer in {Sorteer.ONTVANGEN, Sorteer.ONTVANGEN_OM}
    day = line.ontvangen_op if by_receipt else line.uiterste_datum or NO_TERM
    return f"{day.isoformat()}_{line.referentie}"


def _read_cursor(text: str | None) -> tuple[date, str] | None:
    if not text:
        return None
    day, _, referentie = text.partition("_")
    try:
        return date.fromisoformat(day), referentie
    except ValueError:
        raise NotFound from None


def _regel(line: Werkvoorraad, naam: str, today: date) -> Regel:
    last = line.uiterste_datum
    return Regel(
        referentie=line.referentie,
        naam=naam,
        consulent_id=line.consulent_id,
        fase=line.fase,
        domeinen=line.domeinen,
        spoed=line.spoed,
        afgeschermd=line.afgeschermd,
        ontvangen_op=line.ontvangen_op,
        termijn_soort=line.termijn_soort,
        uiterste_datum=last,
        dagen=(last - today).days if last else None,
    )
