"""From a letter to a PDF that keeps (PDF/A-2a) and that everyone can read (PDF/UA-1).

Text travels as data and is never read as markup; equal letters are equal bytes.
"""

import json
import re
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from loket.datum import lang
from loket.errors import LoketError
from loket.letters.brief import Alinea, Bijlage, Blok, Brief, Kop, Opsomming, Tabel

_ROOM = Path(__file__).parent
_TEMPLATES = (
    _ROOM.parent / "templates" / "letters",
    _ROOM.parent.parent / "templates" / "letters",
)
"""Where the template is: installed, or in a checkout."""
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_NO_PICTURE = re.compile(r"\b(svg|image|png)\b", re.IGNORECASE)


class LetterError(LoketError):
    """This text cannot become a letter; the message says what to change."""

    status = 422
    odd = ""
    """The sign that has no shape, where that is what is wrong."""


def render_letter(brief: Brief) -> bytes:
    """Make the PDF of this letter.

    Raises:
        LetterError: a character in it has no shape in the fonts of the letter, or its
            logo is no picture that a letter can hold.
    """
    moment = datetime.combine(brief.datum, time(12), UTC)
    try:
        return typst.compile(
            _template(),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"brief": json.dumps(_as_data(brief))},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise _explain(error) from None


def _explain(error: typst.TypstError) -> Exception:
    """Tell what cannot be printed; anything else is a bug of ours."""
    found = _NO_GLYPH.search(error.message)
    if found:
        odd = found[1][:2]
        wrong = LetterError(
            f"Dit teken kan niet in een brief staan: {odd}. Schrijf het anders."
        )
        wrong.odd = odd[:1]
        return wrong
    if _NO_PICTURE.search(error.message):
        return LetterError("Dit logo kan niet op een brief staan. Sla het anders op.")
    return error


@cache
def _template() -> bytes:
    folder = next(each for each in _TEMPLATES if each.is_dir())
    return (folder / "brief.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_ROOM / "fonts")])


def _as_data(brief: Brief) -> dict[str, Any]:
    bijlagen = [each for each in brief.blocks if isinstance(each, Bijlage)]
    inhoud = [each for each in brief.blocks if not isinstance(each, Bijlage)]
    data = asdict(brief) | {
        "datum": lang(brief.datum),
        "kop": brief.kop or brief.onderwerp,
        "blocks": [_block(each) for each in inhoud],
        "bijlagen": [
            {"titel": each.titel, "blocks": [_block(part) for part in each.blocks]}
            for each in bijlagen
        ],
    }
    stijl = data["gemeente"]["stijl"]
    stijl["lijn"] = stijl["lijn"] or stijl["kleur"]
    stijl["logo_png"] = list(stijl["logo_png"])  # JSON knows no bytes
    return {key: _clean(value) for key, value in data.items()}


_KINDS: dict[type[Blok], str] = {
    Alinea: "alinea",
    Kop: "kop",
    Opsomming: "opsomming",
    Tabel: "tabel",
}


def _block(block: Blok) -> dict[str, Any]:
    return {"soort": _KINDS[type(block)], **asdict(block)}


def _clean(value: Any) -> Any:
    """Compose accents, keep amounts on one line and leave control characters out."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
        text = text.replace("\t", " ").replace("€ ", "€\u00a0")
        return "".join(each for each in text if each == "\n" or _is_print(each))
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def _is_print(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
