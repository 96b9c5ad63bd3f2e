"""Teams, who works in them, and who replaces whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from build.gemeente import NOW, TODAY, actor, actor_of, gemeente, user
from loket.accounts import operations_team, queries_team
from loket.accounts.team import Teamlid
from loket.accounts.vervanging import Vervanging
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.db import Scope, set_scope
from loket.errors import NotAllowed, NotFound, RuleViolation

DAY = timedelta(days=1)


@pytest.fixture
def beheerder(session):
    gemeente(session)
    return actor(Role.BEHEERDER)


@pytest.fixture
def team(session, beheerder):
    return operations_team.create_team(session, beheerder, NOW, naam="Team Noord")


def trail(session, subject):
    return list(
        session.scalars(
            select(AuditRecord.action).where(AuditRecord.subject_id == subject.id)
        )
    )


class TestCreateTeam:
    def test_makes_a_team_of_the_gemeente(self, session, beheerder, team):
        assert queries_team.list_teams(session, beheerder) == [team]
        assert trail(session, team) == [Action.TEAM_CREATED]

    def test_drops_spaces_that_nobody_sees(self, session, beheerder):
        team = operations_team.create_team(session, beheerder, NOW, naam=" Team  Zuid ")

        assert team.naam == "Team Zuid"

    @pytest.mark.parametrize("naam", ["", "   "])
    def test_asks_a_name(self, session, beheerder, naam):
        with pytest.raises(RuleViolation, match="Vul de naam"):
            operations_team.create_team(session, beheerder, NOW, naam=naam)

    def test_refuses_a_name_that_is_taken(self, session, beheerder, team):
        with pytest.raises(RuleViolation, match="al een team"):
            operations_team.create_team(session, beheerder, NOW, naam=team.naam)

    def test_lets_the_name_of_a_closed_team_be_used_again(
        self, session, beheerder, team
    ):
        operations_team.close_team(session, beheerder, NOW, team=team)

        again = operations_team.create_team(session, beheerder, NOW, naam=team.naam)

        assert queries_team.list_teams(session, beheerder) == [again]
        assert len(queries_team.list_teams(session, beheerder, closed=True)) == 2


class TestRenameTeam:
    def test_gives_another_name(self, session, beheerder, team):
        operations_team.rename_team(session, beheerder, NOW, team=team, naam="Oost")

        assert team.naam == "Oost"
        assert trail(session, team) == [Action.TEAM_CREATED, Action.TEAM_RENAMED]

    def test_may_keep_the_name(self, session, beheerder, team):
        naam = team.naam

        operations_team.rename_team(session, beheerder, NOW, team=team, naam=naam)

        assert team.naam == naam

    def test_refuses_a_closed_team(self, session, beheerder, team):
        operations_team.close_team(session, beheerder, NOW, team=team)

        with pytest.raises(RuleViolation, match="opgeheven"):
            operations_team.rename_team(session, beheerder, NOW, team=team, naam="Oost")


class TestTeamleden:
    def test_somebody_works_in_a_team_from_day_to_day(self, session, beheerder, team):
        person = user(session)

        operations_team.add_teamlid(
            session,
            beheerder,
            NOW,
            team=team,
            user_id=person.id,
            van=TODAY,
            tot=TODAY + DAY,
        )

        def members(day):
            return queries_team.members_of(session, beheerder, team.id, day)

        assert members(TODAY - DAY) == []
        assert members(TODAY) == [person.id]
        assert members(TODAY + 2 * DAY) == []

    def test_refuses_who_does_not_work_here(self, session, beheerder, team):
        session.flush()
        set_scope(session, Scope.of("0375"))
        gemeente(session, "0375", "Polderveen")
        stranger = user(session, gemeente="0375")
        set_scope(session, Scope.of("0396"))

        with pytest.raises(RuleViolation, match="werkt hier"):
            operations_team.add_teamlid(
                session, beheerder, NOW, team=team, user_id=stranger.id, van=TODAY
            )

    def test_refuses_who_is_in_already(self, session, beheerder, team):
        person = user(session)
        for_ever = {"team": team, "user_id": person.id, "van": TODAY}
        operations_team.add_teamlid(session, beheerder, NOW, **for_ever)

        with pytest.raises(RuleViolation, match="al in dit team"):
            operations_team.add_teamlid(session, beheerder, NOW, **for_ever)

    def test_the_database_refuses_overlap_too(self, session, beheerder, team):
        person = user(session)
        for _ in range(2):
            session.add(
                Teamlid(
                    gemeente_code="0396",
                    team_id=team.id,
                    user_id=person.id,
                    van=TODAY,
                )
            )

        with pytest.raises(IntegrityError, match="no_overlap"):
            session.flush()

    def test_refuses_an_end_before_the_start(self, session, beheerder, team):
        person = user(session)
        with pytest.raises(RuleViolation, match="voor de eerste dag"):
            operations_team.add_teamlid(
                session,
                beheerder,
                NOW,
                team=team,
                user_id=person.id,
                van=TODAY,
                tot=TODAY - DAY,
            )

    def test_leaves_after_a_last_day_once(self, session, beheerder, team):
        person = user(session)
        lid = operations_team.add_teamlid(
            session, beheerder, NOW, team=team, user_id=person.id, van=TODAY
        )

        operations_team.remove_teamlid(
            session, beheerder, NOW, lid=lid, laatste_dag=TODAY
        )

        assert lid.holds_on(TODAY)
        assert not lid.holds_on(TODAY + DAY)
        with pytest.raises(RuleViolation, match="al uit het team"):
            operations_team.remove_teamlid(
                session, beheerder, NOW, lid=lid, laatste_dag=TODAY
            )

    def test_everybody_leaves_a_team_that_closes(self, session, beheerder, team):
        person = user(session)
        lid = operations_team.add_teamlid(
            session, beheerder, NOW, team=team, user_id=person.id, van=TODAY
        )

        operations_team.close_team(session, beheerder, NOW, team=team)

        assert lid.tot == TODAY
        assert queries_team.teams_of_staff(session, beheerder, TODAY) == {}
        with pytest.raises(RuleViolation, match="opgeheven"):
            operations_team.add_teamlid(
                session,
                beheerder,
                NOW,
                team=team,
                user_id=person.id,
                van=TODAY + DAY,
            )

    def test_a_team_of_another_gemeente_does_not_exist(self, session, team):
        with pytest.raises(NotFound):
            queries_team.get_team(session, actor(gemeente="0375"), team.id)


@pytest.fixture
def absent(session):
    gemeente(session)
    return user(session, naam="A. Wezig")


@pytest.fixture
def colleague(session, absent):
    return user(session, naam="C. Ollega")


def register(session, by, absent, colleague, van=TODAY, tot=None):
    return operations_team.register_vervanging(
        session,
        by,
        NOW,
        user_id=absent.id,
        vervanger_id=colleague.id,
        van=van,
        tot=tot,
    )


class TestRegisterVervanging:
    def test_holds_in_its_period(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)
        made = register(session, by, absent, colleague, TODAY, TODAY + DAY)
        replacing = actor_of(colleague, Role.CONSULENT)

        def replaced(day):
            return queries_team.replaced_by(session, replacing, day)

        assert replaced(TODAY - DAY) == []
        assert replaced(TODAY + DAY) == [absent.id]
        assert replaced(TODAY + 2 * DAY) == []
        assert trail(session, made) == [Action.VERVANGING_REGISTERED]

    def test_a_consulent_registers_no_absence_of_others(
        self, session, absent, colleague
    ):
        with pytest.raises(NotAllowed):
            register(session, actor(Role.CONSULENT), absent, colleague)

    def test_a_teamleider_does(self, session, absent, colleague):
        register(session, actor(Role.TEAMLEIDER), absent, colleague)

        away = queries_team.absent_on(session, actor(Role.TEAMLEIDER), TODAY)
        assert [each.vervanger.naam for each in away[absent.id]] == ["C. Ollega"]

    def test_nobody_replaces_themselves(self, session, absent):
        with pytest.raises(RuleViolation, match="andere collega"):
            register(session, actor_of(absent, Role.CONSULENT), absent, absent)

    def test_refuses_who_may_not_do_the_same_work(self, session, absent):
        other = user(session, Role.ADMINISTRATIE)

        with pytest.raises(RuleViolation, match="hetzelfde werk"):
            register(session, actor_of(absent, Role.CONSULENT), absent, other)

    def test_refuses_a_period_that_is_over(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)

        with pytest.raises(RuleViolation, match="al voorbij"):
            register(session, by, absent, colleague, TODAY - 9 * DAY, TODAY - DAY)

    def test_refuses_the_same_twice(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)
        register(session, by, absent, colleague)

        with pytest.raises(RuleViolation, match="in deze periode"):
            register(session, by, absent, colleague, TODAY + DAY)

    def test_the_database_refuses_it_too(self, session, absent, colleague):
        for _ in range(2):
            session.add(
                Vervanging(
                    gemeente_code="0396",
                    user_id=absent.id,
                    vervanger_id=colleague.id,
                    van=TODAY,
                    registered_at=NOW,
                    registered_by_id=absent.id,
                )
            )

        with pytest.raises(IntegrityError, match="no_overlap"):
            session.flush()


class TestEndVervanging:
    def end(self, session, by, made, laatste_dag):
        operations_team.end_vervanging(
            session, by, NOW, vervanging=made, laatste_dag=laatste_dag
        )

    def test_notes_the_last_day(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)
        made = register(session, by, absent, colleague)

        self.end(session, by, made, TODAY)

        assert made.holds_on(TODAY)
        assert not made.holds_on(TODAY + DAY)
        with pytest.raises(RuleViolation, match="al voorbij"):
            self.end(session, by, made, TODAY)

    def test_one_that_had_yet_to_begin_never_holds(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)
        made = register(session, by, absent, colleague, TODAY + 5 * DAY)

        self.end(session, by, made, TODAY)

        assert not made.holds_on(TODAY + 6 * DAY)
        assert queries_team.list_vervangingen(session, by, TODAY) == []

    def test_is_not_for_the_colleague_who_replaces(self, session, absent, colleague):
        made = register(session, actor(Role.TEAMLEIDER), absent, colleague)

        with pytest.raises(NotAllowed):
            self.end(session, actor_of(colleague, Role.CONSULENT), made, TODAY)

    def test_changes_nothing_in_the_past(self, session, absent, colleague):
        by = actor_of(absent, Role.CONSULENT)
        made = register(session, by, absent, colleague, TODAY - 9 * DAY)

        with pytest.raises(RuleViolation, match="al voorbij"):
            self.end(session, by, made, TODAY - 5 * DAY)

    def test_is_unknown_in_another_gemeente(self, session, absent, colleague):
        made = register(session, actor(Role.TEAMLEIDER), absent, colleague)

        with pytest.raises(NotFound):
            queries_team.get_vervanging(session, actor(gemeente="0375"), made.id)
