"""Where policy staff start: the figures of this year and the last."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loket.authz import Actor, Permission
from loket.termijnen import dag_van
from loket.vandaag import Deel, Plek, Regel


def show_parts(_session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Point policy staff to the figures; none of them is about one person."""
    if not by.may(Permission.BELEID_READ):
        return
    year = dag_van(at).year
    yield Deel(
        "Beleid in cijfers",
        [
            Regel(
                f"Cijfers van {each}",
                Plek("reports.show_beleid", (("jaar", str(each)),)),
                wat="Meldingen, leveringsvorm en termijnen",
            )
            for each in (year, year - 1)
        ],
        "",
        kop="Overzicht",
    )
