"""The letter of a beschikking: every regel in words, why, what it costs, bezwaar."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from loket.accounts.queries import instelling, staff_names
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, BesluitSoort
from loket.cases.besluit.woorden import HERZIENINGSGRONDEN, omvang, periode
from loket.cases.dossier.brieven import brief_for, letter_blocks
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Product
from loket.cases.producten.queries import product_op
from loket.datum import lang
from loket.errors import NotConfigured
from loket.geld import bedrag
from loket.letters.brief import Blok, Brief
from loket.termijnen import dag_van

_BIJDRAGE = Path(__file__).parents[2] / "data" / "eigen_bijdrage.csv"
"""Amounts of each year; where `na_te_gaan` says ja, the gemeente checks it first.

Those years are filled for the demo, from no published source at hand.
"""
NOG_GEEN_AANBIEDER = (
    "wij zoeken samen met u een aanbieder die past, en laten u weten wie dat is"
)
ZONDER_AFSPRAAK = "wat in het verslag van het onderzoek staat"


@dataclass(frozen=True)
class Opsteller:
    """What every part of one letter shares."""

    session: Session
    beschikking: Beschikking
    dossier: Dossier
    dag: date

    def part(self, sleutel: str, **waarden: str) -> tuple[Blok, ...]:
        """Fill one text; only the first part of a letter greets."""
        fixed = {} if sleutel.startswith(AANHEF) else {"aanhef": ""}
        return letter_blocks(
            self.session,
            dossier_id=self.dossier.id,
            gemeente_code=self.dossier.gemeente_code,
            dag=self.dag,
            sleutel=sleutel,
            kenmerk=self.dossier.referentie,
            waarden=fixed | waarden,
        )

    def product(self, regel: Besluitregel) -> Product:
        """Return the product of a regel, as it was on the day it begins."""
        return product_op(
            self.session,
            regel.gemeente_code,
            regel.product_code,
            regel.ingangsdatum or self.dag,
        )

    def voorziening(self, regel: Besluitregel) -> str:
        """Return the name of the product as it stands within a sentence."""
        name = self.product(regel).naam
        return name[:1].lower() + name[1:]


AANHEF = "beschikking_aanhef"


def beschikking_brief(session: Session, beschikking: Beschikking) -> Brief:
    """Write the letter of a decided beschikking, in the texts of that day."""
    dossier = session.get_one(Dossier, beschikking.dossier_id)
    dag = beschikking.besloten_op
    if dag is None or beschikking.decided_by_id is None:
        raise ValueError("only what was decided becomes a letter")
    opsteller = Opsteller(session, beschikking, dossier, dag)
    regels = queries.list_regels(session, beschikking.id)
    names = staff_names(
        session, [beschikking.decided_by_id, beschikking.drawn_up_by_id]
    )
    blocks = chain(
        _greeting(opsteller),
        chain.from_iterable(_regel(opsteller, regel) for regel in regels),
        _motivering(opsteller, regels),
        _eigen_bijdrage(opsteller, regels),
        opsteller.part("beschikking_mededelingsplicht"),
        opsteller.part("beschikking_rechtsmiddelen"),
        opsteller.part("beschikking_voorlopige_voorziening"),
    )
    return brief_for(
        session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=dag,
        onderwerp="Besluit over ondersteuning (Wmo)",
        blocks=tuple(blocks),
        kenmerk=dossier.referentie,
        behandelaar=names.get(beschikking.drawn_up_by_id, "Loket"),
        ondertekenaar=names.get(beschikking.decided_by_id, "Loket"),
    )


def _greeting(opsteller: Opsteller) -> tuple[Blok, ...]:
    aanvragen = queries.aanvragen_of(opsteller.session, opsteller.beschikking.id)
    if not aanvragen:
        return opsteller.part("beschikking_aanhef_ambtshalve")
    days = sorted({aanvraag.ontvangen_op for aanvraag in aanvragen})
    return opsteller.part(AANHEF, aanvraag_op=" en ".join(lang(day) for day in days))


def _regel(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    return PARTS[regel.soort](opsteller, regel)


def _granted(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    if regel.leveringsvorm is Leveringsvorm.PGB:
        return _pgb(opsteller, regel)
    return (
        *_natura(opsteller, regel, "beschikking_toekenning_natura"),
        *_no_pgb(opsteller, regel),
    )


def _changed(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    if regel.leveringsvorm is Leveringsvorm.PGB:
        return _pgb(opsteller, regel)
    return (
        *_natura(opsteller, regel, "beschikking_wijziging"),
        *_no_pgb(opsteller, regel),
    )


def _natura(
    opsteller: Opsteller, regel: Besluitregel, sleutel: str
) -> tuple[Blok, ...]:
    return opsteller.part(
        sleutel,
        voorziening=opsteller.voorziening(regel),
        resultaat=_resultaat(opsteller, regel),
        omvang=omvang(regel),
        periode=periode(regel.ingangsdatum, regel.einddatum),
        aanbieder=NOG_GEEN_AANBIEDER,
    )


def _pgb(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    return opsteller.part(
        "beschikking_toekenning_pgb",
        voorziening=opsteller.voorziening(regel),
        resultaat=_resultaat(opsteller, regel),
        omvang=omvang(regel),
        bedrag=f"{bedrag(regel.bedrag_cent or 0)} per jaar",
        berekening=str(regel.pgb_berekening or ""),
        periode=periode(regel.ingangsdatum, regel.einddatum),
        kwaliteitseisen=str(regel.pgb_eisen or ""),
    )


def _no_pgb(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    code = regel.pgb_weigeringsgrond_code
    if code is None:
        return ()
    tekst, artikel = _grond(opsteller, code, alleen_pgb=True)
    return opsteller.part(
        "beschikking_pgb_weigering",
        voorziening=opsteller.voorziening(regel),
        grond=tekst,
        artikel=artikel,
    )


def _refused(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    code = regel.weigeringsgrond_code or ""
    tekst, artikel = _grond(opsteller, code, alleen_pgb=False)
    return opsteller.part(
        "beschikking_weigering",
        voorziening=opsteller.voorziening(regel),
        grond=f"{tekst}\n\n{regel.motivering}",
        artikel=artikel,
    )


def _grond(opsteller: Opsteller, code: str, *, alleen_pgb: bool) -> tuple[str, str]:
    drawn_up = opsteller.beschikking.drawn_up_at
    grond = None
    for dag in (opsteller.dag, dag_van(drawn_up)):
        grond = grond or queries.find_grond(
            opsteller.session,
            opsteller.dossier.gemeente_code,
            code,
            dag,
            alleen_pgb=alleen_pgb,
        )
    if grond is None:
        raise NotConfigured(f"De weigeringsgrond {code} is er niet op deze dag.")
    return grond.tekst, grond.artikel


def _withdrawn(opsteller: Opsteller, regel: Besluitregel) -> tuple[Blok, ...]:
    letter = regel.herzieningsgrond or ""
    reason = HERZIENINGSGRONDEN[letter]
    return opsteller.part(
        "beschikking_intrekking",
        voorziening=opsteller.voorziening(regel),
        stopt_op=lang(regel.ingangsdatum or opsteller.dag),
        grond=f"De reden is: {reason}.\n\n{regel.motivering}",
        letter=letter,
    )


def _resultaat(opsteller: Opsteller, regel: Besluitregel) -> str:
    afspraken = queries.list_afspraken(
        opsteller.session, regel.dossier_id, regel.behoefte_id
    )
    texts = [str(each.resultaat).strip().rstrip(".") for each in afspraken]
    return "; ".join(texts) or ZONDER_AFSPRAAK


def _motivering(
    opsteller: Opsteller, regels: Iterable[Besluitregel]
) -> tuple[Blok, ...]:
    """Why: as a whole, and for what was granted; a refusal says why at its place."""
    own = [
        f"{opsteller.product(regel).naam}: {regel.motivering}"
        for regel in regels
        if regel.grants and regel.motivering
    ]
    whole = str(opsteller.beschikking.onderwerp_motivering or "")
    texts = [text for text in (whole, *own) if text]
    return opsteller.part("beschikking_motivering", motivering="\n\n".join(texts))


def _eigen_bijdrage(
    opsteller: Opsteller, regels: Iterable[Besluitregel]
) -> tuple[Blok, ...]:
    granted = [regel for regel in regels if regel.grants]
    if not granted:
        return ()
    if not any(opsteller.product(regel).eigen_bijdrage for regel in granted):
        return opsteller.part("beschikking_geen_eigen_bijdrage")
    cents = instelling(
        opsteller.session,
        opsteller.dossier.gemeente_code,
        "eigen_bijdrage_cent",
        opsteller.dag,
    )
    amount = bedrag(int(cents) if cents else eigen_bijdrage_op(opsteller.dag))
    return opsteller.part("beschikking_eigen_bijdrage", eigen_bijdrage=amount)


@cache
def _bijdragen() -> tuple[tuple[date, date, int], ...]:
    with _BIJDRAGE.open(encoding="utf-8") as lines:
        return tuple(
            (
                date.fromisoformat(row["van"]),
                date.fromisoformat(row["tot"]),
                int(row["cent_per_maand"]),
            )
            for row in csv.DictReader(lines)
        )


def eigen_bijdrage_op(dag: date) -> int:
    """Return the national maximum a month per household, in cents (Wmo 2.1.4a).

    Raises:
        NotConfigured: the amount of that year is not in the table yet.
    """
    for van, tot, cents in _bijdragen():
        if van <= dag <= tot:
            return cents
    raise NotConfigured(f"De eigen bijdrage op {lang(dag)} staat niet in de tabel.")


Part = Callable[[Opsteller, Besluitregel], tuple[Blok, ...]]

PARTS: dict[BesluitSoort, Part] = {
    BesluitSoort.TOEKENNEN: _granted,
    BesluitSoort.WEIGEREN: _refused,
    BesluitSoort.WIJZIGEN: _changed,
    BesluitSoort.VERLENGEN: _changed,
    BesluitSoort.HERZIEN: _changed,
    BesluitSoort.INTREKKEN: _withdrawn,
}
