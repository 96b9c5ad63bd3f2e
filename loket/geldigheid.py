"""What holds in a period: what holds now, later and before, and making room for more.

`van` is the first day and `tot` the last one; without `tot` it holds until further
notice. The functions take the rows of one value: those of which one holds at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from loket.datum import kort
from loket.errors import RuleViolation

ONE_DAY = timedelta(days=1)


HasPeriod = Any
"""A row with `van` and `tot`; a mapped class, whose columns no protocol describes."""
Rij = TypeVar("Rij")


@dataclass(frozen=True)
class Tijdlijn(Generic[Rij]):
    """The rows of one value, as seen from a day."""

    nu: Sequence[Rij]
    later: Sequence[Rij]
    eerder: Sequence[Rij]

    @property
    def rijen(self) -> list[tuple[str, Rij]]:
        """All rows with where they stand: what comes first, then now, then before."""
        return [
            *(("later", each) for each in self.later),
            *(("nu", each) for each in self.nu),
            *(("eerder", each) for each in self.eerder),
        ]


def holds_on(row: HasPeriod, day: date) -> bool:
    """Whether a row holds on a day."""
    return row.van <= day and (row.tot is None or day <= row.tot)


def tijdlijn(rows: Iterable[Rij], day: date) -> Tijdlijn[Rij]:
    """Divide rows in what holds on a day, what will and what did; the newest first."""
    newest: list[Any] = sorted(rows, key=lambda row: _van(row), reverse=True)
    return Tijdlijn(
        nu=[row for row in newest if holds_on(row, day)],
        later=[row for row in newest if row.van > day],
        eerder=[row for row in newest if row.tot is not None and row.tot < day],
    )


def _van(row: HasPeriod) -> date:
    first: date = row.van
    return first


def make_room(
    rows: Iterable[HasPeriod], van: date, tot: date | None = None
) -> date | None:
    """Let something new hold from `van`: what holds then ends the day before.

    Returns:
        The last day of the new row: the day before the next one begins, or the day
        until which the row that made room would have held; None when it stays.

    Raises:
        RuleViolation: another row begins on that very day, or `tot` is before `van`.
    """
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    last = tot
    for row in rows:
        if row.van == van:
            raise RuleViolation(
                f"Vanaf {kort(van)} geldt al iets anders. Kies een andere dag.", "van"
            )
        if row.van > van:
            until = row.van - ONE_DAY
            if tot is not None and tot > until:
                raise RuleViolation(
                    f"Vanaf {kort(row.van)} geldt al iets anders. Kies een eerdere"
                    " laatste dag.",
                    "tot",
                )
            last = min(last or until, until)
        elif holds_on(row, van):
            if tot is None and row.tot is not None:
                last = min(last or row.tot, row.tot)
            row.tot = van - ONE_DAY
    return last


def give_back(rows: Iterable[HasPeriod], gone: HasPeriod) -> None:
    """Let the row before one that is withdrawn hold on until where that one did."""
    for row in rows:
        if row.tot == gone.van - ONE_DAY:
            row.tot = gone.tot


def check_van(van: date, today: date, *, terugwerkend: bool, reden: str) -> None:
    """Refuse a first day in the past, unless that was meant, with a reason.

    What was decided with the old value stays as it is: nobody computes it again.
    """
    if van >= today:
        return
    if not terugwerkend:
        raise RuleViolation(
            f"{kort(van)} is al voorbij. Klopt dat? Kruis dan aan dat u dit met"
            " terugwerkende kracht wilt.",
            "van",
        )
    if not reden.strip():
        raise RuleViolation(
            "Schrijf op waarom dit vanaf een eerdere dag geldt.", "reden"
        )


def check_same(seen: str, stand: str) -> None:
    """Refuse a form that began from another state than what stands there now."""
    if seen != stand:
        raise RuleViolation(
            "Iemand anders heeft dit intussen gewijzigd. Kijk hieronder wat er nu"
            " geldt. Wilt u uw wijziging nog? Verstuur haar dan opnieuw."
        )
