"""WMO315 and 317, what an aanbieder asks; 319, what the gemeente answers; retours."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from loket.iwmo.berichten.onderdelen import (
    Geboortedatum,
    Header,
    Omvang,
    Product,
    RetourHeader,
    VerkorteNaam,
)
from loket.iwmo.berichten.vertaling import Basistype, Klasse, reeks
from loket.iwmo.codes import (
    Geslacht,
    JaNee,
    RedenAfwijzingVerzoek,
    RedenVerzoek,
    TypeVerwijzer,
    VerzoekAntwoord,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Verwijzer(Basistype):
    """Who referred: by AGB code or by name (CD066, CD067, CD068)."""

    type: TypeVerwijzer
    naam: str | None = None
    zorgverlener_code: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class AangevraagdProduct(Klasse):
    """One product asked for, with a reference of its own (TR347)."""

    referentie_aanbieder: str
    beschikking_nummer: int | None = None
    product: Product | None = None
    beschikking_ingangsdatum: date | None = None
    toewijzing_ingangsdatum: date
    toewijzing_einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    verwijzer: Verwijzer
    raamcontract: JaNee | None = None
    commentaar: str | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Client315(Klasse):
    """The client for whom the aanbieder asks."""

    bsn: str
    geboortedatum: Geboortedatum
    geslacht: Geslacht
    naam: VerkorteNaam
    commentaar: str | None = None
    aangevraagde_producten: tuple[AangevraagdProduct, ...] = reeks("AangevraagdProduct")
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht315(Klasse):
    """WMO315: verzoek om toewijzing."""

    soort: ClassVar[str] = "315"

    header: Header
    client: Client315


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht316(Klasse):
    """WMO316: the gemeente has received a 315, in order or not."""

    soort: ClassVar[str] = "316"

    header: RetourHeader
    client: Client315 | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class OngewijzigdProduct(Klasse):
    """A toewijzing that must stay as it is."""

    toewijzing_nummer: int
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class TeWijzigenProduct(Klasse):
    """A toewijzing that must change."""

    toewijzing_nummer: int
    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class NieuwProduct(Klasse):
    """A product that must be added."""

    product: Product | None = None
    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Verzoek(Klasse):
    """A wish for another package, granted or refused as a whole (OP348)."""

    referentie_aanbieder: str
    reden_verzoek: RedenVerzoek
    ongewijzigde_producten: tuple[OngewijzigdProduct, ...] = reeks(
        "OngewijzigdProduct", optional=True
    )
    te_wijzigen_producten: tuple[TeWijzigenProduct, ...] = reeks(
        "TeWijzigenProduct", optional=True
    )
    nieuwe_producten: tuple[NieuwProduct, ...] = reeks("NieuwProduct", optional=True)
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Client317(Klasse):
    """The client for whom the aanbieder wants a change."""

    bsn: str
    verzoek: Verzoek
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht317(Klasse):
    """WMO317: verzoek om wijziging."""

    soort: ClassVar[str] = "317"

    header: Header
    client: Client317


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht318(Klasse):
    """WMO318: the gemeente has received a 317, in order or not."""

    soort: ClassVar[str] = "318"

    header: RetourHeader
    client: Client317 | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Antwoord(Klasse):
    """What became of a request that gets no 301, or not yet."""

    referentie_aanbieder: str
    verzoek_antwoord: VerzoekAntwoord
    reden_afwijzing_verzoek: RedenAfwijzingVerzoek | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht319(Klasse):
    """WMO319: the gemeente answers a request; it carries no client."""

    soort: ClassVar[str] = "319"

    header: Header
    antwoord: Antwoord


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht320(Klasse):
    """WMO320: the aanbieder has received a 319, in order or not."""

    soort: ClassVar[str] = "320"

    header: RetourHeader
    antwoord: Antwoord | None = None
