"""What page and verslag call the codes of this chapter, in Dutch at level B1."""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs
from loket.cases.onderzoek.oplossing import Leveringsvorm, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.cases.onderzoek.verslag import Reactie
from loket.cases.producten.product import Frequentie

T = TypeVar("T", bound=StrEnum)

VORM = MappingProxyType(
    {
        GesprekVorm.THUIS: "Bij de cliënt thuis",
        GesprekVorm.LOKET: "Aan het loket",
        GesprekVorm.TELEFOON: "Telefonisch",
        GesprekVorm.BEELDBELLEN: "Beeldbellen",
    }
)
BEWIJS = MappingProxyType(
    {
        Identiteitsbewijs.PASPOORT: "Paspoort",
        Identiteitsbewijs.IDENTITEITSKAART: "Identiteitskaart",
        Identiteitsbewijs.VREEMDELINGENDOCUMENT: "Vreemdelingendocument",
        Identiteitsbewijs.RIJBEWIJS: "Rijbewijs",
    }
)
VRAGEN = MappingProxyType(
    {
        Letter.BEHOEFTEN: "Wat lukt niet goed, wat is er nodig en wat wil de cliënt?",
        Letter.EIGEN_KRACHT: (
            "Wat kan de cliënt zelf? Wat doen huisgenoten, zoals dat gebruikelijk is?"
        ),
        Letter.NETWERK: "Wie helpt er al? Wie kan er nog helpen?",
        Letter.MANTELZORG: "Houdt de mantelzorger het vol? Wat is daarvoor nodig?",
        Letter.ALGEMENE_VOORZIENING: (
            "Helpt iets dat voor iedereen is, zoals een maaltijddienst of buurthuis?"
        ),
        Letter.SAMENWERKING: (
            "Wat doen of kunnen zorgverzekeraar, huisarts, wijkverpleging, welzijn,"
            " wonen of werk en inkomen? Past zorg uit de Wlz beter?"
        ),
        Letter.BIJDRAGE: "Wat gaat de ondersteuning de cliënt kosten?",
    }
)
LEEFGEBIED = MappingProxyType(
    {
        LeefgebiedSoort.FINANCIEN: "Geldzaken",
        LeefgebiedSoort.DAGBESTEDING: "Dagbesteding",
        LeefgebiedSoort.HUISVESTING: "Wonen",
        LeefgebiedSoort.HUISELIJKE_RELATIES: "Relaties in huis",
        LeefgebiedSoort.GEESTELIJKE_GEZONDHEID: "Geestelijke gezondheid",
        LeefgebiedSoort.LICHAMELIJKE_GEZONDHEID: "Lichamelijke gezondheid",
        LeefgebiedSoort.VERSLAVING: "Verslaving",
        LeefgebiedSoort.DAGELIJKS_LEVEN: "Het dagelijks leven",
        LeefgebiedSoort.SOCIAAL_NETWERK: "Mensen om de cliënt heen",
        LeefgebiedSoort.MAATSCHAPPELIJKE_PARTICIPATIE: "Meedoen",
        LeefgebiedSoort.JUSTITIE: "Politie en justitie",
    }
)
OPLOSSING = MappingProxyType(
    {
        OplossingSoort.EIGEN_KRACHT: "Eigen kracht",
        OplossingSoort.GEBRUIKELIJKE_HULP: "Gebruikelijke hulp van huisgenoten",
        OplossingSoort.NETWERK: "Mantelzorg of netwerk",
        OplossingSoort.ALGEMEEN_GEBRUIKELIJK: "Algemeen gebruikelijk (gewoon te koop)",
        OplossingSoort.ALGEMENE_VOORZIENING: "Algemene voorziening",
        OplossingSoort.ANDERE_WET: "Een andere wet",
        OplossingSoort.MAATWERK: "Maatwerkvoorziening",
    }
)
LEVERING = MappingProxyType(
    {
        Leveringsvorm.NATURA: "In natura: de gemeente regelt het",
        Leveringsvorm.PGB: "Pgb: de cliënt regelt het zelf",
    }
)
FREQUENTIE = MappingProxyType(
    {
        Frequentie.DAG: "per dag",
        Frequentie.WEEK: "per week",
        Frequentie.MAAND: "per maand",
        Frequentie.TOTAAL: "in totaal",
    }
)
REACTIE = MappingProxyType(
    {
        Reactie.AKKOORD: "Akkoord",
        Reactie.AKKOORD_MET_OPMERKINGEN: "Akkoord, met opmerkingen",
        Reactie.NIET_AKKOORD: "Niet akkoord",
    }
)
BEOORDELAAR = MappingProxyType(
    {
        Beoordelaar.CLIENT: "Cliënt",
        Beoordelaar.AANBIEDER: "Aanbieder",
        Beoordelaar.CONSULENT: "Consulent",
    }
)
SCHAAL = MappingProxyType(
    {
        1: "1: lukt helemaal niet",
        2: "2: lukt een beetje",
        3: "3: lukt half",
        4: "4: lukt bijna",
        5: "5: lukt helemaal",
    }
)
AFSLUITING = MappingProxyType(
    {
        Afsluitreden.EIGEN_KRACHT: "De cliënt lost het zelf op",
        Afsluitreden.NETWERK: "Mensen om de cliënt heen helpen",
        Afsluitreden.ALGEMENE_VOORZIENING: "Een algemene voorziening helpt genoeg",
        Afsluitreden.ANDERE_WET: "De cliënt krijgt hulp uit een andere wet",
        Afsluitreden.INGETROKKEN: "De cliënt trekt de melding in",
        Afsluitreden.GEEN_CONTACT: "Er is geen contact te krijgen",
        Afsluitreden.VERHUISD: "De cliënt is verhuisd naar een andere gemeente",
        Afsluitreden.OVERLEDEN: "De cliënt is overleden",
    }
)
AFSLUITBRIEF = MappingProxyType(
    {
        Afsluitreden.EIGEN_KRACHT: (
            "Wij hebben met u gesproken. Daaruit blijkt dat u het zelf kunt oplossen."
            " Daarvoor heeft u geen ondersteuning van ons nodig."
        ),
        Afsluitreden.NETWERK: (
            "Wij hebben met u gesproken. Daaruit blijkt dat mensen om u heen u kunnen"
            " helpen. Daarvoor heeft u geen ondersteuning van ons nodig."
        ),
        Afsluitreden.ALGEMENE_VOORZIENING: (
            "Wij hebben met u gesproken. Daaruit blijkt dat u geholpen bent met een"
            " voorziening die voor iedereen is. U hoeft die niet bij ons aan te vragen."
        ),
        Afsluitreden.ANDERE_WET: (
            "Wij hebben met u gesproken. Daaruit blijkt dat u hulp kunt krijgen uit een"
            " andere wet, bijvoorbeeld van uw zorgverzekeraar of uit de Wet langdurige"
            " zorg."
        ),
        Afsluitreden.INGETROKKEN: (
            "U heeft ons laten weten dat u de ondersteuning niet meer nodig heeft."
        ),
        Afsluitreden.GEEN_CONTACT: (
            "Wij hebben geprobeerd om met u te praten. Dat is niet gelukt. Daarom"
            " kunnen wij niet onderzoeken wat u nodig heeft."
        ),
        Afsluitreden.VERHUISD: (
            "U woont niet meer in onze gemeente. Heeft u ondersteuning nodig? Meld dit"
            " dan bij uw nieuwe gemeente."
        ),
    }
)
STATUS = MappingProxyType(
    {
        "bezig": ("Bezig", "info"),
        "afgerond": ("Afgerond", "success"),
        "gesloten": ("Gesloten zonder aanvraag", "neutral"),
    }
)


def opties(words: "MappingProxyType[T, str]") -> list[tuple[str, str]]:
    """Return codes with their words, as a select or radios want them."""
    return [(code.value, text) for code, text in words.items()]


def keuzes(behoeften: Iterable[Behoefte]) -> list[tuple[UUID, str]]:
    """Return needs with what they are about, as radios want them."""
    return [(each.id, str(each.omschrijving)) for each in behoeften]
