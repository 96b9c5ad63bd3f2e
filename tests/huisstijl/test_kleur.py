"""Colours: contrast as WCAG reckons it, and shades that can be read."""

import re
from itertools import product

import pytest

from loket.errors import RuleViolation
from loket.huisstijl.kleur import (
    STANDAARD,
    SURFACES,
    balk_of,
    check_accent,
    check_tweede,
    contrast,
    read_kleur,
    trappen,
    zoekvak_of,
)
from loket.huisstijl.thema import thema_css, thema_merk

STEPS = ("00", "33", "66", "80", "99", "cc", "ff")
ALL = ["#" + "".join(parts) for parts in product(STEPS, repeat=3)]
SUGGESTED = re.compile(r"(#[0-9a-f]{6})\.$")


def passes(check, kleur):
    try:
        check(kleur)
    except RuleViolation:
        return False
    return True


class TestContrast:
    @pytest.mark.parametrize(
        ("one", "other", "ratio"),
        [
            ("#000000", "#ffffff", 21),
            ("#ffffff", "#ffffff", 1),
            ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0),
        ],
    )
    def test_is_that_of_wcag(self, one, other, ratio):
        assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
        assert contrast(other, one) == contrast(one, other)


class TestReading:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [("#0D5490", "#0d5490"), (" 0d5490 ", "#0d5490"), ("#159", "#115599")],
    )
    def test_takes_the_usual_ways(self, typed, read):
        assert read_kleur(typed, "accent") == read

    @pytest.mark.parametrize("typed", ["", "rood", "#12345", "#12345g", "rgb(1,2,3)"])
    def test_refuses_what_is_no_colour(self, typed):
        with pytest.raises(RuleViolation, match="zes cijfers of letters") as refused:
            read_kleur(typed, "tweede")

        assert refused.value.field == "tweede"


class TestChecks:
    def test_let_the_colour_of_loket_through(self):
        check_accent(STANDAARD)
        check_tweede(STANDAARD)

    @pytest.mark.parametrize("check", [check_accent, check_tweede])
    def test_refuse_with_the_ratio_and_the_nearest_shade_that_passes(self, check):
        with pytest.raises(RuleViolation) as refused:
            check("#ffcc00")

        message = refused.value.message
        assert "een contrast van 1,5 op 1" in message
        assert passes(check, SUGGESTED.search(message)[1])

    def test_say_at_which_field(self):
        with pytest.raises(RuleViolation) as one:
            check_accent("#ffffff")
        with pytest.raises(RuleViolation) as two:
            check_tweede("#ffffff")

        assert (one.value.field, two.value.field) == ("accent", "tweede")

    def test_count_what_a_link_stands_on_besides_white(self):
        # 4,54 on white, but less on the light grey
        with pytest.raises(RuleViolation, match="lichtgrijs van de schermen"):
            check_accent("#767676")


class TestShades:
    def test_of_every_colour_that_passes_can_be_read(self):
        passing = [kleur for kleur in ALL if passes(check_accent, kleur)]
        for accent in passing:
            t = trappen(accent)
            balk = balk_of(accent, None)
            pairs = [
                *(("#ffffff", dark) for dark in (accent, t.t600, t.t700, balk)),
                *((accent, light) for light in (t.t50, t.t100, *SURFACES.values())),
                (t.t600, t.t100),
                (t.t600, t.t200),
                ("#ffffff", zoekvak_of(balk)),
            ]

            assert min(contrast(*pair) for pair in pairs) >= 4.5, accent
            assert contrast(t.t400, "#ffffff") >= 3, accent
            assert t.t600 != accent, accent
        assert len(passing) > 50

    def test_on_every_second_colour_that_passes_the_bar_can_be_read(self):
        passing = [kleur for kleur in ALL if passes(check_tweede, kleur)]
        for tweede in passing:
            css = thema_css(STANDAARD, tweede)
            soft = re.search(r"--lk-brand-soft:(#\w{6})", css)[1]

            assert contrast(soft, zoekvak_of(tweede)) >= 4.5, tweede
        assert len(passing) > 50


class TestStyleSheet:
    def test_holds_tokens_and_colours_only(self):
        css = thema_css("#00663c", "#7a1e3a")

        assert re.fullmatch(r"\.voorbeeld-theme\{(--[\w-]+:#[0-9a-f]{6};?)+\}\n", css)
        assert "--voorbeeld-kleuren-violet-500:#00663c" in css
        assert "--lk-brand:#7a1e3a" in css

    def test_is_named_by_what_is_in_it(self):
        one = thema_merk("#00663c", None)

        assert one == thema_merk("#00663c", None)
        assert one != thema_merk("#00663c", "#7a1e3a")

    def test_leaves_colours_that_mean_something(self):
        css = thema_css("#00663c", None)

        assert "blauw" not in css
        assert "negative" not in css
