"""Finding whether a person may go: no dossier speaks of them, and their day has come.

A record that went into another one of the same person goes with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from loket.archief.bewaartermijn import Bewaartermijn
from loket.archief.queries import CHANGES, asks_inzage
from loket.audit.record import AuditRecord, Outcome
from loket.cases.besluit.voorziening import Medegerechtigde, Voorziening
from loket.cases.dossier.contactmoment import Contactmoment
from loket.cases.dossier.dossier import Betrokkene, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.terugbelverzoek import Terugbelverzoek
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.termijnen import dag_van


@dataclass(frozen=True)
class Persoon:
    """One person: every record of them, and what still refers to them."""

    inwoner_id: UUID
    """The record that stands; the others went into it."""
    records: tuple[UUID, ...]
    dossiers: frozenset[UUID]
    """That are there still and speak of this person, in any role."""
    laatste_wijziging: date
    vanaf: date
    """First day on which their data may be destroyed."""
    wordt_gebeld: bool
    """Somebody promised to call them back."""
    vraagt_inzage: bool
    """They asked to see their data, and have no answer yet."""

    @property
    def wacht_op_ons(self) -> bool:
        """Whether they were promised something; until then nothing goes."""
        return self.wordt_gebeld or self.vraagt_inzage


def personen(
    session: Session, inwoner_ids: Iterable[UUID], termijn: Bewaartermijn
) -> dict[UUID, Persoon]:
    """Work out for each person what refers to them and until when they are kept.

    Args:
        inwoner_ids: records that stand; who went into another is left out.
    """
    records = _records(session, list(inwoner_ids))
    if not records:
        return {}
    own = {each: now for now, all_of in records.items() for each in all_of}
    dossiers = _dossiers(session, own)
    changed = _last_changes(session, own)
    called = set(
        session.scalars(
            select(Terugbelverzoek.inwoner_id).where(
                Terugbelverzoek.inwoner_id.in_(own), Terugbelverzoek.done_at.is_(None)
            )
        )
    )
    asked = set(
        session.scalars(
            select(Inzageverzoek.inwoner_id).where(
                Inzageverzoek.inwoner_id.in_(own), asks_inzage()
            )
        )
    )
    return {
        now: Persoon(
            now,
            all_of,
            frozenset(dossiers.get(now, ())),
            dag_van(changed[now]),
            termijn.persoon_vanaf(dag_van(changed[now])),
            not called.isdisjoint(all_of),
            not asked.isdisjoint(all_of),
        )
        for now, all_of in records.items()
    }


def _records(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    asked = select(Inwoner.id.label("now"), Inwoner.id)
    first = asked.where(
        Inwoner.id.in_(ids),
        Inwoner.merged_at.is_(None),
        Inwoner.vernietigd_op.is_(None),
    ).cte(recursive=True)
    later = select(first.c.now, Inwoner.id).join(
        first, Inwoner.merged_into_id == first.c.id
    )
    every = first.union(later)
    found: dict[UUID, list[UUID]] = {}
    for now, each in session.execute(select(every.c.now, every.c.id)):
        found.setdefault(now, []).append(each)
    return {now: tuple(sorted(each)) for now, each in found.items()}


def _dossiers(session: Session, own: dict[UUID, UUID]) -> dict[UUID, set[UUID]]:
    """Return the dossiers that are there still, by who they speak of."""
    ways = union_all(
        select(Betrokkene.inwoner_id.label("who"), Betrokkene.dossier_id.label("what")),
        select(Voorziening.gerechtigde_id, Voorziening.dossier_id),
        select(Medegerechtigde.inwoner_id, Voorziening.dossier_id).join(
            Voorziening, Voorziening.id == Medegerechtigde.voorziening_id
        ),
    ).subquery()
    rows = session.execute(
        select(ways.c.who, ways.c.what)
        .join(Dossier, Dossier.id == ways.c.what)
        .where(ways.c.who.in_(own), Dossier.vernietigd_op.is_(None))
    )
    found: dict[UUID, set[UUID]] = {}
    for who, what in rows:
        found.setdefault(own[who], set()).add(what)
    return found


def _last_changes(session: Session, own: dict[UUID, UUID]) -> dict[UUID, datetime]:
    moments = union_all(
        select(Inwoner.id.label("who"), Inwoner.registered_at.label("at")).where(
            Inwoner.id.in_(own)
        ),
        select(Inwoner.id, Inwoner.corrected_at).where(
            Inwoner.id.in_(own), Inwoner.corrected_at.is_not(None)
        ),
        select(Contactmoment.inwoner_id, Contactmoment.at).where(
            Contactmoment.inwoner_id.in_(own), Contactmoment.dossier_id.is_(None)
        ),
        select(AuditRecord.subject_id, AuditRecord.occurred_at).where(
            AuditRecord.subject_id.in_(own),
            AuditRecord.action.in_(CHANGES),
            AuditRecord.outcome == Outcome.DONE,
        ),
    ).subquery()
    rows = session.execute(
        select(moments.c.who, func.max(moments.c.at)).group_by(moments.c.who)
    )
    found: dict[UUID, datetime] = {}
    for who, moment in rows:
        now = own[who]
        found[now] = max(moment, found.get(now, moment))
    return found
