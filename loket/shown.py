"""Who approves, approves what was shown: a page says what that was, and looks again."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import current_app

from loket.errors import RuleViolation

MARK = "_getoond"
NOTHING = "-"
"""The mark of a page with nothing on it."""
SINCE = "Er is iets veranderd sinds u keek."
_LENGTH = 16


@dataclass(frozen=True)
class Part:
    """One thing on the page that the deed is about.

    Args of the class:
        key: what it is, the same for as long as it is there.
        words: how the reader knows it, without more than the page says already.
        content: everything that may not change unseen.
    """

    key: str
    words: str
    content: Sequence[object]


class Moved(RuleViolation):
    """What was approved is no longer as it was shown."""

    status = 409


class Shown:
    """What a page showed, and what stands there now.

    `Form(shown=...)` puts the mark on the page and looks again within the deed.

    Args:
        parts: reads what the page shows, afresh from the database.
        held: reads the same and holds it until the commit: nothing slips in between
            looking again and the deed.
    """

    def __init__(
        self, parts: Callable[[], Iterable[Part]], held: Callable[[], Iterable[Part]]
    ) -> None:
        self._parts = parts
        self._held = held

    @property
    def mark(self) -> str:
        """Name what stands there now, without saying it."""
        named = " ".join(f"{key}.{text}" for key, text, _ in _named(self._parts()))
        return named or NOTHING

    def notice(self, given: str) -> str:
        """Say what a reader who brings the mark of another page did not see there."""
        changes = _changes(given, self._parts())
        return f"{SINCE} {' '.join(changes)}" if changes else ""

    def require(self, given: str) -> None:
        """Refuse a deed about what its doer did not see.

        Raises:
            Moved: it says what changed.
        """
        changes = _changes(given, self._held())
        if changes:
            raise Moved(
                f"{SINCE} Er is niets vastgelegd. {' '.join(changes)} Kijk nog een"
                " keer."
            )


def _changes(given: str, parts: Iterable[Part]) -> list[str]:
    """Say what became different since a mark was made, in whole sentences."""
    if not given:
        return ["De pagina zegt niet wat u zag."]
    seen = dict(each.partition(".")[::2] for each in given.split() if each != NOTHING)
    now = _named(parts)
    left = seen.keys() - {key for key, _, _ in now}
    new = [words for key, _, words in now if key not in seen]
    other = [words for key, text, words in now if seen.get(key, text) != text]
    gone = f"{len(left)} onderdelen zijn" if len(left) > 1 else "Een onderdeel is"
    return [
        *_sentences("Erbij gekomen", new),
        *_sentences("Veranderd", other),
        *([f"{gone} weggehaald."] if left else []),
    ]


def _named(parts: Iterable[Part]) -> list[tuple[str, str, str]]:
    return [
        (_digest(part.key), _digest(part.key, *part.content), part.words)
        for part in parts
    ]


def _sentences(what: str, words: list[str]) -> list[str]:
    return [
        f"{what}: {each}{f' ({count} keer)' if count > 1 else ''}."
        for each, count in Counter(words).items()
    ]


def _digest(*content: object) -> str:
    # with our own key: a short text cannot be guessed from its hash
    key = str(current_app.config["SECRET_KEY"]).encode()
    told = "\0".join(["getoond", *map(repr, content)]).encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:_LENGTH]
