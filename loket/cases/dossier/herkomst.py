"""Where data came from, and for which of that the Act asks consent."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

_LIST = Path(__file__).parents[2] / "data" / "toestemming.csv"


class Herkomst(StrEnum):
    """From whom we have something (Wmo art. 5.1.1)."""

    INWONER = "inwoner"
    LOKET = "loket"
    NETWERK = "netwerk"
    AANBIEDER = "aanbieder"
    JEUGD = "jeugd"
    PARTICIPATIE = "participatie"
    SCHULDHULP = "schuldhulp"
    ZORGVERZEKERAAR = "zorgverzekeraar"
    ZORGAANBIEDER = "zorgaanbieder"
    CIZ = "ciz"
    """May tell that a Wlz indication exists, without consent (art. 5.2.5 lid 3)."""
    ANDERS = "anders"


@dataclass(frozen=True)
class Toestemmingseis:
    """A case in which data are used only with the consent of the person."""

    herkomst: Herkomst
    artikel: str
    tekst: str
    van: date
    tot: date | None

    def holds(self, dag: date) -> bool:
        """Whether the Act asks it on this day."""
        return self.van <= dag and (self.tot is None or dag <= self.tot)


@cache
def _eisen() -> tuple[Toestemmingseis, ...]:
    with _LIST.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Toestemmingseis(
                Herkomst(row["herkomst"]),
                row["artikel"],
                row["tekst"],
                date.fromisoformat(row["van"]),
                date.fromisoformat(row["tot"]) if row["tot"] else None,
            )
            for row in csv.DictReader(lines)
        )


def eisen_op(dag: date) -> Mapping[Herkomst, Toestemmingseis]:
    """Return the closed list of cases in which the Act asks consent on this day."""
    return MappingProxyType(
        {each.herkomst: each for each in _eisen() if each.holds(dag)}
    )
