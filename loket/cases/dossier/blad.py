"""The page of one dossier while it is made: its parts, and what is asked only once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from loket import termijnen
from loket.authz import Actor
from loket.cases.dossier import queries_blad
from loket.cases.dossier.dossier import Dossier, Werkvoorraad

P = ParamSpec("P")
T = TypeVar("T")


class Blad:
    """Whose page it is, and what its parts found out for each other.

    The dossier was found within the rows of this actor, and the look was recorded; so
    a part may ask by the id of the dossier. What two parts need, both ask through
    `once`: the database hears it one time.
    """

    def __init__(
        self,
        session: Session,
        by: Actor,
        at: datetime,
        dossier: Dossier,
        regel: Werkvoorraad | None,
    ) -> None:
        self.session = session
        self.by = by
        self.at = at
        self.dossier = dossier
        self.regel = regel
        """Its line in the worklist."""
        self._known: dict[tuple[Any, ...], Any] = {}

    @property
    def vandaag(self) -> date:
        """The day on which the page is looked at."""
        return termijnen.dag_van(self.at)

    def once(
        self,
        ask: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return the answer to a question, asked now or when the page asked before."""
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in self._known:
            self._known[key] = ask(self.session, *args, **kwargs)
        found: T = self._known[key]
        return found


class Panel:
    """A part of the page that a room adds: a template and what it shows.

    A panel without a template has no part of its own on the page: it only brings steps
    and terms, or what belongs to one voorziening. Of the context the page itself reads
    `tijdlijn`, `termijnen` and `rechten`.
    """

    def __init__(
        self,
        titel: str,
        template: str = "",
        *,
        anker: str = "",
        bij: Mapping[UUID, Any] | None = None,
        bij_template: str = "",
        **context: Any,
    ) -> None:
        self.titel = titel
        self.template = template
        self.anker = anker
        """Name of this part in an address; it stays the same."""
        self.bij = bij or {}
        """What belongs to a voorziening, by its id; shown by `bij_template`."""
        self.bij_template = bij_template
        self.context = context

    def __getitem__(self, name: str) -> Any:
        """Let its template write `panel.name` for what it was given."""
        return self.context[name]


PanelMaker = Callable[[Blad], Panel | None]


def open_blad(
    session: Session, by: Actor, at: datetime, referentie: str, deel: str | None = None
) -> Blad:
    """Open the page of a dossier, or one part of it; the look is recorded.

    Raises:
        NotFound: it does not exist, or is not for this actor.
    """
    dossier, regel = queries_blad.read_with_line(session, by, at, referentie, deel)
    return Blad(session, by, at, dossier, regel)
