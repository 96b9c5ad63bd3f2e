"""Key-encryption keys of these tests, and how they are asked."""

import base64

from loket.config import Config
from loket.vault.kek.provider import Wrapped
from loket.vault.tenantkeys import tenant_context
from test_config import GIVEN

ONE, TWO = bytes(range(32)), bytes(range(1, 33))
SECRET = bytes(range(100, 132))
HERE = tenant_context("tk", "0396", 1)


def line(version: int, key: bytes) -> str:
    return f"{version}:{base64.b64encode(key).decode()}"


def configured(**given: str) -> Config:
    return Config.from_env(GIVEN | {"LOKET_KEK": ""} | given)


def asked(wrapped: Wrapped) -> tuple[bytes, bytes, int]:
    return wrapped.blob, HERE, wrapped.version
