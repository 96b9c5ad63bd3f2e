"""Doors to the consent of a cliënt: what was given, and taking it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier import operations_toestemming as operations
from loket.cases.dossier import queries, woorden
from loket.cases.dossier import queries_toestemming as toestemmingen
from loket.cases.dossier.herkomst import eisen_op
from loket.cases.dossier.schemas_toestemming import IntrekkenSchema, ToestemmingSchema
from loket.cases.dossier.tabs import dossier_tabs
from loket.cases.dossier.toestemming import GegevenDoor
from loket.datum import kort
from loket.web import Form, now

bp = Blueprint("toestemming", __name__)


@bp.get("/dossiers/<referentie>/toestemmingen")
@requires(Permission.TOESTEMMING_READ)
def list_toestemmingen(referentie: str) -> ResponseReturnValue:
    """Show every consent in this dossier."""
    dossier = queries.read_part(g.session, g.actor, now(), referentie, "toestemmingen")
    found = toestemmingen.list_toestemmingen(g.session, dossier.id)
    people = [each.recorded_by_id for each in found]
    people += [each.withdrawn_by_id for each in found if each.withdrawn_by_id]
    return Form().page(
        "dossier/toestemmingen.html",
        dossier=dossier,
        client=queries.get_client(g.session, dossier.id),
        tabs=dossier_tabs(referentie, ""),
        gevonden=found,
        namen=staff_names(g.session, people),
        woorden=woorden,
        may_record=g.actor.may(Permission.TOESTEMMING_RECORD),
    )


@bp.route("/dossiers/<referentie>/toestemmingen/nieuw", methods=["GET", "POST"])
@requires(Permission.TOESTEMMING_RECORD)
def record_toestemming(referentie: str) -> ResponseReturnValue:
    """Note that the cliënt says yes."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    today = termijnen.dag_van(now())
    values = {
        "gegeven_op": kort(today),
        "gegeven_door": GegevenDoor.INWONER.value,
        "herkomst": request.args.get("herkomst", ""),
    }
    form = Form(ToestemmingSchema(), values)

    def deed(**answers: Any) -> str:
        operations.record_toestemming(
            g.session, g.actor, now(), dossier=dossier, **answers
        )
        flash("De toestemming is vastgelegd.", "success")
        return url_for(".list_toestemmingen", referentie=referentie)

    if answer := form.answer(deed):
        return answer
    queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "dossier/toestemming_nieuw.html",
        dossier=dossier,
        client=queries.get_client(g.session, dossier.id),
        tabs=dossier_tabs(referentie, ""),
        eisen=[
            (each.herkomst, woorden.HERKOMST[each.herkomst], each.artikel)
            for each in eisen_op(today).values()
        ],
        woorden=woorden,
    )


@bp.route("/toestemmingen/<uuid:toestemming_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.TOESTEMMING_RECORD)
def withdraw_toestemming(toestemming_id: UUID) -> ResponseReturnValue:
    """Note that the cliënt takes it back."""
    toestemming, dossier = toestemmingen.get_toestemming(
        g.session, g.actor, toestemming_id
    )
    today = kort(termijnen.dag_van(now()))
    form = Form(IntrekkenSchema(), {"ingetrokken_op": today})

    def deed(**answers: Any) -> str:
        operations.withdraw_toestemming(
            g.session, g.actor, now(), toestemming=toestemming, **answers
        )
        flash("De toestemming is ingetrokken.", "success")
        return url_for(".list_toestemmingen", referentie=dossier.referentie)

    if answer := form.answer(deed):
        return answer
    return form.page(
        "dossier/toestemming_intrekken.html",
        dossier=dossier,
        tabs=dossier_tabs(dossier.referentie, ""),
        toestemming=toestemming,
        woorden=woorden,
    )
