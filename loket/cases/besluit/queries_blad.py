"""Finding what the page of a dossier shows of its decisions."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from loket.cases.besluit.beschikking import Beschikking
from loket.cases.besluit.bezwaar import Bezwaar


def list_besluiten(
    session: Session, dossier_id: UUID
) -> tuple[list[Beschikking], list[Bezwaar]]:
    """Return the beschikkingen of a dossier with their regels, and the bezwaren.

    In one statement, for a page that shows both; a dossier has few of either.
    """
    rows = (
        session.execute(
            select(Beschikking, Bezwaar)
            .outerjoin(Bezwaar, Bezwaar.beschikking_id == Beschikking.id)
            .options(joinedload(Beschikking.regels))
            .where(Beschikking.dossier_id == dossier_id)
            .order_by(Beschikking.drawn_up_at, Beschikking.id, Bezwaar.id)
        )
        .unique()
        .all()
    )
    beschikkingen = {row[0].id: row[0] for row in rows}
    bezwaren: list[Bezwaar | None] = [row[1] for row in rows]
    return list(beschikkingen.values()), [b for b in bezwaren if b is not None]
