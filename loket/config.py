"""Configuration: one frozen object, read once from the environment or files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from environs import Env

from loket.errors import LoketError

PRODUCTION = "production"


class ConfigError(LoketError):
    """A setting is missing or wrong; the text says which and what to do."""


@dataclass(frozen=True)
class Config:
    """Everything Loket is told from outside. Secrets hide from `repr`."""

    database_url: str = field(repr=False)
    """Runtime role: under row-level security."""
    database_owner_url: str = field(repr=False)
    """Owner of the tables: migrations only."""
    keystore_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    kek: bytes = field(repr=False)
    """Key-encryption key, 32 bytes (from base64)."""
    home: Path
    env: str = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    iwmo_dir: Path | None = None
    iwmo_xsd_dir: Path | None = None
    log_level: str = "INFO"
    require_second_factor: bool = False
    secure_cookies: bool = False

    @property
    def is_production(self) -> bool:
        """Whether demo, embedded servers and plain cookies are refused."""
        return self.env == PRODUCTION


def read_secret(env: Env, name: str) -> str:
    """Read a secret from `NAME` or from the file that `NAME_FILE` points at."""
    value = env.str(name, "")
    path = env.str(f"{name}_FILE", "")
    if not value and path:
        value = Path(path).read_text(encoding="utf-8").strip()
    if not isinstance(value, str):
        raise ConfigError(f"{name} is geen tekst.")
    return value


def read_environment(environ: Mapping[str, str] | None = None) -> Env:
    """Wrap the environment (or a mapping, in tests) for reading."""
    env = Env()
    if environ is not None:
        os.environ.update(environ)
    return env
