"""Telling the story of the demo, in order of time, through the deeds of the screens."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import click
from sqlalchemy import Select, select

from loket.accounts.queries import gemeente_codes
from loket.app import open_database, open_vault
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.demo import (
    steps_besluit,
    steps_contact,
    steps_levering,
    steps_melding,
    steps_onderzoek,
    steps_verantwoording,
)
from loket.demo.organisation import Organisation, set_up
from loket.demo.scene import Scene
from loket.demo.zaak import Stap, Zaak, zaken
from loket.outbox.promise import Promise
from loket.schedule import keep
from loket.termijnen import ZONE, dag_van

FIRST_YEAR = 2026
"""The six worked cases are of this year."""
LONG_AGO = timedelta(days=740)

Deed = Callable[[Scene], None]

DEEDS: Mapping[Stap, Deed] = {
    Stap.MELDEN: steps_melding.melden,
    Stap.VERDELEN: steps_melding.verdelen,
    Stap.VERZENDEN: steps_melding.verzenden,
    Stap.STARTEN: steps_onderzoek.starten,
    Stap.GESPREK: steps_onderzoek.gesprek,
    Stap.BEVINDEN: steps_onderzoek.bevinden,
    Stap.AFSLUITEN: steps_onderzoek.afsluiten,
    Stap.VERSLAG: steps_onderzoek.verslag,
    Stap.AFRONDEN: steps_onderzoek.afronden,
    Stap.NAZENDEN: steps_melding.verzenden,
    Stap.AANVRAGEN: steps_besluit.aanvragen,
    Stap.REAGEREN: steps_onderzoek.reageren,
    Stap.OPSCHORTEN: steps_besluit.opschorten,
    Stap.CONTACT: steps_contact.contact,
    Stap.HERVATTEN: steps_besluit.hervatten,
    Stap.OPSTELLEN: steps_besluit.opstellen,
    Stap.BESLUITEN: steps_besluit.besluiten,
    Stap.BEKENDMAKEN: steps_besluit.bekendmaken,
    Stap.BEZWAAR: steps_besluit.bezwaar,
    Stap.VRAGEN: steps_levering.vragen,
    Stap.ANTWOORDEN: steps_levering.antwoorden,
    Stap.STARTEN_ZORG: steps_levering.starten_zorg,
    Stap.METEN: steps_onderzoek.meten,
    Stap.STOPPEN: steps_levering.stoppen,
    Stap.SLUITEN: steps_levering.sluiten,
    Stap.OVERLIJDEN: steps_levering.overlijden,
    Stap.BELLEN: steps_contact.bellen,
    Stap.TOESTEMMING: steps_verantwoording.toestemming,
    Stap.INTREKKEN: steps_verantwoording.intrekken,
    Stap.INZAGE: steps_verantwoording.inzage,
    Stap.AFSCHRIFT: steps_verantwoording.afschrift,
    Stap.UITREIKEN: steps_verantwoording.uitreiken,
    Stap.VERNIETIGEN: steps_verantwoording.vernietigen,
    Stap.LIJST: steps_verantwoording.lijst,
    Stap.AFSCHERMEN: steps_verantwoording.afschermen,
    Stap.NOOD: steps_verantwoording.nood,
    Stap.INKIJKEN: steps_verantwoording.inkijken,
    Stap.SPEUREN: steps_verantwoording.speuren,
}
OPENINGS: Mapping[str, Deed] = {
    "overname": steps_melding.overnemen,
    "archief": steps_verantwoording.archief,
}
"""Cases that begin without a melding."""
OF_THE_AANBIEDER = {Stap.ANTWOORDEN, Stap.STARTEN_ZORG, Stap.STOPPEN}
"""Steps in the session of an aanbieder, which sees no more than its own part."""


def load_demo(config: Config, now: datetime | None = None) -> None:
    """Load both gemeenten with their cases; where they are already, nothing happens."""
    vault = open_vault(config)
    database = open_database(config, vault)
    try:
        with database.transaction(NOBODY) as session:
            if gemeente_codes(session):
                return
        tell(database, config, now or datetime.now(UTC))
    finally:
        database.engine.dispose()
        vault.engine.dispose()


def tell(database: Database, config: Config, now: datetime) -> None:
    """Set up both gemeenten and tell the cases of the story."""
    tell_cases(database, config, now, found(database, now), zaken(dag_van(now)))


def found(database: Database, now: datetime) -> Organisation:
    """Set up both gemeenten, early enough for everything that happens there."""
    van = date(min(FIRST_YEAR, (dag_van(now) - LONG_AGO).year), 1, 1)
    return set_up(database, datetime.combine(van, time(9), ZONE), van)


def tell_cases(
    database: Database,
    config: Config,
    now: datetime,
    org: Organisation,
    cases: Iterable[Zaak],
) -> None:
    """Let every step happen at its own moment, and keep what each one promised."""
    told = {zaak.code: zaak for zaak in cases}
    story = [step for step in in_order(told) if step[0] < now]
    with click.progressbar(story, label="Verzonnen zaken") as steps:
        for at, zaak, stap in steps:
            if play(database, org, told, zaak, stap, at):
                keep_promises(database, config, zaak.gemeente, at)


def in_order(told: Mapping[str, Zaak]) -> Iterator[tuple[datetime, Zaak, Stap]]:
    """Put the steps of all cases in order of time: numbers count up with the days."""
    return heapq.merge(
        *([(at, zaak, stap) for at, stap in zaak.steps()] for zaak in told.values()),
        key=lambda step: step[0],
    )


def play(
    database: Database,
    org: Organisation,
    told: Mapping[str, Zaak],
    zaak: Zaak,
    stap: Stap,
    at: datetime,
) -> bool:
    """Do one step of one case in a transaction of its own; tell if it may promise.

    An aanbieder does not see what its own answer promises.
    """
    scope = Scope.of(zaak.gemeente)
    if stap in OF_THE_AANBIEDER:
        scope = Scope(scope.gemeenten, org.aanbieders[zaak.rij["aanbieder"]])
    deed = DEEDS[stap]
    if stap is Stap.MELDEN:
        deed = OPENINGS.get(zaak.keuze, deed)
    with database.transaction(scope) as session:
        deed(Scene(session, org, zaak, at, told))
        session.flush()
        return scope.aanbieder_id is not None or bool(
            session.scalar(_fresh(zaak.gemeente, at).limit(1))
        )


def keep_promises(
    database: Database, config: Config, gemeente: str, at: datetime
) -> None:
    """Keep what a step promised, at its own moment, and what that promises in turn.

    What waits for a setting stays: the worker looks at it again.
    """
    scope = Scope.of(gemeente)
    while True:
        with database.transaction(scope) as session:
            made = session.scalars(_fresh(gemeente, at)).all()
        if not made:
            return
        for promise_id in made:
            keep(database, config, promise_id, gemeente, at)


def _fresh(gemeente: str, at: datetime) -> Select[UUID]:
    """Ask for what was promised at this moment and not looked at yet."""
    return (
        select(Promise.id)
        .where(
            Promise.gemeente_code == gemeente,
            Promise.made_at == at,
            Promise.kept_at.is_(None),
            Promise.waits_for.is_(None),
            Promise.attempts == 0,
        )
        .order_by(Promise.id)
    )
