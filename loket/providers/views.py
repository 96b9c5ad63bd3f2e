"""Doors of the gemeente: place a voorziening, take a question back, end it."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.besluit import queries as besluit_queries
from loket.cases.besluit.voorziening import Voorziening, VoorzieningRegel
from loket.cases.besluit.woorden import hoeveel, per_periode
from loket.cases.dossier import queries as dossier_queries
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.errors import NotFound, RuleViolation
from loket.providers import operations, queries, woorden
from loket.providers.routering import Kandidaat
from loket.providers.schemas import EindeSchema, PlaatsenSchema, ZoekSchema
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("plaatsing", __name__)


@bp.route(
    "/dossiers/<referentie>/plaatsen/<uuid:voorziening_id>", methods=["GET", "POST"]
)
@requires(Permission.PLAATSING_REQUEST)
def place(referentie: str, voorziening_id: UUID) -> ResponseReturnValue:
    """Choose an aanbieder for a voorziening: ask it, or assign at once."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    voorziening = besluit_queries.get_voorziening(g.session, g.actor, voorziening_id)
    if voorziening.dossier_id != dossier.id:
        raise NotFound
    regel = _next_regel(voorziening, dag_van(now()))
    wens = _wens(regel)
    kandidaten = queries.list_kandidaten(
        g.session, g.actor, now(), voorziening=voorziening, **wens
    )
    form = Form(PlaatsenSchema(), _start_values(wens, regel))
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            _carry_out(voorziening, kandidaten, answers)
            return url_for("dossier.show_dossier", referentie=referentie)

        answer = form.submit(deed)
        if answer:
            return answer
    dossier_queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "providers/plaatsen.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        product=queries.product_name(
            g.session, voorziening.gemeente_code, voorziening.product_code
        ),
        recht=hoeveel(regel.volume, regel.eenheid, regel.frequentie),
        regel=regel,
        eenheid=per_periode(regel.eenheid, regel.frequentie),
        zoek=Form(values={**wens, "spoed": "ja" if wens["spoed"] else ""}),
        kandidaten=kandidaten,
        open_verzoek=queries.open_verzoek(g.session, voorziening.id),
        dagen=woorden.DAGEN,
    )


def _next_regel(voorziening: Voorziening, today: date) -> VoorzieningRegel:
    """Take the regel in natura that holds today, or the first that will."""
    natura = [
        regel
        for regel in voorziening.regels
        if regel.leveringsvorm is Leveringsvorm.NATURA
        and (regel.tot is None or regel.tot >= today)
    ]
    if not natura or voorziening.ended_at:
        raise RuleViolation("Er is geen recht op hulp in natura om te plaatsen.")
    return natura[0]


def _wens(regel: VoorzieningRegel) -> dict[str, Any]:
    """Read for when help is sought; what is not understood counts as not asked."""
    typed = {
        name: request.values.get(other) or request.args.get(name, "")
        for name, other in (
            ("start", "gewenste_start"),
            ("taal", "taal"),
            ("spoed", "spoed"),
        )
    }
    schema = ZoekSchema()
    wrong = schema.validate(typed)
    asked: dict[str, Any] = schema.load(
        {name: value for name, value in typed.items() if name not in wrong}
    )
    first = max(regel.van, dag_van(now()))
    return {**asked, "start": asked["start"] or first}


def _start_values(wens: dict[str, Any], regel: VoorzieningRegel) -> dict[str, Any]:
    return {
        "gewenste_start": f"{wens['start']:%d-%m-%Y}",
        "einddatum": f"{regel.tot:%d-%m-%Y}" if regel.tot else None,
        "volume": regel.volume,
        "taal": wens["taal"].capitalize(),
        "spoed": "ja" if wens["spoed"] else "",
    }


def _carry_out(
    voorziening: Voorziening, kandidaten: list[Kandidaat], answers: dict[str, Any]
) -> None:
    direct = {
        one.contractregel.id
        for one in kandidaten
        if one.contractregel and not one.contract.plaatsingsverzoek
    }
    if answers["contractregel_id"] in direct:
        made = operations.make_toewijzing(
            g.session,
            g.actor,
            now(),
            voorziening=voorziening,
            contractregel_id=answers["contractregel_id"],
            van=answers["gewenste_start"],
            tot=answers["einddatum"],
            volume=answers["volume"],
        )
        flash(f"Toewijzing {made.nummer} is gemaakt.", "success")
        return
    if not answers["omschrijving"]:
        raise RuleViolation("Vul dit in.", "omschrijving")
    operations.send_plaatsingsverzoek(
        g.session, g.actor, now(), voorziening=voorziening, **answers
    )
    flash("De aanbieder krijgt uw verzoek.", "success")


@bp.post("/dossiers/<referentie>/verzoeken/<verzoek>/intrekken")
@requires(Permission.PLAATSING_REQUEST)
def withdraw(referentie: str, verzoek: str) -> ResponseReturnValue:
    """Take back a question that nobody answered yet."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    asked = queries.get_verzoek(g.session, g.actor, now(), verzoek)
    if asked.dossier_id != dossier.id:
        raise NotFound(queries.NO_VERZOEK)
    form = Form()

    def deed() -> str:
        operations.withdraw_plaatsingsverzoek(g.session, g.actor, now(), verzoek=asked)
        flash("Het verzoek is ingetrokken.", "success")
        return url_for("dossier.show_dossier", referentie=referentie)

    answer = form.submit(deed)
    if answer is None:
        raise RuleViolation(form.summary[0][1])
    return answer


@bp.route(
    "/dossiers/<referentie>/toewijzingen/<toewijzing>/beeindigen",
    methods=["GET", "POST"],
)
@requires(Permission.PLAATSING_REQUEST)
def end(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """End a toewijzing: for another volume, another aanbieder, or no help at all."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    given = queries.get_toewijzing(g.session, g.actor, now(), toewijzing)
    if given.dossier_id != dossier.id:
        raise NotFound(queries.NO_TOEWIJZING)
    form = Form(EindeSchema())

    def deed(geeindigd_op: date) -> str:
        operations.end_toewijzing(
            g.session, g.actor, now(), toewijzing=given, geeindigd_op=geeindigd_op
        )
        flash(f"Toewijzing {given.nummer} is beëindigd.", "success")
        return url_for("dossier.show_dossier", referentie=referentie)

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page(
        "providers/einde.html",
        dossier=dossier,
        client=dossier_queries.get_client(g.session, dossier.id),
        toewijzing=given,
    )
