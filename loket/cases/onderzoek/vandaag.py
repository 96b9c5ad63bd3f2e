"""What the onderzoeken ask today: cliënten who still answer, and visits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.onderzoek import woorden
from loket.cases.onderzoek.gepland_gesprek import GeplandGesprek
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.queries_gepland import list_visits
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.werkvoorraad.vandaag import Zaak, zaken_of
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell a consulent whom to visit, and which cliënten still answer a verslag."""
    if Role.CONSULENT not in by.rollen:
        return
    yield _visits(session, by, at)
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


def _visits(session: Session, by: Actor, at: datetime) -> Deel:
    """Tell whom to visit when; a line leads to the page where it is written down."""
    found = list_visits(session, by, at, MOST_SHOWN + 1)
    zaken = zaken_of(session, by, at, [each.dossier_id for each in found])
    return Deel(
        "Volgende bezoeken",
        [_visit(zaken[each.dossier_id], each, at) for each in found],
        "Er is geen gesprek gepland. U plant het bij het onderzoek van een dossier.",
    )


def _visit(zaak: Zaak, gepland: GeplandGesprek, at: datetime) -> Regel:
    wat = woorden.VORM[gepland.vorm]
    if gepland.begint_om < at:
        wat += ", nog vast te leggen"
    page = Plek("onderzoek_bezoek.record_bezoek", (("referentie", zaak.referentie),))
    return replace(zaak.regel(wat, moment=gepland.begint_om), plek=page)
