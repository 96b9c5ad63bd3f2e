"""Deeds about what the gemeente can grant, and why it may refuse."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.producten.product import Domein, Eenheid, Product, Weigeringsgrond
from loket.errors import RuleViolation


def create_product(
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
    van: date,
    tot: date | None = None,
) -> Product:
    """Let the gemeente grant this product in a period."""
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    taken = select(Product.id).where(
        Product.gemeente_code == by.gemeente_code,
        Product.code == code,
        Product.tot.is_(None) | (Product.tot >= van),
    )
    if session.scalar(taken.limit(1)):
        raise RuleViolation("Dit product is er al in deze periode.", "code")
    product = Product(
        gemeente_code=by.gemeente_code,
        code=code,
        categorie=categorie,
        naam=naam,
        domein=domein,
        eenheid=eenheid,
        is_dienst=is_dienst,
        eigen_bijdrage=eigen_bijdrage,
        van=van,
        tot=tot,
    )
    session.add(product)
    session.flush()  # the trail names the new row
    record(session, by, Action.PRODUCT_CREATED, product, at=at, grond=code)
    return product


def add_weigeringsgrond(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    code: str,
    artikel: str,
    tekst: str,
    van: date,
    alleen_pgb: bool = False,
    tot: date | None = None,
) -> Weigeringsgrond:
    """Let the gemeente refuse on this ground in a period."""
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    taken = select(Weigeringsgrond.id).where(
        Weigeringsgrond.gemeente_code == by.gemeente_code,
        Weigeringsgrond.code == code,
        Weigeringsgrond.tot.is_(None) | (Weigeringsgrond.tot >= van),
    )
    if session.scalar(taken.limit(1)):
        raise RuleViolation("Deze weigeringsgrond is er al in deze periode.", "code")
    grond = Weigeringsgrond(
        gemeente_code=by.gemeente_code,
        code=code,
        artikel=artikel,
        tekst=tekst,
        alleen_pgb=alleen_pgb,
        van=van,
        tot=tot,
    )
    session.add(grond)
    session.flush()  # the trail names the new row
    record(session, by, Action.WEIGERINGSGROND_ADDED, grond, at=at, grond=code)
    return grond
