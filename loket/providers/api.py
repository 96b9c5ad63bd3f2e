"""API of the gemeente: candidates, plaatsingsverzoeken, toewijzingen, contracts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.besluit.api import find_voorziening
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.api import find_dossier
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.errors import RuleViolation
from loket.providers import operations, queries, queries_reeks
from loket.providers.contract import Contract
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.routering import Kandidaat
from loket.providers.schemas_api import (
    AanbiedersSchema,
    ContractSchema,
    PlaatsingsverzoekLijnSchema,
    PlaatsingsverzoekSchema,
    ToewijzingEindeVraagSchema,
    ToewijzingLijnSchema,
    ToewijzingSchema,
    ToewijzingVraagSchema,
    VerzoekVraagSchema,
)
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van
from loket.web import now

bp = ApiBlueprint(
    "api_plaatsing", __name__, url_prefix=PREFIX, description="Plaatsing en levering."
)
RIGHT = "/voorzieningen/<uuid:voorziening_id>"
VERZOEK_RULE = "/plaatsingsverzoeken/<referentie>"
TOEWIJZING_RULE = "/toewijzingen/<referentie>"
REQUEST, READ = Permission.PLAATSING_REQUEST, Permission.PLAATSING_READ


def _first_day(voorziening: Voorziening) -> date:
    """Take the day from which help in natura can be placed."""
    today = dag_van(now())
    for regel in voorziening.regels:
        runs = regel.tot is None or regel.tot >= today
        if runs and regel.leveringsvorm is Leveringsvorm.NATURA:
            return max(regel.van, today)
    raise RuleViolation("Er is geen recht op hulp in natura om te plaatsen.")


def _shape_aanbieders(voorziening: Voorziening) -> dict[str, Any]:
    start = _first_day(voorziening)
    found = queries.list_kandidaten(
        g.session, g.actor, now(), voorziening=voorziening, start=start
    )
    return {"start": start, "aanbieders": [_kandidaat(each) for each in found]}


def _kandidaat(one: Kandidaat) -> dict[str, Any]:
    return {
        "aanbieder_id": one.aanbieder.id,
        "naam": one.aanbieder.naam,
        "contractregel_id": one.contractregel.id if one.contractregel else None,
        "vraagt_verzoek": one.contract.plaatsingsverzoek,
        "past": one.past,
        "redenen": [
            {"code": each, "tekst": each.tekst, "sluit_uit": each.blocks}
            for each in one.redenen
        ],
        "wachttijd_dagen": one.wachttijd_dagen,
        "talen": one.talen,
    }


AANBIEDERS = Resource(
    AanbiedersSchema,
    find_voorziening,
    find_voorziening,
    _shape_aanbieders,
    lambda row: url_for("api_plaatsing.get_aanbieders", voorziening_id=row.id),
)
bp.one(f"{RIGHT}/aanbieders", REQUEST, AANBIEDERS)


def _find_verzoek(referentie: str) -> Plaatsingsverzoek:
    return queries.get_verzoek(g.session, g.actor, now(), referentie)


VERZOEK = Resource(
    PlaatsingsverzoekSchema,
    _find_verzoek,
    lambda row_id: _find_verzoek(
        queries_reeks.referentie_of(g.session, Plaatsingsverzoek, row_id)
    ),
    lambda row: row,
    lambda row: url_for(
        "api_plaatsing.get_plaatsingsverzoek", referentie=row.referentie
    ),
)
bp.one(VERZOEK_RULE, READ, VERZOEK)


@bp.listing(
    "/dossiers/<referentie>/plaatsingsverzoeken",
    READ,
    PlaatsingsverzoekLijnSchema,
    find_dossier,
)
def list_verzoeken(
    dossier: Dossier, na: UUID | None, limit: int
) -> Sequence[Plaatsingsverzoek]:
    """Toon wat in een dossier aan aanbieders is gevraagd, het nieuwste eerst."""
    return queries_reeks.page_verzoeken(g.session, dossier, na=na, limit=limit)


@bp.create(
    f"{RIGHT}/plaatsingsverzoeken",
    REQUEST,
    VerzoekVraagSchema,
    VERZOEK,
    find_voorziening,
)
def send_verzoek(voorziening: Voorziening, **answers: Any) -> Plaatsingsverzoek:
    """Vraag een aanbieder of die kan helpen, zonder te zeggen wie."""
    return operations.send_plaatsingsverzoek(
        g.session, g.actor, now(), voorziening=voorziening, **answers
    )


@bp.change("POST", f"{VERZOEK_RULE}/intrekken", REQUEST, None, VERZOEK)
def withdraw_verzoek(verzoek: Plaatsingsverzoek) -> None:
    """Trek een verzoek in dat nog niet is beantwoord."""
    operations.withdraw_plaatsingsverzoek(g.session, g.actor, now(), verzoek=verzoek)


def _find_toewijzing(referentie: str) -> Toewijzing:
    return queries.get_toewijzing(g.session, g.actor, now(), referentie)


TOEWIJZING = Resource(
    ToewijzingSchema,
    _find_toewijzing,
    lambda row_id: _find_toewijzing(
        queries_reeks.referentie_of(g.session, Toewijzing, row_id)
    ),
    lambda row: row,
    lambda row: url_for("api_plaatsing.get_toewijzing", referentie=row.referentie),
)
bp.one(TOEWIJZING_RULE, READ, TOEWIJZING)


@bp.listing(
    "/dossiers/<referentie>/toewijzingen", READ, ToewijzingLijnSchema, find_dossier
)
def list_toewijzingen(
    dossier: Dossier, na: UUID | None, limit: int
) -> Sequence[Toewijzing]:
    """Toon de toewijzingen in een dossier, de nieuwste eerst."""
    return queries_reeks.page_toewijzingen(g.session, dossier, na=na, limit=limit)


@bp.change(
    "POST",
    f"{TOEWIJZING_RULE}/beeindigen",
    REQUEST,
    ToewijzingEindeVraagSchema,
    TOEWIJZING,
)
def end_toewijzing(toewijzing: Toewijzing, geeindigd_op: date) -> None:
    """Beëindig een toewijzing na een dag."""
    operations.end_toewijzing(
        g.session, g.actor, now(), toewijzing=toewijzing, geeindigd_op=geeindigd_op
    )


@bp.create(
    f"{RIGHT}/toewijzingen",
    REQUEST,
    ToewijzingVraagSchema,
    TOEWIJZING,
    find_voorziening,
)
def make_toewijzing(voorziening: Voorziening, **answers: Any) -> Toewijzing:
    """Wijs toe aan een aanbieder die u volgens het contract niet hoeft te vragen."""
    return operations.make_toewijzing(
        g.session, g.actor, now(), voorziening=voorziening, **answers
    )


def _find_contract(contract_id: UUID) -> Contract:
    return queries_reeks.get_contract(g.session, g.actor, contract_id)


CONTRACT = Resource(
    ContractSchema,
    _find_contract,
    _find_contract,
    lambda row: row,
    lambda row: url_for("api_plaatsing.get_contract", contract_id=row.id),
)
bp.one("/contracten/<uuid:contract_id>", READ, CONTRACT)


@bp.listing("/contracten", READ, ContractSchema)
def list_contracten(na: UUID | None, limit: int) -> Sequence[Contract]:
    """Toon de contracten van de gemeente, het nieuwste eerst."""
    return queries_reeks.page_contracten(g.session, g.actor, na=na, limit=limit)
