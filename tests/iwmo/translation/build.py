"""Valid iWmo messages about people who do not exist; a keyword for what differs."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from loket.iwmo.berichten.inhoud import make_header
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    Client305,
    Client307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.onderdelen import (
    Achternaam,
    Adres,
    Contact,
    Geboortedatum,
    Header,
    Huis,
    Omvang,
    Product,
    VerkorteNaam,
    VolledigeNaam,
)
from loket.iwmo.berichten.toewijzing import Bericht301, Client301, ToegewezenProduct
from loket.iwmo.berichten.verzoek import (
    AangevraagdProduct,
    Antwoord,
    Bericht315,
    Bericht319,
    Client315,
    Verwijzer,
)
from loket.iwmo.codes import (
    AdresSoort,
    Eenheid,
    Frequentie,
    Geslacht,
    NaamGebruik,
    RedenAfwijzingVerzoek,
    RedenBeeindiging,
    StatusAanlevering,
    TypeVerwijzer,
    VerzoekAntwoord,
)

GEMEENTE, AANBIEDER = "0396", "42420001"
BSN = "999900006"
DAGTEKENING = date(2026, 3, 2)
PRODUCT = Product(categorie="01", code="01A01")
OMVANG = Omvang(volume=120, eenheid=Eenheid.MINUUT, frequentie=Frequentie.WEEK)
TOTAAL = Omvang(volume=40, eenheid=Eenheid.UUR, frequentie=Frequentie.TOTAAL)
GEBOREN = Geboortedatum(datum=date(1949, 9, 13))
NAAM = VerkorteNaam(geslachtsnaam=Achternaam(achternaam="Proefdier"), voorletters="P")
VOLLEDIGE_NAAM = VolledigeNaam(
    geslachtsnaam=Achternaam(achternaam="Proefdier", voorvoegsel="van"),
    naam_gebruik=NaamGebruik.EIGEN,
)
ADRES = Adres(
    huis=Huis(huisnummer=12, huisletter="a"),
    postcode="1961AB",
    straatnaam="Proefstraat",
    plaatsnaam="Heemskerk",
    land_code="NL",
)
CONTACT = Contact(soort=AdresSoort.BRP, adres=ADRES)


def header(soort: str, *, incoming: bool = False) -> Header:
    """Make a header; an incoming message comes from the aanbieder."""
    parties = (AANBIEDER, GEMEENTE) if incoming else (GEMEENTE, AANBIEDER)
    return make_header(
        soort,
        afzender=parties[0],
        ontvanger=parties[1],
        identificatie="B00000000001",
        dagtekening=DAGTEKENING,
    )


def toegewezen(**values: Any) -> ToegewezenProduct:
    """Allocate two hours a week for a year."""
    product = ToegewezenProduct(
        toewijzing_nummer=101,
        product=PRODUCT,
        toewijzingsdatum=date(2026, 3, 1),
        toewijzingstijd=time(10, 30),
        ingangsdatum=date(2026, 4, 1),
        einddatum=date(2027, 3, 31),
        omvang=OMVANG,
    )
    return replace(product, **values)


def bericht_301(*producten: ToegewezenProduct, **client: Any) -> Bericht301:
    """Allocate products to one client."""
    values = {
        "bsn": BSN,
        "geboortedatum": GEBOREN,
        "geslacht": Geslacht.VROUWELIJK,
        "naam": VOLLEDIGE_NAAM,
        "contactgegevens": (CONTACT,),
        "toegewezen_producten": producten or (toegewezen(),),
    }
    return Bericht301(header=header("301"), client=Client301(**values | client))


def start(**values: Any) -> StartProduct:
    """Start what was allocated."""
    product = StartProduct(
        toewijzing_nummer=101,
        product=PRODUCT,
        toewijzing_ingangsdatum=date(2026, 1, 1),
        begindatum=date(2026, 2, 2),
        status_aanlevering=StatusAanlevering.EERSTE,
    )
    return replace(product, **values)


def stop(**values: Any) -> StopProduct:
    """Stop what was started."""
    product = StopProduct(
        toewijzing_nummer=101,
        product=PRODUCT,
        toewijzing_ingangsdatum=date(2026, 1, 1),
        begindatum=date(2026, 2, 2),
        reden_beeindiging=RedenBeeindiging.VOLGENS_PLAN,
        einddatum=date(2026, 2, 28),
        status_aanlevering=StatusAanlevering.EERSTE,
    )
    return replace(product, **values)


def bericht_305(*producten: StartProduct, **client: Any) -> Bericht305:
    """Report starts of one client."""
    values = {
        "bsn": BSN,
        "geboortedatum": GEBOREN,
        "geslacht": Geslacht.VROUWELIJK,
        "naam": NAAM,
        "start_producten": producten or (start(),),
    }
    heading = header("305", incoming=True)
    return Bericht305(header=heading, client=Client305(**values | client))


def bericht_307(*producten: StopProduct, **client: Any) -> Bericht307:
    """Report stops of one client."""
    values = {
        "bsn": BSN,
        "geboortedatum": GEBOREN,
        "geslacht": Geslacht.VROUWELIJK,
        "naam": NAAM,
        "stop_producten": producten or (stop(),),
    }
    heading = header("307", incoming=True)
    return Bericht307(header=heading, client=Client307(**values | client))


def aangevraagd(**values: Any) -> AangevraagdProduct:
    """Ask for two hours a week for half a year."""
    product = AangevraagdProduct(
        referentie_aanbieder="R-1",
        product=PRODUCT,
        toewijzing_ingangsdatum=date(2026, 4, 1),
        toewijzing_einddatum=date(2026, 9, 30),
        omvang=OMVANG,
        verwijzer=Verwijzer(type=TypeVerwijzer.GEMEENTE),
    )
    return replace(product, **values)


def bericht_315(*producten: AangevraagdProduct, **client: Any) -> Bericht315:
    """Ask products for one client."""
    values = {
        "bsn": BSN,
        "geboortedatum": GEBOREN,
        "geslacht": Geslacht.VROUWELIJK,
        "naam": NAAM,
        "aangevraagde_producten": producten or (aangevraagd(),),
    }
    heading = header("315", incoming=True)
    return Bericht315(header=heading, client=Client315(**values | client))


def bericht_319(**values: Any) -> Bericht319:
    """Refuse a request."""
    antwoord = Antwoord(
        referentie_aanbieder="R-1",
        verzoek_antwoord=VerzoekAntwoord.AFGEWEZEN,
        reden_afwijzing_verzoek=RedenAfwijzingVerzoek.GEEN_CONTRACT,
    )
    return Bericht319(header=header("319"), antwoord=replace(antwoord, **values))
