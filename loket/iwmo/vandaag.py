"""What the messages ask today: verzoeken of aanbieders, and what went wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.werkvoorraad.vandaag import zaken_of
from loket.iwmo.bericht import Bericht, Richting, Verzoek
from loket.outbox.promise import Promise
from loket.outbox.woorden import OPDRACHT
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel

RECENT = timedelta(days=7)
"""How long a message that was refused counts as news."""


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell the administratie which messages wait for somebody."""
    if not by.may(Permission.BERICHT_HANDLE):
        return
    yield _verzoeken(session, by, at)
    yield _refused(session, by, at)
    yield _stuck(session, by)


def _verzoeken(session: Session, by: Actor, at: datetime) -> Deel:
    found = session.scalars(
        select(Verzoek)
        .join(Dossier, Dossier.id == Verzoek.dossier_id)
        .where(
            visible(by), Verzoek.honoured_at.is_(None), Verzoek.rejected_at.is_(None)
        )
        .order_by(Verzoek.received_at, Verzoek.id)
        .limit(MOST_SHOWN + 1)
    ).all()
    zaken = zaken_of(session, by, at, [each.dossier_id for each in found])
    return Deel(
        "Verzoeken van aanbieders",
        [
            zaken[each.dossier_id].regel(
                f"Verzoek {each.referentie} wacht op antwoord", sinds=each.received_at
            )
            for each in found
        ],
        "Er wacht geen verzoek om toewijzing.",
        Plek("iwmo.list_verzoeken"),
        "Alle verzoeken",
        sinds_kop="Ontvangen",
    )


def _refused(session: Session, by: Actor, at: datetime) -> Deel:
    """List messages with faults, in either direction; no content of a case."""
    found = session.scalars(
        select(Bericht)
        .outerjoin(Dossier, Dossier.id == Bericht.dossier_id)
        .where(
            Bericht.gemeente_code.in_(by.gemeenten),
            Bericht.dossier_id.is_(None) | visible(by),
            Bericht.retourcodes != cast([], JSONB),
            Bericht.recorded_at >= at - RECENT,
        )
        .order_by(Bericht.recorded_at.desc(), Bericht.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    if found:
        dossiers = {each.dossier_id for each in found if each.dossier_id}
        record(
            session,
            by,
            Action.BERICHT_READ,
            at=at,
            subjects=dossiers,
            grond="vandaag",
        )
    return Deel(
        "Berichten met een fout",
        [
            Regel(
                each.referentie,
                Plek("iwmo.show_bericht", (("referentie", each.referentie),)),
                wat=f"Wmo{each.soort}, "
                + ("van de aanbieder" if each.richting is Richting.IN else "van ons"),
                sinds=each.recorded_at,
            )
            for each in found
        ],
        "De laatste zeven dagen is geen bericht afgekeurd.",
        Plek("iwmo.list_berichten"),
        "Alle berichten",
        kop="Bericht",
        sinds_kop="Vastgelegd",
    )


def _stuck(session: Session, by: Actor) -> Deel:
    """Count messages that could not be made or placed, per kind."""
    rows = session.execute(
        select(Promise.topic, func.count(), func.min(Promise.made_at))
        .where(
            Promise.gemeente_code.in_(by.gemeenten),
            Promise.topic.startswith("iwmo."),
            Promise.kept_at.is_(None),
            Promise.dead_at.is_not(None) | Promise.waits_for.is_not(None),
        )
        .group_by(Promise.topic)
        .order_by(Promise.topic)
        .limit(MOST_SHOWN + 1)
    ).all()
    return Deel(
        "Berichten die niet de deur uit zijn",
        [
            Regel(
                OPDRACHT.get(topic, topic),
                None,
                wat="1 bericht" if total == 1 else f"{total} berichten",
                sinds=oldest,
            )
            for topic, total, oldest in rows
        ],
        "Elk bericht is de deur uit.",
        uitleg="Uw beheerder ziet waarom, en kan het opnieuw proberen.",
        kop="Soort",
    )
