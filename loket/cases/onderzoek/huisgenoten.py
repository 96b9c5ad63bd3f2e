"""Who lives with the cliënt: as noted in the onderzoek, and as the dossier knows it."""

from datetime import date

from sqlalchemy.orm import Session

from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.queries import list_huisgenoten

Lid = dict[str, str]


def leden_van(onderzoek: Onderzoek) -> list[Lid]:
    """Return the household as it was noted; a copy, to change."""
    if onderzoek.huishouden is None:
        return []
    return [dict(lid) for lid in onderzoek.huishouden["leden"]]


def huisgenoten_uit_dossier(
    session: Session, onderzoek: Onderzoek, dag: date
) -> list[Lid]:
    """Return who lives there as the dossier knows it, with their age on that day."""
    return [
        {
            "naam": each.naam,
            "leeftijd": _leeftijd(each.geboortedatum, dag),
            "relatie": "",
            "hulp": "",
        }
        for each in list_huisgenoten(session, onderzoek.dossier_id, dag)
    ]


def _leeftijd(geboren: date | None, dag: date) -> str:
    if geboren is None:
        return ""
    jaren = dag.year - geboren.year
    return str(jaren - ((dag.month, dag.day) < (geboren.month, geboren.day)))
