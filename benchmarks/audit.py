"""What the sealed trail costs, as ratios within one run: `name: value`.

Uses the PostgreSQL of `LOKET_TEST_SERVER` (a superuser's URL), or starts its own.
`LOKET_BENCH_ROWS` makes a quick run (default 1000000), `LOKET_BENCH_FAULTS` says how
many faults are made (default 1000).

Measured on two busy cores, a million records and 333,000 subjects: sealed at 6,200 rows
a second (8,600 at a hundred thousand), checked in 69 seconds, 1,000 of 1,000 faults
named and nothing else.
"""

import os
import random
import resource
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from loket.audit import jobs
from loket.audit.signing import anchored, keyring
from loket.audit.verify import Finding, Tally, verify_chain
from loket.db import Database, Scope, make_engine, uuid7
from loket.migrating import migrate
from loket.provision import APP, KEYSTORE_APP, KEYSTORE_OWNER, OWNER
from loket.vault import keystore
from loket.vault.kek.local import LocalKek
from loket.vault.vault import Vault

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from servers import Servers, Stock, new_name, running_servers

ROWS = int(os.environ.get("LOKET_BENCH_ROWS", "1000000"))
FAULTS = int(os.environ.get("LOKET_BENCH_FAULTS", "1000"))
CODE = "0396"
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TABLES = ("audit_record", "audit_subject", "audit_leaf", "audit_batch")


def show(name: str, value: float) -> None:
    print(f"{name}: {value:.2f}", flush=True)


@contextmanager
def installed() -> Iterator[tuple[Database, Engine]]:
    """A migrated database and key store that are gone afterwards; and the owner."""
    with running_servers() as servers:
        servers.prepare_roles()
        stock = Stock(servers, new_name(), new_name())
        servers.create(stock.database, OWNER, APP)
        servers.create(stock.keystore, KEYSTORE_OWNER, KEYSTORE_APP)
        urls = stock.urls(stock.database, stock.keystore)
        migrate(urls.database_owner_url)
        keystore.migrate(urls.keystore_owner_url, KEYSTORE_APP)
        keys, data = make_engine(urls.keystore_url), make_engine(urls.database_url)
        owner = create_engine(urls.database_owner_url)
        try:
            yield Database(data, vault=Vault(keys, LocalKek({1: bytes(32)}))), owner
        finally:
            for engine in (keys, data, owner):
                engine.dispose()
            drop(servers, stock)


def drop(servers: Servers, stock: Stock) -> None:
    """Leave nothing behind on a server of somebody else."""
    servers.drop(stock.database)
    servers.drop(stock.keystore)


def load(owner: Engine, first: int) -> None:
    """Write the records as a busy office would in a year, two thirds of them looks."""
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_record (id, gemeente_code, action, outcome,"
                " occurred_at, recorded_at, user_id, rollen, authenticatie, via, adres,"
                " subject_soort, subject_id, dossier_id)"
                " SELECT CAST(lpad(to_hex(:stamp + n / 1000), 12, '0') || '7' ||"
                " lpad(to_hex(n % 4096), 3, '0') || '8' ||"
                " lpad(to_hex(n), 15, '0') AS uuid), :code,"
                " (ARRAY['dossier.read', 'inwoner.read', 'taak.done'])[1 + n % 3],"
                " 'done', now(), now(), gen_random_uuid(), 'consulent', 'wachtwoord',"
                " 'web', '10.0.0.' || n % 200, 'dossier', gen_random_uuid(),"
                " gen_random_uuid() FROM generate_series("
                "CAST(:first AS bigint), CAST(:last AS bigint)) AS n"
            ),
            {
                "stamp": int(time.time() * 1000) - 3_600_000,
                "code": CODE,
                "first": first,
                "last": ROWS,
            },
        )
        connection.execute(
            text(
                "INSERT INTO audit_subject (record_id, subject_id, gemeente_code)"
                " SELECT id, gen_random_uuid(), gemeente_code FROM audit_record"
                " WHERE gemeente_code = :code AND action = 'dossier.read'"
            ),
            {"code": CODE},
        )


def verified(database: Database) -> tuple[list[Finding], Tally]:
    """Check the chain of the gemeente."""
    tally = Tally()
    with database.transaction(Scope.of(CODE)) as session:
        vault = session.info["vault"]
        keys, known = keyring(vault, CODE), anchored(vault, CODE)
        return list(verify_chain(session, keys, known, CODE, tally)), tally


# faults


def _changed(column: str, value: str) -> tuple[str, str]:
    change = f"UPDATE audit_record SET {column} = {value}"  # noqa: S608 - our own words
    return f"{column} changed", change


CHANGES = (
    *(_changed(each, "gen_random_uuid()") for each in ("user_id", "dossier_id")),
    _changed("subject_id", "gen_random_uuid()"),
    _changed("adres", "adres || '1'"),
    _changed("rollen", "'teamleider'"),
    _changed("action", "'dossier.closed'"),
    _changed("outcome", "'refused'"),
    _changed("grond", "'anders'"),
    _changed("via", "'api'"),
    _changed("gemeente_code", "NULL"),
    _changed("occurred_at", "occurred_at + interval '1 microsecond'"),
    _changed("recorded_at", "recorded_at - interval '1 microsecond'"),
    ("removed", "DELETE FROM audit_record"),
    ("leaf removed", "DELETE FROM audit_leaf"),
    ("leaf changed", "UPDATE audit_leaf SET hash = sha256(hash)"),
    ("leaf and record removed", "both"),
    ("leaf moved", "UPDATE audit_leaf SET positie = -positie - 1"),
    ("inserted", "insert"),
    ("subject added", "subject"),
)


def make_faults(owner: Engine, number: int) -> set[uuid.UUID]:
    """Manipulate that many different records; return which."""
    draw = random.Random(20261128)
    with owner.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(
            text(
                "ALTER TABLE audit_subject DROP CONSTRAINT IF EXISTS"
                " fk_audit_subject_record_id_audit_record"
            )
        )
        sample = connection.execute(
            text(
                "SELECT id FROM audit_record WHERE gemeente_code = :code"
                " ORDER BY md5(id::text) LIMIT :number"
            ),
            {"code": CODE, "number": number},
        ).scalars()
        return {
            manipulate(connection.execute, row_id, draw.choice(CHANGES)[1])
            for row_id in list(sample)
        }


def manipulate(
    execute: Callable[..., object], row_id: uuid.UUID, change: str
) -> uuid.UUID:
    """Carry out one fault; return the id of the record it is about."""
    at_row = {"id": row_id}
    if change == "insert":
        # as if it had been written two years ago
        stamp = int((time.time() - 63_000_000) * 1000)
        at_row["new"] = uuid.UUID(int=stamp << 80 | uuid7().int & (1 << 80) - 1)
        execute(
            text(
                "INSERT INTO audit_record SELECT (jsonb_populate_record(r,"
                " jsonb_build_object('id', CAST(:new AS text)))).* FROM audit_record r"
                " WHERE id = :id"
            ),
            at_row,
        )
        return at_row["new"]
    if change == "subject":
        execute(
            text("INSERT INTO audit_subject VALUES (:id, gen_random_uuid(), '0396')"),
            at_row,
        )
    elif change == "both":
        execute(text("DELETE FROM audit_record WHERE id = :id"), at_row)
        execute(text("DELETE FROM audit_leaf WHERE row_id = :id"), at_row)
    else:
        key = "row_id" if "audit_leaf" in change else "id"
        execute(text(f"{change} WHERE {key} = :id"), at_row)
    return row_id


def memory() -> float:
    """Most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    with installed() as (database, owner):
        load(owner, 1)
        before = memory()
        begun = time.perf_counter()
        sealed = jobs.seal_chain(database, CODE, AT)
        took = time.perf_counter() - begun
        assert sealed == ROWS, sealed
        show("seal_rows_per_second", ROWS / took)
        begun = time.perf_counter()
        found, tally = verified(database)
        show("verify_seconds", time.perf_counter() - begun)
        show("verify_rows", tally.rows)
        show("memory_grown_mb", memory() - before)
        assert not found, found[:3]
        made = make_faults(owner, FAULTS)
        found, _ = verified(database)
        named = {each.row_id for each in found if each.row_id}
        show("faults_made", len(made))
        show("faults_named", len(made & named))
        show("named_without_a_fault", len(named - made))


if __name__ == "__main__":
    main()
