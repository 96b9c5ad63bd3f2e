"""What is being turned: rotations of data keys, and versions of search indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rotation",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("scope_id", sa.Uuid(), primary_key=True),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
    )
    op.create_table(
        "search_index",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("bits", sa.SmallInteger(), nullable=False),
        sa.Column("prefix_bits", sa.SmallInteger(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now()
        ),
        sa.CheckConstraint("state IN ('building', 'active', 'old')"),
        sa.UniqueConstraint("tenant", "state"),
    )


def downgrade() -> None:
    """Drop the tables: the first version of an index is what remains."""
    op.drop_table("search_index")
    op.drop_table("rotation")
