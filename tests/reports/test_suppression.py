"""Small numbers stay hidden, also from whoever can subtract."""

from hypothesis import given
from hypothesis import strategies as st

from loket.reports.suppression import LEAST, suppress

COUNTS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40))


class TestSuppress:
    def test_shows_zero_and_five(self):
        assert suppress({"a": 0, "b": 5}) == {"a": 0, "b": 5}

    def test_hides_the_next_smallest_beside_a_single_small_count(self):
        assert suppress({"a": 3, "b": 9, "c": 30}) == {"a": None, "b": None, "c": 30}

    def test_never_hides_zero_as_the_second(self):
        assert suppress({"a": 3, "b": 0, "c": 30}) == {"a": None, "b": 0, "c": None}

    @given(COUNTS)
    def test_shows_nothing_from_one_to_four(self, counts):
        shown = [n for n in suppress(counts).values() if n is not None]

        assert all(n == 0 or n >= LEAST for n in shown)

    @given(COUNTS)
    def test_never_hides_just_one_of_several_filled(self, counts):
        hidden = [key for key, n in suppress(counts).items() if n is None]
        filled = [key for key, n in counts.items() if n]

        assert len(hidden) != 1 or len(filled) == 1
