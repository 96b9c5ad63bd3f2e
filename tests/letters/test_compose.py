import re
import shutil
import subprocess

import pytest

from loket.letters.brief import (
    Afzender,
    Alinea,
    Bijlage,
    Briefstijl,
    Kop,
    Opsomming,
    Tabel,
)
from loket.letters.compose import LetterError, render_letter

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<circle cx="4" cy="4" r="4" fill="#a00"/></svg>'
)


def poppler(tool, pdf, tmp_path, *options):
    """Let an independent reader open the PDF."""
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not on this machine")
    path = tmp_path / "brief.pdf"
    path.write_bytes(pdf)
    words = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
    done = subprocess.run(words, capture_output=True, timeout=30, check=True)
    return done.stdout.decode()


def read(pdf, tmp_path):
    return " ".join(poppler("pdftotext", pdf, tmp_path).split())


def metadata(pdf):
    """Return the XMP packet: plain text in every PDF/A."""
    found = re.search(rb"<\?xpacket begin.*?<\?xpacket end", pdf, re.DOTALL)
    assert found
    return found[0].decode()


class TestRenderLetter:
    def test_is_kept_and_readable_by_everyone(self, make_brief):
        xmp = metadata(render_letter(make_brief()))

        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp

    def test_is_tagged_and_has_its_fonts_inside(self, make_brief, tmp_path):
        pdf = render_letter(make_brief())

        fonts = poppler("pdffonts", pdf, tmp_path).splitlines()[2:]
        info = poppler("pdfinfo", pdf, tmp_path)
        assert re.search(r"Tagged:\s+yes", info)
        assert re.search(r"Title:\s+Besluit hulp bij het huishouden", info)
        assert re.search(r"Author:\s+Gemeente Voorbeeldstad", info)
        assert fonts
        assert all("SourceSans3" in each for each in fonts)

    def test_says_who_writes_to_whom_about_what(self, make_brief, tmp_path):
        written = read(render_letter(make_brief(kop="U krijgt hulp")), tmp_path)

        for part in (
            "Gemeente Voorbeeldstad",
            "Postbus 1, 1230 AA Voorbeeldstad",
            "VERTROUWELIJK Mevrouw A. Duinzand Dorpsstraat 12 1234 AB Voorbeeldstad",
            "23 november 2026",
            "U krijgt hulp",
            "Wij hebben uw aanvraag ontvangen.",
            "Kenmerk H7K3-9QF2 Pagina 1 van 1",
        ):
            assert part in written

    def test_shows_each_kind_of_block_in_order(self, make_brief, tmp_path):
        blocks = (
            Kop("Ons besluit"),
            Tabel(("Wat", "Hoeveel"), (("Hulp", "€ 1.204,50"),), "Wat u krijgt"),
            Bijlage("Verslag", (Kop("Gesprek"), Alinea("Wij spraken u."))),
            Opsomming(("eerst dit", "dan dat"), genummerd=True),
            Opsomming(("los punt",)),
        )

        written = read(render_letter(make_brief(blocks=blocks)), tmp_path)

        order = (
            "Ons besluit",
            "Hoeveel",
            "€ 1.204,50",
            "Tabel 1: Wat u krijgt",
            "1. eerst dit 2. dan dat",
            "• los punt",
            "Met vriendelijke groet,",
            "Bijlage: Verslag Gesprek Wij spraken u.",
        )
        places = [written.index(each) for each in order]
        assert places == sorted(places)

    def test_tells_a_screen_reader_what_is_what(self, make_brief, tmp_path):
        blocks = (
            Kop("Ons besluit"),
            Tabel(("Wat",), (("Hulp",),), "Wat u krijgt"),
            Opsomming(("los punt",)),
        )
        pdf = render_letter(make_brief(blocks=blocks))

        tags = poppler("pdfinfo", pdf, tmp_path, "-struct")
        for tag in ("H1", "H2", "Table", "TH", "TD", "Caption", "L", "LI", "Figure"):
            assert re.search(rf"^\s*{tag}\b", tags, re.MULTILINE), tag

    @pytest.mark.parametrize(
        "text",
        [
            '#import "/etc/passwd"',
            '#read("/etc/passwd")',
            "*vet* en _schuin_ en `code`",
            "= Geen kop",
            r"een \ en een \n en \u{41}",
            "$x^2$ en @verwijzing en <label>",
            "#panic() // geen commentaar",
            "</script> & {naam} \"citaat\" 'enkel'",
        ],
    )
    def test_leaves_text_text(self, make_brief, tmp_path, text):
        brief = make_brief(
            blocks=(
                Alinea(text),
                Kop(text),
                Opsomming((text,)),
                Tabel((text,), ((text,),), text),
            ),
            geadresseerde=(text,),
            ondertekening=(text,),
        )

        written = read(render_letter(brief), tmp_path)

        assert written.count(text) == 8

    def test_keeps_names_out_of_the_metadata(self, make_brief):
        pdf = render_letter(make_brief())

        described = metadata(pdf) + "".join(
            each.decode("latin-1") for each in re.findall(rb"/Title.{0,200}", pdf)
        )
        assert "Besluit hulp bij het huishouden" in described
        assert "Duinzand" not in described
        assert "Kustlicht" not in described
        assert "H7K3" not in described

    def test_is_the_same_bytes_for_the_same_letter(self, make_brief):
        first, second = render_letter(make_brief()), render_letter(make_brief())
        other = render_letter(make_brief(kenmerk="H7K3-9QF3"))

        assert first == second
        assert other != first

    def test_breaks_a_long_letter_over_pages(self, make_brief, tmp_path):
        rows = tuple((f"Voorziening {n}", "2 uur per week") for n in range(60))
        blocks = (
            *(Alinea(f"Alinea {n}. " + "Wij leggen dit uit. " * 30) for n in range(20)),
            Tabel(("Wat", "Hoeveel"), rows, "Alles"),
        )
        pdf = render_letter(make_brief(blocks=blocks))

        info = poppler("pdfinfo", pdf, tmp_path)
        written = read(pdf, tmp_path)
        pages = int(re.search(r"Pages:\s+(\d+)", info)[1])
        assert pages > 3
        assert f"Pagina {pages} van {pages}" in written
        assert "Voorziening 59" in written

    def test_prints_names_from_everywhere(self, make_brief, tmp_path):
        names = "Yıldız Şahin, Łukasz Żak, Zoë, Ђорђе, Αθηνά"

        written = read(render_letter(make_brief(geadresseerde=(names,))), tmp_path)

        assert names in written

    def test_refuses_a_character_without_a_shape(self, make_brief):
        brief = make_brief(blocks=(Alinea("Tot ziens 😀"),))

        with pytest.raises(LetterError, match="kan niet in een brief staan: 😀"):
            render_letter(brief)

    def test_leaves_control_characters_out(self, make_brief, tmp_path):
        brief = make_brief(
            blocks=(Alinea("een\x00 twee\x0b\u200b drie\ud800\r\nvier"),)
        )

        assert "een twee drie vier" in read(render_letter(brief), tmp_path)

    def test_keeps_a_long_address_clear_of_the_rest(self, make_brief, tmp_path):
        lines = tuple(f"Adresregel {n}" for n in range(12))
        pdf = render_letter(make_brief(geadresseerde=lines))

        layout = poppler("pdftotext", pdf, tmp_path, "-layout")
        assert layout.index("Adresregel 11") < layout.index("Ons kenmerk")

    def test_wears_the_house_style(self, make_brief, tmp_path):
        plain = make_brief()
        gemeente = Afzender(
            plain.gemeente.naam,
            plain.gemeente.adres,
            plain.gemeente.postadres,
            plain.gemeente.telefoon,
            plain.gemeente.website,
            onderdeel="Sociaal team",
            stijl=Briefstijl("#007a33", logo_svg=LOGO),
        )

        styled = render_letter(make_brief(gemeente=gemeente))

        assert styled != render_letter(plain)
        assert "Sociaal team" in read(styled, tmp_path)


class TestBlocks:
    def test_a_row_fits_the_columns(self):
        with pytest.raises(ValueError, match="each column"):
            Tabel(("Wat", "Hoeveel"), (("Hulp",),), "Scheef")

    def test_a_table_has_columns(self):
        with pytest.raises(ValueError, match="has columns"):
            Tabel((), (), "Leeg")

    @pytest.mark.parametrize("kleur", ["rood", "#fff", '#0b3d66")'])
    def test_a_colour_is_a_colour(self, kleur):
        with pytest.raises(ValueError, match="colour"):
            Briefstijl(kleur)
