"""Doors to the whole timeline of a dossier, to who looked, and to its print."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier import operations_afdruk, queries, woorden
from loket.cases.dossier import queries_inzage as inzage
from loket.cases.dossier import queries_notitie as notities
from loket.cases.dossier.blad import Blad, Panel, open_blad
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.overzicht import make_overzicht
from loket.cases.dossier.schemas import AfdrukSchema
from loket.cases.dossier.tabs import dossier_tabs, panels_of
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.dossier.views_notitie import asked_page
from loket.web import Form, now

bp = Blueprint("inzage", __name__, url_prefix="/dossiers/<referentie>")
PER_PAGE = 50
MOST_NOTES = 500
REST = "Dossier"


@bp.get("/tijdlijn")
@requires(Permission.DOSSIER_READ)
def show_tijdlijn(referentie: str) -> ResponseReturnValue:
    """Show everything that happened and what is to come, by kind and by page."""
    blad = open_blad(g.session, g.actor, now(), referentie, "tijdlijn")
    dossier, panels = blad.dossier, panels_of(blad)
    overzicht = make_overzicht(blad, panels)
    kinds = _kinds(panels, overzicht.stappen)
    asked = request.args.get("soort", "")
    chosen = asked if asked in kinds else ""
    steps = kinds[chosen] if chosen else list(overzicht.stappen)
    to_come = [each for each in steps if each.staat != "done"]
    done = [each for each in reversed(steps) if each.staat == "done"]
    page = asked_page()
    first = (page - 1) * PER_PAGE

    def url(number: int) -> str:
        kind = chosen or None
        return url_for(
            ".show_tijdlijn", referentie=referentie, pagina=number, soort=kind
        )

    return render_template(
        "dossier/tijdlijn.html",
        dossier=dossier,
        tabs=dossier_tabs(referentie, "inzage.show_tijdlijn"),
        overzicht=overzicht,
        komend=to_come if page == 1 else [],
        gedaan=done[first : first + PER_PAGE],
        chips=_chips(referentie, kinds, chosen),
        nieuwer=url(page - 1) if page > 1 else None,
        ouder=url(page + 1) if len(done) > first + PER_PAGE else None,
    )


def _kinds(panels: Sequence[Panel], steps: Sequence[Stap]) -> dict[str, list[Stap]]:
    """Divide the steps over the chapters they come from, in the order of the page."""
    kinds: dict[str, list[Stap]] = {}
    known: set[Stap] = set()
    for panel in panels:
        own = set(panel.context.get("tijdlijn", ()))
        known |= own
        if own:
            kinds[panel.titel] = [each for each in steps if each in own]
    rest = [each for each in steps if each not in known]
    return kinds | ({REST: rest} if rest else {})


def _chips(
    referentie: str, kinds: dict[str, list[Stap]], chosen: str
) -> list[dict[str, Any]]:
    door = ".show_tijdlijn"
    every = {"label": "Alles", "url": url_for(door, referentie=referentie)}
    return [
        every | {"active": not chosen},
        *(
            {
                "label": kind,
                "url": url_for(door, referentie=referentie, soort=kind),
                "active": kind == chosen,
                "count": len(steps),
            }
            for kind, steps in kinds.items()
        ),
    ]


@bp.get("/inzage")
@requires(Permission.INZAGE_READ)
def show_inzage(referentie: str) -> ResponseReturnValue:
    """Show who opened this dossier, apart from in whose lists it stood."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    try:
        before = UUID(request.args.get("voor", ""))
    except ValueError:
        before = None
    looks = inzage.list_looks(g.session, g.actor, now(), dossier=dossier, before=before)
    shown = looks[: inzage.PER_PAGE]
    here = url_for(".show_inzage", referentie=referentie)
    return render_template(
        "dossier/inzage.html",
        dossier=dossier,
        tabs=dossier_tabs(referentie, "inzage.show_inzage"),
        looks=shown,
        lists=[] if before else inzage.list_appearances(g.session, dossier),
        eerste=before is None,
        newest=here if before else None,
        older=f"{here}?voor={shown[-1].id}" if len(looks) > len(shown) else None,
    )


@bp.route("/afdrukken", methods=["GET", "POST"])
@requires(Permission.DOSSIER_PRINT)
def print_dossier(referentie: str) -> ResponseReturnValue:
    """Ask which parts to print, and show those on paper."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(AfdrukSchema(), {"delen": list(woorden.AFDRUK)})
    if request.method == "POST" and (answers := form.load()) is not None:
        return _paper(dossier, answers["delen"])
    return form.page(
        "dossier/afdrukken.html",
        dossier=dossier,
        tabs=dossier_tabs(referentie, ""),
        delen=list(woorden.AFDRUK.items()),
    )


def _paper(dossier: Dossier, delen: Sequence[str]) -> str:
    operations_afdruk.print_dossier(
        g.session, g.actor, now(), dossier=dossier, delen=delen
    )
    regel = g.session.get(Werkvoorraad, dossier.id)
    blad = Blad(g.session, g.actor, now(), dossier, regel)
    panels = panels_of(blad)
    cards = (
        notities.list_notities(g.session, dossier.id, most=MOST_NOTES)[0]
        if "notities" in delen
        else []
    )
    return render_template(
        "dossier/afdruk.html",
        dossier=dossier,
        overzicht=make_overzicht(blad, panels),
        panels=panels,
        kaarten=cards,
        delen=delen,
        woorden=woorden,
        gemaakt=now(),
        door=g.actor.naam,
        papier=True,  # nothing stays folded, and there is no navigation
        gebruiker=None,
        nav=[],
    )
