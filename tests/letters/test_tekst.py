import re

import pytest

from loket.letters.brief import Alinea, Kop, Opsomming
from loket.letters.tekst import (
    TextError,
    check_tekst,
    defaults,
    fill,
    placeholders,
    to_blocks,
)

DEFAULTS = sorted(defaults())


def words_of(sleutel):
    """Fill each placeholder with one word, and return the sentences."""
    tekst = re.sub(r"\{[a-z_]+\}", "woord", defaults()[sleutel])
    prose = re.sub(r"^(## .*|- .*|[0-9]+\. .*)$", "", tekst, flags=re.MULTILINE)
    return [each.split() for each in re.split(r"[.?!:](?:\s|$)", prose)]


class TestDefaults:
    def test_hold_a_text_for_every_letter(self):
        assert defaults().keys() >= {
            "afsluitbrief",
            "beschikking_aanhef",
            "beschikking_eigen_bijdrage",
            "beschikking_mededelingsplicht",
            "beschikking_motivering",
            "beschikking_rechtsmiddelen",
            "beschikking_toekenning_natura",
            "beschikking_toekenning_pgb",
            "beschikking_voorlopige_voorziening",
            "beschikking_weigering",
            "ondertekening",
            "onderzoeksverslag_afsluiting",
            "onderzoeksverslag_inleiding",
            "ontvangstbevestiging",
        }

    @pytest.mark.parametrize("sleutel", DEFAULTS)
    def test_pass_their_own_check(self, sleutel):
        check_tekst(sleutel, defaults()[sleutel])

    @pytest.mark.parametrize("sleutel", DEFAULTS)
    def test_have_short_sentences(self, sleutel):
        assert [each for each in words_of(sleutel) if len(each) > 30] == []

    @pytest.mark.parametrize(
        ("sleutel", "parts"),
        [
            (
                "ontvangstbevestiging",  # Wmo 2.3.2 lid 1-3
                "{ontvangen_op} {plan_tot} {onderzoek_tot} onafhankelijke gratis"
                " mantelzorger {telefoon} aanvraag",
            ),
            (
                "beschikking_rechtsmiddelen",  # Awb 3:45, 6:5
                "binnen zes weken college {postadres} naam adres datum besluit"
                " waarom handtekening",
            ),
            (
                "beschikking_toekenning_natura",  # verordening, CRvB 2018:3241
                "{voorziening} {resultaat} {omvang} {periode} {aanbieder}",
            ),
            (
                "beschikking_toekenning_pgb",  # Wmo 2.3.6, 2.6.2
                "2.3.6 {resultaat} {omvang} {bedrag} {berekening} {periode}"
                " {kwaliteitseisen} SVB zorgovereenkomst verantwoordt",
            ),
            ("beschikking_weigering", "{voorziening} {grond} {artikel}"),
            ("beschikking_mededelingsplicht", "2.3.8 2.3.10 2.4.1"),
            ("beschikking_aanhef", "{aanvraag_op} 2.3.5 verordening"),
            ("beschikking_eigen_bijdrage", "CAK {eigen_bijdrage} huishouden"),
            ("beschikking_voorlopige_voorziening", "voorzieningenrechter bezwaar"),
            ("onderzoeksverslag_afsluiting", "ondertekenen aanvraag twee weken"),
            ("verzoek_aanvulling", "4:5 4:15 {gegevens} {aanvullen_tot}"),
            ("ondertekening", "namens college {gemeente}"),
        ],
    )
    def test_say_what_the_law_asks(self, sleutel, parts):
        tekst = defaults()[sleutel]

        assert [each for each in parts.split() if each not in tekst] == []


class TestFill:
    def test_puts_values_in(self):
        assert fill("Dag {naam}, {naam}!", {"naam": "A"}) == "Dag A, A!"

    def test_refuses_a_missing_value(self):
        with pytest.raises(TextError, match=r"waarde voor \{plan_tot\}"):
            fill("Tot {plan_tot}", {"onderzoek_tot": "4 mei"})

    def test_does_not_fill_a_value_again(self):
        assert fill("{a}", {"a": "{b}", "b": "x"}) == "{b}"

    def test_reaches_into_nothing(self):
        with pytest.raises(TextError, match="losse"):
            fill("{naam.__class__}", {"naam": "A"})

    @pytest.mark.parametrize("tekst", ["Tot {Naam}", "Tot {", "}", "{ naam }"])
    def test_refuses_a_loose_brace(self, tekst):
        with pytest.raises(TextError, match="losse"):
            fill(tekst, {"naam": "A"})


class TestToBlocks:
    def test_reads_headings_paragraphs_and_lists(self):
        tekst = "## Kop {a}\nEen zin\ndie doorloopt.\n- een\n- twee\n\n1. eerst\n2. dan"

        assert to_blocks(tekst, {"a": "A"}) == (
            Kop("Kop A"),
            Alinea("Een zin die doorloopt."),
            Opsomming(("een", "twee")),
            Opsomming(("eerst", "dan"), genummerd=True),
        )

    def test_gives_a_value_paragraphs_and_no_more(self):
        value = "- geen punt\nzelfde alinea\r\n\r\n## geen kop"

        assert to_blocks("{motivering}", {"motivering": value}) == (
            Alinea("- geen punt\nzelfde alinea"),
            Alinea("## geen kop"),
        )

    def test_keeps_a_heading_without_text(self):
        assert to_blocks("## Alleen", {}) == (Kop("Alleen"),)

    @pytest.mark.parametrize("sleutel", DEFAULTS)
    def test_refuses_each_default_without_values(self, sleutel):
        tekst = defaults()[sleutel]
        waarden = dict.fromkeys(placeholders(tekst), "x")
        assert to_blocks(tekst, waarden)

        for name in waarden:
            fewer = {key: value for key, value in waarden.items() if key != name}
            with pytest.raises(TextError, match=name):
                to_blocks(tekst, fewer)


class TestCheckTekst:
    def test_refuses_an_unknown_sleutel(self):
        with pytest.raises(TextError, match="bestaat niet"):
            check_tekst("liefdesbrief", "Tekst")

    def test_refuses_no_text(self):
        with pytest.raises(TextError, match="Vul de tekst in"):
            check_tekst("afsluitbrief", "  \n")

    def test_refuses_an_unknown_placeholder(self):
        with pytest.raises(TextError, match="hobby") as refusal:
            check_tekst("afsluitbrief", "Uw {hobby}")
        assert "reden" in refusal.value.message

    def test_refuses_a_loose_brace(self):
        with pytest.raises(TextError, match="invulplek"):
            check_tekst("afsluitbrief", "Uw {reden")

    def test_lets_every_text_name_the_gemeente(self):
        check_tekst("beschikking_geen_eigen_bijdrage", "Bel {gemeente}: {telefoon}")
