"""Where a KEK lives outside this process: a PKCS#11 URI (RFC 7512)."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from loket.config import ConfigError

SCHEME = "pkcs11:"
EXAMPLE = (
    "pkcs11:token=loket;object=loket-kek?module-path=/usr/lib/softhsm/libsofthsm2.so"
    "&pin-source=file:/etc/loket/hsm.pin"
)
_NEEDED = ("token", "object", "module-path", "pin-source")


@dataclass(frozen=True)
class Place:
    """A token, and the name of the keys in it."""

    token: str
    object: str
    """Version 2 of the key has the label `<object>-2`."""
    module: Path
    """Library of whoever made the token."""
    pin_file: Path = field(repr=False)

    def label(self, version: int) -> str:
        """Name one version of the key."""
        return f"{self.object}-{version}"


def read_place(uri: str) -> Place:
    """Read the setting LOKET_KEK_PROVIDER.

    Raises:
        ConfigError: it is not such a URI; the text never repeats what was given.
    """
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    parts = [part for part in (*path.split(";"), *query.split("&")) if part]
    given = {
        name: unquote(value)
        for name, _, value in (part.partition("=") for part in parts)
    }
    if "pin-value" in given:
        raise _wrong("noemt een pincode; zet die in een bestand (pin-source)")
    lacking = [name for name in _NEEDED if not given.get(name)]
    if not uri.startswith(SCHEME) or lacking or given.keys() - set(_NEEDED):
        raise _wrong(f"is geen pkcs11-adres met {', '.join(_NEEDED)}")
    return Place(
        given["token"],
        given["object"],
        Path(given["module-path"]),
        Path(given["pin-source"].removeprefix("file:")),
    )


def _wrong(what: str) -> ConfigError:
    return ConfigError(
        f"LOKET_KEK_PROVIDER {what}.\n"
        f"Wat u kunt doen: geef een adres op zoals\n{EXAMPLE}"
    )
