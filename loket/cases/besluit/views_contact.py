"""Doors: note a contact in a few seconds, whoever calls and whatever it is about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.bsn import mask_bsn
from loket.cases.besluit.queries_lopend import list_lopend
from loket.cases.dossier import operations_contact, queries, woorden
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.overzicht import contact_regel
from loket.cases.dossier.page import SOUGHT_BY, chosen_inwoner, look, offers
from loket.cases.dossier.schemas import ContactmomentSchema
from loket.cases.melding.schemas import NIEUW
from loket.cases.melding.views_intake import start_intake
from loket.db import uuid7
from loket.drafts.draft import DraftOf
from loket.drafts.page import start_draft
from loket.errors import NotFound, RuleViolation
from loket.web import Form, now

bp = Blueprint("contact", __name__)
FORM = "contactmoment.nieuw"
MOST_EARLIER = 3
_FORGET = dict.fromkeys((*SOUGHT_BY, "inwoner", "bij"), "")


@dataclass(frozen=True)
class _Plaats:
    """What the contact can belong to: a person, and what runs for them."""

    client: Inwoner | None = None
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    """By the choice of the form: a reference, or the id of a voorziening."""
    keuzes: list[tuple[str, str]] = field(default_factory=list)
    vast: Dossier | None = None
    """The dossier whose page was left to note this."""

    def find(self, bij: str) -> tuple[Dossier | None, UUID | None]:
        """Return the dossier and the voorziening that were chosen.

        Raises:
            RuleViolation: it is not among what runs for this person.
        """
        if not bij:
            return self.vast, None
        if bij not in self.dossiers:
            raise RuleViolation("Kies een van de antwoorden.", "bij")
        dossier = self.dossiers[bij]
        return dossier, None if bij == dossier.referentie else UUID(bij)


@bp.get("/contactmomenten/nieuw")
@requires(Permission.DOSSIER_UPDATE)
def new_contact() -> ResponseReturnValue:
    """Begin an empty page of its own: several calls can be open at the same time."""
    return redirect(url_for(".fill_in", nieuw=uuid7()), 303)


@bp.post("/contactmomenten/begin")
@requires(Permission.DOSSIER_UPDATE)
def begin_contact() -> ResponseReturnValue:
    """Begin with who was found; it travels as a draft, not in an address."""
    client = chosen_inwoner(request.form.get("inwoner", ""))
    of = _draft(uuid7())
    if client is not None:
        start_draft(of, {"inwoner": str(client.id)}, now())
    return redirect(of.url, 303)


@bp.route("/contactmomenten/nieuw/<uuid:nieuw>", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def fill_in(nieuw: UUID) -> ResponseReturnValue:
    """Note what somebody told or asked, of a known person or anonymous."""
    form = _form(_draft(nieuw))
    client = chosen_inwoner(str(form.value("inwoner")))
    plaats = _plaats_of_client(client) if client else _Plaats()
    if request.method == "GET":
        return _page(form, plaats)
    if form.is_about_draft:
        return form.submit(_nothing) or _page(form, plaats)
    if chosen := request.form.get("_kies"):
        return _choose(form, chosen) or _page(form, plaats)
    if "_zoek" in request.form:
        return _page(form, plaats, sought=True)
    return _carry_out(form, plaats)


@bp.route("/dossiers/<referentie>/contactmomenten/nieuw", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def record_contactmoment(referentie: str) -> ResponseReturnValue:
    """Note a contact about this dossier."""
    dossier = queries.read_dossier(g.session, g.actor, now(), referentie)
    url = url_for(".record_contactmoment", referentie=referentie)
    label = f"Contactmoment in {referentie}"
    form = _form(DraftOf(FORM, label, referentie, url, dossier.id))
    plaats = _plaats_of_dossier(dossier)
    if request.method == "GET":
        return _page(form, plaats)
    return _carry_out(form, plaats)


@bp.post("/contactmomenten/nieuw/bekend")
@requires(Permission.DOSSIER_UPDATE)
def show_known() -> ResponseReturnValue:
    """Show, while somebody types, who this may be."""
    return render_template(
        "melding/bekenden.html", **offers(look()), sought=False, may_choose=True
    )


def _draft(nieuw: UUID) -> DraftOf:
    url = url_for("contact.fill_in", nieuw=nieuw)
    return DraftOf(FORM, "Contactmoment", str(nieuw), url)


def _form(draft: DraftOf) -> Form:
    is_melding = "_melding" in request.form
    if is_melding:
        g.actor.require(Permission.MELDING_REGISTER)
    # what is not known yet, is asked by the melding
    schema = ContactmomentSchema(partial=is_melding)
    return Form(schema, {"kanaal": Kanaal.TELEFOON.value}, draft=draft)


def _nothing(**_: Any) -> str:
    raise RuleViolation("Dit is een concept.")


def _choose(form: Form, chosen: str) -> ResponseReturnValue | None:
    """Take over who was found, or begin to look again."""
    if form.draft is None:
        raise NotFound
    if chosen == NIEUW:
        return form.draft.amend(**_FORGET)
    client = chosen_inwoner(chosen)
    if client is None:
        raise NotFound
    return form.draft.amend(**(_FORGET | {"inwoner": str(client.id)}))


def _carry_out(form: Form, plaats: _Plaats) -> ResponseReturnValue:
    deed = _turn(plaats) if "_melding" in request.form else _record(plaats)
    return form.submit(deed) or _page(form, plaats)


def _turn(plaats: _Plaats) -> Any:
    """Let it be a melding after all, with everything that was typed."""

    def deed(**answers: Any) -> str:
        told = {name: request.form.get(name, "") for name in SOUGHT_BY}
        kanaal = answers.get("kanaal")
        told["kanaal"] = kanaal.value if kanaal else ""
        told["hulpvraag"] = answers.get("tekst", "")
        return start_intake(told, plaats.client)

    return deed


def _record(plaats: _Plaats) -> Any:
    def deed(*, bij: str, **answers: Any) -> str:
        if plaats.client is None and any(request.form.get(n) for n in SOUGHT_BY):
            raise RuleViolation(
                "Kies wie het is, of maak deze velden leeg. Dan is het anoniem.",
                "achternaam",
            )
        dossier, voorziening_id = plaats.find(bij)
        operations_contact.record_contactmoment(
            g.session,
            g.actor,
            now(),
            dossier=dossier,
            inwoner=plaats.client,
            voorziening_id=voorziening_id,
            **answers,
        )
        flash(_follows(answers["uitkomst"], dossier), "success")
        if dossier is None:
            return url_for("vandaag.show_vandaag")
        return url_for("dossier.show_dossier", referentie=dossier.referentie)

    return deed


def _follows(uitkomst: Uitkomst, dossier: Dossier | None) -> str:
    """Say what was done, and what happens because of it."""
    done = "Het contactmoment is vastgelegd."
    if not uitkomst.asks_work:
        return done
    if dossier is None:
        return f"{done} De administratie krijgt een terugbelverzoek."
    who = "consulent" if dossier.consulent_id else "administratie"
    return f"{done} De {who} krijgt een taak."


def _plaats_of_client(client: Inwoner) -> _Plaats:
    dossiers = queries.open_dossiers_of(g.session, g.actor, [client.id])
    own = {each.referentie: each for each in dossiers.get(client.id, [])}
    rights = list_lopend(g.session, g.actor, inwoner_id=client.id)
    return _Plaats(
        client,
        own | {str(right.id): dossier for right, _, dossier in rights},
        [
            *((str(r.id), f"{naam} (dossier {d.referentie})") for r, naam, d in rights),
            *((referentie, f"Dossier {referentie}") for referentie in own),
            ("", "Geen van deze"),
        ],
    )


def _plaats_of_dossier(dossier: Dossier) -> _Plaats:
    rights = list_lopend(g.session, g.actor, dossier_id=dossier.id)
    return _Plaats(
        queries.get_client(g.session, dossier.id),
        {str(right.id): dossier for right, _, _ in rights},
        [
            *((str(right.id), naam) for right, naam, _ in rights),
            ("", "Het dossier in het algemeen"),
        ],
        vast=dossier,
    )


def _page(form: Form, plaats: _Plaats, *, sought: bool = False) -> ResponseReturnValue:
    client = plaats.client
    known = look() if sought and client is None else []
    return form.page(
        "dossier/contactmoment.html",
        plaats=plaats,
        client=client,
        client_bsn=mask_bsn(str(client.bsn)) if client and client.bsn else "",
        eerder=_earlier(client) if client and not plaats.vast else [],
        **offers(known),
        sought=sought,
        kanalen=[(each.value, word) for each, word in woorden.KANAAL.items()],
        uitkomsten=[
            (each.value, word)
            for each, word in woorden.UITKOMST.items()
            if each is not Uitkomst.MELDING
        ],
        may_register=g.actor.may(Permission.MELDING_REGISTER),
    )


def _earlier(client: Inwoner) -> list[dict[str, object]]:
    found = queries.contacten_van(g.session, g.actor, client.id, MOST_EARLIER)
    names = staff_names(g.session, [each.by_id for each in found])
    return [contact_regel(each, names) for each in found]
