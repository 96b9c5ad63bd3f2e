"""What stands there now, as periods that a table can be laid against."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.beheer.invoer import Staat
from loket.cases.producten.product import Product
from loket.cases.producten.queries import product_rows
from loket.providers.contract import Contract, Contractregel

REGEL = ("tarief_cent", "pc4_gebied", "max_clienten")
PRODUCT = (
    "naam",
    "categorie",
    "domein",
    "eenheid",
    "is_dienst",
    "eigen_bijdrage",
)


@dataclass(frozen=True)
class Grond:
    """Everything an import of one gemeente is laid against, in a few queries."""

    staten: dict[Hashable, list[Staat]]
    contracten: dict[str, Contract] = field(default_factory=dict)
    producten: dict[str, list[Product]] = field(default_factory=dict)


def regels_now(session: Session, by: Actor) -> Grond:
    """Return the regels of all contracts, the contracts by number, the products."""
    contracten = session.scalars(
        select(Contract).where(Contract.gemeente_code == by.gemeente_code)
    )
    found = Grond({}, {each.nummer: each for each in contracten})
    rows = session.scalars(
        select(Contractregel)
        .where(Contractregel.gemeente_code == by.gemeente_code)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        key: tuple[UUID, str] = (row.contract_id, row.product_code)
        found.staten.setdefault(key, []).append(_staat(row, REGEL))
    for product in product_rows(session, by):
        found.producten.setdefault(product.code, []).append(product)
    return found


def products_now(session: Session, by: Actor) -> Grond:
    """Return the products of the gemeente."""
    found = Grond({})
    for row in product_rows(session, by):
        found.staten.setdefault(row.code, []).append(_staat(row, PRODUCT))
    return found


def aanbieder_of(session: Session, by: Actor) -> dict[UUID, UUID]:
    """Return the aanbieder of each contract of the gemeente."""
    rows = session.execute(
        select(Contract.id, Contract.aanbieder_id).where(
            Contract.gemeente_code == by.gemeente_code
        )
    )
    return {row.id: row.aanbieder_id for row in rows}


def _staat(row: Any, names: tuple[str, ...]) -> Staat:
    waarden = {name: getattr(row, name) for name in names}
    return Staat(row.van, row.tot, waarden, bron=row)
