"""Somebody at the aanbieder manages the accounts of the own colleagues.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SYSTEM = "00000000-0000-7000-8000-000000000001"
AANBIEDER = "(SELECT nullif(current_setting('loket.aanbieder', true), '')::uuid)"
IS_STAFF = f"({AANBIEDER} IS NULL)"
BEHEERT = "(SELECT current_setting('loket.beheert', true) = 'ja')"
COLLEAGUE = (
    f"{AANBIEDER} IS NULL OR id IN (SELECT aanstelling.user_id FROM aanstelling"
    f" WHERE aanstelling.aanbieder_id = {AANBIEDER})"
)
OWN_ROLE = (
    f"{AANBIEDER} IS NULL OR {BEHEERT} AND aanbieder_id = {AANBIEDER}"
    " AND rol IN ('aanbieder', 'aanbieder_beheerder')"
)
"""The roles it gives are of the aanbieder itself."""
OWN_PERSON = f"({OWN_ROLE}) AND ({AANBIEDER} IS NULL OR NOT works_elsewhere(user_id))"
"""Nobody of another organisation is drawn in: that would open their account."""
MAKES = f"{AANBIEDER} IS NULL OR {BEHEERT}"
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
ROLE_COLUMNS = {"aanstelling": "rol", "mandaat": "rol", "taak": "voor_rol"}
BEHEERDER = "aanbieder_beheerder"


def _roles(roles: tuple[str, ...], fits: str) -> None:
    words = ", ".join(f"'{role}'" for role in roles)
    for table, column in ROLE_COLUMNS.items():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_role")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_role"
            f" CHECK ({column} IN ({words}))"
        )
    op.execute("ALTER TABLE aanstelling DROP CONSTRAINT ck_aanstelling_rol_fits")
    op.execute(
        "ALTER TABLE aanstelling ADD CONSTRAINT ck_aanstelling_rol_fits"
        f" CHECK (({fits}) = (aanbieder_id IS NOT NULL))"
    )


def upgrade() -> None:
    """Add the role, and let it reach the own colleagues and nobody else."""
    _roles(ROLES, "rol IN ('aanbieder', 'aanbieder_beheerder')")
    # the policies hide who works elsewhere, so this looks with the eyes of the owner
    op.execute(
        "CREATE FUNCTION works_elsewhere(person uuid) RETURNS boolean LANGUAGE sql"
        " STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
        f" SELECT person = '{SYSTEM}' OR EXISTS (SELECT 1 FROM public.aanstelling a"
        " WHERE a.user_id = person"
        " AND coalesce(a.tot, 'infinity'::date) >="
        " (now() AT TIME ZONE 'Europe/Amsterdam')::date"
        f" AND a.aanbieder_id IS DISTINCT FROM {AANBIEDER}) $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_account_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF nullif(current_setting('loket.aanbieder', true), '') IS NOT NULL"
        " AND to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV"
        " AND (current_setting('loket.beheert', true) IS DISTINCT FROM 'ja'"
        " OR works_elsewhere(NEW.id))"
        " THEN RAISE EXCEPTION 'an answer changes nothing else'; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER account_change AFTER UPDATE ON user_account FOR EACH ROW"
        " EXECUTE FUNCTION refuse_account_change('failures', 'locked_until',"
        " 'session_epoch', 'totp_geheim', 'totp_confirmed_at', 'totp_last_used')"
    )
    op.execute(f"ALTER POLICY staff_insert ON aanstelling WITH CHECK ({OWN_PERSON})")
    op.execute(
        f"ALTER POLICY staff_update ON aanstelling USING ({OWN_ROLE})"
        f" WITH CHECK ({OWN_PERSON})"
    )
    op.execute(f"ALTER POLICY staff_delete ON aanstelling USING ({OWN_ROLE})")
    op.execute(f"ALTER POLICY staff_insert ON user_account WITH CHECK ({MAKES})")
    # a new account has no appointment yet; USING still hides all but colleagues
    op.execute(
        f"ALTER POLICY own ON user_account WITH CHECK ({COLLEAGUE} OR {BEHEERT})"
    )


def downgrade() -> None:
    """Take the role away, and what was given with it."""
    op.execute(f"ALTER POLICY own ON user_account WITH CHECK ({COLLEAGUE})")
    op.execute(f"ALTER POLICY staff_insert ON user_account WITH CHECK ({IS_STAFF})")
    op.execute(f"ALTER POLICY staff_delete ON aanstelling USING ({IS_STAFF})")
    op.execute(
        f"ALTER POLICY staff_update ON aanstelling USING ({IS_STAFF})"
        f" WITH CHECK ({IS_STAFF})"
    )
    op.execute(f"ALTER POLICY staff_insert ON aanstelling WITH CHECK ({IS_STAFF})")
    op.execute("DROP TRIGGER account_change ON user_account")
    op.execute("DROP FUNCTION refuse_account_change()")
    op.execute("DROP FUNCTION works_elsewhere(uuid)")
    op.execute(f"DELETE FROM aanstelling WHERE rol = '{BEHEERDER}'")
    op.execute(f"DELETE FROM mandaat WHERE rol = '{BEHEERDER}'")
    op.execute(f"DELETE FROM taak WHERE voor_rol = '{BEHEERDER}'")
    _roles(tuple(role for role in ROLES if role != BEHEERDER), "rol = 'aanbieder'")
