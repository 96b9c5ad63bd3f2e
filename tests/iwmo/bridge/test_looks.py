"""The pages about messages in a real browser: readable, and right for axe."""

import re
from threading import Thread

import pytest
from werkzeug.serving import make_server

from browser import DESK, PHONE, axe, screenshot
from build.iwmo import CODE, NOW, fill_address, standing_right, verzoeken
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.db import Scope
from loket.schedule import keep_all


@pytest.fixture
def address(app):
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def page(browser, address, desk):
    """A browser in which somebody of the administration is logged in."""
    client = desk(Role.ADMINISTRATIE)
    client.get("/account")
    cookie = client.get_cookie("loket")
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "loket", "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


def look(page, url, name):
    """Photograph at two widths; nothing wrong, nothing wider than the screen."""
    for width in (DESK, PHONE):
        page.set_viewport_size(width)
        page.goto(url)
        screenshot(page, f"iwmo-{name}-{width['width']}")

        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width["width"], name


@pytest.mark.browser
@pytest.mark.usefixtures("taken_in")
def test_from_an_open_verzoek_to_a_toewijzing(page, address, database, config):
    with database.transaction(Scope.of(CODE)) as session:
        first, second = (v.referentie for v in verzoeken(session))
        dossier = session.get_one(Dossier, verzoeken(session)[0].dossier_id).referentie
    look(page, f"{address}/berichten", "berichten")
    look(page, f"{address}/verzoeken", "verzoeken")
    page.get_by_role("link", name=first).click()
    look(page, page.url, "ontbreekt")
    look(page, f"{address}/dossiers/{dossier}", "dossier")
    with database.transaction(Scope.of(CODE)) as session:
        fill_address(session, verzoeken(session)[0])
        standing_right(session, verzoeken(session)[0].dossier_id)

    look(page, f"{address}/verzoeken/{first}", "verzoek")
    look(page, f"{address}/verzoeken/{first}/toewijzen", "toewijzen")
    look(page, f"{address}/verzoeken/{second}/afwijzen", "afwijzen")
    look(page, f"{address}/verzoeken/{first}/overnemen", "overnemen")
    page.get_by_role("button", name="Overnemen en toewijzen").click()
    page.locator("[data-error-summary]").wait_for()
    assert axe(page) == []
    page.locator("[name=besloten_op]").fill("15-5-2023")
    chosen = option(page, "Dagbesteding (")
    page.locator("[name=contractregel_id]").select_option(label=chosen)
    page.locator("[name=volume]").fill("4")
    page.get_by_role("button", name="Overnemen en toewijzen").click()
    page.wait_for_url(re.compile(f"{first}$"))
    keep_all(database, config, NOW)

    look(page, page.url, "toegewezen")
    page.goto(f"{address}/berichten")
    page.locator("tbody a").first.click()
    look(page, page.url, "bericht")


def option(page, begin):
    """Return the whole label of the option that begins so."""
    labels = page.locator("[name=contractregel_id] option").all_inner_texts()
    return next(label for label in labels if label.startswith(begin))
