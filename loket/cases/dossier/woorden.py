"""The coded words of this chapter as they stand on a screen."""

from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import (
    Aanleiding,
    Afsluitreden,
    BetrokkeneRol,
    Bevoegdheid,
    Fase,
)
from loket.cases.dossier.inwoner import Geslacht
from loket.cases.dossier.product import Domein
from loket.cases.dossier.taak import TaakSoort

KANAAL = {
    Kanaal.BALIE: "Balie",
    Kanaal.TELEFOON: "Telefoon",
    Kanaal.POST: "Post",
    Kanaal.EMAIL: "E-mail",
    Kanaal.PORTAAL: "Portaal",
    Kanaal.HUISBEZOEK: "Huisbezoek",
    Kanaal.AANBIEDER: "Via een aanbieder",
    Kanaal.VERWIJZER: "Via een verwijzer",
}
UITKOMST = {
    Uitkomst.INFORMATIE: "Informatie gegeven",
    Uitkomst.DOORVERWIJZING: "Doorverwezen",
    Uitkomst.OVER_VOORZIENING: "Over een voorziening die er al is",
    Uitkomst.MELDING: "Melding",
}
DOCUMENT = {
    DocumentSoort.ONTVANGSTBEVESTIGING: "Ontvangstbevestiging",
    DocumentSoort.ONDERZOEKSVERSLAG: "Onderzoeksverslag",
    DocumentSoort.AFSLUITBRIEF: "Afsluitbrief",
    DocumentSoort.BESCHIKKING: "Beschikking",
    DocumentSoort.PERSOONLIJK_PLAN: "Persoonlijk plan",
    DocumentSoort.INGEKOMEN: "Ingekomen stuk",
}
AANLEIDING = {
    Aanleiding.MELDING: "Melding",
    Aanleiding.HERONDERZOEK: "Heronderzoek",
    Aanleiding.OVERNAME: "Overgenomen",
}
AFSLUITREDEN = {
    Afsluitreden.EIGEN_KRACHT: "Lost het zelf op",
    Afsluitreden.NETWERK: "Hulp van naasten",
    Afsluitreden.ALGEMENE_VOORZIENING: "Algemene voorziening",
    Afsluitreden.ANDERE_WET: "Hulp uit een andere wet",
    Afsluitreden.INGETROKKEN: "Ingetrokken",
    Afsluitreden.GEEN_CONTACT: "Geen contact gekregen",
    Afsluitreden.VERHUISD: "Verhuisd",
    Afsluitreden.OVERLEDEN: "Overleden",
    Afsluitreden.BESLUIT_UITGEVOERD: "Besluit uitgevoerd",
}
ROL = {
    BetrokkeneRol.CLIENT: "Cliënt",
    BetrokkeneRol.MELDER: "Melder",
    BetrokkeneRol.VERTEGENWOORDIGER: "Vertegenwoordiger",
    BetrokkeneRol.MANTELZORGER: "Mantelzorger",
    BetrokkeneRol.HUISGENOOT: "Huisgenoot",
    BetrokkeneRol.CONTACTPERSOON: "Contactpersoon",
}
BEVOEGDHEID = {
    Bevoegdheid.CURATOR: "Curator",
    Bevoegdheid.MENTOR: "Mentor",
    Bevoegdheid.GEVOLMACHTIGDE: "Gevolmachtigde",
    Bevoegdheid.PARTNER: "Partner",
    Bevoegdheid.FAMILIE: "Familie",
    Bevoegdheid.GEEN: "Geen bevoegdheid",
}
FASE = {
    Fase.NIEUW: "Nieuw",
    Fase.ONDERZOEK: "Onderzoek",
    Fase.WACHT_OP_CLIENT: "Wacht op cliënt",
    Fase.AANVRAAG: "Aanvraag",
    Fase.BESLUIT: "Besluit",
    Fase.BEKENDMAKEN: "Bekendmaken",
    Fase.PLAATSEN: "Plaatsen",
    Fase.LEVERING: "Levering",
    Fase.BESLOTEN: "Besloten",
    Fase.GESLOTEN: "Gesloten",
}
GESLACHT = {
    Geslacht.VROUW: "Vrouw",
    Geslacht.MAN: "Man",
    Geslacht.ONGESPECIFICEERD: "Anders",
    Geslacht.ONBEKEND: "Onbekend",
}
DOMEIN = {
    Domein.HUISVESTING: "Huisvesting",
    Domein.HUISHOUDELIJKE_HULP: "Huishoudelijke hulp",
    Domein.ZORG: "Zorg en begeleiding",
    Domein.DAGBESTEDING: "Dagbesteding",
    Domein.VERVOER: "Vervoer",
    Domein.HULPMIDDELEN: "Hulpmiddelen",
}


def taak_woord(soort: TaakSoort) -> str:
    """Say what a task asks; its code reads as words."""
    return soort.value.replace("_", " ").capitalize()
