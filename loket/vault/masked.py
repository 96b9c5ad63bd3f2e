"""A text that does not show itself in logs, tracebacks and job queues."""

from typing import Any, NoReturn, SupportsIndex

MASK = "•••"


class Masked(str):
    """Opened text: works as any `str`, but hides its repr and refuses pickle."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an opened value is not pickled")

    def __copy__(self) -> "Masked":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Masked":
        return self


def mask_bsn(value: str | None) -> str:
    """Show only the last four digits, for lists and headers."""
    return f"•••••{value[-4:]}" if value else ""
