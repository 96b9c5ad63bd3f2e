"""What the trail and the cases say about looks: asked in sets, never one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.team import Teamlid
from loket.accounts.user import User
from loket.audit.record import AuditRecord, Outcome
from loket.authz import SYSTEM_ID
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    DossierToegang,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.noodtoegang import Noodtoegang
from loket.cases.dossier.queries_inzage import LOOKS
from loket.cases.dossier.taak import Taak
from loket.cases.dossier.terugbelverzoek import Terugbelverzoek
from loket.cases.dossier.toedeling import Toedeling
from loket.toezicht.blik import Blik
from loket.toezicht.medewerkerkaart import Medewerkerkaart
from loket.vault.search import search

MOST = 30_000
"""Looks of one run, the newest: what is older was judged by an earlier run."""
PASSIVE = (
    *("read", "searched", "listed", "exported", "printed", "revealed", "refused"),
    *("started", "dropped"),
)
"""How a look is called; a draft that is begun is no work in the dossier yet."""

Paar = tuple[UUID, UUID]
"""A person and a dossier."""


def looks_since(session: Session, gemeente_code: str, since: datetime) -> list[Blik]:
    """Return who opened which dossier since this moment, in order of time."""
    rows = session.execute(
        select(
            AuditRecord.id,
            AuditRecord.user_id,
            AuditRecord.dossier_id,
            AuditRecord.occurred_at,
            AuditRecord.rollen,
        )
        .where(
            AuditRecord.gemeente_code == gemeente_code,
            AuditRecord.occurred_at >= since,
            AuditRecord.outcome == Outcome.DONE,
            AuditRecord.aanbieder_id.is_(None),
            AuditRecord.user_id.is_not(None),
            AuditRecord.user_id != SYSTEM_ID,
            AuditRecord.dossier_id.is_not(None),
            AuditRecord.action.in_([each.value for each in LOOKS]),
        )
        .order_by(AuditRecord.occurred_at.desc(), AuditRecord.id.desc())
        .limit(MOST)
    )
    return sorted(
        (
            Blik(record_id, user_id, dossier_id, at, rollen)
            for record_id, user_id, dossier_id, at, rollen in rows
            if user_id and dossier_id
        ),
        key=lambda look: look.at,
    )


def with_relation(
    session: Session, looks: Sequence[Blik], around: timedelta
) -> set[Paar]:
    """Return the pairs of which the person had work in the dossier around the look.

    That is: it is theirs or of a colleague in their team, it was, they are named, they
    took emergency access (reviewed apart), a task or a call waits for them or for
    their role, or they did something in it.
    """
    if not looks:
        return set()
    dossiers = {look.dossier_id for look in looks}
    first, last = looks[0].at - around, looks[-1].at + around
    pairs = _named(session, dossiers) | _did(session, looks, first, last)
    pairs |= _waits(session, looks, dossiers, first)
    return pairs | _team(session, looks, dossiers)


def _named(session: Session, dossiers: Collection[UUID]) -> set[Paar]:
    sources = (
        select(Dossier.consulent_id, Dossier.id).where(Dossier.id.in_(dossiers)),
        select(Toedeling.naar_id, Toedeling.dossier_id).where(
            Toedeling.dossier_id.in_(dossiers)
        ),
        select(DossierToegang.user_id, DossierToegang.dossier_id).where(
            DossierToegang.dossier_id.in_(dossiers)
        ),
        select(Noodtoegang.user_id, Noodtoegang.dossier_id).where(
            Noodtoegang.dossier_id.in_(dossiers)
        ),
    )
    return {
        (user_id, dossier_id)
        for source in sources
        for user_id, dossier_id in session.execute(source)
        if user_id
    }


def _did(
    session: Session, looks: Sequence[Blik], first: datetime, last: datetime
) -> set[Paar]:
    rows = session.execute(
        select(AuditRecord.user_id, AuditRecord.dossier_id, AuditRecord.action)
        .where(
            AuditRecord.dossier_id.in_({look.dossier_id for look in looks}),
            AuditRecord.user_id.in_({look.user_id for look in looks}),
            AuditRecord.outcome == Outcome.DONE,
            AuditRecord.occurred_at.between(first, last),
        )
        .distinct()
    )
    return {
        (user_id, dossier_id)
        for user_id, dossier_id, action in rows
        if user_id and dossier_id and action.rpartition(".")[2] not in PASSIVE
    }


def _waits(
    session: Session,
    looks: Sequence[Blik],
    dossiers: Collection[UUID],
    first: datetime,
) -> set[Paar]:
    """Tasks and calls that were open at some time since `first`."""
    by_role: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
    for look in looks:
        for rol in look.rollen.split(","):
            by_role[rol, look.dossier_id].add(look.user_id)
    pairs: set[Paar] = set()
    for model in (Taak, Terugbelverzoek):
        waiting: Any = model  # the two have these columns in common
        rows = session.execute(
            select(waiting.dossier_id, waiting.voor_user_id, waiting.voor_rol).where(
                waiting.dossier_id.in_(dossiers),
                waiting.done_at.is_(None) | (waiting.done_at >= first),
            )
        )
        for dossier_id, user_id, rol in rows:
            if user_id:
                pairs.add((user_id, dossier_id))
            elif rol:
                pairs |= {(one, dossier_id) for one in by_role[rol.value, dossier_id]}
    return pairs


def _team(
    session: Session, looks: Sequence[Blik], dossiers: Collection[UUID]
) -> set[Paar]:
    rows = session.execute(
        select(Dossier.id, Dossier.consulent_id).where(Dossier.id.in_(dossiers))
    )
    has = {each.id: each.consulent_id for each in rows}
    people = {look.user_id for look in looks} | {each for each in has.values() if each}
    teams: dict[UUID, list[Teamlid]] = defaultdict(list)
    for lid in session.scalars(select(Teamlid).where(Teamlid.user_id.in_(people))):
        teams[lid.user_id].append(lid)
    return {
        (look.user_id, look.dossier_id)
        for look in looks
        if (consulent := has.get(look.dossier_id))
        and _share(teams[look.user_id], teams[consulent], look)
    }


def _share(own: Iterable[Teamlid], theirs: Iterable[Teamlid], look: Blik) -> bool:
    at_work = {lid.team_id for lid in own if lid.holds_on(look.dag)}
    return any(lid.team_id in at_work and lid.holds_on(look.dag) for lid in theirs)


def clients_of(session: Session, dossiers: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the cliënt of each dossier."""
    rows = session.execute(
        select(Betrokkene.dossier_id, Betrokkene.inwoner_id).where(
            Betrokkene.dossier_id.in_(dossiers),
            Betrokkene.rol == BetrokkeneRol.CLIENT,
        )
    )
    return {each.dossier_id: each.inwoner_id for each in rows}


def namesakes(
    session: Session, gemeente_code: str, people: Collection[UUID], most: int
) -> dict[UUID, set[UUID]]:
    """Return per person the inwoners with the same surname, where the name is rare."""
    found: dict[UUID, set[UUID]] = {}
    if not most:
        return found
    names = session.execute(select(User.id, User.naam).where(User.id.in_(people)))
    for user_id, naam in names:
        surname = naam.split()[-1]
        if len(surname) < 3 or not surname[0].isalpha():
            continue
        same = search(
            session,
            Inwoner,
            gemeente_code=gemeente_code,
            where=Inwoner.merged_at.is_(None),
            most=most,
            achternaam=surname,
        )
        if len(same) <= most:
            found[user_id] = {each.id for each in same}
    return found


def cards(session: Session, gemeente_code: str) -> Sequence[Medewerkerkaart]:
    """Return what the officer keeps of colleagues."""
    return session.scalars(
        select(Medewerkerkaart).where(Medewerkerkaart.gemeente_code == gemeente_code)
    ).all()


def postcodes(session: Session, inwoners: Collection[UUID]) -> dict[UUID, str]:
    """Return the postcode of each of these people, without spaces."""
    people = session.scalars(
        select(Inwoner).where(Inwoner.id.in_(inwoners), Inwoner.vernietigd_op.is_(None))
    )
    return {each.id: plain(str(each.postcode)) for each in people if each.postcode}


def plain(postcode: str) -> str:
    """Write a postcode as it is compared: "1234 ab" is "1234AB"."""
    return "".join(postcode.split()).upper()
