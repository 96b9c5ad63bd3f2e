"""Deeds about a request to see: receive, identify, extend, decide, hand over."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling
from loket.accounts.register import REGISTER
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.taak import TaakSoort
from loket.db import hold
from loket.errors import NotFound, RuleViolation
from loket.outbox.operations import promise
from loket.rechten import queries
from loket.rechten.afschrift import Afschrift
from loket.rechten.inzageverzoek import (
    ALONE_FROM,
    OWN_RIGHT_FROM,
    Aanvrager,
    Identificatie,
    Inzageverzoek,
    Uitreiking,
    Weglaatgrond,
    Weglating,
    Weigergrond,
)
from loket.rechten.verzamelen import preview
from loket.termijnen import Eenheid, Termijn, dag_van

MAANDEN = "inzage_maanden"
VERLENGING = "inzage_verlenging_maanden"
BEWAREN = "afschrift_bewaren_dagen"
TOPIC = "rechten.afschrift"
BRIEF = "rechten.brief"


def _or_usual(found: Any, sleutel: str) -> int:
    """Return what the gemeente set, or what holds when it set nothing."""
    return int(REGISTER[sleutel].standaard if found is None else found)


def bewaardagen(session: Session, gemeente_code: str, dag: date) -> int:
    """Return how many days a copy is kept."""
    return _or_usual(instelling(session, gemeente_code, BEWAREN, dag), BEWAREN)


def uiterlijk_op(
    session: Session, gemeente_code: str, ontvangen_op: date, *, verlengd: bool = False
) -> date:
    """Compute the last day to answer: a month, with two more if extended."""
    found = instelling(session, gemeente_code, MAANDEN, ontvangen_op)
    maanden = _or_usual(found, MAANDEN)
    if verlengd:
        more = instelling(session, gemeente_code, VERLENGING, ontvangen_op)
        maanden += _or_usual(more, VERLENGING)
    return termijnen.uiterste_datum(ontvangen_op, Termijn(maanden, Eenheid.MAAND))


def register_inzageverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    inwoner: Inwoner,
    kanaal: Kanaal,
    ontvangen_op: date,
    aanvrager: Aanvrager,
    naam_aanvrager: str | None = None,
    identificatie: Identificatie | None = None,
) -> Inzageverzoek:
    """Receive a request; from this day the term runs.

    Raises:
        RuleViolation: this person cannot ask it (Wmo art. 5.3.2 lid 2), or the
            record went into that of the same person.
    """
    check_past(ontvangen_op, at, "ontvangen_op")
    if inwoner.merged_at:
        raise RuleViolation(
            "Deze inwoner is samengevoegd. Zoek de inwoner opnieuw.", "inwoner"
        )
    _check_right(inwoner, aanvrager, naam_aanvrager, ontvangen_op)
    verzoek = Inzageverzoek(
        gemeente_code=inwoner.gemeente_code,
        scope_id=inwoner.id,
        inwoner_id=inwoner.id,
        kanaal=kanaal,
        ontvangen_op=ontvangen_op,
        uiterlijk=uiterlijk_op(session, inwoner.gemeente_code, ontvangen_op),
        aanvrager=aanvrager,
        naam_aanvrager=naam_aanvrager,
        registered_at=at,
        registered_by_id=by.id,
    )
    if identificatie is not None:
        verzoek.identify(identificatie, by.id, at)
    session.add(verzoek)
    session.flush()  # the trail names the new row
    record(
        session,
        by,
        Action.INZAGEVERZOEK_REGISTERED,
        verzoek,
        at=at,
        subjects=[inwoner.id],
        grond=aanvrager.value,
    )
    _ask(session, by, at, verzoek, TaakSoort.INZAGEVERZOEK_BEOORDELEN)
    return verzoek


def leeftijd(inwoner: Inwoner, dag: date) -> int | None:
    """Return how old somebody is on a day; None: the birth date is not known."""
    born = inwoner.geboortedatum
    if born is None:
        return None
    return dag.year - born.year - ((dag.month, dag.day) < (born.month, born.day))


def _check_right(
    inwoner: Inwoner, aanvrager: Aanvrager, naam: str | None, dag: date
) -> None:
    jaren = leeftijd(inwoner, dag)
    if aanvrager is Aanvrager.INWONER:
        if jaren is not None and jaren < OWN_RIGHT_FROM:
            raise RuleViolation(
                f"Een kind onder de {OWN_RIGHT_FROM} jaar kan dit niet zelf vragen."
                " Een ouder of voogd kan dat wel.",
                "aanvrager",
            )
        return
    if not naam:
        raise RuleViolation("Vul in wie dit vraagt.", "naam_aanvrager")
    if aanvrager is Aanvrager.OUDER and (jaren is None or jaren >= ALONE_FROM):
        raise RuleViolation(
            f"Vanaf {ALONE_FROM} jaar kan een ouder of voogd dit niet meer vragen."
            " De inwoner vraagt het zelf, of een curator, mentor of gevolmachtigde.",
            "aanvrager",
        )


def _ask(
    session: Session, by: Actor, at: datetime, verzoek: Inzageverzoek, soort: TaakSoort
) -> None:
    """Put it in the work of who is next, in the dossier of this person if any."""
    dossier_id = queries.newest_dossier(session, verzoek.inwoner_id)
    if dossier_id is None:
        return  # it stands in the list of requests all the same
    first = soort is TaakSoort.INZAGEVERZOEK_BEOORDELEN
    set_taak(
        session,
        by,
        at,
        dossier_id=dossier_id,
        soort=soort,
        uiterlijk=verzoek.uiterlijk,
        voor_rol=Role.PRIVACY_OFFICER if first else Role.FRONTOFFICE,
        onderwerp_id=verzoek.id,
    )


def identify(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    identificatie: Identificatie,
) -> None:
    """Note how it was made sure who asks (AVG art. 12 lid 6)."""
    hold(session, verzoek, "identified_at")
    verzoek.identify(identificatie, by.id, at)
    grond = identificatie.value
    record(session, by, Action.INZAGEVERZOEK_IDENTIFIED, verzoek, at=at, grond=grond)


def extend(
    session: Session, by: Actor, at: datetime, *, verzoek: Inzageverzoek, reden: str
) -> None:
    """Take more time, within the first month, and tell the resident why."""
    hold(session, verzoek, "extended_at", "decided_at")
    if dag_van(at) > verzoek.uiterlijk:
        raise RuleViolation("De termijn is voorbij. Verlengen kan niet meer.")
    tot = uiterlijk_op(
        session, verzoek.gemeente_code, verzoek.ontvangen_op, verlengd=True
    )
    verzoek.extend(tot, reden, by.id, at)
    record(session, by, Action.INZAGEVERZOEK_EXTENDED, verzoek, at=at)
    _promise(session, verzoek, BRIEF, at, "verlenging")


def leave_out(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    onderdeel: str,
    rijen: Collection[UUID | None],
    grond: Weglaatgrond | None,
    uitleg: str | None,
) -> None:
    """Say what of one part is not given; what was said of it before is replaced.

    Args:
        rijen: ids of rows; None among them: the whole part. Empty: give all of it.

    Raises:
        RuleViolation: something is left out without a ground or without words.
    """
    hold(session, verzoek, "decided_at")
    verzoek.require_open()
    session.execute(
        delete(Weglating).where(
            Weglating.verzoek_id == verzoek.id, Weglating.onderdeel == onderdeel
        )
    )
    if rijen:
        if grond is None:
            raise RuleViolation("Kies waarom dit wordt weggelaten.", "grond")
        if not uitleg:
            raise RuleViolation("Leg uit waarom dit wordt weggelaten.", "uitleg")
        whole = None in rijen
        session.add_all(
            Weglating(
                gemeente_code=verzoek.gemeente_code,
                scope_id=verzoek.scope_id,
                verzoek_id=verzoek.id,
                onderdeel=onderdeel,
                rij_id=rij,
                grond=grond,
                uitleg=uitleg,
                left_out_at=at,
                left_out_by_id=by.id,
            )
            for rij in ([None] if whole else sorted(each for each in rijen if each))
        )
    record(session, by, Action.INZAGEVERZOEK_NARROWED, verzoek, at=at, grond=onderdeel)


def grant(
    session: Session, by: Actor, at: datetime, *, verzoek: Inzageverzoek
) -> Afschrift:
    """Decide to give a copy; it is made after the commit."""
    hold(session, verzoek, "decided_at", "identified_at")
    verzoek.grant(by.id, at)
    for taak in queries.open_work(session, verzoek.id):
        taak.finish(by.id, at)
    afschrift = Afschrift(
        gemeente_code=verzoek.gemeente_code,
        scope_id=verzoek.scope_id,
        verzoek_id=verzoek.id,
        stap=0,
        begun_at=at,
    )
    session.add(afschrift)
    session.flush()  # the promise names the new row
    record(
        session, by, Action.INZAGEVERZOEK_DECIDED, verzoek, at=at, grond="toegewezen"
    )
    _promise(session, verzoek, BRIEF, at, "besluit")
    promise(session, TOPIC, afschrift.id, gemeente_code=verzoek.gemeente_code, at=at)
    _ask(session, by, at, verzoek, TaakSoort.AFSCHRIFT_UITREIKEN)
    return afschrift


def refuse(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    grond: Weigergrond,
    motivering: str,
) -> None:
    """Decide to give nothing; the resident reads why, and where to complain."""
    hold(session, verzoek, "decided_at")
    verzoek.refuse(grond, motivering, by.id, at)
    for taak in queries.open_work(session, verzoek.id):
        taak.finish(by.id, at)
    record(session, by, Action.INZAGEVERZOEK_DECIDED, verzoek, at=at, grond=grond.value)
    _promise(session, verzoek, BRIEF, at, "besluit")


def _promise(
    session: Session, verzoek: Inzageverzoek, topic: str, at: datetime, key: str
) -> None:
    gemeente = verzoek.gemeente_code
    promise(session, topic, verzoek.id, gemeente_code=gemeente, at=at, key=key)


def fetch_afschrift(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    vorm: str,
) -> bytes:
    """Open one form of the copy for who hands it over; each time is recorded."""
    afschrift = queries.afschrift_of(session, verzoek.id)
    if afschrift is None or queries.is_spoilt(session, afschrift):
        raise NotFound("Dit afschrift is er niet.")
    if afschrift.is_past(dag_van(at)):
        # the work that drops it comes once in a while
        raise NotFound("Dit afschrift is er niet.")
    content = afschrift.content(vorm)
    record(
        session,
        by,
        Action.AFSCHRIFT_EXPORTED,
        verzoek,
        at=at,
        subjects=[verzoek.inwoner_id],
        grond=vorm,
    )
    return content


def deliver(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    uitreiking: Uitreiking,
) -> None:
    """Note that the copy was handed over, and how."""
    hold(session, verzoek, "delivered_at")
    afschrift = queries.afschrift_of(session, verzoek.id)
    if afschrift is None or not afschrift.made_at:
        raise RuleViolation("Het afschrift is nog niet klaar.")
    verzoek.deliver(uitreiking, by.id, at)
    for taak in queries.open_work(session, verzoek.id):
        taak.finish(by.id, at)
    grond = uitreiking.value
    record(session, by, Action.AFSCHRIFT_DELIVERED, verzoek, at=at, grond=grond)


def read_brief(
    session: Session, by: Actor, at: datetime, *, verzoek: Inzageverzoek
) -> bytes:
    """Open the letter about a request; the look is recorded."""
    _looked(session, by, at, verzoek, "brief")
    return verzoek.brief or b""


def read_inhoud(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Inzageverzoek,
    onderdeel: str = "inhoud",
) -> tuple[list[dict[str, Any]], Sequence[Weglating]]:
    """Return what would be given and what is left out; the look is recorded."""
    _looked(session, by, at, verzoek, onderdeel)
    return preview(session, verzoek)


def _looked(
    session: Session, by: Actor, at: datetime, verzoek: Inzageverzoek, grond: str
) -> None:
    record(
        session,
        by,
        Action.AFSCHRIFT_READ,
        verzoek,
        at=at,
        subjects=[verzoek.inwoner_id],
        grond=grond,
    )
