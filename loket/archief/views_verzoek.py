"""Doors to a request to destroy, and to the decision on it."""

from typing import Any

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.archief import operations_verzoek as operations
from loket.archief import queries_verzoek, woorden
from loket.archief.operations_verzoek import dossiers_of
from loket.archief.queries import LOOPT, bewaartermijn_op, bewaring_van
from loket.archief.schemas import Besluit, BesluitSchema, VerzoekSchema
from loket.archief.vernietigingsverzoek import tegengronden
from loket.authz import Permission
from loket.cases.dossier import queries
from loket.datum import kort
from loket.web import Form, now

bp = Blueprint("archief_verzoek", __name__)


@bp.route("/dossiers/<referentie>/vernietigingsverzoek", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_REQUEST)
def receive(referentie: str) -> ResponseReturnValue:
    """Take in a request to destroy."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(VerzoekSchema(), {"ontvangen_op": kort(termijnen.dag_van(now()))})

    def deed(**answers: Any) -> str:
        verzoek = operations.receive_verzoek(
            g.session, g.actor, now(), dossier=dossier, **answers
        )
        flash(
            "Het verzoek is vastgelegd. De gemeente beslist uiterlijk op"
            f" {kort(verzoek.uiterlijk)}.",
            "success",
        )
        return url_for("archief_dossier.show_bewaren", referentie=referentie)

    return form.answer(deed) or form.page(
        "archief/verzoek.html", dossier=dossier, keuzes=list(woorden.OMVANG.items())
    )


@bp.route("/vernietigingsverzoeken/<referentie>", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_DECIDE)
def decide(referentie: str) -> ResponseReturnValue:
    """Decide on a request, with what stands in its way in view."""
    verzoek, dossier = queries_verzoek.get_verzoek(g.session, g.actor, referentie)
    form = Form(BesluitSchema())

    def deed(besluit: Besluit, tegengrond: str | None, motivering: str | None) -> str:
        lijst = operations.decide_verzoek(
            g.session,
            g.actor,
            now(),
            verzoek=verzoek,
            ingewilligd=besluit is Besluit.INWILLIGEN,
            tegengrond=tegengrond,
            motivering=motivering,
        )
        flash("Het besluit is vastgelegd. De brief wordt gemaakt.", "success")
        if lijst:
            return url_for("archief.show_lijst", referentie=lijst.referentie)
        return url_for("archief_dossier.show_bewaren", referentie=dossier.referentie)

    if answer := form.answer(deed):
        return answer
    today = termijnen.dag_van(now())
    termijn = bewaartermijn_op(g.session, dossier.gemeente_code, today)
    about = dossiers_of(g.session, g.actor, verzoek)
    kept = bewaring_van(g.session, about, termijn)
    return form.page(
        "archief/besluit.html",
        verzoek=verzoek,
        dossier=dossier,
        bewaringen=[
            (kept[each.id], [LOOPT[word] for word in kept[each.id].loopt])
            for each in about
        ],
        gronden=[
            (each.code, f"{each.label} ({each.artikel})")
            for each in tegengronden(today).values()
        ],
        dagen=(verzoek.uiterlijk - today).days,
        woorden=woorden,
    )
