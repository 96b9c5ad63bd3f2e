"""Settling a start, telling that somebody is out of reach, asking what must happen.

Both sides use the same verbs; who acts tells which side it is.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.taak import TaakSoort
from loket.datum import kort
from loket.errors import NotFound, RuleViolation
from loket.outbox.operations import promise
from loket.providers import queries, queries_levering
from loket.providers.deling import require_shared
from loket.providers.herleidbaar import refuse_bsn
from loket.providers.levering import (
    Contactpoging,
    Contactwijze,
    Leveringsvraag,
    Startvoorstel,
    Vraagsoort,
)
from loket.providers.overleg import Afzender
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van

POGINGEN = 3
"""After so many attempts the consulent hears it, where the gemeente never said so."""
TOPIC = "providers.levering"


def propose_start(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    startdatum: date,
    toelichting: str,
) -> Startvoorstel:
    """Propose a day on which the help begins; it replaces the proposal before.

    Raises:
        RuleViolation: begun or over already, outside the toewijzing, or a day that
            the other side proposed or both agreed to.
    """
    toewijzing = _lock(session, by, at, toewijzing)
    _require_waiting(toewijzing)
    refuse_bsn(toelichting, "toelichting")
    _require_within(toewijzing, startdatum)
    side = _side(by)
    before = queries_levering.newest_voorstel(session, toewijzing)
    if before and before.startdatum == startdatum:
        raise RuleViolation(
            "Deze dag is al voorgesteld. Ga ermee akkoord, of kies een andere dag.",
            "startdatum",
        )
    voorstel = Startvoorstel(
        gemeente_code=toewijzing.gemeente_code,
        dossier_id=toewijzing.dossier_id,
        aanbieder_id=toewijzing.aanbieder_id,
        toewijzing_id=toewijzing.id,
        afzender=side,
        startdatum=startdatum,
        toelichting=toelichting,
        proposed_at=at,
        proposed_by_id=by.id,
    )
    session.add(voorstel)
    session.flush()  # the promise may only name what is there
    _follow(session, by, at, toewijzing, voorstel.id)
    record(session, by, Action.STARTVOORSTEL_PROPOSED, voorstel, at=at)
    return voorstel


def agree_start(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    startdatum: date,
) -> Startvoorstel:
    """Say yes to the newest proposal of the other side.

    Args:
        startdatum: the day that was on the page; another one meanwhile is refused.
    """
    toewijzing = _lock(session, by, at, toewijzing)
    _require_waiting(toewijzing)
    voorstel = queries_levering.newest_voorstel(session, toewijzing)
    if voorstel is None:
        raise RuleViolation("Er is nog geen startdatum voorgesteld.")
    if voorstel.startdatum != startdatum:
        raise RuleViolation(
            f"Er is intussen een andere dag voorgesteld: {kort(voorstel.startdatum)}."
        )
    voorstel.agree(_side(by), by.id, at)
    _finish(session, by, at, toewijzing, TaakSoort.STARTDATUM_BEANTWOORDEN)
    record(session, by, Action.STARTVOORSTEL_AGREED, voorstel, at=at)
    return voorstel


def record_contactpoging(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    dag: date,
    wijze: Contactwijze,
) -> Contactpoging:
    """Note that the cliënt was not reached; enough of these become a question.

    How many is up to the gemeente (`onbereikbaar_pogingen`); attempts from before
    the last answer do not count again.
    """
    toewijzing = _lock(session, by, at, toewijzing, theirs=True)
    toewijzing.require_running()
    if dag > dag_van(at):
        raise RuleViolation("Deze dag ligt in de toekomst.", "dag")
    if dag < dag_van(toewijzing.made_at):
        raise RuleViolation("Deze dag ligt vóór de toewijzing.", "dag")
    poging = Contactpoging(
        gemeente_code=toewijzing.gemeente_code,
        dossier_id=toewijzing.dossier_id,
        aanbieder_id=toewijzing.aanbieder_id,
        toewijzing_id=toewijzing.id,
        dag=dag,
        wijze=wijze,
        recorded_at=at,
        recorded_by_id=by.id,
    )
    session.add(poging)
    session.flush()  # counted below
    count = queries_levering.count_pogingen(session, toewijzing)
    known = queries_levering.open_vraag(session, toewijzing, Vraagsoort.ONBEREIKBAAR)
    if known is None and count >= _enough(session, toewijzing, at):
        tekst = f"De cliënt is {count} keer niet bereikt."
        _add_vraag(session, by, at, toewijzing, Vraagsoort.ONBEREIKBAAR, tekst)
    record(session, by, Action.CONTACTPOGING_RECORDED, poging, at=at, grond=wijze.value)
    return poging


def ask_vraag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    soort: Vraagsoort,
    toelichting: str,
) -> Leveringsvraag:
    """Ask the consulent to settle something; after an answer it may be asked anew.

    Raises:
        RuleViolation: it waits for an answer already, the help is over, or a longer
            toewijzing is asked where that goes by message (iWmo 315).
    """
    toewijzing = _lock(session, by, at, toewijzing, theirs=True)
    toewijzing.require_running()
    refuse_bsn(toelichting, "toelichting")
    if queries_levering.open_vraag(session, toewijzing, soort):
        raise RuleViolation("Deze vraag ligt al bij de gemeente.", "soort")
    if soort is Vraagsoort.VERLENGING:
        _require_may_extend(session, toewijzing)
    vraag = _add_vraag(session, by, at, toewijzing, soort, toelichting)
    record(session, by, Action.LEVERINGSVRAAG_ASKED, vraag, at=at, grond=soort.value)
    return vraag


def answer_vraag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    vraag_id: UUID,
    antwoord: str,
) -> Leveringsvraag:
    """The consulent says what happens now."""
    if by.aanbieder_id:
        raise NotFound(queries.NO_TOEWIJZING)
    toewijzing = _lock(session, by, at, toewijzing)
    vraag = queries_levering.get_vraag(session, toewijzing, vraag_id)
    refuse_bsn(antwoord, "antwoord")
    vraag.answer(antwoord, by.id, at)
    _finish(session, by, at, toewijzing, queries_levering.TAKEN[vraag.soort])
    record(
        session,
        by,
        Action.LEVERINGSVRAAG_ANSWERED,
        vraag,
        at=at,
        grond=vraag.soort.value,
    )
    return vraag


def _side(by: Actor) -> Afzender:
    return Afzender.AANBIEDER if by.aanbieder_id else Afzender.GEMEENTE


def _lock(
    session: Session,
    by: Actor,
    at: datetime,
    toewijzing: Toewijzing,
    *,
    theirs: bool = False,
) -> Toewijzing:
    """Take the toewijzing as it stands now, while it is shared."""
    if theirs and not by.aanbieder_id:
        raise NotFound(queries.NO_TOEWIJZING)
    toewijzing = queries.lock_toewijzing(session, by, toewijzing.id)
    require_shared(session, at, toewijzing)
    return toewijzing


def _require_waiting(toewijzing: Toewijzing) -> None:
    toewijzing.require_running()
    if toewijzing.started_at:
        raise RuleViolation("De hulp is al gestart.")


def _require_within(toewijzing: Toewijzing, day: date) -> None:
    last = toewijzing.laatste_dag
    if day < toewijzing.van:
        raise RuleViolation(
            f"De toewijzing begint op {kort(toewijzing.van)}.", "startdatum"
        )
    if last and day > last:
        raise RuleViolation(f"De toewijzing eindigt op {kort(last)}.", "startdatum")


def _require_may_extend(session: Session, toewijzing: Toewijzing) -> None:
    if toewijzing.laatste_dag is None:
        raise RuleViolation("Deze toewijzing heeft geen einddatum.", "soort")
    regel = queries.get_contractregel(
        session, toewijzing.gemeente_code, toewijzing.contractregel_id
    )
    if regel.contract.berichten:
        raise RuleViolation(
            "Met deze gemeente werkt u met berichten. Stuur uit uw eigen systeem een"
            " verzoek om toewijzing (iWmo 315).",
            "soort",
        )


def _enough(session: Session, toewijzing: Toewijzing, at: datetime) -> int:
    many = instelling(
        session, toewijzing.gemeente_code, "onbereikbaar_pogingen", dag_van(at)
    )
    return POGINGEN if many is None else int(many)


def _add_vraag(
    session: Session,
    by: Actor,
    at: datetime,
    toewijzing: Toewijzing,
    soort: Vraagsoort,
    toelichting: str,
) -> Leveringsvraag:
    vraag = Leveringsvraag(
        gemeente_code=toewijzing.gemeente_code,
        dossier_id=toewijzing.dossier_id,
        aanbieder_id=toewijzing.aanbieder_id,
        toewijzing_id=toewijzing.id,
        soort=soort,
        toelichting=toelichting,
        asked_at=at,
        asked_by_id=by.id,
    )
    session.add(vraag)
    session.flush()  # the promise may only name what is there
    _follow(session, by, at, toewijzing, vraag.id)
    return vraag


def _follow(
    session: Session, by: Actor, at: datetime, toewijzing: Toewijzing, subject_id: UUID
) -> None:
    """What the aanbieder wrote becomes a task; what the gemeente wrote ends it."""
    if by.aanbieder_id:
        promise(
            session,
            TOPIC,
            subject_id,
            gemeente_code=toewijzing.gemeente_code,
            at=at,
        )
    else:
        _finish(session, by, at, toewijzing, TaakSoort.STARTDATUM_BEANTWOORDEN)


def _finish(
    session: Session, by: Actor, at: datetime, toewijzing: Toewijzing, soort: TaakSoort
) -> None:
    if by.aanbieder_id:
        return  # tasks are of the gemeente; the job finds the answer when it looks
    for taak in queries_levering.open_taken(session, toewijzing, soort):
        taak.finish(by.id, at)
