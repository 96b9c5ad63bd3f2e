"""The command `loket termijn`: when a term ends, and how that comes about."""

import re

import click

from loket.datum import lees_datum
from loket.errors import LoketError
from loket.termijnen import Termijn, leg_uit

USAGE = "Gebruik: loket termijn 6w 2026-03-23 (zie ook: loket termijn --help)"


class DutchCommand(click.Command):
    """A command that explains wrong input in Dutch and ends with status 2."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Read the arguments; what click does not understand gets the usage."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError:
            _refuse("Dit begrijp ik niet.")
            raise click.exceptions.Exit(2) from None

    def invoke(self, ctx: click.Context) -> object:
        """Run; an error for the user is a message, not a traceback."""
        try:
            return super().invoke(ctx)
        except LoketError as refusal:
            _refuse(refusal.message)
            raise click.exceptions.Exit(2) from None


def _refuse(message: str) -> None:
    click.echo(message, err=True)
    click.echo(USAGE, err=True)


def _read_days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise LoketError("Vul bij --opschorting een aantal dagen in, zoals 10.")
    return int(text)


@click.command(
    "termijn",
    cls=DutchCommand,
    short_help="Reken uit wanneer een termijn eindigt.",
    options_metavar="[OPTIES]",
    add_help_option=False,
)
@click.argument("termijn_tekst", metavar="TERMIJN")
@click.argument("begin", metavar="DATUM")
@click.option(
    "--opschorting",
    default="0",
    metavar="DAGEN",
    help="Aantal dagen dat de termijn stilstond (Awb artikel 4:15).",
)
@click.option(
    "--zonder-termijnenwet",
    is_flag=True,
    help="De termijn staat niet in een wet: de Algemene termijnenwet geldt niet.",
)
@click.help_option("--help", help="Laat deze uitleg zien.")
def termijn(
    termijn_tekst: str, begin: str, opschorting: str, zonder_termijnenwet: bool
) -> None:
    """Reken uit wanneer een termijn eindigt, en leg uit waarom.

    TERMIJN is een getal met een letter: 7d (dagen), 6w (weken), 3m (maanden) of
    15j (jaren). DATUM is de dag waarop de termijn begint, zoals 2026-03-23 of
    23-3-2026. De laatste regel is alleen de uiterste datum.
    """
    uitleg = leg_uit(
        lees_datum(begin),
        Termijn.lees(termijn_tekst, atw=not zonder_termijnenwet),
        _read_days(opschorting),
    )
    for stap in uitleg.stappen:
        click.echo(stap)
    if uitleg.waarschuwing:
        click.echo(f"Let op: {uitleg.waarschuwing}", err=True)
    click.echo(uitleg.datum.isoformat())
