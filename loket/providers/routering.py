"""Who can help: every aanbieder with what fits, and in words what does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from loket.datum import kort
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Capaciteit, Contract, Contractregel


class Reden(StrEnum):
    """Why an aanbieder does not fit, or fits less well."""

    CONTRACT_NIET_GELDIG = "contract_niet_geldig"
    PRODUCT_NIET_IN_CONTRACT = "product_niet_in_contract"
    BUITEN_GEBIED = "buiten_gebied"
    CLIENTENSTOP = "clientenstop"
    PLAFOND_BEREIKT = "plafond_bereikt"
    BSN_ONTBREEKT = "bsn_ontbreekt"
    LEVERT_AL = "levert_al"
    WACHTTIJD = "wachttijd"
    TAAL = "taal"

    @property
    def blocks(self) -> bool:
        """Whether nobody may choose past it; waiting and language are a choice."""
        return self not in {Reden.WACHTTIJD, Reden.TAAL}

    @property
    def tekst(self) -> str:
        """The reason in words."""
        return _WORDS[self]


_WORDS = {
    Reden.CONTRACT_NIET_GELDIG: "Het contract geldt niet op de gewenste startdatum.",
    Reden.PRODUCT_NIET_IN_CONTRACT: "Dit product staat die dag niet in het contract.",
    Reden.BUITEN_GEBIED: "De aanbieder werkt niet in deze postcode.",
    Reden.CLIENTENSTOP: "Er is een cliëntenstop afgesproken.",
    Reden.PLAFOND_BEREIKT: "Het afgesproken aantal cliënten is bereikt.",
    Reden.BSN_ONTBREEKT: "Dit contract werkt met berichten. Daarvoor is een BSN nodig.",
    Reden.LEVERT_AL: "De aanbieder levert dit product al aan deze cliënt.",
    Reden.WACHTTIJD: "Door de wachttijd kan de hulp niet op tijd starten.",
    Reden.TAAL: "De aanbieder heeft geen medewerkers gemeld die deze taal spreken.",
}


@dataclass(frozen=True)
class Vraag:
    """What is asked of an aanbieder, without saying who asks."""

    product_code: str
    start: date
    vandaag: date
    pc4: str | None
    taal: str
    spoed: bool
    heeft_bsn: bool


@dataclass(frozen=True)
class Aanbod:
    """One contract of an aanbieder, with its regel for the product if it has one."""

    aanbieder: Aanbieder
    contract: Contract
    contractregel: Contractregel | None
    capaciteit: Capaciteit | None
    lopend: int
    """Other cliënten with a running toewijzing under this regel."""
    levert_al: bool = False
    """Delivers this product to this cliënt already (stacking, iWmo OP259)."""


@dataclass(frozen=True)
class Kandidaat:
    """One aanbieder on the list of a choice: fits or not, and why."""

    aanbieder: Aanbieder
    contract: Contract
    contractregel: Contractregel | None
    past: bool
    redenen: tuple[Reden, ...]
    wachttijd_dagen: int | None
    talen: tuple[str, ...]
    lopend: int

    def snapshot(self) -> dict[str, Any]:
        """Return what is kept with the choice: ids and codes only."""
        regel = self.contractregel
        return {
            "aanbieder_id": str(self.aanbieder.id),
            "contractregel_id": str(regel.id) if regel else None,
            "past": self.past,
            "redenen": [reden.value for reden in self.redenen],
            "wachttijd_dagen": self.wachttijd_dagen,
        }

    def require_fits(self) -> None:
        """Refuse to choose an aanbieder that cannot be chosen, with every reason."""
        if not self.past:
            blocking = " ".join(r.tekst for r in self.redenen if r.blocks)
            raise RuleViolation(
                f"{self.aanbieder.naam} kan niet worden gekozen. {blocking}",
                "contractregel_id",
            )

    @property
    def pluspunten(self) -> tuple[str, ...]:
        """What speaks for this aanbieder, in words."""
        words = []
        if self.contract.tot is None:
            words.append("Het contract loopt door.")
        elif self.past:
            words.append(f"Het contract loopt tot en met {kort(self.contract.tot)}.")
        if self.wachttijd_dagen is not None and Reden.WACHTTIJD not in self.redenen:
            words.append("De hulp kan op tijd starten.")
        regel = self.contractregel
        if regel and regel.max_clienten and Reden.PLAFOND_BEREIKT not in self.redenen:
            words.append(f"{self.lopend} van {regel.max_clienten} plaatsen bezet.")
        return tuple(words) if self.past else ()


def candidates(vraag: Vraag, aanbod: Iterable[Aanbod]) -> list[Kandidaat]:
    """Judge every contract and keep the best of each aanbieder, who fits first."""
    best: dict[Any, Kandidaat] = {}
    for one in aanbod:
        judged = _judge(vraag, one)
        known = best.get(one.aanbieder.id)
        if known is None or _rank(judged) < _rank(known):
            best[one.aanbieder.id] = judged
    return sorted(best.values(), key=_rank)


def find_candidate(found: Sequence[Kandidaat], contractregel_id: Any) -> Kandidaat:
    """Return the candidate of this contractregel, when it may be chosen."""
    for one in found:
        if one.contractregel and one.contractregel.id == contractregel_id:
            one.require_fits()
            return one
    raise RuleViolation("Kies een aanbieder uit de lijst.", "contractregel_id")


def _judge(vraag: Vraag, aanbod: Aanbod) -> Kandidaat:
    redenen = tuple(reden for reden, found in _checks(vraag, aanbod) if found)
    capaciteit = aanbod.capaciteit
    return Kandidaat(
        aanbod.aanbieder,
        aanbod.contract,
        aanbod.contractregel,
        not any(reden.blocks for reden in redenen),
        redenen,
        capaciteit.wachttijd_dagen if capaciteit else None,
        tuple(capaciteit.talen) if capaciteit else (),
        aanbod.lopend,
    )


def _checks(vraag: Vraag, aanbod: Aanbod) -> Iterable[tuple[Reden, bool]]:
    contract, regel = aanbod.contract, aanbod.contractregel
    stop = _has_stop(aanbod.capaciteit, vraag.start) and not vraag.spoed
    listed = regel is not None and holds_on(regel, vraag.start)
    yield Reden.CONTRACT_NIET_GELDIG, not holds_on(contract, vraag.start)
    yield Reden.PRODUCT_NIET_IN_CONTRACT, not listed
    yield Reden.BUITEN_GEBIED, listed and not _serves(regel, vraag.pc4)
    yield Reden.CLIENTENSTOP, stop
    yield Reden.PLAFOND_BEREIKT, listed and _is_full(regel, aanbod.lopend)
    yield Reden.BSN_ONTBREEKT, contract.berichten and not vraag.heeft_bsn
    yield Reden.LEVERT_AL, aanbod.levert_al
    yield Reden.WACHTTIJD, _comes_late(aanbod.capaciteit, vraag)
    yield Reden.TAAL, not _speaks(aanbod.capaciteit, vraag.taal)


def holds_on(period: Contract | Contractregel, day: date) -> bool:
    """Whether a contract or one of its regels is in force on a day."""
    return period.van <= day and (period.tot is None or day <= period.tot)


def _serves(regel: Contractregel | None, pc4: str | None) -> bool:
    return regel is None or not regel.pc4_gebied or pc4 in regel.pc4_gebied


def _is_full(regel: Contractregel | None, lopend: int) -> bool:
    limit = regel.max_clienten if regel else None
    return limit is not None and lopend >= limit


def _has_stop(capaciteit: Capaciteit | None, day: date) -> bool:
    """A stop that was agreed; for a crisis it does not count (Wmo standard 1.2)."""
    if capaciteit is None or capaciteit.stop_van is None:
        return False
    last = capaciteit.stop_tot
    return capaciteit.stop_van <= day and (last is None or day <= last)


def _comes_late(capaciteit: Capaciteit | None, vraag: Vraag) -> bool:
    if capaciteit is None:
        return False
    first = vraag.vandaag + timedelta(days=capaciteit.wachttijd_dagen)
    return first > max(vraag.start, vraag.vandaag)


def _speaks(capaciteit: Capaciteit | None, taal: str) -> bool:
    """Everybody speaks Dutch; another language has to be reported."""
    wanted = taal.strip().casefold()
    spoken = {t.casefold() for t in capaciteit.talen} if capaciteit else set()
    return wanted in {"", "nederlands", *spoken}


def _rank(one: Kandidaat) -> tuple[bool, int, int, str]:
    waiting = one.wachttijd_dagen if one.wachttijd_dagen is not None else 10_000
    return (not one.past, len(one.redenen), waiting, one.aanbieder.naam)
