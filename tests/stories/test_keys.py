"""The keyboard of the stories notices what would stop somebody without a mouse."""

import pytest

from stories.keys import Keys

pytestmark = pytest.mark.browser
PAGE = """
<style>
  a, button, input, select { outline: 0; }
  :focus-visible { outline: 2px solid; }
  #hidden { outline: 0; box-shadow: none; }
  #cover { position: fixed; inset: 0 0 50% 0; background: white; z-index: 1; }
</style>
<a class="nl-skip-link" href="#main">Naar de inhoud</a>
"""
MAIN = '<main id="main" tabindex="-1">{}<button id="last">Bewaar</button></main>'
FIELDS = """
<input aria-label="Naam">
<select aria-label="Kanaal"><option value="">Kies<option value="b">Balie</select>
<input type="checkbox" aria-label="Spoed">
<input type="radio" name="wie" aria-label="Zelf">
<input type="radio" name="wie" aria-label="Ander">
"""


@pytest.fixture
def keys(page):
    def on(content: str) -> Keys:
        page.set_content(PAGE + MAIN.format(content))
        return Keys(page)

    return on


def test_fills_in_a_form(page, keys):
    by_key = keys(FIELDS)

    by_key.write(page.get_by_label("Naam"), "Zilverduin")
    by_key.choose(page.get_by_label("Kanaal"), "b")
    by_key.tick(page.get_by_label("Ander"))
    by_key.tick(page.get_by_label("Spoed"))

    assert page.get_by_label("Naam").input_value() == "Zilverduin"
    assert page.get_by_label("Kanaal").input_value() == "b"
    assert page.get_by_label("Ander").is_checked()
    assert page.get_by_label("Spoed").is_checked()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('<button id="hidden">Weg</button>', "hides its focus"),
        ('<div id="cover"></div><button>Onder</button>', "is out of sight"),
        ("<button onkeydown='event.preventDefault()'>Val</button>", "lets nobody go"),
        ("<button onfocus='this.remove()'>Weg</button>", "the focus is gone"),
        ("<button>Stap</button>" * 200, "not within reach"),
    ],
    ids=["unseen", "covered", "trap", "lost", "far"],
)
def test_fails_where_somebody_would_be_stuck(page, keys, content, complaint):
    by_key = keys(content)

    with pytest.raises(AssertionError, match=complaint):
        by_key.reach(page.locator("#last"))


def test_fails_where_no_link_leads_past_the_head(page):
    page.set_content("<a href='/'>Loket</a>" + MAIN.format(""))

    with pytest.raises(AssertionError, match="starts with"):
        Keys(page).reach(page.locator("#last"))
