"""Doors: promise to call somebody back, the list to call from, and the call itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier import operations_contact as operations
from loket.cases.dossier import queries, queries_terugbel, woorden
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.page import chosen_inwoner
from loket.cases.dossier.queries_terugbel import addressees, names_of
from loket.cases.dossier.schemas import (
    OverdraagSchema,
    TerugbelFilterSchema,
    TerugbelSchema,
)
from loket.cases.dossier.terugbelverzoek import Geadresseerde, Terugbelverzoek, Wie
from loket.db import uuid7
from loket.drafts.draft import DraftOf
from loket.drafts.page import start_draft
from loket.errors import NotFound, RuleViolation
from loket.formfields import FormSchema
from loket.web import Form, now

bp = Blueprint("terugbellen", __name__)
FORM = "terugbelverzoek.nieuw"
DOSSIER, VANDAAG = "dossier", "vandaag"
"""Pages, besides the list, from which somebody comes to a request."""


@bp.get("/terugbellen")
@requires(Permission.WERKVOORRAAD_READ)
def list_terugbellen() -> ResponseReturnValue:
    """Show whom to call back, the first day first."""
    try:
        wanted = TerugbelFilterSchema().load(request.args.to_dict())
    except ValidationError:
        raise NotFound from None
    pagina = queries_terugbel.list_terugbellen(g.session, g.actor, now(), **wanted)
    wie = wanted["wie"]
    return render_template(
        "terugbellen/lijst.html",
        pagina=pagina,
        is_begin="na" not in wanted,
        wie=wie,
        hier={"wie": wie.value, "na": wanted.get("na")},
        chips=[
            {
                "label": word,
                "url": url_for(".list_terugbellen", wie=each.value),
                "active": each is wie,
            }
            for each, word in woorden.TERUGBELLEN.items()
        ],
    )


@bp.get("/terugbellen/nieuw")
@requires(Permission.WERKVOORRAAD_READ)
def new_terugbelverzoek() -> ResponseReturnValue:
    """Begin an empty page of its own."""
    return redirect(url_for(".fill_in", nieuw=uuid7()), 303)


@bp.post("/terugbellen/begin")
@requires(Permission.WERKVOORRAAD_READ)
def begin_terugbelverzoek() -> ResponseReturnValue:
    """Begin with a person or a dossier, and the number that is known."""
    told = {name: request.form.get(name, "") for name in ("dossier", "inwoner")}
    dossier, client = _about(told["dossier"], told["inwoner"])
    if dossier is not None and dossier.consulent_id:
        told["voor"] = Geadresseerde(user_id=dossier.consulent_id).sleutel
    told["telefoon"] = (client.telefoon or "") if client else ""
    told["notitie"] = request.form.get("tekst", "")
    of = _draft(uuid7())
    if known := {name: text for name, text in told.items() if text}:
        start_draft(of, known, now())
    return redirect(of.url, 303)


@bp.route("/terugbellen/nieuw/<uuid:nieuw>", methods=["GET", "POST"])
@requires(Permission.WERKVOORRAAD_READ)
def fill_in(nieuw: UUID) -> ResponseReturnValue:
    """Ask somebody to call back."""
    form = Form(TerugbelSchema(), draft=_draft(nieuw))
    dossier, client = _about(str(form.value("dossier")), str(form.value("inwoner")))
    voor_wie = addressees(g.session, g.actor, termijnen.dag_van(now()))

    def deed(*, voor: str, **answers: Any) -> str:
        made = operations.make_terugbelverzoek(
            g.session,
            g.actor,
            now(),
            voor=_addressee(voor_wie, voor),
            dossier=dossier,
            inwoner=client,
            **answers,
        )
        flash(f"Het terugbelverzoek ligt bij {voor_wie[voor][1]}.", "success")
        if dossier is None:
            return _where_it_shows(made)
        return url_for("dossier.show_dossier", referentie=dossier.referentie)

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page(
        "terugbellen/nieuw.html",
        dossier=dossier,
        client=client,
        voor_wie=_options(voor_wie),
    )


@bp.get("/terugbellen/<uuid:terugbelverzoek_id>")
@requires(Permission.WERKVOORRAAD_READ)
def show_terugbelverzoek(terugbelverzoek_id: UUID) -> ResponseReturnValue:
    """Show whom to call, on what number and about what."""
    verzoek = queries_terugbel.read_terugbelverzoek(
        g.session, g.actor, now(), terugbelverzoek_id
    )
    return _show(verzoek, Form())


@bp.post("/terugbellen/<uuid:terugbelverzoek_id>/gebeld")
@requires(Permission.WERKVOORRAAD_READ)
def finish_terugbelverzoek(terugbelverzoek_id: UUID) -> ResponseReturnValue:
    """Note that somebody was called back."""
    return _act(
        terugbelverzoek_id,
        operations.finish_terugbelverzoek,
        "Er is teruggebeld. Het verzoek is klaar.",
        lambda verzoek: _back(verzoek)[1],
    )


@bp.post("/terugbellen/<uuid:terugbelverzoek_id>/niet-bereikt")
@requires(Permission.WERKVOORRAAD_READ)
def try_terugbellen(terugbelverzoek_id: UUID) -> ResponseReturnValue:
    """Note that nobody was reached; the request stays open."""
    return _act(
        terugbelverzoek_id,
        operations.try_terugbellen,
        "Vastgelegd dat u niemand bereikte. Het verzoek blijft open.",
        _place_of,
    )


@bp.route("/terugbellen/<uuid:terugbelverzoek_id>/overdragen", methods=["GET", "POST"])
@requires(Permission.WERKVOORRAAD_READ)
def hand_over_terugbelverzoek(terugbelverzoek_id: UUID) -> ResponseReturnValue:
    """Let somebody else call back, with a reason."""
    form = Form(OverdraagSchema())
    if request.method == "POST" and (again := form.repeat()):
        return again  # it may lie with somebody else by now
    verzoek = queries_terugbel.get_terugbelverzoek(
        g.session, g.actor, now(), terugbelverzoek_id
    )
    voor_wie = addressees(g.session, g.actor, termijnen.dag_van(now()))

    def deed(voor: str, reden: str) -> str:
        operations.hand_over_terugbelverzoek(
            g.session,
            g.actor,
            now(),
            verzoek=verzoek,
            voor=_addressee(voor_wie, voor),
            reden=reden,
        )
        flash(f"Het verzoek ligt nu bij {voor_wie[voor][1]}.", "success")
        return _back(verzoek)[1]

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page(
        "terugbellen/overdragen.html",
        verzoek=verzoek,
        voor_wie=_options(voor_wie),
        terug=_back(verzoek),
        dit=_place_of(verzoek),
    )


def terugbel_panel(blad: Blad) -> Panel | None:
    """Show on the page of the dossier who is still to be called back."""
    if not blad.by.may(Permission.WERKVOORRAAD_READ):
        return None
    found = queries_terugbel.open_in_dossier(blad.session, blad.dossier.id)
    if not found:
        return None
    here = queries_terugbel.ids_here(blad.session, blad.by, now(), blad.dossier.id)
    regels = [
        {
            "uiterlijk": each.uiterlijk,
            "dagen": (each.uiterlijk - blad.vandaag).days,
            "voor": naam,
            "spoed": each.spoed,
            "url": url_for(
                "terugbellen.show_terugbelverzoek",
                terugbelverzoek_id=each.id,
                van=DOSSIER,
            )
            if each.id in here
            else None,
        }
        for each, naam in found
    ]
    return Panel(
        "Terugbellen", "terugbellen/panel.html", anker="terugbellen", regels=regels
    )


def _came_from() -> dict[str, Any]:
    """Return the place that the address names: a list with its filters, or a page."""
    van = request.args.get("van", "")
    if van in (DOSSIER, VANDAAG):
        return {"van": van}
    try:
        TerugbelFilterSchema().load(request.args.to_dict())
    except ValidationError:
        return {}
    asked = {name: request.args.get(name, "") for name in ("wie", "na")}
    return {name: text for name, text in asked.items() if text}


def _back(verzoek: Terugbelverzoek) -> tuple[str, str]:
    """Return the name and the address of where the reader came from."""
    place = _came_from()
    van = place.get("van")
    if van == VANDAAG:
        return "Vandaag", url_for("vandaag.show_vandaag")
    if van == DOSSIER and verzoek.dossier_id:
        dossier = g.session.get_one(Dossier, verzoek.dossier_id)
        url = url_for("dossier.show_dossier", referentie=dossier.referentie)
        return f"Dossier {dossier.referentie}", url
    filters: dict[str, Any] = {} if van else place
    return "Terugbellen", url_for(".list_terugbellen", **filters)


def _place_of(verzoek: Terugbelverzoek) -> str:
    """Return the page of a request, which remembers where the reader came from."""
    place = _came_from()
    return url_for(".show_terugbelverzoek", terugbelverzoek_id=verzoek.id, **place)


def _where_it_shows(made: Terugbelverzoek) -> str:
    """Lead to the request itself, or else to what its maker asked of others."""
    if queries_terugbel.lies_here(g.session, g.actor, now(), made):
        return url_for(".show_terugbelverzoek", terugbelverzoek_id=made.id)
    return url_for(".list_terugbellen", wie=Wie.GEVRAAGD.value)


def _draft(nieuw: UUID) -> DraftOf:
    url = url_for("terugbellen.fill_in", nieuw=nieuw)
    return DraftOf(FORM, "Terugbelverzoek", str(nieuw), url)


def _about(referentie: str, inwoner: str) -> tuple[Dossier | None, Inwoner | None]:
    """Return what the request is about, as far as this actor may see it."""
    if referentie:
        dossier = queries.read_dossier(g.session, g.actor, now(), referentie)
        return dossier, queries.get_client(g.session, dossier.id)
    return None, chosen_inwoner(inwoner)


def _addressee(
    voor_wie: dict[str, tuple[Geadresseerde, str]], voor: str
) -> Geadresseerde:
    if voor not in voor_wie:
        raise RuleViolation("Kies een van de antwoorden.", "voor")
    return voor_wie[voor][0]


def _options(voor_wie: dict[str, tuple[Geadresseerde, str]]) -> list[tuple[str, str]]:
    return [(sleutel, naam) for sleutel, (_, naam) in voor_wie.items()]


def _act(
    terugbelverzoek_id: UUID,
    operation: Callable[..., object],
    told: str,
    to: Callable[[Terugbelverzoek], str],
) -> ResponseReturnValue:
    """Do one thing with a request that lies here; a refusal shows on its page."""
    form = Form(FormSchema())
    verzoek = queries_terugbel.get_terugbelverzoek(
        g.session, g.actor, now(), terugbelverzoek_id
    )

    def deed() -> str:
        operation(g.session, g.actor, now(), verzoek=verzoek)
        flash(told, "success")
        return to(verzoek)

    return form.submit(deed) or _show(verzoek, form)


def _show(verzoek: Terugbelverzoek, form: Form) -> ResponseReturnValue:
    session = g.session
    pogingen = queries_terugbel.list_pogingen(session, verzoek)
    inwoner = session.get(Inwoner, verzoek.inwoner_id) if verzoek.inwoner_id else None
    dossier = session.get(Dossier, verzoek.dossier_id) if verzoek.dossier_id else None
    staff = {verzoek.made_by_id, verzoek.handed_by_id, verzoek.done_by_id}
    staff |= {each.by_id for each in pogingen}
    return form.page(
        "terugbellen/verzoek.html",
        verzoek=verzoek,
        wie=queries_terugbel.caller(verzoek, inwoner),
        dossier=dossier,
        herkomst=_came_from(),
        terug=_back(verzoek),
        voor=names_of(session, [verzoek])[verzoek.id],
        contactwens=inwoner.contactwens if inwoner else None,
        pogingen=pogingen,
        namen=staff_names(session, [each for each in staff if each]),
        dagen=(verzoek.uiterlijk - termijnen.dag_van(now())).days,
    )
