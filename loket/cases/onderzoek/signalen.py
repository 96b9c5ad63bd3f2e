"""A signal before a result that was agreed must be measured."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak, ResultaatScore
from loket.config import Config
from loket.db import Database


def _due_afspraken(_today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which results are to be measured soon and were not measured on that day."""
    measured = (
        select(ResultaatScore.id)
        .where(
            ResultaatScore.afspraak_id == Resultaatafspraak.id,
            ResultaatScore.gemeten_op >= Resultaatafspraak.meetdatum,
        )
        .exists()
    )
    return (
        select(
            Resultaatafspraak.dossier_id,
            Resultaatafspraak.id.label("onderwerp_id"),
            Resultaatafspraak.meetdatum.label("dag"),
            Dossier.consulent_id,
        )
        .join(Dossier, Dossier.id == Resultaatafspraak.dossier_id)
        .where(
            Dossier.closed_at.is_(None),
            Resultaatafspraak.meetdatum <= last,
            ~measured,
        )
    )


MEETMOMENT = Signaal(
    TaakSoort.MEETMOMENT_NADERT, "signaal_meetmoment_dagen", 7, _due_afspraken
)


def signal_meetmomenten(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of results that are to be measured; return how many changed."""
    return keep_signals(database, at, MEETMOMENT)
