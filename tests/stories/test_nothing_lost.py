"""Web and worker are killed and Valkey is emptied while meldingen come in."""

import http.client
import random
import re
import secrets
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from redis import Redis
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from build.dossier import new_bsn
from conftest import open_vault
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.melding.melding import Melding
from loket.db import Database, Scope, make_engine
from loket.outbox.promise import Promise
from stories.canaries import Canaries
from stories.doors import melding
from stories.running import Running, wait_for
from stories.town import PLACE
from stories.visitor import Visitor

pytestmark = pytest.mark.timeout(180)
MELDINGEN = 30
DESKS = 6
STORM = 60.0
"""Seconds in which every melding must have been acknowledged."""
BLOWS = ("worker", "valkey", "web", "worker", "valkey", "web", "worker", "web")


@dataclass(frozen=True)
class Paper:
    """One form that somebody sends until it is acknowledged."""

    answers: dict[str, object]

    def send(self, desk: Visitor, deadline: float) -> str:
        while True:
            assert time.monotonic() < deadline, "never acknowledged"
            where = self._try(desk)
            if where:
                return where
            time.sleep(0.2)

    def _try(self, desk: Visitor) -> str:
        """Send it once; an answer that was lost is asked for again."""
        try:
            if not desk.csrf:
                desk.log_in()
            answer = desk.post("/meldingen/nieuw", **self.answers)
        except (OSError, http.client.HTTPException, AssertionError):
            return ""  # the web is away; the session is not
        if answer.location.startswith("/dossiers/"):
            assert answer.status == HTTPStatus.SEE_OTHER
            return answer.location
        refused = answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert not refused, re.findall('fout">(.*?)</div>', answer.text)
        # the session ended with what stood in Valkey: log in again
        desk.csrf = ""
        return ""


def paper() -> Paper:
    token = {"_verzending": secrets.token_urlsafe(16)}
    return Paper(melding(Canaries()) | token | {"bsn": new_bsn()})


class Storm:
    """Kills, empties and starts again, while others work."""

    def __init__(self, running: Running, chance: random.Random) -> None:
        self.running = running
        self.chance = chance
        self.dealt = 0

    def rage(self) -> None:
        for blow in BLOWS:
            time.sleep(self.chance.uniform(0.2, 1.2))
            self._deal(blow)
            self.dealt += 1

    def _deal(self, blow: str) -> None:
        if blow == "valkey":
            with closing(Redis.from_url(self.running.redis_url)) as redis:
                redis.flushall()
            return
        self.running.kill(blow)
        self.running.start(blow)
        if blow == "web":
            self.running.wait_until_ready()

    def wait_for_part(self, part: float) -> None:
        """Let some of it pass, so that the work is spread over all of it."""
        wait_for(lambda: self.dealt >= part * len(BLOWS) - 1, "the storm")


@pytest.fixture(scope="module")
def office(running: Running):
    """Read what came of it, as the runtime role."""
    keys, vault = open_vault(running.urls)
    engine = make_engine(running.urls.database_url)
    yield Database(engine, vault=vault)
    engine.dispose()
    keys.dispose()


def test_what_was_acknowledged_happened_once(running, office):
    seed = secrets.randbelow(10**6)
    papers = [paper() for _ in range(MELDINGEN)]
    storm = Storm(running, random.Random(seed))  # noqa: S311 -- when to kill is no secret
    deadline = time.monotonic() + STORM

    def work(number: int) -> list[str]:
        desk, mine = Visitor(running, "balie"), papers[number::DESKS]
        acknowledged = []
        for done, each in enumerate(mine):
            storm.wait_for_part(done / len(mine))
            acknowledged.append(each.send(desk, deadline))
        return acknowledged

    with ThreadPoolExecutor(DESKS + 1) as people:
        raging = people.submit(storm.rage)
        desks = list(people.map(work, range(DESKS)))
        raging.result(timeout=STORM)
    acknowledged = [each for mine in desks for each in mine]

    let_leases_end(running)
    with office.transaction(Scope.of(PLACE)) as session:
        ids = set(session.scalars(select(Melding.id)))
    wait_for(lambda: all_kept(office), f"every promise ({seed=})")
    with office.transaction(Scope.of(PLACE)) as session:
        check(session, acknowledged)
        receipts = session.scalars(select(Document.bron_id)).all()
        assert sorted(receipts) == sorted(ids)


def check(session: Session, acknowledged: list[str]) -> None:
    """Each acknowledged melding is there once, with its people and its trail."""
    dossiers = session.scalars(select(Dossier.referentie)).all()
    assert sorted(dossiers) == sorted(each.rsplit("/", 1)[1] for each in acknowledged)
    names = Counter(str(each.achternaam) for each in session.scalars(select(Inwoner)))
    assert {n for n, many in names.items() if many > 1} == set()
    assert len(names) == 2 * MELDINGEN  # each with who told it
    trail = select(AuditRecord.subject_id).where(
        AuditRecord.action == Action.MELDING_REGISTERED.value
    )
    assert len(session.scalars(trail).all()) == MELDINGEN


def let_leases_end(running: Running) -> None:
    """Half a minute passes: what a killed worker held is handed out again."""
    engine = create_engine(running.urls.database_owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE promise SET handed_until = handed_until - interval '31 s'"
        )
    engine.dispose()


def all_kept(office: Database) -> bool:
    with office.transaction(Scope.of(PLACE)) as session:
        promises = session.scalars(select(Promise)).all()
    assert [each.topic for each in promises if each.dead_at] == []
    return len(promises) >= MELDINGEN and all(each.kept_at for each in promises)
