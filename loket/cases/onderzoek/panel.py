"""The onderzoek on the page of its dossier: where it stands and what comes next."""

from collections.abc import Iterator
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from loket.authz import Actor, Permission
from loket.cases.dossier.queries import dossier_of
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.onderzoek import queries, woorden
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.page import SHOW
from loket.cases.onderzoek.volledigheid import list_ontbreekt
from loket.web import Panel


def show_panel(session: Session, by: Actor, dossier_id: UUID) -> Panel | None:
    """Show status, last day and next step of the onderzoek."""
    dossier = dossier_of(session, by, dossier_id)
    onderzoek = queries.find_onderzoek(session, dossier_id)
    if onderzoek is None and dossier.closed_at:
        return None
    return Panel(
        "Onderzoek",
        "onderzoek/panel.html",
        onderzoek=onderzoek,
        status=woorden.STATUS[onderzoek.status] if onderzoek else None,
        volgende=_next_step(session, onderzoek),
        url=url_for(SHOW, referentie=dossier.referentie),
        mag=by.may(Permission.ONDERZOEK_DO),
        tijdlijn=list(_steps(session, onderzoek)) if onderzoek else [],
    )


def _steps(session: Session, onderzoek: Onderzoek) -> Iterator[Stap]:
    yield Stap("Onderzoek gestart", onderzoek.started_at)
    for gesprek, _ in queries.list_gesprekken(session, onderzoek.id):
        yield Stap("Gesprek", gesprek.gevoerd_op, tekst=woorden.VORM[gesprek.vorm])
    for verslag in queries.list_verslagen(session, onderzoek.id):
        yield Stap(f"Verslag gemaakt, versie {verslag.versie}", verslag.made_at)
        if verslag.reactie:
            answer = woorden.REACTIE[verslag.reactie]
            yield Stap("Reactie op het verslag", verslag.answered_at, tekst=answer)
    if onderzoek.completed_at:
        yield Stap("Onderzoek afgerond", onderzoek.completed_at)
    if onderzoek.closed_at:
        yield Stap("Onderzoek gesloten zonder aanvraag", onderzoek.closed_at)


def _next_step(session: Session, onderzoek: Onderzoek | None) -> str:
    if onderzoek is None:
        return "Start het onderzoek."
    if onderzoek.closed_at:
        return "Er komt geen aanvraag."
    verslag = queries.last_verslag(session, onderzoek.id)
    if onderzoek.completed_at:
        signed = verslag and verslag.ondertekend_op
        return "Het verslag is ondertekend." if signed else "Wacht op de cliënt."
    missing = list_ontbreekt(onderzoek, queries.gather(session, onderzoek))
    if not missing:
        return "Rond het onderzoek af."
    more = f" en nog {len(missing) - 1}" if len(missing) > 1 else ""
    return f"Nog vast te leggen: {missing[0].tekst}{more}."
