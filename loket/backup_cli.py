"""Roof: `loket backup` and `loket restore`: copies, the way back, and the drill."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from loket.audit.action import Action
from loket.backup import chain
from loket.backup.drill import Report, drill
from loket.backup.envelope import Progress, new_pair, read_identities
from loket.backup.making import Made, make_copy
from loket.backup.manifest import Manifest
from loket.backup.proof import Proof
from loket.backup.restoring import Restored, put_back
from loket.backup.trail import norms, note, standing
from loket.commanding import configured
from loket.config import Config
from loket.errors import LoketError
from loket.processes import StartProblem
from loket.surroundings import write_secret
from loket.termijnen import ZONE

MEGABYTE = 1_000_000
STEP = 64 * MEGABYTE
LOOK = 20.0
"""Seconds between two looks whether a copy is due."""
AHEAD = 0.5
"""Part of the norm after which the next copy is made: one may fail."""
NOW = "huidige"

MAP = click.option(
    "--map",
    "folder",
    type=click.Path(path_type=Path),
    help="Map met reservekopieën (standaard LOKET_BACKUP_DIR, of backup in de map"
    " van Loket).",
)


@click.group()
def backup() -> None:
    """Reservekopieën van database en sleutelkluis, versleuteld."""


@backup.command("sleutel")
@click.argument("bestand", type=click.Path(path_type=Path))
def make_key(bestand: Path) -> None:
    """Maak een reservesleutel; de geheime helft komt in BESTAND."""
    if bestand.exists():
        raise StartProblem(
            f"{bestand} bestaat al.\nWat u kunt doen: kies een andere naam; een sleutel"
            " die weg is, maakt oude kopieën onleesbaar."
        )
    secret, public = new_pair()
    write_secret(bestand, f"# publieke helft: {public}\n{secret}")
    click.echo(f"De geheime helft staat in {bestand}.")
    click.echo("Bewaar twee kopieën ervan buiten deze server, op twee plaatsen.")
    click.echo("De publieke helft is voor de server:\n")
    click.echo(f"LOKET_BACKUP_RECIPIENTS={public}")


@backup.command("make")
def make() -> None:
    """Maak een kopie van dit moment, en verwijder wat te oud is."""
    tell_made(_make(configured(), _progress))


@backup.command("list")
@MAP
def list_copies(folder: Path | None) -> None:
    """Noem de kopieën die er zijn."""
    place = folder or configured().backup_dir
    for which in chain.CHAINS:
        found = chain.copies(place, which)
        click.echo(f"{which}: {len(found)}")
        for each in found:
            held = Manifest.read(each)
            click.echo(
                f"  {each.name}  {held.size / MEGABYTE:,.1f} MB  versie {held.revision}"
            )


@backup.command("watch")
def watch() -> None:
    """Maak steeds een kopie voordat de norm verstrijkt; stopt met Ctrl-C."""
    config = configured()
    while True:
        try:
            if is_due(config, datetime.now(UTC)):
                tell_made(_make(config, lambda _: lambda _: None))
        except LoketError as problem:
            # the next round tries again; the page of the beheerder says it went wrong
            click.echo(problem.message, err=True)
        time.sleep(LOOK)


def is_due(config: Config, at: datetime) -> bool:
    """Whether the last copy is so old that the next is to be made."""
    stand = standing(config, at)
    if stand.gemaakt is None:
        return True
    return at - stand.gemaakt > stand.normen.verlies * AHEAD


def _make(config: Config, tell: Callable[[str], Progress]) -> Made:
    """Make a copy and tell the trail how it went."""
    at = datetime.now(UTC)
    held = norms(config, at)
    try:
        made = make_copy(
            config,
            keep_data_days=held.gegevens_dagen,
            keep_keys_days=held.sleutels_dagen,
            tell=tell,
        )
    except Exception:
        note(config, Action.RESERVEKOPIE_FAILED, at, "reservekopie_mislukt")
        raise
    taken = datetime.fromisoformat(made.data.taken_at)
    note(config, Action.RESERVEKOPIE_MADE, taken, made.data.name)
    return made


def tell_made(made: Made) -> None:
    """Say what was made."""
    size = (made.data.size + made.keys.size) / MEGABYTE
    rows = sum(made.data.rows.values())
    click.echo(
        f"Reservekopie {made.data.name}: {rows:,} rijen, {size:,.1f} MB,"
        f" {made.seconds:.1f} s."
    )
    if made.removed:
        click.echo(f"Te oud en verwijderd: {', '.join(sorted(set(made.removed)))}.")


def _progress(name: str) -> Progress:
    """Say every now and then how far a part is; nothing of what is in it."""
    done = [0, STEP]

    def tell(count: int) -> None:
        done[0] += count
        if done[0] >= done[1]:
            done[1] += STEP
            click.echo(f"  {name}: {done[0] / MEGABYTE:,.0f} MB", err=True)

    return tell


@click.command("restore")
@click.argument("kopie", required=False)
@MAP
@click.option(
    "--identity",
    type=click.Path(path_type=Path),
    envvar="LOKET_BACKUP_IDENTITY_FILE",
    required=True,
    help="Bestand met de geheime helft van de reservesleutel.",
)
@click.option(
    "--keystore",
    default=NOW,
    show_default=True,
    help="Sleutelkluis: 'huidige', 'nieuwste' of de naam van een kopie.",
)
@click.option("--overwrite", is_flag=True, help="Vervang wat er nu staat.")
@click.option("--full", is_flag=True, help="Open elke cel, niet een steekproef.")
@click.option("--drill", "is_drill", is_flag=True, help="Oefen: elders, en ruim op.")
def restore(
    kopie: str | None,
    folder: Path | None,
    identity: Path,
    keystore: str,
    overwrite: bool,
    full: bool,
    is_drill: bool,
) -> None:
    """Zet KOPIE terug (standaard de nieuwste) en kijk of alles klopt."""
    config = configured()
    place = folder or config.backup_dir
    identities = read_identities(identity)
    if is_drill:
        return tell_drill(
            config, drill(config, place, identities, all_cells=full, tell=_progress)
        )
    done = put_back(
        config,
        place / chain.DATA / kopie if kopie else chain.newest(place, chain.DATA),
        chosen_keys(place, keystore),
        identities,
        overwrite=overwrite,
        all_cells=full,
        tell=_progress,
    )
    note(config, Action.RESERVEKOPIE_RESTORED, datetime.now(UTC), done.data.name)
    tell_restored(done)
    return None


def chosen_keys(place: Path, keystore: str) -> Path | None:
    """Choose the copy of the key store; None keeps the one that is there."""
    if keystore == NOW:
        return None
    if keystore == "nieuwste":
        return chain.newest(place, chain.KEYS)
    return place / chain.KEYS / keystore


def tell_restored(done: Restored) -> None:
    """Say what was put back, what is to be done, and what is wrong."""
    click.echo(
        f"Teruggezet: {done.data.name}, alles tot {_moment(done.data.taken_at)}."
    )
    if done.keys is not None:
        click.echo(f"Sleutelkluis: {done.keys.name}.")
        click.echo(f"Opnieuw vernietigd: {done.buried} sleutels.")
        click.echo(
            f"Wat na {_moment(done.keys.taken_at)} is vernietigd en nergens meer"
            " bekend is, kan weer te lezen zijn. Vernietig dat opnieuw."
        )
    if done.messages is not None:
        click.echo(
            f"Berichten van toen staan in {done.messages}: kijk eerst welke al weg"
            " zijn."
        )
    click.echo("Opdrachten van na de kopie voert Loket opnieuw uit als het weer start.")
    tell_proof(done.proof)


def tell_drill(config: Config, report: Report) -> None:
    """Say how the drill went, and leave it in the trail when all was well."""
    at = datetime.now(UTC)
    most = norms(config, at).verlies
    click.echo(f"Oefening met {report.data}: {report.seconds:.1f} s.")
    click.echo(
        f"Zou nu verloren gaan: {_minutes(report.lost)} (norm {_minutes(most)})."
    )
    click.echo(
        f"Vernietigd en vernietigd gebleven: {report.tombstones}. De oudste kopie van"
        f" de sleutels is {report.oldest_keys}."
    )
    if report.lost > most:
        report.proof.faults.append("de nieuwste kopie is ouder dan de norm")
    if report.is_well(most):
        note(config, Action.RESERVEKOPIE_DRILLED, at, report.data)
    tell_proof(report.proof)


def tell_proof(proof: Proof) -> None:
    """Say what was looked at; what is wrong ends with status 1."""
    click.echo(
        f"Gekeken naar {proof.tables} tabellen met {proof.rows:,} rijen;"
        f" {proof.opened:,} cellen gingen open, {proof.destroyed} zijn vernietigd,"
        f" {proof.tokens:,} zoektekens zijn opnieuw gemaakt."
    )
    if proof.later:
        click.echo(
            f"Van het logboek zijn {proof.later} bundels van na deze kopie."
            " Die zijn weg."
        )
    if not proof.is_well:
        listed = "\n".join(f"- {fault}" for fault in proof.faults)
        raise StartProblem(f"Niet alles klopt:\n{listed}")
    click.echo("Alles klopt.")


def _minutes(span: timedelta) -> str:
    return f"{max(span.total_seconds(), 0) / 60:,.0f} minuten"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%d-%m-%Y %H:%M}"


COMMANDS: tuple[click.Command, ...] = (backup, restore)
