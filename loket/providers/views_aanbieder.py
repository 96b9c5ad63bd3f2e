"""Doors of the aanbieder: its inbox, answers, start and stop, its room."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import get_gemeente
from loket.authz import Permission
from loket.cases.besluit.woorden import hoeveel
from loket.datum import kort
from loket.drafts.queries import list_drafts
from loket.providers import (
    operations,
    operations_contract,
    queries,
    queries_aanbieder,
    woorden,
)
from loket.providers.page import draft_about, hold_open
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_lijst import ends_soon
from loket.providers.schemas import (
    AanvaardenSchema,
    CapaciteitSchema,
    StartSchema,
    StopSchema,
    WeigerenSchema,
)
from loket.providers.toewijzing import Toewijzing
from loket.providers.views_overleg import look_at, read_lines, their_form
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("aanbieder", __name__, url_prefix="/aanbieder")


@bp.get("/")
@requires(Permission.PLAATSING_ANSWER)
def show_inbox() -> ResponseReturnValue:
    """Show what waits for an answer and what runs, over all gemeenten."""
    verzoeken, toewijzingen = queries_aanbieder.list_inbox(g.session, g.actor, now())
    return Form().page(
        "providers/inbox.html",
        concepten=list_drafts(g.session, g.actor),
        verzoeken=verzoeken,
        toewijzingen=toewijzingen,
        statussen=woorden.TOEWIJZINGSTATUS,
    )


@bp.get("/verzoeken/<referentie>")
@requires(Permission.PLAATSING_ANSWER)
def show_verzoek(referentie: str) -> ResponseReturnValue:
    """Show what is needed to judge the fit, and ask for the answer."""
    return _verzoek_page(queries.find_verzoek(g.session, g.actor, referentie))


@bp.post("/verzoeken/<referentie>/aanvaarden")
@requires(Permission.PLAATSING_ANSWER)
def accept(referentie: str) -> ResponseReturnValue:
    """Say from when this person can be helped."""
    verzoek = queries.find_verzoek(g.session, g.actor, referentie)
    form = _accepting(verzoek)

    def deed(**answers: Any) -> str:
        operations.accept_plaatsingsverzoek(
            g.session, g.actor, now(), verzoek=verzoek, **answers
        )
        flash(
            "U heeft het verzoek aanvaard. De toewijzing met de gegevens van de"
            " cliënt komt vanzelf in dit overzicht.",
            "success",
        )
        return url_for(".show_inbox")

    return form.submit(deed) or _verzoek_page(verzoek, accepting=form)


@bp.post("/verzoeken/<referentie>/weigeren")
@requires(Permission.PLAATSING_ANSWER)
def decline(referentie: str) -> ResponseReturnValue:
    """Say on which ground this person cannot be helped."""
    verzoek = queries.find_verzoek(g.session, g.actor, referentie)
    form = _declining(verzoek)
    hold_open(verzoek)

    def deed(**answers: Any) -> str:
        operations.decline_plaatsingsverzoek(
            g.session, g.actor, now(), verzoek=verzoek, **answers
        )
        flash("U heeft het verzoek geweigerd. De gemeente zoekt verder.", "success")
        return url_for(".show_inbox")

    return form.submit(deed) or _verzoek_page(verzoek, declining=form)


def _accepting(verzoek: Plaatsingsverzoek, *, sent: bool = True) -> Form:
    first = max(verzoek.gewenste_start, dag_van(now()))
    return Form(AanvaardenSchema(), {"startdatum": f"{first:%d-%m-%Y}"}, sent=sent)


def _declining(verzoek: Plaatsingsverzoek, *, sent: bool = True) -> Form:
    """Make the form to decline, which keeps what was chosen until it is settled."""
    ref = verzoek.referentie
    page = url_for(".show_verzoek", referentie=ref)
    door = url_for(".decline", referentie=ref)
    of = draft_about(verzoek, "verzoek.weigeren", "Weigering", page, door)
    is_open = verzoek.status == "open"
    return Form(WeigerenSchema(), draft=of if is_open else None, sent=sent)


def _verzoek_page(
    verzoek: Plaatsingsverzoek,
    accepting: Form | None = None,
    declining: Form | None = None,
) -> ResponseReturnValue:
    """Hand over the minimal view: no reason of the choice, no other candidates.

    The form that failed stands among the others as it was typed.
    """
    look_at(verzoek)
    tried = accepting or declining
    is_open = verzoek.status == "open"
    return (tried or Form()).page(
        "providers/verzoek.html",
        verzoek={
            "referentie": verzoek.referentie,
            "status": verzoek.status,
            "gemeente": get_gemeente(g.session, verzoek.gemeente_code).naam,
            "product": _product(verzoek),
            "omvang": hoeveel(verzoek.volume, verzoek.eenheid, verzoek.frequentie),
            "gewenste_start": verzoek.gewenste_start,
            "einddatum": verzoek.einddatum,
            "pc4": verzoek.pc4,
            "dagen": ", ".join(verzoek.dagen),
            "taal": verzoek.taal,
            "spoed": verzoek.spoed,
            "omschrijving": verzoek.omschrijving,
            "dagen_wacht": (dag_van(now()) - dag_van(verzoek.requested_at)).days,
        },
        status=woorden.VERZOEKSTATUS[verzoek.status],
        accepting=accepting or _accepting(verzoek, sent=False),
        declining=declining or _declining(verzoek, sent=False),
        gronden=[(g_.value, words) for g_, words in woorden.WEIGERGRONDEN.items()],
        writing=their_form(verzoek, is_open=is_open, sent=False),
        regels=read_lines(verzoek),
    )


@bp.get("/toewijzingen/<referentie>")
@requires(Permission.TOEWIJZING_READ)
def show_toewijzing(referentie: str) -> ResponseReturnValue:
    """Show what was assigned, with the shared part of the dossier."""
    toewijzing = queries.get_toewijzing(g.session, g.actor, now(), referentie)
    return _toewijzing_page(toewijzing, *_report_forms())


@bp.post("/toewijzingen/<referentie>/start")
@requires(Permission.TOEWIJZING_REPORT)
def start(referentie: str) -> ResponseReturnValue:
    """Report that the help began."""
    toewijzing = queries.get_toewijzing(g.session, g.actor, now(), referentie)
    starting, stopping = _report_forms()

    def deed(**answers: Any) -> str:
        operations.start_zorg(
            g.session, g.actor, now(), toewijzing=toewijzing, **answers
        )
        flash("De start is gemeld.", "success")
        return url_for(".show_toewijzing", referentie=referentie)

    return starting.submit(deed) or _toewijzing_page(
        toewijzing, starting, stopping, tried=starting
    )


@bp.post("/toewijzingen/<referentie>/stop")
@requires(Permission.TOEWIJZING_REPORT)
def stop(referentie: str) -> ResponseReturnValue:
    """Report that the help stopped, and why."""
    toewijzing = queries.get_toewijzing(g.session, g.actor, now(), referentie)
    starting, stopping = _report_forms()

    def deed(**answers: Any) -> str:
        operations.stop_zorg(
            g.session, g.actor, now(), toewijzing=toewijzing, **answers
        )
        flash("Het einde van de hulp is gemeld.", "success")
        return url_for(".show_toewijzing", referentie=referentie)

    return stopping.submit(deed) or _toewijzing_page(
        toewijzing, starting, stopping, tried=stopping
    )


def _report_forms() -> tuple[Form, Form]:
    return Form(StartSchema()), Form(StopSchema())


def _toewijzing_page(
    toewijzing: Toewijzing,
    starting: Form,
    stopping: Form,
    tried: Form | None = None,
) -> ResponseReturnValue:
    gedeeld = queries_aanbieder.get_gedeeld(g.session, toewijzing)
    return (tried or starting).page(
        "providers/toewijzing.html",
        toewijzing=toewijzing,
        gemeente=get_gemeente(g.session, toewijzing.gemeente_code).naam,
        product=_product(toewijzing),
        omvang=hoeveel(toewijzing.volume, toewijzing.eenheid, toewijzing.frequentie),
        status=woorden.TOEWIJZINGSTATUS[toewijzing.status],
        stopreden=woorden.STOPREDENEN.get(toewijzing.stopreden)
        if toewijzing.stopreden
        else None,
        gedeeld=gedeeld,
        eindigt=ends_soon(g.session, g.actor, dag_van(now()), toewijzing),
        starting=starting,
        stopping=stopping,
        redenen=[(r.value, words) for r, words in woorden.STOPREDENEN.items()],
        writing=their_form(toewijzing, is_open=gedeeld is not None, sent=False),
        regels=read_lines(toewijzing) if gedeeld else [],
    )


@bp.get("/capaciteit")
@requires(Permission.PLAATSING_ANSWER)
def show_capaciteit() -> ResponseReturnValue:
    """Show waiting time, languages and stop for each product under contract."""
    return Form().page(
        "providers/capaciteit.html",
        regels=queries_aanbieder.list_capaciteit(g.session, g.actor, dag_van(now())),
    )


@bp.route("/capaciteit/<uuid:contractregel_id>", methods=["GET", "POST"])
@requires(Permission.PLAATSING_ANSWER)
def report_capaciteit(contractregel_id: UUID) -> ResponseReturnValue:
    """Report waiting time and languages for one product in one gemeente."""
    regel = queries_aanbieder.get_regel(
        g.session, g.actor, dag_van(now()), contractregel_id
    )
    talen = ", ".join(each.capitalize() for each in regel.talen)
    form = Form(
        CapaciteitSchema(),
        {"wachttijd_dagen": regel.wachttijd_dagen, "talen": talen},
    )

    def deed(wachttijd_dagen: int, talen: str) -> str:
        operations_contract.report_capaciteit(
            g.session,
            g.actor,
            now(),
            gemeente_code=regel.gemeente_code,
            aanbieder_id=g.actor.aanbieder_id,
            product_code=regel.product_code,
            wachttijd_dagen=wachttijd_dagen,
            talen=talen.split(","),
        )
        flash(f"De capaciteit voor {regel.product} is bijgewerkt.", "success")
        return url_for(".show_capaciteit")

    if form.typed is not None and (answer := form.submit(deed)):
        return answer
    return form.page("providers/capaciteit_melden.html", regel=regel, kort=kort)


def _product(of: Plaatsingsverzoek | Toewijzing) -> str:
    return queries.product_name(g.session, of.gemeente_code, of.product_code)
