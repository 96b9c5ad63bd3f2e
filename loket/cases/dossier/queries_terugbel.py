"""Who is to be called back: only what lies with this actor is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import list_colleagues, staff_names
from loket.accounts.queries_team import list_teams, replaced_by, teams_of_staff
from loket.accounts.team import Team
from loket.accounts.user import User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import GRANTS, Actor, Permission, Role
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    DossierToegang,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import visible, within_reach
from loket.cases.dossier.terugbelverzoek import (
    Geadresseerde,
    Terugbelpoging,
    Terugbelverzoek,
    Wie,
)
from loket.errors import NotFound

PER_PAGE = 25
ROLLEN = tuple(
    rol for rol, granted in GRANTS.items() if Permission.WERKVOORRAAD_READ in granted
)
"""Roles that have a list to call from."""


@dataclass(frozen=True)
class TerugbelRegel:
    """One line: whom to call, for whom it lies, how often it was tried."""

    id: UUID
    naam: str
    dossier: str | None
    voor: str
    vervangt: bool
    """Whether it lies with somebody whom the reader replaces."""
    spoed: bool
    gemaakt: datetime
    uiterlijk: date
    dagen: int
    pogingen: int
    ligt_hier: bool = True
    """Whether the reader is one of those who may call, and so may open it."""

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen < 0


@dataclass(frozen=True)
class Terugbelpagina:
    """One page of lines, the first day first, and where the next begins."""

    regels: Sequence[TerugbelRegel]
    volgende: str | None


@dataclass(frozen=True)
class _Bureau:
    """Where requests for this actor lie on a day."""

    replaced: set[UUID]
    teams: list[UUID]

    def has(self, verzoek: Terugbelverzoek, by: Actor) -> bool:
        """Whether a request lies here."""
        return (
            verzoek.voor_user_id in {by.id, *self.replaced}
            or verzoek.voor_team_id in self.teams
            or verzoek.voor_rol in by.rollen
        )


def list_terugbellen(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    wie: Wie = Wie.ALLE,
    na: str | None = None,
    most: int = PER_PAGE,
) -> Terugbelpagina:
    """Return one page of open requests; whose names were shown is recorded once."""
    today = termijnen.dag_van(at)
    bureau = _bureau(session, by, today)
    here = tuple_(Terugbelverzoek.uiterlijk, Terugbelverzoek.id)
    beyond = [here > _read_cursor(na)] if na else []
    rows = session.execute(
        select(Terugbelverzoek, Inwoner, Dossier.referentie)
        .outerjoin(Inwoner, Inwoner.id == Terugbelverzoek.inwoner_id)
        .outerjoin(Dossier, Dossier.id == Terugbelverzoek.dossier_id)
        .where(
            Terugbelverzoek.done_at.is_(None), _lies_with(by, bureau, wie), _seen(by)
        )
        .where(*beyond)
        .order_by(Terugbelverzoek.uiterlijk, Terugbelverzoek.id)
        .limit(most + 1)
    ).all()
    shown = rows[:most]
    found = [verzoek for verzoek, _, _ in shown]
    tries = _count_tries(session, [each.id for each in found])
    names = names_of(session, found)
    record(
        session,
        by,
        Action.WERKVOORRAAD_READ,
        at=at,
        subjects={each.inwoner_id or each.id for each in found},
        grond="terugbellen",
    )
    last = found[-1] if len(rows) > most else None
    return Terugbelpagina(
        [
            TerugbelRegel(
                id=each.id,
                naam=caller(each, inwoner),
                dossier=referentie,
                voor=names[each.id],
                vervangt=each.voor_user_id in bureau.replaced,
                spoed=each.spoed,
                gemaakt=each.made_at,
                uiterlijk=each.uiterlijk,
                dagen=(each.uiterlijk - today).days,
                pogingen=tries.get(each.id, 0),
                ligt_hier=bureau.has(each, by),
            )
            for each, inwoner, referentie in shown
        ],
        f"{last.uiterlijk.isoformat()}_{last.id}" if last else None,
    )


def lies_here(
    session: Session, by: Actor, at: datetime, verzoek: Terugbelverzoek
) -> bool:
    """Tell whether this actor is one of those who may call."""
    return _bureau(session, by, termijnen.dag_van(at)).has(verzoek, by)


def get_terugbelverzoek(
    session: Session, by: Actor, at: datetime, terugbelverzoek_id: UUID
) -> Terugbelverzoek:
    """Return a request that lies with this actor, done or not, to act on.

    Raises:
        NotFound: unknown, of another gemeente, for somebody else, or shielded.
    """
    bureau = _bureau(session, by, termijnen.dag_van(at))
    verzoek = session.scalar(
        select(Terugbelverzoek)
        .outerjoin(Dossier, Dossier.id == Terugbelverzoek.dossier_id)
        .where(
            Terugbelverzoek.id == terugbelverzoek_id,
            _lies_with(by, bureau, Wie.ALLE),
            _seen(by),
        )
        .with_for_update(of=Terugbelverzoek)
    )
    if verzoek is None:
        raise NotFound("Dit terugbelverzoek bestaat niet, of ligt bij iemand anders.")
    return verzoek


def read_terugbelverzoek(
    session: Session, by: Actor, at: datetime, terugbelverzoek_id: UUID
) -> Terugbelverzoek:
    """Return a request to show its number and note; the look is recorded."""
    verzoek = get_terugbelverzoek(session, by, at, terugbelverzoek_id)
    record(session, by, Action.TERUGBELVERZOEK_READ, verzoek, at=at)
    return verzoek


def list_pogingen(
    session: Session, verzoek: Terugbelverzoek
) -> Sequence[Terugbelpoging]:
    """Return when nobody was reached, the last time first."""
    return session.scalars(
        select(Terugbelpoging)
        .where(Terugbelpoging.terugbelverzoek_id == verzoek.id)
        .order_by(Terugbelpoging.at.desc(), Terugbelpoging.id.desc())
    ).all()


def open_in_dossier(
    session: Session, dossier_id: UUID
) -> list[tuple[Terugbelverzoek, str]]:
    """Return who is to be called back about a dossier, each with who will do it."""
    rows = session.execute(
        select(Terugbelverzoek, User.naam, Team.naam)
        .outerjoin(User, User.id == Terugbelverzoek.voor_user_id)
        .outerjoin(Team, Team.id == Terugbelverzoek.voor_team_id)
        .where(
            Terugbelverzoek.dossier_id == dossier_id, Terugbelverzoek.done_at.is_(None)
        )
        .order_by(Terugbelverzoek.uiterlijk, Terugbelverzoek.id)
        .limit(PER_PAGE)
    )
    return [
        (
            each,
            role_name(each.voor_rol)
            if each.voor_rol
            else (f"Team {team}" if team else person or "Onbekend"),
        )
        for each, person, team in rows
    ]


def ids_here(session: Session, by: Actor, at: datetime, dossier_id: UUID) -> set[UUID]:
    """Return the open requests about a dossier that this actor may open."""
    bureau = _bureau(session, by, termijnen.dag_van(at))
    asked = select(Terugbelverzoek.id).outerjoin(
        Dossier, Dossier.id == Terugbelverzoek.dossier_id
    )
    return set(
        session.scalars(
            asked.where(
                Terugbelverzoek.dossier_id == dossier_id,
                Terugbelverzoek.done_at.is_(None),
                _lies_with(by, bureau, Wie.ALLE),
                _seen(by),
            )
        )
    )


def addressees(
    session: Session, by: Actor, day: date
) -> dict[str, tuple[Geadresseerde, str]]:
    """Return who can be asked to call back, by the choice of a form, with a name."""
    people = [
        (Geadresseerde(user_id=each.id), each.naam)
        for each in list_colleagues(session, by, day)
    ]
    teams = [
        (Geadresseerde(team_id=each.id), f"Team {each.naam}")
        for each in list_teams(session, by)
    ]
    roles = [(Geadresseerde(rol=rol), role_name(rol)) for rol in ROLLEN]
    return {voor.sleutel: (voor, naam) for voor, naam in (*people, *teams, *roles)}


def is_shielded_from(
    session: Session, verzoek: Terugbelverzoek, voor: Geadresseerde
) -> bool:
    """Tell whether the addressee may not see a dossier of who is to be called.

    A shielded dossier is for named people, so never for a team or a role.
    """
    named = exists().where(
        DossierToegang.dossier_id == Dossier.id,
        DossierToegang.user_id == voor.user_id,
    )
    of_client = Dossier.id.in_(
        select(Betrokkene.dossier_id).where(
            Betrokkene.inwoner_id == verzoek.inwoner_id,
            Betrokkene.rol == BetrokkeneRol.CLIENT,
        )
    )
    hidden = (
        exists()
        .where((Dossier.id == verzoek.dossier_id) | of_client)
        .where(Dossier.afgeschermd.is_(True), ~named)
    )
    return bool(session.scalar(select(hidden)))


def names_of(session: Session, found: Sequence[Terugbelverzoek]) -> dict[UUID, str]:
    """Return with whom each request lies, in two questions at most."""
    people = {each.voor_user_id for each in found if each.voor_user_id}
    teams = {each.voor_team_id for each in found if each.voor_team_id}
    names = staff_names(session, sorted(people))
    asked = select(Team.id, Team.naam).where(Team.id.in_(teams))
    names |= {id_: f"Team {naam}" for id_, naam in session.execute(asked)}
    return {
        each.id: role_name(each.voor_rol)
        if each.voor_rol
        else names.get(each.voor_user_id or each.voor_team_id or each.id, "Onbekend")
        for each in found
    }


def caller(verzoek: Terugbelverzoek, inwoner: Inwoner | None) -> str:
    """Name who is to be called, as far as that is known."""
    known = inwoner.naam if inwoner else ""
    told = verzoek.naam or ""
    if known and told:
        return f"{told}, over {known}"
    return told or known or "Naam onbekend"


def role_name(rol: Role) -> str:
    """Write a role as the words of the screen do."""
    return rol.value.replace("_", " ").capitalize()


def _bureau(session: Session, by: Actor, today: date) -> _Bureau:
    mine = teams_of_staff(session, by, today).get(by.id, [])
    return _Bureau(set(replaced_by(session, by, today)), [team.id for team in mine])


def _lies_with(by: Actor, bureau: _Bureau, wie: Wie) -> ColumnElement[bool]:
    """Choose what lies with the reader, or what the reader asked of anybody."""
    parts = {
        Wie.MIJ: Terugbelverzoek.voor_user_id.in_({by.id, *bureau.replaced}),
        Wie.TEAM: Terugbelverzoek.voor_team_id.in_(bureau.teams),
        Wie.ROL: Terugbelverzoek.voor_rol.in_(by.rollen),
    }
    own = Terugbelverzoek.gemeente_code.in_(by.gemeenten)
    if wie is Wie.GEVRAAGD:
        return own & (Terugbelverzoek.made_by_id == by.id)
    chosen = list(parts.values()) if wie is Wie.ALLE else [parts[wie]]
    return own & or_(false(), *chosen)


def _seen(by: Actor) -> ColumnElement[bool]:
    """Leave out what is about somebody in a dossier that was shielded from them."""
    hidden = (
        exists()
        .where(
            Betrokkene.inwoner_id == Terugbelverzoek.inwoner_id,
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Betrokkene.dossier_id.in_(
                select(Dossier.id)
                .where(Dossier.afgeschermd.is_(True), ~within_reach(by))
                .correlate(None)
            ),
        )
        .correlate(Terugbelverzoek)
    )
    return or_(Terugbelverzoek.dossier_id.is_(None), visible(by)) & ~hidden


def _count_tries(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(Terugbelpoging.terugbelverzoek_id, func.count())
        .where(Terugbelpoging.terugbelverzoek_id.in_(ids))
        .group_by(Terugbelpoging.terugbelverzoek_id)
    )
    return {row[0]: row[1] for row in rows}


def _read_cursor(text: str) -> tuple[date, UUID]:
    day, _, id_ = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(id_)
    except ValueError:
        raise NotFound from None
