"""What forms of an aanbieder share: what is typed is kept while its subject is open."""

from flask import g, request

from loket.drafts.draft import DraftOf
from loket.drafts.page import ASK
from loket.providers import queries
from loket.providers.deling import require_shared
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_overleg import Onderwerp
from loket.providers.toewijzing import Toewijzing
from loket.web import now


def draft_about(
    onderwerp: Onderwerp, form: str, what: str, page: str, door: str
) -> DraftOf:
    """Keep what is typed about a verzoek or a toewijzing.

    It is sealed under the gemeente that asks, whoever types it, and it is destroyed
    together with the dossier. Its subject is the reference of the verzoek or the
    toewijzing: by that name every draft about it is taken away when it is settled.

    Args:
        form: which form of that page.
        what: what its author reads in the list of drafts; no personal data.
        page: the address that shows the form.
        door: the address that it is sent to.
    """
    if isinstance(onderwerp, Plaatsingsverzoek):
        about = f"verzoek {onderwerp.referentie}"
    else:
        about = f"toewijzing {onderwerp.nummer}"
    return DraftOf(
        form,
        f"{what} bij {about}",
        onderwerp.referentie,
        page,
        onderwerp.dossier_id,
        door,
        onderwerp.gemeente_code,
    )


def hold_open(onderwerp: Onderwerp) -> None:
    """Let keeping a draft wait for who settles what it is about; then it is too late.

    Raises:
        RuleViolation: the verzoek was answered or withdrawn, or the data of the
            cliënt are shared no more: nothing is kept.
    """
    is_kept = bool(request.form.get(ASK))
    if isinstance(onderwerp, Plaatsingsverzoek):
        # also before the deed: who keeps and who sends take the same locks in order
        held = queries.lock_verzoek(g.session, g.actor, onderwerp.id)
        if is_kept:
            held.require_open()
    elif is_kept:
        require_shared(g.session, now(), onderwerp)


def hold_running(toewijzing: Toewijzing) -> None:
    """Let keeping a draft about help wait for who ends it; then it is too late.

    Raises:
        RuleViolation: the help is over or the data are shared no more: nothing is
            kept.
    """
    if request.form.get(ASK):
        held = queries.lock_toewijzing(g.session, g.actor, toewijzing.id)
        held.require_running()
    hold_open(toewijzing)
