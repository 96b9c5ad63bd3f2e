import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loket.bsn import is_bsn, mask_bsn, parse_bsn
from loket.errors import LoketError

BSN = "999900006"


class TestParseBsn:
    @pytest.mark.parametrize(
        "text",
        ["999900006", " 9999 00 006 ", "9999.00.006", "9999-00-006", "999\u00a0900006"],
    )
    def test_accepts_loose_input(self, text):
        assert parse_bsn(text) == BSN

    def test_gives_eight_digits_their_zero_back(self):
        eight = next(str(n) for n in range(10**7, 10**8) if is_bsn(f"0{n}"))

        assert parse_bsn(eight) == f"0{eight}"

    @pytest.mark.parametrize(
        "text", ["", "1234567", "9999000060", "99990000x", "٩" * 9]
    )
    def test_refuses_what_has_no_nine_digits(self, text):
        with pytest.raises(LoketError, match="9 cijfers"):
            parse_bsn(text)

    @pytest.mark.parametrize("text", ["999900007", "999990006", "000000000"])
    def test_refuses_what_fails_the_elfproef(self, text):
        with pytest.raises(LoketError, match="klopt niet"):
            parse_bsn(text)

    @given(st.from_regex(r"[0-9]{4,12}", fullmatch=True))
    def test_never_repeats_the_number(self, text):
        assume(not is_bsn(text.zfill(9)))

        with pytest.raises(LoketError) as refusal:
            parse_bsn(text)

        assert text not in refusal.value.message
        assert refusal.value.field == "bsn"

    @given(st.integers(999900006, 999999990).map(str))
    def test_agrees_with_the_check(self, text):
        if is_bsn(text):
            assert parse_bsn(text) == text
        else:
            with pytest.raises(LoketError):
                parse_bsn(text)

    @given(st.integers(0, 8), st.integers(1, 9))
    def test_one_wrong_digit_is_always_seen(self, place, change):
        wrong = list(BSN)
        wrong[place] = str((int(wrong[place]) + change) % 10)

        assert not is_bsn("".join(wrong))


class TestIsBsn:
    @pytest.mark.parametrize("text", ["99990000", " 999900006", "9999.00006", ""])
    def test_is_strict(self, text):
        assert not is_bsn(text)


class TestMaskBsn:
    def test_leaves_three_digits(self):
        assert mask_bsn(BSN) == "••••••006"
