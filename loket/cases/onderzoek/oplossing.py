"""How a behoefte is met: own strength first, maatwerk for the rest."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.producten.product import Frequentie
from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class OplossingSoort(StrEnum):
    """The order of the law: what comes before maatwerk (Wmo art. 2.3.5 lid 3)."""

    EIGEN_KRACHT = "eigen_kracht"
    GEBRUIKELIJKE_HULP = "gebruikelijke_hulp"
    NETWERK = "netwerk"
    ALGEMEEN_GEBRUIKELIJK = "algemeen_gebruikelijk"
    ALGEMENE_VOORZIENING = "algemene_voorziening"
    ANDERE_WET = "andere_wet"
    MAATWERK = "maatwerk"


class Leveringsvorm(StrEnum):
    """How a right is delivered."""

    NATURA = "natura"
    PGB = "pgb"


class Oplossing(Sealed, Gemeentelijk, Model):
    """One solution for one behoefte; only maatwerk names a product."""

    __tablename__ = "oplossing"
    __table_args__ = (
        CheckConstraint(
            "(soort = 'maatwerk') = (product_code IS NOT NULL)", name="maatwerk_product"
        ),
        Index(None, "onderzoek_id"),
    )

    id: Mapped[Id]
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    behoefte_id: Mapped[UUID] = mapped_column(ForeignKey(Behoefte.id))
    soort: Mapped[OplossingSoort]
    toelichting = sealed.text()
    product_code: Mapped[str | None]
    volume: Mapped[int | None]
    """In the unit of the product, per `frequentie`."""
    frequentie: Mapped[Frequentie | None]
    gewenste_vorm: Mapped[Leveringsvorm | None]
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[UUID]
