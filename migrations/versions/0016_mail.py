"""How often and where somebody wants an e-mail that work waits.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the choice; nobody is mailed who did not ask for it."""
    table = "user_account"
    op.add_column(table, sa.Column("mail_adres", sa.LargeBinary(), nullable=True))
    op.add_column(
        table,
        sa.Column("mail_wens", sa.String(64), nullable=False, server_default="nooit"),
    )
    op.alter_column(table, "mail_wens", server_default=None)
    op.add_column(
        table, sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_check_constraint(
        op.f("ck_user_account_mailwens"),
        table,
        "mail_wens IN ('meteen', 'dagelijks', 'nooit')",
    )


def downgrade() -> None:
    """Take it away again."""
    op.execute("DELETE FROM promise WHERE topic = 'mail.werk'")
    op.drop_constraint(op.f("ck_user_account_mailwens"), "user_account", type_="check")
    for column in ("mailed_at", "mail_wens", "mail_adres"):
        op.drop_column("user_account", column)
