"""The list of what is to be destroyed, and the three people who look at it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.archief.bewaartermijn import Zaakresultaat
from loket.archief.vernietigingsverzoek import Vernietigingsverzoek
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    new_referentie,
    status_of,
    together,
)
from loket.errors import RuleViolation

TWEE_STAPPEN = (
    "U deed al een andere stap van deze lijst. Drie mensen kijken ernaar: vraag een"
    " collega."
)


class Tegenhoudreden(StrEnum):
    """Why a list is not carried out; no words of anybody's own."""

    FOUT = "fout"
    NIEUW_FEIT = "nieuw_feit"
    NADER_ONDERZOEK = "nader_onderzoek"


class Uithaalreden(StrEnum):
    """Why one line leaves a list."""

    BELANG = "belang"
    BLIJVEND = "blijvend"
    ONTERECHT = "onterecht"
    STOP = "stop"
    LOOPT_NOG = "loopt_nog"
    TE_VROEG = "te_vroeg"
    IN_GEBRUIK = "in_gebruik"
    LIJST_GESTOPT = "lijst_gestopt"

    @property
    def is_chosen(self) -> bool:
        """Whether a person may give it; the others Loket sees for itself."""
        return self in _CHOSEN


_CHOSEN = frozenset(
    {Uithaalreden.BELANG, Uithaalreden.BLIJVEND, Uithaalreden.ONTERECHT}
)


class Vernietigingslijst(Gemeentelijk, Model):
    """What is to be destroyed: proposed, checked and approved by three people.

    Between the approval and the deed lies time to think again; until it is carried
    out, each of the three may stop it.
    """

    __tablename__ = "vernietigingslijst"
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("reviewed_at", "reviewed_by_id"),
        together("approved_at", "approved_by_id", "uitvoeren_vanaf"),
        together("stopped_at", "stopped_by_id", "stopreden"),
        CheckConstraint(
            "reviewed_by_id <> proposed_by_id AND approved_by_id <> proposed_by_id"
            " AND approved_by_id <> reviewed_by_id",
            name="three_people",
        ),
        CheckConstraint("stopped_at IS NULL OR finished_at IS NULL", name="one_ending"),
        Index(None, "gemeente_code", "proposed_at"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    verzoek_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Vernietigingsverzoek.id), index=True
    )
    """Somebody asked for it; otherwise the bewaartermijn is over."""
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[UUID]
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[UUID | None]
    approved_at: Mapped[Moment | None]
    approved_by_id: Mapped[UUID | None]
    uitvoeren_vanaf: Mapped[Moment | None]
    stopped_at: Mapped[Moment | None]
    stopped_by_id: Mapped[UUID | None]
    stopreden: Mapped[Tegenhoudreden | None]
    finished_at: Mapped[Moment | None]
    status: Mapped[str] = mapped_column(
        status_of(
            gestopt="stopped_at",
            uitgevoerd="finished_at",
            goedgekeurd="approved_at",
            nagekeken="reviewed_at",
            voorgesteld="",
        )
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    @property
    def hands(self) -> set[UUID]:
        """Who did a step so far."""
        found = (self.proposed_by_id, self.reviewed_by_id, self.approved_by_id)
        return {each for each in found if each}

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return not (self.stopped_at or self.finished_at)

    def may_review(self, by_id: UUID) -> bool:
        """Whether this person may check it now."""
        return self.is_open and not self.reviewed_at and by_id not in self.hands

    def may_approve(self, by_id: UUID) -> bool:
        """Whether this person may approve it now."""
        is_next = bool(self.reviewed_at) and not self.approved_at
        return self.is_open and is_next and by_id not in self.hands

    def review(self, by_id: UUID, at: datetime) -> None:
        """Every line was looked at; this happens once, by another than who proposed."""
        self.require_open()
        if self.reviewed_at:
            raise RuleViolation("Deze lijst is al nagekeken.")
        if by_id in self.hands:
            raise RuleViolation(TWEE_STAPPEN)
        self.reviewed_at = at
        self.reviewed_by_id = by_id

    def approve(self, by_id: UUID, at: datetime, vanaf: datetime) -> None:
        """It may be carried out from `vanaf` on; by somebody who did nothing yet."""
        self.require_open()
        if not self.reviewed_at:
            raise RuleViolation("Deze lijst is nog niet nagekeken.")
        if self.approved_at:
            raise RuleViolation("Deze lijst is al goedgekeurd.")
        if by_id in self.hands:
            raise RuleViolation(TWEE_STAPPEN)
        self.approved_at = at
        self.approved_by_id = by_id
        self.uitvoeren_vanaf = vanaf

    def stop(self, reden: Tegenhoudreden, by_id: UUID, at: datetime) -> None:
        """Nothing more of it is destroyed; only one of the three may say so."""
        self.require_open()
        if by_id not in self.hands:
            raise RuleViolation(
                "Alleen wie een stap van deze lijst deed, kan hem tegenhouden."
            )
        self.stopped_at = at
        self.stopped_by_id = by_id
        self.stopreden = reden

    def require_open(self) -> None:
        """Refuse what is over."""
        if self.stopped_at:
            raise RuleViolation("Deze lijst is tegengehouden.")
        if self.finished_at:
            raise RuleViolation("Deze lijst is al uitgevoerd.")


class Regelsoort(StrEnum):
    """Whose key a line destroys. The dossiers come first."""

    DOSSIER = "dossier"
    INWONER = "inwoner"


class Vernietigingsregel(Gemeentelijk, Model):
    """One key on a list: of a dossier, or of a person no dossier speaks of any more."""

    __tablename__ = "vernietigingsregel"
    __table_args__ = (
        together("removed_at", "removed_by_id", "uithaalreden"),
        CheckConstraint(
            "(soort = 'dossier') = (dossier_id IS NOT NULL)"
            " AND (soort = 'inwoner') = (inwoner_id IS NOT NULL)",
            name="one_scope",
        ),
        CheckConstraint(
            "removed_at IS NULL OR destroyed_at IS NULL", name="one_ending"
        ),
        # on one list at a time; what is destroyed never comes back on another
        *(
            Index(
                f"uq_vernietigingsregel_{scope}",
                scope,
                unique=True,
                postgresql_where="removed_at IS NULL",
            )
            for scope in ("dossier_id", "inwoner_id")
        ),
        Index(None, "lijst_id", "soort", "id"),
    )

    id: Mapped[Id]
    lijst_id: Mapped[UUID] = mapped_column(ForeignKey(Vernietigingslijst.id))
    soort: Mapped[Regelsoort]
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey(Dossier.id))
    inwoner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Inwoner.id))
    resultaat: Mapped[Zaakresultaat | None]
    laatste_wijziging: Mapped[date]
    einde: Mapped[date | None]
    vernietigen_vanaf: Mapped[date]
    """As it was when the list was made; looked at again when it is carried out."""
    grond: Mapped[str]
    """For the tombstone: the article and the code, nothing of a person."""
    removed_at: Mapped[Moment | None]
    removed_by_id: Mapped[UUID | None]
    uithaalreden: Mapped[Uithaalreden | None]
    destroyed_at: Mapped[Moment | None]
    status: Mapped[str] = mapped_column(
        status_of(eruit="removed_at", vernietigd="destroyed_at", open="")
    )

    @property
    def scope_id(self) -> UUID:
        """Whose key it is."""
        scope = self.dossier_id or self.inwoner_id
        if scope is None:
            raise ValueError("a line is about a dossier or a person")
        return scope

    def remove(self, reden: Uithaalreden, by_id: UUID, at: datetime) -> None:
        """Take it out of the list; this happens once."""
        if self.destroyed_at:
            raise RuleViolation("Deze regel is al vernietigd.")
        if self.removed_at:
            raise RuleViolation("Deze regel is al van de lijst gehaald.")
        self.removed_at = at
        self.removed_by_id = by_id
        self.uithaalreden = reden
