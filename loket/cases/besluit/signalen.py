"""A signal before a right ends: time for a heronderzoek (Wmo art. 2.3.9)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from loket.cases.besluit.voorziening import Voorziening, VoorzieningRegel
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import Database


def _ending(today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which running rights have a last day that comes near, none open-ended."""
    end = func.max(VoorzieningRegel.tot)
    return (
        select(
            Voorziening.dossier_id,
            Voorziening.id.label("onderwerp_id"),
            end.label("dag"),
            Dossier.consulent_id,
        )
        .join(VoorzieningRegel, VoorzieningRegel.voorziening_id == Voorziening.id)
        .join(Dossier, Dossier.id == Voorziening.dossier_id)
        .where(Voorziening.ended_at.is_(None), Dossier.closed_at.is_(None))
        .group_by(Voorziening.id, Voorziening.dossier_id, Dossier.consulent_id)
        .having(
            func.bool_and(VoorzieningRegel.tot.is_not(None)), end.between(today, last)
        )
    )


VOORZIENING = Signaal(
    TaakSoort.VOORZIENING_EINDIGT, "signaal_indicatie_dagen", 56, _ending
)


def signal_voorzieningen(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of rights that end; return how many changed."""
    return keep_signals(database, at, VOORZIENING)
