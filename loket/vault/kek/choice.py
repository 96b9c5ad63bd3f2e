"""Which keeper of the KEK the settings name."""

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from loket.config import Config, ConfigError, read_keks
from loket.vault.errors import KekAway
from loket.vault.kek.local import LocalKek
from loket.vault.kek.place import read_place
from loket.vault.kek.provider import Kek, Keks
from loket.vault.kek.succession import Succession


def open_kek(config: Config) -> Kek:
    """Take the KEK from where it is kept.

    Raises:
        ConfigError: the settings of a token are wrong.
    """
    local = None
    if config.keks:
        again = partial(_read_file, config.kek_file) if config.kek_file else None
        local = LocalKek(config.keks, again)
    if not config.kek_provider:
        if local is None:
            raise ConfigError("LOKET_KEK ontbreekt.")
        return local
    token = open_token(config.kek_provider)
    return Succession(token, local) if local else token


def open_token(uri: str) -> Kek:
    """Take the KEK from a token, by its PKCS#11 address.

    Raises:
        ConfigError: the address is wrong, or the library is not installed.
    """
    place = read_place(uri)
    try:
        # only who has a token needs the library
        module = import_module("loket.vault.kek.hsm")
    except ModuleNotFoundError:
        raise ConfigError(
            "Voor een HSM is het pakket python-pkcs11 nodig.\n"
            "Wat u kunt doen: installeer loket[hsm]."
        ) from None
    return cast("Kek", module.HsmKek(place))


def add_to_token(kek: Kek, above: int) -> int:
    """Make a new version in the token; tell which.

    Args:
        above: the highest version outside the token.
    """
    token = kek.newest if isinstance(kek, Succession) else kek
    return cast("int", cast("Any", token).add_version(above))


def _read_file(file: Path) -> Keks:
    try:
        return read_keks(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise KekAway(
            f"Het bestand {file} met de hoofdsleutel is niet meer te lezen.\n"
            "Wat u kunt doen: zet het terug; zie LOKET_KEK_FILE."
        ) from None
