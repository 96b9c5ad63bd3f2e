"""Settings: read once, all mistakes at once, secrets never shown."""

import base64

import pytest

from loket.config import Config, ConfigError, default_home

KEK = base64.b64encode(bytes(32)).decode()
GIVEN = {
    "LOKET_DATABASE_URL": "postgresql+psycopg://loket_app@server/loket",
    "LOKET_DATABASE_OWNER_URL": "postgresql+psycopg://loket_owner@server/loket",
    "LOKET_KEYSTORE_URL": "postgresql+psycopg://keys:Wachtwoord1@server/keys",
    "LOKET_REDIS_URL": "redis://server/0",
    "LOKET_SECRET_KEY": "geheim" * 8,
    "LOKET_KEK": KEK,
}
PRODUCTION = GIVEN | {
    "LOKET_ENV": "production",
    "LOKET_BASE_URL": "https://loket.gemeente.example/",
}


def refusal_of(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        Config.from_env(environ)
    return caught.value.message


class TestReading:
    def test_the_necessary_settings_are_enough(self, tmp_path):
        config = Config.from_env(GIVEN | {"LOKET_HOME": str(tmp_path)})

        assert config.keks == {1: bytes(32)}
        assert config.iwmo_dir == tmp_path / "iwmo"
        assert config.base_url == "http://localhost:8000"
        assert not config.is_production
        assert not config.require_second_factor

    def test_only_the_given_mapping_counts(self, monkeypatch):
        monkeypatch.setenv("LOKET_PORT", "9999")

        assert Config.from_env(GIVEN).port == 8000

    def test_a_secret_comes_from_a_file_without_its_newline(self, tmp_path):
        file = tmp_path / "secret"
        file.write_text("uit-een-bestand-" * 3 + "\n")
        given = GIVEN | {"LOKET_SECRET_KEY": "", "LOKET_SECRET_KEY_FILE": str(file)}

        assert Config.from_env(given).secret_key == "uit-een-bestand-" * 3

    def test_a_common_way_to_write_the_database_is_understood(self):
        given = GIVEN | {"LOKET_DATABASE_URL": "postgres://loket_app@server/loket"}

        assert Config.from_env(given).database_url == GIVEN["LOKET_DATABASE_URL"]

    def test_the_owner_of_the_key_store_is_its_user_unless_given(self):
        owner = "postgresql+psycopg://keys_owner@server/keys"
        given = GIVEN | {"LOKET_KEYSTORE_OWNER_URL": owner}

        assert Config.from_env(GIVEN).keystore_owner_url == GIVEN["LOKET_KEYSTORE_URL"]
        assert Config.from_env(given).keystore_owner_url == owner

    def test_no_secret_is_shown(self):
        shown = repr(Config.from_env(GIVEN))

        assert "geheim" not in shown
        assert "Wachtwoord1" not in shown
        assert "\\x00" not in shown

    def test_root_does_not_live_in_its_closed_folder(self, monkeypatch):
        monkeypatch.setattr("os.geteuid", lambda: 0)
        assert str(default_home()) == "/var/lib/loket"

        monkeypatch.setattr("os.geteuid", lambda: 1000)
        monkeypatch.setenv("HOME", "/home/sanne")
        assert str(default_home()) == "/home/sanne/.local/share/loket"


class TestRefusing:
    def test_everything_that_is_missing_is_said_at_once_with_the_remedy(self):
        message = refusal_of({})

        for name in GIVEN:
            if name != "LOKET_DATABASE_OWNER_URL":
                assert f"{name} ontbreekt" in message
        assert "openssl rand -base64" in message

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LOKET_KEK", "te-kort"),
            ("LOKET_KEK", base64.b64encode(bytes(16)).decode()),
            ("LOKET_SECRET_KEY", "zwak"),
            ("LOKET_PORT", "poort"),
            ("LOKET_PORT", "70000"),
            ("LOKET_TRUSTED_PROXIES", "-1"),
            ("LOKET_TRUSTED_PROXIES", "veel"),
            ("LOKET_ENV", "echt"),
            ("LOKET_LOG_LEVEL", "luid"),
            ("LOKET_DATABASE_URL", "sqlite:///loket.db"),
            ("LOKET_SECURE_COOKIES", "misschien"),
            ("LOKET_MAIL_FROM", "Loket"),
        ],
    )
    def test_a_wrong_value_is_named_and_not_repeated(self, name, value):
        message = refusal_of(GIVEN | {name: value})

        assert message.count("\n- ") == 1
        assert f"- {name} " in message
        assert value not in message.replace(name, "")

    @pytest.mark.parametrize(
        "url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b@c:veel"]
    )
    def test_what_is_no_mail_server_is_refused(self, url):
        given = GIVEN | {"LOKET_MAIL_FROM": "loket@gemeente.example"}

        assert "- LOKET_SMTP_URL " in refusal_of(given | {"LOKET_SMTP_URL": url})

    def test_a_mail_server_asks_for_a_sender(self):
        given = GIVEN | {"LOKET_SMTP_URL": "smtp://loket:Geheim1@mail.example:587"}

        assert "LOKET_MAIL_FROM ontbreekt" in refusal_of(given)
        sender = {"LOKET_MAIL_FROM": "loket@gemeente.example"}
        config = Config.from_env(given | sender)
        assert config.smtp_url == given["LOKET_SMTP_URL"]
        assert "Geheim1" not in repr(config)

    def test_a_file_that_cannot_be_read_is_named(self):
        given = GIVEN | {"LOKET_KEK": "", "LOKET_KEK_FILE": "/bestaat/niet"}

        assert "/bestaat/niet is niet te lezen" in refusal_of(given)


class TestProduction:
    def test_the_locks_are_on(self):
        config = Config.from_env(PRODUCTION)

        assert config.is_production
        assert config.secure_cookies
        assert config.require_second_factor
        assert config.base_url == "https://loket.gemeente.example"

    @pytest.mark.parametrize(
        "lock", ["LOKET_SECURE_COOKIES", "LOKET_REQUIRE_SECOND_FACTOR"]
    )
    def test_a_lock_cannot_be_taken_off(self, lock):
        assert f"{lock} mag niet uit staan" in refusal_of(PRODUCTION | {lock: "false"})

    def test_a_plain_address_is_refused(self):
        message = refusal_of(PRODUCTION | {"LOKET_BASE_URL": "http://loket.example"})

        assert "LOKET_BASE_URL begint niet met https://" in message

    def test_the_address_is_not_guessed(self):
        message = refusal_of(PRODUCTION | {"LOKET_BASE_URL": ""})

        assert "LOKET_BASE_URL ontbreekt" in message
