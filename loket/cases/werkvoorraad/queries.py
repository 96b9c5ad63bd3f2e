"""The worklist: one page of lines, in order, with names opened for the page only.

Every statement is one walk over an index that ends in the order of the page
(`Werkvoorraad`): whoever sees the work of a few only, gets one such walk per person,
of which the best lines are taken together. So nothing is counted or sorted that is
not shown, and a narrow view costs no more than a wide one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from loket import termijnen
from loket.accounts.queries_team import members_of, replaced_by
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import SYSTEM_ID, Actor, Permission
from loket.cases.dossier import dossier as nouns
from loket.cases.dossier.dossier import DossierToegang, Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import sees_all
from loket.cases.werkvoorraad.werkvraag import Filter, Kolom, Sorteer, Wiens
from loket.errors import NotFound

MOST_COUNTED = 1000
"""Further than this nobody counts: the page says that there are more."""
MOST_EXPORTED = 2000
"""So many lines fit in one file; the page and the file say so."""
NOBODY = UUID(nouns.NOBODY)
# written out, so that PostgreSQL sees at once which partial index fits
_OPEN: ColumnElement[bool] = Werkvoorraad.fase != literal_column("'gesloten'")
_CLOSED: ColumnElement[bool] = Werkvoorraad.fase == literal_column("'gesloten'")


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
    pc4: str | None
    ontvangen_op: date
    leeftijd: int
    """Days since receipt."""
    termijn_soort: str | None
    uiterste_datum: date | None
    dagen: int | None
    vervangt: bool
    """Whether it is work of somebody whom the reader replaces."""

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen is not None and self.dagen < 0


@dataclass(frozen=True)
class Werkpagina:
    """One page of lines and where the pages around it begin."""

    regels: list[Regel]
    aantal: int
    """How many there are, or one more than is counted."""
    vorige: str | None
    volgende: str | None

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.aantal > MOST_COUNTED


@dataclass(frozen=True)
class _Vraag:
    """A question put in SQL: what holds for every line, and whose lines."""

    conditions: list[ColumnElement[bool]]
    handlers: list[UUID] | None
    """Whose work; None is everybody's, an empty list nobody's."""
    replaced: Collection[UUID]
    today: date


def list_werkvoorraad(
    session: Session, by: Actor, at: datetime, wanted: Filter | None = None
) -> Werkpagina:
    """Return one page of the worklist; whose names were shown is recorded once."""
    asked = wanted or Filter()
    vraag = _vraag(session, by, at, asked)
    aantal = _count(session, vraag)
    lines, vorige, volgende = _page(session, vraag, asked)
    regels, shown = _regels(session, lines, vraag, asked)
    record(session, by, Action.WERKVOORRAAD_READ, at=at, subjects=shown)
    return Werkpagina(regels, aantal, vorige, volgende)


def export_werkvoorraad(
    session: Session, by: Actor, at: datetime, wanted: Filter
) -> tuple[list[Regel], bool]:
    """Return the lines for a file and whether some did not fit; it is recorded.

    Names are opened only when the column is asked for, by who may read dossiers.
    """
    vraag = _vraag(session, by, at, wanted)
    order = _order(wanted.sorteer.by_receipt, wanted.sorteer.is_reversed)
    walk = _walk(vraag, order, MOST_EXPORTED + 1)
    lines = list(session.scalars(walk)) if walk is not None else []
    regels, shown = _regels(session, lines[:MOST_EXPORTED], vraag, wanted)
    record(
        session,
        by,
        Action.WERKVOORRAAD_EXPORTED,
        at=at,
        subjects=shown,
        grond=f"{len(regels)} regels",
    )
    return regels, len(lines) > MOST_EXPORTED


def may_see_names(by: Actor) -> bool:
    """Whether names belong in what this actor takes away."""
    return by.may(Permission.DOSSIER_READ)


def visible_lines(by: Actor) -> list[ColumnElement[bool]]:
    """Say in SQL which lines this actor may see: own gemeente, named if shielded."""
    own = Werkvoorraad.gemeente_code == by.gemeente_code
    if by.id == SYSTEM_ID:
        return [own]
    named = exists().where(
        DossierToegang.dossier_id == Werkvoorraad.dossier_id,
        DossierToegang.user_id == by.id,
    )
    return [own, Werkvoorraad.afgeschermd.is_(False) | named]


def open_lines() -> ColumnElement[bool]:
    """Say in SQL that a line is still work."""
    return _OPEN


def _vraag(session: Session, by: Actor, at: datetime, asked: Filter) -> _Vraag:
    today = termijnen.dag_van(at)
    replaced = set(replaced_by(session, by, today))
    return _Vraag(
        conditions=[*visible_lines(by), *_conditions(asked, today)],
        handlers=_handlers(session, by, asked, today, replaced),
        replaced=replaced,
        today=today,
    )


def _handlers(
    session: Session, by: Actor, asked: Filter, today: date, replaced: set[UUID]
) -> list[UUID] | None:
    """Say whose lines are asked for, as far as this actor sees them."""
    wanted: set[UUID] | None = None
    if asked.team_id:
        wanted = set(members_of(session, by, asked.team_id, today))
    whose = {Wiens.MIJ: {by.id}, Wiens.NIEMAND: {NOBODY}, Wiens.VERVANGING: replaced}
    for narrower in (
        whose.get(asked.wiens),
        {asked.consulent_id} if asked.consulent_id else None,
        None if sees_all(by) else _own(by, asked, replaced),
    ):
        if narrower is not None:
            wanted = narrower if wanted is None else wanted & narrower
    return None if wanted is None else sorted(wanted)


def _own(by: Actor, asked: Filter, replaced: set[UUID]) -> set[UUID]:
    """A consulent sees the own work, what (s)he replaces, and what nobody has yet."""
    own = {by.id, *replaced}
    return own if asked.fase is Fase.GESLOTEN else own | {NOBODY}


def _conditions(asked: Filter, today: date) -> list[ColumnElement[bool]]:
    return [*_state(asked), *_days(asked, today), *_area(asked)]


def _state(asked: Filter) -> list[ColumnElement[bool]]:
    if asked.fase is Fase.GESLOTEN:
        conditions = [_CLOSED]
    else:
        fase = [Werkvoorraad.fase == asked.fase] if asked.fase else []
        conditions = [_OPEN, *fase]
    if asked.domein:
        conditions.append(Werkvoorraad.domeinen.contains([asked.domein.value]))
    if asked.spoed:
        conditions.append(Werkvoorraad.spoed.expression)
    return conditions


def _days(asked: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.te_laat:
        conditions.append(Werkvoorraad.termijn_op < today)
    if asked.resterend:
        conditions += _between(Werkvoorraad.termijn_op, *asked.resterend.period(today))
    if asked.leeftijd:
        conditions += _between(Werkvoorraad.ontvangen_op, *asked.leeftijd.period(today))
    return conditions


def _area(asked: Filter) -> list[ColumnElement[bool]]:
    if not asked.pc4:
        return []
    first, last = asked.pc4.ljust(4, "0"), asked.pc4.ljust(4, "9")
    return _between(Werkvoorraad.pc4, first, last)


def _between(
    column: InstrumentedAttribute[Any], first: object, last: object
) -> list[ColumnElement[bool]]:
    if first == last:
        return [column == first]
    return [column >= first, column <= last]


def _order(by_receipt: bool, descending: bool) -> list[str]:
    key = "ontvangen_op" if by_receipt else "termijn_op"
    return [f"-{key}", "-referentie"] if descending else [key, "referentie"]


def _sorted(of: Any, order: list[str]) -> list[ColumnElement[Any]]:
    return [
        getattr(of, name[1:]).desc() if name.startswith("-") else getattr(of, name)
        for name in order
    ]


def _walk(
    vraag: _Vraag,
    order: list[str],
    most: int,
    *beyond: ColumnElement[bool],
) -> Select[Werkvoorraad] | None:
    """Walk one index in order, or one per person, and take the first lines of all."""
    lines = select(Werkvoorraad).where(*vraag.conditions, *beyond)
    lines = lines.order_by(*_sorted(Werkvoorraad, order)).limit(most)
    if vraag.handlers is None:
        return lines
    if len(vraag.handlers) < 2:
        own = [Werkvoorraad.behandelaar_id == each for each in vraag.handlers]
        return lines.where(*own) if own else None
    people = (
        func.unnest(literal(vraag.handlers, ARRAY(Uuid)))
        .table_valued("id")
        .render_derived(name="persoon")
    )
    theirs = lines.where(Werkvoorraad.behandelaar_id == people.c.id).lateral()
    line = aliased(Werkvoorraad, theirs)
    together = select(line).select_from(people.join(theirs, true()))
    return together.order_by(*_sorted(line, order)).limit(most)


def _count(session: Session, vraag: _Vraag) -> int:
    """Count no further than anybody wants to read."""
    walk = _walk(vraag, [], MOST_COUNTED + 1)
    if walk is None:
        return 0
    return session.scalar(select(func.count()).select_from(walk.subquery())) or 0


def _page(
    session: Session, vraag: _Vraag, asked: Filter
) -> tuple[list[Werkvoorraad], str | None, str | None]:
    """Take one page after or before a line; one line more tells whether it goes on."""
    backwards = asked.voor is not None and asked.na is None
    cursor = _read_cursor(asked.voor if backwards else asked.na)
    descending = asked.sorteer.is_reversed is not backwards
    order = _order(asked.sorteer.by_receipt, descending)
    beyond = [] if cursor is None else [_beyond(asked, cursor, descending)]
    walk = _walk(vraag, order, asked.per + 1, *beyond)
    found = list(session.scalars(walk)) if walk is not None else []
    more = len(found) > asked.per
    lines = found[: asked.per]
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


def _beyond(
    asked: Filter, cursor: tuple[date, str], descending: bool
) -> ColumnElement[bool]:
    by_receipt = asked.sorteer.by_receipt
    key = Werkvoorraad.ontvangen_op if by_receipt else Werkvoorraad.termijn_op
    here = tuple_(key, Werkvoorraad.referentie)
    return here < cursor if descending else here > cursor


def _cursor(line: Werkvoorraad, sorteer: Sorteer) -> str:
    day = line.ontvangen_op if sorteer.by_receipt else line.termijn_op
    return f"{day.isoformat()}_{line.referentie}"


def _read_cursor(text: str | None) -> tuple[date, str] | None:
    if not text:
        return None
    day, _, referentie = text.partition("_")
    try:
        return date.fromisoformat(day), referentie
    except ValueError:
        raise NotFound from None


def _regels(
    session: Session, lines: Sequence[Werkvoorraad], vraag: _Vraag, asked: Filter
) -> tuple[list[Regel], list[UUID]]:
    """Make the lines readable; return also whose names were opened for that."""
    clients: dict[UUID, Inwoner] = {}
    if Kolom.CLIENT in asked.kolommen:
        ids = {line.client_id for line in lines}
        found = session.scalars(select(Inwoner).where(Inwoner.id.in_(ids)))
        clients = {each.id: each for each in found}
    regels = [_regel(line, clients.get(line.client_id), vraag) for line in lines]
    return regels, sorted({line.client_id for line in lines})


def _regel(line: Werkvoorraad, client: Inwoner | None, vraag: _Vraag) -> Regel:
    last = line.uiterste_datum
    return Regel(
        referentie=line.referentie,
        naam=client.naam if client else "",
        consulent_id=line.consulent_id,
        fase=line.fase,
        domeinen=line.domeinen,
        spoed=line.spoed,
        afgeschermd=line.afgeschermd,
        pc4=line.pc4,
        ontvangen_op=line.ontvangen_op,
        leeftijd=(vraag.today - line.ontvangen_op).days,
        termijn_soort=line.termijn_soort,
        uiterste_datum=last,
        dagen=(last - vraag.today).days if last else None,
        vervangt=line.consulent_id in vraag.replaced,
    )
