"""What a device may hold of a draft while there is no connection: only under our key.

The key is derived, never stored: it goes along with the page of its author, and with
nobody else's. A device that is lost holds text that cannot be read without a login.
"""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PLACE, _KEY = 16, 32


@dataclass(frozen=True)
class DeviceSeal:
    """Where a device keeps one draft, and the key it is sealed under there.

    Attributes:
        place: name of the entry; tells nothing about person, dossier or form.
        key: 256 bits for AES-GCM, base64.
    """

    place: str
    key: str


def device_seal(secret: str, *draft: str) -> DeviceSeal:
    """Derive both from the secret of the installation and the name of the draft.

    Args:
        secret: `SECRET_KEY`; when it changes, what devices hold becomes unreadable.
        draft: author, gemeente, form and subject, in that order.
    """
    info = b"loket device draft\0" + "\0".join(draft).encode()
    made = HKDF(SHA256(), _PLACE + _KEY, salt=None, info=info).derive(secret.encode())
    return DeviceSeal(made[:_PLACE].hex(), base64.b64encode(made[_PLACE:]).decode())
