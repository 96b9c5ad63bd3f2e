"""The same case by who has a keyboard and no mouse."""

import pytest

from stories.keys import Keys
from stories.one_case import from_melding_to_delivery
from stories.person import Way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def way() -> Way:
    """The pages were looked at with the mouse."""
    return Way(hands=Keys, is_looking=False)


def test_from_melding_to_delivery_by_keyboard(person):
    from_melding_to_delivery(person)
