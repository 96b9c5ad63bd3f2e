"""One rule a gemeente sets herself: of what kind it is and what may be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from loket.errors import RuleViolation
from loket.geld import bedrag

LOKAAL = "Lokale regel"
LONGEST = 200


class Soort(StrEnum):
    """Of what kind a value is."""

    JA_NEE = "ja_nee"
    GETAL = "getal"
    BEDRAG = "bedrag"
    TEKST = "tekst"
    GEWICHTEN = "gewichten"
    """A percentage for each of some words."""


@dataclass(frozen=True)
class Norm:
    """One rule: how it is called, what it does, what may be filled in."""

    sleutel: str
    label: str
    uitleg: str
    soort: Soort
    groep: str
    bron: str = LOKAAL
    """Article of the law, or that the gemeente may choose."""
    eenheid: str = ""
    least: int = 0
    most: int = 1_000_000
    standaard: Any = None
    """What holds when the gemeente set nothing; None: it must be set."""
    keuzes: Mapping[str, str] = field(default_factory=dict)
    """For weights: the words that may have one, with their label."""
    jaarlijks: bool = False
    """Set anew each year: its page says so when next year is missing."""

    def check(self, waarde: Any) -> None:
        """Refuse a value that this rule cannot have.

        Raises:
            RuleViolation: of another kind, or out of bounds; says what may.
        """
        if self.soort is Soort.JA_NEE and not isinstance(waarde, bool):
            raise RuleViolation("Kies ja of nee.", "waarde")
        if self.soort is Soort.TEKST:
            _check_text(waarde)
        if self.soort in (Soort.GETAL, Soort.BEDRAG):
            self._check_number(waarde, "waarde")
        if self.soort is Soort.GEWICHTEN:
            self._check_weights(waarde)

    def _check_number(self, waarde: Any, place: str) -> None:
        whole = isinstance(waarde, int) and not isinstance(waarde, bool)
        if not whole or not self.least <= waarde <= self.most:
            raise RuleViolation(f"Vul {self.grenzen} in.", place)

    def _check_weights(self, waarde: Any) -> None:
        if not isinstance(waarde, dict) or waarde.keys() - self.keuzes.keys():
            raise RuleViolation("Kies een van de genoemde onderdelen.", "waarde")
        for word, weight in waarde.items():
            self._check_number(weight, f"waarde_{word}")

    @property
    def grenzen(self) -> str:
        """Between which values it may lie, in words."""
        if self.soort is Soort.BEDRAG:
            return f"een bedrag van {bedrag(self.least)} tot en met {bedrag(self.most)}"
        return f"een getal van {self.least} tot en met {self.most}"

    def in_words(self, waarde: Any) -> str:
        """Say a value as it stands on a page."""
        if waarde is None:
            return "Niet ingesteld"
        if self.soort is Soort.JA_NEE:
            return "Ja" if waarde else "Nee"
        if self.soort is Soort.BEDRAG:
            return bedrag(waarde)
        if self.soort is Soort.GEWICHTEN:
            named = [
                f"{label} {waarde[word]}%"
                for word, label in self.keuzes.items()
                if word in waarde
            ]
            return ", ".join(named) or "Alles telt voor 100%"
        eenheid = ENKELVOUD.get(self.eenheid, "") if waarde == 1 else ""
        return f"{waarde} {eenheid or self.eenheid}".strip()


ENKELVOUD = {
    "dagen": "dag",
    "maanden": "maand",
    "minuten": "minuut",
    "pogingen": "poging",
    "weken": "week",
    "werkdagen": "werkdag",
    "zaken": "zaak",
}
"""What one of something is called."""


def _check_text(waarde: Any) -> None:
    if not isinstance(waarde, str) or not waarde.strip() or len(waarde) > LONGEST:
        raise RuleViolation(
            f"Vul een tekst in van ten hoogste {LONGEST} tekens.", "waarde"
        )
