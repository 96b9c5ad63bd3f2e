"""API: meldingen."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.dossier import operations_inwoner
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.bekenden import find_bekenden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries_lijst import page_own_work
from loket.cases.melding import operations, queries
from loket.cases.melding.melding import Melding
from loket.cases.melding.schemas_api import (
    MeldingLijnSchema,
    MeldingSchema,
    MeldingVraagSchema,
    PlanVraagSchema,
)
from loket.errors import RuleViolation
from loket.web import now

bp = ApiBlueprint("api_melding", __name__, url_prefix=PREFIX, description="Meldingen.")
RULE = "/meldingen/<uuid:melding_id>"
SHOWN = (
    "hulpvraag",
    "spoed_toelichting",
    "plan_tot",
    "plan_ontvangen_op",
    "clientondersteuning_verteld",
    "huishoudtype",
    "verwijzer",
)


def _find(melding_id: UUID) -> Melding:
    return queries.read_melding(g.session, g.actor, now(), melding_id)


def _line(melding: Melding, referentie: str) -> dict[str, Any]:
    return {
        "id": melding.id,
        "dossier": referentie,
        "kanaal": melding.kanaal,
        "ontvangen_op": melding.ontvangen_op,
        "onderzoek_tot": melding.onderzoek_tot,
        "spoed": melding.spoed,
    }


def _shape(melding: Melding) -> dict[str, Any]:
    dossier = dossier_queries.dossier_of(g.session, g.actor, melding.dossier_id)
    needs = queries.list_behoeften(g.session, melding.dossier_id)
    return {
        **_line(melding, dossier.referentie),
        **{name: getattr(melding, name) for name in SHOWN},
        "bevestigd_op": melding.confirmed_at,
        "behoeften": [
            {
                "id": each.id,
                "omschrijving": each.omschrijving,
                "domeinen": each.labels,
            }
            for each in needs
        ],
    }


MELDING = Resource(
    MeldingSchema,
    _find,
    _find,
    _shape,
    lambda row: url_for("api_melding.get_melding", melding_id=row.id),
)
bp.one(RULE, Permission.DOSSIER_READ, MELDING)


@bp.listing("/meldingen", Permission.WERKVOORRAAD_READ, MeldingLijnSchema)
def list_meldingen(na: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Toon meldingen, de nieuwste eerst: voor een consulent het eigen werk."""
    rows = page_own_work(g.session, g.actor, now(), Melding, na=na, limit=limit)
    return [_line(*row) for row in rows]


@bp.create("/meldingen", Permission.MELDING_REGISTER, MeldingVraagSchema, MELDING)
def register_melding(
    *,
    ook_als_bekend: bool,
    behoeften: list[dict[str, Any]],
    inwoner_id: UUID | None = None,
    persoon: dict[str, Any] | None = None,
    melder: dict[str, Any] | None = None,
    **answers: Any,
) -> Melding:
    """Leg een melding vast: er ontstaat een dossier en de termijn gaat lopen."""
    at = now()
    client = _client(inwoner_id, persoon or {}, ook_als_bekend)
    who: dict[str, Any] = {}
    if melder is not None:
        teller = _register(melder["persoon"], "melder.persoon")
        who = {"melder": teller, "melder_rol": melder["rol"]}
        who["bevoegdheid"] = melder["bevoegdheid"]
    return operations.register_melding(
        g.session,
        g.actor,
        at,
        client=client,
        behoeften=[(each["omschrijving"], each["domeinen"]) for each in behoeften],
        **answers,
        **who,
    )


def _client(inwoner_id: UUID | None, persoon: dict[str, Any], anyway: bool) -> Inwoner:
    if inwoner_id is not None:
        return dossier_queries.read_inwoner(g.session, g.actor, now(), inwoner_id)
    if not anyway and _is_known(persoon):
        raise RuleViolation(
            "Deze persoon lijkt al bekend. Stuur inwoner_id, of ook_als_bekend.",
            "persoon",
        )
    return _register(persoon, "persoon")


def _register(persoon: dict[str, Any], where: str) -> Inwoner:
    """Make somebody known; what is wrong is said at its own field."""
    try:
        return operations_inwoner.register_inwoner(g.session, g.actor, now(), **persoon)
    except RuleViolation as no:
        raise RuleViolation(no.message, f"{where}.{no.field}") from None


def _is_known(persoon: dict[str, Any]) -> bool:
    """Whether this may be somebody known, as the page asks it."""
    question = {n: persoon.get(n) for n in ("bsn", "achternaam", "geboortedatum")}
    try:
        return bool(find_bekenden(g.session, g.actor, now(), **question))
    except RuleViolation:
        return False  # a name nobody can be found by


@bp.change(
    "POST",
    f"{RULE}/persoonlijk-plan",
    Permission.DOSSIER_UPDATE,
    PlanVraagSchema,
    MELDING,
)
def receive_plan(melding: Melding, ontvangen_op: date) -> None:
    """Leg vast dat het persoonlijk plan binnenkwam."""
    operations.receive_plan(
        g.session, g.actor, now(), melding=melding, ontvangen_op=ontvangen_op
    )
