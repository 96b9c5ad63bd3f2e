from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loket.datum import kort, lang, lees_datum, met_weekdag
from loket.errors import LoketError


class TestLeesDatum:
    @pytest.mark.parametrize(
        "text",
        [
            "1-1-48",
            "01.01.1948",
            "1/1/1948",
            " 1 1 1948 ",
            "1948-01-01",
            "1 januari 1948",
            "1 Jan. 1948",
            "1-jan-1948",
        ],
    )
    def test_accepts_loose_input(self, text):
        assert lees_datum(text) == date(1948, 1, 1)

    @pytest.mark.parametrize("short", ["mrt", "mar", "maart", "mrt."])
    def test_knows_the_names_of_march(self, short):
        assert lees_datum(f"23 {short} 2026") == date(2026, 3, 23)

    def test_takes_two_digits_as_the_nearest_century(self):
        assert lees_datum("23-3-26") == date(2026, 3, 23)

    def test_takes_a_birth_date_as_past(self):
        today = date(2026, 11, 23)

        assert lees_datum("1-1-28", niet_na=today) == date(1928, 1, 1)

    @pytest.mark.parametrize(
        "text", ["", "morgen", "23-11", "2026", "1-1-148", "1-1-1-1"]
    )
    def test_refuses_what_is_no_date(self, text):
        with pytest.raises(LoketError, match="zoals 23-11-2026"):
            lees_datum(text)

    @pytest.mark.parametrize(
        "text", ["31-2-2026", "1-13-2026", "0-1-2026", "29-2-2027", "1 foo 2026"]
    )
    def test_refuses_a_day_that_does_not_exist(self, text):
        with pytest.raises(LoketError, match="bestaat niet"):
            lees_datum(text)

    def test_refuses_a_day_that_is_too_late(self):
        with pytest.raises(LoketError, match="niet na 23-11-2026") as refusal:
            lees_datum("24-11-2026", niet_na=date(2026, 11, 23), field="geboren")
        assert refusal.value.field == "geboren"

    @given(st.dates(date(1000, 1, 1), date(2299, 12, 31)))
    def test_reads_back_what_was_written(self, day):
        assert lees_datum(kort(day)) == day
        assert lees_datum(lang(day)) == day
        assert lees_datum(day.isoformat()) == day


class TestWriting:
    def test_is_short_in_tables_and_long_in_letters(self):
        day = date(2026, 11, 3)

        assert kort(day) == "03-11-2026"
        assert lang(day) == "3 november 2026"
        assert met_weekdag(day) == "dinsdag 3 november 2026"
