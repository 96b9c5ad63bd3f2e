"""Roof: `loket audit ...` and `loket vault verify`: is all still what it was?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.audit import verify as trail
from loket.audit.action import Action
from loket.audit.batch import INSTALLATION
from loket.audit.checking import PublicKey, verify_export
from loket.audit.export import Period, write_export
from loket.audit.operations import record
from loket.audit.signing import anchored, keyring
from loket.commanding import as_loket, leave_trail
from loket.datum import lees_datum
from loket.termijnen import vandaag
from loket.vault import verify as vault_check
from loket.vault.layout import vault_of

GEMEENTE = click.option("--gemeente", help="Alleen deze gemeente (code, vier cijfers).")
MOST_TOLD = 200
"""Faults that are written out; the count is always told."""

Check = Callable[[Session, str], Iterable[object]]


def _chains(gemeente: str | None) -> list[str]:
    with as_loket() as (session, _, _):
        known = [INSTALLATION, *gemeente_codes(session)]
    if gemeente and gemeente not in known:
        raise click.UsageError(f"Gemeente {gemeente} is er niet.")
    return [gemeente] if gemeente else known


def _run(chains: list[str], check: Check, count: Callable[[], int], what: str) -> int:
    """Check chain after chain, telling each fault at once; return how many."""
    found = 0
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for chain in chains:
            task = bar.add_task(f"{what} {chain}", total=None)
            scope = () if chain == INSTALLATION else (chain,)
            with as_loket(*scope) as (session, _, _):
                for fault in _watched(check(session, chain), bar, task, count):
                    found += 1
                    if found <= MOST_TOLD:
                        click.echo(f"FOUT {fault}")
            bar.remove_task(task)
    if found > MOST_TOLD:
        click.echo(f"... en nog {found - MOST_TOLD} fouten.")
    return found


def _watched(
    faults: Iterable[object], bar: Progress, task: Any, count: Callable[[], int]
) -> Iterator[object]:
    for fault in faults:
        bar.update(task, completed=count())
        yield fault
    bar.update(task, completed=count())


@click.group()
def audit() -> None:
    """Het spoor: nakijken, en geven aan een auditor."""


@audit.command("verify")
@GEMEENTE
def verify_trail(gemeente: str | None) -> None:
    """Kijk na of er niets in het spoor is gewijzigd, weggehaald of toegevoegd."""
    tally = trail.Tally()

    def check(session: Session, chain: str) -> Iterator[object]:
        vault = vault_of(session)
        keys, known = keyring(vault, chain), anchored(vault, chain)
        return trail.verify_chain(session, keys, known, chain, tally)

    found = _run(_chains(gemeente), check, lambda: tally.rows, "Spoor van")
    leave_trail(Action.AUDIT_VERIFIED, grond=f"{tally.rows} regels, {found} fouten")
    click.echo(
        f"{tally.rows} regels in {tally.batches} bundels nagekeken."
        f" {tally.waiting} regels wachten nog op een bundel."
    )
    _end(found, "Er is niets gewijzigd, weggehaald of toegevoegd.")


@audit.command("export")
@click.option("--gemeente", required=True, help="Gemeentecode, vier cijfers.")
@click.option("--van", required=True, help="Eerste dag.")
@click.option("--tot", help="Laatste dag (standaard vandaag).")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def export(gemeente: str, van: str, tot: str | None, out: Path) -> None:
    """Schrijf het spoor van een gemeente in een bestand, om elders na te kijken."""
    _chains(gemeente)
    period = Period(lees_datum(van), lees_datum(tot) if tot else vandaag())
    if out.exists():
        raise click.UsageError(f"{out} bestaat al. Kies een andere naam.")
    with as_loket(gemeente) as (session, by, at):
        vault = vault_of(session)
        known = anchored(vault, gemeente)
        ring = replace(keyring(vault, gemeente), anchor_of=known.get)
        written = write_export(session, ring, gemeente, period, out, at)
        grond = f"{period.first} tot en met {period.last}"
        record(session, by, Action.AUDIT_EXPORTED, at=at, grond=grond)
    click.echo(f"{written} regels staan in {out}.")


@audit.command("verify-export")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--sleutel",
    "given",
    multiple=True,
    help="Openbare sleutel die u langs een andere weg kreeg: versie:vanaf:hex.",
)
def check_export(path: Path, given: tuple[str, ...]) -> None:
    """Kijk een bestand van het spoor na; daarvoor is geen database nodig."""
    faults = verify_export(path, dict(map(_key, given)))
    for fault in faults[:MOST_TOLD]:
        click.echo(f"FOUT {fault}")
    if not given:
        click.echo(
            "Let op: de sleutels komen uit het bestand zelf. Wie het bestand maakt, kan"
            " ook die vervangen. Noem ze met --sleutel."
        )
    _end(len(faults), "Het bestand is heel en de handtekeningen kloppen.")


def _key(said: str) -> tuple[int, PublicKey]:
    version, _, rest = said.partition(":")
    first, _, key = rest.partition(":")
    try:
        return int(version), PublicKey(int(first), bytes.fromhex(key))
    except ValueError:
        raise click.UsageError(f"{said} is geen versie:vanaf:hex.") from None


@audit.command("public-key")
@click.option("--gemeente", default=INSTALLATION, help="Gemeentecode, vier cijfers.")
def public_key(gemeente: str) -> None:
    """Toon de openbare sleutels waarmee een auditor de handtekeningen controleert.

    Elke regel is versie:vanaf:hex, zoals verify-export --sleutel haar leest. Na
    'vanaf' staat het nummer van de eerste bundel die deze versie tekent.
    """
    _chains(gemeente)
    with as_loket() as (session, _, _):
        ring = keyring(vault_of(session), gemeente)
        for version, signer in sorted(ring.signers.items()):
            click.echo(f"{version}:{ring.terms[version]}:{signer.public.hex()}")


@click.command("verify")
@GEMEENTE
def verify_vault(gemeente: str | None) -> None:
    """Open elk versleuteld veld en vergelijk besluiten met hun zegel."""
    tally = vault_check.Tally()

    def check(session: Session, chain: str) -> Iterator[object]:
        yield from vault_check.verify_cells(session, chain, tally)
        if chain != INSTALLATION:
            yield from vault_check.verify_seals(session, chain, tally)

    found = _run(_chains(gemeente), check, lambda: tally.cells, "Velden van")
    leave_trail(Action.VAULT_VERIFIED, grond=f"{tally.cells} velden, {found} fouten")
    click.echo(
        f"{tally.cells} velden geopend, {tally.rows} rijen met hun zegel vergeleken,"
        f" {tally.destroyed} velden zijn met opzet vernietigd."
    )
    _end(found, "Alles is zoals Loket het heeft opgeschreven.")


@click.command("seal-rows")
@click.argument("gemeente")
@click.confirmation_option(
    prompt="U verklaart dat de rijen zonder zegel kloppen. Doorgaan?"
)
def seal_rows(gemeente: str) -> None:
    """Geef een zegel aan rijen van voor er zegels waren (eenmalig)."""
    with as_loket(gemeente) as (session, by, at):
        sealed = vault_check.seal_unsealed(session, gemeente)
        record(session, by, Action.ROWS_SEALED, at=at, grond=f"{sealed} rijen")
    click.echo(f"{sealed} rijen hebben nu een zegel.")


def _end(found: int, good: str) -> None:
    if found:
        click.echo(f"{found} fouten gevonden. Meld dit bij de privacy officer.")
        raise SystemExit(1)
    click.echo(good)


COMMANDS = (audit,)
