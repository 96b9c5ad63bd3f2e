"""Doors: who does the work of whom in absence; the own, or as teamleider all."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts import operations_team as operations
from loket.accounts.guards import requires
from loket.accounts.queries import list_colleagues
from loket.accounts.queries_team import get_vervanging, list_vervangingen
from loket.accounts.schemas import VervangingEindeSchema, VervangingSchema
from loket.accounts.vervanging import Vervanging
from loket.authz import Permission
from loket.datum import kort
from loket.errors import NotFound
from loket.web import Form, now

bp = Blueprint("vervanging", __name__)


@bp.get("/vervangingen")
@requires(Permission.WERKVOORRAAD_READ)
def show_vervangingen() -> ResponseReturnValue:
    """Show the replacements that last or are still to come."""
    today = termijnen.dag_van(now())
    own = None if _leads() else g.actor.id
    return Form().page(
        "vervanging/vervangingen.html",
        vervangingen=list_vervangingen(g.session, g.actor, today, user_id=own),
        today=today,
        leads=_leads(),
    )


@bp.route("/vervangingen/nieuw", methods=["GET", "POST"])
@requires(Permission.WERKVOORRAAD_READ)
def register_vervanging() -> ResponseReturnValue:
    """Let a colleague do the work in an absence."""
    today = termijnen.dag_van(now())
    form = Form(VervangingSchema(), {"van": kort(today)})
    if request.method == "POST":

        def deed(
            vervanger_id: UUID,
            van: date,
            user_id: UUID | None = None,
            tot: date | None = None,
        ) -> str:
            operations.register_vervanging(
                g.session,
                g.actor,
                now(),
                user_id=user_id or g.actor.id,
                vervanger_id=vervanger_id,
                van=van,
                tot=tot,
            )
            flash("De vervanging is vastgelegd.", "success")
            return url_for(".show_vervangingen")

        if answer := form.submit(deed):
            return answer
    people = [
        (str(each.id), each.naam) for each in list_colleagues(g.session, g.actor, today)
    ]
    return form.page(
        "vervanging/nieuw.html",
        leads=_leads(),
        people=people,
        colleagues=people
        if _leads()
        else [each for each in people if each[0] != str(g.actor.id)],
        me=str(g.actor.id),
    )


@bp.route("/vervangingen/<uuid:vervanging_id>/beeindigen", methods=["GET", "POST"])
@requires(Permission.WERKVOORRAAD_READ)
def end_vervanging(vervanging_id: UUID) -> ResponseReturnValue:
    """Note the last day of a replacement."""
    today = termijnen.dag_van(now())
    vervanging = _own(vervanging_id)
    form = Form(VervangingEindeSchema(), {"laatste_dag": kort(today)})
    if request.method == "POST":

        def deed(laatste_dag: date) -> str:
            operations.end_vervanging(
                g.session,
                g.actor,
                now(),
                vervanging=vervanging,
                laatste_dag=laatste_dag,
            )
            flash("De vervanging is beëindigd.", "success")
            return url_for(".show_vervangingen")

        if answer := form.submit(deed):
            return answer
    return form.page("vervanging/einde.html", vervanging=vervanging, today=today)


def _leads() -> bool:
    may: bool = g.actor.may(Permission.DOSSIER_ASSIGN)
    return may


def _own(vervanging_id: UUID) -> Vervanging:
    """Return one that this person may end: the own absence, or as teamleider."""
    vervanging = get_vervanging(g.session, g.actor, vervanging_id)
    if vervanging.user_id != g.actor.id and not _leads():
        raise NotFound("Deze vervanging bestaat niet.")
    return vervanging
