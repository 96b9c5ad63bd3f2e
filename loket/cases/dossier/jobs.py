"""Recurring work of the dossiers: a signal before a term of the law ends."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import Database


def _ending_terms(_today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which dossiers have a term that ends soon or has ended."""
    return (
        select(
            Werkvoorraad.dossier_id,
            Werkvoorraad.dossier_id.label("onderwerp_id"),
            Werkvoorraad.uiterste_datum.label("dag"),
            Dossier.consulent_id,
        )
        .join(Dossier, Dossier.id == Werkvoorraad.dossier_id)
        .where(
            Dossier.closed_at.is_(None),
            Werkvoorraad.fase != Fase.GESLOTEN,
            Werkvoorraad.uiterste_datum <= last,
        )
    )


TERMIJN = Signaal(TaakSoort.TERMIJN_NADERT, "signaal_termijn_dagen", 14, _ending_terms)


def signal_terms(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of terms of the law; return how many changed."""
    return keep_signals(database, at, TERMIJN)
