"""A real browser for tests: one Chromium, a fresh page each test, axe and photographs.

Import `browser` and `page` in a conftest to make them fixtures there.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

CHROMIUM = Path(os.environ.get("LOKET_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 10_000
"""Milliseconds any step may take before the test fails."""

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def launch(playwright: Playwright) -> Browser:
    """Start Chromium; without it a test is skipped, unless browsers are required."""
    if not CHROMIUM.exists():
        reason = (
            f"Geen browser: {CHROMIUM} bestaat niet. Installeer hem met "
            "`apt-get install chromium` of wijs hem aan met LOKET_CHROMIUM."
        )
        if os.environ.get("CI") or os.environ.get("LOKET_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return playwright.chromium.launch(
        executable_path=str(CHROMIUM), args=ARGUMENTS, timeout=30_000
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own: no cookies of another test, no outside world."""
    context = browser.new_context(locale="nl-NL", viewport=DESK)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def axe(page: Page) -> list[str]:
    """Run axe-core on the page as it stands; one line per violation.

    It is evaluated from outside the page, so our own Content-Security-Policy stays on.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']})",
        WCAG,
    )
    return [
        f"{violation['id']}: {violation['help']} ({node['target'][0]})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def screenshot(page: Page, name: str) -> Path | None:
    """Photograph the whole page into LOKET_SCREENSHOTS, when that is set."""
    folder = os.environ.get("LOKET_SCREENSHOTS")
    if not folder:
        return None
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
