"""API of the aanbieder: what is asked of it, what it delivers, and nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.providers import operations, queries, queries_aanbieder, queries_reeks
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek, Weigergrond
from loket.providers.schemas_api import (
    AanbiederToewijzingSchema,
    AanbiederVerzoekLijnSchema,
    AanbiederVerzoekSchema,
    AccepterenVraagSchema,
    StartVraagSchema,
    StopVraagSchema,
    ToewijzingLijnSchema,
    WeigerenVraagSchema,
)
from loket.providers.toewijzing import Toewijzing
from loket.web import now

bp = ApiBlueprint(
    "api_aanbieder",
    __name__,
    url_prefix=f"{PREFIX}/aanbieder",
    description="Voor een aanbieder: verzoeken en toewijzingen.",
)
VERZOEK_RULE = "/plaatsingsverzoeken/<referentie>"
TOEWIJZING_RULE = "/toewijzingen/<referentie>"
ANSWER, REPORT = Permission.PLAATSING_ANSWER, Permission.TOEWIJZING_REPORT


def _find_verzoek(referentie: str) -> Plaatsingsverzoek:
    return queries.get_verzoek(g.session, g.actor, now(), referentie)


VERZOEK = Resource(
    AanbiederVerzoekSchema,
    _find_verzoek,
    lambda row_id: _find_verzoek(
        queries_reeks.referentie_of(g.session, Plaatsingsverzoek, row_id)
    ),
    lambda row: row,
    lambda row: url_for(
        "api_aanbieder.get_aanbiederverzoek", referentie=row.referentie
    ),
)
bp.one(VERZOEK_RULE, ANSWER, VERZOEK)


@bp.listing("/plaatsingsverzoeken", ANSWER, AanbiederVerzoekLijnSchema)
def list_verzoeken(na: UUID | None, limit: int) -> Sequence[Plaatsingsverzoek]:
    """Toon wat aan u is gevraagd, het nieuwste eerst."""
    return queries_reeks.own_verzoeken(g.session, g.actor, now(), na=na, limit=limit)


@bp.change("POST", f"{VERZOEK_RULE}/accepteren", ANSWER, AccepterenVraagSchema, VERZOEK)
def accept(verzoek: Plaatsingsverzoek, startdatum: date) -> None:
    """Zeg vanaf wanneer u kunt helpen; de toewijzing volgt vanzelf."""
    operations.accept_plaatsingsverzoek(
        g.session, g.actor, now(), verzoek=verzoek, startdatum=startdatum
    )


@bp.change("POST", f"{VERZOEK_RULE}/weigeren", ANSWER, WeigerenVraagSchema, VERZOEK)
def decline(verzoek: Plaatsingsverzoek, grond: Weigergrond) -> None:
    """Zeg op welke grond van het contract u niet kunt helpen."""
    operations.decline_plaatsingsverzoek(
        g.session, g.actor, now(), verzoek=verzoek, grond=grond
    )


def _find_toewijzing(referentie: str) -> Toewijzing:
    return queries.get_toewijzing(g.session, g.actor, now(), referentie)


def _shape(toewijzing: Toewijzing) -> dict[str, Any]:
    shown = {name: getattr(toewijzing, name) for name in ToewijzingLijnSchema().fields}
    return shown | {"gedeeld": queries_aanbieder.get_gedeeld(g.session, toewijzing)}


TOEWIJZING = Resource(
    AanbiederToewijzingSchema,
    _find_toewijzing,
    lambda row_id: _find_toewijzing(
        queries_reeks.referentie_of(g.session, Toewijzing, row_id)
    ),
    _shape,
    lambda row: url_for(
        "api_aanbieder.get_aanbiedertoewijzing", referentie=row.referentie
    ),
)
bp.one(TOEWIJZING_RULE, Permission.TOEWIJZING_READ, TOEWIJZING)


@bp.listing("/toewijzingen", Permission.TOEWIJZING_READ, ToewijzingLijnSchema)
def list_toewijzingen(na: UUID | None, limit: int) -> Sequence[Toewijzing]:
    """Toon wat u levert, het nieuwste eerst; namen staan er niet in."""
    return queries_reeks.own_toewijzingen(g.session, g.actor, now(), na=na, limit=limit)


@bp.change("POST", f"{TOEWIJZING_RULE}/start", REPORT, StartVraagSchema, TOEWIJZING)
def start(toewijzing: Toewijzing, **answers: Any) -> None:
    """Meld dat de hulp is begonnen."""
    operations.start_zorg(g.session, g.actor, now(), toewijzing=toewijzing, **answers)


@bp.change("POST", f"{TOEWIJZING_RULE}/stop", REPORT, StopVraagSchema, TOEWIJZING)
def stop(toewijzing: Toewijzing, **answers: Any) -> None:
    """Meld dat de hulp is gestopt, en waarom."""
    operations.stop_zorg(g.session, g.actor, now(), toewijzing=toewijzing, **answers)
