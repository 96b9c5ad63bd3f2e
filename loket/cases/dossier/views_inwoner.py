"""Doors: correct who somebody is, the people around them, contacts, a death."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier import operations, operations_inwoner, queries, woorden
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.schemas import (
    CONTACT,
    IDENTITEIT,
    BetrokkeneSchema,
    InwonerSchema,
    OverlijdenSchema,
)
from loket.datum import kort
from loket.editing import Edits, Standing
from loket.web import Form, now

bp = Blueprint("inwoner", __name__)


def start_values(inwoner: Inwoner) -> dict[str, Any]:
    """Return what is known of somebody, as it stands in the fields of a form."""
    values = {name: getattr(inwoner, name) for name in (*IDENTITEIT, *CONTACT)}
    if inwoner.geboortedatum:
        values["geboortedatum"] = kort(inwoner.geboortedatum)
    return values | {"geheimhouding": "ja" if inwoner.geheimhouding else ""}


def edits_of(client: Inwoner, dossier_id: UUID) -> Edits:
    """Correct a person: compare with what is known now."""

    def standing() -> Standing:
        g.session.refresh(client)
        values = start_values(client) | {"bsn": None}
        who = client.corrected_by_id or client.registered_by_id
        at = client.corrected_at or client.registered_at
        return Standing(client.version, values, who, at, client)

    words = {
        "geslacht": {each.value: word for each, word in woorden.GESLACHT.items()},
        "geheimhouding": {"ja": "Ja", "": "Nee"},
    }
    key = f"inwoner:{client.id}"
    return Edits(key, standing, woorden.GEGEVENS, dossier_id, words)


@bp.route("/dossiers/<referentie>/inwoner", methods=["GET", "POST"])
@requires(Permission.INWONER_CORRECT)
def correct_inwoner(referentie: str) -> ResponseReturnValue:
    """Correct what is known of the cliënt."""
    dossier = queries.read_dossier(g.session, g.actor, now(), referentie)
    client = queries.get_client(g.session, dossier.id)
    # the BSN is a recorded look of its own: it stands here only to be filled in
    form = Form(InwonerSchema(), edits=edits_of(client, dossier.id))
    if request.method == "POST":

        def deed(bsn: str | None, **answers: Any) -> str:
            changes = answers | ({"bsn": bsn} if bsn else {})
            operations_inwoner.correct_inwoner(
                g.session, g.actor, now(), inwoner=client, **changes
            )
            flash("De gegevens zijn bijgewerkt.", "success")
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    return form.page(
        "dossier/inwoner.html",
        dossier=dossier,
        has_bsn=bool(client.bsn),
        geslachten=list(woorden.GESLACHT.items()),
    )


@bp.route("/dossiers/<referentie>/betrokkenen/nieuw", methods=["GET", "POST"])
@requires(Permission.DOSSIER_UPDATE)
def add_betrokkene(referentie: str) -> ResponseReturnValue:
    """Put somebody around the cliënt in the dossier."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    today = kort(termijnen.dag_van(now()))
    form = Form(BetrokkeneSchema(), {"van": today})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            place = {name: answers.pop(name) for name in ("rol", "bevoegdheid", "van")}
            person = operations_inwoner.register_inwoner(
                g.session, g.actor, now(), **answers
            )
            operations.add_betrokkene(
                g.session, g.actor, now(), dossier=dossier, inwoner=person, **place
            )
            flash("De persoon staat in het dossier.", "success")
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    queries.look_at(g.session, g.actor, now(), dossier)
    return form.page(
        "dossier/betrokkene.html",
        dossier=dossier,
        client=queries.get_client(g.session, dossier.id),
        rollen=[
            (each, word)
            for each, word in woorden.ROL.items()
            if each is not BetrokkeneRol.CLIENT
        ],
        bevoegdheden=[
            (each, word, "Krijgt de brieven" if each.gets_letters else "")
            for each, word in woorden.BEVOEGDHEID.items()
        ],
        geslachten=list(woorden.GESLACHT.items()),
        geen=Bevoegdheid.GEEN,
    )


@bp.route("/dossiers/<referentie>/overlijden", methods=["GET", "POST"])
@requires(Permission.INWONER_CORRECT)
def record_death(referentie: str) -> ResponseReturnValue:
    """Note that the cliënt died, after saying what follows."""
    dossier = queries.read_dossier(g.session, g.actor, now(), referentie)
    client = queries.get_client(g.session, dossier.id)
    form = Form(OverlijdenSchema())
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations_inwoner.record_death(
                g.session, g.actor, now(), inwoner=client, **answers
            )
            flash("Het overlijden is vastgelegd.", "success")
            return url_for("dossier.show_dossier", referentie=referentie)

        if answer := form.submit(deed):
            return answer
    return form.page("dossier/overlijden.html", dossier=dossier, client=client)
