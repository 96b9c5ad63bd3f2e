"""One ordinary day for all: the gemeenten of the demo, really running."""

from collections.abc import Iterator

import pytest

from loket.demo.organisation import PASSWORD
from servers import DatabaseUrls, Stock
from stories.mornings.village import Case, tell_village
from stories.person import Way
from stories.running import Running, installation


@pytest.fixture(scope="package")
def urls(stock: Stock) -> Iterator[DatabaseUrls]:
    with stock.copies() as urls:
        yield urls


@pytest.fixture(scope="package")
def running(urls: DatabaseUrls) -> Iterator[Running]:
    with installation(urls) as running:
        yield running


@pytest.fixture(scope="package")
def cases(running: Running) -> dict[str, Case]:
    """What happened before this morning."""
    return tell_village(running.config)


@pytest.fixture(scope="package")
def way() -> Way:
    """Every page is looked at elsewhere."""
    return Way(is_looking=False, password=PASSWORD)


@pytest.fixture
def person(cases, person):
    """Let somebody come in, now that the village is there."""
    return person
