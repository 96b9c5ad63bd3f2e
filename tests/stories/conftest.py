"""One installation that really runs, for each file of stories."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from servers import DatabaseUrls, Stock, temporary_home
from stories.person import Person, Seen, Way
from stories.running import Running, installation, own_valkey
from stories.town import set_up


def name_of(url: str) -> str:
    return make_url(url).database or ""


@pytest.fixture(scope="session")
def duinstede(stock: Stock) -> Iterator[Stock]:
    """The databases of a gemeente that was set up, to be copied for each file."""
    with own_valkey() as redis_url, temporary_home() as home, stock.copies() as urls:
        set_up(Running(urls, redis_url, home))
        yield replace(
            stock,
            database=name_of(urls.database_url),
            keystore=name_of(urls.keystore_url),
        )


@pytest.fixture(scope="module")
def urls(duinstede: Stock) -> Iterator[DatabaseUrls]:
    with duinstede.copies() as urls:
        yield urls


@pytest.fixture(scope="module")
def running(urls: DatabaseUrls) -> Iterator[Running]:
    """Web and worker as in production, on databases of this file alone."""
    with installation(urls) as running:
        yield running


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Which pages were looked at."""
    return Seen()


@pytest.fixture(scope="module")
def way() -> Way:
    """How the people of this file work: with the mouse, unless the file says else."""
    return Way()


@pytest.fixture
def person(browser, running: Running, seen: Seen, way: Way):
    """Let somebody log in, in a browser of their own."""
    people: list[Person] = []

    def log_in(login: str, password: str = "", **context) -> Person:
        people.append(Person(browser, running.address, seen, way, **context))
        return people[-1].log_in(login, password or way.password)

    yield log_in
    for each in people:
        each.context.close()
