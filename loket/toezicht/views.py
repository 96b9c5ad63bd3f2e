"""Doors of the privacy officer to what was signalled, and to the review of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import list_colleagues, staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.cases.dossier.noodtoegang import Oordeel
from loket.cases.dossier.operations_noodtoegang import review_noodtoegang
from loket.cases.dossier.queries_noodtoegang import get_noodtoegang, list_noodtoegang
from loket.cases.dossier.schemas_noodtoegang import OordeelSchema
from loket.cases.dossier.woorden import NOODGROND, OORDEEL
from loket.termijnen import dag_van
from loket.toezicht import operations, operations_kaart, queries
from loket.toezicht.schemas import KaartSchema
from loket.toezicht.woorden import REGEL, UITLEG
from loket.web import Form, now

bp = Blueprint("toezicht", __name__, url_prefix="/toezicht")
_OORDELEN = [(each.value, OORDEEL[each]) for each in Oordeel]


@bp.get("/")
@requires(Permission.TOEZICHT_READ)
def show_toezicht() -> ResponseReturnValue:
    """Show what waits for a review; or what was reviewed."""
    reviewed = request.args.get("stand") == "beoordeeld"
    noden = list_noodtoegang(g.session, g.actor, reviewed=reviewed)
    signalen = queries.list_signalen(g.session, g.actor, reviewed=reviewed)
    at = now()
    record(g.session, g.actor, Action.INZAGESIGNAAL_READ, at=at)
    record(g.session, g.actor, Action.NOODTOEGANG_READ, at=at)
    chips = [
        {"label": label, "url": url_for(".show_toezicht", stand=stand), "active": is_on}
        for label, stand, is_on in (
            ("Te beoordelen", None, not reviewed),
            ("Beoordeeld", "beoordeeld", reviewed),
        )
    ]
    return Form().page(
        "toezicht/toezicht.html",
        noden=noden,
        signalen=signalen,
        namen=staff_names(g.session, [each.user_id for each, _ in noden]),
        chips=chips,
        reviewed=reviewed,
        today=dag_van(at),
        most=queries.MOST,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"regels": REGEL, "gronden": NOODGROND, "oordeel": OORDEEL}


@bp.route("/signalen/<uuid:inzagesignaal_id>", methods=["GET", "POST"])
@requires(Permission.TOEZICHT_REVIEW)
def review_signaal(inzagesignaal_id: UUID) -> ResponseReturnValue:
    """Show the looks behind a signal, and ask what the officer thinks of them."""
    signaal, naam = queries.get_signaal(g.session, g.actor, inzagesignaal_id)
    form = Form(OordeelSchema())

    def deed(oordeel: Oordeel, oordeel_toelichting: str) -> str:
        operations.review_signaal(
            g.session,
            g.actor,
            now(),
            signaal=signaal,
            oordeel=oordeel,
            toelichting=oordeel_toelichting,
        )
        flash("Het oordeel is vastgelegd.", "success")
        return url_for(".show_toezicht")

    if answer := form.answer(deed):
        return answer
    record(g.session, g.actor, Action.INZAGESIGNAAL_READ, signaal, at=now())
    return form.page(
        "toezicht/signaal.html",
        signaal=signaal,
        naam=naam,
        uitleg=UITLEG[signaal.regel],
        **_review(signaal, queries.looks_behind(g.session, signaal)),
    )


@bp.route("/noodtoegang/<uuid:noodtoegang_id>", methods=["GET", "POST"])
@requires(Permission.TOEZICHT_REVIEW)
def review_nood(noodtoegang_id: UUID) -> ResponseReturnValue:
    """Show who let themselves in and why, and ask what the officer thinks of it."""
    nood, referentie = get_noodtoegang(g.session, g.actor, noodtoegang_id)
    form = Form(OordeelSchema())

    def deed(oordeel: Oordeel, oordeel_toelichting: str) -> str:
        review_noodtoegang(
            g.session,
            g.actor,
            now(),
            noodtoegang=nood,
            oordeel=oordeel,
            toelichting=oordeel_toelichting,
        )
        flash("Het oordeel is vastgelegd.", "success")
        return url_for(".show_toezicht")

    if answer := form.answer(deed):
        return answer
    record(g.session, g.actor, Action.NOODTOEGANG_READ, nood, at=now())
    names = staff_names(g.session, [nood.user_id])
    return form.page(
        "toezicht/noodtoegang.html",
        nood=nood,
        referentie=referentie,
        naam=names.get(nood.user_id, "Onbekend"),
        **_review(nood, queries.looks_in_nood(g.session, nood)),
    )


def _review(row: Any, looks: Any) -> dict[str, Any]:
    reviewer = row.reviewed_by_id
    names = staff_names(g.session, [reviewer]) if reviewer else {}
    return {
        "looks": looks,
        "oordelen": _OORDELEN,
        "dagen": (row.uiterlijk - dag_van(now())).days,
        "beoordelaar": names.get(reviewer, "Onbekend"),
        "is_own": row.user_id == g.actor.id,
        "most": queries.MOST_RECORDS,
        **_words(),
    }


@bp.route("/medewerkers", methods=["GET", "POST"])
@requires(Permission.TOEZICHT_REVIEW)
def keep_kaart() -> ResponseReturnValue:
    """Show of which colleagues something is kept, and ask to keep it of one more."""
    form = Form(KaartSchema())

    def deed(**answers: Any) -> str:
        operations_kaart.save_kaart(g.session, g.actor, now(), **answers)
        flash("De gegevens van deze medewerker zijn vastgelegd.", "success")
        return url_for(".keep_kaart")

    if answer := form.answer(deed):
        return answer
    if "bsn" in form.found and request.form.get("bsn", "").strip():
        # that somebody is not known here is an answer too
        record(g.session, g.actor, Action.INWONER_SEARCHED, at=now(), grond="toezicht")
    colleagues = list_colleagues(g.session, g.actor, dag_van(now()))
    return form.page(
        "toezicht/medewerkers.html",
        kaarten=queries.list_kaarten(g.session, g.actor),
        collegas=[(str(each.id), each.naam) for each in colleagues],
    )


@bp.post("/medewerkers/<uuid:medewerkerkaart_id>/weg")
@requires(Permission.TOEZICHT_REVIEW)
def remove_kaart(medewerkerkaart_id: UUID) -> ResponseReturnValue:
    """Let go of what is kept of a colleague."""
    kaart = queries.get_kaart(g.session, g.actor, medewerkerkaart_id)
    operations_kaart.remove_kaart(g.session, g.actor, now(), kaart=kaart)
    flash("De gegevens van deze medewerker zijn verwijderd.", "success")
    return redirect(url_for(".keep_kaart"), 303)
