"""API: dossiers and the contacts about them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.bsn import mask_bsn
from loket.cases.dossier import operations, operations_contact, queries, queries_lijst
from loket.cases.dossier.contactmoment import Contactmoment
from loket.cases.dossier.dossier import BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.schemas_api import (
    ContactmomentLijnSchema,
    ContactmomentSchema,
    ContactmomentVraagSchema,
    DossierLijnSchema,
    DossierSchema,
    VerdeelVraagSchema,
)
from loket.errors import RuleViolation
from loket.web import now

bp = ApiBlueprint(
    "api_dossier",
    __name__,
    url_prefix=PREFIX,
    description="Dossiers en de contacten erover.",
)
RULE = "/dossiers/<referentie>"
SHOWN = (
    "id",
    "naam",
    "geboortedatum",
    "overleden_op",
    "telefoon",
    "email",
    "contactwens",
    "taal",
    "geheimhouding",
)


def find_dossier(referentie: str) -> Dossier:
    """Find the dossier of this address; the look is recorded."""
    return queries.read_dossier(g.session, g.actor, now(), referentie)


def _shape(dossier: Dossier) -> dict[str, Any]:
    people = queries.list_betrokkenen(g.session, dossier.id)
    client = next(each.inwoner for each in people if each.rol is BetrokkeneRol.CLIENT)
    return {
        "id": dossier.id,
        "referentie": dossier.referentie,
        "aanleiding": dossier.aanleiding,
        "geopend_op": dossier.opened_at,
        "consulent_id": dossier.consulent_id,
        "afgeschermd": dossier.afgeschermd,
        "gesloten_op": dossier.closed_at,
        "afsluitreden": dossier.afsluitreden,
        "client": shape_inwoner(client),
        "betrokkenen": [
            {
                "inwoner_id": each.inwoner_id,
                "naam": each.inwoner.naam,
                "rol": each.rol,
                "bevoegdheid": each.bevoegdheid,
                "van": each.van,
                "tot": each.tot,
            }
            for each in people
            if each.rol is not BetrokkeneRol.CLIENT
        ],
    }


def shape_inwoner(inwoner: Inwoner) -> dict[str, Any]:
    """Say who somebody is, as the pages do: the BSN is masked."""
    return {name: getattr(inwoner, name) for name in SHOWN} | {
        "bsn_gemaskeerd": mask_bsn(str(inwoner.bsn)) if inwoner.bsn else "",
        "adres": list(inwoner.adresregels),
    }


def dossier_again(dossier_id: UUID) -> Dossier:
    """Find a dossier by its id; the look is recorded."""
    dossier = queries.dossier_of(g.session, g.actor, dossier_id)
    return find_dossier(dossier.referentie)


DOSSIER = Resource(
    DossierSchema,
    find_dossier,
    dossier_again,
    _shape,
    lambda row: url_for("api_dossier.get_dossier", referentie=row.referentie),
)


def _find_contact(contactmoment_id: UUID) -> Contactmoment:
    return queries_lijst.read_contactmoment(g.session, g.actor, now(), contactmoment_id)


def _shape_contact(contact: Contactmoment) -> dict[str, Any]:
    return _contact_line(contact) | {
        "dossier_id": contact.dossier_id,
        "tekst": contact.tekst,
    }


def _contact_line(contact: Contactmoment) -> dict[str, Any]:
    return {
        "id": contact.id,
        "kanaal": contact.kanaal,
        "uitkomst": contact.uitkomst,
        "vastgelegd_op": contact.at,
    }


CONTACT = Resource(
    ContactmomentSchema,
    _find_contact,
    _find_contact,
    _shape_contact,
    lambda row: url_for("api_dossier.get_contactmoment", contactmoment_id=row.id),
)

bp.one(RULE, Permission.DOSSIER_READ, DOSSIER)
bp.one("/contactmomenten/<uuid:contactmoment_id>", Permission.DOSSIER_READ, CONTACT)


@bp.listing("/dossiers", Permission.WERKVOORRAAD_READ, DossierLijnSchema)
def list_dossiers(na: UUID | None, limit: int) -> Sequence[dict[str, Any]]:
    """Toon dossiers, de nieuwste eerst: voor een consulent het eigen werk."""
    return queries_lijst.list_dossiers(g.session, g.actor, now(), na=na, limit=limit)


@bp.change("PATCH", RULE, Permission.DOSSIER_ASSIGN, VerdeelVraagSchema, DOSSIER)
def assign_dossier(dossier: Dossier, consulent_id: UUID) -> None:
    """Geef een dossier aan een consulent."""
    try:
        operations.assign_dossier(
            g.session, g.actor, now(), dossier=dossier, consulent_id=consulent_id
        )
    except RuleViolation as no:
        # the page asks the same under another name
        field = "consulent_id" if no.field == "naar" else no.field
        raise RuleViolation(no.message, field) from None


@bp.listing(
    f"{RULE}/contactmomenten",
    Permission.DOSSIER_READ,
    ContactmomentLijnSchema,
    find_dossier,
)
def list_contactmomenten(
    dossier: Dossier, na: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Toon de contacten over een dossier, de nieuwste eerst."""
    rows = queries_lijst.page_contactmomenten(g.session, dossier, na=na, limit=limit)
    return [_contact_line(row) for row in rows]


@bp.create(
    f"{RULE}/contactmomenten",
    Permission.DOSSIER_UPDATE,
    ContactmomentVraagSchema,
    CONTACT,
    find_dossier,
)
def record_contactmoment(dossier: Dossier, **answers: Any) -> Contactmoment:
    """Leg een contact over een dossier vast."""
    return operations_contact.record_contactmoment(
        g.session, g.actor, now(), dossier=dossier, **answers
    )
