"""The trail for an auditor: written to a file that `checking` checks anywhere."""

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.batch import NOTHING, AuditBatch, AuditLeaf
from loket.audit.closing import CLOSING, Place, close, signed_closing
from loket.audit.signing import Keyring
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
- openbare-sleutels.json: de sleutels waarmee u de handtekeningen controleert (Ed25519),
  en vanaf welke bundel elke versie geldt.
  Vraag ze ook langs een andere weg op (loket audit public-key) en vergelijk ze.
- slot.json: welke bundel de laatste is en van welke bundels de regels erbij zijn.

ZO CONTROLEERT U DIT ZELF
1. De hash van een regel is sha256(00 gevolgd door de tekst van 'regel', in UTF-8).
   Zij staat in 'bladen' van de bundel met het nummer dat erbij staat.
2. Twee bladen naast elkaar geven een knoop: sha256(01, links, rechts). Een blad zonder
   buur gaat ongewijzigd omhoog. De laatste knoop is 'root' van de bundel.
3. 'hash' van een bundel is sha256(02 gevolgd door 'kop').
4. 'handtekening' is de Ed25519-handtekening onder 'hash'.
5. 'key_version' in de kop is de versie die bij dat nummer geldt. Een vervangen sleutel
   tekent geen latere bundel.
6. 'previous' in de kop is de hash van de bundel ervoor. Zo kan er niets tussenuit.
7. 'handtekening' in slot.json is die van de nieuwste sleutel onder sha256(03 gevolgd
   door 'slot'). Zo kan er aan het eind niets af.

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
    ring: Keyring,
    chain: str,
    period: Period,
    path: Path,
    at: datetime,
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
            written = _write(session, ring, chain, period, out, at)
        # unlike a move, a link never replaces what came to stand there meanwhile
        os.link(partly, path)
    except FileExistsError:
        raise RuleViolation(f"{path} bestaat al. Kies een andere naam.") from None
    finally:
        partly.unlink()
    return written


def _write(
    session: Session,
    ring: Keyring,
    chain: str,
    period: Period,
    file: IO[bytes],
    at: datetime,
) -> int:
    # what is sealed meanwhile is not in it
    batches = session.scalars(
        select(AuditBatch.id)
        .where(AuditBatch.keten == chain)
        .order_by(AuditBatch.nummer)
    ).all()
    last, chosen, written = Place(0, NOTHING), list[Place](), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        days = {"first": period.first, "last": period.last}
        pack.writestr(README, EXPLANATION.format(chain=chain, **days))
        pack.writestr(KEYS, json.dumps(_said_of_keys(ring), indent=1))
        with pack.open(BATCHES, "w") as out:
            for batch in _each(session, batches):
                out.write(json.dumps(_said_of(session, batch)).encode() + b"\n")
                if not ring.is_ours(batch):
                    continue
                last = Place(batch.nummer, batch.hash)
                if period.holds(batch.sealed_at):
                    chosen.append(last)
        with pack.open(ROWS, "w") as out:
            for batch in _each(session, batches):
                if period.holds(batch.sealed_at):
                    written += _write_rows(session, batch, out)
        said = close(chain, last, [each.nummer for each in chosen], at)
        pack.writestr(CLOSING, json.dumps(signed_closing(ring, said)))
    return written


def _each(session: Session, batches: Sequence[UUID]) -> Iterator[AuditBatch]:
    for batch_id in batches:
        batch = session.get_one(AuditBatch, batch_id)
        yield batch
        session.expunge(batch)


def _said_of_keys(ring: Keyring) -> dict[int, dict[str, Any]]:
    return {
        version: {"vanaf": ring.terms[version], "sleutel": signer.public.hex()}
        for version, signer in sorted(ring.signers.items())
    }


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
