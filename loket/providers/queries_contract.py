"""Contracts with their regels, whenever they held or will hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from loket.authz import Actor
from loket.errors import NotFound
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Contractrij:
    """One contract in a list."""

    contract: Contract
    regels: int

    @property
    def van(self) -> date:
        """First day of the contract."""
        return self.contract.van

    @property
    def tot(self) -> date | None:
        """Last day of the contract."""
        return self.contract.tot


def list_contracten(session: Session, by: Actor) -> Sequence[Contractrij]:
    """Return the contracts of the gemeente, with how many products each has."""
    regels = (
        select(func.count(Contractregel.product_code.distinct()))
        .where(Contractregel.contract_id == Contract.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Contract, regels)
        .join(Contract.aanbieder)
        .options(joinedload(Contract.aanbieder))
        .where(Contract.gemeente_code == by.gemeente_code)
        .order_by(Aanbieder.naam, Contract.nummer)
    )
    return [Contractrij(contract, count) for contract, count in rows]


def get_contract(session: Session, by: Actor, contract_id: UUID) -> Contract:
    """Return a contract of the gemeente with its aanbieder.

    Raises:
        NotFound: the gemeente has no such contract.
    """
    contract = session.scalar(
        select(Contract)
        .options(joinedload(Contract.aanbieder))
        .where(Contract.id == contract_id, Contract.gemeente_code == by.gemeente_code)
    )
    if contract is None:
        raise NotFound
    return contract


def regel_rows(
    session: Session,
    gemeente_code: str,
    contract_id: UUID,
    product_code: str | None = None,
) -> Sequence[Contractregel]:
    """Return all regels of a contract, or those of one product, oldest first."""
    found = (
        select(Contractregel)
        .where(
            Contractregel.gemeente_code == gemeente_code,
            Contractregel.contract_id == contract_id,
        )
        .order_by(Contractregel.product_code, Contractregel.van)
    )
    if product_code is not None:
        found = found.where(Contractregel.product_code == product_code)
    return session.scalars(found).all()


def list_aanbieders(session: Session) -> Sequence[Aanbieder]:
    """Return every aanbieder this installation knows, in order of name."""
    return session.scalars(select(Aanbieder).order_by(Aanbieder.naam)).all()


def regel_on(
    regels: Sequence[Contractregel], regel: Contractregel, day: date
) -> Contractregel:
    """Return the regel of that product that holds on a day, else the one given."""
    return next(
        (r for r in regels if r.van <= day and (r.tot is None or day <= r.tot)), regel
    )


def runs_until(regels: Sequence[Contractregel], regel: Contractregel) -> date | None:
    """Return until when the product is under contract: a new tariff is no end."""
    last = regel.tot
    for following in regels:
        if last is not None and following.van == last + ONE_DAY:
            last = following.tot
    return last


def regel_on_day(
    session: Session, regel: Contractregel, day: date
) -> tuple[Contractregel, date | None]:
    """Return the regel of this agreement on a day, and until when that agreement is."""
    regels = regel_rows(
        session, regel.gemeente_code, regel.contract_id, regel.product_code
    )
    held = regel_on(regels, regel, day)
    return held, runs_until(regels, held)
