"""How long a dossier is kept: what it came to, what counts, and until which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from loket import termijnen
from loket.termijnen import Eenheid, Termijn

ONE_DAY = timedelta(days=1)


class Zaakresultaat(StrEnum):
    """What a zaak came to; the selectielijst has a term for each."""

    VERSTREKT = "verstrekt"
    GEWEIGERD = "geweigerd"
    AFGEBROKEN = "afgebroken"


@dataclass(frozen=True)
class Bewaartermijn:
    """Years to keep a dossier, as they hold on a day."""

    na_wijziging: int
    """After the last change of the personal data (Wmo art. 5.3.4)."""
    na_einde: Mapping[Zaakresultaat, int]
    """After the end of the zaak (selectielijst)."""
    selectielijst: Mapping[Zaakresultaat, str]
    """Code of the result, as the archivaris gave it; empty when it is not known."""

    def persoon_vanaf(self, laatste_wijziging: date) -> date:
        """Return the first day on which the data of a person may be destroyed."""
        return _na(laatste_wijziging, self.na_wijziging)

    def dossier_vanaf(
        self, resultaat: Zaakresultaat, laatste_wijziging: date, einde: date
    ) -> date:
        """Return the first day on which a dossier may be destroyed: the later of two.

        The Wmo counts from the last change, the selectielijst from the end.
        """
        return max(
            _na(laatste_wijziging, self.na_wijziging),
            _na(einde, self.na_einde[resultaat]),
        )

    def not_before(self, today: date) -> datetime:
        """Return the moment from which on nothing that happened can be due today.

        A day too late at most: the days themselves are looked at after this.
        """
        day = today.replace(day=min(today.day, 28), year=today.year - self.na_wijziging)
        return datetime.combine(day, time.max, UTC) + 4 * ONE_DAY


def _na(day: date, jaren: int) -> date:
    """The day after the term: on its last day it is still kept."""
    return termijnen.uiterste_datum(day, Termijn(jaren, Eenheid.JAAR)) + ONE_DAY
