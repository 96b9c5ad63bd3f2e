"""Doors: search people, the page of a dossier, its documents and tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import list_staff
from loket.authz import Permission, Role
from loket.cases.dossier import operations, operations_inwoner, queries, woorden
from loket.cases.dossier.blad import Panel, open_blad
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.overzicht import Treffer, make_overzicht, make_treffers
from loket.cases.dossier.queries_taken import get_taak
from loket.cases.dossier.schemas import AfschermenSchema, VerzondenSchema, ZoekSchema
from loket.cases.dossier.tabs import dossier_tabs, panels_of
from loket.datum import kort
from loket.drafts.queries import list_drafts
from loket.errors import LoketError
from loket.web import Form, now, taak_notes

bp = Blueprint("dossier", __name__)


@bp.route("/inwoners/zoek", methods=["GET", "POST"])
@requires(Permission.INWONER_SEARCH)
def search_inwoners() -> ResponseReturnValue:
    """Search people; what was typed never stands in an address."""
    form = Form(ZoekSchema())
    treffers: list[Treffer] | None = None
    if request.method == "POST" and (answers := form.load()) is not None:
        try:
            found = queries.search_inwoners(g.session, g.actor, now(), **answers)
        except LoketError as error:
            form.add_error(error.field, error.message)
        else:
            ids = [each.id for each in found]
            treffers = make_treffers(
                found,
                queries.open_dossiers_of(g.session, g.actor, ids),
                queries.shielded_among(g.session, g.actor, ids),
            )
    return form.page(
        "dossier/zoek.html",
        treffers=treffers,
        concepten=list_drafts(g.session, g.actor),
        may_register=g.actor.may(Permission.MELDING_REGISTER),
        may_merge=g.actor.may(Permission.INWONER_MERGE),
        samen_te_voegen=_doubles(treffers or []),
        may_contact=g.actor.may(Permission.DOSSIER_UPDATE),
    )


def _doubles(treffers: list[Treffer]) -> list[tuple[UUID, str, str]]:
    """Offer who may be there twice; nobody shielded is among them."""
    if not g.actor.may(Permission.INWONER_MERGE):
        return []
    return [
        (each.id, each.naam, f"{each.bsn or 'Zonder BSN'}. {each.adres}")
        for each in treffers
        if not each.afgeschermd
    ]


@bp.get("/dossiers/<referentie>")
@requires(Permission.DOSSIER_READ)
def show_dossier(referentie: str) -> ResponseReturnValue:
    """Show everything about one question of one cliënt."""
    return _show(referentie)


@bp.route("/dossiers/<referentie>/bsn", methods=["GET", "POST"])
@requires(Permission.BSN_REVEAL)
def reveal_bsn(referentie: str) -> ResponseReturnValue:
    """Show the page with the whole BSN, once."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    if request.method == "GET":
        # somebody came back to this address: the page itself, without the number
        return redirect(url_for(".show_dossier", referentie=referentie), 303)
    bsn = operations_inwoner.reveal_bsn(g.session, g.actor, now(), dossier=dossier)
    return _show(referentie, bsn)


def _show(referentie: str, bsn: str | None = None) -> str:
    blad = open_blad(g.session, g.actor, now(), referentie)
    panels = panels_of(blad)
    overzicht = make_overzicht(blad, panels)
    return render_template(
        "dossier/dossier.html",
        dossier=blad.dossier,
        overzicht=overzicht,
        over=taak_notes(
            g.session, g.actor, [each.onderwerp_id for each in overzicht.taken]
        ),
        panels=panels,
        bsn=bsn,
        onderdelen=_parts(panels, bool(overzicht.handen)),
        meer=_more(blad.dossier, overzicht.client),
        tabs=dossier_tabs(referentie, "dossier.show_dossier"),
        woorden=woorden,
        may=_may(),
    )


def _parts(panels: Sequence[Panel], has_hands: bool) -> list[tuple[str, str]]:
    """Name every part of the page, in its order, by the place it has in an address."""
    return [
        ("client", "Cliënt"),
        *((each.anker, each.titel) for each in panels if each.template),
        ("documenten", "Documenten"),
        ("contact", "Contact"),
        ("notities", "Notities"),
        ("termijnen", "Termijnen"),
        ("taken", "Taken"),
        ("mensen", "Mensen"),
        ("verloop", "Verloop"),
        *([("behandeld", "Behandeld door")] if has_hands else []),
    ]


def _more(dossier: Dossier, client: Inwoner) -> list[tuple[str, str]]:
    """Offer what is seldom done with a dossier, to who may do it."""
    offered = (
        (Permission.DOSSIER_PRINT, True, "Dossier afdrukken", "inzage.print_dossier"),
        (
            Permission.INZAGE_READ,
            True,
            "Wie keek in dit dossier",
            "inzage.show_inzage",
        ),
        (
            Permission.DOSSIER_ASSIGN,
            not dossier.afgeschermd,
            "Dossier afschermen",
            ".shield_dossier",
        ),
        (
            Permission.INWONER_CORRECT,
            not client.overleden_op,
            "Overlijden vastleggen",
            "inwoner.record_death",
        ),
        (
            Permission.BESCHIKKING_DRAW_UP,
            not dossier.closed_at,
            "Dossier sluiten",
            "besluit.close_dossier",
        ),
    )
    return [
        (label, url_for(door, referentie=dossier.referentie))
        for permission, holds, label, door in offered
        if holds and g.actor.may(permission)
    ]


def _may() -> dict[str, bool]:
    may = g.actor.may
    return {
        "bsn": may(Permission.BSN_REVEAL),
        "correct": may(Permission.INWONER_CORRECT),
        "change": may(Permission.DOSSIER_UPDATE),
        "documents": may(Permission.DOCUMENT_READ),
    }


@bp.get("/documenten/<referentie>.pdf", defaults={"einde": "pdf"})
@bp.get("/documenten/<referentie>.<einde>")
@requires(Permission.DOCUMENT_READ)
def show_document(referentie: str, einde: str) -> ResponseReturnValue:
    """Open a sealed document for one reader; it is kept nowhere on the way.

    Its address ends as its kind of file does: a photo is never called a pdf.
    """
    right = queries.find_document(g.session, g.actor, referentie).einde
    if einde != right:
        return redirect(url_for(".show_document", referentie=referentie, einde=right))
    document = queries.get_document(g.session, g.actor, now(), referentie)
    answer = Response(document.inhoud, mimetype=document.mediatype)
    answer.headers["Content-Disposition"] = (
        f'inline; filename="{document.bestandsnaam}"'
    )
    return answer


@bp.route("/documenten/<referentie>/verzonden", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def send_document(referentie: str) -> ResponseReturnValue:
    """Note the day a letter went out."""
    document = queries.find_document(g.session, g.actor, referentie)
    dossier = queries.dossier_of(g.session, g.actor, document.dossier_id)
    back = url_for(".show_dossier", referentie=dossier.referentie)
    if request.args.get("van") == "taken":
        back = url_for("taken.show_taken")
    today = kort(termijnen.dag_van(now()))
    form = Form(VerzondenSchema(), {"verzonden_op": today})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.send_document(
                g.session, g.actor, now(), document=document, **answers
            )
            flash("De brief staat als verzonden in het dossier.", "success")
            return back

        if answer := form.submit(deed):
            return answer
    return form.page(
        "dossier/verzonden.html",
        dossier=dossier,
        document=document,
        back=back,
        soort=woorden.DOCUMENT[document.soort],
    )


@bp.post("/dossiers/<referentie>/taken/<uuid:taak_id>/klaar")
@requires(Permission.DOSSIER_READ)
def finish_taak(referentie: str, taak_id: UUID) -> ResponseReturnValue:
    """Tick a task off."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    taak = get_taak(g.session, dossier.id, taak_id)
    back = url_for(".show_dossier", referentie=referentie)

    def deed() -> str:
        operations.finish_taak(g.session, g.actor, now(), taak=taak)
        flash("De taak is klaar.", "success")
        return back

    form = Form()
    if answer := form.submit(deed):
        return answer
    for _, message in form.summary:
        flash(message, "error")
    return redirect(back, 303)


@bp.route("/dossiers/<referentie>/afschermen", methods=["GET", "POST"])
@requires(Permission.DOSSIER_ASSIGN)
def shield_dossier(referentie: str) -> ResponseReturnValue:
    """Let only named people see this dossier."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    staff = {
        each.id: each.naam
        for rol in (Role.CONSULENT, Role.TEAMLEIDER, Role.ADMINISTRATIE)
        for each in list_staff(g.session, g.actor, rol, termijnen.dag_van(now()))
        if each.id != g.actor.id
    }
    form = Form(AfschermenSchema())
    if request.method == "POST":

        def deed(personen: list[UUID] | None = None) -> str:
            operations.shield_dossier(
                g.session,
                g.actor,
                now(),
                dossier=dossier,
                user_ids=[each for each in personen or [] if each in staff],
            )
            flash("Het dossier is afgeschermd.", "success")
            return url_for(".show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    options = [(str(key), naam) for key, naam in staff.items()]
    return form.page("dossier/afschermen.html", dossier=dossier, options=options)
