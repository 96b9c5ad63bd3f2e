"""Small numbers: below five nobody may be recognised, also not by subtraction."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5
"""Smallest count that is shown; zero is shown, for it is nobody."""

Key = TypeVar("Key", bound=Hashable)


def suppress(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Hide counts of one to four; with one hidden, hide the next smallest too.

    A single hidden count could be computed from the total and the others. Zero
    cannot be the second one: everybody would know what is left.
    """
    hidden = {key for key, count in counts.items() if 0 < count < LEAST}
    if len(hidden) == 1:
        others = [key for key in counts if key not in hidden and counts[key]]
        if others:
            hidden.add(min(others, key=lambda key: counts[key]))
    return {key: None if key in hidden else count for key, count in counts.items()}
