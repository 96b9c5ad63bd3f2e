"""Doors: the worklist, and dividing it."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import list_staff, staff_names
from loket.authz import Permission, Role
from loket.cases.dossier import operations, queries, woorden
from loket.cases.dossier.dossier import Fase
from loket.cases.dossier.queries_taken import MOST_SHOWN, list_open_taken
from loket.cases.dossier.queries_werkvoorraad import (
    Filter,
    Werkpagina,
    list_werkvoorraad,
)
from loket.cases.dossier.schemas import FilterSchema, VerdeelSchema
from loket.web import Form, now

bp = Blueprint("werkvoorraad", __name__)
_READ = Permission.WERKVOORRAAD_READ
_CHIPS: tuple[tuple[str, dict[str, str], Permission], ...] = (
    ("Alle zaken", {}, _READ),
    ("Mijn zaken", {"wiens": "mij"}, Permission.ONDERZOEK_DO),
    ("Nog te verdelen", {"wiens": "niemand"}, _READ),
    ("Te laat", {"te_laat": "ja"}, _READ),
    ("Spoed", {"spoed": "ja"}, _READ),
    ("Te besluiten", {"fase": "besluit"}, Permission.BESCHIKKING_DECIDE),
    ("Bekend te maken", {"fase": "bekendmaken"}, Permission.BESCHIKKING_MAKE_KNOWN),
    ("Te plaatsen", {"fase": "plaatsen"}, Permission.PLAATSING_REQUEST),
)
"""Name, what it asks, and whose work it is."""


@bp.get("/werkvoorraad")
@requires(Permission.WERKVOORRAAD_READ)
def show_werkvoorraad() -> ResponseReturnValue:
    """Show what there is to do, first what must be done first."""
    return _page(Form(VerdeelSchema()))


@bp.get("/taken")
@requires(Permission.WERKVOORRAAD_READ)
def show_taken() -> ResponseReturnValue:
    """Show the tasks of this person and of their roles."""
    taken = list_open_taken(g.session, g.actor, now())
    return render_template(
        "dossier/taken.html",
        taken=taken[:MOST_SHOWN],
        more=len(taken) > MOST_SHOWN,
        woorden=woorden,
        may_send=g.actor.may(Permission.DOSSIER_UPDATE),
        may_make_known=g.actor.may(Permission.BESCHIKKING_MAKE_KNOWN),
    )


@bp.post("/werkvoorraad")
@requires(Permission.DOSSIER_ASSIGN)
def assign_dossiers() -> ResponseReturnValue:
    """Give the chosen dossiers to one consulent."""
    form = Form(VerdeelSchema())

    def deed(dossiers: list[str], consulent_id: UUID) -> str:
        chosen = [
            queries.get_dossier(g.session, g.actor, each) for each in set(dossiers)
        ]
        for dossier in chosen:
            operations.assign_dossier(
                g.session, g.actor, now(), dossier=dossier, consulent_id=consulent_id
            )
        many = len(chosen)
        flash(
            "1 dossier is verdeeld."
            if many == 1
            else f"{many} dossiers zijn verdeeld.",
            "success",
        )
        return _address(dict(request.args))

    if answer := form.submit(deed):
        return answer
    return _page(form)


def _page(form: Form) -> ResponseReturnValue:
    asked = _asked()
    pagina = list_werkvoorraad(g.session, g.actor, now(), asked)
    staff = list_staff(g.session, g.actor, Role.CONSULENT, termijnen.dag_van(now()))
    return form.page(
        "dossier/werkvoorraad.html",
        pagina=pagina,
        namen=_names(pagina),
        sorteer=asked.sorteer.value,
        consulenten=[(str(each.id), each.naam) for each in staff],
        may_assign=g.actor.may(Permission.DOSSIER_ASSIGN),
        may_register=g.actor.may(Permission.MELDING_REGISTER),
        filter=_FilterForm(),
        chips=_chips(),
        nieuwer=_here(voor=pagina.vorige) if pagina.vorige else None,
        ouder=_here(na=pagina.volgende) if pagina.volgende else None,
        fasen=[(each, word) for each, word in woorden.FASE.items()],
        domeinen=list(woorden.DOMEIN.items()),
        woorden=woorden,
        gesloten=Fase.GESLOTEN,
        is_filtered=asked != Filter(sorteer=asked.sorteer),
    )


class _FilterForm:
    """The filter as it stands in the address, for the macros of fields."""

    def value(self, name: str) -> str:
        return request.args.get(name, "")

    def errors(self, _name: str) -> list[str]:
        return []


def _asked() -> Filter:
    """Read the address; one that was tampered with shows the whole list."""
    try:
        asked = FilterSchema().load(request.args)
    except ValidationError:
        return Filter()
    return asked if isinstance(asked, Filter) else Filter()


def _names(pagina: Werkpagina) -> dict[UUID, str]:
    return staff_names(
        g.session,
        list({each.consulent_id for each in pagina.regels if each.consulent_id}),
    )


def _chips() -> list[dict[str, object]]:
    kept = {
        name: value
        for name, value in request.args.items()
        if name not in {"na", "voor", "sorteer"} and value
    }
    return [
        {
            "label": label,
            "url": _address(arguments),
            "active": kept == arguments,
        }
        for label, arguments, permission in _CHIPS
        if g.actor.may(permission)
    ]


def _here(**cursor: str) -> str:
    kept = {k: v for k, v in request.args.items() if k not in {"na", "voor"} and v}
    return _address(kept | cursor)


def _address(arguments: dict[str, str]) -> str:
    return f"{url_for('.show_werkvoorraad')}?{urlencode(arguments)}".rstrip("?")
