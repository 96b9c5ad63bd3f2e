"""A promise to call somebody back before a day, and each time that was tried."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.authz import Role
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed

OPEN = "done_at IS NULL"


class Wie(StrEnum):
    """Whose requests a list shows."""

    ALLE = "alle"
    MIJ = "mij"
    TEAM = "team"
    ROL = "rol"
    GEVRAAGD = "gevraagd"
    """Asked by the reader: it may lie with anybody."""


@dataclass(frozen=True)
class Geadresseerde:
    """Who is to call back: one of a person, a team or a role."""

    user_id: UUID | None = None
    team_id: UUID | None = None
    rol: Role | None = None

    @classmethod
    def of(cls, verzoek: "Terugbelverzoek") -> "Geadresseerde":
        """Tell where a request lies now."""
        return cls(verzoek.voor_user_id, verzoek.voor_team_id, verzoek.voor_rol)

    @property
    def sleutel(self) -> str:
        """The addressee as a choice of a form: kind and name."""
        if self.rol:
            return f"rol-{self.rol.value}"
        return f"team-{self.team_id}" if self.team_id else f"mens-{self.user_id}"


class Terugbelverzoek(Sealed, Gemeentelijk, Model):
    """Somebody is to be called back by a person, a team or a role; exactly one."""

    __tablename__ = "terugbelverzoek"
    __scope__ = "scope_id"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(voor_user_id, voor_team_id, voor_rol) = 1",
            name="one_addressee",
        ),
        together("handed_at", "handed_by_id"),
        together("done_at", "done_by_id"),
        Index(None, "dossier_id"),
        Index(None, "inwoner_id"),
        *(
            Index(
                f"ix_terugbelverzoek_open_{voor}",
                "gemeente_code",
                voor,
                "uiterlijk",
                "id",
                postgresql_where=OPEN,
            )
            for voor in ("voor_user_id", "voor_team_id", "voor_rol")
        ),
    )

    id: Mapped[Id]
    scope_id: Mapped[UUID]
    """Key scope: the dossier, else the inwoner, else this row itself."""
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))
    inwoner_id: Mapped[UUID | None] = mapped_column(ForeignKey("inwoner.id"))
    voor_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    voor_team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    voor_rol: Mapped[Role | None]
    spoed: Mapped[bool]
    uiterlijk: Mapped[date]
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]
    handed_at: Mapped[Moment | None]
    """When it last changed hands; `reden` says why."""
    handed_by_id: Mapped[UUID | None]
    done_at: Mapped[Moment | None]
    done_by_id: Mapped[UUID | None]

    naam = sealed.text()
    """Who asked for it, where that is not the inwoner or nobody known."""
    telefoon = sealed.text()
    notitie = sealed.text()
    reden = sealed.text()

    def check_open(self) -> None:
        """Refuse what can only be done before somebody was reached."""
        if self.done_at:
            raise RuleViolation("Dit terugbelverzoek is al afgehandeld.")

    def finish(self, by_id: UUID, at: datetime) -> None:
        """Somebody was called back; this happens once."""
        self.check_open()
        self.done_at = at
        self.done_by_id = by_id

    def hand_over(
        self, voor: Geadresseerde, reden: str, by_id: UUID, at: datetime
    ) -> None:
        """Let somebody else call back; the last day stays."""
        self.check_open()
        if voor == Geadresseerde.of(self):
            raise RuleViolation("Het verzoek ligt daar al. Kies iemand anders.", "voor")
        self.voor_user_id = voor.user_id
        self.voor_team_id = voor.team_id
        self.voor_rol = voor.rol
        self.reden = reden
        self.handed_at = at
        self.handed_by_id = by_id


class Terugbelpoging(Gemeentelijk, Model):
    """One time that somebody called back and reached nobody."""

    __tablename__ = "terugbelpoging"
    __table_args__ = (Index(None, "terugbelverzoek_id", "at"),)

    id: Mapped[Id]
    terugbelverzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Terugbelverzoek.id))
    at: Mapped[Moment]
    by_id: Mapped[UUID]
