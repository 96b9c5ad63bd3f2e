"""The KEK and the keys of gemeenten turn while people work, and nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from loket.db import make_engine, uuid7
from loket.errors import NotFound
from loket.vault import rewrap
from loket.vault.cell import wrap
from loket.vault.errors import KekMissing, Tampered
from loket.vault.journal import last_deeds
from loket.vault.kek.local import LocalKek
from loket.vault.kek.succession import Succession
from loket.vault.rewrap import (
    AlreadyTurning,
    BrokenKeys,
    StillInUse,
    only_one,
    rotate_gemeente,
    rotate_kek,
)
from loket.vault.status import read_status
from loket.vault.tenantkeys import TenantKeys, scope_context
from loket.vault.vault import Vault
from vault.ground import BUUR, GEMEENTE, Ground
from vault.proef import Stuk
from vault.turning import BY, KEKS, fresh_keys, killed_at, nothing

pytestmark = pytest.mark.usefixtures("emptied")
HERE = Path(__file__)


def fresh_vault(ground: Ground, *versions: int) -> Vault:
    return Vault(ground.keys, LocalKek({each: KEKS[each] for each in versions}))


def scopes(ground: Ground, count: int, *gemeenten: str) -> dict[UUID, str]:
    """Make keys, of which the cells are the proof that they open."""
    made = {uuid7(): tenant for tenant in gemeenten for _ in range(count)}
    vault = fresh_vault(ground, 1)
    vault.prepare({(tenant, scope): "dossier" for scope, tenant in made.items()})
    return made


def opened(ground: Ground, made: dict[UUID, str], *versions: int) -> int:
    """Count the keys that open in a process that has nothing open yet."""
    vault = fresh_vault(ground, *versions)
    vault.load(made)
    return sum(
        vault.known_key(tenant, scope, 1) is not None for scope, tenant in made.items()
    )


def status(ground: Ground):
    with ground.keys.connect() as connection:
        return read_status(connection)


def of(ground: Ground, tenant: str):
    (found,) = (each for each in status(ground).gemeenten if each.tenant == tenant)
    return found


class TestKek:
    def test_every_key_of_every_gemeente_is_wrapped_anew(self, ground: Ground):
        made = scopes(ground, 3, GEMEENTE, BUUR)

        turned = rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)

        assert (turned.old, turned.new, turned.moved) == (1, 2, 4)
        assert status(ground).tenant_keys == {2: 4}
        assert opened(ground, made, 2) == 6

    def test_there_is_nothing_to_do_twice(self, ground: Ground):
        scopes(ground, 1, GEMEENTE)
        rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)

        assert rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing) is None

    def test_the_journal_tells_it(self, ground: Ground):
        scopes(ground, 1, GEMEENTE)
        rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)

        with ground.keys.connect() as connection:
            ended, begun = last_deeds(connection, 2)
        assert begun.deed == "kek.rotation_begun"
        assert (ended.deed, ended.from_version, ended.to_version, ended.moved) == (
            "kek.rotated",
            1,
            2,
            2,
        )
        assert ended.done_by == BY

    def test_without_the_old_version_nothing_is_touched(self, ground: Ground):
        made = scopes(ground, 1, GEMEENTE)

        with pytest.raises(KekMissing, match="Versie 1 "):
            rotate_kek(ground.keys, fresh_keys(2), BY, nothing)
        assert opened(ground, made, 1) == 1

    def test_it_never_goes_back_to_an_older_version(self, ground: Ground):
        scopes(ground, 1, GEMEENTE)
        rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)

        with pytest.raises(KekMissing, match="Versie 2 "):
            rotate_kek(ground.keys, fresh_keys(1), BY, nothing)

    def test_a_key_of_another_gemeente_is_refused_and_the_rest_is_turned(
        self, ground: Ground
    ):
        scopes(ground, 1, GEMEENTE, BUUR)
        good = scopes(ground, 1, "0599")
        with ground.keys.begin() as connection:
            connection.execute(
                text(
                    "UPDATE tenant_key k SET wrapped = o.wrapped FROM tenant_key o"
                    " WHERE k.purpose = 'tk' AND o.purpose = 'tk'"
                    " AND k.tenant = :one AND o.tenant = :two"
                ),
                {"one": GEMEENTE, "two": BUUR},
            )

        with pytest.raises(BrokenKeys, match="1 sleutels van gemeenten"):
            rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)
        assert status(ground).tenant_keys == {1: 1, 2: 5}
        assert opened(ground, good, 2) == 1

    def test_one_that_is_killed_anywhere_goes_on_where_it_was(self, ground: Ground):
        made = scopes(ground, 2, GEMEENTE, BUUR)
        moment = 2

        def turn(engine):
            rotate_kek(engine, fresh_keys(1, 2), BY, nothing)

        while killed_at(ground.keys_url, moment, turn):
            moment += 1
            assert opened(ground, made, 1, 2) == 4
        assert moment > 3
        rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)
        assert status(ground).tenant_keys == {2: 4}
        assert opened(ground, made, 2) == 4

    def test_it_moves_into_a_token(self, ground: Ground, token):
        made = scopes(ground, 2, GEMEENTE)
        token.add_version(1)
        # version 1 stays with the settings only
        both = Succession(_Only(token, 2), LocalKek({1: KEKS[1]}))

        turned = rotate_kek(ground.keys, TenantKeys(both), BY, nothing)

        assert (turned.new, turned.moved) == (2, 2)
        vault = Vault(ground.keys, token)
        vault.load(made)
        assert all(vault.known_key(GEMEENTE, scope, 1) for scope in made)


class _Only:
    """A token of which an older version belongs to other tests."""

    def __init__(self, kek, version):
        self._kek, self._version = kek, version
        self.wrap, self.unwrap = kek.wrap, kek.unwrap
        self.after_fork = kek.after_fork

    def versions(self):
        return [self._version]


class TestGemeente:
    def test_every_data_key_is_wrapped_by_the_new_key(self, ground: Ground):
        made = scopes(ground, 12, GEMEENTE)
        others = scopes(ground, 2, BUUR)
        index = fresh_vault(ground, 1).indexes(GEMEENTE).reading.key

        turned = rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)

        assert (turned.old, turned.new, turned.moved) == (1, 2, 12)
        found = of(ground, GEMEENTE)
        assert (found.versions, found.data_keys) == ((2,), {2: 12})
        assert of(ground, BUUR).versions == (1,)
        assert opened(ground, made, 1) == 12
        assert opened(ground, others, 1) == 2
        # found by the same tokens: the key of the index is another one
        assert fresh_vault(ground, 1).indexes(GEMEENTE).reading.key == index

    def test_new_dossiers_come_under_the_new_key(self, ground: Ground):
        scopes(ground, 1, GEMEENTE)
        rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)

        made = scopes(ground, 1, GEMEENTE)

        assert of(ground, GEMEENTE).data_keys == {2: 2}
        assert opened(ground, made, 1) == 1

    def test_tells_how_far_it_is(self, ground: Ground, monkeypatch):
        monkeypatch.setattr(rewrap, "BATCH", 5)
        scopes(ground, 12, GEMEENTE)
        told = []

        rotate_gemeente(
            ground.keys, fresh_keys(1), GEMEENTE, BY, lambda *how: told.append(how)
        )

        assert told == [(5, 12), (10, 12), (12, 12)]

    def test_a_gemeente_without_keys_is_refused(self, ground: Ground):
        with pytest.raises(NotFound, match="9999"):
            rotate_gemeente(ground.keys, fresh_keys(1), "9999", BY, nothing)

    def test_two_do_not_turn_at_once(self, ground: Ground, monkeypatch):
        monkeypatch.setattr(rewrap, "PATIENCE", 0.1)
        scopes(ground, 1, GEMEENTE)
        with only_one(ground.keys):
            with pytest.raises(AlreadyTurning):
                rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)
            with pytest.raises(AlreadyTurning):
                rotate_kek(ground.keys, fresh_keys(1, 2), BY, nothing)

        rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)

    def test_a_broken_key_keeps_the_old_version_and_the_rest_is_turned(
        self, ground: Ground
    ):
        made = scopes(ground, 3, GEMEENTE)
        broken = next(iter(made))
        with ground.keys.begin() as connection:
            kept = connection.scalar(
                text("SELECT wrapped FROM data_key WHERE scope_id = :s"), {"s": broken}
            )
            _put(connection, broken, bytes(60))

        with pytest.raises(BrokenKeys, match="1 sleutels van gemeente 0396"):
            rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)
        assert of(ground, GEMEENTE).data_keys == {1: 1, 2: 2}
        assert of(ground, GEMEENTE).is_turning

        with ground.keys.begin() as connection:
            _put(connection, broken, bytes(kept))
        turned = rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)
        assert (turned.new, turned.moved) == (2, 1)
        assert opened(ground, made, 1) == 3

    def test_a_key_that_is_made_meanwhile_is_not_left_behind(
        self, ground: Ground, monkeypatch
    ):
        monkeypatch.setattr(rewrap, "LOCK_TIMEOUT", "100ms")
        made, late = scopes(ground, 2, GEMEENTE), uuid7()
        writer = ground.keys.connect()
        # a process that was paused between choosing the key and storing what it wraps
        version, old = fresh_keys(1).newest(writer, [GEMEENTE])[GEMEENTE]

        with pytest.raises(StillInUse):
            rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)
        wrapped = wrap(_aes(old), scope_context(late, 1, GEMEENTE), bytes(32))
        writer.execute(
            text("INSERT INTO data_key VALUES (:s, 1, :t, 'dossier', :w, :v, now())"),
            {"s": late, "t": GEMEENTE, "w": wrapped, "v": version},
        )
        writer.commit()
        writer.close()

        turned = rotate_gemeente(ground.keys, fresh_keys(1), GEMEENTE, BY, nothing)
        assert (turned.new, turned.moved) == (2, 1)
        found = of(ground, GEMEENTE)
        assert (found.versions, found.data_keys) == ((2,), {2: 3})
        assert opened(ground, made | {late: GEMEENTE}, 1) == 3

    def test_what_is_shredded_meanwhile_stays_shredded(self, ground: Ground):
        made = scopes(ground, 2, GEMEENTE)
        gone = next(iter(made))
        keys = fresh_keys(1)
        rows = {}

        def shred(_done, _total):
            rows.setdefault("shred", fresh_vault(ground, 1).shred(gone, "termijn"))

        rotate_gemeente(ground.keys, keys, GEMEENTE, BY, shred)

        assert "shred" in rows
        assert of(ground, GEMEENTE).data_keys == {2: 1}

    def test_one_that_is_killed_anywhere_goes_on_where_it_was(
        self, ground: Ground, monkeypatch
    ):
        monkeypatch.setattr(rewrap, "BATCH", 4)
        made = scopes(ground, 10, GEMEENTE)
        moment = 2

        def turn(engine):
            rotate_gemeente(engine, fresh_keys(1), GEMEENTE, BY, nothing)

        while of(ground, GEMEENTE).versions != (2,):
            killed_at(ground.keys_url, moment, turn)
            moment += 1
            assert opened(ground, made, 1) == 10
            assert max(of(ground, GEMEENTE).versions) <= 2
        assert moment > 8
        assert of(ground, GEMEENTE).data_keys == {2: 10}
        assert opened(ground, made, 1) == 10


def _put(connection, scope: UUID, wrapped: bytes) -> None:
    connection.execute(
        text("UPDATE data_key SET wrapped = :w WHERE scope_id = :s"),
        {"w": wrapped, "s": scope},
    )


def _aes(key: bytes):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


class TestSwapped:
    def test_a_key_of_another_gemeente_opens_nothing(self, ground: Ground):
        made = scopes(ground, 1, GEMEENTE, BUUR)
        with ground.keys.begin() as connection:
            connection.execute(
                text(
                    "UPDATE tenant_key k SET wrapped = o.wrapped FROM tenant_key o"
                    " WHERE k.purpose = 'tk' AND o.purpose = 'tk'"
                    " AND k.tenant <> o.tenant"
                )
            )

        vault = fresh_vault(ground, 1)
        vault.load(made)
        for scope, tenant in made.items():
            with pytest.raises(Tampered):
                vault.key(tenant, scope, 1)


class Office:
    """People at work: threads that write new dossiers and read old ones."""

    def __init__(self, ground: Ground, gemeenten: tuple[str, ...]) -> None:
        self._ground, self._gemeenten = ground, gemeenten
        self._stop = threading.Event()
        self.wrong: list[BaseException] = []
        self.rows: list[UUID] = []
        self.reads = 0
        works = (self._write, self._write, self._read, self._read)
        self._threads = [threading.Thread(target=work) for work in works]

    def __enter__(self) -> "Office":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _write(self) -> None:
        vault = fresh_vault(self._ground, 1, 2)
        while not self._stop.wait(0.002):
            try:
                tenant = random.choice(self._gemeenten)  # noqa: S311  # no secret
                with self._ground.session(tenant, vault=vault) as session:
                    row = Stuk(gemeente_code=tenant, dossier_id=uuid7(), tekst=tenant)
                    session.add(row)
                    session.commit()
                    self.rows.append(row.id)
            except Exception as error:
                self.wrong.append(error)

    def _read(self) -> None:
        while not self._stop.wait(0.002):
            if not self.rows:
                continue
            # nothing is open yet, so that everything is asked again
            vault = fresh_vault(self._ground, 1, 2)
            try:
                wanted = random.choice(self.rows)  # noqa: S311  # no secret
                with self._ground.session(*self._gemeenten, vault=vault) as session:
                    row = session.get_one(Stuk, wanted)
                    assert row.tekst == row.gemeente_code
                    self.reads += 1
            except Exception as error:
                self.wrong.append(error)


class TestAtWork:
    @pytest.fixture
    def office(self, ground: Ground) -> Iterator[Office]:
        scopes(ground, 300, GEMEENTE, BUUR)
        with Office(ground, (GEMEENTE, BUUR)) as office:
            yield office

    def test_nobody_notices_a_turning_that_is_killed_again_and_again(
        self, ground: Ground, office: Office
    ):
        for pause in (0.05, 0.2):
            self._turn_and_kill(ground, pause)
        engine = make_engine(ground.keys_url)
        for tenant in (GEMEENTE, BUUR):
            rotate_gemeente(engine, fresh_keys(1, 2), tenant, BY, nothing)
        rotate_kek(engine, fresh_keys(1, 2), BY, nothing)
        engine.dispose()
        office.__exit__()

        assert office.wrong == []
        assert len(office.rows) > 20
        assert office.reads > 20
        found = status(ground)
        assert found.tenant_keys.keys() == {2}
        for each in found.gemeenten:
            assert len(each.versions) == 1
            assert each.data_keys.keys() == set(each.versions)
        with ground.session(GEMEENTE, BUUR, vault=fresh_vault(ground, 2)) as session:
            rows = session.scalars(select(Stuk)).all()
            assert {row.id for row in rows} == set(office.rows)
            assert all(row.tekst == row.gemeente_code for row in rows)

    def _turn_and_kill(self, ground: Ground, pause: float) -> None:
        turner = subprocess.Popen(
            [sys.executable, HERE.with_name("turning.py"), ground.keys_url, *CODES],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        with turner:
            assert turner.stdout is not None
            assert turner.stdout.readline() == "begun\n"
            time.sleep(pause)
            turner.send_signal(signal.SIGKILL)
            assert turner.wait(10) == -signal.SIGKILL


CODES = (GEMEENTE, BUUR)
