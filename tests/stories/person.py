"""Somebody at a screen: reads, fills in and presses, by the words on the page."""

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page

from browser import DESK, PATIENCE, PHONE, axe, screenshot
from stories.running import PASSWORD

ID = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+\b")
WAIT_FOR_WORK = 40.0
"""Seconds a page may need before it shows what the worker makes."""


@dataclass
class Seen:
    """The pages that were reached in one story, each looked at once."""

    kinds: set[str] = field(default_factory=set)

    def is_new(self, kind: str) -> bool:
        """Whether nobody was here before; from now on somebody was."""
        if kind in self.kinds:
            return False
        self.kinds.add(kind)
        return True


class Person:
    """One login in a browser of its own."""

    def __init__(self, browser: Browser, address: str, seen: Seen, **context) -> None:
        context = {"locale": "nl-NL", "viewport": DESK} | context
        self.context = browser.new_context(**context)
        self.context.set_default_timeout(PATIENCE)
        self.has_scripts = context.get("java_script_enabled", True)
        self.address = address
        self.seen = seen
        self.page: Page = self.context.new_page()

    def log_in(self, login: str) -> "Person":
        self.login = login
        self.open("/login")
        self.fill("Gebruikersnaam", login)
        self.fill("Wachtwoord", PASSWORD)
        self.press("Inloggen")
        return self

    def open(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer
        assert answer.status == 200, f"{path}: {answer.status}"
        self._arrive()

    def follow(self, name: str, within: str = "main") -> None:
        """Click a link."""
        self.page.locator(within).get_by_role("link", name=name).first.click()
        self._arrive()

    def press(self, name: str) -> None:
        """Press a button that leads to the next page."""
        before = self.page.url
        button = self.page.get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.filter(visible=True).first.click()
        errors = self.page.locator("[data-error-summary]")
        if errors.count():
            raise AssertionError(f"{before}: {errors.inner_text()}")
        self._arrive()

    def press_and_be_refused(self, name: str) -> str:
        """Press a button; the same page comes back and says what is wrong."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()
        self._look("fout")
        return self.page.locator("[data-error-summary]").inner_text()

    def unfold(self, summary: str) -> None:
        """Open a part of the page that waits behind a click."""
        self.page.locator("summary", has_text=summary).first.click()

    def fill(self, label: str, text: str, within: str = "") -> None:
        self.field(label, within).fill(text)

    def select(self, label: str, option: str, within: str = "") -> None:
        self.field(label, within).select_option(label=option)

    def select_starting(self, label: str, start: str) -> None:
        """Choose from a list what starts like this; figures may stand behind it."""
        options = self.field(label).locator("option")
        words = re.compile(rf"^\s*{re.escape(start)}")
        found = options.filter(has_text=words).first
        self.field(label).select_option(found.get_attribute("value"))

    def tick(self, *labels: str, within: str = "") -> None:
        """Tick boxes, or choose with a round button."""
        for label in labels:
            self.field(label, within).check()

    def tick_starting(self, start: str, within: str = "") -> None:
        """Choose the option whose words start like this."""
        self._part(within).get_by_label(re.compile(f"^{re.escape(start)}")).check()

    def field(self, label: str, within: str = "") -> Locator:
        """Find a field by its words, as they stand on the page."""
        words = re.compile(rf"^{re.escape(label)}( \(niet verplicht\))?$")
        found = self._part(within).get_by_label(words)
        return found.filter(visible=True).first

    def _part(self, legend: str) -> Locator:
        main = self.page.locator("main")
        if not legend:
            return main
        return main.get_by_role("group", name=legend).filter(visible=True).first

    def text(self) -> str:
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    def sees(self, *texts: str) -> None:
        shown = self.text()
        for text in texts:
            assert text in shown, f"{text!r} not on {self.page.url}:\n{shown}"

    def does_not_see(self, *texts: str) -> None:
        """Neither in what is shown, nor in the source of the page."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"{text!r} on {self.page.url}"

    def wait_for_link(self, name: str) -> None:
        """Load the page again until the worker has made what the link leads to."""
        link = self.page.locator("main").get_by_role("link", name=name)
        self._wait(lambda: link.count() > 0, name)

    def wait_for_text(self, text: str) -> None:
        """Load the page again until the worker has done its part."""
        self._wait(lambda: text in self.text(), text)

    def wait_for_row(self, *texts: str) -> Locator:
        """Load the page again until a table has a row with these words."""
        rows = self.page.locator("main tbody tr")
        for text in texts:
            rows = rows.filter(has_text=text)
        self._wait(lambda: rows.count() > 0, " ".join(texts))
        return rows.first

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WAIT_FOR_WORK
        while not done():
            assert time.monotonic() < deadline, f"{what!r} never on {self.page.url}"
            time.sleep(0.3)
            self.page.reload()
        self._look("werk gedaan")

    def pdf(self, link: str) -> str:
        """Download a letter through its link, and read it as text."""
        target = self.page.locator("main").get_by_role("link", name=link).first
        where = target.get_attribute("href")
        answer = self.context.request.get(f"{self.address}{where}")
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        read = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=answer.body(),
            capture_output=True,
            check=True,
            timeout=20,
        )
        return re.sub(r"\s+", " ", read.stdout.decode())

    def on_a_phone(self, name: str) -> None:
        """Look at this page on a phone: nothing wrong, nothing too wide."""
        self.page.set_viewport_size(PHONE)
        screenshot(self.page, f"verhaal-{name}-390")
        assert axe(self.page) == [], f"{self.page.url} on a phone"
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{self.page.url} is too wide for a phone"
        self.page.set_viewport_size(DESK)

    def _arrive(self) -> None:
        """Every page that is reached is looked at, the first time."""
        self._look("")

    def _look(self, why: str) -> None:
        self.page.wait_for_load_state()
        if not self.has_scripts:
            return
        path = ID.sub("x", self.page.url.removeprefix(self.address).split("?")[0])
        title = ID.sub("", self.page.locator("h1").inner_text())
        if not self.seen.is_new(f"{path.split('#')[0]} {title} {why}"):
            return
        number = len(self.seen.kinds)
        name = re.sub(r"\W+", "-", f"{title} {why}".lower()).strip("-")
        screenshot(self.page, f"verhaal-{number:02}-{name}-1440")
        found = axe(self.page)
        assert found == [], f"{self.page.url}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= DESK["width"], f"{self.page.url} is too wide"
