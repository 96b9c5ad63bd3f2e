"""Epochs: no key is taken out of use while a transaction may still seal with it.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

FIRST_LOCK = 4_170_397
EPOCH_LOCK = 4_170_398


def upgrade() -> None:
    """Make the table, and the function by which a transaction holds its epoch."""
    op.create_table(
        "sealing_epoch",
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sealing_epoch")),
    )
    op.create_index(op.f("ix_sealing_epoch_tenant"), "sealing_epoch", ["tenant"])
    op.execute(
        f"""
        CREATE FUNCTION hold_epoch(wanted text) RETURNS integer LANGUAGE plpgsql AS $$
        DECLARE
            seen integer;
            newest integer;
        BEGIN
            -- else the second look would see what the first one saw
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                RAISE EXCEPTION 'sealing wants read committed';
            END IF;
            SELECT coalesce(max(number), 0) INTO seen FROM sealing_epoch
            WHERE tenant = wanted;
            LOOP
                IF seen = 0 THEN
                    PERFORM
                        pg_advisory_xact_lock_shared({FIRST_LOCK}, hashtext(wanted));
                ELSE
                    PERFORM pg_advisory_xact_lock_shared({EPOCH_LOCK}, seen);
                END IF;
                SELECT coalesce(max(number), 0) INTO newest FROM sealing_epoch
                WHERE tenant = wanted;
                IF newest = seen THEN
                    RETURN seen;
                END IF;
                seen := newest;
            END LOOP;
        END $$
        """
    )


def downgrade() -> None:
    """Take function and table away."""
    op.execute("DROP FUNCTION hold_epoch(text)")
    op.drop_table("sealing_epoch")
