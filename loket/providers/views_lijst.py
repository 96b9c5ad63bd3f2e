"""Doors: the lists of an aanbieder over all its gemeenten."""

from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.providers import queries_lijst, woorden
from loket.providers.queries_lijst import MOST_COUNTED, Loop, Pagina, Stand, Zoekvraag
from loket.providers.schemas import ZoekvraagSchema
from loket.web import Form, now

bp = Blueprint("aanbiederlijst", __name__, url_prefix="/aanbieder")


@bp.get("/verzoeken")
@requires(Permission.PLAATSING_ANSWER)
def show_verzoeken() -> ResponseReturnValue:
    """Show what gemeenten ask: what waits for an answer, or what was answered."""
    asked = _asked()
    pagina = queries_lijst.list_verzoeken(g.session, g.actor, now(), asked)
    return _page(
        "providers/verzoeken.html",
        ".show_verzoeken",
        pagina,
        {"stand": asked.stand.value},
        standen=[(each.value, woorden.VERZOEKSTATUS[each.value][0]) for each in Stand],
        statussen=woorden.VERZOEKSTATUS,
        is_open=asked.stand is Stand.OPEN,
    )


@bp.get("/toewijzingen")
@requires(Permission.TOEWIJZING_READ)
def show_toewijzingen() -> ResponseReturnValue:
    """Show what this aanbieder delivers, what ends first on top."""
    asked = _asked()
    pagina = queries_lijst.list_toewijzingen(g.session, g.actor, now(), asked)
    return _page(
        "providers/toewijzingen.html",
        ".show_toewijzingen",
        pagina,
        {"loop": asked.loop.value},
        standen=[(each.value, words) for each, words in LOOP.items()],
        statussen=woorden.TOEWIJZINGSTATUS,
    )


LOOP = {
    Loop.LOPEND: "Alles wat loopt",
    Loop.START: "Start nog te melden",
    Loop.EINDE: "Eindigt binnenkort",
    Loop.VOORBIJ: "Voorbij",
}


def _asked() -> Zoekvraag:
    """Read the address; one that was tampered with shows the whole list."""
    try:
        asked = ZoekvraagSchema().load(request.args)
    except ValidationError:
        return Zoekvraag()
    return Zoekvraag(**asked)


def _page(
    template: str,
    endpoint: str,
    pagina: Pagina[queries_lijst.VerzoekRegel] | Pagina[queries_lijst.ToewijzingRegel],
    shown: dict[str, str],
    **more: object,
) -> ResponseReturnValue:
    kept = {
        name: value for name, value in request.args.items() if name != "na" and value
    }
    gemeenten, producten = queries_lijst.list_keuzes(g.session, g.actor)
    here = url_for(endpoint)
    older = urlencode(kept | {"na": pagina.volgende}) if pagina.volgende else ""
    return render_template(
        template,
        pagina=pagina,
        aantal=_many(pagina.aantal),
        filter=Form(values=kept | shown),
        gemeenten=gemeenten,
        producten=producten,
        ouder=f"{here}?{older}" if older else None,
        begin=f"{here}?{urlencode(kept)}" if request.args.get("na") else None,
        is_filtered=bool(kept),
        **more,
    )


def _many(aantal: int) -> str:
    return f"Meer dan {MOST_COUNTED}" if aantal > MOST_COUNTED else str(aantal)
