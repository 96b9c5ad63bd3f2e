"""Calls to the API that were carried out, so that a repeat counts once.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
COLLEAGUE = (
    f"{AANBIEDER} IS NULL OR user_id IN (SELECT aanstelling.user_id FROM aanstelling"
    f" WHERE aanstelling.aanbieder_id = {AANBIEDER})"
)


def upgrade() -> None:
    """Make the table; an aanbieder meets the calls of its own people only."""
    op.create_table(
        "aanroep",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("vraag", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("resultaat_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_aanroep_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("user_id", "sleutel", name=op.f("pk_aanroep")),
    )
    op.create_index(op.f("ix_aanroep_user_id_at"), "aanroep", ["user_id", "at"])
    op.execute("ALTER TABLE aanroep ENABLE ROW LEVEL SECURITY")
    for name, kind, rule in (
        ("everyone", "PERMISSIVE", "true"),
        ("own", "RESTRICTIVE", COLLEAGUE),
    ):
        op.execute(
            f"CREATE POLICY {name} ON aanroep AS {kind} FOR ALL"
            f" USING ({rule}) WITH CHECK ({rule})"
        )


def downgrade() -> None:
    """Forget the calls."""
    op.drop_table("aanroep")
