"""The closing line of an export: which batch is the last one, so no end is cut off.

It is signed by the version that signs at that moment, and no other is believed.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from loket.audit.leaf import plain
from loket.audit.signing import Keyring

CLOSING: Final = "slot.json"


class Place(NamedTuple):
    """One batch of a chain."""

    nummer: int
    hash: bytes


def close(
    chain: str, last: Place, given: Sequence[int], at: datetime
) -> dict[str, Any]:
    """Say how far an export goes.

    Args:
        last: the last batch that is ours; number 0: there is none.
        given: numbers of the batches of which the rows are in it, in order.
    """
    return {
        "keten": chain,
        "bundel": last.nummer,
        "hash": last.hash.hex(),
        "regels_vanaf": given[0] if given else 0,
        "regels_tot_en_met": given[-1] if given else 0,
        "moment": plain(at),
    }


def signed_closing(ring: Keyring, said: dict[str, Any]) -> dict[str, Any]:
    """Sign a closing line with the newest version."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return {
        "slot": text,
        "key_version": ring.newest.version,
        "handtekening": ring.newest.sign(closing_hash(text)).hex(),
    }


def closing_hash(text: str) -> bytes:
    """Hash a closing line: apart from leaves, nodes and headers."""
    return hashlib.sha256(b"\x03" + text.encode()).digest()
