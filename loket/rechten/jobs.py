"""Promises about the rights of residents: the copy, made in steps, and the letters."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.queries import dossier_of
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.outbox.operations import promise as make_promise
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.rechten import queries
from loket.rechten.afschrift import STAPPEN, Afschrift
from loket.rechten.brief import besluitbrief, correctiebrief, papier
from loket.rechten.correctieverzoek import Correctieverzoek
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.rechten.leesbaar import html
from loket.rechten.operations import BRIEF, TOPIC, bewaardagen
from loket.rechten.operations_correctie import ANTWOORD
from loket.rechten.verzamelen import FILES, collect, file_name
from loket.rechten.vinden import file_fields, find_all
from loket.termijnen import dag_van, werkdagen_later

POST_WITHIN = 2
"""Working days in which a letter that was made goes out."""
LEES = (
    "Dit zijn uw gegevens bij de gemeente.\n\n"
    "gegevens.pdf   om te lezen of af te drukken\n"
    "gegevens.html  om te lezen op een scherm\n"
    "gegevens.json  voor een computerprogramma\n"
    "bestanden      uw documenten en brieven zelf\n"
)


def make_afschrift(work: Work, promise: Promise) -> None:
    """Do the next step of a copy, and promise the one after it.

    Each step is a transaction of its own: the page shows how far it is, and a worker
    that is killed begins that step again, never the whole.
    """
    session, at = work.session, work.at
    afschrift = session.get_one(Afschrift, promise.subject_id)
    if afschrift.made_at:
        return
    verzoek = queries.verzoek_of(session, work.by, afschrift.verzoek_id)
    if _must_begin_again(session, afschrift, at):
        afschrift.begin_again(at)
    (_gather, _print, _bundle)[afschrift.stap](work, verzoek, afschrift)
    afschrift.stap += 1
    if afschrift.stap < len(STAPPEN):
        make_promise(
            session,
            TOPIC,
            afschrift.id,
            gemeente_code=afschrift.gemeente_code,
            at=at,
            # one that began again passes the same steps, and makes the promises anew
            key=f"{afschrift.begun_at.timestamp()}:{afschrift.stap}",
        )
        return
    days = bewaardagen(session, afschrift.gemeente_code, dag_van(at))
    afschrift.finish(dag_van(at) + timedelta(days=days), at)
    record(session, work.by, Action.AFSCHRIFT_MADE, afschrift, at=at)


def _must_begin_again(session: Session, afschrift: Afschrift, at: datetime) -> bool:
    """Whether a copy that lay half made holds what may not be given any more.

    On its first day it is finished: it is never given, and it is dropped at once.
    """
    is_old = dag_van(afschrift.begun_at) < dag_van(at)
    return afschrift.stap > 0 and is_old and queries.is_spoilt(session, afschrift)


def _gather(work: Work, verzoek: Inzageverzoek, afschrift: Afschrift) -> None:
    told = collect(work.session, verzoek, work.at)
    afschrift.gegevens = json.dumps(told, ensure_ascii=False, indent=1).encode()
    afschrift.leesbaar = html(told)


def _print(work: Work, verzoek: Inzageverzoek, afschrift: Afschrift) -> None:
    told: dict[str, Any] = json.loads(afschrift.gegevens or b"{}")
    afschrift.pdf = papier(work.session, verzoek, told, dag_van(work.at))


def _bundle(work: Work, verzoek: Inzageverzoek, afschrift: Afschrift) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundel:
        bundel.writestr("LEESMIJ.txt", LEES)
        bundel.writestr("gegevens.json", afschrift.gegevens or b"")
        bundel.writestr("gegevens.html", afschrift.leesbaar or b"")
        bundel.writestr("gegevens.pdf", afschrift.pdf or b"")
        told = json.loads(afschrift.gegevens or b"{}")
        named = {each["naam"] for each in told["bestanden"]}
        for name, content in _files(work.session, verzoek):
            if name in named:  # what came later is not in this copy
                bundel.writestr(name, content)
    afschrift.bundel = held.getvalue()


def _files(session: Session, verzoek: Inzageverzoek) -> Iterator[tuple[str, bytes]]:
    """Open every file of this person."""
    vondst = find_all(session, verzoek.inwoner_id, inhoud=True)
    for tabel in sorted(FILES):
        for each in vondst.rijen.get(tabel, ()):
            for field in file_fields(type(each)):
                content = getattr(each, field)
                if content is not None:
                    yield file_name(tabel, each), content


def write_brief(work: Work, promise: Promise) -> None:
    """Make the letter about a request as it stands now; a later one replaces it."""
    verzoek = queries.verzoek_of(work.session, work.by, promise.subject_id)
    today = dag_van(work.at)
    verzoek.brief = besluitbrief(work.session, verzoek, today)
    verzoek.brief_op = today
    record(work.session, work.by, Action.INZAGEBRIEF_MADE, verzoek, at=work.at)


def drop_afschriften(database: Database, _config: Config, at: datetime) -> int:
    """Let go of copies whose last day passed, or that hold what may not be given."""
    with database.transaction(NOBODY) as session:
        gemeenten = gemeente_codes(session)
    count = 0
    for gemeente in gemeenten:
        with database.transaction(Scope.of(gemeente)) as session:
            by = Actor.system(gemeente)
            for each in session.scalars(
                select(Afschrift).where(
                    Afschrift.gemeente_code == gemeente,
                    Afschrift.dropped_at.is_(None),
                )
            ).all():
                if each.made_at is None:
                    if _must_begin_again(session, each, at):
                        each.begin_again(at)
                    continue
                if each.is_past(dag_van(at)) or queries.is_spoilt(session, each):
                    each.drop(at)
                    record(session, by, Action.AFSCHRIFT_DROPPED, each, at=at)
                    count += 1
    return count


def answer_correctie(work: Work, promise: Promise) -> None:
    """Make the letter about a request for correction, and ask for it to be sent."""
    session, by, at = work.session, work.by, work.at
    verzoek = session.get_one(Correctieverzoek, promise.subject_id)
    dossier = dossier_of(session, by, verzoek.dossier_id)
    document = store_document(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=DocumentSoort.CORRECTIEBRIEF,
        inhoud=correctiebrief(session, verzoek, dossier, dag_van(at)),
        bron_id=verzoek.id,
    )
    set_taak(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=TaakSoort.BRIEF_VERZENDEN,
        uiterlijk=werkdagen_later(dag_van(at), POST_WITHIN),
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=document.id,
    )


HANDLERS: dict[str, Handler] = {
    TOPIC: make_afschrift,
    BRIEF: write_brief,
    ANTWOORD: answer_correctie,
}
