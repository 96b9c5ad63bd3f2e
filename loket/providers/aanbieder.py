"""The aanbieder: an organisation that delivers support under contract."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Id, Model, Moment


class Aanbieder(Model):
    """A zorgaanbieder; serves several gemeenten, so not under row-level security."""

    __tablename__ = "aanbieder"
    __table_args__ = (CheckConstraint("agb ~ '^[0-9]{8}$'", name="agb_eight_digits"),)

    id: Mapped[Id]
    naam: Mapped[str]
    agb: Mapped[str] = mapped_column(unique=True)
    """AGB code: eight digits, the address of the aanbieder in iWmo."""
    telefoon: Mapped[str]
    created_at: Mapped[Moment]
