"""Every rule a gemeente sets herself: what it means, its bounds and where it is from.

A house test holds this list against the code: a key that is asked for somewhere and
does not stand here is an error.
"""

from collections.abc import Mapping
from types import MappingProxyType

from loket.accounts.norm import Norm, Soort
from loket.accounts.norm_rechten import rechten_normen
from loket.accounts.norm_reservekopie import kopie_normen
from loket.accounts.norm_toezicht import toezicht_normen
from loket.errors import LoketError

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
BESLUIT, TERMIJN, WERK, LEVERING, BEVEILIGING, BEWAREN = (
    "Besluiten",
    "Signalen en termijnen",
    "Werk verdelen",
    "Hulp en aanbieders",
    "Beveiliging",
    "Bewaren en vernietigen",
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
    *kopie_normen(BEVEILIGING),
    *rechten_normen("Rechten van inwoners"),
    *toezicht_normen(BEVEILIGING),
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
    Norm(
        "bewaren_wijziging_jaren",
        "Bewaren na de laatste wijziging",
        "Zo veel jaar na de laatste wijziging van de persoonsgegevens mag een dossier"
        " weg. Korter dan 15 jaar mag niet van de wet.",
        Soort.GETAL,
        BEWAREN,
        bron="Wmo art. 5.3.4",
        eenheid="jaar",
        least=15,
        most=100,
        standaard=15,
    ),
    *(
        Norm(
            f"bewaren_{resultaat}_jaren",
            f"Bewaren na het einde: {label}",
            "Zo veel jaar na het einde van de zaak mag een dossier weg. Ligt de dag na"
            " de laatste wijziging later? Dan geldt die.",
            Soort.GETAL,
            BEWAREN,
            bron="Selectielijst gemeenten 2020, procestype 8",
            eenheid="jaar",
            least=1,
            most=100,
            standaard=jaren,
        )
        for resultaat, label, jaren in (
            ("verstrekt", "voorziening verstrekt", 15),
            ("geweigerd", "aanvraag geweigerd", 5),
            ("afgebroken", "zaak afgebroken", 1),
        )
    ),
    *(
        Norm(
            f"selectielijst_{resultaat}",
            f"Code in de selectielijst: {label}",
            "Het nummer van dit resultaat. Vraag het de gemeentearchivaris. Het staat"
            " op de vernietigingslijst en in de verklaring.",
            Soort.TEKST,
            BEWAREN,
            bron="Archiefwet",
            standaard="nog niet bekend",
        )
        for resultaat, label in (
            ("verstrekt", "voorziening verstrekt"),
            ("geweigerd", "aanvraag geweigerd"),
            ("afgebroken", "zaak afgebroken"),
        )
    ),
    Norm(
        "bewaren_cak_svb_jaren",
        "Bewaren door CAK en SVB",
        "Zo lang bewaren het CAK en de SVB hun eigen gegevens. Staat in de brief aan"
        " wie om vernietiging vraagt.",
        Soort.GETAL,
        BEWAREN,
        bron="Wmo art. 5.3.4",
        eenheid="jaar",
        least=1,
        most=100,
        standaard=7,
    ),
    Norm(
        "vernietiging_bedenktijd_dagen",
        "Bedenktijd voor vernietigen",
        "Zo veel dagen na de goedkeuring wordt een vernietigingslijst uitgevoerd. Tot"
        " dan kan wie eraan meewerkte hem tegenhouden.",
        Soort.GETAL,
        BEWAREN,
        eenheid="dagen",
        least=1,
        most=90,
        standaard=7,
    ),
    Norm(
        "vernietigingslijst_vanzelf",
        "Loket stelt zelf een vernietigingslijst voor",
        "Bij ja maakt Loket een lijst zodra de bewaartermijn van een dossier voorbij"
        " is. Er wordt niets vernietigd zonder twee mensen.",
        Soort.JA_NEE,
        BEWAREN,
        standaard=False,
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
