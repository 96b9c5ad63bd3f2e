"""The messages about a dossier on its page."""

from loket.authz import Permission
from loket.cases.dossier.blad import Blad, Panel
from loket.iwmo import queries_overzicht as queries
from loket.iwmo import woorden


def berichten_panel(blad: Blad) -> Panel | None:
    """Show on the page of the dossier what went to and fro about it."""
    if not blad.by.may(Permission.BERICHT_READ):
        return None
    berichten, verzoeken = queries.list_of_dossier(blad.session, blad.dossier.id)
    if not berichten and not verzoeken:
        return None
    return Panel(
        "Berichten",
        "iwmo/panel.html",
        anker="berichten",
        berichten=berichten,
        verzoeken=verzoeken,
        may_handle=blad.by.may(Permission.BERICHT_HANDLE),
        soorten=woorden.SOORTEN,
    )
