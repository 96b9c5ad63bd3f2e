"""The result that was agreed, and how it turns out."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Gemeentelijk, Id, Model, Moment, RowRule
from loket.vault.fields import Sealed, sealed
from loket.vault.rowseal import RowSealed


class Resultaatafspraak(Sealed, RowSealed, Gemeentelijk, Model):
    """What must be reached: from a baseline to a target, measured how, before when.

    Numbers on the scale 1 (not at all) to 5 (entirely) are plain, texts sealed.
    """

    __tablename__ = "resultaatafspraak"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        CheckConstraint("nulmeting BETWEEN 1 AND 5", name="nulmeting_scale"),
        CheckConstraint("doel BETWEEN 1 AND 5", name="doel_scale"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    behoefte_id: Mapped[UUID] = mapped_column(ForeignKey(Behoefte.id))
    resultaat = sealed.text()
    meetwijze = sealed.text()
    nulmeting: Mapped[int]
    doel: Mapped[int]
    meetdatum: Mapped[date]
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]

    scores: Mapped[list["ResultaatScore"]] = relationship(
        back_populates="afspraak", lazy="raise"
    )


class Beoordelaar(StrEnum):
    """Who scores; provider, cliënt and consulent score the same afspraak."""

    CLIENT = "client"
    AANBIEDER = "aanbieder"
    CONSULENT = "consulent"


class ResultaatScore(Sealed, RowSealed, Gemeentelijk, Model):
    """One measurement of one afspraak."""

    __tablename__ = "resultaat_score"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_scale"),)

    id: Mapped[Id]
    afspraak_id: Mapped[UUID] = mapped_column(
        ForeignKey(Resultaatafspraak.id), index=True
    )
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    beoordelaar: Mapped[Beoordelaar]
    score: Mapped[int]
    gemeten_op: Mapped[date]
    toelichting = sealed.text()
    scored_at: Mapped[Moment]
    scored_by_id: Mapped[UUID]

    afspraak: Mapped[Resultaatafspraak] = relationship(
        back_populates="scores", lazy="raise"
    )
