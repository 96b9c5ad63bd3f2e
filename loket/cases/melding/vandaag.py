"""What the meldingen ask today: half ones, and those without a confirmation."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.melding.melding import Melding
from loket.cases.melding.views_intake import FORM
from loket.cases.werkvoorraad.vandaag import zaken_of
from loket.drafts.queries import list_drafts
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell which talks somebody did not finish, and what waits for a confirmation.

    The confirmation is for the frontoffice (Wmo art. 2.3.2 lid 1).
    """
    if half := list_drafts(session, by, FORM):
        yield Deel(
            "Meldingen die u nog niet hebt vastgelegd",
            [
                Regel(
                    each.label,
                    Plek("intake.fill_in", (("nieuw", each.subject),)),
                    sinds=each.saved_at,
                )
                for each in half
            ],
            "",
            kop="Concept",
            sinds_kop="Bewaard",
        )
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
