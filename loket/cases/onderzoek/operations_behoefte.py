"""Deeds around one behoefte: why more is asked, what meets it, what it must bring."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.opening import check_past
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.onderwerp import (
    Leefgebied,
    LeefgebiedSoort,
)
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Leveringsvorm, Oplossing, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import (
    Beoordelaar,
    Resultaatafspraak,
    ResultaatScore,
)
from loket.cases.producten.product import Frequentie
from loket.cases.producten.queries import product_op
from loket.errors import RuleViolation
from loket.termijnen import dag_van


def open_leefgebied(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    soort: LeefgebiedSoort,
    behoefte_id: UUID,
    reden: str,
) -> Leefgebied:
    """Open a domain of life, because a need of this cliënt asks for it (AVG 5.1.c)."""
    queries.hold_open(session, onderzoek)
    _require_own_behoefte(session, onderzoek, behoefte_id)
    if soort in queries.list_leefgebieden(session, onderzoek.id):
        raise RuleViolation("Dit leefgebied is al open.", "soort")
    leefgebied = Leefgebied(
        gemeente_code=onderzoek.gemeente_code,
        onderzoek_id=onderzoek.id,
        dossier_id=onderzoek.dossier_id,
        soort=soort,
        behoefte_id=behoefte_id,
        reden=reden,
        opened_at=at,
        opened_by_id=by.id,
    )
    session.add(leefgebied)
    record(session, by, Action.LEEFGEBIED_OPENED, leefgebied, at=at, grond=soort.value)
    return leefgebied


def record_leefgebied(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    soort: LeefgebiedSoort,
    woorden_client: str,
    beoordeling: str,
) -> Leefgebied:
    """Record what was said and found in a domain that was opened first."""
    queries.hold_open(session, onderzoek)
    leefgebied = queries.list_leefgebieden(session, onderzoek.id).get(soort)
    if leefgebied is None:
        raise RuleViolation("Open eerst dit leefgebied, met een reden.")
    leefgebied.rewrite(woorden_client, beoordeling, by.id, at)
    record(session, by, Action.LEEFGEBIED_RECORDED, leefgebied, at=at)
    return leefgebied


def propose_oplossing(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    behoefte_id: UUID,
    soort: OplossingSoort,
    toelichting: str,
    product_code: str | None = None,
    volume: int | None = None,
    frequentie: Frequentie | None = None,
    gewenste_vorm: Leveringsvorm | None = None,
) -> Oplossing:
    """Propose how a need is met; only maatwerk names a product and how much."""
    queries.hold_open(session, onderzoek)
    _require_own_behoefte(session, onderzoek, behoefte_id)
    asked = {
        "product_code": product_code,
        "volume": volume,
        "frequentie": frequentie,
        "gewenste_vorm": gewenste_vorm,
    }
    for name, value in asked.items():
        if soort is OplossingSoort.MAATWERK and not value:
            raise RuleViolation("Vul dit in: het hoort bij maatwerk.", name)
        if soort is not OplossingSoort.MAATWERK and value:
            raise RuleViolation("Laat dit leeg: het hoort alleen bij maatwerk.", name)
    if product_code:
        product_op(session, onderzoek.gemeente_code, product_code, dag_van(at))
    oplossing = Oplossing(
        gemeente_code=onderzoek.gemeente_code,
        onderzoek_id=onderzoek.id,
        dossier_id=onderzoek.dossier_id,
        behoefte_id=behoefte_id,
        soort=soort,
        toelichting=toelichting,
        proposed_at=at,
        proposed_by_id=by.id,
        **asked,
    )
    session.add(oplossing)
    session.flush()  # it may be taken back in the same breath
    record(session, by, Action.OPLOSSING_PROPOSED, oplossing, at=at, grond=soort.value)
    return oplossing


def withdraw_oplossing(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    oplossing: Oplossing,
) -> None:
    """Take back a solution that turned out otherwise, while the onderzoek is open."""
    queries.hold_open(session, onderzoek)
    session.delete(oplossing)
    record(session, by, Action.OPLOSSING_WITHDRAWN, oplossing, at=at)


def make_resultaatafspraak(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    behoefte_id: UUID,
    resultaat: str,
    meetwijze: str,
    nulmeting: int,
    doel: int,
    meetdatum: date,
) -> Resultaatafspraak:
    """Agree what must be reached: from a baseline to a target, before a day."""
    queries.hold_open(session, onderzoek)
    _require_own_behoefte(session, onderzoek, behoefte_id)
    if doel < nulmeting:
        raise RuleViolation("Het doel kan niet lager zijn dan de nulmeting.", "doel")
    if meetdatum <= dag_van(at):
        raise RuleViolation("Kies een dag in de toekomst.", "meetdatum")
    afspraak = Resultaatafspraak(
        gemeente_code=onderzoek.gemeente_code,
        onderzoek_id=onderzoek.id,
        dossier_id=onderzoek.dossier_id,
        behoefte_id=behoefte_id,
        resultaat=resultaat,
        meetwijze=meetwijze,
        nulmeting=nulmeting,
        doel=doel,
        meetdatum=meetdatum,
        made_at=at,
        made_by_id=by.id,
    )
    session.add(afspraak)
    session.flush()  # it may be taken back in the same breath
    record(session, by, Action.RESULTAATAFSPRAAK_MADE, afspraak, at=at)
    return afspraak


def withdraw_resultaatafspraak(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    afspraak: Resultaatafspraak,
) -> None:
    """Take back an agreed result, while the onderzoek is open."""
    queries.hold_open(session, onderzoek)
    session.delete(afspraak)
    record(session, by, Action.RESULTAATAFSPRAAK_WITHDRAWN, afspraak, at=at)


def score_resultaat(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    afspraak: Resultaatafspraak,
    beoordelaar: Beoordelaar,
    score: int,
    gemeten_op: date,
    toelichting: str | None = None,
) -> ResultaatScore:
    """Measure an agreed result: cliënt, aanbieder and consulent score the same one."""
    check_past(gemeten_op, at, "gemeten_op")
    if gemeten_op < dag_van(afspraak.made_at):
        raise RuleViolation("De meting is van vóór de afspraak.", "gemeten_op")
    meting = ResultaatScore(
        gemeente_code=afspraak.gemeente_code,
        afspraak_id=afspraak.id,
        dossier_id=afspraak.dossier_id,
        beoordelaar=beoordelaar,
        score=score,
        gemeten_op=gemeten_op,
        toelichting=toelichting,
        scored_at=at,
        scored_by_id=by.id,
    )
    session.add(meting)
    record(session, by, Action.RESULTAAT_SCORED, meting, at=at)
    return meting


def _require_own_behoefte(
    session: Session, onderzoek: Onderzoek, behoefte_id: UUID
) -> None:
    behoefte = session.get(Behoefte, behoefte_id)
    if behoefte is None or behoefte.dossier_id != onderzoek.dossier_id:
        raise RuleViolation("Kies een behoefte van deze cliënt.", "behoefte_id")
