"""Roof: the `loket` command."""

import os
from contextlib import ExitStack
from pathlib import Path

import click

from loket.audit_cli import COMMANDS as AUDIT
from loket.backup_cli import COMMANDS as BACKUP
from loket.beheer_cli import COMMANDS as BEHEER
from loket.config import Config, ConfigError
from loket.demo.load import load_demo
from loket.demo.organisation import logins
from loket.demo.sized import MOST, USUAL, load_town
from loket.doctor import examine
from loket.errors import LoketError
from loket.guarding import guard_process
from loket.outside import check_postgres
from loket.processes import StartProblem
from loket.start import Demo, Start, migrate_both
from loket.surroundings import Surroundings
from loket.termijn_cli import termijn
from loket.turning_cli import COMMANDS as VAULT

DEMO = Demo(load_demo, logins)
"""The fictional municipality that the first start loads."""

COMMANDS: tuple[click.Command, ...] = (termijn, *BEHEER, *VAULT, *AUDIT, *BACKUP)
"""Commands of the rooms: a room that has one is added here."""


class Loket(click.Group):
    """A group whose errors for the user are a message, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run; what the user can solve is said, and ends with status 1."""
        try:
            return super().invoke(ctx)
        except LoketError as problem:
            click.echo(problem.message, err=True)
        except OSError as problem:
            # a full disk or a closed folder, at whatever moment it happens
            click.echo(
                f"Dat lukt niet: {problem.strerror or problem}"
                f" ({problem.filename or 'onbekend bestand'}).\n"
                "Wat u kunt doen: kijk naar ruimte en rechten van die plek.",
                err=True,
            )
        raise click.exceptions.Exit(1)


def surroundings_with(**options: object) -> Surroundings:
    """Read the environment; what is given on the command line goes first."""
    given = dict(os.environ)
    for name, value in options.items():
        if value is not None:
            given[name] = str(value)
    return Surroundings(given)


@click.group(cls=Loket)
@click.version_option(package_name="loket", message="Loket %(version)s")
def main() -> None:
    """Loket: zaaksysteem voor de Wmo."""


@main.command("start")
@click.option("--home", type=click.Path(path_type=Path), help="Map met gegevens.")
@click.option("--port", type=click.IntRange(1, 65535), help="Poort van het web.")
@click.option("--host", help="Adres waarop Loket luistert (standaard 127.0.0.1).")
@click.option("--no-demo", is_flag=True, help="Begin zonder verzonnen gemeente.")
def start(home: Path | None, port: int | None, host: str | None, no_demo: bool) -> None:
    """Start Loket: servers, web en worker. Ctrl-C stopt alles."""
    surroundings = surroundings_with(LOKET_HOME=home, LOKET_PORT=port, LOKET_HOST=host)
    Start(surroundings, None if no_demo else DEMO).run()


@main.command("demo")
@click.option(
    "--dossiers",
    type=click.IntRange(1, MOST),
    default=USUAL,
    show_default=True,
    help="Zoveel verzonnen zaken in totaal.",
)
@click.option("--home", type=click.Path(path_type=Path), help="Map met gegevens.")
def demo(dossiers: int, home: Path | None) -> None:
    """Vul de demo met meer verzonnen zaken, over twee jaar."""
    with ExitStack() as stack:
        config = _at_work(surroundings_with(LOKET_HOME=home), stack)
        load_town(config, dossiers, say=click.echo)


def _at_work(surroundings: Surroundings, stack: ExitStack) -> Config:
    """Use the servers that run; else start those of the home for as long as needed."""
    try:
        config = Config.from_env(surroundings.environ())
        check_postgres(config.database_url)
    except (ConfigError, StartProblem):
        return Start(surroundings, None).prepare(stack)
    return config


@main.command("migrate")
@click.option("--home", type=click.Path(path_type=Path), help="Map met gegevens.")
def migrate_databases(home: Path | None) -> None:
    """Werk de database en de sleutelkluis bij."""
    config = Config.from_env(surroundings_with(LOKET_HOME=home).environ())
    migrate_both(config)
    click.echo("De database en de sleutelkluis zijn bij.")


@main.command("doctor")
@click.option("--home", type=click.Path(path_type=Path), help="Map met gegevens.")
def doctor(home: Path | None) -> None:
    """Kijk of alles er is wat Loket nodig heeft, en wat u kunt doen."""
    if not examine(surroundings_with(LOKET_HOME=home), click.echo):
        raise click.exceptions.Exit(1)


for command in COMMANDS:
    main.add_command(command)


def run() -> None:
    """Run the command as a process of its own."""
    guard_process()
    main()
