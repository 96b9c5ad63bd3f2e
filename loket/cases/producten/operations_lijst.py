"""Deeds of the beheerder about products and grounds that are there: from a day on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.perioden import Perioden, Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.producten.product import Domein, Eenheid, Product, Weigeringsgrond
from loket.cases.producten.woorden import grond_in_words, product_in_words


def _products(
    session: Session, by: Actor, at: datetime, code: str
) -> Perioden[Product]:
    return Perioden.hold(
        session,
        by,
        at,
        Product,
        Product.code == code,
        sleutel=code,
        words=product_in_words,
    ).known()


def _gronden(
    session: Session, by: Actor, at: datetime, code: str
) -> Perioden[Weigeringsgrond]:
    return Perioden.hold(
        session,
        by,
        at,
        Weigeringsgrond,
        Weigeringsgrond.code == code,
        sleutel=code,
        words=grond_in_words,
    ).known()


def change_product(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    code: str,
    categorie: str,
    naam: str,
    domein: Domein,
    eenheid: Eenheid,
    is_dienst: bool,
    eigen_bijdrage: bool,
    vanaf: Vanaf,
) -> Product:
    """Let a product be something else from a day on; what was granted stays.

    Raises:
        NotFound: the gemeente has no such product.
        RuleViolation: another row begins that day, or the day was not meant.
    """
    rows = _products(session, by, at, code)
    rows.check(vanaf)
    product = rows.begin(
        Product(
            gemeente_code=by.gemeente_code,
            code=code,
            categorie=categorie,
            naam=naam,
            domein=domein,
            eenheid=eenheid,
            is_dienst=is_dienst,
            eigen_bijdrage=eigen_bijdrage,
            tot=None,
        ),
        vanaf,
    )
    record(session, by, Action.PRODUCT_CHANGED, product, at=at, grond=code)
    return product


def end_product(
    session: Session, by: Actor, at: datetime, *, code: str, vanaf: Vanaf
) -> Product:
    """Grant a product no more after a day; what was granted runs on."""
    rows = _products(session, by, at, code)
    rows.check(vanaf)
    product = rows.end(vanaf)
    record(session, by, Action.PRODUCT_ENDED, product, at=at, grond=code)
    return product


def withdraw_product(
    session: Session, by: Actor, at: datetime, *, code: str, row_id: UUID
) -> None:
    """Take back a change of a product that does not hold yet."""
    gone = _products(session, by, at, code).withdraw(row_id)
    record(session, by, Action.PRODUCT_WITHDRAWN, gone, at=at, grond=code)


def change_weigeringsgrond(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    code: str,
    artikel: str,
    tekst: str,
    alleen_pgb: bool,
    vanaf: Vanaf,
) -> Weigeringsgrond:
    """Let a ground read otherwise from a day on; letters that were made stay."""
    rows = _gronden(session, by, at, code)
    rows.check(vanaf)
    grond = rows.begin(
        Weigeringsgrond(
            gemeente_code=by.gemeente_code,
            code=code,
            artikel=artikel,
            tekst=tekst,
            alleen_pgb=alleen_pgb,
            tot=None,
        ),
        vanaf,
    )
    record(session, by, Action.WEIGERINGSGROND_CHANGED, grond, at=at, grond=code)
    return grond


def end_weigeringsgrond(
    session: Session, by: Actor, at: datetime, *, code: str, vanaf: Vanaf
) -> Weigeringsgrond:
    """Refuse on this ground no more after a day."""
    rows = _gronden(session, by, at, code)
    rows.check(vanaf)
    grond = rows.end(vanaf)
    record(session, by, Action.WEIGERINGSGROND_ENDED, grond, at=at, grond=code)
    return grond


def withdraw_weigeringsgrond(
    session: Session, by: Actor, at: datetime, *, code: str, row_id: UUID
) -> None:
    """Take back a change of a ground that does not hold yet."""
    gone = _gronden(session, by, at, code).withdraw(row_id)
    record(session, by, Action.WEIGERINGSGROND_WITHDRAWN, gone, at=at, grond=code)
