"""Finding teams, who works in them and who replaces whom."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from loket.accounts.team import Team, Teamlid
from loket.accounts.user import Aanstelling, User
from loket.accounts.vervanging import Vervanging
from loket.authz import Actor, Role
from loket.errors import NotFound

MOST_SHOWN = 200


def list_teams(session: Session, by: Actor, *, closed: bool = False) -> Sequence[Team]:
    """Return the teams of the gemeente in order of name; closed ones when asked."""
    teams = select(Team).where(Team.gemeente_code.in_(by.gemeenten)).order_by(Team.naam)
    if not closed:
        teams = teams.where(Team.closed_at.is_(None))
    return session.scalars(teams).all()


def get_team(session: Session, by: Actor, team_id: UUID) -> Team:
    """Return a team with its members of all time and their names.

    Raises:
        NotFound: unknown, or of another gemeente.
    """
    team = session.scalar(
        select(Team)
        .options(selectinload(Team.leden).joinedload(Teamlid.user))
        .where(Team.id == team_id, Team.gemeente_code.in_(by.gemeenten))
    )
    if team is None:
        raise NotFound("Dit team bestaat niet.")
    return team


def get_teamlid(session: Session, by: Actor, teamlid_id: UUID) -> Teamlid:
    """Return one membership.

    Raises:
        NotFound: unknown, or of another gemeente.
    """
    lid = session.scalar(
        select(Teamlid).where(
            Teamlid.id == teamlid_id, Teamlid.gemeente_code.in_(by.gemeenten)
        )
    )
    if lid is None:
        raise NotFound("Deze persoon is geen lid van dit team.")
    return lid


def members_of(session: Session, by: Actor, team_id: UUID, day: date) -> list[UUID]:
    """Return the ids of who works in this team on that day; nobody when unknown."""
    return list(
        session.scalars(
            select(Teamlid.user_id).where(
                Teamlid.gemeente_code.in_(by.gemeenten),
                Teamlid.team_id == team_id,
                Teamlid.van <= day,
                Teamlid.tot.is_(None) | (Teamlid.tot >= day),
            )
        )
    )


def teams_of_staff(session: Session, by: Actor, day: date) -> dict[UUID, list[Team]]:
    """Return for everybody who is in an open team that day, in which ones."""
    rows = session.execute(
        select(Teamlid.user_id, Team)
        .join(Team, Team.id == Teamlid.team_id)
        .where(
            Teamlid.gemeente_code.in_(by.gemeenten),
            Team.closed_at.is_(None),
            Teamlid.van <= day,
            Teamlid.tot.is_(None) | (Teamlid.tot >= day),
        )
        .order_by(Team.naam)
    )
    found: dict[UUID, list[Team]] = {}
    for user_id, team in rows:
        found.setdefault(user_id, []).append(team)
    return found


def roles_of(session: Session, by: Actor, user_id: UUID, day: date) -> set[Role]:
    """Return in which roles somebody in service works for the gemeente that day."""
    return set(
        session.scalars(
            select(Aanstelling.rol)
            .join(User, User.id == Aanstelling.user_id)
            .where(
                Aanstelling.user_id == user_id,
                Aanstelling.gemeente_code.in_(by.gemeenten),
                Aanstelling.van <= day,
                Aanstelling.tot.is_(None) | (Aanstelling.tot >= day),
                User.deactivated_at.is_(None),
            )
        )
    )


def replaced_by(session: Session, by: Actor, day: date) -> list[UUID]:
    """Return whom this person replaces on that day."""
    return list(
        session.scalars(
            select(Vervanging.user_id)
            .where(Vervanging.vervanger_id == by.id, _in_force(by, day))
            .distinct()
        )
    )


def absent_on(session: Session, by: Actor, day: date) -> dict[UUID, list[Vervanging]]:
    """Return who is replaced on that day, and by whom (with names)."""
    rows = session.scalars(
        select(Vervanging)
        .options(joinedload(Vervanging.vervanger))
        .where(_in_force(by, day))
        .order_by(Vervanging.van, Vervanging.id)
    )
    found: dict[UUID, list[Vervanging]] = {}
    for each in rows:
        found.setdefault(each.user_id, []).append(each)
    return found


def list_vervangingen(
    session: Session, by: Actor, day: date, *, user_id: UUID | None = None
) -> Sequence[Vervanging]:
    """Return replacements that last or are still to come, of all or of one person."""
    running = (
        select(Vervanging)
        .options(joinedload(Vervanging.user), joinedload(Vervanging.vervanger))
        .where(
            Vervanging.gemeente_code.in_(by.gemeenten),
            Vervanging.withdrawn_at.is_(None),
            Vervanging.tot.is_(None) | (Vervanging.tot >= day),
        )
        .order_by(Vervanging.van, Vervanging.id)
        .limit(MOST_SHOWN)
    )
    if user_id is not None:
        running = running.where(
            (Vervanging.user_id == user_id) | (Vervanging.vervanger_id == user_id)
        )
    return session.scalars(running).all()


def get_vervanging(session: Session, by: Actor, vervanging_id: UUID) -> Vervanging:
    """Return one replacement with both names.

    Raises:
        NotFound: unknown, or of another gemeente.
    """
    found = session.scalar(
        select(Vervanging)
        .options(joinedload(Vervanging.user), joinedload(Vervanging.vervanger))
        .where(
            Vervanging.id == vervanging_id,
            Vervanging.gemeente_code.in_(by.gemeenten),
        )
    )
    if found is None:
        raise NotFound("Deze vervanging bestaat niet.")
    return found


def _in_force(by: Actor, day: date) -> ColumnElement[bool]:
    return (
        Vervanging.gemeente_code.in_(by.gemeenten)
        & Vervanging.withdrawn_at.is_(None)
        & (Vervanging.van <= day)
        & (Vervanging.tot.is_(None) | (Vervanging.tot >= day))
    )
