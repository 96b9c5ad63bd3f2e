"""Deeds about teams, who works in them, and who replaces whom in absence."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries_team import roles_of
from loket.accounts.team import Team, Teamlid
from loket.accounts.vervanging import Vervanging
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission
from loket.errors import RuleViolation


def create_team(session: Session, by: Actor, at: datetime, *, naam: str) -> Team:
    """Make a team; nobody works in it yet."""
    team = Team(
        gemeente_code=by.gemeente_code,
        naam=_free_name(session, by, naam),
        created_at=at,
        created_by_id=by.id,
    )
    session.add(team)
    session.flush()  # the trail names the new row
    record(session, by, Action.TEAM_CREATED, team, at=at)
    return team


def rename_team(
    session: Session, by: Actor, at: datetime, *, team: Team, naam: str
) -> None:
    """Give a team another name."""
    team.rename(_free_name(session, by, naam, besides=team.id))
    record(session, by, Action.TEAM_RENAMED, team, at=at)


def close_team(session: Session, by: Actor, at: datetime, *, team: Team) -> None:
    """Close a team: today is the last day of everybody who works in it."""
    today = termijnen.dag_van(at)
    team.close(by.id, at)
    running = session.scalars(
        select(Teamlid).where(
            Teamlid.team_id == team.id,
            Teamlid.tot.is_(None) | (Teamlid.tot > today),
        )
    )
    for lid in running:
        # who had yet to come, has one day on paper
        lid.tot = max(today, lid.van)
    record(session, by, Action.TEAM_CLOSED, team, at=at)


def add_teamlid(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    team: Team,
    user_id: UUID,
    van: date,
    tot: date | None = None,
) -> Teamlid:
    """Let somebody of the gemeente work in a team, in a period."""
    team.check_open()
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    if not roles_of(session, by, user_id, van):
        raise RuleViolation("Deze persoon werkt hier op die dag niet.", "user_id")
    overlap = session.scalar(
        select(Teamlid.id).where(
            Teamlid.team_id == team.id,
            Teamlid.user_id == user_id,
            Teamlid.van <= (tot or date.max),
            Teamlid.tot.is_(None) | (Teamlid.tot >= van),
        )
    )
    if overlap:
        raise RuleViolation("Deze persoon zit dan al in dit team.", "user_id")
    lid = Teamlid(
        gemeente_code=by.gemeente_code,
        team_id=team.id,
        user_id=user_id,
        van=van,
        tot=tot,
    )
    session.add(lid)
    session.flush()  # the trail names the new row
    record(session, by, Action.TEAMLID_ADDED, lid, at=at)
    return lid


def remove_teamlid(
    session: Session, by: Actor, at: datetime, *, lid: Teamlid, laatste_dag: date
) -> None:
    """Note the last day of somebody in a team; what was done there stays."""
    lid.end(laatste_dag)
    record(session, by, Action.TEAMLID_REMOVED, lid, at=at)


def register_vervanging(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user_id: UUID,
    vervanger_id: UUID,
    van: date,
    tot: date | None = None,
) -> Vervanging:
    """Let somebody do the work of an absent colleague: own absence, or as teamleider.

    Raises:
        NotAllowed: it is about somebody else and the actor does not divide work.
        RuleViolation: in the past, or the two share no role in the gemeente.
    """
    if user_id != by.id:
        by.require(Permission.DOSSIER_ASSIGN)
    _check_period(at, van, tot)
    _check_pair(session, by, user_id, vervanger_id, van)
    overlap = session.scalar(
        select(Vervanging.id).where(
            Vervanging.gemeente_code.in_(by.gemeenten),
            Vervanging.user_id == user_id,
            Vervanging.vervanger_id == vervanger_id,
            Vervanging.withdrawn_at.is_(None),
            Vervanging.van <= (tot or date.max),
            Vervanging.tot.is_(None) | (Vervanging.tot >= van),
        )
    )
    if overlap:
        raise RuleViolation("Deze vervanging is er al in deze periode.", "vervanger_id")
    vervanging = Vervanging(
        gemeente_code=by.gemeente_code,
        user_id=user_id,
        vervanger_id=vervanger_id,
        van=van,
        tot=tot,
        registered_at=at,
        registered_by_id=by.id,
    )
    session.add(vervanging)
    session.flush()  # the trail names the new row
    record(session, by, Action.VERVANGING_REGISTERED, vervanging, at=at)
    return vervanging


def end_vervanging(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    vervanging: Vervanging,
    laatste_dag: date,
) -> None:
    """Note the last day of a replacement; before the first day it never held.

    Raises:
        NotAllowed: it is about somebody else and the actor does not divide work.
    """
    if vervanging.user_id != by.id:
        by.require(Permission.DOSSIER_ASSIGN)
    if laatste_dag < termijnen.dag_van(at) - timedelta(days=1):
        raise RuleViolation("Deze dag is al voorbij.", "laatste_dag")
    vervanging.end(laatste_dag, by.id, at)
    record(session, by, Action.VERVANGING_ENDED, vervanging, at=at)


def _free_name(
    session: Session, by: Actor, naam: str, besides: UUID | None = None
) -> str:
    name = " ".join(naam.split())
    if not name:
        raise RuleViolation("Vul de naam van het team in.", "naam")
    taken = session.scalar(
        select(Team.id).where(
            Team.gemeente_code.in_(by.gemeenten),
            Team.naam == name,
            Team.closed_at.is_(None),
        )
    )
    if taken not in (None, besides):
        raise RuleViolation("Er is al een team met deze naam.", "naam")
    return name


def _check_period(at: datetime, van: date, tot: date | None) -> None:
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    if (tot or date.max) < termijnen.dag_van(at):
        raise RuleViolation("Deze periode is al voorbij.", "tot")


def _check_pair(
    session: Session, by: Actor, user_id: UUID, vervanger_id: UUID, van: date
) -> None:
    if user_id == vervanger_id:
        raise RuleViolation("Kies een andere collega.", "vervanger_id")
    roles = roles_of(session, by, user_id, van)
    if not roles:
        raise RuleViolation("Deze persoon werkt hier op die dag niet.", "user_id")
    if not roles & roles_of(session, by, vervanger_id, van):
        raise RuleViolation(
            "Kies een collega die op die dag hetzelfde werk mag doen.", "vervanger_id"
        )
