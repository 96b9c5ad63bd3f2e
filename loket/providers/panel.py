"""Placing, delivery and overleg on the page of a dossier."""

from loket.authz import Permission
from loket.cases.besluit.queries import list_voorzieningen
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.producten.queries import all_product_names
from loket.providers import queries
from loket.providers.overzicht import make_levering, steps
from loket.providers.queries_overleg import list_draden
from loket.web import Form


def placing_panel(blad: Blad) -> Panel | None:
    """Show with each right what was asked of whom, and what runs."""
    if not blad.by.may(Permission.PLAATSING_READ):
        return None
    rights = blad.once(list_voorzieningen, blad.dossier.id)
    if not rights:
        return None
    verzoeken, toewijzingen = queries.list_of_dossier(blad.session, blad.dossier.id)
    names = blad.once(all_product_names, blad.dossier.gemeente_code)
    made = [
        make_levering(each, verzoeken, toewijzingen, blad.vandaag) for each in rights
    ]
    return Panel(
        "Plaatsing en levering",
        bij={each.voorziening.id: each for each in made if each is not None},
        bij_template="providers/panel.html",
        tijdlijn=list(steps(verzoeken, toewijzingen, names)),
        referentie=blad.dossier.referentie,
        may_place=blad.by.may(Permission.PLAATSING_REQUEST),
        form=Form(),
    )


def overleg_panel(blad: Blad) -> Panel | None:
    """Show on the page of a dossier what aanbieders wrote, what is new first."""
    if not blad.by.may(Permission.PLAATSING_READ):
        return None
    draden = list_draden(blad.session, blad.dossier.id)
    if not draden:
        return None
    return Panel(
        "Overleg met aanbieders",
        "providers/overleg_panel.html",
        anker="overleg",
        referentie=blad.dossier.referentie,
        draden=draden,
    )
