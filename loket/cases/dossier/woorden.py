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
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.inwoner import Geslacht
from loket.cases.dossier.noodtoegang import Noodgrond, Oordeel
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.terugbelverzoek import Wie
from loket.cases.dossier.toedeling import Toedelingreden
from loket.cases.dossier.toestemming import GegevenDoor, Wijze

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
    Uitkomst.REPARATIE: "Hulpmiddel kapot of reparatie nodig",
    Uitkomst.HULP_KOMT_NIET: "Hulp komt niet",
    Uitkomst.KLACHT: "Klacht",
    Uitkomst.ANDERS: "Iets anders",
    Uitkomst.MELDING: "Melding",
}
DOCUMENT = {
    DocumentSoort.ONTVANGSTBEVESTIGING: "Ontvangstbevestiging",
    DocumentSoort.ONDERZOEKSVERSLAG: "Onderzoeksverslag",
    DocumentSoort.AFSLUITBRIEF: "Afsluitbrief",
    DocumentSoort.BESCHIKKING: "Beschikking",
    DocumentSoort.PERSOONLIJK_PLAN: "Persoonlijk plan",
    DocumentSoort.INGEKOMEN: "Ingekomen stuk",
    DocumentSoort.VERNIETIGINGSBESLUIT: "Besluit over vernietigen",
    DocumentSoort.CORRECTIEBRIEF: "Brief over een correctie",
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
FASE_INWONER = {
    Fase.NIEUW: "Uw melding is binnen",
    Fase.ONDERZOEK: "Wij onderzoeken uw vraag",
    Fase.WACHT_OP_CLIENT: "Wij wachten op uw reactie",
    Fase.AANVRAAG: "Uw aanvraag is binnen",
    Fase.BESLUIT: "Wij nemen een besluit",
    Fase.BEKENDMAKEN: "U krijgt een brief met ons besluit",
    Fase.PLAATSEN: "Wij zoeken een aanbieder",
    Fase.LEVERING: "U krijgt ondersteuning",
    Fase.BESLOTEN: "Het besluit is genomen",
    Fase.GESLOTEN: "Afgerond",
}
"""What the cliënt is told: no word of the procedure."""
FASE_WET = {
    Fase.NIEUW: "Melding (Wmo 2.3.2 lid 1)",
    Fase.ONDERZOEK: "Onderzoek (Wmo 2.3.2)",
    Fase.WACHT_OP_CLIENT: "Verslag gegeven (Wmo 2.3.2 lid 8)",
    Fase.AANVRAAG: "Aanvraag (Wmo 2.3.2 lid 9)",
    Fase.BESLUIT: "Beschikking (Wmo 2.3.5 lid 2)",
    Fase.BEKENDMAKEN: "Bekendmaking (Awb 3:41)",
    Fase.PLAATSEN: "Toewijzing (UR Wmo 3j)",
    Fase.LEVERING: "Maatwerkvoorziening (Wmo 2.3.5 lid 3)",
    Fase.BESLOTEN: "Beschikking bekendgemaakt (Awb 3:41)",
    Fase.GESLOTEN: "Dossier bewaard (Wmo 5.3.4)",
}
"""The official term with its article."""
TERUGBELLEN = {
    Wie.ALLE: "Alles wat bij mij hoort",
    Wie.MIJ: "Voor mij en wie ik vervang",
    Wie.TEAM: "Voor mijn team",
    Wie.ROL: "Voor mijn rol",
    Wie.GEVRAAGD: "Door mij gevraagd",
}
TOEDELINGREDEN = {
    Toedelingreden.VERDELING: "Nieuwe zaak verdelen",
    Toedelingreden.WERKDRUK: "Werk eerlijker verdelen",
    Toedelingreden.AFWEZIGHEID: "Consulent is afwezig",
    Toedelingreden.DESKUNDIGHEID: "Andere kennis nodig",
    Toedelingreden.WENS_CLIENT: "Wens van de cliënt",
    Toedelingreden.BETROKKENHEID: "Consulent kent de cliënt",
    Toedelingreden.UIT_DIENST: "Consulent is uit dienst",
    Toedelingreden.VERGISSING: "Per vergissing toegedeeld",
}
GESLACHT = {
    Geslacht.VROUW: "Vrouw",
    Geslacht.MAN: "Man",
    Geslacht.ONGESPECIFICEERD: "Anders",
    Geslacht.ONBEKEND: "Onbekend",
}
NOTITIE = {
    NotitieSoort.WERKNOTITIE: "Werknotitie",
    NotitieSoort.BELAFSPRAAK: "Belafspraak",
    NotitieSoort.OVERLEG: "Overleg",
    NotitieSoort.AANDACHTSPUNT: "Aandachtspunt",
}
HERKOMST = {
    Herkomst.INWONER: "De inwoner zelf",
    Herkomst.LOKET: "Het loket",
    Herkomst.NETWERK: "Familie, mantelzorger of bekende",
    Herkomst.AANBIEDER: "Een aanbieder van de Wmo",
    Herkomst.JEUGD: "Jeugdhulp van de gemeente (Jeugdwet)",
    Herkomst.PARTICIPATIE: "Werk en inkomen (Participatiewet)",
    Herkomst.SCHULDHULP: "Schuldhulp van de gemeente",
    Herkomst.ZORGVERZEKERAAR: "De zorgverzekeraar",
    Herkomst.ZORGAANBIEDER: "Een zorgaanbieder, zoals de huisarts",
    Herkomst.CIZ: "Het CIZ (indicatie Wlz)",
    Herkomst.ANDERS: "Iemand anders",
}
GEGEVEN_DOOR = {
    GegevenDoor.INWONER: "De inwoner",
    GegevenDoor.VERTEGENWOORDIGER: "De vertegenwoordiger",
}
WIJZE = {
    Wijze.FORMULIER: "Met een formulier",
    Wijze.GESPREK: "In een gesprek",
    Wijze.TELEFOON: "Per telefoon",
    Wijze.BRIEF: "Met een brief",
}

GEGEVENS = {
    "achternaam": "Achternaam",
    "voorvoegsel": "Voorvoegsel",
    "voorletters": "Voorletters",
    "geboortedatum": "Geboortedatum",
    "geslacht": "Geslacht",
    "straat": "Straat",
    "huisnummer": "Huisnummer",
    "huisletter": "Huisletter",
    "toevoeging": "Toevoeging",
    "postcode": "Postcode",
    "woonplaats": "Woonplaats",
    "telefoon": "Telefoonnummer",
    "email": "E-mailadres",
    "contactwens": "Veilig contact",
    "taal": "Taal",
    "postadres": "Postadres",
    "geheimhouding": "Het adres is geheim",
}
"""What is known of a person, as the form that corrects it calls it."""
SAMENVOEGREDEN = {
    SamenvoegReden.DUBBEL_INGEVOERD: "Twee keer ingevoerd",
    SamenvoegReden.NAAM_VERANDERD: "De naam is veranderd",
    SamenvoegReden.BSN_LATER_BEKEND: "Het BSN werd later bekend",
}
VERGELEKEN = {
    "naam": "Naam",
    "partnernaam": "Naam van de partner",
    "geboortedatum": "Geboren",
    "bsn": "BSN",
    "adres": "Adres",
    "telefoon": "Telefoon",
    "email": "E-mail",
}
"""What two people are compared by, and what each is called."""

AFDRUK = {
    "gegevens": "Gegevens van de cliënt en de mensen daaromheen",
    "termijnen": "Termijnen, met de uitleg van de datum",
    "stand": "Melding, onderzoek, besluit en hulp",
    "verloop": "Verloop",
    "documenten": "Lijst van documenten",
    "contact": "Contactmomenten",
    "notities": "Notities",
}
"""The parts of a dossier that can be printed."""


def taak_woord(soort: TaakSoort) -> str:
    """Say what a task asks; its code reads as words."""
    return soort.value.replace("client", "cliënt").replace("_", " ").capitalize()


NOODGROND = {
    Noodgrond.GEVAAR: "Er is gevaar voor de inwoner of iemand anders",
    Noodgrond.HULP_VALT_WEG: "De hulp valt nu weg",
    Noodgrond.INWONER_MELDT_ZICH: "De inwoner is hier of belt, en heeft nu hulp nodig",
    Noodgrond.TERMIJN_VERLOOPT: "Een termijn loopt vandaag af",
}
OORDEEL = {
    Oordeel.TERECHT: "Terecht",
    Oordeel.ONTERECHT: "Onterecht",
    Oordeel.NAGEVRAAGD: "Nagevraagd en uitgelegd",
}
