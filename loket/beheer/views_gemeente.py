"""Doors to the gemeente itself, and to the path that sets up a new one."""

from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.gemeente import Gemeente
from loket.accounts.guards import requires
from loket.accounts.history import list_wijzigingen
from loket.accounts.operations_gemeente import VELDEN, change_gemeente, stand_of
from loket.accounts.queries import get_gemeente
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.inrichtingsstappen import KLAAR, Stap, find_steps
from loket.beheer.schemas import GemeenteSchema
from loket.errors import RuleViolation
from loket.letters.compose import LetterError
from loket.letters.voorbeeld import check_letter
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("gemeente", __name__, url_prefix="/beheer")


@bp.route("/gemeente", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change() -> ResponseReturnValue:
    """Show what stands on letters and pages of the gemeente, and change it."""
    gemeente = get_gemeente(g.session, g.actor.gemeente_code)
    form = Form(GemeenteSchema(), {name: getattr(gemeente, name) for name in VELDEN})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            changed = change_gemeente(g.session, g.actor, now(), **answers)
            _check_letter(changed)
            return url_for(".change")

        answer = form.submit(deed)
        if answer:
            return answer
        g.session.refresh(gemeente)
    return form.page(
        "beheer/gemeente.html",
        gemeente=gemeente,
        stand=stand_of(gemeente),
        nu=[(label, getattr(gemeente, name)) for name, label in VELDEN.items()],
        wijzigingen=list_wijzigingen(g.session, g.actor, Gemeente.__tablename__),
    )


def _check_letter(gemeente: Gemeente) -> None:
    """Refuse a sign that no letter can hold, at the field where it stands.

    Raises:
        RuleViolation: every letter of the gemeente would stop at it.
    """
    try:
        check_letter(g.session, gemeente, dag_van(now()))
    except LetterError as error:
        fields = [name for name in VELDEN if error.odd in getattr(gemeente, name)]
        raise RuleViolation(error.message, fields[0] if fields else None) from None


@bp.get("/inrichten")
@requires(Permission.BEHEER_READ)
def show_steps() -> ResponseReturnValue:
    """Show what a new gemeente still needs before its first melding."""
    config = current_app.extensions["loket"].config
    folder = config.iwmo_dir is not None and config.iwmo_dir.is_dir()
    steps = find_steps(g.session, g.actor, now(), has_iwmo_folder=folder)
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="inrichten")
    return render_template(
        "beheer/inrichten.html",
        stappen=[
            {
                "label": step.label,
                "url": _place(step),
                "status": step.status,
                "hint": step.hint,
            }
            for step in steps
        ],
        klaar=[step for step in steps if step.status == KLAAR],
        mist=[step for step in steps if step.mist and not step.mag],
    )


def _place(step: Stap) -> str | None:
    """Return the page where a step is taken, if it has one."""
    asked: dict[str, Any] = dict(step.vraag)
    return url_for(step.endpoint, **asked) if step.endpoint else None
