"""What placing asks today, on both sides: of the gemeente and of the aanbieder."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.werkvoorraad.vandaag import zaken_of
from loket.providers.aanbieder import Aanbieder
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_levering import waiting_for_aanbieder
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel

RECENT = timedelta(days=7)
"""How long the answer of an aanbieder counts as news."""
ENDS_WITHIN = timedelta(weeks=8)
"""What an aanbieder plans ahead for: a toewijzing that ends within this time."""
_INBOX = Plek("aanbieder.show_inbox")


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell a consulent and an aanbieder what waits between them."""
    if Role.CONSULENT in by.rollen:
        yield from _consulent(session, by, at)
    if by.may(Permission.PLAATSING_ANSWER):
        yield from _aanbieder(session, by, at)


def _consulent(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    waiting = session.execute(
        _own(by)
        .where(Plaatsingsverzoek.status == "open")
        .order_by(Plaatsingsverzoek.requested_at)
    ).all()
    answered = session.execute(
        _own(by)
        .where(
            (Plaatsingsverzoek.accepted_at >= at - RECENT)
            | (Plaatsingsverzoek.declined_at >= at - RECENT)
        )
        .order_by(Plaatsingsverzoek.requested_at.desc())
    ).all()
    zaken = zaken_of(
        session, by, at, [each.dossier_id for each, _ in (*waiting, *answered)]
    )
    yield Deel(
        "Wacht op een aanbieder",
        [
            zaken[each.dossier_id].regel(
                f"Antwoord van {naam}", sinds=each.requested_at
            )
            for each, naam in waiting
        ],
        "Geen aanbieder hoeft u nog te antwoorden.",
    )
    yield Deel(
        "Antwoorden van aanbieders",
        [
            zaken[each.dossier_id].regel(
                f"{naam} {'kan helpen' if each.accepted_at else 'kan niet helpen'}",
                sinds=each.accepted_at or each.declined_at,
            )
            for each, naam in answered
        ],
        "De laatste zeven dagen kwam er geen antwoord binnen.",
        sinds_kop="Antwoord op",
    )


def _own(by: Actor) -> Select[Plaatsingsverzoek, str]:
    return (
        select(Plaatsingsverzoek, Aanbieder.naam)
        .join(Dossier, Dossier.id == Plaatsingsverzoek.dossier_id)
        .join(Aanbieder, Aanbieder.id == Plaatsingsverzoek.aanbieder_id)
        .where(visible(by), Dossier.consulent_id == by.id)
        .limit(MOST_SHOWN + 1)
    )


def _aanbieder(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """List what this aanbieder must answer, start and see end; there are no names."""
    today = dag_van(at)
    verzoeken, starting, ending = _theirs(session, by, today)
    proposed = waiting_for_aanbieder(session, by, MOST_SHOWN + 1)
    shown = {each.id for each in verzoeken} | {each.id for each in starting}
    record(
        session,
        by,
        Action.PLAATSINGSVERZOEK_READ,
        at=at,
        subjects=shown | {each.id for each in (*ending, *proposed)},
        grond="vandaag",
    )
    yield Deel(
        "Verzoeken die op uw antwoord wachten",
        [_verzoek(each, today) for each in verzoeken],
        "Er wacht geen verzoek van een gemeente op uw antwoord.",
        _INBOX,
        "Alle verzoeken",
        uitleg="Geef uw antwoord ruim voor de dag waarop de hulp nodig is.",
        kop="Verzoek",
        sinds_kop="Ontvangen",
    )
    yield _toewijzing_deel(
        "Startdatums die op uw antwoord wachten",
        [_voorstel(each, today) for each in proposed],
        "De gemeente heeft geen startdatum voorgesteld.",
    )
    yield _toewijzing_deel(
        "Toewijzingen om te starten",
        [_toewijzing(each, "Meld de start", each.van, today) for each in starting],
        "Bij elke toewijzing is de start gemeld.",
    )
    yield _toewijzing_deel(
        "Toewijzingen die bijna eindigen",
        [_toewijzing(each, "Eindigt", each.tot or today, today) for each in ending],
        "De komende acht weken eindigt geen toewijzing.",
    )


def _theirs(
    session: Session, by: Actor, today: date
) -> tuple[Sequence[Plaatsingsverzoek], Sequence[Toewijzing], Sequence[Toewijzing]]:
    """Return what waits for an answer, what is to start and what ends soon."""
    verzoeken = session.scalars(
        select(Plaatsingsverzoek)
        .where(
            Plaatsingsverzoek.aanbieder_id == by.aanbieder_id,
            Plaatsingsverzoek.gemeente_code.in_(by.gemeenten),
            Plaatsingsverzoek.status == "open",
        )
        .order_by(Plaatsingsverzoek.spoed.desc(), Plaatsingsverzoek.requested_at)
        .limit(MOST_SHOWN + 1)
    ).all()
    running = (
        select(Toewijzing)
        .where(
            Toewijzing.aanbieder_id == by.aanbieder_id,
            Toewijzing.gemeente_code.in_(by.gemeenten),
            Toewijzing.ended_at.is_(None),
            Toewijzing.stopped_at.is_(None),
        )
        .limit(MOST_SHOWN + 1)
    )
    starting = session.scalars(
        running.where(Toewijzing.started_at.is_(None)).order_by(
            Toewijzing.van, Toewijzing.nummer
        )
    ).all()
    ending = session.scalars(
        running.where(Toewijzing.tot.between(today, today + ENDS_WITHIN)).order_by(
            Toewijzing.tot, Toewijzing.nummer
        )
    ).all()
    return verzoeken, starting, ending


def _verzoek(each: Plaatsingsverzoek, today: date) -> Regel:
    return Regel(
        each.referentie,
        Plek("aanbieder.show_verzoek", (("referentie", each.referentie),)),
        wat="Spoed" if each.spoed else "Kunt u deze hulp geven?",
        sinds=each.requested_at,
        uiterlijk=each.gewenste_start,
        dagen=(each.gewenste_start - today).days,
    )


def _toewijzing(each: Toewijzing, wat: str, dag: date, today: date) -> Regel:
    return Regel(
        f"Toewijzing {each.nummer}",
        Plek("aanbieder.show_toewijzing", (("referentie", each.referentie),)),
        wat=wat,
        uiterlijk=dag,
        dagen=(dag - today).days,
    )


def _voorstel(each: Toewijzing, today: date) -> Regel:
    return Regel(
        f"Toewijzing {each.nummer}",
        Plek("levering.show", (("referentie", each.referentie),)),
        wat="De gemeente stelt een startdatum voor",
        uiterlijk=each.van,
        dagen=(each.van - today).days,
    )


def _toewijzing_deel(titel: str, regels: Sequence[Regel], leeg: str) -> Deel:
    return Deel(titel, regels, leeg, _INBOX, "Alle toewijzingen", kop="Toewijzing")
