"""Finding emergency access: what is open now, and what waits for the officer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.noodtoegang import Noodtoegang
from loket.errors import NotFound

MOST = 50


def dossiers_in_nood(session: Session, user_id: UUID, at: datetime) -> frozenset[UUID]:
    """Return the dossiers that are open to this person by emergency access."""
    return frozenset(
        session.scalars(
            select(Noodtoegang.dossier_id).where(
                Noodtoegang.user_id == user_id,
                Noodtoegang.opened_at <= at,
                Noodtoegang.tot > at,
            )
        )
    )


def standing(
    session: Session, by: Actor, at: datetime, dossier_id: UUID
) -> Noodtoegang | None:
    """Return the access this actor has to a dossier now."""
    return session.scalar(
        select(Noodtoegang).where(
            Noodtoegang.dossier_id == dossier_id,
            Noodtoegang.user_id == by.id,
            Noodtoegang.tot > at,
        )
    )


def is_client_in_nood(session: Session, by: Actor, inwoner_id: UUID) -> bool:
    """Whether this person is the cliënt of a dossier opened in an emergency."""
    if not by.nood:
        return False
    return (
        session.scalar(
            select(Betrokkene.id).where(
                Betrokkene.inwoner_id == inwoner_id,
                Betrokkene.rol == BetrokkeneRol.CLIENT,
                Betrokkene.dossier_id.in_(by.nood),
            )
        )
        is not None
    )


def list_noodtoegang(
    session: Session, by: Actor, *, reviewed: bool, most: int = MOST
) -> Sequence[tuple[Noodtoegang, str]]:
    """Return accesses with the reference of their dossier: what is due first on top.

    Those that were reviewed come with the newest first.
    """
    lines = select(Noodtoegang, Dossier.referentie).join(
        Dossier, Dossier.id == Noodtoegang.dossier_id
    )
    lines = lines.where(Noodtoegang.gemeente_code.in_(by.gemeenten))
    if reviewed:
        lines = lines.where(Noodtoegang.reviewed_at.is_not(None)).order_by(
            Noodtoegang.reviewed_at.desc(), Noodtoegang.id.desc()
        )
    else:
        lines = lines.where(Noodtoegang.reviewed_at.is_(None)).order_by(
            Noodtoegang.uiterlijk, Noodtoegang.id
        )
    return [(each, ref) for each, ref in session.execute(lines.limit(most))]


def get_noodtoegang(
    session: Session, by: Actor, noodtoegang_id: UUID
) -> tuple[Noodtoegang, str]:
    """Return one access with the reference of its dossier.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    found = session.execute(
        select(Noodtoegang, Dossier.referentie)
        .join(Dossier, Dossier.id == Noodtoegang.dossier_id)
        .where(
            Noodtoegang.id == noodtoegang_id,
            Noodtoegang.gemeente_code.in_(by.gemeenten),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Deze noodtoegang bestaat niet.")
    return found[0], found[1]


def waits_for_review(session: Session, gemeente_code: str) -> bool:
    """Whether the officers of this gemeente have an access to review."""
    return (
        session.scalar(
            select(Noodtoegang.id)
            .where(
                Noodtoegang.gemeente_code == gemeente_code,
                Noodtoegang.reviewed_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )
