"""Doors of the visit: the whole talk on one page, and a page the cliënt reads along."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import operations, operations_behoefte, queries
from loket.cases.onderzoek.bezoek import Deel, list_delen
from loket.cases.onderzoek.edits import bezoek_edits
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs, Onderzoek
from loket.cases.onderzoek.page import about, back, enter
from loket.cases.onderzoek.schemas import bezoek_schema
from loket.datum import kort
from loket.drafts.draft import DraftOf
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint(
    "onderzoek_bezoek", __name__, url_prefix="/dossiers/<referentie>/onderzoek/bezoek"
)
FORM = "onderzoek.bezoek"


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def record_bezoek(referentie: str) -> ResponseReturnValue:
    """Write down a whole visit, in any order; what was typed survives everything."""
    dossier, onderzoek = enter(referentie)
    if onderzoek.ended_at and request.method == "GET":
        return redirect(back(dossier), 303)
    delen = list_delen(queries.gather(g.session, onderzoek))
    form = _form(dossier, onderzoek, delen)

    def deed(**answers: Any) -> str:
        new = [each for each in delen if each.is_new(*_typed(answers, each))]
        _record_delen(onderzoek, new, answers)
        _record_talk(onderzoek, **_talk(answers))
        flash("Het bezoek is vastgelegd in het dossier.", "success")
        return back(dossier)

    return form.answer(deed) or form.page(
        "onderzoek/bezoek.html", delen=delen, **about(dossier, onderzoek)
    )


@bp.get("/meelezen")
@requires(Permission.ONDERZOEK_DO)
def read_along(referentie: str) -> ResponseReturnValue:
    """Show the cliënt, in large letters, what was written down in their own words."""
    dossier, onderzoek = enter(referentie)
    inhoud = queries.gather(g.session, onderzoek)
    delen = list_delen(inhoud)
    form = _form(dossier, onderzoek, delen)
    own = [
        (each.titel, str(words))
        for each in delen
        if (words := form.value(f"woorden_{each.naam}"))
    ]
    return form.page(
        "onderzoek/meelezen.html",
        verteld=form.value("verteld"),
        delen=own,
        afspraken=inhoud.afspraken,
        **about(dossier, onderzoek),
    )


def _form(dossier: Dossier, onderzoek: Onderzoek, delen: Sequence[Deel]) -> Form:
    values: dict[str, Any] = {
        "vorm": GesprekVorm.THUIS.value,
        "gevoerd_op": kort(dag_van(now())),
        "bewijs": onderzoek.identiteitsbewijs,
    }
    url = url_for("onderzoek_bezoek.record_bezoek", referentie=dossier.referentie)
    return Form(
        bezoek_schema(each.naam for each in delen),
        values,
        draft=DraftOf(
            FORM,
            f"Bezoek in dossier {dossier.referentie}",
            dossier.referentie,
            url,
            dossier.id,
        ),
        edits=bezoek_edits(g.session, onderzoek, delen),
    )


def _typed(answers: Mapping[str, Any], deel: Deel) -> tuple[str, str]:
    return answers[f"woorden_{deel.naam}"], answers[f"beoordeling_{deel.naam}"]


def _talk(answers: Mapping[str, Any]) -> dict[str, Any]:
    names = ("vorm", "gevoerd_op", "aanwezigen", "verteld", "aantekening", "bewijs")
    return {name: answers[name] for name in names}


def _record_delen(
    onderzoek: Onderzoek, delen: Sequence[Deel], answers: Mapping[str, Any]
) -> None:
    for each in delen:
        words, finding = _typed(answers, each)
        if isinstance(each.sleutel, Letter):
            operations.record_onderwerp(
                g.session,
                g.actor,
                now(),
                onderzoek=onderzoek,
                letter=each.sleutel,
                woorden_client=words,
                beoordeling=finding,
            )
            continue
        operations_behoefte.record_leefgebied(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            soort=each.sleutel,
            woorden_client=words,
            beoordeling=finding,
        )


def _record_talk(
    onderzoek: Onderzoek,
    *,
    vorm: GesprekVorm,
    gevoerd_op: date,
    aanwezigen: str | None,
    verteld: str | None,
    aantekening: str | None,
    bewijs: Identiteitsbewijs | None,
) -> None:
    if verteld and aanwezigen:
        operations.record_gesprek(
            g.session,
            g.actor,
            now(),
            onderzoeken=[onderzoek],
            vorm=vorm,
            gevoerd_op=gevoerd_op,
            aanwezigen=aanwezigen,
            woorden_client=verteld,
            aantekening=aantekening,
        )
    if bewijs is not None and bewijs != onderzoek.identiteitsbewijs:
        operations.see_identiteit(
            g.session, g.actor, now(), onderzoek=onderzoek, bewijs=bewijs
        )
