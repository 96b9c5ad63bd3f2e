"""Carrying out a vernietigingslijst: one key at a time, each in a transaction.

The order is that of the law and of the vault. First it is looked at again, with the
row held, whether this may be destroyed. Then the key goes, in the key store, and that
is the moment of no return. After it everything that would still lead to a person goes
from the database: search tokens, drafts, files. The rows stay, unreadable, for the
figures and the trail.

A worker that dies on the way is taken up again by the next: a scope with a tombstone is
not looked at again, but finished.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from loket import termijnen
from loket.accounts.queries import gemeente_codes, instelling
from loket.archief import queries_lijst
from loket.archief.brief import besluit_brief
from loket.archief.operations_lijst import (
    UITVOEREN,
    propose_lijst,
    why_not,
)
from loket.archief.queries import bewaartermijn_op, bewaring_van
from loket.archief.queries_persoon import personen
from loket.archief.vernietigingslijst import (
    Uithaalreden,
    Vernietigingslijst,
    Vernietigingsregel,
)
from loket.archief.vernietigingsverzoek import Vernietigingsverzoek
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import NOBODY, Database, Model, Scope, hold, is_clash, mapped
from loket.drafts.operations import drop_drafts_of_dossier
from loket.errors import RuleViolation
from loket.letters.compose import render_letter
from loket.outbox.operations import promise
from loket.outbox.promise import Promise
from loket.outbox.work import Handlers, Work
from loket.vault.layout import Sealed, vault_of
from loket.vault.search import drop_tokens

VANZELF = "vernietigingslijst_vanzelf"
POST_WITHIN = 2
"""Working days in which a letter that was made goes out."""
_SHARED = frozenset({"dossier", "inwoner"})
"""Kinds of key that are destroyed by a line of their own."""


def carry_out(work: Work, kept: Promise) -> None:
    """Destroy what the next line says, and promise the one after it."""
    session, at = work.session, work.at
    lijst = session.get_one(Vernietigingslijst, kept.subject_id)
    hold(session, lijst, "stopped_at", "approved_at", "uitvoeren_vanaf", "finished_at")
    if not lijst.is_open or lijst.uitvoeren_vanaf is None or at < lijst.uitvoeren_vanaf:
        return
    regel = queries_lijst.next_regel(session, lijst.id)
    if regel is None:
        lijst.finished_at = at
        return
    reden = None if _is_buried(work, regel) else _still_kept(work, lijst, regel)
    if reden:
        _take_out(work, regel, reden)
    else:
        _destroy(work, regel)
    promise(
        session,
        UITVOEREN,
        lijst.id,
        gemeente_code=lijst.gemeente_code,
        at=at,
        key=str(regel.id),
    )


def _take_out(work: Work, regel: Vernietigingsregel, reden: Uithaalreden) -> None:
    regel.remove(reden, work.by.id, work.at)
    record(
        work.session,
        work.by,
        Action.VERNIETIGINGSREGEL_REMOVED,
        regel,
        at=work.at,
        dossier_id=regel.dossier_id,
        grond=reden.value,
    )


def _is_buried(work: Work, regel: Vernietigingsregel) -> bool:
    scope = regel.scope_id
    return scope in vault_of(work.session).graves([scope])


def _still_kept(
    work: Work, lijst: Vernietigingslijst, regel: Vernietigingsregel
) -> Uithaalreden | None:
    """Look again at this very moment; who places a stop now, waits for the answer."""
    session, today = work.session, termijnen.dag_van(work.at)
    termijn = bewaartermijn_op(session, lijst.gemeente_code, today)
    asked = lijst.verzoek_id is not None
    if regel.dossier_id:
        dossier = session.get_one(Dossier, regel.dossier_id)
        hold(session, dossier, "closed_at", "vernietigd_op")
        bewaring = bewaring_van(session, [dossier], termijn)[dossier.id]
        return why_not(bewaring, today, asked=asked)
    hold(session, session.get_one(Inwoner, regel.scope_id), "version", "vernietigd_op")
    persoon = personen(session, [regel.scope_id], termijn).get(regel.scope_id)
    if persoon is None or persoon.dossiers or persoon.wacht_op_ons:
        return Uithaalreden.IN_GEBRUIK
    too_early = not asked and persoon.vanaf > today
    return Uithaalreden.TE_VROEG if too_early else None


def _destroy(work: Work, regel: Vernietigingsregel) -> None:
    day = termijnen.dag_van(work.at)
    if regel.dossier_id:
        dossier = work.session.get_one(Dossier, regel.dossier_id)
        _shred(work, dossier.id, regel.grond, "dossier_id")
        _clear_dossier(work, dossier)
        dossier.destroy(day, regel.grond)
        record(
            work.session,
            work.by,
            Action.DOSSIER_DESTROYED,
            dossier,
            at=work.at,
            grond="op_verzoek" if "verzoek" in regel.grond else "bewaartermijn",
        )
    else:
        _destroy_person(work, regel)
    regel.destroyed_at = work.at


def _destroy_person(work: Work, regel: Vernietigingsregel) -> None:
    """Destroy every record of one person; the one that stands goes last."""
    session, day = work.session, termijnen.dag_van(work.at)
    records = [regel.scope_id]
    while found := session.scalars(
        select(Inwoner.id).where(
            Inwoner.merged_into_id.in_(records), Inwoner.id.not_in(records)
        )
    ).all():
        records += found
    for inwoner_id in reversed(records):
        _shred(work, inwoner_id, regel.grond, "inwoner_id")
        session.execute(
            update(Inwoner).where(Inwoner.id == inwoner_id).values(vernietigd_op=day)
        )
    record(
        session,
        work.by,
        Action.INWONER_DESTROYED,
        at=work.at,
        subjects=records,
        grond="op_verzoek" if "verzoek" in regel.grond else "bewaartermijn",
    )


def _shred(work: Work, scope_id: UUID, grond: str, column: str) -> None:
    """Destroy a key and those of what hangs on it, then every token they left."""
    session, vault = work.session, vault_of(work.session)
    # whatever was sealed first named the kind of this key; the line names the row
    vault.shred(scope_id, grond)
    for own_id, own_kind in list(_hanging_on(work, scope_id, column)):
        vault.shred(own_id, grond, kind=own_kind)
        drop_tokens(session, own_id)
    drop_tokens(session, scope_id)


def _hanging_on(work: Work, scope_id: UUID, column: str) -> Iterator[tuple[UUID, str]]:
    """Find what has a key of its own and belongs to this dossier or person."""
    for mapper in mapped():
        model: Any = mapper.class_
        if not issubclass(model, Sealed) or model.__scope_kind__ in _SHARED:
            continue
        if column not in mapper.columns or model.__scope__ == column:
            continue
        scope = getattr(model, model.__scope__)
        found = work.session.scalars(
            select(scope).where(getattr(model, column) == scope_id).distinct()
        )
        yield from ((each, model.__scope_kind__) for each in found if each != scope_id)


def _clear_dossier(work: Work, dossier: Dossier) -> None:
    """Take away what no longer serves: typed drafts, whole files, the worklist."""
    session = work.session
    drop_drafts_of_dossier(session, work.by, work.at, dossier_id=dossier.id)
    files = Model.metadata.tables[Document.__tablename__]
    session.execute(
        update(files).where(files.c.dossier_id == dossier.id).values(inhoud=None)
    )
    session.execute(delete(Werkvoorraad).where(Werkvoorraad.dossier_id == dossier.id))


def take_off(work: Work, kept: Promise) -> None:
    """A stop was placed: the dossier leaves the list that is in preparation."""
    for regel in queries_lijst.open_regels_of(work.session, kept.subject_id):
        _take_out(work, regel, Uithaalreden.STOP)


def write_besluit(work: Work, kept: Promise) -> None:
    """Make the letter about a request to destroy; a second time changes nothing."""
    session, by, at = work.session, work.by, work.at
    verzoek = session.get_one(Vernietigingsverzoek, kept.subject_id)
    if verzoek.document_id:
        return
    document = store_document(
        session,
        by,
        at,
        dossier_id=verzoek.dossier_id,
        soort=DocumentSoort.VERNIETIGINGSBESLUIT,
        inhoud=render_letter(besluit_brief(session, verzoek)),
        bron_id=verzoek.id,
    )
    verzoek.document_id = document.id
    set_taak(
        session,
        by,
        at,
        dossier_id=verzoek.dossier_id,
        soort=TaakSoort.BRIEF_VERZENDEN,
        uiterlijk=termijnen.werkdagen_later(termijnen.dag_van(at), POST_WITHIN),
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=document.id,
    )


def propose_due(database: Database, _config: Config, at: datetime) -> int:
    """Make a list in every gemeente that asks for it; return how many were made."""
    with database.transaction(NOBODY) as session:
        codes = gemeente_codes(session)
    made = 0
    for code in codes:
        try:
            with database.transaction(Scope.of(code)) as session:
                if not instelling(session, code, VANZELF, termijnen.dag_van(at)):
                    continue
                propose_lijst(session, Actor.system(code), at)
                made += 1
        except RuleViolation:
            continue  # nothing is due
        except IntegrityError as error:
            if not is_clash(error):
                raise
            # somebody proposes the same at this moment: theirs stands
    return made


HANDLERS: Handlers = {
    UITVOEREN: carry_out,
    "archief.stop": take_off,
    "letters.vernietiging": write_besluit,
}
