"""Doors: the worklist, the tasks, and taking the list away as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import list_staff, staff_names
from loket.accounts.queries_team import list_teams, teams_of_staff
from loket.accounts.team import Team
from loket.authz import Permission, Role
from loket.cases.dossier import woorden
from loket.cases.dossier.queries import sees_all
from loket.cases.producten.woorden import DOMEIN
from loket.cases.werkvoorraad.queries import (
    MOST_COUNTED,
    MOST_EXPORTED,
    Regel,
    export_werkvoorraad,
    list_werkvoorraad,
    may_see_names,
)
from loket.cases.werkvoorraad.queries_weergave import list_weergaven
from loket.cases.werkvoorraad.schemas import FilterSchema
from loket.cases.werkvoorraad.weergave import Weergave
from loket.cases.werkvoorraad.werkblad import make_werkblad
from loket.cases.werkvoorraad.werkvraag import PER_PAGE, Filter, Kolom
from loket.cases.werkvoorraad.woorden import KOLOM, LEEFTIJD, RESTEREND, WIENS
from loket.errors import NotFound
from loket.web import Form, now

bp = Blueprint("werkvoorraad", __name__)
_READ = Permission.WERKVOORRAAD_READ
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALLE = {"wiens": "alle"}
"""The whole list; an address without anything opens with the kept view."""
_CHIPS: tuple[tuple[str, dict[str, str], Permission], ...] = (
    ("Alle zaken", ALLE, _READ),
    ("Mijn zaken", {"wiens": "mij"}, Permission.ONDERZOEK_DO),
    ("Nog te verdelen", {"wiens": "niemand"}, _READ),
    ("Te laat", {"te_laat": "ja"}, _READ),
    ("Spoed", {"spoed": "ja"}, _READ),
    ("Te besluiten", {"fase": "besluit"}, Permission.BESCHIKKING_DECIDE),
    ("Bekend te maken", {"fase": "bekendmaken"}, Permission.BESCHIKKING_MAKE_KNOWN),
    ("Te plaatsen", {"fase": "plaatsen"}, Permission.PLAATSING_REQUEST),
)
"""Name, what it asks, and whose work it is."""
_LOOKS = {"sorteer", "kolommen", "per"}
"""How the list looks, not which part of it is shown."""
_PLACE = {"na", "voor"}
_QUESTIONS = FilterSchema().fields.items()
_SEVERAL = {name for name, each in _QUESTIONS if isinstance(each, fields.List)}
ARGUMENTS = {each.data_key or name for name, each in _QUESTIONS}


@bp.get("/werkvoorraad")
@requires(Permission.WERKVOORRAAD_READ)
def show_werkvoorraad() -> ResponseReturnValue:
    """Show what there is to do, first what must be done first."""
    kept = list_weergaven(g.session, g.actor)
    opens = next((each for each in kept if each.is_standaard), None)
    if opens is not None and not request.args:
        return redirect(address(opens.adres), 303)
    return _page(kept)


@bp.post("/werkvoorraad/export")
@requires(Permission.WERKVOORRAAD_READ)
def export_list() -> ResponseReturnValue:
    """Give the filtered list as a file; a POST, because it is a deed that is kept."""
    asked = asked_filter()
    _check_team(asked)
    if not may_see_names(g.actor):
        rest = tuple(each for each in asked.kolommen if each is not Kolom.CLIENT)
        asked = replace(asked, kolommen=rest)
    kolommen = asked.kolommen
    regels, more = export_werkvoorraad(g.session, g.actor, now(), asked)
    namen, teams = _people(regels, kolommen)
    sheet = make_werkblad(
        ["Dossier", *(KOLOM[each] for each in kolommen)],
        (
            [regel.referentie, *(_cell(regel, each, namen, teams) for each in kolommen)]
            for regel in regels
        ),
        melding=f"Er zijn meer zaken. In een bestand passen er {MOST_EXPORTED}."
        if more
        else "",
    )
    day = termijnen.dag_van(now()).strftime("%d-%m-%Y")
    answer = Response(sheet, mimetype=XLSX)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="werkvoorraad-{day}.xlsx"'
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def address(
    pairs: Sequence[Sequence[str]], endpoint: str = "werkvoorraad.show_werkvoorraad"
) -> str:
    """Return the address of the worklist, or what belongs to it, with arguments."""
    asked = urlencode([(name, value) for name, value in pairs])
    return f"{url_for(endpoint)}?{asked}".rstrip("?")


def kept_pairs() -> list[tuple[str, str]]:
    """Return what this address asks, without the page it is on and what is empty."""
    return [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name in ARGUMENTS - _PLACE and value
    ]


def asked_filter() -> Filter:
    """Read the address; one that was tampered with shows the whole list."""
    raw = {
        name: request.args.getlist(name) if name in _SEVERAL else value
        for name, value in request.args.items()
    }
    try:
        asked = FilterSchema().load(raw)
    except ValidationError:
        return Filter()
    return asked if isinstance(asked, Filter) else Filter()


def _page(kept: Sequence[Weergave]) -> ResponseReturnValue:
    asked = asked_filter()
    teams = _check_team(asked)
    pagina = list_werkvoorraad(g.session, g.actor, now(), asked)
    namen, teamnamen = _people(pagina.regels, asked.kolommen)
    may_assign = g.actor.may(Permission.DOSSIER_ASSIGN)
    pairs = kept_pairs()
    return Form().page(
        "werkvoorraad/werkvoorraad.html",
        pagina=pagina,
        kolommen=[(each.value, KOLOM[each]) for each in asked.kolommen],
        namen=namen,
        teamnamen=teamnamen,
        sorteer=asked.sorteer.value,
        per=asked.per,
        keuzes=_choices(teams),
        may_assign=may_assign,
        may_register=g.actor.may(Permission.MELDING_REGISTER),
        filter=_FilterForm(asked),
        chips=_chips(),
        weergaven=[(each, address(each.adres), _is_open(each)) for each in kept],
        bewaar_url=address(pairs, "weergaven.save_weergave"),
        export_url=address(pairs, "werkvoorraad.export_list"),
        terug=urlencode(pairs),
        alles_url=address(
            [
                *(("dossiers", each.referentie) for each in pagina.regels),
                ("terug", urlencode(pairs)),
            ],
            "verdelen.choose",
        )
        if may_assign
        else None,
        nieuwer=address([*pairs, ("voor", pagina.vorige)]) if pagina.vorige else None,
        ouder=address([*pairs, ("na", pagina.volgende)]) if pagina.volgende else None,
        most_counted=MOST_COUNTED,
        most_exported=MOST_EXPORTED,
        woorden=woorden,
        domeinen=DOMEIN,
        is_filtered=bool({name for name, _ in pairs} - _LOOKS - {"wiens"}),
        alle_url=address(list(ALLE.items())),
    )


class _FilterForm:
    """The filter as it stands in the address, for the macros of fields."""

    def __init__(self, asked: Filter) -> None:
        self.asked = asked

    def value(self, name: str) -> str | list[str]:
        if name == "kolommen":
            return [each.value for each in self.asked.kolommen]
        return request.args.get(name, "")

    def errors(self, _name: str) -> list[str]:
        return []


def _choices(teams: Sequence[Team]) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter can be set to; colleagues only for who sees all."""
    staff = (
        list_staff(g.session, g.actor, Role.CONSULENT, termijnen.dag_van(now()))
        if sees_all(g.actor)
        else ()
    )
    return {
        "wiens": _words(WIENS),
        "fase": _words(woorden.FASE),
        "domein": _words(DOMEIN),
        "leeftijd": _words(LEEFTIJD),
        "resterend": _words(RESTEREND),
        "kolommen": _words(KOLOM),
        "consulent": [(str(each.id), each.naam) for each in staff],
        "team": [(str(each.id), each.naam) for each in teams],
        "per": [(str(many), f"{many} per pagina") for many in (PER_PAGE, 2 * PER_PAGE)],
    }


def _words(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(code), word) for code, word in words.items()]


def _check_team(asked: Filter) -> Sequence[Team]:
    """Return the teams to choose from; one that is not there does not exist."""
    teams = list_teams(g.session, g.actor)
    if asked.team_id and asked.team_id not in {each.id for each in teams}:
        raise NotFound("Dit team bestaat niet.")
    return teams


def _people(
    regels: Sequence[Regel], kolommen: Sequence[Kolom]
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Return names of who has the work and of the teams they are in."""
    ids = {each.consulent_id for each in regels if each.consulent_id}
    namen = staff_names(g.session, list(ids))
    if Kolom.TEAM not in kolommen:
        return namen, {}
    today = termijnen.dag_van(now())
    teams = teams_of_staff(g.session, g.actor, today)
    return namen, {
        user_id: ", ".join(team.naam for team in own) for user_id, own in teams.items()
    }


def _cell(
    regel: Regel, kolom: Kolom, namen: dict[UUID, str], teams: dict[UUID, str]
) -> str | int | date | None:
    """Write one cell of the file; the screen has its own way of showing it."""
    who = regel.consulent_id
    cells: dict[Kolom, str | int | date | None] = {
        Kolom.CLIENT: regel.naam,
        Kolom.STATUS: woorden.FASE_INWONER[regel.fase],
        Kolom.FASE: woorden.FASE[regel.fase] + (", spoed" if regel.spoed else ""),
        Kolom.TERM: woorden.FASE_WET[regel.fase],
        Kolom.OVER: ", ".join(
            word for code, word in DOMEIN.items() if code in regel.domeinen
        ),
        Kolom.CONSULENT: namen.get(who, "") if who else "Nog te verdelen",
        Kolom.TEAM: teams.get(who, "") if who else "",
        Kolom.PC4: regel.pc4,
        Kolom.ONTVANGEN: regel.ontvangen_op,
        Kolom.LEEFTIJD: regel.leeftijd,
        Kolom.UITERLIJK: regel.uiterste_datum,
        Kolom.RESTEREND: regel.dagen,
    }
    return cells[kolom]


def _chips() -> list[dict[str, object]]:
    kept = {name: value for name, value in kept_pairs() if name not in _LOOKS}
    return [
        {
            "label": label,
            "url": address(list(arguments.items())),
            "active": (kept or ALLE) == arguments,
        }
        for label, arguments, permission in _CHIPS
        if g.actor.may(permission)
    ]


def _is_open(weergave: Weergave) -> bool:
    return sorted(map(tuple, weergave.adres)) == sorted(kept_pairs())
