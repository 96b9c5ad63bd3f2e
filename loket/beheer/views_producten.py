"""Doors to the products of the gemeente, with what held before and will hold."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.perioden import Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import chosen, end_page, history, known, line_of, newest, press
from loket.beheer.schemas_aanbod import ProductSchema, ProductVanafSchema
from loket.cases.producten import operations
from loket.cases.producten import operations_lijst as operations_lijst
from loket.cases.producten.product import Product
from loket.cases.producten.queries import product_rows
from loket.cases.producten.woorden import DOMEIN, EENHEID
from loket.web import Form, now

bp = Blueprint("producten", __name__, url_prefix="/beheer/producten")


@cache
def categorieen() -> list[tuple[str, str]]:
    """Return the categories of iWmo (WMO020) as choices."""
    lijst = files("loket").joinpath("data", "iwmo", "productcategorieen.csv")
    with lijst.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [(row["code"], f"{row['code']} {row['tekst']}") for row in rows]


def _choices() -> dict[str, Any]:
    return {
        "categorieen": categorieen(),
        "domeinen": [(d.value, label) for d, label in DOMEIN.items()],
        "eenheden": [(e.value, f"{e.value} {label}") for e, label in EENHEID.items()],
        "domein": DOMEIN,
        "eenheid": EENHEID,
    }


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_products() -> ResponseReturnValue:
    """Show the products that hold now; or will, or did."""
    lijn = line_of(product_rows(g.session, g.actor))
    rows, chips = chosen(lijn, ".list_products")
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="producten")
    return render_template(
        "beheer/producten.html",
        producten=sorted(rows, key=lambda row: row.code),
        chips=chips,
        domein=DOMEIN,
        eenheid=EENHEID,
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def add_product() -> ResponseReturnValue:
    """Let the gemeente grant something new."""
    form = Form(ProductSchema())

    def deed(**answers: Any) -> str:
        made = operations.create_product(g.session, g.actor, now(), **answers)
        return url_for(".change_product", code=made.code)

    return form.answer(deed) or form.page("beheer/product_nieuw.html", **_choices())


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change_product(code: str) -> ResponseReturnValue:
    """Show one product through time, and let it be something else from a day on."""
    rows = known(product_rows(g.session, g.actor, code))
    form = Form(ProductVanafSchema(), _start(newest(line_of(rows))))

    def deed(**answers: Any) -> str:
        vanaf = Vanaf.take(answers)
        operations_lijst.change_product(
            g.session, g.actor, now(), code=code, vanaf=vanaf, **answers
        )
        return url_for(".change_product", code=code)

    if done := form.answer(deed):
        return done
    rows = known(product_rows(g.session, g.actor, code))  # as they stand after a no
    return form.page(
        "beheer/product.html",
        code=code,
        naam=newest(line_of(rows)).naam,
        **history(rows, code),
        **_choices(),
    )


def _start(product: Product) -> dict[str, Any]:
    return {
        "naam": product.naam,
        "categorie": product.categorie,
        "domein": product.domein.value,
        "eenheid": product.eenheid.value,
        "is_dienst": "ja" if product.is_dienst else "",
        "eigen_bijdrage": "ja" if product.eigen_bijdrage else "",
    }


@bp.route("/<code>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end_product(code: str) -> ResponseReturnValue:
    """Grant a product no more after a day."""
    rows = known(product_rows(g.session, g.actor, code))
    here = url_for(".change_product", code=code)

    def deed(vanaf: Vanaf) -> str:
        operations_lijst.end_product(g.session, g.actor, now(), code=code, vanaf=vanaf)
        return here

    return end_page(
        "Product beëindigen",
        [("Producten", url_for(".list_products")), (rows[-1].naam, here)],
        [
            "Na deze dag kan niemand dit product nog toekennen.",
            "Wat al is toegekend, loopt door.",
            "De contracten veranderen niet.",
        ],
        rows,
        deed,
    )


@bp.post("/<code>/<uuid:row_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw_product(code: str, row_id: UUID) -> ResponseReturnValue:
    """Take back what does not hold yet."""

    def deed() -> str:
        operations_lijst.withdraw_product(
            g.session, g.actor, now(), code=code, row_id=row_id
        )
        left = product_rows(g.session, g.actor, code)
        return (
            url_for(".change_product", code=code) if left else url_for(".list_products")
        )

    return press(deed)
