"""The user that stands for Loket itself: it cannot log in.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SYSTEM = "00000000-0000-7000-8000-000000000001"


def upgrade() -> None:
    """Add the user of jobs, messages and commands."""
    op.execute(
        "INSERT INTO user_account (id, login, naam, failures, session_epoch, created_at)"
        f" VALUES ('{SYSTEM}', 'systeem', 'Loket', 0, 1, now())"
    )


def downgrade() -> None:
    """Take it away again."""
    op.execute(f"DELETE FROM user_account WHERE id = '{SYSTEM}'")
