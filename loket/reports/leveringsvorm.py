"""In natura or pgb: how is granted support delivered?

Reader: policy staff of one gemeente. A flow figure: granted besluitregels by the day
of the decision; taken-over decisions are not counted, they were not decided here.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.onderzoek.oplossing import Leveringsvorm

_regel = table(
    "besluitregel",
    column("gemeente_code"),
    column("soort"),
    column("herkomst"),
    column("leveringsvorm"),
    column("besloten_op"),
    schema="beleid",
)


@dataclass(frozen=True)
class VormAantal:
    """Granted besluitregels with one leveringsvorm."""

    vorm: Leveringsvorm
    aantal: int


def per_vorm(session: Session, by: Actor, van: date, tot: date) -> list[VormAantal]:
    """Count granted besluitregels per leveringsvorm."""
    found = session.execute(
        select(_regel.c.leveringsvorm, func.count())
        .where(
            _regel.c.gemeente_code.in_(by.gemeenten),
            _regel.c.soort == "toekennen",
            _regel.c.herkomst == "eigen",
            _regel.c.besloten_op.between(van, tot),
        )
        .group_by(_regel.c.leveringsvorm)
    )
    counts = {row[0]: row[1] for row in found}
    return [VormAantal(vorm, counts.get(vorm.value, 0)) for vorm in Leveringsvorm]
