"""How much work everybody has, weighed per fase, against the norm of the gemeente."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling, list_staff, staff_names
from loket.accounts.queries_team import absent_on, teams_of_staff
from loket.accounts.vervanging import Vervanging
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Werkvoorraad
from loket.cases.werkvoorraad.queries import NOBODY, open_lines, visible_lines

FULL = 100


@dataclass(frozen=True)
class Norm:
    """What fits one consulent, and how heavy a case weighs per fase."""

    zaken: int | None
    """Weighed cases; None when the gemeente set no norm."""
    gewichten: Mapping[str, int]
    """Percentages by fase; a fase that is not there weighs 100."""

    def weigh(self, fasen: Mapping[str, int]) -> float:
        """Return the weighed number of cases, given how many there are per fase."""
        whole = sum(
            many * self.gewichten.get(fase, FULL) for fase, many in fasen.items()
        )
        return round(whole / FULL, 1)


@dataclass(frozen=True)
class Caseload:
    """The work of one consulent today."""

    user_id: UUID
    naam: str
    zaken: int
    gewogen: float
    norm: int | None
    teams: Sequence[str]
    vervangingen: Sequence[Vervanging]
    """Who does the work meanwhile; empty when somebody is there."""
    werkt_hier: bool
    """Whether this person still is a consulent here: else the work must move."""

    @property
    def ruimte(self) -> float | None:
        """Weighed cases that still fit; negative is over the norm."""
        return None if self.norm is None else round(self.norm - self.gewogen, 1)

    @property
    def is_over(self) -> bool:
        """Whether this is more than the norm."""
        return self.norm is not None and self.gewogen > self.norm


@dataclass(frozen=True)
class Werkverdeling:
    """Everybody's work, and what nobody has yet."""

    consulenten: list[Caseload]
    onverdeeld: int
    norm: Norm


def norm_op(session: Session, by: Actor, day: date) -> Norm:
    """Return the norm of the gemeente that holds on a day."""
    zaken = instelling(session, by.gemeente_code, "caseload_norm", day)
    gewichten = instelling(session, by.gemeente_code, "caseload_gewichten", day)
    return Norm(
        int(zaken) if zaken else None,
        {str(fase): int(weight) for fase, weight in (gewichten or {}).items()},
    )


def werkverdeling(
    session: Session, by: Actor, at: datetime, *, team_id: UUID | None = None
) -> Werkverdeling:
    """Return the caseload of every consulent, the fullest first.

    Counts what this actor may see: shielded dossiers of others are not in it.
    """
    today = termijnen.dag_van(at)
    norm = norm_op(session, by, today)
    counted = _counted(session, by)
    staff = {
        each.id: each.naam for each in list_staff(session, by, Role.CONSULENT, today)
    }
    gone = [each for each in counted if each not in staff and each != NOBODY]
    names = staff | (staff_names(session, gone) if gone else {})
    teams = teams_of_staff(session, by, today)
    absent = absent_on(session, by, today)
    lines = [
        Caseload(
            user_id=user_id,
            naam=naam,
            zaken=sum(counted.get(user_id, {}).values()),
            gewogen=norm.weigh(counted.get(user_id, {})),
            norm=norm.zaken,
            teams=[team.naam for team in teams.get(user_id, [])],
            vervangingen=absent.get(user_id, []),
            werkt_hier=user_id in staff,
        )
        for user_id, naam in names.items()
        if team_id is None or team_id in {each.id for each in teams.get(user_id, [])}
    ]
    return Werkverdeling(
        sorted(lines, key=lambda each: (-each.gewogen, each.naam)),
        onverdeeld=sum(counted.get(NOBODY, {}).values()),
        norm=norm,
    )


def _counted(session: Session, by: Actor) -> dict[UUID, dict[str, int]]:
    """Count the open lines by person and fase: one walk over an index."""
    rows = session.execute(
        select(Werkvoorraad.behandelaar_id, Werkvoorraad.fase, func.count())
        .where(*visible_lines(by), open_lines())
        .group_by(Werkvoorraad.behandelaar_id, Werkvoorraad.fase)
    )
    found: dict[UUID, dict[str, int]] = {}
    for user_id, fase, many in rows:
        found.setdefault(user_id, {})[fase.value] = many
    return found
