"""Allocations side by side: the same product may not be given twice on one day."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from loket.iwmo.berichten.onderdelen import Omvang, Product
from loket.iwmo.codes import HULPMIDDELEN


@dataclass(frozen=True)
class Kern:
    """What every allocation and every request for one have in common."""

    product: Product | None
    omvang: Omvang | None
    budget: int | None
    ingangsdatum: date
    einddatum: date | None

    @property
    def code(self) -> str | None:
        """The product code, absent when aspecifiek or generiek."""
        return self.product.code if self.product else None

    @property
    def laatste_dag(self) -> date:
        """The last day, for comparing periods."""
        return self.einddatum or date.max


def is_gestapeld(kernen: Sequence[Kern]) -> bool:
    """Whether one product is allocated twice on the same day (OP259, TR302, TR386).

    Without a code the category counts; without a product any other allocation is in
    the way. Hulpmiddelen may be stacked.
    """
    open_kernen = [k for k in kernen if not _is_hulpmiddel(k)]
    generiek = [k for k in open_kernen if k.product is None]
    if _clash(generiek, [k for k in open_kernen if k.product is not None]):
        return True
    per_categorie: dict[str, list[Kern]] = {}
    for kern in open_kernen:
        if kern.product is not None:
            per_categorie.setdefault(kern.product.categorie, []).append(kern)
    return any(_clashes_within(groep) for groep in per_categorie.values())


def _clashes_within(groep: list[Kern]) -> bool:
    aspecifiek = [k for k in groep if k.code is None]
    per_code: dict[str, list[Kern]] = {}
    for kern in groep:
        if kern.code is not None:
            per_code.setdefault(kern.code, []).append(kern)
    specifiek = [k for k in groep if k.code is not None]
    return _clash(aspecifiek, specifiek) or any(
        _clash(same, []) for same in per_code.values()
    )


def _is_hulpmiddel(kern: Kern) -> bool:
    return kern.product is not None and kern.product.categorie in HULPMIDDELEN


def _clash(exclusive: list[Kern], others: list[Kern]) -> bool:
    """Whether an exclusive period overlaps another one, without comparing all pairs."""
    ordered = sorted(exclusive, key=lambda kern: kern.ingangsdatum)
    for first, second in pairwise(ordered):
        if first.laatste_dag >= second.ingangsdatum:
            return True
    starts = [kern.ingangsdatum for kern in ordered]
    for other in others:
        before = bisect_right(starts, other.laatste_dag)
        if before and ordered[before - 1].laatste_dag >= other.ingangsdatum:
            return True
    return False
