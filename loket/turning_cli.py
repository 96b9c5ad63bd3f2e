"""Roof: `loket audit new-signing-key`, `loket vault new-seal-key`: keys that prove.

Loket keeps working meanwhile. What breaks off, goes on when it is asked again.
"""

import click

from loket.accounts.queries import gemeente_codes
from loket.audit.action import Action
from loket.audit.batch import INSTALLATION
from loket.audit.sealing import gemeente_of
from loket.audit.turning import replace_signing_key
from loket.audit_cli import MOST_TOLD, audit
from loket.commanding import leave_trail, who
from loket.db import NOBODY
from loket.errors import LoketError, NotFound
from loket.reseal_cli import COMMANDS as VAULT
from loket.reseal_cli import GEMEENTE, Works, at_work, tell
from loket.vault.sealturn import Renewed, SealTurn
from loket.vault.status import read_status, turned_lately
from loket.vault.tenantkeys import SEALS, SIGNING
from loket.vault_cli import vault


def _chosen(works: Works, only: str | None, purpose: str) -> list[str]:
    """List who is to get a new key; of all, those who got none in the last 24 hours.

    Raises:
        NotFound: this gemeente is not here.
    """
    with works.database.transaction(NOBODY) as session:
        known = list(gemeente_codes(session))
    if purpose == SIGNING:
        known.insert(0, INSTALLATION)
    if only is not None:
        if only not in known:
            raise NotFound(f"Gemeente {only} is er niet.")
        return [only]
    with works.vault.engine.connect() as connection:
        half = {
            each.tenant
            for each in read_status(connection, 0).proof
            if each.is_turning and purpose == SEALS
        }
        fresh = turned_lately(connection, purpose) - half
    for tenant in known:
        if tenant in fresh:
            click.echo(f"{tenant}: had het laatste etmaal al een nieuwe sleutel.")
    return [tenant for tenant in known if tenant not in fresh]


def _one_or_all(gemeente: str | None, every: bool) -> None:
    if bool(gemeente) == every:
        raise click.UsageError("Noem een gemeente met --gemeente, of kies --all.")


@audit.command("new-signing-key")
@GEMEENTE
@click.option("--all", "every", is_flag=True, help="Alle gemeenten, en Loket zelf.")
def new_signing_key(gemeente: str | None, every: bool) -> None:
    """Vervang de sleutel waarmee het spoor wordt ondertekend.

    Vanaf de volgende bundel tekent de nieuwe sleutel. Oudere bundels blijven te
    controleren met de oude openbare sleutel. Wat daarna nog met de oude sleutel is
    ondertekend, noemt verify als fout. Met --all slaat Loket over wat het laatste
    etmaal al is vervangen.
    """
    _one_or_all(gemeente, every)
    with at_work() as works:
        for chain in _chosen(works, gemeente, SIGNING):
            done = replace_signing_key(works.database, works.vault, chain, who())
            grond = f"versie {done.old} naar {done.new}, vanaf bundel {done.vanaf}"
            code = gemeente_of(chain)
            leave_trail(
                Action.SIGNING_KEY_REPLACED, *([code] if code else []), grond=grond
            )
            click.echo(
                f"{chain}: de sleutel van de handtekening is vervangen: {grond}."
            )
    click.echo(
        "Geef de nieuwe openbare sleutels aan uw auditor: loket audit public-key"
    )


@vault.command("new-seal-key")
@GEMEENTE
@click.option("--all", "every", is_flag=True, help="Alle gemeenten.")
@click.option(
    "--drop-always",
    is_flag=True,
    help="Verwijder de oude sleutel ook als er rijen zijn die niet kloppen.",
)
def new_seal_key(gemeente: str | None, every: bool, drop_always: bool) -> None:
    """Vervang de sleutel van de zegels op besluiten, en verzegel ze opnieuw.

    Alleen een rij die past bij haar laatste zegel krijgt een nieuw. De andere worden
    genoemd; de oude sleutel blijft dan, tot u ze hebt teruggezet of --drop-always
    kiest. Breekt dit af, voer het dan nog eens uit.
    """
    _one_or_all(gemeente, every)
    wrong = 0
    with at_work() as works:
        for tenant in _chosen(works, gemeente, SEALS):
            turn = SealTurn(works.database, works.vault, tenant, who(), say=tell)
            done = turn.run(drop_always=drop_always)
            _tell_renewed(tenant, done)
            wrong += len(done.unsound)
    if wrong:
        raise LoketError(
            f"{wrong} rijen passen niet bij hun zegel en kregen geen nieuw. Meld dit"
            " bij de privacy officer.\nWat u kunt doen: zet ze terug uit een"
            " reservekopie en voer dit nog eens uit."
        )


def _tell_renewed(tenant: str, done: Renewed) -> None:
    grond = f"versie {done.old} naar {done.new}, {done.rows} rijen"
    if done.unsound:
        grond += f", {len(done.unsound)} rijen kloppen niet"
    leave_trail(Action.SEAL_KEY_REPLACED, tenant, grond=grond)
    dropped = "de oude sleutel is weg" if done.is_dropped else "de oude sleutel blijft"
    click.echo(f"{tenant}: de sleutel van de zegels: {grond}; {dropped}.")
    for table, row_id in sorted(done.unsound)[:MOST_TOLD]:
        click.echo(f"  klopt niet: {table} {row_id}", err=True)


COMMANDS = VAULT
