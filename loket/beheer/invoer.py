"""What a table of somebody would change: worked out before anything is done."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from loket.datum import kort
from loket.errors import RuleViolation
from loket.geldigheid import holds_on, make_room

COLUMN_OF = {"van": "vanaf", "tot": "tot_en_met"}
"""Field of a rule about periods → column of the table."""


class Gevolg(StrEnum):
    """What one row does."""

    NIEUW = "nieuw"
    WIJZIGT = "wijzigt"
    EINDIGT = "eindigt"
    GELIJK = "gelijk"


@dataclass
class Staat:
    """A period with what holds in it: from the database, or from the table."""

    van: date
    tot: date | None
    waarden: dict[str, Any]
    bron: Any = None
    """The row in the database; None: it is to be made."""
    heel: bool = True
    """Whether all of it is known; not so of a row in which something is wrong."""


@dataclass(frozen=True)
class Fout:
    """What is wrong in one cell."""

    nummer: int
    kolom: str
    tekst: str


@dataclass(frozen=True)
class Gelezen:
    """What could be read of one row, by column; `fouten` says what could not."""

    nummer: int
    waarden: dict[str, Any]
    fouten: tuple[Fout, ...] = ()

    def refuse_period(self) -> Iterator[Fout]:
        """Say it when the last day lies before the first."""
        van, tot = self.waarden.get("vanaf"), self.waarden.get("tot_en_met")
        if van and tot and tot < van:
            tekst = "De laatste dag ligt voor de eerste dag."
            yield Fout(self.nummer, "tot_en_met", tekst)

    def knows(self, *kolommen: str) -> bool:
        """Whether these cells and a period could be read."""
        needed = {*kolommen, "vanaf", "tot_en_met"}
        return self.waarden.keys() >= needed and not any(self.refuse_period())

    def pick(self, velden: Mapping[str, str]) -> dict[str, Any]:
        """Return what was read under the names of the database."""
        known = self.waarden
        return {name: known[kol] for kol, name in velden.items() if kol in known}


@dataclass(frozen=True)
class Wens:
    """What one row asks: what should hold, for which thing, from which day."""

    nummer: int
    sleutel: Hashable
    naam: str
    waarden: dict[str, Any]
    van: date
    tot: date | None
    heel: bool
    """Whether nothing is wrong in the row yet; else it is only checked further."""


@dataclass(frozen=True)
class Uitkomst:
    """What one row would do, in words."""

    nummer: int
    naam: str
    gevolg: Gevolg
    was: str
    wordt: str
    van: date
    sleutel: Any = None


Words = Callable[[Mapping[str, Any]], str]


@dataclass
class Plan:
    """What all rows together would do to what stands there now.

    `stand` names what stands there: another name means that somebody changed it.
    """

    staten: dict[Hashable, list[Staat]]
    words: Words
    today: date
    uitkomsten: list[Uitkomst] = field(default_factory=list)
    fouten: list[Fout] = field(default_factory=list)
    voorbij: list[date] = field(default_factory=list)
    """Days in the past from which something that is there would change."""
    stand: str = ""

    def __post_init__(self) -> None:
        """Remember what stands there before anything is worked out."""
        seen = sorted(
            (str(staat.bron.id), str(staat.van), str(staat.tot), str(staat.waarden))
            for own in self.staten.values()
            for staat in own
        )
        self.stand = sha256(repr(seen).encode()).hexdigest()[:32]

    def count(self, gevolg: str) -> int:
        """Return how many rows do this."""
        return sum(each.gevolg == gevolg for each in self.uitkomsten)

    @property
    def changes(self) -> int:
        """How many rows change anything."""
        return len(self.uitkomsten) - self.count(Gevolg.GELIJK)

    def take(self, wensen: Sequence[Wens]) -> None:
        """Work out every row, in the order of the days.

        A row with a fault takes its place too: so all that is wrong with it, and
        with the rows around it, is told at once.
        """
        for wens in sorted(wensen, key=lambda each: (each.van, each.nummer)):
            try:
                self.uitkomsten += self._place(wens)
            except RuleViolation as error:
                column = COLUMN_OF.get(error.field or "", "vanaf")
                self.fouten.append(Fout(wens.nummer, column, error.message))
        self.uitkomsten.sort(key=lambda each: each.nummer)

    def _place(self, wens: Wens) -> Iterator[Uitkomst]:
        own = self.staten.setdefault(wens.sleutel, [])
        held = next((each for each in own if holds_on(each, wens.van)), None)
        if held is not None and _may_be_same(held.waarden, wens.waarden):
            if wens.heel and held.heel:
                yield self._keep(wens, own, held)
            return  # until the fault is gone nobody can say whether it changes
        was = self.words(held.waarden) if held and held.heel else ""
        last = make_room(own, wens.van, wens.tot)
        own.append(Staat(wens.van, last, wens.waarden, heel=wens.heel))
        if not wens.heel:
            return
        if held is not None and wens.van < self.today:
            self.voorbij.append(wens.van)
        gevolg = Gevolg.WIJZIGT if held else Gevolg.NIEUW
        yield _told(wens, gevolg, was, self.words(wens.waarden))

    def _keep(self, wens: Wens, own: Sequence[Staat], held: Staat) -> Uitkomst:
        """The same holds already: at most its last day changes."""
        was = f"tot en met {kort(held.tot)}" if held.tot else "Zonder einde"
        if wens.tot is None or wens.tot == held.tot:
            return _told(wens, Gevolg.GELIJK, was, was)
        later = next((each for each in own if each.van > held.van), None)
        if later is not None:
            raise RuleViolation(
                f"Vanaf {kort(later.van)} geldt al iets anders. Laat deze dag leeg.",
                "tot",
            )
        if wens.tot < self.today:
            self.voorbij.append(wens.tot)
        held.tot = wens.tot
        return _told(wens, Gevolg.EINDIGT, was, f"tot en met {kort(wens.tot)}")


def _may_be_same(held: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether nothing differs of what is known of both."""
    return all(held[name] == asked[name] for name in held.keys() & asked.keys())


def _told(wens: Wens, gevolg: Gevolg, was: str, wordt: str) -> Uitkomst:
    return Uitkomst(wens.nummer, wens.naam, gevolg, was, wordt, wens.van, wens.sleutel)
