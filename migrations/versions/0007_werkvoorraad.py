"""A worklist that stays fast in a heap of any size, and what people keep about it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("toedeling", "weergave")
IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
OPEN = "fase <> 'gesloten'"
ORDERS = ("termijn_op", "ontvangen_op")
WALKS: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("open", (), OPEN),
    ("fase", ("fase",), None),
    ("behandelaar", ("behandelaar_id",), OPEN),
    ("pc4", ("pc4",), OPEN),
    ("spoed", (), f"spoed AND {OPEN}"),
)
"""What a page is asked for: each walks in both orders."""
OLD = {
    "ix_werkvoorraad_gemeente_code_fase_uiterste_datum": "fase",
    "ix_werkvoorraad_gemeente_code_consulent_id_uiterste_datum": "consulent_id",
}


def upgrade() -> None:
    """Add what an index can walk over, and the two tables."""
    _widen_worklist()
    _make_toedeling()
    _make_weergave()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, rule in (
            ("gemeente", "PERMISSIVE", IN_GEMEENTE),
            ("staff", "RESTRICTIVE", IS_STAFF),
        ):
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR ALL"
                f" USING ({rule}) WITH CHECK ({rule})"
            )


def _widen_worklist() -> None:
    op.add_column(
        "werkvoorraad",
        sa.Column(
            "termijn_op",
            sa.Date(),
            sa.Computed("coalesce(uiterste_datum, '9999-12-31'::date)", persisted=True),
            nullable=False,
        ),
    )
    op.add_column(
        "werkvoorraad",
        sa.Column(
            "behandelaar_id",
            sa.Uuid(),
            sa.Computed(
                "coalesce(consulent_id, '00000000-0000-0000-0000-000000000000'::uuid)",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    for name in OLD:
        op.drop_index(name, table_name="werkvoorraad")
    op.create_index("ix_werkvoorraad_client", "werkvoorraad", ["client_id"])
    for name, first, where in WALKS:
        for order in ORDERS:
            op.create_index(
                f"ix_werkvoorraad_{name}_{order}",
                "werkvoorraad",
                ["gemeente_code", *first, order, "referentie"],
                postgresql_where=sa.text(where) if where else None,
            )
    op.create_index(
        "ix_werkvoorraad_gesloten_van",
        "werkvoorraad",
        ["gemeente_code", "behandelaar_id", "ontvangen_op", "referentie"],
        postgresql_where=sa.text("fase = 'gesloten'"),
    )
    op.create_index(
        "ix_werkvoorraad_caseload",
        "werkvoorraad",
        ["gemeente_code", "behandelaar_id", "fase", "afgeschermd", "dossier_id"],
        postgresql_where=sa.text(OPEN),
    )


def _make_toedeling() -> None:
    op.create_table(
        "toedeling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("van_id", sa.Uuid(), nullable=True),
        sa.Column("naar_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reden",
            sa.Enum(
                "verdeling",
                "werkdruk",
                "afwezigheid",
                "deskundigheid",
                "wens_client",
                "betrokkenheid",
                "uit_dienst",
                "vergissing",
                name="toedelingreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "van_id IS DISTINCT FROM naar_id", name=op.f("ck_toedeling_changes_hands")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_toedeling_dossier_id_dossier")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["user_account.id"],
                name=op.f(f"fk_toedeling_{column}_user_account"),
            )
            for column in ("van_id", "naar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toedeling")),
    )
    for columns in (["gemeente_code"], ["dossier_id", "at"]):
        op.create_index(op.f(f"ix_toedeling_{'_'.join(columns)}"), "toedeling", columns)


def _make_weergave() -> None:
    op.create_table(
        "weergave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("adres", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_standaard", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_weergave_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weergave")),
    )
    op.create_index(op.f("ix_weergave_gemeente_code"), "weergave", ["gemeente_code"])
    op.create_index(
        "uq_weergave_naam",
        "weergave",
        ["gemeente_code", "user_id", "naam"],
        unique=True,
    )
    op.create_index(
        "uq_weergave_standaard",
        "weergave",
        ["gemeente_code", "user_id"],
        unique=True,
        postgresql_where=sa.text("is_standaard"),
    )


def downgrade() -> None:
    """Take it all away again; the old indexes come back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_werkvoorraad_caseload", table_name="werkvoorraad")
    op.drop_index("ix_werkvoorraad_gesloten_van", table_name="werkvoorraad")
    for name, _, _ in WALKS:
        for order in ORDERS:
            op.drop_index(f"ix_werkvoorraad_{name}_{order}", table_name="werkvoorraad")
    op.drop_index("ix_werkvoorraad_client", table_name="werkvoorraad")
    for name, column in OLD.items():
        op.create_index(
            name, "werkvoorraad", ["gemeente_code", column, "uiterste_datum"]
        )
    op.drop_column("werkvoorraad", "behandelaar_id")
    op.drop_column("werkvoorraad", "termijn_op")
