"""Somebody at a browser that keeps a profile on disk, as browsers at an office do."""

from pathlib import Path

from playwright.sync_api import Browser

from browser import ARGUMENTS, CHROMIUM, PATIENCE
from stories.doors import Case
from stories.running import PASSWORD

TOLD_TO_DISK = 1500
"""Milliseconds in which a page tells the browser what is filled in on it."""

BROWSER_KEEPS = """async () => JSON.stringify([
    Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,
    history.state, (await indexedDB.databases()).map(each => each.name),
    (await Promise.all((await caches.keys()).map(async name =>
        (await (await caches.open(name)).keys()).map(each => each.url)))),
])"""
"""What scripts can read of all that a browser keeps."""


def search_and_type(browser: Browser, case: Case, folder: Path) -> None:
    """Search somebody, type a note and do not send it, and close the browser."""
    address = case.running.address
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=ARGUMENTS, timeout=30_000
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{address}/login")
    page.get_by_label("Gebruikersnaam").fill("consulent")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url("**/vandaag**")
    page.goto(f"{address}/inwoners/zoek")
    page.get_by_label("Achternaam").first.fill(case.canaries.word("Zo"))
    page.get_by_role("button", name="Zoek").last.click()
    page.wait_for_load_state()
    assert case.canaries.found_in(page.content().encode())
    page.goto(f"{address}{case.dossier}/notities/nieuw")
    page.locator("textarea").first.fill(case.canaries.text("notitie"))
    page.wait_for_timeout(TOLD_TO_DISK)
    page.goto(f"{address}{case.dossier}")
    page.wait_for_timeout(TOLD_TO_DISK)
    context.close()
