"""Each thing that can go wrong is said in words, and changes nothing."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyrage.x25519 import Identity
from sqlalchemy import Engine, text

from backup.conftest import House
from build.gemeente import gemeente
from loket.app import open_vault
from loket.audit.action import Action
from loket.audit.jobs import seal_chains
from loket.audit.operations import record
from loket.authz import Actor
from loket.backup import chain, making
from loket.backup.dump import _first_line
from loket.backup.envelope import new_pair, read_identities
from loket.backup.making import make_copy
from loket.backup.proof import Proof, prove_trail
from loket.backup.restoring import put_back
from loket.config import Config
from loket.db import Database, Scope, make_engine
from loket.outside import connection_to
from loket.processes import StartProblem
from loket.vault.errors import Tampered
from loket.vault.vault import Vault

THEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def proven(owner: Engine, vault: Vault) -> Proof:
    """Look at the trail and the row seals only."""
    proof = Proof()
    prove_trail(owner, vault, proof)
    return proof


KEPT = {"keep_data_days": 365, "keep_keys_days": 30}


@pytest.fixture
def moved(house: House, made, tmp_path: Path) -> tuple[Path, Path]:
    """The copies of both, somewhere they may be damaged."""
    place = tmp_path / "kopie"
    for which in chain.CHAINS:
        shutil.copytree(house.newest(which), place / which / made.data.name)
    return place / chain.DATA / made.data.name, place / chain.KEYS / made.data.name


def rewrite(folder: Path, **differs: object) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | differs))


def is_untouched(config: Config) -> bool:
    with connection_to(config.database_owner_url) as connection:
        tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return connection.scalar(tables) == 0


class TestRestoring:
    def refuse(self, house, bare, moved, words: str, **how: object) -> None:
        identities = how.pop("identities", house.identities)
        with pytest.raises(StartProblem, match=words) as told:
            put_back(bare, *moved, identities, **how)
        assert "Wat u kunt doen" in told.value.message
        assert is_untouched(bare)

    def test_refuses_another_key(self, house, bare, moved):
        other = [Identity.from_str(new_pair()[0])]

        self.refuse(house, bare, moved, "past niet bij", identities=other)

    def test_refuses_a_damaged_part(self, house, bare, moved):
        file = moved[0] / "database.dump.age"
        held = bytearray(file.read_bytes())
        held[len(held) // 2] ^= 1
        file.write_bytes(held)

        self.refuse(house, bare, moved, "is database.dump.age beschadigd")

    def test_refuses_a_part_that_was_cut_off(self, house, bare, moved):
        file = moved[1] / "sleutels.dump.age"
        file.write_bytes(file.read_bytes()[:-40])

        self.refuse(house, bare, moved, "is sleutels.dump.age beschadigd")

    @pytest.mark.parametrize("cut", [0.5, 1.0])
    def test_leaves_everything_when_it_stops_halfway(self, house, lost, moved, cut):
        """Even with a manifest that agrees: a stream that ends early is no commit."""
        file = moved[0] / "database.dump.age"
        kept = file.read_bytes()
        kept = kept[: int(len(kept) * cut) - 20]
        file.write_bytes(kept)
        parts = json.loads((moved[0] / "manifest.json").read_text())["parts"]
        parts[0] |= {"size": len(kept), "sha256": hashlib.sha256(kept).hexdigest()}
        rewrite(moved[0], parts=parts)

        self.refuse(house, lost, moved, "beschadigd")

    def test_refuses_a_missing_part(self, house, bare, moved):
        (moved[0] / "berichten.tar.age").unlink()

        self.refuse(house, bare, moved, "ontbreekt berichten.tar.age")

    def test_refuses_what_is_no_copy(self, house, bare, moved):
        (moved[0] / "manifest.json").unlink()

        self.refuse(house, bare, moved, "is geen reservekopie van Loket")

    def test_refuses_a_copy_of_the_other_database(self, house, bare, moved):
        data, keys = moved

        for pair in ((keys, keys), (data, data)):
            self.refuse(house, bare, pair, "is een kopie van", overwrite=True)

    @pytest.mark.parametrize("name", ["../sleutels.dump.age", "/etc/hostname"])
    def test_refuses_a_part_that_lies_elsewhere(self, house, bare, moved, name):
        rewrite(moved[0], parts=[{"name": name, "size": 1, "sha256": ""}])

        self.refuse(house, bare, moved, "is geen reservekopie van Loket")

    def test_refuses_a_copy_without_parts(self, house, bare, moved):
        rewrite(moved[1], parts=[])

        self.refuse(house, bare, moved, "is geen reservekopie van Loket")

    @pytest.mark.parametrize(
        ("differs", "words"),
        [
            ({"format": 2}, "nieuwere versie van Loket"),
            ({"revision": "9999"}, "database versie 9999"),
            ({"postgres": 99}, "komt van PostgreSQL 99"),
            ({"roles": ["loket_app", "loket_elders"]}, "ontbreken rollen.*elders"),
        ],
        ids=["format", "revision", "postgres", "roles"],
    )
    def test_refuses_what_does_not_fit_here(self, house, bare, moved, differs, words):
        rewrite(moved[0], **differs)

        self.refuse(house, bare, moved, words)

    def test_refuses_a_disk_that_is_too_full(self, house, bare, moved, monkeypatch):
        monkeypatch.setattr("loket.backup.restoring.ROOM", 10**12)
        host = "host=/" in bare.database_owner_url.replace("%2F", "/")
        if not host:
            pytest.skip("the disk of a server elsewhere cannot be looked at")

        self.refuse(house, bare, moved, "Te weinig ruimte")

    def test_refuses_data_without_any_keys(self, house, bare, moved):
        self.refuse(house, bare, (moved[0], None), "De sleutelkluis is leeg")

    def test_refuses_to_replace_what_is_there_unless_told(self, house, moved, lost):
        put_back(lost, *moved, house.identities)

        with pytest.raises(StartProblem, match="is niet leeg"):
            put_back(lost, *moved, house.identities)

    def test_refuses_while_somebody_works(self, house, bare, moved):
        with connection_to(bare.database_url) as other:
            other.scalar(text("SELECT 1"))

            self.refuse(house, bare, moved, "Er werken nog 1 programma's")

    def test_says_that_another_kek_does_not_open_it(self, house, lost, moved):
        other = replace(lost, keks={1: b"k" * 32})

        with pytest.raises(Tampered):
            put_back(other, *moved, house.identities)

    def test_names_cells_that_do_not_open(self, house, lost, moved, made):
        put_back(lost, *moved, house.identities)
        with connection_to(lost.keystore_owner_url) as keys:
            keys.execute(text("DELETE FROM data_key WHERE kind = 'inwoner'"))
            keys.commit()

        done = put_back(lost, moved[0], None, house.identities, overwrite=True)

        assert any("inwoner." in fault for fault in done.proof.faults)

    def test_names_rows_that_are_missing(self, house, lost, moved):
        rows = json.loads((moved[0] / "manifest.json").read_text())["rows"]
        rewrite(moved[0], rows=rows | {"public.dossier": 4, "public.gone": 1})

        faults = put_back(lost, *moved, house.identities).proof.faults

        assert any("public.dossier: 1 rijen, verwacht 4" in each for each in faults)
        assert any("public.gone: de tabel ontbreekt" in each for each in faults)

    def test_names_what_was_changed_in_the_trail(self, house, lost, moved):
        put_back(lost, *moved, house.identities)
        vault = open_vault(lost)
        data = make_engine(lost.database_url)
        owner = make_engine(lost.database_owner_url)
        try:
            database = Database(data, vault=vault)
            with database.transaction(Scope.of("0396")) as session:
                gemeente(session, "0396")
                by = Actor.system("0396")
                line = record(session, by, Action.BEHEER_READ, at=THEN)
            assert seal_chains(database, ["0396"], THEN) > 0
            assert proven(owner, vault) == Proof()
            with owner.begin() as connection:
                off = "ALTER TABLE audit_record DISABLE TRIGGER USER"
                connection.exec_driver_sql(off)
                connection.execute(
                    text("UPDATE audit_record SET grond = 'x' WHERE id = :id"),
                    {"id": line.id},
                )

            faults = proven(owner, vault).faults
            assert len(faults) == 1
            assert str(line.id) in faults[0]

            # an older copy of the data beside the keys of now: told, and no fault
            with owner.begin() as connection:
                for table in ("audit_leaf", "audit_batch"):
                    off = f"ALTER TABLE {table} DISABLE TRIGGER USER"
                    connection.exec_driver_sql(off)
                    connection.exec_driver_sql(f"DELETE FROM {table}")
            found = proven(owner, vault)
            assert (found.faults, found.later > 0) == ([], True)
        finally:
            for engine in (data, owner, vault.engine):
                engine.dispose()

    def test_refuses_a_file_without_a_key(self, tmp_path):
        (tmp_path / "leeg").write_text("age1abc")

        for name in ("leeg", "nergens"):
            with pytest.raises(StartProblem, match="geen reservesleutel"):
                read_identities(tmp_path / name)


class TestMaking:
    def left(self, config: Config) -> list[Path]:
        return [
            each
            for which in chain.CHAINS
            for each in (config.backup_dir / which).glob("*")
        ]

    def test_refuses_without_a_key(self, house):
        with pytest.raises(StartProblem, match="geen publieke reservesleutel"):
            make_copy(replace(house.config, backup_recipients=()), **KEPT)

    def test_refuses_without_the_owner(self, house):
        with pytest.raises(StartProblem, match="LOKET_DATABASE_OWNER_URL ontbreekt"):
            make_copy(replace(house.config, database_owner_url=""), **KEPT)

    def test_refuses_a_key_that_is_none(self, house, tmp_path):
        wrong = replace(
            house.config, backup_to=tmp_path, backup_recipients=("age1" + "q" * 58,)
        )

        with pytest.raises(StartProblem, match="sleutel die niet klopt"):
            make_copy(wrong, **KEPT)

        assert self.left(wrong) == []

    def test_refuses_a_disk_that_is_too_full(self, house, tmp_path, monkeypatch):
        monkeypatch.setattr(making, "SPARE", 10**18)
        config = replace(house.config, backup_to=tmp_path)

        with pytest.raises(StartProblem, match="Te weinig ruimte"):
            make_copy(config, **KEPT)

        assert self.left(config) == []

    def test_refuses_a_second_one_at_the_same_time(self, house, tmp_path):
        config = replace(house.config, backup_to=tmp_path)

        with (
            chain.turn(tmp_path),
            pytest.raises(StartProblem, match="wordt al een reservekopie gemaakt"),
        ):
            make_copy(config, **KEPT)

    @pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt])
    def test_leaves_nothing_that_looks_whole(self, house, tmp_path, monkeypatch, error):
        config = replace(house.config, backup_to=tmp_path)

        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(making, "count_rows", fail)
        with pytest.raises((OSError, KeyboardInterrupt)):
            make_copy(config, **KEPT)

        assert self.left(config) == []

    def test_clears_away_what_a_killed_one_left(self, house, tmp_path):
        config = replace(house.config, backup_to=tmp_path)
        half = tmp_path / chain.DATA / f"{chain.ARRIVING}20261128T100000.000000Z-abcdef"
        half.mkdir(parents=True)
        (half / "database.dump.age").write_bytes(b"half")

        made = make_copy(config, **KEPT)

        assert {each.name for each in self.left(config)} == {made.data.name}

    def test_says_that_pg_dump_stopped_without_showing_a_row(self, house):
        with (house.config.home / "klacht").open("w+b") as complaint:
            complaint.write(
                b"pg_dump: error: query failed: out of memory\n"
                b"DETAIL:  Failing row contains (1, Zeewier).\n"
            )
            told = _first_line(complaint)

        assert told == "pg_dump: error: query failed: out of memory"
