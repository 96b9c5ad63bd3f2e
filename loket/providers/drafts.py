"""What people of an aanbieder typed goes when what it is about is settled."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.drafts.draft import Draft
from loket.drafts.operations import drop_drafts_about
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Deling, Toewijzing
from loket.termijnen import dag_van

LEVERING = "levering."
"""How the names begin of forms about help that is not over."""
Subject = TypeVar("Subject", Plaatsingsverzoek, Toewijzing)


def drop_drafts(
    session: Session, by: Actor, at: datetime, verzoek: Plaatsingsverzoek
) -> int:
    """Take away every draft about a verzoek that nobody can answer now; say how many.

    The one who answers takes away those of colleagues as well: the aanbieder has no
    say in it any more, and the question may go to another one.
    """
    return _drop(session, by, at, verzoek)


def drop_drafts_of_help(
    session: Session, by: Actor, at: datetime, toewijzing: Toewijzing
) -> int:
    """Take away what was typed about help that is over; say how many.

    Only forms that nobody can send any more: a word in the overleg may still be said
    for as long as the data are shared.
    """
    return _drop(session, by, at, toewijzing, LEVERING)


def _drop(
    session: Session, by: Actor, at: datetime, subject: Subject, forms: str = ""
) -> int:
    return drop_drafts_about(
        session,
        by,
        at,
        aanbieder_id=subject.aanbieder_id,
        subject=subject.referentie,
        forms=forms,
    )


def drop_stray_drafts(session: Session, by: Actor, at: datetime) -> int:
    """Take away what was kept after its verzoek or toewijzing ended; say how many.

    A page that stayed open after its session ended hands over what was typed without
    passing the door of its form, so nobody said that it was too late.
    """
    verzoeken = _with_drafts(
        session, by, Plaatsingsverzoek, Plaatsingsverzoek.status != "open"
    )
    over = Toewijzing.ended_at.is_not(None) | Toewijzing.stopped_at.is_not(None)
    helped = _with_drafts(session, by, Toewijzing, over)
    closed = select(Deling.id).where(
        Deling.toewijzing_id == Toewijzing.id, Deling.tot < dag_van(at)
    )
    unread = _with_drafts(session, by, Toewijzing, closed.exists())
    return (
        sum(drop_drafts(session, by, at, verzoek) for verzoek in verzoeken)
        + sum(drop_drafts_of_help(session, by, at, each) for each in helped)
        + sum(_drop(session, by, at, each) for each in unread)
    )


def _with_drafts(
    session: Session, by: Actor, kind: type[Subject], is_settled: ColumnElement[bool]
) -> Sequence[Subject]:
    about_it = (
        Draft.gemeente_code == by.gemeente_code,
        Draft.aanbieder_id == kind.aanbieder_id,
        Draft.subject == kind.referentie,
    )
    return session.scalars(
        select(kind).where(
            kind.gemeente_code == by.gemeente_code,
            is_settled,
            select(Draft.id).where(*about_it).exists(),
        )
    ).all()
