"""Row-level security, the trail that cannot change, and the views of policy staff.

Three kinds of policy per table: within the gemeenten of the transaction; and, for a
session of an aanbieder, only what its rule lets through. An unset setting comes back
as an empty string and matches nothing.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STAFF = (
    "aanvraag",
    "aanvraag_item",
    "behoefte",
    "bericht",
    "beschikking",
    "beschikking_aanvraag",
    "besluitregel",
    "bezwaar",
    "budgetregel",
    "contactmoment",
    "document",
    "dossier_toegang",
    "gesprek",
    "gesprek_deelname",
    "heronderzoek",
    "huishouden",
    "huishouden_lid",
    "leefgebied",
    "mandaat",
    "medegerechtigde",
    "melding",
    "onderwerp",
    "onderzoek",
    "oplossing",
    "opschorting",
    "pgb",
    "pgb_tarief",
    "pgb_toets",
    "search_token",
    "search_unique",
    "taak",
    "teller",
    "verslag",
    "verzoek",
    "weigeringsgrond",
    "werkvoorraad",
    "zorgovereenkomst",
)
OPEN = ("brieftekst", "instelling", "product", "promise")
OWN = ("capaciteit", "plaatsingsverzoek", "toewijzing")
OWN_READ = ("contract", "contractregel", "deling")
SHARED = {
    "betrokkene": "deling.dossier_id = betrokkene.dossier_id",
    "dossier": "deling.dossier_id = dossier.id",
    "inwoner": "deling.inwoner_id = inwoner.id",
    "resultaat_score": "deling.dossier_id = resultaat_score.dossier_id",
    "resultaatafspraak": "deling.dossier_id = resultaatafspraak.dossier_id",
    "voorziening": "deling.dossier_id = voorziening.dossier_id",
    "voorziening_regel": "deling.dossier_id = voorziening_regel.dossier_id",
    "voorziening_resultaat": "deling.dossier_id = (SELECT voorziening.dossier_id"
    " FROM voorziening WHERE voorziening.id = voorziening_resultaat.voorziening_id)",
}
TRAIL = ("audit_record", "audit_subject")

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
IS_OWN = f"({AANBIEDER} IS NULL OR aanbieder_id = {AANBIEDER})"
TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"

VIEWS = {
    "melding": "SELECT id, gemeente_code, ontvangen_op, kanaal, spoed, onderzoek_tot,"
    " pc4, leeftijdsklasse, huishoudtype, verwijzer FROM public.melding",
    "behoefte": "SELECT b.id, b.gemeente_code, b.melding_id, b.labels, m.ontvangen_op"
    " FROM public.behoefte b JOIN public.melding m ON m.id = b.melding_id",
    "onderzoek": "SELECT id, gemeente_code, melding_id, uiterste_datum,"
    " (completed_at AT TIME ZONE 'Europe/Amsterdam')::date AS afgerond_op,"
    " (closed_at AT TIME ZONE 'Europe/Amsterdam')::date AS gesloten_op,"
    " afsluitreden, status FROM public.onderzoek",
    "aanvraag": "SELECT id, gemeente_code, ontvangen_op, besluit_tot,"
    " (decided_at AT TIME ZONE 'Europe/Amsterdam')::date AS besloten_op, status"
    " FROM public.aanvraag",
    "besluitregel": "SELECT r.id, r.gemeente_code, r.soort, r.product_code,"
    " r.categorie, r.domein, r.leveringsvorm, r.gewenste_vorm,"
    " r.weigeringsgrond_code, r.volume, r.eenheid, r.frequentie, r.ingangsdatum,"
    " r.einddatum, r.bedrag_cent, b.besloten_op, b.bekendgemaakt_op,"
    " b.verordening_versie, b.herkomst, m.pc4, m.leeftijdsklasse, m.huishoudtype"
    " FROM public.besluitregel r JOIN public.beschikking b ON b.id = r.beschikking_id"
    " LEFT JOIN public.melding m ON m.dossier_id = r.dossier_id",
    "toewijzing": "SELECT id, gemeente_code, aanbieder_id, contractvorm, product_code,"
    " van, tot, gestart_op, gestopt_op, stopreden, status FROM public.toewijzing",
}
"""What policy staff count: plain, coarse, without a name, a dossier or an inwoner."""


def _policy(table: str, name: str, kind: str, command: str, rule: str) -> None:
    check = "" if command in {"SELECT", "DELETE"} else f" WITH CHECK ({rule})"
    using = "" if command == "INSERT" else f" USING ({rule})"
    op.execute(f"CREATE POLICY {name} ON {table} AS {kind} FOR {command}{using}{check}")


def _guard(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    _policy(table, "gemeente", "PERMISSIVE", "ALL", IN_GEMEENTE)


def _only_staff_changes(table: str) -> None:
    for command in ("INSERT", "UPDATE", "DELETE"):
        _policy(table, f"staff_{command.lower()}", "RESTRICTIVE", command, IS_STAFF)


def upgrade() -> None:
    """Guard every table of a gemeente."""
    for table in (*STAFF, *OPEN, *OWN, *OWN_READ, *SHARED):
        _guard(table)
    for table in STAFF:
        _policy(table, "staff", "RESTRICTIVE", "ALL", IS_STAFF)
    for table in OWN:
        _policy(table, "own", "RESTRICTIVE", "ALL", IS_OWN)
    for table in OWN_READ:
        _policy(table, "own", "RESTRICTIVE", "SELECT", IS_OWN)
        _only_staff_changes(table)
    for table, tie in SHARED.items():
        shared = (
            f"{IS_STAFF} OR EXISTS (SELECT 1 FROM deling WHERE {tie}"
            f" AND deling.aanbieder_id = {AANBIEDER} AND deling.van <= {TODAY}"
            f" AND coalesce(deling.tot, 'infinity'::date) >= {TODAY})"
        )
        _policy(table, "shared", "RESTRICTIVE", "SELECT", shared)
        _only_staff_changes(table)
    _guard_trail()
    op.execute("CREATE SCHEMA beleid")
    for name, select in VIEWS.items():
        # security_invoker: the reader's own row-level security holds behind the view
        op.execute(
            f"CREATE VIEW beleid.{name} WITH (security_invoker = true) AS {select}"
        )


def _guard_trail() -> None:
    """Only adding, and only within the gemeente; nobody changes or removes."""
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
    )
    for table in TRAIL:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        within = f"gemeente_code IS NULL OR {IN_GEMEENTE}"
        _policy(table, "add", "PERMISSIVE", "INSERT", within)
        _policy(table, "look", "PERMISSIVE", "SELECT", f"({within}) AND {IS_STAFF}")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take the guards away again."""
    op.execute("DROP SCHEMA beleid CASCADE")
    for table in TRAIL:
        op.execute(f"DROP TRIGGER append_only ON {table}")
        for name in ("add", "look"):
            op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION refuse_change()")
    for table in (*OWN_READ, *SHARED):
        for command in ("insert", "update", "delete"):
            op.execute(f"DROP POLICY staff_{command} ON {table}")
    names = (
        *((table, "staff") for table in STAFF),
        *((table, "own") for table in (*OWN, *OWN_READ)),
        *((table, "shared") for table in SHARED),
    )
    for table, name in names:
        op.execute(f"DROP POLICY {name} ON {table}")
    for table in (*STAFF, *OPEN, *OWN, *OWN_READ, *SHARED):
        op.execute(f"DROP POLICY gemeente ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
