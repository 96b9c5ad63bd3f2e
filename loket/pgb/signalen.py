"""A signal before a pgb ends: eight weeks, unless the gemeente says otherwise."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import Database
from loket.pgb.pgb import Pgb


def _ending(today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which budgets end soon and are not followed by another one."""
    later = aliased(Pgb)
    followed = (
        select(later.id)
        .where(later.voorziening_id == Pgb.voorziening_id, later.van > Pgb.tot)
        .exists()
    )
    return (
        select(
            Pgb.dossier_id,
            Pgb.id.label("onderwerp_id"),
            Pgb.tot.label("dag"),
            Dossier.consulent_id,
        )
        .join(Voorziening, Voorziening.id == Pgb.voorziening_id)
        .join(Dossier, Dossier.id == Pgb.dossier_id)
        .where(
            Voorziening.ended_at.is_(None),
            Dossier.closed_at.is_(None),
            Pgb.tot.between(today, last),
            ~followed,
        )
    )


PGB = Signaal(TaakSoort.PGB_EINDIGT, "signaal_pgb_dagen", 56, _ending)


def signal_pgb(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of budgets that end; return how many changed."""
    return keep_signals(database, at, PGB)
