"""The open tasks of somebody and of their roles, whatever the dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import staff_names
from loket.accounts.queries_team import replaced_by
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import visible
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.errors import NotFound

MOST_SHOWN = 50


class VoorWie(StrEnum):
    """Whose tasks are asked for."""

    MIJ = "mij"
    """Asked of this person, or of somebody who is absent and replaced by them."""
    ROL = "rol"
    ALLE = "alle"
    """Everybody's: for who divides the work."""


@dataclass(frozen=True)
class TaakFilter:
    """What part of the tasks is asked for."""

    soort: TaakSoort | None = None
    voor: VoorWie | None = None
    """Nothing asked is what is theirs and what is of their roles."""
    te_laat: bool = False
    uitgesteld: bool = False
    """Those that wait for a later reminder, and no others."""


@dataclass(frozen=True)
class OpenTaak:
    """One line: what, for whom, and the letter it is about if there is one."""

    id: UUID
    soort: TaakSoort
    onderwerp_id: UUID | None
    dossier: str
    naam: str
    uiterlijk: date
    herinneren_op: date | None
    dagen: int
    voor: str
    brief: DocumentSoort | None
    brief_referentie: str | None

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen < 0


def list_taken(session: Session, dossier_id: UUID) -> Sequence[Taak]:
    """Return the tasks of a dossier, open ones first, in order of their last day."""
    return session.scalars(
        select(Taak)
        .where(Taak.dossier_id == dossier_id)
        .order_by(Taak.done_at.desc().nulls_first(), Taak.uiterlijk, Taak.id)
    ).all()


def list_open_of(session: Session, dossier_id: UUID) -> Sequence[Taak]:
    """Return the open tasks of a dossier, in order of their last day."""
    return session.scalars(
        select(Taak)
        .where(Taak.dossier_id == dossier_id, Taak.done_at.is_(None))
        .order_by(Taak.uiterlijk, Taak.id)
    ).all()


def get_taak(session: Session, dossier_id: UUID, taak_id: UUID) -> Taak:
    """Return one task of a dossier."""
    taak = session.scalar(
        select(Taak).where(Taak.id == taak_id, Taak.dossier_id == dossier_id)
    )
    if taak is None:
        raise NotFound("Deze taak bestaat niet.")
    return taak


def list_open_taken(
    session: Session,
    by: Actor,
    at: datetime,
    wanted: TaakFilter | None = None,
    most: int = MOST_SHOWN,
) -> list[OpenTaak]:
    """Return the tasks for this actor, the first day first; one more than asked.

    Whose names were shown is recorded once.
    """
    today = termijnen.dag_van(at)
    asked = _asked(session, by, wanted or TaakFilter(), today)
    first = _first(by, asked, most + 1).subquery()
    found = session.execute(
        select(Taak, Dossier.referentie, Inwoner, Document.soort, Document.referentie)
        .join(first, first.c.id == Taak.id)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .outerjoin(
            Document,
            (Document.id == Taak.onderwerp_id) & (Document.dossier_id == Dossier.id),
        )
        .where(Betrokkene.rol == BetrokkeneRol.CLIENT)
        .order_by(Taak.uiterlijk, Taak.id)
    ).all()
    clients = {client.id for _, _, client, _, _ in found}
    record(
        session, by, Action.WERKVOORRAAD_READ, at=at, subjects=clients, grond="taken"
    )
    ids = {taak.voor_user_id for taak, *_ in found if taak.voor_user_id}
    names = staff_names(session, list(ids - {by.id}))
    return [
        OpenTaak(
            id=taak.id,
            soort=taak.soort,
            onderwerp_id=taak.onderwerp_id,
            dossier=referentie,
            naam=client.naam,
            uiterlijk=taak.uiterlijk,
            herinneren_op=taak.herinneren_op,
            dagen=(taak.uiterlijk - today).days,
            voor=_whose(by, taak, names),
            brief=soort,
            brief_referentie=brief,
        )
        for taak, referentie, client, soort, brief in found
    ]


def _first(by: Actor, asked: Sequence[ColumnElement[bool]], most: int) -> Select[UUID]:
    """Choose the tasks: people and letters are looked up for these only."""
    return (
        select(Taak.id)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .where(Taak.done_at.is_(None), visible(by), *asked)
        .order_by(Taak.uiterlijk, Taak.id)
        .limit(most)
    )


def has_open_taak(session: Session, user_id: UUID, day: date) -> bool:
    """Whether a task waits for this person, not counting what waits for a reminder."""
    waiting = select(Taak.id).where(
        Taak.voor_user_id == user_id,
        Taak.done_at.is_(None),
        Taak.herinneren_op.is_(None) | (Taak.herinneren_op <= day),
    )
    return session.scalar(waiting.limit(1)) is not None


def read_taak(
    session: Session, by: Actor, at: datetime, dossier: Dossier, taak_id: UUID
) -> Taak:
    """Return one task to show its note; the look is recorded."""
    taak = get_taak(session, dossier.id, taak_id)
    record(session, by, Action.TAAK_READ, taak, at=at)
    return taak


def is_meant_for(session: Session, by: Actor, at: datetime, taak: Taak) -> bool:
    """Whether this person was asked: in person, in a role, or for who is absent."""
    if taak.voor_user_id == by.id or taak.voor_rol in by.rollen:
        return True
    return taak.voor_user_id in replaced_by(session, by, termijnen.dag_van(at))


def _whose(by: Actor, taak: Taak, names: dict[UUID, str]) -> str:
    if taak.voor_user_id == by.id:
        return "U"
    if taak.voor_user_id:
        return names.get(taak.voor_user_id, "Onbekend")
    if taak.voor_rol in by.rollen:
        return "Uw rol"
    return taak.voor_rol.value.replace("_", " ").capitalize() if taak.voor_rol else ""


def _asked(
    session: Session, by: Actor, wanted: TaakFilter, today: date
) -> list[ColumnElement[bool]]:
    conditions = _of_whom(session, by, wanted.voor, today)
    waits = Taak.herinneren_op > today
    conditions.append(
        waits if wanted.uitgesteld else (Taak.herinneren_op.is_(None) | ~waits)
    )
    if wanted.soort:
        conditions.append(Taak.soort == wanted.soort)
    if wanted.te_laat:
        conditions.append(Taak.uiterlijk < today)
    return conditions


def _of_whom(
    session: Session, by: Actor, voor: VoorWie | None, today: date
) -> list[ColumnElement[bool]]:
    mine = Taak.voor_user_id.in_([by.id, *replaced_by(session, by, today)])
    of_role = Taak.voor_rol.in_(by.rollen)
    if voor is VoorWie.ALLE and by.may(Permission.DOSSIER_ASSIGN):
        return []
    if voor is VoorWie.MIJ:
        return [mine]
    return [of_role] if voor is VoorWie.ROL else [mine | of_role]
