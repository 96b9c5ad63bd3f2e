"""In the demo residents ask about their data, and somebody answers for each look."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from build.demo import TOLD_ON
from loket.archief.queries_lijst import list_regels
from loket.archief.vernietigingslijst import Vernietigingslijst
from loket.archief.vernietigingsverzoek import Vernietigingsverzoek
from loket.authz import Actor, Role
from loket.cases.besluit.vernietigingsstop import Stopgrond, Vernietigingsstop
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.noodtoegang import Noodtoegang
from loket.cases.dossier.queries import visible
from loket.cases.dossier.toestemming import Toestemming
from loket.db import Database, Scope
from loket.rechten.afschrift import Afschrift
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.termijnen import dag_van
from loket.toezicht.inzagesignaal import Inzageregel, Inzagesignaal
from loket.toezicht.operations import signal_inzage
from loket.toezicht.queries import looks_behind, looks_in_nood


@pytest.fixture(params=["0396", "0375"])
def gemeente(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def session(demo: Database, gemeente: str) -> Iterator[Session]:
    """Look at the demo in the scope of one gemeente."""
    with demo.session(Scope.of(gemeente)) as session:
        yield session


def states(session: Session, noun: Any) -> list[str]:
    return sorted(session.scalars(select(noun.status)))


class TestResidents:
    def test_one_request_to_see_waits_and_one_was_answered(
        self, session: Session
    ) -> None:
        verzoeken = session.scalars(select(Inzageverzoek)).all()
        copy = session.scalars(select(Afschrift)).one()

        assert sorted(each.delivered_at is None for each in verzoeken) == [False, True]
        waits = next(each for each in verzoeken if not each.delivered_at)
        assert waits.uiterlijk > dag_van(TOLD_ON)
        assert copy.content("pdf").startswith(b"%PDF")

    def test_consent_is_there_and_was_taken_back(self, session: Session) -> None:
        assert states(session, Toestemming) == ["geldig", "ingetrokken"]

    def test_a_request_to_destroy_waits(self, session: Session) -> None:
        verzoek = session.scalars(select(Vernietigingsverzoek)).one()

        assert verzoek.status == "open"
        assert verzoek.uiterlijk > dag_van(TOLD_ON)


class TestKeeping:
    def test_a_bezwaar_keeps_a_dossier(self, session: Session) -> None:
        stop = session.scalars(select(Vernietigingsstop)).one()

        assert stop.grond is Stopgrond.BEZWAAR
        assert stop.lifted_at is None

    def test_a_list_with_dossiers_and_people_waits_for_a_check(
        self, session: Session
    ) -> None:
        lijst = session.scalars(select(Vernietigingslijst)).one()
        regels = [regel for regel, _ in list_regels(session, lijst.id)]

        assert lijst.status == "voorgesteld"
        assert {each.soort.value for each in regels} == {"dossier", "inwoner"}


class TestLooks:
    def test_a_look_at_a_neighbour_waits_for_the_officer(
        self, session: Session, gemeente: str
    ) -> None:
        signaal = session.scalars(select(Inzagesignaal)).one()

        assert signaal.regel is Inzageregel.BUURT
        assert signaal.status == "open"
        assert len(looks_behind(session, signaal)) == 3

    def test_the_worker_adds_only_that_there_was_no_work(
        self, session: Session, gemeente: str
    ) -> None:
        before = set(session.scalars(select(Inzagesignaal.id)))

        signal_inzage(session, Actor.system(gemeente), TOLD_ON)

        # other tests look at pages of this demo on the day they run
        told = Inzagesignaal.dag <= dag_van(TOLD_ON)
        made = session.scalars(select(Inzagesignaal).where(told)).all()
        assert {each.regel for each in made if each.id not in before} <= {
            Inzageregel.GEEN_RELATIE
        }
        session.rollback()

    def test_an_emergency_is_over_and_waits_for_the_officer(
        self, session: Session, gemeente: str
    ) -> None:
        nood = session.scalars(select(Noodtoegang)).one()
        shielded = session.scalars(select(Dossier).where(Dossier.afgeschermd)).one()
        by = Actor(nood.user_id, "T", frozenset({Role.CONSULENT}), (gemeente,))
        seen = session.scalars(select(Dossier.id).where(visible(by)))

        assert (nood.status, nood.dossier_id) == ("open", shielded.id)
        assert nood.tot < TOLD_ON - timedelta(hours=1)
        assert len(looks_in_nood(session, nood)) == 2
        assert shielded.id not in set(seen)
