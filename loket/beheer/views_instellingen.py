"""Doors to the rules of the gemeente: norms and terms, from a day on."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts import operations_instelling as operations
from loket.accounts.gemeente import Instelling
from loket.accounts.guards import requires
from loket.accounts.history import list_wijzigingen
from loket.accounts.norm import Norm
from loket.accounts.queries import list_instellingen
from loket.accounts.register import NORMEN, REGISTER
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import press
from loket.beheer.schemas import show_waarde, take_waarde, waarde_schema
from loket.errors import NotFound
from loket.geldigheid import Tijdlijn, tijdlijn
from loket.termijnen import dag_van, dwangsom, known_years
from loket.web import Form, now

bp = Blueprint("instellingen", __name__, url_prefix="/beheer/instellingen")
LINE = Tijdlijn[Instelling]
DWANGSOM_WEEKS = (14, 28, 42)
"""After so many days the amount of a day changes, or it ends (Awb art. 4:17)."""


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_normen() -> ResponseReturnValue:
    """Show every rule with what holds now, in groups, and what the law sets itself."""
    today = dag_van(now())
    lines = _lines(today)
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="instellingen")
    groups: dict[str, list[tuple[Norm, LINE]]] = {}
    for norm in NORMEN:
        groups.setdefault(norm.groep, []).append((norm, lines[norm.sleutel]))
    return render_template(
        "beheer/instellingen.html",
        groups=groups,
        jaren=known_years(),
        jaar=today.year,
        feestdagen=sorted(termijnen.feestdagen(today.year).items()),
        dwangsommen=[(days, dwangsom(days, today)) for days in DWANGSOM_WEEKS],
        termijnen=TERMEN,
    )


TERMEN = (
    ("Onderzoek na de melding", termijnen.ONDERZOEK, "Wmo art. 2.3.2 lid 1"),
    ("Persoonlijk plan na de melding", termijnen.PLAN, "Wmo art. 2.3.2 lid 2"),
    ("Besluit na de aanvraag", termijnen.BESLUIT, "Wmo art. 2.3.5 lid 2"),
    ("Bezwaar maken", termijnen.BEZWAAR, "Awb art. 6:7"),
    ("Beslissen op bezwaar", termijnen.BESLUIT_OP_BEZWAAR, "Awb art. 7:10"),
    (
        "Beslissen op bezwaar met commissie",
        termijnen.BESLUIT_OP_BEZWAAR_COMMISSIE,
        "Awb art. 7:10 en 7:13",
    ),
    ("Verdagen van bezwaar, ten hoogste", termijnen.VERDAGING, "Awb art. 7:10 lid 3"),
)
"""What the law sets: shown, so that nobody looks for where to change it."""


def _lines(today: date) -> dict[str, LINE]:
    rows: dict[str, list[Instelling]] = {sleutel: [] for sleutel in REGISTER}
    for row in list_instellingen(g.session, g.actor.gemeente_code):
        rows.setdefault(row.sleutel, []).append(row)
    return {sleutel: tijdlijn(own, today) for sleutel, own in rows.items()}


def _norm(sleutel: str) -> Norm:
    found = REGISTER.get(sleutel)
    if found is None:
        raise NotFound
    return found


@bp.route("/<sleutel>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change(sleutel: str) -> ResponseReturnValue:
    """Show one rule with all its values, and let another hold from a day on."""
    norm = _norm(sleutel)
    form = Form(waarde_schema(norm), _start(norm))
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            waarde = take_waarde(norm, answers)
            operations.change_instelling(
                g.session, g.actor, now(), sleutel=sleutel, waarde=waarde, **answers
            )
            return url_for(".change", sleutel=sleutel)

        answer = form.submit(deed)
        if answer:
            return answer
    line = _line(norm)
    return form.page(
        "beheer/instelling.html",
        norm=norm,
        soort=norm.soort.value,
        knoppen=Form(),
        lijn=line,
        stand=operations.stand_of(g.session, g.actor, sleutel),
        wijzigingen=list_wijzigingen(
            g.session, g.actor, Instelling.__tablename__, sleutel
        ),
        volgend_jaar=_misses_next_year(norm, line),
    )


def _line(norm: Norm) -> LINE:
    rows = list_instellingen(g.session, g.actor.gemeente_code, norm.sleutel)
    return tijdlijn(rows, dag_van(now()))


def _start(norm: Norm) -> dict[str, Any]:
    """Begin from what holds now, else from what holds when nothing is set."""
    held = _line(norm).nu
    return show_waarde(norm, held[0].waarde if held else norm.standaard)


def _misses_next_year(norm: Norm, line: LINE) -> int | None:
    """Tell which year has no value yet, of what is set anew each year."""
    if not norm.jaarlijks or not (line.nu or line.later):
        return None
    coming = dag_van(now()).year + 1
    first = date(coming, 1, 1)
    known = any(row.van == first for row in line.later)
    return None if known else coming


@bp.post("/<sleutel>/<uuid:instelling_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw(sleutel: str, instelling_id: UUID) -> ResponseReturnValue:
    """Take back a value that does not hold yet."""
    _norm(sleutel)

    def deed() -> str:
        operations.withdraw_instelling(
            g.session, g.actor, now(), sleutel=sleutel, instelling_id=instelling_id
        )
        return url_for(".change", sleutel=sleutel)

    return press(deed)
