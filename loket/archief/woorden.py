"""How keeping and destroying is called on the pages."""

from loket.archief.bewaartermijn import Bewaartermijn, Zaakresultaat
from loket.archief.vernietigingslijst import Tegenhoudreden, Uithaalreden
from loket.archief.vernietigingsverzoek import Omvang
from loket.cases.besluit.beroep import Gerecht
from loket.cases.besluit.vernietigingsstop import Stopgrond

RESULTAAT = {
    Zaakresultaat.VERSTREKT: "Voorziening verstrekt",
    Zaakresultaat.GEWEIGERD: "Aanvraag geweigerd",
    Zaakresultaat.AFGEBROKEN: "Zaak afgebroken",
}
STOPGROND = {
    Stopgrond.BEZWAAR: "Bezwaar",
    Stopgrond.BEROEP: "Beroep bij de rechter",
    Stopgrond.CLAIM: "Schadeclaim of andere rechtszaak",
    Stopgrond.REKENKAMER: "Onderzoek van de rekenkamer",
    Stopgrond.WOO: "Verzoek om openbaarheid (Woo)",
    Stopgrond.TOEZICHT: "Onderzoek van een toezichthouder",
}
GERECHT = {
    Gerecht.RECHTBANK: "Rechtbank",
    Gerecht.CENTRALE_RAAD: "Centrale Raad van Beroep",
}
UITHAALREDEN = {
    Uithaalreden.BELANG: "Bewaren is van belang voor iemand",
    Uithaalreden.BLIJVEND: "Blijvend bewaren voor het archief",
    Uithaalreden.ONTERECHT: "Staat ten onrechte op de lijst",
    Uithaalreden.STOP: "Er geldt een vernietigingsstop",
    Uithaalreden.LOOPT_NOG: "Er loopt nog iets in het dossier",
    Uithaalreden.TE_VROEG: "De bewaartermijn is nog niet voorbij",
    Uithaalreden.IN_GEBRUIK: "Een ander dossier verwijst nog naar deze persoon",
    Uithaalreden.LIJST_GESTOPT: "De lijst is tegengehouden",
}
STOPREDEN = {
    Tegenhoudreden.FOUT: "Er zit een fout in de lijst",
    Tegenhoudreden.NIEUW_FEIT: "Er is iets nieuws bekend geworden",
    Tegenhoudreden.NADER_ONDERZOEK: "Wij willen eerst iets uitzoeken",
}
OMVANG = {
    Omvang.DOSSIER: "Alleen dit dossier",
    Omvang.PERSOON: "Alles over deze persoon",
}
STATUS = {
    "voorgesteld": ("Wacht op nakijken", "info"),
    "nagekeken": ("Wacht op goedkeuring", "info"),
    "goedgekeurd": ("Bedenktijd", "warning"),
    "bezig": ("Wordt uitgevoerd", "warning"),
    "uitgevoerd": ("Uitgevoerd", "success"),
    "gestopt": ("Tegengehouden", "neutral"),
}
REGELSTATUS = {
    "open": ("Op de lijst", "info"),
    "eruit": ("Van de lijst", "neutral"),
    "vernietigd": ("Vernietigd", "success"),
}


def termijnen(termijn: Bewaartermijn) -> list[tuple[str, str]]:
    """Say for each result how long it is kept after the end, with its code."""
    return [
        (
            f"Na het einde: {label[:1].lower()}{label[1:]}",
            f"{termijn.na_einde[resultaat]} jaar (selectielijst"
            f" {termijn.selectielijst[resultaat] or 'zonder code'})",
        )
        for resultaat, label in RESULTAAT.items()
    ]
