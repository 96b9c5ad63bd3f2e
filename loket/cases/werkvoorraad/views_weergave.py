"""Doors: the views of the worklist that somebody keeps."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.werkvoorraad import operations_weergave as operations
from loket.cases.werkvoorraad.queries_weergave import get_weergave, list_weergaven
from loket.cases.werkvoorraad.schemas import WeergaveSchema
from loket.cases.werkvoorraad.views import address, kept_pairs
from loket.formfields import FormSchema
from loket.web import Form, now

bp = Blueprint("weergaven", __name__)
MOST_ARGUMENTS = 40


@bp.get("/werkvoorraad/weergaven")
@requires(Permission.WERKVOORRAAD_READ)
def show_weergaven() -> ResponseReturnValue:
    """Show the own views, to open, rename or remove them."""
    return Form().page(
        "werkvoorraad/weergaven.html",
        weergaven=list_weergaven(g.session, g.actor),
        lijst_url=address([("wiens", "alle")]),
    )


@bp.route("/werkvoorraad/weergaven/nieuw", methods=["GET", "POST"])
@requires(Permission.WERKVOORRAAD_READ)
def save_weergave() -> ResponseReturnValue:
    """Keep the filters, columns and order of this address under a name."""
    form = Form(WeergaveSchema())
    pairs = kept_pairs()[:MOST_ARGUMENTS]
    if request.method == "POST":

        def deed(naam: str, *, standaard: bool) -> str:
            operations.save_weergave(
                g.session,
                g.actor,
                now(),
                naam=naam,
                adres=pairs,
                is_standaard=standaard,
            )
            flash("De weergave is bewaard.", "success")
            return address(pairs or [("wiens", "alle")])

        if answer := form.submit(deed):
            return answer
    return form.page(
        "werkvoorraad/weergave.html", terug_url=address(pairs), weergave=None
    )


@bp.get("/werkvoorraad/weergaven/<uuid:weergave_id>")
@requires(Permission.WERKVOORRAAD_READ)
def open_weergave(weergave_id: UUID) -> ResponseReturnValue:
    """Lead to the worklist as it was kept."""
    weergave = get_weergave(g.session, g.actor, weergave_id)
    return redirect(address(weergave.adres or [("wiens", "alle")]), 303)


@bp.route(
    "/werkvoorraad/weergaven/<uuid:weergave_id>/wijzigen", methods=["GET", "POST"]
)
@requires(Permission.WERKVOORRAAD_READ)
def rename_weergave(weergave_id: UUID) -> ResponseReturnValue:
    """Give one of the own views another name."""
    weergave = get_weergave(g.session, g.actor, weergave_id)
    form = Form(WeergaveSchema(exclude=("standaard",)), {"naam": weergave.naam})
    if request.method == "POST":

        def deed(naam: str) -> str:
            operations.rename_weergave(
                g.session, g.actor, now(), weergave=weergave, naam=naam
            )
            flash("De weergave heeft een andere naam.", "success")
            return url_for(".show_weergaven")

        if answer := form.submit(deed):
            return answer
    return form.page(
        "werkvoorraad/weergave.html",
        terug_url=url_for(".show_weergaven"),
        weergave=weergave,
    )


@bp.post("/werkvoorraad/weergaven/<uuid:weergave_id>/standaard")
@requires(Permission.WERKVOORRAAD_READ)
def choose_weergave(weergave_id: UUID) -> ResponseReturnValue:
    """Let the worklist open with this view, or with the whole list again."""
    weergave = get_weergave(g.session, g.actor, weergave_id)
    chosen = not weergave.is_standaard
    operations.choose_weergave(
        g.session, g.actor, now(), weergave=weergave, is_standaard=chosen
    )
    flash(
        f"De werkvoorraad opent met \u201c{weergave.naam}\u201d."
        if chosen
        else "De werkvoorraad opent weer met alle zaken.",
        "success",
    )
    return redirect(url_for(".show_weergaven"), 303)


@bp.route(
    "/werkvoorraad/weergaven/<uuid:weergave_id>/verwijderen", methods=["GET", "POST"]
)
@requires(Permission.WERKVOORRAAD_READ)
def remove_weergave(weergave_id: UUID) -> ResponseReturnValue:
    """Forget one of the own views, after asking."""
    form = Form(FormSchema())
    if request.method == "POST" and (again := form.repeat()):
        return again
    weergave = get_weergave(g.session, g.actor, weergave_id)
    if request.method == "POST":

        def deed() -> str:
            operations.remove_weergave(g.session, g.actor, now(), weergave=weergave)
            flash("De weergave is verwijderd.", "success")
            return url_for(".show_weergaven")

        if answer := form.submit(deed):
            return answer
    return form.page("werkvoorraad/weergave_weg.html", weergave=weergave)
