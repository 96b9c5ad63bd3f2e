"""Doors of the verslag and of the two ways in which an onderzoek ends."""

from typing import Any

from flask import Blueprint, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.page import draft_here
from loket.cases.dossier.queries import list_documents
from loket.cases.dossier.queries_verklaring import verklaringen_bij
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek.edits import verslag_edits
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.page import about, back, enter
from loket.cases.onderzoek.schemas import ReactieSchema, SluitenSchema, VerslagSchema
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.onderzoek.verslagbrief import products_of, verslag_blocks
from loket.cases.onderzoek.volledigheid import Onderdeel, list_ontbreekt
from loket.letters.brief import Blok
from loket.web import Form, now

bp = Blueprint(
    "onderzoek_verslag", __name__, url_prefix="/dossiers/<referentie>/onderzoek"
)


@bp.route("/verslag", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def make_verslag(referentie: str) -> ResponseReturnValue:
    """Draw up the verslag or its next version."""
    dossier, onderzoek = enter(referentie)
    last = queries.last_verslag(g.session, onderzoek.id)
    form = Form(
        VerslagSchema(),
        draft=draft_here(dossier, "Verslag"),
        edits=verslag_edits(g.session, onderzoek),
    )

    def deed(**answers: Any) -> str:
        made = operations.make_verslag(
            g.session, g.actor, now(), onderzoek=onderzoek, **answers
        )
        return url_for(".show_verslag", referentie=referentie, versie=made.versie)

    return form.answer(deed) or form.page(
        "onderzoek/verslag_maken.html",
        vorige=last,
        ontbreekt=_missing_before_verslag(onderzoek),
        **about(dossier, onderzoek),
    )


def _missing_before_verslag(onderzoek: Onderzoek) -> list[str]:
    missing = list_ontbreekt(onderzoek, queries.gather(g.session, onderzoek))
    return [each.tekst for each in missing if each.onderdeel != Onderdeel.VERSLAG]


@bp.get("/verslag/<int:versie>")
@requires(Permission.DOSSIER_READ)
def show_verslag(referentie: str, versie: int) -> ResponseReturnValue:
    """Show one version of the verslag with the reaction to it."""
    dossier, onderzoek = enter(referentie)
    verslag = queries.get_verslag_of(g.session, onderzoek, versie)
    page = about(dossier, onderzoek)
    return Form().page(
        "onderzoek/verslag.html",
        verslag=verslag,
        verslagen=queries.list_verslagen(g.session, onderzoek.id),
        document=_document(verslag),
        blocks=_preview(dossier, onderzoek, verslag, page),
        verklaringen=verklaringen_bij(g.session, [verslag.id]).get(verslag.id, []),
        **page,
    )


def _document(verslag: Verslag) -> Any:
    made = list_documents(g.session, verslag.dossier_id)
    return next((each for each in made if each.id == verslag.document_id), None)


def _preview(
    dossier: Dossier, onderzoek: Onderzoek, verslag: Verslag, page: dict[str, Any]
) -> list[tuple[str, Blok]]:
    """Write the verslag out as it stands on paper, each part with its kind."""
    hulpvraag = str(page["melding"].hulpvraag or "") if page["melding"] else ""
    blocks = verslag_blocks(
        onderzoek,
        verslag,
        queries.gather(g.session, onderzoek),
        hulpvraag,
        products_of(g.session, dossier, verslag),
    )
    return [(type(each).__name__, each) for each in blocks]


@bp.route("/verslag/<int:versie>/reactie", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def answer_verslag(referentie: str, versie: int) -> ResponseReturnValue:
    """Record what the cliënt answers, and the signature."""
    dossier, onderzoek = enter(referentie)
    verslag = queries.get_verslag_of(g.session, onderzoek, versie)
    form = Form(ReactieSchema(), draft=draft_here(dossier, "Reactie op het verslag"))

    def deed(**answers: Any) -> str:
        operations.answer_verslag(g.session, g.actor, now(), verslag=verslag, **answers)
        return url_for(".show_verslag", referentie=referentie, versie=versie)

    return form.answer(deed) or form.page(
        "onderzoek/reactie.html", verslag=verslag, **about(dossier, onderzoek)
    )


@bp.route("/afronden", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def complete_onderzoek(referentie: str) -> ResponseReturnValue:
    """End the onderzoek with its verslag, after showing what that means."""
    dossier, onderzoek = enter(referentie)
    form = Form()

    def deed() -> str:
        operations.complete_onderzoek(g.session, g.actor, now(), onderzoek=onderzoek)
        return back(dossier)

    done = form.answer(deed)
    if done:
        return done
    inhoud = queries.gather(g.session, onderzoek)
    return form.page(
        "onderzoek/afronden.html",
        ontbreekt=list_ontbreekt(onderzoek, inhoud),
        ondertekend=bool(inhoud.verslagen and inhoud.verslagen[0].ondertekend_op),
        **about(dossier, onderzoek),
    )


@bp.route("/sluiten", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def close_onderzoek(referentie: str) -> ResponseReturnValue:
    """End without aanvraag, after showing what that means."""
    dossier, onderzoek = enter(referentie)
    form = Form(SluitenSchema())

    def deed(**answers: Any) -> str:
        operations.close_onderzoek(
            g.session, g.actor, now(), onderzoek=onderzoek, **answers
        )
        return back(dossier)

    return form.answer(deed) or form.page(
        "onderzoek/sluiten.html", **about(dossier, onderzoek)
    )
