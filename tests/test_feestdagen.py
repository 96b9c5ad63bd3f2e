from datetime import date

import pytest

from loket.termijnen import feestdagen, is_werkdag, werkdagen_later


def day(text):
    return date.fromisoformat(text)


def written(days):
    return " ".join(f"{each.day}-{each.month}" for each in days)


class TestFeestdagen:
    def test_are_those_of_the_law_in_2026(self):
        weekdays = [each for each in feestdagen(2026) if each.weekday() < 5]

        assert written(weekdays) == "1-1 2-1 3-4 6-4 27-4 5-5 14-5 15-5 25-5 25-12"

    def test_are_those_of_the_law_in_2027(self):
        weekdays = [each for each in feestdagen(2027) if each.weekday() < 5]

        assert written(weekdays) == "1-1 26-3 29-3 27-4 5-5 6-5 7-5 17-5"

    @pytest.mark.parametrize("jaar", range(2014, 2060))
    def test_have_5_mei_and_goede_vrijdag_every_year(self, jaar):
        free = feestdagen(jaar)

        assert date(jaar, 5, 5) in free
        assert any("Goede Vrijdag" in name for name in free.values())

    def test_move_koningsdag_off_sunday(self):
        assert date(2025, 4, 26) in feestdagen(2025)
        assert date(2025, 4, 27) not in feestdagen(2025)

    def test_hold_the_equated_days(self):
        equated = (
            *("2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27", "2025-05-30"),
            *("2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"),
        )

        assert [each for each in equated if is_werkdag(day(each))] == []
        assert is_werkdag(day("2026-02-02"))
        assert is_werkdag(day("2025-05-26"))

    def test_cannot_be_changed_by_a_reader(self):
        with pytest.raises(TypeError):
            feestdagen(2026)[day("2026-07-01")] = "vrij"


class TestWerkdagenLater:
    def test_passes_over_free_days(self):
        assert werkdagen_later(day("2026-04-02"), 1) == day("2026-04-07")
        assert werkdagen_later(day("2026-04-02"), 0) == day("2026-04-02")

    def test_refuses_to_count_back(self):
        with pytest.raises(ValueError, match="forwards"):
            werkdagen_later(day("2026-04-02"), -1)
