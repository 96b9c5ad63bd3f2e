"""The resident, whoever they are in a dossier."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment, RowRule, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed_group
from loket.vault.kinds import GONE
from loket.vault.tokens import bsn_digits, exact, isodate, prefix, surname_nl


class Geslacht(StrEnum):
    """iWmo code list COD046."""

    ONBEKEND = "0"
    MAN = "1"
    VROUW = "2"
    ONGESPECIFICEERD = "9"


class Inwoner(Sealed, Gemeentelijk, Model):
    """A person known to one gemeente; a key scope of its own (Wmo art. 5.1.1).

    Identity and contact are two sealed groups: what is shown together is sealed
    together. `verbergen` and `overleden_op` are plain, because work filters on them.
    """

    __tablename__ = "inwoner"
    __scope__ = "id"
    __scope_kind__ = "inwoner"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        together("merged_at", "merged_by_id", "merged_into_id"),
        together("corrected_at", "corrected_by_id"),
        Index(None, "gemeente_code", "registered_at"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    identiteit = sealed_group()
    bsn = identiteit.text(find=exact(bsn_digits), unique=True)
    achternaam = identiteit.text(find=(exact(surname_nl), prefix(surname_nl, 3)))
    voorvoegsel = identiteit.text()
    voornamen = identiteit.text()
    voorletters = identiteit.text()
    partnernaam = identiteit.text(find=(exact(surname_nl), prefix(surname_nl, 3)))
    partnervoorvoegsel = identiteit.text()
    naamgebruik = identiteit.text()
    geboortedatum = identiteit.date(find=exact(isodate))
    geslacht = identiteit.text()
    straat = identiteit.text()
    huisnummer = identiteit.text()
    huisletter = identiteit.text()
    toevoeging = identiteit.text()
    postcode = identiteit.text()
    woonplaats = identiteit.text()
    contact = sealed_group()
    telefoon = contact.text()
    email = contact.text()
    contactwens = contact.text()
    """How to reach this person safely: not by post, only in the morning, and so on."""
    taal = contact.text()
    postadres = contact.text()

    geheimhouding: Mapped[bool] = mapped_column(default=False)
    overleden_op: Mapped[date | None]
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    corrected_at: Mapped[Moment | None]
    corrected_by_id: Mapped[UUID | None]
    merged_at: Mapped[Moment | None]
    merged_by_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    vernietigd_op: Mapped[date | None]
    """Day on which its key was destroyed."""

    __mapper_args__ = {"version_id_col": version}

    @property
    def naam(self) -> str:
        """Name as it stands on a letter: initials, prefix, surname."""
        given = self.voorletters or self.voornamen or ""
        parts = [given, self.voorvoegsel or "", self.achternaam or ""]
        return " ".join(str(part) for part in parts if part) or GONE

    @property
    def adresregels(self) -> tuple[str, ...]:
        """Street and place as on an envelope; empty when no address is known."""
        if not self.straat or not self.postcode:
            return ()
        house = f"{self.huisnummer or ''}{self.huisletter or ''}"
        extra = f"-{self.toevoeging}" if self.toevoeging else ""
        code = str(self.postcode)
        place = f"{code[:4]} {code[4:].strip()}  {self.woonplaats or ''}".strip()
        return (f"{self.straat} {house}{extra}".strip(), place)

    @property
    def pc4(self) -> str | None:
        """Four digits of the postcode: coarse enough for policy and routing."""
        return str(self.postcode)[:4] if self.postcode else None

    def merge_into(self, blijft_id: UUID, by_id: UUID, at: datetime) -> None:
        """This record went into another one of the same person."""
        if self.merged_at:
            raise RuleViolation("Deze inwoner is al samengevoegd.")
        self.merged_at = at
        self.merged_by_id = by_id
        self.merged_into_id = blijft_id

    def part(self) -> None:
        """It was somebody else after all: a person of their own again."""
        self.merged_at = self.merged_by_id = self.merged_into_id = None

    def record_death(self, day: date, at: datetime) -> None:
        """Note that this person died."""
        if self.overleden_op:
            raise RuleViolation("Het overlijden is al vastgelegd.")
        if day > at.date():
            raise RuleViolation("De dag van overlijden ligt in de toekomst.")
        self.overleden_op = day


def write_voorletters(typed: str) -> str:
    """Write initials as on a letter, however they were typed: "jp" is "J.P.".

    Two letters that sound as one stay together ("Th."); a whole name is left alone.
    """
    parts = typed.replace(".", " ").split()
    if len(parts) == 1 and parts == [typed]:
        if typed.isupper() or (typed.islower() and len(typed) <= 3):
            parts = list(typed)
        elif len(typed) > 2:
            return typed
    if not all(part.replace("-", "").isalpha() for part in parts):
        return typed
    return "".join(f"{part[0].upper()}{part[1:]}." for part in parts)


def leeftijdsklasse(geboren: date | None, op: date) -> str:
    """Age in a coarse class, frozen for policy at an event."""
    if geboren is None:
        return "onbekend"
    jaren = op.year - geboren.year - ((op.month, op.day) < (geboren.month, geboren.day))
    for bound, label in ((18, "0-17"), (45, "18-44"), (65, "45-64"), (75, "65-74")):
        if jaren < bound:
            return label
    return "75-84" if jaren < 85 else "85+"
