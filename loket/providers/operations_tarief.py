"""Deeds of the beheerder about contracts that are there: tariffs from a day on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.perioden import Perioden, Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.datum import kort
from loket.errors import RuleViolation
from loket.providers.contract import Contract, Contractregel
from loket.providers.queries_contract import regel_rows
from loket.providers.woorden import contract_in_words, regel_in_words


def _regels(
    session: Session, by: Actor, at: datetime, contract: Contract, product_code: str
) -> Perioden[Contractregel]:
    return Perioden.hold(
        session,
        by,
        at,
        Contractregel,
        Contractregel.contract_id == contract.id,
        Contractregel.product_code == product_code,
        sleutel=regel_sleutel(contract, product_code),
        words=regel_in_words,
    ).known()


def regel_sleutel(contract: Contract, product_code: str) -> str:
    """Name the regels of one product in one contract, for the history."""
    return f"{contract.id}.{product_code}"


def within_contract(contract: Contract, vanaf: Vanaf) -> None:
    """Refuse a day on which the contract does not hold.

    Raises:
        RuleViolation: the day is before the contract begins or after it ends.
    """
    if vanaf.van < contract.van:
        raise RuleViolation(f"Het contract begint op {kort(contract.van)}.", "van")
    if contract.tot and vanaf.van > contract.tot:
        raise RuleViolation(f"Het contract eindigt op {kort(contract.tot)}.", "van")


def change_contractregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    contract: Contract,
    product_code: str,
    tarief_cent: int,
    pc4_gebied: Sequence[str],
    max_clienten: int | None,
    vanaf: Vanaf,
) -> Contractregel:
    """Agree on another tariff, area or ceiling from a day on; running help stays.

    Raises:
        NotFound: the product is not in this contract.
        RuleViolation: another regel begins that day, or the day was not meant.
    """
    rows = _regels(session, by, at, contract, product_code)
    rows.check(vanaf)
    within_contract(contract, vanaf)
    regel = rows.begin(
        Contractregel(
            gemeente_code=contract.gemeente_code,
            contract_id=contract.id,
            aanbieder_id=contract.aanbieder_id,
            product_code=product_code,
            tarief_cent=tarief_cent,
            pc4_gebied=sorted(set(pc4_gebied)) or None,
            max_clienten=max_clienten,
            tot=None,
        ),
        vanaf,
    )
    record(session, by, Action.CONTRACTREGEL_CHANGED, regel, at=at, grond=product_code)
    return regel


def end_contractregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    contract: Contract,
    product_code: str,
    vanaf: Vanaf,
) -> Contractregel:
    """Let the aanbieder take no new cliënten for a product after a day."""
    rows = _regels(session, by, at, contract, product_code)
    rows.check(vanaf)
    regel = rows.end(vanaf)
    record(session, by, Action.CONTRACTREGEL_ENDED, regel, at=at, grond=product_code)
    return regel


def withdraw_contractregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    contract: Contract,
    product_code: str,
    row_id: UUID,
) -> None:
    """Take back a tariff that does not hold yet; the one before it holds on."""
    gone = _regels(session, by, at, contract, product_code).withdraw(row_id)
    record(session, by, Action.CONTRACTREGEL_WITHDRAWN, gone, at=at, grond=product_code)


def end_contract(
    session: Session, by: Actor, at: datetime, *, contract: Contract, vanaf: Vanaf
) -> Contract:
    """End a contract with everything in it after a day.

    Raises:
        RuleViolation: something in it begins after that day: take it back first.
    """
    rows = Perioden.hold(
        session,
        by,
        at,
        Contract,
        Contract.id == contract.id,
        sleutel=str(contract.id),
        words=contract_in_words,
    ).known()
    rows.check(vanaf)
    for regel in regel_rows(session, contract.gemeente_code, contract.id):
        if regel.van > vanaf.van:
            raise RuleViolation(
                f"Product {regel.product_code} begint op {kort(regel.van)}. Trek dat"
                " eerst in, of kies een latere dag.",
                "van",
            )
        if regel.tot is None or regel.tot > vanaf.van:
            regel.tot = vanaf.van
    ended = rows.end(vanaf)
    record(session, by, Action.CONTRACT_ENDED, ended, at=at, grond=ended.nummer)
    return ended
