"""What gemeente and aanbieder settle about the help: start, contact, questions.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
TABLES = {
    "startvoorstel": "'agreed_at', 'agreed_by_id'",
    "contactpoging": "'id'",
    "leveringsvraag": "'id'",
}
"""Each with what an aanbieder may fill in later: its yes to a proposal, no more."""
OWN_WORDS = {
    "startvoorstel": "afzender = 'aanbieder' AND agreed_at IS NULL AND ",
    "contactpoging": "",
    "leveringsvraag": "answered_at IS NULL AND antwoord IS NULL AND ",
}
"""It writes in its own name, and answers nothing itself."""
FOLLOWS_WORDS = (
    f"{AANBIEDER} IS NULL"
    " OR topic IN ('providers.toewijzen', 'providers.geweigerd')"
    " AND subject_id IN (SELECT id FROM plaatsingsverzoek)"
    " OR topic = 'providers.voortgang' AND subject_id IN (SELECT id FROM toewijzing)"
    " OR topic = 'providers.overleg' AND subject_id IN (SELECT id FROM overlegregel)"
)
FOLLOWS_LEVERING = (
    f"{FOLLOWS_WORDS}"
    " OR topic = 'providers.levering'"
    " AND (subject_id IN (SELECT id FROM startvoorstel)"
    " OR subject_id IN (SELECT id FROM leveringsvraag))"
)
TAKEN = (
    "brief_verzenden",
    "opnieuw_plaatsen",
    "gegevens_opvragen",
    "bericht_beoordelen",
    "verslag_reactie",
    "aanvraag_registreren",
    "partner_benaderen",
    "aanbieder_antwoorden",
    "termijn_nadert",
    "meetmoment_nadert",
    "voorziening_eindigt",
    "pgb_eindigt",
    "client_bellen",
    "overleg_voeren",
    "stukken_nakijken",
    "afspraak_maken",
    "datalek_beoordelen",
    "post_bekijken",
    "reparatie_regelen",
    "hulp_komt_niet",
)
NEW = (
    "startdatum_beantwoorden",
    "client_onbereikbaar",
    "client_valt_uit",
    "verlenging_beoordelen",
    "verzoek_staat_stil",
)


def _own(table: str) -> str:
    """Words about somebody close together with the shared part of the dossier."""
    return (
        f"({AANBIEDER} IS NULL OR aanbieder_id = {AANBIEDER}"
        " AND EXISTS (SELECT 1 FROM deling"
        f" WHERE deling.toewijzing_id = {table}.toewijzing_id"
        f" AND deling.van <= {TODAY}"
        f" AND coalesce(deling.tot, 'infinity'::date) >= {TODAY}))"
    )


def _about_own(table: str) -> str:
    return (
        f"({AANBIEDER} IS NULL OR {OWN_WORDS[table]}EXISTS (SELECT 1"
        f" FROM toewijzing t WHERE t.id = {table}.toewijzing_id"
        f" AND t.dossier_id = {table}.dossier_id"
        f" AND t.gemeente_code = {table}.gemeente_code))"
    )


def _enum(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=name, native_enum=False, create_constraint=True, length=64
    )


def _make(table: str, *own: sa.schema.SchemaItem) -> None:
    """Make a table about one toewijzing."""
    ties = {
        "dossier_id": "dossier",
        "aanbieder_id": "aanbieder",
        "toewijzing_id": "toewijzing",
    }
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in ties),
        *own,
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}")
            )
            for column, of in ties.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _deed(name: str, *, done: bool) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=not done),
        sa.Column(f"{name}_by_id", sa.Uuid(), nullable=not done),
    ]


def _together(table: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"({name}_at IS NULL) = ({name}_by_id IS NULL)",
        name=op.f(f"ck_{table}_{name}_at_together"),
    )


def _make_tables() -> None:
    _make(
        "startvoorstel",
        sa.Column(
            "afzender", _enum("afzender", "gemeente", "aanbieder"), nullable=False
        ),
        sa.Column("startdatum", sa.Date(), nullable=False),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        *_deed("proposed", done=True),
        *_deed("agreed", done=False),
        _together("startvoorstel", "agreed"),
    )
    _make(
        "contactpoging",
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column(
            "wijze",
            _enum("contactwijze", "telefoon", "huisbezoek", "brief", "email"),
            nullable=False,
        ),
        *_deed("recorded", done=True),
    )
    _make(
        "leveringsvraag",
        sa.Column(
            "soort",
            _enum("vraagsoort", "onbereikbaar", "uitval", "verlenging"),
            nullable=False,
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        *_deed("asked", done=True),
        sa.Column("antwoord", sa.LargeBinary(), nullable=True),
        *_deed("answered", done=False),
        _together("leveringsvraag", "answered"),
    )
    moments = {
        "startvoorstel": "proposed_at",
        "contactpoging": "recorded_at",
        "leveringsvraag": "asked_at",
    }
    for table, moment in moments.items():
        for columns in (["gemeente_code"], ["dossier_id"], ["toewijzing_id", moment]):
            name = op.f(f"ix_{table}_{'_'.join(columns)}")
            op.create_index(name, table, columns)
    op.create_index(
        "uq_leveringsvraag_open",
        "leveringsvraag",
        ["toewijzing_id", "soort"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def upgrade() -> None:
    """Make the tables, guard them, and let what is asked become a task."""
    _make_tables()
    for table, later in TABLES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, command, rule in (
            ("gemeente", "PERMISSIVE", "ALL", IN_GEMEENTE),
            ("own", "RESTRICTIVE", "ALL", _own(table)),
            ("about_own_insert", "RESTRICTIVE", "INSERT", _about_own(table)),
            ("staff_delete", "RESTRICTIVE", "DELETE", IS_STAFF),
        ):
            using = "" if command == "INSERT" else f" USING ({rule})"
            check = "" if command == "DELETE" else f" WITH CHECK ({rule})"
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR {command}{using}{check}"
            )
        op.execute(
            f"CREATE TRIGGER add_only AFTER UPDATE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION refuse_rewrite({later})"
        )
    _promise_rule(FOLLOWS_LEVERING)
    _task_kinds((*TAKEN, *NEW))


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
    words = ", ".join(f"'{kind}'" for kind in NEW)
    op.execute(f"DELETE FROM taak WHERE soort IN ({words})")
    _task_kinds(TAKEN)
    op.execute("DELETE FROM promise WHERE topic = 'providers.levering'")
    _promise_rule(FOLLOWS_WORDS)
    for table in TABLES:
        op.drop_table(table)
