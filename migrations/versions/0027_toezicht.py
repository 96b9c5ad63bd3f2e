"""Watching over looks: emergency access, signals of looks, indexes of the trail.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
TABLES = ("noodtoegang", "inzagesignaal", "inzagesignaalregel", "medewerkerkaart")
OORDEEL = ("terecht", "onterecht", "nagevraagd")
NOODGROND = ("gevaar", "hulp_valt_weg", "inwoner_meldt_zich", "termijn_verloopt")
REGEL = (
    *("veel_dossiers", "buiten_kantoortijd", "geen_relatie"),
    *("eigen_naam", "collega", "buurt"),
)
STATUS = "CASE WHEN reviewed_at IS NOT NULL THEN 'beoordeeld' ELSE 'open' END"
REVIEWED = (
    "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)"
    " AND (reviewed_at IS NULL) = (oordeel IS NULL)"
)


def upgrade() -> None:
    """Add the nouns; the trail is read in the order in which things happened."""
    _noodtoegang()
    _inzagesignaal()
    _medewerkerkaart()
    for table in TABLES:
        op.create_index(f"ix_{table}_gemeente_code", table, ["gemeente_code"])
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, rule in (
            ("gemeente", "PERMISSIVE", IN_GEMEENTE),
            ("staff", "RESTRICTIVE", IS_STAFF),
        ):
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR ALL"
                f" USING ({rule}) WITH CHECK ({rule})"
            )
    op.create_index(
        "ix_audit_record_gemeente_code_occurred_at_id",
        "audit_record",
        ["gemeente_code", "occurred_at", "id"],
    )
    op.create_index(
        "ix_audit_record_gemeente_code_action_occurred_at",
        "audit_record",
        ["gemeente_code", "action", "occurred_at"],
    )


def downgrade() -> None:
    """Forget the signals and the accesses; the trail keeps that they were."""
    op.drop_index("ix_audit_record_gemeente_code_action_occurred_at", "audit_record")
    op.drop_index("ix_audit_record_gemeente_code_occurred_at_id", "audit_record")
    for table in ("medewerkerkaart", "inzagesignaalregel", *TABLES[:2]):
        op.drop_table(table)


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=64
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _review() -> list[sa.Column]:
    return [
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("oordeel", _enum("oordeel", OORDEEL), nullable=True),
        _moment("reviewed_at", nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status", sa.Text(), sa.Computed(STATUS, persisted=True), nullable=False
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
    ]


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _noodtoegang() -> None:
    op.create_table(
        "noodtoegang",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("grond", _enum("noodgrond", NOODGROND), nullable=False),
        _moment("opened_at"),
        _moment("tot"),
        *_review(),
        sa.Column("reden", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(REVIEWED, name=op.f("ck_noodtoegang_reviewed_at_together")),
        _points_at("noodtoegang", "dossier_id", "dossier"),
        _points_at("noodtoegang", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noodtoegang")),
    )
    for columns in (
        ["gemeente_code", "reviewed_at", "uiterlijk"],
        ["user_id", "tot"],
        ["dossier_id"],
    ):
        op.create_index(f"ix_noodtoegang_{'_'.join(columns)}", "noodtoegang", columns)


def _inzagesignaal() -> None:
    op.create_table(
        "inzagesignaal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regel", _enum("inzageregel", REGEL), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        _moment("made_at"),
        *_review(),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            REVIEWED, name=op.f("ck_inzagesignaal_reviewed_at_together")
        ),
        _points_at("inzagesignaal", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inzagesignaal")),
    )
    op.create_index(
        "uq_inzagesignaal_open",
        "inzagesignaal",
        ["gemeente_code", "user_id", "regel", "dag"],
        unique=True,
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )
    op.create_index(
        "ix_inzagesignaal_gemeente_code_reviewed_at_uiterlijk",
        "inzagesignaal",
        ["gemeente_code", "reviewed_at", "uiterlijk"],
    )
    op.create_table(
        "inzagesignaalregel",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("regel", _enum("inzageregel", REGEL), nullable=False),
        sa.Column("signaal_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        _points_at("inzagesignaalregel", "record_id", "audit_record"),
        _points_at("inzagesignaalregel", "signaal_id", "inzagesignaal"),
        sa.PrimaryKeyConstraint(
            "record_id", "regel", name=op.f("pk_inzagesignaalregel")
        ),
    )
    op.create_index(
        "ix_inzagesignaalregel_signaal_id", "inzagesignaalregel", ["signaal_id"]
    )


def _medewerkerkaart() -> None:
    op.create_table(
        "medewerkerkaart",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("inwoner_id", sa.Uuid(), nullable=True),
        _moment("saved_at"),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.Column("postcode", sa.LargeBinary(), nullable=True),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        _points_at("medewerkerkaart", "user_id", "user_account"),
        _points_at("medewerkerkaart", "inwoner_id", "inwoner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medewerkerkaart")),
        sa.UniqueConstraint(
            "gemeente_code",
            "user_id",
            name=op.f("uq_medewerkerkaart_gemeente_code_user_id"),
        ),
    )
    op.create_index("ix_medewerkerkaart_inwoner_id", "medewerkerkaart", ["inwoner_id"])
