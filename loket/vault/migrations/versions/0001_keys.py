"""Tenant keys, data keys and tombstones."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tenant_key",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("purpose", sa.Text(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("kek_version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now()
        ),
        sa.CheckConstraint("purpose IN ('tk', 'ik')"),
    )
    op.create_table(
        "data_key",
        sa.Column("scope_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_key_version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now()
        ),
    )
    op.create_table(
        "tombstone",
        sa.Column("scope_id", sa.Uuid(), primary_key=True),
        sa.Column("tenant", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column(
            "destroyed_at", sa.DateTime(timezone=True), server_default=sa.func.now()
        ),
    )
    # a key must not rise again after its scope was destroyed, whoever asks
    op.execute(
        """
        CREATE FUNCTION refuse_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM tombstone WHERE scope_id = NEW.scope_id) THEN
                RETURN NULL;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER refuse_destroyed BEFORE INSERT ON data_key"
        " FOR EACH ROW EXECUTE FUNCTION refuse_destroyed()"
    )


def downgrade() -> None:
    """Drop the tables, and with them every key."""
    op.drop_table("tombstone")
    op.drop_table("data_key")
    op.drop_table("tenant_key")
    op.execute("DROP FUNCTION refuse_destroyed()")
