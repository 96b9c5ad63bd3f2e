"""A request to destroy: taken in, and decided within three months."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.archief.bewaartermijn import Bewaartermijn
from loket.archief.operations_lijst import add_regels
from loket.archief.queries import LOOPT, bewaartermijn_op, bewaring_van
from loket.archief.queries_lijst import on_a_list
from loket.archief.queries_persoon import Persoon, personen
from loket.archief.vernietigingslijst import Vernietigingslijst, Vernietigingsregel
from loket.archief.vernietigingsverzoek import (
    Omvang,
    Vernietigingsverzoek,
    tegengronden,
)
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.queries import get_client, within_reach
from loket.db import hold
from loket.errors import RuleViolation
from loket.outbox.operations import promise


def receive_verzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    omvang: Omvang,
    ontvangen_op: date,
) -> Vernietigingsverzoek:
    """Take in a written request; the three months run from the day it came in."""
    check_past(ontvangen_op, at, "ontvangen_op")
    hold(session, dossier, "closed_at")
    waiting = session.scalar(
        select(Vernietigingsverzoek.id).where(
            Vernietigingsverzoek.dossier_id == dossier.id,
            Vernietigingsverzoek.decided_at.is_(None),
        )
    )
    if waiting:
        raise RuleViolation("Er ligt al een verzoek waarop nog niet is beslist.")
    verzoek = Vernietigingsverzoek(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        omvang=omvang,
        ontvangen_op=ontvangen_op,
        uiterlijk=termijnen.uiterste_datum(ontvangen_op, termijnen.VERNIETIGING),
        received_at=at,
        received_by_id=by.id,
    )
    session.add(verzoek)
    session.flush()  # the trail names the new row
    record(session, by, Action.VERNIETIGINGSVERZOEK_RECEIVED, verzoek, at=at)
    return verzoek


def decide_verzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Vernietigingsverzoek,
    ingewilligd: bool,
    tegengrond: str | None = None,
    motivering: str | None = None,
) -> Vernietigingslijst | None:
    """Decide, promise the letter, and for a yes put it on a list of its own.

    Who decides, proposes the list: two others check and approve it.

    Raises:
        RuleViolation: something in law still keeps what was asked for.
    """
    hold(session, verzoek, "decided_at", "decided_by_id")
    today = termijnen.dag_van(at)
    if tegengrond and tegengrond not in tegengronden(today):
        raise RuleViolation("Kies een van de gronden.", "tegengrond")
    if tegengrond and not motivering:
        raise RuleViolation("Leg uit waarom u het verzoek weigert.", "motivering")
    verzoek.decide(
        by.id,
        at,
        ingewilligd=ingewilligd,
        tegengrond=tegengrond,
        motivering=motivering if tegengrond else None,
    )
    promise(
        session,
        "letters.vernietiging",
        verzoek.id,
        gemeente_code=verzoek.gemeente_code,
        at=at,
    )
    lijst = _propose(session, by, at, verzoek) if ingewilligd else None
    record(
        session,
        by,
        Action.VERNIETIGINGSVERZOEK_DECIDED,
        verzoek,
        at=at,
        grond=tegengrond or "ingewilligd",
    )
    return lijst


def _propose(
    session: Session, by: Actor, at: datetime, verzoek: Vernietigingsverzoek
) -> Vernietigingslijst:
    today = termijnen.dag_van(at)
    termijn = bewaartermijn_op(session, verzoek.gemeente_code, today)
    dossiers = dossiers_of(session, by, verzoek)
    kept = bewaring_van(session, dossiers, termijn)
    for dossier in dossiers:
        # the letter about this very request is a task of its own: it comes later
        loopt = kept[dossier.id].loopt
        if loopt:
            raise RuleViolation(
                f"Dossier {dossier.referentie} kan nu niet weg. {LOOPT[loopt[0]]}"
            )
    lijst = Vernietigingslijst(
        gemeente_code=verzoek.gemeente_code,
        verzoek_id=verzoek.id,
        proposed_at=at,
        proposed_by_id=by.id,
    )
    session.add(lijst)
    session.flush()  # its lines point at it
    people = _people(session, verzoek, dossiers, termijn)
    add_regels(session, lijst, [kept[d.id] for d in dossiers], people, termijn)
    return lijst


def dossiers_of(
    session: Session, by: Actor, verzoek: Vernietigingsverzoek
) -> Sequence[Dossier]:
    """Return the dossiers that a request is about and that stand on no list.

    Of a whole person: every dossier in which they are the cliënt.
    """
    own = Dossier.id == verzoek.dossier_id
    if verzoek.omvang is Omvang.PERSOON:
        client = get_client(session, verzoek.dossier_id)
        own = Dossier.id.in_(
            select(Betrokkene.dossier_id).where(
                Betrokkene.inwoner_id == client.id,
                Betrokkene.rol == BetrokkeneRol.CLIENT,
            )
        )
    return session.scalars(
        select(Dossier)
        .where(
            own,
            within_reach(by),
            Dossier.vernietigd_op.is_(None),
            ~on_a_list(Vernietigingsregel.dossier_id == Dossier.id),
        )
        .order_by(Dossier.opened_at, Dossier.id)
    ).all()


def _people(
    session: Session,
    verzoek: Vernietigingsverzoek,
    dossiers: Sequence[Dossier],
    termijn: Bewaartermijn,
) -> list[Persoon]:
    if verzoek.omvang is not Omvang.PERSOON:
        return []
    client = get_client(session, verzoek.dossier_id)
    found = personen(session, [client.id], termijn)
    gone = {each.id for each in dossiers}
    for persoon in found.values():
        if persoon.dossiers - gone:
            raise RuleViolation(
                "Deze persoon staat ook in een dossier van iemand anders, of in een"
                " dossier dat al op een lijst staat. Kies alleen dit dossier, of wacht."
            )
    return list(found.values())
