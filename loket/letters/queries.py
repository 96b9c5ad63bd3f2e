"""Finding the text that holds on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.datum import lang
from loket.errors import NotConfigured
from loket.letters.tekst import Brieftekst


def tekst_op(session: Session, gemeente_code: str, sleutel: str, dag: date) -> str:
    """Return the text of this gemeente that holds on this day.

    Raises:
        NotConfigured: the gemeente has no such text on that day.
    """
    tekst = session.scalar(
        select(Brieftekst.tekst).where(
            Brieftekst.gemeente_code == gemeente_code,
            Brieftekst.sleutel == sleutel,
            Brieftekst.van <= dag,
            or_(Brieftekst.tot.is_(None), Brieftekst.tot >= dag),
        )
    )
    if tekst is None:
        raise NotConfigured(f"De brieftekst {sleutel} is er niet op {lang(dag)}.")
    return tekst


def list_brieftekst(session: Session, by: Actor) -> Sequence[Brieftekst]:
    """Return all texts of the gemeente, each sleutel from old to new."""
    return session.scalars(
        select(Brieftekst)
        .where(Brieftekst.gemeente_code.in_(by.gemeenten))
        .order_by(Brieftekst.sleutel, Brieftekst.van)
    ).all()
