"""The rules of iWmo 3.2 that the XSD cannot check: those inside one message (level 2).

All of them reject the whole message with 0001 (IV028). What needs earlier messages
stands in `geschiedenis.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loket.bsn import is_bsn
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.onderdelen import (
    Adres,
    Contact,
    Geboortedatum,
    Omvang,
    VolledigeNaam,
)
from loket.iwmo.berichten.toewijzing import Bericht301, Relatie, ToegewezenProduct
from loket.iwmo.berichten.verzoek import AangevraagdProduct, Bericht315, Bericht319
from loket.iwmo.codes import (
    TECHNISCH,
    AdresSoort,
    Communicatievorm,
    DatumGebruik,
    Eenheid,
    Frequentie,
    NaamGebruik,
    RedenWijziging,
    StatusAanlevering,
    TypeVerwijzer,
    VerzoekAntwoord,
)
from loket.iwmo.regelteksten import REGELTEKSTEN
from loket.iwmo.stapeling import Kern, is_gestapeld
from loket.iwmo.xml import BerichtFout, Melding, Reden

OMVANG_NIEUWE_STIJL = date(2020, 12, 31)
MAX_JAREN = 120
POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")
PER_PERIODE = {Frequentie.WEEK, Frequentie.MAAND, Frequentie.TOTAAL}
VASTE_EENHEDEN = {
    Eenheid.ETMAAL,
    Eenheid.DAGDEEL,
    Eenheid.EURO,
    Eenheid.STUKS_INSPANNING,
}
VERWIJZERS_MET_AGB = {
    TypeVerwijzer.HUISARTS,
    TypeVerwijzer.JEUGDARTS,
    TypeVerwijzer.GECERTIFICEERDE_INSTELLING,
    TypeVerwijzer.MEDISCH_SPECIALIST,
}


@dataclass(frozen=True)
class Retourcode:
    """A rule that a message breaks, and in which class; never a value of it.

    `volgnummer` counts repeated classes from 1; `code` is empty for a rule that binds
    only the gemeente, which has no code in WJ001.
    """

    regel: str
    element: str
    volgnummer: int = 0
    code: str = TECHNISCH

    @property
    def tekst(self) -> str:
        """Say in Dutch what is wrong."""
        return REGELTEKSTEN[self.regel]


Codes = list[Retourcode]


def broken(
    element: str, volgnummer: int, facts: Iterable[tuple[str, bool]], code: str = "0001"
) -> Codes:
    """Keep the rules that are broken."""
    return [
        Retourcode(regel, element, volgnummer, code) for regel, wrong in facts if wrong
    ]


def toets_301(bericht: Bericht301) -> Codes:
    """Check a toewijzing before it leaves."""
    client, dagtekening = bericht.client, _dagtekening(bericht)
    producten = client.toegewezen_producten
    codes = toets_persoon(client.bsn, client.geboortedatum, dagtekening)
    taal = client.communicatie
    codes += broken(
        "Client",
        0,
        [
            ("CD007", taal is not None and _needs_taal(taal.vorm) != bool(taal.taal)),
            ("CS050", not _name_fits(client.naam)),
            ("TR061", not any(_is_reachable_at(c) for c in client.contactgegevens)),
            ("TR101", _has_doubles(c.soort for c in client.contactgegevens)),
            ("TR101", _has_doubles(r.nummer for r in client.relaties)),
            ("TR101", _has_doubles(p.toewijzing_nummer for p in producten)),
            ("TR302", is_gestapeld([_kern_301(p) for p in producten if _counts(p)])),
        ],
    )
    for nummer, contact in enumerate(client.contactgegevens, 1):
        codes += _toets_contact(contact, nummer)
    for nummer, relatie in enumerate(client.relaties, 1):
        codes += _toets_relatie(relatie, nummer, dagtekening)
    for nummer, product in enumerate(producten, 1):
        codes += _toets_toegewezen(product, nummer, dagtekening)
    return codes


def require_301(bericht: Bericht301) -> None:
    """Refuse to send a toewijzing that breaks a rule."""
    codes = toets_301(bericht)
    if not codes:
        return
    reden = Reden.BSN if any(c.regel == "CS002" for c in codes) else Reden.REGEL
    raise BerichtFout(
        reden, meldingen=tuple(Melding(c.volgnummer, c.element, c.regel) for c in codes)
    )


def toets_305(bericht: Bericht305) -> Codes:
    """Check the start of the support on itself."""
    client, dagtekening = bericht.client, _dagtekening(bericht)
    codes = toets_persoon(client.bsn, client.geboortedatum, dagtekening)
    sleutels = (p.sleutel for p in client.start_producten)
    codes += broken("Client", 0, [("TR101", _has_doubles(sleutels))])
    for nummer, product in enumerate(client.start_producten, 1):
        codes += _toets_levering("StartProduct", product, nummer, dagtekening)
    return codes


def toets_307(bericht: Bericht307) -> Codes:
    """Check the stop of the support on itself."""
    client, dagtekening = bericht.client, _dagtekening(bericht)
    codes = toets_persoon(client.bsn, client.geboortedatum, dagtekening)
    sleutels = (p.sleutel for p in client.stop_producten)
    codes += broken("Client", 0, [("TR101", _has_doubles(sleutels))])
    for nummer, product in enumerate(client.stop_producten, 1):
        codes += _toets_levering("StopProduct", product, nummer, dagtekening)
        codes += broken(
            "StopProduct",
            nummer,
            [
                ("TR018", product.einddatum < product.begindatum),
                ("TR134", product.einddatum > dagtekening),
            ],
        )
    return codes


def toets_315(bericht: Bericht315) -> Codes:
    """Check a request for a toewijzing on itself."""
    client, dagtekening = bericht.client, _dagtekening(bericht)
    producten = client.aangevraagde_producten
    codes = toets_persoon(client.bsn, client.geboortedatum, dagtekening)
    codes += broken(
        "Client",
        0,
        [
            ("TR383", _has_doubles(p.referentie_aanbieder for p in producten)),
            ("TR386", is_gestapeld([_kern_315(p) for p in producten])),
        ],
    )
    for nummer, product in enumerate(producten, 1):
        codes += _toets_aangevraagd(product, nummer)
    return codes


def toets_319(bericht: Bericht319) -> Codes:
    """Check an answer before it leaves: a refusal needs a reason (CD085, CD086)."""
    antwoord = bericht.antwoord
    rejected = antwoord.verzoek_antwoord is VerzoekAntwoord.AFGEWEZEN
    has_reason = antwoord.reden_afwijzing_verzoek is not None
    facts = [
        ("CD085", rejected and not has_reason),
        ("CD086", not rejected and has_reason),
    ]
    return broken("Antwoord", 0, facts)


def toets_persoon(bsn: str, geboortedatum: Geboortedatum, dagtekening: date) -> Codes:
    """Check BSN (CS002) and date of birth (CS139, TR002, TR134) of a client."""
    facts = [("CS002", not is_bsn(bsn)), *_birth_facts(geboortedatum, dagtekening)]
    return broken("Client", 0, facts)


def _birth_facts(
    geboortedatum: Geboortedatum, dagtekening: date
) -> list[tuple[str, bool]]:
    datum, gebruik = geboortedatum.datum, geboortedatum.datum_gebruik
    unknown = gebruik is DatumGebruik.ONBEKEND
    last_birthday = (datum.year + MAX_JAREN, datum.month, datum.day)
    today = (dagtekening.year, dagtekening.month, dagtekening.day)
    return [
        ("CS139", not _fits_gebruik(datum, gebruik)),
        ("TR002", not unknown and last_birthday < today),
        ("TR134", datum > dagtekening),
    ]


def _fits_gebruik(datum: date, gebruik: DatumGebruik | None) -> bool:
    """Whether the unknown parts are written as 01 and 1900 (IV009)."""
    if gebruik is DatumGebruik.DAG_ONBEKEND:
        return datum.day == 1
    if gebruik is DatumGebruik.DAG_EN_MAAND_ONBEKEND:
        return (datum.month, datum.day) == (1, 1)
    return gebruik is None or datum == date(1900, 1, 1)


def toets_kern(
    kern: Kern,
    element: str,
    nummer: int,
    *,
    omvang_regel: str = "CD080",
    eenheid_regel: str = "CS338",
) -> Codes:
    """Check which of product, omvang and budget go together (three variants)."""
    omvang, has_budget = kern.omvang, kern.budget is not None
    is_recent = kern.laatste_dag > OMVANG_NIEUWE_STIJL
    per_week = omvang is not None and omvang.frequentie is Frequentie.WEEK
    facts = [
        ("CD041", kern.code is not None and omvang is None),
        ("CD075", has_budget and kern.einddatum is None),
        ("CD076", per_week and kern.einddatum is None),
        ("CD077", has_budget and omvang is not None),
        ("CD079", not has_budget and kern.product is None),
        (omvang_regel, kern.code is None and omvang is not None and is_recent),
        (eenheid_regel, is_recent and not _unit_fits(omvang)),
        ("CS003", kern.laatste_dag < kern.ingangsdatum),
    ]
    return broken(element, nummer, facts)


def _unit_fits(omvang: Omvang | None) -> bool:
    if omvang is None or omvang.eenheid not in VASTE_EENHEDEN:
        return True
    return omvang.frequentie in PER_PERIODE


def _kern_301(product: ToegewezenProduct) -> Kern:
    return Kern(
        product.product,
        product.omvang,
        product.budget,
        product.ingangsdatum,
        product.einddatum,
    )


def _kern_315(product: AangevraagdProduct) -> Kern:
    return Kern(
        product.product,
        product.omvang,
        product.budget,
        product.toewijzing_ingangsdatum,
        product.toewijzing_einddatum,
    )


def _toets_toegewezen(
    product: ToegewezenProduct, nummer: int, dagtekening: date
) -> Codes:
    reden = product.reden_wijziging
    removed = reden is RedenWijziging.VERWIJDERD
    facts = [
        ("CS335", removed and product.einddatum != product.ingangsdatum),
        ("CS336", reden is RedenWijziging.ADMINISTRATIEF_VERVALLEN),
        ("TR134", product.toewijzingsdatum > dagtekening),
    ]
    codes = toets_kern(_kern_301(product), "ToegewezenProduct", nummer)
    return codes + broken("ToegewezenProduct", nummer, facts)


def _toets_aangevraagd(product: AangevraagdProduct, nummer: int) -> Codes:
    verwijzer = product.verwijzer
    has_agb, has_naam = bool(verwijzer.zorgverlener_code), bool(verwijzer.naam)
    may_have_agb = verwijzer.type in VERWIJZERS_MET_AGB
    cites = product.beschikking_nummer is not None
    facts = [
        ("CD043", cites != (product.beschikking_ingangsdatum is not None)),
        ("CD066", may_have_agb and has_agb and has_naam),
        ("CD067", may_have_agb and not has_agb and not has_naam),
        ("CD068", not may_have_agb and has_agb),
    ]
    codes = toets_kern(
        _kern_315(product),
        "AangevraagdProduct",
        nummer,
        omvang_regel="CD095",
        eenheid_regel="CS343",
    )
    return codes + broken("AangevraagdProduct", nummer, facts)


def _toets_levering(
    element: str, product: StartProduct | StopProduct, nummer: int, dagtekening: date
) -> Codes:
    status = product.status_aanlevering
    known = {StatusAanlevering.EERSTE, StatusAanlevering.VERWIJDEREN}
    facts = [
        ("CS058", status not in known),
        ("TR134", product.begindatum > dagtekening),
    ]
    return broken(element, nummer, facts)


def _toets_contact(contact: Contact, nummer: int, element: str = "Contact") -> Codes:
    adres, periode = contact.adres or Adres(), contact.periode
    with_postcode = {AdresSoort.BRP, AdresSoort.VERBLIJF}
    is_dutch = adres.land_code == "NL"
    reachable = contact.telefoon is not None or (adres.huis and adres.postcode)
    facts = [
        ("CD005", bool(adres.postcode) != bool(adres.land_code)),
        ("CD009", periode is not None and contact.soort is not AdresSoort.TIJDELIJK),
        ("CD025", is_dutch and adres.huis is None),
        ("CD034", contact.soort in with_postcode and not adres.postcode),
        ("CS089", is_dutch and not POSTCODE.fullmatch(adres.postcode or "")),
        ("TR006", not reachable),
    ]
    if periode is not None and periode.begindatum and periode.einddatum:
        facts.append(("CS003", periode.einddatum < periode.begindatum))
    return broken(element, nummer, facts)


def _toets_relatie(relatie: Relatie, nummer: int, dagtekening: date) -> Codes:
    facts = [("CS050", not _name_fits(relatie.naam))]
    if relatie.geboortedatum is not None:
        facts += _birth_facts(relatie.geboortedatum, dagtekening)
    codes = broken("Relatie", nummer, facts)
    return codes + _toets_contact(relatie.contact, nummer, "Relatie")


def _name_fits(naam: VolledigeNaam) -> bool:
    """Whether NaamGebruik fits; the official check outdoes its text (CS050)."""
    if naam.partnernaam is None:
        return naam.naam_gebruik is NaamGebruik.EIGEN
    return naam.naam_gebruik not in {NaamGebruik.PSEUDONIEM, NaamGebruik.GEEN_PERSOON}


def _needs_taal(vorm: Communicatievorm) -> bool:
    return vorm is Communicatievorm.TOLK_TAAL


def _is_reachable_at(contact: Contact) -> bool:
    return contact.adres is not None and contact.soort is not AdresSoort.TIJDELIJK


def _counts(product: ToegewezenProduct) -> bool:
    """Whether it takes part in stacking: a removed one does not (TR302)."""
    return not product.is_verwijderd


def _has_doubles(keys: Iterable[object]) -> bool:
    listed = list(keys)
    return len(set(listed)) < len(listed)


def _dagtekening(bericht: Bericht301 | Bericht305 | Bericht307 | Bericht315) -> date:
    return bericht.header.bericht_identificatie.dagtekening
