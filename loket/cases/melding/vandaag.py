"""What the meldingen ask today: those whose receipt was not confirmed yet."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.dossier.vandaag import zaken_of
from loket.cases.melding.melding import Melding
from loket.vandaag import MOST_SHOWN, Deel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell the frontoffice which meldingen wait for a confirmation (art. 2.3.2)."""
    if Role.FRONTOFFICE not in by.rollen:
        return
    found = session.scalars(
        select(Melding)
        .join(Dossier, Dossier.id == Melding.dossier_id)
        .where(visible(by), Melding.confirmed_at.is_(None), Dossier.closed_at.is_(None))
        .order_by(Melding.ontvangen_op, Melding.id)
        .limit(MOST_SHOWN + 1)
    ).all()
    zaken = zaken_of(session, by, at, [each.dossier_id for each in found])
    yield Deel(
        "Meldingen zonder ontvangstbevestiging",
        [
            zaken[each.dossier_id].regel(
                "Spoed" if each.spoed else "", sinds=each.ontvangen_op
            )
            for each in found
        ],
        "Elke melding is bevestigd. De brief wordt vanzelf gemaakt.",
        sinds_kop="Ontvangen",
    )
