"""What can be granted, and on what grounds not: data of the gemeente."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from loket.db import Gemeentelijk, Id, Model, RowRule, no_overlap


class Domein(StrEnum):
    """The four domains of the loket, and what hangs under them as labels."""

    HUISVESTING = "huisvesting"
    HUISHOUDELIJKE_HULP = "huishoudelijke_hulp"
    ZORG = "zorg"
    DAGBESTEDING = "dagbesteding"
    VERVOER = "vervoer"
    HULPMIDDELEN = "hulpmiddelen"


class Eenheid(StrEnum):
    """Unit of volume, iWmo code list WJ756."""

    MINUUT = "01"
    UUR = "04"
    ETMAAL = "14"
    DAGDEEL = "16"
    STUKS_OUTPUT = "82"
    EURO = "83"
    STUKS = "84"


class Frequentie(StrEnum):
    """Per what, iWmo code list WMO757."""

    DAG = "1"
    WEEK = "2"
    MAAND = "4"
    TOTAAL = "6"


class Product(Gemeentelijk, Model):
    """A local product under an iWmo category (WMO020), in a period of validity."""

    __tablename__ = "product"
    __row_rule__ = RowRule.OPEN
    __table_args__ = (
        CheckConstraint("categorie ~ '^[0-9]{2}$'", name="categorie_wmo020"),
        no_overlap("gemeente_code", "code"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    """Local product code, five characters in iWmo."""
    categorie: Mapped[str]
    naam: Mapped[str]
    domein: Mapped[Domein]
    eenheid: Mapped[Eenheid]
    is_dienst: Mapped[bool]
    """A service has minutes or parts of a day; a thing is delivered once."""
    eigen_bijdrage: Mapped[bool]
    van: Mapped[date]
    tot: Mapped[date | None]


class Weigeringsgrond(Gemeentelijk, Model):
    """A codified ground to refuse, with its article, in a period of validity."""

    __tablename__ = "weigeringsgrond"
    __table_args__ = (no_overlap("gemeente_code", "code"),)

    id: Mapped[Id]
    code: Mapped[str]
    artikel: Mapped[str]
    tekst: Mapped[str]
    """The ground in words for the letter, level B1."""
    alleen_pgb: Mapped[bool]
    """Refuses the leveringsvorm pgb, not the voorziening (Wmo art. 2.3.6)."""
    van: Mapped[date]
    tot: Mapped[date | None]
