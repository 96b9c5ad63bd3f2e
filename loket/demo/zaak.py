"""One case of the demo: what it is about, how far it comes, and when each step was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.demo.people import Persoon, people, rows
from loket.termijnen import ZONE, is_werkdag

FREQUENTIES = {"week": Frequentie.WEEK, "totaal": Frequentie.TOTAAL}
ONE_DAY = timedelta(days=1)


class Stap(StrEnum):
    """The steps of a case, in the order in which they usually come."""

    MELDEN = "melden"
    VERDELEN = "verdelen"
    VERZENDEN = "verzenden"
    STARTEN = "starten"
    GESPREK = "gesprek"
    BEVINDEN = "bevinden"
    AFSLUITEN = "afsluiten"
    VERSLAG = "verslag"
    AFRONDEN = "afronden"
    NAZENDEN = "nazenden"
    AANVRAGEN = "aanvragen"
    REAGEREN = "reageren"
    OPSCHORTEN = "opschorten"
    CONTACT = "contact"
    HERVATTEN = "hervatten"
    OPSTELLEN = "opstellen"
    BESLUITEN = "besluiten"
    BEKENDMAKEN = "bekendmaken"
    BEZWAAR = "bezwaar"
    VRAGEN = "vragen"
    ANTWOORDEN = "antwoorden"
    STARTEN_ZORG = "starten_zorg"
    METEN = "meten"
    STOPPEN = "stoppen"
    OVERLIJDEN = "overlijden"
    SLUITEN = "sluiten"
    BELLEN = "bellen"
    TOESTEMMING = "toestemming"
    INTREKKEN = "intrekken"
    INZAGE = "inzage"
    AFSCHRIFT = "afschrift"
    UITREIKEN = "uitreiken"
    VERNIETIGEN = "vernietigen"
    LIJST = "lijst"
    AFSCHERMEN = "afschermen"
    NOOD = "nood"
    INKIJKEN = "inkijken"
    SPEUREN = "speuren"


S = Stap
USUAL = {
    S.MELDEN: 0,
    S.VERDELEN: 1,
    S.VERZENDEN: 2,
    S.STARTEN: 6,
    S.GESPREK: 10,
    S.BEVINDEN: 13,
    S.VERSLAG: 17,
    S.AFRONDEN: 17,
    S.NAZENDEN: 18,
    S.REAGEREN: 24,
    S.OPSTELLEN: 27,
    S.BESLUITEN: 29,
    S.BEKENDMAKEN: 31,
    S.VRAGEN: 33,
    S.ANTWOORDEN: 36,
    S.STARTEN_ZORG: 45,
}
"""Days after the melding on which a step usually comes; the others are by agenda."""
SPOED = {
    S.MELDEN: 0,
    S.VERDELEN: 0,
    S.OPSTELLEN: 0,
    S.BESLUITEN: 0,
    S.BEKENDMAKEN: 1,
    S.VRAGEN: 1,
    S.ANTWOORDEN: 1,
    S.STARTEN_ZORG: 2,
    S.VERZENDEN: 2,
    S.STARTEN: 3,
}
"""Help at once, before the onderzoek (Wmo art. 2.3.3)."""
OVERNAME = {
    S.MELDEN: 0,
    S.VERDELEN: 1,
    S.VRAGEN: 3,
    S.ANTWOORDEN: 6,
    S.STARTEN_ZORG: 14,
}
ARCHIEF = {S.MELDEN: 0}
"""Long over: it is there to be destroyed."""
ROUTES = {"spoed": SPOED, "overname": OVERNAME, "archief": ARCHIEF}


@dataclass(frozen=True)
class Vraag:
    """One product that is asked: how much, per what, and in which form."""

    product: str
    volume: int
    frequentie: Frequentie
    vorm: Leveringsvorm


@dataclass
class Zaak:
    """A case of the demo, with the ids it gets while its story is told."""

    rij: dict[str, str]
    plan: list[tuple[datetime, Stap]]
    vragen: list[Vraag]
    dossier_id: UUID | None = field(default=None)
    personen: list[Persoon] = field(default_factory=list)
    """Who is in it, the cliënt first."""

    @property
    def code(self) -> str:
        """Name of the case within the demo."""
        return self.rij["code"]

    @property
    def gemeente(self) -> str:
        """Code of the gemeente that handles it."""
        return self.rij["gemeente"]

    @property
    def keuze(self) -> str:
        """What is decided, without its ground."""
        return self.rij["keuze"].partition(":")[0]

    @property
    def grond(self) -> str:
        """Ground or kind that belongs to what is decided."""
        return self.rij["keuze"].partition(":")[2]

    @property
    def is_afgeschermd(self) -> bool:
        """Whether only named people see it."""
        return self.rij["vlaggen"] == "afgeschermd"

    @property
    def samen_met(self) -> str:
        """Code of the case of the partner, who was at the same gesprek."""
        flag, _, code = self.rij["vlaggen"].partition(":")
        return code if flag == "samen" else ""

    def dag(self, stap: Stap) -> date:
        """Day of a step, also of one that this case does not come to."""
        return next(at.date() for at, each in self.plan if each is stap)

    def steps(self) -> Iterator[tuple[datetime, Stap]]:
        """Go through the steps that this case comes to."""
        last = Stap(self.rij["tot"])
        named = {each for each, _, _ in _agenda(self.rij)}
        route = list(_route(self.rij))
        reached = set(route[: route.index(last) + 1]) if last in route else set()
        for at, stap in self.plan:
            if stap in reached or stap in named:
                yield at, stap

    def period(self, number: int) -> date | None:
        """Read a day of the opschorting: 0 asked, 1 at the latest, 2 completed."""
        parts = self.rij["opschorting"].split()[1:]
        if number >= len(parts):
            return None
        return day_of(parts[number], self.plan[0][0].date())


def zaken(today: date) -> list[Zaak]:
    """Return every case, told around this day."""
    return [
        Zaak(
            row,
            plan_of(row, today),
            vragen_of(row["items"]),
            personen=people()[row["code"]],
        )
        for row in rows("zaken")
    ]


def vragen_of(text: str) -> list[Vraag]:
    """Read what is asked: `product volume per form`, several with `;`."""
    found = []
    for part in text.split(";"):
        product, volume, per, vorm = part.split()
        found.append(Vraag(product, int(volume), FREQUENTIES[per], Leveringsvorm(vorm)))
    return found


def plan_of(row: dict[str, str], today: date) -> list[tuple[datetime, Stap]]:
    """Put every step of a case on a moment; none comes before an earlier one."""
    start = row["melding"]
    first = (
        werkdag(today + timedelta(days=int(start)), back=True)
        if _is_rel(start)
        else None
    )
    begin = first or datetime.fromisoformat(start).date()
    days = {stap: werkdag(begin + timedelta(days=n)) for stap, n in _route(row).items()}
    days[S.MELDEN] = begin
    for stap, text, skipped in _agenda(row):
        if skipped:
            days.pop(stap, None)
        elif _is_rel(text):
            days[stap] = werkdag(today + timedelta(days=int(text)), back=True)
        else:
            days[stap] = day_of(text, begin)
    if S.VERSLAG in days and "nazenden" not in row["agenda"]:
        days[S.NAZENDEN] = werkdag(days[S.VERSLAG] + ONE_DAY)
    order = list(Stap)
    planned = []
    for stap, day in sorted(
        days.items(), key=lambda each: (each[1], order.index(each[0]))
    ):
        planned.append((moment(day, order.index(stap)), stap))
    if "T" in start:
        planned[0] = (datetime.fromisoformat(start).replace(tzinfo=ZONE), S.MELDEN)
    return planned


def _is_rel(text: str) -> bool:
    return text.startswith("-")


def _route(row: dict[str, str]) -> dict[Stap, int]:
    return ROUTES.get(row["keuze"], USUAL)


def _agenda(row: dict[str, str]) -> Iterator[tuple[Stap, str, bool]]:
    for part in row["agenda"].split():
        name, _, text = part.partition("=")
        yield Stap(name), text, text == "-"


def day_of(text: str, begin: date) -> date:
    """Read a day: `2026-04-21`, or `+24` for so many days after the melding."""
    if text.startswith("+"):
        return werkdag(begin + timedelta(days=int(text)))
    return date.fromisoformat(text)


def werkdag(day: date, *, back: bool = False) -> date:
    """Return this day, or the nearest one on which the loket is open."""
    while not is_werkdag(day):
        day += -ONE_DAY if back else ONE_DAY
    return day


def moment(day: date, number: int) -> datetime:
    """Spread the steps of a day over its office hours."""
    return datetime.combine(day, time(8, 30), ZONE) + timedelta(minutes=15 * number)
