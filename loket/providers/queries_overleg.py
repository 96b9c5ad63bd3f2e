"""Finding what gemeente and aanbieder wrote; each side sees its own cases only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.providers.aanbieder import Aanbieder
from loket.providers.overleg import Afzender, Overlegregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing

Onderwerp = Plaatsingsverzoek | Toewijzing
"""What an overleg is about."""
MOST_SHOWN = 200


@dataclass(frozen=True)
class Draad:
    """One overleg on the page of a dossier: with whom, about what, what is new."""

    soort: str
    referentie: str
    aanbieder: str
    aantal: int
    ongelezen: int


def list_overleg(session: Session, onderwerp: Onderwerp) -> Sequence[Overlegregel]:
    """Return the newest of what was said about it, oldest first.

    A toewijzing carries on what was said about its plaatsingsverzoek. The caller
    found the subject within its own rows; the database refuses an aanbieder the rest.
    """
    newest = session.scalars(
        select(Overlegregel)
        .where(_about(onderwerp))
        .order_by(Overlegregel.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    return newest[::-1]


def _about(onderwerp: Onderwerp) -> ColumnElement[bool]:
    if isinstance(onderwerp, Plaatsingsverzoek):
        return Overlegregel.plaatsingsverzoek_id == onderwerp.id
    earlier = onderwerp.plaatsingsverzoek_id
    here = Overlegregel.toewijzing_id == onderwerp.id
    if earlier is None:
        return here
    return or_(here, Overlegregel.plaatsingsverzoek_id == earlier)


def count_unread(
    session: Session, by: Actor, onderwerpen: Collection[UUID]
) -> dict[UUID, int]:
    """Count what the gemeente wrote and the aanbieder did not open, per subject."""
    subject = func.coalesce(
        Overlegregel.toewijzing_id, Overlegregel.plaatsingsverzoek_id
    )
    rows = session.execute(
        select(subject.label("onderwerp"), func.count().label("aantal"))
        .where(
            Overlegregel.aanbieder_id == by.aanbieder_id,
            Overlegregel.gemeente_code.in_(by.gemeenten),
            Overlegregel.afzender == Afzender.GEMEENTE,
            Overlegregel.read_at.is_(None),
            subject.in_(onderwerpen),
        )
        .group_by(subject)
    )
    return {row.onderwerp: row.aantal for row in rows}


def list_draden(session: Session, dossier_id: UUID) -> list[Draad]:
    """Return what was discussed in a dossier whose page is being read, new first."""
    unread = func.count().filter(
        Overlegregel.afzender == Afzender.AANBIEDER, Overlegregel.read_at.is_(None)
    )
    rows = session.execute(
        select(
            Plaatsingsverzoek.referentie.label("verzoek"),
            Toewijzing.referentie.label("toewijzing"),
            Aanbieder.naam,
            func.count().label("aantal"),
            unread.label("ongelezen"),
        )
        .join(Aanbieder, Aanbieder.id == Overlegregel.aanbieder_id)
        .outerjoin(
            Plaatsingsverzoek,
            Plaatsingsverzoek.id == Overlegregel.plaatsingsverzoek_id,
        )
        .outerjoin(Toewijzing, Toewijzing.id == Overlegregel.toewijzing_id)
        .where(Overlegregel.dossier_id == dossier_id)
        .group_by(Plaatsingsverzoek.referentie, Toewijzing.referentie, Aanbieder.naam)
        .order_by(unread.desc(), func.max(Overlegregel.sent_at).desc())
    )
    return [
        Draad(
            "toewijzing" if row.toewijzing else "verzoek",
            row.toewijzing or row.verzoek,
            row.naam,
            row.aantal,
            row.ongelezen,
        )
        for row in rows
    ]


def open_vragen(
    session: Session, dossier_id: UUID, onderwerpen: Iterable[UUID]
) -> Sequence[Taak]:
    """Return the tasks to answer an aanbieder about these subjects."""
    return session.scalars(
        select(Taak).where(
            Taak.dossier_id == dossier_id,
            Taak.soort == TaakSoort.AANBIEDER_ANTWOORDEN,
            Taak.onderwerp_id.in_(onderwerpen),
            Taak.done_at.is_(None),
        )
    ).all()
