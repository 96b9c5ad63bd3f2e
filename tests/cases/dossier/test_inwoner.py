"""Small truths about a person."""

import pytest

from loket.cases.dossier.inwoner import write_voorletters


class TestVoorletters:
    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            ("m", "M."),
            ("jp", "J.P."),
            ("JP", "J.P."),
            ("J.P.", "J.P."),
            ("j. p.", "J.P."),
            ("A.M", "A.M."),
            ("Th", "Th."),
            ("Th.M.", "Th.M."),
            ("ö", "Ö."),
            ("IJ.", "IJ."),
            ("Willem", "Willem"),
            ("J.?", "J.?"),
        ],
    )
    def test_are_written_as_on_a_letter(self, typed, written):
        assert write_voorletters(typed) == written
