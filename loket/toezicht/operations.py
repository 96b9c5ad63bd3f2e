"""Finding unusual looks in the trail, keeping them as signals, and reviewing those."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from loket.accounts.norm_toezicht import Grens
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.grenzen import norm
from loket.cases.dossier.noodtoegang import Oordeel
from loket.db import hold
from loket.termijnen import dag_van, werkdagen_later
from loket.toezicht import queries_blik as queries
from loket.toezicht.blik import Blik, many_in_an_hour, outside_hours
from loket.toezicht.inzagesignaal import (
    Inzageregel,
    Inzagesignaal,
    Inzagesignaalregel,
)

LOOKS_BACK = timedelta(days=5)
"""Every run looks at these days again: a worker that stood still misses nothing."""
BEOORDELEN = Grens(norm="signaal_inzage_werkdagen")
PER_UUR = Grens(norm="inzage_dossiers_per_uur")
VAN, TOT = Grens(norm="kantoortijd_van"), Grens(norm="kantoortijd_tot")
ROND_DAGEN = Grens(norm="inzage_relatie_dagen")
NAAMGENOTEN = Grens(norm="inzage_naam_inwoners")

Gevonden = dict[Inzageregel, set[Blik]]


def signal_inzage(session: Session, by: Actor, at: datetime) -> int:
    """Make signals of unusual looks of the last days; return how many are new.

    Runs as often as it likes: a record stands behind one signal of each rule.
    """
    # two workers at once would both make it: the second waits, and finds it made
    lock = func.hashtext(f"inzagesignaal:{by.gemeente_code}")
    session.execute(select(func.pg_advisory_xact_lock(lock)))
    looks = queries.looks_since(session, by.gemeente_code, at - LOOKS_BACK)
    if not looks:
        return 0
    found = _judge(session, by, at, looks)
    known = _known(session, by, looks)
    groups: dict[tuple[Inzageregel, UUID, date], list[Blik]] = defaultdict(list)
    for regel, unusual in found.items():
        for look in unusual:
            if (look.record_id, regel) not in known:
                groups[regel, look.user_id, look.dag].append(look)
    return sum(
        _keep(session, by, at, *key, groups[key])
        for key in sorted(groups, key=lambda key: (key[2], key[1], key[0]))
    )


def _judge(
    session: Session, by: Actor, at: datetime, looks: Sequence[Blik]
) -> Gevonden:
    van = norm(session, by, at, VAN)
    tot = norm(session, by, at, TOT)
    most = norm(session, by, at, PER_UUR)
    return {
        Inzageregel.VEEL_DOSSIERS: many_in_an_hour(looks, most),
        Inzageregel.BUITEN_KANTOORTIJD: outside_hours(looks, van, tot),
        Inzageregel.GEEN_RELATIE: _without_relation(session, by, at, looks),
        **_of_acquaintances(session, by, at, looks),
    }


def _without_relation(
    session: Session, by: Actor, at: datetime, looks: Sequence[Blik]
) -> set[Blik]:
    """Looks of days that are over: what somebody notes after the look, counts too."""
    today = dag_van(at)
    over = [look for look in looks if look.dag < today]
    days = norm(session, by, at, ROND_DAGEN)
    related = queries.with_relation(session, over, timedelta(days=days))
    return {look for look in over if (look.user_id, look.dossier_id) not in related}


def _of_acquaintances(
    session: Session, by: Actor, at: datetime, looks: Sequence[Blik]
) -> Gevonden:
    most = norm(session, by, at, NAAMGENOTEN)
    people = {look.user_id for look in looks}
    same_name = queries.namesakes(session, by.gemeente_code, people, most)
    cards = {each.user_id: each for each in queries.cards(session, by.gemeente_code)}
    colleagues = {each.inwoner_id for each in cards.values() if each.inwoner_id}
    client = queries.clients_of(session, {look.dossier_id for look in looks})
    known = [look for look in looks if look.user_id in cards]
    asked = {client[look.dossier_id] for look in known if look.dossier_id in client}
    code = queries.postcodes(session, asked | colleagues) if known else {}

    def lives_at(user_id: UUID) -> str | None:
        card = cards[user_id]
        if card.postcode:
            return queries.plain(str(card.postcode))
        return code.get(card.inwoner_id) if card.inwoner_id else None

    home = {user_id: lives_at(user_id) for user_id in {k.user_id for k in known}}
    return {
        Inzageregel.EIGEN_NAAM: {
            look
            for look in looks
            if client.get(look.dossier_id) in same_name.get(look.user_id, ())
        },
        Inzageregel.COLLEGA: {
            look for look in looks if client.get(look.dossier_id) in colleagues
        },
        Inzageregel.BUURT: {
            look
            for look in known
            if (here := home[look.user_id])
            and (who := client.get(look.dossier_id))
            and code.get(who) == here
        },
    }


def _known(
    session: Session, by: Actor, looks: Sequence[Blik]
) -> set[tuple[UUID, Inzageregel]]:
    rows = session.execute(
        select(Inzagesignaalregel.record_id, Inzagesignaalregel.regel)
        .join(Inzagesignaal, Inzagesignaal.id == Inzagesignaalregel.signaal_id)
        .where(
            Inzagesignaal.gemeente_code == by.gemeente_code,
            Inzagesignaal.dag >= looks[0].dag,
        )
    )
    return {(record_id, regel) for record_id, regel in rows}


def _keep(
    session: Session,
    by: Actor,
    at: datetime,
    regel: Inzageregel,
    user_id: UUID,
    dag: date,
    looks: Sequence[Blik],
) -> int:
    """Add looks to the open signal of this day, or make it; return how many are new."""
    signaal = session.scalar(
        select(Inzagesignaal)
        .where(
            Inzagesignaal.gemeente_code == by.gemeente_code,
            Inzagesignaal.user_id == user_id,
            Inzagesignaal.regel == regel,
            Inzagesignaal.dag == dag,
            Inzagesignaal.reviewed_at.is_(None),
        )
        .with_for_update()  # nothing is added to what is being reviewed
    )
    made = signaal is None
    if signaal is None:
        signaal = Inzagesignaal(
            gemeente_code=by.gemeente_code,
            regel=regel,
            user_id=user_id,
            dag=dag,
            made_at=at,
            uiterlijk=werkdagen_later(dag_van(at), norm(session, by, at, BEOORDELEN)),
        )
        session.add(signaal)
        session.flush()  # its lines and the trail name the new row
        record(
            session, by, Action.INZAGESIGNAAL_MADE, signaal, at=at, grond=regel.value
        )
    session.execute(
        insert(Inzagesignaalregel).on_conflict_do_nothing(),
        [
            {
                "record_id": look.record_id,
                "regel": regel,
                "signaal_id": signaal.id,
                "gemeente_code": by.gemeente_code,
            }
            for look in looks
        ],
    )
    return int(made)


def review_signaal(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    signaal: Inzagesignaal,
    oordeel: Oordeel,
    toelichting: str,
) -> None:
    """Say what the officer thinks of the looks, in words that stay sealed.

    Raises:
        RuleViolation: it was reviewed before, or the looks are one's own.
    """
    hold(session, signaal, "reviewed_at", "reviewed_by_id", "oordeel")
    signaal.review(oordeel, toelichting, by.id, at)
    record(
        session,
        by,
        Action.INZAGESIGNAAL_REVIEWED,
        signaal,
        at=at,
        grond=oordeel.value,
    )
