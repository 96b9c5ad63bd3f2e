"""Tasks people ask of each other, signals that are made once, reminders that wait.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = (
    "brief_verzenden",
    "opnieuw_plaatsen",
    "gegevens_opvragen",
    "bericht_beoordelen",
    "verslag_reactie",
    "aanvraag_registreren",
    "partner_benaderen",
    "aanbieder_antwoorden",
)
ADDED = (
    "termijn_nadert",
    "meetmoment_nadert",
    "voorziening_eindigt",
    "pgb_eindigt",
    "client_bellen",
    "overleg_voeren",
    "stukken_nakijken",
    "afspraak_maken",
)


def _allow(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_taak_taaksoort"), "taak", type_="check")
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(
        op.f("ck_taak_taaksoort"), "taak", f"soort IN ({allowed})"
    )


def upgrade() -> None:
    """Give a task its key, a note, and a day to be reminded."""
    _allow(BEFORE + ADDED)
    op.add_column("taak", sa.Column("herinneren_op", sa.Date(), nullable=True))
    op.add_column("taak", sa.Column("sleutel", sa.Text(), nullable=True))
    op.add_column("taak", sa.Column("notitie", sa.LargeBinary(), nullable=True))
    op.add_column("taak", sa.Column("reden", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_taak_sleutel"), "taak", ["sleutel"])


def downgrade() -> None:
    """Take it away again, with the tasks that cannot be told without it."""
    added = ", ".join(f"'{kind}'" for kind in ADDED)
    op.execute(f"DELETE FROM taak WHERE soort IN ({added})")
    op.drop_constraint(op.f("uq_taak_sleutel"), "taak", type_="unique")
    for column in ("reden", "notitie", "sleutel", "herinneren_op"):
        op.drop_column("taak", column)
    _allow(BEFORE)
