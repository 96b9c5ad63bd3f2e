"""The person behind the screen, what they are appointed to and may decide."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.authz import Permission, Role
from loket.db import Gemeentelijk, Id, Model, Moment, RowRule, in_order, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed

MAX_FAILURES = 5
LOCKOUT = timedelta(minutes=15)


class MailWens(StrEnum):
    """How often somebody wants an e-mail that work waits."""

    METEEN = "meteen"
    """As it comes, once in half a day at the most."""
    DAGELIJKS = "dagelijks"
    NOOIT = "nooit"


class User(Sealed, Model):
    """Somebody who can log in: staff of a gemeente, or of one aanbieder.

    Has the five properties Flask-Login asks for, without inheriting the web.
    """

    __tablename__ = "user_account"
    __scope__ = "id"
    __scope_kind__ = "account"
    __fixed_tenant__ = "0000"
    __table_args__ = (together("deactivated_at", "deactivated_by_id"),)

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    naam: Mapped[str]
    password_hash: Mapped[str | None]
    password_temporary_until: Mapped[Moment | None]
    """Until when a password that a beheerder gave works, to choose an own one with."""
    totp_geheim = sealed.text()
    totp_confirmed_at: Mapped[Moment | None]
    totp_last_used: Mapped[int | None]
    """Time step of the last code: one code works once."""
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Moment | None]
    session_epoch: Mapped[int] = mapped_column(default=1)
    """Counts up when all sessions are revoked: older ones end at their next page."""
    mail_adres = sealed.text()
    mail_wens: Mapped[MailWens] = mapped_column(default=MailWens.NOOIT)
    mailed_at: Mapped[Moment | None]
    """The last e-mail: one in half a day at the most."""
    created_at: Mapped[Moment]
    deactivated_at: Mapped[Moment | None]
    deactivated_by_id: Mapped[UUID | None]

    aanstellingen: Mapped[list["Aanstelling"]] = relationship(
        back_populates="user", lazy="raise"
    )

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether this person may come in at all."""
        return self.deactivated_at is None

    def get_id(self) -> str:
        """Name this login session; it ends when the epoch moves on."""
        return f"{self.id}:{self.session_epoch}"

    def is_locked(self, at: datetime) -> bool:
        """Whether too many failures closed the door for a while."""
        return self.locked_until is not None and at < self.locked_until

    def fail_login(self, at: datetime) -> None:
        """Count a wrong password or code; the fifth closes the door."""
        self.failures += 1
        if self.failures >= MAX_FAILURES:
            self.locked_until = at + LOCKOUT
            self.failures = 0

    def pass_login(self) -> None:
        """A right password (and code) clears the count."""
        self.failures = 0
        self.locked_until = None

    def revoke_sessions(self) -> None:
        """End every session of this person at its next request."""
        self.session_epoch += 1

    def has_expired(self, at: datetime) -> bool:
        """Whether the password was temporary and its time has passed."""
        until = self.password_temporary_until
        return until is not None and until <= at

    def forget_second_factor(self) -> None:
        """Let this person set up a second factor anew at the next login."""
        self.totp_geheim = None
        self.totp_confirmed_at = None
        self.totp_last_used = None
        self.revoke_sessions()

    def reactivate(self) -> None:
        """Back in service, with the roles that still hold."""
        if not self.deactivated_at:
            raise RuleViolation("Deze gebruiker is al in gebruik.")
        self.deactivated_at = None
        self.deactivated_by_id = None

    def deactivate(self, by_id: UUID, at: datetime) -> None:
        """Out at once, also out of running sessions."""
        if self.deactivated_at:
            raise RuleViolation("Deze gebruiker is al buiten gebruik.")
        self.deactivated_at = at
        self.deactivated_by_id = by_id
        self.revoke_sessions()


class Aanstelling(Model):
    """One role of one person, for a gemeente or for an aanbieder, in a period."""

    __tablename__ = "aanstelling"
    __table_args__ = (
        CheckConstraint(
            "(gemeente_code IS NULL) <> (aanbieder_id IS NULL)", name="one_employer"
        ),
        CheckConstraint(
            "(rol IN ('aanbieder', 'aanbieder_beheerder'))"
            " = (aanbieder_id IS NOT NULL)",
            name="rol_fits",
        ),
        in_order("van", "tot"),
        Index(None, "user_id", "van"),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    rol: Mapped[Role]
    gemeente_code: Mapped[str | None] = mapped_column(ForeignKey("gemeente.code"))
    aanbieder_id: Mapped[UUID | None] = mapped_column(ForeignKey("aanbieder.id"))
    van: Mapped[date]
    tot: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="aanstellingen", lazy="raise")

    def holds_on(self, day: date) -> bool:
        """Whether this appointment is in force on that day."""
        return self.van <= day and (self.tot is None or day <= self.tot)


class Deed(StrEnum):
    """What mandaat is about: kinds of besluit (Awb 10:1)."""

    TOEKENNEN = "toekennen"
    WEIGEREN = "weigeren"
    WIJZIGEN = "wijzigen"
    INTREKKEN = "intrekken"
    VERLENGEN = "verlengen"


class Mandaat(Gemeentelijk, Model):
    """Who may decide on behalf of the college: deed, product, amount, period.

    Awb 10:1-10:12; given to a role or to one person, written down as data.
    """

    __tablename__ = "mandaat"
    __table_args__ = (
        CheckConstraint("(rol IS NULL) <> (user_id IS NULL)", name="role_or_person"),
        in_order("van", "tot"),
    )
    __row_rule__ = RowRule.STAFF

    id: Mapped[Id]
    rol: Mapped[Role | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    deed: Mapped[Deed]
    productcategorie: Mapped[str | None]
    """iWmo category WMO020; empty means every product."""
    max_bedrag_cent: Mapped[int | None]
    """Highest amount a year in cents; empty means without limit."""
    van: Mapped[date]
    tot: Mapped[date | None]

    def covers(self, day: date, categorie: str, bedrag_cent: int) -> bool:
        """Whether a decision of this size on this product falls within it."""
        in_time = self.van <= day and (self.tot is None or day <= self.tot)
        fits = self.productcategorie in (None, categorie)
        limit = self.max_bedrag_cent
        return in_time and fits and (limit is None or bedrag_cent <= limit)


class ApiToken(Model):
    """A bearer token of a machine, with a person behind it; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (together("revoked_at", "revoked_by_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    naam: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    created_at: Mapped[Moment]
    expires_on: Mapped[date]
    revoked_at: Mapped[Moment | None]
    revoked_by_id: Mapped[UUID | None]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it is for; a scope that names no permission opens nothing."""
        known = set(Permission)
        return frozenset(Permission(s) for s in self.scopes.split() if s in known)

    def holds_on(self, day: date) -> bool:
        """Whether it still opens doors on that day."""
        return self.revoked_at is None and day <= self.expires_on
