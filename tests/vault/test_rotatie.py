"""A small run of `benchmarks/rotatie.py`: keys are replaced under load, and killed."""

import os
import subprocess
import sys

import pytest

from house.source import CHECKOUT

ZERO = (
    "errors",
    "missed while searching",
    "lost",
    "cells under an old key",
    "keys that should be gone",
    "tokens of an old index",
    "not found afterwards",
)


@pytest.mark.timeout(170)
def test_nothing_is_lost_when_the_one_who_replaces_keys_is_killed(server_url):
    words = "--kills 3 --commits 30 --reads 2000 --people 20 --seconds 90"
    done = subprocess.run(
        [
            sys.executable,
            CHECKOUT / "benchmarks" / "rotatie.py",
            *words.split(),
            *("--levels", "data", "index"),
        ],
        env=os.environ | {"LOKET_TEST_SERVER": server_url, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=160,
        check=False,
    )
    told = dict(line.split(": ") for line in done.stdout.splitlines())

    assert done.returncode == 0, done.stdout + done.stderr
    assert {name: told[name] for name in ZERO} == dict.fromkeys(ZERO, "0")
    assert int(told["kills"]) >= 3
    assert int(told["commits"]) >= 30
    assert int(told["reads"]) >= 2000
