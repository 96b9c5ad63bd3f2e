"""The trail for an auditor: a file that can be checked without Loket's database."""

import hashlib
import json
import os
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.batch import AuditBatch, AuditLeaf
from loket.audit.leaf import leaf_hash, root_of
from loket.audit.signing import Signer
from loket.audit.verify import texts
from loket.errors import RuleViolation
from loket.termijnen import dag_van

BATCHES = "bundels.jsonl"
ROWS = "regels.jsonl"
KEYS = "openbare-sleutels.json"
README = "LEESMIJ.txt"

EXPLANATION = """\
HET SPOOR VAN GEMEENTE {chain}, {first} TOT EN MET {last}

Dit bestand bevat wie wat heeft gedaan of bekeken. Er staat geen inhoud van dossiers in.

- regels.jsonl: een regel van het spoor op elke regel, precies zoals zij is verzegeld.
- bundels.jsonl: de bundels waarin de regels zijn verzegeld, van de eerste af.
- openbare-sleutels.json: de sleutels waarmee u de handtekeningen controleert (Ed25519).
  Vraag ze ook langs een andere weg op (loket audit public-key) en vergelijk ze.

ZO CONTROLEERT U DIT ZELF
1. De hash van een regel is sha256(00 gevolgd door de tekst van 'regel', in UTF-8).
   Zij staat in 'bladen' van de bundel met het nummer dat erbij staat.
2. Twee bladen naast elkaar geven een knoop: sha256(01, links, rechts). Een blad zonder
   buur gaat ongewijzigd omhoog. De laatste knoop is 'root' van de bundel.
3. 'hash' van een bundel is sha256(02 gevolgd door 'kop').
4. 'handtekening' is de Ed25519-handtekening onder 'hash'.
5. 'previous' in de kop is de hash van de bundel ervoor. Zo kan er niets tussenuit.

Of laat het doen: loket audit verify-export BESTAND
"""


@dataclass(frozen=True)
class Period:
    """Days of which the records are given; batches are always given from the first."""

    first: date
    last: date

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies in it (days in the Netherlands)."""
        return self.first <= dag_van(moment) <= self.last


def write_export(
    session: Session,
    signers: Mapping[int, Signer],
    chain: str,
    period: Period,
    path: Path,
) -> int:
    """Write the trail of a gemeente to a file; return how many rows are in it.

    A row counts by the moment of its batch. The file is there whole or not at all.
    """
    partly = path.with_name(f"{path.name}.deel")
    # for who asks alone: it tells who looked at whom. What stands there is not ours
    try:
        descriptor = os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RuleViolation(f"{partly} bestaat al. Verwijder het eerst.") from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            written = _write(session, signers, chain, period, out)
        # unlike a move, a link never replaces what came to stand there meanwhile
        os.link(partly, path)
    except FileExistsError:
        raise RuleViolation(f"{path} bestaat al. Kies een andere naam.") from None
    finally:
        partly.unlink()
    return written


def _write(
    session: Session,
    signers: Mapping[int, Signer],
    chain: str,
    period: Period,
    file: IO[bytes],
) -> int:
    written = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        days = {"first": period.first, "last": period.last}
        pack.writestr(README, EXPLANATION.format(chain=chain, **days))
        public = {number: each.public.hex() for number, each in signers.items()}
        pack.writestr(KEYS, json.dumps(public, indent=1))
        with pack.open(BATCHES, "w") as out:
            for batch in _batches(session, chain):
                out.write(json.dumps(_said_of(session, batch)).encode() + b"\n")
        with pack.open(ROWS, "w") as out:
            for batch in _batches(session, chain):
                if period.holds(batch.sealed_at):
                    written += _write_rows(session, batch, out)
    return written


def _batches(session: Session, chain: str) -> Iterator[AuditBatch]:
    numbers = session.scalars(
        select(AuditBatch.id)
        .where(AuditBatch.keten == chain)
        .order_by(AuditBatch.nummer)
    ).all()
    for number in numbers:
        batch = session.get_one(AuditBatch, number)
        yield batch
        session.expunge(batch)


def _said_of(session: Session, batch: AuditBatch) -> dict[str, Any]:
    leaves = session.scalars(
        select(AuditLeaf.hash)
        .where(AuditLeaf.batch_id == batch.id)
        .order_by(AuditLeaf.positie)
    )
    return {
        "bundel": batch.nummer,
        "kop": batch.header().decode(),
        "hash": batch.hash.hex(),
        "handtekening": batch.signature.hex(),
        "bladen": [bytes(leaf).hex() for leaf in leaves],
    }


def _write_rows(session: Session, batch: AuditBatch, out: IO[bytes]) -> int:
    leaves = session.execute(
        select(
            AuditLeaf.tabel,
            AuditLeaf.row_id,
            AuditLeaf.positie,
            AuditLeaf.hash,
            AuditLeaf.mac,
        )
        .where(AuditLeaf.batch_id == batch.id)
        .order_by(AuditLeaf.positie)
    ).all()
    written = 0
    for _table, _row_id, text in texts(session, batch.form, leaves):
        line = {"bundel": batch.nummer, "regel": text}
        out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        written += 1
    return written


# checking, without a database


def verify_export(path: Path, public: Mapping[int, bytes] | None = None) -> list[str]:
    """Check a file; return what is wrong with it, in words.

    Args:
        public: keys that were got in another way; else those in the file are believed.

    Raises:
        RuleViolation: this is no file of the trail.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            keys = public or {
                int(number): bytes.fromhex(key)
                for number, key in json.loads(pack.read(KEYS)).items()
            }
            with pack.open(BATCHES) as lines:
                leaves, faults = _check_batches(lines, keys)
            with pack.open(ROWS) as lines:
                return faults + _check_rows(lines, leaves)
    except (
        OSError,
        zipfile.BadZipFile,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise RuleViolation("Dit is geen (heel) bestand van het spoor.") from error


def _check_batches(
    lines: IO[bytes], keys: Mapping[int, bytes]
) -> tuple[dict[int, set[str]], list[str]]:
    faults: list[str] = []
    held: dict[int, set[str]] = {}
    before = bytes(32).hex()
    for line in lines:
        said = json.loads(line)
        head, number = json.loads(said["kop"]), int(said["bundel"])
        name = f"bundel {number}"
        hashed = hashlib.sha256(b"\x02" + said["kop"].encode()).digest()
        if hashed.hex() != said["hash"] or head["nummer"] != number:
            faults.append(f"{name}: de kop is gewijzigd")
        if not _signed(keys.get(head["key_version"]), said["handtekening"], hashed):
            faults.append(f"{name}: de handtekening klopt niet")
        if head["previous"] != before:
            faults.append(f"{name}: sluit niet aan op de vorige")
        leaves = [bytes.fromhex(leaf) for leaf in said["bladen"]]
        if len(leaves) != head["aantal"] or root_of(leaves).hex() != head["root"]:
            faults.append(f"{name}: de bladen zijn gewijzigd")
        held[number] = set(said["bladen"])
        before = said["hash"]
    return held, faults


def _signed(key: bytes | None, signature: str, hashed: bytes) -> bool:
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), hashed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_rows(lines: IO[bytes], leaves: dict[int, set[str]]) -> list[str]:
    faults = []
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
    for number in _between(given, leaves):
        missing = len(leaves.get(number, set()) - given.get(number, set()))
        if missing:
            faults.append(f"bundel {number}: er ontbreken {missing} regels")
    return faults


def _between(given: Collection[int], leaves: Collection[int]) -> list[int]:
    """Name the batches from the first to the last that rows were given of.

    A period has no holes: a batch without rows in between was taken out.
    """
    if not given:
        return []
    return sorted(each for each in leaves if min(given) <= each <= max(given))
