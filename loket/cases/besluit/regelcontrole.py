"""What must be right before a besluitregel may stand in a concept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import AanvraagItem
from loket.cases.besluit.beschikking import (
    Beschikking,
    Besluitregel,
    BesluitSoort,
)
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie, Product
from loket.cases.producten.queries import product_op
from loket.datum import kort
from loket.errors import RuleViolation

T = TypeVar("T")


@dataclass(frozen=True)
class NieuweRegel:
    """One decision as it is filled in: about what, and what is decided."""

    soort: BesluitSoort
    motivering: str
    aanvraag_item: AanvraagItem | None = None
    product_code: str | None = None
    voorziening: Voorziening | None = None
    weigeringsgrond_code: str | None = None
    herzieningsgrond: str | None = None
    leveringsvorm: Leveringsvorm | None = None
    afgezien_van_pgb: bool = False
    """The cliënt asked for a pgb and takes the support in natura after all."""
    volume: int | None = None
    frequentie: Frequentie | None = None
    ingangsdatum: date | None = None
    einddatum: date | None = None
    bedrag_cent: int | None = None
    """What the volume costs a year in natura: the measure of the mandaat."""


def need(value: T | None, field: str, message: str = "Vul dit in.") -> T:
    """Return what was filled in, or say that it is missing."""
    if value is None:
        raise RuleViolation(message, field)
    return value


def build_regel(
    session: Session, beschikking: Beschikking, nieuw: NieuweRegel, dag: date
) -> Besluitregel:
    """Check one decision and make the regel of it; it is not in the session yet."""
    _check_item(session, beschikking, nieuw.aanvraag_item)
    product = _product(session, beschikking, nieuw, dag)
    regel = Besluitregel(
        gemeente_code=beschikking.gemeente_code,
        beschikking_id=beschikking.id,
        dossier_id=beschikking.dossier_id,
        soort=nieuw.soort,
        product_code=product.code,
        categorie=product.categorie,
        domein=product.domein,
        eenheid=product.eenheid,
        aanvraag_item_id=nieuw.aanvraag_item.id if nieuw.aanvraag_item else None,
        behoefte_id=nieuw.aanvraag_item.behoefte_id if nieuw.aanvraag_item else None,
        gewenste_vorm=_gewenste_vorm(nieuw),
        motivering=need(nieuw.motivering.strip() or None, "motivering"),
    )
    CHECKS[nieuw.soort](session, regel, nieuw, product, dag)
    return regel


def _check_item(
    session: Session, beschikking: Beschikking, item: AanvraagItem | None
) -> None:
    if item is None:
        return
    aanvragen = {a.id: a for a in queries.aanvragen_of(session, beschikking.id)}
    if item.aanvraag_id not in aanvragen:
        raise RuleViolation(
            "Deze beschikking gaat niet over die aanvraag.", "aanvraag_item"
        )
    aanvragen[item.aanvraag_id].require_open()
    if queries.regel_of_item(session, item.id) is not None:
        raise RuleViolation(
            "Over dit deel van de aanvraag staat al een regel klaar.", "aanvraag_item"
        )


def _product(
    session: Session, beschikking: Beschikking, nieuw: NieuweRegel, dag: date
) -> Product:
    code = nieuw.product_code
    if code is None and nieuw.aanvraag_item is not None:
        code = nieuw.aanvraag_item.product_code
    if nieuw.voorziening is not None:
        code = nieuw.voorziening.product_code
    chosen = need(code, "product_code", "Kies een product.")
    return product_op(
        session, beschikking.gemeente_code, chosen, nieuw.ingangsdatum or dag
    )


def _gewenste_vorm(nieuw: NieuweRegel) -> Leveringsvorm | None:
    if nieuw.aanvraag_item is not None and not nieuw.afgezien_van_pgb:
        return nieuw.aanvraag_item.gewenste_vorm
    return nieuw.leveringsvorm


def _fill_grant(
    session: Session, regel: Besluitregel, nieuw: NieuweRegel, product: Product
) -> None:
    """Fill in what is granted: never only a result, always how much (case law)."""
    vorm = need(nieuw.leveringsvorm, "leveringsvorm", "Maak een keuze.")
    if regel.gewenste_vorm is Leveringsvorm.PGB and vorm is Leveringsvorm.NATURA:
        raise RuleViolation(
            "De cliënt vraagt een pgb. Kies pgb en toets dat: wijst u het pgb af, dan"
            " blijft de ondersteuning in natura staan.",
            "leveringsvorm",
        )
    volume = need(nieuw.volume, "volume")
    if volume < 1:
        raise RuleViolation("Vul een aantal in dat groter is dan nul.", "volume")
    ingang = need(nieuw.ingangsdatum, "ingangsdatum")
    if nieuw.einddatum is not None and nieuw.einddatum < ingang:
        raise RuleViolation("Het einde ligt vóór het begin.", "einddatum")
    overleden = dossier_queries.get_client(session, regel.dossier_id).overleden_op
    if overleden is not None and ingang > overleden:
        raise RuleViolation(
            "De cliënt is overleden vóór de dag waarop dit begint.", "ingangsdatum"
        )
    regel.leveringsvorm = vorm
    regel.volume = volume
    regel.frequentie = need(nieuw.frequentie, "frequentie", "Maak een keuze.")
    regel.ingangsdatum = ingang
    regel.einddatum = nieuw.einddatum
    # the amount of a pgb comes from its budget, after the three tests
    regel.bedrag_cent = None if vorm is Leveringsvorm.PGB else nieuw.bedrag_cent
    _check_frequency(regel, product)


def _check_frequency(regel: Besluitregel, product: Product) -> None:
    in_total = product.is_dienst and regel.frequentie is Frequentie.TOTAAL
    if in_total and regel.einddatum is None:
        raise RuleViolation(
            "Een totaal zonder einddatum zegt niet hoeveel hulp er komt.", "einddatum"
        )


def _check_toekennen(
    session: Session,
    regel: Besluitregel,
    nieuw: NieuweRegel,
    product: Product,
    _dag: date,
) -> None:
    _fill_grant(session, regel, nieuw, product)
    if product.is_dienst:
        check_no_double(session, regel)


def check_no_double(session: Session, regel: Besluitregel) -> None:
    """Refuse a second right to a service that the cliënt already has in that time."""
    client = dossier_queries.get_client(session, regel.dossier_id)
    for voorziening in queries.list_lopend(session, client.id):
        if voorziening.product_code != regel.product_code:
            continue
        for known in voorziening.regels:
            if _touch(regel, known.van, known.tot):
                raise RuleViolation(
                    "De cliënt heeft dit al in deze periode. Kies wijzigen of"
                    " verlengen.",
                    "soort",
                )


def _touch(regel: Besluitregel, van: date, tot: date | None) -> bool:
    starts = regel.ingangsdatum or date.min
    ends = regel.einddatum or date.max
    return van <= ends and (tot or date.max) >= starts


def _check_weigeren(
    session: Session,
    regel: Besluitregel,
    nieuw: NieuweRegel,
    _product: Product,
    dag: date,
) -> None:
    code = need(
        nieuw.weigeringsgrond_code,
        "weigeringsgrond_code",
        "Kies de grond waarop u weigert.",
    )
    grond = queries.find_grond(
        session, regel.gemeente_code, code, dag, alleen_pgb=False
    )
    if grond is None:
        raise RuleViolation("Deze grond kan hier niet.", "weigeringsgrond_code")
    regel.weigeringsgrond_code = grond.code
    regel.bedrag_cent = 0


def _check_change(
    session: Session,
    regel: Besluitregel,
    nieuw: NieuweRegel,
    product: Product,
    _dag: date,
) -> None:
    voorziening = _running(session, regel, nieuw)
    _fill_grant(session, regel, nieuw, product)
    regel.voorziening_id = voorziening.id
    check_after(session, regel)


def check_after(session: Session, regel: Besluitregel) -> None:
    """Refuse a change that starts on or before the last regel: rules never overlap."""
    ingang = need(regel.ingangsdatum, "ingangsdatum")
    for known in queries.lock_regels(
        session, need(regel.voorziening_id, "voorziening")
    ):
        if known.van >= ingang:
            raise RuleViolation(
                f"Vanaf {kort(known.van)} geldt al een andere regel. Kies een latere"
                " dag.",
                "ingangsdatum",
            )


def _check_herzien(
    session: Session,
    regel: Besluitregel,
    nieuw: NieuweRegel,
    product: Product,
    dag: date,
) -> None:
    _ground(regel, nieuw)
    _check_change(session, regel, nieuw, product, dag)


def _check_intrekken(
    session: Session,
    regel: Besluitregel,
    nieuw: NieuweRegel,
    _product: Product,
    _dag: date,
) -> None:
    """Take the right back from a day on: the decision names it (2.3.10 lid 2)."""
    _ground(regel, nieuw)
    regel.voorziening_id = _running(session, regel, nieuw).id
    regel.ingangsdatum = need(nieuw.ingangsdatum, "ingangsdatum")
    regel.bedrag_cent = 0


def _ground(regel: Besluitregel, nieuw: NieuweRegel) -> None:
    letter = need(
        nieuw.herzieningsgrond, "herzieningsgrond", "Kies de grond (artikel 2.3.10)."
    )
    if letter not in set("abcde"):
        raise RuleViolation("Deze grond kan hier niet.", "herzieningsgrond")
    regel.herzieningsgrond = letter


def _running(session: Session, regel: Besluitregel, nieuw: NieuweRegel) -> Voorziening:
    voorziening = need(nieuw.voorziening, "voorziening", "Kies de voorziening.")
    client = dossier_queries.get_client(session, regel.dossier_id)
    if voorziening.gerechtigde_id != client.id:
        raise RuleViolation("Deze voorziening is van iemand anders.", "voorziening")
    if voorziening.ended_at:
        raise RuleViolation("Deze voorziening is al geëindigd.", "voorziening")
    return voorziening


Check = Callable[[Session, Besluitregel, NieuweRegel, Product, date], None]

CHECKS: dict[BesluitSoort, Check] = {
    BesluitSoort.TOEKENNEN: _check_toekennen,
    BesluitSoort.WEIGEREN: _check_weigeren,
    BesluitSoort.WIJZIGEN: _check_change,
    BesluitSoort.VERLENGEN: _check_change,
    BesluitSoort.INTREKKEN: _check_intrekken,
    BesluitSoort.HERZIEN: _check_herzien,
}
