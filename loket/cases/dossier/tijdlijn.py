"""What happened in a dossier and what is due: each chapter adds its own steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import blake2b

from loket.termijnen import ZONE, Uitleg


@dataclass(frozen=True)
class Stap:
    """One step on the page of a dossier: done, current or todo."""

    titel: str
    wanneer: date | datetime | None
    staat: str = "done"
    door: str = ""
    tekst: str = ""
    url: str = ""
    laat: bool = False
    """Of a day without a time: it came after what has one on that day."""

    @property
    def anker(self) -> str:
        """Name this step within its page: the same each time the page is made."""
        told = f"{self.titel}\0{self.wanneer}".encode()
        return f"stap-{blake2b(told, digest_size=6).hexdigest()}"


@dataclass(frozen=True)
class Termijn:
    """A term of the law that runs, with how its last day came about."""

    label: str
    datum: date
    uitleg: Uitleg | None = None
    klaar: bool = False

    @property
    def waarom(self) -> str:
        """Explain the date in sentences."""
        return " ".join(self.uitleg.stappen) if self.uitleg else ""


def in_volgorde(stappen: Iterable[Stap]) -> list[Stap]:
    """Put what is done first, then what is busy, then what is to come."""
    order = {"done": 0, "current": 1, "todo": 2}
    return sorted(stappen, key=lambda each: (order[each.staat], _moment(each)))


def _moment(stap: Stap) -> datetime:
    wanneer = stap.wanneer
    if wanneer is None:
        return datetime.max.replace(tzinfo=UTC)
    if isinstance(wanneer, datetime):
        return wanneer
    return datetime.combine(wanneer, time.max if stap.laat else time.min, ZONE)
