"""API: aanvragen, and the rights that come of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.besluit import operations_aanvraag as operations
from loket.cases.besluit import queries, queries_lijst
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.operations_aanvraag import NieuwItem
from loket.cases.besluit.operations_sluiten import finish_dossier
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.schemas_api import (
    AanvraagSchema,
    AanvraagVraagSchema,
    HervattenVraagSchema,
    OpschortenVraagSchema,
    VoorzieningEindeVraagSchema,
    VoorzieningSchema,
)
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.api import DOSSIER, find_dossier
from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.cases.onderzoek.schemas_api import SluitenVraagSchema
from loket.errors import NotFound, RuleViolation
from loket.web import now

bp = ApiBlueprint(
    "api_besluit",
    __name__,
    url_prefix=PREFIX,
    description="Aanvragen en voorzieningen.",
)
SHOWN = (
    "id",
    "dossier_id",
    "product_code",
    "domein",
    "geeindigd_op",
    "eindreden",
    "status",
    "regels",
)
AANVRAGEN = "/dossiers/<referentie>/aanvragen"
AANVRAAG_RULE = "/aanvragen/<uuid:aanvraag_id>"
RIGHT = "/voorzieningen/<uuid:voorziening_id>"
DRAW_UP = Permission.BESCHIKKING_DRAW_UP


def _find(aanvraag_id: UUID) -> Aanvraag:
    return queries_lijst.read_aanvraag(g.session, g.actor, now(), aanvraag_id)


AANVRAAG = Resource(
    AanvraagSchema,
    _find,
    _find,
    lambda row: queries.get_aanvraag(g.session, g.actor, row.id),
    lambda row: url_for("api_besluit.get_aanvraag", aanvraag_id=row.id),
)
bp.one(AANVRAAG_RULE, Permission.DOSSIER_READ, AANVRAAG)


@bp.listing(AANVRAGEN, Permission.DOSSIER_READ, AanvraagSchema, find_dossier)
def list_aanvragen(dossier: Dossier, na: UUID | None, limit: int) -> Sequence[Aanvraag]:
    """Toon de aanvragen in een dossier, de nieuwste eerst."""
    return queries_lijst.page_aanvragen(g.session, dossier, na=na, limit=limit)


@bp.create(
    AANVRAGEN,
    Permission.AANVRAAG_REGISTER,
    AanvraagVraagSchema,
    AANVRAAG,
    find_dossier,
)
def register(dossier: Dossier, items: list[dict[str, Any]], **answers: Any) -> Aanvraag:
    """Leg een aanvraag vast: de termijn voor het besluit gaat lopen."""
    made = operations.register_aanvraag(
        g.session,
        g.actor,
        now(),
        dossier=dossier,
        items=[NieuwItem(**item) for item in items],
        **answers,
    )
    g.session.flush()
    return made


@bp.change(
    "POST", f"{AANVRAAG_RULE}/opschorten", DRAW_UP, OpschortenVraagSchema, AANVRAAG
)
def suspend(aanvraag: Aanvraag, **answers: Any) -> None:
    """Laat de termijn van een aanvraag stilstaan."""
    operations.suspend_aanvraag(g.session, g.actor, now(), aanvraag=aanvraag, **answers)


@bp.change(
    "POST", f"{AANVRAAG_RULE}/hervatten", DRAW_UP, HervattenVraagSchema, AANVRAAG
)
def resume(aanvraag: Aanvraag, opschorting_id: UUID, aangevuld_op: date) -> None:
    """Laat de termijn weer lopen."""
    fresh = queries.get_aanvraag(g.session, g.actor, aanvraag.id)
    try:
        opschorting = queries.opschorting_of(fresh, opschorting_id)
    except NotFound:
        words = "Kies een opschorting van deze aanvraag."
        raise RuleViolation(words, "opschorting_id") from None
    operations.resume_aanvraag(
        g.session,
        g.actor,
        now(),
        opschorting=opschorting,
        aangevuld_op=aangevuld_op,
    )


@bp.change(
    "POST",
    f"{AANVRAAG_RULE}/intrekken",
    Permission.AANVRAAG_REGISTER,
    None,
    AANVRAAG,
)
def withdraw(aanvraag: Aanvraag) -> None:
    """Leg vast dat de cliënt de aanvraag intrekt."""
    operations.withdraw_aanvraag(g.session, g.actor, now(), aanvraag=aanvraag)


def find_voorziening(voorziening_id: UUID) -> Voorziening:
    """Find the right of this address; the look is recorded."""
    return queries_lijst.read_voorziening(g.session, g.actor, now(), voorziening_id)


def find_again(row: Voorziening) -> Voorziening:
    """Read a right with its regels as they stand now."""
    return queries.get_voorziening(g.session, g.actor, row.id)


def _shape_voorziening(row: Voorziening) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in SHOWN}
    return shown | {"toegekend_op": row.granted_at}


VOORZIENING = Resource(
    VoorzieningSchema,
    find_voorziening,
    find_voorziening,
    lambda row: _shape_voorziening(find_again(row)),
    lambda row: url_for("api_besluit.get_voorziening", voorziening_id=row.id),
)
bp.one(RIGHT, Permission.DOSSIER_READ, VOORZIENING)


@bp.change(
    "POST", f"{RIGHT}/beeindigen", DRAW_UP, VoorzieningEindeVraagSchema, VOORZIENING
)
def end(voorziening: Voorziening, **answers: Any) -> None:
    """Beëindig een voorziening door een feit: overlijden, verhuizen, afloop."""
    end_voorziening(
        g.session, g.actor, now(), voorziening=find_again(voorziening), **answers
    )


@bp.change(
    "POST", "/dossiers/<referentie>/sluiten", DRAW_UP, SluitenVraagSchema, DOSSIER
)
def close_dossier(dossier: Dossier, reden: Afsluitreden) -> None:
    """Sluit een dossier waarin niets meer loopt."""
    finish_dossier(g.session, g.actor, now(), dossier=dossier, reden=reden)


@bp.listing(
    "/dossiers/<referentie>/voorzieningen",
    Permission.DOSSIER_READ,
    VoorzieningSchema,
    find_dossier,
)
def list_voorzieningen(
    dossier: Dossier, na: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Toon wat er in een dossier is toegekend, het nieuwste eerst."""
    rows = queries_lijst.page_voorzieningen(g.session, dossier, na=na, limit=limit)
    return [_shape_voorziening(row) for row in rows]
