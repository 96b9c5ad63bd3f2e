"""What a resident asked and said, on the page of the dossier."""

from loket.authz import Permission
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.queries_toestemming import list_toestemmingen
from loket.cases.dossier.woorden import HERKOMST
from loket.rechten import queries, queries_correctie, woorden


def rechten_panel(blad: Blad) -> Panel | None:
    """Show the open requests, what was added to texts, and the consent that holds."""
    if not blad.by.may(Permission.RECHTEN_READ):
        return None
    session, dossier = blad.session, blad.dossier
    return Panel(
        "Rechten van de inwoner",
        "rechten/panel.html",
        anker="rechten",
        referentie=dossier.referentie,
        correcties=queries.list_van_dossier(session, dossier.id),
        verklaringen=queries_correctie.list_verklaringen(session, dossier.id),
        toestemmingen=[
            each
            for each in list_toestemmingen(session, dossier.id)
            if each.holds(blad.vandaag)
        ],
        herkomst=HERKOMST,
        woorden=woorden,
        may_register=blad.by.may(Permission.RECHTEN_REGISTER),
        may_see_history=blad.by.may(Permission.GESCHIEDENIS_READ),
    )
