"""The KEK on paper: two parts and nothing less, and every mistake is pointed at."""

import re
from datetime import date

import pytest

from loket.db import uuid7
from loket.vault.errors import WrongKek
from loket.vault.escrow import SEAL, BadPart, Part, join, prove, read_part, split
from vault.ground import GEMEENTE, KEK, Ground

KEKS = {1: bytes(range(32)), 2: bytes(range(1, 33))}
DAY = date(2026, 11, 28)


def made() -> tuple[str, str]:
    one, two = split(KEKS, ["0473", "0396"], DAY)
    return one.text(), two.text()


def joined(one: str, two: str):
    return join(read_part(one), read_part(two))


def refusal_of(one: str, two: str) -> str:
    with pytest.raises(BadPart) as caught:
        joined(one, two)
    return caught.value.message


class TestParts:
    def test_together_they_give_every_version(self):
        one, two = made()

        assert joined(one, two) == KEKS
        assert joined(two, one) == KEKS

    def test_a_part_tells_what_it_is_and_of_nobody(self):
        one, _ = made()

        for told in ("DEEL A VAN 2", "28-11-2026", "0396, 0473", "versies: 1, 2"):
            assert told in one

    def test_one_part_says_nothing_of_the_key(self):
        sides = zip(*(split(KEKS, [], DAY) for _ in range(200)), strict=True)
        for parts in sides:
            # each bit is set as often as not, whatever the key
            first = sum(part.share[SEAL] >> 7 for part in parts)
            assert 50 < first < 150
            assert len({part.share for part in parts}) == 200

    def test_the_key_is_not_in_what_shows_a_part(self):
        part, _ = split(KEKS, [], DAY)

        assert "share" not in repr(part)

    def test_fits_on_a_page(self):
        one, _ = made()
        lines = one.splitlines()

        assert len(lines) < 40
        assert max(map(len, lines)) < 80

    def test_may_be_typed_over_by_hand(self):
        one, two = made()
        typed = one.lower().replace("loket - escrow", "LOKET - ESCROW")
        # who types takes an O for a nought, and forgets the blanks
        body = [
            re.sub(r"(?<=[a-z2-7]) (?=[a-z2-7])", "", line).replace("o", "0")
            if re.match(r" *\d+\. ", line)
            else original
            for line, original in zip(typed.splitlines(), one.splitlines(), strict=True)
        ]

        assert joined("\n".join(body), two) == KEKS


class TestRefusal:
    def test_twice_the_same_part(self):
        one, _ = made()

        assert "twee keer deel A" in refusal_of(one, one)

    def test_parts_of_two_sets(self):
        (one, _), (_, two) = made(), made()

        assert "horen niet bij elkaar" in refusal_of(one, two)

    def test_parts_of_two_sets_of_which_the_name_was_changed(self):
        one, _ = split(KEKS, [], DAY)
        _, two = split(KEKS, [], DAY)
        forged = Part("B", one.set_id, two.versions, (), two.made_on, two.share)

        assert "geen sleutel" in refusal_of(one.text(), forged.text())

    def test_each_wrong_character_is_pointed_at(self):
        one, two = made()
        lines = one.splitlines()
        body = [at for at, line in enumerate(lines) if re.match(r" *\d+\. ", line)]
        assert len(body) > 3
        for nth, at in enumerate(body, start=1):
            for place in (4, len(lines[at]) - 1):
                wrong = "A" if lines[at][place] != "A" else "C"
                typo = lines[at][:place] + wrong + lines[at][place + 1 :]
                told = refusal_of("\n".join([*lines[:at], typo, *lines[at + 1 :]]), two)

                assert f"Regel {nth} klopt niet" in told

    def test_lines_that_lack_or_changed_places(self):
        one, two = made()
        lines = one.splitlines()
        body = [at for at, line in enumerate(lines) if re.match(r" *\d+\. ", line)]
        first, last = body[0], body[-1]

        lacking = "\n".join(lines[:first] + lines[first + 1 :])
        assert "Regel 2 klopt niet" in refusal_of(lacking, two)
        cut = "\n".join(lines[:last])
        assert "Deel A is niet compleet" in refusal_of(cut, two)

    def test_another_text(self):
        _, two = made()

        assert "geen deel van een escrow" in refusal_of("Beste collega,\n", two)
        assert "geen deel van een escrow" in refusal_of("", two)

    @pytest.mark.parametrize("line", ["versies: 1, 2", "gemeenten: 0396, 0473"])
    def test_a_changed_heading(self, line):
        one, two = made()
        assert line in one

        assert "Deel A is niet compleet" in refusal_of(
            one.replace(line, line.partition(":")[0] + ": 9"), two
        )

    def test_says_nothing_of_the_key(self):
        one, two = made()
        shares = [re.findall(r"\d+\. +(.+) +- ", text) for text in (one, two)]
        told = refusal_of(one, one) + refusal_of(
            one.replace(shares[0][0][:4], "AAAA", 1), two
        )

        assert not any(group in told for line in shares[0] for group in line.split())


class TestProof:
    """The parts open the key store that is in use, and that is tried."""

    @pytest.fixture(autouse=True)
    def _stored(self, ground: Ground, emptied: None) -> None:
        ground.vault().open_scope(GEMEENTE, uuid7(), "dossier")

    def test_every_key_of_every_gemeente_opens(self, ground: Ground):
        with ground.keys.connect() as connection:
            assert prove(connection, {1: KEK, 2: bytes(32)}) == 2

    def test_another_key_is_refused(self, ground: Ground):
        with (
            ground.keys.connect() as connection,
            pytest.raises(WrongKek, match="past niet"),
        ):
            prove(connection, {1: bytes(32)})

    def test_parts_from_before_a_turning_are_refused(self, ground: Ground):
        with (
            ground.keys.connect() as connection,
            pytest.raises(BadPart, match=r"hebben versie 2 .* gebruikt versie 1"),
        ):
            prove(connection, {2: KEK})
