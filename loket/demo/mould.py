"""A mould: a played case as lines with holes, which a twin fills with its own."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy.orm import Mapper

from loket.db import Model
from loket.demo.blank import BLANK
from loket.demo.town import draw_address, draw_birthday, draw_name
from loket.demo.unit import UUID_SHAPE, Line, Unit, columns_of
from loket.vault.cell import key_version, strip, unseal
from loket.vault.layout import Layout, Sealed, Slot
from loket.vault.vault import Vault

NUMBERED = {"beschikking", "toewijzing"}
"""Tables whose rows have a number of the gemeente."""
NULL = "\\N"
_ESCAPED = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "%": "%%"}
)


def layouts() -> dict[str, Layout]:
    """Return how the cells of each table with sealed columns lie."""
    return {
        str(mapper.local_table): mapper.class_.__layout__
        for mapper in _mappers()
        if issubclass(mapper.class_, Sealed)
    }


def _mappers() -> Iterator[Mapper[object]]:
    yield from Model.registry.mappers


@dataclass(frozen=True)
class Cell:
    """One sealed value of a model, opened: a twin seals it under its own key."""

    layout: Layout
    slot: Slot
    tenant: str
    scope: str
    row: str
    packed: bytes | None

    @property
    def is_of_inwoner(self) -> bool:
        """Whether it says who somebody is: a twin is somebody else."""
        return self.layout.table == "inwoner"


@dataclass(frozen=True)
class Pattern:
    """One line: its text, and which of the twin's values go into the holes."""

    table: str
    text: str
    holes: tuple[int, ...]


class Mould:
    """A unit, opened once and cut into patterns.

    The values of a twin are, in this order: ids, references, numbers, cells.
    """

    def __init__(self, unit: Unit, vault: Vault) -> None:
        self.dossiers = unit.dossiers
        self.ids = unit.ids
        self.months = {
            int(str(line.value("ontvangen_op"))[5:7]) for line in unit.of("melding")
        }
        self.references: list[str] = sorted(
            {
                str(line.value("referentie"))
                for line in unit.lines
                if "referentie" in line.table.columns and line.value("referentie")
            }
        )
        self.numbers: list[tuple[str, str]] = []
        """Whose numbers, and of what: a case may be of two gemeenten."""
        self.cells: list[Cell] = []
        self._place = {one: at for at, one in enumerate(self.ids + self.references)}
        self._layouts = layouts()
        self._vault = vault
        numbered = [line for line in unit.lines if line.table.name in NUMBERED]
        self._cells_from = len(self._place) + sum(
            1 for line in numbered if line.value("nummer")
        )
        vault.load({UUID(each) for each in self.ids})
        self.patterns = [self._cut(line) for line in unit.lines]

    def _cut(self, line: Line) -> Pattern:
        texts: list[str] = []
        holes: list[int] = []
        for name, value in zip(columns_of(line.table), line.fields, strict=True):
            text, found = self._cut_field(line, name, value)
            texts.append(text)
            holes += found
        return Pattern(line.table.name, "\t".join(texts) + "\n", tuple(holes))

    def _cut_field(
        self, line: Line, name: str, value: str | None
    ) -> tuple[str, list[int]]:
        if value is None:
            return NULL, []
        layout = self._layouts.get(line.table.name)
        if layout and name in layout.slots:
            self.cells.append(self._open(line, layout, layout.slots[name], value))
            return "%s", [self._cells_from + len(self.cells) - 1]
        if name == "nummer" and line.table.name in NUMBERED:
            numbering = str(line.value("gemeente_code")), line.table.name
            self.numbers.append(numbering)
            return "%s", [len(self._place) + len(self.numbers) - 1]
        if name == "omvang" and line.table.name == "document":
            return str(len(BLANK)), []
        if name == "referentie":
            return "%s", [self._place[value]]
        return self._cut_text(value)

    def _cut_text(self, value: str) -> tuple[str, list[int]]:
        holes = [
            self._place[found]
            for found in UUID_SHAPE.findall(value)
            if found in self._place
        ]
        text = UUID_SHAPE.sub(
            lambda found: "\0" if found[0] in self._place else found[0], value
        )
        return text.translate(_ESCAPED).replace("\0", "%s"), holes

    def _open(self, line: Line, layout: Layout, slot: Slot, value: str) -> Cell:
        tenant = layout.fixed_tenant or str(line.value("gemeente_code"))
        scope, row = str(line.value(layout.scope)), str(line.value("id"))
        cell = bytes.fromhex(value.removeprefix("\\x"))
        key = self._vault.key(tenant, UUID(scope), key_version(cell))
        opened = unseal(key, layout.hashes[slot.name], UUID(scope), UUID(row), cell)
        packed = strip(opened)
        if layout.table == "document" and packed is not None:
            packed = BLANK
        return Cell(layout, slot, tenant, scope, row, packed)

    @property
    def people(self) -> list[str]:
        """Ids of the inwoners in it."""
        return list(
            dict.fromkeys(cell.row for cell in self.cells if cell.is_of_inwoner)
        )


Identity = dict[str, str]
NextBsn = Callable[[], str | None]


def draw_twin(
    chance: Random, mould: Mould, next_bsn: NextBsn
) -> dict[tuple[str, str], Identity]:
    """Say who the twins of the people in a mould are: (row, group) → values.

    They live in the same area and are as old, so that what was derived from that
    (area, class of age) holds for them too; who shared a house, still does.
    """
    houses: dict[tuple[str, str], tuple[str, str, str]] = {}
    found: dict[tuple[str, str], Identity] = {}
    for cell in mould.cells:
        if not cell.is_of_inwoner:
            continue
        held: Identity = json.loads(cell.packed or b"{}")
        if cell.slot.name == "identiteit":
            _be_somebody_else(chance, held, houses, next_bsn, mould.months)
        elif held.get("telefoon"):
            held["telefoon"] = f"06 0{chance.randint(1_000_000, 9_999_999)}"
        found[cell.row, cell.slot.name] = held
    return found


def _be_somebody_else(
    chance: Random,
    held: Identity,
    houses: dict[tuple[str, str], tuple[str, str, str]],
    next_bsn: NextBsn,
    months: Collection[int],
) -> None:
    if held.get("bsn"):
        number = next_bsn()
        held.pop("bsn") if number is None else held.update(bsn=number)
    achternaam, voorvoegsel, voorletters = draw_name(chance)
    held["achternaam"], held["voorletters"] = achternaam, voorletters
    held.pop("voorvoegsel", None)
    if voorvoegsel:
        held["voorvoegsel"] = voorvoegsel
    house = held["postcode"], held["huisnummer"]
    if house not in houses:
        houses[house] = draw_address(chance, held["postcode"][:4])
    held["straat"], held["huisnummer"], held["postcode"] = houses[house]
    held["geboortedatum"] = draw_birthday(chance, held["geboortedatum"], months)
