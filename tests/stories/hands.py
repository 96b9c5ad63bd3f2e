"""What somebody works a page with: the mouse, as most do."""

from playwright.sync_api import Locator, Page


class Mouse:
    """Clicks what it wants, wherever it stands."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, control: Locator) -> None:
        """Go to a control: a click finds its own way."""

    def push(self, control: Locator) -> None:
        """Let a link, a button or a summary do its work, once it was reached."""
        control.click()

    def write(self, control: Locator, text: str) -> None:
        """Put this text in a field, instead of what is there."""
        control.fill(text)

    def choose(self, control: Locator, value: str) -> None:
        """Choose from a list, by the value of the option."""
        control.select_option(value)

    def tick(self, control: Locator) -> None:
        """Tick a box, or choose a round button."""
        control.check()
