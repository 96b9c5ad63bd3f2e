"""The parts that several messages share: header, names, addresses, omvang."""

from dataclasses import dataclass
from datetime import date

from loket.iwmo.berichten.vertaling import Basistype, Klasse, reeks
from loket.iwmo.codes import (
    AdresSoort,
    Communicatievorm,
    DatumGebruik,
    Eenheid,
    Frequentie,
    NaamGebruik,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class BerichtIdentificatie(Basistype):
    """Unique per kind of message and sender (TR056); at most twelve characters."""

    identificatie: str
    dagtekening: date


@dataclass(frozen=True, kw_only=True, repr=False)
class XsdVersie(Basistype):
    """The XSDs that a message was made with (IV034)."""

    basisschema_xsd_versie: str = "1.0.0"
    bericht_xsd_versie: str = "1.0.0"


@dataclass(frozen=True, kw_only=True, repr=False)
class Header(Klasse):
    """Who sends what to whom: a gemeente has four digits, an aanbieder eight."""

    bericht_code: str
    bericht_versie: int = 3
    bericht_subversie: int = 2
    afzender: str
    ontvanger: str
    bericht_identificatie: BerichtIdentificatie
    xsd_versie: XsdVersie = XsdVersie()


@dataclass(frozen=True, kw_only=True, repr=False)
class RetourHeader(Header):
    """The header of the message that is answered, unchanged, and the answer (IV028).

    Afzender and Ontvanger are not swapped: the Ontvanger sends the retour.
    """

    identificatie_retour: str
    dagtekening_retour: date
    xslt_versie: str | None = None
    xsd_versie_retour: XsdVersie = XsdVersie()
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Geboortedatum(Basistype):
    """A date of birth; unknown parts are 01 (day, month) or 1900 (IV009)."""

    datum: date
    datum_gebruik: DatumGebruik | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Achternaam(Basistype):
    """A surname and what stands before it."""

    achternaam: str
    voorvoegsel: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VerkorteNaam(Basistype):
    """The name as an aanbieder sends it."""

    geslachtsnaam: Achternaam
    voornamen: str | None = None
    voorletters: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VolledigeNaam(Basistype):
    """The name as a gemeente sends it."""

    geslachtsnaam: Achternaam
    partnernaam: Achternaam | None = None
    voornamen: str | None = None
    voorletters: str | None = None
    naam_gebruik: NaamGebruik


@dataclass(frozen=True, kw_only=True, repr=False)
class Communicatie(Basistype):
    """Which interpreter somebody needs."""

    vorm: Communicatievorm
    taal: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Huis(Basistype):
    """The house in the street."""

    huisnummer: int
    huisletter: str | None = None
    huisnummer_toevoeging: str | None = None
    aanduiding_woonadres: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Adres(Basistype):
    """An address; a Dutch postcode is written without a space (CS089)."""

    huis: Huis | None = None
    postcode: str | None = None
    straatnaam: str | None = None
    plaatsnaam: str | None = None
    land_code: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Telefoon(Basistype):
    """A telephone number: digits only, the country apart."""

    telefoonnummer: str
    landnummer: str = "0031"


@dataclass(frozen=True, kw_only=True, repr=False)
class Telefoonnummers(Basistype):
    """One or two telephone numbers."""

    telefoon01: Telefoon
    telefoon02: Telefoon | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class OpenPeriode(Basistype):
    """A period that may be open at both ends."""

    begindatum: date | None = None
    einddatum: date | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Contact(Klasse):
    """A way to reach a person: a telephone, or a house with postcode (TR006)."""

    soort: AdresSoort
    adres: Adres | None = None
    organisatie: str | None = None
    telefoon: Telefoonnummers | None = None
    emailadres: str | None = None
    periode: OpenPeriode | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Product(Basistype):
    """What is delivered: a category alone (aspecifiek) or with a code (specifiek)."""

    categorie: str
    code: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Omvang(Basistype):
    """How much: a whole number, so use minutes where hours would be broken."""

    volume: int
    eenheid: Eenheid
    frequentie: Frequentie
