"""Who rewrote a text last, and its version: two people never overwrite each other.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERSIONED = ("onderwerp", "leefgebied", "behoefte")
DEEDS = (
    ("leefgebied", "recorded"),
    ("behoefte", "corrected"),
    ("inwoner", "corrected"),
)


def upgrade() -> None:
    """Count the saves from one, and keep who did the last."""
    for table in VERSIONED:
        op.add_column(
            table,
            sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        )
        op.alter_column(table, "version", server_default=None)
    for table, deed in DEEDS:
        op.add_column(table, sa.Column(f"{deed}_at", sa.DateTime(timezone=True)))
        op.add_column(table, sa.Column(f"{deed}_by_id", sa.Uuid()))
        op.create_check_constraint(
            op.f(f"ck_{table}_{deed}_at_together"),
            table,
            f"({deed}_at IS NULL) = ({deed}_by_id IS NULL)",
        )


def downgrade() -> None:
    """Forget who was last."""
    for table, deed in DEEDS:
        op.drop_constraint(op.f(f"ck_{table}_{deed}_at_together"), table)
        op.drop_column(table, f"{deed}_by_id")
        op.drop_column(table, f"{deed}_at")
    for table in VERSIONED:
        op.drop_column(table, "version")
