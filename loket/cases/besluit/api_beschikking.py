"""API: beschikkingen, from concept to made known, with their letter."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit import operations_bezwaar, queries, queries_lijst
from loket.cases.besluit.aanvraag import Aanvraag, AanvraagItem
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, Herkomst
from loket.cases.besluit.regelcontrole import NieuweRegel
from loket.cases.besluit.schemas_api import (
    BekendmakingVraagSchema,
    BeschikkingLijnSchema,
    BeschikkingSchema,
    BeschikkingVraagSchema,
    BezwaarVraagSchema,
    RegelVraagSchema,
)
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.api import find_dossier
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.errors import NotFound, RuleViolation
from loket.web import now

bp = ApiBlueprint(
    "api_beschikking", __name__, url_prefix=PREFIX, description="Beschikkingen."
)
LIJST = "/dossiers/<referentie>/beschikkingen"
RULE = "/beschikkingen/<referentie>"
SHOWN = (
    "id",
    "dossier_id",
    "referentie",
    "nummer",
    "herkomst",
    "status",
    "besloten_op",
    "bekendgemaakt_op",
    "bezwaar_tot",
)
FIELDS = {"aanvraag_item": "aanvraag_item_id", "voorziening": "voorziening_id"}
"""What the pages call otherwise."""


def _find(referentie: str) -> Beschikking:
    return queries.get_beschikking(g.session, g.actor, now(), referentie)


def _again(beschikking_id: UUID) -> Beschikking:
    return _find(queries_lijst.referentie_of(g.session, beschikking_id))


def _shape(beschikking: Beschikking) -> dict[str, Any]:
    aanvragen = queries.aanvragen_of(g.session, beschikking.id)
    return {name: getattr(beschikking, name) for name in SHOWN} | {
        "motivering": beschikking.onderwerp_motivering,
        "opgesteld_op": beschikking.drawn_up_at,
        "nagekeken_op": beschikking.reviewed_at,
        "aanvragen": [each.id for each in aanvragen],
        "regels": queries.list_regels(g.session, beschikking.id),
        "bezwaren": queries_lijst.bezwaren_of(g.session, beschikking.id),
        "brief": beschikking.document_id is not None,
    }


BESCHIKKING = Resource(
    BeschikkingSchema,
    _find,
    _again,
    _shape,
    lambda row: url_for("api_beschikking.get_beschikking", referentie=row.referentie),
)
bp.one(RULE, Permission.DOSSIER_READ, BESCHIKKING)


@bp.listing(LIJST, Permission.DOSSIER_READ, BeschikkingLijnSchema, find_dossier)
def list_beschikkingen(
    dossier: Dossier, na: UUID | None, limit: int
) -> Sequence[Beschikking]:
    """Toon de beschikkingen in een dossier, de nieuwste eerst."""
    return queries_lijst.page_beschikkingen(g.session, dossier, na=na, limit=limit)


@bp.create(
    LIJST,
    Permission.BESCHIKKING_DRAW_UP,
    BeschikkingVraagSchema,
    BESCHIKKING,
    find_dossier,
)
def draw_up(
    dossier: Dossier,
    aanvragen: list[UUID],
    motivering: str,
    regels: list[dict[str, Any]],
) -> Beschikking:
    """Stel een beschikking op: een concept, met wat erin wordt besloten."""
    made = operations.draw_up_beschikking(
        g.session,
        g.actor,
        now(),
        dossier=dossier,
        aanvragen=_aanvragen(dossier, aanvragen),
        motivering=motivering,
    )
    for place, asked in enumerate(regels):
        _add(made, asked, f"regels.{place}.")
    return made


def _aanvragen(dossier: Dossier, ids: list[UUID]) -> list[Aanvraag]:
    known = {each.id: each for each in queries.list_aanvragen(g.session, dossier.id)}
    if not set(ids) <= known.keys():
        raise RuleViolation("Kies aanvragen van dit dossier.", "aanvragen")
    return [known[each] for each in dict.fromkeys(ids)]


@bp.change(
    "POST",
    f"{RULE}/regels",
    Permission.BESCHIKKING_DRAW_UP,
    RegelVraagSchema,
    BESCHIKKING,
)
def add_regel(beschikking: Beschikking, **asked: Any) -> None:
    """Zet een besluit in het concept."""
    _add(beschikking, asked)


@bp.change(
    "DELETE",
    f"{RULE}/regels/<uuid:regel_id>",
    Permission.BESCHIKKING_DRAW_UP,
    None,
    BESCHIKKING,
    part=(
        "regel_id",
        lambda beschikking, regel_id: queries.get_regel(
            g.session, beschikking, regel_id
        ),
    ),
)
def remove_regel(beschikking: Beschikking, part: Besluitregel) -> None:
    """Haal een besluit uit het concept."""
    operations.remove_besluitregel(
        g.session, g.actor, now(), beschikking=beschikking, regel=part
    )


def _add(beschikking: Beschikking, asked: dict[str, Any], where: str = "") -> None:
    """Put one decision in a concept; what is wrong is said at its own field."""
    try:
        operations.add_besluitregel(
            g.session,
            g.actor,
            now(),
            beschikking=beschikking,
            nieuw=_nieuw(beschikking, **asked),
        )
    except RuleViolation as no:
        field = FIELDS.get(no.field or "", no.field or "soort")
        raise RuleViolation(no.message, f"{where}{field}") from None


def _nieuw(
    beschikking: Beschikking,
    aanvraag_item_id: UUID | None = None,
    voorziening_id: UUID | None = None,
    **answers: Any,
) -> NieuweRegel:
    """Turn what is named into rows of this cliënt."""
    if aanvraag_item_id is not None:
        answers["aanvraag_item"] = _item(beschikking, aanvraag_item_id)
    if voorziening_id is not None:
        try:
            right = queries.get_voorziening(g.session, g.actor, voorziening_id)
        except NotFound:
            words = "Kies een voorziening van de cliënt."
            raise RuleViolation(words, "voorziening") from None
        answers["voorziening"] = right
    return NieuweRegel(**answers)


def _item(beschikking: Beschikking, item_id: UUID) -> AanvraagItem:
    for aanvraag in queries.aanvragen_of(g.session, beschikking.id):
        for item in aanvraag.items:
            if item.id == item_id:
                return item
    raise RuleViolation("Kies iets uit de aanvraag.", "aanvraag_item")


@bp.change("POST", f"{RULE}/nakijken", Permission.BESCHIKKING_DECIDE, None, BESCHIKKING)
def review(beschikking: Beschikking) -> None:
    """Zeg als tweede dat het concept klopt."""
    operations.review_beschikking(g.session, g.actor, now(), beschikking=beschikking)


@bp.change("POST", f"{RULE}/besluit", Permission.BESCHIKKING_DECIDE, None, BESCHIKKING)
def decide(beschikking: Beschikking) -> None:
    """Besluit namens het college; daarna wordt de brief gemaakt."""
    operations.decide_beschikking(g.session, g.actor, now(), beschikking=beschikking)


@bp.change(
    "POST",
    f"{RULE}/bekendmaking",
    Permission.BESCHIKKING_MAKE_KNOWN,
    BekendmakingVraagSchema,
    BESCHIKKING,
)
def make_known(beschikking: Beschikking, bekendgemaakt_op: date) -> None:
    """Leg vast wanneer de brief is verzonden: de termijn voor bezwaar gaat lopen."""
    operations.make_known_beschikking(
        g.session,
        g.actor,
        now(),
        beschikking=beschikking,
        bekendgemaakt_op=bekendgemaakt_op,
    )


@bp.change(
    "POST",
    f"{RULE}/bezwaar",
    Permission.AANVRAAG_REGISTER,
    BezwaarVraagSchema,
    BESCHIKKING,
)
def receive_bezwaar(
    beschikking: Beschikking, besluitregel_id: UUID | None = None, **answers: Any
) -> None:
    """Leg een bezwaar vast, ook als het te laat is."""
    regel = None
    if besluitregel_id is not None:
        try:
            regel = queries.get_regel(g.session, beschikking, besluitregel_id)
        except NotFound:
            words = "Kies een regel van deze beschikking."
            raise RuleViolation(words, "besluitregel_id") from None
    operations_bezwaar.receive_bezwaar(
        g.session,
        g.actor,
        now(),
        beschikking=beschikking,
        besluitregel=regel,
        **answers,
    )


@bp.file(f"{RULE}/brief.pdf", Permission.DOCUMENT_READ, "application/pdf", _find)
def show_letter(beschikking: Beschikking) -> bytes | None:
    """Geef de brief, of 202 zolang die nog wordt gemaakt."""
    if beschikking.decided_at is None:
        raise RuleViolation("Over deze beschikking is nog niet besloten.")
    if beschikking.herkomst is Herkomst.OVERGENOMEN:
        raise NotFound("Bij een overgenomen besluit hoort geen brief.")
    if beschikking.document_id is None:
        return None
    letter = g.session.get_one(Document, beschikking.document_id)
    read = dossier_queries.get_document(g.session, g.actor, now(), letter.referentie)
    return read.inhoud
