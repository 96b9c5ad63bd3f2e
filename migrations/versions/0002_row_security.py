"""Row-level security, the trail that cannot change, and the views of policy staff.

Three kinds of policy per table: within the gemeenten of the transaction; and, for a
session of an aanbieder, only what its rule lets through. An unset setting comes back
as an empty string and matches nothing.

Revision ID: 0002
Revises: 0001
"""

from alembic import op
from sqlalchemy import text

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
OPEN = ("brieftekst", "instelling", "product")
OWN = ("capaciteit",)
OWN_ANSWER = {
    "plaatsingsverzoek": "startdatum accepted_at accepted_by_id declined_at"
    " declined_by_id weigergrond",
    "toewijzing": "started_at started_by_id gestart_op stopped_at stopped_by_id"
    " gestopt_op stopreden",
}
"""What the answer of an aanbieder fills in; the rest of the row is not its own."""
OWN_PROMISE = ("promise",)
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
SHELVES = (*STAFF, *OPEN, *OWN, *OWN_ANSWER, *OWN_PROMISE, *OWN_READ, *SHARED)
IDENTITY = ("aanbieder", "aanstelling", "api_token", "gemeente")
"""Of every gemeente at once, read before anybody has a desk: staff changes them."""

IN_GEMEENTE = (
    "gemeente_code = ANY ((SELECT string_to_array("
    "current_setting('loket.gemeenten', true), ','))::text[])"
)
AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
IS_OWN = f"({AANBIEDER} IS NULL OR aanbieder_id = {AANBIEDER})"
COLLEAGUE = (
    f"{AANBIEDER} IS NULL OR {{}} IN (SELECT aanstelling.user_id FROM aanstelling"
    f" WHERE aanstelling.aanbieder_id = {AANBIEDER})"
)
FOLLOWS_ANSWER = (
    f"{AANBIEDER} IS NULL"
    " OR topic IN ('providers.toewijzen', 'providers.geweigerd')"
    " AND subject_id IN (SELECT id FROM plaatsingsverzoek)"
    " OR topic = 'providers.voortgang' AND subject_id IN (SELECT id FROM toewijzing)"
)
"""The two tables show an aanbieder its own rows only, also within a policy."""
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
    for table in SHELVES:
        _guard(table)
    for table in STAFF:
        _policy(table, "staff", "RESTRICTIVE", "ALL", IS_STAFF)
    for table in OPEN:
        _only_staff_changes(table)
    for table in (*OWN, *OWN_ANSWER):
        _policy(table, "own", "RESTRICTIVE", "ALL", IS_OWN)
    _guard_answers()
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
    _guard_identity()
    _guard_trail()
    op.execute("CREATE SCHEMA beleid")
    for name, select in VIEWS.items():
        # security_invoker: the reader's own row-level security holds behind the view
        op.execute(
            f"CREATE VIEW beleid.{name} WITH (security_invoker = true) AS {select}"
        )


def _guard_answers() -> None:
    """Let an aanbieder answer, and promise what follows; ask or assign it may not."""
    op.execute(
        "CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF nullif(current_setting('loket.aanbieder', true), '') IS NOT NULL"
        " AND to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV"
        " THEN RAISE EXCEPTION 'an answer changes nothing else'; END IF;"
        " RETURN NULL; END $$"
    )
    for table, answer in OWN_ANSWER.items():
        for command in ("INSERT", "DELETE"):
            name = f"staff_{command.lower()}"
            _policy(table, name, "RESTRICTIVE", command, IS_STAFF)
        columns = ", ".join(f"'{name}'" for name in (*answer.split(), "status"))
        # after, because the status is computed by then
        op.execute(
            f"CREATE TRIGGER answer_only AFTER UPDATE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION refuse_rewrite({columns})"
        )
    for table in OWN_PROMISE:
        _policy(table, "own_select", "RESTRICTIVE", "SELECT", FOLLOWS_ANSWER)
        _policy(table, "own_insert", "RESTRICTIVE", "INSERT", FOLLOWS_ANSWER)
        for command in ("UPDATE", "DELETE"):
            name = f"staff_{command.lower()}"
            _policy(table, name, "RESTRICTIVE", command, IS_STAFF)


def _guard_identity() -> None:
    """Keep people and their roles out of reach of a session of an aanbieder.

    A login comes before any scope, so a session without one reads them all; an
    aanbieder meets its own people, and appoints nobody.
    """
    for table in (*IDENTITY, "user_account", "verzending"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        _policy(table, "everyone", "PERMISSIVE", "ALL", "true")
    for table in IDENTITY:
        _only_staff_changes(table)
    _policy("aanstelling", "own", "RESTRICTIVE", "SELECT", IS_OWN)
    _policy("api_token", "staff", "RESTRICTIVE", "SELECT", IS_STAFF)
    _policy("user_account", "own", "RESTRICTIVE", "ALL", COLLEAGUE.format("id"))
    _policy("user_account", "staff_insert", "RESTRICTIVE", "INSERT", IS_STAFF)
    _policy("verzending", "own", "RESTRICTIVE", "ALL", COLLEAGUE.format("user_id"))


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
    for table in OWN_ANSWER:
        op.execute(f"DROP TRIGGER answer_only ON {table}")
    op.execute("DROP FUNCTION refuse_rewrite()")
    guarded = (*SHELVES, *IDENTITY, "user_account", "verzending")
    policies = op.get_bind().execute(
        text(
            "SELECT tablename, policyname FROM pg_policies WHERE tablename = ANY (:t)"
        ),
        {"t": list(guarded)},
    )
    for table, name in policies.all():
        op.execute(f"DROP POLICY {name} ON {table}")
    for table in guarded:
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
