"""The texts of letters: data of the gemeente with a period of validity."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from loket.db import Gemeentelijk, Id, Model, RowRule, in_order, no_overlap
from loket.errors import LoketError
from loket.letters.brief import Alinea, Inhoud, Kop, Opsomming

_DEFAULTS = Path(__file__).parent.parent / "data" / "brieftekst"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
_BULLET = "- "
_NUMBER = re.compile(r"[0-9]+\. ")


class Brieftekst(Gemeentelijk, Model):
    """One text of a letter of this gemeente, in a period of validity."""

    __tablename__ = "brieftekst"
    __row_rule__ = RowRule.OPEN
    __table_args__ = (
        no_overlap("gemeente_code", "sleutel"),
        in_order("van", "tot"),
        CheckConstraint("tekst <> ''", name="tekst_not_empty"),
    )

    id: Mapped[Id]
    sleutel: Mapped[str]
    tekst: Mapped[str]
    """Level B1, with named placeholders such as {ontvangen_op}."""
    van: Mapped[date]
    tot: Mapped[date | None]


class TextError(LoketError):
    """A text cannot be used like this; the message says what to change."""

    status = 422


@cache
def defaults() -> Mapping[str, str]:
    """Return the texts a new gemeente starts with, by sleutel."""
    found = {
        each.stem: each.read_text(encoding="utf-8").strip()
        for each in sorted(_DEFAULTS.glob("*.txt"))
    }
    return MappingProxyType(found)


def placeholders(tekst: str) -> frozenset[str]:
    """Return the names between braces in a text."""
    return frozenset(_PLACEHOLDER.findall(tekst))


def check_tekst(sleutel: str, tekst: str) -> None:
    """Refuse a text that no letter can be made of.

    Raises:
        TextError: an unknown sleutel, an unknown placeholder, a loose brace or
            no text at all.
    """
    if sleutel not in defaults():
        raise TextError("Deze brieftekst bestaat niet.", "sleutel")
    if not tekst.strip():
        raise TextError("Vul de tekst in.", "tekst")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", tekst)):
        raise TextError(
            "Gebruik { en } alleen om een invulplek, zoals {naam}.", "tekst"
        )
    known = placeholders(defaults()[sleutel]) | ALWAYS
    unknown = sorted(placeholders(tekst) - known)
    if unknown:
        raise TextError(
            f"Deze invulplek bestaat hier niet: {{{unknown[0]}}}."
            f" U kunt gebruiken: {', '.join(sorted(known))}.",
            "tekst",
        )


ALWAYS = frozenset(
    {"aanhef", "gemeente", "telefoon", "website", "postadres", "referentie"}
)
"""Placeholders that every text may use and every letter hands over."""


def fill(tekst: str, waarden: Mapping[str, str]) -> str:
    """Put the values into a text; braces inside a value stay what they are.

    Raises:
        TextError: the text asks for a value that is not there, or has a loose brace.
    """
    missing = sorted(placeholders(tekst) - waarden.keys())
    if missing:
        raise TextError(f"In de brief ontbreekt de waarde voor {{{missing[0]}}}.")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", tekst)):
        raise TextError("In de brieftekst staat een losse { of }.")
    return _PLACEHOLDER.sub(lambda found: waarden[found[1]], tekst)


def to_blocks(tekst: str, waarden: Mapping[str, str]) -> tuple[Inhoud, ...]:
    """Turn a text into blocks of a letter, and fill each of them.

    A blank line ends a paragraph, `## ` starts a heading, `- ` a bullet and `1. ` a
    numbered item. The text is read before it is filled: a value adds paragraphs at
    most, never a heading or a list.
    """
    parts = re.split(r"\n\s*\n", tekst.strip())
    return tuple(block for part in parts for block in _read_part(part, waarden))


def _read_part(part: str, waarden: Mapping[str, str]) -> Iterator[Inhoud]:
    lines = [line.strip() for line in part.splitlines()]
    if lines[0].startswith("## "):
        yield Kop(fill(lines.pop(0)[3:], waarden))
    run: list[str] = []
    for line in lines:
        if run and _kind(line) != _kind(run[0]):
            yield from _build(run, waarden)
            run = []
        run.append(line)
    if run:
        yield from _build(run, waarden)


def _kind(line: str) -> str:
    if line.startswith(_BULLET):
        return "bullet"
    return "number" if _NUMBER.match(line) else "text"


def _build(run: list[str], waarden: Mapping[str, str]) -> Iterator[Inhoud]:
    kind = _kind(run[0])
    if kind == "text":
        filled = fill(" ".join(run), waarden).replace("\r\n", "\n")
        yield from (Alinea(each) for each in re.split(r"\n\s*\n", filled))
        return
    items = tuple(fill(line.split(" ", 1)[1], waarden) for line in run)
    yield Opsomming(items, genummerd=kind == "number")
