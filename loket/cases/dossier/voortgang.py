"""Keeping the line of a dossier in the worklist, in the transaction of the deed."""

from collections.abc import Sequence
from datetime import date
from types import EllipsisType
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from loket.cases.dossier.dossier import Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner


def keep_line(
    session: Session,
    dossier_id: UUID,
    *,
    fase: Fase | None = None,
    termijn_soort: str | EllipsisType | None = ...,
    uiterste_datum: date | EllipsisType | None = ...,
    consulent_id: UUID | EllipsisType | None = ...,
    domeinen: Sequence[str] | None = None,
    spoed: bool | None = None,
    afgeschermd: bool | None = None,
) -> None:
    """Let the worklist say where the work on this dossier stands now.

    What is left out stays as it is; a term is taken away with None. It has no trail
    of its own: it follows from the deed that calls it.
    """
    line = session.get_one(Werkvoorraad, dossier_id)
    changes: dict[str, object] = {
        "fase": ... if fase is None else fase,
        "termijn_soort": termijn_soort,
        "uiterste_datum": uiterste_datum,
        "consulent_id": consulent_id,
        "domeinen": ... if domeinen is None else sorted(set(domeinen)),
        "spoed": ... if spoed is None else spoed,
        "afgeschermd": ... if afgeschermd is None else afgeschermd,
    }
    for name, new in changes.items():
        if new is not ...:
            setattr(line, name, new)


def follow_address(session: Session, inwoner: Inwoner) -> None:
    """Let the lines of a cliënt show the area where they live now."""
    session.execute(
        update(Werkvoorraad)
        .where(Werkvoorraad.client_id == inwoner.id)
        .values(pc4=inwoner.pc4)
    )
