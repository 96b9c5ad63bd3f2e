"""Legal terms as calendar arithmetic: pure, and a moment is always passed in.

Rules: Algemene termijnenwet (Atw) and Algemene wet bestuursrecht (Awb). The end is
computed first, with all suspended days, and rolled once after that.
"""

import calendar
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from loket.datum import met_weekdag
from loket.errors import LoketError

ZONE = ZoneInfo("Europe/Amsterdam")
_DATA = Path(__file__).with_name("data")
_ONE_DAY = timedelta(days=1)
_NO_SUCH_DAY = "Deze termijn is te lang: de laatste dag is geen bestaande datum."


class Eenheid(StrEnum):
    """In what a term is counted."""

    DAG = "d"
    WEEK = "w"
    MAAND = "m"
    JAAR = "j"


_WORDS = {
    Eenheid.DAG: ("dag", "dagen"),
    Eenheid.WEEK: ("week", "weken"),
    Eenheid.MAAND: ("maand", "maanden"),
    Eenheid.JAAR: ("jaar", "jaar"),
}
_LONGEST_IN_ATW = {
    Eenheid.DAG: 90,
    Eenheid.WEEK: 12,
    Eenheid.MAAND: 3,
    Eenheid.JAAR: 0,
}
"""Atw art. 4: above these the Atw is silent; for years always."""


@dataclass(frozen=True)
class Termijn:
    """A number of days, weeks, months or years, set in an Act (`atw`) or not."""

    aantal: int
    eenheid: Eenheid
    atw: bool = True
    """Set in an Act or AMvB (Atw art. 1, 5): not in a regeling or verordening."""

    def __post_init__(self) -> None:
        """Refuse a term that is no term."""
        if self.aantal < 1:
            raise LoketError("Een termijn is minstens 1 dag.", "termijn")

    @classmethod
    def lees(cls, text: str, *, atw: bool = True) -> "Termijn":
        """Read a term such as `6w`: d for days, w weeks, m months, j years.

        Raises:
            LoketError: it is no term.
        """
        found = re.fullmatch(r"([0-9]{1,5})\s*([dwmj])", text.strip().lower())
        if not found:
            raise LoketError(
                "Vul een termijn in, zoals 6w: een getal met d (dagen), w (weken),"
                " m (maanden) of j (jaren).",
                "termijn",
            )
        return cls(int(found[1]), Eenheid(found[2]), atw)

    @property
    def rolls(self) -> bool:
        """Whether the Atw moves the last day past free days (Atw art. 1, 4)."""
        return self.atw and self.aantal <= _LONGEST_IN_ATW[self.eenheid]

    @property
    def needs_two_working_days(self) -> bool:
        """Whether it is a term of at least three days (Atw art. 2)."""
        return self.rolls and (self.eenheid is not Eenheid.DAG or self.aantal >= 3)

    def __str__(self) -> str:
        one, more = _WORDS[self.eenheid]
        return f"{self.aantal} {one if self.aantal == 1 else more}"


PLAN = Termijn(7, Eenheid.DAG)
"""Handing in a persoonlijk plan, after the melding (Wmo art. 2.3.2 lid 2)."""
ONDERZOEK = Termijn(6, Eenheid.WEEK)
"""The onderzoek, after the melding; never suspended (Wmo art. 2.3.2 lid 1)."""
BESLUIT = Termijn(2, Eenheid.WEEK)
"""The besluit, after the aanvraag (Wmo art. 2.3.5 lid 2)."""
BUITEN_BEHANDELING = Termijn(4, Eenheid.WEEK)
"""Leaving an incomplete aanvraag aside (Awb art. 4:5 lid 4)."""
INGEBREKESTELLING = Termijn(2, Eenheid.WEEK)
"""What is left for the besluit after an ingebrekestelling (Awb art. 4:17 lid 3)."""
DWANGSOMBESLUIT = Termijn(2, Eenheid.WEEK)
"""Setting the dwangsom, after its last day (Awb art. 4:18)."""
BEZWAAR = Termijn(6, Eenheid.WEEK)
"""Making bezwaar, after the bekendmaking (Awb art. 6:7, 6:8)."""
BEROEP = Termijn(6, Eenheid.WEEK)
"""Going to the rechtbank (Awb art. 6:7)."""
BESLUIT_OP_BEZWAAR = Termijn(6, Eenheid.WEEK)
"""Deciding on bezwaar, after the term for bezwaar (Awb art. 7:10 lid 1)."""
BESLUIT_OP_BEZWAAR_COMMISSIE = Termijn(12, Eenheid.WEEK)
"""The same with an adviescommissie (Awb art. 7:10 lid 1, 7:13)."""
VERDAGING = Termijn(6, Eenheid.WEEK)
"""Longest postponement of the besluit op bezwaar (Awb art. 7:10 lid 3)."""
KLACHT = Termijn(6, Eenheid.WEEK)
"""Dealing with a klacht (Awb art. 9:11)."""
VERNIETIGING = Termijn(3, Eenheid.MAAND)
"""Destroying data on request (Wmo art. 5.3.5)."""
BEWAREN = Termijn(15, Eenheid.JAAR)
"""Keeping a dossier, after its last change (Wmo art. 5.3.4)."""
CAK = Termijn(1, Eenheid.MAAND, atw=False)
"""Telling the CAK about a voorziening (Uitvoeringsregeling art. 2f)."""
CAK_PGB = Termijn(4, Eenheid.MAAND, atw=False)
"""Telling the CAK about a pgb (Uitvoeringsregeling art. 2f)."""


def vandaag(now: datetime | None = None) -> date:
    """Return the calendar day in the Netherlands; the only clock of this module."""
    return dag_van(now or datetime.now(UTC))


def dag_van(moment: datetime) -> date:
    """Return the calendar day in Europe/Amsterdam on which this moment falls."""
    if moment.tzinfo is None:
        raise ValueError("a moment carries its time zone")
    return moment.astimezone(ZONE).date()


@cache
def _equated() -> Mapping[date, str]:
    with (_DATA / "gelijkgestelde_dagen.csv").open(encoding="utf-8") as lines:
        return {
            date.fromisoformat(row["datum"]): "een gelijkgestelde dag"
            for row in csv.DictReader(lines)
        }


def known_years() -> range:
    """Return the years for which the gelijkgestelde dagen are known (Atw art. 3)."""
    years = [day.year for day in _equated()]
    return range(min(years), max(years) + 1)


@cache
def feestdagen(jaar: int) -> Mapping[date, str]:
    """Return the feestdagen of a year and what is equated with them (Atw art. 3)."""
    official = holidays.country_holidays(
        "NL", years=jaar, categories=("public", "optional"), language="nl"
    )
    equated = {day: why for day, why in _equated().items() if day.year == jaar}
    named = {day: why.replace("vrijdag", "Vrijdag") for day, why in official.items()}
    return MappingProxyType(dict(sorted({**equated, **named}.items())))


def is_werkdag(day: date) -> bool:
    """Whether this is no Saturday, Sunday or feestdag (Atw art. 1)."""
    return day.weekday() < calendar.SATURDAY and day not in feestdagen(day.year)


def werkdagen_later(day: date, aantal: int) -> date:
    """Return the day on which this number of werkdagen has passed after `day`."""
    if aantal < 0:
        raise ValueError("working days are counted forwards")
    for _ in range(aantal):
        day = _first_werkdag(day + _ONE_DAY)
    return day


def _first_werkdag(day: date) -> date:
    while not is_werkdag(day):
        day += _ONE_DAY
    return day


@dataclass(frozen=True)
class Opschorting:
    """Days on which a term stands still, first and last included (Awb art. 4:15)."""

    van: date
    tot: date
    """Before `van` where nothing was suspended after all."""

    @classmethod
    def om_aanvulling(cls, verzonden: date, aangevuld: date) -> "Opschorting":
        """From the day after the request until the day it was met (Awb 4:15 lid 1).

        The day on which the aanvraag was completed runs again.
        """
        return cls(verzonden + _ONE_DAY, aangevuld - _ONE_DAY)

    def days(self) -> Iterator[date]:
        """Go through the suspended days."""
        for offset in range((self.tot - self.van).days + 1):
            yield self.van + timedelta(days=offset)


def opgeschort(verzonden: date, aangevuld: date) -> int:
    """Count the days that a request to supplement suspends (Awb art. 4:15 lid 1)."""
    return opgeschorte_dagen([Opschorting.om_aanvulling(verzonden, aangevuld)])


def opgeschorte_dagen(opschortingen: Iterable[Opschorting]) -> int:
    """Count the days of several suspensions, a day in two of them once."""
    return len({day for each in opschortingen for day in each.days()})


@dataclass(frozen=True)
class Uitleg:
    """The last day of a term, and how it came about in sentences for the resident."""

    datum: date
    stappen: tuple[str, ...]
    waarschuwing: str | None = None
    """Set where the days that the government equates are not known (yet)."""


def uiterste_datum(start: date, termijn: Termijn, *, opgeschort: int = 0) -> date:
    """Return the last day of a term that starts by an event on `start`.

    The day of the event does not count. Suspended days are added before the last day
    is rolled past weekends and feestdagen.
    """
    end = _shift(_raw_end(start, termijn), opgeschort)
    if termijn.rolls:
        end = _first_werkdag(end)
    if termijn.needs_two_working_days:
        end = max(end, werkdagen_later(start, 2))
    return end


def _raw_end(start: date, termijn: Termijn) -> date:
    if termijn.eenheid is Eenheid.DAG:
        return _shift(start, termijn.aantal)
    if termijn.eenheid is Eenheid.WEEK:
        return _shift(start, termijn.aantal * 7)
    per_unit = 12 if termijn.eenheid is Eenheid.JAAR else 1
    months = start.year * 12 + start.month - 1 + termijn.aantal * per_unit
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise LoketError(_NO_SUCH_DAY, "termijn")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _shift(day: date, days: int) -> date:
    if days < 0:
        raise LoketError("Het aantal dagen kan niet onder nul liggen.", "termijn")
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise LoketError(_NO_SUCH_DAY, "termijn") from None


def leg_uit(start: date, termijn: Termijn, opgeschort: int = 0) -> Uitleg:
    """Explain step by step how the last day of a term comes about."""
    end = uiterste_datum(start, termijn, opgeschort=opgeschort)
    raw = _raw_end(start, termijn)
    steps = [
        f"De termijn is {termijn}. Wij tellen vanaf de dag na {met_weekdag(start)}.",
        f"Zo geteld is de laatste dag {met_weekdag(raw)}.",
    ]
    if opgeschort:
        raw = _shift(raw, opgeschort)
        stood = "1 dag" if opgeschort == 1 else f"{opgeschort} dagen"
        steps.append(
            f"De termijn stond {stood} stil. Dan is de laatste dag {met_weekdag(raw)}."
        )
    steps.extend(_rolling(start, raw, end, termijn))
    steps.append(f"De uiterste datum is {met_weekdag(end)}.")
    return Uitleg(end, tuple(steps), _doubt(raw, end, termijn))


def _rolling(start: date, raw: date, end: date, termijn: Termijn) -> Iterator[str]:
    if not termijn.rolls:
        reason = (
            "omdat de termijn daarvoor te lang is"
            if termijn.atw
            else "omdat de termijn niet in een wet staat"
        )
        yield (
            f"De Algemene termijnenwet geldt hier niet, {reason}. Daarom schuift de"
            " laatste dag niet op bij een weekend of feestdag."
        )
        return
    rolled = _first_werkdag(raw)
    for offset in range((rolled - raw).days):
        yield _why_free(raw + timedelta(days=offset))
    if end > rolled:
        yield (
            "In een termijn van drie dagen of meer zitten minstens twee werkdagen."
            f" Na {met_weekdag(start)} is de tweede werkdag {met_weekdag(end)}."
        )


def _why_free(day: date) -> str:
    name = feestdagen(day.year).get(day, "een dag in het weekend")
    return f"{met_weekdag(day).capitalize()} is {name}: de laatste dag schuift op."


def _doubt(raw: date, end: date, termijn: Termijn) -> str | None:
    known = known_years()
    if not termijn.rolls or (raw.year in known and end.year in known):
        return None
    return (
        f"De extra vrije dagen die de regering aanwijst, zijn bekend voor {known[0]}"
        f" tot en met {known[-1]}. Controleer deze datum."
    )


def besluit_op_bezwaar(
    einde_bezwaar: date,
    *,
    commissie: bool = False,
    verdaagd: bool = False,
    opgeschort: int = 0,
) -> date:
    """Return the last day to decide on bezwaar, counted from the end of its term.

    A postponement lengthens the same term: it rolls once (Awb art. 7:10).
    """
    termijn = BESLUIT_OP_BEZWAAR_COMMISSIE if commissie else BESLUIT_OP_BEZWAAR
    later = VERDAGING.aantal * 7 if verdaagd else 0
    return uiterste_datum(einde_bezwaar, termijn, opgeschort=opgeschort + later)


@dataclass(frozen=True)
class _Schijf:
    van: date
    tot: date
    first: int
    last: int
    cents: int


@cache
def _schijven() -> tuple[_Schijf, ...]:
    with (_DATA / "dwangsom.csv").open(encoding="utf-8") as lines:
        return tuple(
            _Schijf(
                date.fromisoformat(row["van"]),
                date.fromisoformat(row["tot"]) if row["tot"] else date.max,
                int(row["vanaf_dag"]),
                int(row["tot_en_met_dag"]),
                int(row["cent_per_dag"]),
            )
            for row in csv.DictReader(lines)
        )


def dwangsom(dagen: int, op: date) -> int:
    """Return the dwangsom in cents after this number of days (Awb art. 4:17 lid 2).

    Args:
        dagen: days since and with the first day that it is due; it stops growing
            after the last day of the table.
        op: the day on which the ingebrekestelling came in: it decides the amounts.
    """
    in_force = [each for each in _schijven() if each.van <= op <= each.tot]
    if not in_force:
        raise LoketError("Voor deze datum zijn geen bedragen van de dwangsom bekend.")
    return sum(
        max(0, min(dagen, each.last) - each.first + 1) * each.cents for each in in_force
    )


def ingebrekestelling_loopt_vanaf(uiterste: date, ontvangen: date) -> date | None:
    """Return the first day of dwangsom (Awb art. 4:17 lid 3), or nothing.

    Two weeks after the day it came in have to pass. An ingebrekestelling that came in
    before the term had ended has no effect.
    """
    if ontvangen <= uiterste:
        return None
    return uiterste_datum(ontvangen, INGEBREKESTELLING) + _ONE_DAY


def dwangsomdagen(eerste: date, tot_en_met: date) -> int:
    """Count the days of dwangsom that have passed, none before the first."""
    return max(0, (tot_en_met - eerste).days + 1)
