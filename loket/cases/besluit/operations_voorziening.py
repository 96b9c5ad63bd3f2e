"""The right by itself: taken over from elsewhere, or ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import (
    Beschikking,
    Besluitregel,
    BesluitSoort,
    Herkomst,
)
from loket.cases.besluit.klokken import keep_clock
from loket.cases.besluit.operations_beschikking import verordening_op
from loket.cases.besluit.toekenning import effect, end_right
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.dossier import Dossier, Fase
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.cases.producten.queries import product_op
from loket.errors import RuleViolation
from loket.termijnen import dag_van


@dataclass(frozen=True)
class OvergenomenRegel:
    """One right as it stood in the old decision."""

    product_code: str
    leveringsvorm: Leveringsvorm
    volume: int
    frequentie: Frequentie
    ingangsdatum: date
    einddatum: date | None = None
    bedrag_cent: int | None = None


def take_over_besluit(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    extern_nummer: str,
    besloten_op: date,
    regels: Sequence[OvergenomenRegel],
) -> Beschikking:
    """Take over what was decided elsewhere: rights as they stood, nothing new.

    It was made known elsewhere too, so no letter leaves and no term for bezwaar runs.
    """
    if besloten_op > dag_van(at):
        raise RuleViolation(
            "De dag van het besluit ligt in de toekomst.", "besloten_op"
        )
    if not regels:
        raise RuleViolation("Vul minstens één voorziening in.", "product_code")
    if queries.find_taken_over(session, dossier.id, extern_nummer):
        raise RuleViolation("Dit besluit is al overgenomen.", "extern_nummer")
    beschikking = Beschikking(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        nummer=next_number(session, dossier.gemeente_code, TellerSoort.BESCHIKKING),
        herkomst=Herkomst.OVERGENOMEN,
        extern_nummer=extern_nummer.strip(),
        verordening_versie=verordening_op(session, dossier.gemeente_code, dag_van(at)),
        drawn_up_at=at,
        drawn_up_by_id=by.id,
    )
    session.add(beschikking)
    beschikking.decide(None, besloten_op, by.id, at)
    session.flush()
    _grant(session, by, at, beschikking, regels)
    record(session, by, Action.BESLUIT_TAKEN_OVER, beschikking, at=at)
    return beschikking


def extend_overname(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    regels: Sequence[OvergenomenRegel],
) -> Beschikking:
    """Add rights that the old decision held too, and that came to light later."""
    if beschikking.herkomst is not Herkomst.OVERGENOMEN:
        raise RuleViolation("Dit besluit is niet overgenomen: neem een nieuw besluit.")
    _grant(session, by, at, beschikking, regels)
    record(session, by, Action.BESLUIT_TAKEN_OVER, beschikking, at=at)
    return beschikking


def _grant(
    session: Session,
    by: Actor,
    at: datetime,
    beschikking: Beschikking,
    regels: Sequence[OvergenomenRegel],
) -> None:
    for overgenomen in regels:
        regel = _build(session, beschikking, overgenomen)
        session.add(regel)
        session.flush()
        effect(session, by, at, regel)
    keep_clock(session, beschikking.dossier_id, daarna=_fase(regels))


def _fase(regels: Sequence[OvergenomenRegel]) -> Fase:
    natura = any(regel.leveringsvorm is Leveringsvorm.NATURA for regel in regels)
    return Fase.PLAATSEN if natura else Fase.LEVERING


def _build(
    session: Session, beschikking: Beschikking, oud: OvergenomenRegel
) -> Besluitregel:
    if oud.volume < 1:
        raise RuleViolation("Vul een aantal in dat groter is dan nul.", "volume")
    if oud.einddatum is not None and oud.einddatum < oud.ingangsdatum:
        raise RuleViolation("Het einde ligt vóór het begin.", "einddatum")
    if oud.leveringsvorm is Leveringsvorm.PGB and oud.bedrag_cent is None:
        raise RuleViolation("Vul het bedrag van het pgb per jaar in.", "bedrag")
    product = product_op(
        session, beschikking.gemeente_code, oud.product_code, oud.ingangsdatum
    )
    return Besluitregel(
        gemeente_code=beschikking.gemeente_code,
        beschikking_id=beschikking.id,
        dossier_id=beschikking.dossier_id,
        soort=BesluitSoort.TOEKENNEN,
        product_code=product.code,
        categorie=product.categorie,
        domein=product.domein,
        eenheid=product.eenheid,
        gewenste_vorm=oud.leveringsvorm,
        leveringsvorm=oud.leveringsvorm,
        volume=oud.volume,
        frequentie=oud.frequentie,
        ingangsdatum=oud.ingangsdatum,
        einddatum=oud.einddatum,
        bedrag_cent=oud.bedrag_cent,
    )


def end_voorziening(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    voorziening: Voorziening,
    geeindigd_op: date,
    reden: Eindreden,
) -> Voorziening:
    """End a right by a fact (death, moved away, run out), not by a new decision."""
    if reden is Eindreden.INGETROKKEN:
        raise RuleViolation("Intrekken kan alleen met een beschikking.", "reden")
    end_right(session, by, at, voorziening, geeindigd_op, reden)
    record(session, by, Action.VOORZIENING_ENDED, voorziening, at=at, grond=reden.value)
    return voorziening
