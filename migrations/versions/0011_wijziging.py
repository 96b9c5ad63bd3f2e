"""What was changed in how the gemeente works: kept, never changed.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)


def upgrade() -> None:
    """Make the table, guard it and let nobody rewrite it."""
    op.create_table(
        "wijziging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("veld", sa.Text(), nullable=False),
        sa.Column("oud", sa.Text(), nullable=False),
        sa.Column("nieuw", sa.Text(), nullable=False),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wijziging")),
    )
    op.create_index(
        op.f("ix_wijziging_gemeente_code_soort_sleutel_changed_at"),
        "wijziging",
        ["gemeente_code", "soort", "sleutel", "changed_at"],
    )
    op.execute("ALTER TABLE wijziging ENABLE ROW LEVEL SECURITY")
    within = f"{IN_GEMEENTE} AND {IS_STAFF}"
    op.execute(f"CREATE POLICY look ON wijziging FOR SELECT USING ({within})")
    op.execute(f"CREATE POLICY add ON wijziging FOR INSERT WITH CHECK ({within})")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wijziging"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take the table away again, with its policies and its trigger."""
    op.drop_table("wijziging")
