"""What is on disk is in the package: a forgotten folder would ship nothing."""

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
MAPPED = {"loket.templates": "templates", "loket.migrations": "migrations"}


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build from a copy without what git does not know, and list the wheel."""
    target = tmp_path_factory.mktemp("wheel")
    source = target / "source"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.decode()
    for name in filter(None, files.split("\0")):
        if (CHECKOUT / name).is_file() and not name.startswith(("tests/", "frontend/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((CHECKOUT / name).read_bytes())
    built = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--wheel-dir", str(target), str(source)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert built.returncode == 0, built.stderr[-2000:]
    (made,) = target.glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        return set(archive.namelist())


def packages_on_disk() -> set[str]:
    inside = {
        ".".join(found.parent.relative_to(CHECKOUT).parts)
        for found in (CHECKOUT / "loket").rglob("__init__.py")
    }
    return inside | set(MAPPED) | {"loket.migrations.versions"}


def files_under(folder: str, *kinds: str) -> set[str]:
    return {
        str(found.relative_to(CHECKOUT))
        for kind in kinds
        for found in (CHECKOUT / folder).rglob(kind)
        if found.is_file() and "__pycache__" not in found.parts
    }


def test_every_package_on_disk_is_listed(setup):
    listed = set(setup["options"]["packages"].split())

    assert listed == packages_on_disk()


def test_the_two_outside_folders_are_mapped_into_the_package(setup):
    lines = setup["options"]["package_dir"].strip().splitlines()

    assert dict(line.split(" = ") for line in lines) == MAPPED


def test_the_wheel_carries_every_template(wheel):
    expected = {f"loket/{name}" for name in files_under("templates", "*.*")}

    assert expected - wheel == set()


def test_the_wheel_carries_every_migration(wheel):
    expected = {f"loket/{name}" for name in files_under("migrations", "*.py", "*.mako")}

    assert expected - wheel == set()


def test_the_wheel_carries_every_module_and_every_data_file(wheel):
    expected = files_under("loket", "*.*")

    assert expected - wheel == set()


def test_the_wheel_carries_the_door_for_a_wsgi_server(wheel):
    assert "wsgi.py" in wheel


def test_the_wheel_carries_nothing_else(wheel):
    foreign = {name for name in wheel if not name.startswith(("loket/", "loket-"))}

    assert foreign == {"wsgi.py"}
