"""What an aanbieder must know about a cliënt, and what of it is not known here yet."""

import re

from loket.cases.dossier.inwoner import Inwoner
from loket.iwmo.berichten.onderdelen import (
    Achternaam,
    Adres,
    Contact,
    Huis,
    Telefoonnummers,
    VolledigeNaam,
)
from loket.iwmo.berichten.passend import (
    fit_postcode,
    fit_straatnaam,
    fit_telefoon,
    fit_voorletters,
    fit_voorvoegsel,
    shorten,
)
from loket.iwmo.codes import AdresSoort, Geslacht, NaamGebruik
from loket.iwmo.regels import POSTCODE

MAX_NAAM = 200
MAX_PLAATS = 80
MAX_EMAIL = 80
MAX_TOEVOEGING = 4
_GENDERS = {each.value: each for each in Geslacht}
_NO_PARTNER = {NaamGebruik.PSEUDONIEM, NaamGebruik.GEEN_PERSOON}


def ontbrekend(client: Inwoner) -> tuple[str, ...]:
    """Name what a toewijzing (301) cannot do without and is not known."""
    known = {
        "BSN": client.bsn,
        "geboortedatum": client.geboortedatum,
        "postcode": POSTCODE.fullmatch(fit_postcode(client.postcode) or ""),
        "huisnummer": _huisnummer(client.huisnummer),
    }
    return tuple(name for name, value in known.items() if not value)


def geslacht_of(client: Inwoner) -> Geslacht:
    """Write the gender; the list of iWmo has no word for every person."""
    return _GENDERS.get(client.geslacht or "", Geslacht.ONBEKEND)


def naam_of(client: Inwoner) -> VolledigeNaam:
    """Write the whole name."""
    own = Achternaam(
        achternaam=shorten(client.achternaam, MAX_NAAM) or "",
        voorvoegsel=fit_voorvoegsel(client.voorvoegsel),
    )
    partner = shorten(client.partnernaam, MAX_NAAM)
    return VolledigeNaam(
        geslachtsnaam=own,
        partnernaam=Achternaam(
            achternaam=partner,
            voorvoegsel=fit_voorvoegsel(client.partnervoorvoegsel),
        )
        if partner
        else None,
        voornamen=shorten(client.voornamen, MAX_NAAM),
        voorletters=fit_voorletters(client.voorletters),
        naam_gebruik=_naamgebruik(client) if partner else NaamGebruik.EIGEN,
    )


def contact_of(client: Inwoner) -> Contact:
    """Write address, telephone and e-mail."""
    number = fit_telefoon(client.telefoon)
    return Contact(
        soort=AdresSoort.BRP,
        adres=Adres(
            huis=Huis(
                huisnummer=_huisnummer(client.huisnummer),
                huisletter=shorten(client.huisletter, 1),
                huisnummer_toevoeging=shorten(client.toevoeging, MAX_TOEVOEGING),
            ),
            postcode=fit_postcode(client.postcode),
            straatnaam=fit_straatnaam(client.straat),
            plaatsnaam=shorten(client.woonplaats, MAX_PLAATS),
            land_code="NL",
        ),
        telefoon=Telefoonnummers(telefoon01=number) if number else None,
        emailadres=_email(client.email),
    )


def _huisnummer(text: str | None) -> int:
    found = re.match(r"\s*([0-9]{1,5})", text or "")
    return int(found[1]) if found else 0


def _email(text: str | None) -> str | None:
    """Leave out an address that does not fit: cut off it reaches somebody else."""
    return text if text and len(text) <= MAX_EMAIL else None


def _naamgebruik(client: Inwoner) -> NaamGebruik:
    chosen = {each.value: each for each in NaamGebruik if each not in _NO_PARTNER}
    return chosen.get(client.naamgebruik or "", NaamGebruik.EIGEN)
