"""A search index is rebuilt while people search and write, and finds all of them."""

import threading
import time
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text

from loket.vault.errors import Tampered
from loket.vault.rebuild import Rebuild, RebuildFailed
from loket.vault.search import search
from loket.vault.searchindex import choose_bits
from loket.vault.vault import Vault
from vault.ground import BUUR, Ground
from vault.proef import Own, Persoon

CODE = "0779"
"""A gemeente of these tests alone: its index does not stay the first."""
NAMES = ("van den Berg", "Jansen", "Yıldız", "Dijkstra", "Meijer")


def persoon(number: int, **values: object) -> Persoon:
    given = {
        "gemeente_code": CODE,
        "bsn": f"{999900000 + number}",
        "achternaam": NAMES[number % len(NAMES)],
        "geboortedatum": date(1950, 1, 1 + number % 28),
    }
    return Persoon(**{**given, **values})


@pytest.fixture
def people(ground: Ground) -> dict[UUID, str]:
    with ground.session(CODE) as session:
        rows = [persoon(number) for number in range(60)]
        session.add_all(rows)
        session.commit()
        return {row.id: str(row.achternaam) for row in rows}


def rebuild(ground: Ground, **options: object) -> Rebuild:
    """Who rebuilds, as a process of its own."""
    vault = quick(ground)
    database = ground.database(vault)
    return Rebuild(database, vault, CODE, metadata=Own.metadata, **options)  # type: ignore[arg-type]  # options are those of Rebuild


def quick(ground: Ground) -> Vault:
    """A vault that asks for the versions of an index after a moment."""
    return ground.vault(index_lifetime=0.1)


def found(ground: Ground, name: str, vault: Vault | None = None) -> set[UUID]:
    with ground.session(CODE, vault=vault) as session:
        rows = search(session, Persoon, gemeente_code=CODE, achternaam=name)
        return {row.id for row in rows}


def index_versions(ground: Ground) -> set[int]:
    with ground.data.connect() as connection:
        asked = text(
            "SELECT index_version FROM search_token WHERE gemeente_code = :g UNION"
            " SELECT index_version FROM search_unique WHERE gemeente_code = :g"
        )
        return set(connection.scalars(asked, {"g": CODE}))


def index_keys(ground: Ground) -> list[int]:
    with ground.keys.connect() as connection:
        asked = text(
            "SELECT version FROM tenant_key WHERE tenant = :g AND purpose = 'ik'"
            " ORDER BY 1"
        )
        return list(connection.scalars(asked, {"g": CODE}))


def finds_everyone(ground: Ground, people: dict[UUID, str]) -> bool:
    return all(
        found(ground, name) == {row for row, of in people.items() if of == name}
        for name in NAMES
    )


class TestBits:
    @pytest.mark.parametrize(
        ("rows", "bits"),
        [
            (0, (6, 6)),
            (9, (6, 6)),
            (1_279, (6, 6)),
            (1_280, (7, 6)),
            (10_239, (9, 7)),
            (10_240, (10, 8)),
            (50_000, (12, 10)),
            (10_000_000, (12, 10)),
        ],
    )
    def test_about_ten_rows_share_a_token(self, rows, bits):
        assert choose_bits(rows) == bits


class TestRebuild:
    def test_everyone_is_found_under_the_new_version_only(self, ground: Ground, people):
        before = index_keys(ground)[-1:]
        new = rebuild(ground).run()

        assert before != [new.number]
        assert index_versions(ground) == {new.number}
        assert index_keys(ground) == [new.number]
        assert (new.bits, new.prefix_bits) == (6, 6)
        assert finds_everyone(ground, people)
        with ground.session(CODE) as session:
            one = select(Persoon).where(Persoon.bsn == "999900007")
            assert session.scalars(one).one().achternaam == "Yıldız"

    def test_a_neighbour_keeps_its_own_index(self, ground: Ground, people):
        with ground.session(BUUR) as session:
            row = persoon(1, gemeente_code=BUUR)
            session.add(row)
            session.commit()

        rebuild(ground).run()

        with ground.session(CODE, BUUR) as session:
            both = session.scalars(select(Persoon).where(Persoon.bsn == "999900001"))
            assert {each.gemeente_code for each in both} == {CODE, BUUR}

    def test_tokens_that_a_restored_backup_lacks_come_back(
        self, ground: Ground, people
    ):
        with ground.data.begin() as connection:
            connection.execute(text("TRUNCATE search_token, search_unique"))

        rebuild(ground).run()

        assert finds_everyone(ground, people)

    def test_what_was_destroyed_gets_no_token(self, ground: Ground, people):
        gone = next(iter(people))
        ground.vault().shred(gone, "bewaartermijn")

        rebuild(ground).run()

        with ground.data.connect() as connection:
            asked = text("SELECT count(*) FROM search_token WHERE row_id = :row")
            assert connection.scalar(asked, {"row": gone}) == 0
        del people[gone]
        assert finds_everyone(ground, people)

    @pytest.mark.parametrize(
        "stop", ["_next_epoch", "_write", "_check", "_wait_for_readers", "_drop_tokens"]
    )
    def test_goes_on_after_a_stop_and_is_searched_meanwhile(
        self, ground: Ground, people, monkeypatch, stop
    ):
        def fail(*_given: object, **_named: object) -> None:
            raise OSError("stopped here")

        with monkeypatch.context() as patched:
            patched.setattr(Rebuild, stop, fail)
            with pytest.raises(OSError, match="stopped here"):
                rebuild(ground).run()
        assert finds_everyone(ground, people)
        with ground.session(CODE) as session:
            late = persoon(70)
            session.add(late)
            session.commit()
            people[late.id] = str(late.achternaam)

        new = rebuild(ground).run()

        assert index_versions(ground) == {new.number}
        assert index_keys(ground) == [new.number]
        assert finds_everyone(ground, people)

    def test_a_version_that_would_lose_somebody_is_not_taken(
        self, ground: Ground, people, monkeypatch
    ):
        writing = Rebuild._write

        def forget_one(self, session, table, new, rows):
            writing(self, session, table, new, rows[1:])

        monkeypatch.setattr(Rebuild, "_write", forget_one)
        with pytest.raises(RebuildFailed) as failed:
            rebuild(ground).run()

        assert isinstance(failed.value, Tampered)
        assert finds_everyone(ground, people)


class TestWhileOthersWork:
    def test_a_writer_with_the_old_version_in_hand_writes_both(
        self, ground: Ground, people
    ):
        held, may_go = threading.Event(), threading.Event()
        vault = quick(ground)

        def pause(line: str) -> None:
            if "rijen" in line and not held.is_set():
                held.set()
                assert may_go.wait(20)

        with ground.session(CODE, vault=vault) as session:
            changed = session.get_one(Persoon, next(iter(people)))
            assert found(ground, "Jansen", vault)
            turning = threading.Thread(target=rebuild(ground, say=pause).run)
            turning.start()
            assert held.wait(20)
            new = persoon(71, achternaam="Jansen")
            session.add(new)
            changed.achternaam = "Dijkstra"
            session.commit()
            people[new.id], people[changed.id] = "Jansen", "Dijkstra"
        assert finds_everyone(ground, people)
        may_go.set()
        turning.join(20)

        assert not turning.is_alive()
        assert finds_everyone(ground, people)

    def test_a_reader_with_the_old_version_in_hand_misses_nobody(
        self, ground: Ground, people
    ):
        vault = ground.vault(index_lifetime=0.5)
        stop = threading.Event()
        missed: list[object] = []
        searches: list[int] = []

        def read() -> None:
            while not stop.is_set():
                name = NAMES[len(searches) % len(NAMES)]
                wanted = {row for row, of in people.items() if of == name}
                if found(ground, name, vault) != wanted:
                    missed.append(name)
                searches.append(1)

        reader = threading.Thread(target=read)
        reader.start()
        try:
            own = ground.vault(index_lifetime=0.5)
            database = ground.database(own)
            for _ in range(2):
                Rebuild(database, own, CODE, metadata=Own.metadata).run()
                time.sleep(0.1)
        finally:
            stop.set()
            reader.join(20)

        assert missed == []
        assert len(searches) > 20
