"""Two fictional gemeenten, set up with the commands that a beheerder has."""

from collections.abc import Iterator
from contextlib import contextmanager

from click.testing import CliRunner
from sqlalchemy.orm import Session

from conftest import open_vault
from loket.cli import main
from loket.db import Database, Scope, make_engine
from servers import DatabaseUrls
from stories.running import PASSWORD, Running

PLACE = "0396"
STAFF = {
    "balie": ("Noor Duinker", "frontoffice"),
    "teamleider": ("Dirk Zandvliet", "teamleider"),
    "consulent": ("Samira Helm", "consulent"),
    "administratie": ("Gijs Strandvoogd", "administratie"),
    "beleid": ("Femke Vuurbaak", "beleidsmedewerker"),
    "beheer": ("Ruben Kielzog", "beheerder"),
    "privacy": ("Aisha Meerzicht", "privacy_officer"),
}
PROVIDERS = {
    "kustwind": ("98000101", "Kustwind Thuiszorg", "01001=0,55"),
    "branding": ("98000104", "Branding Hulp", "01001=0,60"),
}


def command(running: Running, *words: str) -> None:
    """Carry out a command of the beheerder in this process: it is quicker."""
    given = running.settings | {"LOKET_WACHTWOORD": PASSWORD}
    done = CliRunner().invoke(main, words, env=given)
    assert done.exit_code == 0, done.output


def set_up(running: Running) -> None:
    """Make Duinstede: its people, two aanbieders and their contracts."""
    command(
        running,
        *("gemeente", "create", PLACE, "--naam", "Duinstede", "--van", "1-1-2026"),
        *("--adres", "Raadhuisplein 1, 1960 AA Duinstede"),
        *("--postadres", "Postbus 1, 1960 AA Duinstede", "--telefoon", "0123 456 789"),
        *("--website", "www.duinstede.example"),
    )
    for login, (naam, rol) in STAFF.items():
        add_user(running, login, naam, rol, "--gemeente", PLACE)
    for login, (agb, naam, product) in PROVIDERS.items():
        command(running, "aanbieder", "create", agb, "--naam", naam)
        command(
            running,
            *("contract", "create", f"C-{login}", "--gemeente", PLACE),
            *("--aanbieder", agb, "--product", product, "--van", "1-1-2026"),
        )
        add_user(running, login, f"P. {login.title()}", "aanbieder", "--aanbieder", agb)


@contextmanager
def office(urls: DatabaseUrls) -> Iterator[Session]:
    """Reach behind the screens of a story: for what only time would bring."""
    keys, vault = open_vault(urls)
    engine = make_engine(urls.database_url)
    with Database(engine, vault=vault).transaction(Scope.of(PLACE)) as session:
        yield session
    engine.dispose()
    keys.dispose()


def add_user(running: Running, login: str, naam: str, rol: str, *where: str) -> None:
    """Let somebody log in with the password of the stories."""
    command(
        running,
        *("user", "create", login, "--naam", naam, "--rol", rol, *where),
        *("--van", "1-1-2026"),
    )
