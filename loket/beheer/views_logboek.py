"""Doors of the privacy officer to the trail: filtered, one record, and as a file."""

from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.audit.action import Action
from loket.audit.record import Outcome
from loket.audit.soorten import Handelingsoort, soort_of
from loket.audit.woorden import in_words
from loket.authz import Permission, Role
from loket.beheer import queries_logboek as queries
from loket.beheer.logbestand import write_csv
from loket.beheer.schemas import LogPersoonSchema
from loket.datum import kort, lees_datum
from loket.errors import LoketError
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("logboek", __name__, url_prefix="/logboek")
SOORT = {
    Handelingsoort.INZAGE: "Inzage",
    Handelingsoort.ZOEKEN: "Zoeken en lijsten",
    Handelingsoort.AFDRUK: "Afdrukken",
    Handelingsoort.EXPORT: "Bestanden gemaakt",
    Handelingsoort.WEIGERING: "Weigeringen",
    Handelingsoort.INLOGGEN: "In- en uitloggen",
    Handelingsoort.SLEUTELS: "Sleutels",
    Handelingsoort.NOODTOEGANG: "Noodtoegang",
    Handelingsoort.RECHTEN: "Rechten en toegang",
    Handelingsoort.VASTLEGGEN: "Vastleggen en wijzigen",
}
UITKOMST = {Outcome.DONE: "Gelukt", Outcome.REFUSED: "Geweigerd"}
HOE = {"geopend": "Geopend", "lijst": "Alleen in een lijst gezien"}
VIA = {
    "web": "Scherm",
    "api": "Koppeling",
    "job": "Loket zelf",
    "bericht": "Bericht van buiten",
    "cli": "Opdrachtregel",
}
_READ: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("actie", Action),
    ("soort", Handelingsoort),
    ("uitkomst", Outcome),
    ("rol", Role),
    ("wie", UUID),
    ("persoon", UUID),
    ("van", lees_datum),
    ("tot", lees_datum),
)


def asked_filter() -> queries.LogFilter:
    """Read the filter from the address; anything odd counts as not asked."""
    asked: dict[str, Any] = {}
    for name, read in _READ:
        with suppress(ValueError, LoketError):
            asked[name] = read(request.args.get(name, "").strip())
    hoe = request.args.get("hoe", "")
    return queries.LogFilter(
        **asked,
        dossier=request.args.get("dossier", "").strip().upper()[:20],
        adres=request.args.get("adres", "").strip()[:50],
        hoe=hoe if hoe in HOE else "",
    )


def _pairs(asked: queries.LogFilter) -> dict[str, Any]:
    """Return the filter as it stands in an address."""
    kept = {
        name: str(value)
        for name in ("actie", "soort", "uitkomst", "rol", "wie", "persoon", "hoe")
        if (value := getattr(asked, name))
    }
    kept |= {
        name: kort(value) for name in ("van", "tot") if (value := getattr(asked, name))
    }
    return kept | {
        name: value for name in ("dossier", "adres") if (value := getattr(asked, name))
    }


@bp.get("")
@requires(Permission.AUDIT_READ)
def show_logboek() -> ResponseReturnValue:
    """Show who did or saw what, newest first."""
    return _show(Form(LogPersoonSchema()))


def _show(persoon: Form) -> ResponseReturnValue:
    asked = asked_filter()
    before = None
    with suppress(ValueError):
        before = UUID(request.args.get("na", ""))
    lines = queries.list_trail(g.session, g.actor, now(), asked, na=before)
    page = lines[: queries.PAGE]
    kept = _pairs(asked)
    fresh = {name: value for name, value in kept.items() if name != "persoon"}
    text = render_template(
        "beheer/logboek.html",
        lines=page,
        older=url_for(".show_logboek", na=page[-1].id, **kept)
        if len(lines) > len(page)
        else None,
        newest=url_for(".show_logboek", **kept) if before else None,
        filterform=Form(values=kept, sent=False),
        persoonform=persoon,
        asked=asked,
        kept=kept,
        persoon_url=url_for(".find_person", **fresh),
        export_url=url_for(".export", **kept),
        is_filtered=bool(kept),
        **_choices(),
    )
    return text, 422 if persoon.has_errors else 200


def _choices() -> dict[str, Any]:
    return {
        "actions": sorted(
            ((a.value, in_words(a.value)) for a in Action), key=itemgetter(1)
        ),
        "soorten": [(each.value, label) for each, label in SOORT.items()],
        "uitkomsten": [(each.value, label) for each, label in UITKOMST.items()],
        "hoes": list(HOE.items()),
        "rollen": [
            (rol.value, rol.value.replace("_", " ").capitalize()) for rol in Role
        ],
        "mensen": [
            (str(user_id), naam)
            for user_id, naam in queries.list_people(g.session, g.actor)
        ],
    }


@bp.post("/persoon")
@requires(Permission.AUDIT_READ)
def find_person() -> ResponseReturnValue:
    """Find by BSN whose trail is asked; a POST, so that it stands in no address."""
    form = Form(LogPersoonSchema())
    answers = form.load()
    if answers is not None:
        found = queries.find_person(g.session, g.actor, now(), answers["bsn"])
        if found:
            kept = _pairs(asked_filter()) | {"persoon": str(found)}
            return redirect(url_for(".show_logboek", **kept), 303)
        form.add_error("bsn", "Er is geen inwoner met dit BSN in Loket.")
    return _show(form)


@bp.get("/regels/<uuid:audit_record_id>")
@requires(Permission.AUDIT_READ)
def show_record(audit_record_id: UUID) -> ResponseReturnValue:
    """Show every field of one record."""
    found = queries.get_record(g.session, g.actor, now(), audit_record_id)
    trail = found.trail
    soort = SOORT[soort_of(Action(trail.action))] if trail.action in set(Action) else ""
    return render_template(
        "beheer/logregel.html",
        found=found,
        trail=trail,
        soort=soort,
        uitkomst=UITKOMST[trail.outcome],
        via=VIA.get(trail.via, trail.via),
        gemeente=g.naam_werkplek,
    )


@bp.post("/export")
@requires(Permission.AUDIT_READ)
def export() -> ResponseReturnValue:
    """Give what is filtered as a file; a POST, because it is a deed that is kept."""
    lines = queries.export_trail(g.session, g.actor, now(), asked_filter())
    sheet = write_csv(
        (
            (
                line.at,
                line.naam,
                line.rollen,
                line.action,
                UITKOMST[Outcome.REFUSED if line.refused else Outcome.DONE],
                line.dossier,
                line.subjects,
                HOE["lijst"] if line.in_lijst else "",
                line.grond,
                VIA.get(line.via, line.via),
                line.adres,
                line.id,
            )
            for line in lines[: queries.MOST_EXPORTED]
        ),
        is_cut=len(lines) > queries.MOST_EXPORTED,
    )
    day = dag_van(now()).strftime("%d-%m-%Y")
    answer = Response(sheet, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="logboek-{day}.csv"'
    return answer
