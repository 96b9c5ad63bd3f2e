"""Talks that are planned: when, how, by whom.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
STATUS = (
    "CASE WHEN cancelled_at IS NOT NULL THEN 'vervallen'"
    " WHEN held_at IS NOT NULL THEN 'gevoerd' ELSE 'gepland' END"
)
FORMS = ("thuis", "loket", "telefoon", "beeldbellen")


def _deed(name: str) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(f"{name}_by_id", sa.Uuid(), nullable=True),
    )


def upgrade() -> None:
    """Make the table and guard it."""
    op.create_table(
        "gepland_gesprek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column(
            "vorm",
            sa.Enum(
                *FORMS,
                name="gesprekvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("begint_om", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consulent_id", sa.Uuid(), nullable=False),
        sa.Column("notitie", sa.LargeBinary(), nullable=True),
        sa.Column("reden", sa.LargeBinary(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        *_deed("moved"),
        *_deed("cancelled"),
        *_deed("held"),
        sa.Column("gesprek_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status", sa.Text(), sa.Computed(STATUS, persisted=True), nullable=False
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR held_at IS NULL",
            name=op.f("ck_gepland_gesprek_one_ending"),
        ),
        sa.CheckConstraint(
            "(moved_at IS NULL) = (moved_by_id IS NULL)",
            name=op.f("ck_gepland_gesprek_moved_at_together"),
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)",
            name=op.f("ck_gepland_gesprek_cancelled_at_together"),
        ),
        sa.CheckConstraint(
            "(held_at IS NULL) = (held_by_id IS NULL)"
            " AND (held_at IS NULL) = (gesprek_id IS NULL)",
            name=op.f("ck_gepland_gesprek_held_at_together"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_gepland_gesprek_{table}_id_{table}"),
            )
            for table in ("dossier", "onderzoek", "gesprek")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gepland_gesprek")),
    )
    for columns in (
        ["gemeente_code"],
        ["dossier_id"],
        ["onderzoek_id"],
        ["gemeente_code", "consulent_id", "begint_om"],
    ):
        op.create_index(
            op.f(f"ix_gepland_gesprek_{'_'.join(columns)}"), "gepland_gesprek", columns
        )
    op.execute("ALTER TABLE gepland_gesprek ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY gemeente ON gepland_gesprek AS PERMISSIVE FOR ALL"
        f" USING ({IN_GEMEENTE}) WITH CHECK ({IN_GEMEENTE})"
    )
    op.execute(
        "CREATE POLICY staff ON gepland_gesprek AS RESTRICTIVE FOR ALL"
        f" USING ({IS_STAFF}) WITH CHECK ({IS_STAFF})"
    )


def downgrade() -> None:
    """Take it away, with every plan in it."""
    op.drop_table("gepland_gesprek")
