"""Doors to requests for correction, and to what stood there before."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier import queries as dossiers
from loket.cases.dossier import woorden as dossierwoorden
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.schemas import InwonerSchema
from loket.cases.dossier.tabs import dossier_tabs
from loket.cases.dossier.views_inwoner import edits_of
from loket.datum import kort
from loket.errors import RuleViolation
from loket.rechten import operations_correctie as operations
from loket.rechten import queries, queries_correctie, woorden
from loket.rechten.correctieverzoek import Correctieverzoek, Onderwerp
from loket.rechten.schemas import (
    CorrectieSchema,
    CorrectieweigeringSchema,
    VerklaringSchema,
)
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("correctie", __name__)


@bp.route("/dossiers/<referentie>/correctie", methods=["GET", "POST"])
@requires(Permission.RECHTEN_REGISTER)
def register_correctie(referentie: str) -> ResponseReturnValue:
    """Note what the resident wants corrected."""
    dossier = dossiers.get_dossier(g.session, g.actor, referentie)
    today = kort(termijnen.dag_van(now()))
    form = Form(CorrectieSchema(), {"ontvangen_op": today})

    def deed(tekst: str, **answers: Any) -> str:
        onderwerp, tekst_id = _which(tekst)
        made = operations.register_correctieverzoek(
            g.session,
            g.actor,
            now(),
            dossier=dossier,
            onderwerp=onderwerp,
            onderwerp_id=tekst_id,
            **answers,
        )
        flash("Het verzoek is vastgelegd.", "success")
        return url_for(".show_correctie", referentie=made.referentie)

    if answer := form.answer(deed):
        return answer
    dossiers.look_at(g.session, g.actor, now(), dossier)
    texts = queries_correctie.list_texts(g.session, dossier.id)
    return form.page(
        "rechten/correctie_nieuw.html",
        dossier=dossier,
        client=dossiers.get_client(g.session, dossier.id),
        tabs=dossier_tabs(referentie, ""),
        teksten=[
            ("gegevens", woorden.ONDERWERP[Onderwerp.GEGEVENS]),
            *(
                (f"{soort.value}:{tekst_id}", f"{titel}, {kort(dag_van(moment))}")
                for soort, tekst_id, titel, moment in texts
            ),
        ],
    )


def _which(tekst: str) -> tuple[Onderwerp, UUID | None]:
    soort, _, key = tekst.partition(":")
    try:
        return Onderwerp(soort), UUID(key) if key else None
    except ValueError:
        raise RuleViolation("Kies om welke tekst het gaat.", "tekst") from None


@bp.get("/correctieverzoeken/<referentie>")
@requires(Permission.RECHTEN_READ)
def show_correctie(referentie: str) -> ResponseReturnValue:
    """Show one request for correction and what was done with it."""
    verzoek, dossier = queries.get_correctieverzoek(g.session, g.actor, referentie)
    dossiers.look_at(g.session, g.actor, now(), dossier)
    people = [verzoek.registered_by_id, verzoek.handled_by_id]
    return Form().page(
        "rechten/correctie.html",
        verklaring=queries_correctie.verklaring_of(g.session, verzoek),
        namen=staff_names(g.session, [each for each in people if each]),
        dagen=(verzoek.uiterlijk - termijnen.dag_van(now())).days,
        may_handle=g.actor.may(Permission.CORRECTIE_HANDLE),
        **_about(verzoek, dossier),
    )


def _about(verzoek: Correctieverzoek, dossier: Dossier) -> dict[str, Any]:
    return {
        "verzoek": verzoek,
        "dossier": dossier,
        "client": dossiers.get_client(g.session, dossier.id),
        "tabs": dossier_tabs(dossier.referentie, ""),
        "woorden": woorden,
    }


@bp.route("/correctieverzoeken/<referentie>/verbeteren", methods=["GET", "POST"])
@requires(Permission.CORRECTIE_HANDLE)
def correct_gegevens(referentie: str) -> ResponseReturnValue:
    """Correct who somebody is or where they live, as they asked."""
    verzoek, dossier = queries.get_correctieverzoek(g.session, g.actor, referentie)
    client = dossiers.get_client(g.session, dossier.id)
    form = Form(InwonerSchema(), edits=edits_of(client, dossier.id))

    def deed(bsn: str | None, **answers: Any) -> str:
        changes = answers | ({"bsn": bsn} if bsn else {})
        operations.correct_gegevens(
            g.session, g.actor, now(), verzoek=verzoek, changes=changes
        )
        flash("De gegevens zijn verbeterd. De brief wordt gemaakt.", "success")
        return url_for(".show_correctie", referentie=referentie)

    if answer := form.answer(deed):
        return answer
    dossiers.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "rechten/verbeteren.html",
        has_bsn=bool(client.bsn),
        geslachten=list(dossierwoorden.GESLACHT.items()),
        **_about(verzoek, dossier),
    )


@bp.route("/correctieverzoeken/<referentie>/toevoegen", methods=["GET", "POST"])
@requires(Permission.CORRECTIE_HANDLE)
def add_verklaring(referentie: str) -> ResponseReturnValue:
    """Add what the resident says to a text."""
    verzoek, dossier = queries.get_correctieverzoek(g.session, g.actor, referentie)
    form = Form(VerklaringSchema(), {"verklaring": verzoek.gevraagd})

    def deed(verklaring: str) -> str:
        operations.add_verklaring(
            g.session, g.actor, now(), verzoek=verzoek, tekst=verklaring
        )
        flash("Het is toegevoegd. De brief wordt gemaakt.", "success")
        return url_for(".show_correctie", referentie=referentie)

    if answer := form.answer(deed):
        return answer
    dossiers.look_at(g.session, g.actor, now(), dossier)
    return form.page("rechten/toevoegen.html", **_about(verzoek, dossier))


@bp.route("/correctieverzoeken/<referentie>/weigeren", methods=["GET", "POST"])
@requires(Permission.CORRECTIE_HANDLE)
def refuse_correctie(referentie: str) -> ResponseReturnValue:
    """Change nothing, and say why."""
    verzoek, dossier = queries.get_correctieverzoek(g.session, g.actor, referentie)
    form = Form(CorrectieweigeringSchema())

    def deed(**answers: Any) -> str:
        operations.refuse_correctie(
            g.session, g.actor, now(), verzoek=verzoek, **answers
        )
        flash("Het verzoek is geweigerd. De brief wordt gemaakt.", "success")
        return url_for(".show_correctie", referentie=referentie)

    if answer := form.answer(deed):
        return answer
    dossiers.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "rechten/correctie_weigeren.html",
        gronden=list(woorden.CORRECTIEGROND.items()),
        **_about(verzoek, dossier),
    )


@bp.get("/dossiers/<referentie>/geschiedenis")
@requires(Permission.GESCHIEDENIS_READ)
def show_geschiedenis(referentie: str) -> ResponseReturnValue:
    """Show what was known of the cliënt before, and who changed it."""
    dossier = dossiers.get_dossier(g.session, g.actor, referentie)
    found = queries_correctie.read_history(g.session, g.actor, now(), dossier)
    return Form().page(
        "rechten/geschiedenis.html",
        dossier=dossier,
        client=dossiers.get_client(g.session, dossier.id),
        tabs=dossier_tabs(referentie, ""),
        wijzigingen=found,
    )
