"""The grounds and reasons of the trail in Dutch, for whoever reads the logboek."""

import re

from loket.audit.woorden import VERBS, in_words

DEUREN = {
    "aanbieder": "Verzoeken en cliënten van de aanbieder",
    "aanbiederlijst": "Lijsten van de aanbieder",
    "accounts": "Inloggen en eigen gegevens",
    "api-docs": "Uitleg van de koppelingen",
    "archief": "Bewaren en vernietigen",
    "archief_dossier": "Bewaren van een dossier",
    "archief_verzoek": "Verzoeken om vernietiging",
    "beheer": "Beheer en logboek",
    "beschikking": "Beschikking",
    "besluit": "Aanvraag en besluit",
    "besluitregel": "Regels van een beschikking",
    "brieven": "Teksten van brieven",
    "collegas": "Collega's van de aanbieder",
    "contact": "Contact met de inwoner",
    "contracten": "Contracten en tarieven",
    "dossier": "Dossier",
    "gebruikers": "Gebruikers",
    "gemeente": "Gegevens van de gemeente",
    "huisstijl": "Logo en kleuren",
    "instellingen": "Instellingen",
    "intake": "Melding opnemen",
    "invoer": "Bestanden inlezen",
    "inwoner": "Gegevens van een inwoner",
    "inzage": "Wie keek in een dossier",
    "iwmo": "Berichten met aanbieders (iWmo)",
    "levering": "Levering van de hulp",
    "logboek": "Logboek",
    "mandaten": "Mandaat",
    "melding": "Melding",
    "noodtoegang": "Noodtoegang tot een dossier",
    "notitie": "Notities in een dossier",
    "onderzoek": "Onderzoek",
    "onderzoek_behoefte": "Onderzoek: behoeften en oplossingen",
    "onderzoek_bezoek": "Onderzoek: op bezoek",
    "onderzoek_gepland": "Onderzoek: geplande gesprekken",
    "onderzoek_verslag": "Onderzoek: verslag",
    "overleg": "Overleg met een aanbieder",
    "pgb": "Persoonsgebonden budget",
    "plaatsing": "Aanbieder kiezen en toewijzen",
    "post": "Post",
    "producten": "Producten",
    "correctie": "Correctie van gegevens",
    "inzagebesluit": "Besluit op een verzoek om inzage",
    "inzageverzoek": "Verzoek om inzage",
    "reports": "Beleid en cijfers",
    "samenvoegen": "Dubbele inwoners samenvoegen",
    "sleutels": "Sleutels en reservekopieën",
    "stijl": "Huisstijl instellen",
    "taken": "Taken",
    "teams": "Teams",
    "terugbellen": "Terugbellen",
    "toestemming": "Toestemming",
    "vandaag": "Pagina Vandaag",
    "toezicht": "Toezicht op inzage",
    "verdelen": "Werk verdelen",
    "vervanging": "Vervanging",
    "weergaven": "Bewaarde weergaven",
    "weigeringsgronden": "Weigeringsgronden",
    "werkvoorraad": "Werkvoorraad",
}
"""What lies behind the doors of one blueprint; `api_` before it is a program's."""
WEIGERINGEN = {
    "400": "Niet goed gevraagd",
    "403": "Geen toegang",
    "404": "Niet gevonden of geen toegang",
    "409": "Kon niet volgens de regels",
    "503": "Nog niet ingesteld",
}
_LOOKS = frozenset(
    {"compare", "download", "list", "print", "read", "search", "see", "show"}
)
"""How the name of a door begins behind which nothing changes."""
_REFUSED = re.compile(r"([\w-]+)(?:\.(\w+))?:(\d{3})")
_NOOD = "noodtoegang:"
_CODES = re.compile(r"[a-z]+(?:[_:,][a-z0-9]+)*")
_ACTION = re.compile(r"[a-z_]+\.([a-z_]+)")


def ground_in_words(ground: str) -> str:
    """Say a ground in Dutch; what somebody wrote in own words stays as it is.

    `iwmo.list_verzoeken:403` becomes "Geen toegang: Berichten met aanbieders (iWmo)",
    `meetmoment_nadert` becomes "Meetmoment nadert".
    """
    if ground.startswith(_NOOD):
        return f"Noodtoegang: {ground_in_words(ground.removeprefix(_NOOD))}"
    if refused := _REFUSED.fullmatch(ground):
        return _refusal(*refused.groups())
    if (action := _ACTION.fullmatch(ground)) and action[1] in VERBS:
        return in_words(ground)
    if not _CODES.fullmatch(ground):
        return ground
    text = ground.replace("_", " ").replace(",", ", ").replace(":", " ")
    return text[:1].upper() + text[1:]


def _refusal(room: str, door: str | None, status: str) -> str:
    told = WEIGERINGEN.get(status, "Geweigerd")
    where = DEUREN.get(room.removeprefix("api_"))
    if door is None or where is None:
        return f"{told}: een pagina die niet bestaat" if room == "None" else told
    via = " via een koppeling" if room.startswith("api_") else ""
    deed = "" if door.partition("_")[0] in _LOOKS else ", iets vastleggen of wijzigen"
    return f"{told}: {where}{via}{deed}"
