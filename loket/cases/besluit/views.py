"""Doors to the aanvragen and rights of a dossier."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import AanvraagVorm
from loket.cases.besluit.operations_aanvraag import (
    NieuwItem,
    register_aanvraag,
    resume_aanvraag,
    suspend_aanvraag,
    withdraw_aanvraag,
)
from loket.cases.besluit.operations_sluiten import finish_dossier
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    end_voorziening,
    take_over_besluit,
)
from loket.cases.besluit.overzicht import (
    FREQUENTIE_OPTIONS,
    GRONDEN,
    REDENEN,
    VORM_OPTIONS,
    aanvraag_kaart,
    beschikking_staat,
    voorziening_kaart,
)
from loket.cases.besluit.schemas import (
    AangevuldSchema,
    AanvraagSchema,
    EindeSchema,
    OpschortenSchema,
    OvernemenSchema,
    SluitenSchema,
)
from loket.cases.besluit.volgende import next_step
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.tabs import dossier_tabs
from loket.cases.dossier.woorden import AFSLUITREDEN
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.queries import all_product_names, list_products
from loket.datum import kort
from loket.web import Form, now

bp = Blueprint("besluit", __name__)

VORMEN_VAN_AANVRAAG = [
    (AanvraagVorm.FORMULIER.value, "Aanvraagformulier"),
    (AanvraagVorm.BRIEF.value, "Brief"),
    (AanvraagVorm.ONDERTEKEND_VERSLAG.value, "Ondertekend verslag"),
]


def vandaag() -> date:
    """Return the calendar day of this request."""
    return termijnen.dag_van(now())


def product_names(session: Session, dossier: Dossier) -> dict[str, str]:
    """Return the names of everything the gemeente ever granted, by code."""
    return all_product_names(session, dossier.gemeente_code)


def products_today(session: Session, dossier: Dossier) -> list[tuple[str, str]]:
    """Offer what can be granted today."""
    products = list_products(session, dossier.gemeente_code, vandaag())
    return [(product.code, product.naam) for product in products]


@bp.get("/dossiers/<referentie>/besluit")
@requires(Permission.DOSSIER_READ)
def show_besluit(referentie: str) -> ResponseReturnValue:
    """Show aanvragen, beschikkingen and rights, each in its own state."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    beschikkingen = queries.list_beschikkingen(g.session, g.actor, now(), dossier)
    names = product_names(g.session, dossier)
    dag = vandaag()
    aanvragen = [
        aanvraag_kaart(each, names, dag)
        for each in queries.list_aanvragen(g.session, dossier.id)
    ]
    voorzieningen = [
        voorziening_kaart(each, names, dag)
        for each in queries.list_voorzieningen(g.session, dossier.id)
    ]
    return Form().page(
        "besluit/besluit.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        aanvragen=aanvragen,
        beschikkingen=[
            (each, beschikking_staat(each), regels_in_short(each.regels, names))
            for each in beschikkingen
        ],
        voorzieningen=voorzieningen,
        bezwaren=queries.list_bezwaren(g.session, dossier.id),
        stap=next_step(dossier, aanvragen, beschikkingen, voorzieningen),
        tabs=dossier_tabs(referentie, "besluit.show_besluit"),
    )


def regels_in_short(regels: Any, names: dict[str, str]) -> str:
    """Say in one line what a beschikking decides."""
    return ", ".join(
        f"{names.get(regel.product_code, regel.product_code)} {regel.soort.value}"
        for regel in sorted(regels, key=lambda regel: regel.id)
    )


@bp.route("/dossiers/<referentie>/aanvragen/nieuw", methods=["GET", "POST"])
@requires(Permission.AANVRAAG_REGISTER)
def new_aanvraag(referentie: str) -> ResponseReturnValue:
    """Take in an aanvraag."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    form = Form(AanvraagSchema(), {"ontvangen_op": kort(vandaag())})
    if request.method == "POST":

        def deed(
            producten: list[str], gewenste_vorm: Leveringsvorm, **answers: Any
        ) -> str:
            items = [
                NieuwItem(code, gewenste_vorm) for code in dict.fromkeys(producten)
            ]
            register_aanvraag(
                g.session, g.actor, now(), dossier=dossier, items=items, **answers
            )
            return url_for(".show_besluit", referentie=referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "besluit/aanvraag.html",
        dossier=dossier,
        vormen=VORMEN_VAN_AANVRAAG,
        leveringsvormen=VORM_OPTIONS,
        producten=products_today(g.session, dossier),
        melding=queries.get_melding(g.session, dossier.id),
    )


@bp.route("/aanvragen/<uuid:aanvraag_id>/opschorten", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def suspend(aanvraag_id: UUID) -> ResponseReturnValue:
    """Let the clock of an aanvraag stand still."""
    aanvraag = queries.get_aanvraag(g.session, g.actor, aanvraag_id)
    dossier = dossier_queries.dossier_of(g.session, g.actor, aanvraag.dossier_id)
    form = Form(OpschortenSchema(), {"gevraagd_op": kort(vandaag())})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            suspend_aanvraag(g.session, g.actor, now(), aanvraag=aanvraag, **answers)
            return url_for(".show_besluit", referentie=dossier.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    dossier_queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "besluit/opschorten.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        aanvraag=aanvraag,
        gronden=[(grond.value, text) for grond, text in GRONDEN.items()],
    )


@bp.route(
    "/aanvragen/<uuid:aanvraag_id>/opschortingen/<uuid:opschorting_id>/beeindigen",
    methods=["GET", "POST"],
)
@requires(Permission.BESCHIKKING_DRAW_UP)
def resume(aanvraag_id: UUID, opschorting_id: UUID) -> ResponseReturnValue:
    """Let the clock run again."""
    aanvraag = queries.get_aanvraag(g.session, g.actor, aanvraag_id)
    opschorting = queries.opschorting_of(aanvraag, opschorting_id)
    dossier = dossier_queries.dossier_of(g.session, g.actor, aanvraag.dossier_id)
    form = Form(AangevuldSchema(), {"aangevuld_op": kort(vandaag())})
    if request.method == "POST":

        def deed(aangevuld_op: date) -> str:
            resume_aanvraag(
                g.session,
                g.actor,
                now(),
                opschorting=opschorting,
                aangevuld_op=aangevuld_op,
            )
            return url_for(".show_besluit", referentie=dossier.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    dossier_queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "besluit/hervatten.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        opschorting=opschorting,
        grond=GRONDEN[opschorting.grond],
    )


@bp.route("/aanvragen/<uuid:aanvraag_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.AANVRAAG_REGISTER)
def withdraw(aanvraag_id: UUID) -> ResponseReturnValue:
    """Ask whether the cliënt really takes the aanvraag back."""
    aanvraag = queries.get_aanvraag(g.session, g.actor, aanvraag_id)
    dossier = dossier_queries.dossier_of(g.session, g.actor, aanvraag.dossier_id)
    form = Form()
    if request.method == "POST":

        def deed() -> str:
            withdraw_aanvraag(g.session, g.actor, now(), aanvraag=aanvraag)
            return url_for(".show_besluit", referentie=dossier.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    names = product_names(g.session, dossier)
    dossier_queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "besluit/intrekken_aanvraag.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        kaart=aanvraag_kaart(aanvraag, names, vandaag()),
    )


@bp.route("/voorzieningen/<uuid:voorziening_id>/beeindigen", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def end(voorziening_id: UUID) -> ResponseReturnValue:
    """End a right by a fact."""
    voorziening = queries.get_voorziening(g.session, g.actor, voorziening_id)
    dossier = dossier_queries.dossier_of(g.session, g.actor, voorziening.dossier_id)
    form = Form(EindeSchema(), {"geeindigd_op": kort(vandaag())})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            end_voorziening(
                g.session, g.actor, now(), voorziening=voorziening, **answers
            )
            return url_for(".show_besluit", referentie=dossier.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    names = product_names(g.session, dossier)
    return form.page(
        "besluit/einde.html",
        dossier=dossier,
        kaart=voorziening_kaart(voorziening, names, vandaag()),
        redenen=[
            (reden.value, f"{text[:1].upper()}{text[1:]}")
            for reden, text in REDENEN.items()
            if reden is not Eindreden.INGETROKKEN
        ],
    )


@bp.route("/dossiers/<referentie>/overnemen", methods=["GET", "POST"])
@requires(Permission.BESLUIT_TAKE_OVER)
def take_over(referentie: str) -> ResponseReturnValue:
    """Take over a decision that was taken elsewhere."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    form = Form(OvernemenSchema())
    if request.method == "POST":

        def deed(extern_nummer: str, besloten_op: date, **regel: Any) -> str:
            taken = take_over_besluit(
                g.session,
                g.actor,
                now(),
                dossier=dossier,
                extern_nummer=extern_nummer,
                besloten_op=besloten_op,
                regels=[OvergenomenRegel(**regel)],
            )
            return url_for("beschikking.show", referentie=taken.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "besluit/overnemen.html",
        dossier=dossier,
        producten=products_today(g.session, dossier),
        leveringsvormen=VORM_OPTIONS,
        frequenties=FREQUENTIE_OPTIONS,
    )


@bp.route("/dossiers/<referentie>/sluiten", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def close_dossier(referentie: str) -> ResponseReturnValue:
    """Close a dossier in which nothing runs any more, after saying what follows."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    form = Form(SluitenSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            finish_dossier(g.session, g.actor, now(), dossier=dossier, **answers)
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    return form.page(
        "besluit/sluiten.html",
        dossier=dossier,
        redenen=[(reden.value, text) for reden, text in AFSLUITREDEN.items()],
    )
