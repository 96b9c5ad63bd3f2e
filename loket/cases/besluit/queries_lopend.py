"""What runs for a person, in words, for whoever meets them at the loket."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.producten.product import Product


def list_lopend(
    session: Session,
    by: Actor,
    *,
    inwoner_id: UUID | None = None,
    dossier_id: UUID | None = None,
) -> list[tuple[Voorziening, str, Dossier]]:
    """Return the running voorzieningen of a person or dossier, each with its name."""
    rows = session.execute(
        select(Voorziening, Product.naam, Dossier)
        .join(Dossier, Dossier.id == Voorziening.dossier_id)
        .join(
            Product,
            (Product.code == Voorziening.product_code)
            & (Product.gemeente_code == Voorziening.gemeente_code),
        )
        .where(
            (Voorziening.gerechtigde_id == inwoner_id)
            | (Voorziening.dossier_id == dossier_id),
            Voorziening.ended_at.is_(None),
            visible(by),
        )
        .order_by(Product.naam, Dossier.referentie, Product.van.desc())
    )
    found = {right.id: (right, naam, dossier) for right, naam, dossier in rows}
    return list(found.values())


def lopend_van(
    session: Session, by: Actor, inwoner_ids: Sequence[UUID]
) -> Mapping[UUID, list[str]]:
    """Name the running voorzieningen of each person, with the dossier they are in."""
    rows = session.execute(
        select(Voorziening.gerechtigde_id, Product.naam, Dossier.referentie)
        .join(Dossier, Dossier.id == Voorziening.dossier_id)
        .join(
            Product,
            (Product.code == Voorziening.product_code)
            & (Product.gemeente_code == Voorziening.gemeente_code),
        )
        .where(
            Voorziening.gerechtigde_id.in_(inwoner_ids),
            Voorziening.ended_at.is_(None),
            visible(by),
        )
        .order_by(Product.naam, Dossier.referentie)
        .distinct()
    )
    found: dict[UUID, list[str]] = {}
    for inwoner_id, naam, referentie in rows:
        found.setdefault(inwoner_id, []).append(f"{naam} ({referentie})")
    return found
