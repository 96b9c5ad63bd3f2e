"""What somebody has to do next, so that a page never leaves them guessing."""

from collections.abc import Sequence
from dataclasses import dataclass

from loket.authz import Permission
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.besluit.overzicht import AanvraagKaart, VoorzieningKaart
from loket.cases.dossier.dossier import Dossier
from loket.datum import kort


@dataclass(frozen=True)
class Stap:
    """One thing to do: why, where, who may, and the words of the button."""

    tekst: str
    knop: str = ""
    deur: str = ""
    referentie: str = ""
    recht: Permission = Permission.DOSSIER_READ
    wie: str = ""


def next_step(
    dossier: Dossier,
    aanvragen: Sequence[AanvraagKaart],
    beschikkingen: Sequence[Beschikking],
    voorzieningen: Sequence[VoorzieningKaart],
) -> Stap:
    """Choose the step that comes first: what was decided must be made known."""
    for beschikking in beschikkingen:
        if beschikking.status == "besloten" and not beschikking.extern_nummer:
            return Stap(
                "Er is besloten. Verstuur de brief en leg vast wanneer dat was.",
                "Besluit bekendmaken",
                "beschikking.make_known",
                beschikking.referentie,
                Permission.BESCHIKKING_MAKE_KNOWN,
                "De administratie doet dit.",
            )
    for beschikking in beschikkingen:
        if beschikking.status == "concept":
            return Stap(
                "Er ligt een concept van een beschikking. Maak het af en besluit.",
                "Verder met het concept",
                "beschikking.show",
                beschikking.referentie,
            )
    if any(kaart.aanvraag.status == "open" for kaart in aanvragen):
        return Stap(
            _why_now([kaart for kaart in aanvragen if kaart.aanvraag.status == "open"]),
            "Beschikking opstellen",
            "beschikking.draw_up",
            dossier.referentie,
            Permission.BESCHIKKING_DRAW_UP,
            "De consulent doet dit.",
        )
    if voorzieningen or aanvragen:
        return Stap("Er staat geen aanvraag meer open.")
    return Stap(
        "Er is nog niets aangevraagd. Een ondertekend verslag wordt vanzelf een"
        " aanvraag. Kwam de aanvraag op een andere manier? Leg hem dan hier vast.",
        "Aanvraag vastleggen",
        "besluit.new_aanvraag",
        dossier.referentie,
        Permission.AANVRAAG_REGISTER,
        "De consulent of de administratie doet dit.",
    )


def _why_now(waiting: Sequence[AanvraagKaart]) -> str:
    """Say that a decision is waited for, also when no clock runs.

    Awb art. 4:15 gives more time; it forbids no decision before that time is over.
    """
    still = [kaart.stil_tot for kaart in waiting if kaart.stil_tot]
    if len(still) < len(waiting):
        return "De cliënt wacht op een besluit. Stel de beschikking op."
    return (
        f"De termijn staat stil tot en met {kort(min(still))}, maar u mag eerder"
        " besluiten: stel de beschikking op zodra u alles weet wat u nodig heeft."
    )
