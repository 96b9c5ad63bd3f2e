from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loket.errors import LoketError
from loket.termijnen import (
    BESLUIT,
    BEWAREN,
    BEZWAAR,
    CAK,
    ONDERZOEK,
    PLAN,
    VERNIETIGING,
    Eenheid,
    Opschorting,
    Termijn,
    dag_van,
    is_werkdag,
    known_years,
    leg_uit,
    opgeschort,
    opgeschorte_dagen,
    uiterste_datum,
    vandaag,
)

known_days = st.dates(date(known_years()[0], 1, 1), date(known_years()[-1], 6, 30))
in_atw = st.one_of(
    st.builds(Termijn, st.integers(1, 90), st.just(Eenheid.DAG)),
    st.builds(Termijn, st.integers(1, 12), st.just(Eenheid.WEEK)),
    st.builds(Termijn, st.integers(1, 3), st.just(Eenheid.MAAND)),
)
outside_atw = st.one_of(
    st.builds(Termijn, st.integers(91, 400), st.just(Eenheid.DAG)),
    st.builds(Termijn, st.integers(13, 60), st.just(Eenheid.WEEK)),
    st.builds(Termijn, st.integers(4, 40), st.just(Eenheid.MAAND)),
    st.builds(Termijn, st.integers(1, 30), st.just(Eenheid.JAAR)),
    st.builds(
        Termijn, st.integers(1, 90), st.sampled_from(Eenheid), atw=st.just(False)
    ),
)


def day(text):
    return date.fromisoformat(text)


class TestUitersteDatumOfTheSixCases:
    @pytest.mark.parametrize(
        ("start", "termijn", "expected"),
        [
            ("2026-03-23", PLAN, "2026-03-30"),
            ("2026-03-23", ONDERZOEK, "2026-05-04"),
            ("2026-04-21", BESLUIT, "2026-05-06"),
            ("2026-04-28", BEZWAAR, "2026-06-09"),
            ("2026-05-11", CAK, "2026-06-11"),
            ("2026-04-13", BESLUIT, "2026-04-28"),
            ("2026-03-27", PLAN, "2026-04-07"),
            ("2026-03-27", ONDERZOEK, "2026-05-08"),
            ("2026-04-02", PLAN, "2026-04-09"),
            ("2026-04-02", ONDERZOEK, "2026-05-18"),
            ("2026-03-24", ONDERZOEK, "2026-05-06"),
            ("2026-05-07", BESLUIT, "2026-05-21"),
            ("2026-04-13", PLAN, "2026-04-20"),
            ("2026-04-13", ONDERZOEK, "2026-05-26"),
        ],
    )
    def test_ends_on_the_day_of_the_law(self, start, termijn, expected):
        assert uiterste_datum(day(start), termijn) == day(expected)

    def test_rolls_once_after_the_suspension(self):
        suspended = opgeschort(day("2026-04-15"), day("2026-04-26"))

        end = uiterste_datum(day("2026-04-13"), BESLUIT, opgeschort=suspended)

        assert suspended == 10
        assert end == day("2026-05-07")  # rolling first would give 8 May

    def test_waits_for_as_long_as_the_client_agreed(self):
        agreed = [Opschorting(day("2026-05-15"), day("2026-06-04"))]

        end = uiterste_datum(
            day("2026-05-07"), BESLUIT, opgeschort=opgeschorte_dagen(agreed)
        )

        assert end == day("2026-06-11")

    def test_counts_from_the_calendar_day_in_the_netherlands(self):
        melding = datetime(2026, 3, 23, 23, 14, tzinfo=UTC)  # 00:14 the next day

        assert dag_van(melding) == day("2026-03-24")


class TestUitersteDatumPerRule:
    @pytest.mark.parametrize(
        ("text", "start", "expected", "why"),
        [
            ("6w", "2026-03-16", "2026-04-28", "Koningsdag"),
            ("6w", "2026-04-04", "2026-05-18", "a start on Saturday still counts"),
            ("6w", "2027-02-12", "2027-03-30", "Goede Vrijdag and Pasen"),
            ("6w", "2028-03-16", "2028-05-01", "Koningsdag and equated 28-4"),
            ("7d", "2026-05-07", "2026-05-18", "Hemelvaart and Friday"),
            ("2w", "2026-04-30", "2026-05-18", "Hemelvaart and Friday"),
            ("2w", "2026-12-11", "2026-12-28", "Kerst"),
            ("3d", "2026-12-24", "2026-12-29", "Atw 2: two working days"),
            ("2d", "2026-12-24", "2026-12-28", "two days need no working days"),
            ("3m", "2026-02-14", "2026-05-18", "three months is within Atw 4"),
            ("4m", "2026-01-14", "2026-05-14", "more than three months"),
            ("12w", "2026-02-19", "2026-05-18", "twelve weeks is within Atw 4"),
            ("13w", "2026-02-12", "2026-05-14", "more than twelve weeks"),
            ("90d", "2026-02-13", "2026-05-18", "ninety days is within Atw 4"),
            ("91d", "2026-02-12", "2026-05-14", "more than ninety days"),
            ("15j", "2026-05-06", "2041-05-06", "years"),
            ("1j", "2025-05-14", "2026-05-14", "years, on Hemelvaart"),
            ("1m", "2026-01-31", "2026-03-02", "February is short, then a Saturday"),
            ("15j", "2028-02-29", "2043-02-28", "no leap day"),
        ],
    )
    def test_gives_the_vector(self, text, start, expected, why):
        assert uiterste_datum(day(start), Termijn.lees(text)) == day(expected), why

    def test_named_terms_carry_the_law(self):
        assert str(VERNIETIGING) == "3 maanden"
        assert VERNIETIGING.rolls
        assert str(BEWAREN) == "15 jaar"
        assert not BEWAREN.rolls
        assert not CAK.rolls

    def test_refuses_a_day_after_the_calendar(self):
        with pytest.raises(LoketError, match="te lang"):
            uiterste_datum(day("2026-03-23"), Termijn.lees("9000j"))
        with pytest.raises(LoketError, match="te lang"):
            uiterste_datum(date.max, Termijn.lees("1d"))

    def test_refuses_negative_suspension(self):
        with pytest.raises(LoketError, match="onder nul"):
            uiterste_datum(day("2026-03-23"), BESLUIT, opgeschort=-1)


class TestUitersteDatumAlways:
    @given(known_days, in_atw, st.integers(0, 60))
    def test_is_a_working_day(self, start, termijn, suspended):
        assert is_werkdag(uiterste_datum(start, termijn, opgeschort=suspended))

    @given(known_days, st.integers(1, 40), in_atw)
    def test_is_not_earlier_for_a_later_start(self, start, later, termijn):
        first = uiterste_datum(start, termijn)
        second = uiterste_datum(start + timedelta(days=later), termijn)

        assert first <= second

    @given(known_days, in_atw, st.integers(0, 60), st.integers(1, 60))
    def test_is_never_earlier_by_suspension(self, start, termijn, some, more):
        little = uiterste_datum(start, termijn, opgeschort=some)
        much = uiterste_datum(start, termijn, opgeschort=some + more)

        assert little <= much

    @given(known_days, in_atw.filter(lambda each: each.needs_two_working_days))
    def test_leaves_two_working_days(self, start, termijn):
        end = uiterste_datum(start, termijn)

        within = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        assert sum(map(is_werkdag, within)) >= 2

    @given(known_days, st.integers(1, 90))
    def test_skips_free_days_only(self, start, aantal):
        termijn = Termijn(aantal, Eenheid.DAG)
        end = uiterste_datum(start, termijn)

        raw = start + timedelta(days=aantal)
        between = [raw + timedelta(days=n) for n in range((end - raw).days)]
        working = [each for each in between if is_werkdag(each)]
        assert working == [] or termijn.needs_two_working_days

    @given(known_days, outside_atw)
    def test_never_rolls_outside_the_atw(self, start, termijn):
        end = uiterste_datum(start, termijn)

        if termijn.eenheid in {Eenheid.DAG, Eenheid.WEEK}:
            per_unit = 7 if termijn.eenheid is Eenheid.WEEK else 1
            assert (end - start).days == termijn.aantal * per_unit
        else:
            months = termijn.aantal * (12 if termijn.eenheid is Eenheid.JAAR else 1)
            passed = (end.year - start.year) * 12 + end.month - start.month
            assert passed == months
            assert end.day <= start.day

    @given(known_days, st.one_of(in_atw, outside_atw), st.integers(0, 60))
    def test_is_what_the_explanation_says(self, start, termijn, suspended):
        uitleg = leg_uit(start, termijn, suspended)

        assert uitleg.datum == uiterste_datum(start, termijn, opgeschort=suspended)
        assert str(uitleg.datum.year) in uitleg.stappen[-1]


class TestTermijn:
    @pytest.mark.parametrize("text", ["6w", " 6 W ", "06w"])
    def test_reads_loose_input(self, text):
        assert Termijn.lees(text) == ONDERZOEK

    @pytest.mark.parametrize(
        "text", ["", "6", "w", "-6w", "6.5w", "6x", "48u", "6ww", "٦w", "999999d"]
    )
    def test_refuses_what_is_no_term(self, text):
        with pytest.raises(LoketError, match="zoals 6w") as refusal:
            Termijn.lees(text)
        assert refusal.value.field == "termijn"

    def test_refuses_a_term_of_nothing(self):
        with pytest.raises(LoketError, match="minstens 1 dag"):
            Termijn.lees("0d")

    def test_is_written_in_words(self):
        written = [str(Termijn.lees(each)) for each in ("1d", "2d", "1w", "1m", "1j")]

        assert written == ["1 dag", "2 dagen", "1 week", "1 maand", "1 jaar"]


class TestOpschorting:
    def test_leaves_the_day_of_completion_running(self):
        assert opgeschort(day("2026-04-15"), day("2026-04-26")) == 10

    @pytest.mark.parametrize("completed", ["2026-04-10", "2026-04-15", "2026-04-16"])
    def test_is_never_negative(self, completed):
        assert opgeschort(day("2026-04-15"), day(completed)) == 0

    def test_counts_no_day_twice(self):
        first = Opschorting.om_aanvulling(day("2026-04-15"), day("2026-04-26"))
        inside = Opschorting.om_aanvulling(day("2026-04-17"), day("2026-04-20"))
        across = Opschorting(day("2026-04-25"), day("2026-04-27"))

        assert opgeschorte_dagen([first, inside, across]) == 12

    @given(st.lists(st.tuples(known_days, st.integers(0, 40)), max_size=5))
    def test_is_at_most_the_sum_and_at_least_the_longest(self, drawn):
        periods = [Opschorting(van, van + timedelta(days=n)) for van, n in drawn]

        total = opgeschorte_dagen(periods)

        lengths = [n + 1 for _, n in drawn]
        assert max(lengths, default=0) <= total <= sum(lengths)


class TestLegUit:
    def test_names_each_free_day(self):
        uitleg = leg_uit(day("2026-03-27"), PLAN)

        assert uitleg.stappen == (
            "De termijn is 7 dagen. Wij tellen vanaf de dag na vrijdag 27 maart 2026.",
            "Zo geteld is de laatste dag vrijdag 3 april 2026.",
            "Vrijdag 3 april 2026 is Goede Vrijdag: de laatste dag schuift op.",
            "Zaterdag 4 april 2026 is een dag in het weekend:"
            " de laatste dag schuift op.",
            "Zondag 5 april 2026 is Eerste paasdag: de laatste dag schuift op.",
            "Maandag 6 april 2026 is Tweede paasdag: de laatste dag schuift op.",
            "De uiterste datum is dinsdag 7 april 2026.",
        )
        assert uitleg.waarschuwing is None

    def test_tells_how_long_the_term_stood_still(self):
        stappen = leg_uit(day("2026-04-13"), BESLUIT, 10).stappen

        assert (
            "De termijn stond 10 dagen stil."
            " Dan is de laatste dag donderdag 7 mei 2026." in stappen
        )

    def test_tells_about_the_two_working_days(self):
        stappen = leg_uit(day("2026-12-24"), Termijn.lees("3d")).stappen

        assert any("minstens twee werkdagen" in stap for stap in stappen)

    def test_tells_why_the_last_day_stays(self):
        too_long = " ".join(leg_uit(day("2026-05-06"), BEWAREN).stappen)
        no_act = " ".join(leg_uit(day("2026-05-11"), CAK).stappen)

        assert "te lang" in too_long
        assert "niet in een wet" in no_act

    def test_warns_past_the_last_known_year(self):
        after = leg_uit(date(known_years()[-1], 12, 28), PLAN)
        before = leg_uit(date(known_years()[0] - 1, 3, 1), PLAN)

        assert after.waarschuwing is not None
        assert "2028" in after.waarschuwing
        assert before.waarschuwing is not None

    def test_does_not_warn_where_no_feestdag_matters(self):
        assert leg_uit(day("2026-05-06"), BEWAREN).waarschuwing is None


class TestVandaag:
    def test_is_the_dutch_day_of_the_given_moment(self):
        assert vandaag(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == day("2026-07-02")

    def test_is_today_without_a_moment(self):
        before = dag_van(datetime.now(UTC))

        assert before <= vandaag() <= before + timedelta(days=1)

    def test_refuses_a_moment_without_a_zone(self):
        with pytest.raises(ValueError, match="time zone"):
            dag_van(datetime(2026, 7, 1))  # noqa: DTZ001 - what it refuses
