"""Doors: the tasks in one place, one task, and asking a new one."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import list_appointed, staff_names
from loket.authz import GRANTS, Permission, Role
from loket.cases.dossier import operations_taak, woorden
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import get_client, get_dossier
from loket.cases.dossier.queries_taken import (
    MOST_SHOWN,
    TaakFilter,
    is_meant_for,
    list_open_taken,
    read_taak,
)
from loket.cases.dossier.schemas import (
    OverdragenSchema,
    TaakFilterSchema,
    TaakSchema,
    UitstellenSchema,
)
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.web import Form, now, taak_notes

bp = Blueprint("taken", __name__)
_READERS = tuple(
    rol for rol, granted in GRANTS.items() if Permission.DOSSIER_READ in granted
)


@bp.get("/taken")
@requires(Permission.WERKVOORRAAD_READ)
def show_taken() -> ResponseReturnValue:
    """Show the tasks and signals of this person and of their roles."""
    asked = _asked()
    taken = list_open_taken(g.session, g.actor, now(), asked)
    return render_template(
        "dossier/taken.html",
        taken=taken[:MOST_SHOWN],
        more=len(taken) > MOST_SHOWN,
        over=taak_notes(g.session, g.actor, [each.onderwerp_id for each in taken]),
        is_filtered=asked != TaakFilter(),
        chips=list(_chips()),
        soorten=[(each.value, woorden.taak_woord(each)) for each in TaakSoort],
        filter=Form(values={"soort": request.args.get("soort", "")}),
        kept={k: v for k, v in request.args.items() if k != "soort" and v},
        woorden=woorden,
        may_send=g.actor.may(Permission.DOSSIER_UPDATE),
        may_make_known=g.actor.may(Permission.BESCHIKKING_MAKE_KNOWN),
    )


def _asked() -> TaakFilter:
    """Read the address; one that was tampered with shows everything."""
    try:
        found = TaakFilterSchema().load(request.args)
    except ValidationError:
        return TaakFilter()
    return TaakFilter(**found)


def _chips() -> Sequence[dict[str, object]]:
    here = {k: v for k, v in request.args.items() if k != "soort" and v}
    known: list[tuple[str, dict[str, str]]] = [
        ("Van u en uw rol", {}),
        ("Van u", {"voor": "mij"}),
        ("Van uw rol", {"voor": "rol"}),
        ("Te laat", {"te_laat": "ja"}),
        ("Later herinneren", {"uitgesteld": "ja"}),
    ]
    if g.actor.may(Permission.DOSSIER_ASSIGN):
        known.append(("Van iedereen", {"voor": "alle"}))
    return [
        {
            "label": label,
            "url": f"{url_for('.show_taken')}?{urlencode(asked)}".rstrip("?"),
            "active": here == asked,
        }
        for label, asked in known
    ]


@bp.route("/dossiers/<referentie>/taken/nieuw", methods=["GET", "POST"])
@requires(Permission.TAAK_CHANGE)
def ask_taak(referentie: str) -> ResponseReturnValue:
    """Ask a colleague, a role or yourself to do something in this dossier."""
    dossier = get_dossier(g.session, g.actor, referentie)
    form = Form(TaakSchema(), {"voor": str(g.actor.id)})

    def deed(voor: str, **answers: Any) -> str:
        is_role = voor in set(Role)
        operations_taak.ask_taak(
            g.session,
            g.actor,
            now(),
            dossier=dossier,
            voor_rol=Role(voor) if is_role else None,
            voor_user_id=None if is_role else UUID(voor),
            **answers,
        )
        flash("De taak staat klaar.", "success")
        return url_for("dossier.show_dossier", referentie=referentie)

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page(
        "dossier/taak_nieuw.html",
        dossier=dossier,
        soorten=[
            (each.value, woorden.taak_woord(each)) for each in TaakSoort if each.is_own
        ],
        voor=[*_colleagues(), *((r.value, f"Rol {_rol(r)}") for r in _READERS)],
    )


@bp.get("/dossiers/<referentie>/taken/<uuid:taak_id>")
@requires(Permission.DOSSIER_READ)
def show_taak(referentie: str, taak_id: UUID) -> ResponseReturnValue:
    """Show one task with its note, and what may be done with it."""
    dossier = get_dossier(g.session, g.actor, referentie)
    return _page(dossier, read_taak(g.session, g.actor, now(), dossier, taak_id))


@bp.post("/dossiers/<referentie>/taken/<uuid:taak_id>/overnemen")
@requires(Permission.TAAK_CHANGE)
def take_over(referentie: str, taak_id: UUID) -> ResponseReturnValue:
    """Do yourself what was asked of a role or of somebody else."""
    dossier = get_dossier(g.session, g.actor, referentie)
    taak = read_taak(g.session, g.actor, now(), dossier, taak_id)
    form = Form()

    def deed() -> str:
        operations_taak.take_over_taak(g.session, g.actor, now(), taak=taak)
        flash("De taak is nu van u.", "success")
        return url_for(".show_taak", referentie=referentie, taak_id=taak_id)

    return form.submit(deed) or _page(dossier, taak, tried=form)


@bp.post("/dossiers/<referentie>/taken/<uuid:taak_id>/overdragen")
@requires(Permission.TAAK_CHANGE)
def hand_over(referentie: str, taak_id: UUID) -> ResponseReturnValue:
    """Give a task to a colleague and say why."""
    dossier = get_dossier(g.session, g.actor, referentie)
    taak = read_taak(g.session, g.actor, now(), dossier, taak_id)
    form = Form(OverdragenSchema())

    def deed(**answers: Any) -> str:
        operations_taak.hand_over_taak(g.session, g.actor, now(), taak=taak, **answers)
        flash("De taak is overgedragen.", "success")
        return url_for(".show_taken")

    return form.submit(deed) or _page(dossier, taak, handing=form, tried=form)


@bp.post("/dossiers/<referentie>/taken/<uuid:taak_id>/uitstellen")
@requires(Permission.TAAK_CHANGE)
def postpone(referentie: str, taak_id: UUID) -> ResponseReturnValue:
    """Be reminded later; the last day stays."""
    dossier = get_dossier(g.session, g.actor, referentie)
    taak = read_taak(g.session, g.actor, now(), dossier, taak_id)
    form = Form(UitstellenSchema())

    def deed(tot: date) -> str:
        operations_taak.postpone_herinnering(
            g.session, g.actor, now(), taak=taak, tot=tot
        )
        flash("Wij herinneren u later. De uiterste dag blijft staan.", "success")
        return url_for(".show_taken")

    return form.submit(deed) or _page(dossier, taak, postponing=form, tried=form)


def _page(
    dossier: Dossier,
    taak: Taak,
    *,
    handing: Form | None = None,
    postponing: Form | None = None,
    tried: Form | None = None,
) -> ResponseReturnValue:
    by, today = g.actor, termijnen.dag_van(now())
    is_mine = is_meant_for(g.session, by, now(), taak)
    leads = by.may(Permission.DOSSIER_ASSIGN)
    shown = tried or Form()
    names = staff_names(g.session, [taak.voor_user_id] if taak.voor_user_id else [])
    return shown.page(
        "dossier/taak.html",
        dossier=dossier,
        taak=taak,
        wat=woorden.taak_woord(taak.soort),
        over=taak_notes(g.session, g.actor, [taak.onderwerp_id]).get(
            taak.onderwerp_id or taak.id
        ),
        client=get_client(g.session, dossier.id),
        voor=names.get(taak.voor_user_id or taak.id, "")
        or (_rol(taak.voor_rol) if taak.voor_rol else ""),
        dagen=(taak.uiterlijk - today).days,
        # a form that is not shown needs no fields
        handing=handing or Form(OverdragenSchema(), {}),
        postponing=postponing or Form(UitstellenSchema(), {}),
        collegas=_colleagues(),
        may_finish=is_mine and not taak.done_at,
        may_take=(is_mine or leads) and taak.voor_user_id != by.id and not taak.done_at,
        may_hand=(is_mine or leads) and not taak.done_at,
        may_postpone=is_mine and not taak.done_at and taak.uiterlijk > today,
    )


def _colleagues() -> list[tuple[str, str]]:
    found = list_appointed(g.session, g.actor, _READERS, termijnen.dag_van(now()))
    return [(str(each.id), each.naam) for each in found]


def _rol(rol: Role) -> str:
    return rol.value.replace("_", " ")
