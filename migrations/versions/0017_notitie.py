"""Notes on a dossier with every version, sealed, for staff only.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("notitie", "notitie_versie")
IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
SOORTEN = ("werknotitie", "belafspraak", "overleg", "aandachtspunt")
STATUS = "CASE WHEN withdrawn_at IS NOT NULL THEN 'ingetrokken' ELSE 'geldig' END"


def upgrade() -> None:
    """Make both tables and guard them."""
    _make_notitie()
    _make_versie()
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_gemeente_code"), table, ["gemeente_code"])
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, rule in (
            ("gemeente", "PERMISSIVE", IN_GEMEENTE),
            ("staff", "RESTRICTIVE", IS_STAFF),
        ):
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR ALL"
                f" USING ({rule}) WITH CHECK ({rule})"
            )


def _make_notitie() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notitie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                *SOORTEN,
                name="notitiesoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("pinned_at", moment, nullable=True),
        sa.Column("pinned_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("reden_intrekking", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status", sa.Text(), sa.Computed(STATUS, persisted=True), nullable=False
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(pinned_at IS NULL) = (pinned_by_id IS NULL)",
            name=op.f("ck_notitie_pinned_at_together"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_notitie_withdrawn_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_notitie_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notitie")),
    )
    op.create_index(
        "ix_notitie_dossier_id_written_at", "notitie", ["dossier_id", "written_at"]
    )


def _make_versie() -> None:
    op.create_table(
        "notitie_versie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notitie_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_notitie_versie_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["notitie_id"],
            ["notitie.id"],
            name=op.f("fk_notitie_versie_notitie_id_notitie"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notitie_versie")),
        sa.UniqueConstraint(
            "notitie_id", "versie", name=op.f("uq_notitie_versie_notitie_id_versie")
        ),
    )
    op.create_index(
        op.f("ix_notitie_versie_dossier_id"), "notitie_versie", ["dossier_id"]
    )


def downgrade() -> None:
    """Take them away, with every note."""
    for table in reversed(TABLES):
        op.drop_table(table)
