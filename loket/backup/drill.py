"""The drill: put the newest copy back elsewhere, prove it, and clear it away."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyrage.x25519 import Identity

from loket.backup import chain
from loket.backup.proof import Proof, count_tombstones
from loket.backup.restoring import Tell, put_back
from loket.config import Config
from loket.embedded import EmbeddedPair


@dataclass(frozen=True)
class Report:
    """What a drill showed."""

    data: str
    keys: str
    lost: timedelta
    """Work that would be gone if everything broke now."""
    seconds: float
    proof: Proof
    tombstones: int
    oldest_keys: str
    """The oldest copy of the key store: how far back a destroyed key could come."""

    def is_well(self, most: timedelta) -> bool:
        """Whether everything opened and no more was lost than agreed."""
        return self.proof.is_well and self.lost <= most


@contextmanager
def elsewhere(config: Config) -> Iterator[Config]:
    """Start a PostgreSQL of this drill alone, and remove it with all it held."""
    home = Path(tempfile.mkdtemp(prefix="loket-proef-"))
    home.chmod(0o711)
    pair = EmbeddedPair(home, with_valkey=False, durable=False)
    try:
        here = pair.start()
        yield replace(
            config,
            home=home,
            iwmo_dir=home / "iwmo",
            backup_to=config.backup_dir,
            database_url=here.database_url,
            database_owner_url=here.database_owner_url,
            keystore_url=here.keystore_url,
            keystore_owner_url=here.keystore_owner_url,
        )
    finally:
        pair.stop()
        # what was put back may be read with the KEK: nothing of it stays
        shutil.rmtree(home)


def drill(
    config: Config,
    folder: Path,
    identities: list[Identity],
    *,
    all_cells: bool = False,
    tell: Tell = lambda _: lambda _: None,
) -> Report:
    """Put the newest copy of both back in a database of its own and look at it."""
    at = datetime.now(UTC)
    data, keys = chain.newest(folder, chain.DATA), chain.newest(folder, chain.KEYS)
    began = time.monotonic()
    with elsewhere(config) as there:
        done = put_back(there, data, keys, identities, all_cells=all_cells, tell=tell)
        tombstones = count_tombstones(there.keystore_owner_url)
    return Report(
        data.name,
        keys.name,
        at - datetime.fromisoformat(done.data.taken_at),
        time.monotonic() - began,
        done.proof,
        tombstones,
        chain.copies(folder, chain.KEYS)[0].name,
    )
