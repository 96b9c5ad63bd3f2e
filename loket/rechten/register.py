"""What of the database goes into the copy for a resident, and what does not, and why.

A test walks every table that leads to a person or a dossier: one that stands in none of
these lists, fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Onderdeel:
    """One table as the resident reads of it."""

    tabel: str
    titel: str
    hoofdstuk: str


WIE = "Wie u bent"
VRAAG = "Uw vraag en het onderzoek"
BESLUIT = "Besluiten en voorzieningen"
HULP = "Uw hulp en de aanbieder"
CONTACT = "Contact, post en notities"
WERK = "Hoe wij eraan werkten"
RECHTEN = "Uw rechten"

_TITELS: Mapping[str, Mapping[str, str]] = {
    WIE: {
        "inwoner": "Uw gegevens",
        "gegevenswijziging": "Wat aan uw gegevens is veranderd",
        "samenvoeging": "Dubbele gegevens die zijn samengevoegd",
        "huishouden": "Uw huishouden",
        "huishouden_lid": "Uw plaats in het huishouden",
        "dossier": "Uw dossiers",
        "betrokkene": "Wie er in een dossier staat",
        "dossier_toegang": "Wie een afgeschermd dossier mag zien",
    },
    VRAAG: {
        "melding": "Meldingen",
        "behoefte": "Waar u hulp bij nodig hebt",
        "onderzoek": "Onderzoeken",
        "gepland_gesprek": "Geplande gesprekken",
        "gesprek": "Gesprekken",
        "gesprek_deelname": "Wat er in een gesprek is gezegd",
        "onderwerp": "Onderwerpen van het onderzoek",
        "leefgebied": "Leefgebieden",
        "oplossing": "Oplossingen die zijn besproken",
        "resultaatafspraak": "Afspraken over het resultaat",
        "resultaat_score": "Scores van het resultaat",
        "verslag": "Verslagen",
        "heronderzoek": "Heronderzoek van een voorziening",
    },
    BESLUIT: {
        "aanvraag": "Aanvragen",
        "aanvraag_item": "Wat is aangevraagd",
        "opschorting": "Wanneer de termijn stilstond",
        "beschikking": "Beschikkingen",
        "beschikking_aanvraag": "Welke aanvraag bij een beschikking hoort",
        "besluitregel": "Wat is besloten",
        "bezwaar": "Bezwaren",
        "beroep": "Beroepen bij de rechter",
        "voorziening": "Voorzieningen",
        "voorziening_regel": "Hoeveel en hoe lang",
        "voorziening_resultaat": "Welk resultaat bij een voorziening hoort",
        "medegerechtigde": "Wie ook recht heeft op een voorziening",
        "pgb": "Persoonsgebonden budget (pgb)",
        "pgb_toets": "Toetsing van het pgb",
        "budgetregel": "Budget van het pgb",
        "zorgovereenkomst": "Wie de hulp uit het pgb geeft",
    },
    HULP: {
        "plaatsingsverzoek": "Vragen aan een aanbieder",
        "toewijzing": "Hulp die is toegewezen",
        "deling": "Welke aanbieder uw gegevens kon zien",
        "overlegregel": "Berichten met een aanbieder",
        "startvoorstel": "Voorstellen voor de eerste dag",
        "contactpoging": "Keren dat een aanbieder contact zocht",
        "leveringsvraag": "Vragen over de hulp",
        "bericht": "Elektronische berichten (iWmo)",
        "verzoek": "Verzoeken van een aanbieder",
    },
    CONTACT: {
        "contactmoment": "Contact met u",
        "terugbelverzoek": "Verzoeken om terug te bellen",
        "terugbelpoging": "Keren dat wij terugbelden",
        "document": "Documenten en brieven",
        "poststuk": "Post die binnenkwam",
        "notitie": "Notities",
        "notitie_versie": "Wat er in de notities staat",
    },
    WERK: {
        "taak": "Taken van medewerkers",
        "toedeling": "Wie uw dossier behandelde",
        "draft": "Concepten van medewerkers",
        "noodtoegang": "Keren dat iemand met spoed in uw afgeschermde dossier keek",
        "vernietigingsstop": "Redenen om een dossier langer te bewaren",
        "vernietigingsregel": "Wat op een vernietigingslijst staat",
    },
    RECHTEN: {
        "toestemming": "Toestemmingen",
        "inzageverzoek": "Verzoeken om inzage",
        "weglating": "Wat eerder is weggelaten",
        "afschrift": "Afschriften die zijn gemaakt",
        "correctieverzoek": "Verzoeken om correctie",
        "verklaring": "Wat u aan een tekst toevoegde",
        "vernietigingsverzoek": "Verzoeken om te vernietigen",
    },
}
ONDERDELEN: Mapping[str, Onderdeel] = {
    tabel: Onderdeel(tabel, titel, hoofdstuk)
    for hoofdstuk, titels in _TITELS.items()
    for tabel, titel in titels.items()
}
"""By table, in the order in which it is read."""

LOGBOEK = frozenset({"audit_record", "audit_subject"})
"""Who looked: it stands in a chapter of its own, without names of employees."""

NIET: Mapping[str, str] = {
    "werkvoorraad": "Een kopie van wat in melding, onderzoek en besluit staat, om"
    " lijsten snel te tonen; heeft geen eigen gegevens.",
    "search_token": "Sleutels om een naam te vinden, gemaakt uit de gegevens zelf; er"
    " is niets uit te lezen.",
    "search_unique": "Sleutels om een BSN te vinden, gemaakt uit het BSN zelf; er is"
    " niets uit te lezen.",
    "vernietigingslijst": "Een lijst over veel dossiers; wat er over een dossier of een"
    " persoon op staat, is een regel, en die staat in het afschrift.",
    "inzagesignaal": "Toezicht op wat medewerkers bekijken; gaat over een medewerker.",
    "inzagesignaalregel": "Welke regel van het logboek bij een signaal hoort; die regel"
    " staat zelf bij wie keek.",
    "medewerkerkaart": "Gegevens van een medewerker, om te zien of iemand in het eigen"
    " dossier kijkt; gaat niet over een inwoner als inwoner.",
    "promise": "Werk dat nog moet gebeuren, met alleen nummers; wat eruit volgt, staat"
    " in het afschrift.",
}
"""Tables that lead to a person or a dossier and are left out, each with the reason."""

ZONDER = frozenset(
    {
        ("afschrift", "gegevens"),
        ("afschrift", "leesbaar"),
        ("afschrift", "pdf"),
        ("afschrift", "bundel"),
    }
)
"""Content of an earlier copy: it would hold itself."""

ALLEEN: Mapping[str, frozenset[str]] = {
    "pgb": frozenset({"beheerder_id", "van", "tot", "granted_at"}),
    "contactmoment": frozenset({"kanaal", "uitkomst", "at", "tekst"}),
    "betrokkene": frozenset({"rol", "bevoegdheid", "van", "tot"}),
    "medegerechtigde": frozenset({"inwoner_id", "van", "tot"}),
    "terugbelverzoek": frozenset(
        {"naam", "telefoon", "notitie", "made_at", "done_at", "uiterlijk"}
    ),
}
"""Of a row in the dossier of somebody else only this is about the person."""
