"""Doors of who decides on a request to see: look, leave out, extend, give, refuse."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.errors import NotFound, RuleViolation
from loket.rechten import operations, queries, woorden
from loket.rechten.inzageverzoek import Weglaatgrond
from loket.rechten.leesbaar import LABELS, label, zeg
from loket.rechten.operations import read_inhoud
from loket.rechten.register import ONDERDELEN
from loket.rechten.schemas import VerlengingSchema, WeglatenSchema, WeigeringSchema
from loket.web import Form, now

bp = Blueprint("inzagebesluit", __name__, url_prefix="/inzageverzoeken/<referentie>")
MOST_CHOICES = 300
SHOWN = 160
"""Characters of a row, to recognise it by."""


def _back(referentie: str) -> str:
    return url_for("inzageverzoek.show_verzoek", referentie=referentie)


@bp.get("/inhoud")
@requires(Permission.RECHTEN_DECIDE)
def show_inhoud(referentie: str) -> ResponseReturnValue:
    """Show what would be given, part by part."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    parts, left_out = read_inhoud(g.session, g.actor, now(), verzoek=verzoek)
    gone: dict[str, int] = {}
    for each in left_out:
        gone[each.onderdeel] = gone.get(each.onderdeel, 0) + 1
    whole = {each.onderdeel for each in left_out if each.rij_id is None}
    return Form().page(
        "rechten/inhoud.html",
        verzoek=verzoek,
        delen=[each for each in parts if each["rijen"]],
        weg=gone,
        alles=whole,
    )


@bp.route("/weglaten/<onderdeel>", methods=["GET", "POST"])
@requires(Permission.RECHTEN_DECIDE)
def leave_out(referentie: str, onderdeel: str) -> ResponseReturnValue:
    """Choose what of one part is not given, and say why."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    if onderdeel not in ONDERDELEN:
        raise NotFound("Dit onderdeel bestaat niet.")
    parts, left_out = read_inhoud(
        g.session, g.actor, now(), verzoek=verzoek, onderdeel=onderdeel
    )
    (part,) = [each for each in parts if each["code"] == onderdeel]
    mine = [each for each in left_out if each.onderdeel == onderdeel]
    form = Form(WeglatenSchema(), _chosen(mine))

    def deed(
        alles: bool,
        rijen: list[UUID],
        grond: Weglaatgrond | None,
        uitleg: str | None,
    ) -> str:
        known = {each["id"] for each in part["rijen"]}
        if not {str(each) for each in rijen} <= known:
            raise RuleViolation("Kies een van de genoemde regels.", "rijen")
        operations.leave_out(
            g.session,
            g.actor,
            now(),
            verzoek=verzoek,
            onderdeel=onderdeel,
            rijen=[None] if alles else rijen,
            grond=grond,
            uitleg=uitleg,
        )
        flash("Uw keuze is bewaard.", "success")
        return url_for(".show_inhoud", referentie=referentie)

    if answer := form.answer(deed):
        return answer
    return form.page(
        "rechten/weglaten.html",
        verzoek=verzoek,
        deel=part,
        keuzes=[
            (each["id"], f"{nummer}. {_recognise(each)}")
            for nummer, each in enumerate(part["rijen"][:MOST_CHOICES], 1)
            if each["id"]
        ],
        gronden=list(woorden.WEGLAATGROND.items()),
    )


def _chosen(mine: list[Any]) -> dict[str, Any]:
    if not mine:
        return {}
    return {
        "alles": "ja" if mine[0].rij_id is None else "",
        "rijen": [str(each.rij_id) for each in mine if each.rij_id],
        "grond": mine[0].grond.value,
        "uitleg": mine[0].uitleg,
    }


def _recognise(rij: dict[str, Any]) -> str:
    told = [
        f"{label(name)}: {zeg(name, each)}"
        for name, each in rij["velden"].items()
        if zeg(name, each) and (name in LABELS or not name.endswith("_by"))
    ]
    text = ". ".join(told).replace("\n", " ")
    return f"{text[:SHOWN]}\u2026" if len(text) > SHOWN else text


@bp.route("/verlengen", methods=["GET", "POST"])
@requires(Permission.RECHTEN_DECIDE)
def extend(referentie: str) -> ResponseReturnValue:
    """Take more time, with a reason the resident reads."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    form = Form(VerlengingSchema())

    def deed(reden: str) -> str:
        operations.extend(g.session, g.actor, now(), verzoek=verzoek, reden=reden)
        flash("De termijn is verlengd. De brief wordt gemaakt.", "success")
        return _back(referentie)

    if answer := form.answer(deed):
        return answer
    tot = operations.uiterlijk_op(
        g.session, verzoek.gemeente_code, verzoek.ontvangen_op, verlengd=True
    )
    return form.page("rechten/verlengen.html", verzoek=verzoek, tot=tot)


@bp.route("/geven", methods=["GET", "POST"])
@requires(Permission.RECHTEN_DECIDE)
def grant(referentie: str) -> ResponseReturnValue:
    """Decide to give a copy."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    form = Form()

    def deed() -> str:
        operations.grant(g.session, g.actor, now(), verzoek=verzoek)
        flash("Het afschrift wordt gemaakt.", "success")
        return _back(referentie)

    if answer := form.answer(deed):
        return answer
    return form.page(
        "rechten/geven.html",
        verzoek=verzoek,
        weglatingen=queries.list_weglatingen(g.session, verzoek.id),
        onderdelen=ONDERDELEN,
        woorden=woorden,
    )


@bp.route("/weigeren", methods=["GET", "POST"])
@requires(Permission.RECHTEN_DECIDE)
def refuse(referentie: str) -> ResponseReturnValue:
    """Decide to give nothing, and say why."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    form = Form(WeigeringSchema())

    def deed(**answers: Any) -> str:
        operations.refuse(g.session, g.actor, now(), verzoek=verzoek, **answers)
        flash("Het verzoek is geweigerd. De brief wordt gemaakt.", "success")
        return _back(referentie)

    if answer := form.answer(deed):
        return answer
    return form.page(
        "rechten/weigeren.html",
        verzoek=verzoek,
        gronden=list(woorden.WEIGERGROND.items()),
    )
