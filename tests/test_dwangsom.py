from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loket.errors import LoketError
from loket.termijnen import (
    INGEBREKESTELLING,
    besluit_op_bezwaar,
    dwangsom,
    dwangsomdagen,
    ingebrekestelling_loopt_vanaf,
    uiterste_datum,
)


def day(text):
    return date.fromisoformat(text)


class TestBesluitOpBezwaar:
    def test_counts_from_the_end_of_the_term_for_bezwaar(self):
        assert besluit_op_bezwaar(day("2026-06-09")) == day("2026-07-21")

    def test_takes_longer_with_a_committee_or_postponed(self):
        end = day("2026-06-09")

        assert besluit_op_bezwaar(end, commissie=True) == day("2026-09-01")
        assert besluit_op_bezwaar(end, verdaagd=True) == day("2026-09-01")
        assert besluit_op_bezwaar(end, verdaagd=True, opgeschort=4) == day("2026-09-07")


class TestDwangsom:
    @pytest.mark.parametrize(
        ("dagen", "euro"),
        [(0, 0), (1, 23), (14, 322), (15, 357), (28, 812), (29, 857), (42, 1442)],
    )
    def test_grows_by_the_table(self, dagen, euro):
        assert dwangsom(dagen, day("2026-06-01")) == euro * 100

    def test_stops_after_six_weeks(self):
        assert dwangsom(60, day("2026-06-01")) == 144200

    def test_takes_the_amounts_of_the_day_it_came_in(self):
        assert dwangsom(42, day("2018-12-31")) == 126000
        assert dwangsom(42, day("2019-01-01")) == 144200

    def test_refuses_a_day_without_amounts(self):
        with pytest.raises(LoketError, match="geen bedragen"):
            dwangsom(1, day("2009-09-30"))

    @given(st.integers(-5, 100))
    def test_never_shrinks(self, dagen):
        amounts = [dwangsom(each, day("2026-06-01")) for each in (dagen, dagen + 1)]

        assert all(0 <= few <= many for few, many in pairwise(amounts))


class TestIngebrekestelling:
    def test_starts_after_two_whole_weeks(self):
        first = ingebrekestelling_loopt_vanaf(day("2026-06-03"), day("2026-06-08"))

        assert first == day("2026-06-23")

    def test_waits_for_a_working_day_at_the_end_of_the_two_weeks(self):
        received = day("2026-04-30")

        first = ingebrekestelling_loopt_vanaf(day("2026-04-28"), received)

        assert uiterste_datum(received, INGEBREKESTELLING) == day("2026-05-18")
        assert first == day("2026-05-19")

    @pytest.mark.parametrize("received", ["2026-06-01", "2026-06-03"])
    def test_has_no_effect_before_the_term_ended(self, received):
        uiterste = day("2026-06-03")

        assert ingebrekestelling_loopt_vanaf(uiterste, day(received)) is None

    def test_counts_the_first_day_along(self):
        first = day("2026-06-23")

        counted = [dwangsomdagen(first, first + timedelta(days=n)) for n in (-3, 0, 41)]

        assert counted == [0, 1, 42]
