"""What sealing costs, as ratios within one run: `name: value`.

Uses the PostgreSQL of `LOKET_TEST_SERVER` (a superuser's URL), or starts its own.
`LOKET_BENCH_ROWS` makes a quick run (default 10000).

Measured on two quiet cores, and between brackets on busy ones: a cell of 11 bytes 1.73
(1.76) times raw AES-GCM, of 2 kB 1.75 (1.46), where the aim was 1.40; reading none of
six fields 0.97 (0.99) times plain, one 1.67 (1.46), six 1.52 (1.09), cold 2.82 (2.56);
a page of fifty rows 1.17 (1.17) and one question to the key store; an insert with
tokens 1.93 (1.86), with a new key as well 4.52 (5.80); a BSN 2.36 (2.50) times plain, a
surname 2 (5) ms, a beginning 29 (86) ms. At 50,000 rows, more than the 20,000 keys
that are held open: a BSN 3.70, a surname 3 ms, a beginning 235 ms. No equal
nonce among a million of four children; of 100,000 values of eight threads
none under the wrong key.
"""

import gc
import os
import statistics
import threading
import time
from collections.abc import Callable
from datetime import date

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from databases import databases
from sqlalchemy import (
    Engine,
    MetaData,
    event,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from loket.db import Database, Gemeentelijk, Id, Model, Scope, uuid7
from loket.vault.cell import key_version, label_hash, seal, strip, unseal
from loket.vault.errors import Tampered
from loket.vault.fields import Sealed, sealed, sealed_group
from loket.vault.kek.local import LocalKek
from loket.vault.search import search
from loket.vault.tokens import bsn_digits, exact, isodate, prefix, surname_nl
from loket.vault.vault import Vault

ROWS = int(os.environ.get("LOKET_BENCH_ROWS", "10000"))
PART = 5_000
"""Rows of one transaction: a flush of more keys than the vault holds open is slow."""
THREADS = 8
GEMEENTE = "0396"
GEMEENTEN = (GEMEENTE, "0375", "0453", "0363")
NAMES = ("bsn", "achternaam", "voornamen", "straat", "woonplaats", "geboortedatum")


class Bench(Model):
    __abstract__ = True
    metadata = MetaData()


class Gesloten(Sealed, Gemeentelijk, Bench):
    __tablename__ = "gesloten"
    __scope__ = "id"
    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    identiteit = sealed_group()
    bsn = identiteit.text(find=exact(bsn_digits), unique=True)
    achternaam = identiteit.text(find=(exact(surname_nl), prefix(surname_nl, 3)))
    voornamen = identiteit.text()
    straat = identiteit.text()
    woonplaats = identiteit.text()
    geboortedatum = identiteit.date(find=exact(isodate))
    __mapper_args__ = {"version_id_col": version}


class Vrij(Gemeentelijk, Bench):
    __tablename__ = "vrij"
    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    bsn: Mapped[str] = mapped_column(index=True)
    achternaam: Mapped[str] = mapped_column(index=True)
    voornamen: Mapped[str]
    straat: Mapped[str]
    woonplaats: Mapped[str]
    geboortedatum: Mapped[date] = mapped_column(index=True)
    __mapper_args__ = {"version_id_col": version}


class Stuk(Sealed, Gemeentelijk, Bench):
    __tablename__ = "stuk"
    __scope__ = "id"
    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    tekst = sealed.text()
    __mapper_args__ = {"version_id_col": version}


SYLLABLES = ("ber", "dek", "hof", "kam", "lin", "mol", "ros", "stee", "ven", "wal")


def surname(number: int) -> str:
    """One of a thousand names."""
    first, second, third = number % 10, number // 10 % 10, number // 100 % 10
    return SYLLABLES[first] + SYLLABLES[second] + SYLLABLES[third]


def values(number: int) -> dict[str, object]:
    """One fictional person."""
    return {
        "gemeente_code": GEMEENTE,
        "bsn": f"{100_000_000 + number}",
        "achternaam": f"van der {surname(number)}",
        "voornamen": "Johanna Maria",
        "straat": "Burgemeester Jansenlaan",
        "woonplaats": "Heemskerk",
        "geboortedatum": date(1930 + number % 60, 1 + number % 12, 1 + number % 28),
    }


def ratio(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """Median time of `one` against `other`, interleaved."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for work, series in zip((one, other), took, strict=True):
            gc.collect()
            begun = time.perf_counter()
            work()
            series.append(time.perf_counter() - begun)
    return statistics.median(took[0]) / statistics.median(took[1])


def show(name: str, value: float) -> None:
    print(f"{name}: {value:.2f}", flush=True)


def measure_nonces() -> None:
    """Seal a million cells in four children of one process: no nonce comes twice."""
    key, label, scope = AESGCM(bytes(32)), label_hash("x", "text"), uuid7()
    seal(key, 1, label, scope, scope, b"x")
    readers = []
    for _ in range(4):
        reader, writer = os.pipe()
        if os.fork() == 0:
            with os.fdopen(writer, "wb") as told:
                for _ in range(25 * ROWS):
                    told.write(seal(key, 1, label, scope, scope, b"x")[3:15])
            os._exit(0)
        os.close(writer)
        readers.append(reader)
    seen: set[bytes] = set()
    for reader in readers:
        with os.fdopen(reader, "rb") as told:
            while nonce := told.read(12):
                seen.add(nonce)
        os.wait()
    show("equal nonces in four children", 4 * 25 * ROWS - len(seen))


def measure_cell() -> None:
    """Seal and open one cell against raw AES-GCM with the same associated data."""
    key, label, scope = AESGCM(bytes(32)), label_hash("x", "text"), uuid7()
    aad = bytes(43)

    def ours(packed: bytes) -> None:
        for _ in range(2000):
            cell = seal(key, 1, label, scope, scope, packed)
            key_version(cell)
            strip(unseal(key, label, scope, scope, cell))

    def raw(packed: bytes) -> None:
        for _ in range(2000):
            nonce = os.urandom(12)
            blob = nonce + key.encrypt(nonce, packed, aad)
            key.decrypt(blob[:12], blob[12:], aad)

    for size in (11, 31, 2000):
        packed = b"x" * size
        show(
            f"cell_{size}_vs_raw",
            ratio(lambda p=packed: ours(p), lambda p=packed: raw(p), 15),
        )


def read(session: Session, model: type[Model], names: tuple[str, ...]) -> None:
    """Load every row and read these fields."""
    for row in session.scalars(select(model)).all():
        for name in names:
            getattr(row, name)


class Readings:
    """Reading, writing and searching against the same table in the clear."""

    def __init__(self, data: Engine, keys: Engine) -> None:
        self.keys = keys
        self.vault = Vault(keys, LocalKek({1: bytes(32)}))
        self.database = Database(data, vault=self.vault)
        self.scope = Scope.of(GEMEENTE)
        self.number = 10_000_000

    def fill(self) -> None:
        """Import the rows of both tables; the sealed ones with new keys and tokens."""
        for model in (Gesloten, Vrij):
            begun = time.perf_counter()
            for start in range(0, ROWS, PART):
                with self.database.transaction(self.scope) as session:
                    part = range(start, min(start + PART, ROWS))
                    session.add_all([model(**values(n)) for n in part])
            show(f"import_{model.__tablename__}_seconds", time.perf_counter() - begun)
        with self.database.engine.connect() as connection:
            connection.execute(text("COMMIT; ANALYZE"))

    def all_rows(self, model: type[Model], names: tuple[str, ...]) -> None:
        with self.database.session(self.scope) as session:
            read(session, model, names)

    def measure_reading(self) -> None:
        for names in (NAMES[:0], NAMES[1:2], NAMES):
            found = ratio(
                lambda n=names: self.all_rows(Gesloten, n),
                lambda n=names: self.all_rows(Vrij, n),
                7,
            )
            show(f"read_{len(names)}_warm_vs_plain", found)

        def cold() -> None:
            self.vault.after_fork()
            self.all_rows(Gesloten, NAMES)

        show("read_6_cold_vs_plain", ratio(cold, lambda: self.all_rows(Vrij, NAMES), 5))

    def page(self, model: type[Model]) -> None:
        with self.database.session(self.scope) as session:
            for row in session.scalars(select(model).limit(50)).all():
                _ = row.achternaam

    def measure_page(self) -> None:
        show(
            "page_50_vs_plain",
            ratio(lambda: self.page(Gesloten), lambda: self.page(Vrij), 100),
        )
        self.vault.after_fork()
        asked: list[str] = []
        event.listen(
            self.keys, "before_cursor_execute", lambda *seen: asked.append(seen[2])
        )
        self.page(Gesloten)
        show("page_50_cold_keystore_queries", len(asked))

    def insert(self, model: type[Model]) -> None:
        self.number += 1
        with self.database.transaction(self.scope) as session:
            session.add(model(**values(self.number)))

    def measure_insert(self) -> None:
        show(
            "insert_with_tokens_and_new_key_vs_plain",
            ratio(lambda: self.insert(Gesloten), lambda: self.insert(Vrij), 60),
        )
        rows = [Gesloten(**values(20_000_000 + number)) for number in range(60)]
        for row in rows:
            self.vault.open_scope(GEMEENTE, row.id, "inwoner")

        def warm() -> None:
            with self.database.transaction(self.scope) as session:
                session.add(rows.pop())

        show("insert_with_tokens_vs_plain", ratio(warm, lambda: self.insert(Vrij), 60))

    def measure_search(self) -> None:
        def find(model: type[Gesloten] | type[Vrij]) -> None:
            self.number = (self.number + 37) % ROWS
            sought = str(values(self.number)["bsn"])
            with self.database.session(self.scope) as session:
                found = session.scalars(select(model).where(model.bsn == sought)).one()
                assert found.bsn == sought

        show(
            "search_bsn_vs_plain",
            ratio(lambda: find(Gesloten), lambda: find(Vrij), 200),
        )
        for name, typed in (("exact", "van der berlinhof"), ("prefix", "berl*")):
            took = []
            for _ in range(15):
                with self.database.session(self.scope) as session:
                    begun = time.perf_counter()
                    search(session, Gesloten, gemeente_code=GEMEENTE, achternaam=typed)
                    took.append(time.perf_counter() - begun)
            show(f"search_surname_{name}_milliseconds", statistics.median(took) * 1000)


def measure_threads(data: Engine, keys: Engine) -> None:
    """Write and read from many threads at once: whose key sealed each value?"""
    database = Database(data, vault=Vault(keys, LocalKek({1: bytes(32)})))
    wrong: list[object] = []

    def work(gemeente: str) -> None:
        for _ in range(10 * ROWS // THREADS // 100):
            with database.transaction(Scope.of(gemeente)) as session:
                rows = [Stuk(gemeente_code=gemeente, tekst=gemeente) for _ in "x" * 100]
                session.add_all(rows)
                session.flush()
                session.expire_all()
                wrong.extend(row.id for row in rows if row.tekst != gemeente)

    threads = [
        threading.Thread(target=work, args=(GEMEENTEN[n % len(GEMEENTEN)],))
        for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    show("values_under_the_wrong_key", len(wrong) + count_wrong(data, keys))


def count_wrong(data: Engine, keys: Engine) -> int:
    """Open every value with keys that are read anew."""
    database = Database(data, vault=Vault(keys, LocalKek({1: bytes(32)})))
    read, wrong = 0, 0
    for gemeente in GEMEENTEN:
        with database.session(Scope.of(gemeente)) as session:
            whole = select(Stuk).where(Stuk.gemeente_code == gemeente)
            for row in session.scalars(whole).yield_per(1000):
                read += 1
                try:
                    wrong += row.tekst != gemeente
                except Tampered:
                    wrong += 1
    show("values_of_eight_threads", read)
    return wrong


def main() -> None:
    measure_cell()
    measure_nonces()
    with databases(Bench.metadata) as (data, keys):
        readings = Readings(data, keys)
        readings.fill()
        readings.measure_reading()
        readings.measure_page()
        readings.measure_insert()
        readings.measure_search()
        measure_threads(data, keys)


if __name__ == "__main__":
    main()
