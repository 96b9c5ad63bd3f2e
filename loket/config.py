"""Configuration: one frozen object, read once from the environment or files."""

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import EnvError, FileAwareEnv

from loket.errors import LoketError

PRODUCTION = "production"
DEVELOPMENT = "development"
KEK_BYTES = 32
LAST_KEK = 32_767
"""Highest version of that key: a small integer in the key store."""
SHORTEST_SECRET = 32
MOST_PROXIES = 5
_PUBLIC_KEY = re.compile(r"age1[0-9a-z]{58}")
_MAIL_ADRES = re.compile(r"[!-~]+@[!-~]+")

REMEDIES = {
    "LOKET_DATABASE_URL": "het adres van PostgreSQL voor de rol waarmee Loket werkt,"
    " bijvoorbeeld postgresql+psycopg://loket_app@server/loket",
    "LOKET_DATABASE_OWNER_URL": "het adres van PostgreSQL voor de eigenaar van de"
    " tabellen; alleen nodig om te migreren",
    "LOKET_KEYSTORE_URL": "het adres van de sleutelkluis: een eigen database,"
    " bijvoorbeeld postgresql+psycopg://loket_keystore@server/loket_keystore",
    "LOKET_KEYSTORE_OWNER_URL": "het adres van de sleutelkluis voor de eigenaar van"
    " de tabellen; alleen nodig om te migreren",
    "LOKET_REDIS_URL": "het adres van Redis of Valkey, bijvoorbeeld"
    " redis://server:6379/0",
    "LOKET_SECRET_KEY": "een willekeurige tekst van 32 tekens of meer; maak er een"
    " met: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
    "LOKET_KEK": "base64 van 32 willekeurige bytes; maak ze met: openssl rand -base64"
    " 32 (bewaar twee kopieën: zonder deze sleutel zijn alle gegevens weg). Bij het"
    " draaien van de sleutel: 'versie:base64' voor elke versie",
    "LOKET_KEK_PROVIDER": "het adres van de HSM, dat begint met pkcs11: (zie"
    " docs/sleutels.md); laat het leeg als de sleutel in LOKET_KEK staat",
    "LOKET_ENV": f"{DEVELOPMENT} of {PRODUCTION}",
    "LOKET_PORT": "een getal van 1 tot en met 65535",
    "LOKET_BASE_URL": "het adres waarop mensen Loket openen, bijvoorbeeld"
    " https://loket.gemeente.example",
    "LOKET_LOG_LEVEL": "DEBUG, INFO, WARNING of ERROR",
    "LOKET_REQUIRE_SECOND_FACTOR": "true of false",
    "LOKET_SECURE_COOKIES": "true of false",
    "LOKET_SMTP_URL": "het adres van de mailserver, bijvoorbeeld"
    " smtp://gebruiker:wachtwoord@server:587 (STARTTLS) of smtps://server; laat het"
    " leeg als Loket niet mailt",
    "LOKET_MAIL_FROM": "het adres van de afzender, bijvoorbeeld loket@gemeente.example",
    "LOKET_BACKUP_RECIPIENTS": "publieke reservesleutels die met age1 beginnen, met"
    " een spatie ertussen; maak een paar met: loket backup sleutel",
    "LOKET_TRUSTED_PROXIES": "het aantal eigen proxy's vóór Loket, 0 tot en met 5",
}
"""What each setting must hold, for the person who has to fill it in."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class ConfigError(LoketError):
    """Settings are missing or wrong; the text says which and what to do."""


@dataclass(frozen=True)
class Config:
    """Everything Loket is told from outside. Secrets hide from `repr`."""

    database_url: str = field(repr=False)
    """Runtime role: under row-level security."""
    database_owner_url: str = field(repr=False)
    """Owner of the tables: migrations only; empty in the web and worker processes."""
    keystore_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    keks: Mapping[int, bytes] = field(repr=False)
    """Versions of the key-encryption key, 32 bytes each; none when an HSM keeps it."""
    home: Path
    kek_file: Path | None = None
    """Where those came from: looked at again for a version that is not known yet."""
    kek_provider: str = ""
    """Address of the HSM with the newest version; empty when `keks` has it."""
    env: str = DEVELOPMENT
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    iwmo_dir: Path | None = None
    iwmo_xsd_dir: Path | None = None
    log_level: str = "INFO"
    require_second_factor: bool = False
    secure_cookies: bool = False
    trusted_proxies: int = 0
    """How many proxies of our own stand before us: their X-Forwarded-* is believed."""
    smtp_url: str = field(default="", repr=False)
    """Mail server; empty when Loket sends no e-mail."""
    mail_from: str = ""
    """Sender of that e-mail."""
    keystore_owner_url: str = field(default="", repr=False)
    """Owner of the key store: migrations only."""
    backup_to: Path | None = None
    backup_recipients: tuple[str, ...] = ()
    """Public keys for whom copies are sealed; without one there are no copies."""

    @property
    def backup_dir(self) -> Path:
        """Where copies of the databases are kept."""
        return self.backup_to or self.home / "backup"

    @property
    def is_production(self) -> bool:
        """Whether demo, embedded servers and plain cookies are refused."""
        return self.env == PRODUCTION

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read all settings; everything that is wrong comes in one ConfigError."""
        reader = Reader(os.environ if environ is None else environ)
        config = reader.config()
        reader.refuse_problems()
        return config


def default_home() -> Path:
    """Choose where Loket keeps its things: root's home is closed to other users."""
    if os.geteuid() == 0:
        return Path("/var/lib/loket")
    return Path.home() / ".local" / "share" / "loket"


def address_of(host: str, port: int) -> str:
    """Write the address people type; a server on every interface is also here."""
    shown = {"0.0.0.0": "localhost", "::": "localhost", "127.0.0.1": "localhost"}  # noqa: S104 -- read, not bound
    name = shown.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def read_keks(text: str) -> dict[int, bytes]:
    """Read the versions of the key-encryption key: `version:base64`, one or more.

    A key without a version is version 1. What follows a # on its line is a remark.

    Raises:
        ValueError: it says what is wrong in words for the beheerder, never a key.
    """
    entries = [
        entry for line in text.splitlines() for entry in line.split("#")[0].split()
    ]
    found: dict[int, bytes] = {}
    for entry in entries:
        number, _, coded = entry.rpartition(":")
        try:
            version, key = int(number or 1), base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            version, key = 0, b""
        if len(key) != KEK_BYTES or not 0 < version <= LAST_KEK:
            raise ValueError("is geen base64 van 32 bytes")
        if version in found or key in found.values():
            raise ValueError("heeft twee keer dezelfde versie of dezelfde sleutel")
        found[version] = key
    if not found:
        raise ValueError("is leeg")
    return found


class MappedEnv(FileAwareEnv):
    """Reads `NAME`, or the file that `NAME_FILE` points at, from a given mapping."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__()
        self.given = environ

    def _get_value(self, env_key: str, default: Any) -> Any:
        if value := self.given.get(env_key):
            return value
        path = self.given.get(f"{env_key}_FILE")
        if not path:
            return default
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"bestand {path} is niet te lezen") from error


class Reader:
    """Reads one setting after the other and gathers what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.env = MappedEnv(environ)
        self.problems: list[str] = []

    def refuse_problems(self) -> None:
        """Say everything that is wrong at once, each with its remedy."""
        if self.problems:
            lines = "\n".join(f"- {problem}" for problem in self.problems)
            raise ConfigError(f"De instellingen kloppen niet:\n{lines}")

    def problem(self, name: str, what: str) -> None:
        """Note what is wrong with a setting, and what it should hold."""
        remedy = REMEDIES.get(name)
        self.problems.append(f"{name} {what}." + (f" Nodig: {remedy}." * bool(remedy)))

    def read(self, read: Callable[..., Any], name: str, default: Any = ...) -> Any:
        """Read one setting with a method of environs."""
        try:
            return read(name) if default is ... else read(name, default)
        except EnvError:
            missing = not self.env.given.get(name)
            self.problem(name, "ontbreekt" if missing else "is niet goed")
        except ValueError as error:
            self.problem(name, f"ontbreekt: {error}")
        return None

    def text(self, name: str, default: Any = ...) -> str:
        """Read a text; empty when it is missing (and then it is noted)."""
        return self.read(self.env.str, name, default) or ""

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Read a word out of a list."""
        value = self.text(name, default)
        if value not in allowed:
            self.problem(name, "heeft een onbekende waarde")
        return value

    def database(self, name: str, default: Any = ...) -> str:
        """Read the address of a database; the driver is always psycopg."""
        url = self.text(name, default)
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                url = "postgresql+psycopg://" + url.removeprefix(short)
        if url and not url.startswith("postgresql+psycopg://"):
            self.problem(name, "is geen adres van PostgreSQL")
        return url

    def port(self) -> int:
        """Read the port."""
        port = self.read(self.env.int, "LOKET_PORT", 8000)
        if port is not None and not 0 < port < 65536:
            self.problem("LOKET_PORT", "is geen geldige poort")
        return int(port or 0)

    def proxies(self) -> int:
        """Read how many proxies of our own are believed."""
        count = self.read(self.env.int, "LOKET_TRUSTED_PROXIES", 0)
        if count is not None and not 0 <= count <= MOST_PROXIES:
            self.problem("LOKET_TRUSTED_PROXIES", "is geen geldig aantal")
        return int(count or 0)

    def keks(self, provider: str) -> dict[int, bytes]:
        """Read the key-encryption key; not needed where an HSM keeps it."""
        text = self.text("LOKET_KEK", "" if provider else ...)
        try:
            return read_keks(text) if text else {}
        except ValueError as error:
            self.problem("LOKET_KEK", str(error))
        return {}

    def kek_file(self) -> Path | None:
        """Tell which file held the key-encryption key, if one did."""
        path = self.env.given.get("LOKET_KEK_FILE")
        return Path(path) if path and not self.env.given.get("LOKET_KEK") else None

    def kek_provider(self) -> str:
        """Read who keeps the key-encryption key."""
        uri = self.text("LOKET_KEK_PROVIDER", "")
        if uri and not uri.startswith("pkcs11:"):
            self.problem("LOKET_KEK_PROVIDER", "is geen adres van een HSM")
        return uri

    def secret_key(self) -> str:
        """Read the key that signs; a short one can be guessed."""
        secret = self.text("LOKET_SECRET_KEY")
        if secret and len(secret) < SHORTEST_SECRET:
            self.problem("LOKET_SECRET_KEY", "is te kort")
        return secret

    def guard(self, name: str, default: bool, needed: bool) -> bool:
        """Read a lock that production does not do without."""
        value = self.read(self.env.bool, name, default)
        if needed and value is False:
            self.problem(name, f"mag niet uit staan bij LOKET_ENV={PRODUCTION}")
        return bool(value)

    def folder(self, name: str, default: Path | None) -> Path | None:
        """Read a folder."""
        value = self.text(name, "")
        return Path(value) if value else default

    def base_url(self, default: str, production: bool) -> str:
        """Read the address in links; in production it is there, and it is https."""
        url = self.text("LOKET_BASE_URL", ... if production else default).rstrip("/")
        if url and production and not url.startswith("https://"):
            self.problem("LOKET_BASE_URL", "begint niet met https://")
        return url

    def smtp_url(self) -> str:
        """Read the mail server; empty when there is none."""
        url = self.text("LOKET_SMTP_URL", "")
        try:
            parts = urlsplit(url)
            known = parts.scheme in ("smtp", "smtps") and parts.port != 0
            right = known and bool(parts.hostname)
        except ValueError:  # a port that is no number
            right = False
        if url and not right:
            self.problem("LOKET_SMTP_URL", "is geen adres van een mailserver")
        return url

    def mail_from(self, needed: bool) -> str:
        """Read the sender, without which no server takes e-mail."""
        sender = self.text("LOKET_MAIL_FROM", ... if needed else "")
        if sender and not _MAIL_ADRES.fullmatch(sender):
            self.problem("LOKET_MAIL_FROM", "is geen e-mailadres")
        return sender

    def recipients(self) -> tuple[str, ...]:
        """Read the public keys for whom copies are sealed."""
        keys = tuple(self.text("LOKET_BACKUP_RECIPIENTS", "").split())
        if not all(map(_PUBLIC_KEY.fullmatch, keys)):
            self.problem("LOKET_BACKUP_RECIPIENTS", "is geen publieke reservesleutel")
        return keys

    def config(self) -> Config:
        """Read everything; whoever calls this refuses the problems next."""
        env = self.one_of("LOKET_ENV", DEVELOPMENT, (DEVELOPMENT, PRODUCTION))
        production = env == PRODUCTION
        home = self.folder("LOKET_HOME", None) or default_home()
        host, port = self.text("LOKET_HOST", "127.0.0.1"), self.port()
        base_url = self.base_url(address_of(host, port), production)
        keystore_url = self.database("LOKET_KEYSTORE_URL")
        smtp_url = self.smtp_url()
        kek_provider = self.kek_provider()
        return Config(
            database_url=self.database("LOKET_DATABASE_URL"),
            database_owner_url=self.database("LOKET_DATABASE_OWNER_URL", ""),
            keystore_url=keystore_url,
            keystore_owner_url=self.database("LOKET_KEYSTORE_OWNER_URL", keystore_url),
            redis_url=self.text("LOKET_REDIS_URL"),
            secret_key=self.secret_key(),
            keks=self.keks(kek_provider),
            kek_file=self.kek_file(),
            kek_provider=kek_provider,
            home=home,
            env=env,
            host=host,
            port=port,
            base_url=base_url,
            iwmo_dir=self.folder("LOKET_IWMO_DIR", home / "iwmo"),
            iwmo_xsd_dir=self.folder("LOKET_IWMO_XSD_DIR", None),
            trusted_proxies=self.proxies(),
            smtp_url=smtp_url,
            mail_from=self.mail_from(bool(smtp_url)),
            backup_to=self.folder("LOKET_BACKUP_DIR", None),
            backup_recipients=self.recipients(),
            log_level=self.one_of("LOKET_LOG_LEVEL", "INFO", LOG_LEVELS),
            require_second_factor=self.guard(
                "LOKET_REQUIRE_SECOND_FACTOR", production, production
            ),
            secure_cookies=self.guard(
                "LOKET_SECURE_COOKIES",
                production or base_url.startswith("https://"),
                production,
            ),
        )
