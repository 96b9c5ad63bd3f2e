import pytest
from hypothesis import given
from hypothesis import strategies as st

from loket.errors import LoketError
from loket.geld import MAX_CENT, bedrag, lees_bedrag


class TestBedrag:
    @pytest.mark.parametrize(
        ("cent", "text"),
        [
            (0, "€ 0,00"),
            (5, "€ 0,05"),
            (2180, "€ 21,80"),
            (120450, "€ 1.204,50"),
            (123456789, "€ 1.234.567,89"),
            (-1250, "€ -12,50"),
        ],
    )
    def test_is_written_the_dutch_way(self, cent, text):
        assert bedrag(cent) == text


class TestLeesBedrag:
    @pytest.mark.parametrize(
        ("text", "cent"),
        [
            ("€ 1.204,50", 120450),
            ("1204,5", 120450),
            ("1204.50", 120450),
            ("€1 204,50", 120450),
            ("€\u00a01.204,50", 120450),
            ("EUR 1.204", 120400),
            ("1.204", 120400),
            ("21.8", 2180),
            ("12 euro", 1200),
            ("12,-", 1200),
            ("12,--", 1200),
            ("0", 0),
        ],
    )
    def test_accepts_loose_input(self, text, cent):
        assert lees_bedrag(text) == cent

    @pytest.mark.parametrize(
        "text", ["", "€", "veel", "1,204.50", "1.20.4", "1.204.5", "12,345", "1e3", "٣"]
    )
    def test_refuses_what_is_no_amount(self, text):
        with pytest.raises(LoketError, match="zoals") as refusal:
            lees_bedrag(text)
        assert refusal.value.field == "bedrag"

    def test_refuses_less_than_nothing_unless_asked(self):
        with pytest.raises(LoketError, match="onder nul"):
            lees_bedrag("-12,50")
        assert lees_bedrag("-12,50", negatief=True) == -1250

    def test_refuses_a_slip_of_the_keyboard(self):
        with pytest.raises(LoketError, match="tot en met"):
            lees_bedrag("99999999999")

    @given(st.integers(-MAX_CENT, MAX_CENT))
    def test_reads_back_what_was_written(self, cent):
        assert lees_bedrag(bedrag(cent), negatief=True) == cent
