"""What the form of the three tests rewrites, read afresh at every comparison."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from loket.cases.besluit.beschikking import Besluitregel
from loket.editing import Edits, Standing
from loket.pgb import queries
from loket.pgb.pgb import HelperSoort, PgbToets

TESTS: Mapping[str, str] = {
    "vaardig": "Vaardig",
    "gemotiveerd": "Gemotiveerd",
    "kwaliteit": "Kwaliteit",
}
LABELS: Mapping[str, str] = {
    **{
        name: text
        for test, label in TESTS.items()
        for name, text in (
            (test, label),
            (f"{test}_toelichting", f"{label}: toelichting"),
        )
    },
    "volume_formeel": "Budget: van een beroepskracht",
    "volume_informeel": "Budget: van iemand uit de omgeving",
    "eisen": "Eisen aan de hulp",
}
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def toets_edits(session: Session, regel: Besluitregel) -> Edits:
    """Do the tests of one besluitregel anew: it begins with the words of the last."""

    def standing() -> Standing:
        toets = queries.reread_toets(session, regel.id)
        if toets is None:
            return Standing()
        session.refresh(regel)
        # each test replaces the one before it: its moment tells them apart
        version = (toets.assessed_at - _BEGIN) // timedelta(microseconds=1)
        values = _known(session, toets) | {"eisen": regel.pgb_eisen or ""}
        return Standing(version, values, toets.assessed_by_id, toets.assessed_at, toets)

    return Edits(f"pgb-toets:{regel.id}", standing, LABELS, regel.dossier_id)


def _known(session: Session, toets: PgbToets) -> dict[str, Any]:
    start: dict[str, Any] = {f"volume_{soort.value}": "" for soort in HelperSoort}
    for name in TESTS:
        start[name] = "ja" if getattr(toets, name) else "nee"
        start[f"{name}_toelichting"] = getattr(toets, f"{name}_toelichting")
    for line in queries.list_budget(session, toets.id):
        start[f"volume_{line.helper.value}"] = line.volume
    return start
