"""Checking an export of the trail: without a database and without secrets."""

import hashlib
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from loket.audit.batch import NOTHING
from loket.audit.closing import CLOSING, Place, closing_hash
from loket.audit.export import BATCHES, KEYS, ROWS
from loket.audit.leaf import leaf_hash, root_of
from loket.audit.signing import version_at
from loket.errors import RuleViolation


class PublicKey(NamedTuple):
    """One version of a public key, and the number of the first batch it signs."""

    vanaf: int
    key: bytes


Keys = Mapping[int, PublicKey]


@dataclass
class Checked:
    """What the batches of a file say."""

    leaves: dict[int, set[str]] = field(default_factory=dict)
    """Number of a batch → hashes of its rows."""
    last: Place = Place(0, NOTHING)  # noqa: RUF009 - a tuple, never changed
    """The last batch that is signed as it should be."""
    faults: list[str] = field(default_factory=list)


def verify_export(path: Path, public: Keys | None = None) -> list[str]:
    """Check a file; return what is wrong with it, in words.

    Args:
        public: keys that were got in another way; else those in the file are believed.

    Raises:
        RuleViolation: this is no file of the trail.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            keys = public or _keys_in(pack)
            with pack.open(BATCHES) as lines:
                checked = _check_batches(lines, keys)
            closing, faults = _check_closing(pack, keys, checked.last)
            with pack.open(ROWS) as lines:
                return checked.faults + faults + _check_rows(lines, checked, closing)
    except (
        OSError,
        zipfile.BadZipFile,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise RuleViolation("Dit is geen (heel) bestand van het spoor.") from error


def _keys_in(pack: zipfile.ZipFile) -> Keys:
    return {
        int(version): PublicKey(int(said["vanaf"]), bytes.fromhex(said["sleutel"]))
        for version, said in json.loads(pack.read(KEYS)).items()
    }


def _check_batches(lines: IO[bytes], keys: Keys) -> Checked:
    found = Checked()
    # sealing goes on after what is ours, whatever somebody put in between
    before = ours = NOTHING.hex()
    for line in lines:
        said = json.loads(line)
        head, number = json.loads(said["kop"]), int(said["bundel"])
        wrong = _faults_of_header(said, head, number, keys)
        faults = [*wrong]
        if head["previous"] not in (before, ours):
            faults.append("sluit niet aan op de vorige")
        leaves = [bytes.fromhex(leaf) for leaf in said["bladen"]]
        if len(leaves) != head["aantal"] or root_of(leaves).hex() != head["root"]:
            faults.append("de bladen zijn gewijzigd")
        found.leaves[number] = set(said["bladen"])
        found.faults += [f"bundel {number}: {fault}" for fault in faults]
        before = said["hash"]
        if not wrong:
            ours = said["hash"]
            found.last = Place(number, bytes.fromhex(ours))
    return found


def _faults_of_header(
    said: Mapping[str, Any], head: Mapping[str, Any], number: int, keys: Keys
) -> list[str]:
    faults = []
    hashed = hashlib.sha256(b"\x02" + said["kop"].encode()).digest()
    if hashed.hex() != said["hash"] or head["nummer"] != number:
        faults.append("de kop is gewijzigd")
    version = head["key_version"]
    if not _signed(keys.get(version), said["handtekening"], hashed):
        faults.append("de handtekening klopt niet")
    elif version_at({each: key.vanaf for each, key in keys.items()}, number) != version:
        faults.append(f"ondertekend met versie {version}, die hier niet geldt")
    return faults


def _signed(key: PublicKey | None, signature: str, hashed: bytes) -> bool:
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(
            bytes.fromhex(signature), hashed
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_closing(
    pack: zipfile.ZipFile, keys: Keys, last: Place
) -> tuple[Mapping[str, Any], list[str]]:
    if CLOSING not in pack.namelist():
        return {}, ["het slot ontbreekt: aan het eind kan iets weg zijn"]
    said = json.loads(pack.read(CLOSING))
    version, hashed = said["key_version"], closing_hash(said["slot"])
    if not _signed(keys.get(version), said["handtekening"], hashed):
        return {}, ["slot: de handtekening klopt niet"]
    if version != max(keys):
        return {}, [
            f"slot: ondertekend met versie {version}, die is vervangen. Vraag een nieuw"
            " bestand."
        ]
    closing = json.loads(said["slot"])
    if closing["bundel"] == last.nummer and closing["hash"] == last.hash.hex():
        return closing, []
    return closing, [
        f"slot: de laatste bundel is {last.nummer}, en hoort {closing['bundel']} te"
        " zijn"
    ]


def _check_rows(
    lines: IO[bytes], checked: Checked, closing: Mapping[str, Any]
) -> list[str]:
    faults, leaves = [], checked.leaves
    given: dict[int, set[str]] = {}
    for line in lines:
        said = json.loads(line)
        number, text = int(said["bundel"]), said["regel"]
        leaf = leaf_hash(text).hex()
        held, row = given.setdefault(number, set()), json.loads(text).get("id", "?")
        if leaf not in leaves.get(number, ()):
            faults.append(f"bundel {number}: regel {row} is gewijzigd of ingevoegd")
        elif leaf in held:
            faults.append(f"bundel {number}: regel {row} staat er twee keer in")
        held.add(leaf)
    for number in _between(given, leaves, closing):
        missing = len(leaves[number] - given.get(number, set()))
        if missing:
            faults.append(f"bundel {number}: er ontbreken {missing} regels")
    return faults


def _between(
    given: Collection[int], leaves: Collection[int], closing: Mapping[str, Any]
) -> list[int]:
    """Name the batches of which the rows must be there.

    A period has no holes: a batch without rows in between was taken out, and the
    closing line says where it begins and ends.
    """
    ends = [*given]
    if closing and closing["regels_tot_en_met"]:
        ends += [closing["regels_vanaf"], closing["regels_tot_en_met"]]
    return sorted(each for each in leaves if ends and min(ends) <= each <= max(ends))
