"""The door to what to do when a key may have leaked, with how the keys stand now."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.woorden import in_words
from loket.authz import Permission
from loket.beheer.lekken import EERST, LEKKEN, OFFICER
from loket.beheer.reservekopie import stand_op
from loket.vault.layout import vault_of
from loket.vault.status import read_status
from loket.web import now

bp = Blueprint("sleutels", __name__, url_prefix="/beheer/sleutels")


@bp.get("/lek")
@requires(Permission.SLEUTEL_READ)
def show_lek() -> ResponseReturnValue:
    """Show the steps for each kind of key, and the state of keys and copies."""
    at = now()
    with vault_of(g.session).engine.connect() as connection:
        sleutels = read_status(connection, tenants=g.actor.gemeenten)
    eigen = [each for each in sleutels.gemeenten if each.tenant in g.actor.gemeenten]
    bewijs = [each for each in sleutels.proof if each.tenant in g.actor.gemeenten]
    record(g.session, g.actor, Action.SLEUTELS_READ, at=at)
    return render_template(
        "beheer/sleutels.html",
        at=at,
        stand=stand_op(g.session, g.actor.gemeenten, at),
        sleutels=sleutels,
        eigen=eigen,
        bewijs=bewijs,
        handelingen=[(each, in_words(each.deed)) for each in sleutels.deeds],
        eerst=EERST,
        officer=OFFICER,
        lekken=LEKKEN,
    )
