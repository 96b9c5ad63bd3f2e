"""Rows with a period of validity: begin a new one, end one, take one back.

Every deed about such rows goes the same way: others wait, the page saw what stands
there, the day is right, and what changed is kept next to the trail.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loket.accounts.history import note, one_at_a_time
from loket.authz import Actor
from loket.datum import kort
from loket.errors import NotFound, RuleViolation
from loket.geldigheid import check_same, check_van, give_back, holds_on, make_room
from loket.termijnen import dag_van

Rij = TypeVar("Rij", bound=Any)
Words = Callable[[Any], Mapping[str, str]]
"""What a row says, field by field, as the page calls them."""


@dataclass(frozen=True)
class Vanaf:
    """From which day something changes, and why when that day has passed.

    Attributes:
        stand: what the page showed (`stand_of_rows`); None: nobody looked at a page.
    """

    van: date
    terugwerkend: bool = False
    reden: str = ""
    stand: str | None = None

    @classmethod
    def take(cls, answers: dict[str, Any]) -> "Vanaf":
        """Take it out of the answers of a `VanafSchema`."""
        names = ("van", "terugwerkend", "reden", "stand")
        return cls(**{name: answers.pop(name) for name in names})


def stand_of_rows(rows: Sequence[Any]) -> str:
    """Name what stands there now; another name means that somebody changed it."""
    seen = sorted((str(row.id), str(row.van), str(row.tot)) for row in rows)
    return sha256(repr(seen).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Perioden(Generic[Rij]):
    """The rows of one value in one gemeente, held for whoever changes them now."""

    session: Session
    by: Actor
    at: datetime
    soort: type[Rij]
    sleutel: str
    words: Words
    rows: list[Rij]

    @classmethod
    def hold(
        cls,
        session: Session,
        by: Actor,
        at: datetime,
        soort: type[Rij],
        *where: ColumnElement[bool],
        sleutel: str,
        words: Words,
    ) -> "Perioden[Rij]":
        """Find the rows, after whoever changes them at this moment."""
        one_at_a_time(session, by, soort.__tablename__, sleutel)
        found = session.scalars(
            select(soort)
            .where(soort.gemeente_code == by.gemeente_code, *where)
            .order_by(soort.van)
            .execution_options(populate_existing=True)
        ).all()
        return cls(session, by, at, soort, sleutel, words, list(found))

    def known(self) -> "Perioden[Rij]":
        """Refuse what the gemeente does not have.

        Raises:
            NotFound: there is not one such row.
        """
        if not self.rows:
            raise NotFound
        return self

    def check(self, vanaf: Vanaf) -> None:
        """Refuse a page that is behind, and a day in the past that was not meant."""
        if vanaf.stand is not None:
            check_same(vanaf.stand, stand_of_rows(self.rows))
        check_van(
            vanaf.van,
            dag_van(self.at),
            terugwerkend=vanaf.terugwerkend,
            reden=vanaf.reden,
        )

    def begin(self, new: Rij, vanaf: Vanaf) -> Rij:
        """Let a new row hold from a day; what held then ends the day before."""
        held = next((row for row in self.rows if holds_on(row, vanaf.van)), None)
        old = self.words(held) if held is not None else {}
        new.van = vanaf.van
        new.tot = make_room(self.rows, vanaf.van, new.tot)
        self.session.flush()  # the older period ends before the newer one begins
        self.session.add(new)
        self.session.flush()  # the trail names the new row
        self._note(
            {
                f"{label} vanaf {kort(new.van)}": (old.get(label, ""), text)
                for label, text in self.words(new).items()
            },
            vanaf.reden,
        )
        return new

    def end(self, vanaf: Vanaf, field: str = "van") -> Rij:
        """Let what holds stop after a day: its last one.

        Raises:
            RuleViolation: nothing holds on that day, or something begins after it.
        """
        later = next((row for row in self.rows if row.van > vanaf.van), None)
        if later is not None:
            raise RuleViolation(
                f"Er geldt al iets vanaf {kort(later.van)}. Trek dat eerst in, of kies"
                " een latere dag.",
                field,
            )
        held = next((row for row in self.rows if holds_on(row, vanaf.van)), None)
        if held is None:
            raise RuleViolation("Op deze dag geldt dit al niet meer.", field)
        old = kort(held.tot) if held.tot else ""
        held.tot = vanaf.van
        self.session.flush()  # a rule of the table says so here
        self._note({"Laatste dag": (old, kort(vanaf.van))}, vanaf.reden)
        return held

    def withdraw(self, row_id: UUID) -> Rij:
        """Take back a row that does not hold yet; the one before it holds on.

        Raises:
            NotFound: there is no such row.
            RuleViolation: it holds already, or something was made with it.
        """
        gone = next((row for row in self.rows if row.id == row_id), None)
        if gone is None:
            raise NotFound
        if gone.van <= dag_van(self.at):
            raise RuleViolation("Dit geldt al. Wijzig het vanaf een dag.")
        try:
            with self.session.begin_nested():
                self.session.delete(gone)
                self.session.flush()
        except IntegrityError:
            raise RuleViolation(
                "Dit is al gebruikt en kan niet meer worden ingetrokken."
            ) from None
        give_back([row for row in self.rows if row is not gone], gone)
        first = next(iter(self.words(gone).values()), "")
        self._note({f"Vanaf {kort(gone.van)}": (first, "Ingetrokken")}, "")
        return gone

    def _note(self, velden: Mapping[str, tuple[str, str]], reden: str) -> None:
        note(
            self.session,
            self.by,
            at=self.at,
            soort=self.soort.__tablename__,
            sleutel=self.sleutel,
            velden=velden,
            reden=reden,
        )
