"""What a gemeente agrees with aanbieders, and what they report about their room."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.producten.queries import product_op
from loket.errors import NotFound, RuleViolation
from loket.providers import queries
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Capaciteit, Contract, Contractregel, Contractvorm


def create_aanbieder(
    session: Session, by: Actor, at: datetime, *, naam: str, agb: str, telefoon: str
) -> Aanbieder:
    """Make an aanbieder known to this installation."""
    known = session.scalar(select(Aanbieder.id).where(Aanbieder.agb == agb))
    if known:
        raise RuleViolation("Er is al een aanbieder met deze AGB-code.", "agb")
    aanbieder = Aanbieder(naam=naam, agb=agb, telefoon=telefoon, created_at=at)
    session.add(aanbieder)
    session.flush()  # contracts and users refer to it
    record(session, by, Action.AANBIEDER_CREATED, aanbieder, at=at)
    return aanbieder


def create_contract(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    aanbieder: Aanbieder,
    nummer: str,
    vorm: Contractvorm,
    berichten: bool,
    plaatsingsverzoek: bool,
    van: date,
    tot: date | None = None,
) -> Contract:
    """Note a contract of this gemeente with an aanbieder."""
    if vorm is not Contractvorm.TAAKGERICHT and not berichten:
        raise RuleViolation("Dit soort contract werkt altijd met berichten.", "vorm")
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    taken = select(Contract.id).where(
        Contract.gemeente_code == by.gemeente_code, Contract.nummer == nummer
    )
    if session.scalar(taken):
        raise RuleViolation("Er is al een contract met dit nummer.", "nummer")
    contract = Contract(
        gemeente_code=by.gemeente_code,
        aanbieder_id=aanbieder.id,
        aanbieder=aanbieder,
        nummer=nummer,
        vorm=vorm,
        berichten=berichten,
        plaatsingsverzoek=plaatsingsverzoek,
        van=van,
        tot=tot,
        created_at=at,
        created_by_id=by.id,
    )
    session.add(contract)
    session.flush()  # its regels refer to it
    record(session, by, Action.CONTRACT_CREATED, contract, at=at)
    return contract


def add_contractregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    contract: Contract,
    product_code: str,
    tarief_cent: int,
    van: date,
    tot: date | None = None,
    pc4_gebied: Sequence[str] | None = None,
    max_clienten: int | None = None,
) -> Contractregel:
    """Add a product to a contract: tariff, area and ceiling."""
    product_op(session, contract.gemeente_code, product_code, van)
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    taken = select(Contractregel.id).where(
        Contractregel.contract_id == contract.id,
        Contractregel.product_code == product_code,
        Contractregel.tot.is_(None) | (Contractregel.tot >= van),
    )
    if session.scalar(taken.limit(1)):
        raise RuleViolation("Dit product staat al in dit contract.", "product_code")
    regel = Contractregel(
        gemeente_code=contract.gemeente_code,
        contract_id=contract.id,
        contract=contract,
        aanbieder_id=contract.aanbieder_id,
        product_code=product_code,
        tarief_cent=tarief_cent,
        pc4_gebied=sorted(set(pc4_gebied)) if pc4_gebied else None,
        max_clienten=max_clienten,
        van=van,
        tot=tot,
    )
    session.add(regel)
    session.flush()  # an overlap in time is refused here
    record(session, by, Action.CONTRACTREGEL_ADDED, regel, at=at)
    return regel


def report_capaciteit(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    gemeente_code: str,
    aanbieder_id: UUID,
    product_code: str,
    wachttijd_dagen: int,
    talen: Sequence[str] = (),
    stop_van: date | None = None,
    stop_tot: date | None = None,
) -> Capaciteit:
    """Note waiting time and languages; a cliëntenstop only by the gemeente."""
    if by.aanbieder_id not in {None, aanbieder_id}:
        raise NotFound
    capaciteit = queries.find_capaciteit(
        session, gemeente_code, aanbieder_id, product_code
    ) or Capaciteit(
        gemeente_code=gemeente_code,
        aanbieder_id=aanbieder_id,
        product_code=product_code,
    )
    if not by.aanbieder_id:
        capaciteit.stop_van, capaciteit.stop_tot = stop_van, stop_tot
    elif stop_van:
        raise RuleViolation("Een cliëntenstop spreekt u af met de gemeente.")
    capaciteit.wachttijd_dagen = wachttijd_dagen
    capaciteit.talen = sorted({taal.strip().lower() for taal in talen if taal.strip()})
    capaciteit.reported_at = at
    capaciteit.reported_by_id = by.id
    session.add(capaciteit)
    record(session, by, Action.CAPACITEIT_REPORTED, capaciteit, at=at)
    return capaciteit
