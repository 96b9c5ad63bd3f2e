"""How a gemeente looks, with the period in which it looks so."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.accounts.user import User
from loket.db import Gemeentelijk, Id, Model, Moment, in_order, no_overlap, together
from loket.huisstijl.logo import Logo, LogoSoort


class Huisstijl(Gemeentelijk, Model):
    """Colours and logo of a gemeente on its screens and letters, in a period.

    A row never changes in what it looks like: another look is another row, so that a
    letter of an earlier day keeps the look of its day.
    """

    __tablename__ = "huisstijl"
    __table_args__ = (
        no_overlap("gemeente_code"),
        in_order("van", "tot"),
        CheckConstraint("accent ~ '^#[0-9a-f]{6}$'", name="accent_hex"),
        CheckConstraint("tweede ~ '^#[0-9a-f]{6}$'", name="tweede_hex"),
        together("logo", "logo_soort", "logo_merk"),
    )

    id: Mapped[Id]
    accent: Mapped[str]
    """Main colour, as `#0d5490`: buttons, links, headings of letters."""
    tweede: Mapped[str | None]
    """Colour of the bar and of the line on letters; None: a dark shade of the main."""
    logo: Mapped[bytes | None] = mapped_column(LargeBinary(), deferred=True)
    """As `loket.huisstijl.logo` let it through; only read where it is shown."""
    logo_soort: Mapped[LogoSoort | None]
    logo_merk: Mapped[str | None]
    """Hash of the logo: tells one from another without reading them."""
    van: Mapped[date]
    tot: Mapped[date | None]
    set_at: Mapped[Moment]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))

    set_by: Mapped[User] = relationship(foreign_keys=set_by_id, lazy="raise")

    def wear(self, logo: Logo | None) -> None:
        """Take a logo that was checked, or none."""
        self.logo = logo.inhoud if logo else None
        self.logo_soort = logo.soort if logo else None
        self.logo_merk = logo.merk if logo else None

    @property
    def beeld(self) -> Logo | None:
        """The logo, read from the row."""
        if self.logo is None or self.logo_soort is None:
            return None
        return Logo(self.logo_soort, self.logo)

    @property
    def look(self) -> tuple[str, str | None, str | None]:
        """What it looks like: two rows that look the same are equal in this."""
        return self.accent, self.tweede, self.logo_merk
