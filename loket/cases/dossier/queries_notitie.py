"""Finding notes of one dossier; whoever calls this has fetched the dossier first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.notitie import Notitie, NotitieSoort, NotitieVersie
from loket.cases.dossier.queries_verklaring import verklaringen_bij
from loket.cases.dossier.verklaring import Verklaring
from loket.errors import NotFound

PER_PAGE = 25
MOST_SEARCHED = 2_000
"""Versions that one search opens; a dossier with more must be narrowed by kind."""


@dataclass(frozen=True)
class NotitieKaart:
    """A note as it is shown: its last version, who wrote it and who corrected it."""

    notitie: Notitie
    laatste: NotitieVersie
    door: str
    laatst_door: str
    verklaringen: Sequence[Verklaring] = ()
    """What the resident says of it."""

    @property
    def is_corrected(self) -> bool:
        """Whether there are earlier versions to read."""
        return self.laatste.versie > 1


def list_notities(
    session: Session,
    dossier_id: UUID,
    *,
    soort: NotitieSoort | None = None,
    page: int = 1,
    most: int = PER_PAGE,
) -> tuple[list[NotitieKaart], bool]:
    """Return a page of notes, pinned and newest first, and whether there are more."""
    wanted = (
        select(Notitie)
        .where(Notitie.dossier_id == dossier_id)
        .order_by(
            Notitie.pinned_at.is_(None), Notitie.written_at.desc(), Notitie.id.desc()
        )
        .offset((page - 1) * most)
        .limit(most + 1)
    )
    if soort is not None:
        wanted = wanted.where(Notitie.soort == soort)
    found = session.scalars(wanted).all()
    return _cards(session, found[:most]), len(found) > most


def search_notities(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier, woorden: str
) -> list[NotitieKaart]:
    """Open the notes of a dossier and keep those with every word, in any version.

    That somebody searched is recorded, never what for.
    """
    wanted = woorden.casefold().split()
    versions = session.scalars(
        select(NotitieVersie)
        .where(NotitieVersie.dossier_id == dossier.id)
        .order_by(NotitieVersie.saved_at.desc())
        .limit(MOST_SEARCHED)
    ).all()
    hits = {
        each.notitie_id
        for each in versions
        if all(word in (each.tekst or "").casefold() for word in wanted)
    }
    found = session.scalars(
        select(Notitie)
        .where(Notitie.id.in_(hits))
        .order_by(Notitie.written_at.desc(), Notitie.id.desc())
    ).all()
    record(session, by, Action.NOTITIE_SEARCHED, dossier, at=at)
    return _cards(session, found)


def _cards(session: Session, notes: Sequence[Notitie]) -> list[NotitieKaart]:
    last = _last_versions(session, [each.id for each in notes])
    people = [each.written_by_id for each in notes]
    people += [each.saved_by_id for each in last.values()]
    names = staff_names(session, people)
    added = verklaringen_bij(session, [each.id for each in notes])
    return [
        NotitieKaart(
            each,
            last[each.id],
            names.get(each.written_by_id, ""),
            names.get(last[each.id].saved_by_id, ""),
            added.get(each.id, ()),
        )
        for each in notes
    ]


def _last_versions(
    session: Session, ids: Iterable[UUID]
) -> Mapping[UUID, NotitieVersie]:
    found = session.scalars(
        select(NotitieVersie)
        .ext(distinct_on(NotitieVersie.notitie_id))
        .where(NotitieVersie.notitie_id.in_(list(ids)))
        .order_by(NotitieVersie.notitie_id, NotitieVersie.versie.desc())
    )
    return {each.notitie_id: each for each in found}


def get_notitie(session: Session, dossier_id: UUID, notitie_id: UUID) -> Notitie:
    """Return one note of a dossier."""
    found = session.scalar(
        select(Notitie).where(
            Notitie.id == notitie_id, Notitie.dossier_id == dossier_id
        )
    )
    if found is None:
        raise NotFound("Deze notitie bestaat niet.")
    return found


def list_versions(session: Session, notitie_id: UUID) -> Sequence[NotitieVersie]:
    """Return every version of a note, newest first."""
    return session.scalars(
        select(NotitieVersie)
        .where(NotitieVersie.notitie_id == notitie_id)
        .order_by(NotitieVersie.versie.desc())
    ).all()


def last_version(session: Session, notitie_id: UUID) -> NotitieVersie:
    """Return the version that holds."""
    return _last_versions(session, [notitie_id])[notitie_id]
