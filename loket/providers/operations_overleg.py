"""Deeds of the overleg: writing to the other side, and having read it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.inwoner import Inwoner
from loket.outbox.operations import promise
from loket.providers import queries
from loket.providers.deling import require_shared
from loket.providers.herleidbaar import refuse_bsn, refuse_herleidbaar
from loket.providers.overleg import Afzender, Overlegregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_overleg import Onderwerp, open_vragen
from loket.termijnen import dag_van


def send_overlegregel(
    session: Session, by: Actor, at: datetime, *, onderwerp: Onderwerp, tekst: str
) -> Overlegregel:
    """Write to the other side about a verzoek or a toewijzing.

    A question stops no clock. Before acceptance nothing may tell who the cliënt is.
    """
    onderwerp = _lock_open(session, by, at, onderwerp)
    _refuse_person(session, by, at, onderwerp, tekst)
    is_verzoek = isinstance(onderwerp, Plaatsingsverzoek)
    regel = Overlegregel(
        gemeente_code=onderwerp.gemeente_code,
        dossier_id=onderwerp.dossier_id,
        aanbieder_id=onderwerp.aanbieder_id,
        plaatsingsverzoek_id=onderwerp.id if is_verzoek else None,
        toewijzing_id=None if is_verzoek else onderwerp.id,
        afzender=Afzender.AANBIEDER if by.aanbieder_id else Afzender.GEMEENTE,
        tekst=tekst,
        sent_at=at,
        sent_by_id=by.id,
    )
    session.add(regel)
    session.flush()  # the promise may only name what is there
    if by.aanbieder_id:
        promise(
            session,
            "providers.overleg",
            regel.id,
            gemeente_code=regel.gemeente_code,
            at=at,
        )
    else:
        for taak in open_vragen(session, regel.dossier_id, _threads(onderwerp)):
            taak.finish(by.id, at)
    record(session, by, Action.OVERLEG_SENT, regel, at=at)
    return regel


def read_overleg(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderwerp: Onderwerp,
    regels: Iterable[Overlegregel],
) -> None:
    """Keep that this side has seen what the other side wrote."""
    other = Afzender.GEMEENTE if by.aanbieder_id else Afzender.AANBIEDER
    shown = list(regels)
    for regel in shown:
        if regel.afzender is other:
            regel.read(by.id, at)
    record(
        session,
        by,
        Action.OVERLEG_READ,
        onderwerp,
        at=at,
        subjects=[regel.id for regel in shown],
    )


def _lock_open(
    session: Session, by: Actor, at: datetime, onderwerp: Onderwerp
) -> Onderwerp:
    """Take what is written about as it stands now; one that is over takes no words."""
    if isinstance(onderwerp, Plaatsingsverzoek):
        verzoek = queries.lock_verzoek(session, by, onderwerp.id)
        verzoek.require_open()
        return verzoek
    toewijzing = queries.lock_toewijzing(session, by, onderwerp.id)
    require_shared(session, at, toewijzing, "tekst")
    return toewijzing


def _refuse_person(
    session: Session, by: Actor, at: datetime, onderwerp: Onderwerp, tekst: str
) -> None:
    refuse_bsn(tekst, "tekst")
    if by.aanbieder_id or not isinstance(onderwerp, Plaatsingsverzoek):
        return
    voorziening = session.get_one(Voorziening, onderwerp.voorziening_id)
    client = session.get_one(Inwoner, voorziening.gerechtigde_id)
    refuse_herleidbaar(tekst, client, dag_van(at), "tekst")


def _threads(onderwerp: Onderwerp) -> list[UUID]:
    """Return what an answer answers: of a toewijzing also its verzoek."""
    earlier = getattr(onderwerp, "plaatsingsverzoek_id", None)
    return [onderwerp.id, *([earlier] if earlier else [])]
