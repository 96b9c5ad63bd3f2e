"""Roof: `loket vault reseal | rebuild-index | shred | sweep`: keys of cases and people.

Loket keeps working meanwhile. What breaks off, goes on when it is asked again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import click
from sqlalchemy import select

from loket import nouns
from loket.accounts.queries import gemeente_codes
from loket.app import open_database, open_vault
from loket.audit.action import Action
from loket.cases.dossier.dossier import Dossier
from loket.commanding import configured, leave_trail, who
from loket.db import NOBODY, Database, Scope
from loket.errors import LoketError, NotFound
from loket.vault.journal import Deed, note
from loket.vault.rebuild import Rebuild
from loket.vault.reseal import Reseal
from loket.vault.rotation import WHOLE, owner_of, tenants_of
from loket.vault.search import drop_tokens
from loket.vault.sweep import SAFE_AGE, Sweep
from loket.vault.vault import Vault
from loket.vault_cli import COMMANDS as VAULT
from loket.vault_cli import vault

TABLES = nouns.MODULES
SCOPE_HELP = "Referentie van een dossier, of het id van een sleutel."
GEMEENTE = click.option("--gemeente", help="Alleen deze gemeente (code).")


@dataclass(frozen=True)
class Works:
    """What these commands work with."""

    database: Database
    vault: Vault

    def tenant_and_scope(self, named: str) -> tuple[str, UUID]:
        """Find whose key this is.

        Raises:
            NotFound: there is no such case, and no such key.
        """
        scope = self._scope(named)
        with self.vault.engine.begin() as connection:
            tenant = owner_of(connection, scope) if scope else None
        if scope is None or tenant is None:
            raise NotFound("Er is geen sleutel van een dossier of id met deze naam.")
        return tenant, scope

    def _scope(self, named: str) -> UUID | None:
        with suppress(ValueError):
            return UUID(named)
        with self.database.transaction(NOBODY) as session:
            every = Scope(gemeente_codes(session))
        with self.database.transaction(every) as session:
            asked = select(Dossier.id).where(Dossier.referentie == named.upper())
            return session.scalar(asked)

    def tenants(self, only: str | None) -> list[str]:
        """List whose keys there are: of this gemeente, or of everyone.

        Raises:
            NotFound: this gemeente has none.
        """
        with self.vault.engine.begin() as connection:
            every = tenants_of(connection)
        if only is None:
            return every
        if only not in every:
            raise NotFound("Deze gemeente heeft geen sleutels.")
        return [only]

    def note(self, deed: Deed, tenant: str | None, moved: int) -> None:
        """Tell it to the journal of the key store."""
        with self.vault.engine.begin() as connection:
            note(connection, deed, who(), tenant=tenant, moved=moved)


@contextmanager
def at_work() -> Iterator[Works]:
    """Open database and vault for one command."""
    config = configured()
    keys = open_vault(config)
    database = open_database(config, keys)
    try:
        yield Works(database, keys)
    finally:
        database.engine.dispose()
        keys.engine.dispose()


def tell(line: str) -> None:
    """Show progress, apart from what the command answers."""
    click.echo(line, err=True)


def _trail_of(works: Works, tenant: str) -> tuple[str, ...]:
    """Say in whose trail it is written: accounts are of no gemeente."""
    with works.database.transaction(NOBODY) as session:
        return (tenant,) if tenant in gemeente_codes(session) else ()


@vault.command("reseal")
@click.argument("dossier", required=False, metavar="[DOSSIER]")
@GEMEENTE
@click.option("--all", "every", is_flag=True, help="Alle gemeenten, en de accounts.")
def reseal(dossier: str | None, gemeente: str | None, every: bool) -> None:
    """Geef dossiers en inwoners een nieuwe sleutel en verzegel alles opnieuw.

    DOSSIER is de referentie van een dossier, of het id van een sleutel. Doe dit als
    een datasleutel kan zijn uitgelekt. Maak daarna een reservekopie: een oudere is
    met de sleutelkluis van nu niet meer te lezen.
    """
    if sum(map(bool, (dossier, gemeente, every))) != 1:
        raise click.UsageError("Noem een dossier, of kies --gemeente of --all.")
    with at_work() as works:
        if dossier:
            tenant, scope = works.tenant_and_scope(dossier)
            _reseal(works, tenant, scope)
            return
        for tenant in works.tenants(gemeente):
            _reseal(works, tenant, WHOLE)


def _reseal(works: Works, tenant: str, scope: UUID) -> None:
    done = Reseal(works.database, works.vault, tenant, say=tell).run(scope)
    works.note(Deed.DATA_KEYS_REPLACED, tenant, done.scopes)
    leave_trail(
        Action.DATA_KEYS_REPLACED,
        *_trail_of(works, tenant),
        grond=f"{done.scopes} sleutels, {done.cells} cellen",
        subjects=() if scope == WHOLE else (scope,),
    )
    click.echo(
        f"{tenant}: {done.scopes} sleutels vernieuwd, {done.cells} cellen opnieuw"
        f" verzegeld, {done.keys} oude sleutels verwijderd."
    )
    if done.broken:
        for table, row, slot in sorted(done.broken):
            click.echo(f"  beschadigd: {table} {row} {slot}", err=True)
        raise LoketError(
            f"{len(done.broken)} cellen gaan niet open. Hun oude sleutels blijven:"
            " zet deze rijen terug uit een reservekopie en voer dit nog eens uit."
        )


@vault.command("rebuild-index")
@GEMEENTE
def rebuild_index(gemeente: str | None) -> None:
    """Bouw de zoekindex opnieuw, met een nieuwe sleutel.

    Doe dit elk jaar, als een gemeente veel groter is geworden, en na het terugzetten
    van een reservekopie: de zoekindex zit daar niet in.
    """
    with at_work() as works:
        for tenant in works.tenants(gemeente):
            if not _trail_of(works, tenant):
                continue
            new = Rebuild(works.database, works.vault, tenant, say=tell).run()
            works.note(Deed.INDEX_REBUILT, tenant, 0)
            grond = f"versie {new.number}, {new.bits} en {new.prefix_bits} bits"
            leave_trail(Action.SEARCH_INDEX_REBUILT, tenant, grond=grond)
            click.echo(f"{tenant}: de zoekindex is nieuw ({grond}).")


@vault.command("shred")
@click.argument("scope")
@click.option("--ground", "ground", required=True, help="Grond, zonder namen.")
@click.option("--yes", is_flag=True, help="Vraag niets.")
def shred(scope: str, ground: str, yes: bool) -> None:
    """Vernietig de sleutel van een dossier of inwoner: alles daarvan is dan weg.

    Dit kan niemand ongedaan maken. Gebruik dit alleen als de archiefmodule het niet
    doet: die vraagt een tweede en een derde om mee te kijken.
    """
    if not ground.strip():
        raise click.UsageError("Noem een grond.")
    with at_work() as works:
        tenant, scope_id = works.tenant_and_scope(scope)
        if not yes:
            typed = click.prompt(
                f"Typ {scope} over om dit voorgoed te vernietigen", type=str
            )
            if typed.strip().upper() != scope.upper():
                raise LoketError("Dat is iets anders. Er is niets vernietigd.")
        trail = _trail_of(works, tenant)
        works.vault.shred(scope_id, ground)
        with works.database.transaction(Scope(trail)) as session:
            drop_tokens(session, scope_id)
        works.note(Deed.SCOPE_SHREDDED, tenant, 1)
        leave_trail(
            Action.DATA_KEY_DESTROYED, *trail, grond=ground, subjects=(scope_id,)
        )
    click.echo("Vernietigd. Elk werkend proces weigert dit binnen een seconde.")


@vault.command("sweep")
@GEMEENTE
@click.option("--dry-run", is_flag=True, help="Toon wat weg kan, en doe niets.")
@click.option(
    "--days",
    type=click.IntRange(SAFE_AGE.days, 3650),
    default=7,
    show_default=True,
    help="Alleen sleutels die ouder zijn dan zoveel dagen.",
)
def sweep(gemeente: str | None, dry_run: bool, days: int) -> None:
    """Ruim sleutels op waar niets meer bij hoort."""
    age = timedelta(days=days)
    with at_work() as works:
        for tenant in works.tenants(gemeente):
            work = Sweep(works.database, works.vault, tenant)
            found = work.find(age) if dry_run else work.run(age)
            for each in found:
                click.echo(f"{tenant}: {each.kind} {each.scope}")
            done = "kunnen weg" if dry_run else "zijn weg"
            click.echo(f"{tenant}: {len(found)} sleutels {done}.")
            if found and not dry_run:
                works.note(Deed.KEYS_SWEPT, tenant, len(found))
                leave_trail(
                    Action.DATA_KEYS_SWEPT,
                    *_trail_of(works, tenant),
                    grond=f"{len(found)} sleutels",
                    subjects=[each.scope for each in found],
                )


COMMANDS = VAULT
