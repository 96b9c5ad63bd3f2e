"""Bytes from outside: only a clean message comes in, only a BerichtFout comes out."""

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loket.errors import NotConfigured
from loket.iwmo import xml
from loket.iwmo.berichten.inhoud import read_315, read_bericht, write_bericht
from loket.iwmo.xml import BerichtFout, Reden, Schemas, Soort
from tests.iwmo.translation import build

GOOD = write_bericht(build.bericht_315())
PROLOG = b'<?xml version="1.0" encoding="UTF-8"?>\r\n'
BODY = GOOD.removeprefix(PROLOG)
NAMESPACE = "http://www.istandaarden.nl/iwmo/3_2/wmo315/schema"


def refused(data: bytes) -> Reden:
    with pytest.raises(BerichtFout) as caught:
        read_bericht(data)
    return caught.value.reden


class TestReadingBytes:
    def test_a_good_message_comes_in(self):
        assert read_315(GOOD).client.bsn == build.BSN

    def test_a_byte_order_mark_does_no_harm(self):
        assert read_315(b"\xef\xbb\xbf" + GOOD) == read_315(GOOD)

    def test_a_file_over_the_limit_is_not_parsed(self):
        with pytest.raises(BerichtFout) as caught:
            xml.read(b"<" * 101, max_bytes=100)

        assert caught.value.reden is Reden.TE_GROOT

    def test_a_file_at_the_limit_is(self):
        assert xml.read(GOOD, max_bytes=len(GOOD)) is not None

    @pytest.mark.parametrize(
        "data", [b"", b" ", b"geen xml", b"<a>", GOOD[:-3], GOOD + b"<a/>", b"\0<a/>"]
    )
    def test_what_is_not_xml_is_refused(self, data):
        assert refused(data) is Reden.GEEN_XML

    def test_deep_nesting_is_refused(self):
        assert refused(b"<a>" * 100_000 + b"</a>" * 100_000) is Reden.GEEN_XML

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
    def test_a_dtd_cannot_hide_in_another_encoding(self, encoding):
        text = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'

        assert refused(text.encode(encoding)) in {
            Reden.CODERING,
            Reden.GEEN_XML,
        }

    @pytest.mark.parametrize("name", ["UTF-7", "ISO-8859-1", "UTF-16", "EBCDIC-CP-NL"])
    def test_only_utf_8_may_be_declared(self, name):
        data = f"<?xml version='1.0' encoding='{name}'?>".encode() + BODY

        assert refused(data) is Reden.CODERING

    def test_bytes_that_are_no_utf_8_are_refused(self):
        data = GOOD.replace(b"Proefdier", b"Proef\xe9")

        assert refused(data) is Reden.CODERING


class TestEntities:
    def test_a_bare_doctype_is_refused(self):
        assert refused(b"<!DOCTYPE a><a/>") is Reden.DTD_OF_ENTITEIT

    def test_billion_laughs_cost_nothing(self):
        lines = [b'<!ENTITY l0 "ha">']
        lines += [
            b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12)
        ]
        data = b"<!DOCTYPE a [" + b"".join(lines) + b"]><a>&l11;</a>"
        before = time.process_time()

        assert refused(data) is Reden.DTD_OF_ENTITEIT
        assert time.process_time() - before < 1

    def test_a_file_cannot_be_pulled_in(self, tmp_path):
        secret = tmp_path / "geheim.txt"
        secret.write_text("geheim")
        data = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'

        assert refused(data.encode()) is Reden.DTD_OF_ENTITEIT

    def test_an_unknown_entity_is_refused(self):
        assert refused(GOOD.replace(b"Proefdier", b"&x;")) is Reden.GEEN_XML

    def test_a_comment_or_instruction_cannot_split_a_value(self):
        data = GOOD.replace(b">120<", b">1<!-- x -->2<?x y?>0<")

        assert read_315(data) == read_315(GOOD)


class TestAttributes:
    def test_a_schema_location_is_not_followed(self):
        extra = (
            b'<wmo315:Bericht xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            b'xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd" '
        )
        root = xml.read(GOOD.replace(b"<wmo315:Bericht ", extra, 1))

        assert not root.attrib

    @pytest.mark.parametrize("attribute", ["a='b'", "xml:lang='nl'", "xml:base='/x'"])
    def test_any_other_attribute_is_refused(self, attribute):
        data = GOOD.replace(b"<wmo315:Client>", f"<wmo315:Client {attribute}>".encode())

        assert refused(data) is Reden.ATTRIBUUT


class TestRecognition:
    def test_a_message_is_known_by_its_namespace(self):
        assert xml.soort_of(xml.read(GOOD)) == Soort("315", "3_2")

    @pytest.mark.parametrize(
        ("old", "new", "reden"),
        [
            (b"/wmo315/", b"/wmo399/", Reden.ONBEKEND_BERICHT),
            (b"/wmo315/", b"/jw315/", Reden.ONBEKEND_BERICHT),
            (b"3_2/wmo315", b"3_1/wmo315", Reden.ONBEKENDE_VERSIE),
            (b"wmo315:Bericht", b"wmo315:Brief", Reden.ONBEKEND_BERICHT),
        ],
    )
    def test_another_one_is_refused(self, old, new, reden):
        assert refused(GOOD.replace(old, new)) is reden

    def test_another_kind_than_expected_is_refused(self):
        with pytest.raises(BerichtFout) as caught:
            read_315(write_bericht(build.bericht_305()))

        assert caught.value.reden is Reden.ONBEKEND_BERICHT


class TestWhatLeaks:
    """A BSN written where it does not belong must not reach a log."""

    def test_a_wrong_value_is_not_repeated(self, schemas):
        data = GOOD.replace(b">120<", b">999900006x<")

        with pytest.raises(BerichtFout) as caught:
            read_315(data, schemas)
        fout = caught.value
        assert fout.reden is Reden.XSD
        assert {m.element for m in fout.meldingen} == {"Volume"}
        assert all(m.regel > 1 for m in fout.meldingen)
        assert "9999" not in str(fout) + repr(fout) + repr(vars(fout))
        assert fout.__context__ is None

    def test_a_name_made_of_content_is_not_repeated(self, schemas):
        data = GOOD.replace(b"wmo315:Commentaar", b"wmo315:Client").replace(
            b"<wmo315:Bsn>", b"<wmo315:B999900006/><wmo315:Bsn>"
        )

        with pytest.raises(BerichtFout) as caught:
            read_315(data, schemas)
        assert [m.element for m in caught.value.meldingen] == ["onbekend"]
        assert "9999" not in str(caught.value) + repr(vars(caught.value))

    @pytest.mark.parametrize(
        "data",
        [
            GOOD.replace(b">120<", b">999900006x<"),
            GOOD.replace(b"<wmo315:Bsn>", b"<wmo315:B999900006/><wmo315:Bsn>"),
            GOOD.replace(b"</wmo315:Bsn>", b"</wmo315:B999900006>"),
        ],
    )
    def test_nor_without_the_schemas(self, data):
        with pytest.raises(BerichtFout) as caught:
            read_315(data)

        assert "9999" not in str(caught.value) + repr(vars(caught.value))
        assert caught.value.__context__ is None

    def test_a_message_does_not_show_itself(self):
        assert repr(read_315(GOOD)) == "<Bericht315>"


class TestSchemas:
    @pytest.mark.parametrize("folder", [None, Path("/bestaat/niet")])
    def test_without_a_folder_it_is_not_configured(self, folder):
        with pytest.raises(NotConfigured):
            read_315(GOOD, Schemas(folder))

    def test_a_missing_schema_is_not_configured(self, tmp_path):
        with pytest.raises(NotConfigured, match="WMO315"):
            read_315(GOOD, Schemas(tmp_path))

    @pytest.mark.parametrize(
        "content",
        [
            "geen xml",
            "<a/>",
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
            f'targetNamespace="{NAMESPACE}"><xs:element name="Bericht" type="x"/>'
            "</xs:schema>",
        ],
    )
    def test_a_broken_schema_is_not_configured(self, tmp_path, content):
        (tmp_path / "WMO315.xsd").write_text(content)

        with pytest.raises(NotConfigured):
            read_315(GOOD, Schemas(tmp_path))

    def test_the_versions_come_from_the_schema(self, schemas):
        assert schemas.versies(Soort("315")) == ("1.0.0", "1.0.0")

    def test_long_blanks_do_not_stall_the_validator(self, schemas):
        comment = b"<wmo315:Commentaar>" + b" a" * 500_000 + b"</wmo315:Commentaar>"
        data = GOOD.replace(
            b"<wmo315:AangevraagdeProducten>",
            comment + b"<wmo315:AangevraagdeProducten>",
        )
        before = time.process_time()

        assert read_315(data, schemas).client.commentaar
        assert time.process_time() - before < 5


def read_safely(data: bytes) -> None:
    with contextlib.suppress(BerichtFout):
        assert read_bericht(data).header.bericht_versie == 3


class TestAnything:
    """Whatever comes, a message or a BerichtFout is all that comes out."""

    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=400))
    def test_random_bytes(self, data):
        read_safely(data)

    @settings(max_examples=300, deadline=None)
    @given(
        st.text(alphabet="<>&/;:!?'\"=[] aZ0éxml\0\x85\ud7ff\U0001f600", max_size=80)
    )
    def test_random_markup_inside_a_message(self, text):
        read_safely(GOOD.replace(b"Proefdier", text.encode("utf-8", "replace")))

    @settings(max_examples=400, deadline=None)
    @given(st.integers(0, len(GOOD) - 1), st.integers(0, 60), st.binary(max_size=12))
    def test_a_message_with_a_hole_or_a_graft(self, at, length, graft):
        read_safely(GOOD[:at] + graft + GOOD[at + length :])

    @settings(max_examples=200, deadline=None)
    @given(st.text(min_size=1, max_size=30))
    def test_any_text_as_a_date_or_a_number(self, text):
        shown = text.replace("&", "").replace("<", "").encode("utf-8", "replace")
        read_safely(GOOD.replace(b">120<", b">" + shown + b"<"))
        read_safely(GOOD.replace(b">2026-04-01<", b">" + shown + b"<"))
