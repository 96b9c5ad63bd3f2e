"""Row-level security, table by table: the database refuses what a query forgets."""

from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from build.rows import fill, mappers
from conftest import open_vault
from loket.db import NOBODY, Database, Gemeentelijk, RowRule, Scope, make_engine

HERE, ELSEWHERE = "0396", "0375"
GUARDED = [m.class_ for m in mappers() if issubclass(m.class_, Gemeentelijk)]
TRAIL = ("audit_record", "audit_subject", "wijziging")
COMMANDS = {"INSERT", "UPDATE", "DELETE"}
RESTRICTIONS: dict[RowRule, set[str]] = {
    RowRule.STAFF: {"ALL"},
    RowRule.OWN: {"ALL"},
    RowRule.OWN_ANSWER: {"ALL", "INSERT", "DELETE"},
    RowRule.OWN_ADD: {"ALL", "INSERT", "DELETE"},
    RowRule.OWN_PROMISE: {"SELECT"} | COMMANDS,
    RowRule.OWN_READ: {"SELECT"} | COMMANDS,
    RowRule.SHARED: {"SELECT"} | COMMANDS,
    RowRule.OPEN: COMMANDS,
}
"""For which commands a rule needs a restrictive policy."""


def name_of(value: Any) -> str:
    return value.__name__


@pytest.fixture(scope="module")
def committed(stock):
    """Two gemeenten with one row in every table, and a third with nothing."""
    with stock.copies() as urls:
        keys, vault = open_vault(urls)
        engine = make_engine(urls.database_url)
        database = Database(engine, vault=vault)
        rows = {}
        for code in (HERE, ELSEWHERE):
            with database.transaction(Scope.of(code)) as session:
                rows[code] = fill(session, code)
        owner = create_engine(urls.database_owner_url)
        yield database, rows, owner
        for used in (keys, engine, owner):
            used.dispose()


@pytest.fixture(scope="module")
def policies(committed):
    """Every policy: table → (name, permissive, command, rule)."""
    with committed[2].connect() as connection:
        found = connection.execute(
            text(
                "SELECT tablename, policyname, permissive, cmd,"
                " coalesce(qual, with_check) AS rule FROM pg_policies"
            )
        ).all()
    return {
        noun.__tablename__: [p for p in found if p.tablename == noun.__tablename__]
        for noun in GUARDED
    }


def counted(database: Database, scope: Scope, noun: Any) -> dict[str, int]:
    """How many rows this scope sees, by gemeente."""
    table = noun.__table__
    with database.transaction(scope) as session:
        rows = session.execute(
            select(table.c.gemeente_code, func.count()).group_by(table.c.gemeente_code)
        )
        return dict(rows.all())


class TestRuntimeRole:
    def test_is_no_superuser_and_bypasses_nothing(self, committed):
        with committed[0].transaction(NOBODY) as session:
            role = session.execute(
                text("SELECT * FROM pg_roles WHERE rolname = current_user")
            ).one()

        assert not role.rolsuper
        assert not role.rolbypassrls
        assert not role.rolcreaterole

    def test_owns_no_table(self, committed):
        with committed[0].transaction(NOBODY) as session:
            owned = session.scalars(
                text("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
            ).all()

        assert owned == []

    def test_belongs_to_no_other_role(self, committed):
        with committed[0].transaction(NOBODY) as session:
            member = session.scalar(
                text(
                    "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r"
                    " ON r.oid = m.member WHERE r.rolname = current_user"
                )
            )

        assert member == 0


@pytest.mark.parametrize("noun", GUARDED, ids=name_of)
class TestPolicies:
    def test_row_security_is_on(self, committed, noun):
        with committed[2].connect() as connection:
            guarded = connection.scalar(
                text("SELECT relrowsecurity FROM pg_class WHERE oid = :t ::regclass"),
                {"t": noun.__tablename__},
            )

        assert guarded

    def test_one_permissive_policy_holds_rows_within_the_gemeente(self, policies, noun):
        (gemeente,) = [
            p for p in policies[noun.__tablename__] if p.permissive == "PERMISSIVE"
        ]

        assert (gemeente.policyname, gemeente.cmd) == ("gemeente", "ALL")
        assert "loket.gemeenten" in gemeente.rule

    def test_restrictive_policies_say_what_its_rule_asks(self, policies, noun):
        strict = [
            p for p in policies[noun.__tablename__] if p.permissive == "RESTRICTIVE"
        ]

        assert {p.cmd for p in strict} == RESTRICTIONS[noun.__row_rule__]
        assert all("loket.aanbieder" in p.rule for p in strict)


@pytest.mark.parametrize("noun", GUARDED, ids=name_of)
class TestRows:
    def test_of_the_own_gemeente_are_there_and_of_another_are_not(
        self, committed, noun
    ):
        seen = counted(committed[0], Scope.of(HERE), noun)

        assert seen.keys() == {HERE}
        assert seen[HERE] >= 1

    def test_are_invisible_to_a_session_without_a_scope(self, committed, noun):
        assert counted(committed[0], NOBODY, noun) == {}

    def test_are_invisible_when_nobody_set_anything(self, committed, noun):
        with committed[0].engine.connect() as connection:
            seen = connection.scalar(select(func.count()).select_from(noun.__table__))

        assert seen == 0

    def test_do_not_go_to_another_gemeente(self, committed, noun):
        database, _, _ = committed

        with (
            pytest.raises(DBAPIError, match="row-level security"),
            database.transaction(Scope.of(HERE)) as session,
        ):
            session.execute(
                text(
                    f"INSERT INTO {noun.__tablename__} (gemeente_code)"
                    f" VALUES ('{ELSEWHERE}')"
                )
            )

    def test_are_not_moved_to_another_gemeente(self, committed, noun):
        database, _, _ = committed

        with (
            pytest.raises(DBAPIError, match="row-level security"),
            database.transaction(Scope.of(HERE)) as session,
        ):
            session.execute(
                text(f"UPDATE {noun.__tablename__} SET gemeente_code = '{ELSEWHERE}'")
            )

    def test_of_another_gemeente_are_not_deleted(self, committed, noun):
        database, _, _ = committed
        where = f"FROM {noun.__tablename__} WHERE gemeente_code = '{ELSEWHERE}'"

        with database.transaction(Scope.of(HERE)) as session:
            removed = session.execute(text(f"DELETE {where}")).rowcount

        assert removed == 0
        assert counted(database, Scope.of(ELSEWHERE), noun)[ELSEWHERE] >= 1


@pytest.mark.parametrize("noun", GUARDED, ids=name_of)
class TestAanbieder:
    def scope(self, rows: dict[str, Any], code: str = HERE) -> Scope:
        return Scope((HERE, ELSEWHERE), rows[code]["aanbieder"].id)

    def test_sees_what_is_its_own_or_shared_with_it_and_nothing_else(
        self, committed, noun
    ):
        database, rows, _ = committed

        seen = counted(database, self.scope(rows), noun)

        if noun.__row_rule__ in {RowRule.STAFF, RowRule.OWN_PROMISE}:
            assert seen == {}
        elif noun.__row_rule__ is RowRule.OPEN:
            assert seen.keys() == {HERE, ELSEWHERE}
        else:
            assert seen.keys() == {HERE}

    def test_changes_nothing_but_its_own(self, committed, noun):
        database, rows, _ = committed
        change = text(f"UPDATE {noun.__tablename__} SET gemeente_code = gemeente_code")

        with database.transaction(self.scope(rows)) as session:
            touched = session.execute(change).rowcount

        own = noun.__row_rule__ in {RowRule.OWN, RowRule.OWN_ANSWER, RowRule.OWN_ADD}
        assert touched == (1 if own else 0)

    def test_that_nothing_was_shared_with_sees_no_case(self, committed, noun):
        database, rows, _ = committed
        stranger = Scope((HERE, ELSEWHERE), rows[HERE]["dossier"].id)

        seen = counted(database, stranger, noun)

        assert bool(seen) == (noun.__row_rule__ is RowRule.OPEN)


class TestTrail:
    @pytest.mark.parametrize("table", TRAIL)
    def test_of_another_gemeente_is_not_read(self, committed, table):
        with committed[0].transaction(Scope.of(HERE)) as session:
            codes = session.scalars(text(f"SELECT gemeente_code FROM {table}")).all()

        assert codes == [HERE]

    @pytest.mark.parametrize("table", TRAIL)
    def test_is_not_read_by_an_aanbieder(self, committed, table):
        database, rows, _ = committed
        scope = Scope((HERE,), rows[HERE]["aanbieder"].id)

        with database.transaction(scope) as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_policy_views_count_within_the_gemeente_only(committed):
    database, _, owner = committed
    with owner.connect() as connection:
        views = connection.scalars(
            text("SELECT viewname FROM pg_views WHERE schemaname = 'beleid'")
        ).all()

    with database.transaction(Scope.of(HERE)) as session:
        seen = {
            view: set(session.scalars(text(f"SELECT gemeente_code FROM beleid.{view}")))
            for view in views
        }

    assert len(seen) >= 6
    assert set(map(frozenset, seen.values())) == {frozenset({HERE})}
