"""Doors to what both sides settle about the help: start, contact, questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.datum import kort
from loket.errors import NotFound
from loket.formfields import FormSchema
from loket.providers import operations_levering as deeds
from loket.providers import queries, woorden
from loket.providers.overleg import Afzender
from loket.providers.queries_aanbieder import get_gedeeld
from loket.providers.queries_levering import get_vraag, show_levering
from loket.providers.schemas import (
    AkkoordSchema,
    AntwoordSchema,
    ContactpogingSchema,
    LeveringsvraagSchema,
    StartvoorstelSchema,
)
from loket.providers.toewijzing import Toewijzing
from loket.providers.views_overleg import find_onderwerp, look_at
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("levering", __name__)
PROPOSING, ASKING = "voorstel", "vraag"
"""Forms that stand on one page and ask the same: each has its own part."""


@dataclass(frozen=True)
class Side:
    """One of the two sides, looking at one toewijzing."""

    toewijzing: Toewijzing
    doors: dict[str, str]
    terug: tuple[str, str]
    may_write: bool
    dossier: str = ""
    """Only the gemeente knows its reference."""


def _theirs(referentie: str) -> Side:
    toewijzing = queries.get_toewijzing(g.session, g.actor, now(), referentie)
    names = {"pagina": "show", "voorstel": "propose", "akkoord": "agree"}
    names |= {"poging": "record_poging", "vraag": "ask"}
    return Side(
        toewijzing,
        {
            key: url_for(f".{door}", referentie=referentie)
            for key, door in names.items()
        },
        (
            f"Toewijzing {toewijzing.nummer}",
            url_for("aanbieder.show_toewijzing", referentie=referentie),
        ),
        g.actor.may(Permission.TOEWIJZING_REPORT),
    )


def _ours(referentie: str, toewijzing: str) -> Side:
    found = find_onderwerp(referentie, "toewijzing", toewijzing)
    if not isinstance(found, Toewijzing):
        raise NotFound
    look_at(found)
    names = {"pagina": "show_ours", "voorstel": "propose_ours", "akkoord": "agree_ours"}
    return Side(
        found,
        {
            key: url_for(f".{door}", referentie=referentie, toewijzing=toewijzing)
            for key, door in names.items()
        },
        (
            f"Dossier {referentie}",
            url_for("dossier.show_dossier", referentie=referentie),
        ),
        g.actor.may(Permission.PLAATSING_REQUEST),
        referentie,
    )


def _page(side: Side, tried: Form | None = None) -> ResponseReturnValue:
    """Show all of it; a form that failed stands among the others as it was typed."""
    toewijzing = side.toewijzing
    is_shared = not g.actor.aanbieder_id or bool(get_gedeeld(g.session, toewijzing))
    levering = show_levering(g.session, toewijzing)
    record(g.session, g.actor, Action.LEVERING_READ, toewijzing, at=now())
    ours = Afzender.AANBIEDER if g.actor.aanbieder_id else Afzender.GEMEENTE
    newest = levering.voorstellen[0] if levering.voorstellen else None
    waits = toewijzing.status == "wacht" and side.may_write and is_shared
    return (tried or Form()).page(
        "providers/levering.html",
        side=side,
        dossier=side.dossier,
        toewijzing=toewijzing,
        product=queries.product_name(
            g.session, toewijzing.gemeente_code, toewijzing.product_code
        ),
        levering=levering,
        newest=newest,
        is_mine=newest is not None and newest.afzender is ours,
        may_propose=waits,
        may_write=side.may_write
        and is_shared
        and toewijzing.status in {"wacht", "gestart"},
        is_aanbieder=bool(g.actor.aanbieder_id),
        proposing=_as_tried(tried, StartvoorstelSchema(), part=PROPOSING),
        agreeing=Form(),
        trying=_as_tried(tried, ContactpogingSchema(), {"dag": kort(dag_van(now()))}),
        asking=_as_tried(tried, LeveringsvraagSchema(), part=ASKING),
        answering={
            vraag.id: _as_tried(tried, AntwoordSchema(), part=str(vraag.id))
            for vraag in levering.vragen
        },
        soorten=[(each.value, words) for each, words in woorden.VRAAGSOORTEN.items()],
        wijzen=[(each.value, words) for each, words in woorden.CONTACTWIJZEN.items()],
        kort=kort,
        woorden=woorden,
    )


def _as_tried(
    tried: Form | None,
    schema: FormSchema,
    values: dict[str, Any] | None = None,
    part: str = "",
) -> Form:
    """Give back the form that failed where it belongs; the others start anew."""
    fresh = Form(schema, values, part=part)
    if tried is not None and (type(tried.schema), tried.part) == (
        type(schema),
        fresh.part,
    ):
        return tried
    fresh.typed = None
    return fresh


def _do(
    side: Side,
    form: Form,
    deed: Callable[..., Any],
    done: str,
    **fixed: Any,
) -> ResponseReturnValue:

    def carry_out(**answers: Any) -> str:
        deed(g.session, g.actor, now(), toewijzing=side.toewijzing, **answers, **fixed)
        flash(done, "success")
        return side.doors["pagina"]

    return form.submit(carry_out) or _page(side, form)


@bp.get("/aanbieder/toewijzingen/<referentie>/levering")
@requires(Permission.TOEWIJZING_READ)
def show(referentie: str) -> ResponseReturnValue:
    """Show an aanbieder what was settled, and let it propose and ask."""
    return _page(_theirs(referentie))


@bp.post("/aanbieder/toewijzingen/<referentie>/startvoorstel")
@requires(Permission.TOEWIJZING_REPORT)
def propose(referentie: str) -> ResponseReturnValue:
    """Let an aanbieder propose a day to begin."""
    side = _theirs(referentie)
    return _do(
        side, Form(StartvoorstelSchema(), part=PROPOSING), deeds.propose_start, PROPOSED
    )


@bp.post("/aanbieder/toewijzingen/<referentie>/startvoorstel/akkoord")
@requires(Permission.TOEWIJZING_REPORT)
def agree(referentie: str) -> ResponseReturnValue:
    """Let an aanbieder agree to the day that the gemeente proposed."""
    return _do(_theirs(referentie), Form(AkkoordSchema()), deeds.agree_start, AGREED)


@bp.post("/aanbieder/toewijzingen/<referentie>/contactpogingen")
@requires(Permission.TOEWIJZING_REPORT)
def record_poging(referentie: str) -> ResponseReturnValue:
    """Note that the cliënt was not reached."""
    side = _theirs(referentie)
    done = "De poging is vastgelegd."
    return _do(side, Form(ContactpogingSchema()), deeds.record_contactpoging, done)


@bp.post("/aanbieder/toewijzingen/<referentie>/vragen")
@requires(Permission.TOEWIJZING_REPORT)
def ask(referentie: str) -> ResponseReturnValue:
    """Ask the consulent to settle something."""
    side = _theirs(referentie)
    done = "De gemeente heeft uw vraag. Het antwoord komt hier te staan."
    return _do(side, Form(LeveringsvraagSchema(), part=ASKING), deeds.ask_vraag, done)


PROPOSED = "Uw voorstel is verstuurd."
AGREED = "De startdatum is afgesproken."


@bp.get("/dossiers/<referentie>/toewijzingen/<toewijzing>/levering")
@requires(Permission.PLAATSING_READ)
def show_ours(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """Show the gemeente what was settled, and let it answer."""
    return _page(_ours(referentie, toewijzing))


@bp.post("/dossiers/<referentie>/toewijzingen/<toewijzing>/startvoorstel")
@requires(Permission.PLAATSING_REQUEST)
def propose_ours(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """Let the gemeente propose another day to begin."""
    side = _ours(referentie, toewijzing)
    return _do(
        side, Form(StartvoorstelSchema(), part=PROPOSING), deeds.propose_start, PROPOSED
    )


@bp.post("/dossiers/<referentie>/toewijzingen/<toewijzing>/startvoorstel/akkoord")
@requires(Permission.PLAATSING_REQUEST)
def agree_ours(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """Let the gemeente agree to the day that the aanbieder proposed."""
    side = _ours(referentie, toewijzing)
    return _do(side, Form(AkkoordSchema()), deeds.agree_start, AGREED)


@bp.post("/dossiers/<referentie>/toewijzingen/<toewijzing>/vragen/<uuid:vraag_id>")
@requires(Permission.PLAATSING_REQUEST)
def answer(referentie: str, toewijzing: str, vraag_id: UUID) -> ResponseReturnValue:
    """Tell the aanbieder what happens now."""
    side = _ours(referentie, toewijzing)
    get_vraag(g.session, side.toewijzing, vraag_id)
    done = "Uw antwoord is verstuurd."
    form = Form(AntwoordSchema(), part=str(vraag_id))
    return _do(side, form, deeds.answer_vraag, done, vraag_id=vraag_id)
