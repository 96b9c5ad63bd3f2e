"""The keyboard and nothing else, for who cannot work a mouse (WCAG 2.1.1 to 2.4.11).

Underway every control that gets the focus must show it, lie in sight and let go of it;
what is done there may not lose it.
"""

from dataclasses import dataclass

from playwright.sync_api import ElementHandle, Locator, Page

FARTHEST = 160
"""Tabs to anything on a page; more means that nobody goes there."""
LONGEST_LIST = 120
SKIP = "Naar de inhoud"
LOOK = """target => {
  const at = document.activeElement;
  const lost = !at || at === document.body;
  const shows = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const around = at?.closest("label, form");
  const box = at?.getBoundingClientRect();
  const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
  const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const label = at?.labels?.[0];
  const words = at?.getAttribute("aria-label") || label?.innerText
    || at?.innerText || at?.getAttribute("name") || at?.id || "";
  const moved = window.focusBefore !== at;
  window.focusBefore = at;
  return {
    lost,
    moved,
    name: `${at?.tagName.toLowerCase()} ${words.trim().slice(0, 60)}`,
    is_there: at === target,
    is_beside: at?.type === "radio" && target.type === "radio"
      && at.name === target.name && at.form === target.form,
    is_ahead: lost || Boolean(
      at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING),
    is_skip: at?.matches(".nl-skip-link") ?? false,
    is_in_main: Boolean(target.closest("main")),
    shows: lost || shows(at) || Boolean(around && shows(around)),
    is_in_sight: lost || Boolean(right > left && bottom > top && there
      && (at.contains(there) || there.contains(at) || label?.contains(there))),
  };
}"""
CHOSEN = "list => list.selectedOptions[0]?.value ?? null"


@dataclass(frozen=True)
class Spot:
    """Where the focus is, seen from the control that is wanted."""

    lost: bool
    """Nowhere: on the page as a whole, as when it has just been opened."""
    name: str
    is_there: bool
    is_beside: bool
    """Another round button of its group."""
    is_ahead: bool
    is_skip: bool
    is_in_main: bool
    shows: bool
    is_in_sight: bool
    moved: bool
    """It was elsewhere before the last key."""


class Keys:
    """Tab, Enter, Space, arrows and letters."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keyboard = page.keyboard

    def reach(self, control: Locator) -> None:
        """Tab to a control; of a group of round buttons to any of them."""
        target = control.element_handle()
        spot = self._look(target)
        walked: list[str] = []
        if spot.lost:
            spot = self._enter(target, walked)
        while not (spot.is_there or spot.is_beside):
            walked.append(spot.name)
            assert len(walked) <= FARTHEST, self._story("not within reach", walked)
            spot = self._tab(target, "Tab" if spot.is_ahead else "Shift+Tab", walked)

    def push(self, control: Locator) -> None:
        """Press Enter where the focus is."""
        assert self._look(control.element_handle()).is_there
        self.keyboard.press("Enter")

    def write(self, control: Locator, text: str) -> None:
        """Type over what is there."""
        self.reach(control)
        self.keyboard.press("Control+A")
        if text:
            self.keyboard.type(text)
        else:
            self.keyboard.press("Delete")
        assert control.input_value() == text
        self._stays(control)

    def choose(self, control: Locator, value: str) -> None:
        """Go down a list until this option."""
        self.reach(control)
        self.keyboard.press("Home")
        passed: list[str] = []
        while (now := control.evaluate(CHOSEN)) != value:
            passed.append(now)
            assert len(passed) <= LONGEST_LIST, self._story("not in the list", passed)
            self.keyboard.press("ArrowDown")
        self._stays(control)

    def tick(self, control: Locator) -> None:
        """Press Space on a box; go by arrow to a round button."""
        self.reach(control)
        target = control.element_handle()
        passed: list[str] = []
        while not (spot := self._look(target)).is_there:
            passed.append(spot.name)
            assert len(passed) <= LONGEST_LIST, self._story("not in the group", passed)
            self.keyboard.press("ArrowDown")
        if not control.is_checked():
            self.keyboard.press("Space")
        assert control.is_checked()
        self._stays(control)

    def _enter(self, target: ElementHandle, walked: list[str]) -> Spot:
        """Start on a page that was just opened: the first stop leads past its head."""
        spot = self._tab(target, "Tab", walked)
        if "#" in self.page.url:
            return spot
        assert spot.is_skip, f"{self.page.url} starts with {spot.name}, not {SKIP!r}"
        if not spot.is_in_main:
            return spot
        self.keyboard.press("Enter")
        return self._look(target)

    def _tab(self, target: ElementHandle, key: str, walked: list[str]) -> Spot:
        self.keyboard.press(key)
        spot = self._look(target)
        assert not spot.lost, self._story("the focus is gone", walked)
        assert spot.moved, self._story(f"{spot.name!r} lets nobody go", walked)
        assert spot.shows, self._story(f"{spot.name!r} hides its focus", walked)
        assert spot.is_in_sight, self._story(f"{spot.name!r} is out of sight", walked)
        return spot

    def _look(self, target: ElementHandle) -> Spot:
        return Spot(**self.page.evaluate(LOOK, target))

    def _stays(self, control: Locator) -> None:
        """After a deed the focus is where it was."""
        spot = self._look(control.element_handle())
        assert spot.is_there, f"{self.page.url}: the focus went to {spot.name!r}"

    def _story(self, what: str, walked: list[str]) -> str:
        return f"{self.page.url}: {what}, after {' > '.join(walked)}"
