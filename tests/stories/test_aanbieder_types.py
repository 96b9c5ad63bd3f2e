"""Somebody of an aanbieder types a question, the server goes and comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from browser import DESK, PHONE, axe, screenshot
from build.town import Street, open_street, send_verzoek
from loket.app import create_app
from loket.frame import office

ASKED = "Kunnen we op dinsdag beginnen? Onze collega is maandag vrij."

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@contextmanager
def served(config, port: int = 0) -> Iterator[int]:
    """The application as a new process would make it, on a port of its own."""
    app = create_app(config)
    server = make_server("localhost", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
        office(app).close()


@pytest.fixture
def street(app) -> Street:
    return open_street(app)


@pytest.fixture
def verzoek(street) -> str:
    """An open verzoek to the aanbieder."""
    return send_verzoek(street)


def test_the_words_are_back_after_a_restart(browser, config, street, verzoek):
    street.aanbieder.get("/account")
    context = browser.new_context(locale="nl-NL", viewport=DESK)
    context.set_default_timeout(20_000)
    cookie = street.aanbieder.get_cookie("loket").value

    with served(config) as port:
        address = f"http://localhost:{port}"
        context.add_cookies([{"name": "loket", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/aanbieder/verzoeken/{verzoek}")
        page.get_by_label("Uw vraag").fill(ASKED)
        expect(page.locator("[data-saved]").first).to_contain_text("Concept bewaard")
        stored = page.evaluate(
            "JSON.stringify([Object.entries(localStorage),"
            " Object.entries(sessionStorage)])"
        )
        assert "dinsdag" not in stored
        assert "dinsdag" not in page.url

    with served(config, port):
        page.goto(f"{address}/aanbieder/")
        screenshot(page, "aanbieder-concepten-1440")
        assert axe(page) == []
        page.get_by_role(
            "link", name=f"Vraag aan de gemeente bij verzoek {verzoek}"
        ).click()
        expect(page.get_by_label("Uw vraag")).to_have_value(ASKED)
        for width in (DESK, PHONE):
            page.set_viewport_size(width)
            screenshot(page, f"aanbieder-concept-{width['width']}")
            assert axe(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width["width"]
        page.get_by_role("button", name="Stel de vraag").click()
        expect(page.get_by_text("Uw bericht is verstuurd.")).to_be_visible()
        expect(page.get_by_label("Uw vraag")).to_have_value("")
    context.close()
