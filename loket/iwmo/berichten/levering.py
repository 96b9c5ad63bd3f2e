"""WMO305 start and WMO307 stop of the support, and their retours 306 and 308."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from loket.iwmo.berichten.onderdelen import (
    Geboortedatum,
    Header,
    Product,
    RetourHeader,
    VerkorteNaam,
)
from loket.iwmo.berichten.vertaling import Klasse, reeks
from loket.iwmo.codes import Geslacht, RedenBeeindiging, StatusAanlevering


@dataclass(frozen=True, kw_only=True, repr=False)
class StartProduct(Klasse):
    """The real start of one product; it does not change the toewijzing (OP369)."""

    toewijzing_nummer: int | None = None
    product: Product | None = None
    toewijzing_ingangsdatum: date | None = None
    begindatum: date
    status_aanlevering: StatusAanlevering
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)

    @property
    def sleutel(self) -> tuple[object, ...]:
        """The logical key (IV008, TR101)."""
        return (self.toewijzing_nummer, self.product, self.begindatum)


@dataclass(frozen=True, kw_only=True, repr=False)
class StopProduct(Klasse):
    """The real end of one product, for a while (20) or for good."""

    toewijzing_nummer: int | None = None
    product: Product | None = None
    toewijzing_ingangsdatum: date | None = None
    begindatum: date
    reden_beeindiging: RedenBeeindiging
    einddatum: date
    status_aanlevering: StatusAanlevering
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)

    @property
    def sleutel(self) -> tuple[object, ...]:
        """The logical key (IV008, TR101)."""
        return (*self.start_sleutel, self.reden_beeindiging, self.einddatum)

    @property
    def start_sleutel(self) -> tuple[object, ...]:
        """The key of the start that this stop ends (TR382)."""
        return (self.toewijzing_nummer, self.product, self.begindatum)

    @property
    def is_tijdelijk(self) -> bool:
        """Whether the support is expected to go on later."""
        return self.reden_beeindiging is RedenBeeindiging.TIJDELIJK


@dataclass(frozen=True, kw_only=True, repr=False)
class Client305(Klasse):
    """The client of a 305."""

    bsn: str
    geboortedatum: Geboortedatum
    geslacht: Geslacht
    naam: VerkorteNaam
    start_producten: tuple[StartProduct, ...] = reeks("StartProduct")
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Client307(Klasse):
    """The client of a 307."""

    bsn: str
    geboortedatum: Geboortedatum
    geslacht: Geslacht
    naam: VerkorteNaam
    stop_producten: tuple[StopProduct, ...] = reeks("StopProduct")
    retour_codes: tuple[str, ...] = reeks("RetourCode", optional=True)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht305(Klasse):
    """WMO305: the aanbieder started."""

    soort: ClassVar[str] = "305"

    header: Header
    client: Client305


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht306(Klasse):
    """WMO306: the gemeente answers a 305."""

    soort: ClassVar[str] = "306"

    header: RetourHeader
    client: Client305 | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht307(Klasse):
    """WMO307: the aanbieder stopped."""

    soort: ClassVar[str] = "307"

    header: Header
    client: Client307


@dataclass(frozen=True, kw_only=True, repr=False)
class Bericht308(Klasse):
    """WMO308: the gemeente answers a 307."""

    soort: ClassVar[str] = "308"

    header: RetourHeader
    client: Client307 | None = None
