"""Who was given a dossier, by whom and why: one row each time it changes hands."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class Toedelingreden(StrEnum):
    """Coded reason why a dossier gets another consulent, or none."""

    VERDELING = "verdeling"
    WERKDRUK = "werkdruk"
    AFWEZIGHEID = "afwezigheid"
    DESKUNDIGHEID = "deskundigheid"
    WENS_CLIENT = "wens_client"
    BETROKKENHEID = "betrokkenheid"
    """The consulent knows the cliënt; Awb 2:4 asks for another one."""
    UIT_DIENST = "uit_dienst"
    VERGISSING = "vergissing"


class Toedeling(Sealed, Gemeentelijk, Model):
    """One change of hands of a dossier; a row is never changed."""

    __tablename__ = "toedeling"
    __scope__ = "dossier_id"
    __table_args__ = (
        Index(None, "dossier_id", "at"),
        CheckConstraint("van_id IS DISTINCT FROM naar_id", name="changes_hands"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """Who had it; nobody when it was still to be divided."""
    naar_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """Who gets it; nobody when it is given back."""
    reden: Mapped[Toedelingreden]
    toelichting = sealed.text()
    at: Mapped[Moment]
    by_id: Mapped[UUID]
