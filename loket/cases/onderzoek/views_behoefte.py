"""Doors around one behoefte: what meets it, what was agreed, how it turns out."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier.page import draft_here
from loket.cases.melding.behoefte import Behoefte
from loket.cases.melding.operations import add_behoefte as add
from loket.cases.melding.operations import correct_behoefte as correct
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import operations_behoefte as operations
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.edits import behoefte_edits
from loket.cases.onderzoek.page import about, back, enter
from loket.cases.onderzoek.schemas import (
    AfspraakSchema,
    BehoefteSchema,
    MetingSchema,
    OplossingSchema,
)
from loket.cases.producten.queries import list_products
from loket.cases.producten.woorden import DOMEIN, EENHEID
from loket.datum import kort
from loket.errors import NotFound
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint(
    "onderzoek_behoefte", __name__, url_prefix="/dossiers/<referentie>/onderzoek"
)


@bp.route("/behoefte", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def add_behoefte(referentie: str) -> ResponseReturnValue:
    """Add a need that showed in the talk."""
    dossier, onderzoek = enter(referentie)
    onderzoek.require_open()
    form = Form(BehoefteSchema())

    def deed(**answers: Any) -> str:
        made = add(g.session, g.actor, now(), dossier=dossier, **answers)
        return back(dossier, f"behoefte-{made.id}")

    return form.answer(deed) or form.page(
        "onderzoek/behoefte.html",
        domeinen=[(each.value, text) for each, text in DOMEIN.items()],
        **about(dossier, onderzoek),
    )


@bp.route("/behoefte/<uuid:behoefte_id>", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def correct_behoefte(referentie: str, behoefte_id: UUID) -> ResponseReturnValue:
    """Write a need down better."""
    dossier, onderzoek = enter(referentie)
    onderzoek.require_open()
    behoefte = _behoefte(dossier.id, behoefte_id)
    form = Form(BehoefteSchema(), edits=behoefte_edits(g.session, behoefte))

    def deed(**answers: Any) -> str:
        correct(
            g.session, g.actor, now(), dossier=dossier, behoefte=behoefte, **answers
        )
        return back(dossier, f"behoefte-{behoefte_id}")

    return form.answer(deed) or form.page(
        "onderzoek/behoefte.html",
        domeinen=[(each.value, text) for each, text in DOMEIN.items()],
        behoefte=behoefte,
        **about(dossier, onderzoek),
    )


@bp.route("/behoefte/<uuid:behoefte_id>/oplossing", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def propose_oplossing(referentie: str, behoefte_id: UUID) -> ResponseReturnValue:
    """Propose a solution for this need."""
    dossier, onderzoek = enter(referentie)
    form = Form(OplossingSchema(), draft=draft_here(dossier, "Oplossing"))

    def deed(**answers: Any) -> str:
        operations.propose_oplossing(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            behoefte_id=behoefte_id,
            **answers,
        )
        return back(dossier, f"behoefte-{behoefte_id}")

    return form.answer(deed) or form.page(
        "onderzoek/oplossing.html",
        behoefte=_behoefte(dossier.id, behoefte_id),
        producten=_producten(dossier.gemeente_code),
        **about(dossier, onderzoek),
    )


@bp.post("/oplossing/<uuid:oplossing_id>/weg")
@requires(Permission.ONDERZOEK_DO)
def withdraw_oplossing(referentie: str, oplossing_id: UUID) -> ResponseReturnValue:
    """Take back a solution."""
    dossier, onderzoek = enter(referentie)
    onderzoek.require_open()

    def deed() -> str:
        gone = queries.get_oplossing(g.session, onderzoek, oplossing_id)
        operations.withdraw_oplossing(
            g.session, g.actor, now(), onderzoek=onderzoek, oplossing=gone
        )
        return back(dossier, f"behoefte-{gone.behoefte_id}")

    return Form().submit(deed) or redirect(back(dossier), 303)


@bp.route("/behoefte/<uuid:behoefte_id>/afspraak", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def make_afspraak(referentie: str, behoefte_id: UUID) -> ResponseReturnValue:
    """Agree on a result for this need."""
    dossier, onderzoek = enter(referentie)
    form = Form(AfspraakSchema(), draft=draft_here(dossier, "Resultaatafspraak"))

    def deed(**answers: Any) -> str:
        operations.make_resultaatafspraak(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            behoefte_id=behoefte_id,
            **answers,
        )
        return back(dossier, f"behoefte-{behoefte_id}")

    return form.answer(deed) or form.page(
        "onderzoek/afspraak.html",
        behoefte=_behoefte(dossier.id, behoefte_id),
        **about(dossier, onderzoek),
    )


@bp.post("/afspraak/<uuid:afspraak_id>/weg")
@requires(Permission.ONDERZOEK_DO)
def withdraw_afspraak(referentie: str, afspraak_id: UUID) -> ResponseReturnValue:
    """Take back an agreed result."""
    dossier, onderzoek = enter(referentie)
    onderzoek.require_open()

    def deed() -> str:
        gone = queries.get_resultaatafspraak(g.session, dossier.id, afspraak_id)
        operations.withdraw_resultaatafspraak(
            g.session, g.actor, now(), onderzoek=onderzoek, afspraak=gone
        )
        return back(dossier, f"behoefte-{gone.behoefte_id}")

    return Form().submit(deed) or redirect(back(dossier), 303)


@bp.route("/afspraak/<uuid:afspraak_id>/meting", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def score_resultaat(referentie: str, afspraak_id: UUID) -> ResponseReturnValue:
    """Measure how an agreed result turns out."""
    dossier, onderzoek = enter(referentie)
    afspraak = queries.get_resultaatafspraak(g.session, dossier.id, afspraak_id)
    form = Form(MetingSchema(), {"gemeten_op": kort(dag_van(now()))})

    def deed(**answers: Any) -> str:
        operations.score_resultaat(
            g.session, g.actor, now(), afspraak=afspraak, **answers
        )
        return back(dossier, f"behoefte-{afspraak.behoefte_id}")

    return form.answer(deed) or form.page(
        "onderzoek/meting.html", afspraak=afspraak, **about(dossier, onderzoek)
    )


def _producten(gemeente_code: str) -> list[tuple[str, str]]:
    """Offer the products of today, each with the unit it counts in."""
    found = list_products(g.session, gemeente_code, dag_van(now()))
    return [(p.code, f"{p.naam} ({EENHEID[p.eenheid]})") for p in found]


def _behoefte(dossier_id: UUID, behoefte_id: UUID) -> Behoefte:
    """Find the need among those of this dossier."""
    for each in list_behoeften(g.session, dossier_id):
        if each.id == behoefte_id:
            return each
    raise NotFound
