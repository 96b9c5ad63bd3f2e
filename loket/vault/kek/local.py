"""The KEK in the memory of this process, as the environment or a file gave it."""

import base64
import os
import secrets
import stat
from collections.abc import Callable, Collection
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from loket.config import read_keks
from loket.vault.cell import unwrap, wrap
from loket.vault.errors import KekMissing
from loket.vault.kek.provider import KEK_BYTES, Keks, Wrapped


class LocalKek:
    """One or more versions of the KEK, held here.

    Args:
        reread: reads the file again, so that a version which is added to it while the
            office works is found without a restart.
    """

    def __init__(self, keks: Keks, reread: Callable[[], Keks] | None = None) -> None:
        self._reread = reread
        self._keep(keks)

    def __repr__(self) -> str:
        return f"<LocalKek {sorted(self._keys)}>"

    def _keep(self, keks: Keks) -> None:
        if not keks or any(len(kek) != KEK_BYTES for kek in keks.values()):
            raise ValueError("a key-encryption key has 32 bytes")
        self._keys = {version: AESGCM(kek) for version, kek in keks.items()}

    def _look_again(self) -> None:
        if self._reread is not None:
            self._keep(self._reread())

    def versions(self) -> Collection[int]:
        """Say which versions are at hand."""
        self._look_again()
        return sorted(self._keys)

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Wrap under the newest version, also when it was added a moment ago."""
        newest = max(self.versions())
        return Wrapped(wrap(self._keys[newest], context, secret), newest)

    def unwrap(self, blob: bytes, context: bytes, version: int) -> bytes:
        """Unwrap with the version that wrapped it."""
        if version not in self._keys:
            self._look_again()
        key = self._keys.get(version)
        if key is None:
            raise KekMissing(version)
        return unwrap(key, context, blob)

    def after_fork(self) -> None:
        """Nothing of this is bound to a process."""


def add_version(file: Path) -> int:
    """Write a new version after those in the file; tell which. Its owner stays.

    Raises:
        OSError, ValueError: the file cannot be written, or is no file of keys.
    """
    text = file.read_text(encoding="utf-8")
    version = max(read_keks(text)) + 1
    key = base64.b64encode(secrets.token_bytes(KEK_BYTES)).decode()
    kept = file.stat()
    arriving = file.with_name(f"{file.name}.new")
    arriving.unlink(missing_ok=True)
    descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(descriptor, stat.S_IMODE(kept.st_mode))
        os.fchown(descriptor, kept.st_uid, kept.st_gid)
        stream.write(f"{text.rstrip()}\n{version}:{key}\n")
        stream.flush()
        os.fsync(descriptor)
    # wholly there or not at all: half a key file would be the end
    arriving.rename(file)
    return version
