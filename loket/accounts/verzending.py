"""A form that was sent: sent twice, it counts once."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Model, Moment


class Verzending(Model):
    """The submit token of a form that was carried out, and where it led.

    Written in the transaction of the deed, so a second submit of the same form finds
    it, or waits for it, and is sent to the same page.
    """

    __tablename__ = "verzending"
    __table_args__ = (Index(None, "at"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True
    )
    token: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    at: Mapped[Moment]
