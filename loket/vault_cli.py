"""Roof: `loket vault ...`: the whole life of the keys, for the beheerder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from loket.app import open_vault
from loket.audit.action import Action
from loket.audit.woorden import in_words
from loket.audit_cli import seal_rows, verify_vault
from loket.commanding import configured, leave_trail, who
from loket.errors import LoketError
from loket.escrow_cli import escrow
from loket.termijnen import ZONE
from loket.vault.errors import KekAway
from loket.vault.journal import Deed, note
from loket.vault.kek.choice import add_to_token
from loket.vault.kek.local import add_version
from loket.vault.rewrap import rotate_gemeente, rotate_kek
from loket.vault.status import (
    Gemeentekeys,
    KeyAge,
    Proofkeys,
    Status,
    read_status,
    turned_lately,
)
from loket.vault.vault import Vault

IN_ENVIRONMENT = (
    "De hoofdsleutel staat in de omgeving (LOKET_KEK); daar kan Loket niets bij"
    " schrijven.\nWat u kunt doen: maak er een met 'openssl rand -base64 32', zet haar"
    " als volgende versie achter de oude ('1:oude 2:nieuwe') op elke machine, start"
    " Loket daar opnieuw, en voer 'loket vault rotate-kek' uit."
)


@contextmanager
def opened() -> Iterator[Vault]:
    """Open the vault for one command."""
    vault = open_vault(configured())
    try:
        yield vault
    finally:
        vault.engine.dispose()


@click.group()
def vault() -> None:
    """De sleutels: stand, draaien, bewaren en vernietigen."""


@vault.command("status")
def status() -> None:
    """Toon welke sleutels er zijn en wat er het laatst mee is gedaan."""
    with opened() as keys:
        with keys.engine.connect() as connection:
            found = read_status(connection)
        try:
            at_hand = sorted(keys.tenant_keys.kek.versions())
        except KekAway as away:
            # the counts are worth more when something is wrong
            click.echo(away.message, err=True)
            at_hand = []
    tell_status(found, at_hand, Console())


@vault.command("new-kek")
def new_kek() -> None:
    """Maak een nieuwe versie van de hoofdsleutel, waar die nu ook is.

    Daarmee is nog niets gedraaid: dat doet rotate-kek.
    """
    config = configured()
    with opened() as keys:
        kek = keys.tenant_keys.kek
        if config.kek_provider:
            version = add_to_token(kek, max(config.keks, default=0))
        elif config.kek_file:
            version = add_version(config.kek_file)
        else:
            raise LoketError(IN_ENVIRONMENT)
        with keys.engine.begin() as connection:
            note(connection, Deed.KEK_MADE, who(), new=version)
    leave_trail(Action.KEK_MADE, grond=f"versie {version}")
    click.echo(f"Versie {version} van de hoofdsleutel is er. Nu:")
    if not config.kek_provider:
        click.echo("- maak een nieuwe escrow: loket vault escrow --out MAP")
        click.echo("- zet het bestand op elke machine waar Loket draait")
    click.echo("- draai de sleutels: loket vault rotate-kek")


@vault.command("rotate-kek")
def turn_kek() -> None:
    """Pak alle gemeentesleutels in met de nieuwste hoofdsleutel.

    Loket kan blijven draaien. Breekt dit af, voer het dan nog eens uit.
    """
    with opened() as keys, progress("Gemeentesleutels") as tell:
        turned = rotate_kek(keys.engine, keys.tenant_keys, who(), tell)
    if turned is None:
        click.echo("Alle gemeentesleutels zijn al met de nieuwste versie ingepakt.")
        return
    grond = f"versie {turned.old} naar {turned.new}, {turned.moved} sleutels"
    leave_trail(Action.KEK_ROTATED, grond=grond)
    click.echo(
        f"{turned.moved} gemeentesleutels zijn nu ingepakt met versie {turned.new}.\n"
        f"Bewaar versie {turned.old} zolang er reservekopieën van de sleutelkluis zijn"
        " die ermee zijn ingepakt; haal haar daarna weg."
    )


@vault.command("rotate-gemeente")
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Alle gemeenten, na elkaar.")
def turn_gemeente(code: str | None, every: bool) -> None:
    """Geef een gemeente een nieuwe sleutel en pak alle datasleutels opnieuw in.

    Loket kan blijven draaien. Breekt dit af, voer het dan nog eens uit: wat af is,
    blijft af. Met --all slaat Loket over wat het laatste etmaal al is gedraaid.
    """
    if bool(code) == every:
        raise click.UsageError("Noem een gemeentecode, of kies --all.")
    with opened() as keys:
        for tenant in [code] if code else _due(keys):
            with progress(f"Gemeente {tenant}") as tell:
                turned = rotate_gemeente(
                    keys.engine, keys.tenant_keys, tenant, who(), tell
                )
            grond = f"versie {turned.old} naar {turned.new}, {turned.moved} sleutels"
            leave_trail(Action.GEMEENTE_KEY_ROTATED, tenant, grond=grond)
            click.echo(
                f"Gemeente {tenant}: {turned.moved} datasleutels zijn nu ingepakt met"
                f" versie {turned.new}; de oude versie is weg."
            )


def _due(keys: Vault) -> list[str]:
    """Tell which gemeenten were not turned lately."""
    with keys.engine.connect() as connection:
        gemeenten = read_status(connection, 0).gemeenten
        fresh = turned_lately(connection)
    due = []
    for each in gemeenten:
        if each.tenant in fresh and not each.is_turning:
            click.echo(f"Gemeente {each.tenant}: was het laatste etmaal al gedraaid.")
        else:
            due.append(each.tenant)
    return due


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], object]]:
    """Show how far a command is, on the screen of who waits for it."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def tell_status(found: Status, at_hand: list[int], console: Console) -> None:
    """Write it down for a person; there is no secret in it."""
    shown = f"versie {_list(at_hand)} beschikbaar" if at_hand else "niet bereikbaar"
    console.print(f"Hoofdsleutel (KEK): {shown}")
    for version, count in found.tenant_keys.items():
        missing = "" if version in at_hand else "  ONTBREEKT"
        console.print(f"  versie {version}: {count} gemeentesleutels{missing}")
    if any(version < max(at_hand, default=0) for version in found.tenant_keys):
        console.print("  Nog niet gedraaid: voer 'loket vault rotate-kek' uit.")
    console.print()
    console.print(_gemeenten(found.gemeenten))
    console.print()
    if found.proof:
        console.print(_proof(found.proof))
        console.print()
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.scopes.items()))
    console.print(f"Sleutels per soort: {kinds or 'geen'}")
    console.print(f"Vernietigd: {found.tombstones}")
    if found.deeds:
        console.print()
        console.print(_deeds(found))


def _list(versions: list[int]) -> str:
    return ", ".join(map(str, versions))


def _gemeenten(gemeenten: tuple[Gemeentekeys, ...]) -> Table:
    table = _table("Gemeente", "Versies", "Datasleutels", "Stand")
    for each in gemeenten:
        keys = ", ".join(f"{count} onder {v}" for v, count in each.data_keys.items())
        state = "draait: rotate-gemeente nog eens" if each.is_turning else "goed"
        table.add_row(each.tenant, _list(list(each.versions)), keys or "geen", state)
    return table


def _proof(proof: tuple[Proofkeys, ...]) -> Table:
    table = _table("Gemeente", "Tekensleutel", "Zegelsleutel", "Stand")
    for each in proof:
        state = "draait: new-seal-key nog eens" if each.is_turning else "goed"
        table.add_row(each.tenant, _aged(each.signing[-1:]), _aged(each.seals), state)
    return table


def _aged(keys: tuple[KeyAge, ...]) -> str:
    if not keys:
        return "geen"
    since = keys[-1].since.astimezone(ZONE)
    return f"{_list([key.version for key in keys])} ({since:%d-%m-%y})"


def _deeds(found: Status) -> Table:
    table = _table("Wanneer", "Wat", "Gemeente", "Versie", "Aantal", "Door")
    for deed in found.deeds:
        versions = [str(each) for each in (deed.from_version, deed.to_version) if each]
        table.add_row(
            f"{deed.at.astimezone(ZONE):%d-%m-%y %H:%M}",
            in_words(deed.deed),
            deed.tenant or "",
            " → ".join(versions),
            str(deed.moved or ""),
            deed.done_by,
        )
    return table


def _table(*heads: str) -> Table:
    # without lines it fits on eighty columns, and in a file
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, no_wrap=True)
    return table


for command in (escrow, verify_vault, seal_rows):
    vault.add_command(command)

COMMANDS = (vault,)
