"""The parts of a dossier for whoever looks: tabs, and what rooms add to its page."""

from flask import current_app, url_for

from loket.accounts.guards import opens
from loket.cases.dossier.blad import Blad, Panel, PanelMaker

TABS = (
    ("Overzicht", "dossier.show_dossier"),
    ("Onderzoek", "onderzoek.show_onderzoek"),
    ("Besluit", "besluit.show_besluit"),
    ("Notities", "notitie.list_notities"),
    ("Tijdlijn", "inzage.show_tijdlijn"),
    ("Wie keek", "inzage.show_inzage"),
    ("Bewaren", "archief_dossier.show_bewaren"),
)
"""Label and door; a later chapter is named here, never imported."""


def dossier_tabs(referentie: str, active: str) -> list[dict[str, object]]:
    """Return the tabs of a dossier for whoever looks."""
    return [
        {
            "label": label,
            "url": url_for(endpoint, referentie=referentie),
            "active": endpoint == active,
        }
        for label, endpoint in TABS
        if opens(endpoint)
    ]


def panels_of(blad: Blad) -> list[Panel]:
    """Collect what every room has to show on the page of this dossier."""
    makers: tuple[PanelMaker, ...] = current_app.extensions["loket"].panels
    made = [make(blad) for make in makers]
    return [panel for panel in made if panel is not None]
