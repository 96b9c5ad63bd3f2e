"""Passwords and one-time codes."""

import secrets
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from loket.db import ALPHABET
from loket.errors import LoketError

MIN_LENGTH = 12
TEMPORARY_LASTS = timedelta(hours=72)
"""Long enough to hand over a first password after a weekend."""
GROUPS, GROUP = 4, 4
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Checked when the login does not exist, so that both answers take as long."""


def hash_password(password: str) -> str:
    """Hash a new password with argon2id; too short is refused."""
    if len(password) < MIN_LENGTH:
        raise LoketError(
            f"Kies een wachtwoord van minstens {MIN_LENGTH} tekens.", "wachtwoord"
        )
    return _hasher.hash(password)


def new_password() -> str:
    """Make a password that can be read out: four groups nobody confuses (78 bits)."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)
    )


def is_right(password_hash: str | None, password: str) -> bool:
    """Check a password; takes as long when there is no hash."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def new_totp_secret() -> str:
    """Make the secret of a second factor."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str) -> str:
    """Return what an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Loket")


def matching_step(
    secret: str, code: str, at: datetime, after: int | None
) -> int | None:
    """Return the time step of a right code, or None; a used step is not right again."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    clean = code.replace(" ", "").encode()
    for step in (now - 1, now, now + 1):
        newer = after is None or step > after
        if newer and secrets.compare_digest(totp.generate_otp(step).encode(), clean):
            return step
    return None
