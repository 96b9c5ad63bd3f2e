"""Doors: messages with aanbieders, and what they ask."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.besluit.queries import get_voorziening
from loket.cases.besluit.woorden import EENHEDEN, FREQUENTIES
from loket.cases.dossier import queries as dossier_queries
from loket.datum import kort, lees_datum
from loket.errors import LoketError
from loket.iwmo import operations, woorden
from loket.iwmo import queries_overzicht as queries
from loket.iwmo.bericht import Richting, Verzoek
from loket.iwmo.codes import RedenAfwijzingVerzoek
from loket.iwmo.gegevens import ontbrekend
from loket.iwmo.leesbaar import klachten, lees
from loket.iwmo.queries_overzicht import Aanbod, Filter, VerzoekRegel
from loket.iwmo.schemas import AfwijzenSchema, OvernemenSchema, ToewijzenSchema
from loket.iwmo.verwerking import ANTWOORD_BINNEN
from loket.web import Form, now

bp = Blueprint("iwmo", __name__)
SOORT_OPTIONS = [(code, f"{code} {tekst}") for code, tekst in woorden.SOORTEN.items()]
FILTERS = ("richting", "soort", "aanbieder", "dag")
"""What an address may carry on: anything else would speak to `url_for`."""
RICHTING_OPTIONS = [("in", "Ontvangen"), ("uit", "Verzonden")]
REDEN_OPTIONS = [
    (reden.value, reden.tekst)
    for reden in RedenAfwijzingVerzoek
    if reden is not RedenAfwijzingVerzoek.WOONPLAATSBEGINSEL
]
FREQUENTIE_OPTIONS = [(each.value, tekst) for each, tekst in FREQUENTIES.items()]


@bp.get("/berichten")
@requires(Permission.BERICHT_READ)
def list_berichten() -> ResponseReturnValue:
    """Show which messages went in and out, newest first."""
    wanted = _asked()
    regels, more = queries.list_berichten(g.session, g.actor, now(), wanted)
    kept: dict[str, Any] = {
        name: request.args[name] for name in FILTERS if request.args.get(name)
    }
    last = regels[-1].bericht.id if more else None
    older = url_for(".list_berichten", **kept, na=last) if more else None
    return render_template(
        "iwmo/berichten.html",
        regels=regels,
        older=older,
        newest=url_for(".list_berichten", **kept) if wanted.na else None,
        filter=Form(values=dict(request.args)),
        is_filtered=bool(kept),
        soorten=SOORT_OPTIONS,
        richtingen=RICHTING_OPTIONS,
        aanbieders=[
            (str(one.id), one.naam)
            for one in queries.list_aanbieders(g.session, g.actor)
        ],
        woorden=woorden,
    )


def _asked() -> Filter:
    """Read the address; one that was tampered with shows the whole list."""
    args: Any = request.args
    richting = aanbieder_id = dag = na = None
    with suppress(ValueError):
        richting = Richting(args.get("richting", ""))
    with suppress(ValueError):
        aanbieder_id = UUID(args.get("aanbieder", ""))
    with suppress(LoketError):
        dag = lees_datum(args.get("dag", ""))
    with suppress(ValueError):
        na = UUID(args.get("na", ""))
    return Filter(richting, args.get("soort", ""), aanbieder_id, dag, na)


@bp.get("/berichten/<referentie>")
@requires(Permission.BERICHT_READ)
def show_bericht(referentie: str) -> ResponseReturnValue:
    """Show what a message says, in plain words."""
    regel = queries.get_bericht(g.session, g.actor, now(), referentie)
    return render_template(
        "iwmo/bericht.html",
        regel=regel,
        bericht=regel.bericht,
        inhoud=lees(regel.bericht),
        klachten=klachten(regel.bericht),
        verzoeken=queries.verzoeken_of(g.session, regel.bericht.id),
        may_handle=g.actor.may(Permission.BERICHT_HANDLE),
        woorden=woorden,
    )


@bp.get("/berichten/<referentie>.xml")
@requires(Permission.BERICHT_READ)
def download_bericht(referentie: str) -> ResponseReturnValue:
    """Hand over the message as it came in or went out; the look is recorded."""
    regel = queries.get_bericht(g.session, g.actor, now(), referentie)
    answer = Response(regel.bericht.inhoud, mimetype="application/xml")
    name = f"WMO{regel.bericht.soort}_{regel.bericht.referentie}.xml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/verzoeken")
@requires(Permission.BERICHT_HANDLE)
def list_verzoeken() -> ResponseReturnValue:
    """Show what aanbieders wait for."""
    regels = queries.list_open(g.session, g.actor, now())
    today = termijnen.dag_van(now())
    return render_template(
        "iwmo/verzoeken.html",
        regels=[(regel, *_term(regel.verzoek, today)) for regel in regels],
        woorden=woorden,
    )


def _term(verzoek: Verzoek, today: Any) -> tuple[Any, int]:
    received = termijnen.dag_van(verzoek.received_at)
    last = termijnen.werkdagen_later(received, ANTWOORD_BINNEN)
    return last, (last - today).days


@bp.get("/verzoeken/<referentie>")
@requires(Permission.BERICHT_HANDLE)
def show_verzoek(referentie: str) -> ResponseReturnValue:
    """Show what is asked, what is missing and what can be answered."""
    regel = queries.get_verzoek(g.session, g.actor, now(), referentie)
    around = _around(regel)
    ready = bool(around["aanbod"]) and not around["ontbreekt"]
    return render_template(
        "iwmo/verzoek.html",
        **around,
        keuzes=_keuzes(referentie, ready, bool(around["rechten"])),
    )


def _keuzes(referentie: str, is_ready: bool, has_rechten: bool) -> list[dict[str, str]]:
    """Offer the answers that are possible now."""
    offered = [
        (
            is_ready and has_rechten,
            ".honour",
            "Toewijzen uit een recht dat er al is",
            "De cliënt heeft hier al een voorziening.",
        ),
        (
            is_ready and g.actor.may(Permission.BESLUIT_TAKE_OVER),
            ".take_over",
            "Besluit overnemen en toewijzen",
            "Het besluit is ergens anders genomen en staat hier nog niet.",
        ),
        (True, ".reject", "Afwijzen", "De aanbieder krijgt de reden."),
    ]
    return [
        {
            "label": label,
            "url": url_for(door, referentie=referentie),
            "hint": hint,
        }
        for may, door, label, hint in offered
        if may
    ]


def _around(regel: VerzoekRegel) -> dict[str, Any]:
    """Gather what every page about one verzoek shows."""
    verzoek = regel.verzoek
    client = dossier_queries.get_client(g.session, verzoek.dossier_id)
    last, days = _term(verzoek, termijnen.dag_van(now()))
    return {
        "regel": regel,
        "verzoek": verzoek,
        "client": client,
        "ontbreekt": ontbrekend(client),
        "rechten": queries.list_rechten(g.session, verzoek),
        "aanbod": queries.list_aanbod(g.session, verzoek),
        "uiterlijk": last,
        "dagen": days,
        "product": woorden.product(verzoek.categorie, verzoek.product_code),
        "omvang": woorden.omvang(verzoek.volume, verzoek.eenheid, verzoek.frequentie),
        "redenen": dict(REDEN_OPTIONS),
        "may_correct": g.actor.may(Permission.INWONER_CORRECT),
        "woorden": woorden,
    }


@bp.route("/verzoeken/<referentie>/overnemen", methods=["GET", "POST"])
@requires(Permission.BESLUIT_TAKE_OVER)
def take_over(referentie: str) -> ResponseReturnValue:
    """Take over the besluit that the aanbieder cites, and assign."""
    regel = queries.get_verzoek(g.session, g.actor, now(), referentie)
    around = _around(regel)
    form = Form(OvernemenSchema(), _start(regel.verzoek, around["aanbod"]))
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.take_over_verzoek(
                g.session, g.actor, now(), verzoek=regel.verzoek, **answers
            )
            return _answered(referentie, "Het besluit is overgenomen en toegewezen.")

        if answer := form.submit(deed):
            return answer
    return form.page(
        "iwmo/overnemen.html",
        **around,
        contractregels=_contractregels(around["aanbod"]),
        frequenties=FREQUENTIE_OPTIONS,
    )


@bp.route("/verzoeken/<referentie>/toewijzen", methods=["GET", "POST"])
@requires(Permission.BERICHT_HANDLE)
def honour(referentie: str) -> ResponseReturnValue:
    """Assign from a right that stands."""
    regel = queries.get_verzoek(g.session, g.actor, now(), referentie)
    around = _around(regel)
    start = _start(regel.verzoek, around["aanbod"])
    if len(around["rechten"]) == 1:
        start["voorziening_id"] = str(around["rechten"][0].id)
    form = Form(ToewijzenSchema(), start)
    if request.method == "POST":

        def deed(voorziening_id: UUID, **answers: Any) -> str:
            operations.honour_verzoek(
                g.session,
                g.actor,
                now(),
                verzoek=regel.verzoek,
                voorziening=get_voorziening(g.session, g.actor, voorziening_id),
                **answers,
            )
            return _answered(referentie, "Het verzoek is toegewezen.")

        if answer := form.submit(deed):
            return answer
    return form.page(
        "iwmo/toewijzen.html",
        **around,
        contractregels=_contractregels(around["aanbod"]),
        voorzieningen=[
            (str(one.id), f"{one.product_code}, {_period(one)}")
            for one in around["rechten"]
        ],
    )


@bp.route("/verzoeken/<referentie>/afwijzen", methods=["GET", "POST"])
@requires(Permission.BERICHT_HANDLE)
def reject(referentie: str) -> ResponseReturnValue:
    """Refuse, with a reason of the list."""
    regel = queries.get_verzoek(g.session, g.actor, now(), referentie)
    form = Form(AfwijzenSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.reject_verzoek(
                g.session, g.actor, now(), verzoek=regel.verzoek, **answers
            )
            return _answered(referentie, "Het verzoek is afgewezen.")

        if answer := form.submit(deed):
            return answer
    return form.page(
        "iwmo/afwijzen.html", **_around(regel), reden_options=REDEN_OPTIONS
    )


def _answered(referentie: str, text: str) -> str:
    flash(f"{text} De aanbieder krijgt vanzelf bericht.", "success")
    return url_for(".show_verzoek", referentie=referentie)


def _start(verzoek: Verzoek, aanbod: list[Aanbod]) -> dict[str, Any]:
    """Fill the form with what the aanbieder asks, in the product it has here."""
    chosen = _best(verzoek, aanbod)
    same_unit = chosen is not None and chosen.product.eenheid == verzoek.eenheid
    begin, end = verzoek.gewenste_start, verzoek.gewenst_einde
    if chosen is not None:
        begin = max(begin, chosen.contractregel.van)
    return {
        "extern_nummer": verzoek.beschikking_nummer,
        "contractregel_id": str(chosen.contractregel.id) if chosen else None,
        "volume": verzoek.volume if same_unit else None,
        "frequentie": verzoek.frequentie,
        "van": kort(begin),
        "tot": kort(end) if end and end >= begin else None,
    }


def _best(verzoek: Verzoek, aanbod: list[Aanbod]) -> Aanbod | None:
    """Choose by code, else by category; with more than one, somebody chooses."""
    by_code = [one for one in aanbod if one.product.code == verzoek.product_code]
    by_kind = [one for one in aanbod if one.product.categorie == verzoek.categorie]
    for found in (by_code, by_kind):
        if len(found) == 1:
            return found[0]
    return None


def _contractregels(aanbod: list[Aanbod]) -> list[tuple[str, str]]:
    return [
        (
            str(one.contractregel.id),
            f"{one.product.naam} ({one.product.code}), in"
            f" {EENHEDEN[one.product.eenheid][1]},"
            f" vanaf {kort(one.contractregel.van)}"
            f" (contract {one.contractregel.contract.nummer})",
        )
        for one in aanbod
    ]


def _period(voorziening: Any) -> str:
    if not voorziening.regels:
        return "geëindigd voordat het begon"
    first, last = voorziening.regels[0].van, voorziening.regels[-1].tot
    return f"vanaf {kort(first)}" + (f" tot en met {kort(last)}" if last else "")
