"""The ground: every table of the first version.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "aanbieder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("agb", sa.Text(), nullable=False),
        sa.Column("telefoon", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "agb ~ '^[0-9]{8}$'", name=op.f("ck_aanbieder_agb_eight_digits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aanbieder")),
        sa.UniqueConstraint("agb", name=op.f("uq_aanbieder_agb")),
    )
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "refused",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("rollen", sa.Text(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=True),
        sa.Column("authenticatie", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("adres", sa.Text(), nullable=False),
        sa.Column("subject_soort", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("grond", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    op.create_index(
        op.f("ix_audit_record_dossier_id_recorded_at"),
        "audit_record",
        ["dossier_id", "recorded_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_record_gemeente_code_recorded_at"),
        "audit_record",
        ["gemeente_code", "recorded_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_record_user_id_recorded_at"),
        "audit_record",
        ["user_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "brieftekst",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.column("sleutel"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_brieftekst_no_overlap"),
        ),
        sa.CheckConstraint("tekst <> ''", name=op.f("ck_brieftekst_tekst_not_empty")),
        sa.CheckConstraint("tot >= van", name=op.f("ck_brieftekst_tot_after_van")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brieftekst")),
    )
    op.create_index(
        op.f("ix_brieftekst_gemeente_code"),
        "brieftekst",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "gemeente",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("adres", sa.Text(), nullable=False),
        sa.Column("postadres", sa.Text(), nullable=False),
        sa.Column("telefoon", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{4}$'", name=op.f("ck_gemeente_code_cbs")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_gemeente")),
    )
    op.create_table(
        "gesprek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "vorm",
            sa.Enum(
                "thuis",
                "loket",
                "telefoon",
                "beeldbellen",
                name="gesprekvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gevoerd_op", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gesprek")),
    )
    op.create_index(
        op.f("ix_gesprek_gemeente_code"), "gesprek", ["gemeente_code"], unique=False
    )
    op.create_table(
        "huishouden",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "adres",
                "leefeenheid",
                "gehuwd",
                name="soorthuishouden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huishouden")),
    )
    op.create_index(
        op.f("ix_huishouden_gemeente_code"),
        "huishouden",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "instelling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("waarde", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.column("sleutel"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_instelling_no_overlap"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instelling")),
    )
    op.create_index(
        op.f("ix_instelling_gemeente_code"),
        "instelling",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "inwoner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("geheimhouding", sa.Boolean(), nullable=False),
        sa.Column("identiteit", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("overleden_op", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_by_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(merged_at IS NULL) = (merged_by_id IS NULL) AND (merged_at IS NULL) = (merged_into_id IS NULL)",
            name=op.f("ck_inwoner_merged_at_together"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inwoner")),
    )
    op.create_index(
        op.f("ix_inwoner_gemeente_code"), "inwoner", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_inwoner_gemeente_code_registered_at"),
        "inwoner",
        ["gemeente_code", "registered_at"],
        unique=False,
    )
    op.create_table(
        "pgb_tarief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column(
            "helper",
            sa.Enum(
                "formeel",
                "informeel",
                name="helpersoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("tarief_cent", sa.Integer(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint("tot >= van", name=op.f("ck_pgb_tarief_tot_after_van")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pgb_tarief")),
    )
    op.create_index(
        op.f("ix_pgb_tarief_gemeente_code"),
        "pgb_tarief",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("categorie", sa.Text(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column(
            "domein",
            sa.Enum(
                "huisvesting",
                "huishoudelijke_hulp",
                "zorg",
                "dagbesteding",
                "vervoer",
                "hulpmiddelen",
                name="domein",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("is_dienst", sa.Boolean(), nullable=False),
        sa.Column("eigen_bijdrage", sa.Boolean(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.column("code"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_product_no_overlap"),
        ),
        sa.CheckConstraint(
            "categorie ~ '^[0-9]{2}$'", name=op.f("ck_product_categorie_wmo020")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_index(
        op.f("ix_product_gemeente_code"), "product", ["gemeente_code"], unique=False
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("handed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_promise_sleutel")),
    )
    op.create_index(
        "ix_promise_due",
        "promise",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("kept_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index(
        op.f("ix_promise_gemeente_code"), "promise", ["gemeente_code"], unique=False
    )
    op.create_table(
        "search_token",
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("index_version", sa.SmallInteger(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "gemeente_code",
            "index_name",
            "index_version",
            "token",
            "row_id",
            name=op.f("pk_search_token"),
        ),
    )
    op.create_index(
        op.f("ix_search_token_row_id"), "search_token", ["row_id"], unique=False
    )
    op.create_index(
        op.f("ix_search_token_scope_id"), "search_token", ["scope_id"], unique=False
    )
    op.create_table(
        "search_unique",
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("index_version", sa.SmallInteger(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "row_id", "index_name", "index_version", name=op.f("pk_search_unique")
        ),
        sa.UniqueConstraint(
            "gemeente_code",
            "index_name",
            "index_version",
            "token",
            name=op.f("uq_search_unique_gemeente_code_index_name_index_version_token"),
        ),
    )
    op.create_index(
        op.f("ix_search_unique_scope_id"), "search_unique", ["scope_id"], unique=False
    )
    op.create_table(
        "teller",
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "beschikking",
                "toewijzing",
                "bericht",
                name="tellersoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("laatste", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente_code", "soort", name=op.f("pk_teller")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_used", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_by_id", sa.Uuid(), nullable=True),
        sa.Column("totp_geheim", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(deactivated_at IS NULL) = (deactivated_by_id IS NULL)",
            name=op.f("ck_user_account_deactivated_at_together"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "weigeringsgrond",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("artikel", sa.Text(), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("alleen_pgb", sa.Boolean(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("gemeente_code"), "="),
            (sa.column("code"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_weigeringsgrond_no_overlap"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weigeringsgrond")),
    )
    op.create_index(
        op.f("ix_weigeringsgrond_gemeente_code"),
        "weigeringsgrond",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "aanstelling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rol",
            sa.Enum(
                "frontoffice",
                "consulent",
                "kwaliteitsmedewerker",
                "teamleider",
                "administratie",
                "aanbieder",
                "beleidsmedewerker",
                "beheerder",
                "privacy_officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=True),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(rol = 'aanbieder') = (aanbieder_id IS NOT NULL)",
            name=op.f("ck_aanstelling_rol_fits"),
        ),
        sa.CheckConstraint(
            "(gemeente_code IS NULL) <> (aanbieder_id IS NULL)",
            name=op.f("ck_aanstelling_one_employer"),
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_aanstelling_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_aanstelling_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["gemeente_code"],
            ["gemeente.code"],
            name=op.f("fk_aanstelling_gemeente_code_gemeente"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_aanstelling_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aanstelling")),
    )
    op.create_index(
        op.f("ix_aanstelling_user_id_van"),
        "aanstelling",
        ["user_id", "van"],
        unique=False,
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)",
            name=op.f("ck_api_token_revoked_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_api_token_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    op.create_index(
        op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False
    )
    op.create_table(
        "audit_subject",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["audit_record.id"],
            name=op.f("fk_audit_subject_record_id_audit_record"),
        ),
        sa.PrimaryKeyConstraint(
            "record_id", "subject_id", name=op.f("pk_audit_subject")
        ),
    )
    op.create_index(
        op.f("ix_audit_subject_subject_id"),
        "audit_subject",
        ["subject_id"],
        unique=False,
    )
    op.create_table(
        "capaciteit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("wachttijd_dagen", sa.Integer(), nullable=False),
        sa.Column("stop_van", sa.Date(), nullable=True),
        sa.Column("stop_tot", sa.Date(), nullable=True),
        sa.Column("talen", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stop_tot >= stop_van", name=op.f("ck_capaciteit_stop_tot_after_stop_van")
        ),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_capaciteit_aanbieder_id_aanbieder"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capaciteit")),
        sa.UniqueConstraint(
            "gemeente_code",
            "aanbieder_id",
            "product_code",
            name=op.f("uq_capaciteit_gemeente_code_aanbieder_id_product_code"),
        ),
    )
    op.create_index(
        op.f("ix_capaciteit_gemeente_code"),
        "capaciteit",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("nummer", sa.Text(), nullable=False),
        sa.Column(
            "vorm",
            sa.Enum(
                "inspanningsgericht",
                "outputgericht",
                "taakgericht",
                name="contractvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("berichten", sa.Boolean(), nullable=False),
        sa.Column("plaatsingsverzoek", sa.Boolean(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "vorm = 'taakgericht' OR berichten",
            name=op.f("ck_contract_messages_where_compulsory"),
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_contract_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_contract_aanbieder_id_aanbieder"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint(
            "gemeente_code", "nummer", name=op.f("uq_contract_gemeente_code_nummer")
        ),
    )
    op.create_index(
        op.f("ix_contract_aanbieder_id"), "contract", ["aanbieder_id"], unique=False
    )
    op.create_index(
        op.f("ix_contract_gemeente_code"), "contract", ["gemeente_code"], unique=False
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column(
            "aanleiding",
            sa.Enum(
                "melding",
                "heronderzoek",
                "overname",
                name="aanleiding",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("consulent_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=True),
        sa.Column("afgeschermd", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "afsluitreden",
            sa.Enum(
                "eigen_kracht",
                "netwerk",
                "algemene_voorziening",
                "andere_wet",
                "ingetrokken",
                "geen_contact",
                "verhuisd",
                "overleden",
                "besluit_uitgevoerd",
                name="afsluitreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(assigned_at IS NULL) = (assigned_by_id IS NULL)",
            name=op.f("ck_dossier_assigned_at_together"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL) = (afsluitreden IS NULL)",
            name=op.f("ck_dossier_closed_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["consulent_id"],
            ["user_account.id"],
            name=op.f("fk_dossier_consulent_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("referentie", name=op.f("uq_dossier_referentie")),
    )
    op.create_index(
        op.f("ix_dossier_gemeente_code"), "dossier", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_dossier_gemeente_code_opened_at"),
        "dossier",
        ["gemeente_code", "opened_at"],
        unique=False,
    )
    op.create_table(
        "huishouden_lid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("huishouden_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint("tot >= van", name=op.f("ck_huishouden_lid_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["huishouden_id"],
            ["huishouden.id"],
            name=op.f("fk_huishouden_lid_huishouden_id_huishouden"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_huishouden_lid_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huishouden_lid")),
    )
    op.create_index(
        op.f("ix_huishouden_lid_gemeente_code"),
        "huishouden_lid",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_huishouden_lid_huishouden_id"),
        "huishouden_lid",
        ["huishouden_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_huishouden_lid_inwoner_id"),
        "huishouden_lid",
        ["inwoner_id"],
        unique=False,
    )
    op.create_table(
        "mandaat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "rol",
            sa.Enum(
                "frontoffice",
                "consulent",
                "kwaliteitsmedewerker",
                "teamleider",
                "administratie",
                "aanbieder",
                "beleidsmedewerker",
                "beheerder",
                "privacy_officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column(
            "deed",
            sa.Enum(
                "toekennen",
                "weigeren",
                "wijzigen",
                "intrekken",
                "verlengen",
                name="deed",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("productcategorie", sa.Text(), nullable=True),
        sa.Column("max_bedrag_cent", sa.Integer(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(rol IS NULL) <> (user_id IS NULL)", name=op.f("ck_mandaat_role_or_person")
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_mandaat_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_mandaat_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandaat")),
    )
    op.create_index(
        op.f("ix_mandaat_gemeente_code"), "mandaat", ["gemeente_code"], unique=False
    )
    op.create_table(
        "verzending",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_verzending_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("user_id", "token", name=op.f("pk_verzending")),
    )
    op.create_index(op.f("ix_verzending_at"), "verzending", ["at"], unique=False)
    op.create_table(
        "bericht",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column(
            "richting",
            sa.Enum(
                "in",
                "uit",
                name="richting",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("versie", sa.Text(), nullable=False),
        sa.Column("identificatie", sa.Text(), nullable=False),
        sa.Column("dagtekening", sa.Date(), nullable=False),
        sa.Column("afzender", sa.Text(), nullable=False),
        sa.Column("ontvanger", sa.Text(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("bron_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("retourcodes", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN placed_at IS NOT NULL THEN 'geplaatst' ELSE 'vastgelegd' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_bericht_sha256_hex")
        ),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_bericht_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_bericht_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bericht")),
        sa.UniqueConstraint(
            "gemeente_code", "sha256", name=op.f("uq_bericht_gemeente_code_sha256")
        ),
        sa.UniqueConstraint("referentie", name=op.f("uq_bericht_referentie")),
    )
    op.create_index(
        op.f("ix_bericht_aanbieder_id"), "bericht", ["aanbieder_id"], unique=False
    )
    op.create_index(
        op.f("ix_bericht_dossier_id"), "bericht", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_bericht_gemeente_code"), "bericht", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_bericht_gemeente_code_recorded_at"),
        "bericht",
        ["gemeente_code", "recorded_at"],
        unique=False,
    )
    op.create_index(
        "uq_bericht_out",
        "bericht",
        ["gemeente_code", "soort", "bron_id"],
        unique=True,
        postgresql_where="richting = 'uit'",
    )
    op.create_table(
        "betrokkene",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rol",
            sa.Enum(
                "client",
                "melder",
                "vertegenwoordiger",
                "mantelzorger",
                "huisgenoot",
                "contactpersoon",
                name="betrokkenerol",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "bevoegdheid",
            sa.Enum(
                "curator",
                "mentor",
                "gevolmachtigde",
                "partner",
                "familie",
                "geen",
                name="bevoegdheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_betrokkene_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_betrokkene_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_betrokkene")),
    )
    op.create_index(
        op.f("ix_betrokkene_dossier_id"), "betrokkene", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_betrokkene_gemeente_code"),
        "betrokkene",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_betrokkene_inwoner_id"), "betrokkene", ["inwoner_id"], unique=False
    )
    op.create_index(
        "uq_betrokkene_client",
        "betrokkene",
        ["dossier_id"],
        unique=True,
        postgresql_where="rol = 'client'",
    )
    op.create_table(
        "contactmoment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("inwoner_id", sa.Uuid(), nullable=True),
        sa.Column("tekst", sa.LargeBinary(), nullable=True),
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
        sa.Column(
            "uitkomst",
            sa.Enum(
                "informatie",
                "doorverwijzing",
                "over_voorziening",
                "melding",
                name="uitkomst",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_contactmoment_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_contactmoment_inwoner_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contactmoment")),
    )
    op.create_index(
        op.f("ix_contactmoment_dossier_id"),
        "contactmoment",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contactmoment_gemeente_code"),
        "contactmoment",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contactmoment_inwoner_id"),
        "contactmoment",
        ["inwoner_id"],
        unique=False,
    )
    op.create_table(
        "contractregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("tarief_cent", sa.Integer(), nullable=False),
        sa.Column("pc4_gebied", postgresql.ARRAY(Text()), nullable=True),
        sa.Column("max_clienten", sa.Integer(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("contract_id"), "="),
            (sa.column("product_code"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_contractregel_no_overlap"),
        ),
        sa.CheckConstraint(
            "tarief_cent >= 0", name=op.f("ck_contractregel_tarief_not_negative")
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_contractregel_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_contractregel_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contractregel_contract_id_contract"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractregel")),
    )
    op.create_index(
        op.f("ix_contractregel_gemeente_code"),
        "contractregel",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "ontvangstbevestiging",
                "onderzoeksverslag",
                "afsluitbrief",
                "beschikking",
                "persoonlijk_plan",
                "ingekomen",
                name="documentsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("bron_id", sa.Uuid(), nullable=True),
        sa.Column("mediatype", sa.Text(), nullable=False),
        sa.Column("omvang", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("verzonden_op", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_document_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("referentie", name=op.f("uq_document_referentie")),
    )
    op.create_index(
        op.f("ix_document_bron_id_soort"),
        "document",
        ["bron_id", "soort"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_dossier_id_made_at"),
        "document",
        ["dossier_id", "made_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_gemeente_code"), "document", ["gemeente_code"], unique=False
    )
    op.create_table(
        "dossier_toegang",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_dossier_toegang_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_dossier_toegang_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_toegang")),
        sa.UniqueConstraint(
            "dossier_id", "user_id", name=op.f("uq_dossier_toegang_dossier_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_dossier_toegang_gemeente_code"),
        "dossier_toegang",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "melding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
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
        sa.Column("spoed", sa.Boolean(), nullable=False),
        sa.Column("plan_tot", sa.Date(), nullable=False),
        sa.Column("onderzoek_tot", sa.Date(), nullable=False),
        sa.Column("clientondersteuning_verteld", sa.Boolean(), nullable=False),
        sa.Column("plan_ontvangen_op", sa.Date(), nullable=True),
        sa.Column("plan_by_id", sa.Uuid(), nullable=True),
        sa.Column("pc4", sa.Text(), nullable=True),
        sa.Column("leeftijdsklasse", sa.Text(), nullable=False),
        sa.Column(
            "huishoudtype",
            sa.Enum(
                "alleenstaand",
                "samenwonend",
                "met_kinderen",
                "instelling",
                "onbekend",
                name="huishoudtype",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "verwijzer",
            sa.Enum(
                "eigen_initiatief",
                "naaste",
                "huisarts",
                "ziekenhuis",
                "wijkverpleging",
                "sociaal_team",
                "woningcorporatie",
                "aanbieder",
                name="verwijzer",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("hulpvraag", sa.LargeBinary(), nullable=True),
        sa.Column("spoed_toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_melding_confirmed_at_together"),
        ),
        sa.CheckConstraint(
            "(plan_ontvangen_op IS NULL) = (plan_by_id IS NULL)",
            name=op.f("ck_melding_plan_ontvangen_op_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_melding_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_melding")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_melding_dossier_id")),
    )
    op.create_index(
        op.f("ix_melding_gemeente_code"), "melding", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_melding_gemeente_code_ontvangen_op"),
        "melding",
        ["gemeente_code", "ontvangen_op"],
        unique=False,
    )
    op.create_table(
        "taak",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "brief_verzenden",
                "opnieuw_plaatsen",
                "gegevens_opvragen",
                "bericht_beoordelen",
                "verslag_reactie",
                "aanvraag_registreren",
                "partner_benaderen",
                name="taaksoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("onderwerp_id", sa.Uuid(), nullable=True),
        sa.Column(
            "voor_rol",
            sa.Enum(
                "frontoffice",
                "consulent",
                "kwaliteitsmedewerker",
                "teamleider",
                "administratie",
                "aanbieder",
                "beleidsmedewerker",
                "beheerder",
                "privacy_officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("voor_user_id", sa.Uuid(), nullable=True),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)",
            name=op.f("ck_taak_done_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_taak_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taak")),
    )
    op.create_index(op.f("ix_taak_dossier_id"), "taak", ["dossier_id"], unique=False)
    op.create_index(
        op.f("ix_taak_gemeente_code"), "taak", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_taak_gemeente_code_done_at_uiterlijk"),
        "taak",
        ["gemeente_code", "done_at", "uiterlijk"],
        unique=False,
    )
    op.create_table(
        "voorziening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("gerechtigde_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("categorie", sa.Text(), nullable=False),
        sa.Column(
            "domein",
            sa.Enum(
                "huisvesting",
                "huishoudelijke_hulp",
                "zorg",
                "dagbesteding",
                "vervoer",
                "hulpmiddelen",
                name="domein",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("geeindigd_op", sa.Date(), nullable=True),
        sa.Column(
            "eindreden",
            sa.Enum(
                "overleden",
                "verhuisd",
                "ingetrokken",
                "doel_bereikt",
                "afgelopen",
                name="eindreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN ended_at IS NOT NULL THEN 'geeindigd' ELSE 'lopend' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (geeindigd_op IS NULL) AND (ended_at IS NULL) = (eindreden IS NULL)",
            name=op.f("ck_voorziening_ended_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_voorziening_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["gerechtigde_id"],
            ["inwoner.id"],
            name=op.f("fk_voorziening_gerechtigde_id_inwoner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voorziening")),
    )
    op.create_index(
        op.f("ix_voorziening_dossier_id"), "voorziening", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_voorziening_gemeente_code"),
        "voorziening",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_voorziening_gerechtigde_id"),
        "voorziening",
        ["gerechtigde_id"],
        unique=False,
    )
    op.create_table(
        "werkvoorraad",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("consulent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "fase",
            sa.Enum(
                "nieuw",
                "onderzoek",
                "wacht_op_client",
                "aanvraag",
                "besluit",
                "bekendmaken",
                "plaatsen",
                "levering",
                "besloten",
                "gesloten",
                name="fase",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("domeinen", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("spoed", sa.Boolean(), nullable=False),
        sa.Column("afgeschermd", sa.Boolean(), nullable=False),
        sa.Column("pc4", sa.Text(), nullable=True),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("termijn_soort", sa.Text(), nullable=True),
        sa.Column("uiterste_datum", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["inwoner.id"],
            name=op.f("fk_werkvoorraad_client_id_inwoner"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_werkvoorraad_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_werkvoorraad")),
    )
    op.create_index(
        op.f("ix_werkvoorraad_gemeente_code"),
        "werkvoorraad",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_werkvoorraad_gemeente_code_consulent_id_uiterste_datum"),
        "werkvoorraad",
        ["gemeente_code", "consulent_id", "uiterste_datum"],
        unique=False,
    )
    op.create_index(
        op.f("ix_werkvoorraad_gemeente_code_fase_uiterste_datum"),
        "werkvoorraad",
        ["gemeente_code", "fase", "uiterste_datum"],
        unique=False,
    )
    op.create_table(
        "behoefte",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("melding_id", sa.Uuid(), nullable=True),
        sa.Column("labels", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("omschrijving", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "labels <@ ARRAY['huisvesting', 'huishoudelijke_hulp', 'zorg', 'dagbesteding', 'vervoer', 'hulpmiddelen']",
            name=op.f("ck_behoefte_labels_known"),
        ),
        sa.CheckConstraint(
            "cardinality(labels) > 0", name=op.f("ck_behoefte_labels_some")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_behoefte_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["melding_id"], ["melding.id"], name=op.f("fk_behoefte_melding_id_melding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behoefte")),
    )
    op.create_index(
        op.f("ix_behoefte_dossier_id"), "behoefte", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_behoefte_gemeente_code"), "behoefte", ["gemeente_code"], unique=False
    )
    op.create_table(
        "beschikking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column(
            "herkomst",
            sa.Enum(
                "eigen",
                "overgenomen",
                name="herkomst",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("extern_nummer", sa.Text(), nullable=True),
        sa.Column("verordening_versie", sa.Text(), nullable=False),
        sa.Column("drawn_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_up_by_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("besloten_op", sa.Date(), nullable=True),
        sa.Column("mandaat_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("made_known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_known_by_id", sa.Uuid(), nullable=True),
        sa.Column("bekendgemaakt_op", sa.Date(), nullable=True),
        sa.Column("bezwaar_tot", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN made_known_at IS NOT NULL THEN 'bekendgemaakt' WHEN decided_at IS NOT NULL THEN 'besloten' ELSE 'concept' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("onderwerp_motivering", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(herkomst = 'overgenomen') = (extern_nummer IS NOT NULL)",
            name=op.f("ck_beschikking_overgenomen_number"),
        ),
        sa.CheckConstraint(
            "herkomst = 'overgenomen' OR decided_at IS NULL OR mandaat_id IS NOT NULL",
            name=op.f("ck_beschikking_decided_with_mandaat"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_beschikking_decided_at_together"),
        ),
        sa.CheckConstraint(
            "(made_known_at IS NULL) = (made_known_by_id IS NULL) AND (made_known_at IS NULL) = (bekendgemaakt_op IS NULL) AND (made_known_at IS NULL) = (bezwaar_tot IS NULL)",
            name=op.f("ck_beschikking_made_known_at_together"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)",
            name=op.f("ck_beschikking_reviewed_at_together"),
        ),
        sa.CheckConstraint(
            "made_known_at IS NULL OR decided_at IS NOT NULL",
            name=op.f("ck_beschikking_decided_before_made_known"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_beschikking_document_id_document"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_beschikking_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["mandaat_id"],
            ["mandaat.id"],
            name=op.f("fk_beschikking_mandaat_id_mandaat"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beschikking")),
        sa.UniqueConstraint(
            "gemeente_code",
            "dossier_id",
            "extern_nummer",
            name=op.f("uq_beschikking_gemeente_code_dossier_id_extern_nummer"),
        ),
        sa.UniqueConstraint(
            "gemeente_code", "nummer", name=op.f("uq_beschikking_gemeente_code_nummer")
        ),
        sa.UniqueConstraint("referentie", name=op.f("uq_beschikking_referentie")),
    )
    op.create_index(
        op.f("ix_beschikking_dossier_id"), "beschikking", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_beschikking_gemeente_code"),
        "beschikking",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "medegerechtigde",
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inwoner_id"],
            ["inwoner.id"],
            name=op.f("fk_medegerechtigde_inwoner_id_inwoner"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_medegerechtigde_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint(
            "voorziening_id", "inwoner_id", name=op.f("pk_medegerechtigde")
        ),
    )
    op.create_index(
        op.f("ix_medegerechtigde_gemeente_code"),
        "medegerechtigde",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_medegerechtigde_inwoner_id"),
        "medegerechtigde",
        ["inwoner_id"],
        unique=False,
    )
    op.create_table(
        "onderzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("melding_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("uiterste_datum", sa.Date(), nullable=True),
        sa.Column("afgesproken_tot", sa.Date(), nullable=True),
        sa.Column("identiteit_gezien_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identiteit_gezien_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "identiteitsbewijs",
            sa.Enum(
                "paspoort",
                "identiteitskaart",
                "vreemdelingendocument",
                "rijbewijs",
                name="identiteitsbewijs",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("pgb_informatie_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pgb_informatie_by_id", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "afsluitreden",
            sa.Enum(
                "eigen_kracht",
                "netwerk",
                "algemene_voorziening",
                "andere_wet",
                "ingetrokken",
                "geen_contact",
                "verhuisd",
                "overleden",
                "besluit_uitgevoerd",
                name="afsluitreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN closed_at IS NOT NULL THEN 'gesloten' WHEN completed_at IS NOT NULL THEN 'afgerond' ELSE 'bezig' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("huishouden", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL) = (afsluitreden IS NULL)",
            name=op.f("ck_onderzoek_closed_at_together"),
        ),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (completed_by_id IS NULL)",
            name=op.f("ck_onderzoek_completed_at_together"),
        ),
        sa.CheckConstraint(
            "(identiteit_gezien_at IS NULL) = (identiteit_gezien_by_id IS NULL) AND (identiteit_gezien_at IS NULL) = (identiteitsbewijs IS NULL)",
            name=op.f("ck_onderzoek_identiteit_gezien_at_together"),
        ),
        sa.CheckConstraint(
            "(pgb_informatie_at IS NULL) = (pgb_informatie_by_id IS NULL)",
            name=op.f("ck_onderzoek_pgb_informatie_at_together"),
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR closed_at IS NULL",
            name=op.f("ck_onderzoek_one_ending"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_onderzoek_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["melding_id"], ["melding.id"], name=op.f("fk_onderzoek_melding_id_melding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onderzoek")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_onderzoek_dossier_id")),
    )
    op.create_index(
        op.f("ix_onderzoek_gemeente_code"), "onderzoek", ["gemeente_code"], unique=False
    )
    op.create_table(
        "plaatsingsverzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("contractregel_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gewenste_start", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("pc4", sa.Text(), nullable=True),
        sa.Column("dagen", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("taal", sa.Text(), nullable=False),
        sa.Column("spoed", sa.Boolean(), nullable=False),
        sa.Column("voorkeur_client", sa.Boolean(), nullable=False),
        sa.Column("kandidaten", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("startdatum", sa.Date(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "weigergrond",
            sa.Enum(
                "clientenstop",
                "niet_passend",
                "plafond_bereikt",
                name="weigergrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN accepted_at IS NOT NULL THEN 'aanvaard' WHEN declined_at IS NOT NULL THEN 'geweigerd' WHEN withdrawn_at IS NOT NULL THEN 'ingetrokken' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("omschrijving", sa.LargeBinary(), nullable=True),
        sa.Column("motief", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL) AND (accepted_at IS NULL) = (startdatum IS NULL)",
            name=op.f("ck_plaatsingsverzoek_accepted_at_together"),
        ),
        sa.CheckConstraint(
            "(declined_at IS NULL) = (declined_by_id IS NULL) AND (declined_at IS NULL) = (weigergrond IS NULL)",
            name=op.f("ck_plaatsingsverzoek_declined_at_together"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_plaatsingsverzoek_withdrawn_at_together"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(accepted_at, declined_at, withdrawn_at) <= 1",
            name=op.f("ck_plaatsingsverzoek_one_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_plaatsingsverzoek_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["contractregel_id"],
            ["contractregel.id"],
            name=op.f("fk_plaatsingsverzoek_contractregel_id_contractregel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_plaatsingsverzoek_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_plaatsingsverzoek_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plaatsingsverzoek")),
        sa.UniqueConstraint("referentie", name=op.f("uq_plaatsingsverzoek_referentie")),
    )
    op.create_index(
        op.f("ix_plaatsingsverzoek_aanbieder_id_requested_at"),
        "plaatsingsverzoek",
        ["aanbieder_id", "requested_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plaatsingsverzoek_dossier_id"),
        "plaatsingsverzoek",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plaatsingsverzoek_gemeente_code"),
        "plaatsingsverzoek",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        "uq_plaatsingsverzoek_open",
        "plaatsingsverzoek",
        ["voorziening_id"],
        unique=True,
        postgresql_where="accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL",
    )
    op.create_table(
        "gesprek_deelname",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gesprek_id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("aanwezigen", sa.LargeBinary(), nullable=True),
        sa.Column("woorden_client", sa.LargeBinary(), nullable=True),
        sa.Column("aantekening", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_gesprek_deelname_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["gesprek_id"],
            ["gesprek.id"],
            name=op.f("fk_gesprek_deelname_gesprek_id_gesprek"),
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_gesprek_deelname_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gesprek_deelname")),
        sa.UniqueConstraint(
            "gesprek_id",
            "onderzoek_id",
            name=op.f("uq_gesprek_deelname_gesprek_id_onderzoek_id"),
        ),
    )
    op.create_index(
        op.f("ix_gesprek_deelname_gemeente_code"),
        "gesprek_deelname",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_gesprek_deelname_onderzoek_id"),
        "gesprek_deelname",
        ["onderzoek_id"],
        unique=False,
    )
    op.create_table(
        "heronderzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_heronderzoek_onderzoek_id_onderzoek"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_heronderzoek_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heronderzoek")),
        sa.UniqueConstraint(
            "onderzoek_id",
            "voorziening_id",
            name=op.f("uq_heronderzoek_onderzoek_id_voorziening_id"),
        ),
    )
    op.create_index(
        op.f("ix_heronderzoek_gemeente_code"),
        "heronderzoek",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_heronderzoek_voorziening_id"),
        "heronderzoek",
        ["voorziening_id"],
        unique=False,
    )
    op.create_table(
        "leefgebied",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "financien",
                "dagbesteding",
                "huisvesting",
                "huiselijke_relaties",
                "geestelijke_gezondheid",
                "lichamelijke_gezondheid",
                "verslaving",
                "dagelijks_leven",
                "sociaal_netwerk",
                "maatschappelijke_participatie",
                "justitie",
                name="leefgebiedsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("behoefte_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("reden", sa.LargeBinary(), nullable=True),
        sa.Column("woorden_client", sa.LargeBinary(), nullable=True),
        sa.Column("beoordeling", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["behoefte_id"],
            ["behoefte.id"],
            name=op.f("fk_leefgebied_behoefte_id_behoefte"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_leefgebied_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_leefgebied_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leefgebied")),
        sa.UniqueConstraint(
            "onderzoek_id", "soort", name=op.f("uq_leefgebied_onderzoek_id_soort")
        ),
    )
    op.create_index(
        op.f("ix_leefgebied_gemeente_code"),
        "leefgebied",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "onderwerp",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("woorden_client", sa.LargeBinary(), nullable=True),
        sa.Column("beoordeling", sa.LargeBinary(), nullable=True),
        sa.Column(
            "letter",
            sa.Enum(
                "a",
                "b",
                "c",
                "d",
                "e",
                "f",
                "g",
                name="letter",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_onderwerp_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_onderwerp_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onderwerp")),
        sa.UniqueConstraint(
            "onderzoek_id", "letter", name=op.f("uq_onderwerp_onderzoek_id_letter")
        ),
    )
    op.create_index(
        op.f("ix_onderwerp_gemeente_code"), "onderwerp", ["gemeente_code"], unique=False
    )
    op.create_table(
        "oplossing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("behoefte_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "eigen_kracht",
                "gebruikelijke_hulp",
                "netwerk",
                "algemeen_gebruikelijk",
                "algemene_voorziening",
                "andere_wet",
                "maatwerk",
                name="oplossingsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("product_code", sa.Text(), nullable=True),
        sa.Column("volume", sa.Integer(), nullable=True),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "gewenste_vorm",
            sa.Enum(
                "natura",
                "pgb",
                name="leveringsvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(soort = 'maatwerk') = (product_code IS NOT NULL)",
            name=op.f("ck_oplossing_maatwerk_product"),
        ),
        sa.ForeignKeyConstraint(
            ["behoefte_id"],
            ["behoefte.id"],
            name=op.f("fk_oplossing_behoefte_id_behoefte"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_oplossing_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_oplossing_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oplossing")),
    )
    op.create_index(
        op.f("ix_oplossing_gemeente_code"), "oplossing", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_oplossing_onderzoek_id"), "oplossing", ["onderzoek_id"], unique=False
    )
    op.create_table(
        "resultaatafspraak",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("behoefte_id", sa.Uuid(), nullable=False),
        sa.Column("nulmeting", sa.Integer(), nullable=False),
        sa.Column("doel", sa.Integer(), nullable=False),
        sa.Column("meetdatum", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("resultaat", sa.LargeBinary(), nullable=True),
        sa.Column("meetwijze", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "doel BETWEEN 1 AND 5", name=op.f("ck_resultaatafspraak_doel_scale")
        ),
        sa.CheckConstraint(
            "nulmeting BETWEEN 1 AND 5",
            name=op.f("ck_resultaatafspraak_nulmeting_scale"),
        ),
        sa.ForeignKeyConstraint(
            ["behoefte_id"],
            ["behoefte.id"],
            name=op.f("fk_resultaatafspraak_behoefte_id_behoefte"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_resultaatafspraak_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_resultaatafspraak_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resultaatafspraak")),
    )
    op.create_index(
        op.f("ix_resultaatafspraak_dossier_id"),
        "resultaatafspraak",
        ["dossier_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_resultaatafspraak_gemeente_code"),
        "resultaatafspraak",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "toewijzing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("contractregel_id", sa.Uuid(), nullable=False),
        sa.Column("plaatsingsverzoek_id", sa.Uuid(), nullable=True),
        sa.Column("referentie_aanbieder", sa.Text(), nullable=True),
        sa.Column(
            "contractvorm",
            sa.Enum(
                "inspanningsgericht",
                "outputgericht",
                "taakgericht",
                name="contractvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("gestart_op", sa.Date(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.Uuid(), nullable=True),
        sa.Column("gestopt_op", sa.Date(), nullable=True),
        sa.Column(
            "stopreden",
            sa.Enum(
                "02",
                "19",
                "20",
                "21",
                "22",
                "23",
                "31",
                "36",
                "37",
                "38",
                "39",
                name="stopreden",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("geeindigd_op", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN ended_at IS NOT NULL THEN 'geeindigd' WHEN stopped_at IS NOT NULL THEN 'gestopt' WHEN started_at IS NOT NULL THEN 'gestart' ELSE 'wacht' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "frequentie <> '2' OR tot IS NOT NULL",
            name=op.f("ck_toewijzing_weekly_has_end_cd076"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (geeindigd_op IS NULL)",
            name=op.f("ck_toewijzing_ended_at_together"),
        ),
        sa.CheckConstraint(
            "(started_at IS NULL) = (started_by_id IS NULL) AND (started_at IS NULL) = (gestart_op IS NULL)",
            name=op.f("ck_toewijzing_started_at_together"),
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by_id IS NULL) AND (stopped_at IS NULL) = (gestopt_op IS NULL) AND (stopped_at IS NULL) = (stopreden IS NULL)",
            name=op.f("ck_toewijzing_stopped_at_together"),
        ),
        sa.CheckConstraint(
            "gestopt_op >= gestart_op",
            name=op.f("ck_toewijzing_gestopt_op_after_gestart_op"),
        ),
        sa.CheckConstraint("tot >= van", name=op.f("ck_toewijzing_tot_after_van")),
        sa.CheckConstraint("volume > 0", name=op.f("ck_toewijzing_volume_positive")),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_toewijzing_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["contractregel_id"],
            ["contractregel.id"],
            name=op.f("fk_toewijzing_contractregel_id_contractregel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_toewijzing_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["plaatsingsverzoek_id"],
            ["plaatsingsverzoek.id"],
            name=op.f("fk_toewijzing_plaatsingsverzoek_id_plaatsingsverzoek"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_toewijzing_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toewijzing")),
        sa.UniqueConstraint(
            "gemeente_code", "nummer", name=op.f("uq_toewijzing_gemeente_code_nummer")
        ),
        sa.UniqueConstraint(
            "plaatsingsverzoek_id", name=op.f("uq_toewijzing_plaatsingsverzoek_id")
        ),
        sa.UniqueConstraint("referentie", name=op.f("uq_toewijzing_referentie")),
    )
    op.create_index(
        op.f("ix_toewijzing_aanbieder_id_van"),
        "toewijzing",
        ["aanbieder_id", "van"],
        unique=False,
    )
    op.create_index(
        op.f("ix_toewijzing_dossier_id"), "toewijzing", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_toewijzing_gemeente_code"),
        "toewijzing",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_toewijzing_voorziening_id"),
        "toewijzing",
        ["voorziening_id"],
        unique=False,
    )
    op.create_table(
        "verslag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reactie",
            sa.Enum(
                "akkoord",
                "akkoord_met_opmerkingen",
                "niet_akkoord",
                name="reactie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("ondertekend_op", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN answered_at IS NOT NULL THEN 'beantwoord' ELSE 'opgesteld' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("samenvatting", sa.LargeBinary(), nullable=True),
        sa.Column("conclusie", sa.LargeBinary(), nullable=True),
        sa.Column("opmerkingen", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL) AND (answered_at IS NULL) = (reactie IS NULL)",
            name=op.f("ck_verslag_answered_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_verslag_document_id_document"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_verslag_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_verslag_onderzoek_id_onderzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verslag")),
        sa.UniqueConstraint(
            "onderzoek_id", "versie", name=op.f("uq_verslag_onderzoek_id_versie")
        ),
    )
    op.create_index(
        op.f("ix_verslag_gemeente_code"), "verslag", ["gemeente_code"], unique=False
    )
    op.create_table(
        "aanvraag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("onderzoek_id", sa.Uuid(), nullable=True),
        sa.Column("verslag_id", sa.Uuid(), nullable=True),
        sa.Column(
            "vorm",
            sa.Enum(
                "ondertekend_verslag",
                "formulier",
                "brief",
                name="aanvraagvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("besluit_tot", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN withdrawn_at IS NOT NULL THEN 'ingetrokken' WHEN decided_at IS NOT NULL THEN 'besloten' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_aanvraag_decided_at_together"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_aanvraag_withdrawn_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_aanvraag_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["onderzoek_id"],
            ["onderzoek.id"],
            name=op.f("fk_aanvraag_onderzoek_id_onderzoek"),
        ),
        sa.ForeignKeyConstraint(
            ["verslag_id"], ["verslag.id"], name=op.f("fk_aanvraag_verslag_id_verslag")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aanvraag")),
    )
    op.create_index(
        op.f("ix_aanvraag_dossier_id"), "aanvraag", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_aanvraag_gemeente_code"), "aanvraag", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_aanvraag_gemeente_code_besluit_tot"),
        "aanvraag",
        ["gemeente_code", "besluit_tot"],
        unique=False,
    )
    op.create_table(
        "deling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("toewijzing_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint("tot >= van", name=op.f("ck_deling_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_deling_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_deling_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["inwoner_id"], ["inwoner.id"], name=op.f("fk_deling_inwoner_id_inwoner")
        ),
        sa.ForeignKeyConstraint(
            ["toewijzing_id"],
            ["toewijzing.id"],
            name=op.f("fk_deling_toewijzing_id_toewijzing"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deling")),
        sa.UniqueConstraint("toewijzing_id", name=op.f("uq_deling_toewijzing_id")),
    )
    op.create_index(
        op.f("ix_deling_dossier_id_aanbieder_id"),
        "deling",
        ["dossier_id", "aanbieder_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_deling_gemeente_code"), "deling", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_deling_inwoner_id_aanbieder_id"),
        "deling",
        ["inwoner_id", "aanbieder_id"],
        unique=False,
    )
    op.create_table(
        "resultaat_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("afspraak_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "beoordelaar",
            sa.Enum(
                "client",
                "aanbieder",
                "consulent",
                name="beoordelaar",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("gemeten_op", sa.Date(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scored_by_id", sa.Uuid(), nullable=False),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "score BETWEEN 1 AND 5", name=op.f("ck_resultaat_score_score_scale")
        ),
        sa.ForeignKeyConstraint(
            ["afspraak_id"],
            ["resultaatafspraak.id"],
            name=op.f("fk_resultaat_score_afspraak_id_resultaatafspraak"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_resultaat_score_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resultaat_score")),
    )
    op.create_index(
        op.f("ix_resultaat_score_afspraak_id"),
        "resultaat_score",
        ["afspraak_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_resultaat_score_gemeente_code"),
        "resultaat_score",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "verzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referentie", sa.Text(), nullable=False),
        sa.Column("bericht_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("aanbieder_id", sa.Uuid(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("referentie_aanbieder", sa.Text(), nullable=False),
        sa.Column("beschikking_nummer", sa.Text(), nullable=True),
        sa.Column("categorie", sa.Text(), nullable=True),
        sa.Column("product_code", sa.Text(), nullable=True),
        sa.Column("volume", sa.Integer(), nullable=True),
        sa.Column("eenheid", sa.Text(), nullable=True),
        sa.Column("frequentie", sa.Text(), nullable=True),
        sa.Column("gewenste_start", sa.Date(), nullable=False),
        sa.Column("gewenst_einde", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("honoured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("honoured_by_id", sa.Uuid(), nullable=True),
        sa.Column("toewijzing_id", sa.Uuid(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_by_id", sa.Uuid(), nullable=True),
        sa.Column("afwijzing", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN honoured_at IS NOT NULL THEN 'gehonoreerd' WHEN rejected_at IS NOT NULL THEN 'afgewezen' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(honoured_at IS NULL) = (honoured_by_id IS NULL) AND (honoured_at IS NULL) = (toewijzing_id IS NULL)",
            name=op.f("ck_verzoek_honoured_at_together"),
        ),
        sa.CheckConstraint(
            "(rejected_at IS NULL) = (rejected_by_id IS NULL) AND (rejected_at IS NULL) = (afwijzing IS NULL)",
            name=op.f("ck_verzoek_rejected_at_together"),
        ),
        sa.CheckConstraint(
            "honoured_at IS NULL OR rejected_at IS NULL",
            name=op.f("ck_verzoek_one_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["aanbieder_id"],
            ["aanbieder.id"],
            name=op.f("fk_verzoek_aanbieder_id_aanbieder"),
        ),
        sa.ForeignKeyConstraint(
            ["bericht_id"], ["bericht.id"], name=op.f("fk_verzoek_bericht_id_bericht")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_verzoek_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["toewijzing_id"],
            ["toewijzing.id"],
            name=op.f("fk_verzoek_toewijzing_id_toewijzing"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verzoek")),
        sa.UniqueConstraint(
            "bericht_id", "volgnummer", name=op.f("uq_verzoek_bericht_id_volgnummer")
        ),
        sa.UniqueConstraint("referentie", name=op.f("uq_verzoek_referentie")),
    )
    op.create_index(
        op.f("ix_verzoek_dossier_id"), "verzoek", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_verzoek_gemeente_code"), "verzoek", ["gemeente_code"], unique=False
    )
    op.create_table(
        "voorziening_resultaat",
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("resultaatafspraak_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resultaatafspraak_id"],
            ["resultaatafspraak.id"],
            name=op.f(
                "fk_voorziening_resultaat_resultaatafspraak_id_resultaatafspraak"
            ),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_voorziening_resultaat_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint(
            "voorziening_id",
            "resultaatafspraak_id",
            name=op.f("pk_voorziening_resultaat"),
        ),
    )
    op.create_index(
        op.f("ix_voorziening_resultaat_gemeente_code"),
        "voorziening_resultaat",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_voorziening_resultaat_resultaatafspraak_id"),
        "voorziening_resultaat",
        ["resultaatafspraak_id"],
        unique=False,
    )
    op.create_table(
        "aanvraag_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aanvraag_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("behoefte_id", sa.Uuid(), nullable=True),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column(
            "gewenste_vorm",
            sa.Enum(
                "natura",
                "pgb",
                name="leveringsvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aanvraag_id"],
            ["aanvraag.id"],
            name=op.f("fk_aanvraag_item_aanvraag_id_aanvraag"),
        ),
        sa.ForeignKeyConstraint(
            ["behoefte_id"],
            ["behoefte.id"],
            name=op.f("fk_aanvraag_item_behoefte_id_behoefte"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_aanvraag_item_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aanvraag_item")),
    )
    op.create_index(
        op.f("ix_aanvraag_item_aanvraag_id"),
        "aanvraag_item",
        ["aanvraag_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_aanvraag_item_gemeente_code"),
        "aanvraag_item",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "beschikking_aanvraag",
        sa.Column("beschikking_id", sa.Uuid(), nullable=False),
        sa.Column("aanvraag_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aanvraag_id"],
            ["aanvraag.id"],
            name=op.f("fk_beschikking_aanvraag_aanvraag_id_aanvraag"),
        ),
        sa.ForeignKeyConstraint(
            ["beschikking_id"],
            ["beschikking.id"],
            name=op.f("fk_beschikking_aanvraag_beschikking_id_beschikking"),
        ),
        sa.PrimaryKeyConstraint(
            "beschikking_id", "aanvraag_id", name=op.f("pk_beschikking_aanvraag")
        ),
    )
    op.create_index(
        op.f("ix_beschikking_aanvraag_aanvraag_id"),
        "beschikking_aanvraag",
        ["aanvraag_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_beschikking_aanvraag_gemeente_code"),
        "beschikking_aanvraag",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "opschorting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aanvraag_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "grond",
            sa.Enum(
                "aanvulling",
                "instemming",
                "toerekenbaar",
                "overmacht",
                name="opschortgrond",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("gevraagd_op", sa.Date(), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("laatste_dag", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (laatste_dag IS NULL)",
            name=op.f("ck_opschorting_ended_at_together"),
        ),
        sa.CheckConstraint(
            "uiterlijk >= gevraagd_op",
            name=op.f("ck_opschorting_uiterlijk_after_gevraagd_op"),
        ),
        sa.ForeignKeyConstraint(
            ["aanvraag_id"],
            ["aanvraag.id"],
            name=op.f("fk_opschorting_aanvraag_id_aanvraag"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_opschorting_dossier_id_dossier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opschorting")),
    )
    op.create_index(
        op.f("ix_opschorting_aanvraag_id"), "opschorting", ["aanvraag_id"], unique=False
    )
    op.create_index(
        op.f("ix_opschorting_gemeente_code"),
        "opschorting",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "besluitregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beschikking_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "toekennen",
                "weigeren",
                "wijzigen",
                "verlengen",
                "intrekken",
                "herzien",
                name="besluitsoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("categorie", sa.Text(), nullable=False),
        sa.Column(
            "domein",
            sa.Enum(
                "huisvesting",
                "huishoudelijke_hulp",
                "zorg",
                "dagbesteding",
                "vervoer",
                "hulpmiddelen",
                name="domein",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("aanvraag_item_id", sa.Uuid(), nullable=True),
        sa.Column("behoefte_id", sa.Uuid(), nullable=True),
        sa.Column("voorziening_id", sa.Uuid(), nullable=True),
        sa.Column("weigeringsgrond_code", sa.Text(), nullable=True),
        sa.Column("herzieningsgrond", sa.Text(), nullable=True),
        sa.Column(
            "gewenste_vorm",
            sa.Enum(
                "natura",
                "pgb",
                name="gewenste_vorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "leveringsvorm",
            sa.Enum(
                "natura",
                "pgb",
                name="leveringsvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("pgb_weigeringsgrond_code", sa.Text(), nullable=True),
        sa.Column("volume", sa.Integer(), nullable=True),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("ingangsdatum", sa.Date(), nullable=True),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("bedrag_cent", sa.Integer(), nullable=True),
        sa.Column("motivering", sa.LargeBinary(), nullable=True),
        sa.Column("pgb_berekening", sa.LargeBinary(), nullable=True),
        sa.Column("pgb_eisen", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(soort = 'weigeren') = (weigeringsgrond_code IS NOT NULL)",
            name=op.f("ck_besluitregel_refusal_has_ground"),
        ),
        sa.CheckConstraint(
            "(soort IN ('intrekken', 'herzien')) = (herzieningsgrond IS NOT NULL)",
            name=op.f("ck_besluitregel_review_has_ground"),
        ),
        sa.CheckConstraint(
            "herzieningsgrond IN ('a','b','c','d','e')",
            name=op.f("ck_besluitregel_ground_ae"),
        ),
        sa.CheckConstraint(
            "soort NOT IN ('toekennen', 'wijzigen', 'verlengen') OR (leveringsvorm IS NOT NULL AND volume IS NOT NULL AND frequentie IS NOT NULL AND ingangsdatum IS NOT NULL)",
            name=op.f("ck_besluitregel_grant_is_complete"),
        ),
        sa.CheckConstraint(
            "einddatum >= ingangsdatum",
            name=op.f("ck_besluitregel_einddatum_after_ingangsdatum"),
        ),
        sa.CheckConstraint("volume > 0", name=op.f("ck_besluitregel_volume_positive")),
        sa.ForeignKeyConstraint(
            ["aanvraag_item_id"],
            ["aanvraag_item.id"],
            name=op.f("fk_besluitregel_aanvraag_item_id_aanvraag_item"),
        ),
        sa.ForeignKeyConstraint(
            ["behoefte_id"],
            ["behoefte.id"],
            name=op.f("fk_besluitregel_behoefte_id_behoefte"),
        ),
        sa.ForeignKeyConstraint(
            ["beschikking_id"],
            ["beschikking.id"],
            name=op.f("fk_besluitregel_beschikking_id_beschikking"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_besluitregel_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_besluitregel_voorziening_id_voorziening"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_besluitregel")),
        sa.UniqueConstraint(
            "aanvraag_item_id", name=op.f("uq_besluitregel_aanvraag_item_id")
        ),
    )
    op.create_index(
        op.f("ix_besluitregel_beschikking_id"),
        "besluitregel",
        ["beschikking_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_besluitregel_dossier_id"), "besluitregel", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_besluitregel_gemeente_code"),
        "besluitregel",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "bezwaar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("beschikking_id", sa.Uuid(), nullable=False),
        sa.Column("besluitregel_id", sa.Uuid(), nullable=True),
        sa.Column("ontvangen_op", sa.Date(), nullable=False),
        sa.Column("op_tijd", sa.Boolean(), nullable=False),
        sa.Column("beslissen_tot", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN decided_at IS NOT NULL THEN 'beslist' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("gronden", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_bezwaar_decided_at_together"),
        ),
        sa.ForeignKeyConstraint(
            ["beschikking_id"],
            ["beschikking.id"],
            name=op.f("fk_bezwaar_beschikking_id_beschikking"),
        ),
        sa.ForeignKeyConstraint(
            ["besluitregel_id"],
            ["besluitregel.id"],
            name=op.f("fk_bezwaar_besluitregel_id_besluitregel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_bezwaar_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bezwaar")),
    )
    op.create_index(
        op.f("ix_bezwaar_beschikking_id"), "bezwaar", ["beschikking_id"], unique=False
    )
    op.create_index(
        op.f("ix_bezwaar_dossier_id"), "bezwaar", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_bezwaar_gemeente_code"), "bezwaar", ["gemeente_code"], unique=False
    )
    op.create_table(
        "pgb",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("besluitregel_id", sa.Uuid(), nullable=False),
        sa.Column("beheerder_id", sa.Uuid(), nullable=True),
        sa.Column("jaarbedrag_cent", sa.Integer(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint("tot >= van", name=op.f("ck_pgb_tot_after_van")),
        sa.ForeignKeyConstraint(
            ["beheerder_id"], ["inwoner.id"], name=op.f("fk_pgb_beheerder_id_inwoner")
        ),
        sa.ForeignKeyConstraint(
            ["besluitregel_id"],
            ["besluitregel.id"],
            name=op.f("fk_pgb_besluitregel_id_besluitregel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_pgb_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_pgb_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pgb")),
        sa.UniqueConstraint("besluitregel_id", name=op.f("uq_pgb_besluitregel_id")),
    )
    op.create_index(
        op.f("ix_pgb_gemeente_code"), "pgb", ["gemeente_code"], unique=False
    )
    op.create_index(
        op.f("ix_pgb_voorziening_id"), "pgb", ["voorziening_id"], unique=False
    )
    op.create_table(
        "pgb_toets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("besluitregel_id", sa.Uuid(), nullable=False),
        sa.Column("vaardig_toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("gemotiveerd_toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("kwaliteit_toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("vaardig", sa.Boolean(), nullable=False),
        sa.Column("gemotiveerd", sa.Boolean(), nullable=False),
        sa.Column("kwaliteit", sa.Boolean(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessed_by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["besluitregel_id"],
            ["besluitregel.id"],
            name=op.f("fk_pgb_toets_besluitregel_id_besluitregel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_pgb_toets_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pgb_toets")),
        sa.UniqueConstraint(
            "besluitregel_id", name=op.f("uq_pgb_toets_besluitregel_id")
        ),
    )
    op.create_index(
        op.f("ix_pgb_toets_dossier_id"), "pgb_toets", ["dossier_id"], unique=False
    )
    op.create_index(
        op.f("ix_pgb_toets_gemeente_code"), "pgb_toets", ["gemeente_code"], unique=False
    )
    op.create_table(
        "voorziening_regel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voorziening_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("besluitregel_id", sa.Uuid(), nullable=False),
        sa.Column(
            "leveringsvorm",
            sa.Enum(
                "natura",
                "pgb",
                name="leveringsvorm",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("voorziening_id"), "="),
            (sa.text("daterange(van, tot, '[]')"), "&&"),
            using="gist",
            name=op.f("ex_voorziening_regel_no_overlap"),
        ),
        sa.CheckConstraint(
            "tot >= van", name=op.f("ck_voorziening_regel_tot_after_van")
        ),
        sa.CheckConstraint(
            "volume > 0", name=op.f("ck_voorziening_regel_volume_positive")
        ),
        sa.ForeignKeyConstraint(
            ["besluitregel_id"],
            ["besluitregel.id"],
            name=op.f("fk_voorziening_regel_besluitregel_id_besluitregel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_voorziening_regel_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["voorziening_id"],
            ["voorziening.id"],
            name=op.f("fk_voorziening_regel_voorziening_id_voorziening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voorziening_regel")),
    )
    op.create_index(
        op.f("ix_voorziening_regel_gemeente_code"),
        "voorziening_regel",
        ["gemeente_code"],
        unique=False,
    )
    op.create_table(
        "budgetregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("toets_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "helper",
            sa.Enum(
                "formeel",
                "informeel",
                name="helpersoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column(
            "eenheid",
            sa.Enum(
                "01",
                "04",
                "14",
                "16",
                "82",
                "83",
                "84",
                name="eenheid",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequentie",
            sa.Enum(
                "1",
                "2",
                "4",
                "6",
                name="frequentie",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("tarief_cent", sa.Integer(), nullable=False),
        sa.Column("jaarbedrag_cent", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint("volume > 0", name=op.f("ck_budgetregel_volume_positive")),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_budgetregel_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["toets_id"],
            ["pgb_toets.id"],
            name=op.f("fk_budgetregel_toets_id_pgb_toets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgetregel")),
    )
    op.create_index(
        op.f("ix_budgetregel_gemeente_code"),
        "budgetregel",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_budgetregel_toets_id"), "budgetregel", ["toets_id"], unique=False
    )
    op.create_table(
        "zorgovereenkomst",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pgb_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "helper",
            sa.Enum(
                "formeel",
                "informeel",
                name="helpersoort",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("naam_helper", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossier.id"],
            name=op.f("fk_zorgovereenkomst_dossier_id_dossier"),
        ),
        sa.ForeignKeyConstraint(
            ["pgb_id"], ["pgb.id"], name=op.f("fk_zorgovereenkomst_pgb_id_pgb")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zorgovereenkomst")),
    )
    op.create_index(
        op.f("ix_zorgovereenkomst_gemeente_code"),
        "zorgovereenkomst",
        ["gemeente_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_zorgovereenkomst_pgb_id"), "zorgovereenkomst", ["pgb_id"], unique=False
    )

    op.create_foreign_key(
        "fk_besluitregel_voorziening_id_voorziening",
        "besluitregel",
        "voorziening",
        ["voorziening_id"],
        ["id"],
    )


def downgrade() -> None:
    """Take every table away."""
    op.drop_constraint(
        "fk_besluitregel_voorziening_id_voorziening", "besluitregel", type_="foreignkey"
    )
    op.drop_index(op.f("ix_zorgovereenkomst_pgb_id"), table_name="zorgovereenkomst")
    op.drop_index(
        op.f("ix_zorgovereenkomst_gemeente_code"), table_name="zorgovereenkomst"
    )
    op.drop_table("zorgovereenkomst")
    op.drop_index(op.f("ix_budgetregel_toets_id"), table_name="budgetregel")
    op.drop_index(op.f("ix_budgetregel_gemeente_code"), table_name="budgetregel")
    op.drop_table("budgetregel")
    op.drop_index(
        op.f("ix_voorziening_regel_gemeente_code"), table_name="voorziening_regel"
    )
    op.drop_table("voorziening_regel")
    op.drop_index(op.f("ix_pgb_toets_gemeente_code"), table_name="pgb_toets")
    op.drop_index(op.f("ix_pgb_toets_dossier_id"), table_name="pgb_toets")
    op.drop_table("pgb_toets")
    op.drop_index(op.f("ix_pgb_voorziening_id"), table_name="pgb")
    op.drop_index(op.f("ix_pgb_gemeente_code"), table_name="pgb")
    op.drop_table("pgb")
    op.drop_index(op.f("ix_bezwaar_gemeente_code"), table_name="bezwaar")
    op.drop_index(op.f("ix_bezwaar_dossier_id"), table_name="bezwaar")
    op.drop_index(op.f("ix_bezwaar_beschikking_id"), table_name="bezwaar")
    op.drop_table("bezwaar")
    op.drop_index(op.f("ix_besluitregel_gemeente_code"), table_name="besluitregel")
    op.drop_index(op.f("ix_besluitregel_dossier_id"), table_name="besluitregel")
    op.drop_index(op.f("ix_besluitregel_beschikking_id"), table_name="besluitregel")
    op.drop_table("besluitregel")
    op.drop_index(op.f("ix_opschorting_gemeente_code"), table_name="opschorting")
    op.drop_index(op.f("ix_opschorting_aanvraag_id"), table_name="opschorting")
    op.drop_table("opschorting")
    op.drop_index(
        op.f("ix_beschikking_aanvraag_gemeente_code"), table_name="beschikking_aanvraag"
    )
    op.drop_index(
        op.f("ix_beschikking_aanvraag_aanvraag_id"), table_name="beschikking_aanvraag"
    )
    op.drop_table("beschikking_aanvraag")
    op.drop_index(op.f("ix_aanvraag_item_gemeente_code"), table_name="aanvraag_item")
    op.drop_index(op.f("ix_aanvraag_item_aanvraag_id"), table_name="aanvraag_item")
    op.drop_table("aanvraag_item")
    op.drop_index(
        op.f("ix_voorziening_resultaat_resultaatafspraak_id"),
        table_name="voorziening_resultaat",
    )
    op.drop_index(
        op.f("ix_voorziening_resultaat_gemeente_code"),
        table_name="voorziening_resultaat",
    )
    op.drop_table("voorziening_resultaat")
    op.drop_index(op.f("ix_verzoek_gemeente_code"), table_name="verzoek")
    op.drop_index(op.f("ix_verzoek_dossier_id"), table_name="verzoek")
    op.drop_table("verzoek")
    op.drop_index(
        op.f("ix_resultaat_score_gemeente_code"), table_name="resultaat_score"
    )
    op.drop_index(op.f("ix_resultaat_score_afspraak_id"), table_name="resultaat_score")
    op.drop_table("resultaat_score")
    op.drop_index(op.f("ix_deling_inwoner_id_aanbieder_id"), table_name="deling")
    op.drop_index(op.f("ix_deling_gemeente_code"), table_name="deling")
    op.drop_index(op.f("ix_deling_dossier_id_aanbieder_id"), table_name="deling")
    op.drop_table("deling")
    op.drop_index(op.f("ix_aanvraag_gemeente_code_besluit_tot"), table_name="aanvraag")
    op.drop_index(op.f("ix_aanvraag_gemeente_code"), table_name="aanvraag")
    op.drop_index(op.f("ix_aanvraag_dossier_id"), table_name="aanvraag")
    op.drop_table("aanvraag")
    op.drop_index(op.f("ix_verslag_gemeente_code"), table_name="verslag")
    op.drop_table("verslag")
    op.drop_index(op.f("ix_toewijzing_voorziening_id"), table_name="toewijzing")
    op.drop_index(op.f("ix_toewijzing_gemeente_code"), table_name="toewijzing")
    op.drop_index(op.f("ix_toewijzing_dossier_id"), table_name="toewijzing")
    op.drop_index(op.f("ix_toewijzing_aanbieder_id_van"), table_name="toewijzing")
    op.drop_table("toewijzing")
    op.drop_index(
        op.f("ix_resultaatafspraak_gemeente_code"), table_name="resultaatafspraak"
    )
    op.drop_index(
        op.f("ix_resultaatafspraak_dossier_id"), table_name="resultaatafspraak"
    )
    op.drop_table("resultaatafspraak")
    op.drop_index(op.f("ix_oplossing_onderzoek_id"), table_name="oplossing")
    op.drop_index(op.f("ix_oplossing_gemeente_code"), table_name="oplossing")
    op.drop_table("oplossing")
    op.drop_index(op.f("ix_onderwerp_gemeente_code"), table_name="onderwerp")
    op.drop_table("onderwerp")
    op.drop_index(op.f("ix_leefgebied_gemeente_code"), table_name="leefgebied")
    op.drop_table("leefgebied")
    op.drop_index(op.f("ix_heronderzoek_voorziening_id"), table_name="heronderzoek")
    op.drop_index(op.f("ix_heronderzoek_gemeente_code"), table_name="heronderzoek")
    op.drop_table("heronderzoek")
    op.drop_index(
        op.f("ix_gesprek_deelname_onderzoek_id"), table_name="gesprek_deelname"
    )
    op.drop_index(
        op.f("ix_gesprek_deelname_gemeente_code"), table_name="gesprek_deelname"
    )
    op.drop_table("gesprek_deelname")
    op.drop_index(
        "uq_plaatsingsverzoek_open",
        table_name="plaatsingsverzoek",
        postgresql_where="accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL",
    )
    op.drop_index(
        op.f("ix_plaatsingsverzoek_gemeente_code"), table_name="plaatsingsverzoek"
    )
    op.drop_index(
        op.f("ix_plaatsingsverzoek_dossier_id"), table_name="plaatsingsverzoek"
    )
    op.drop_index(
        op.f("ix_plaatsingsverzoek_aanbieder_id_requested_at"),
        table_name="plaatsingsverzoek",
    )
    op.drop_table("plaatsingsverzoek")
    op.drop_index(op.f("ix_onderzoek_gemeente_code"), table_name="onderzoek")
    op.drop_table("onderzoek")
    op.drop_index(op.f("ix_medegerechtigde_inwoner_id"), table_name="medegerechtigde")
    op.drop_index(
        op.f("ix_medegerechtigde_gemeente_code"), table_name="medegerechtigde"
    )
    op.drop_table("medegerechtigde")
    op.drop_index(op.f("ix_beschikking_gemeente_code"), table_name="beschikking")
    op.drop_index(op.f("ix_beschikking_dossier_id"), table_name="beschikking")
    op.drop_table("beschikking")
    op.drop_index(op.f("ix_behoefte_gemeente_code"), table_name="behoefte")
    op.drop_index(op.f("ix_behoefte_dossier_id"), table_name="behoefte")
    op.drop_table("behoefte")
    op.drop_index(
        op.f("ix_werkvoorraad_gemeente_code_fase_uiterste_datum"),
        table_name="werkvoorraad",
    )
    op.drop_index(
        op.f("ix_werkvoorraad_gemeente_code_consulent_id_uiterste_datum"),
        table_name="werkvoorraad",
    )
    op.drop_index(op.f("ix_werkvoorraad_gemeente_code"), table_name="werkvoorraad")
    op.drop_table("werkvoorraad")
    op.drop_index(op.f("ix_voorziening_gerechtigde_id"), table_name="voorziening")
    op.drop_index(op.f("ix_voorziening_gemeente_code"), table_name="voorziening")
    op.drop_index(op.f("ix_voorziening_dossier_id"), table_name="voorziening")
    op.drop_table("voorziening")
    op.drop_index(op.f("ix_taak_gemeente_code_done_at_uiterlijk"), table_name="taak")
    op.drop_index(op.f("ix_taak_gemeente_code"), table_name="taak")
    op.drop_index(op.f("ix_taak_dossier_id"), table_name="taak")
    op.drop_table("taak")
    op.drop_index(op.f("ix_melding_gemeente_code_ontvangen_op"), table_name="melding")
    op.drop_index(op.f("ix_melding_gemeente_code"), table_name="melding")
    op.drop_table("melding")
    op.drop_index(
        op.f("ix_dossier_toegang_gemeente_code"), table_name="dossier_toegang"
    )
    op.drop_table("dossier_toegang")
    op.drop_index(op.f("ix_document_gemeente_code"), table_name="document")
    op.drop_index(op.f("ix_document_dossier_id_made_at"), table_name="document")
    op.drop_index(op.f("ix_document_bron_id_soort"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_contractregel_gemeente_code"), table_name="contractregel")
    op.drop_table("contractregel")
    op.drop_index(op.f("ix_contactmoment_inwoner_id"), table_name="contactmoment")
    op.drop_index(op.f("ix_contactmoment_gemeente_code"), table_name="contactmoment")
    op.drop_index(op.f("ix_contactmoment_dossier_id"), table_name="contactmoment")
    op.drop_table("contactmoment")
    op.drop_index(
        "uq_betrokkene_client",
        table_name="betrokkene",
        postgresql_where="rol = 'client'",
    )
    op.drop_index(op.f("ix_betrokkene_inwoner_id"), table_name="betrokkene")
    op.drop_index(op.f("ix_betrokkene_gemeente_code"), table_name="betrokkene")
    op.drop_index(op.f("ix_betrokkene_dossier_id"), table_name="betrokkene")
    op.drop_table("betrokkene")
    op.drop_index(
        "uq_bericht_out", table_name="bericht", postgresql_where="richting = 'uit'"
    )
    op.drop_index(op.f("ix_bericht_gemeente_code_recorded_at"), table_name="bericht")
    op.drop_index(op.f("ix_bericht_gemeente_code"), table_name="bericht")
    op.drop_index(op.f("ix_bericht_dossier_id"), table_name="bericht")
    op.drop_index(op.f("ix_bericht_aanbieder_id"), table_name="bericht")
    op.drop_table("bericht")
    op.drop_index(op.f("ix_verzending_at"), table_name="verzending")
    op.drop_table("verzending")
    op.drop_index(op.f("ix_mandaat_gemeente_code"), table_name="mandaat")
    op.drop_table("mandaat")
    op.drop_index(op.f("ix_huishouden_lid_inwoner_id"), table_name="huishouden_lid")
    op.drop_index(op.f("ix_huishouden_lid_huishouden_id"), table_name="huishouden_lid")
    op.drop_index(op.f("ix_huishouden_lid_gemeente_code"), table_name="huishouden_lid")
    op.drop_table("huishouden_lid")
    op.drop_index(op.f("ix_dossier_gemeente_code_opened_at"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_gemeente_code"), table_name="dossier")
    op.drop_table("dossier")
    op.drop_index(op.f("ix_contract_gemeente_code"), table_name="contract")
    op.drop_index(op.f("ix_contract_aanbieder_id"), table_name="contract")
    op.drop_table("contract")
    op.drop_index(op.f("ix_capaciteit_gemeente_code"), table_name="capaciteit")
    op.drop_table("capaciteit")
    op.drop_index(op.f("ix_audit_subject_subject_id"), table_name="audit_subject")
    op.drop_table("audit_subject")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_aanstelling_user_id_van"), table_name="aanstelling")
    op.drop_table("aanstelling")
    op.drop_index(
        op.f("ix_weigeringsgrond_gemeente_code"), table_name="weigeringsgrond"
    )
    op.drop_table("weigeringsgrond")
    op.drop_table("user_account")
    op.drop_table("teller")
    op.drop_index(op.f("ix_search_unique_scope_id"), table_name="search_unique")
    op.drop_table("search_unique")
    op.drop_index(op.f("ix_search_token_scope_id"), table_name="search_token")
    op.drop_index(op.f("ix_search_token_row_id"), table_name="search_token")
    op.drop_table("search_token")
    op.drop_index(op.f("ix_promise_gemeente_code"), table_name="promise")
    op.drop_index(
        "ix_promise_due",
        table_name="promise",
        postgresql_where=sa.text("kept_at IS NULL AND dead_at IS NULL"),
    )
    op.drop_table("promise")
    op.drop_index(op.f("ix_product_gemeente_code"), table_name="product")
    op.drop_table("product")
    op.drop_index(op.f("ix_pgb_tarief_gemeente_code"), table_name="pgb_tarief")
    op.drop_table("pgb_tarief")
    op.drop_index(op.f("ix_inwoner_gemeente_code_registered_at"), table_name="inwoner")
    op.drop_index(op.f("ix_inwoner_gemeente_code"), table_name="inwoner")
    op.drop_table("inwoner")
    op.drop_index(op.f("ix_instelling_gemeente_code"), table_name="instelling")
    op.drop_table("instelling")
    op.drop_index(op.f("ix_huishouden_gemeente_code"), table_name="huishouden")
    op.drop_table("huishouden")
    op.drop_index(op.f("ix_gesprek_gemeente_code"), table_name="gesprek")
    op.drop_table("gesprek")
    op.drop_table("gemeente")
    op.drop_index(op.f("ix_brieftekst_gemeente_code"), table_name="brieftekst")
    op.drop_table("brieftekst")
    op.drop_index(
        op.f("ix_audit_record_user_id_recorded_at"), table_name="audit_record"
    )
    op.drop_index(
        op.f("ix_audit_record_gemeente_code_recorded_at"), table_name="audit_record"
    )
    op.drop_index(
        op.f("ix_audit_record_dossier_id_recorded_at"), table_name="audit_record"
    )
    op.drop_table("audit_record")
    op.drop_table("aanbieder")
