"""A process that turns keys, to be killed: `python turning.py URL GEMEENTE ...`."""

import os
import signal
import sys
from collections.abc import Callable

from sqlalchemy import Engine, event

from loket.db import make_engine
from loket.vault.kek.local import LocalKek
from loket.vault.rewrap import rotate_gemeente, rotate_kek
from loket.vault.tenantkeys import TenantKeys

KEKS = {1: bytes(range(32)), 2: bytes(range(1, 33))}
BY = "cli/test"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nothing(_done: int, _total: int) -> None:
    """Who waits for no progress."""


def fresh_keys(*versions: int) -> TenantKeys:
    """Tenant keys that are not open yet, under these versions of the KEK."""
    return TenantKeys(LocalKek({each: KEKS[each] for each in versions}))


def killed_at(url: str, moment: int, turn: Callable[[Engine], object]) -> bool:
    """Turn in a child that is killed at that many statements; tell whether it was."""
    child = os.fork()
    if child == 0:
        seen = 0
        engine = make_engine(url)

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == moment:
                die()

        # after it is done and before it is committed
        event.listen(engine, "after_cursor_execute", count)
        try:
            turn(engine)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def main(url: str, *gemeenten: str) -> None:
    engine = make_engine(url)
    keys = fresh_keys(1, 2)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        rotate_kek(engine, keys, BY, nothing)
        for tenant in gemeenten:
            rotate_gemeente(engine, keys, tenant, BY, nothing)


if __name__ == "__main__":
    main(*sys.argv[1:])
