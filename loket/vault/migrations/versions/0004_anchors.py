"""The hashes of the batches of the trail, kept apart from the trail itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, which nobody rewrites; allow keys for signing and row seals."""
    op.execute("ALTER TABLE tenant_key DROP CONSTRAINT tenant_key_purpose_check")
    op.execute(
        "ALTER TABLE tenant_key ADD CONSTRAINT tenant_key_purpose_check"
        " CHECK (purpose IN ('tk', 'ik', 'sk', 'rs'))"
    )
    op.create_table(
        "audit_anchor",
        sa.Column("keten", sa.Text(), primary_key=True),
        sa.Column("nummer", sa.Integer(), primary_key=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("audit_anchor")
    op.execute("ALTER TABLE tenant_key DROP CONSTRAINT tenant_key_purpose_check")
    op.execute(
        "ALTER TABLE tenant_key ADD CONSTRAINT tenant_key_purpose_check"
        " CHECK (purpose IN ('tk', 'ik')) NOT VALID"
    )
