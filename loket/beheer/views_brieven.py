"""Doors to the texts of letters: what holds, what will, and how it looks on paper."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.perioden import Vanaf
from loket.accounts.queries import get_gemeente
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import history, line_of, newest, press
from loket.beheer.schemas_aanbod import TekstSchema
from loket.errors import LoketError, NotFound
from loket.geldigheid import Tijdlijn
from loket.letters.brief import Brief, Opsomming
from loket.letters.compose import LetterError, render_letter
from loket.letters.operations_tekst import change_brieftekst, withdraw_brieftekst
from loket.letters.queries import list_brieftekst
from loket.letters.tekst import Brieftekst, TextError, check_tekst, defaults
from loket.letters.voorbeeld import allowed, example_op
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("brieven", __name__, url_prefix="/beheer/brieven")


def title_of(sleutel: str) -> str:
    """Say which text it is: its key reads as words."""
    return sleutel.replace("_", " ").capitalize()


def _rows(sleutel: str) -> Sequence[Brieftekst]:
    return [
        row for row in list_brieftekst(g.session, g.actor) if row.sleutel == sleutel
    ]


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_texts() -> ResponseReturnValue:
    """Show every text of the letters with what holds now and what will."""
    rows: dict[str, list[Brieftekst]] = {sleutel: [] for sleutel in defaults()}
    for row in list_brieftekst(g.session, g.actor):
        rows.setdefault(row.sleutel, []).append(row)
    lines: list[tuple[str, str, Tijdlijn[Any]]] = [
        (sleutel, title_of(sleutel), line_of(own)) for sleutel, own in rows.items()
    ]
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="brieven")
    return render_template("beheer/brieven.html", teksten=lines)


@bp.route("/<sleutel>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change_text(sleutel: str) -> ResponseReturnValue:
    """Show one text through time, try another one, and let it hold from a day on."""
    if sleutel not in defaults():
        raise NotFound
    rows = _rows(sleutel)
    held = newest(line_of(rows)).tekst if rows else defaults()[sleutel]
    form = Form(TekstSchema(), {"tekst": held})
    brief: Brief | None = None
    if request.form.get("voorbeeld"):
        brief = _try(form, sleutel)
        if brief and request.form["voorbeeld"] == "pdf":
            return _paper(form, sleutel, brief) or _page(form, sleutel, None)
    elif request.method == "POST":
        answer = form.submit(lambda **answers: _change(sleutel, **answers))
        if answer:
            return answer
    return _page(form, sleutel, brief)


def _change(sleutel: str, tekst: str, **answers: Any) -> str:
    vanaf = Vanaf.take(answers)
    change_brieftekst(
        g.session, g.actor, now(), sleutel=sleutel, tekst=tekst, vanaf=vanaf
    )
    try:
        # every letter of this kind would stop at a sign that no letter can hold
        render_letter(_example(sleutel, tekst))
    except LetterError as error:
        raise TextError(error.message, "tekst") from None
    return url_for(".change_text", sleutel=sleutel)


def _try(form: Form, sleutel: str) -> Brief | None:
    """Make the example of what was typed; what is wrong with it shows at its field."""
    tekst = str(form.value("tekst"))
    wrong = TekstSchema(only=("tekst",)).validate({"tekst": tekst})
    if wrong:
        form.add_error("tekst", wrong["tekst"][0])
        return None
    try:
        check_tekst(sleutel, tekst)
        return _example(sleutel, tekst)
    except LoketError as error:
        form.add_error(error.field or "tekst", error.message)
        return None


def _example(sleutel: str, tekst: str) -> Brief:
    gemeente = get_gemeente(g.session, g.actor.gemeente_code)
    return example_op(g.session, sleutel, tekst, gemeente, dag_van(now()))


def _paper(form: Form, sleutel: str, brief: Brief) -> ResponseReturnValue | None:
    try:
        pdf = render_letter(brief)
    except LoketError as error:
        form.add_error("tekst", error.message)
        return None
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = (
        f'inline; filename="voorbeeld-{sleutel}.pdf"'
    )
    return answer


def _page(form: Form, sleutel: str, brief: Brief | None) -> ResponseReturnValue:
    rows = _rows(sleutel)
    return form.page(
        "beheer/brief.html",
        sleutel=sleutel,
        naam=title_of(sleutel),
        invulplekken=allowed(sleutel),
        voorbeeld=[_shown(block) for block in brief.blocks] if brief else [],
        **history(rows, sleutel, Brieftekst.__tablename__),
    )


def _shown(block: Any) -> tuple[str, Any]:
    """Return how a block shows on the page, and what is in it."""
    if isinstance(block, Opsomming):
        return ("nummers" if block.genummerd else "punten", block.items)
    return (type(block).__name__.lower(), block.text)


@bp.post("/<sleutel>/<uuid:row_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw_text(sleutel: str, row_id: UUID) -> ResponseReturnValue:
    """Take back a text that does not hold yet."""

    def deed() -> str:
        withdraw_brieftekst(g.session, g.actor, now(), sleutel=sleutel, row_id=row_id)
        return url_for(".change_text", sleutel=sleutel)

    return press(deed)
