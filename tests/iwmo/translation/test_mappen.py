"""Files go in and out once, also when the program dies halfway."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from loket.errors import RuleViolation
from loket.iwmo.mappen import FOLDERS, Mappen
from loket.iwmo.xml import BerichtFout, Reden

LATER = datetime.now(UTC) + timedelta(days=1)
PROJECT = Path(__file__).parents[3]


@pytest.fixture
def mappen(tmp_path) -> Mappen:
    mappen = Mappen(tmp_path / "iwmo")
    mappen.prepare()
    return mappen


def deliver(mappen: Mappen, name: str, data: bytes = b"<a/>", age: float = 0) -> None:
    path = mappen.root / "in" / name
    path.write_bytes(data)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))


def contents(mappen: Mappen, folder: str) -> list[bytes]:
    found = (mappen.root / folder).iterdir()
    return [path.read_bytes() for path in found if not path.name.startswith(".")]


def digests(*contents: bytes) -> list[bytes]:
    return [sha256(each).hexdigest().encode() for each in contents]


class TestTaking:
    def test_an_empty_folder_gives_nothing(self, mappen):
        assert mappen.take_next(LATER) is None

    def test_the_oldest_file_comes_first(self, mappen):
        deliver(mappen, "b.xml", b"tweede")
        deliver(mappen, "c.xml", b"eerste", age=60)

        with mappen.take_next(LATER) as bestand:
            assert bestand.read() == b"eerste"
            assert bestand.read() == b"eerste"

    def test_a_file_that_may_still_grow_is_left(self, mappen):
        deliver(mappen, "a.xml")

        assert mappen.take_next(datetime.now(UTC), rust=60) is None
        assert mappen.take_next(LATER, rust=60) is not None

    def test_hidden_files_folders_and_pipes_are_left(self, mappen):
        deliver(mappen, ".a.xml.half")
        (mappen.root / "in" / "map").mkdir()
        os.mkfifo(mappen.root / "in" / "pijp")

        assert mappen.take_next(LATER) is None

    def test_a_link_is_not_followed(self, mappen, tmp_path):
        secret = tmp_path / "geheim"
        secret.write_bytes(b"geheim")
        (mappen.root / "in" / "a.xml").symlink_to(secret)
        (mappen.root / "werk" / "b.xml").symlink_to(secret)

        assert mappen.take_next(LATER) is None
        assert secret.exists()

    def test_a_folder_that_is_a_link_is_refused(self, tmp_path):
        root = tmp_path / "iwmo"
        root.mkdir()
        (root / "out").symlink_to(tmp_path)

        with pytest.raises(RuleViolation):
            Mappen(root).prepare()

    def test_a_large_file_is_refused_unread(self, mappen):
        path = mappen.root / "in" / "a.xml"
        with path.open("wb") as file:
            file.truncate(1 << 40)

        with mappen.take_next(LATER) as bestand, pytest.raises(BerichtFout) as caught:
            bestand.read(max_bytes=100)

        assert caught.value.reden is Reden.TE_GROOT

    def test_a_strange_name_becomes_a_safe_one(self, mappen):
        deliver(mappen, "é \n" + "x" * 200 + ".xml")

        bestand = mappen.take_next(LATER)

        assert bestand.sleutel.isascii()
        assert bestand.sleutel.endswith("x.xml")
        assert len(bestand.sleutel) < 160

    def test_two_files_with_one_name_are_two_files(self, mappen):
        deliver(mappen, "a.xml", b"een")
        mappen.done(mappen.take_next(LATER))
        deliver(mappen, "a.xml", b"twee")
        mappen.done(mappen.take_next(LATER))

        assert sorted(contents(mappen, "verwerkt")) == sorted(digests(b"een", b"twee"))

    def test_what_is_held_is_not_given_twice(self, mappen):
        deliver(mappen, "a.xml")

        with mappen.take_next(LATER):
            assert mappen.take_next(LATER) is None

    def test_what_was_let_go_comes_back_under_the_same_key(self, mappen):
        deliver(mappen, "a.xml", b"een")
        first = mappen.take_next(LATER)
        first.close()
        deliver(mappen, "b.xml", b"ouder", age=600)

        again = mappen.take_next(LATER)

        assert again.sleutel == first.sleutel
        assert again.read() == b"een"

    def test_workers_together_take_each_file_once(self, mappen):
        for n in range(60):
            deliver(mappen, f"{n}.xml", b"%d" % n)
        seen: Counter[bytes] = Counter()

        def work() -> None:
            while (bestand := mappen.take_next(LATER)) is not None:
                seen[bestand.read()] += 1
                mappen.done(bestand)

        workers = [Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)

        assert not any(worker.is_alive() for worker in workers)
        assert set(seen.values()) == {1}
        assert len(contents(mappen, "verwerkt")) == 60


class TestPuttingAway:
    def test_of_a_taken_file_only_a_digest_stays(self, mappen):
        deliver(mappen, "a.xml", b"een")

        mappen.done(mappen.take_next(LATER))

        assert contents(mappen, "verwerkt") == digests(b"een")
        assert contents(mappen, "in") == contents(mappen, "werk") == []

    def test_a_failed_file_lies_beside_its_reason(self, mappen):
        deliver(mappen, "a.xml", b"een")
        bestand = mappen.take_next(LATER)

        mappen.fail(bestand, "xsd: regel 4")

        failed = mappen.root / "failed"
        note = failed / f"{bestand.sleutel}.reden.txt"
        assert (failed / bestand.sleutel).read_bytes() == b"een"
        assert note.read_text() == "xsd: regel 4\n"
        assert mappen.take_next(LATER) is None


class TestPuttingOut:
    def test_a_file_appears_whole_and_once(self, mappen):
        assert mappen.put_out("301-B1.xml", b"een") is True
        assert mappen.put_out("301-B1.xml", b"een") is False

        assert contents(mappen, "out") == [b"een"]
        assert contents(mappen, "tmp") == []

    def test_a_collected_file_does_not_come_back(self, mappen):
        mappen.put_out("301-B1.xml", b"een")
        (mappen.root / "out" / "301-B1.xml").unlink()

        assert mappen.put_out("301-B1.xml", b"een") is False
        assert contents(mappen, "out") == []

    def test_one_name_is_not_used_for_two_messages(self, mappen):
        mappen.put_out("301-B1.xml", b"een")

        with pytest.raises(RuleViolation, match="iets anders"):
            mappen.put_out("301-B1.xml", b"twee")

    @pytest.mark.parametrize("name", ["", ".a", "../a", "a/b", "a\n", "é", "x" * 121])
    def test_a_name_stays_in_the_folder(self, mappen, name):
        with pytest.raises(RuleViolation, match="bestandsnaam"):
            mappen.put_out(name, b"een")

    def test_nothing_of_the_message_stays_behind(self, mappen):
        mappen.put_out("301-B1.xml", b"999900006")
        (mappen.root / "out" / "301-B1.xml").unlink()

        left = [contents(mappen, folder) for folder in FOLDERS]
        assert "999900006" not in str(left)


DIE = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from loket.iwmo.mappen import Mappen

mappen, event, left = Mappen(Path(sys.argv[1])), sys.argv[3], [int(sys.argv[4])]

def die(name, args):
    if name == event:
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)

later = datetime.now(UTC) + timedelta(minutes=5)
sys.addaudithook(die)
if sys.argv[2] == "out":
    mappen.put_out("a.xml", b"inhoud")
else:
    bestand = mappen.take_next(later)
    mappen.done(bestand) if sys.argv[2] == "done" else mappen.fail(bestand, "reden")
"""
STEPS = [
    *[("out", "os.rename", n) for n in range(2)],
    *[("out", "open", n) for n in range(8)],
    *[("done", "os.rename", n) for n in range(2)],
    *[("done", "open", n) for n in range(8)],
    ("done", "os.remove", 0),
    *[("fail", "os.rename", n) for n in range(3)],
    *[("fail", "open", n) for n in range(7)],
]


@pytest.mark.parametrize(("deed", "event", "after"), STEPS)
class TestDying:
    """The program is killed just before its n-th rename or open, and started again."""

    def test_nothing_is_lost_and_nothing_happens_twice(
        self, mappen, deed, event, after
    ):
        if deed != "out":
            deliver(mappen, "a.xml", b"inhoud")
        command = [sys.executable, "-c", DIE, str(mappen.root), deed, event, str(after)]
        ended = subprocess.run(command, cwd=PROJECT, timeout=60, check=False)
        collected = contents(mappen, "out")
        for path in (mappen.root / "out").iterdir():
            path.unlink()

        if deed == "out":
            mappen.put_out("a.xml", b"inhoud")
            assert collected + contents(mappen, "out") == [b"inhoud"]
        else:
            if (bestand := mappen.take_next(LATER)) is not None:
                mappen.done(bestand)
            kept = [*contents(mappen, "verwerkt"), *contents(mappen, "failed")]
            (left,) = (data for data in kept if data != b"reden\n")
            assert left in (b"inhoud", *digests(b"inhoud"))
        assert ended.returncode == 9
        assert contents(mappen, "werk") == contents(mappen, "in") == []
