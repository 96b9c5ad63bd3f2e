"""Leaves that are not of Loket keep no row out of the chain; versions of seal keys.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a row have more leaves, a batch its own chain, and a seal its key version."""
    op.drop_constraint(op.f("pk_audit_leaf"), "audit_leaf", type_="primary")
    op.create_primary_key(
        op.f("pk_audit_leaf"), "audit_leaf", ["tabel", "row_id", "batch_id"]
    )
    # not of what stands there: `loket audit verify` tells of that
    op.execute(
        "ALTER TABLE audit_batch ADD CONSTRAINT ck_audit_batch_own_chain"
        " CHECK (keten = coalesce(gemeente_code, '0000')) NOT VALID"
    )
    op.execute(
        "DO $$ BEGIN"
        " ALTER TABLE audit_batch VALIDATE CONSTRAINT ck_audit_batch_own_chain;"
        " EXCEPTION WHEN check_violation THEN NULL;"
        " END $$"
    )
    op.add_column(
        "row_seal",
        sa.Column("key_version", sa.SmallInteger(), server_default="1", nullable=False),
    )


def downgrade() -> None:
    """Take them away; refused when a row has two leaves."""
    op.drop_column("row_seal", "key_version")
    op.drop_constraint(op.f("ck_audit_batch_own_chain"), "audit_batch", type_="check")
    op.drop_constraint(op.f("pk_audit_leaf"), "audit_leaf", type_="primary")
    op.create_primary_key(op.f("pk_audit_leaf"), "audit_leaf", ["tabel", "row_id"])
