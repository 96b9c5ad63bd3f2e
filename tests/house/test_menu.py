"""The menu: no two entries of one role look the same."""

from collections import Counter

import pytest
from flask import Flask

from loket.authz import GRANTS, Role
from loket.rooms import NAV


@pytest.mark.parametrize("rol", list(Role))
def test_every_entry_has_a_picture_of_its_own(app: Flask, rol: Role) -> None:
    pictures = app.jinja_env.get_template("macros/shell.html").module.PICTURES
    seen = [each.label for each in NAV if each.permission in GRANTS[rol]]
    drawn = Counter(pictures[label] for label in seen)

    assert [picture for picture, times in drawn.items() if times > 1] == []
