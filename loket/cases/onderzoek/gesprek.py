"""The gesprek: one talk may serve several dossiers, as with a couple."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class GesprekVorm(StrEnum):
    """Where or how they talked."""

    THUIS = "thuis"
    LOKET = "loket"
    TELEFOON = "telefoon"
    BEELDBELLEN = "beeldbellen"


class Gesprek(Gemeentelijk, Model):
    """A talk, planned or held; who said what stands with each onderzoek."""

    __tablename__ = "gesprek"

    id: Mapped[Id]
    vorm: Mapped[GesprekVorm]
    gevoerd_op: Mapped[date]
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[UUID]


class GesprekDeelname(Sealed, Gemeentelijk, Model):
    """What one talk brought to one onderzoek: words of the cliënt apart from ours."""

    __tablename__ = "gesprek_deelname"
    __table_args__ = (UniqueConstraint("gesprek_id", "onderzoek_id"),)

    id: Mapped[Id]
    gesprek_id: Mapped[UUID] = mapped_column(ForeignKey(Gesprek.id))
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id), index=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanwezigen = sealed.text()
    woorden_client = sealed.text()
    aantekening = sealed.text()
