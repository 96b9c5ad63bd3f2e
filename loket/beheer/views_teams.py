"""Doors to the teams: who works together, from day to day."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts import operations_team as operations
from loket.accounts import queries_team as queries
from loket.accounts.guards import requires
from loket.accounts.operations_user import ROLES
from loket.accounts.queries import list_staff
from loket.accounts.team import Team
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.page import press
from loket.beheer.schemas import EindeSchema, TeamlidSchema, TeamSchema
from loket.errors import NotFound
from loket.geldigheid import tijdlijn
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("teams", __name__, url_prefix="/beheer/teams")


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def list_teams() -> ResponseReturnValue:
    """Show the teams, closed ones last, and make a new one."""
    form = Form(TeamSchema())
    if request.method == "POST":

        def deed(naam: str) -> str:
            made = operations.create_team(g.session, g.actor, now(), naam=naam)
            return url_for(".show", team_id=made.id)

        answer = form.submit(deed)
        if answer:
            return answer
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="teams")
    teams = queries.list_teams(g.session, g.actor, closed=True)
    counted = queries.teams_of_staff(g.session, g.actor, dag_van(now()))
    return form.page(
        "beheer/teams.html",
        teams=sorted(teams, key=lambda team: (bool(team.closed_at), team.naam)),
        leden={team.id: sum(team in own for own in counted.values()) for team in teams},
    )


@bp.route("/<uuid:team_id>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def show(team_id: UUID) -> ResponseReturnValue:
    """Show one team with its members, and let somebody work in it."""
    team = queries.get_team(g.session, g.actor, team_id)
    today = dag_van(now())
    form = Form(TeamlidSchema(), {"van": today.strftime("%d-%m-%Y")})
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            operations.add_teamlid(g.session, g.actor, now(), team=team, **answers)
            return url_for(".show", team_id=team.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return _page(team, form)


def _page(team: Team, form: Form) -> ResponseReturnValue:
    today = dag_van(now())
    people = {
        user.id: user.naam
        for rol in ROLES
        for user in list_staff(g.session, g.actor, rol, today)
    }
    return form.page(
        "beheer/team.html",
        team=team,
        lijn=tijdlijn(team.leden, today),
        mensen=sorted(people.items(), key=lambda each: each[1]),
        knoppen=Form(),
    )


@bp.route("/<uuid:team_id>/naam", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def rename(team_id: UUID) -> ResponseReturnValue:
    """Give the team another name."""
    team = queries.get_team(g.session, g.actor, team_id)
    form = Form(TeamSchema(), {"naam": team.naam})
    if request.method == "POST":

        def deed(naam: str) -> str:
            operations.rename_team(g.session, g.actor, now(), team=team, naam=naam)
            return url_for(".show", team_id=team.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page("beheer/team_naam.html", team=team)


@bp.post("/<uuid:team_id>/opheffen")
@requires(Permission.BEHEER_CHANGE)
def close(team_id: UUID) -> ResponseReturnValue:
    """Close the team: today is the last day of everybody in it."""
    team = queries.get_team(g.session, g.actor, team_id)

    def deed() -> str:
        operations.close_team(g.session, g.actor, now(), team=team)
        return url_for(".list_teams")

    return press(deed)


@bp.route("/<uuid:team_id>/leden/<uuid:teamlid_id>/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def remove(team_id: UUID, teamlid_id: UUID) -> ResponseReturnValue:
    """Ask for the last day of somebody in the team, and note it."""
    team = queries.get_team(g.session, g.actor, team_id)
    lid = next((each for each in team.leden if each.id == teamlid_id), None)
    if lid is None:
        raise NotFound
    form = Form(EindeSchema(), {"laatste_dag": dag_van(now()).strftime("%d-%m-%Y")})
    if request.method == "POST":

        def deed(laatste_dag: date) -> str:
            operations.remove_teamlid(
                g.session, g.actor, now(), lid=lid, laatste_dag=laatste_dag
            )
            return url_for(".show", team_id=team.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page("beheer/teamlid_einde.html", team=team, lid=lid)
