"""Doors: dividing work, giving it back, and who has how much."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, flash, g, render_template, request
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.accounts.queries_team import list_teams
from loket.authz import Permission
from loket.cases.dossier import woorden
from loket.cases.dossier.dossier import Werkvoorraad
from loket.cases.werkvoorraad.queries_caseload import (
    Caseload,
    Werkverdeling,
    werkverdeling,
)
from loket.cases.werkvoorraad.schemas import VerdeelSchema
from loket.cases.werkvoorraad.verdeling import (
    MOST_AT_ONCE,
    Keuze,
    Verdeeld,
    chosen_lines,
    divide_dossiers,
)
from loket.cases.werkvoorraad.views import ARGUMENTS, address
from loket.errors import NotFound, RuleViolation
from loket.web import Form, now

bp = Blueprint("verdelen", __name__)
NIEMAND = "niemand"
"""Giving work back: it is nobody's until somebody divides it again."""


@bp.get("/werkvoorraad/verdelen")
@requires(Permission.DOSSIER_ASSIGN)
def choose() -> ResponseReturnValue:
    """Ask to whom the chosen dossiers go and why, after saying what follows."""
    references = request.args.getlist("dossiers")[:MOST_AT_ONCE]
    lines = chosen_lines(g.session, g.actor, references)
    form = Form(VerdeelSchema(), {"dossiers": [_seen(each) for each in lines]})
    return _page(form, lines)


@bp.post("/werkvoorraad/verdelen")
@requires(Permission.DOSSIER_ASSIGN)
def divide() -> ResponseReturnValue:
    """Give the chosen dossiers to one consulent, or back to be divided."""
    form = Form(VerdeelSchema())

    def deed(dossiers: list[str], naar: str, **reason: Any) -> str:
        naar_id = None if naar == NIEMAND else _person(naar)
        outcome = divide_dossiers(
            g.session,
            g.actor,
            now(),
            keuzes=[_keuze(each) for each in dict.fromkeys(dossiers)],
            naar_id=naar_id,
            **reason,
        )
        _tell(outcome, naar_id)
        return address(_back())

    if answer := form.submit(deed):
        return answer
    seen = [each.partition("_")[0] for each in form.value("dossiers")]
    return _page(form, chosen_lines(g.session, g.actor, seen[:MOST_AT_ONCE]))


@bp.get("/werkvoorraad/caseload")
@requires(Permission.DOSSIER_ASSIGN)
def show_caseload() -> ResponseReturnValue:
    """Show how much work everybody has, against the norm."""
    teams = list_teams(g.session, g.actor)
    team_id = _team(request.args.get("team", ""), {each.id for each in teams})
    return render_template(
        "werkvoorraad/caseload.html",
        verdeling=werkverdeling(g.session, g.actor, now(), team_id=team_id),
        teams=[(str(each.id), each.naam) for each in teams],
        filter=_TeamForm(),
        alle_url=address([("wiens", NIEMAND)]),
    )


class _TeamForm:
    """The filter as it stands in the address, for the macros of fields."""

    def value(self, name: str) -> str:
        return request.args.get(name, "")

    def errors(self, _name: str) -> list[str]:
        return []


def _page(form: Form, lines: Sequence[Werkvoorraad]) -> ResponseReturnValue:
    work = werkverdeling(g.session, g.actor, now())
    ids = {each.consulent_id for each in lines if each.consulent_id}
    pairs = _back()
    return form.page(
        "werkvoorraad/verdelen.html",
        lines=lines,
        namen=staff_names(g.session, list(ids)),
        work=work,
        consulenten=[
            *(_option(each, lines, work) for each in work.consulenten),
            (NIEMAND, "Niemand: terug naar nog te verdelen"),
        ],
        redenen=list(woorden.TOEDELINGREDEN.items()),
        terug=urlencode(pairs),
        terug_url=address(pairs),
        woorden=woorden,
    )


def _option(
    caseload: Caseload, lines: Sequence[Werkvoorraad], work: Werkverdeling
) -> tuple[str, str]:
    """Say of one consulent what (s)he has, and what it becomes."""
    extra: dict[str, int] = {}
    for line in lines:
        if line.consulent_id != caseload.user_id:
            extra[line.fase.value] = extra.get(line.fase.value, 0) + 1
    becomes = caseload.gewogen + work.norm.weigh(extra)
    said = f"{caseload.naam}: nu {_number(caseload.gewogen)}"
    said += f", wordt {_number(becomes)}"
    if work.norm.zaken is not None:
        said += f" van {work.norm.zaken}"
        said += " (boven de norm)" if becomes > work.norm.zaken else ""
    if caseload.vervangingen:
        said += ", afwezig"
    return str(caseload.user_id), said


def _tell(outcome: Verdeeld, naar_id: UUID | None) -> None:
    """Say what was done, what was left out, and when it became too much."""
    many = len(outcome.gedaan)
    what = "1 zaak is" if many == 1 else f"{many} zaken zijn"
    if many:
        flash(
            f"{what} verdeeld."
            if naar_id
            else f"{what} teruggezet naar nog te verdelen.",
            "success",
        )
    if outcome.overgeslagen:
        named = "; ".join(f"{name} {why}" for name, why in outcome.overgeslagen)
        flash(f"Overgeslagen: {named}.", "warning")
    if naar_id is None or not many:
        return
    g.session.flush()  # the count sees what was just divided
    for each in werkverdeling(g.session, g.actor, now()).consulenten:
        if each.user_id == naar_id and each.is_over:
            flash(
                f"{each.naam} heeft nu {_number(each.gewogen)} van {each.norm} zaken:"
                " meer dan de norm.",
                "warning",
            )


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _seen(line: Werkvoorraad) -> str:
    """Write down a dossier and who has it, so that a change meanwhile shows."""
    return f"{line.referentie}_{line.consulent_id or NIEMAND}"


def _keuze(text: str) -> Keuze:
    referentie, _, seen = text.partition("_")
    return Keuze(referentie, None if seen == NIEMAND else _person(seen))


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RuleViolation("Kies een consulent van deze gemeente.", "naar") from None


def _team(text: str, known: set[UUID]) -> UUID | None:
    """Read the team of the address; one of another gemeente does not exist."""
    if not text:
        return None
    for each in known:
        if str(each) == text:
            return each
    raise NotFound("Dit team bestaat niet.")


def _back() -> list[tuple[str, str]]:
    """Return where the worklist stood: only what such an address can ask."""
    pairs = parse_qsl(request.values.get("terug", "")[:2000])
    return [(name, value) for name, value in pairs if name in ARGUMENTS]
