"""The overleg of gemeente and aanbieder about a verzoek or a toewijzing.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
IS_OWN = (
    f"({AANBIEDER} IS NULL OR aanbieder_id = {AANBIEDER} AND (toewijzing_id IS NULL"
    " OR EXISTS (SELECT 1 FROM deling"
    " WHERE deling.toewijzing_id = overlegregel.toewijzing_id"
    f" AND deling.van <= {TODAY}"
    f" AND coalesce(deling.tot, 'infinity'::date) >= {TODAY})))"
)
"""Words about somebody close together with the shared part of the dossier."""
ABOUT_OWN = (
    f"({AANBIEDER} IS NULL OR afzender = 'aanbieder' AND read_at IS NULL"
    " AND (EXISTS (SELECT 1 FROM plaatsingsverzoek v"
    " WHERE v.id = overlegregel.plaatsingsverzoek_id"
    " AND v.dossier_id = overlegregel.dossier_id"
    " AND v.gemeente_code = overlegregel.gemeente_code)"
    " OR EXISTS (SELECT 1 FROM toewijzing t"
    " WHERE t.id = overlegregel.toewijzing_id"
    " AND t.dossier_id = overlegregel.dossier_id"
    " AND t.gemeente_code = overlegregel.gemeente_code)))"
)
"""An aanbieder writes in its own name, about what it was asked or given."""
FOLLOWS_ANSWER = (
    f"{AANBIEDER} IS NULL"
    " OR topic IN ('providers.toewijzen', 'providers.geweigerd')"
    " AND subject_id IN (SELECT id FROM plaatsingsverzoek)"
    " OR topic = 'providers.voortgang' AND subject_id IN (SELECT id FROM toewijzing)"
)
FOLLOWS_WORDS = (
    f"{FOLLOWS_ANSWER}"
    " OR topic = 'providers.overleg' AND subject_id IN (SELECT id FROM overlegregel)"
)
TAKEN = (
    "brief_verzenden",
    "opnieuw_plaatsen",
    "gegevens_opvragen",
    "bericht_beoordelen",
    "verslag_reactie",
    "aanvraag_registreren",
    "partner_benaderen",
)


def upgrade() -> None:
    """Make the table, guard it, and let a question become a task."""
    _make_table()
    op.execute("ALTER TABLE overlegregel ENABLE ROW LEVEL SECURITY")
    for name, kind, command, rule in (
        ("gemeente", "PERMISSIVE", "ALL", IN_GEMEENTE),
        ("own", "RESTRICTIVE", "ALL", IS_OWN),
        ("about_own_insert", "RESTRICTIVE", "INSERT", ABOUT_OWN),
        ("staff_delete", "RESTRICTIVE", "DELETE", IS_STAFF),
    ):
        using = "" if command == "INSERT" else f" USING ({rule})"
        check = "" if command == "DELETE" else f" WITH CHECK ({rule})"
        op.execute(
            f"CREATE POLICY {name} ON overlegregel AS {kind} FOR {command}"
            f"{using}{check}"
        )
    op.execute(
        "CREATE TRIGGER read_only AFTER UPDATE ON overlegregel FOR EACH ROW"
        " EXECUTE FUNCTION refuse_rewrite('read_at', 'read_by_id')"
    )
    _promise_rule(FOLLOWS_WORDS)
    _task_kinds((*TAKEN, "aanbieder_antwoorden"))


def _make_table() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "overlegregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("plaatsingsverzoek_id", sa.Uuid(), nullable=True),
        sa.Column("toewijzing_id", sa.Uuid(), nullable=True),
        sa.Column(
            "afzender",
            sa.Enum(
                "gemeente",
                "aanbieder",
                name="afzender",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("read_by_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(plaatsingsverzoek_id, toewijzing_id) = 1",
            name=op.f("ck_overlegregel_one_subject"),
        ),
        sa.CheckConstraint(
            "(read_at IS NULL) = (read_by_id IS NULL)",
            name=op.f("ck_overlegregel_read_at_together"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_overlegregel_{column}_{table}"),
            )
            for column, table in (
                ("dossier_id", "dossier"),
                ("aanbieder_id", "aanbieder"),
                ("plaatsingsverzoek_id", "plaatsingsverzoek"),
                ("toewijzing_id", "toewijzing"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlegregel")),
    )
    for columns in (
        ["gemeente_code"],
        ["dossier_id"],
        ["plaatsingsverzoek_id"],
        ["toewijzing_id"],
        ["aanbieder_id", "afzender", "read_at"],
    ):
        op.create_index(
            op.f(f"ix_overlegregel_{'_'.join(columns)}"), "overlegregel", columns
        )


def _promise_rule(rule: str) -> None:
    op.execute(f"ALTER POLICY own_select ON promise USING ({rule})")
    op.execute(f"ALTER POLICY own_insert ON promise WITH CHECK ({rule})")


def _task_kinds(kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE taak DROP CONSTRAINT ck_taak_taaksoort")
    op.execute(
        f"ALTER TABLE taak ADD CONSTRAINT ck_taak_taaksoort CHECK (soort IN ({words}))"
    )


def downgrade() -> None:
    """Take it away again, with the tasks that came of it."""
    op.execute("DELETE FROM taak WHERE soort = 'aanbieder_antwoorden'")
    _task_kinds(TAKEN)
    op.execute("DELETE FROM promise WHERE topic = 'providers.overleg'")
    _promise_rule(FOLLOWS_ANSWER)
    op.drop_table("overlegregel")
