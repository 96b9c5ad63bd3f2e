"""The search for what was told finds it in whatever clothes, packed or not."""

import base64
import gzip
import io
import zipfile
import zlib
from datetime import date

import pytest

from loket.datum import kort, lang
from stories.canaries import MANY, Canaries, unpacked


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


def zipped(data: bytes) -> bytes:
    """Pack as a sheet is packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("blad.xml", data)
    return made.getvalue()


@pytest.mark.parametrize(
    "clothes",
    [
        lambda word: f"naam: {word}!".encode(),
        lambda word: word.upper().encode(),
        lambda word: f"x{word}".encode("utf-16"),
        lambda word: word.encode().hex().upper().encode(),
        *[
            lambda word, n=n: base64.b64encode(b"a" * n + word.encode() + b"zz")
            for n in range(4)
        ],
        lambda word: "".join(f"%{byte:02X}" for byte in word.encode()).encode(),
        lambda word: "".join(f"\\u{ord(each):04X}" for each in word).encode(),
        lambda word: "".join(f"&#{ord(each)};" for each in word).encode(),
    ],
)
def test_the_search_itself_finds_a_word_in_all_clothes(canaries, clothes):
    assert canaries.found_in(b"\0\xff" + clothes(canaries.core) + b" rest")
    assert canaries.found_in(b"een ander woord, en 999990019") == []


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, zipped])
def test_the_search_itself_looks_into_what_is_packed(canaries, pack):
    packed = pack(b"naam: " + canaries.core.encode() + b"\n" * 500)

    assert canaries.found_in(packed) == []
    assert canaries.found_in(unpacked(packed))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_search_itself_finds_every_number_and_date(canaries, encoding):
    writes = (date.isoformat, kort, lang)
    days = [write(day) for day in canaries.dates for write in writes]
    numbers = (*canaries.bsns, *canaries.phones, *canaries.amounts, *canaries.cents)

    assert len({*days, *numbers}) == 7 * MANY
    for each in (*days, *numbers):
        assert canaries.found_in(f"dit: {each}.".encode(encoding)), each
    assert canaries.found_in(b"1-1-1931, 0612345678, 1.000.000,00") == []
