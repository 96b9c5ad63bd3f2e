"""Doors of the planned talks: planning one, moving it, cancelling it."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import list_staff
from loket.authz import Permission, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import operations_gepland, queries_gepland
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.page import about, back, enter
from loket.cases.onderzoek.schemas import AfzegSchema, PlanSchema, VerzetSchema
from loket.datum import kort
from loket.termijnen import ZONE, dag_van
from loket.web import Form, now

bp = Blueprint(
    "onderzoek_gepland", __name__, url_prefix="/dossiers/<referentie>/onderzoek/gepland"
)


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def plan_gesprek(referentie: str) -> ResponseReturnValue:
    """Plan a talk: day, time, how, and who goes."""
    dossier, onderzoek = enter(referentie)
    consulenten = _consulenten()
    goes = dossier.consulent_id or g.actor.id
    form = Form(PlanSchema(), {"vorm": GesprekVorm.THUIS.value, "consulent": str(goes)})

    def deed(dag: date, tijd: time, consulent: UUID, **answers: Any) -> str:
        operations_gepland.plan_gesprek(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            begint_om=_moment(dag, tijd),
            consulent_id=consulent,
            **answers,
        )
        _say("Het gesprek is gepland.", onderzoek, dag)
        return back(dossier, "gesprekken")

    return form.answer(deed) or _page(form, dossier, onderzoek, consulenten)


@bp.route("/<uuid:gepland_id>/verzetten", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def move_gesprek(referentie: str, gepland_id: UUID) -> ResponseReturnValue:
    """Move a planned talk, or let somebody else go, with the reason."""
    dossier, onderzoek = enter(referentie)
    gepland = queries_gepland.get_gepland(g.session, onderzoek, gepland_id)
    form = Form(
        VerzetSchema(),
        {
            "dag": kort(gepland.dag),
            "tijd": gepland.begint_om.astimezone(ZONE).strftime("%H:%M"),
            "vorm": gepland.vorm.value,
            "consulent": str(gepland.consulent_id),
            "notitie": gepland.notitie,
        },
    )

    def deed(dag: date, tijd: time, consulent: UUID, **answers: Any) -> str:
        operations_gepland.move_gesprek(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            gepland=gepland,
            begint_om=_moment(dag, tijd),
            consulent_id=consulent,
            **answers,
        )
        _say("Het gesprek is verzet.", onderzoek, dag)
        return back(dossier, "gesprekken")

    return form.answer(deed) or _page(
        form, dossier, onderzoek, _consulenten(), gepland=gepland
    )


@bp.route("/<uuid:gepland_id>/afzeggen", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def cancel_gesprek(referentie: str, gepland_id: UUID) -> ResponseReturnValue:
    """Cancel a planned talk with the reason."""
    dossier, onderzoek = enter(referentie)
    gepland = queries_gepland.get_gepland(g.session, onderzoek, gepland_id)
    form = Form(AfzegSchema())

    def deed(reden: str) -> str:
        operations_gepland.cancel_gesprek(
            g.session, g.actor, now(), gepland=gepland, reden=reden
        )
        flash("Het gesprek is afgezegd.", "success")
        return back(dossier, "gesprekken")

    return form.answer(deed) or form.page(
        "onderzoek/afzeggen.html", gepland=gepland, **about(dossier, onderzoek)
    )


def _moment(dag: date, tijd: time) -> datetime:
    return datetime.combine(dag, tijd, ZONE)


def _consulenten() -> list[tuple[str, str]]:
    found = list_staff(g.session, g.actor, Role.CONSULENT, dag_van(now()))
    return [(str(each.id), each.naam) for each in found]


def _say(done: str, onderzoek: Onderzoek, dag: date) -> None:
    """Say that it was done, and when it is later than the law allows."""
    flash(done, "success")
    if onderzoek.uiterste_datum and dag > onderzoek.uiterste_datum:
        last = kort(onderzoek.uiterste_datum)
        flash(f"Let op: het onderzoek moet uiterlijk {last} klaar zijn.", "warning")


def _page(
    form: Form,
    dossier: Dossier,
    onderzoek: Onderzoek,
    consulenten: list[tuple[str, str]],
    **context: Any,
) -> ResponseReturnValue:
    return form.page(
        "onderzoek/plannen.html",
        consulenten=consulenten,
        visit_url=url_for(
            "onderzoek_bezoek.record_bezoek", referentie=dossier.referentie
        ),
        **context,
        **about(dossier, onderzoek),
    )
