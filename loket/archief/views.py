"""Doors to the vernietigingslijsten and their three steps."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import opens, requires
from loket.accounts.queries import get_gemeente, staff_names
from loket.archief import operations_lijst as operations
from loket.archief import queries_lijst, queries_verzoek, woorden
from loket.archief.brief import verklaring_brief
from loket.archief.queries import LOOPT, bewaartermijn_op, bewaring_van
from loket.archief.schemas import NakijkSchema, TegenhoudSchema, UithaalSchema
from loket.archief.verklaring import verklaring_van
from loket.archief.vernietigingslijst import (
    Tegenhoudreden,
    Uithaalreden,
    Vernietigingslijst,
    Vernietigingsregel,
)
from loket.authz import SYSTEM_ID, Permission
from loket.cases.dossier.dossier import Dossier
from loket.errors import RuleViolation
from loket.letters.compose import render_letter
from loket.letters.queries import afzender_op
from loket.web import Form, now

bp = Blueprint("archief", __name__, url_prefix="/vernietiging")
DOSSIER_DOOR = "archief_dossier.show_bewaren"


@bp.get("/")
@requires(Permission.VERNIETIGING_READ)
def show_vernietiging() -> ResponseReturnValue:
    """Show the lists, how far each is, and the requests that wait."""
    lijsten = queries_lijst.list_lijsten(g.session, g.actor)
    counts = queries_lijst.count_regels(g.session, [each.id for each in lijsten])
    today = termijnen.dag_van(now())
    verzoeken = []
    if g.actor.may(Permission.VERNIETIGING_DECIDE):
        verzoeken = [
            (verzoek, dossier, (verzoek.uiterlijk - today).days)
            for verzoek, dossier in queries_verzoek.list_open(g.session, g.actor)
        ]
    return render_template(
        "archief/lijsten.html",
        lijsten=[
            (each, counts.get(each.id, {}), woorden.STATUS[status_of(each, now())])
            for each in lijsten
        ],
        verzoeken=verzoeken,
        woorden=woorden,
        may_propose=g.actor.may(Permission.VERNIETIGING_PROPOSE),
        termijn=bewaartermijn_op(g.session, g.actor.gemeente_code, today),
    )


def status_of(lijst: Vernietigingslijst, at: datetime) -> str:
    """Say how a list stands; an approved one is carried out from its day on."""
    if lijst.status == "goedgekeurd" and lijst.uitvoeren_vanaf is not None:
        return "bezig" if lijst.uitvoeren_vanaf <= at else "goedgekeurd"
    return lijst.status


@bp.route("/voorstellen", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_PROPOSE)
def propose() -> ResponseReturnValue:
    """Put what is due on a list."""
    form = Form()

    def deed() -> str:
        lijst = operations.propose_lijst(g.session, g.actor, now())
        return url_for(".show_lijst", referentie=lijst.referentie)

    if answer := form.answer(deed):
        return answer
    today = termijnen.dag_van(now())
    termijn = bewaartermijn_op(g.session, g.actor.gemeente_code, today)
    due = queries_lijst.list_due(g.session, g.actor.gemeente_code, termijn, today)
    return form.page("archief/voorstellen.html", aantal=len(due))


@bp.get("/<referentie>")
@requires(Permission.VERNIETIGING_READ)
def show_lijst(referentie: str) -> ResponseReturnValue:
    """Show every line of a list, what keeps it now, and who may do the next step."""
    lijst = queries_lijst.read_lijst(g.session, g.actor, now(), referentie)
    regels = queries_lijst.list_regels(g.session, lijst.id)
    names = staff_names(g.session, list(lijst.hands)) | {SYSTEM_ID: "Loket"}
    done = sum(regel.status == "vernietigd" for regel, _ in regels)
    out = sum(regel.status == "eruit" for regel, _ in regels)
    stand = status_of(lijst, now())
    return render_template(
        "archief/lijst.html",
        lijst=lijst,
        stand=stand,
        badge=woorden.STATUS[stand],
        regels=regels,
        loopt=_loopt(lijst, regels),
        dossiers=queries_lijst.referenties_van(
            g.session, [regel.inwoner_id for regel, _ in regels if regel.inwoner_id]
        ),
        namen=names,
        woorden=woorden,
        gedaan=done,
        eruit=out,
        totaal=len(regels) - out,
        opent_dossier=opens(DOSSIER_DOOR),
        may_review=_may(Permission.VERNIETIGING_REVIEW)
        and lijst.may_review(g.actor.id),
        may_approve=_may(Permission.VERNIETIGING_APPROVE)
        and lijst.may_approve(g.actor.id),
        may_stop=_may(Permission.VERNIETIGING_STOP)
        and lijst.is_open
        and g.actor.id in lijst.hands,
    )


def _may(permission: Permission) -> bool:
    return bool(g.actor.may(permission))


def _loopt(
    lijst: Vernietigingslijst, regels: list[tuple[Vernietigingsregel, str]]
) -> dict[UUID, str]:
    """Say of the lines of a list that is open what keeps their dossier now."""
    ids = [r.scope_id for r, _ in regels if r.status == "open" and r.dossier_id]
    if not ids or not lijst.is_open:
        return {}
    termijn = bewaartermijn_op(g.session, lijst.gemeente_code, termijnen.dag_van(now()))
    kept = bewaring_van(
        g.session, queries_lijst.dossiers_by_id(g.session, ids), termijn
    )
    asked = lijst.verzoek_id is not None
    found = {}
    for dossier_id, bewaring in kept.items():
        words = [w for w in bewaring.loopt if not (asked and w == "taak")]
        if words:
            found[dossier_id] = LOOPT[words[0]]
    return found


@bp.route("/<referentie>/nakijken", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_REVIEW)
def review(referentie: str) -> ResponseReturnValue:
    """Say that every line was looked at."""
    lijst = queries_lijst.get_lijst(g.session, g.actor, referentie)
    form = Form(NakijkSchema())

    def deed(bekeken: bool) -> str:
        if not bekeken:
            raise RuleViolation("Bekijk eerst elke regel van de lijst.", "bekeken")
        gone = operations.review_lijst(g.session, g.actor, now(), lijst=lijst)
        return _next(lijst, "De lijst is nagekeken.", gone)

    return form.answer(deed) or form.page("archief/nakijken.html", lijst=lijst)


def _next(lijst: Vernietigingslijst, words: str, gone: int) -> str:
    out = "1 regel ging" if gone == 1 else f"{gone} regels gingen"
    flash(f"{words} {out} van de lijst." if gone else words, "success")
    return url_for(".show_lijst", referentie=lijst.referentie)


@bp.route("/<referentie>/goedkeuren", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_APPROVE)
def approve(referentie: str) -> ResponseReturnValue:
    """Let a list be carried out after the days to think again."""
    lijst = queries_lijst.get_lijst(g.session, g.actor, referentie)
    form = Form()

    def deed() -> str:
        gone = operations.approve_lijst(g.session, g.actor, now(), lijst=lijst)
        return _next(lijst, "De lijst is goedgekeurd.", gone)

    if answer := form.answer(deed):
        return answer
    days = operations.bedenktijd_op(
        g.session, lijst.gemeente_code, termijnen.dag_van(now())
    )
    counts = queries_lijst.count_regels(g.session, [lijst.id]).get(lijst.id, {})
    return form.page(
        "archief/goedkeuren.html", lijst=lijst, dagen=days, aantal=counts.get("open", 0)
    )


@bp.route("/<referentie>/tegenhouden", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_STOP)
def stop(referentie: str) -> ResponseReturnValue:
    """Destroy nothing more of a list."""
    lijst = queries_lijst.get_lijst(g.session, g.actor, referentie)
    form = Form(TegenhoudSchema())

    def deed(reden: Tegenhoudreden) -> str:
        operations.stop_lijst(g.session, g.actor, now(), lijst=lijst, reden=reden)
        return _next(lijst, "De lijst is tegengehouden.", 0)

    return form.answer(deed) or form.page(
        "archief/tegenhouden.html",
        lijst=lijst,
        redenen=list(woorden.STOPREDEN.items()),
    )


@bp.route("/<referentie>/regels/<uuid:lijstregel_id>/eruit", methods=["GET", "POST"])
@requires(Permission.VERNIETIGING_REVIEW)
def remove_regel(referentie: str, lijstregel_id: UUID) -> ResponseReturnValue:
    """Take one line off the list."""
    lijst = queries_lijst.get_lijst(g.session, g.actor, referentie)
    regel = queries_lijst.get_regel(g.session, lijst.id, lijstregel_id)
    form = Form(UithaalSchema())

    def deed(reden: Uithaalreden) -> str:
        operations.remove_regel(
            g.session, g.actor, now(), lijst=lijst, regel=regel, reden=reden
        )
        return _next(lijst, "De regel is van de lijst.", 0)

    if answer := form.answer(deed):
        return answer
    of = g.session.get(Dossier, regel.dossier_id) if regel.dossier_id else None
    return form.page(
        "archief/eruit.html",
        lijst=lijst,
        regel=regel,
        wat=f"dossier {of.referentie}" if of else "deze persoon",
        redenen=[
            (reden, label)
            for reden, label in woorden.UITHAALREDEN.items()
            if reden.is_chosen
        ],
    )


@bp.get("/<referentie>/verklaring")
@requires(Permission.VERNIETIGING_READ)
def show_verklaring(referentie: str) -> ResponseReturnValue:
    """Show the certificate of destruction."""
    lijst = queries_lijst.read_lijst(g.session, g.actor, now(), referentie)
    return render_template(
        "archief/verklaring.html",
        lijst=lijst,
        verklaring=verklaring_van(g.session, lijst),
    )


@bp.get("/<referentie>/verklaring.pdf")
@requires(Permission.VERNIETIGING_READ)
def print_verklaring(referentie: str) -> ResponseReturnValue:
    """Give the certificate as a file that keeps."""
    lijst = queries_lijst.read_lijst(g.session, g.actor, now(), referentie)
    verklaring = verklaring_van(g.session, lijst)
    gemeente = get_gemeente(g.session, lijst.gemeente_code)
    dag = verklaring.gereed_op
    brief = verklaring_brief(
        verklaring, gemeente, afzender_op(g.session, gemeente, dag), dag
    )
    answer = Response(render_letter(brief), mimetype="application/pdf")
    name = f"verklaring-van-vernietiging-{lijst.referentie}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
