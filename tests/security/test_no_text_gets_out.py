"""What is told of an error, by whichever library, is its class and its place."""

import io
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from gunicorn.config import Config
from jinja2 import StrictUndefined, Template
from redis import Redis
from rq import Callback
from rq.serializers import JSONSerializer
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from build.dossier import inwoner
from loket import frame, logs, schedule, worker
from loket.db import Database, Scope, make_engine
from loket.doctor import check_server_log
from loket.embedded import SETTINGS
from loket.processes import StartProblem
from loket.worker import make_worker
from stories.canaries import unpacked
from stories.running import own_valkey

CHECKOUT = Path(__file__).parents[2]
WORD = "Zeewierengaard"
BSN = "999900006"
STATIC = CHECKOUT / "loket" / "static" / "vendor"


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """What our logging writes, at the lowest level; afterwards it is as it was."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    logs.configure_logs("DEBUG")
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    yield stream.getvalue
    root.handlers = before
    root.setLevel(level)


class Odd:
    """A thing whose repr tells everything."""

    def __repr__(self) -> str:
        return f"<Odd {WORD} {BSN}>"


def fail(*_: object) -> None:
    """Fail with a value in the text, as a job may."""
    raise ValueError(f"{WORD} {BSN} past niet")


class TestLog:
    def test_of_ours_shows_no_thing_and_no_text_of_an_error(self, written):
        log = structlog.get_logger("ours")
        error = ValueError(f"{WORD} {BSN}")
        for value in (Odd(), error, [Odd(), error], {WORD: BSN}, WORD.encode()):
            log.error("failed", value=value, exc_info=error)
        log.info("read", number=BSN)
        said = written()

        assert said.count("failed") == 5
        assert "<Odd>" in said
        assert "<ValueError>" in said
        assert WORD not in said
        assert BSN not in said

    def test_of_a_library_shows_no_text_of_an_error(self, written):
        library = logging.getLogger("some.library")
        try:
            fail()
        except ValueError as error:
            library.exception("could not %s: %s", "read", error)
            library.error(error)
            library.warning("again %s", error, stack_info=True)
        said = written()

        assert "could not read: ValueError" in said
        assert "test_no_text_gets_out.py" in said
        assert WORD not in said

    def test_tells_no_statement_of_sqlalchemy_at_any_level(self, written, database):
        with database.transaction(Scope.of("0396")) as session:
            session.execute(text("SELECT :word"), {"word": WORD})

        assert "SELECT" not in written()

    def test_gunicorn_tells_its_errors_through_it(self, written, monkeypatch):
        own = logging.getLogger("gunicorn.error")
        for name, value in (("handlers", []), ("propagate", own.propagate)):
            monkeypatch.setattr(own, name, value)
        # both are of the whole process, and this one is of all tests
        monkeypatch.setattr(logs, "configure_logs", lambda _level: None)
        monkeypatch.setattr(logs, "guard_process", lambda: None)
        tells = logs.GunicornLogs(Config())
        try:
            fail()
        except ValueError:
            tells.exception("Error handling request %s", f"/zoek?naam={WORD}")
            tells.error("went wrong", exc_info=True)
        said = written()

        assert "request failed" in said
        assert '"error": "ValueError"' in said
        assert WORD not in said


class TestCrash:
    @pytest.mark.parametrize("kind", ["value", "database", "template"])
    def test_shows_and_logs_no_text(self, app: Flask, written, kind, monkeypatch):
        def crash() -> None:
            if kind == "value":
                fail()
            if kind == "template":
                Template("{{ mens.bsn.x }}", undefined=StrictUndefined).render(
                    mens={"naam": WORD}
                )
            with app.extensions["loket"].database.session() as session:
                session.execute(text("SELECT CAST(:word AS uuid)"), {"word": WORD})

        monkeypatch.setitem(app.view_functions, "healthz", crash)
        app.testing = False
        answer = app.test_client().get("/healthz", headers={"Accept": "text/html"})
        said = written()

        assert answer.status_code == 500
        assert WORD not in answer.text
        assert "Traceback" not in answer.text
        assert "crash" in said
        assert WORD not in said

    def test_the_frame_names_no_value_of_an_error(self):
        assert "exc_info=error" in Path(frame.__file__).read_text(encoding="utf-8")


class TestQueue:
    def test_keeps_nothing_of_a_job_that_failed(self, written, monkeypatch):
        monkeypatch.setitem(worker.KNOWN, f"{fail.__module__}.fail", fail)
        with own_valkey() as url, Redis.from_url(url) as redis:
            work = schedule.queue(redis)
            job = work.enqueue(fail, "0396", result_ttl=0, failure_ttl=600)
            make_worker([work], redis).work(burst=True, logging_level="DEBUG")
            job = work.fetch_job(job.id)
            assert job is not None
            assert job.get_status() == "failed"
            stored = b"".join(
                unpacked(each) for key in redis.scan_iter() for each in held(redis, key)
            )
        said = written()

        assert b"fail" in stored
        assert WORD.encode() not in stored
        assert "job failed" in said
        assert WORD not in said

    def test_runs_nothing_that_is_not_ours(self, written, tmp_path):
        """Who can write in the queue server, names any function there is."""
        mark = tmp_path / "ran"
        with own_valkey() as url, Redis.from_url(url) as redis:
            work = schedule.queue(redis)
            forged = work.enqueue("os.mkdir", str(mark), failure_ttl=600)
            after = work.enqueue(
                schedule.run_recurring,
                "no such work",
                on_failure=Callback("os.path.exists"),
                failure_ttl=600,
            )
            redis.hset(after.key, "failure_callback_name", "os.abort")
            make_worker([work], redis).work(burst=True)
            assert forged.get_status() == after.get_status() == "failed"
        assert not mark.exists()
        assert "job failed" in written()

    def test_runs_no_pickle(self):
        class Evil:
            def __reduce__(self) -> tuple[object, tuple[str, ...]]:
                return os.system, ("true",)

        assert schedule.queue(Redis()).serializer is JSONSerializer
        with pytest.raises(UnicodeDecodeError):
            JSONSerializer.loads(pickle.dumps(Evil()))
        with pytest.raises(TypeError):
            JSONSerializer.dumps(Evil())


def held(redis: Redis, key: bytes) -> list[bytes]:
    kind = redis.type(key)
    if kind == b"hash":
        return [part for pair in redis.hgetall(key).items() for part in pair]
    if kind == b"stream":
        return [str(redis.xrange(key)).encode()]
    return [redis.get(key) or b""] if kind == b"string" else []


class TestOpenedValues:
    def test_hide_from_a_traceback_that_shows_the_locals(self, session):
        person = inwoner(session, achternaam=WORD, bsn=BSN)
        told = ""
        try:
            self.break_off(person, person.achternaam, person.bsn)
        except RuntimeError as error:
            told = "".join(
                traceback.TracebackException.from_exception(
                    error, capture_locals=True
                ).format()
            )

        assert "name = " in told
        assert WORD not in told
        assert BSN not in told

    def break_off(self, person: object, name: str, number: str) -> None:
        everything = [person, name, {"bsn": number}]
        raise RuntimeError(f"broke off with {len(everything)}")

    @pytest.mark.parametrize("take", ["row", "value"])
    def test_refuse_to_be_pickled(self, session, take):
        person = inwoner(session, achternaam=WORD)

        with pytest.raises(TypeError, match=r"not pickled|pickle"):
            pickle.dumps(person if take == "row" else person.achternaam)

    def test_stand_in_no_error_of_the_database(self, session):
        person = inwoner(session, achternaam=WORD)
        session.flush()
        with pytest.raises(DBAPIError) as told, session.begin_nested():
            session.execute(
                text("UPDATE inwoner SET id = NULL WHERE id = :id"), {"id": person.id}
            )

        assert WORD not in str(told.value)


class TestEngine:
    def test_that_tells_what_it_does_is_refused(self, database_urls):
        engine = create_engine(
            database_urls.database_url, hide_parameters=True, echo="debug"
        )
        with pytest.raises(ValueError, match="must not tell"):
            Database(engine)
        with pytest.raises(ValueError, match="hide its parameters"):
            Database(create_engine(database_urls.database_url))
        with pytest.raises(TypeError):
            make_engine(database_urls.database_url, echo=True)
        engine.dispose()


class TestServerLog:
    def test_of_the_embedded_server_holds_no_statement_and_no_value(self, servers):
        with servers.superuser() as connection:
            found = {
                name: connection.scalar(text("SELECT current_setting(:n)"), {"n": name})
                for name in SETTINGS
                if name.startswith("log_")
            }

        if os.environ.get("LOKET_TEST_SERVER"):
            pytest.skip("this server is not ours to set up")
        assert found["log_min_messages"] == "log"
        assert found["log_statement"] == "none"
        assert found["log_parameter_max_length_on_error"] == "0"

    def test_doctor_tells_of_a_server_that_writes_statements_down(
        self, config, servers
    ):
        assert "geen statements" in check_server_log(config)
        name = make_url(config.database_url).database
        with servers.superuser() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {name} SET log_statement = 'all'"
            )

        with pytest.raises(StartProblem, match="log_statement = all"):
            check_server_log(config)


SHOW = """
import ctypes, resource, sys, threading
from loket.guarding import guard_process
from loket.logs import configure_logs
configure_logs("DEBUG")
guard_process()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3))
def fail():
    raise ValueError("{word}")
class Late:
    def __del__(self):
        fail()
thread = threading.Thread(target=fail)
thread.start(); thread.join()
Late()
fail()
"""


class TestProcess:
    def test_writes_no_core_and_no_text_of_what_nobody_caught(self):
        done = subprocess.run(
            [sys.executable, "-c", SHOW.replace("{word}", WORD)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
        )

        assert done.returncode == 1
        assert done.stdout.split() == ["0", "0"]
        for told in ("uncaught", "uncaught in a thread", "could not be raised"):
            assert f'"event": "{told}"' in done.stderr
        assert WORD not in done.stderr

    @pytest.mark.parametrize(
        ("module", "call"),
        [
            ("wsgi.py", "guard_process()"),
            ("loket/worker.py", "guard_process()"),
            ("loket/cli.py", "guard_process()"),
            ("loket/logs.py", "guard_process()"),
        ],
    )
    def test_each_of_ours_is_guarded(self, module, call):
        assert call in (CHECKOUT / module).read_text(encoding="utf-8")


class TestBrowser:
    def test_htmx_keeps_no_pages_behind(self):
        library = next(STATIC.glob("htmx.*.js")).read_text(encoding="utf-8")

        assert "htmx" in library
        assert "Storage" not in library
        assert "indexedDB" not in library
