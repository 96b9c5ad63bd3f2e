"""Drafts: what was typed and not sent yet, sealed, for staff only.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
    """Make the table and guard it."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_draft_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_draft_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "user_id",
            "gemeente_code",
            "form",
            "subject",
            name=op.f("uq_draft_user_id_gemeente_code_form_subject"),
        ),
    )
    op.create_index(op.f("ix_draft_dossier_id"), "draft", ["dossier_id"])
    op.create_index(op.f("ix_draft_gemeente_code"), "draft", ["gemeente_code"])
    op.create_index(
        "ix_draft_gemeente_code_saved_at", "draft", ["gemeente_code", "saved_at"]
    )
    op.execute("ALTER TABLE draft ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY gemeente ON draft AS PERMISSIVE FOR ALL"
        f" USING ({IN_GEMEENTE}) WITH CHECK ({IN_GEMEENTE})"
    )
    op.execute(
        "CREATE POLICY staff ON draft AS RESTRICTIVE FOR ALL"
        f" USING ({IS_STAFF}) WITH CHECK ({IS_STAFF})"
    )


def downgrade() -> None:
    """Take it away, with every draft in it."""
    op.drop_table("draft")
