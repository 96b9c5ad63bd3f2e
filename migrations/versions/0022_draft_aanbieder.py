"""An aanbieder keeps drafts too: its own, under the key of the gemeente they are about.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
IS_OWN = f"({AANBIEDER} IS NULL OR aanbieder_id = {AANBIEDER})"
FOLLOWS_LEVERING = (
    f"{AANBIEDER} IS NULL"
    " OR topic IN ('providers.toewijzen', 'providers.geweigerd')"
    " AND subject_id IN (SELECT id FROM plaatsingsverzoek)"
    " OR topic = 'providers.voortgang' AND subject_id IN (SELECT id FROM toewijzing)"
    " OR topic = 'providers.overleg' AND subject_id IN (SELECT id FROM overlegregel)"
    " OR topic = 'providers.levering'"
    " AND (subject_id IN (SELECT id FROM startvoorstel)"
    " OR subject_id IN (SELECT id FROM leveringsvraag))"
)
FOLLOWS_DRAFT = (
    f"{FOLLOWS_LEVERING}"
    " OR topic = 'drafts.shred' AND subject_id IN (SELECT id FROM draft)"
)


def _draft_rule(old: str, new: str, rule: str) -> None:
    op.execute(f"DROP POLICY {old} ON draft")
    op.execute(
        f"CREATE POLICY {new} ON draft AS RESTRICTIVE FOR ALL"
        f" USING ({rule}) WITH CHECK ({rule})"
    )


def _promise_rule(rule: str) -> None:
    op.execute(f"ALTER POLICY own_select ON promise USING ({rule})")
    op.execute(f"ALTER POLICY own_insert ON promise WITH CHECK ({rule})")


def upgrade() -> None:
    """Say whose draft it is and where it is sent; let an aanbieder at its own."""
    op.add_column("draft", sa.Column("aanbieder_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_draft_aanbieder_id_aanbieder"),
        "draft",
        "aanbieder",
        ["aanbieder_id"],
        ["id"],
    )
    op.create_index(
        "ix_draft_aanbieder_id_subject", "draft", ["aanbieder_id", "subject"]
    )
    op.add_column("draft", sa.Column("door", sa.Text(), nullable=True))
    op.execute("UPDATE draft SET door = url")
    op.alter_column("draft", "door", nullable=False)
    _draft_rule("staff", "own", IS_OWN)
    _promise_rule(FOLLOWS_DRAFT)


def downgrade() -> None:
    """Take it away again, with what people of an aanbieder typed."""
    _promise_rule(FOLLOWS_LEVERING)
    _draft_rule("own", "staff", IS_STAFF)
    op.execute("DELETE FROM draft WHERE aanbieder_id IS NOT NULL")
    op.drop_column("draft", "door")
    op.drop_index("ix_draft_aanbieder_id_subject", table_name="draft")
    op.drop_column("draft", "aanbieder_id")
