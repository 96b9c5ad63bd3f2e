"""Doors to the pgb: the three tests, the rates, and the panel on a dossier."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.cases.besluit import queries as besluit_queries
from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.besluit.woorden import EENHEDEN, omvang
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.page import draft_here
from loket.cases.producten.queries import (
    all_product_names,
    list_products,
    list_weigeringsgronden,
)
from loket.datum import kort
from loket.pgb import operations, queries
from loket.pgb.edits import TESTS, toets_edits
from loket.pgb.operations import NieuweBudgetregel, Oordeel
from loket.pgb.pgb import HelperSoort
from loket.pgb.schemas import TariefSchema, ToetsSchema
from loket.web import Form, now

bp = Blueprint("pgb", __name__)

HELPERS = [
    (HelperSoort.FORMEEL.value, "Beroepskracht (formeel)"),
    (HelperSoort.INFORMEEL.value, "Iemand uit de omgeving (informeel)"),
]


@bp.route(
    "/beschikkingen/<referentie>/regels/<uuid:regel_id>/pgb", methods=["GET", "POST"]
)
@requires(Permission.PGB_ASSESS)
def assess(referentie: str, regel_id: UUID) -> ResponseReturnValue:
    """Do the three tests for one regel."""
    beschikking = besluit_queries.find_beschikking(g.session, g.actor, referentie)
    dossier = dossier_queries.dossier_of(g.session, g.actor, beschikking.dossier_id)
    regel = besluit_queries.get_regel(g.session, beschikking, regel_id)
    form = Form(
        ToetsSchema(),
        draft=draft_here(dossier, "Pgb-toets"),
        edits=toets_edits(g.session, regel),
    )
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.assess_pgb(
                g.session,
                g.actor,
                now(),
                beschikking=beschikking,
                besluitregel=regel,
                budgetregels=_lines(answers),
                eisen=answers["eisen"],
                weigeringsgrond_code=answers["weigeringsgrond_code"],
                natura_cent=answers["natura_cent"],
                **{
                    name: Oordeel(answers[name] == "ja", answers[f"{name}_toelichting"])
                    for name in TESTS
                },
            )
            return url_for("beschikking.show", referentie=referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    record(g.session, g.actor, Action.DOSSIER_READ, beschikking, at=now())
    return form.page(
        "pgb/toets.html",
        beschikking=beschikking,
        dossier=dossier,
        regel=regel,
        **_asked(dossier, regel),
    )


def _asked(dossier: Dossier, regel: Besluitregel) -> dict[str, Any]:
    """Gather what the form needs to know: how much, at which rates, which grounds."""
    code, today = dossier.gemeente_code, termijnen.dag_van(now())
    dag = regel.ingangsdatum or today
    names = all_product_names(g.session, code)
    gronden = list_weigeringsgronden(g.session, code, today)
    return {
        "omvang": omvang(regel),
        "eenheid": EENHEDEN[regel.eenheid][0] if regel.eenheid else "eenheid",
        "product": names.get(regel.product_code, regel.product_code),
        "gronden": [
            (grond.code, f"{grond.tekst} ({grond.artikel})")
            for grond in gronden
            if grond.alleen_pgb
        ],
        "tarieven": {
            soort.value: queries.tarief_op(
                g.session, code, regel.product_code, soort, dag
            )
            for soort in HelperSoort
        },
    }


def _lines(answers: dict[str, Any]) -> list[NieuweBudgetregel]:
    return [
        NieuweBudgetregel(soort, answers[f"volume_{soort.value}"])
        for soort in HelperSoort
        if answers[f"volume_{soort.value}"]
    ]


@bp.route("/pgb-tarieven", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def tarieven() -> ResponseReturnValue:
    """Show the rates, and let a new one hold from a day on."""
    form = Form(TariefSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.create_pgb_tarief(g.session, g.actor, now(), **answers)
            return url_for(".tarieven")

        answer = form.submit(deed)
        if answer:
            return answer
    gemeente = g.actor.gemeente_code
    products = list_products(g.session, gemeente, termijnen.dag_van(now()))
    return form.page(
        "pgb/tarieven.html",
        tarieven=queries.list_tarieven(g.session, g.actor),
        names=all_product_names(g.session, gemeente),
        eenheden={each.code: EENHEDEN[each.eenheid][0] for each in products},
        producten=[(product.code, product.naam) for product in products],
        helpers=HELPERS,
        helper_names=dict(HELPERS),
        kort=kort,
    )
