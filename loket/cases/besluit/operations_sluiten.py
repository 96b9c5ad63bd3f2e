"""Closing a dossier: only when nothing runs in it any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.dossier import operations as dossier_operations
from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.cases.onderzoek.queries import find_onderzoek
from loket.db import hold
from loket.errors import RuleViolation


def finish_dossier(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier, reden: Afsluitreden
) -> None:
    """Close the dossier; what still runs is named, so that it can be ended first."""
    hold(session, dossier, "closed_at")
    running = _running(session, dossier)
    if running:
        raise RuleViolation(f"Dit dossier kan nog niet dicht: {', '.join(running)}.")
    dossier_operations.close_dossier(session, by, at, dossier=dossier, reden=reden)


def _running(session: Session, dossier: Dossier) -> list[str]:
    onderzoek = find_onderzoek(session, dossier.id)
    checks = {
        "het onderzoek loopt nog": onderzoek and onderzoek.status == "bezig",
        "er loopt een aanvraag": any(
            aanvraag.status == "open"
            for aanvraag in queries.list_aanvragen(session, dossier.id)
        ),
        "een beschikking is nog niet bekendgemaakt": queries.count_unknown(
            session, dossier.id
        ),
        "er loopt een bezwaar": any(
            bezwaar.status == "open"
            for bezwaar in queries.list_bezwaren(session, dossier.id)
        ),
        "er loopt een voorziening": any(
            not voorziening.ended_at
            for voorziening in queries.list_voorzieningen(session, dossier.id)
        ),
    }
    return [words for words, is_so in checks.items() if is_so]
