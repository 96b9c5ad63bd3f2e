"""From which batch of the trail on each version of a signing key holds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, which nobody rewrites."""
    op.create_table(
        "signing_term",
        sa.Column("keten", sa.Text(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("vanaf", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON signing_term FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Drop the table: what a later key signed is then a fault."""
    op.drop_table("signing_term")
