"""What recurs for the beheerder: keys of which nothing is left are swept."""

from datetime import datetime, timedelta

from loket.accounts.queries import gemeente_codes
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.vault.epoch import StillAtWork
from loket.vault.journal import Deed, note
from loket.vault.layout import vault_of
from loket.vault.rewrap import AlreadyTurning
from loket.vault.sweep import Sweep

AGE = timedelta(days=7)
"""So old is a key that no row was ever made for, before it goes."""


def sweep_keys(database: Database, _config: Config, at: datetime) -> int:
    """Sweep the keys of every gemeente that belong to nothing; return how many."""
    with database.transaction(NOBODY) as session:
        codes, vault = gemeente_codes(session), vault_of(session)
    swept = 0
    for code in codes:
        try:
            gone = Sweep(database, vault, code).run(AGE)
        except (AlreadyTurning, StillAtWork):
            continue  # tomorrow is soon enough
        swept += len(gone)
        if not gone:
            continue
        with vault.engine.begin() as connection:
            note(connection, Deed.KEYS_SWEPT, "job", tenant=code, moved=len(gone))
        with database.transaction(Scope.of(code)) as session:
            record(
                session,
                Actor.system(code),
                Action.DATA_KEYS_SWEPT,
                at=at,
                grond=f"{len(gone)} sleutels",
                subjects=[each.scope for each in gone],
            )
    return swept
