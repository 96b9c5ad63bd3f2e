"""Who keeps the KEK: what it wraps opens in its own place only, and it is silent."""

import base64
import os
import secrets
import threading
import traceback
from pathlib import Path

import pytest

from loket.config import ConfigError, read_keks
from loket.db import uuid7
from loket.vault.errors import KekAway, KekMissing, Tampered, WrongKek
from loket.vault.kek.choice import open_kek
from loket.vault.kek.local import LocalKek
from loket.vault.kek.provider import Kek
from loket.vault.tenantkeys import tenant_context
from loket.vault.vault import Vault
from vault.ground import GEMEENTE, Ground
from vault.keeper import HERE, ONE, SECRET, TWO, asked, configured, line


@pytest.fixture(params=["local", "token"])
def kek(request: pytest.FixtureRequest) -> Kek:
    if request.param == "local":
        return LocalKek({1: ONE})
    return request.getfixturevalue("token")


class TestEveryKeeper:
    def test_gives_back_what_it_wrapped(self, kek: Kek):
        blob, version = kek.wrap(SECRET, HERE)

        assert version == 1
        assert SECRET not in blob
        assert kek.unwrap(blob, HERE, version) == SECRET
        assert kek.wrap(SECRET, HERE).blob != blob

    @pytest.mark.parametrize(
        "place",
        [("tk", "0473", 1), ("ik", "0396", 1), ("tk", "0396", 2)],
        ids=["other gemeente", "other purpose", "other version"],
    )
    def test_opens_it_in_its_own_place_only(self, kek: Kek, place):
        blob, version = kek.wrap(SECRET, HERE)

        with pytest.raises(Tampered):
            kek.unwrap(blob, tenant_context(*place), version)

    def test_notices_each_flipped_byte_and_each_cut(self, kek: Kek):
        blob, version = kek.wrap(SECRET, HERE)
        changed = [
            *(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :] for at in (0, 13, -1)),
            *(blob[:size] for size in (0, 12, 28, len(blob) - 1)),
            blob + b"\x00",
        ]
        for wrong in changed:
            with pytest.raises(Tampered):
                kek.unwrap(wrong, HERE, version)
        assert kek.unwrap(blob, HERE, version) == SECRET

    def test_names_the_version_that_is_missing(self, kek: Kek):
        blob, _ = kek.wrap(SECRET, HERE)

        with pytest.raises(KekMissing, match="Versie 7 "):
            kek.unwrap(blob, HERE, 7)

    def test_shows_nothing_of_a_key(self, kek: Kek, caplog: pytest.LogCaptureFixture):
        blob, _ = kek.wrap(SECRET, HERE)
        shown = [repr(kek), str(kek)]
        for version in (1, 7):
            with pytest.raises((Tampered, KekMissing)) as caught:
                kek.unwrap(blob[:-1], HERE, version)
            shown += traceback.format_exception(caught.value)
        told = "".join(shown) + caplog.text
        for key in (ONE, SECRET):
            for form in (key.hex(), base64.b64encode(key).decode(), repr(key)[2:-1]):
                assert form not in told

    def test_serves_a_child_and_many_threads(self, kek: Kek):
        blob, version = kek.wrap(SECRET, HERE)
        child = os.fork()
        if child == 0:
            _be_a_child(kek, blob, version)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        wrong: list[object] = []

        def work() -> None:
            for _ in range(20):
                mine = secrets.token_bytes(32)
                wrapped = kek.wrap(mine, HERE)
                if kek.unwrap(wrapped.blob, HERE, wrapped.version) != mine:
                    wrong.append(mine)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert wrong == []


def _be_a_child(kek: Kek, blob: bytes, version: int) -> None:
    """Open what the parent wrapped, as a worker that was forked does; never return."""
    try:
        kek.after_fork()
        os._exit(0 if kek.unwrap(blob, HERE, version) == SECRET else 1)
    except BaseException:
        os._exit(2)


class TestFile:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        file = tmp_path / "kek"
        file.write_text(base64.b64encode(ONE).decode() + "\n")
        return file

    def test_a_version_that_is_added_is_found_without_a_restart(self, file: Path):
        kek = open_kek(configured(LOKET_KEK_FILE=str(file)))
        old = kek.wrap(SECRET, HERE)
        file.write_text(f"{line(1, ONE)} # gaat weg\n{line(2, TWO)}\n")
        new = LocalKek({2: TWO}).wrap(SECRET, HERE)

        assert kek.unwrap(*asked(new)) == SECRET
        assert kek.wrap(SECRET, HERE).version == 2
        assert kek.unwrap(*asked(old)) == SECRET

    def test_a_file_that_went_away_is_told(self, file: Path):
        kek = open_kek(configured(LOKET_KEK_FILE=str(file)))
        file.unlink()

        with pytest.raises(KekAway, match="niet meer te lezen"):
            kek.wrap(SECRET, HERE)

    @pytest.mark.parametrize(
        "wrong",
        [
            f"{line(1, ONE)} {line(1, TWO)}",
            f"{line(1, ONE)} {line(2, ONE)}",
            line(0, ONE),
            line(32_768, ONE),
            line(1, ONE[:31]),
            "een:" + base64.b64encode(ONE).decode(),
            "# alleen een opmerking",
        ],
    )
    def test_a_wrong_text_is_refused_and_not_repeated(self, wrong: str):
        with pytest.raises(ConfigError) as caught:
            configured(LOKET_KEK=wrong)

        assert caught.value.message.count("\n- ") == 1
        assert base64.b64encode(ONE).decode() not in caught.value.message

    def test_a_key_without_a_version_is_the_first(self):
        assert read_keks(base64.b64encode(ONE).decode()) == {1: ONE}


class TestStart:
    def test_a_wrong_kek_is_refused_by_its_version(self, ground: Ground):
        ground.vault().open_scope(GEMEENTE, uuid7(), "dossier")

        with pytest.raises(WrongKek, match=r"Versie 1 .* past niet"):
            ground.vault(kek=TWO).check()

    def test_a_missing_version_is_refused_by_name(self, ground: Ground):
        ground.vault().open_scope(GEMEENTE, uuid7(), "dossier")

        with pytest.raises(KekMissing, match=r"Versie 1 .* ontbreekt"):
            Vault(ground.keys, LocalKek({2: TWO})).check()
