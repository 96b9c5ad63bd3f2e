"""Every rule a gemeente sets herself: what it means, its bounds and where it is from.

A house test holds this list against the code: a key that is asked for somewhere and
does not stand here is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from loket.errors import LoketError, RuleViolation
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


FASEN = {
    "nieuw": "Nieuw",
    "onderzoek": "Onderzoek",
    "wacht_op_client": "Wacht op cliënt",
    "aanvraag": "Aanvraag",
    "besluit": "Besluit",
    "bekendmaken": "Bekendmaken",
    "plaatsen": "Plaatsen",
    "levering": "Levering",
    "besloten": "Besloten",
}
"""Phases of a dossier that is open, as the worklist calls them."""
BESLUIT, TERMIJN, WERK, LEVERING, BEVEILIGING = (
    "Besluiten",
    "Signalen en termijnen",
    "Werk verdelen",
    "Hulp en aanbieders",
    "Beveiliging",
)


def _signaal(sleutel: str, label: str, uitleg: str, dagen: int) -> Norm:
    return Norm(
        sleutel,
        label,
        uitleg,
        Soort.GETAL,
        TERMIJN,
        eenheid="dagen",
        least=1,
        most=365,
        standaard=dagen,
    )


NORMEN: tuple[Norm, ...] = (
    Norm(
        "verordening",
        "Verordening die geldt",
        "Komt op elke nieuwe beschikking. Wijzigt de raad de verordening? Zet dan hier"
        " de nieuwe versie met de dag waarop die ingaat.",
        Soort.TEKST,
        BESLUIT,
        bron="Wmo art. 2.1.3",
    ),
    Norm(
        "vier_ogen",
        "Tweede persoon kijkt een beschikking na",
        "Bij ja kan wie de beschikking opstelde, niet besluiten voordat een collega"
        " haar heeft nagekeken.",
        Soort.JA_NEE,
        BESLUIT,
        standaard=False,
    ),
    Norm(
        "bezwaarcommissie",
        "Een commissie adviseert over bezwaar",
        "Met een commissie is de termijn om op bezwaar te beslissen 12 weken, zonder"
        " commissie 6 weken.",
        Soort.JA_NEE,
        BESLUIT,
        bron="Awb art. 7:10 en 7:13",
        standaard=False,
    ),
    Norm(
        "eigen_bijdrage_cent",
        "Eigen bijdrage per maand",
        "Het bedrag in de brief over de eigen bijdrage. Niets ingesteld? Dan geldt het"
        " landelijke maximum van dat jaar. Lager mag, hoger niet.",
        Soort.BEDRAG,
        BESLUIT,
        bron="Wmo art. 2.1.4a",
        most=10_000,
        jaarlijks=True,
    ),
    _signaal(
        "signaal_termijn_dagen",
        "Signaal voor een wettelijke termijn",
        "Zo veel dagen voor de laatste dag ziet de consulent de termijn bij Vandaag.",
        14,
    ),
    _signaal(
        "signaal_meetmoment_dagen",
        "Signaal voor een meetmoment",
        "Zo veel dagen voor het meetmoment van een resultaatafspraak komt een signaal.",
        7,
    ),
    _signaal(
        "signaal_indicatie_dagen",
        "Signaal voor het einde van een voorziening",
        "Zo veel dagen voor het einde van een voorziening komt een signaal, zodat een"
        " heronderzoek op tijd begint.",
        56,
    ),
    _signaal(
        "signaal_pgb_dagen",
        "Signaal voor het einde van een pgb",
        "Zo veel dagen voor het einde van een pgb komt een signaal.",
        56,
    ),
    Norm(
        "concept_bewaren_dagen",
        "Concepten bewaren",
        "Zo lang blijft een concept bewaard waar niemand meer aan werkt. Daarna wordt"
        " het vernietigd.",
        Soort.GETAL,
        TERMIJN,
        bron="AVG art. 5 lid 1 onder e",
        eenheid="dagen",
        least=1,
        most=90,
        standaard=14,
    ),
    *(
        Norm(
            sleutel,
            label,
            uitleg,
            Soort.GETAL,
            WERK,
            eenheid="werkdagen",
            most=20,
            standaard=standaard,
        )
        for sleutel, label, uitleg, standaard in (
            (
                "terugbellen_werkdagen",
                "Termijn om terug te bellen",
                "Binnen zo veel werkdagen belt iemand terug. 0 is vandaag nog.",
                2,
            ),
            (
                "terugbellen_spoed_werkdagen",
                "Termijn om terug te bellen bij spoed",
                "Binnen zo veel werkdagen belt iemand terug als er spoed is.",
                0,
            ),
            (
                "reparatie_werkdagen",
                "Termijn om een reparatie te regelen",
                "Zo veel werkdagen na het contact staat de taak over een kapot"
                " hulpmiddel op te laat.",
                3,
            ),
            (
                "hulp_komt_niet_werkdagen",
                "Termijn als hulp niet komt",
                "Zo veel werkdagen na het contact staat de taak over hulp die niet"
                " komt op te laat.",
                1,
            ),
        )
    ),
    Norm(
        "caseload_norm",
        "Werk dat bij een consulent past",
        "Aantal zaken na weging. De teamleider ziet wie erboven zit.",
        Soort.GETAL,
        WERK,
        eenheid="zaken",
        least=1,
        most=500,
    ),
    Norm(
        "caseload_gewichten",
        "Gewicht van een zaak per fase",
        "Hoe zwaar een zaak in deze fase telt, in procenten. Laat u een fase leeg, dan"
        " telt die voor 100 procent.",
        Soort.GEWICHTEN,
        WERK,
        eenheid="procent",
        most=500,
        standaard=MappingProxyType({}),
        keuzes=FASEN,
    ),
    Norm(
        "api_sleutel_dagen",
        "Herhaalde aanroep van een koppeling herkennen",
        "Zo veel dagen herkent Loket een aanroep die een ander systeem nog een keer"
        " stuurt, zodat niets twee keer gebeurt.",
        Soort.GETAL,
        BEVEILIGING,
        eenheid="dagen",
        least=1,
        most=90,
        standaard=7,
    ),
    Norm(
        "sleutel_twee_kopieen",
        "De hoofdsleutel ligt op twee plaatsen",
        "Zonder de hoofdsleutel is niets meer te lezen. Zeg ja als er twee kopieën"
        " liggen, op twee plaatsen, en iemand heeft geprobeerd of ze werken.",
        Soort.JA_NEE,
        BEVEILIGING,
        bron="BIO",
        standaard=False,
    ),
    Norm(
        "toewijzing_max_weken",
        "Langste duur van een toewijzing per week",
        "Geldt als het recht geen einddatum heeft.",
        Soort.GETAL,
        LEVERING,
        bron="iWmo CD076",
        eenheid="weken",
        least=1,
        most=260,
        standaard=52,
    ),
    Norm(
        "verzoek_antwoord_werkdagen",
        "Antwoord op een plaatsingsverzoek",
        "Zo veel werkdagen heeft een aanbieder om te antwoorden. Daarna ziet de"
        " consulent dat het antwoord te laat is.",
        Soort.GETAL,
        LEVERING,
        eenheid="werkdagen",
        least=1,
        most=30,
        standaard=3,
    ),
    Norm(
        "deling_dagen_na_einde",
        "Gegevens zien na het einde",
        "Zo lang kan een aanbieder nog zien wat is gedeeld, na het einde van de hulp.",
        Soort.GETAL,
        LEVERING,
        bron="Wmo art. 5.2.1",
        eenheid="dagen",
        most=365,
        standaard=30,
    ),
    Norm(
        "onbereikbaar_pogingen",
        "Cliënt niet te bereiken",
        "Na zo veel mislukte pogingen van een aanbieder krijgt de consulent een taak.",
        Soort.GETAL,
        LEVERING,
        eenheid="pogingen",
        least=1,
        most=20,
        standaard=3,
    ),
)
"""In the order in which the pages show them."""
REGISTER: Mapping[str, Norm] = MappingProxyType({each.sleutel: each for each in NORMEN})


def norm_of(sleutel: str) -> Norm:
    """Return the rule with this key.

    Raises:
        LoketError: there is no such rule.
    """
    found = REGISTER.get(sleutel)
    if found is None:
        raise LoketError(f"Er is geen instelling {sleutel}.", "sleutel")
    return found
