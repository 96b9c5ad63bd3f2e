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
from loket.providers.page import draft_about, hold_running
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
PROPOSING, TRYING, ASKING = "voorstel", "poging", "vraag"
"""Forms of one page, each with its own part; a question that waits has its id."""
SCHEMAS: dict[str, type[FormSchema]] = {
    PROPOSING: StartvoorstelSchema,
    TRYING: ContactpogingSchema,
    ASKING: LeveringsvraagSchema,
}
WHAT = {PROPOSING: "Voorstel voor de start", ASKING: "Vraag aan de gemeente"}
ANSWER = "Antwoord aan de aanbieder"


@dataclass(frozen=True)
class Side:
    """One of the two sides, looking at one toewijzing."""

    toewijzing: Toewijzing
    doors: dict[str, str]
    terug: tuple[str, str]
    may_write: bool
    dossier: str = ""
    """Only the gemeente knows its reference."""

    def form(self, part: str, door: str, *, sent: bool = True) -> Form:
        """Make one form of the page; what is explained in it is kept."""
        schema, values = SCHEMAS.get(part, AntwoordSchema)(), {}
        if part == TRYING:
            values = {"dag": kort(dag_van(now()))}
            return Form(schema, values, part=part, sent=sent)
        name = f"levering.{'gemeente' if self.dossier else 'aanbieder'}.{part}"
        what = WHAT.get(part, ANSWER)
        page = self.doors["pagina"]
        of = draft_about(self.toewijzing, name, what, page, door)
        return Form(schema, part=part, draft=of, sent=sent)

    def answer_door(self, vraag_id: UUID) -> str:
        """Return where the gemeente answers one question."""
        return url_for(
            ".answer",
            referentie=self.dossier,
            toewijzing=self.toewijzing.referentie,
            vraag_id=vraag_id,
        )


def _theirs(referentie: str) -> Side:
    toewijzing = queries.find_toewijzing(g.session, g.actor, referentie)
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
    gedeeld = get_gedeeld(g.session, toewijzing)
    is_shared = not g.actor.aanbieder_id or bool(gedeeld)
    levering = show_levering(g.session, toewijzing)
    look_at(toewijzing)
    record(g.session, g.actor, Action.LEVERING_READ, toewijzing, at=now())
    ours = Afzender.AANBIEDER if g.actor.aanbieder_id else Afzender.GEMEENTE
    newest = levering.voorstellen[0] if levering.voorstellen else None
    is_aanbieder = bool(g.actor.aanbieder_id)
    may_propose = toewijzing.status == "wacht" and side.may_write and is_shared
    may_write = (
        side.may_write and is_shared and toewijzing.status in {"wacht", "gestart"}
    )

    asks = is_aanbieder and may_write

    def shown(part: str, door: str) -> Form:
        if tried is not None and tried.part == f"{part}-":
            return tried
        return side.form(part, door, sent=False)

    return (tried or Form()).page(
        "providers/levering.html",
        side=side,
        dossier=side.dossier,
        toewijzing=toewijzing,
        client=gedeeld.client if gedeeld else None,
        product=queries.product_name(
            g.session, toewijzing.gemeente_code, toewijzing.product_code
        ),
        levering=levering,
        newest=newest,
        is_mine=newest is not None and newest.afzender is ours,
        may_propose=may_propose,
        may_write=may_write,
        is_aanbieder=is_aanbieder,
        proposing=shown(PROPOSING, side.doors["voorstel"]) if may_propose else None,
        agreeing=Form(),
        trying=shown(TRYING, side.doors["poging"]) if asks else None,
        asking=shown(ASKING, side.doors["vraag"]) if asks else None,
        answering={
            vraag.id: shown(str(vraag.id), side.answer_door(vraag.id))
            for vraag in levering.vragen
            if side.dossier and side.may_write and vraag.answered_at is None
        },
        soorten=[(each.value, words) for each, words in woorden.VRAAGSOORTEN.items()],
        wijzen=[(each.value, words) for each, words in woorden.CONTACTWIJZEN.items()],
        kort=kort,
        woorden=woorden,
    )


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

    if g.actor.aanbieder_id:
        hold_running(side.toewijzing)
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
    return _propose(_theirs(referentie))


def _propose(side: Side) -> ResponseReturnValue:
    form = side.form(PROPOSING, side.doors["voorstel"])
    return _do(side, form, deeds.propose_start, PROPOSED)


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
    form = side.form(TRYING, side.doors["poging"])
    return _do(side, form, deeds.record_contactpoging, done)


@bp.post("/aanbieder/toewijzingen/<referentie>/vragen")
@requires(Permission.TOEWIJZING_REPORT)
def ask(referentie: str) -> ResponseReturnValue:
    """Ask the consulent to settle something."""
    side = _theirs(referentie)
    done = "De gemeente heeft uw vraag. Het antwoord komt hier te staan."
    return _do(side, side.form(ASKING, side.doors["vraag"]), deeds.ask_vraag, done)


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
    return _propose(_ours(referentie, toewijzing))


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
    form = side.form(str(vraag_id), side.answer_door(vraag_id))
    return _do(side, form, deeds.answer_vraag, done, vraag_id=vraag_id)
