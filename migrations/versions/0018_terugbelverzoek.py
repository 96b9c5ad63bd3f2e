"""Contacts about help that runs, and the promise to call somebody back.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
IS_STAFF = (
    "((SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid) IS NULL)"
)
ROLLEN = (
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
UITKOMSTEN = ("informatie", "doorverwijzing", "over_voorziening", "melding")
NEW_UITKOMSTEN = ("reparatie", "hulp_komt_niet", "klacht", "anders")
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
)
NEW_TAKEN = ("reparatie_regelen", "hulp_komt_niet")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Widen what a contact and a task can be; add the requests and the attempts."""
    _kinds(
        "contactmoment",
        "uitkomst",
        (*UITKOMSTEN[:-1], *NEW_UITKOMSTEN, UITKOMSTEN[-1]),
    )
    _kinds("taak", "taaksoort", (*TAKEN, *NEW_TAKEN), "soort")
    op.add_column("contactmoment", sa.Column("voorziening_id", sa.Uuid()))
    op.create_check_constraint(
        op.f("ck_contactmoment_voorziening_in_dossier"),
        "contactmoment",
        "voorziening_id IS NULL OR dossier_id IS NOT NULL",
    )
    _make_verzoek()
    _make_poging()
    for table in ("terugbelverzoek", "terugbelpoging"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for name, kind, rule in (
            ("gemeente", "PERMISSIVE", IN_GEMEENTE),
            ("staff", "RESTRICTIVE", IS_STAFF),
        ):
            op.execute(
                f"CREATE POLICY {name} ON {table} AS {kind} FOR ALL"
                f" USING ({rule}) WITH CHECK ({rule})"
            )


def _make_verzoek() -> None:
    op.create_table(
        "terugbelverzoek",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("inwoner_id", sa.Uuid(), nullable=True),
        sa.Column("voor_user_id", sa.Uuid(), nullable=True),
        sa.Column("voor_team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "voor_rol",
            sa.Enum(
                *ROLLEN,
                name="role",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=True,
        ),
        sa.Column("spoed", sa.Boolean(), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_at", MOMENT, nullable=True),
        sa.Column("handed_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        *(
            sa.Column(sealed, sa.LargeBinary(), nullable=True)
            for sealed in ("naam", "telefoon", "notitie", "reden")
        ),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(voor_user_id, voor_team_id, voor_rol) = 1",
            name=op.f("ck_terugbelverzoek_one_addressee"),
        ),
        *(
            sa.CheckConstraint(
                f"({deed}_at IS NULL) = ({deed}_by_id IS NULL)",
                name=op.f(f"ck_terugbelverzoek_{deed}_at_together"),
            )
            for deed in ("handed", "done")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_terugbelverzoek_{column}_{table}"),
            )
            for column, table in (
                ("dossier_id", "dossier"),
                ("inwoner_id", "inwoner"),
                ("voor_user_id", "user_account"),
                ("voor_team_id", "team"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terugbelverzoek")),
    )
    for column in ("gemeente_code", "dossier_id", "inwoner_id"):
        op.create_index(
            op.f(f"ix_terugbelverzoek_{column}"), "terugbelverzoek", [column]
        )
    for voor in ("voor_user_id", "voor_team_id", "voor_rol"):
        op.create_index(
            f"ix_terugbelverzoek_open_{voor}",
            "terugbelverzoek",
            ["gemeente_code", voor, "uiterlijk", "id"],
            postgresql_where=sa.text("done_at IS NULL"),
        )


def _make_poging() -> None:
    op.create_table(
        "terugbelpoging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terugbelverzoek_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("gemeente_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terugbelverzoek_id"],
            ["terugbelverzoek.id"],
            name=op.f("fk_terugbelpoging_terugbelverzoek_id_terugbelverzoek"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terugbelpoging")),
    )
    for columns in (["gemeente_code"], ["terugbelverzoek_id", "at"]):
        op.create_index(
            op.f(f"ix_terugbelpoging_{'_'.join(columns)}"), "terugbelpoging", columns
        )


def _kinds(
    table: str, name: str, kinds: tuple[str, ...], column: str | None = None
) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint}"
        f" CHECK ({column or name} IN ({words}))"
    )


def downgrade() -> None:
    """Take it away again; a contact of a new kind was about a voorziening."""
    op.drop_table("terugbelpoging")
    op.drop_table("terugbelverzoek")
    op.drop_constraint(op.f("ck_contactmoment_voorziening_in_dossier"), "contactmoment")
    op.drop_column("contactmoment", "voorziening_id")
    words = ", ".join(f"'{kind}'" for kind in NEW_TAKEN)
    op.execute(f"DELETE FROM taak WHERE soort IN ({words})")
    _kinds("taak", "taaksoort", TAKEN, "soort")
    words = ", ".join(f"'{kind}'" for kind in NEW_UITKOMSTEN)
    op.execute(
        f"UPDATE contactmoment SET uitkomst = 'over_voorziening'"
        f" WHERE uitkomst IN ({words})"
    )
    _kinds("contactmoment", "uitkomst", UITKOMSTEN)
