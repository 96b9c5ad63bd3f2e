"""The trail in sealed batches, and seals on the rows that decide about people.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
TABLES = ("audit_batch", "audit_leaf", "row_seal")


def upgrade() -> None:
    """Make the tables, guard them and let nobody rewrite them."""
    op.create_table(
        "audit_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keten", sa.Text(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("row_ids", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_batch")),
        sa.UniqueConstraint(
            "keten", "nummer", name=op.f("uq_audit_batch_keten_nummer")
        ),
    )
    op.create_table(
        "audit_leaf",
        sa.Column("tabel", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("positie", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tabel", "row_id", name=op.f("pk_audit_leaf")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["audit_batch.id"],
            name=op.f("fk_audit_leaf_batch_id_audit_batch"),
        ),
    )
    op.create_index(
        op.f("ix_audit_leaf_batch_id_positie"),
        "audit_leaf",
        ["batch_id", "positie"],
        unique=True,
    )
    op.create_table(
        "row_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tabel", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("kolommen", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_seal")),
        sa.UniqueConstraint(
            "tabel", "row_id", "versie", name=op.f("uq_row_seal_tabel_row_id_versie")
        ),
    )
    op.create_index(op.f("ix_row_seal_gemeente_code"), "row_seal", ["gemeente_code"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        code = (
            IN_GEMEENTE
            if table == "row_seal"
            else (f"(gemeente_code IS NULL OR {IN_GEMEENTE})")
        )
        within = f"{code} AND {IS_STAFF}"
        op.execute(f"CREATE POLICY look ON {table} FOR SELECT USING ({within})")
        op.execute(f"CREATE POLICY add ON {table} FOR INSERT WITH CHECK ({within})")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take the tables away again, with their policies and triggers."""
    for table in ("row_seal", "audit_leaf", "audit_batch"):
        op.drop_table(table)
