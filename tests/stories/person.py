"""Somebody at a screen: reads, fills in and presses, by the words on the page."""

import mimetypes
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, FilePayload, Locator, Page

from browser import DESK, PATIENCE, PHONE, axe, screenshot
from stories.hands import Mouse
from stories.keys import Keys
from stories.running import PASSWORD

ID = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+\b")
FIELDS = "input, select, textarea"
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


@dataclass(frozen=True)
class Way:
    """How people work in a story: with what, and how closely they look at pages."""

    hands: type[Mouse | Keys] = Mouse
    has_scripts: bool = True
    is_looking: bool = True
    """Every page that is reached is looked at with axe, once."""
    password: str = PASSWORD


class Person:
    """One login in a browser of its own."""

    def __init__(
        self, browser: Browser, address: str, seen: Seen, way: Way, **context
    ) -> None:
        scripts = {"java_script_enabled": way.has_scripts}
        context = {"locale": "nl-NL", "viewport": DESK} | scripts | context
        self.context = browser.new_context(**context)
        self.context.set_default_timeout(PATIENCE)
        self.is_looking = way.is_looking and context["java_script_enabled"]
        self.address = address
        self.seen = seen
        self.page: Page = self.context.new_page()
        self.hands = way.hands(self.page)

    def log_in(self, login: str, password: str) -> "Person":
        self.login = login
        self.open("/login")
        self.fill("Gebruikersnaam", login)
        self.fill("Wachtwoord", password)
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
        link = self.page.locator(within).get_by_role("link", name=name).first
        self.go(link)

    def go(self, control: Locator) -> None:
        """Go where a link or a button leads."""
        self.hands.reach(control)
        with self.page.expect_navigation():
            self.hands.push(control)
        self._arrive()

    def press(self, name: str) -> None:
        """Press a button that leads to the next page."""
        before = self.page.url
        self.go(self.button(name))
        errors = self.page.locator("[data-error-summary]")
        if errors.count():
            raise AssertionError(f"{before}: {errors.inner_text()}")

    def press_and_be_refused(self, name: str) -> str:
        """Press a button; the same page comes back and says what is wrong."""
        button = self.button(name)
        self.hands.reach(button)
        with self.page.expect_navigation():
            self.hands.push(button)
        self._look("fout")
        return self.page.locator("[data-error-summary]").inner_text()

    def button(self, name: str) -> Locator:
        """Find a button by its words."""
        found = self.page.get_by_role("button", name=name, exact=True)
        return found.filter(visible=True).first

    def unfold(self, summary: str) -> None:
        """Open a part of the page that waits behind a click."""
        part = self.page.locator("summary", has_text=summary).first
        self.hands.reach(part)
        self.hands.push(part)

    def fill(self, label: str, text: str, within: str = "") -> None:
        self.hands.write(self.field(label, within), text)

    def select(self, label: str, option: str, within: str = "") -> None:
        self._choose(self.field(label, within), re.escape(option) + r"\s*$")

    def select_starting(self, label: str, start: str) -> None:
        """Choose from a list what starts like this; figures may stand behind it."""
        self._choose(self.field(label), re.escape(start))

    def _choose(self, field: Locator, words: str) -> None:
        options = field.locator("option")
        found = options.filter(has_text=re.compile(rf"^\s*{words}")).first
        self.hands.choose(field, found.evaluate("each => each.value"))

    def hand_in(self, label: str, name: str, data: bytes) -> None:
        """Choose a file of one's own; the window for that is of the browser."""
        kind = mimetypes.guess_type(name)[0] or ""
        file = FilePayload(name=name, mimeType=kind, buffer=data)
        self.field(label).set_input_files(file)

    def tick(self, *labels: str, within: str = "") -> None:
        """Tick boxes, or choose with a round button."""
        for label in labels:
            self.hands.tick(self.field(label, within))

    def tick_starting(self, start: str, within: str = "") -> None:
        """Choose the option whose words start like this."""
        self._tick_like(f"^{re.escape(start)}", within)

    def tick_ending(self, end: str, within: str = "") -> None:
        """Choose the option whose words end like this."""
        self._tick_like(f"{re.escape(end)}$", within)

    def _tick_like(self, words: str, within: str) -> None:
        self.hands.tick(self._part(within).get_by_label(re.compile(words)))

    def field(self, label: str, within: str = "") -> Locator:
        """Find a field by its words, as they stand on the page."""
        words = re.compile(rf"^{re.escape(label)}( \(niet verplicht\))?$")
        # a form or a table may be called the same
        found = self._part(within).get_by_label(words).and_(self.page.locator(FIELDS))
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
        if not self.is_looking:
            return
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
        if not self.is_looking:
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
