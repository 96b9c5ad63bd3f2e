"""The page where everybody starts the day; each room tells its own part of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Actor, Permission
from loket.datum import met_weekdag
from loket.web import now

bp = Blueprint("vandaag", __name__)
MOST_SHOWN = 8
"""Lines of one part: the page says what comes first, the list behind it has all."""


@dataclass(frozen=True)
class Plek:
    """Where a line leads: a door and what it asks."""

    endpoint: str
    vraag: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """The address, made within a request."""
        arguments: dict[str, Any] = dict(self.vraag)
        return url_for(self.endpoint, **arguments)


@dataclass(frozen=True)
class Regel:
    """One line: what it is about, what is to be done, since when and until when."""

    titel: str
    plek: Plek | None
    wat: str = ""
    naam: str = ""
    """Of the cliënt; the query that gives it records that it was shown."""
    sinds: date | datetime | None = None
    moment: datetime | None = None
    """When somebody is expected somewhere."""
    uiterlijk: date | None = None
    dagen: int | None = None

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen is not None and self.dagen < 0


@dataclass(frozen=True)
class Deel:
    """One part of the page: a heading, at most a handful of lines, and the rest."""

    titel: str
    regels: Sequence[Regel]
    leeg: str
    """What it means that there is nothing, and how something comes here."""
    meer: Plek | None = None
    meer_tekst: str = ""
    uitleg: str = ""
    kop: str = "Dossier"
    """Name of the first column."""
    sinds_kop: str = "Sinds"
    _most: int = field(default=MOST_SHOWN, repr=False)

    @property
    def getoond(self) -> Sequence[Regel]:
        """The lines that fit."""
        return self.regels[: self._most]

    @property
    def is_more(self) -> bool:
        """Whether there are more than fit."""
        return len(self.regels) > self._most

    def has(self, name: str) -> bool:
        """Whether any line fills this column."""
        return any(getattr(each, name) not in ("", None) for each in self.regels)


DeelMaker = Callable[[Session, Actor, datetime], Iterable[Deel]]
"""What a room has to say to this actor today; nothing when it is not for them."""


@bp.get("/vandaag")
@requires(Permission.START_READ)
def show_vandaag() -> ResponseReturnValue:
    """Show what is due, what came in, what waits and what is next."""
    makers: tuple[DeelMaker, ...] = current_app.extensions["loket"].delen
    delen = [deel for make in makers for deel in make(g.session, g.actor, now())]
    return render_template(
        "vandaag/vandaag.html",
        # what asks for something comes before what is quiet
        delen=[deel for deel in delen if deel.regels],
        rustig=[deel for deel in delen if not deel.regels],
        dag=met_weekdag(termijnen.dag_van(now())),
        may_set_up=g.actor.may(Permission.BEHEER_CHANGE),
        may_collegas=g.actor.may(Permission.COLLEGA_MANAGE),
        may_register=g.actor.may(Permission.MELDING_REGISTER),
        may_contact=g.actor.may(Permission.DOSSIER_UPDATE),
        may_call=g.actor.may(Permission.WERKVOORRAAD_READ),
    )
