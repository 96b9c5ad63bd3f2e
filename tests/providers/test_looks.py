"""The pages of this room in a real browser: readable, and right for axe."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from browser import DESK, PHONE, axe, screenshot
from build import providers as build
from build.town import Street
from loket.cases.besluit.voorziening import Voorziening
from loket.config import Config
from loket.providers.contract import Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing
from loket.schedule import keep_all
from loket.termijnen import vandaag
from serving import serving


@pytest.fixture
def address(street: Street) -> Iterator[str]:
    """The application on a port of its own."""
    with serving(street.app) as url:
        yield url


def logged_in(browser: Browser, address: str, of: FlaskClient) -> Page:
    """A page in which the person of this client is logged in."""
    of.get("/account")
    cookie = of.get_cookie("loket")
    assert cookie
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "loket", "value": cookie.value, "url": address}])
    return context.new_page()


def look(page: Page, url: str, name: str) -> None:
    """Photograph at two widths; nothing wrong, nothing wider than the screen."""
    for width in (DESK, PHONE):
        page.set_viewport_size(width)
        page.goto(url)
        screenshot(page, f"providers-{name}-{width['width']}")

        assert axe(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width["width"]


def test_the_pages_are_right_on_a_desk_and_on_a_phone(
    street: Street, address: str, browser: Browser, config: Config
) -> None:
    town, today = street.town, vandaag()
    with town.database.transaction(town.staff()) as session:
        regel = session.get_one(Contractregel, town.contractregel_id)
        build.capaciteit(session, regel, wachttijd_dagen=5, talen=["Engels"])
        full = build.aanbieder(session, naam="Duinhulp")
        build.contractregel(session, aanbieder=full, regel={"max_clienten": 0})
        slow = build.aanbieder(session, naam="Kustzorg")
        late = build.contractregel(session, aanbieder=slow, plaatsingsverzoek=False)
        build.capaciteit(session, late, wachttijd_dagen=60)
        build.plaatsingsverzoek(session, regel=regel, spoed=True)
    staff = logged_in(browser, address, street.consulent)
    theirs = logged_in(browser, address, street.aanbieder)
    place = f"{address}/dossiers/{town.dossier}/plaatsen/{town.voorziening_id}"

    look(staff, place, "plaatsen")
    with town.database.transaction(town.staff()) as session:
        mine = build.plaatsingsverzoek(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=session.get_one(Contractregel, town.contractregel_id),
            gewenste_start=today,
        )
        verzoek = f"{address}/aanbieder/verzoeken/{mine.referentie}"
    look(staff, f"{address}/dossiers/{town.dossier}", "panel")
    look(theirs, f"{address}/aanbieder/", "inbox")
    look(theirs, f"{address}/aanbieder/verzoeken", "verzoeken")
    theirs.goto(verzoek)
    theirs.get_by_label("Uw vraag", exact=True).last.fill("Is er een hond in huis?")
    theirs.get_by_role("button", name="Stel de vraag").click()
    asked = f"{address}/dossiers/{town.dossier}/verzoeken/{mine.referentie}/overleg"
    look(staff, asked, "overleg")
    look(theirs, verzoek, "verzoek")
    look(theirs, f"{address}/aanbieder/capaciteit", "capaciteit")
    look(
        theirs,
        f"{address}/aanbieder/capaciteit/{town.contractregel_id}",
        "capaciteit-melden",
    )
    theirs.goto(verzoek)
    theirs.get_by_role("button", name="Aanvaard dit verzoek").click()
    keep_all(town.database, config)
    with town.database.transaction(town.staff()) as session:
        accepted = session.scalars(
            select(Plaatsingsverzoek.status).where(
                Plaatsingsverzoek.voorziening_id == town.voorziening_id
            )
        ).all()
        made = session.scalars(select(Toewijzing.referentie)).one()
    assert accepted == ["aanvaard"]
    look(theirs, f"{address}/aanbieder/toewijzingen", "toewijzingen")
    look(theirs, f"{address}/aanbieder/toewijzingen/{made}", "toewijzing")
