"""What a message says, in words a person reads."""

from loket.cases.besluit.woorden import hoeveel
from loket.cases.producten.product import Eenheid, Frequentie
from loket.iwmo.codes import PRODUCTCATEGORIEEN

SOORTEN = {
    "301": "Toewijzing",
    "302": "Antwoord op toewijzing",
    "305": "Start van de hulp",
    "306": "Antwoord op start",
    "307": "Einde van de hulp",
    "308": "Antwoord op einde",
    "315": "Verzoek om toewijzing",
    "316": "Antwoord op verzoek",
    "319": "Afwijzing van verzoek",
    "320": "Antwoord op afwijzing",
}

GEEN = "Hulp zonder product"


def product(categorie: str | None, code: str | None) -> str:
    """Name a product of iWmo: the category in words, with the local code."""
    if categorie is None:
        return GEEN
    name = PRODUCTCATEGORIEEN.get(categorie, f"Categorie {categorie}")
    return f"{name} ({code})" if code else name


def omvang(volume: int | None, eenheid: str | None, frequentie: str | None) -> str:
    """Say how much is asked: 4 etmalen per maand."""
    if volume is None or eenheid is None or frequentie is None:
        return ""
    return hoeveel(volume, Eenheid(eenheid), Frequentie(frequentie))
