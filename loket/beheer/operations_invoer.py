"""Taking in a table of tariffs or products: all of it, or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.history import note, one_at_a_time
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.beheer.invoer import Fout, Gelezen, Gevolg, Plan, Staat, Wens
from loket.beheer.queries_invoer import Grond, aanbieder_of, products_now, regels_now
from loket.cases.producten.product import Product
from loket.cases.producten.woorden import product_in_words
from loket.datum import kort
from loket.errors import RuleViolation
from loket.geldigheid import check_same, check_van, holds_on
from loket.providers.contract import Contractregel
from loket.providers.woorden import regel_in_words
from loket.termijnen import dag_van

Rows = Sequence[Gelezen]
New = Sequence[tuple[Any, Staat]]
TARIEVEN = "tarieven"
REGEL_VELDEN = {
    "tarief": "tarief_cent",
    "postcodes": "pc4_gebied",
    "maximum": "max_clienten",
}
PRODUCT_VELDEN = {
    "naam": "naam",
    "categorie": "categorie",
    "domein": "domein",
    "eenheid": "eenheid",
    "dienst": "is_dienst",
    "eigen_bijdrage": "eigen_bijdrage",
}
"""Column of the table → field of the row it becomes."""


def plan_tarieven(session: Session, by: Actor, today: date, rows: Rows) -> Plan:
    """Work out what these rows would do to the tariffs of the gemeente."""
    grond = regels_now(session, by)
    plan = Plan(grond.staten, lambda w: _say(regel_in_words(Contractregel(**w))), today)
    wensen: list[Wens] = []
    for row in rows:
        fouten = [
            *row.fouten,
            *row.refuse_period(),
            *_refuse_names(grond, row),
            *_refuse_days(grond, row),
        ]
        plan.fouten += fouten
        if row.knows("contract", "product"):
            wensen.append(_wish_regel(grond, row, heel=not fouten))
    plan.take(wensen)
    return plan


def _refuse_names(grond: Grond, row: Gelezen) -> Iterator[Fout]:
    contract, product = row.waarden.get("contract"), row.waarden.get("product")
    if contract is not None and contract not in grond.contracten:
        tekst = "Dit contract is er niet. Leg het eerst vast."
        yield Fout(row.nummer, "contract", tekst)
    if product is not None and product not in grond.producten:
        tekst = "Dit product is er niet. Kijk de code na."
        yield Fout(row.nummer, "product", tekst)


def _refuse_days(grond: Grond, row: Gelezen) -> Iterator[Fout]:
    van = row.waarden.get("vanaf")
    if van is None:
        return
    products = grond.producten.get(row.waarden.get("product", ""), [])
    if products and not any(holds_on(product, van) for product in products):
        tekst = "Dit product geldt niet op deze dag."
        yield Fout(row.nummer, "product", tekst)
    contract = grond.contracten.get(row.waarden.get("contract", ""))
    if contract is not None and not holds_on(contract, van):
        yield Fout(row.nummer, "vanaf", "Het contract geldt niet op deze dag.")


def _wish_regel(grond: Grond, row: Gelezen, *, heel: bool) -> Wens:
    number, product = row.waarden["contract"], row.waarden["product"]
    contract = grond.contracten.get(number)
    waarden = row.pick(REGEL_VELDEN)
    if "pc4_gebied" in waarden:
        waarden["pc4_gebied"] = waarden["pc4_gebied"] or None
    return Wens(
        row.nummer,
        (contract.id if contract else number, product),
        f"{number}, {product}",
        waarden,
        row.waarden["vanaf"],
        row.waarden["tot_en_met"],
        heel,
    )


def plan_producten(session: Session, by: Actor, today: date, rows: Rows) -> Plan:
    """Work out what these rows would do to the products of the gemeente."""
    staten = products_now(session, by).staten
    plan = Plan(staten, lambda w: _say(product_in_words(Product(**w))), today)
    wensen: list[Wens] = []
    for row in rows:
        fouten = [*row.fouten, *row.refuse_period()]
        plan.fouten += fouten
        if row.knows("code"):
            wensen.append(_wish_product(row, heel=not fouten))
    plan.take(wensen)
    return plan


def _wish_product(row: Gelezen, *, heel: bool) -> Wens:
    code, waarden = row.waarden["code"], row.pick(PRODUCT_VELDEN)
    for name in ("is_dienst", "eigen_bijdrage"):
        if name in waarden:
            waarden[name] = waarden[name] == "ja"
    return Wens(
        row.nummer,
        code,
        f"{code} {waarden.get('naam', '')}",
        waarden,
        row.waarden["vanaf"],
        row.waarden["tot_en_met"],
        heel,
    )


def _say(words: dict[str, str]) -> str:
    return ", ".join(f"{label.lower()} {text}" for label, text in words.items())


PLANNERS: dict[str, Callable[[Session, Actor, date, Rows], Plan]] = {
    TARIEVEN: plan_tarieven,
    "producten": plan_producten,
}


def import_rows(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    soort: str,
    rows: Rows,
    merk: str,
    stand: str,
    terugwerkend: bool = False,
    reden: str = "",
) -> Plan:
    """Carry out what was shown, as one deed.

    Args:
        merk: the hash of the table, kept in the trail.
        stand: what stood there when it was shown (`Plan.stand`).

    Raises:
        RuleViolation: somebody changed it since, a row is wrong, nothing changes, or
            a day has passed and that was not meant.
    """
    one_at_a_time(session, by, soort)
    plan = PLANNERS[soort](session, by, dag_van(at), rows)
    check_same(stand, plan.stand)
    if plan.fouten:
        raise RuleViolation("Er staan fouten in het bestand. Er is niets ingelezen.")
    if not plan.changes:
        raise RuleViolation("Er verandert niets: dit staat er allemaal al zo.")
    if plan.voorbij:
        _check_past(min(plan.voorbij), dag_van(at), terugwerkend, reden)
    made = _apply(session, by, soort, plan)
    _note(session, by, at, soort, plan, reden)
    grond = f"{soort} {merk[:16]}"
    ids = [row.id for row in made]
    record(session, by, Action.INVOER_IMPORTED, at=at, grond=grond, subjects=ids)
    return plan


def _check_past(first: date, today: date, terugwerkend: bool, reden: str) -> None:
    try:
        check_van(first, today, terugwerkend=terugwerkend, reden=reden)
    except RuleViolation as error:
        # this form has no day: it stands in the file
        field = "terugwerkend" if error.field == "van" else error.field
        raise RuleViolation(error.message, field) from None


def _apply(session: Session, by: Actor, soort: str, plan: Plan) -> list[Any]:
    staten = [(key, each) for key, own in plan.staten.items() for each in own]
    changed = [each.bron for _, each in staten if each.bron and _ends(each)]
    new = [(key, each) for key, each in staten if each.bron is None]
    made = (
        _new_regels(by, new, aanbieder_of(session, by))
        if soort == TARIEVEN
        else _new_products(by, new)
    )
    session.flush()  # older periods end before the newer ones begin
    session.add_all(made)
    session.flush()  # what was made at the same moment elsewhere shows here
    return [*changed, *made]


def _ends(staat: Staat) -> bool:
    """Give the row in the database the last day it gets."""
    if staat.bron.tot == staat.tot:
        return False
    staat.bron.tot = staat.tot
    return True


def _new_regels(by: Actor, new: New, aanbieders: Mapping[UUID, UUID]) -> list[Any]:
    return [
        Contractregel(
            gemeente_code=by.gemeente_code,
            contract_id=contract_id,
            aanbieder_id=aanbieders[contract_id],
            product_code=code,
            van=staat.van,
            tot=staat.tot,
            **staat.waarden,
        )
        for (contract_id, code), staat in new
    ]


def _new_products(by: Actor, new: New) -> list[Any]:
    return [
        Product(
            gemeente_code=by.gemeente_code,
            code=code,
            van=staat.van,
            tot=staat.tot,
            **staat.waarden,
        )
        for code, staat in new
    ]


def _note(
    session: Session, by: Actor, at: datetime, soort: str, plan: Plan, reden: str
) -> None:
    table = Contractregel if soort == TARIEVEN else Product
    for each in plan.uitkomsten:
        if each.gevolg is Gevolg.GELIJK:
            continue
        sleutel = each.sleutel
        note(
            session,
            by,
            at=at,
            soort=table.__tablename__,
            sleutel=sleutel
            if isinstance(sleutel, str)
            else ".".join(str(part) for part in sleutel),
            velden={f"Ingelezen, vanaf {kort(each.van)}": (each.was, each.wordt)},
            reden=reden,
        )
