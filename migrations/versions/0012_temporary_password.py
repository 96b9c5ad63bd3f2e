"""A password that a beheerder gave works for a while, to choose an own one with.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add until when it works."""
    op.add_column(
        "user_account",
        sa.Column(
            "password_temporary_until", sa.DateTime(timezone=True), nullable=True
        ),
    )


def downgrade() -> None:
    """Take it away: temporary passwords become ordinary ones."""
    op.drop_column("user_account", "password_temporary_until")
