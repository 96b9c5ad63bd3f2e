"""After a whole case, what was told stands nowhere readable: we look everywhere."""

import base64
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from sqlalchemy import Connection, create_engine, make_url, text

from build.iwmo import SAMPLE
from stories.canaries import Canaries, unpacked
from stories.doors import Case
from stories.running import Running, wait_for
from stories.town import PLACE
from stories.visitor import Visitor

pytestmark = pytest.mark.timeout(200)


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def case(running: Running, canaries: Canaries) -> Case:
    """A case that went through every chapter, with a message that came in."""
    staff = ("balie", "consulent", "administratie", "kustwind")
    case = Case(running, canaries, *(Visitor(running, name).log_in() for name in staff))
    case.begin()
    case.look_into()
    case.sign()
    case.decide()
    case.deliver()
    receive_messages(running, canaries)
    out = running.home / "iwmo" / "out"
    if SAMPLE.is_file():
        wait_for(lambda: list(out.glob("WMO301_*")), "the 301 about this case")
    return case


def receive_messages(running: Running, canaries: Canaries) -> None:
    """Let a message come in that is right, and one that is not."""
    if not SAMPLE.is_file():
        return
    folder = running.home / "iwmo"
    wait_for((folder / "in").is_dir, "the folders of the mailbox")
    right = sample(canaries)
    (folder / "in" / "right.xml").write_text(right, encoding="utf-8")
    wrong = right.replace("<wmo315:Geslacht>1<", f"<wmo315:Geslacht>{canaries.core}<")
    (folder / "in" / "wrong.xml").write_text(wrong, encoding="utf-8")
    wait_for(lambda: list((folder / "failed").glob("*reden.txt")), "the refusal")
    wait_for(lambda: list((folder / "verwerkt").iterdir()), "the message")


def sample(canaries: Canaries) -> str:
    """Write the official message as if it were about our case."""
    text = SAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("999900006", canaries.second_bsn),
        (">Wit<", f">{canaries.word('W')}<"),
        (">Tim<", f">{canaries.word('T')}<"),
        ("Commentaar client", canaries.text("commentaar")),
        (">42420001</wmo315:Afzender", ">98000101</wmo315:Afzender"),
        (">0384<", f">{PLACE}<"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    "clothes",
    [
        lambda word: f"naam: {word}!".encode(),
        lambda word: word.upper().encode(),
        lambda word: f"x{word}".encode("utf-16"),
        lambda word: word.encode().hex().upper().encode(),
        *[
            lambda word, n=n: base64.b64encode(b"a" * n + word.encode() + b"zz")
            for n in range(4)
        ],
        lambda word: "".join(f"%{byte:02X}" for byte in word.encode()).encode(),
    ],
)
def test_the_search_itself_finds_a_word_in_all_clothes(canaries, clothes):
    assert canaries.found_in(b"\0\xff" + clothes(canaries.core) + b" rest")
    assert canaries.found_in(b"een ander woord, en 999990019") == []


class TestCanaries:
    def test_are_there_for_who_may_read_them(self, case, canaries):
        page = case.consulent.get(case.dossier).text

        assert canaries.core in page
        assert canaries.bsn not in page
        assert canaries.found_in(page.encode())

    def test_stand_in_no_column_of_any_table(self, case, running, server_url):
        searched = b""
        for url in (running.urls.database_url, running.urls.keystore_url):
            with as_superuser(server_url, url) as connection:
                for table, data in contents(connection):
                    searched += data
                    assert case.canaries.found_in(data) == [], table

        assert case.number.encode() in searched

    def test_stand_in_no_dump(self, case, running, server_url):
        dumps = b""
        for url in (running.urls.database_url, running.urls.keystore_url):
            dumps += dump(server_url, url)

        assert case.number.encode() in dumps
        assert case.canaries.found_in(dumps) == []

    def test_stand_in_no_write_ahead_log(self, case, server_url):
        data = data_folder(server_url)
        recent = [
            path
            for path in (data / "pg_wal").iterdir()
            if path.is_file() and path.stat().st_mtime > time.time() - 600
        ]
        searched = [path.read_bytes() for path in recent]

        assert any(case.number.encode() in data for data in searched)
        for data in searched:
            assert case.canaries.found_in(data) == []

    def test_stand_in_no_log_of_the_database(self, case, server_url):
        log = data_folder(server_url).parents[1] / "log" / "postgres.log"
        if not log.is_file():
            pytest.skip("the server does not log to a file that we know")

        assert case.canaries.found_in(log.read_bytes()) == []

    @pytest.mark.parametrize("process", ["web", "worker"])
    def test_stand_in_no_log_of_ours(self, case, running, process):
        log = running.log(process).read_bytes()

        assert b"request" in log if process == "web" else log
        assert case.canaries.found_in(log) == []

    def test_stand_nowhere_in_valkey(self, case, running):
        with closing(Redis.from_url(running.redis_url)) as redis:
            stored = dict(everything(redis))

        assert any(key.startswith(b"loket-session:") for key in stored)
        for key, data in stored.items():
            assert case.canaries.found_in(key + b"\n" + data) == [], key

    @pytest.mark.skipif(
        not SAMPLE.is_file(), reason="no iWmo samples: set LOKET_SHARED"
    )
    def test_stand_in_the_messages_that_leave_or_were_refused(self, case, running):
        folder = running.home / "iwmo"
        found = (*folder.glob("out/WMO301_*"), *folder.glob("failed/*.xml"))
        assert found
        for message in found:
            assert case.canaries.found_in(message.read_bytes())

    def test_stand_in_no_file_but_the_messages(self, case, running):
        allowed = re.compile(r"iwmo/(out/[^/]+|failed/[^/]+)\.xml")
        for path in running.home.rglob("*"):
            name = str(path.relative_to(running.home))
            assert case.canaries.found_in(name.encode()) == [], name
            if path.is_file() and not allowed.fullmatch(name):
                assert case.canaries.found_in(path.read_bytes()) == [], name

    def test_stand_in_no_address_and_no_metadata_of_a_letter(self, case):
        page = case.consulent.get(case.dossier).text
        letters = re.findall(r"/documenten/[0-9A-Z-]+\.pdf", page)

        assert len(letters) == 3
        for letter in letters:
            answer = case.consulent.get(letter)
            assert case.canaries.found_in(answer.headers.encode()) == []
            assert case.canaries.found_in(metadata(answer.body)) == []
            assert case.canaries.found_in(as_text(answer.body)), "an empty letter"


@contextmanager
def as_superuser(server_url: str, url: str = "") -> Iterator[Connection]:
    """Look as who may see everything there is."""
    address = make_url(server_url)
    if url:
        address = address.set(database=make_url(url).database)
    engine = create_engine(address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def contents(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Give every table as text and as the bytes in its columns."""
    tables = connection.scalars(
        text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
    ).all()
    assert len(tables) > 1
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    for table in tables:
        for form in ("text", "binary"):
            copied = f"COPY {table} TO STDOUT (FORMAT {form})"
            with driver.cursor().copy(copied) as rows:
                yield table, b"".join(bytes(row) for row in rows)


def dump(server_url: str, url: str) -> bytes:
    """Make a dump as a beheerder does for a backup."""
    address = make_url(server_url).set(
        drivername="postgresql", database=make_url(url).database
    )
    done = subprocess.run(
        [pg_dump(), address.render_as_string(hide_password=False)],
        capture_output=True,
        timeout=60,
    )
    if b"version mismatch" in done.stderr:
        pytest.skip("pg_dump here is older than the server")
    assert done.returncode == 0, done.stderr
    return done.stdout


def pg_dump() -> str:
    """Find the program: beside the embedded server, or installed."""
    package = find_spec("pgserver")
    places = list(package.submodule_search_locations or ()) if package else []
    found = [Path(place) / "pginstall" / "bin" / "pg_dump" for place in places]
    installed = shutil.which("pg_dump")
    for program in [*found, *([Path(installed)] if installed else [])]:
        if program.is_file():
            return str(program)
    pytest.skip("no pg_dump here")


def data_folder(server_url: str) -> Path:
    """Find the files of the server, when it runs on this machine."""
    with as_superuser(server_url) as connection:
        data = Path(connection.scalar(text("SHOW data_directory")))
    try:
        readable = (data / "pg_wal").is_dir()
    except PermissionError:
        readable = False
    if not readable:
        pytest.skip("the files of this server are not ours to read")
    return data


def everything(redis: Redis) -> Iterator[tuple[bytes, bytes]]:
    """Give every key with all that is stored under it."""
    read = {
        b"string": lambda key: [redis.get(key)],
        b"hash": lambda key: [
            part for pair in redis.hgetall(key).items() for part in pair
        ],
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": lambda key: [str(redis.xrange(key)).encode()],
    }
    for key in redis.scan_iter(count=1000):
        kind = redis.type(key)
        if kind == b"none":
            continue  # it ended while we looked
        yield key, b"\n".join(unpacked(part or b"") for part in read[kind](key))


def metadata(pdf: bytes) -> bytes:
    """Read what a letter says about itself: title, author, subject, XMP."""
    found = b""
    for option in ([], ["-meta"], ["-custom"]):
        found += subprocess.run(
            ["pdfinfo", *option, "-"], input=pdf, capture_output=True, timeout=20
        ).stdout
    assert b"Pages:" in found
    return found


def as_text(pdf: bytes) -> bytes:
    return subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, timeout=20
    ).stdout
