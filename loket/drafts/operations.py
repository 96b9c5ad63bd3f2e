"""Keeping and dropping drafts; the trail knows that, never what was typed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.drafts import queries
from loket.drafts.draft import Draft, DraftMoved, DraftOf
from loket.outbox.operations import promise

SHRED = "drafts.shred"
MOST_AT_ONCE = 200


def save_draft(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    of: DraftOf,
    answers: dict[str, Any],
    writer: str,
    base: int,
) -> Draft:
    """Keep what was typed; the first time leaves a trail, what follows does not.

    Args:
        of: which form about which subject.
        answers: name of the field → list of texts, never a secret.
        writer: submit token of the page.
        base: version the page began with; 0 when there was none.

    Raises:
        DraftMoved: the page did not see the last version, or it was sent or dropped.
    """
    queries.hold(session, by, of)
    draft = queries.find_draft(session, by, of)
    check_base(draft, writer, base)
    if draft is None:
        draft = Draft(
            gemeente_code=of.gemeente_of(by),
            user_id=by.id,
            aanbieder_id=by.aanbieder_id,
            form=of.form,
            subject=of.subject,
            dossier_id=of.dossier_id,
            version=0,
        )
        session.add(draft)
        record(session, by, Action.DRAFT_STARTED, draft, at=at, grond=of.form)
    draft.label, draft.url, draft.door = of.label, of.url, of.door or of.url
    draft.keep(at, writer, answers)
    session.flush()  # sealed now: a key store that is away must refuse the save
    return draft


def check_base(draft: Draft | None, writer: str, base: int) -> None:
    """Refuse a page that would overwrite or revive what it did not see.

    Raises:
        DraftMoved: see `save_draft`.
    """
    if draft is None and base:
        raise DraftMoved("Dit concept is intussen verstuurd of weggegooid.")
    if draft is not None and not draft.follows(writer, base):
        raise DraftMoved("Op een ander scherm is een nieuwer concept bewaard.")


def read_draft(session: Session, by: Actor, at: datetime, *, draft: Draft) -> Any:
    """Open what the author typed before: name of the field → list of texts."""
    record(session, by, Action.DRAFT_READ, draft, at=at, grond=draft.form)
    return draft.answers


def drop_draft(
    session: Session, by: Actor, at: datetime, *, draft: Draft, grond: str
) -> None:
    """Take the draft away, in the transaction of what it led to; its key follows.

    Args:
        draft: an own draft, held.
        grond: `verstuurd` or `weggegooid`.
    """
    _drop(session, draft, at)
    record(session, by, Action.DRAFT_DROPPED, draft, at=at, grond=grond)


def drop_drafts_of_dossier(
    session: Session, by: Actor, at: datetime, *, dossier_id: UUID
) -> int:
    """Take away every draft about a dossier that is destroyed; return how many."""
    drafts = session.scalars(
        select(Draft).where(
            Draft.gemeente_code.in_(by.gemeenten), Draft.dossier_id == dossier_id
        )
    ).all()
    for draft in drafts:
        _drop(session, draft, at)
    record(
        session,
        by,
        Action.DRAFT_DROPPED,
        at=at,
        dossier_id=dossier_id,
        grond="dossier_vernietigd",
    )
    session.flush()  # the dossier itself is next
    return len(drafts)


def drop_drafts_about(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    aanbieder_id: UUID,
    subject: str,
    forms: str = "",
) -> int:
    """Take away what anybody of an aanbieder typed about what is settled now.

    Args:
        subject: the reference of what was settled, as `DraftOf.subject` says it.
        forms: how the names of the forms begin that nobody can send now; without it
            every form is one.

    Returns:
        How many were taken away.
    """
    drafts = queries.list_about(session, by, aanbieder_id, subject, forms)
    if not drafts:
        return 0
    for draft in drafts:
        _drop(session, draft, at)
    record(
        session,
        by,
        Action.DRAFT_DROPPED,
        at=at,
        dossier_id=drafts[0].dossier_id,
        subjects=[draft.id for draft in drafts],
        grond="afgehandeld",
        gemeente_code=drafts[0].gemeente_code,
    )
    return len(drafts)


def drop_old_drafts(
    session: Session, by: Actor, at: datetime, *, before: datetime
) -> int:
    """Take away drafts nobody touched since `before`, some at a time; say how many."""
    drafts = queries.list_old(session, by.gemeente_code, before, MOST_AT_ONCE)
    if not drafts:
        return 0
    subjects = [draft.id for draft in drafts]
    for draft in drafts:
        _drop(session, draft, at)
    record(
        session,
        by,
        Action.DRAFT_DROPPED,
        at=at,
        subjects=subjects,
        grond="verlopen",
    )
    return len(drafts)


def _drop(session: Session, draft: Draft, at: datetime) -> None:
    # after the commit: a key that is gone cannot come back with a rollback. First the
    # promise: an aanbieder may only promise it of a draft of its own
    promise(session, SHRED, draft.id, gemeente_code=draft.gemeente_code, at=at)
    session.delete(draft)
