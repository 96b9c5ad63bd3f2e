"""Messages and toewijzingen against what was said before."""

import time
from datetime import date
from datetime import time as clock

import pytest

from loket.iwmo import geschiedenis
from loket.iwmo.berichten.onderdelen import Omvang, Product
from loket.iwmo.codes import (
    RETOURCODES,
    Eenheid,
    Frequentie,
    RedenBeeindiging,
    RedenWijziging,
    StatusAanlevering,
)
from loket.iwmo.geschiedenis import Bekend, BekendeToewijzing
from tests.iwmo.translation import build

TOEGEWEZEN = {101: BekendeToewijzing(build.PRODUCT, date(2026, 1, 1))}
REMOVE = {"status_aanlevering": StatusAanlevering.VERWIJDEREN}
PAUZE = {"reden_beeindiging": RedenBeeindiging.TIJDELIJK}
LATER = {"begindatum": date(2026, 3, 1)}


def codes_of(found):
    assert all(code.code in RETOURCODES for code in found)
    return [(code.code, code.volgnummer) for code in found]


def starts(*producten, **known):
    bekend = Bekend(toewijzingen=TOEGEWEZEN, **known)
    return codes_of(geschiedenis.toets_starts(build.bericht_305(*producten), bekend))


def stops(*producten, **known):
    bekend = Bekend(toewijzingen=TOEGEWEZEN, **{"starts": [build.start()], **known})
    return codes_of(geschiedenis.toets_stops(build.bericht_307(*producten), bekend))


class TestHeader:
    def test_a_new_message_of_today_is_fine(self):
        header = build.header("305", incoming=True)

        found = geschiedenis.toets_header(
            header, vandaag=build.DAGTEKENING, is_repeated=False
        )

        assert found == []

    def test_a_repeated_message_from_tomorrow_has_two_codes(self):
        header = build.header("305", incoming=True)

        found = geschiedenis.toets_header(
            header, vandaag=date(2026, 3, 1), is_repeated=True
        )

        assert codes_of(found) == [("9056", 0), ("8848", 0)]


class TestStart:
    def test_the_first_one_is_accepted(self):
        assert starts(build.start()) == []

    @pytest.mark.parametrize(
        "changed",
        [
            {"toewijzing_nummer": 999},
            {"toewijzing_nummer": None},
            {"product": Product(categorie="02")},
            {"toewijzing_ingangsdatum": date(2026, 1, 2)},
        ],
    )
    def test_it_must_belong_to_a_toewijzing(self, changed):
        assert starts(build.start(**changed)) == [("9019", 1)]

    def test_a_taakgericht_one_stands_on_its_own(self):
        assert starts(build.start(toewijzing_nummer=None), taakgericht=True) == []

    def test_the_same_start_comes_once(self):
        assert starts(build.start(), starts=[build.start()]) == [("9074", 1)]

    def test_a_second_start_waits_for_the_stop(self):
        again = build.start(**LATER)

        assert starts(again, starts=[build.start()]) == [("9326", 1)]
        assert starts(again, starts=[build.start()], stops=[build.stop()]) == []

    def test_two_starts_of_one_product_do_not_fit_in_one_message(self):
        assert starts(build.start(), build.start(**LATER)) == [("9326", 2)]

    def test_only_a_known_start_is_removed(self):
        assert starts(build.start(**REMOVE)) == [("9063", 1)]
        assert starts(build.start(**REMOVE), starts=[build.start()]) == []

    def test_a_start_with_a_stop_stays(self):
        known = {"starts": [build.start()], "stops": [build.stop()]}

        assert starts(build.start(**REMOVE), **known) == [("9071", 1)]

    def test_a_correction_brings_both_in_any_order(self):
        old, new = build.start(**REMOVE), build.start(**LATER)

        assert starts(new, old, starts=[build.start()]) == []


class TestStop:
    def test_the_first_one_is_accepted(self):
        assert stops(build.stop()) == []

    def test_it_must_belong_to_a_toewijzing_and_a_start(self):
        assert stops(build.stop(toewijzing_nummer=9)) == [("9019", 1), ("9069", 1)]
        assert stops(build.stop(**LATER, einddatum=date(2026, 3, 2))) == [("9069", 1)]

    def test_the_same_stop_comes_once(self):
        assert stops(build.stop(), stops=[build.stop()]) == [("9074", 1)]

    def test_after_a_final_stop_there_is_no_other(self):
        other = build.stop(einddatum=date(2026, 3, 1))

        assert stops(other, stops=[build.stop()]) == [("9415", 1)]

    def test_after_a_pause_comes_the_end_and_no_second_pause(self):
        pauze = build.stop(**PAUZE, einddatum=date(2026, 2, 20))

        assert stops(build.stop(), stops=[pauze]) == []
        assert stops(build.stop(**PAUZE), stops=[pauze]) == [("9413", 1)]

    def test_the_end_does_not_come_before_the_pause(self):
        pauze = build.stop(**PAUZE)
        earlier = build.stop(einddatum=date(2026, 2, 20))

        assert stops(earlier, stops=[pauze]) == [("9414", 1)]

    def test_only_a_known_stop_is_removed(self):
        assert stops(build.stop(**REMOVE)) == [("9063", 1)]
        assert stops(build.stop(**REMOVE), stops=[build.stop()]) == []

    def test_a_correction_brings_both(self):
        new = build.stop(einddatum=date(2026, 2, 20))

        assert stops(new, build.stop(**REMOVE), stops=[build.stop()]) == []

    def test_two_ends_in_one_message_are_one_too_many(self):
        assert stops(build.stop(), build.stop(einddatum=date(2026, 3, 1))) == [
            ("9415", 2)
        ]

    def test_many_stops_are_judged_quickly(self):
        many = [
            build.stop(einddatum=date.fromordinal(730_000 + n)) for n in range(20_000)
        ]
        before = time.process_time()

        assert len(stops(*many)) == 19_999
        assert time.process_time() - before < 10


class TestVerzoek:
    def test_a_new_request_is_fine(self):
        found = geschiedenis.toets_verzoek(
            build.bericht_315(), referenties={"R-0"}, is_pending=False
        )

        assert found == []

    def test_a_used_reference_and_an_open_request_are_not(self):
        bericht = build.bericht_315(
            build.aangevraagd(referentie_aanbieder="R-2"), build.aangevraagd()
        )

        found = geschiedenis.toets_verzoek(
            bericht, referenties={"R-1"}, is_pending=True
        )

        assert codes_of(found) == [("9374", 0), ("9347", 2)]


REDEN = {"reden_wijziging": RedenWijziging.VERLENGING}
TODAY = {"toewijzingstijd": clock(11, 0)}


def rules_for(vorige, nieuw):
    return [code.regel for code in geschiedenis.toets_wijziging(vorige, nieuw)]


class TestWijziging:
    def test_a_new_number_has_no_reason(self):
        assert rules_for(None, build.toegewezen()) == []
        assert rules_for(None, build.toegewezen(**REDEN)) == ["IV066"]

    def test_sent_again_it_is_the_same(self):
        old = build.toegewezen(**REDEN)

        assert rules_for(old, build.toegewezen()) == []
        assert rules_for(old, build.toegewezen(**REDEN)) == ["IV099"]
        assert rules_for(old, build.toegewezen(**TODAY)) == ["OP033x1"]

    def test_another_end_keeps_the_number(self):
        new = build.toegewezen(einddatum=date(2027, 6, 30), **REDEN, **TODAY)

        assert rules_for(build.toegewezen(), new) == []

    def test_a_change_needs_a_reason_and_a_later_moment(self):
        new = build.toegewezen(einddatum=date(2027, 6, 30))

        assert rules_for(build.toegewezen(), new) == ["IV099", "OP033x1"]

    @pytest.mark.parametrize(
        "changed",
        [
            {"omvang": Omvang(volume=180, eenheid=Eenheid.MINUUT, frequentie="2")},
            {"product": Product(categorie="01", code="01B02")},
            {"omvang": None, "budget": 100},
            {"omvang": None},
        ],
    )
    def test_another_volume_or_product_is_a_new_number(self, changed):
        new = build.toegewezen(**changed, **REDEN, **TODAY)

        assert rules_for(build.toegewezen(), new) == ["OP257"]

    def test_another_first_day_is_a_new_number(self):
        new = build.toegewezen(ingangsdatum=date(2026, 5, 1))

        assert geschiedenis.needs_new_number(build.toegewezen(), new)

    def test_the_volume_of_a_total_may_change(self):
        more = Omvang(volume=60, eenheid=Eenheid.UUR, frequentie=Frequentie.TOTAAL)
        in_minutes = Omvang(
            volume=60, eenheid=Eenheid.MINUUT, frequentie=Frequentie.TOTAAL
        )
        old = build.toegewezen(omvang=build.TOTAAL)

        assert rules_for(old, build.toegewezen(omvang=more, **REDEN, **TODAY)) == []
        assert geschiedenis.needs_new_number(old, build.toegewezen(omvang=in_minutes))

    def test_the_budget_may_change(self):
        generiek = {"product": None, "omvang": None}
        old = build.toegewezen(**generiek, budget=100)
        new = build.toegewezen(**generiek, budget=200, **REDEN, **TODAY)

        assert rules_for(old, new) == []

    @pytest.mark.parametrize(
        ("old", "omvang", "vandaag", "must"),
        [
            ({}, build.OMVANG, date(2027, 3, 31), True),
            ({}, build.OMVANG, date(2027, 4, 1), False),
            ({"einddatum": None}, build.OMVANG, date(2027, 4, 1), True),
            ({}, build.TOTAAL, date(2027, 3, 31), False),
            ({"omvang": build.TOTAAL}, build.TOTAAL, date(2027, 3, 31), False),
            ({"omvang": None}, None, date(2027, 3, 31), True),
        ],
    )
    def test_the_same_support_for_longer_stretches_the_number(
        self, old, omvang, vandaag, must
    ):
        vorige = build.toegewezen(**old)

        assert geschiedenis.must_stretch(vorige, omvang, vandaag) is must
