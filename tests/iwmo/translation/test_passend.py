"""Our own values in the narrow fields of a message."""

from dataclasses import replace

import pytest

from loket.iwmo.berichten import passend
from loket.iwmo.berichten.inhoud import write_301
from loket.iwmo.berichten.onderdelen import Telefoonnummers
from tests.iwmo.translation import build


class TestFitting:
    @pytest.mark.parametrize(
        ("text", "fitted"),
        [
            ("P.J.", "PJ"),
            ("Th. é", "Thé"),
            ("A B C D E F G", "ABCDEF"),
            ("1 .", None),
            (None, None),
        ],
    )
    def test_initials_are_letters(self, text, fitted):
        assert passend.fit_voorletters(text) == fitted

    @pytest.mark.parametrize(
        ("text", "fitted"), [("1961 ab", "1961AB"), (" ", None), (None, None)]
    )
    def test_a_postcode_has_no_blank(self, text, fitted):
        assert passend.fit_postcode(text) == fitted

    @pytest.mark.parametrize(
        ("text", "fitted"),
        [
            ("0251 - 123 456", "0251123456"),
            ("+31 (0)6 12345678", "0612345678"),
            ("0031612345678", "0612345678"),
            ("+49 30 123456", None),
            ("geen", None),
            ("0" + "1" * 15, None),
            (None, None),
        ],
    )
    def test_a_telephone_number_is_digits(self, text, fitted):
        telefoon = passend.fit_telefoon(text)

        assert (telefoon and telefoon.telefoonnummer) == fitted

    def test_a_long_text_is_cut_without_a_blank_at_the_end(self):
        assert passend.fit_straatnaam("x" * 23 + " yz") == "x" * 23
        assert passend.fit_voorvoegsel("  van der  ") == "van der"
        assert passend.fit_voorvoegsel("   ") is None

    def test_what_fits_passes_the_schema(self, schemas):
        telefoon = passend.fit_telefoon("+31 251 123456")
        assert telefoon is not None
        adres = replace(
            build.ADRES,
            postcode=passend.fit_postcode("1961 ab"),
            straatnaam=passend.fit_straatnaam("Burgemeester van Proefhuizenlaan"),
        )
        contact = replace(
            build.CONTACT, adres=adres, telefoon=Telefoonnummers(telefoon01=telefoon)
        )
        naam = replace(
            build.VOLLEDIGE_NAAM, voorletters=passend.fit_voorletters("P.J.")
        )

        bericht = build.bericht_301(contactgegevens=(contact,), naam=naam)

        assert b"Burgemeester van Proefhu<" in write_301(bericht, schemas)
