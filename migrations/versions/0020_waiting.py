"""What waits for somebody is found without a walk past all that is done.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WAITING: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("melding", "confirm", ("ontvangen_op", "id"), "confirmed_at IS NULL"),
    ("verslag", "answer", ("made_at", "id"), "answered_at IS NULL"),
    ("beschikking", "make_known", ("drawn_up_at", "id"), "made_known_at IS NULL"),
    ("promise", "keep", ("topic",), "kept_at IS NULL"),
)
"""Table, what is still to be done, in which order it is read, how one knows."""
PLACING = (
    ["gemeente_code", "status", "requested_at"],
    ["aanbieder_id", "status", "requested_at"],
    ["gemeente_code", "accepted_at"],
    ["gemeente_code", "declined_at"],
)
CASELOAD = ["gemeente_code", "behandelaar_id", "fase", "afgeschermd", "dossier_id"]


def upgrade() -> None:
    """Add an index per kind of waiting work; count what is late from one index."""
    for table, deed, columns, where in WAITING:
        op.create_index(
            f"ix_{table}_to_{deed}",
            table,
            ["gemeente_code", *columns],
            postgresql_where=sa.text(where),
        )
    for columns in PLACING:
        op.create_index(
            op.f(f"ix_plaatsingsverzoek_{'_'.join(columns)}"),
            "plaatsingsverzoek",
            columns,
        )
    _make_caseload([*CASELOAD, "termijn_op"])


def _make_caseload(columns: list[str]) -> None:
    op.drop_index("ix_werkvoorraad_caseload", table_name="werkvoorraad")
    op.create_index(
        "ix_werkvoorraad_caseload",
        "werkvoorraad",
        columns,
        postgresql_where=sa.text("fase <> 'gesloten'"),
    )


def downgrade() -> None:
    """Take them away again."""
    _make_caseload(CASELOAD)
    for columns in PLACING:
        op.drop_index(
            op.f(f"ix_plaatsingsverzoek_{'_'.join(columns)}"),
            table_name="plaatsingsverzoek",
        )
    for table, deed, _, _ in WAITING:
        op.drop_index(f"ix_{table}_to_{deed}", table_name=table)
