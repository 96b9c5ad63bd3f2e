"""Drafts: only your own are found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from loket.accounts.verzending import Verzending
from loket.authz import Actor
from loket.drafts.draft import Draft, DraftOf

MOST_LISTED = 50


def find_draft(session: Session, by: Actor, of: DraftOf) -> Draft | None:
    """Return the own draft of this form about this subject, if there is one."""
    return find_drafts(session, by, of).get(of.form)


def find_drafts(session: Session, by: Actor, of: DraftOf) -> dict[str, Draft]:
    """Return the own drafts about this subject, closed, by the name of their form."""
    found = session.scalars(
        _own(by)
        .where(
            Draft.gemeente_code == of.gemeente_of(by),
            Draft.subject == of.subject,
        )
        # another screen may have kept one since this session looked
        .execution_options(populate_existing=True)
    )
    return {draft.form: draft for draft in found}


def _own(by: Actor) -> Select[Draft]:
    """Only what this person typed, at the desk where it was typed."""
    return select(Draft).where(
        Draft.user_id == by.id,
        Draft.aanbieder_id.is_not_distinct_from(by.aanbieder_id),
    )


def list_drafts(
    session: Session, by: Actor, form: str | None = None
) -> Sequence[Draft]:
    """Return the own drafts, newest first, closed: only label, url and moment."""
    wanted = _own(by).where(Draft.gemeente_code.in_(by.gemeenten))
    if form is not None:
        wanted = wanted.where(Draft.form == form)
    newest = wanted.order_by(Draft.saved_at.desc()).limit(MOST_LISTED)
    return session.scalars(newest).all()


def hold(session: Session, by: Actor, of: DraftOf) -> None:
    """Let saving and sending of one draft wait for each other, until the commit."""
    place = f"draft:{by.id}:{of.gemeente_of(by)}:{of.form}:{of.subject}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))


def sent_to(session: Session, by: Actor, token: str) -> str | None:
    """Return where the form with this submit token led, if it was carried out."""
    return session.scalar(
        select(Verzending.url).where(
            Verzending.user_id == by.id, Verzending.token == token
        )
    )


def list_about(
    session: Session, by: Actor, aanbieder_id: UUID, subject: str, forms: str = ""
) -> Sequence[Draft]:
    """Return what anybody of an aanbieder typed about this subject.

    Args:
        forms: how the names of the forms begin; without it every form counts.
    """
    return session.scalars(
        select(Draft).where(
            Draft.gemeente_code.in_(by.gemeenten),
            Draft.aanbieder_id == aanbieder_id,
            Draft.subject == subject,
            Draft.form.startswith(forms, autoescape=True),
        )
    ).all()


def list_old(
    session: Session, gemeente_code: str, before: datetime, most: int
) -> Sequence[Draft]:
    """Return drafts that were last touched before that moment, the oldest first."""
    return session.scalars(
        select(Draft)
        .where(Draft.gemeente_code == gemeente_code, Draft.saved_at < before)
        .order_by(Draft.saved_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
