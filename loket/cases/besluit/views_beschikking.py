"""Doors to one beschikking: draw up, look over, decide, make known, bezwaar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.besluit.getoond import (
    shown_letter,
    shown_regels,
    to_decide,
    to_make_known,
)
from loket.cases.besluit.mandaatcontrole import missing_review
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.overzicht import (
    RegelKaart,
    aanvraag_kaart,
    beschikking_staat,
    regel_kaarten,
    voorziening_kaart,
)
from loket.cases.besluit.schemas import (
    BekendmakenSchema,
    BezwaarSchema,
    ConceptSchema,
)
from loket.cases.besluit.views import product_names, vandaag
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.page import draft_here
from loket.datum import kort
from loket.shown import MARK, Shown
from loket.web import Form, now

bp = Blueprint("beschikking", __name__)


@dataclass(frozen=True)
class Opened:
    """A beschikking with its dossier and the names of products."""

    beschikking: Beschikking
    dossier: Dossier
    names: dict[str, str]

    def client(self) -> Inwoner:
        """Say about whom this page is."""
        return dossier_queries.get_client(g.session, self.dossier.id)

    def kaarten(self) -> list[RegelKaart]:
        """Show each regel, with what this reader lacks to decide on it."""
        regels = queries.list_regels(g.session, self.beschikking.id)
        return regel_kaarten(g.session, g.actor, regels, self.names, vandaag())

    def regels_shown(self) -> Shown:
        """Let who approves the concept approve the regels that were on the page."""
        asked = (g.session, self.beschikking, self.names)
        return Shown(lambda: shown_regels(*asked), lambda: to_decide(*asked))

    def letter_shown(self) -> Shown:
        """Let who makes it known have seen the letter."""
        return Shown(
            lambda: shown_letter(self.beschikking),
            lambda: to_make_known(g.session, self.beschikking),
        )

    def look(self) -> None:
        """Record that this reader sees it."""
        record(g.session, g.actor, Action.DOSSIER_READ, self.beschikking, at=now())

    def url(self) -> str:
        """Return the page of this beschikking."""
        return url_for("beschikking.show", referentie=self.beschikking.referentie)


def open_beschikking(referentie: str) -> Opened:
    """Get a beschikking for this reader; the look is recorded."""
    opened = find_opened(referentie)
    opened.look()
    return opened


def find_opened(referentie: str) -> Opened:
    """Get it for a form that keeps itself: only a page that is shown is a look."""
    found = queries.find_beschikking(g.session, g.actor, referentie)
    dossier = dossier_queries.dossier_of(g.session, g.actor, found.dossier_id)
    return Opened(found, dossier, product_names(g.session, dossier))


@bp.route("/dossiers/<referentie>/beschikkingen/nieuw", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DRAW_UP)
def draw_up(referentie: str) -> ResponseReturnValue:
    """Start a concept."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    running = [
        each
        for each in queries.list_aanvragen(g.session, dossier.id)
        if each.status == "open"
    ]
    form = Form(
        ConceptSchema(),
        {"aanvragen": [str(each.id) for each in running]},
        draft=draft_here(dossier, "Beschikking opstellen"),
    )
    if request.method == "POST":

        def deed(aanvragen: list[UUID], motivering: str) -> str:
            made = operations.draw_up_beschikking(
                g.session,
                g.actor,
                now(),
                dossier=dossier,
                aanvragen=[each for each in running if each.id in aanvragen],
                motivering=motivering,
            )
            return url_for(".show", referentie=made.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    names = product_names(g.session, dossier)
    cards = [aanvraag_kaart(each, names, vandaag()) for each in running]
    return form.page(
        "besluit/opstellen.html",
        dossier=dossier,
        aanvragen=[
            (
                str(card.aanvraag.id),
                f"Aanvraag van {kort(card.aanvraag.ontvangen_op)}:"
                f" {', '.join(card.gevraagd)}",
            )
            for card in cards
        ],
    )


@bp.get("/beschikkingen/<referentie>")
@requires(Permission.DOSSIER_READ)
def show(referentie: str) -> ResponseReturnValue:
    """Show a beschikking: a concept to work on, or what was decided."""
    opened = open_beschikking(referentie)
    beschikking = opened.beschikking
    regels = queries.list_regels(g.session, beschikking.id)
    tot = beschikking.bekendgemaakt_op
    return Form().page(
        "besluit/beschikking.html",
        beschikking=beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        staat=beschikking_staat(beschikking),
        regels=opened.kaarten(),
        problems=operations.open_ends(regels),
        names=staff_names(g.session, _people(beschikking)),
        aanvragen=[
            aanvraag_kaart(each, opened.names, vandaag())
            for each in queries.aanvragen_of(g.session, beschikking.id)
        ],
        document=_document(beschikking),
        bezwaar=termijnen.leg_uit(tot, termijnen.BEZWAAR) if tot else None,
        bezwaar_dagen=_days_left(beschikking),
        lopend=running_options(opened),
    )


def _people(beschikking: Beschikking) -> list[UUID]:
    people = (
        beschikking.drawn_up_by_id,
        beschikking.reviewed_by_id,
        beschikking.decided_by_id,
        beschikking.made_known_by_id,
    )
    return [person for person in people if person]


def _document(beschikking: Beschikking) -> Document | None:
    if beschikking.document_id is None:
        return None
    return g.session.get(Document, beschikking.document_id)  # type: ignore[no-any-return]  # flask.g is untyped


def _days_left(beschikking: Beschikking) -> int | None:
    if beschikking.bezwaar_tot is None:
        return None
    return (beschikking.bezwaar_tot - vandaag()).days


def running_options(opened: Opened) -> list[tuple[str, str]]:
    """Offer the rights of the cliënt that a regel can change or end."""
    client = dossier_queries.get_client(g.session, opened.dossier.id)
    cards = [
        voorziening_kaart(each, opened.names, vandaag())
        for each in queries.list_lopend(g.session, client.id)
    ]
    return [(str(card.voorziening.id), f"{card.naam}: {card.nu}") for card in cards]


def at_once(
    opened: Opened,
    deed: Callable[[], str],
    *,
    shown: Shown | None = None,
    back: str = "",
) -> ResponseReturnValue:
    """Do a deed that asks nothing; what goes wrong shows above the page.

    Args:
        shown: what it approves, when it does.
        back: the page that shows it again; without it that of the beschikking.
    """
    form = Form(shown=shown)
    answer = form.submit(deed)
    if answer:
        return answer
    for _, message in form.summary:
        flash(message, "error")
    return redirect(back or opened.url(), 303)


@bp.get("/beschikkingen/<referentie>/controleren")
@requires(Permission.DOSSIER_READ)
def check(referentie: str) -> ResponseReturnValue:
    """Show everything that will be decided, and what is missing."""
    opened = open_beschikking(referentie)
    beschikking = opened.beschikking
    regels = queries.list_regels(g.session, beschikking.id)
    missing = missing_review(g.session, g.actor, beschikking, vandaag())
    return Form(shown=opened.regels_shown()).page(
        "besluit/controleren.html",
        beschikking=beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        regels=opened.kaarten(),
        problems=operations.open_ends(regels),
        review=missing,
        names=staff_names(g.session, _people(beschikking)),
        is_own=beschikking.drawn_up_by_id == g.actor.id,
        may_decide=g.actor.may(Permission.BESCHIKKING_DECIDE),
    )


@bp.post("/beschikkingen/<referentie>/nagekeken")
@requires(Permission.BESCHIKKING_DECIDE)
def review(referentie: str) -> ResponseReturnValue:
    """Say as a second person that the concept is right."""
    opened = open_beschikking(referentie)

    def deed() -> str:
        operations.review_beschikking(
            g.session, g.actor, now(), beschikking=opened.beschikking
        )
        flash("De beschikking is nagekeken.", "success")
        return opened.url()

    back = url_for(".check", referentie=referentie)
    return at_once(opened, deed, shown=opened.regels_shown(), back=back)


@bp.route("/beschikkingen/<referentie>/besluiten", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_DECIDE)
def decide(referentie: str) -> ResponseReturnValue:
    """Ask once more, and decide what was on the page that was checked."""
    opened = open_beschikking(referentie)
    shown = opened.regels_shown()
    form = Form(shown=shown)
    if request.method == "POST":

        def deed() -> str:
            operations.decide_beschikking(
                g.session, g.actor, now(), beschikking=opened.beschikking
            )
            flash("Het besluit is genomen. De brief wordt nu gemaakt.", "success")
            return opened.url()

        answer = form.submit(deed)
        if answer:
            return answer
    checked = request.args.get(MARK, "") if request.method == "GET" else ""
    return form.page(
        "besluit/besluiten.html",
        beschikking=opened.beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        regels=opened.kaarten(),
        sinds=shown.notice(checked) if checked else "",
    )


@bp.route("/beschikkingen/<referentie>/bekendmaken", methods=["GET", "POST"])
@requires(Permission.BESCHIKKING_MAKE_KNOWN)
def make_known(referentie: str) -> ResponseReturnValue:
    """Note when the letter was sent or handed over."""
    opened = open_beschikking(referentie)
    form = Form(
        BekendmakenSchema(),
        {"bekendgemaakt_op": kort(vandaag())},
        shown=opened.letter_shown(),
    )
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.make_known_beschikking(
                g.session,
                g.actor,
                now(),
                beschikking=opened.beschikking,
                **answers,
            )
            return opened.url()

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "besluit/bekendmaken.html",
        beschikking=opened.beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        document=_document(opened.beschikking),
    )


@bp.route("/beschikkingen/<referentie>/bezwaar", methods=["GET", "POST"])
@requires(Permission.AANVRAAG_REGISTER)
def bezwaar(referentie: str) -> ResponseReturnValue:
    """Take in a bezwaar."""
    opened = find_opened(referentie)
    form = Form(
        BezwaarSchema(),
        {"ontvangen_op": kort(vandaag())},
        draft=draft_here(opened.dossier, "Bezwaar"),
    )
    if request.method == "POST":

        def deed(besluitregel: UUID | None, **answers: Any) -> str:
            regel = (
                queries.get_regel(g.session, opened.beschikking, besluitregel)
                if besluitregel
                else None
            )
            receive_bezwaar(
                g.session,
                g.actor,
                now(),
                beschikking=opened.beschikking,
                besluitregel=regel,
                **answers,
            )
            return url_for("besluit.show_besluit", referentie=opened.dossier.referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    opened.look()
    return form.page(
        "besluit/bezwaar.html",
        beschikking=opened.beschikking,
        dossier=opened.dossier,
        client=opened.client(),
        regels=[
            (str(kaart.regel.id), f"{kaart.product}: {kaart.soort.lower()}")
            for kaart in opened.kaarten()
        ],
    )
