"""The letter: what it says and to whom, without knowing any case."""

import re
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Alinea:
    """A paragraph; a new line in the text is a new line on paper."""

    text: str


@dataclass(frozen=True)
class Kop:
    """A heading above the paragraphs that follow."""

    text: str


@dataclass(frozen=True)
class Opsomming:
    """A list, with bullets or with numbers."""

    items: tuple[str, ...]
    genummerd: bool = False


@dataclass(frozen=True)
class Tabel:
    """A table with a heading above each column and a caption."""

    kolommen: tuple[str, ...]
    rijen: tuple[tuple[str, ...], ...]
    bijschrift: str
    breedtes: tuple[int, ...] = ()
    """How wide the columns are to each other; left out: as wide as their content."""

    def __post_init__(self) -> None:
        """Refuse a row that does not fit the columns."""
        if not self.kolommen:
            raise ValueError("a table has columns")
        if any(len(rij) != len(self.kolommen) for rij in self.rijen):
            raise ValueError("each row has a cell for each column")


Inhoud = Alinea | Kop | Opsomming | Tabel


@dataclass(frozen=True)
class Bijlage:
    """Something added to the letter, after the signature and on a page of its own."""

    titel: str
    blocks: tuple[Inhoud, ...]


Blok = Inhoud | Bijlage


@dataclass(frozen=True)
class Briefstijl:
    """How a gemeente looks on paper."""

    kleur: str = "#0b3d66"
    """Of the headings and the name."""
    lijn: str = ""
    """Of the line under the letterhead; that of the headings when left out."""
    logo_svg: str = ""
    logo_png: bytes = b""
    """The logo of the gemeente, in one of two ways; without it the mark of Loket."""

    def __post_init__(self) -> None:
        """Refuse what is no colour."""
        for each in (self.kleur, self.lijn or self.kleur):
            if not re.fullmatch(r"#[0-9a-f]{6}", each):
                raise ValueError("a colour is written as #0b3d66")


@dataclass(frozen=True)
class Afzender:
    """The gemeente that writes."""

    naam: str
    adres: str
    postadres: str
    telefoon: str
    website: str
    onderdeel: str = "Loket sociaal domein"
    stijl: Briefstijl = field(default_factory=Briefstijl)


@dataclass(frozen=True)
class Brief:
    """One letter. `onderwerp` becomes the title of the PDF: no name belongs in it."""

    gemeente: Afzender
    geadresseerde: tuple[str, ...]
    kenmerk: str
    """Reference of the dossier."""
    datum: date
    onderwerp: str
    blocks: tuple[Blok, ...]
    ondertekening: tuple[str, ...]
    behandelaar: str
    kop: str = ""
    """Heading above the text; the onderwerp when left out."""
    vertrouwelijk: bool = True
