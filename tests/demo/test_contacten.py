"""The demo has a telephone that rings: contacts, and people to call back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import loket
from build.demo import TOLD_ON
from loket.accounts.operations import log_in
from loket.accounts.user import User
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.terugbelverzoek import Terugbelpoging, Terugbelverzoek
from loket.db import NOBODY, Database, Scope
from loket.demo.organisation import PASSWORD
from loket.demo.people import rows
from loket.termijnen import dag_van

BOTH = Scope.of("0396", "0375")


@pytest.fixture
def session(demo: Database) -> Iterator[Session]:
    """Look at the demo in the scope of both gemeenten."""
    with demo.session(BOTH) as session:
        yield session


class TestTerugbellen:
    def test_people_wait_to_be_called_back_in_both_gemeenten(
        self, session: Session
    ) -> None:
        open_ = session.scalars(
            select(Terugbelverzoek).where(Terugbelverzoek.done_at.is_(None))
        ).all()

        assert {each.gemeente_code for each in open_} == {"0396", "0375"}
        assert {each.spoed for each in open_} == {True, False}
        assert all(str(each.notitie) for each in open_)

    def test_some_lie_with_a_person_and_some_with_a_role(
        self, session: Session
    ) -> None:
        found = session.scalars(select(Terugbelverzoek)).all()

        assert any(each.voor_user_id for each in found)
        assert any(each.voor_rol for each in found)

    def test_somebody_was_not_reached_and_somebody_was(self, session: Session) -> None:
        tried = set(session.scalars(select(Terugbelpoging.terugbelverzoek_id)))
        done = {
            each.id: bool(each.done_at)
            for each in session.scalars(select(Terugbelverzoek))
        }

        assert {done[each] for each in tried} == {True, False}

    def test_none_is_of_tomorrow(self, session: Session) -> None:
        made = session.scalars(select(Terugbelverzoek.made_at)).all()

        assert made
        assert max(made) < TOLD_ON


class TestContactmomenten:
    def test_every_kind_that_is_told_was_noted(self, session: Session) -> None:
        told = {row["tekst"] for row in rows("contacten")}

        noted = {str(each.tekst) for each in session.scalars(select(Contactmoment))}

        assert told <= noted

    def test_help_that_does_not_come_is_a_task(self, session: Session) -> None:
        contact = session.scalars(
            select(Contactmoment).where(
                Contactmoment.uitkomst == Uitkomst.HULP_KOMT_NIET
            )
        ).one()
        taak = session.scalars(
            select(Taak).where(Taak.soort == TaakSoort.HULP_KOMT_NIET)
        ).one()

        assert taak.dossier_id == contact.dossier_id
        assert taak.voor_user_id is not None
        assert taak.uiterlijk >= dag_van(contact.at)


class TestOnePassword:
    def test_it_is_hashed_once_and_opens_every_door(self, demo: Database) -> None:
        with demo.session(NOBODY) as session:
            hashes = session.scalars(
                select(User.password_hash).where(User.password_hash.is_not(None))
            ).all()
            people = session.scalar(select(func.count()).select_from(User)) or 0
            entered = log_in(
                session,
                TOLD_ON,
                login="consulent.heemskerk",
                wachtwoord=PASSWORD,
                adres="",
            )
            session.rollback()

        assert people > 30
        assert len(set(hashes)) == 1
        assert entered is not None

    def test_nobody_but_the_demo_hands_over_a_ready_hash(self) -> None:
        house = Path(loket.__file__).parent
        using = {
            str(file.relative_to(house))
            for file in house.rglob("*.py")
            if "add_user(" in file.read_text(encoding="utf-8")
        }

        assert using == {"accounts/operations.py", "demo/organisation.py"}
