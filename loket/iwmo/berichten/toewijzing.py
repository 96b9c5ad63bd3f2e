"""WMO301 toewijzing and its retour WMO302."""

from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar

from loket.iwmo.berichten.onderdelen import (
    Communicatie,
    Contact,
    Geboortedatum,
    Header,
    Omvang,
    Product,
    RetourHeader,
    VolledigeNaam,
)
from loket.iwmo.berichten.vertaling import Klasse, reeks
from loket.iwmo.codes import Geslacht, RedenWijziging


@dataclass(frozen=True, kw_only=True, repr=False)
class Relatie(Klasse):
    """Somebody around the client; the number never changes (OP071)."""

    nummer: str
    volgorde: int | None = None
    soort: str
    geboortedatum: Geboortedatum | None = None
    geslacht: Geslacht | None = None
    naam: VolledigeNaam
    contact: Contact
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class ToegewezenProduct(Klasse):
    """One allocation; the latest Toewijzingsdatum and -tijd are the truth (OP033x1).

    `referentie_aanbieder` only when this message honours a request (IV097), and
    `reden_wijziging` only when it differs from the last time it was sent (IV099).
    """

    toewijzing_nummer: int
    referentie_aanbieder: str | None = None
    product: Product | None = None
    toewijzingsdatum: date
    toewijzingstijd: time
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: RedenWijziging | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    commentaar: str | None = None
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)

    @property
    def is_verwijderd(self) -> bool:
        """Whether it counts as never sent (OP033x1)."""
        return (
            self.einddatum == self.ingangsdatum
            and self.reden_wijziging is RedenWijziging.VERWIJDERD
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Client301(Klasse):
    """The client, with all that is allocated to one aanbieder (OP087)."""

    bsn: str
    geboortedatum: Geboortedatum
    geslacht: Geslacht
    naam: VolledigeNaam
    communicatie: Communicatie | None = None
    juridische_status: str | None = None
    wettelijke_vertegenwoordiging: str | None = None
    commentaar: str | None = None
    relaties: tuple[Relatie, ...] = reeks("Relatie", optional=True)
    contactgegevens: tuple[Contact, ...] = reeks("Contact")
    toegewezen_producten: tuple[ToegewezenProduct, ...] = reeks("ToegewezenProduct")
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht301(Klasse):
    """WMO301: the gemeente allocates."""

    soort: ClassVar[str] = "301"

    header: Header
    client: Client301


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht302(Klasse):
    """WMO302: the aanbieder answers a 301."""

    soort: ClassVar[str] = "302"

    header: RetourHeader
    client: Client301 | None = None
