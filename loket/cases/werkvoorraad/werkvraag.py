"""What somebody asks of the worklist: whose work, which part, in what order."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from loket.cases.dossier.dossier import NO_TERM, Fase
from loket.cases.producten.product import Domein

LAST_DAY = date.fromisoformat(NO_TERM)
"""Where lines without a clock stand in order of term."""
PER_PAGE = 25


class Wiens(StrEnum):
    """Whose work is shown."""

    ALLE = "alle"
    MIJ = "mij"
    VERVANGING = "vervanging"
    """Of colleagues whom this person replaces today."""
    NIEMAND = "niemand"


class Sorteer(StrEnum):
    """In what order; a minus turns it around."""

    TERMIJN = "termijn"
    TERMIJN_OM = "-termijn"
    ONTVANGEN = "ontvangen"
    ONTVANGEN_OM = "-ontvangen"

    @property
    def is_reversed(self) -> bool:
        """Whether the last comes first."""
        return self.value.startswith("-")

    @property
    def by_receipt(self) -> bool:
        """Whether the day of receipt decides, not the last day."""
        return self in {Sorteer.ONTVANGEN, Sorteer.ONTVANGEN_OM}


class Leeftijd(StrEnum):
    """Days since receipt: around the six and eight weeks of Wmo 2.3.2 and 2.3.5."""

    WEEK = "0-7"
    ZES_WEKEN = "8-42"
    ACHT_WEKEN = "43-56"
    OUDER = "57-"

    def period(self, today: date) -> tuple[date, date]:
        """Return the first and last day of receipt that this age means."""
        young, _, old = self.value.partition("-")
        first = today - timedelta(days=int(old)) if old else date.min
        return first, today - timedelta(days=int(young))


class Resterend(StrEnum):
    """Days that are left: the bands in which the list signals."""

    TE_LAAT = "te_laat"
    DRIE_DAGEN = "0-3"
    WEEK = "4-7"
    TWEE_WEKEN = "8-14"
    RUIM = "15-"
    GEEN = "geen"
    """No clock runs."""

    def period(self, today: date) -> tuple[date, date]:
        """Return between which last days a line falls in this band."""
        if self is Resterend.TE_LAAT:
            return date.min, today - timedelta(days=1)
        if self is Resterend.GEEN:
            return LAST_DAY, LAST_DAY
        near, _, far = self.value.partition("-")
        last = today + timedelta(days=int(far)) if far else LAST_DAY - timedelta(days=1)
        return today + timedelta(days=int(near)), last


class Kolom(StrEnum):
    """What a line can tell; the reference always stands there."""

    CLIENT = "client"
    STATUS = "status"
    FASE = "fase"
    TERM = "term"
    OVER = "over"
    CONSULENT = "consulent"
    TEAM = "team"
    PC4 = "pc4"
    ONTVANGEN = "ontvangen"
    LEEFTIJD = "leeftijd"
    UITERLIJK = "uiterlijk"
    RESTEREND = "resterend"


STANDAARD = (
    Kolom.CLIENT,
    Kolom.FASE,
    Kolom.STATUS,
    Kolom.OVER,
    Kolom.CONSULENT,
    Kolom.ONTVANGEN,
    Kolom.UITERLIJK,
    Kolom.RESTEREND,
)
"""The columns of who chose none."""


@dataclass(frozen=True)
class Filter:
    """What part of the worklist is asked for, and how it is shown."""

    fase: Fase | None = None
    wiens: Wiens = Wiens.ALLE
    consulent_id: UUID | None = None
    team_id: UUID | None = None
    domein: Domein | None = None
    pc4: str | None = None
    """Four digits of a postcode, or the first ones of an area."""
    leeftijd: Leeftijd | None = None
    resterend: Resterend | None = None
    te_laat: bool = False
    spoed: bool = False
    sorteer: Sorteer = Sorteer.TERMIJN
    kolommen: tuple[Kolom, ...] = STANDAARD
    per: int = PER_PAGE
    na: str | None = None
    voor: str | None = None
