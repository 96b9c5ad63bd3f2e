"""The one door to emergency access: by the reference, never from a list or a name."""

from datetime import UTC

from flask import Blueprint, flash, g, session, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import list_staff
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import Outcome
from loket.authz import Permission, Role
from loket.cases.dossier import operations_noodtoegang as operations
from loket.cases.dossier.grenzen import norm
from loket.cases.dossier.noodtoegang import Noodgrond
from loket.cases.dossier.schemas_noodtoegang import NoodtoegangSchema
from loket.cases.dossier.woorden import NOODGROND
from loket.termijnen import ZONE, dag_van
from loket.web import Form, now

bp = Blueprint("noodtoegang", __name__)
NOOD_TOT = "nood_tot"
"""In the session: until when it is worth looking whether a dossier is open."""


@bp.route("/noodtoegang", methods=["GET", "POST"])
@requires(Permission.NOODTOEGANG_TAKE)
def open_nood() -> ResponseReturnValue:
    """Ask which dossier and why, and open it for a while."""
    form = Form(NoodtoegangSchema())

    def deed(referentie: str, noodgrond: Noodgrond, noodreden: str) -> str:
        wanted = referentie.upper()
        made = operations.open_noodtoegang(
            g.session,
            g.actor,
            now(),
            referentie=wanted,
            grond=noodgrond,
            reden=noodreden,
        )
        until = made.tot.astimezone(UTC).isoformat()
        session[NOOD_TOT] = max(until, session.get(NOOD_TOT, until))
        clock = made.tot.astimezone(ZONE).strftime("%H:%M")
        flash(
            f"Het dossier staat voor u open tot {clock} uur. De privacy officer ziet"
            " dit nu.",
            "success",
        )
        return url_for("dossier.show_dossier", referentie=wanted)

    if answer := form.answer(deed):
        return answer
    if operations.FIELD in form.found and form.value(operations.FIELD):
        record(
            g.session,
            g.actor,
            Action.NOODTOEGANG_OPENED,
            at=now(),
            outcome=Outcome.REFUSED,
            grond="kenmerk_geweigerd",
        )
    minuten = norm(g.session, g.actor, now(), operations.MINUTEN)
    officers = list_staff(g.session, g.actor, Role.PRIVACY_OFFICER, dag_van(now()))
    return form.page(
        "dossier/noodtoegang.html",
        minuten=minuten,
        officers=[each.naam for each in officers],
        gronden=[(each.value, NOODGROND[each]) for each in Noodgrond],
    )
