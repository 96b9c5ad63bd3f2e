"""Promises kept after an answer: the toewijzing, the next candidate, a death."""

from datetime import datetime

from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.authz import Actor, Role
from loket.cases.besluit.klokken import keep_clock
from loket.cases.besluit.queries import lock_regels
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier, Fase
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.errors import RuleViolation
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.providers import operations, queries
from loket.providers.deling import share_until
from loket.providers.drafts import drop_stray_drafts
from loket.providers.levering import Leveringsvraag, Startvoorstel
from loket.providers.overleg import Afzender, Overlegregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_levering import TAKEN, newest_voorstel, open_taken
from loket.providers.queries_overleg import open_vragen
from loket.providers.ruimte import Recht
from loket.providers.toewijzing import Stopreden, Toewijzing
from loket.termijnen import dag_van, werkdagen_later

ANDERE_HULP_NODIG = frozenset(
    {Stopreden.DOOR_AANBIEDER, Stopreden.DOOR_CLIENT, Stopreden.IN_OVERLEG}
)
"""Stops after which the right still waits for somebody who delivers it."""
ANTWOORD_BINNEN = 2
"""Working days in which an aanbieder gets an answer."""
OPNIEUW_BINNEN = 2
"""Working days in which the consulent looks for another aanbieder."""


def assign_accepted(work: Work, promise: Promise) -> None:
    """Make the toewijzing that an aanbieder agreed to; else somebody has to look."""
    session = work.session
    verzoek = session.get_one(Plaatsingsverzoek, promise.subject_id)
    if not verzoek.startdatum or queries.toewijzing_of(session, verzoek.id):
        return
    voorziening = session.get_one(Voorziening, verzoek.voorziening_id)
    try:
        with session.begin_nested():
            operations.make_toewijzing(
                session,
                work.by,
                work.at,
                voorziening=voorziening,
                contractregel_id=verzoek.contractregel_id,
                van=verzoek.startdatum,
                tot=verzoek.einddatum,
                volume=verzoek.volume,
                plaatsingsverzoek=verzoek,
            )
    except RuleViolation:
        # the right or the contract changed while the aanbieder was thinking
        _place_again(work, voorziening)


def ask_next(work: Work, promise: Promise) -> None:
    """Let the consulent choose the next candidate after a refusal."""
    verzoek = work.session.get_one(Plaatsingsverzoek, promise.subject_id)
    voorziening = work.session.get_one(Voorziening, verzoek.voorziening_id)
    if queries.open_verzoek(work.session, voorziening.id) is None:
        _place_again(work, voorziening)


def follow_progress(work: Work, promise: Promise) -> None:
    """Show in the worklist that help runs, or that it has to be placed again."""
    toewijzing = work.session.get_one(Toewijzing, promise.subject_id)
    voorziening = work.session.get_one(Voorziening, toewijzing.voorziening_id)
    if toewijzing.gestopt_op and toewijzing.stopreden is not Stopreden.TIJDELIJK:
        share_until(work.session, work.at, toewijzing)
    if toewijzing.stopreden in ANDERE_HULP_NODIG and _is_left_open(
        work.session, voorziening, toewijzing
    ):
        _place_again(work, voorziening)
        return
    if toewijzing.gestart_op and not toewijzing.gestopt_op:
        keep_clock(work.session, toewijzing.dossier_id, daarna=Fase.LEVERING)


def _is_left_open(
    session: Session, voorziening: Voorziening, stopped: Toewijzing
) -> bool:
    """Whether the right goes on and nothing was arranged instead."""
    later = [
        other
        for other in queries.list_toewijzingen(session, voorziening.id)
        if other.made_at > stopped.made_at
    ]
    return voorziening.ended_at is None and stopped.ended_at is None and not later


def end_with_life(work: Work, promise: Promise) -> None:
    """End what is delivered to somebody who died: no bill for a later day."""
    client = work.session.get_one(Inwoner, promise.subject_id)
    if client.overleden_op is None:
        return
    for verzoek in queries.open_verzoeken_of(work.session, client.id):
        operations.withdraw_plaatsingsverzoek(
            work.session, work.by, work.at, verzoek=verzoek
        )
    for toewijzing in queries.toewijzingen_after(
        work.session, client.id, client.overleden_op
    ):
        operations.end_toewijzing(
            work.session,
            work.by,
            work.at,
            toewijzing=toewijzing,
            geeindigd_op=client.overleden_op,
        )


def follow_right(work: Work, promise: Promise) -> None:
    """End toewijzingen of a right that ended; look at those of one that shrank."""
    voorziening = work.session.get_one(Voorziening, promise.subject_id)
    last = voorziening.geeindigd_op
    if last is None:
        _check_room(work, voorziening)
        return
    verzoek = queries.open_verzoek(work.session, voorziening.id)
    if verzoek is not None:
        operations.withdraw_plaatsingsverzoek(
            work.session, work.by, work.at, verzoek=verzoek
        )
    for toewijzing in queries.list_toewijzingen(work.session, voorziening.id):
        if toewijzing.ended_at is None and (
            toewijzing.tot is None or toewijzing.tot > last
        ):
            operations.end_toewijzing(
                work.session,
                work.by,
                work.at,
                toewijzing=toewijzing,
                geeindigd_op=last,
            )


def _check_room(work: Work, voorziening: Voorziening) -> None:
    """Less was granted than was assigned: somebody arranges it anew."""
    recht = Recht(
        voorziening,
        lock_regels(work.session, voorziening.id),
        queries.list_toewijzingen(work.session, voorziening.id),
    )
    if recht.is_exceeded(dag_van(work.at)):
        _place_again(work, voorziening)


def _place_again(work: Work, voorziening: Voorziening) -> None:
    session = work.session
    if voorziening.ended_at or queries.open_taken(session, voorziening):
        return
    dossier = session.get_one(Dossier, voorziening.dossier_id)
    set_taak(
        session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=TaakSoort.OPNIEUW_PLAATSEN,
        uiterlijk=werkdagen_later(dag_van(work.at), OPNIEUW_BINNEN),
        voor_rol=None if dossier.consulent_id else Role.CONSULENT,
        voor_user_id=dossier.consulent_id,
        onderwerp_id=voorziening.id,
    )
    keep_clock(session, dossier.id, daarna=Fase.PLAATSEN)


def ask_consulent(work: Work, promise: Promise) -> None:
    """Let the consulent answer what an aanbieder wrote; one task for all of it."""
    session = work.session
    regel = session.get_one(Overlegregel, promise.subject_id)
    if regel.read_at or open_vragen(session, regel.dossier_id, [regel.onderwerp_id]):
        return
    dossier = session.get_one(Dossier, regel.dossier_id)
    set_taak(
        session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=TaakSoort.AANBIEDER_ANTWOORDEN,
        uiterlijk=werkdagen_later(dag_van(work.at), ANTWOORD_BINNEN),
        voor_rol=None if dossier.consulent_id else Role.CONSULENT,
        voor_user_id=dossier.consulent_id,
        onderwerp_id=regel.onderwerp_id,
    )


def settle_levering(work: Work, promise: Promise) -> None:
    """Let the consulent settle what an aanbieder proposed or asked; one task each."""
    session = work.session
    vraag = session.get(Leveringsvraag, promise.subject_id)
    if vraag is not None:
        soort, toewijzing_id, is_done = (
            TAKEN[vraag.soort],
            vraag.toewijzing_id,
            vraag.answered_at is not None,
        )
    else:
        voorstel = session.get_one(Startvoorstel, promise.subject_id)
        soort, toewijzing_id = (
            TaakSoort.STARTDATUM_BEANTWOORDEN,
            voorstel.toewijzing_id,
        )
        is_done = voorstel.agreed_at is not None
    toewijzing = session.get_one(Toewijzing, toewijzing_id)
    newest = newest_voorstel(session, toewijzing)
    if vraag is None and newest and newest.afzender is Afzender.GEMEENTE:
        return  # the gemeente proposed another day already
    if is_done or open_taken(session, toewijzing, soort):
        return
    dossier = session.get_one(Dossier, toewijzing.dossier_id)
    set_taak(
        session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=soort,
        uiterlijk=werkdagen_later(dag_van(work.at), ANTWOORD_BINNEN),
        voor_rol=None if dossier.consulent_id else Role.CONSULENT,
        voor_user_id=dossier.consulent_id,
        onderwerp_id=toewijzing.id,
    )


def drop_strays(database: Database, _config: Config, at: datetime) -> int:
    """Take away drafts that came in after their subject was settled; say how many."""
    with database.transaction(NOBODY) as session:
        codes = gemeente_codes(session)
    dropped = 0
    for code in codes:
        with database.transaction(Scope.of(code)) as session:
            dropped += drop_stray_drafts(session, Actor.system(code), at)
    return dropped


HANDLERS: dict[str, Handler] = {
    "providers.overleg": ask_consulent,
    "providers.levering": settle_levering,
    "providers.toewijzen": assign_accepted,
    "providers.geweigerd": ask_next,
    "providers.voortgang": follow_progress,
    "providers.overleden": end_with_life,
    "providers.recht": follow_right,
}
