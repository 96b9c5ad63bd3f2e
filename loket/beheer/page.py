"""What the pages of the beheerder share."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from loket.errors import RuleViolation
from loket.web import Form


def press(deed: Callable[[], str]) -> ResponseReturnValue:
    """Carry out the deed of a button and go where it says; pressed twice, once.

    Raises:
        RuleViolation: what the deed says no to; a button has no field to say it at.
    """
    form = Form()
    answer = form.submit(deed)
    if answer is None:
        raise RuleViolation("; ".join(text for _, text in form.summary))
    return answer
