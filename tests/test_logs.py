"""Nothing that looks like a BSN reaches a log; ids do."""

from loket.logs import _take_out_numbers


class TestNumbers:
    def test_blanks_what_may_be_a_bsn(self):
        event = _take_out_numbers(None, "info", {"event": "bsn 999900006, of 12345678"})

        assert event["event"] == "bsn [getal], of [getal]"

    def test_keeps_an_id_whole_so_that_it_can_be_found(self):
        user = "01930000-1234-7000-8000-123456789012"

        assert _take_out_numbers(None, "info", {"user": user})["user"] == user
