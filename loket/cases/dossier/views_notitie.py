"""Doors to the notes of a dossier."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier import operations_notitie as operations
from loket.cases.dossier import queries, woorden
from loket.cases.dossier import queries_notitie as notities
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.notitie import Notitie, NotitieSoort
from loket.cases.dossier.page import draft_here
from loket.cases.dossier.schemas import (
    NotitieSchema,
    NotitieTekstSchema,
    NotitieZoekSchema,
    RedenSchema,
)
from loket.cases.dossier.tabs import dossier_tabs
from loket.editing import Edits, Standing
from loket.errors import NotFound
from loket.web import Form, now

bp = Blueprint("notitie", __name__, url_prefix="/dossiers/<referentie>/notities")
LIST = "notitie.list_notities"
LABELS = {"tekst": "Notitie"}


def _about(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "tabs": dossier_tabs(dossier.referentie, LIST),
        "woorden": woorden,
        "herkomsten": list(woorden.HERKOMST.items()),
        "soorten": [(each.value, word) for each, word in woorden.NOTITIE.items()],
        "may_write": g.actor.may(Permission.NOTITIE_WRITE),
    }


def _asked_soort() -> NotitieSoort | None:
    asked = request.args.get("soort", "")
    return next((each for each in NotitieSoort if each == asked), None)


def asked_page() -> int:
    """Read which page was asked for; anything odd is the first."""
    asked = request.args.get("pagina", "1")
    known = asked.isascii() and asked.isdecimal() and len(asked) < 6
    return max(1, int(asked)) if known else 1


@bp.get("")
@requires(Permission.NOTITIE_READ)
def list_notities(referentie: str) -> ResponseReturnValue:
    """Show the notes, pinned and newest first."""
    dossier = queries.read_part(g.session, g.actor, now(), referentie, "notities")
    soort, page = _asked_soort(), asked_page()
    found, more = notities.list_notities(g.session, dossier.id, soort=soort, page=page)

    def url(**where: Any) -> str:
        kind = {"soort": soort.value} if soort else {}
        return url_for(".list_notities", referentie=referentie, **(kind | where))

    return Form(NotitieZoekSchema()).page(
        "dossier/notities.html",
        kaarten=found,
        chips=_chips(referentie, soort),
        nieuwer=url(pagina=page - 1) if page > 1 else None,
        ouder=url(pagina=page + 1) if more else None,
        gezocht=False,
        client=queries.get_client(g.session, dossier.id),
        **_about(dossier),
    )


def _chips(referentie: str, chosen: NotitieSoort | None) -> list[dict[str, Any]]:
    every = {"label": "Alle", "url": url_for(LIST, referentie=referentie)}
    return [
        every | {"active": chosen is None},
        *(
            {
                "label": word,
                "url": url_for(LIST, referentie=referentie, soort=each.value),
                "active": each is chosen,
            }
            for each, word in woorden.NOTITIE.items()
        ),
    ]


@bp.post("/zoek")
@requires(Permission.NOTITIE_READ)
def search_notities(referentie: str) -> ResponseReturnValue:
    """Search in the notes; what was typed never stands in an address."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(NotitieZoekSchema())
    answers = form.load()
    found = (
        notities.search_notities(g.session, g.actor, now(), dossier=dossier, **answers)
        if answers is not None
        else []
    )
    return form.page(
        "dossier/notities.html",
        kaarten=found,
        chips=_chips(referentie, None),
        nieuwer=None,
        ouder=None,
        gezocht=answers is not None,
        # a search that was refused is no recorded look, so it names nobody
        client=queries.get_client(g.session, dossier.id) if answers else None,
        **_about(dossier),
    )


@bp.get("/zoek")
@requires(Permission.NOTITIE_READ)
def leave_search(referentie: str) -> ResponseReturnValue:
    """Somebody came back to the address of a search: the notes themselves."""
    queries.get_dossier(g.session, g.actor, referentie)
    return redirect(url_for(".list_notities", referentie=referentie), 303)


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.NOTITIE_WRITE)
def write_notitie(referentie: str) -> ResponseReturnValue:
    """Write a note."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(
        NotitieSchema(),
        {
            "soort": NotitieSoort.WERKNOTITIE.value,
            "herkomst": Herkomst.LOKET.value,
        },
        draft=draft_here(dossier, "Notitie"),
    )

    def deed(**answers: Any) -> str:
        made = operations.write_notitie(
            g.session, g.actor, now(), dossier=dossier, **answers
        )
        flash("De notitie is bewaard.", "success")
        return _place(referentie, made)

    return form.answer(deed) or form.page(
        "dossier/notitie_schrijven.html", notitie=None, **_about(dossier)
    )


def _place(referentie: str, notitie: Notitie) -> str:
    return url_for(
        ".list_notities", referentie=referentie, _anchor=f"notitie-{notitie.id}"
    )


@bp.get("/<uuid:notitie_id>")
@requires(Permission.NOTITIE_READ)
def show_notitie(referentie: str, notitie_id: UUID) -> ResponseReturnValue:
    """Show a note with every earlier version."""
    dossier = queries.read_part(g.session, g.actor, now(), referentie, "notities")
    notitie = notities.get_notitie(g.session, dossier.id, notitie_id)
    versions = notities.list_versions(g.session, notitie.id)
    people = [each.saved_by_id for each in versions]
    people += [each for each in (notitie.withdrawn_by_id,) if each]
    return Form().page(
        "dossier/notitie.html",
        notitie=notitie,
        versies=versions,
        namen=staff_names(g.session, people),
        **_about(dossier),
    )


@bp.route("/<uuid:notitie_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.NOTITIE_WRITE)
def correct_notitie(referentie: str, notitie_id: UUID) -> ResponseReturnValue:
    """Correct a note: a next version, the earlier ones stay."""
    if request.method == "GET":
        dossier = queries.read_part(g.session, g.actor, now(), referentie, "notities")
    else:
        dossier = queries.get_dossier(g.session, g.actor, referentie)
    notitie = notities.get_notitie(g.session, dossier.id, notitie_id)

    def standing() -> Standing:
        last = notities.last_version(g.session, notitie.id)
        values = {"tekst": last.tekst}
        return Standing(last.versie, values, last.saved_by_id, last.saved_at)

    edits = Edits(f"notitie:{notitie.id}", standing, LABELS, dossier.id)
    draft = draft_here(dossier, "Wijziging van een notitie")
    form = Form(NotitieTekstSchema(), draft=draft, edits=edits)
    if not form.is_about_draft:
        notitie.require_valid()

    def deed(**answers: Any) -> str:
        operations.correct_notitie(
            g.session, g.actor, now(), notitie=notitie, **answers
        )
        flash("De notitie is gewijzigd. De vorige versie blijft leesbaar.", "success")
        return _place(referentie, notitie)

    return form.answer(deed) or form.page(
        "dossier/notitie_schrijven.html", notitie=notitie, **_about(dossier)
    )


@bp.route("/<uuid:notitie_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.NOTITIE_WRITE)
def withdraw_notitie(referentie: str, notitie_id: UUID) -> ResponseReturnValue:
    """Withdraw a note with a reason, after saying what stays."""
    dossier = queries.read_part(g.session, g.actor, now(), referentie, "notities")
    notitie = notities.get_notitie(g.session, dossier.id, notitie_id)
    form = Form(RedenSchema())

    def deed(**answers: Any) -> str:
        operations.withdraw_notitie(
            g.session, g.actor, now(), notitie=notitie, **answers
        )
        flash("De notitie is ingetrokken.", "success")
        return _place(referentie, notitie)

    return form.answer(deed) or form.page(
        "dossier/notitie_intrekken.html", notitie=notitie, **_about(dossier)
    )


@bp.post("/<uuid:notitie_id>/<wat>")
@requires(Permission.NOTITIE_WRITE)
def pin_notitie(referentie: str, notitie_id: UUID, wat: str) -> ResponseReturnValue:
    """Put a note above the others, or back."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    notitie = notities.get_notitie(g.session, dossier.id, notitie_id)
    if wat not in ("vast", "los"):
        raise NotFound
    form = Form()

    def deed() -> str:
        operations.pin_notitie(
            g.session, g.actor, now(), notitie=notitie, vast=wat == "vast"
        )
        return _place(referentie, notitie)

    if answer := form.submit(deed):
        return answer
    for _, message in form.summary:
        flash(message, "error")
    return redirect(_place(referentie, notitie), 303)
