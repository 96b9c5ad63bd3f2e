"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""
# Schema and data go in separate revisions. A migration never imports loket: the
# program moves on, this file does not. Write `downgrade` and run it. Policies,
# triggers, CHECKs and generated columns are not seen by autogenerate.

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
