"""A signal when an aanbieder lets a plaatsingsverzoek lie: time to call or go on."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, cast, func, select

from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import Database
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.termijnen import ZONE, werkdagen_later

ANTWOORD_WERKDAGEN = 3
"""How long an aanbieder may think, where the gemeente never said so."""


def _stalled(today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which verzoeken wait longer than the working days between the two days.

    The day of the task is the day on which the help was to begin.
    """
    asked = func.timezone(str(ZONE), Plaatsingsverzoek.requested_at)
    return (
        select(
            Plaatsingsverzoek.dossier_id,
            Plaatsingsverzoek.id.label("onderwerp_id"),
            Plaatsingsverzoek.gewenste_start.label("dag"),
            Dossier.consulent_id,
        )
        .join(Dossier, Dossier.id == Plaatsingsverzoek.dossier_id)
        .where(
            Plaatsingsverzoek.status == "open",
            cast(asked, Date) <= _last_day_too_long(today, (last - today).days),
            Dossier.closed_at.is_(None),
        )
    )


def _last_day_too_long(today: date, werkdagen: int) -> date:
    """Return the newest day from which that many working days have passed."""
    day = today - timedelta(days=werkdagen)
    while werkdagen_later(day, werkdagen) >= today:
        day -= timedelta(days=1)
    return day


VERZOEK = Signaal(
    TaakSoort.VERZOEK_STAAT_STIL,
    "verzoek_antwoord_werkdagen",
    ANTWOORD_WERKDAGEN,
    _stalled,
)


def signal_verzoeken(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of verzoeken nobody answers; return how many changed."""
    return keep_signals(database, at, VERZOEK)
