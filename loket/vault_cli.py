"""Roof: `loket vault ...`: the whole life of the keys, for the beheerder."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from loket.app import open_vault
from loket.commanding import configured
from loket.termijnen import ZONE
from loket.vault.status import Gemeentekeys, Status, read_status
from loket.vault.vault import Vault


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
        at_hand = sorted(keys.tenant_keys.kek.versions())
        with keys.engine.connect() as connection:
            found = read_status(connection)
    tell_status(found, at_hand, Console())


def tell_status(found: Status, at_hand: list[int], console: Console) -> None:
    """Write it down for a person; there is no secret in it."""
    console.print(f"Hoofdsleutel (KEK): versie {_list(at_hand)} beschikbaar")
    for version, count in found.tenant_keys.items():
        missing = "" if version in at_hand else "  ONTBREEKT"
        console.print(f"  versie {version}: {count} gemeentesleutels{missing}")
    if any(version < max(at_hand) for version in found.tenant_keys):
        console.print("  Nog niet gedraaid: voer 'loket vault rotate-kek' uit.")
    console.print(_gemeenten(found.gemeenten))
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.scopes.items()))
    console.print(f"Sleutels per soort: {kinds or 'geen'}")
    console.print(f"Vernietigd: {found.tombstones}")
    console.print(_deeds(found))


def _list(versions: list[int]) -> str:
    return ", ".join(map(str, versions))


def _gemeenten(gemeenten: tuple[Gemeentekeys, ...]) -> Table:
    table = Table(title="Gemeentesleutels", title_justify="left")
    for name in ("gemeente", "versies", "datasleutels", "stand"):
        table.add_column(name)
    for each in gemeenten:
        keys = ", ".join(f"{count} onder {v}" for v, count in each.data_keys.items())
        state = "draait: rotate-gemeente nog eens" if each.is_turning else "goed"
        table.add_row(each.tenant, _list(list(each.versions)), keys or "geen", state)
    return table


def _deeds(found: Status) -> Table:
    table = Table(title="Laatste handelingen", title_justify="left")
    for name in ("wanneer", "wat", "gemeente", "van", "naar", "aantal", "door"):
        table.add_column(name)
    for deed in found.deeds:
        table.add_row(
            f"{deed.at.astimezone(ZONE):%d-%m-%Y %H:%M}",
            deed.deed,
            deed.tenant or "",
            str(deed.from_version or ""),
            str(deed.to_version or ""),
            str(deed.moved),
            deed.done_by,
        )
    return table


COMMANDS = (vault,)
