"""Doors to requests to see: receive, look, decide, hand over."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier import queries as dossiers
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.overzicht import Treffer, make_treffers
from loket.cases.dossier.page import chosen_inwoner
from loket.cases.dossier.schemas import ZoekSchema
from loket.cases.dossier.woorden import KANAAL
from loket.datum import kort
from loket.errors import LoketError, NotFound, RuleViolation
from loket.rechten import operations, queries, woorden
from loket.rechten.afschrift import STAPPEN, VORMEN
from loket.rechten.inzageverzoek import Aanvrager, Inzageverzoek
from loket.rechten.schemas import (
    IdentificatieSchema,
    InzageverzoekSchema,
    UitreikingSchema,
)
from loket.web import Form, now

bp = Blueprint("inzageverzoek", __name__)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_OFFERED = 60
CHANNELS = (
    Kanaal.BALIE,
    Kanaal.TELEFOON,
    Kanaal.POST,
    Kanaal.EMAIL,
    Kanaal.PORTAAL,
    Kanaal.HUISBEZOEK,
)


@bp.get("/inzageverzoeken")
@requires(Permission.RECHTEN_READ)
def list_verzoeken() -> ResponseReturnValue:
    """Show what residents asked and what is not answered yet; or what is."""
    today = termijnen.dag_van(now())
    handled = request.args.get("stand") == "afgehandeld"
    found = queries.list_inzageverzoeken(g.session, g.actor, now(), handled=handled)
    corrections = queries.list_correctieverzoeken(g.session, g.actor, handled=handled)
    return Form().page(
        "rechten/lijst.html",
        inzage=[(each, naam, (each.uiterlijk - today).days) for each, naam in found],
        correcties=[
            (each, referentie, (each.uiterlijk - today).days)
            for each, referentie in corrections
        ],
        handled=handled,
        chips=[
            {
                "label": label,
                "url": url_for(".list_verzoeken", stand=stand),
                "active": on,
            }
            for label, stand, on in (
                ("Te doen", None, not handled),
                ("Afgehandeld", "afgehandeld", handled),
            )
        ],
        woorden=woorden,
    )


@bp.route("/inzageverzoeken/nieuw", methods=["GET", "POST"])
@requires(Permission.RECHTEN_REGISTER)
def register_verzoek() -> ResponseReturnValue:
    """Find who it is about, and note who asks and how it came in."""
    today = kort(termijnen.dag_van(now()))
    form = Form(InzageverzoekSchema(), {"ontvangen_op": today})
    zoek = Form(ZoekSchema(), part="zoek", sent="aanvrager" not in request.form)
    keuzes, gezocht = _people(zoek), zoek.typed is not None
    if request.method == "POST" and "aanvrager_gevraagd" in request.form:
        if answer := form.submit(_register):
            return answer
        keuzes = _offered_before()
    shown = form if form.has_errors else zoek
    return shown.page(
        "rechten/nieuw.html",
        verzoek=form,
        zoek=zoek,
        keuzes=keuzes,
        gezocht=gezocht,
        woorden=woorden,
        kanalen=[(each, KANAAL[each]) for each in CHANNELS],
    )


def _register(inwoner: UUID, **answers: Any) -> str:
    person = chosen_inwoner(str(inwoner))
    if person is None:
        raise RuleViolation("Kies over wie het verzoek gaat.", "inwoner")
    made = operations.register_inzageverzoek(
        g.session, g.actor, now(), inwoner=person, **answers
    )
    flash("Het verzoek is vastgelegd.", "success")
    return url_for(".show_verzoek", referentie=made.referentie)


Keuzes = list[tuple[Any, ...]]


def _people(zoek: Form) -> Keuzes:
    """Return whom the request can be about: of a dossier, or found by a search."""
    if request.method == "GET":
        return _of_dossier(request.args.get("dossier", ""))
    if "aanvrager_gevraagd" in request.form:
        return []
    answers = zoek.load()
    if answers is None:
        return []
    try:
        people = dossiers.search_inwoners(g.session, g.actor, now(), **answers)
    except LoketError as error:
        zoek.add_error(error.field, error.message)
        return []
    ids = [each.id for each in people]
    shielded = dossiers.shielded_among(g.session, g.actor, ids)
    return _choices(make_treffers(people, {}, shielded))


def _choices(treffers: list[Treffer]) -> Keuzes:
    return [
        (
            each.id,
            each.naam,
            f"Geboren {kort(each.geboortedatum)}. {each.adres}"
            if each.geboortedatum
            else each.adres,
        )
        for each in treffers
        if not each.afgeschermd
    ]


def _of_dossier(referentie: str) -> Keuzes:
    if not referentie:
        return []
    dossier = dossiers.read_dossier(g.session, g.actor, now(), referentie)
    people = dossiers.list_betrokkenen(g.session, dossier.id)
    ids = [each.inwoner.id for each in people]
    hidden = dossiers.shielded_among(g.session, g.actor, ids)
    known = {each.inwoner.id: each.inwoner for each in people}
    return [(each.id, each.naam) for each in known.values() if each.id not in hidden]


def _offered_before() -> Keuzes:
    """Offer the same people again, when the form comes back."""
    ids = [
        UUID(each)
        for each in request.form.get("aangeboden", "").split(",")[:MOST_OFFERED]
        if _ID.fullmatch(each)
    ]
    people = queries.list_people(g.session, g.actor, now(), ids)
    return [(each.id, each.naam) for each in people]


@bp.get("/inzageverzoeken/<referentie>")
@requires(Permission.RECHTEN_READ)
def show_verzoek(referentie: str) -> ResponseReturnValue:
    """Show one request, how far it is and what is next."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    return page(verzoek, Form(IdentificatieSchema()), Form(UitreikingSchema()))


def page(
    verzoek: Inzageverzoek, identiteit: Form, uitreiken: Form
) -> ResponseReturnValue:
    """Show the page of a request with its two small forms."""
    person = queries.read_person(g.session, g.actor, now(), verzoek)
    people = [verzoek.registered_by_id, verzoek.decided_by_id, verzoek.delivered_by_id]
    shown = uitreiken if uitreiken.has_errors else identiteit
    return shown.page(
        "rechten/verzoek.html",
        verzoek=verzoek,
        persoon=person,
        afschrift=queries.afschrift_of(g.session, verzoek.id),
        weglatingen=queries.list_weglatingen(g.session, verzoek.id),
        identiteit=identiteit,
        uitreiken=uitreiken,
        namen=staff_names(g.session, [each for each in people if each]),
        dagen=(verzoek.uiterlijk - termijnen.dag_van(now())).days,
        zelf=verzoek.aanvrager is Aanvrager.INWONER,
        stappen=STAPPEN,
        kanalen=KANAAL,
        woorden=woorden,
        may_register=g.actor.may(Permission.RECHTEN_REGISTER),
        may_decide=g.actor.may(Permission.RECHTEN_DECIDE),
        may_deliver=g.actor.may(Permission.AFSCHRIFT_DELIVER),
    )


@bp.post("/inzageverzoeken/<referentie>/identiteit")
@requires(Permission.RECHTEN_REGISTER)
def identify(referentie: str) -> ResponseReturnValue:
    """Note how it was made sure who asks."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    form = Form(IdentificatieSchema())

    def deed(**answers: Any) -> str:
        operations.identify(g.session, g.actor, now(), verzoek=verzoek, **answers)
        flash("De controle is vastgelegd.", "success")
        return url_for(".show_verzoek", referentie=referentie)

    if answer := form.submit(deed):
        return answer
    return page(verzoek, form, Form(UitreikingSchema(), sent=False))


@bp.post("/inzageverzoeken/<referentie>/uitgereikt")
@requires(Permission.AFSCHRIFT_DELIVER)
def deliver(referentie: str) -> ResponseReturnValue:
    """Note that the copy was handed over."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    form = Form(UitreikingSchema())

    def deed(**answers: Any) -> str:
        operations.deliver(g.session, g.actor, now(), verzoek=verzoek, **answers)
        flash("Het is vastgelegd dat het afschrift is uitgereikt.", "success")
        return url_for(".show_verzoek", referentie=referentie)

    if answer := form.submit(deed):
        return answer
    return page(verzoek, Form(IdentificatieSchema(), sent=False), form)


@bp.get("/inzageverzoeken/<referentie>/afschrift.<einde>")
@requires(Permission.AFSCHRIFT_DELIVER)
def fetch_afschrift(referentie: str, einde: str) -> ResponseReturnValue:
    """Open the sealed copy for who hands it over; it is kept nowhere on the way."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    if einde not in VORMEN or queries.afschrift_of(g.session, verzoek.id) is None:
        raise NotFound("Dit afschrift is er niet.")
    content = operations.fetch_afschrift(
        g.session, g.actor, now(), verzoek=verzoek, vorm=einde
    )
    return _file(content, f"afschrift-{verzoek.referentie}.{einde}", VORMEN[einde])


@bp.get("/inzageverzoeken/<referentie>/brief.pdf")
@requires(Permission.RECHTEN_READ)
def show_brief(referentie: str) -> ResponseReturnValue:
    """Open the letter about a request."""
    verzoek = queries.get_inzageverzoek(g.session, g.actor, referentie)
    if verzoek.brief_op is None:
        raise NotFound("Deze brief is er nog niet.")
    content = operations.read_brief(g.session, g.actor, now(), verzoek=verzoek)
    name = f"brief-{verzoek.referentie}.pdf"
    return _file(content, name, "application/pdf", "inline")


def _file(
    content: bytes, name: str, mediatype: str, disposition: str = "attachment"
) -> Response:
    answer = Response(content, mimetype=mediatype)
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer
