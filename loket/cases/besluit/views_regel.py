"""Doors to the regels of a concept: grant, refuse, change, take back, remove."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.overzicht import (
    FREQUENTIE_OPTIONS,
    SOORTEN,
    VORM_OPTIONS,
    item_options,
)
from loket.cases.besluit.regelcontrole import NieuweRegel
from loket.cases.besluit.schemas import (
    CHANGES,
    IntrekkenSchema,
    ToekennenSchema,
    WeigerenSchema,
    WijzigenSchema,
)
from loket.cases.besluit.views import products_today, vandaag
from loket.cases.besluit.views_beschikking import (
    Opened,
    at_once,
    find_opened,
    open_beschikking,
    running_options,
)
from loket.cases.besluit.woorden import HERZIENINGSGRONDEN
from loket.cases.dossier.page import draft_here
from loket.cases.producten.queries import list_weigeringsgronden
from loket.errors import NotFound
from loket.formfields import FormSchema
from loket.web import Form, now

bp = Blueprint("besluitregel", __name__)


def _add_regel(
    referentie: str,
    schema: FormSchema,
    template: str,
    what: str,
    build: Callable[[Opened, dict[str, Any]], NieuweRegel],
) -> ResponseReturnValue:
    """Ask for one decision and put it in the concept."""
    opened = find_opened(referentie)
    vragen = item_options(g.session, opened.beschikking.id, opened.names)
    form = Form(
        schema,
        {"aanvraag_item": vragen[0][0]} if len(vragen) == 1 else {},
        draft=draft_here(opened.dossier, what),
    )
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            regel = operations.add_besluitregel(
                g.session,
                g.actor,
                now(),
                beschikking=opened.beschikking,
                nieuw=build(opened, answers),
            )
            if regel.awaits_pgb_toets:
                return url_for("pgb.assess", referentie=referentie, regel_id=regel.id)
            return opened.url()

        answer = form.submit(deed)
        if answer:
            return answer
    opened.look()
    gronden = list_weigeringsgronden(g.session, opened.dossier.gemeente_code, vandaag())
    return form.page(
        template,
        beschikking=opened.beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        vragen=vragen,
        pgb_gevraagd=any("pgb" in label for _, label in vragen),
        producten=products_today(g.session, opened.dossier),
        leveringsvormen=VORM_OPTIONS,
        frequenties=FREQUENTIE_OPTIONS,
        gronden=[
            (grond.code, f"{grond.tekst} ({grond.artikel})")
            for grond in gronden
            if not grond.alleen_pgb
        ],
        lopend=running_options(opened),
        soorten=[(soort.value, SOORTEN[soort]) for soort in CHANGES],
        herzieningsgronden=list(HERZIENINGSGRONDEN.items()),
    )


def _about_item(opened: Opened, answers: dict[str, Any]) -> dict[str, Any]:
    """Turn the chosen item into the row, if it is one of this beschikking."""
    chosen = answers.pop("aanvraag_item", None)
    if chosen is None:
        return answers
    for aanvraag in queries.aanvragen_of(g.session, opened.beschikking.id):
        for item in aanvraag.items:
            if item.id == chosen:
                return {**answers, "aanvraag_item": item, "product_code": None}
    raise NotFound


def _about_right(answers: dict[str, Any]) -> dict[str, Any]:
    voorziening = queries.get_voorziening(
        g.session, g.actor, answers.pop("voorziening")
    )
    return {**answers, "voorziening": voorziening}


@bp.route("/beschikkingen/<referentie>/toekennen", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def grant(referentie: str) -> ResponseReturnValue:
    """Add a regel that grants."""

    def build(opened: Opened, answers: dict[str, Any]) -> NieuweRegel:
        return NieuweRegel(BesluitSoort.TOEKENNEN, **_about_item(opened, answers))

    return _add_regel(
        referentie, ToekennenSchema(), "besluit/toekennen.html", "Toekennen", build
    )


@bp.route("/beschikkingen/<referentie>/weigeren", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def refuse(referentie: str) -> ResponseReturnValue:
    """Add a regel that refuses."""

    def build(opened: Opened, answers: dict[str, Any]) -> NieuweRegel:
        return NieuweRegel(BesluitSoort.WEIGEREN, **_about_item(opened, answers))

    return _add_regel(
        referentie, WeigerenSchema(), "besluit/weigeren.html", "Weigeren", build
    )


@bp.route("/beschikkingen/<referentie>/wijzigen", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def change(referentie: str) -> ResponseReturnValue:
    """Add a regel that changes, extends or reviews a right."""

    def build(_opened: Opened, answers: dict[str, Any]) -> NieuweRegel:
        if answers["soort"] is not BesluitSoort.HERZIEN:
            answers["herzieningsgrond"] = None
        return NieuweRegel(**_about_right(answers))

    return _add_regel(
        referentie,
        WijzigenSchema(),
        "besluit/wijzigen.html",
        "Wijzigen of verlengen",
        build,
    )


@bp.route("/beschikkingen/<referentie>/intrekken", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def withdraw(referentie: str) -> ResponseReturnValue:
    """Add a regel that takes a right back."""

    def build(_opened: Opened, answers: dict[str, Any]) -> NieuweRegel:
        return NieuweRegel(BesluitSoort.INTREKKEN, **_about_right(answers))

    return _add_regel(
        referentie, IntrekkenSchema(), "besluit/intrekken.html", "Intrekken", build
    )


@bp.post("/beschikkingen/<referentie>/regels/<uuid:regel_id>/verwijderen")
@requires(Permission.BESCHIKKING_DRAW_UP)
def remove_regel(referentie: str, regel_id: UUID) -> ResponseReturnValue:
    """Take a regel out of the concept."""
    opened = open_beschikking(referentie)
    regel = queries.get_regel(g.session, opened.beschikking, regel_id)

    def deed() -> str:
        operations.remove_besluitregel(
            g.session, g.actor, now(), beschikking=opened.beschikking, regel=regel
        )
        flash("De regel is weggehaald.", "success")
        return opened.url()

    return at_once(opened, deed)
