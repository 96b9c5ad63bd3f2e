"""Incoming post, and people who are there twice.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("poststuk", "samenvoeging")
IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
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
)
NEW = ("datalek_beoordelen", "post_bekijken")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables, for staff of the own gemeente only, and two kinds of task."""
    _make_poststuk()
    _make_samenvoeging()
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
    _task_kinds((*TAKEN, *NEW))


def _make_poststuk() -> None:
    op.create_table(
        "poststuk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("kanaal", sa.String(64), nullable=False),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("mediatype", sa.Text(), nullable=False),
        sa.Column("omvang", sa.Integer(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=True),
        sa.Column("filed_by_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("aside_at", MOMENT, nullable=True),
        sa.Column("aside_by_id", sa.Uuid(), nullable=True),
        sa.Column("aside_reden", sa.String(64), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN filed_at IS NOT NULL THEN 'opgeborgen'"
                " WHEN aside_at IS NOT NULL THEN 'terzijde' ELSE 'wacht' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("afzender", sa.LargeBinary(), nullable=True),
        sa.Column("omschrijving", sa.LargeBinary(), nullable=True),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(filed_at IS NULL) = (filed_by_id IS NULL)"
            " AND (filed_at IS NULL) = (dossier_id IS NULL)"
            " AND (filed_at IS NULL) = (document_id IS NULL)",
            name=op.f("ck_poststuk_filed_at_together"),
        ),
        sa.CheckConstraint(
            "(aside_at IS NULL) = (aside_by_id IS NULL)"
            " AND (aside_at IS NULL) = (aside_reden IS NULL)",
            name=op.f("ck_poststuk_aside_at_together"),
        ),
        sa.CheckConstraint(
            "filed_at IS NULL OR aside_at IS NULL",
            name=op.f("ck_poststuk_one_ending"),
        ),
        sa.CheckConstraint(
            "kanaal IN ('balie', 'telefoon', 'post', 'email', 'portaal',"
            " 'huisbezoek', 'aanbieder', 'verwijzer')",
            name=op.f("ck_poststuk_kanaal"),
        ),
        sa.CheckConstraint(
            "aside_reden IN ('doorgezonden', 'teruggestuurd', 'dubbel',"
            " 'geen_post_voor_wmo')",
            name=op.f("ck_poststuk_terzijde"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_poststuk_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_poststuk_document_id_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poststuk")),
        sa.UniqueConstraint("referentie", name=op.f("uq_poststuk_referentie")),
    )
    for columns in (
        ["gemeente_code"],
        ["gemeente_code", "status", "ontvangen_op", "referentie"],
    ):
        op.create_index(op.f(f"ix_poststuk_{'_'.join(columns)}"), "poststuk", columns)


def _make_samenvoeging() -> None:
    op.create_table(
        "samenvoeging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weg_id", sa.Uuid(), nullable=False),
        sa.Column("blijft_id", sa.Uuid(), nullable=False),
        sa.Column("reden", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("verplaatst", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("ervoor", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)",
            name=op.f("ck_samenvoeging_undone_at_together"),
        ),
        sa.CheckConstraint(
            "reden IN ('dubbel_ingevoerd', 'naam_veranderd', 'bsn_later_bekend')",
            name=op.f("ck_samenvoeging_samenvoegreden"),
        ),
        sa.ForeignKeyConstraint(
            ["weg_id"], ["inwoner.id"], name=op.f("fk_samenvoeging_weg_id_inwoner")
        ),
        sa.ForeignKeyConstraint(
            ["blijft_id"],
            ["inwoner.id"],
            name=op.f("fk_samenvoeging_blijft_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenvoeging")),
    )
    for columns in (["gemeente_code"], ["gemeente_code", "made_at"], ["blijft_id"]):
        op.create_index(
            op.f(f"ix_samenvoeging_{'_'.join(columns)}"), "samenvoeging", columns
        )
    op.create_index(
        "uq_samenvoeging_weg",
        "samenvoeging",
        ["weg_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


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
    op.drop_table("samenvoeging")
    op.drop_table("poststuk")
