"""Numbers that the outside world asks for: per gemeente, in order, never in a URL."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from loket.db import Gemeentelijk, Model


class TellerSoort(StrEnum):
    """What is numbered."""

    BESCHIKKING = "beschikking"
    TOEWIJZING = "toewijzing"
    BERICHT = "bericht"


class Teller(Gemeentelijk, Model):
    """The last number given out; its row is locked until the deed is committed."""

    __tablename__ = "teller"

    gemeente_code: Mapped[str] = mapped_column(primary_key=True)
    soort: Mapped[TellerSoort] = mapped_column(primary_key=True)
    laatste: Mapped[int]


def next_number(session: Session, gemeente_code: str, soort: TellerSoort) -> int:
    """Give out the next number of this kind."""
    numbered = insert(Teller).values(
        gemeente_code=gemeente_code, soort=soort, laatste=1
    )
    session.execute(
        numbered.on_conflict_do_update(
            index_elements=["gemeente_code", "soort"],
            set_={"laatste": Teller.laatste + 1},
        )
    )
    return session.scalars(
        select(Teller.laatste).where(
            Teller.gemeente_code == gemeente_code, Teller.soort == soort
        )
    ).one()
