"""Everything the gemeente can grant and refuse on, whenever it held or will hold."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.producten.product import Product, Weigeringsgrond
from loket.errors import RuleViolation


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


def product_op(session: Session, gemeente_code: str, code: str, dag: date) -> Product:
    """Return the product with this code that holds on a day.

    Raises:
        RuleViolation: the gemeente has no such product on that day.
    """
    product = session.scalar(
        select(Product).where(
            Product.gemeente_code == gemeente_code,
            Product.code == code,
            Product.van <= dag,
            Product.tot.is_(None) | (Product.tot >= dag),
        )
    )
    if product is None:
        raise RuleViolation("Dit product kan op deze dag niet.", "product_code")
    return product


def list_products(session: Session, gemeente_code: str, dag: date) -> Sequence[Product]:
    """Return the products that hold on a day, in order of name."""
    return session.scalars(
        select(Product)
        .where(
            Product.gemeente_code == gemeente_code,
            Product.van <= dag,
            Product.tot.is_(None) | (Product.tot >= dag),
        )
        .order_by(Product.naam)
    ).all()


def list_weigeringsgronden(
    session: Session, gemeente_code: str, dag: date
) -> Sequence[Weigeringsgrond]:
    """Return the grounds to refuse that hold on a day, in order of code."""
    return session.scalars(
        select(Weigeringsgrond)
        .where(
            Weigeringsgrond.gemeente_code == gemeente_code,
            Weigeringsgrond.van <= dag,
            Weigeringsgrond.tot.is_(None) | (Weigeringsgrond.tot >= dag),
        )
        .order_by(Weigeringsgrond.code)
    ).all()
