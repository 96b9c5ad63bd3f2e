"""Keeping and showing what was changed in how the gemeente works."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from loket.accounts.wijziging import Wijziging
from loket.authz import Actor

MOST_SHOWN = 100


def note(
    session: Session,
    by: Actor,
    *,
    at: datetime,
    soort: str,
    sleutel: str,
    velden: Mapping[str, tuple[str, str]],
    reden: str = "",
) -> None:
    """Keep from what to what each field went; a field that stays is left out.

    Stands next to the trail line of the deed, never instead of it.
    """
    session.add_all(
        Wijziging(
            gemeente_code=by.gemeente_code,
            soort=soort,
            sleutel=sleutel,
            veld=veld,
            oud=oud,
            nieuw=nieuw,
            reden=reden.strip(),
            changed_at=at,
            changed_by_id=by.id,
        )
        for veld, (oud, nieuw) in velden.items()
        if oud != nieuw
    )


def list_wijzigingen(
    session: Session, by: Actor, soort: str, sleutel: str | None = None
) -> Sequence[Wijziging]:
    """Return what was changed of this kind (or of one of it), the newest first."""
    found = (
        select(Wijziging)
        .options(joinedload(Wijziging.changed_by))
        .where(Wijziging.gemeente_code.in_(by.gemeenten), Wijziging.soort == soort)
        .order_by(Wijziging.id.desc())
        .limit(MOST_SHOWN)
    )
    if sleutel is not None:
        found = found.where(Wijziging.sleutel == sleutel)
    return session.scalars(found).all()


def one_at_a_time(session: Session, by: Actor, soort: str, sleutel: str = "") -> None:
    """Let who changes the same thing at the same moment wait for our commit."""
    place = f"beheer:{by.gemeente_code}:{soort}:{sleutel}"
    lock = func.pg_advisory_xact_lock(func.hashtextextended(place, 0))
    session.execute(select(lock))
