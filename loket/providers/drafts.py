"""What people of an aanbieder typed about a verzoek goes when it is settled."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.drafts.draft import Draft
from loket.drafts.operations import drop_drafts_about
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek


def drop_drafts(
    session: Session, by: Actor, at: datetime, verzoek: Plaatsingsverzoek
) -> int:
    """Take away every draft about a verzoek that nobody can answer now; say how many.

    The one who answers takes away those of colleagues as well: the aanbieder has no
    say in it any more, and the question may go to another one.
    """
    return drop_drafts_about(
        session,
        by,
        at,
        aanbieder_id=verzoek.aanbieder_id,
        subject=verzoek.referentie,
    )


def drop_stray_drafts(session: Session, by: Actor, at: datetime) -> int:
    """Take away what was kept after its verzoek was settled; say how many.

    A page that stayed open after its session ended hands over what was typed without
    passing the door of its form, so nobody said that it was too late.
    """
    about_it = (
        Draft.gemeente_code == by.gemeente_code,
        Draft.aanbieder_id == Plaatsingsverzoek.aanbieder_id,
        Draft.subject == Plaatsingsverzoek.referentie,
    )
    settled = session.scalars(
        select(Plaatsingsverzoek).where(
            Plaatsingsverzoek.gemeente_code == by.gemeente_code,
            Plaatsingsverzoek.status != "open",
            select(Draft.id).where(*about_it).exists(),
        )
    ).all()
    return sum(drop_drafts(session, by, at, verzoek) for verzoek in settled)
