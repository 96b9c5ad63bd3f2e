"""The seven subjects of art. 2.3.2 lid 4, and the leefgebieden that stay closed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.vault.fields import Sealed, sealed


class Letter(StrEnum):
    """Subjects that an onderzoek must cover (Wmo art. 2.3.2 lid 4)."""

    BEHOEFTEN = "a"
    EIGEN_KRACHT = "b"
    NETWERK = "c"
    MANTELZORG = "d"
    ALGEMENE_VOORZIENING = "e"
    SAMENWERKING = "f"
    BIJDRAGE = "g"

    @property
    def titel(self) -> str:
        """The subject in a few words, for the page and the verslag."""
        return _TITELS[self]

    @property
    def volgende(self) -> "Letter | None":
        """The subject after this one."""
        letters = list(Letter)
        place = letters.index(self) + 1
        return letters[place] if place < len(letters) else None


_TITELS = {
    Letter.BEHOEFTEN: "Behoeften en voorkeuren",
    Letter.EIGEN_KRACHT: "Eigen kracht en gebruikelijke hulp",
    Letter.NETWERK: "Mantelzorg en netwerk",
    Letter.MANTELZORG: "Steun voor de mantelzorger",
    Letter.ALGEMENE_VOORZIENING: "Algemene voorzieningen",
    Letter.SAMENWERKING: "Samenwerking met anderen",
    Letter.BIJDRAGE: "Kosten en eigen bijdrage",
}


class Onderwerp(Sealed, Gemeentelijk, Model):
    """One subject a-g: what the cliënt says, and what the consulent finds."""

    __tablename__ = "onderwerp"
    __table_args__ = (UniqueConstraint("onderzoek_id", "letter"),)

    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    letter: Mapped[Letter]
    woorden_client = sealed.text()
    beoordeling = sealed.text()
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[UUID]

    __mapper_args__ = {"version_id_col": version}

    def rewrite(
        self, woorden_client: str, beoordeling: str, by_id: UUID, at: datetime
    ) -> None:
        """Record the subject anew while the onderzoek is open."""
        self.woorden_client = woorden_client
        self.beoordeling = beoordeling
        self.recorded_at = at
        self.recorded_by_id = by_id


class LeefgebiedSoort(StrEnum):
    """Domains of life; each starts closed (only what is necessary is asked)."""

    FINANCIEN = "financien"
    DAGBESTEDING = "dagbesteding"
    HUISVESTING = "huisvesting"
    HUISELIJKE_RELATIES = "huiselijke_relaties"
    GEESTELIJKE_GEZONDHEID = "geestelijke_gezondheid"
    LICHAMELIJKE_GEZONDHEID = "lichamelijke_gezondheid"
    VERSLAVING = "verslaving"
    DAGELIJKS_LEVEN = "dagelijks_leven"
    SOCIAAL_NETWERK = "sociaal_netwerk"
    MAATSCHAPPELIJKE_PARTICIPATIE = "maatschappelijke_participatie"
    JUSTITIE = "justitie"


class Leefgebied(Sealed, Gemeentelijk, Model):
    """A domain of life that was opened, because a behoefte asks for it.

    There is no row for a closed one: what is not needed is not asked (AVG 5.1.c).
    """

    __tablename__ = "leefgebied"
    __table_args__ = (
        UniqueConstraint("onderzoek_id", "soort"),
        together("recorded_at", "recorded_by_id"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    soort: Mapped[LeefgebiedSoort]
    behoefte_id: Mapped[UUID] = mapped_column(ForeignKey(Behoefte.id))
    """The need that makes it necessary to ask."""
    reden = sealed.text()
    opened_at: Mapped[Moment]
    opened_by_id: Mapped[UUID]
    woorden_client = sealed.text()
    beoordeling = sealed.text()
    recorded_at: Mapped[Moment | None]
    recorded_by_id: Mapped[UUID | None]

    __mapper_args__ = {"version_id_col": version}

    def rewrite(
        self, woorden_client: str, beoordeling: str, by_id: UUID, at: datetime
    ) -> None:
        """Record what was said and found in this domain."""
        self.woorden_client = woorden_client
        self.beoordeling = beoordeling
        self.recorded_at = at
        self.recorded_by_id = by_id
