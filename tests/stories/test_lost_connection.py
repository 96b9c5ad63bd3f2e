"""At a kitchen table without a signal: no word lost, and none to read on the tablet."""

import json

import pytest

from browser import PHONE, axe, screenshot
from build import onderzoek as build
from build.gemeente import CODE, actor_of, gemeente, login, user
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.onderwerp import Letter
from loket.db import Scope
from loket.frame import office

TABLET = {"width": 820, "height": 1180}
SAID = "Mijn dochter komt elke zondag, doordeweeks is er niemand."
PUT_BACK = "all => all.forEach(([n, v]) => localStorage.setItem(n, v))"
STORED = "JSON.stringify(Object.entries(localStorage))"

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(app):
    """A case in onderzoek, and a browser session of its consulent."""
    database = office(app).database
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        person = user(session, Role.CONSULENT)
        onderzoek = build.onderzoek(session, actor_of(person, Role.CONSULENT))
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        onderzoek_id = onderzoek.id
    client = login(app, person)
    client.get("/account")

    def said(letter):
        with database.transaction(Scope.of(CODE)) as session:
            found = queries.list_onderwerpen(session, onderzoek_id).get(letter)
            return None if found is None else str(found.woorden_client)

    path = f"/dossiers/{dossier.referentie}/onderzoek/bezoek"
    return path, client.get_cookie("loket").value, said


@pytest.fixture
def tablet(browser, address, visit):
    """The tablet of the consulent, logged in."""
    context = browser.new_context(locale="nl-NL", viewport=TABLET)
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "loket", "value": visit[1], "url": address}])
    yield context
    context.close()


def test_what_is_typed_without_a_connection_arrives(tablet, address, visit):
    path, _, said = visit
    page = tablet.new_page()
    page.goto(address + path)
    notice = page.locator("[data-offline]")

    tablet.set_offline(True)
    page.locator("[name=woorden_c]").fill(SAID)
    notice.filter(has_text="Geen verbinding").wait_for()
    screenshot(page, "bezoek-zonder-verbinding")
    assert axe(page) == []
    page.get_by_role("button", name="Leg vast in het dossier").click()
    notice.filter(has_text="Geen verbinding").wait_for()
    on_the_tablet = page.evaluate(STORED)
    page.close()  # the battery is empty

    tablet.set_offline(False)
    page = tablet.new_page()
    page.goto(address + path)
    page.locator("[data-offline]").filter(has_text="staat er weer").wait_for()
    typed = page.locator("[name=woorden_c]").input_value()
    page.get_by_role("button", name="Leg vast in het dossier").click()
    page.wait_for_url("**/onderzoek")

    assert "loket-concept:" in on_the_tablet
    for word in ("dochter", "zondag", "niemand", path.split("/")[2], "woorden_c"):
        assert word not in on_the_tablet
    assert typed == SAID
    assert said(Letter.NETWERK) == SAID
    assert page.evaluate(STORED) == "[]"


def test_the_tablet_asks_when_the_draft_went_on_elsewhere(tablet, address, visit):
    page = tablet.new_page()
    page.goto(address + visit[0])
    tablet.set_offline(True)
    page.locator("[name=woorden_c]").fill(SAID)
    page.locator("[data-offline]").filter(has_text="Geen verbinding").wait_for()
    page.close()
    tablet.set_offline(False)
    # at the office, on the same draft: what the tablet holds waits under another name
    desk = tablet.new_page()
    desk.goto(address + "/account")
    kept = json.loads(desk.evaluate(STORED))
    desk.evaluate("localStorage.clear()")
    desk.goto(address + visit[0])
    desk.locator("[name=woorden_c]").fill("Haar dochter woont ver weg.")
    desk.locator("[data-saved]").filter(has_text="Concept bewaard").wait_for()
    desk.evaluate(PUT_BACK, kept)

    desk.goto(address + visit[0])
    take = desk.get_by_role("button", name="Zet de tekst van dit apparaat erin")
    take.wait_for()
    before = desk.locator("[name=woorden_c]").input_value()
    take.click()
    desk.locator("[data-offline]").filter(has_text="staat er weer").wait_for()

    assert before == "Haar dochter woont ver weg."
    assert desk.locator("[name=woorden_c]").input_value() == SAID


def test_the_pages_of_a_visit_are_right_for_axe(tablet, address, visit):
    page = tablet.new_page()
    for url, name in ((visit[0], "bezoek"), (f"{visit[0]}/meelezen", "meelezen")):
        for width in (TABLET, PHONE):
            page.set_viewport_size(width)
            page.goto(address + url)
            screenshot(page, f"{name}-{width['width']}")

            assert axe(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width["width"]
