"""What the officer may know of a colleague to see looks at people they know."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class Medewerkerkaart(Sealed, Gemeentelijk, Model):
    """The link of a colleague with themselves as inwoner, and their own postcode.

    Both are optional and only kept where the employer has a ground for it. No BSN, no
    name and no address: the inwoner is an id, the postcode is sealed.
    """

    __tablename__ = "medewerkerkaart"
    __scope__ = "id"
    __scope_kind__ = "medewerkerkaart"
    __table_args__ = (UniqueConstraint("gemeente_code", "user_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    inwoner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("inwoner.id"), index=True
    )
    postcode = sealed.text()
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[UUID]

    def save(
        self, inwoner_id: UUID | None, postcode: str | None, by_id: UUID, at: datetime
    ) -> None:
        """Replace what was known."""
        self.inwoner_id = inwoner_id
        self.postcode = postcode
        self.saved_by_id = by_id
        self.saved_at = at
