"""Roof: `loket vault escrow`: the KEK in two parts, and back again."""

import base64
import os
from pathlib import Path

import click

from loket.app import open_vault
from loket.audit.action import Action
from loket.commanding import configured, leave_trail, who
from loket.config import Reader
from loket.db import make_engine
from loket.errors import LoketError
from loket.surroundings import Surroundings
from loket.termijnen import vandaag
from loket.vault.escrow import BadPart, Part, join, prove, read_part, split
from loket.vault.journal import Deed, note
from loket.vault.kek.provider import Keks
from loket.vault.status import read_status

IN_HSM = (
    "De hoofdsleutel zit in de HSM en kan er niet uit: hij is niet in delen op te"
    " schrijven.\nWat u kunt doen: bewaar de HSM zelf dubbel. Maak met het programma"
    " van de leverancier een versleutelde reservekopie of een tweede HSM met dezelfde"
    " sleutels, bewaar de kaarten of pincodes daarvan bij twee mensen, en probeer elk"
    " jaar of Loket met die tweede HSM opent ('loket doctor')."
)
PARTS = (click.Path(exists=True, dir_okay=False, path_type=Path),) * 2


@click.command("escrow")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Map voor de twee delen, of voor de sleutel bij --restore.",
)
@click.option("--check", "check", type=PARTS, help="Probeer of twee delen passen.")
@click.option("--restore", "restore", type=PARTS, help="Zet de sleutel weer in elkaar.")
def escrow(
    out: Path | None, check: tuple[Path, Path] | None, restore: tuple[Path, Path] | None
) -> None:
    """Bewaar de hoofdsleutel in twee delen, die u apart in een kluis legt.

    Zonder --check of --restore maakt dit twee bestanden om af te drukken.
    """
    if check:
        _check(check)
    elif restore:
        _restore(restore, _folder(out))
    else:
        _make(_folder(out))


def _folder(out: Path | None) -> Path:
    if out is None:
        raise click.UsageError("Noem met --out een map.")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    return out


def _make(out: Path) -> None:
    config = configured()
    if config.kek_provider:
        raise LoketError(IN_HSM)
    vault = open_vault(config)
    try:
        # what is on paper must open what is stored
        vault.check()
        with vault.engine.begin() as connection:
            gemeenten = [each.tenant for each in read_status(connection, 0).gemeenten]
            parts = split(config.keks, gemeenten, vandaag())
            names = [_write(out / _name(part), part.text()) for part in parts]
            note(connection, Deed.KEK_ESCROWED, who(), new=max(config.keks))
    finally:
        vault.engine.dispose()
    leave_trail(Action.KEK_ESCROWED, grond=f"set {parts[0].set_id}")
    click.echo("De hoofdsleutel staat in twee delen:")
    for name in names:
        click.echo(f"  {name}")
    click.echo(
        "Druk ze af, leg ze op twee plekken in een kluis, probeer ze met --check en"
        " verwijder daarna beide bestanden."
    )


def _name(part: Part) -> str:
    return f"loket-escrow-{part.set_id}-deel-{part.name}.txt"


def _write(file: Path, content: str) -> Path:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    return file


def _read(files: tuple[Path, Path]) -> Keks:
    parts = []
    for file in files:
        try:
            parts.append(read_part(file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            raise BadPart(f"{file} is geen tekst.") from None
        except BadPart as problem:
            raise BadPart(f"{file}: {problem.message}") from None
    return join(*parts)


def _check(files: tuple[Path, Path]) -> None:
    keks = _read(files)
    # the settings may lack the very key that these parts hold
    reader = Reader(Surroundings(dict(os.environ)).environ())
    url = reader.database("LOKET_KEYSTORE_URL")
    reader.refuse_problems()
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            count = prove(connection, keks)
    finally:
        engine.dispose()
    if not count:
        click.echo("De delen passen bij elkaar; de sleutelkluis is nog leeg.")
        return
    click.echo(
        f"Goed: de delen geven de hoofdsleutel (versie {_versions(keks)}), en die opent"
        f" alle {count} sleutels van gemeenten. Er is niets weggeschreven."
    )


def _restore(files: tuple[Path, Path], out: Path) -> None:
    keks = _read(files)
    lines = [
        f"{version}:{base64.b64encode(kek).decode()}\n"
        for version, kek in sorted(keks.items())
    ]
    file = _write(out / "kek", "".join(lines))
    click.echo(
        f"De hoofdsleutel (versie {_versions(keks)}) staat in {file}.\n"
        f"Zet LOKET_KEK_FILE={file} en voer 'loket doctor' uit."
    )


def _versions(keks: Keks) -> str:
    return ", ".join(map(str, sorted(keks)))
