"""Everything the gemeente can grant and refuse on, whenever it held or will hold."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.dossier.product import Product, Weigeringsgrond


def product_rows(
    session: Session, by: Actor, code: str | None = None
) -> Sequence[Product]:
    """Return all rows of the products of the gemeente, or of one of them."""
    found = (
        select(Product)
        .where(Product.gemeente_code == by.gemeente_code)
        .order_by(Product.code, Product.van)
    )
    if code is not None:
        found = found.where(Product.code == code)
    return session.scalars(found).all()


def grond_rows(
    session: Session, by: Actor, code: str | None = None
) -> Sequence[Weigeringsgrond]:
    """Return all rows of the grounds to refuse of the gemeente, or of one of them."""
    found = (
        select(Weigeringsgrond)
        .where(Weigeringsgrond.gemeente_code == by.gemeente_code)
        .order_by(Weigeringsgrond.code, Weigeringsgrond.van)
    )
    if code is not None:
        found = found.where(Weigeringsgrond.code == code)
    return session.scalars(found).all()


def all_product_names(session: Session, gemeente_code: str) -> dict[str, str]:
    """Return the latest name of each product the gemeente ever had, by code."""
    rows = session.execute(
        select(Product.code, Product.naam)
        .where(Product.gemeente_code == gemeente_code)
        .order_by(Product.van)
    )
    return {row.code: row.naam for row in rows}
