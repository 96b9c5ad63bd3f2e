"""What a resident says about a text that was written about that resident."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class Tekstsoort(StrEnum):
    """Of which text it is an addition."""

    VERSLAG = "verslag"
    NOTITIE = "notitie"


class Verklaring(Sealed, Gemeentelijk, Model):
    """An addition by the resident; the text itself stays (Wmo art. 5.3.2 lid 3).

    An opinion or a finding of a professional is not overwritten: who reads it, reads
    what the resident says of it as well.
    """

    __tablename__ = "verklaring"
    __scope__ = "dossier_id"
    __table_args__ = (Index(None, "dossier_id", "onderwerp_id"),)

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[Tekstsoort]
    onderwerp_id: Mapped[UUID]
    """The verslag or the notitie."""
    tekst = sealed.text()
    verzoek_id: Mapped[UUID]
    added_at: Mapped[Moment]
    added_by_id: Mapped[UUID]
