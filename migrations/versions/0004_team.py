"""Teams with dated members, and who replaces whom in absence.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("team", "teamlid", "vervanging")
IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)


def upgrade() -> None:
    """Make the three tables, for staff of the own gemeente only."""
    _make_team()
    _make_teamlid()
    _make_vervanging()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, rule in (
            ("gemeente", "PERMISSIVE", IN_GEMEENTE),
            ("staff", "RESTRICTIVE", IS_STAFF),
        ):
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR ALL"
                f" USING ({rule}) WITH CHECK ({rule})"
            )


def _make_team() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_team_closed_at_together"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index(op.f("ix_team_gemeente_code"), "team", ["gemeente_code"])
    op.create_index(
        "uq_team_naam_open",
        "team",
        ["gemeente_code", "naam"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _make_teamlid() -> None:
    op.create_table(
        "teamlid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("team_id"), "="),
            (sa.column("user_id"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_teamlid_no_overlap"),
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_teamlid_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_teamlid_team_id_team")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_teamlid_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teamlid")),
    )
    for columns in (["gemeente_code"], ["team_id"], ["gemeente_code", "user_id"]):
        op.create_index(
            op.f(f"ix_teamlid_{'_'.join(columns)}"), "teamlid", columns, unique=False
        )


def _make_vervanging() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "vervanging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("vervanger_id", sa.Uuid(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("registered_at", moment, nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.column("user_id"), "="),
            (sa.column("vervanger_id"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            where=sa.text("withdrawn_at IS NULL"),
            using="gist",
            name=op.f("ex_vervanging_no_overlap"),
        ),
        sa.CheckConstraint(
            "user_id <> vervanger_id", name=op.f("ck_vervanging_somebody_else")
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_vervanging_tot_after_van")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_vervanging_ended_at_together"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_vervanging_withdrawn_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_vervanging_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["vervanger_id"],
            ["user_account.id"],
            name=op.f("fk_vervanging_vervanger_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vervanging")),
    )
    for columns in (
        ["gemeente_code"],
        ["gemeente_code", "user_id", "van"],
        ["gemeente_code", "vervanger_id", "van"],
    ):
        op.create_index(
            op.f(f"ix_vervanging_{'_'.join(columns)}"),
            "vervanging",
            columns,
            unique=False,
        )


def downgrade() -> None:
    """Take the three tables away again, with their policies."""
    for table in reversed(TABLES):
        op.drop_table(table)
