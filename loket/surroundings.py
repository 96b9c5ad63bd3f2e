"""Roof: completes the environment with the embedded servers and the home's secrets."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loket.config import KEK_BYTES, PRODUCTION, default_home
from loket.processes import StartProblem
from loket.provision import addresses

DATABASES = (
    "LOKET_DATABASE_URL",
    "LOKET_DATABASE_OWNER_URL",
    "LOKET_KEYSTORE_URL",
)
QUEUE = "LOKET_REDIS_URL"
OWNER_SETTINGS = ("LOKET_DATABASE_OWNER_URL", "LOKET_KEYSTORE_OWNER_URL")
SECRETS = {
    "LOKET_SECRET_KEY": "session_key",
    "LOKET_KEK": "kek",
}
"""Each secret with the file in the home that holds a generated one."""


@dataclass(frozen=True)
class Surroundings:
    """The settings as given, and what Loket adds to them on this machine."""

    given: Mapping[str, str]

    @property
    def home(self) -> Path:
        """The folder with everything that Loket keeps itself."""
        named = self.given.get("LOKET_HOME")
        return Path(named).expanduser().absolute() if named else default_home()

    @property
    def is_production(self) -> bool:
        """Whether nothing may be added: everything is configured by hand."""
        return self.given.get("LOKET_ENV") == PRODUCTION

    def has(self, name: str) -> bool:
        """Whether a setting is given, itself or as a file."""
        return bool(self.given.get(name) or self.given.get(f"{name}_FILE"))

    @property
    def embeds_postgres(self) -> bool:
        """Whether no database is configured, so that ours is to start."""
        return not self.is_production and not any(map(self.has, DATABASES))

    @property
    def embeds_valkey(self) -> bool:
        """Whether no queue is configured, so that ours is to start."""
        return not self.is_production and not self.has(QUEUE)

    def secret_file(self, name: str) -> Path:
        """Where a generated secret lives."""
        return self.home / "secrets" / SECRETS[name]

    def environ(self) -> dict[str, str]:
        """Return the complete settings; what is still missing, Config will say."""
        complete = dict(self.given) | {"LOKET_HOME": str(self.home)}
        for name, value in addresses(self.home).environ().items():
            ours = self.embeds_valkey if name == QUEUE else self.embeds_postgres
            if ours:
                complete[name] = value
        for name in SECRETS:
            file = self.secret_file(name)
            if not self.is_production and not self.has(name) and file.is_file():
                complete[f"{name}_FILE"] = str(file)
        return complete

    def child_environ(self) -> dict[str, str]:
        """Return the settings for web and worker: the owner's addresses stay here."""
        hidden = {*OWNER_SETTINGS, *(f"{name}_FILE" for name in OWNER_SETTINGS)}
        settings = self.environ()
        return {n: v for n, v in settings.items() if n not in hidden} | {
            "PYTHONUNBUFFERED": "1"
        }

    def make_secrets(self) -> None:
        """Generate what is missing, at the first start only, readable by us alone."""
        if self.is_production:
            return
        made = {
            "LOKET_SECRET_KEY": secrets.token_urlsafe(48),
            "LOKET_KEK": base64.b64encode(secrets.token_bytes(KEK_BYTES)).decode(),
        }
        for name, value in made.items():
            file = self.secret_file(name)
            if self.has(name) or file.is_file() or self._kept_elsewhere(name):
                continue
            self._refuse_lost_key(name, file)
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_secret(file, value)

    def _kept_elsewhere(self, name: str) -> bool:
        return name == "LOKET_KEK" and self.has("LOKET_KEK_PROVIDER")

    def _refuse_lost_key(self, name: str, file: Path) -> None:
        data = self.home / "postgres" / "data" / "PG_VERSION"
        if name == "LOKET_KEK" and data.is_file():
            raise StartProblem(
                f"De sleutel {file} ontbreekt, maar er zijn al gegevens. Met een nieuwe"
                " sleutel zijn die niet te lezen.\nWat u kunt doen: zet de sleutel"
                f" terug, of verwijder {self.home} om opnieuw te beginnen."
            )


def write_secret(file: Path, value: str) -> None:
    """Write a secret that is either there completely or not at all."""
    arriving = file.with_suffix(".new")
    arriving.unlink(missing_ok=True)
    descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(value + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    arriving.rename(file)
