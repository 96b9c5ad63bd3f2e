"""A letter about nobody, to see what a text becomes on paper."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.datum import lang
from loket.letters.brief import Afzender, Brief
from loket.letters.compose import render_letter
from loket.letters.queries import afzender_op
from loket.letters.tekst import ALWAYS, defaults, placeholders, to_blocks

WAARDEN: Mapping[str, str] = MappingProxyType(
    {
        "aanbieder": "Zorg Voorbeeld",
        "aanhef": "Geachte mevrouw Voorbeeld",
        "artikel": "artikel 2.3.5 lid 3 Wmo 2015",
        "bedrag": "€ 1.204,50",
        "eigen_bijdrage": "€ 21,80",
        "functie": "Consulent Wmo",
        "grond": "U kunt dit zelf regelen.",
        "letter": "a",
        "omvang": "120 minuten per week",
        "ondertekenaar": "S. Voorbeeld",
        "periode": "1 januari 2027 tot en met 31 december 2027",
        "referentie": "VOOR-BEELD",
        "resultaat": "Uw huis is schoon en op orde.",
        "voorziening": "hulp bij het huishouden",
    }
)
"""Words of fiction; a day is the day of the letter, the rest says its own name."""


def allowed(sleutel: str) -> list[str]:
    """Return the names that may stand between braces in this text, in order."""
    return sorted(placeholders(defaults()[sleutel]) | ALWAYS)


def waarden(sleutel: str, gemeente: Gemeente, dag: date) -> dict[str, str]:
    """Return a value for each placeholder of this text; none is about a person."""
    own = {
        "gemeente": gemeente.naam,
        "telefoon": gemeente.telefoon,
        "website": gemeente.website,
        "postadres": gemeente.postadres,
    }
    return {
        name: own.get(name)
        or WAARDEN.get(name)
        or (lang(dag) if name.endswith(("_op", "_tot")) else name.replace("_", " "))
        for name in allowed(sleutel)
    }


def example(
    sleutel: str, tekst: str, gemeente: Gemeente, afzender: Afzender, dag: date
) -> Brief:
    """Make a letter of this text alone, to somebody who does not exist.

    Raises:
        TextError: no letter can be made of the text.
    """
    return Brief(
        gemeente=afzender,
        geadresseerde=(
            "Mevrouw V. Voorbeeld",
            "Voorbeeldstraat 1",
            "1234 AB Voorbeeldstad",
        ),
        kenmerk=WAARDEN["referentie"],
        datum=dag,
        onderwerp="Voorbeeld van een tekst",
        blocks=to_blocks(tekst, waarden(sleutel, gemeente, dag)),
        ondertekening=(f"Gemeente {gemeente.naam}",),
        behandelaar=WAARDEN["ondertekenaar"],
    )


def example_op(
    session: Session, sleutel: str, tekst: str, gemeente: Gemeente, dag: date
) -> Brief:
    """Make that letter as the gemeente writes on this day."""
    return example(sleutel, tekst, gemeente, afzender_op(session, gemeente, dag), dag)


def check_letter(session: Session, gemeente: Gemeente, dag: date) -> None:
    """Refuse what the gemeente wants to be called when it fits on no letter at all.

    Raises:
        LetterError: a sign has no shape in the fonts of the letter; every letter of
            the gemeente would stop at it.
    """
    sleutel, tekst = next(iter(defaults().items()))
    render_letter(example_op(session, sleutel, tekst, gemeente, dag))
