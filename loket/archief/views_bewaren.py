"""Doors to until when one dossier is kept, and to what keeps it longer."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.archief import queries_verzoek, woorden
from loket.archief.queries import LOOPT, bewaartermijn_op, bewaring_van
from loket.archief.queries_lijst import lijst_of
from loket.archief.schemas import BeroepSchema, OphefSchema, StopSchema
from loket.authz import Permission
from loket.cases.besluit import operations_stop as operations
from loket.cases.besluit import queries_stop
from loket.cases.dossier import queries
from loket.cases.dossier.tabs import dossier_tabs
from loket.datum import kort
from loket.web import Form, now

bp = Blueprint("archief_dossier", __name__, url_prefix="/dossiers/<referentie>/bewaren")


@bp.get("/")
@requires(Permission.BEWAREN_READ)
def show_bewaren(referentie: str) -> ResponseReturnValue:
    """Show until when a dossier is kept, why, and what keeps it longer."""
    dossier = queries.read_part(g.session, g.actor, now(), referentie, "bewaren")
    termijn = bewaartermijn_op(
        g.session, dossier.gemeente_code, termijnen.dag_van(now())
    )
    bewaring = bewaring_van(g.session, [dossier], termijn)[dossier.id]
    stops = queries_stop.list_stops(g.session, dossier.id)
    hands = [each.placed_by_id for each in stops]
    hands += [each.lifted_by_id for each in stops if each.lifted_by_id]
    return Form().page(
        "archief/bewaren.html",
        dossier=dossier,
        tabs=dossier_tabs(referentie, "archief_dossier.show_bewaren"),
        bewaring=bewaring,
        termijn=termijn,
        loopt=[LOOPT[each] for each in bewaring.loopt],
        stops=stops,
        beroepen=queries_stop.list_beroepen(g.session, dossier.id),
        verzoeken=queries_verzoek.list_of_dossier(g.session, dossier.id),
        lijst=lijst_of(g.session, dossier.id),
        namen=staff_names(g.session, hands),
        woorden=woorden,
        may_place=g.actor.may(Permission.STOP_PLACE),
        may_lift=g.actor.may(Permission.STOP_LIFT),
        may_request=g.actor.may(Permission.VERNIETIGING_REQUEST),
        may_lijst=g.actor.may(Permission.VERNIETIGING_READ),
        may_decide=g.actor.may(Permission.VERNIETIGING_DECIDE),
    )


@bp.route("/stop", methods=["GET", "POST"])
@requires(Permission.STOP_PLACE)
def place_stop(referentie: str) -> ResponseReturnValue:
    """Keep a dossier for a claim, the rekenkamer, a Woo-verzoek."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(StopSchema())

    def deed(**answers: Any) -> str:
        operations.place_stop(g.session, g.actor, now(), dossier=dossier, **answers)
        return _back(referentie, "Dit dossier wordt niet vernietigd.")

    return form.answer(deed) or form.page(
        "archief/stop.html",
        dossier=dossier,
        gronden=[
            (grond, label)
            for grond, label in woorden.STOPGROND.items()
            if not grond.follows
        ],
    )


@bp.route("/stop/<uuid:stop_id>/opheffen", methods=["GET", "POST"])
@requires(Permission.STOP_LIFT)
def lift_stop(referentie: str, stop_id: UUID) -> ResponseReturnValue:
    """Let a dossier go again when its day comes."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    held = queries_stop.get_stop(g.session, dossier.id, stop_id)
    form = Form(OphefSchema())

    def deed(afgehandeld_op: date | None) -> str:
        operations.lift_stop(
            g.session, g.actor, now(), stop=held, afgehandeld_op=afgehandeld_op
        )
        return _back(referentie, "De vernietigingsstop is opgeheven.")

    return form.answer(deed) or form.page(
        "archief/opheffen.html", dossier=dossier, stop=held, woorden=woorden
    )


@bp.route("/beroep", methods=["GET", "POST"])
@requires(Permission.STOP_PLACE)
def register_beroep(referentie: str) -> ResponseReturnValue:
    """Note that somebody went to court."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    today = kort(termijnen.dag_van(now()))
    form = Form(BeroepSchema(), {"ingesteld_op": today})

    def deed(**answers: Any) -> str:
        operations.register_beroep(
            g.session, g.actor, now(), dossier=dossier, **answers
        )
        return _back(referentie, "Het beroep is vastgelegd. Het dossier blijft.")

    return form.answer(deed) or form.page(
        "archief/beroep.html", dossier=dossier, gerechten=list(woorden.GERECHT.items())
    )


def _back(referentie: str, words: str) -> str:
    flash(words, "success")
    return url_for(".show_bewaren", referentie=referentie)
