"""How long copies are kept: the data thinner and long, the keys short and all gone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loket.backup import chain

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def named(*ago: timedelta) -> list[str]:
    return sorted(chain.new_name(NOW - each) for each in ago)


def ages(names: list[str]) -> list[timedelta]:
    return sorted(NOW - chain.moment_of(name) for name in names)


class TestKeys:
    def test_outlive_the_norm_by_nothing(self):
        names = named(*(timedelta(days=day) for day in range(40)))

        gone = chain.outlived_keys(names, NOW, 30)

        assert min(ages(gone)) == timedelta(days=31)
        assert len(gone) == 9

    def test_the_only_one_goes_as_well_when_it_is_too_old(self):
        names = named(timedelta(days=31))

        assert chain.outlived_keys(names, NOW, 30) == names


class TestData:
    def test_of_a_year_of_hours_a_handful_is_left(self):
        names = named(*(timedelta(hours=hour) for hour in range(24 * 400)))

        gone = set(chain.outlived_data(names, NOW, 365))
        kept = [name for name in names if name not in gone]

        recent = [age for age in ages(kept) if age <= timedelta(days=2)]
        assert len(recent) == 49
        assert len(kept) < 49 + 31 + 13
        assert max(ages(kept)) > timedelta(days=330)
        assert max(ages(kept)) <= timedelta(days=365)

    @given(st.lists(st.integers(0, 24 * 800), min_size=1, max_size=60))
    def test_the_newest_always_stays_and_nothing_is_removed_twice(self, hours):
        names = named(*(timedelta(hours=hour) for hour in hours))

        gone = chain.outlived_data(names, NOW, 30)
        again = chain.outlived_data([n for n in names if n not in gone], NOW, 30)

        assert names[-1] not in gone
        assert again == []


def test_a_name_says_a_moment_and_nothing_else():
    name = chain.new_name(NOW)

    assert name.startswith("20261128T120000.000000Z-")
    assert chain.moment_of(name) == NOW
    assert chain.new_name(NOW) != name
