"""Aanvragen, decisions and rights on the page of their dossier."""

from flask import url_for

from loket.authz import Permission
from loket.cases.besluit import queries, queries_blad, verloop
from loket.cases.besluit.overzicht import (
    aanvraag_kaart,
    beschikking_staat,
    voorziening_kaart,
)
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.producten.queries import all_product_names


def besluit_panel(blad: Blad) -> Panel | None:
    """Show which clocks run and what was decided, each with its page."""
    if not blad.by.may(Permission.DOSSIER_READ):
        return None
    dossier = blad.dossier
    names = blad.once(all_product_names, dossier.gemeente_code)
    aanvragen = [
        aanvraag_kaart(each, names, blad.vandaag)
        for each in queries.list_aanvragen(blad.session, dossier.id)
    ]
    beschikkingen, bezwaren = blad.once(queries_blad.list_besluiten, dossier.id)
    return Panel(
        "Aanvraag en besluit",
        "besluit/panel.html",
        anker="besluit",
        url=url_for("besluit.show_besluit", referentie=dossier.referentie),
        tijdlijn=verloop.steps(aanvragen, beschikkingen, bezwaren),
        termijnen=verloop.terms(aanvragen, beschikkingen, bezwaren, blad.vandaag),
        aanvragen=aanvragen,
        beschikkingen=[(each, beschikking_staat(each)) for each in beschikkingen],
        bezwaren=bezwaren,
    )


def voorzieningen_panel(blad: Blad) -> Panel | None:
    """Show every right with its state; other rooms add how each is delivered."""
    if not blad.by.may(Permission.DOSSIER_READ):
        return None
    names = blad.once(all_product_names, blad.dossier.gemeente_code)
    found = blad.once(queries.list_voorzieningen, blad.dossier.id)
    if not found:
        return None
    return Panel(
        "Voorzieningen",
        "besluit/voorzieningen.html",
        anker="voorzieningen",
        tijdlijn=verloop.endings(found, names),
        voorzieningen=[voorziening_kaart(each, names, blad.vandaag) for each in found],
        rechten={
            each.id: names.get(each.product_code, each.product_code) for each in found
        },
        may_contact=blad.by.may(Permission.DOSSIER_UPDATE),
    )
