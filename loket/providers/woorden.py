"""What the pages of this room say, in words."""

from loket.geld import bedrag
from loket.providers.contract import Contract, Contractregel, Contractvorm
from loket.providers.levering import Contactwijze, Vraagsoort
from loket.providers.plaatsingsverzoek import Weigergrond
from loket.providers.toewijzing import Stopreden

DAGEN = (
    ("maandag", "Maandag"),
    ("dinsdag", "Dinsdag"),
    ("woensdag", "Woensdag"),
    ("donderdag", "Donderdag"),
    ("vrijdag", "Vrijdag"),
    ("zaterdag", "Zaterdag"),
    ("zondag", "Zondag"),
)
WEIGERGRONDEN = {
    Weigergrond.CLIENTENSTOP: "Er is een cliëntenstop afgesproken",
    Weigergrond.NIET_PASSEND: "Wij kunnen niet de juiste ondersteuning bieden",
    Weigergrond.PLAFOND_BEREIKT: "Het afgesproken plafond is bereikt",
}
STOPREDENEN = {
    Stopreden.VOLGENS_PLAN: "De hulp is volgens plan afgerond",
    Stopreden.DOOR_CLIENT: "De cliënt wil stoppen",
    Stopreden.DOOR_AANBIEDER: "Wij kunnen niet verder helpen",
    Stopreden.IN_OVERLEG: "In overleg gestopt",
    Stopreden.TIJDELIJK: "De hulp staat tijdelijk stil",
    Stopreden.OVERLEDEN: "De cliënt is overleden",
    Stopreden.VERHUISD: "De cliënt is verhuisd naar een andere gemeente",
    Stopreden.DOOR_GEMEENTE: "De gemeente heeft de hulp beëindigd",
    Stopreden.ANDERE_AANBIEDER: "Een andere aanbieder neemt het over",
    Stopreden.ANDER_DOMEIN: "De hulp gaat verder onder een andere wet",
    Stopreden.WIJZIGINGSVERZOEK: "Na een verzoek om wijziging",
}
CONTACTWIJZEN = {
    Contactwijze.TELEFOON: "Gebeld",
    Contactwijze.HUISBEZOEK: "Aan de deur geweest",
    Contactwijze.BRIEF: "Brief gestuurd",
    Contactwijze.EMAIL: "E-mail gestuurd",
}
VRAAGSOORTEN = {
    Vraagsoort.ONBEREIKBAAR: "De cliënt is niet te bereiken",
    Vraagsoort.UITVAL: "De cliënt wil of kan niet verder",
    Vraagsoort.VERLENGING: "De hulp is langer nodig",
}
VERZOEKSTATUS = {
    "open": ("Wacht op antwoord", "warning"),
    "aanvaard": ("Aanvaard", "success"),
    "geweigerd": ("Geweigerd", "error"),
    "ingetrokken": ("Ingetrokken", "neutral"),
}
"""Word and kind of badge of a plaatsingsverzoek, by status."""
TOEWIJZINGSTATUS = {
    "wacht": ("Wacht op start", "warning"),
    "gestart": ("Hulp loopt", "success"),
    "gestopt": ("Hulp gestopt", "neutral"),
    "geeindigd": ("Beëindigd", "neutral"),
}
"""The same for a toewijzing."""
CONTRACTVORM = {
    Contractvorm.INSPANNINGSGERICHT: "Inspanningsgericht",
    Contractvorm.OUTPUTGERICHT: "Outputgericht",
    Contractvorm.TAAKGERICHT: "Taakgericht",
}


def regel_in_words(regel: Contractregel) -> dict[str, str]:
    """Say what was agreed about one product, field by field."""
    return {
        "Tarief": bedrag(regel.tarief_cent),
        "Gebied": ", ".join(regel.pc4_gebied or []) or "Hele gemeente",
        "Maximum": str(regel.max_clienten) if regel.max_clienten else "Geen",
    }


def contract_in_words(contract: Contract) -> dict[str, str]:
    """Say which contract it is."""
    return {"Nummer": contract.nummer, "Vorm": CONTRACTVORM[contract.vorm]}
