"""A SoftHSM with two tokens, in a folder of its own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
)
PIN = "48151623"
OPEN, SHUT = "loket", "loket-dicht"
"""A token to work with, and one that nobody has logged in to."""


@dataclass(frozen=True)
class Softhsm:
    """Where the token is."""

    module: Path
    folder: Path

    def uri(self, name: str, *, token: str = OPEN, pin: str = PIN) -> str:
        """Write the setting; `name` keeps the keys of tests apart."""
        file = self.folder / f"pin-{pin}"
        file.write_text(pin + "\n")
        return (
            f"pkcs11:token={token};object={name}"
            f"?module-path={self.module}&pin-source=file:{file}"
        )


def make_softhsm(folder: Path) -> Softhsm:
    """Make the tokens, or skip the test and say why."""
    if find_spec("pkcs11") is None:
        pytest.skip("python-pkcs11 is away: pip install loket[hsm]")
    module = next((path for path in MODULES if path.exists()), None)
    program = shutil.which("softhsm2-util")
    if module is None or program is None:
        pytest.skip("SoftHSM is away: apt install softhsm2")
    tokens = folder / "tokens"
    tokens.mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
    # the library reads this when it is loaded, once in a process
    os.environ["SOFTHSM2_CONF"] = str(settings)
    for token in (OPEN, SHUT):
        subprocess.run(
            [
                *(program, "--init-token", "--free", "--label", token),
                *("--pin", PIN, "--so-pin", PIN),
            ],
            check=True,
            capture_output=True,
            timeout=20,
        )
    return Softhsm(module, folder)
