"""Keeping and destroying: stops, lists, requests, and a role for the archivaris.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
ROLES = (
    "frontoffice",
    "consulent",
    "kwaliteitsmedewerker",
    "teamleider",
    "administratie",
    "aanbieder",
    "aanbieder_beheerder",
    "beleidsmedewerker",
    "beheerder",
    "privacy_officer",
)
ARCHIVARIS = "archivaris"
ROLE_COLUMNS = {
    "aanstelling": "rol",
    "mandaat": "rol",
    "taak": "voor_rol",
    "terugbelverzoek": "voor_rol",
}
SOORTEN = (
    "ontvangstbevestiging",
    "onderzoeksverslag",
    "afsluitbrief",
    "beschikking",
    "persoonlijk_plan",
    "ingekomen",
)
BESLUIT = "vernietigingsbesluit"
TABLES = (
    "vernietigingsverzoek",
    "vernietigingslijst",
    "vernietigingsregel",
    "vernietigingsstop",
    "beroep",
)


def upgrade() -> None:
    """Add the nouns; whatever is in bezwaar now, stays."""
    _roles((*ROLES, ARCHIVARIS))
    _check("document", "documentsoort", "soort", (*SOORTEN, BESLUIT))
    op.add_column("dossier", sa.Column("vernietigd_op", sa.Date(), nullable=True))
    op.add_column("dossier", sa.Column("vernietigingsgrond", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_dossier_vernietigd_op_together"),
        "dossier",
        "(vernietigd_op IS NULL) = (vernietigingsgrond IS NULL)",
    )
    op.create_index(
        "ix_dossier_te_bewaren",
        "dossier",
        ["gemeente_code", "closed_at"],
        postgresql_where=sa.text("closed_at IS NOT NULL AND vernietigd_op IS NULL"),
    )
    op.add_column("inwoner", sa.Column("vernietigd_op", sa.Date(), nullable=True))
    _make_tables()
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
    op.execute(
        "INSERT INTO vernietigingsstop"
        " (id, gemeente_code, dossier_id, grond, bron_id, placed_at, placed_by_id)"
        " SELECT gen_random_uuid(), gemeente_code, dossier_id, 'bezwaar', id,"
        " received_at, received_by_id FROM bezwaar WHERE decided_at IS NULL"
    )


def _make_tables() -> None:
    op.create_table(
        "beroep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "gerecht",
            sa.Enum(
                "rechtbank",
                "centrale_raad",
                name="gerecht",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("ingesteld_op", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("uitspraak_op", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN ended_at IS NOT NULL THEN 'uitgesproken' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("zaaknummer", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (uitspraak_op IS NULL)",
            name=op.f("ck_beroep_ended_at_together"),
        ),
        sa.CheckConstraint(
            "uitspraak_op >= ingesteld_op",
            name=op.f("ck_beroep_uitspraak_op_after_ingesteld_op"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_beroep_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beroep")),
    )
    op.create_index(
        op.f("ix_beroep_dossier_id"), "beroep", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_beroep_gemeente_code"), "beroep", ["gemeente_code"], unique=False
    )
    op.create_table(
        "vernietigingsstop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "grond",
            sa.Enum(
                "bezwaar",
                "beroep",
                "claim",
                "rekenkamer",
                "woo",
                "toezicht",
                name="stopgrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("bron_id", sa.Uuid(), nullable=True),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN lifted_at IS NOT NULL THEN 'opgeheven' ELSE 'geldt' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(grond IN ('bezwaar', 'beroep')) = (bron_id IS NOT NULL)",
            name=op.f("ck_vernietigingsstop_bron_fits"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)",
            name=op.f("ck_vernietigingsstop_lifted_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_vernietigingsstop_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vernietigingsstop")),
    )
    op.create_index(
        op.f("ix_vernietigingsstop_dossier_id"),
        "vernietigingsstop",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingsstop_gemeente_code"),
        "vernietigingsstop",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        "uq_vernietigingsstop_bron", "vernietigingsstop", ["bron_id"], unique=True
    )
    op.create_table(
        "vernietigingsverzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "omvang",
            sa.Enum(
                "dossier",
                "persoon",
                name="omvang",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("ingewilligd", sa.Boolean(), nullable=True),
        sa.Column("tegengrond", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN decided_at IS NOT NULL THEN 'beslist' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("motivering", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (ingewilligd IS NULL)",
            name=op.f("ck_vernietigingsverzoek_decided_at_together"),
        ),
        sa.CheckConstraint(
            "(ingewilligd IS FALSE) = (tegengrond IS NOT NULL)",
            name=op.f("ck_vernietigingsverzoek_refused_on_a_ground"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_vernietigingsverzoek_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vernietigingsverzoek")),
        sa.UniqueConstraint(
            "referentie", name=op.f("uq_vernietigingsverzoek_referentie")
        ),
    )
    op.create_index(
        op.f("ix_vernietigingsverzoek_dossier_id"),
        "vernietigingsverzoek",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingsverzoek_gemeente_code"),
        "vernietigingsverzoek",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingsverzoek_gemeente_code_decided_at_uiterlijk"),
        "vernietigingsverzoek",
        ["gemeente_code", "decided_at", "uiterlijk"],
        unique=False,
    )
    op.create_table(
        "vernietigingslijst",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("verzoek_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("uitvoeren_vanaf", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "stopreden",
            sa.Enum(
                "fout",
                "nieuw_feit",
                "nader_onderzoek",
                name="tegenhoudreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN stopped_at IS NOT NULL THEN 'gestopt' WHEN finished_at IS NOT NULL THEN 'uitgevoerd' WHEN approved_at IS NOT NULL THEN 'goedgekeurd' WHEN reviewed_at IS NOT NULL THEN 'nagekeken' ELSE 'voorgesteld' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL) AND (approved_at IS NULL) = (uitvoeren_vanaf IS NULL)",
            name=op.f("ck_vernietigingslijst_approved_at_together"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)",
            name=op.f("ck_vernietigingslijst_reviewed_at_together"),
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by_id IS NULL) AND (stopped_at IS NULL) = (stopreden IS NULL)",
            name=op.f("ck_vernietigingslijst_stopped_at_together"),
        ),
        sa.CheckConstraint(
            "reviewed_by_id <> proposed_by_id AND approved_by_id <> proposed_by_id AND approved_by_id <> reviewed_by_id",
            name=op.f("ck_vernietigingslijst_three_people"),
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR finished_at IS NULL",
            name=op.f("ck_vernietigingslijst_one_ending"),
        ),
        sa.ForeignKeyConstraint(
            ["verzoek_id"],
            ["vernietigingsverzoek.id"],
            name=op.f("fk_vernietigingslijst_verzoek_id_vernietigingsverzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vernietigingslijst")),
        sa.UniqueConstraint(
            "referentie", name=op.f("uq_vernietigingslijst_referentie")
        ),
    )
    op.create_index(
        op.f("ix_vernietigingslijst_gemeente_code"),
        "vernietigingslijst",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingslijst_gemeente_code_proposed_at"),
        "vernietigingslijst",
        ["gemeente_code", "proposed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingslijst_verzoek_id"),
        "vernietigingslijst",
        ["verzoek_id"],
        unique=False,
    )
    op.create_table(
        "vernietigingsregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lijst_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "dossier",
                "inwoner",
                name="regelsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("inwoner_id", sa.Uuid(), nullable=True),
        sa.Column(
            "resultaat",
            sa.Enum(
                "verstrekt",
                "geweigerd",
                "afgebroken",
                name="zaakresultaat",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("laatste_wijziging", sa.Date(), nullable=False),
        sa.Column("einde", sa.Date(), nullable=True),
        sa.Column("vernietigen_vanaf", sa.Date(), nullable=False),
        sa.Column("grond", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "uithaalreden",
            sa.Enum(
                "belang",
                "blijvend",
                "onterecht",
                "stop",
                "loopt_nog",
                "te_vroeg",
                "in_gebruik",
                "lijst_gestopt",
                name="uithaalreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN removed_at IS NOT NULL THEN 'eruit' WHEN destroyed_at IS NOT NULL THEN 'vernietigd' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(soort = 'dossier') = (dossier_id IS NOT NULL) AND (soort = 'inwoner') = (inwoner_id IS NOT NULL)",
            name=op.f("ck_vernietigingsregel_one_scope"),
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL) AND (removed_at IS NULL) = (uithaalreden IS NULL)",
            name=op.f("ck_vernietigingsregel_removed_at_together"),
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR destroyed_at IS NULL",
            name=op.f("ck_vernietigingsregel_one_ending"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_vernietigingsregel_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_vernietigingsregel_inwoner_id_inwoner"),
        ),
        sa.ForeignKeyConstraint(
            ["lijst_id"],
            ["vernietigingslijst.id"],
            name=op.f("fk_vernietigingsregel_lijst_id_vernietigingslijst"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vernietigingsregel")),
    )
    op.create_index(
        op.f("ix_vernietigingsregel_gemeente_code"),
        "vernietigingsregel",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vernietigingsregel_lijst_id_soort_id"),
        "vernietigingsregel",
        ["lijst_id", "soort", "id"],
        unique=False,
    )
    op.create_index(
        "uq_vernietigingsregel_dossier_id",
        "vernietigingsregel",
        ["dossier_id"],
        unique=True,
        postgresql_where="removed_at IS NULL",
    )
    op.create_index(
        "uq_vernietigingsregel_inwoner_id",
        "vernietigingsregel",
        ["inwoner_id"],
        unique=True,
        postgresql_where="removed_at IS NULL",
    )


def _roles(roles: tuple[str, ...]) -> None:
    for table, column in ROLE_COLUMNS.items():
        _check(table, "role", column, roles)


def _check(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name}"
        f" CHECK ({column} IN ({allowed}))"
    )


def downgrade() -> None:
    """Take the nouns away; what was destroyed stays destroyed."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("inwoner", "vernietigd_op")
    op.drop_index("ix_dossier_te_bewaren", "dossier")
    op.drop_constraint(op.f("ck_dossier_vernietigd_op_together"), "dossier")
    op.drop_column("dossier", "vernietigingsgrond")
    op.drop_column("dossier", "vernietigd_op")
    op.execute(f"DELETE FROM document WHERE soort = '{BESLUIT}'")
    _check("document", "documentsoort", "soort", SOORTEN)
    for table, column in ROLE_COLUMNS.items():
        op.execute(f"DELETE FROM {table} WHERE {column} = '{ARCHIVARIS}'")
    _roles(ROLES)
