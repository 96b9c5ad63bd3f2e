"""The two doors of the translation: read a message from bytes, write it to bytes."""

from datetime import date

from loket.iwmo import xml
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht306,
    Bericht307,
    Bericht308,
)
from loket.iwmo.berichten.onderdelen import BerichtIdentificatie, Header, XsdVersie
from loket.iwmo.berichten.toewijzing import Bericht301, Bericht302
from loket.iwmo.berichten.vertaling import K, Lezer, Schrijver
from loket.iwmo.berichten.verzoek import (
    Bericht315,
    Bericht316,
    Bericht317,
    Bericht318,
    Bericht319,
    Bericht320,
)
from loket.iwmo.codes import BERICHTCODES, RETOUR_VAN
from loket.iwmo.xml import BerichtFout, Reden, Schemas, Soort

BerichtInhoud = (
    Bericht301
    | Bericht302
    | Bericht305
    | Bericht306
    | Bericht307
    | Bericht308
    | Bericht315
    | Bericht316
    | Bericht317
    | Bericht318
    | Bericht319
    | Bericht320
)

KLASSEN: dict[str, type[BerichtInhoud]] = {
    klasse.soort: klasse
    for klasse in (
        Bericht301,
        Bericht302,
        Bericht305,
        Bericht306,
        Bericht307,
        Bericht308,
        Bericht315,
        Bericht316,
        Bericht317,
        Bericht318,
        Bericht319,
        Bericht320,
    )
}


def read_bericht(
    data: bytes, schemas: Schemas | None = None, max_bytes: int = xml.MAX_BYTES
) -> BerichtInhoud:
    """Read any message; with `schemas` it must also obey the official XSD."""
    root = xml.read(data, max_bytes)
    soort = xml.soort_of(root)
    if soort.code not in KLASSEN:
        raise BerichtFout(Reden.ONBEKEND_BERICHT)
    if schemas is not None:
        schemas.validate(root)
    is_retour = soort.code in RETOUR_VAN.values()
    lezer = Lezer(soort.namespace, retour=is_retour)
    bericht = lezer.read(KLASSEN[soort.code], root)
    if not _has_own_header(bericht):
        raise BerichtFout(Reden.WAARDE, "Header")
    return bericht


def _has_own_header(bericht: BerichtInhoud) -> bool:
    header = bericht.header
    return (
        header.bericht_code == BERICHTCODES[bericht.soort]
        and header.bericht_versie == 3
        and header.bericht_subversie == 2
    )


def write_bericht(bericht: BerichtInhoud, schemas: Schemas | None = None) -> bytes:
    """Write any message; with `schemas` it is checked before it can leave."""
    if not _has_own_header(bericht):
        raise BerichtFout(Reden.WAARDE, "Header")
    soort = Soort(bericht.soort)
    data = Schrijver(soort.naam, soort.namespace).write(bericht)
    if schemas is not None:
        schemas.validate(xml.read(data))
    return data


def make_header(
    soort: str,
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: date,
    schemas: Schemas | None = None,
) -> Header:
    """Make the header of a message of our own; versions come from the XSD (IV034)."""
    return Header(
        bericht_code=BERICHTCODES[soort],
        afzender=afzender,
        ontvanger=ontvanger,
        bericht_identificatie=BerichtIdentificatie(
            identificatie=identificatie, dagtekening=dagtekening
        ),
        xsd_versie=xsd_versie(soort, schemas),
    )


def xsd_versie(soort: str, schemas: Schemas | None) -> XsdVersie:
    """Tell which XSD a message of this kind is made with."""
    if schemas is None:
        return XsdVersie()
    basis, bericht = schemas.versies(Soort(soort))
    return XsdVersie(basisschema_xsd_versie=basis, bericht_xsd_versie=bericht)


def _read_as(klasse: type[K], data: bytes, schemas: Schemas | None) -> K:
    bericht = read_bericht(data, schemas)
    if not isinstance(bericht, klasse):
        raise BerichtFout(Reden.ONBEKEND_BERICHT)
    return bericht


def read_305(data: bytes, schemas: Schemas | None = None) -> Bericht305:
    """Read the start of the support."""
    return _read_as(Bericht305, data, schemas)


def read_307(data: bytes, schemas: Schemas | None = None) -> Bericht307:
    """Read the stop of the support."""
    return _read_as(Bericht307, data, schemas)


def read_315(data: bytes, schemas: Schemas | None = None) -> Bericht315:
    """Read a request for a toewijzing."""
    return _read_as(Bericht315, data, schemas)


def write_301(bericht: Bericht301, schemas: Schemas | None = None) -> bytes:
    """Write a toewijzing."""
    return write_bericht(bericht, schemas)


def write_306(bericht: Bericht306, schemas: Schemas | None = None) -> bytes:
    """Write the answer to a start."""
    return write_bericht(bericht, schemas)


def write_308(bericht: Bericht308, schemas: Schemas | None = None) -> bytes:
    """Write the answer to a stop."""
    return write_bericht(bericht, schemas)


def write_316(bericht: Bericht316, schemas: Schemas | None = None) -> bytes:
    """Write the receipt of a request."""
    return write_bericht(bericht, schemas)


def write_319(bericht: Bericht319, schemas: Schemas | None = None) -> bytes:
    """Write that a request is refused or under investigation."""
    return write_bericht(bericht, schemas)
