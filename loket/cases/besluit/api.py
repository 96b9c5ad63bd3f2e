"""API: aanvragen, and the rights that come of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.besluit import queries_lijst
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.operations_aanvraag import NieuwItem, register_aanvraag
from loket.cases.besluit.schemas_api import (
    AanvraagSchema,
    AanvraagVraagSchema,
    VoorzieningSchema,
)
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.api import find_dossier
from loket.cases.dossier.dossier import Dossier
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


def _find(aanvraag_id: UUID) -> Aanvraag:
    return queries_lijst.read_aanvraag(g.session, g.actor, now(), aanvraag_id)


AANVRAAG = Resource(
    AanvraagSchema,
    _find,
    _find,
    lambda row: row,
    lambda row: url_for("api_besluit.get_aanvraag", aanvraag_id=row.id),
)
bp.one("/aanvragen/<uuid:aanvraag_id>", Permission.DOSSIER_READ, AANVRAAG)


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
    made = register_aanvraag(
        g.session,
        g.actor,
        now(),
        dossier=dossier,
        items=[NieuwItem(**item) for item in items],
        **answers,
    )
    g.session.flush()
    return _find(made.id)


def find_voorziening(voorziening_id: UUID) -> Voorziening:
    """Find the right of this address; the look is recorded."""
    return queries_lijst.read_voorziening(g.session, g.actor, now(), voorziening_id)


def _shape_voorziening(row: Voorziening) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in SHOWN}
    return shown | {"toegekend_op": row.granted_at}


VOORZIENING = Resource(
    VoorzieningSchema,
    find_voorziening,
    find_voorziening,
    _shape_voorziening,
    lambda row: url_for("api_besluit.get_voorziening", voorziening_id=row.id),
)
bp.one("/voorzieningen/<uuid:voorziening_id>", Permission.DOSSIER_READ, VOORZIENING)


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
