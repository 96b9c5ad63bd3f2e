"""`loket vault ...` as the beheerder types it."""

import base64
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from build.softhsm import PIN
from conftest import KEK, SECRET_KEY
from loket.app import create_app
from loket.cli import main
from loket.config import Config
from loket.db import Database, Scope, make_engine, uuid7
from loket.doctor import check_keys
from loket.errors import LoketError
from loket.start import check_kek
from loket.vault.kek.local import LocalKek
from loket.vault.vault import Vault

FIRST = base64.b64encode(KEK).decode()
CODES = ("0396", "0473")


class Commands:
    """A home with databases of its own, and the command."""

    def __init__(self, urls, redis_url: str, home: Path) -> None:
        self.urls, self.home = urls, home
        self.file = home / "kek"
        self.file.write_text(f"{FIRST}\n")
        self.file.chmod(0o640)
        self.given = {
            "LOKET_HOME": str(home),
            "LOKET_DATABASE_URL": urls.database_url,
            "LOKET_DATABASE_OWNER_URL": urls.database_owner_url,
            "LOKET_KEYSTORE_URL": urls.keystore_url,
            "LOKET_REDIS_URL": redis_url,
            "LOKET_SECRET_KEY": SECRET_KEY,
            "LOKET_KEK_FILE": str(self.file),
        }

    def run(self, *words: str, **more: str):
        return CliRunner().invoke(main, ["vault", *words], env=self.given | more)

    def done(self, *words: str, **more: str) -> str:
        """Run what must succeed; tell what was said."""
        result = self.run(*words, **more)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *words: str, **more: str) -> str:
        result = self.run(*words, **more)
        assert result.exit_code != 0
        assert "Traceback" not in result.output
        return result.output

    def trail(self) -> list[tuple[str, str | None, str, str]]:
        engine = create_engine(self.urls.database_owner_url)
        with engine.connect() as connection:
            connection.execute(
                text("SELECT set_config('loket.gemeenten', '0396,0473', true)")
            )
            rows = connection.execute(
                text(
                    "SELECT action, gemeente_code, via, grond FROM audit_record"
                    " ORDER BY recorded_at"
                )
            ).all()
        engine.dispose()
        return [tuple(row) for row in rows]

    def add_keys(self, count: int = 3) -> None:
        engine = make_engine(self.urls.keystore_url)
        vault = Vault(engine, LocalKek({1: KEK}))
        vault.prepare(
            {(code, uuid7()): "dossier" for code in CODES for _ in range(count)}
        )
        engine.dispose()


@pytest.fixture
def commands(stock, servers, tmp_path):
    # the key store is turned as a whole: no other test may use it
    with stock.copies() as urls:
        found = Commands(urls, servers.redis_url, tmp_path)
        found.add_keys()
        yield found


class TestStatus:
    def test_tells_counts_and_no_secret(self, commands):
        told = commands.done("status")

        assert "versie 1: 4 gemeentesleutels" in told
        assert re.search(r"0396 +1 +3 onder 1 +goed", told)
        assert "dossier 6" in told
        assert FIRST not in told

    def test_a_version_that_is_missing_is_shown(self, commands):
        told = commands.done("status", LOKET_KEK=f"2:{FIRST}")

        assert "ONTBREEKT" in told

    def test_a_token_that_is_away_hides_no_counts(self, commands, softhsm, name):
        away = softhsm.uri(name, token="weg")
        told = commands.done("status", LOKET_KEK_PROVIDER=away, LOKET_KEK_FILE="")

        assert "geen token 'weg'" in told
        assert "niet bereikbaar" in told
        assert "versie 1: 4 gemeentesleutels" in told


class TestStart:
    """Loket does not begin with a KEK that opens nothing, and says which."""

    MISSING = {"LOKET_KEK": f"2:{base64.b64encode(bytes(32)).decode()}"}
    WRONG = {"LOKET_KEK": f"1:{base64.b64encode(bytes(32)).decode()}"}

    @pytest.fixture(params=["the command", "the web", "the doctor"])
    def begin(self, request):
        return {
            "the command": check_kek,
            "the web": create_app,
            "the doctor": check_keys,
        }[request.param]

    def test_a_missing_version_is_named(self, commands, begin):
        config = Config.from_env(commands.given | self.MISSING)

        with pytest.raises(LoketError, match=r"Versie 1 .* ontbreekt"):
            begin(config)

    def test_a_wrong_one_is_refused(self, commands, begin):
        config = Config.from_env(commands.given | self.WRONG)

        with pytest.raises(LoketError, match=r"Versie 1 .* past niet"):
            begin(config)

    def test_a_token_that_is_away_is_refused(self, commands, begin, softhsm, name):
        away = {"LOKET_KEK_PROVIDER": softhsm.uri(name, token="weg")}
        config = Config.from_env(commands.given | away | {"LOKET_KEK_FILE": ""})

        with pytest.raises(LoketError, match="geen token 'weg'"):
            begin(config)

    def test_a_key_store_that_is_away_may_come_back(self, commands):
        url = "postgresql+psycopg://loket_keystore_app@127.0.0.1:1/weg"

        check_kek(Config.from_env(commands.given | {"LOKET_KEYSTORE_URL": url}))

    def test_the_right_one_begins(self, commands):
        check_kek(Config.from_env(commands.given))
        assert "versie 1 uit LOKET_KEK" in check_keys(Config.from_env(commands.given))


class TestTurning:
    def test_a_new_kek_is_added_and_everything_comes_under_it(self, commands):
        made = commands.done("new-kek")
        assert "Versie 2" in made
        assert stat.S_IMODE(commands.file.stat().st_mode) == 0o640
        assert "Nog niet gedraaid" in commands.done("status")

        assert "4 gemeentesleutels" in commands.done("rotate-kek")

        told = commands.done("status")
        assert "versie 2: 4 gemeentesleutels" in told
        assert "Nog niet gedraaid" not in told
        assert re.search(r"Hoofdsleutel gedraaid +1 → 2 +4 +cli/", told)
        assert "al met de nieuwste" in commands.done("rotate-kek")
        newest = commands.file.read_text().splitlines()[-1]
        assert newest.startswith("2:")
        assert commands.done("status", LOKET_KEK=newest).count("ONTBREEKT") == 0
        assert [line[0] for line in commands.trail()] == ["kek.made", "kek.rotated"]
        assert commands.trail()[-1][2:] == ("cli", "versie 1 naar 2, 4 sleutels")

    def test_in_the_environment_it_says_how_to_do_it_by_hand(self, commands):
        told = commands.refused("new-kek", LOKET_KEK=FIRST)

        assert "openssl rand -base64 32" in told
        assert commands.trail() == []

    def test_without_the_old_version_it_says_which_is_missing(self, commands):
        other = base64.b64encode(bytes(32)).decode()

        told = commands.refused("rotate-kek", LOKET_KEK=f"2:{other}")

        assert "Versie 1 van de hoofdsleutel (KEK) ontbreekt" in told

    def test_one_gemeente_gets_a_new_key(self, commands):
        told = commands.done("rotate-gemeente", "0396")

        assert "Gemeente 0396: 3 datasleutels" in told
        shown = commands.done("status")
        assert re.search(r"0396 +2 +3 onder 2 +goed", shown)
        assert re.search(r"0473 +1 +3 onder 1 +goed", shown)
        assert commands.trail() == [
            ("gemeente_key.rotated", "0396", "cli", "versie 1 naar 2, 3 sleutels")
        ]

    def test_all_gemeenten_skip_what_was_turned_today(self, commands):
        commands.done("rotate-gemeente", "0396")

        told = commands.done("rotate-gemeente", "--all")

        assert "Gemeente 0396: was het laatste etmaal al gedraaid" in told
        assert "Gemeente 0473: 3 datasleutels" in told

    def test_a_gemeente_that_is_not_there_is_refused(self, commands):
        assert "Gemeente 9999 heeft geen sleutels" in commands.refused(
            "rotate-gemeente", "9999"
        )

    @pytest.mark.parametrize("words", [(), ("0396", "--all")])
    def test_it_wants_one_or_all(self, commands, words):
        assert "gemeentecode" in commands.refused("rotate-gemeente", *words)


class TestToken:
    def test_the_kek_moves_from_the_file_into_a_token(self, commands, softhsm, name):
        given = {"LOKET_KEK_PROVIDER": softhsm.uri(name)}
        assert "Versie 2" in commands.done("new-kek", **given)
        commands.done("rotate-kek", **given)

        alone = given | {"LOKET_KEK_FILE": ""}
        assert "versie 2: 4 gemeentesleutels" in commands.done("status", **alone)
        assert "ONTBREEKT" not in commands.done("status", **alone)
        told = commands.refused("escrow", "--out", str(commands.home / "e"), **alone)
        assert "kan er niet uit" in told
        assert PIN not in told


class TestEscrow:
    @pytest.fixture
    def parts(self, commands) -> list[str]:
        commands.done("escrow", "--out", str(commands.home / "kluis"))
        return sorted(map(str, (commands.home / "kluis").iterdir()))

    def test_makes_two_files_that_only_we_read(self, commands, parts):
        assert [Path(each).name[-10:] for each in parts] == ["deel-A.txt", "deel-B.txt"]
        for each in parts:
            assert stat.S_IMODE(Path(each).stat().st_mode) == 0o600
            assert FIRST not in Path(each).read_text()
        action, _, via, grond = commands.trail()[0]
        assert (action, via) == ("kek.escrowed", "cli")
        assert grond.removeprefix("set ") in parts[0]

    def test_the_check_needs_no_kek_and_writes_nothing(self, commands, parts):
        commands.file.unlink()
        before = sorted(commands.home.rglob("*"))

        told = commands.done("escrow", "--check", *parts, LOKET_KEK_FILE="")

        assert "opent alle 4 sleutels" in told
        assert sorted(commands.home.rglob("*")) == before

    def test_a_lost_kek_comes_back_and_opens_everything(self, commands, parts):
        commands.file.unlink()
        back = commands.home / "terug"

        told = commands.done("escrow", "--restore", *parts, "--out", str(back))

        file = back / "kek"
        assert str(file) in told
        assert FIRST not in told
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        shown = commands.done("rotate-gemeente", "0396", LOKET_KEK_FILE=str(file))
        assert "3 datasleutels" in shown

    def test_what_is_there_is_not_overwritten(self, commands, parts):
        (commands.home / "kek").write_text("staat er al")

        told = commands.refused(
            "escrow", "--restore", *parts, "--out", str(commands.home)
        )

        assert "Dat lukt niet" in told
        assert commands.file.read_text() == "staat er al"

    def test_a_mistake_is_named_with_its_file(self, commands, parts):
        told = commands.refused("escrow", "--check", parts[0], parts[0])
        assert "twee keer deel A" in told

        spoilt = Path(parts[1])
        spoilt.write_text(spoilt.read_text().replace(" 1. ", " 1. X", 1))
        told = commands.refused("escrow", "--check", *parts)
        assert spoilt.name in told.replace("\n", "")
        assert "Regel 1 klopt niet" in told

    def test_parts_that_are_too_old_are_told(self, commands, parts):
        commands.done("new-kek")
        commands.done("rotate-kek")

        told = commands.refused("escrow", "--check", *parts)

        assert "gebruikt versie 2" in told
        assert "maak een nieuwe escrow" in told

    def test_it_wants_a_folder(self, commands):
        assert "--out" in commands.refused("escrow")


class TestAccounts:
    def test_the_keys_of_accounts_turn_as_well(self, commands):
        engine = make_engine(commands.urls.keystore_url)
        Vault(engine, LocalKek({1: KEK})).open_scope("0000", uuid7(), "account")
        engine.dispose()

        assert "Gemeente 0000: 1 datasleutels" in commands.done(
            "rotate-gemeente", "0000"
        )
        database = Database(make_engine(commands.urls.database_url), vault=None)
        with database.transaction(Scope(("0000",))) as session:
            rows = session.execute(text("SELECT action FROM audit_record")).scalars()
            assert list(rows) == ["gemeente_key.rotated"]
        database.engine.dispose()
