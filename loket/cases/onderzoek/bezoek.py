"""A visit at the kitchen table: one page for the whole talk, in any order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loket.cases.onderzoek import woorden
from loket.cases.onderzoek.onderwerp import Leefgebied, LeefgebiedSoort, Letter
from loket.cases.onderzoek.queries import Inhoud


@dataclass(frozen=True)
class Deel:
    """One part of the page: a subject a-g, or a leefgebied that is open."""

    sleutel: Letter | LeefgebiedSoort
    titel: str
    vraag: str
    woorden_client: str
    beoordeling: str

    @property
    def naam(self) -> str:
        """How its fields are called."""
        return self.sleutel.value

    @property
    def anker(self) -> str:
        """Where it stands on the page."""
        return f"deel-{self.naam}"

    def is_new(self, woorden_client: str, beoordeling: str) -> bool:
        """Whether something else was typed than what is stored."""
        return (woorden_client, beoordeling) != (self.woorden_client, self.beoordeling)


def list_delen(inhoud: Inhoud) -> list[Deel]:
    """Return the parts of the talk in the order of the law, with what is known."""
    return [*_onderwerpen(inhoud), *_leefgebieden(inhoud.leefgebieden)]


def _onderwerpen(inhoud: Inhoud) -> Iterator[Deel]:
    for letter in Letter:
        found = inhoud.onderwerpen.get(letter)
        yield Deel(
            letter,
            f"{letter.value.upper()}. {letter.titel}",
            woorden.VRAGEN[letter],
            **_texts(found),
        )


def _leefgebieden(
    opened: Mapping[LeefgebiedSoort, Leefgebied],
) -> Iterator[Deel]:
    for soort, found in opened.items():
        yield Deel(
            soort,
            woorden.LEEFGEBIED[soort],
            f"Open omdat: {found.reden}",
            **_texts(found),
        )


def _texts(found: Any) -> dict[str, str]:
    return {
        "woorden_client": str(getattr(found, "woorden_client", None) or ""),
        "beoordeling": str(getattr(found, "beoordeling", None) or ""),
    }
