"""The rules that need nothing but the looks themselves: how many, and at what time."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from loket.termijnen import ZONE, dag_van, is_werkdag

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Blik:
    """One look at a dossier, as the trail has it."""

    record_id: UUID
    user_id: UUID
    dossier_id: UUID
    at: datetime
    rollen: str

    @property
    def dag(self) -> date:
        """Day of the look in Europe/Amsterdam."""
        return dag_van(self.at)


def many_in_an_hour(looks: Iterable[Blik], most: int) -> set[Blik]:
    """Return every look within an hour in which more than `most` dossiers were opened.

    The hour slides; the same dossier opened twice counts once.
    """
    found: set[Blik] = set()
    by_person: dict[UUID, list[Blik]] = defaultdict(list)
    for look in looks:
        by_person[look.user_id].append(look)
    for own in by_person.values():
        found |= _crowded(sorted(own, key=lambda each: each.at), most)
    return found


def _crowded(looks: Sequence[Blik], most: int) -> set[Blik]:
    within: deque[Blik] = deque()
    seen: Counter[UUID] = Counter()
    found: set[Blik] = set()
    for look in looks:
        within.append(look)
        seen[look.dossier_id] += 1
        while look.at - within[0].at >= HOUR:
            gone = within.popleft()
            seen[gone.dossier_id] -= 1
            if not seen[gone.dossier_id]:
                del seen[gone.dossier_id]
        if len(seen) > most:
            # everything before the last one is in already when the one before was
            found.update(within)
    return found


def outside_hours(looks: Iterable[Blik], van: int, tot: int) -> set[Blik]:
    """Return the looks before `van`, from `tot` on, or on a day that is no workday."""
    return {
        look
        for look in looks
        if not is_werkdag(look.dag) or not van <= look.at.astimezone(ZONE).hour < tot
    }
