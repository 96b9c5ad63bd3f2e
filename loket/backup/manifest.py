"""What a copy says about itself: no personal data, only counts, sizes and versions."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loket.processes import StartProblem

FORMAT = 1
FILE = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One sealed file of a copy."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A copy of one of the two databases."""

    chain: str
    """`gegevens` or `sleutelkluis`."""
    name: str
    """Of the folder: the moment, in UTC, and a random tail."""
    pair: str
    """The same in the two copies that were made of one moment."""
    taken_at: str
    """Moment of the snapshot: what was acknowledged before it, is in the copy."""
    ended_at: str
    program: str
    revision: str
    postgres: int
    """Major version of the server."""
    archiver: int
    """Major version of the pg_dump that wrote it."""
    lsn: str
    recipients: tuple[str, ...]
    roles: tuple[str, ...]
    """Roles that have rights in it: they must be there before it is put back."""
    rows: dict[str, int]
    """Rows of every table that is in the copy."""
    parts: tuple[Part, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)

    def write(self, folder: Path) -> None:
        """Write it beside the parts."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it.

        Raises:
            StartProblem: it is no copy, or one of a newer program.
        """
        try:
            held: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
            if held["format"] > FORMAT:
                raise StartProblem(
                    f"De reservekopie {folder.name} is gemaakt met een nieuwere versie"
                    f" van Loket ({held.get('program', 'onbekend')}).\n"
                    "Wat u kunt doen: zet haar terug met die versie of een nieuwere."
                )
            held["parts"] = tuple(Part(**part) for part in held["parts"])
            for name in ("recipients", "roles"):
                held[name] = tuple(held[name])
            _check_names([part.name for part in held["parts"]])
            return cls(**held)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StartProblem(
                f"{folder} is geen reservekopie van Loket: {FILE} ontbreekt of is niet"
                " te lezen.\nWat u kunt doen: geef de map van één kopie op; 'loket"
                " backup list' noemt ze."
            ) from error


def _check_names(names: list[str]) -> None:
    """Refuse a copy without parts, and a part that lies elsewhere.

    Raises:
        ValueError: it has none, or one whose name leads out of its folder.
    """
    if not names or any(Path(name).name != name for name in names):
        raise ValueError("parts")
