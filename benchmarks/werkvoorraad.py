"""What the first page of the worklist costs in a growing heap: `name: value`.

Every figure is a ratio within one run, of the whole way through the application:
login, row-level security, names opened, trail written. Uses the PostgreSQL of
`LOKET_TEST_SERVER` (a superuser's URL), or starts its own. `LOKET_BENCH_ROWS` makes a
quick run (default 100000).
"""

import base64
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from build.dossier import inwoner
from build.gemeente import CODE, NOW, TODAY, gemeente, login, user
from build.heap import heap
from loket.app import create_app
from loket.authz import Role
from loket.config import Config
from loket.db import Scope
from loket.frame import office
from loket.migrating import migrate
from loket.provision import APP, KEYSTORE_APP, KEYSTORE_OWNER, OWNER
from loket.vault import keystore
from servers import Servers, Stock, new_name, running_servers

ROWS = int(os.environ.get("LOKET_BENCH_ROWS", "100000"))
SIZES = [size for size in (100, 10_000, 100_000) if size < ROWS] + [ROWS]
TURNS = 15
CLIENTS, STAFF = 50, 40
PAGES = {
    "first_page": "/werkvoorraad?wiens=alle",
    "by_receipt": "/werkvoorraad?sorteer=-ontvangen",
    "fase": "/werkvoorraad?fase=besluit",
    "spoed": "/werkvoorraad?spoed=ja",
    "area": "/werkvoorraad?pc4=1950",
    "domein": "/werkvoorraad?domein=dagbesteding&sorteer=ontvangen",
    "closed": "/werkvoorraad?fase=gesloten&sorteer=-ontvangen",
}


@contextmanager
def databases(servers: Servers) -> Iterator[Config]:
    """Make an empty database and key store, and take them away again."""
    stock = Stock(servers, new_name(), new_name())
    servers.prepare_roles()
    servers.create(stock.database, OWNER, APP)
    servers.create(stock.keystore, KEYSTORE_OWNER, KEYSTORE_APP)
    urls = stock.urls(stock.database, stock.keystore)
    migrate(urls.database_owner_url)
    keystore.migrate(urls.keystore_owner_url, KEYSTORE_APP)
    with tempfile.TemporaryDirectory() as home:
        yield Config.from_env(
            {
                "LOKET_HOME": home,
                "LOKET_DATABASE_URL": urls.database_url,
                "LOKET_DATABASE_OWNER_URL": urls.database_owner_url,
                "LOKET_KEYSTORE_URL": urls.keystore_url,
                "LOKET_KEYSTORE_OWNER_URL": urls.keystore_owner_url,
                "LOKET_REDIS_URL": servers.redis_url,
                "LOKET_SECRET_KEY": "only-for-figures-" * 3,
                "LOKET_KEK": base64.b64encode(bytes(range(32))).decode(),
            }
        )
    servers.drop(stock.database)
    servers.drop(stock.keystore)


def seconds(ask: Callable[[], object]) -> float:
    """Return the median of some turns, after two to get warm."""
    taken = []
    for turn in range(TURNS + 2):
        began = time.perf_counter()
        ask()
        if turn > 1:
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def page_of(browser: FlaskClient, url: str) -> bytes:
    """Return a page, or say what went wrong."""
    answer = browser.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status}")
    return answer.data


def bare_page(body: bytes) -> FlaskClient:
    """Make an application that does nothing but answer these bytes."""
    bare = Flask("bare")
    bare.add_url_rule("/", "page", lambda: body)
    return bare.test_client()


def measure(app: Flask, owner_url: str) -> dict[str, float]:
    """Fill the heap step by step, and take the time of each page at each size."""
    database = office(app).database
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        clients = [inwoner(session, at=NOW).id for _ in range(CLIENTS)]
        staff = [user(session, Role.CONSULENT) for _ in range(STAFF)]
        leads = user(session, Role.TEAMLEIDER)
    browsers = {"teamleider": login(app, leads), "consulent": login(app, staff[0])}
    times: dict[str, float] = {}
    owner = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    made = 0
    for size in SIZES:
        with database.transaction(Scope.of(CODE)) as session:
            heap(
                session,
                CODE,
                many=size - made,
                first=made,
                clients=clients,
                consulenten=[each.id for each in staff],
                today=TODAY,
            )
        made = size
        with owner.connect() as connection:
            connection.execute(text("VACUUM ANALYZE werkvoorraad"))
            connection.execute(text("VACUUM ANALYZE dossier"))
        for role, browser in browsers.items():
            for name, url in PAGES.items():
                times[f"{role}_{name}_{size}"] = seconds(
                    lambda browser=browser, url=url: page_of(browser, url)
                )
    body = page_of(browsers["teamleider"], PAGES["first_page"])
    bare = bare_page(body)
    times["bare"] = seconds(lambda: page_of(bare, "/"))
    caseload = "/werkvoorraad/caseload"
    times["caseload"] = seconds(lambda: page_of(browsers["teamleider"], caseload))
    owner.dispose()
    return times


def main() -> None:
    """Print the ratios; under 1.5 between sizes nobody notices the heap."""
    with running_servers() as servers, databases(servers) as config:
        app = create_app(config)
        times = measure(app, config.database_owner_url)
        office(app).close()
    small, *larger = SIZES
    for role in ("teamleider", "consulent"):
        for name in PAGES:
            for size in larger:
                ratio = times[f"{role}_{name}_{size}"] / times[f"{role}_{name}_{small}"]
                print(f"{role}_{name}_{size}_against_{small}: {ratio:.2f}")
    top = SIZES[-1]
    first = times[f"teamleider_first_page_{top}"]
    print(f"consulent_against_teamleider_{top}:", end=" ")
    print(f"{times[f'consulent_first_page_{top}'] / first:.2f}")
    print(f"first_page_{top}_against_bare_flask: {first / times['bare']:.1f}")
    print(f"caseload_{top}_against_first_page: {times['caseload'] / first:.2f}")


if __name__ == "__main__":
    main()
