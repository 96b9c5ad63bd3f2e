"""The pages of this chapter in a real browser: readable, and right for axe."""

import re

import pytest

from browser import DESK, PHONE, axe, screenshot
from build import besluit as build
from build.case import HERE, Case
from build.gemeente import NOW, actor
from loket.authz import Actor, Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag, Opschortgrond
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.operations_aanvraag import suspend_aanvraag
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.pgb.operations import create_pgb_tarief
from loket.pgb.pgb import HelperSoort
from loket.schedule import keep_all


@pytest.fixture
def case(app, database):
    made = Case(
        app,
        database,
        items=[
            build.NieuwItem(build.HUISHOUDEN),
            build.NieuwItem("02A03", Leveringsvorm.PGB),
            build.NieuwItem(build.ROLSTOEL),
        ],
    )
    with database.transaction(HERE) as session:
        for helper, cents in ((HelperSoort.FORMEEL, 95), (HelperSoort.INFORMEEL, 40)):
            create_pgb_tarief(
                session,
                Actor.system("0396"),
                NOW,
                product_code="02A03",
                helper=helper,
                tarief_cent=cents,
                van=build.date(2026, 1, 1),
            )
    return made


def logged_in(browser, address, client):
    client.get("/account")
    cookie = client.get_cookie("loket")
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "loket", "value": cookie.value, "url": address}])
    return context.new_page()


def look(page, url, name):
    """Photograph at two widths; nothing wrong, nothing wider than the screen."""
    for width in (DESK, PHONE):
        page.set_viewport_size(width)
        page.goto(url)
        screenshot(page, f"besluit-{name}-{width['width']}")

        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width["width"], name


def fill_concept(case):
    """Grant, ask a pgb and refuse, in one concept; return its reference."""
    ref = case.concept(with_regel=False)
    with case.database.transaction(HERE) as session:
        by = actor(Role.CONSULENT)
        made = queries.get_beschikking(session, by, NOW, ref)
        items = build.items_of(session, session.get_one(Aanvraag, case.aanvraag_id))
        build.regel(session, made, aanvraag_item=items[0])
        asked = build.regel(
            session,
            made,
            aanvraag_item=items[1],
            leveringsvorm=Leveringsvorm.PGB,
            volume=180,
        )
        build.regel(
            session,
            made,
            soort=BesluitSoort.WEIGEREN,
            aanvraag_item=items[2],
            weigeringsgrond_code="algemeen",
        )
        return ref, asked.id


@pytest.mark.browser
def test_the_pages_are_right_on_a_desk_and_on_a_phone(case, address, browser, config):
    page = logged_in(browser, address, case.browser())
    office = logged_in(browser, address, case.browser(Role.ADMINISTRATIE))
    dossier = f"{address}/dossiers/{case.ref}"
    look(page, f"{dossier}/besluit", "begin")
    look(page, f"{dossier}/aanvragen/nieuw", "aanvraag")
    look(page, f"{dossier}/beschikkingen/nieuw", "opstellen")
    look(page, f"{address}/aanvragen/{case.aanvraag_id}/opschorten", "opschorten")
    look(page, f"{address}/aanvragen/{case.aanvraag_id}/intrekken", "intrekken")
    ref, asked = fill_concept(case)
    concept = f"{address}/beschikkingen/{ref}"

    look(page, concept, "concept")
    look(page, f"{concept}/toekennen", "toekennen")
    look(page, f"{concept}/weigeren", "weigeren")
    look(page, f"{concept}/regels/{asked}/pgb", "pgb")
    assess_pgb(page, f"{concept}/regels/{asked}/pgb")
    look(page, f"{concept}/controleren", "controleren")
    look(page, f"{concept}/besluiten", "besluiten")
    page.get_by_role("button", name="Besluiten").click()
    page.wait_for_url(re.compile(f"{ref}$"))
    keep_all(case.database, config)
    look(office, concept, "besloten")
    look(office, f"{concept}/bekendmaken", "bekendmaken")
    office.get_by_role("button", name="Bekendmaking vastleggen").click()
    office.wait_for_url(re.compile(f"{ref}$"))
    look(page, concept, "bekend")
    look(page, f"{concept}/bezwaar", "bezwaar")
    look(office, f"{dossier}/overnemen", "overnemen")
    look_at_the_end(case, page, dossier)


def assess_pgb(page, url):
    """Say yes three times, and fill in the budget."""
    page.goto(url)
    for name in ("vaardig", "gemotiveerd", "kwaliteit"):
        page.locator(f"input[name={name}][value=ja]").check()
        page.locator(f"[name={name}_toelichting]").fill("Dat blijkt uit het gesprek.")
    page.locator("[name=volume_formeel]").fill("120")
    page.locator("[name=volume_informeel]").fill("60")
    page.locator("[name=eisen]").fill("De hulp heeft een VOG en een plan.")
    page.get_by_role("button", name="Toets vastleggen").click()
    page.wait_for_url(re.compile(r"beschikkingen/[^/]+$"))


def look_at_the_end(case, page, dossier):
    """Show the dossier with rights, a clock that stands still, and its panels."""
    with case.database.transaction(HERE) as session:
        second = build.aanvraag(
            session,
            of=session.get_one(Dossier, case.dossier.id),
            items=[build.NieuwItem(build.TRAPLIFT)],
        )
        suspend_aanvraag(
            session,
            actor(Role.CONSULENT),
            NOW,
            aanvraag=second,
            grond=Opschortgrond.INSTEMMING,
            gevraagd_op=second.ontvangen_op,
            uiterlijk=build.date(2026, 12, 15),
        )
        [right, _] = queries.list_voorzieningen(session, case.dossier.id)
        ends = f"/voorzieningen/{right.id}/beeindigen"
    look(page, f"{dossier}/besluit", "eind")
    look(page, dossier, "dossier")
    look(page, dossier.split("/dossiers")[0] + ends, "einde")
