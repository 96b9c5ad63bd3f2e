import pytest
from click.testing import CliRunner

from loket.termijn_cli import termijn


def run(*words):
    return CliRunner().invoke(termijn, list(words))


class TestTermijn:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (["6w", "2026-03-23"], "2026-05-04"),
            (["6w", "23-3-2026"], "2026-05-04"),
            (["7d", "2026-03-27"], "2026-04-07"),
            (["3m", "2026-02-14"], "2026-05-18"),
            (["15j", "2026-05-06"], "2041-05-06"),
            (["2w", "2026-04-13", "--opschorting", "10"], "2026-05-07"),
            (["--zonder-termijnenwet", "2w", "2026-04-13"], "2026-04-27"),
        ],
    )
    def test_ends_with_only_the_date(self, words, expected):
        result = run(*words)

        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == expected

    def test_tells_how_the_date_came_about(self):
        assert "Koningsdag" in run("2w", "2026-04-13").stdout

    def test_warns_outside_the_date(self):
        result = run("6w", "2031-03-24")

        assert "Let op" in result.stderr
        assert "Let op" not in result.stdout

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["6x", "2026-03-23"], "zoals 6w"),
            (["6w", "2026-02-30"], "bestaat niet"),
            (["6w", "gisteren"], "zoals 23-11-2026"),
            (["0d", "2026-03-23"], "minstens 1 dag"),
            (["6w", "2026-03-23", "--opschorting", "-3"], "aantal dagen"),
            (["6w", "2026-03-23", "--opschorting", "tien"], "aantal dagen"),
            (["9999j", "2026-03-23"], "te lang"),
            (["6w"], "begrijp ik niet"),
            ([], "begrijp ik niet"),
            (["6w", "2026-03-23", "extra"], "begrijp ik niet"),
            (["-6w", "2026-03-23"], "begrijp ik niet"),
            (["6w", "2026-03-23", "--feestdagen"], "begrijp ik niet"),
        ],
    )
    def test_refuses_in_dutch(self, words, reason):
        result = run(*words)

        assert result.exit_code == 2
        assert reason in result.stderr
        assert "Gebruik: loket termijn" in result.stderr
        assert result.stdout == ""

    def test_explains_itself_in_dutch(self):
        result = run("--help")

        assert result.exit_code == 0
        assert "TERMIJN is een getal" in result.stdout
        assert "Show this message" not in result.stdout
