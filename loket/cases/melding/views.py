"""Door: the persoonlijk plan of the cliënt."""

from typing import Any

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier import queries
from loket.cases.melding import operations
from loket.cases.melding.queries import get_melding
from loket.cases.melding.schemas import PlanSchema
from loket.datum import kort
from loket.errors import NotFound
from loket.web import Form, now

bp = Blueprint("melding", __name__)


@bp.route("/dossiers/<referentie>/persoonlijk-plan", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def receive_plan(referentie: str) -> ResponseReturnValue:
    """Note that the persoonlijk plan came in."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    melding = get_melding(g.session, dossier.id)
    if melding is None:
        raise NotFound
    form = Form(PlanSchema(), {"ontvangen_op": kort(termijnen.dag_van(now()))})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.receive_plan(
                g.session, g.actor, now(), melding=melding, **answers
            )
            flash("Het persoonlijk plan is vastgelegd.", "success")
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    return form.page("melding/plan.html", dossier=dossier, melding=melding)
