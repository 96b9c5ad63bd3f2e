"""Work of watching over looks: signals, some minutes after the looks."""

from datetime import datetime

from loket.accounts.queries import gemeente_codes
from loket.authz import Actor
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.toezicht.operations import signal_inzage


def signal_looks(database: Database, _config: Config, at: datetime) -> int:
    """Make the signals of every gemeente; return how many are new."""
    with database.transaction(NOBODY) as session:
        codes = gemeente_codes(session)
    made = 0
    for code in codes:
        with database.transaction(Scope.of(code)) as session:
            made += signal_inzage(session, Actor.system(code), at)
    return made
