"""How a gemeente looks: colours and logo, in a period of validity.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)


def upgrade() -> None:
    """Make the table, guard it, and let the gemeente say which stand holds."""
    op.add_column("gemeente", sa.Column("huisstijl_stand", sa.Text(), nullable=True))
    op.create_table(
        "huisstijl",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("tweede", sa.Text(), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column(
            "logo_soort",
            sa.Enum(
                "svg",
                "png",
                name="logosoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("logo_merk", sa.Text(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "accent ~ '^#[0-9a-f]{6}$'", name=op.f("ck_huisstijl_accent_hex")
        ),
        sa.CheckConstraint(
            "tweede ~ '^#[0-9a-f]{6}$'", name=op.f("ck_huisstijl_tweede_hex")
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_huisstijl_tot_after_van")),
        sa.CheckConstraint(
            "(logo IS NULL) = (logo_soort IS NULL)"
            " AND (logo IS NULL) = (logo_merk IS NULL)",
            name=op.f("ck_huisstijl_logo_together"),
        ),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_huisstijl_no_overlap"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["user_account.id"],
            name=op.f("fk_huisstijl_set_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huisstijl")),
    )
    op.create_index(op.f("ix_huisstijl_gemeente_code"), "huisstijl", ["gemeente_code"])
    op.execute("ALTER TABLE huisstijl ENABLE ROW LEVEL SECURITY")
    for name, kind, rule in (
        ("gemeente", "PERMISSIVE", IN_GEMEENTE),
        ("staff", "RESTRICTIVE", IS_STAFF),
    ):
        op.execute(
            f"CREATE POLICY {name} ON huisstijl AS {kind} FOR ALL"
            f" USING ({rule}) WITH CHECK ({rule})"
        )


def downgrade() -> None:
    """Let every gemeente look as Loket does again."""
    op.drop_table("huisstijl")
    op.drop_column("gemeente", "huisstijl_stand")
