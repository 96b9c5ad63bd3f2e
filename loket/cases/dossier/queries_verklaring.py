"""Finding what a resident added to a text, to show it with that text."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.cases.dossier.verklaring import Verklaring


def verklaringen_bij(
    session: Session, teksten: Iterable[UUID]
) -> dict[UUID, list[Verklaring]]:
    """Return what was added to each of these texts, oldest first."""
    found: dict[UUID, list[Verklaring]] = {}
    for each in session.scalars(
        select(Verklaring)
        .where(Verklaring.onderwerp_id.in_(list(teksten)))
        .order_by(Verklaring.id)
    ):
        found.setdefault(each.onderwerp_id, []).append(each)
    return found
