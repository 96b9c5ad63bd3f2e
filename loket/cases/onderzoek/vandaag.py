"""What the onderzoeken ask today: cliënten who still answer, and visits."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.dossier.vandaag import zaken_of
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.verslag import Verslag
from loket.vandaag import MOST_SHOWN, Deel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell a consulent which cliënten were sent a verslag and did not answer yet."""
    if Role.CONSULENT not in by.rollen:
        return
    newest = (
        select(func.max(Verslag.versie))
        .where(Verslag.onderzoek_id == Onderzoek.id)
        .correlate(Onderzoek)
        .scalar_subquery()
    )
    found = session.execute(
        select(Verslag.dossier_id, Verslag.made_at)
        .join(Onderzoek, Onderzoek.id == Verslag.onderzoek_id)
        .join(Dossier, Dossier.id == Verslag.dossier_id)
        .where(
            visible(by),
            Dossier.consulent_id == by.id,
            Dossier.closed_at.is_(None),
            Onderzoek.closed_at.is_(None),
            Verslag.answered_at.is_(None),
            Verslag.versie == newest,
        )
        .order_by(Verslag.made_at, Verslag.id)
        .limit(MOST_SHOWN + 1)
    ).all()
    zaken = zaken_of(session, by, at, [row.dossier_id for row in found])
    yield Deel(
        "Wacht op de cliënt",
        [
            zaken[row.dossier_id].regel("Reactie op het verslag", sinds=row.made_at)
            for row in found
        ],
        "Geen cliënt hoeft nog op een verslag te reageren.",
    )
