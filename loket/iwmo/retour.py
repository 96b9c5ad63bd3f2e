"""Answer a message: make its retour from the rules it breaks (IV028)."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from loket.iwmo.berichten.inhoud import xsd_versie
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht306,
    Bericht307,
    Bericht308,
    Client305,
    Client307,
)
from loket.iwmo.berichten.onderdelen import Header, RetourHeader
from loket.iwmo.berichten.verzoek import Bericht315, Bericht316, Client315
from loket.iwmo.codes import BERICHTCODES, GOED, RETOUR_VAN, TECHNISCH
from loket.iwmo.regels import Codes
from loket.iwmo.xml import Schemas

Client = TypeVar("Client", Client305, Client307, Client315)


def make_306(
    bericht: Bericht305,
    codes: Codes,
    *,
    identificatie: str,
    dagtekening: date,
    schemas: Schemas | None = None,
) -> Bericht306:
    """Answer a start."""
    header = _header(bericht, codes, identificatie, dagtekening, schemas)
    if not _is_about_client(codes):
        return Bericht306(header=header)
    producten = _marked(bericht.client.start_producten, "StartProduct", codes)
    client = replace(_marked_client(bericht.client, codes), start_producten=producten)
    return Bericht306(header=header, client=client)


def make_308(
    bericht: Bericht307,
    codes: Codes,
    *,
    identificatie: str,
    dagtekening: date,
    schemas: Schemas | None = None,
) -> Bericht308:
    """Answer a stop."""
    header = _header(bericht, codes, identificatie, dagtekening, schemas)
    if not _is_about_client(codes):
        return Bericht308(header=header)
    producten = _marked(bericht.client.stop_producten, "StopProduct", codes)
    client = replace(_marked_client(bericht.client, codes), stop_producten=producten)
    return Bericht308(header=header, client=client)


def make_316(
    bericht: Bericht315,
    codes: Codes,
    *,
    identificatie: str,
    dagtekening: date,
    schemas: Schemas | None = None,
) -> Bericht316:
    """Acknowledge a request; the answer itself is a 301 or a 319."""
    header = _header(bericht, codes, identificatie, dagtekening, schemas)
    if not _is_about_client(codes):
        return Bericht316(header=header)
    producten = _marked(
        bericht.client.aangevraagde_producten, "AangevraagdProduct", codes
    )
    client = replace(
        _marked_client(bericht.client, codes), aangevraagde_producten=producten
    )
    return Bericht316(header=header, client=client)


def _is_about_client(codes: Codes) -> bool:
    """Whether the client comes back with it: not for level 2 or a wrong header."""
    alone = any(c.code == TECHNISCH or c.element == "Header" for c in codes)
    return bool(codes) and not alone


def _header_codes(codes: Codes) -> tuple[str, ...]:
    if not codes:
        return ()
    if any(code.code == TECHNISCH for code in codes):
        return (TECHNISCH,)
    return _codes_of(codes, "Header", 0)


def _codes_of(codes: Codes, element: str, volgnummer: int) -> tuple[str, ...]:
    found = [
        c.code for c in codes if (c.element, c.volgnummer) == (element, volgnummer)
    ]
    return tuple(dict.fromkeys(found)) or (GOED,)


def _marked_client(client: Client, codes: Codes) -> Client:
    return replace(client, retour_codes=_codes_of(codes, "Client", 0))


def _marked(producten: tuple[Any, ...], element: str, codes: Codes) -> tuple[Any, ...]:
    return tuple(
        replace(product, retour_codes=_codes_of(codes, element, nummer))
        for nummer, product in enumerate(producten, 1)
    )


def _header(
    bericht: Bericht305 | Bericht307 | Bericht315,
    codes: Codes,
    identificatie: str,
    dagtekening: date,
    schemas: Schemas | None,
) -> RetourHeader:
    """Copy the header unchanged, parties too, and add who we are."""
    soort = RETOUR_VAN[bericht.soort]
    copied = {f.name: getattr(bericht.header, f.name) for f in fields(Header)}
    return RetourHeader(
        **copied | {"bericht_code": BERICHTCODES[soort]},
        identificatie_retour=identificatie,
        dagtekening_retour=dagtekening,
        xsd_versie_retour=xsd_versie(soort, schemas),
        retour_codes=_header_codes(codes),
    )
