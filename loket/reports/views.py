"""Door: the one page of policy staff; figures, never a person."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.reports import leveringsvorm, meldingen, termijnen_gehaald
from loket.reports.suppression import suppress
from loket.web import Form, now

bp = Blueprint("reports", __name__)
YEARS_BACK = 4
MONTHS = [
    "jan",
    "feb",
    "mrt",
    "apr",
    "mei",
    "jun",
    "jul",
    "aug",
    "sep",
    "okt",
    "nov",
    "dec",
]
DOMEINEN = {
    "huisvesting": "Huisvesting",
    "huishoudelijke_hulp": "Huishoudelijke hulp",
    "zorg": "Zorg en begeleiding",
    "dagbesteding": "Dagbesteding",
    "vervoer": "Vervoer",
    "hulpmiddelen": "Hulpmiddelen",
}


@dataclass(frozen=True)
class Figures:
    """What the page shows: counts with small numbers taken out."""

    domeinen: list[tuple[str, int | None]]
    vormen: list[tuple[str, int | None]]
    onderzoek: list[tuple[str, int | None]]
    besluit: list[tuple[str, int | None]]
    maanden: list[str]
    per_maand: list[int | None]
    is_empty: bool


@bp.get("/beleid")
@requires(Permission.BELEID_READ)
def show_beleid() -> ResponseReturnValue:
    """Show a year in figures."""
    today = termijnen.dag_van(now())
    years = [today.year - n for n in range(YEARS_BACK)]
    asked = request.args.get("jaar", "")
    year = next((y for y in years if str(y) == asked), today.year)
    figures = _figures(date(year, 1, 1), date(year, 12, 31))
    record(g.session, g.actor, Action.BELEID_READ, at=now(), grond=f"jaar:{year}")
    form = Form(values={"jaar": str(year)})
    return render_template(
        "reports/beleid.html",
        figures=figures,
        year=year,
        filterform=form,
        years=[(str(y), str(y)) for y in years],
    )


def _figures(van: date, tot: date) -> Figures:
    period = (g.session, g.actor, van, tot)
    domeinen = {d.domein.value: d.aantal for d in meldingen.per_domein(*period)}
    vormen = {v.vorm.value: v.aantal for v in leveringsvorm.per_vorm(*period)}
    maanden = {m.maand: m.aantal for m in meldingen.per_maand(*period)}
    onderzoek = termijnen_gehaald.onderzoeken(*period)
    besluit = termijnen_gehaald.besluiten(*period)
    return Figures(
        domeinen=[(DOMEINEN[k], n) for k, n in suppress(domeinen).items()],
        vormen=[
            ({"natura": "In natura", "pgb": "Pgb"}[k], n)
            for k, n in suppress(vormen).items()
        ],
        onderzoek=_on_time(onderzoek),
        besluit=_on_time(besluit),
        maanden=[MONTHS[m.month - 1] for m in maanden],
        per_maand=list(suppress(maanden).values()),
        is_empty=not any(maanden.values()) and not any(vormen.values()),
    )


def _on_time(found: termijnen_gehaald.Gehaald) -> list[tuple[str, int | None]]:
    counts = {"Op tijd": found.op_tijd, "Te laat": found.te_laat}
    return list(suppress(counts).items())
