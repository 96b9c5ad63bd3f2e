"""Doors to contracts and their tariffs, with what held before and will hold."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.perioden import Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import chosen, end_page, history, known, line_of, newest, press
from loket.beheer.schemas_aanbod import (
    AanbiederSchema,
    ContractSchema,
    RegelSchema,
    RegelVanafSchema,
)
from loket.cases.producten.product import Product
from loket.cases.producten.queries import product_rows
from loket.cases.producten.woorden import PER_EENHEID
from loket.errors import RuleViolation
from loket.providers import operations_contract, operations_tarief
from loket.providers.contract import Contract, Contractregel
from loket.providers.queries_contract import (
    get_contract,
    list_aanbieders,
    list_contracten,
    regel_rows,
)
from loket.providers.woorden import CONTRACTVORM, regel_in_words
from loket.web import Form, now

bp = Blueprint("contracten", __name__, url_prefix="/beheer/contracten")
VORMEN = [(vorm.value, label) for vorm, label in CONTRACTVORM.items()]


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_contracts() -> ResponseReturnValue:
    """Show the contracts that hold now; or will, or did."""
    rows, chips = chosen(
        line_of(list_contracten(g.session, g.actor)), ".list_contracts"
    )
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="contracten")
    return render_template(
        "beheer/contracten.html", contracten=rows, chips=chips, vormen=CONTRACTVORM
    )


@bp.route("/aanbieders/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def add_aanbieder() -> ResponseReturnValue:
    """Make an aanbieder known, so that a contract can be noted."""
    form = Form(AanbiederSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            made = operations_contract.create_aanbieder(
                g.session, g.actor, now(), **answers
            )
            return url_for(".add_contract", aanbieder=made.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "beheer/aanbieder_nieuw.html", aanbieders=list_aanbieders(g.session)
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def add_contract() -> ResponseReturnValue:
    """Note a contract with an aanbieder."""
    aanbieders = {each.id: each for each in list_aanbieders(g.session)}
    form = Form(
        ContractSchema(),
        {"aanbieder_id": request.args.get("aanbieder", ""), "berichten": "ja"},
    )
    if request.method == "POST":

        def deed(aanbieder_id: UUID, **answers: Any) -> str:
            aanbieder = aanbieders.get(aanbieder_id)
            if aanbieder is None:
                raise RuleViolation("Kies de aanbieder.", "aanbieder_id")
            made = operations_contract.create_contract(
                g.session, g.actor, now(), aanbieder=aanbieder, **answers
            )
            return url_for(".show_contract", contract_id=made.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "beheer/contract_nieuw.html",
        aanbieders=[(a.id, f"{a.naam} ({a.agb})") for a in aanbieders.values()],
        vormen=VORMEN,
    )


@bp.get("/<uuid:contract_id>")
@requires(Permission.BEHEER_READ)
def show_contract(contract_id: UUID) -> ResponseReturnValue:
    """Show one contract with its products and tariffs."""
    contract = get_contract(g.session, g.actor, contract_id)
    rows = regel_rows(g.session, contract.gemeente_code, contract.id)
    record(g.session, g.actor, Action.BEHEER_READ, contract, at=now())
    return render_template(
        "beheer/contract.html",
        contract=contract,
        vorm=CONTRACTVORM[contract.vorm],
        regels=line_of(rows),
        woorden=regel_in_words,
        namen=_names(),
        per=_units(),
        **history([contract], str(contract.id)),
    )


def _names() -> dict[str, str]:
    return {row.code: row.naam for row in product_rows(g.session, g.actor)}


def _units(code: str | None = None) -> dict[str, str]:
    """Say for what a tariff is paid, by product."""
    rows = product_rows(g.session, g.actor, code)
    return {row.code: PER_EENHEID[row.eenheid] for row in rows}


@bp.route("/<uuid:contract_id>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end_contract(contract_id: UUID) -> ResponseReturnValue:
    """End a contract with everything in it."""
    contract = get_contract(g.session, g.actor, contract_id)
    here = url_for(".show_contract", contract_id=contract.id)

    def deed(vanaf: Vanaf) -> str:
        operations_tarief.end_contract(
            g.session, g.actor, now(), contract=contract, vanaf=vanaf
        )
        return here

    return end_page(
        "Contract beëindigen",
        [*_trail(contract)],
        [
            "Na deze dag krijgt de aanbieder geen nieuwe cliënten onder dit contract.",
            "Alle producten in het contract eindigen ook op deze dag.",
            "Toewijzingen die al lopen, beëindigt u in het dossier.",
        ],
        [contract],
        deed,
    )


def _trail(contract: Contract) -> list[tuple[str, str]]:
    return [
        ("Contracten", url_for(".list_contracts")),
        (
            f"{contract.aanbieder.naam}, {contract.nummer}",
            url_for(".show_contract", contract_id=contract.id),
        ),
    ]


@bp.route("/<uuid:contract_id>/regels/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def add_regel(contract_id: UUID) -> ResponseReturnValue:
    """Add a product to a contract."""
    contract = get_contract(g.session, g.actor, contract_id)
    form = Form(RegelSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations_tarief.within_contract(contract, Vanaf(answers["van"]))
            made = operations_contract.add_contractregel(
                g.session, g.actor, now(), contract=contract, **answers
            )
            return url_for(
                ".change_regel", contract_id=contract.id, code=made.product_code
            )

        answer = form.submit(deed)
        if answer:
            return answer
    lijn = line_of(product_rows(g.session, g.actor))
    products: list[Product] = [*lijn.nu, *lijn.later]
    return form.page(
        "beheer/regel_nieuw.html",
        contract=contract,
        kruimels=_trail(contract),
        producten=sorted({(p.code, f"{p.code} {p.naam}") for p in products}),
    )


@bp.route("/<uuid:contract_id>/regels/<code>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change_regel(contract_id: UUID, code: str) -> ResponseReturnValue:
    """Show what was agreed about one product, and agree on something else."""
    contract = get_contract(g.session, g.actor, contract_id)
    rows = known(_regels(contract, code))
    form = Form(RegelVanafSchema(), _start(newest(line_of(rows))))
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations_tarief.change_contractregel(
                g.session,
                g.actor,
                now(),
                contract=contract,
                product_code=code,
                vanaf=Vanaf.take(answers),
                **answers,
            )
            return url_for(".change_regel", contract_id=contract.id, code=code)

        answer = form.submit(deed)
        if answer:
            return answer
        rows = _regels(contract, code)
    return form.page(
        "beheer/regel.html",
        contract=contract,
        code=code,
        naam=_names().get(code, ""),
        per=_units(code).get(code, "per eenheid"),
        woorden=regel_in_words,
        kruimels=_trail(contract),
        **history(rows, operations_tarief.regel_sleutel(contract, code)),
    )


def _regels(contract: Contract, code: str) -> Any:
    return regel_rows(g.session, contract.gemeente_code, contract.id, code)


def _start(regel: Contractregel) -> dict[str, Any]:
    euro, cent = divmod(regel.tarief_cent, 100)
    return {
        "tarief_cent": f"{euro},{cent:02d}",
        "pc4_gebied": ", ".join(regel.pc4_gebied or []),
        "max_clienten": str(regel.max_clienten or ""),
    }


@bp.route("/<uuid:contract_id>/regels/<code>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end_regel(contract_id: UUID, code: str) -> ResponseReturnValue:
    """Take a product out of a contract after a day."""
    contract = get_contract(g.session, g.actor, contract_id)
    rows = known(_regels(contract, code))
    here = url_for(".change_regel", contract_id=contract.id, code=code)

    def deed(vanaf: Vanaf) -> str:
        operations_tarief.end_contractregel(
            g.session,
            g.actor,
            now(),
            contract=contract,
            product_code=code,
            vanaf=vanaf,
        )
        return here

    return end_page(
        "Product in contract beëindigen",
        [*_trail(contract), (code, here)],
        [
            "Na deze dag krijgt de aanbieder hiervoor geen nieuwe cliënten.",
            "Toewijzingen die al lopen, beëindigt u in het dossier.",
        ],
        rows,
        deed,
    )


@bp.post("/<uuid:contract_id>/regels/<code>/<uuid:row_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw_regel(contract_id: UUID, code: str, row_id: UUID) -> ResponseReturnValue:
    """Take back a tariff that does not hold yet."""
    contract = get_contract(g.session, g.actor, contract_id)

    def deed() -> str:
        operations_tarief.withdraw_contractregel(
            g.session,
            g.actor,
            now(),
            contract=contract,
            product_code=code,
            row_id=row_id,
        )
        if _regels(contract, code):
            return url_for(".change_regel", contract_id=contract.id, code=code)
        return url_for(".show_contract", contract_id=contract.id)

    return press(deed)
