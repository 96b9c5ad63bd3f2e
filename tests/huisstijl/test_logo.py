"""A logo that somebody uploads: only a picture comes through."""

from contextlib import suppress

import pytest

from build.logo import block, png
from loket.huisstijl.logo import MOST_BYTES, Logo, LogoSoort, read_logo
from loket.huisstijl.png import MAGIC
from loket.huisstijl.svg import LogoError

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20"'
)
LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def svg(inside, more=""):
    return f"{HEAD}{more}>{inside}</svg>".encode()


def refusal(raw):
    with pytest.raises(LogoError) as refused:
        read_logo(raw)
    assert refused.value.field == "logo"
    return refused.value.message


class TestDrawing:
    def test_keeps_shapes_and_colours(self):
        logo = read_logo(
            svg(
                "<defs><style>/* los */ .st0{fill:#FFF;font-family:Arial}"
                " .st1,.st2{stroke:red}</style>"
                '<linearGradient id="g"><stop offset="0" stop-color="#123456"/>'
                '</linearGradient><clipPath id="c"><use xlink:href="#r"/></clipPath>'
                '<rect id="r" width="40" height="20"/></defs>'
                '<g clip-path="url(#c)"><path class="st0" d="M1,2 L3-4.5e1z"/>'
                '<circle cx="4" cy="4" r="2" style="fill:url(#g);font:12px \'X\'"/></g>'
            )
        )

        text = logo.inhoud.decode()
        assert logo.soort is LogoSoort.SVG
        for kept in (
            ".st0{fill:#FFF}",
            ".st1,.st2{stroke:red}",
            'clip-path="url(#c)"',
            'xlink:href="#r"',
            'style="fill:url(#g)"',
            'd="M1,2 L3-4.5e1z"',
        ):
            assert kept in text
        assert "font" not in text

    def test_leaves_out_what_a_drawing_program_notes(self):
        logo = read_logo(
            b"<?xml version='1.0' encoding='UTF-8'?><!-- van Jan --><?app x?>"
            + svg(
                "<metadata><b xmlns='urn:x'>Jan</b></metadata>"
                "<s:view xmlns:s='urn:sodipodi'/><title>Logo</title>"
                '<rect width="4" height="2" data-name="Jan" s:t="Jan"'
                " xmlns:s='urn:inkscape'/>",
                ' xml:space="preserve" width="100%"',
            )
        )

        text = logo.inhoud.decode()
        assert "Jan" not in text
        assert "urn:" not in text
        assert "%" not in text
        assert "<title>Logo</title>" in text

    def test_checked_twice_is_the_same(self):
        once = read_logo(svg('<g style="fill:red"><path d="M0 0h4v4z"/></g>'))

        assert read_logo(once.inhoud) == once
        assert read_logo(once.inhoud).merk == once.merk

    def test_without_a_viewbox_gets_one_of_its_size(self):
        raw = b'<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="20"/>'

        assert b'viewBox="0 0 40 20"' in read_logo(raw).inhoud

    @pytest.mark.parametrize(
        ("inside", "says"),
        [
            ("<script>alert(1)</script>", "een script"),
            ("<SCRIPT>alert(1)</SCRIPT>", "SCRIPT"),
            ('<g onclick="a()"/>', "iets start (onclick)"),
            ('<g oNLoad="a()"/>', "iets start (oNLoad)"),
            ("<foreignObject><b/></foreignObject>", "foreignObject"),
            ('<b xmlns="http://www.w3.org/1999/xhtml"/>', "“b”"),
            ('<a xlink:href="#x"/>', "een link"),
            ('<image href="#x"/>', "een plaatje"),
            ("<text>Duinstede</text>", "contouren"),
            ('<animate attributeName="x"/>', "animate"),
            ('<set attributeName="href" to="x"/>', "“set”"),
            ('<filter id="f"/>', "“filter”"),
            ('<use xlink:href="https://x.example/a.svg#b"/>', "ander adres"),
            ('<use href="data:image/svg+xml,x"/>', "ander adres"),
            ('<use href="javascript:a()"/>', "ander adres"),
            ('<rect fill="url(https://x.example/a)"/>', "ander adres"),
            ('<rect fill="URL( #a )"/>', "ander adres"),
            ('<rect style="fill:url(//x.example)"/>', "ander adres"),
            ('<rect style="x:url(//x.example)"/>', "ander adres"),
            (r'<rect style="fill:\75rl(//x.example)"/>', "niet kent"),
            ("<rect style='fill:image-set(\"x\")'/>", "niet kent"),
            ("<style>.a{fill:url(//x.example)}</style>", "ander adres"),
            ("<style>@import url(//x.example);</style>", "ander adres"),
            ("<style>@import 'x.css';</style>", "stijlregels"),
            ("<style>@media print{.a{fill:red}}</style>", "stijlregels"),
            (r"<style>.a{fill:\75rl(x)}</style>", "niet kent"),
            ("<style>.a{fill:red}</style", "geen goede SVG"),
            ('<path d="M0 0&amp;quot;"/>', "niet kent"),
        ],
    )
    def test_with_anything_that_could_run_or_fetch_is_refused(self, inside, says):
        assert says in refusal(svg(inside))

    @pytest.mark.parametrize(
        "inside",
        [
            '<mask id="b" mask="url(#a)"><path d="M0 0"/></mask>',
            '<mask id="b"><g><path d="M0 0" clip-path="url(#a)"/></g></mask>',
            '<clipPath id="b"><path d="M0 0" style="mask:url(#a)"/></clipPath>',
            '<clipPath id="b"><use href="#r"/></clipPath><g id="r">'
            '<path d="M0 0" mask="url(#a)"/></g>',
            "<style>.x,g path.y{mask:url(#a)}</style>"
            '<mask id="b"><path class="z y" d="M0 0"/></mask>',
            "<style>#p{clip-path:url(#a)}</style><mask id='b'><path id='p'/></mask>",
            "<style>path{mask:url(#a)}</style><mask id='b'><path d='M0 0'/></mask>",
        ],
    )
    def test_with_a_mask_inside_a_mask_is_refused(self, inside):
        assert "binnen een andere" in refusal(svg(f'<mask id="a"/>{inside}'))

    def test_with_masks_next_to_each_other_is_taken(self):
        logo = read_logo(
            svg(
                "<style>.x{clip-path:url(#a)}.y{fill:red}</style>"
                '<clipPath id="a"><path class="y" d="M0 0"/></clipPath>'
                '<mask id="b"><path class="y" mask="none" d="M0 0"/></mask>'
                '<g class="x"><path mask="url(#b)" d="M0 0"/></g>'
            )
        )

        assert b'mask="url(#b)"' in logo.inhoud

    @pytest.mark.parametrize(
        "raw",
        [
            LAUGHS.encode() + b"]>" + svg("<title>&i;</title>"),
            b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + svg(""),
            b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + svg("<title>&x;</title>"),
            b"<!doctype svg>" + svg(""),
        ],
    )
    def test_with_entities_is_refused_before_it_is_read(self, raw):
        assert "DOCTYPE of een ENTITY" in refusal(raw)

    @pytest.mark.parametrize(
        "raw",
        [
            svg("").decode().encode("utf-16"),
            b"<?xml version='1.0' encoding='utf-7'?>" + svg(""),
            b"\xff<svg" + svg(""),
        ],
    )
    def test_in_another_encoding_is_refused(self, raw):
        assert "UTF-8" in refusal(raw) or "SVG- of een PNG" in refusal(raw)

    def test_that_repeats_what_repeats_is_refused(self):
        nested = "".join(
            f'<g id="n{n}">' + f'<use xlink:href="#n{n - 1}"/>' * 10 + "</g>"
            for n in range(1, 9)
        )

        assert "te vaak opnieuw" in refusal(svg(f'<g id="n0"/>{nested}'))
        assert "te vaak opnieuw" in refusal(
            svg('<rect id="r"/>' + '<use href="#r"/>' * 101)
        )

    def test_that_is_deep_or_has_many_parts_is_refused(self):
        assert "te diep" in refusal(svg("<g>" * 40 + "</g>" * 40))
        assert "te veel onderdelen" in refusal(svg("<g/>" * 2001))

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("part", [" ", "a", "/*", "/**/", "url", "url ", "{", ".a"])
    def test_that_is_one_long_style_sheet_takes_no_time(self, part):
        sheet = part * (100_000 // len(part))

        with suppress(LogoError):
            read_logo(svg(f"<style>{sheet}</style>"))

    @pytest.mark.parametrize(
        "sheet",
        [
            "/* zonder einde",
            "@import 'x';.a{fill:red}",
            ".a{fill:red",
            ".a{fill:red}}",
            "@media all{.a{fill:red}}",
            ".a{fill:red}.b",
        ],
    )
    def test_with_a_style_sheet_that_is_not_plain_is_refused(self, sheet):
        assert "stijlregels" in refusal(svg(f"<style>{sheet}</style>"))

    @pytest.mark.parametrize(
        "raw",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"/>',
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1.2.3 4"/>',
        ],
    )
    def test_without_a_size_is_refused(self, raw):
        assert "hoe groot" in refusal(raw)

    def test_that_is_no_svg_is_refused(self):
        assert "geen SVG" in refusal(b"<svg/>")
        assert "geen SVG" in refusal(
            b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>'
        )


class TestPicture:
    @pytest.mark.parametrize("colour", [0, 2, 4, 6])
    def test_comes_through_whatever_its_colours(self, colour):
        logo = read_logo(png(colour=colour))

        assert logo.soort is LogoSoort.PNG
        assert read_logo(logo.inhoud) == logo

    def test_may_be_interlaced(self):
        # 15 pixels in six passes: the third one begins below the picture
        sizes = [(1, 1), (1, 1), (1, 1), (3, 1), (2, 2), (5, 1)]
        picture = b"".join(
            (b"\0" + b"\x80" * columns) * rows for columns, rows in sizes
        )

        assert read_logo(png(5, 3, colour=0, interlace=1, picture=picture))

    def test_loses_its_notes(self):
        logo = read_logo(
            png(extra=block(b"tEXt", b"Author\0Jan") + block(b"eXIf", b"52N 4E"))
            + b"<script>achteraan</script>"
        )

        for note in (b"Jan", b"52N", b"script"):
            assert note not in logo.inhoud

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (png(2001, 2001, picture=b""), "beeldpunten"),
            (png(0, 4, picture=b""), "beeldpunten"),
            (png(picture=b"\0" * 10), "beschadigd"),
            (png(picture=b"\0" * 5_000_000), "beschadigd"),
            (png(picture=(b"\x09" + b"\0" * 16) * 4), "beschadigd"),
            (png(colour=3), "beschadigd"),
            (png(depth=4), "beschadigd"),
            (png(interlace=2), "beschadigd"),
            (png()[:-20], "beschadigd"),
            (png().replace(b"IDAT", b"IDAX"), "beschadigd"),
            (MAGIC, "beschadigd"),
            (png(40, 4), "te lang"),
        ],
    )
    def test_that_is_broken_or_too_large_is_refused(self, raw, says):
        assert says in refusal(raw)


class TestFile:
    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"", "leeg"),
            (b"GIF89a", "SVG- of een PNG-bestand"),
            (b"\xff\xd8\xff\xe0", "SVG- of een PNG-bestand"),
            (b"<svg " + b" " * MOST_BYTES, "maximaal 150 kB"),
            (svg("").replace(b"0 0 40 20", b"0 0 400 20"), "te lang"),
        ],
    )
    def test_that_is_no_logo_is_refused(self, raw, says):
        assert says in refusal(raw)

    def test_is_known_by_what_is_in_it(self):
        assert Logo(LogoSoort.SVG, b"a").merk != Logo(LogoSoort.SVG, b"b").merk
