"""Finding what the page of a dossier shows of people, hands and notes, each at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, union
from sqlalchemy.orm import Session, aliased

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier, Werkvoorraad
from loket.cases.dossier.huishouden import HuishoudenLid
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.notitie import Notitie, NotitieVersie
from loket.cases.dossier.queries import missing_dossier, visible, within_reach
from loket.cases.dossier.toedeling import Toedeling


def read_with_line(
    session: Session, by: Actor, at: datetime, referentie: str, deel: str | None = None
) -> tuple[Dossier, Werkvoorraad | None]:
    """Return a dossier with its line in the worklist; the look is recorded.

    Raises:
        NotFound, Vernietigd: it is not there (any more), or not for this actor.
    """
    found = session.execute(
        select(Dossier, Werkvoorraad)
        .outerjoin(Werkvoorraad, Werkvoorraad.dossier_id == Dossier.id)
        .where(Dossier.referentie == referentie, visible(by))
    ).one_or_none()
    if found is None:
        raise missing_dossier(session, by, referentie)
    record(session, by, Action.DOSSIER_READ, found[0], at=at, grond=deel)
    return found[0], found[1]


@dataclass(frozen=True)
class Mens:
    """Somebody around the cliënt, with the dossiers that this reader may see."""

    inwoner: Inwoner
    betrokkene: Betrokkene | None
    """Nothing: they share a household, or one is in the dossier of the other."""
    dossiers: tuple[Dossier, ...]
    is_known: bool
    """Whether this reader may see every dossier of them."""

    @property
    def telefoon(self) -> str | None:
        """Return where they can be called; not of who is cliënt out of sight."""
        return self.inwoner.telefoon if self.is_known else None


def list_mensen(session: Session, by: Actor, dossier_id: UUID) -> list[Mens]:
    """Return the cliënt first, then who is around them, with their own dossiers.

    Who is not in this dossier themselves, but shares a household with the cliënt or is
    the cliënt of a dossier that ours takes part in, is there only with a dossier that
    this reader may see. Of a dossier that they may not see nothing shows, not even by
    what is missing: without it the same line stands there.
    """
    here, own = aliased(Betrokkene), aliased(Betrokkene)
    out_of_sight = _out_of_sight(by)
    rows = session.execute(
        select(Inwoner, here, Dossier, out_of_sight.label("out_of_sight"))
        .outerjoin(here, (here.inwoner_id == Inwoner.id) & _is_in(here, dossier_id))
        .outerjoin(
            own,
            (own.inwoner_id == Inwoner.id)
            & (own.rol == BetrokkeneRol.CLIENT)
            & (own.dossier_id != dossier_id),
        )
        .outerjoin(Dossier, (Dossier.id == own.dossier_id) & visible(by))
        .where(
            Inwoner.id.in_(_around(dossier_id)),
            Inwoner.gemeente_code.in_(by.gemeenten),
            here.id.is_not(None) | (Dossier.id.is_not(None) & ~out_of_sight),
        )
        .order_by(here.id, Inwoner.id, Dossier.opened_at)
    ).all()
    return _people(rows)


def _people(rows: Sequence[Any]) -> list[Mens]:
    found: dict[tuple[UUID, UUID | None], Mens] = {}
    for inwoner, betrokkene, dossier, out_of_sight in rows:
        key = (inwoner.id, betrokkene.id if betrokkene else None)
        earlier = found.get(key)
        known = earlier.dossiers if earlier else ()
        more = (dossier,) if dossier and dossier not in known else ()
        found[key] = Mens(inwoner, betrokkene, (*known, *more), not out_of_sight)
    return sorted(
        found.values(),
        key=lambda each: (
            each.betrokkene is None or each.betrokkene.rol is not BetrokkeneRol.CLIENT
        ),
    )


def _is_in(who: type[Betrokkene], dossier_id: UUID) -> ColumnElement[bool]:
    return who.dossier_id == dossier_id


def _out_of_sight(by: Actor) -> ColumnElement[bool]:
    """Say in SQL that somebody is cliënt in a dossier that this actor may not see."""
    client, shielded = aliased(Betrokkene), aliased(Dossier)
    return exists(
        select(client.id)
        .join(shielded, shielded.id == client.dossier_id)
        .where(
            client.inwoner_id == Inwoner.id,
            client.rol == BetrokkeneRol.CLIENT,
            shielded.afgeschermd.is_(True),
            ~within_reach(by, shielded),
        )
    )


def _around(dossier_id: UUID) -> Select[UUID]:
    """Select who is in the dossier, lives with its cliënt, or is helped by them."""
    client, mine = aliased(Betrokkene), aliased(Betrokkene)
    own, other = aliased(HuishoudenLid), aliased(HuishoudenLid)
    is_client = (client.dossier_id == dossier_id) & (client.rol == BetrokkeneRol.CLIENT)
    housemates = (
        select(other.inwoner_id)
        .join(own, own.huishouden_id == other.huishouden_id)
        .join(client, client.inwoner_id == own.inwoner_id)
        .where(is_client, own.tot.is_(None), other.tot.is_(None))
    )
    helped = aliased(Betrokkene)
    helps = (
        select(helped.inwoner_id)
        .join(mine, mine.dossier_id == helped.dossier_id)
        .join(client, client.inwoner_id == mine.inwoner_id)
        .where(
            is_client,
            helped.rol == BetrokkeneRol.CLIENT,
            mine.rol != BetrokkeneRol.CLIENT,
        )
    )
    inside = select(Betrokkene.inwoner_id).where(Betrokkene.dossier_id == dossier_id)
    everybody = union(inside, housemates, helps).subquery()
    return select(everybody.c.inwoner_id)


def list_toedelingen(session: Session, dossier_id: UUID) -> Sequence[Toedeling]:
    """Return through whose hands a dossier went, the latest first."""
    return session.scalars(
        select(Toedeling)
        .where(Toedeling.dossier_id == dossier_id)
        .order_by(Toedeling.at.desc(), Toedeling.id.desc())
    ).all()


def list_latest(
    session: Session, dossier_id: UUID, most: int
) -> list[tuple[Notitie, NotitieVersie]]:
    """Return notes that hold with their last version, pinned and newest first."""
    later = aliased(NotitieVersie)
    rows = session.execute(
        select(Notitie, NotitieVersie)
        .join(NotitieVersie, NotitieVersie.notitie_id == Notitie.id)
        .outerjoin(
            later,
            (later.notitie_id == Notitie.id) & (later.versie > NotitieVersie.versie),
        )
        .where(
            Notitie.dossier_id == dossier_id,
            Notitie.withdrawn_at.is_(None),
            later.id.is_(None),
        )
        .order_by(
            Notitie.pinned_at.is_(None), Notitie.written_at.desc(), Notitie.id.desc()
        )
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]
