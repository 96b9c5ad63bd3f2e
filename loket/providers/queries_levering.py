"""Finding what was settled around a toewijzing, and what still waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.errors import NotFound
from loket.providers.levering import (
    Contactpoging,
    Leveringsvraag,
    Startvoorstel,
    Vraagsoort,
)
from loket.providers.overleg import Afzender
from loket.providers.toewijzing import Toewijzing

MOST_SHOWN = 100
TAKEN = {
    Vraagsoort.ONBEREIKBAAR: TaakSoort.CLIENT_ONBEREIKBAAR,
    Vraagsoort.UITVAL: TaakSoort.CLIENT_VALT_UIT,
    Vraagsoort.VERLENGING: TaakSoort.VERLENGING_BEOORDELEN,
}
"""Which task a question becomes."""


@dataclass(frozen=True)
class Levering:
    """Everything settled around one toewijzing, the newest first."""

    voorstellen: Sequence[Startvoorstel]
    pogingen: Sequence[Contactpoging]
    vragen: Sequence[Leveringsvraag]


def show_levering(session: Session, toewijzing: Toewijzing) -> Levering:
    """Return what was settled; the caller found the toewijzing within its own rows."""
    return Levering(
        session.scalars(
            select(Startvoorstel)
            .where(Startvoorstel.toewijzing_id == toewijzing.id)
            .order_by(Startvoorstel.id.desc())
            .limit(MOST_SHOWN)
        ).all(),
        session.scalars(
            select(Contactpoging)
            .where(Contactpoging.toewijzing_id == toewijzing.id)
            .order_by(Contactpoging.dag.desc(), Contactpoging.id.desc())
            .limit(MOST_SHOWN)
        ).all(),
        session.scalars(
            select(Leveringsvraag)
            .where(Leveringsvraag.toewijzing_id == toewijzing.id)
            .order_by(Leveringsvraag.id.desc())
            .limit(MOST_SHOWN)
        ).all(),
    )


def newest_voorstel(session: Session, toewijzing: Toewijzing) -> Startvoorstel | None:
    """Return the proposal that counts."""
    return session.scalar(
        select(Startvoorstel)
        .where(Startvoorstel.toewijzing_id == toewijzing.id)
        .order_by(Startvoorstel.id.desc())
        .limit(1)
    )


def open_vraag(
    session: Session, toewijzing: Toewijzing, soort: Vraagsoort
) -> Leveringsvraag | None:
    """Return the question of this kind that waits for an answer."""
    return session.scalar(
        select(Leveringsvraag).where(
            Leveringsvraag.toewijzing_id == toewijzing.id,
            Leveringsvraag.soort == soort,
            Leveringsvraag.answered_at.is_(None),
        )
    )


def get_vraag(
    session: Session, toewijzing: Toewijzing, vraag_id: UUID
) -> Leveringsvraag:
    """Return a question about this toewijzing, held until the end.

    Raises:
        NotFound: unknown, or about another toewijzing.
    """
    vraag = session.scalar(
        select(Leveringsvraag)
        .where(
            Leveringsvraag.id == vraag_id,
            Leveringsvraag.toewijzing_id == toewijzing.id,
        )
        .with_for_update()
    )
    if vraag is None:
        raise NotFound("Deze vraag bestaat niet.")
    return vraag


def count_pogingen(session: Session, toewijzing: Toewijzing) -> int:
    """Count attempts since the consulent last said what to do about it."""
    answered = (
        select(func.max(Leveringsvraag.answered_at))
        .where(
            Leveringsvraag.toewijzing_id == toewijzing.id,
            Leveringsvraag.soort == Vraagsoort.ONBEREIKBAAR,
        )
        .scalar_subquery()
    )
    return session.scalars(
        select(func.count())
        .select_from(Contactpoging)
        .where(
            Contactpoging.toewijzing_id == toewijzing.id,
            answered.is_(None) | (Contactpoging.recorded_at > answered),
        )
    ).one()


def open_taken(
    session: Session, toewijzing: Toewijzing, soort: TaakSoort
) -> Sequence[Taak]:
    """Return the tasks of this kind about this toewijzing."""
    return session.scalars(
        select(Taak).where(
            Taak.dossier_id == toewijzing.dossier_id,
            Taak.onderwerp_id == toewijzing.id,
            Taak.soort == soort,
            Taak.done_at.is_(None),
        )
    ).all()


def waiting_for_aanbieder(
    session: Session, by: Actor, most: int
) -> Sequence[Toewijzing]:
    """Return toewijzingen with a start that the gemeente proposed, unanswered."""
    newest = (
        select(
            Startvoorstel.toewijzing_id, func.max(Startvoorstel.proposed_at).label("at")
        )
        .where(
            Startvoorstel.aanbieder_id == by.aanbieder_id,
            Startvoorstel.gemeente_code.in_(by.gemeenten),
        )
        .group_by(Startvoorstel.toewijzing_id)
        .subquery()
    )
    return session.scalars(
        select(Toewijzing)
        .join(newest, newest.c.toewijzing_id == Toewijzing.id)
        .join(
            Startvoorstel,
            (Startvoorstel.toewijzing_id == Toewijzing.id)
            & (Startvoorstel.proposed_at == newest.c.at),
        )
        .where(
            Toewijzing.status == "wacht",
            Startvoorstel.afzender == Afzender.GEMEENTE,
            Startvoorstel.agreed_at.is_(None),
        )
        .order_by(Startvoorstel.startdatum)
        .limit(most)
    ).all()
