"""Deeds about incoming post: take it in, file it, take it back, set it aside."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.queries_toestemming import require_toestemming
from loket.cases.dossier.taak import TaakSoort
from loket.cases.post.poststuk import Poststuk, Terzijde
from loket.errors import RuleViolation
from loket.termijnen import dag_van

KINDS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""How a file begins, by what it is; its name and what the browser says do not count."""
MOST_BYTES = 10 * 1024 * 1024
TO_READ = timedelta(days=2)


def kind_of(inhoud: bytes) -> str:
    """Tell what a file is by its first bytes.

    Raises:
        RuleViolation: empty, too large, or nothing that we can show.
    """
    if not inhoud:
        raise RuleViolation("Dit bestand is leeg.", "bestanden")
    if len(inhoud) > MOST_BYTES:
        raise RuleViolation("Een bestand mag niet groter zijn dan 10 MB.", "bestanden")
    for begin, kind in KINDS.items():
        if inhoud.startswith(begin):
            return kind
    raise RuleViolation("Kies een pdf, een JPEG- of een PNG-bestand.", "bestanden")


def receive_poststuk(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    inhoud: bytes,
    kanaal: Kanaal,
    ontvangen_op: date,
    afzender: str | None = None,
    omschrijving: str | None = None,
) -> Poststuk:
    """Take in one piece of post; it is sealed before it is stored."""
    check_past(ontvangen_op, at, "ontvangen_op")
    poststuk = Poststuk(
        gemeente_code=by.gemeente_code,
        kanaal=kanaal,
        ontvangen_op=ontvangen_op,
        mediatype=kind_of(inhoud),
        omvang=len(inhoud),
        registered_at=at,
        registered_by_id=by.id,
    )
    poststuk.inhoud = inhoud
    poststuk.afzender = afzender
    poststuk.omschrijving = omschrijving
    session.add(poststuk)
    session.flush()  # the trail names the new row
    record(session, by, Action.POSTSTUK_RECEIVED, poststuk, at=at, grond=kanaal.value)
    return poststuk


def file_poststuk(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    poststuk: Poststuk,
    dossier: Dossier,
    herkomst: Herkomst = Herkomst.INWONER,
) -> Document:
    """Put post in a dossier and ask who handles it to read it.

    Args:
        herkomst: from whom it is; some sources ask the consent of the cliënt.
    """
    session.refresh(poststuk, with_for_update=True)
    require_toestemming(session, dossier.id, herkomst, dag_van(at))
    poststuk.require_waiting()
    if dossier.closed_at:
        raise RuleViolation(
            "Dit dossier is gesloten. Kies een ander dossier of maak een melding.",
            "dossier",
        )
    document = store_document(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=DocumentSoort.INGEKOMEN,
        inhoud=poststuk.inhoud or b"",
        mediatype=poststuk.mediatype,
        bron_id=poststuk.id,
    )
    document.herkomst = herkomst
    poststuk.file(dossier.id, document.id, by.id, at)
    if dossier.consulent_id != by.id:
        set_taak(
            session,
            by,
            at,
            dossier_id=dossier.id,
            soort=TaakSoort.POST_BEKIJKEN,
            uiterlijk=dag_van(at) + TO_READ,
            voor_user_id=dossier.consulent_id,
            voor_rol=None if dossier.consulent_id else Role.TEAMLEIDER,
            onderwerp_id=document.id,
        )
    record(session, by, Action.POSTSTUK_FILED, poststuk, at=at, dossier_id=dossier.id)
    return document


def take_back_poststuk(
    session: Session, by: Actor, at: datetime, *, poststuk: Poststuk
) -> None:
    """Take post out of the wrong dossier; nothing of it stays there."""
    session.refresh(poststuk, with_for_update=True)
    if poststuk.document_id is None:
        raise RuleViolation("Dit poststuk zit niet in een dossier.")
    wrong = poststuk.dossier_id
    document = session.get_one(Document, poststuk.document_id)
    poststuk.take_back(document.inhoud or b"")
    session.flush()  # the document lets go of the row that refers to it
    session.delete(document)
    record(session, by, Action.POSTSTUK_TAKEN_BACK, poststuk, at=at, dossier_id=wrong)


def set_aside_poststuk(
    session: Session, by: Actor, at: datetime, *, poststuk: Poststuk, reden: Terzijde
) -> None:
    """Note that post belongs to no dossier here (Awb art. 2:3: it is sent on)."""
    session.refresh(poststuk, with_for_update=True)
    poststuk.set_aside(reden, by.id, at)
    record(session, by, Action.POSTSTUK_SET_ASIDE, poststuk, at=at, grond=reden.value)
