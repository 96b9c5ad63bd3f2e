"""Doors: the talk in which somebody tells that support is needed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.bsn import mask_bsn
from loket.cases.dossier import operations_inwoner, queries, woorden
from loket.cases.dossier.bekenden import Bekende, has_household, make_bekenden
from loket.cases.dossier.dossier import BetrokkeneRol
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.page import SOUGHT_BY, chosen_inwoner, look, offers
from loket.cases.melding import operations
from loket.cases.melding.besproken import nuttig, verplicht
from loket.cases.melding.melding import Melding
from loket.cases.melding.schemas import (
    NIEUW,
    OTHER,
    OWN,
    REACH,
    ROWS,
    SHOWN_ROWS,
    MeldingSchema,
)
from loket.cases.melding.woorden import HUISHOUDTYPE, VERWIJZER
from loket.cases.producten.woorden import DOMEIN
from loket.datum import kort
from loket.db import uuid7
from loket.drafts.draft import DraftOf
from loket.drafts.page import start_draft
from loket.errors import NotFound, RuleViolation
from loket.web import Form, known_notes, now

bp = Blueprint("intake", __name__)
FORM = "melding.nieuw"
ADRES = ("straat", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats")
SHARED = (
    *("kanaal", "ontvangen_op", "verwijzer", "huishoudtype", "hulpvraag", "wie"),
    *("melder_achternaam", "melder_voorvoegsel", "melder_voorletters"),
    *("melder_telefoon", "melder_rol", "bevoegdheid", "melder_straat"),
    *("melder_huisnummer", "melder_postcode", "melder_woonplaats"),
    *("telefoon", "clientondersteuning_verteld"),
)
"""What one talk tells about both partners."""


@bp.get("/meldingen/nieuw")
@requires(Permission.MELDING_REGISTER)
def new_melding() -> ResponseReturnValue:
    """Begin an empty page of its own: several talks can be open at the same time."""
    return redirect(url_for(".fill_in", nieuw=uuid7()), 303)


@bp.post("/meldingen/begin")
@requires(Permission.MELDING_REGISTER)
def begin_melding() -> ResponseReturnValue:
    """Begin with what was sought or who was found; it travels as a draft."""
    answers = {name: request.form.get(name, "") for name in SOUGHT_BY}
    client = chosen_inwoner(request.form.get("inwoner", ""))
    return redirect(start_intake(answers, client), 303)


@bp.route("/meldingen/nieuw/<uuid:nieuw>", methods=["GET", "POST"])
@requires(Permission.MELDING_REGISTER)
def fill_in(nieuw: UUID) -> ResponseReturnValue:
    """Follow the talk in any order; nothing that was typed is lost."""
    form = _form(nieuw)
    if request.method == "GET":
        return _page(form, chosen_inwoner(str(form.value("inwoner"))), [])
    if form.is_about_draft:
        return form.submit(_nothing) or _page(form, None, [])
    if chosen := request.form.get("_kies"):
        return _choose(form, chosen) or _page(form, None, [])
    if "_zoek" in request.form:
        return _page(form, None, look(), sought=True)
    return _register(form)


@bp.post("/meldingen/nieuw")
@requires(Permission.MELDING_REGISTER)
def register_melding() -> ResponseReturnValue:
    """Register a melding that was told at once, without a draft."""
    return _register(Form(MeldingSchema()))


@bp.post("/meldingen/nieuw/bekend")
@requires(Permission.MELDING_REGISTER)
def show_known() -> ResponseReturnValue:
    """Show, while somebody types, who this may be already."""
    if request.form.get("inwoner"):
        return ""
    return render_template(
        "melding/bekenden.html", **offers(look()), sought=False, may_choose=True
    )


@bp.post("/meldingen/nieuw/besproken")
@requires(Permission.MELDING_REGISTER)
def show_open() -> ResponseReturnValue:
    """Show, while somebody types, what was not spoken about yet."""
    value = Form(MeldingSchema()).value
    return render_template(
        "melding/besproken.html", verplicht=verplicht(value), nuttig=nuttig(value)
    )


def _form(nieuw: UUID) -> Form:
    start = {"ontvangen_op": kort(termijnen.dag_van(now())), "wie": OWN}
    return Form(MeldingSchema(), start, draft=_draft(nieuw))


def _draft(nieuw: UUID) -> DraftOf:
    url = url_for("intake.fill_in", nieuw=nieuw)
    return DraftOf(FORM, "Nieuwe melding", str(nieuw), url)


def start_intake(answers: Mapping[str, str], client: Inwoner | None) -> str:
    """Begin a talk with what is known already; return the address of its page.

    With nothing known it begins at the first key.
    """
    of = _draft(uuid7())
    if client is not None:
        told = {k: v for k, v in answers.items() if k not in SOUGHT_BY}
        answers = told | {"inwoner": str(client.id), **_reach(client)}
    known = {name: text for name, text in answers.items() if text}
    if known:
        start_draft(of, known, now())
    return of.url


def _nothing(**_: Any) -> str:
    raise RuleViolation("Dit is een concept.")


def _choose(form: Form, chosen: str) -> ResponseReturnValue | None:
    """Take over who was found, or say that it is somebody else."""
    if form.draft is None:
        raise NotFound
    if chosen == NIEUW:
        return form.draft.amend(inwoner=NIEUW)
    client = chosen_inwoner(chosen)
    if client is None:
        raise NotFound
    reach = _reach(client)
    typed = {name: request.form[name] for name in REACH if request.form.get(name)}
    return form.draft.amend(inwoner=str(client.id), **(reach | typed))


def _register(form: Form) -> ResponseReturnValue:
    client = chosen_inwoner(request.form.get("inwoner", ""))
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
        melding = _carry_out(client, **answers)
        about = queries.get_client(g.session, melding.dossier_id)
        _join_household(about, request.form.get("samen", ""), melding)
        flash("De melding is vastgelegd. De ontvangstbevestiging volgt.", "success")
        if "_partner" in request.form:
            return _begin_partner(about)
        dossier = queries.dossier_of(g.session, g.actor, melding.dossier_id)
        return url_for("dossier.show_dossier", referentie=dossier.referentie)

    return form.submit(deed) or _page(form, client, [])


def _join_household(client: Inwoner, samen: str, melding: Melding) -> None:
    """Note that both partners live together, so that one gesprek can serve both.

    What is known of a household already is left to the onderzoek.
    """
    partner = chosen_inwoner(samen)
    if partner is None or partner.id == client.id:
        return
    if has_household(g.session, [client.id, partner.id]):
        return
    operations_inwoner.record_huishouden(
        g.session,
        g.actor,
        now(),
        soort=SoortHuishouden.LEEFEENHEID,
        leden=[partner, client],
        van=melding.ontvangen_op,
    )


def _begin_partner(first: Inwoner) -> str:
    """Begin the melding of the partner with what the same talk told of both."""
    of = _draft(uuid7())
    told = {name: request.form.get(name, "") for name in SHARED}
    told |= {name: str(getattr(first, name) or "") for name in ADRES}
    told["samen"] = str(first.id)
    start_draft(of, {name: text for name, text in told.items() if text}, now())
    return of.url


def _carry_out(
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


def _known(form: Form, client: Inwoner | None) -> list[Bekende]:
    """Find who this may be already, before somebody is registered twice."""
    if client is not None or request.form.get("inwoner") == NIEUW:
        return []
    return look() if form.load() is not None else []


def _reach(client: Inwoner) -> dict[str, str]:
    return {name: str(getattr(client, name) or "") for name in REACH}


def _keuzes(known: list[Bekende]) -> list[tuple[str, str, str]]:
    return [
        *((str(e.id), e.naam, e.uitleg) for e in known if not e.afgeschermd),
        (NIEUW, "Iemand anders", "Deze persoon is nog niet bekend."),
    ]


def _page(
    form: Form,
    client: Inwoner | None,
    known: list[Bekende],
    *,
    sought: bool = False,
) -> ResponseReturnValue:
    (about,) = make_bekenden(g.session, g.actor, [client]) if client else (None,)
    return form.page(
        "melding/nieuw.html",
        client=client,
        client_bsn=mask_bsn(str(client.bsn)) if client and client.bsn else "",
        client_lopend=known_notes(g.session, g.actor, [client.id]) if client else {},
        client_bekend=about,
        **offers(known),
        keuzes=_keuzes(known),
        sought=sought,
        verplicht=verplicht(form.value),
        nuttig=nuttig(form.value),
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
        domeinen=_options(DOMEIN),
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
