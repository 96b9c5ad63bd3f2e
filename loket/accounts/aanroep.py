"""A call to the API that was carried out: made again, it counts once."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Model, Moment


class Aanroep(Model):
    """The Idempotency-Key of a call: what was asked, and which row came of it.

    Written in the transaction of the deed, so a twin finds it or waits for it. Holds
    no content: a keyed hash of the question, and the id of the answer.
    """

    __tablename__ = "aanroep"
    __table_args__ = (Index(None, "user_id", "at"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True
    )
    sleutel: Mapped[str] = mapped_column(primary_key=True)
    vraag: Mapped[str]
    """HMAC of method, address, werkplek and body."""
    status: Mapped[int]
    resultaat_id: Mapped[UUID | None]
    at: Mapped[Moment]
