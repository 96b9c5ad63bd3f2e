"""Doors: register a melding; its part of the page of a dossier."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Actor, Permission
from loket.bsn import mask_bsn
from loket.cases.dossier import operations_inwoner, queries, woorden
from loket.cases.dossier.dossier import BetrokkeneRol, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.tijdlijn import Stap, Termijn
from loket.cases.melding import operations
from loket.cases.melding.melding import Melding
from loket.cases.melding.queries import get_melding, list_behoeften, waarom
from loket.cases.melding.schemas import (
    NIEUW,
    OTHER,
    OWN,
    ROWS,
    SHOWN_ROWS,
    MeldingSchema,
    PlanSchema,
)
from loket.cases.melding.woorden import HUISHOUDTYPE, VERWIJZER
from loket.datum import kort
from loket.errors import NotFound, RuleViolation
from loket.web import Form, Panel, now

bp = Blueprint("melding", __name__)


@bp.get("/meldingen/nieuw")
@requires(Permission.MELDING_REGISTER)
def new_melding() -> ResponseReturnValue:
    """Begin with a search: a known person is not registered twice."""
    return redirect(url_for("dossier.search_inwoners"), 303)


@bp.post("/meldingen/begin")
@requires(Permission.MELDING_REGISTER)
def begin_melding() -> ResponseReturnValue:
    """Show the empty form, for somebody who was found or for somebody new."""
    today = kort(termijnen.dag_van(now()))
    values: dict[str, Any] = {"ontvangen_op": today, "wie": OWN}
    handed = ("inwoner", "bsn", "achternaam", "geboortedatum")
    values |= {name: request.form.get(name, "") for name in handed}
    client = _chosen(values["inwoner"])
    if client is not None:
        values |= _reach(client)
    form = Form(MeldingSchema(), values)
    form.typed = None  # this page begins: nothing in it was typed yet
    return _page(form, client, [])


@bp.post("/meldingen/nieuw")
@requires(Permission.MELDING_REGISTER)
def register_melding() -> ResponseReturnValue:
    """Register the melding and go to its dossier."""
    form = Form(MeldingSchema())
    client = _chosen(request.form.get("inwoner", ""))
    known = _known(form, client)
    if known:
        # who sends a form again because the answer was lost is known by that form
        if earlier := form.repeat():
            return earlier
        form.add_error(
            "inwoner",
            "Deze persoon lijkt al bekend. Kies wie het is, of kies iemand anders.",
        )
        return _page(form, client, known)

    def deed(**answers: Any) -> str:
        melding = _register(client, **answers)
        dossier = queries.dossier_of(g.session, g.actor, melding.dossier_id)
        flash("De melding is vastgelegd. De ontvangstbevestiging volgt.", "success")
        return url_for("dossier.show_dossier", referentie=dossier.referentie)

    return form.submit(deed) or _page(form, client, [])


def _register(
    client: Inwoner | None,
    *,
    inwoner_id: UUID | None,
    persoon: dict[str, Any],
    bereik: dict[str, Any],
    melder: dict[str, Any] | None,
    melding: dict[str, Any],
) -> Melding:
    at = now()
    if client is None or client.id != inwoner_id:
        client = operations_inwoner.register_inwoner(g.session, g.actor, at, **persoon)
    elif any(getattr(client, name) != value for name, value in bereik.items()):
        operations_inwoner.correct_inwoner(
            g.session, g.actor, at, inwoner=client, **bereik
        )
    who: dict[str, Any] = {}
    if melder is not None:
        teller = operations_inwoner.register_inwoner(
            g.session, g.actor, at, **melder["persoon"]
        )
        who = {"melder": teller, **melder["plaats"]}
    return operations.register_melding(
        g.session, g.actor, at, client=client, **melding, **who
    )


def _chosen(inwoner: str) -> Inwoner | None:
    try:
        return queries.read_inwoner(g.session, g.actor, now(), UUID(inwoner))
    except ValueError:
        return None


def _known(form: Form, client: Inwoner | None) -> list[Inwoner]:
    """Find who this may be already, before somebody is registered twice."""
    if client is not None or request.form.get("inwoner") == NIEUW:
        return []
    answers = form.load()
    if answers is None:
        return []
    person = answers["persoon"]
    questions = []
    if person.get("bsn"):
        questions.append({"bsn": person["bsn"]})
    if person.get("geboortedatum"):
        name = person["achternaam"].rstrip("* ")
        born = person["geboortedatum"]
        questions.append({"achternaam": name, "geboortedatum": born})
    for question in questions:
        try:
            found = queries.search_inwoners(g.session, g.actor, now(), **question)
        except RuleViolation:
            continue  # a name nobody can be found by
        if found:
            return found
    return []


def _reach(client: Inwoner) -> dict[str, Any]:
    names = ("telefoon", "email", "contactwens", "taal")
    return {name: getattr(client, name) or "" for name in names}


def _page(
    form: Form, client: Inwoner | None, known: list[Inwoner]
) -> ResponseReturnValue:
    return form.page(
        "melding/nieuw.html",
        client=client,
        client_bsn=mask_bsn(str(client.bsn)) if client and client.bsn else "",
        bekenden=_offers(known),
        rijen=range(1, ROWS + 1),
        meer_rijen=any(
            form.value(f"{name}_{row}")
            for name in ("behoefte", "labels")
            for row in range(SHOWN_ROWS + 1, ROWS + 1)
        ),
        zelf=OWN,
        ander=OTHER,
        kanalen=_options(woorden.KANAAL),
        geslachten=_options(woorden.GESLACHT),
        domeinen=_options(woorden.DOMEIN),
        rollen=[
            (each.value, word)
            for each, word in woorden.ROL.items()
            if each is not BetrokkeneRol.CLIENT
        ],
        bevoegdheden=_options(woorden.BEVOEGDHEID),
        verwijzers=_options(VERWIJZER),
        huishoudtypen=_options(HUISHOUDTYPE),
    )


def _options(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(each.value, word) for each, word in words.items()]


def _offers(known: list[Inwoner]) -> list[tuple[str, str, str]]:
    if not known:
        return []
    shielded = queries.shielded_among(g.session, g.actor, [each.id for each in known])
    offers = []
    for each in known:
        if each.id in shielded:
            continue
        born = kort(each.geboortedatum) if each.geboortedatum else "onbekend"
        where = "" if each.geheimhouding else ", ".join(each.adresregels)
        offers.append((str(each.id), each.naam, f"Geboren {born}. {where}".strip()))
    return [*offers, (NIEUW, "Iemand anders", "Deze persoon is nog niet bekend.")]


@bp.route("/dossiers/<referentie>/persoonlijk-plan", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def receive_plan(referentie: str) -> ResponseReturnValue:
    """Note that the persoonlijk plan came in."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    melding = get_melding(g.session, dossier.id)
    if melding is None:
        raise NotFound
    form = Form(PlanSchema(), {"ontvangen_op": kort(termijnen.dag_van(now()))})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.receive_plan(
                g.session, g.actor, now(), melding=melding, **answers
            )
            flash("Het persoonlijk plan is vastgelegd.", "success")
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    return form.page("melding/plan.html", dossier=dossier, melding=melding)


def melding_panel(session: Session, _by: Actor, dossier_id: UUID) -> Panel | None:
    """Show the question, the needs and the terms on the page of the dossier."""
    melding = get_melding(session, dossier_id)
    behoeften = list_behoeften(session, dossier_id)
    if melding is None and not behoeften:
        return None
    return Panel(
        "Melding en behoeften",
        "melding/paneel.html",
        melding=melding,
        behoeften=[
            (
                each.omschrijving,
                [
                    woorden.DOMEIN[domein]
                    for domein in woorden.DOMEIN
                    if domein in each.labels
                ],
            )
            for each in behoeften
        ],
        kanaal=woorden.KANAAL[melding.kanaal] if melding else "",
        verwijzer=VERWIJZER[melding.verwijzer] if melding else "",
        huishoudtype=HUISHOUDTYPE[melding.huishoudtype] if melding else "",
        tijdlijn=_steps(session, melding) if melding else [],
        termijnen=_terms(session, melding) if melding else [],
    )


def _terms(session: Session, melding: Melding) -> list[Termijn]:
    why = waarom(melding)
    busy = _is_busy(session, melding)
    got_plan = melding.plan_ontvangen_op is not None
    return [
        Termijn(
            "Persoonlijk plan inleveren",
            melding.plan_tot,
            why["plan"],
            got_plan or not busy or melding.plan_tot < termijnen.dag_van(now()),
        ),
        Termijn(
            "Onderzoek afronden", melding.onderzoek_tot, why["onderzoek"], not busy
        ),
    ]


def _steps(session: Session, melding: Melding) -> list[Stap]:
    steps = [
        Stap(
            "Melding ontvangen",
            melding.ontvangen_op,
            tekst=f"Via {woorden.KANAAL[melding.kanaal].lower()}",
        )
    ]
    if melding.confirmed_at:
        steps.append(Stap("Ontvangst bevestigd in een brief", melding.confirmed_at))
    else:
        steps.append(Stap("Ontvangst bevestigen", None, "current"))
    if melding.plan_ontvangen_op:
        steps.append(Stap("Persoonlijk plan ontvangen", melding.plan_ontvangen_op))
    if _is_busy(session, melding):
        steps.append(Stap("Onderzoek afronden", melding.onderzoek_tot, "todo"))
    return steps


def _is_busy(session: Session, melding: Melding) -> bool:
    """Whether the onderzoek is still to be done; the worklist knows."""
    line = session.get(Werkvoorraad, melding.dossier_id)
    return line is not None and line.termijn_soort == operations.TERMIJN
