"""Doors: the persoonlijk plan; the part of a melding on the page of a dossier."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Actor, Permission
from loket.cases.dossier import queries, woorden
from loket.cases.dossier.dossier import Werkvoorraad
from loket.cases.dossier.tijdlijn import Stap, Termijn
from loket.cases.melding import operations
from loket.cases.melding.melding import Melding
from loket.cases.melding.queries import get_melding, list_behoeften, waarom
from loket.cases.melding.schemas import (
    PlanSchema,
)
from loket.cases.melding.woorden import HUISHOUDTYPE, VERWIJZER
from loket.datum import kort
from loket.errors import NotFound
from loket.web import Form, Panel, now

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


def melding_panel(session: Session, _by: Actor, dossier_id: UUID) -> Panel | None:
    """Show the question, the needs and the terms on the page of the dossier."""
    melding = get_melding(session, dossier_id)
    behoeften = list_behoeften(session, dossier_id)
    if melding is None and not behoeften:
        return None
    return Panel(
        "Melding en behoeften",
        "melding/paneel.html",
        melding=melding,
        behoeften=[
            (
                each.omschrijving,
                [
                    woorden.DOMEIN[domein]
                    for domein in woorden.DOMEIN
                    if domein in each.labels
                ],
            )
            for each in behoeften
        ],
        kanaal=woorden.KANAAL[melding.kanaal] if melding else "",
        verwijzer=VERWIJZER[melding.verwijzer] if melding else "",
        huishoudtype=HUISHOUDTYPE[melding.huishoudtype] if melding else "",
        tijdlijn=_steps(session, melding) if melding else [],
        termijnen=_terms(session, melding) if melding else [],
    )


def _terms(session: Session, melding: Melding) -> list[Termijn]:
    why = waarom(melding)
    busy = _is_busy(session, melding)
    got_plan = melding.plan_ontvangen_op is not None
    return [
        Termijn(
            "Persoonlijk plan inleveren",
            melding.plan_tot,
            why["plan"],
            got_plan or not busy or melding.plan_tot < termijnen.dag_van(now()),
        ),
        Termijn(
            "Onderzoek afronden", melding.onderzoek_tot, why["onderzoek"], not busy
        ),
    ]


def _steps(session: Session, melding: Melding) -> list[Stap]:
    steps = [
        Stap(
            "Melding ontvangen",
            melding.ontvangen_op,
            tekst=f"Via {woorden.KANAAL[melding.kanaal].lower()}",
        )
    ]
    if melding.confirmed_at:
        steps.append(Stap("Ontvangst bevestigd in een brief", melding.confirmed_at))
    else:
        steps.append(Stap("Ontvangst bevestigen", None, "current"))
    if melding.plan_ontvangen_op:
        steps.append(Stap("Persoonlijk plan ontvangen", melding.plan_ontvangen_op))
    if _is_busy(session, melding):
        steps.append(Stap("Onderzoek afronden", melding.onderzoek_tot, "todo"))
    return steps


def _is_busy(session: Session, melding: Melding) -> bool:
    """Whether the onderzoek is still to be done; the worklist knows."""
    line = session.get(Werkvoorraad, melding.dossier_id)
    return line is not None and line.termijn_soort == operations.TERMIJN
