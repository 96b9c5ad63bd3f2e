"""Every page of the URL map in a real browser: right for axe, and never too wide.

The pages come from the map itself, each with real rows behind it and a login that may
open it: a new page takes part without a word here.
"""

import pytest
from playwright.sync_api import Error

from browser import DESK, PHONE, axe, screenshot
from build.gemeente import login
from house.test_every_door import HERE, Door, House, house  # noqa: F401 - a fixture
from loket.authz import AANBIEDER_ROLLEN, GRANTS, Permission, Role
from serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
PATIENCE = 20_000
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
"""A label leads to the first field with its id, so each id stands once."""
FEWEST = 120
"""Pages that open at the least; fewer means that the walk lost its way."""


@pytest.fixture(scope="module")
def address(house: House):  # noqa: F811 - the fixture
    """The same application on a port of its own."""
    with serving(house.app) as url:
        yield url


def who_opens(house: House, door: Door):  # noqa: F811 - the fixture
    """Somebody who may open this door, and at which desk."""
    own = house.rows[HERE]["aanbieder"].id
    if not isinstance(door.permission, Permission):
        return house.people[Role.CONSULENT], HERE
    for rol in Role:
        if door.permission not in GRANTS[rol]:
            continue
        if rol in AANBIEDER_ROLLEN:
            if door.permission in GRANTS[Role.AANBIEDER]:
                return house.providers[own], str(own)
            continue
        return house.people[rol], HERE
    return None


def pages(house: House) -> list[Door]:  # noqa: F811 - the fixture
    """Doors that show something to read."""
    return [each for each in house.doors if each.method == "GET" and not each.is_api]


def test_every_page_is_right_for_axe_and_fits_a_phone(
    house,  # noqa: F811 - the fixture
    browser,
    address,
):
    contexts = {}
    wrong: dict[str, list[str]] = {}
    opened = 0
    try:
        for door in pages(house):
            person = who_opens(house, door)
            if person is None:
                continue
            if person[0].id not in contexts:
                contexts[person[0].id] = _open(house, browser, address, *person)
            page = contexts[person[0].id].pages[0]
            found = _look(page, address + door.at(house.rows[HERE]), repr(door))
            opened += found is not None
            if found:
                wrong[repr(door)] = found
    finally:
        for context in contexts.values():
            context.close()

    assert wrong == {}
    assert opened >= FEWEST


def _open(house, browser, address, person, desk):  # noqa: F811 - the fixture
    client = login(house.app, person, desk)
    client.get("/account")
    cookie = client.get_cookie("loket")
    context = browser.new_context(locale="nl-NL", viewport=DESK)
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "loket", "value": cookie.value, "url": address}])
    context.new_page()
    return context


def _look(page, url: str, name: str) -> list[str] | None:
    """What is wrong with this page; None when there is no page to look at."""
    page.set_viewport_size(DESK)
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
            return None
        raise
    if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
        return None
    found = axe(page)
    plain = (
        name.removeprefix("GET /").translate(str.maketrans("/<>:", "-...")) or "home"
    )
    screenshot(page, f"elke-{plain}-1440")
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    screenshot(page, f"elke-{plain}-390")
    found += [f"id {each!r} stands twice" for each in page.evaluate(TWICE)]
    if wide > PHONE["width"]:
        found.append(f"{wide} pixels wide on a phone")
    return found
