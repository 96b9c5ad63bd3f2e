"""What residents may ask: to see, to have corrected, and their consent.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = (
    "gegevenswijziging",
    "inzageverzoek",
    "afschrift",
    "correctieverzoek",
    "toestemming",
    "verklaring",
    "weglating",
)
IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
NEW_TAKEN = (
    "inzageverzoek_beoordelen",
    "afschrift_uitreiken",
    "correctie_beoordelen",
    "aanbieder_inlichten",
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
    "startdatum_beantwoorden",
    "client_onbereikbaar",
    "client_valt_uit",
    "verlenging_beoordelen",
    "verzoek_staat_stil",
)
DOCUMENTEN = (
    "ontvangstbevestiging",
    "onderzoeksverslag",
    "afsluitbrief",
    "beschikking",
    "persoonlijk_plan",
    "ingekomen",
    "vernietigingsbesluit",
)
HERKOMSTEN = (
    "inwoner",
    "loket",
    "netwerk",
    "aanbieder",
    "jeugd",
    "participatie",
    "schuldhulp",
    "zorgverzekeraar",
    "zorgaanbieder",
    "ciz",
    "anders",
)


def upgrade() -> None:
    """Make the tables and guard them; say of documents and notes where they are from."""
    _make_gegevenswijziging()
    _make_inzageverzoek()
    _make_afschrift()
    _make_correctieverzoek()
    _make_toestemming()
    _make_verklaring()
    _make_weglating()
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
    _kinds("taak", "taaksoort", (*TAKEN, *NEW_TAKEN))
    _kinds("document", "documentsoort", (*DOCUMENTEN, "correctiebrief"))
    for table in ("document", "notitie"):
        op.add_column(table, sa.Column("herkomst", sa.String(64), nullable=True))
        op.create_check_constraint(
            op.f(f"ck_{table}_herkomst"), table, f"herkomst IN ({_words(HERKOMSTEN)})"
        )


def _words(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


def _kinds(table: str, name: str, kinds: tuple[str, ...]) -> None:
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint}"
        f" CHECK (soort IN ({_words(kinds)}))"
    )


def _make_gegevenswijziging() -> None:
    op.create_table(
        "gegevenswijziging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column("verzoek_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("waarden", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_gegevenswijziging_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gegevenswijziging")),
    )
    op.create_index(
        op.f("ix_gegevenswijziging_gemeente_code"),
        "gegevenswijziging",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_gegevenswijziging_inwoner_id_changed_at"),
        "gegevenswijziging",
        ["inwoner_id", "changed_at"],
        unique=False,
    )


def _make_inzageverzoek() -> None:
    op.create_table(
        "inzageverzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kanaal",
            sa.Enum(
                "balie",
                "telefoon",
                "post",
                "email",
                "portaal",
                "huisbezoek",
                "aanbieder",
                "verwijzer",
                name="kanaal",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column(
            "aanvrager",
            sa.Enum(
                "inwoner",
                "ouder",
                "curator",
                "mentor",
                "gevolmachtigde",
                name="aanvrager",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "identificatie",
            sa.Enum(
                "legitimatie",
                "digid",
                "vragen",
                "bekend",
                name="identificatie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identified_by_id", sa.Uuid(), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "weigergrond",
            sa.Enum(
                "geen_eigen_recht",
                "niet_bevoegd",
                "identiteit",
                "buitensporig",
                "ander_beschermen",
                name="weigergrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("brief_op", sa.Date(), nullable=True),
        sa.Column(
            "uitreiking",
            sa.Enum(
                "opgehaald",
                "op_papier",
                name="uitreiking",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN delivered_at IS NOT NULL THEN 'uitgereikt' WHEN decided_at IS NOT NULL THEN 'besloten' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("naam_aanvrager", sa.LargeBinary(), nullable=True),
        sa.Column("reden_verlenging", sa.LargeBinary(), nullable=True),
        sa.Column("motivering", sa.LargeBinary(), nullable=True),
        sa.Column("brief", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_inzageverzoek_decided_at_together"),
        ),
        sa.CheckConstraint(
            "(delivered_at IS NULL) = (delivered_by_id IS NULL) AND (delivered_at IS NULL) = (uitreiking IS NULL)",
            name=op.f("ck_inzageverzoek_delivered_at_together"),
        ),
        sa.CheckConstraint(
            "(extended_at IS NULL) = (extended_by_id IS NULL)",
            name=op.f("ck_inzageverzoek_extended_at_together"),
        ),
        sa.CheckConstraint(
            "(identified_at IS NULL) = (identified_by_id IS NULL) AND (identified_at IS NULL) = (identificatie IS NULL)",
            name=op.f("ck_inzageverzoek_identified_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_inzageverzoek_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inzageverzoek")),
        sa.UniqueConstraint("referentie", name=op.f("uq_inzageverzoek_referentie")),
    )
    op.create_index(
        op.f("ix_inzageverzoek_gemeente_code"),
        "inzageverzoek",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inzageverzoek_gemeente_code_status_uiterlijk"),
        "inzageverzoek",
        ["gemeente_code", "status", "uiterlijk"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inzageverzoek_inwoner_id"),
        "inzageverzoek",
        ["inwoner_id"],
        unique=False,
    )


def _make_afschrift() -> None:
    op.create_table(
        "afschrift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("verzoek_id", sa.Uuid(), nullable=False),
        sa.Column("stap", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bewaren_tot", sa.Date(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN dropped_at IS NOT NULL THEN 'vervallen' WHEN made_at IS NOT NULL THEN 'klaar' ELSE 'bezig' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gegevens", sa.LargeBinary(), nullable=True),
        sa.Column("leesbaar", sa.LargeBinary(), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("bundel", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verzoek_id"],
            ["inzageverzoek.id"],
            name=op.f("fk_afschrift_verzoek_id_inzageverzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_afschrift")),
        sa.UniqueConstraint("verzoek_id", name=op.f("uq_afschrift_verzoek_id")),
    )
    op.create_index(
        op.f("ix_afschrift_gemeente_code"), "afschrift", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_afschrift_gemeente_code_bewaren_tot"),
        "afschrift",
        ["gemeente_code", "bewaren_tot"],
        unique=False,
    )


def _make_correctieverzoek() -> None:
    op.create_table(
        "correctieverzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "onderwerp",
            sa.Enum(
                "gegevens",
                "verslag",
                "notitie",
                name="onderwerp",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("onderwerp_id", sa.Uuid(), nullable=True),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "uitkomst",
            sa.Enum(
                "verbeterd",
                "verklaring",
                "geweigerd",
                name="uitkomst",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "grond",
            sa.Enum(
                "klopt_al",
                "oordeel",
                "niet_aangetoond",
                name="correctiegrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN handled_at IS NOT NULL THEN 'afgehandeld' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gevraagd", sa.LargeBinary(), nullable=True),
        sa.Column("motivering", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(onderwerp = 'gegevens') = (onderwerp_id IS NULL)",
            name=op.f("ck_correctieverzoek_which_text"),
        ),
        sa.CheckConstraint(
            "(handled_at IS NULL) = (handled_by_id IS NULL) AND (handled_at IS NULL) = (uitkomst IS NULL)",
            name=op.f("ck_correctieverzoek_handled_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_correctieverzoek_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_correctieverzoek_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correctieverzoek")),
        sa.UniqueConstraint("referentie", name=op.f("uq_correctieverzoek_referentie")),
    )
    op.create_index(
        op.f("ix_correctieverzoek_dossier_id"),
        "correctieverzoek",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_correctieverzoek_gemeente_code"),
        "correctieverzoek",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_correctieverzoek_gemeente_code_status_uiterlijk"),
        "correctieverzoek",
        ["gemeente_code", "status", "uiterlijk"],
        unique=False,
    )
    op.create_index(
        op.f("ix_correctieverzoek_inwoner_id"),
        "correctieverzoek",
        ["inwoner_id"],
        unique=False,
    )


def _make_toestemming() -> None:
    op.create_table(
        "toestemming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "herkomst",
            sa.Enum(
                "inwoner",
                "loket",
                "netwerk",
                "aanbieder",
                "jeugd",
                "participatie",
                "schuldhulp",
                "zorgverzekeraar",
                "zorgaanbieder",
                "ciz",
                "anders",
                name="herkomst",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "gegeven_door",
            sa.Enum(
                "inwoner",
                "vertegenwoordiger",
                name="gegevendoor",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "wijze",
            sa.Enum(
                "formulier",
                "gesprek",
                "telefoon",
                "brief",
                name="wijze",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gegeven_op", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("ingetrokken_op", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN withdrawn_at IS NOT NULL THEN 'ingetrokken' ELSE 'geldig' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gegevens", sa.LargeBinary(), nullable=True),
        sa.Column("partij", sa.LargeBinary(), nullable=True),
        sa.Column("doel", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (ingetrokken_op IS NULL)",
            name=op.f("ck_toestemming_withdrawn_at_together"),
        ),
        sa.CheckConstraint(
            "ingetrokken_op >= gegeven_op",
            name=op.f("ck_toestemming_ingetrokken_op_after_gegeven_op"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_toestemming_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_toestemming_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toestemming")),
    )
    op.create_index(
        op.f("ix_toestemming_dossier_id_herkomst"),
        "toestemming",
        ["dossier_id", "herkomst"],
        unique=False,
    )
    op.create_index(
        op.f("ix_toestemming_gemeente_code"),
        "toestemming",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_toestemming_inwoner_id"), "toestemming", ["inwoner_id"], unique=False
    )


def _make_verklaring() -> None:
    op.create_table(
        "verklaring",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "verslag",
                "notitie",
                name="tekstsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("onderwerp_id", sa.Uuid(), nullable=False),
        sa.Column("verzoek_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_verklaring_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verklaring")),
    )
    op.create_index(
        op.f("ix_verklaring_dossier_id_onderwerp_id"),
        "verklaring",
        ["dossier_id", "onderwerp_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_verklaring_gemeente_code"),
        "verklaring",
        ["gemeente_code"],
        unique=False,
    )


def _make_weglating() -> None:
    op.create_table(
        "weglating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("verzoek_id", sa.Uuid(), nullable=False),
        sa.Column("onderdeel", sa.Text(), nullable=False),
        sa.Column("rij_id", sa.Uuid(), nullable=True),
        sa.Column(
            "grond",
            sa.Enum(
                "ander_beschermen",
                "melder_onbekend",
                "gezondheid_ander",
                name="weglaatgrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("left_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out_by_id", sa.Uuid(), nullable=False),
        sa.Column("uitleg", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verzoek_id"],
            ["inzageverzoek.id"],
            name=op.f("fk_weglating_verzoek_id_inzageverzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weglating")),
    )
    op.create_index(
        op.f("ix_weglating_gemeente_code"), "weglating", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_weglating_verzoek_id_onderdeel"),
        "weglating",
        ["verzoek_id", "onderdeel"],
        unique=False,
    )


def downgrade() -> None:
    """Take it away again, with the tasks and letters that came of it."""
    for table in ("document", "notitie"):
        op.drop_column(table, "herkomst")
    op.execute(f"DELETE FROM taak WHERE soort IN ({_words(NEW_TAKEN)})")
    _kinds("taak", "taaksoort", TAKEN)
    op.execute("DELETE FROM document WHERE soort = 'correctiebrief'")
    _kinds("document", "documentsoort", DOCUMENTEN)
    for table in reversed(TABLES):
        op.drop_table(table)
