"""The journal of key deeds, and no tenant key removed while it wraps anything."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the journal and the guards."""
    op.create_table(
        "key_deed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text()),
        sa.Column("from_version", sa.SmallInteger()),
        sa.Column("to_version", sa.SmallInteger()),
        sa.Column("moved", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("done_by", sa.Text(), nullable=False),
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the journal of keys is append-only';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON key_deed"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    # a rotation asks what is still under an old version, of one gemeente
    op.create_index(
        "ix_data_key_tenant_version", "data_key", ["tenant", "tenant_key_version"]
    )
    op.drop_index("ix_data_key_tenant", "data_key")
    # whatever a program thinks: the newest stays, and so does what still wraps
    op.execute(
        """
        CREATE FUNCTION refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM tenant_key WHERE tenant = OLD.tenant
                AND purpose = OLD.purpose AND version > OLD.version
            ) OR (OLD.purpose = 'tk' AND EXISTS (
                SELECT FROM data_key WHERE tenant = OLD.tenant
                AND tenant_key_version = OLD.version
            )) THEN
                RAISE EXCEPTION 'this tenant key is in use';
            END IF;
            RETURN OLD;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER refuse_loss BEFORE DELETE ON tenant_key"
        " FOR EACH ROW EXECUTE FUNCTION refuse_loss()"
    )


def downgrade() -> None:
    """Drop the journal and the guards."""
    op.execute("DROP TRIGGER refuse_loss ON tenant_key")
    op.execute("DROP FUNCTION refuse_loss()")
    op.create_index("ix_data_key_tenant", "data_key", ["tenant"])
    op.drop_index("ix_data_key_tenant_version", "data_key")
    op.drop_table("key_deed")
    op.execute("DROP FUNCTION refuse_change()")
