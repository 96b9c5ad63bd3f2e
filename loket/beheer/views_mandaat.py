"""Doors to the mandaten: who may decide what, and trying a case against them."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts import operations_mandaat as operations
from loket.accounts import queries_mandaat as queries
from loket.accounts.guards import requires
from loket.accounts.history import list_wijzigingen
from loket.accounts.queries import list_staff, staff_names
from loket.accounts.user import Deed, Mandaat
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.schemas import EindeStandSchema, MandaatSchema, ProefSchema
from loket.cases.producten.queries import list_products
from loket.geldigheid import tijdlijn
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("mandaten", __name__, url_prefix="/beheer/mandaat")
DEEDS = [(deed.value, deed.value.capitalize()) for deed in Deed]
ROLES = [
    (rol.value, rol.value.replace("_", " ").capitalize()) for rol in operations.DECIDERS
]


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_mandaten() -> ResponseReturnValue:
    """Show every mandaat, now, later and before; try a case when one is asked."""
    rows = queries.list_mandaten(g.session, g.actor)
    names = staff_names(g.session, [row.user_id for row in rows if row.user_id])
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="mandaat")
    return Form().page(
        "beheer/mandaten.html",
        lijn=tijdlijn(rows, dag_van(now())),
        namen=names,
        wijzigingen=list_wijzigingen(g.session, g.actor, Mandaat.__tablename__),
    )


@bp.route("/proef", methods=["GET", "POST"])
@requires(Permission.BEHEER_READ)
def try_case() -> ResponseReturnValue:
    """Tell who may decide a case of this kind, of this size, on this day."""
    form = Form(ProefSchema(), {"dag": dag_van(now()).strftime("%d-%m-%Y")})
    answers = form.load() if request.method == "POST" else None
    found = None
    if answers is not None:
        found = queries.who_may_decide(
            g.session,
            g.actor,
            deed=answers["deed"],
            categorie=answers["productcategorie"],
            bedrag_cent=answers["bedrag_cent"],
            day=answers["dag"],
        )
    return form.page(
        "beheer/mandaat_proef.html",
        beslissers=found,
        besluiten=DEEDS,
        categorieen=_categories(),
    )


def _categories() -> list[tuple[str, str]]:
    """Return the categories of the products of today, each with what is in it."""
    held: dict[str, list[str]] = {}
    for each in list_products(g.session, g.actor.gemeente_code, dag_van(now())):
        held.setdefault(each.categorie, []).append(each.naam)
    return [
        (code, f"{code}: {', '.join(names[:2])}{' en meer' if names[2:] else ''}")
        for code, names in sorted(held.items())
    ]


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def give() -> ResponseReturnValue:
    """Give a role or a person mandaat from a day on."""
    today = dag_van(now())
    form = Form(MandaatSchema(), {"van": today.strftime("%d-%m-%Y")})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            answers.pop("stand")
            operations.give_mandaat(g.session, g.actor, now(), **answers)
            return url_for(".list_mandaten")

        answer = form.submit(deed)
        if answer:
            return answer
    people = {
        user.id: user.naam
        for rol in operations.DECIDERS
        for user in list_staff(g.session, g.actor, rol, today)
    }
    return form.page(
        "beheer/mandaat_nieuw.html",
        besluiten=DEEDS,
        rollen=ROLES,
        mensen=sorted(people.items(), key=lambda each: each[1]),
        categorieen=_categories(),
    )


@bp.route("/<uuid:mandaat_id>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end(mandaat_id: UUID) -> ResponseReturnValue:
    """Ask for the last day of a mandaat, and note it."""
    mandaat = queries.get_mandaat(g.session, g.actor, mandaat_id)
    start = {"laatste_dag": dag_van(now()).strftime("%d-%m-%Y")}
    form = Form(EindeStandSchema(), start)
    if request.method == "POST":

        def deed(laatste_dag: date, stand: str) -> str:
            operations.end_mandaat(
                g.session,
                g.actor,
                now(),
                mandaat=mandaat,
                laatste_dag=laatste_dag,
                stand=stand,
            )
            return url_for(".list_mandaten")

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page(
        "beheer/mandaat_einde.html",
        mandaat=mandaat,
        stand=operations.stand_of(mandaat),
        woorden=operations.in_words(mandaat),
        wie=operations.who_of(g.session, mandaat),
    )
