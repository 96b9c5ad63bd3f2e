"""The same case in a browser that runs no scripts."""

import pytest

from stories.access import fill_melding
from stories.one_case import from_melding_to_delivery
from stories.person import Way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def way() -> Way:
    """The pages were looked at with scripts; axe is one itself."""
    return Way(has_scripts=False, is_looking=False)


def test_from_melding_to_delivery_without_scripts(person):
    from_melding_to_delivery(person)


def test_a_refused_melding_keeps_what_was_typed(person):
    balie = person("balie")
    balie.follow("Inwoner zoeken", within="body")
    balie.fill("Achternaam", "Stilduin")
    balie.press("Zoeken")
    balie.press("Melding voor een nieuwe inwoner")
    refusal = balie.press_and_be_refused("Melding vastleggen")
    assert "Vul de geboortedatum in, want er is geen BSN." in refusal
    fill_melding(balie, name="Stilduin", bsn="999990020")
    balie.press("Melding vastleggen")
    balie.sees("De melding is vastgelegd", "Stilduin", "Naar het dorp kunnen")
    balie.wait_for_link("Ontvangstbevestiging")
