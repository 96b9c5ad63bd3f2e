"""The notice that a draft was kept, in a real browser."""

import pytest

from browser import DESK, PHONE, axe, screenshot
from build.gemeente import CODE, gemeente, login, user
from loket.authz import Role
from loket.db import Scope, uuid7

BUTTON_HEIGHT = 50
"""Pixels: a button of one line is 44 high."""


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_the_button_stands_whole_beside_the_words(
    app, database, browser, address, width
):
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        of = login(app, user(session, Role.FRONTOFFICE))
    path = f"/terugbellen/nieuw/{uuid7()}"
    of.post(path, data={"notitie": "Belt morgen", "_concept": "bewaar"})
    cookie = {"name": "loket", "value": of.get_cookie("loket").value, "url": address}
    context = browser.new_context(locale="nl-NL", viewport=width)
    context.set_default_timeout(20_000)
    context.add_cookies([cookie])
    page = context.new_page()

    page.goto(address + path)
    screenshot(page, f"concept-{width['width']}")
    words = page.get_by_text("teruggezet.").bounding_box()
    button = page.get_by_role("button", name="Concept weggooien").bounding_box()

    assert button["height"] < BUTTON_HEIGHT
    assert words["x"] + words["width"] <= button["x"]
    middle = button["y"] + button["height"] / 2
    assert words["y"] <= middle <= words["y"] + words["height"]
    assert axe(page) == []
    context.close()
