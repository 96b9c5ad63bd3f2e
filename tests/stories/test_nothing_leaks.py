"""After a whole case, what was told stands nowhere readable: we look everywhere."""

import base64
import io
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from http import HTTPStatus
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from build.iwmo import SAMPLE
from build.mailserver import Mailbox, mailserver
from conftest import KEK, SECRET_KEY
from loket.backup import chain
from loket.backup.envelope import new_pair
from loket.backup.making import make_copy
from loket.backup.manifest import Manifest
from loket.datum import kort
from servers import DatabaseUrls
from stories.canaries import MANY, Canaries, unpacked
from stories.doors import DAY, Case
from stories.places import (
    around_cells,
    as_superuser,
    as_text,
    contents,
    data_folder,
    dump,
    everything,
    metadata,
    opened_cells,
    read_copy,
)
from stories.profile import BROWSER_KEEPS, search_and_type
from stories.running import PASSWORD, Running, installation, wait_for
from stories.telling import receive_messages, tell_more, want_mail
from stories.town import PLACE, command
from stories.visitor import Visitor

pytestmark = pytest.mark.timeout(200)
MOST_PAGES = 60


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    """The mail server of this installation."""
    with mailserver() as box:
        yield box


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes write what they need for a moment."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def running(urls: DatabaseUrls, box: Mailbox, scratch: Path) -> Iterator[Running]:
    """Web and worker as in production, that send mail and log all they can."""
    post = {
        "LOKET_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
        "LOKET_MAIL_FROM": "loket@duinstede.example",
        "GUNICORN_CMD_ARGS": "--log-level=debug --access-logfile=-",
        "TMPDIR": str(scratch),
    }
    with installation(urls, **post) as running:
        yield running


@pytest.fixture(scope="module")
def privacy(running: Running) -> Visitor:
    """The privacy officer, logged in."""
    return Visitor(running, "privacy").log_in()


@pytest.fixture(scope="module")
def began() -> float:
    """When the case began: what was written down before tells nothing of it."""
    return time.time() - 1


@pytest.fixture(scope="module")
def case(running: Running, canaries: Canaries, privacy: Visitor, began: float) -> Case:
    """A case that went through every chapter, with a message that came in."""
    staff = ("balie", "consulent", "administratie", "kustwind")
    case = Case(running, canaries, *(Visitor(running, name).log_in() for name in staff))
    want_mail([case.consulent, case.administratie, privacy], canaries)
    case.begin()
    case.look_into()
    case.sign()
    case.decide()
    case.deliver()
    tell_more(case)
    case.ask_copy(privacy)
    receive_messages(running, canaries)
    return case


class TestCanaries:
    def test_are_there_for_who_may_read_them(self, case, canaries):
        page = case.consulent.get(case.dossier).text

        assert canaries.core in page
        assert canaries.bsn not in page
        assert canaries.found_in(page.encode())

    def test_of_every_type_are_there_when_the_cells_are_opened(self, case, running):
        """Five of each at least: else to find none of them would prove little."""
        opened = opened_cells(running.urls, PLACE)
        told = case.canaries
        stored = {
            kind: {word for word in words if word.encode() in opened}
            for kind, words in told.words.items()
        }
        born = [
            each
            for each in told.dates
            if any(write(each).encode() in opened for write in (date.isoformat, kort))
        ]
        numbers = (told.bsns, told.phones, told.amounts)

        assert len(told.words["bestandsnaam"]) == MANY
        assert stored.pop("bestandsnaam") == set()
        assert [kind for kind, words in stored.items() if len(words) < MANY] == []
        for each in numbers:
            assert [one for one in each if one.encode() not in opened] == []
        assert len(born) == MANY

    def test_stand_in_no_mail(self, case, box):
        """Nothing but the address of whoever gets it, and that work waits."""
        wait_for(lambda: len(box.raw) > 1, "the mails")
        for raw in box.raw:
            mail = message_from_bytes(raw, policy=default)
            whole = raw + mail.get_content().encode()
            addresses = [word.encode() for word in case.canaries.words["e-mail"]]
            found = [each for each in addresses if each in whole]
            assert len(found) == 1
            assert case.canaries.found_in(whole.replace(found[0], b"")) == []
            for known in (case.number, PLACE, "dossier", "Duinstede", "melding"):
                assert known.encode() not in whole.replace(b"@duinstede.example", b"")

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

    def test_stand_in_no_write_ahead_log(self, case, began, server_url):
        data = data_folder(server_url)
        recent = [
            path
            for path in (data / "pg_wal").iterdir()
            if path.is_file() and path.stat().st_mtime >= began
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

        said = b"request" if process == "web" else b"debug"
        assert said in log
        assert process != "web" or f"GET {case.dossier}".encode() in log
        assert case.canaries.found_in(log) == []

    def test_stand_in_no_file_that_was_made_for_a_moment(self, case, scratch):
        for path in scratch.rglob("*"):
            assert case.canaries.found_in(str(path).encode()) == [], path
            if path.is_file():
                assert case.canaries.found_in(path.read_bytes()) == [], path

    def test_stand_in_nothing_that_the_database_tells_of_itself(
        self, case, running, server_url
    ):
        """Its statistics of columns, and the last statement of every session."""
        told = ""
        for url in (running.urls.database_url, running.urls.keystore_url):
            with as_superuser(server_url, url) as connection:
                connection.execute(text("ANALYZE"))
                for view in ("pg_stats", "pg_stat_activity", "pg_prepared_statements"):
                    told += str(connection.execute(text(f"TABLE {view}")).all())

        assert "SELECT" in told
        assert case.number in told
        assert case.canaries.found_in(told.encode()) == []

    def test_are_never_sent_to_be_kept_and_not_at_all_after_leaving(self, case):
        leaves = Visitor(case.running, "consulent").log_in()
        page = leaves.get(case.dossier).text
        pictures = re.findall(r"/documenten/[0-9A-Z-]+\.(?:pdf|png)", page)
        paths = (case.dossier, f"{case.dossier}/notities", *pictures[:6])
        for path in paths:
            answer = leaves.get(path)
            assert case.canaries.found_in(answer.headers.encode()) == []
            assert "Cache-Control: no-store" in answer.headers
        old = leaves.cookie
        leaves.send("/uitloggen")
        leaves.cookie = old

        assert len(pictures) > MANY
        for path in paths:
            answer = leaves.get(path)
            assert answer.status == HTTPStatus.UNAUTHORIZED
            assert case.canaries.found_in(answer.body) == []

    def test_no_secret_of_the_installation_is_told(self, case, running, server_url):
        secrets = (PASSWORD, SECRET_KEY, base64.b64encode(KEK).decode(), KEK.hex())
        kept = [running.log(each).read_bytes() for each in ("web", "worker")]
        urls = (running.urls.database_url, running.urls.keystore_url)
        kept += [dump(server_url, url) for url in urls]
        with closing(Redis.from_url(running.redis_url)) as redis:
            kept += [key + data for key, data in everything(redis)]

        for secret in secrets:
            assert not [data for data in kept if secret.encode() in data]

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

    def test_stand_in_no_file_that_valkey_saves(self, case, running):
        planted = Canaries()
        with closing(Redis.from_url(running.redis_url)) as redis:
            redis.config_set("rdbcompression", "no")
            redis.set("planted", planted.core)
            redis.save()
            folder = Path(redis.config_get("dir")["dir"])
            saved = (folder / "dump.rdb").read_bytes()
            redis.delete("planted")

        assert planted.found_in(saved)
        assert case.canaries.found_in(saved) == []

    def test_stand_in_no_copy_sealed_or_opened(self, case, running, urls, tmp_path):
        secret, public = new_pair()
        config = replace(
            running.config,
            database_owner_url=urls.database_owner_url,
            keystore_owner_url=urls.keystore_owner_url,
            backup_recipients=(public,),
            backup_to=tmp_path,
        )
        make_copy(config, keep_data_days=365, keep_keys_days=30)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        opened = b""
        for which in chain.CHAINS:
            newest = chain.newest(tmp_path, which)
            part = Manifest.read(newest).parts[0]
            opened += read_copy(newest / part.name, secret)

        assert len(files) > 3
        for path in files:
            data = path.read_bytes()
            assert case.canaries.found_in(data) == [], path
            assert case.number.encode() not in data, path
        assert case.number.encode() in opened
        assert case.canaries.found_in(opened) == []

    def test_stand_in_no_trail_for_an_auditor(self, case, running, tmp_path):
        out = tmp_path / "spoor.zip"
        options = ("--gemeente", PLACE, "--van", DAY, "--out", str(out))
        command(running, "audit", "export", *options)
        trail = unpacked(out.read_bytes())

        assert b"bundels.jsonl" in trail
        assert case.canaries.found_in(trail) == []

    def test_stand_in_no_log_as_a_file_and_no_name_of_a_sheet(self, case, privacy):
        logbook = privacy.post("/logboek/export")
        sheet = case.consulent.post("/werkvoorraad/export")

        assert case.number.encode() in logbook.body
        assert case.canaries.found_in(logbook.headers.encode() + logbook.body) == []
        assert "werkvoorraad-" in sheet.headers
        assert case.canaries.found_in(sheet.headers.encode()) == []
        assert case.canaries.found_in(around_cells(sheet.body)) == []

    def test_stand_in_no_name_of_the_copy_for_the_resident(self, case):
        for kind in ("zip", "json", "pdf"):
            answer = case.balie.get(f"{case.inzageverzoek}/afschrift.{kind}")
            assert answer.status == 200
            assert case.canaries.found_in(answer.headers.encode()) == []
            if kind == "pdf":
                assert case.canaries.found_in(metadata(answer.body)) == []
            if kind == "zip":
                with zipfile.ZipFile(io.BytesIO(answer.body)) as held:
                    names = "\n".join(held.namelist()).encode()
                assert case.canaries.found_in(names) == []
                assert case.canaries.found_in(unpacked(answer.body)), "an empty copy"

    def test_stand_on_no_screen_of_the_beheerder(self, case, running):
        beheer = Visitor(running, "beheer").log_in()
        seen = 0
        for path, answer in beheer.walk("/beheer", MOST_PAGES):
            seen += 1
            said = answer.headers.encode() + answer.body
            assert case.canaries.found_in(said) == [], path

        assert seen > 10
        assert beheer.get(case.dossier).status in (403, 404)

    @pytest.mark.browser
    def test_stay_in_no_browser(self, case, person):
        consulent = person("consulent")
        consulent.is_looking = False
        consulent.open(case.dossier)
        consulent.open(f"{case.dossier}/onderzoek")
        consulent.page.evaluate("localStorage.setItem('planted', 'naam')")
        during = consulent.page.evaluate(BROWSER_KEEPS)
        consulent.page.get_by_role("button", name="Uitloggen").first.click()
        consulent.page.wait_for_url("**/login**")
        after = consulent.page.evaluate(BROWSER_KEEPS)
        consulent.page.go_back()

        assert "planted" in during
        for kept in (during, after, consulent.page.content()):
            assert case.canaries.found_in(kept.encode()) == []

    @pytest.mark.browser
    def test_stay_in_no_file_of_a_browser(self, case, browser, tmp_path):
        """Not in what opens its tabs again either: what was sent, what was typed."""
        search_and_type(browser, case, tmp_path)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        kept = {path: path.read_bytes() for path in files}

        assert any(case.number.encode() in data for data in kept.values())
        for path, data in kept.items():
            assert case.canaries.found_in(data) == [], path
