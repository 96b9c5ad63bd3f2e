"""Doors to the grounds on which the gemeente refuses, through time."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.perioden import Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import chosen, end_page, history, known, line_of, newest, press
from loket.beheer.schemas_aanbod import GrondSchema, GrondVanafSchema
from loket.cases.producten import operations
from loket.cases.producten import operations_lijst as operations_lijst
from loket.cases.producten.product import Weigeringsgrond
from loket.cases.producten.queries import grond_rows
from loket.web import Form, now

bp = Blueprint("weigeringsgronden", __name__, url_prefix="/beheer/weigeringsgronden")


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_gronden() -> ResponseReturnValue:
    """Show the grounds that hold now; or will, or did."""
    lijn = line_of(grond_rows(g.session, g.actor))
    rows, chips = chosen(lijn, ".list_gronden")
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="weigeringsgronden")
    return render_template(
        "beheer/weigeringsgronden.html",
        gronden=sorted(rows, key=lambda row: row.code),
        chips=chips,
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def add_grond() -> ResponseReturnValue:
    """Let the gemeente refuse on something new."""
    form = Form(GrondSchema())

    def deed(**answers: Any) -> str:
        made = operations.add_weigeringsgrond(g.session, g.actor, now(), **answers)
        return url_for(".change_grond", code=made.code)

    return form.answer(deed) or form.page("beheer/weigeringsgrond_nieuw.html")


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change_grond(code: str) -> ResponseReturnValue:
    """Show one ground through time, and let it read otherwise from a day on."""
    rows = known(grond_rows(g.session, g.actor, code))
    form = Form(GrondVanafSchema(), _start(newest(line_of(rows))))

    def deed(**answers: Any) -> str:
        vanaf = Vanaf.take(answers)
        operations_lijst.change_weigeringsgrond(
            g.session, g.actor, now(), code=code, vanaf=vanaf, **answers
        )
        return url_for(".change_grond", code=code)

    if done := form.answer(deed):
        return done
    rows = known(grond_rows(g.session, g.actor, code))  # as they stand after a no
    return form.page(
        "beheer/weigeringsgrond.html",
        code=code,
        naam=newest(line_of(rows)).tekst,
        **history(rows, code),
    )


def _start(grond: Weigeringsgrond) -> dict[str, Any]:
    return {
        "artikel": grond.artikel,
        "tekst": grond.tekst,
        "alleen_pgb": "ja" if grond.alleen_pgb else "",
    }


@bp.route("/<code>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end_grond(code: str) -> ResponseReturnValue:
    """Refuse on a ground no more after a day."""
    rows = known(grond_rows(g.session, g.actor, code))
    here = url_for(".change_grond", code=code)

    def deed(vanaf: Vanaf) -> str:
        operations_lijst.end_weigeringsgrond(
            g.session, g.actor, now(), code=code, vanaf=vanaf
        )
        return here

    return end_page(
        "Weigeringsgrond beëindigen",
        [("Weigeringsgronden", url_for(".list_gronden")), (code, here)],
        [
            "Na deze dag kan niemand nog weigeren op deze grond.",
            "Brieven die al zijn gemaakt, veranderen niet.",
        ],
        rows,
        deed,
    )


@bp.post("/<code>/<uuid:row_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw_grond(code: str, row_id: UUID) -> ResponseReturnValue:
    """Take back what does not hold yet."""

    def deed() -> str:
        operations_lijst.withdraw_weigeringsgrond(
            g.session, g.actor, now(), code=code, row_id=row_id
        )
        left = grond_rows(g.session, g.actor, code)
        return url_for(".change_grond", code=code) if left else url_for(".list_gronden")

    return press(deed)
