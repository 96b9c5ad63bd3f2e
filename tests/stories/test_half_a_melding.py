"""Half a melding typed, the server killed, the session gone: all of it comes back."""

import pytest
from playwright.sync_api import expect
from redis import Redis
from sqlalchemy import func, select

from build.gemeente import CODE
from conftest import open_vault
from loket.cases.melding.melding import Melding
from loket.db import Database, Scope, make_engine
from loket.drafts.draft import Draft

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SLOW = 40_000
SAID = "Sinds mijn val kom ik de trap niet meer op."
LATER = "Mijn buurvrouw doet de boodschappen."


def count(urls, model) -> int:
    keys, vault = open_vault(urls)
    engine = make_engine(urls.database_url)
    with Database(engine, vault=vault).transaction(Scope.of(CODE)) as session:
        found = session.scalar(select(func.count()).select_from(model))
    engine.dispose()
    keys.dispose()
    return int(found or 0)


def test_no_word_is_lost_and_it_ends_as_one_melding(running, person, urls):
    page = person("balie").page
    page.goto(f"{running.address}/meldingen/nieuw")
    where = page.url
    page.get_by_label("De vraag in eigen woorden").fill(SAID)
    page.get_by_label("Achternaam").first.fill("Zeekraal")
    expect(page.locator("[data-saved]")).to_contain_text(
        "Concept bewaard", timeout=SLOW
    )

    running.kill("web")
    page.get_by_label("Wat is er nodig?").first.fill(LATER)
    running.start("web")
    running.wait_until_ready()
    Redis.from_url(running.redis_url).flushdb()
    # what was typed while the server was away, is sent when somebody goes on
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Bewaard als concept", timeout=SLOW
    )

    again = person("balie").page
    again.goto(where)
    expect(again.get_by_label("De vraag in eigen woorden")).to_have_value(SAID)
    expect(again.get_by_label("Achternaam").first).to_have_value("Zeekraal")
    expect(again.get_by_label("Wat is er nodig?").first).to_have_value(LATER)

    again.get_by_label("Burgerservicenummer").fill("999990111")
    again.get_by_role("group", name="Waar gaat het over?").first.get_by_label(
        "Vervoer"
    ).check()
    again.get_by_label("Hoe kwam de melding binnen?").select_option("telefoon")
    again.get_by_label("Wie wees de weg").select_option("huisarts")
    again.get_by_label("Hoe woont de inwoner?").select_option("alleenstaand")
    again.get_by_role("button", name="Melding vastleggen").click()
    again.wait_for_url("**/dossiers/**")

    assert count(urls, Melding) == 1
    assert count(urls, Draft) == 0
