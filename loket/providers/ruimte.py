"""How much of a right is still free: toewijzingen together never exceed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loket.cases.besluit.voorziening import Voorziening, VoorzieningRegel
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Eenheid, Frequentie
from loket.datum import kort
from loket.errors import RuleViolation
from loket.providers.contract import Contract, Contractregel
from loket.providers.toewijzing import Stopreden, Toewijzing

FAR = date.max
STAPELBAAR = frozenset({"11", "12", "13", "14"})
"""Categories of aids, that one aanbieder may deliver twice (iWmo OP259)."""
ONE_DAY = timedelta(days=1)
NO_RIGHT = "Er is op {} geen recht op hulp in natura."


@dataclass(frozen=True)
class Deel:
    """The part of a right that is to be assigned, or was asked for."""

    van: date
    tot: date | None
    volume: int
    frequentie: Frequentie

    @property
    def last(self) -> date:
        """Last day; far away when it has none."""
        return self.tot or FAR


@dataclass(frozen=True)
class Recht:
    """A voorziening with its regels and what was assigned of it already."""

    voorziening: Voorziening
    regels: Sequence[VoorzieningRegel]
    toewijzingen: Sequence[Toewijzing]

    def require(self, deel: Deel) -> VoorzieningRegel:
        """Return the regel under which this part may be assigned.

        Raises:
            RuleViolation: the right does not cover it on each day.
        """
        regels = self._covering(deel)
        first = regels[0]
        if any(_measure(regel) != _measure(first) for regel in regels):
            raise RuleViolation(
                "Het recht verandert in deze periode van eenheid. Maak twee"
                " toewijzingen.",
                "tot",
            )
        for day in self._turning_days(deel, regels):
            self._require_room(deel, day, _regel_on(regels, day))
        return first

    def take(self, van: date, tot: date | None, volume: int | None) -> Deel:
        """Fill in what was left open: the whole volume, as long as the right allows."""
        first = next(
            (r for r in self._natura() if r.van <= van and _ends(r) >= van), None
        )
        if first is None:
            raise RuleViolation(NO_RIGHT.format(kort(van)), "van")
        wanted = first.volume if volume is None else volume
        if wanted < 1:
            raise RuleViolation("Vul een aantal in dat groter is dan nul.", "volume")
        until = tot or self._last_day(first, wanted)
        if until and until < van:
            raise RuleViolation("Het einde ligt vóór het begin.", "tot")
        return Deel(van, until, wanted, first.frequentie)

    def is_exceeded(self, today: date) -> bool:
        """Whether more is assigned on some day, from today on, than is granted."""
        begins = {t.van for t in self.toewijzingen} | {r.van for r in self.regels}
        ends = {r.tot + ONE_DAY for r in self.regels if r.tot}
        days = {max(day, today) for day in begins | ends}
        return any(self._used_on(day) > self._granted_on(day) for day in days)

    def _used_on(self, day: date) -> int:
        return sum(t.volume for t in self.toewijzingen if occupies(t, day))

    def _granted_on(self, day: date) -> int:
        return sum(r.volume for r in self._natura() if r.van <= day <= _ends(r))

    def _last_day(self, first: VoorzieningRegel, volume: int) -> date | None:
        """Last day without a gap on which this volume is within the right."""
        last = first
        for regel in self._natura():
            follows = last.tot is not None and regel.van == last.tot + ONE_DAY
            if (
                follows
                and _measure(regel) == _measure(first)
                and volume <= regel.volume
            ):
                last = regel
        ended = self.voorziening.geeindigd_op
        return min(_ends(last), ended) if ended else last.tot

    def _natura(self) -> list[VoorzieningRegel]:
        found = [r for r in self.regels if r.leveringsvorm is Leveringsvorm.NATURA]
        return sorted(found, key=lambda regel: regel.van)

    def _covering(self, deel: Deel) -> list[VoorzieningRegel]:
        regels = [
            r for r in self._natura() if r.van <= deel.last and _ends(r) >= deel.van
        ]
        ended = self.voorziening.geeindigd_op
        if ended and deel.last > ended:
            raise RuleViolation(f"Het recht is geëindigd op {kort(ended)}.", "tot")
        day = deel.van
        for regel in regels:
            if regel.van > day:
                break
            if _ends(regel) >= deel.last:
                return regels
            day = _ends(regel) + ONE_DAY
        raise RuleViolation(
            NO_RIGHT.format(kort(day)), "van" if day == deel.van else "tot"
        )

    def _turning_days(
        self, deel: Deel, regels: Iterable[VoorzieningRegel]
    ) -> list[date]:
        """Days on which the sum or the right may change; between them all is equal."""
        days = {deel.van, *(r.van for r in regels), *(t.van for t in self.toewijzingen)}
        return sorted(day for day in days if deel.van <= day <= deel.last)

    def _require_room(self, deel: Deel, day: date, regel: VoorzieningRegel) -> None:
        total = regel.frequentie is Frequentie.TOTAAL
        used = sum(
            t.volume
            for t in self.toewijzingen
            if (overlaps(t, regel.van, _ends(regel)) if total else occupies(t, day))
        )
        if used + deel.volume > regel.volume:
            free = max(regel.volume - used, 0)
            raise RuleViolation(
                f"Dit is meer dan het recht. Vanaf {kort(day)} is nog {free} van"
                f" {regel.volume} vrij.",
                "volume",
            )


def occupied_until(toewijzing: Toewijzing) -> date:
    """Last day on which a toewijzing takes part of the right.

    Who stopped for good takes nothing any more; who stopped for a while does.
    """
    last = toewijzing.laatste_dag or FAR
    stopped = toewijzing.gestopt_op
    if stopped and toewijzing.stopreden is not Stopreden.TIJDELIJK:
        return min(last, stopped)
    return last


def occupies(toewijzing: Toewijzing, day: date) -> bool:
    """Whether a toewijzing takes part of the right on a day."""
    return toewijzing.van <= day <= occupied_until(toewijzing)


def overlaps(toewijzing: Toewijzing, van: date, tot: date) -> bool:
    """Whether a toewijzing takes part of the right in a period."""
    return toewijzing.van <= tot and max(toewijzing.van, van) <= occupied_until(
        toewijzing
    )


def require_contract(
    contract: Contract,
    regel: Contractregel,
    deel: Deel,
    product_code: str,
    regel_tot: date | None,
) -> None:
    """Refuse what the contract does not hold on each day of the period.

    Args:
        regel: the regel of the first day.
        regel_tot: until when the product is under contract, at whichever tariff.
    """
    if regel.product_code != product_code:
        raise RuleViolation("Dit product staat niet in het contract.")
    for van, tot in ((contract.van, contract.tot), (regel.van, regel_tot)):
        if deel.van < van or (tot or FAR) < deel.van:
            raise RuleViolation("Het contract geldt die dag niet.", "van")
        if (tot or FAR) < deel.last:
            raise RuleViolation("Het contract eindigt eerder dan de toewijzing.", "tot")


def _measure(regel: VoorzieningRegel) -> tuple[Eenheid, Frequentie]:
    return regel.eenheid, regel.frequentie


def _ends(regel: VoorzieningRegel) -> date:
    return regel.tot or FAR


def _regel_on(regels: Iterable[VoorzieningRegel], day: date) -> VoorzieningRegel:
    return next(r for r in regels if r.van <= day <= _ends(r))
