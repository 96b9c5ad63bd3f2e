"""What SQL in a session of an aanbieder can reach, should a query of ours let it in."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from build.gemeente import NOW
from build.providers import plaatsingsverzoek
from build.town import make_town
from loket.accounts.user import User
from loket.cases.besluit.voorziening import Voorziening
from loket.outbox.operations import promise
from loket.providers import operations
from loket.providers.contract import Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek

REFUSED = "row-level security|an answer changes nothing else|permission denied"


@pytest.fixture
def town(database):
    """A gemeente, an aanbieder with a login, and one question to it."""
    return make_town(database)


@pytest.fixture
def asked(town):
    """A question that waits for the answer of the aanbieder."""
    with town.database.transaction(town.staff()) as session:
        right = session.get_one(Voorziening, town.voorziening_id)
        regel = session.get_one(Contractregel, town.contractregel_id)
        return plaatsingsverzoek(session, recht=right, regel=regel).id


@pytest.fixture
def worker(town):
    """An account of the aanbieder itself."""
    with town.database.transaction(town.staff()) as session:
        person = User(login="golf", naam="A. Golf", created_at=NOW)
        session.add(person)
        session.flush()
        session.execute(
            text(
                "INSERT INTO aanstelling (id, user_id, rol, aanbieder_id, van)"
                " VALUES (gen_random_uuid(), :user, 'aanbieder', :own, '2026-01-01')"
            ),
            {"user": person.id, "own": town.aanbieder_id},
        )
        return person.id


def run(town, statement, **values):
    with town.database.transaction(town.theirs()) as session:
        return session.execute(text(statement), values)


def ids(town, statement) -> set[UUID]:
    with town.database.transaction(town.theirs()) as session:
        return set(session.scalars(text(statement)))


class TestPeople:
    def test_of_the_gemeente_are_not_there_with_their_password(self, town, worker):
        assert ids(town, "SELECT id FROM user_account") == {worker}
        assert ids(town, "SELECT user_id FROM aanstelling") == {worker}

    def test_are_not_appointed(self, town, worker):
        with pytest.raises(DBAPIError, match=REFUSED):
            run(
                town,
                "INSERT INTO aanstelling (id, user_id, rol, gemeente_code, van) VALUES"
                " (gen_random_uuid(), :user, 'consulent', '0396', '2026-01-01')",
                user=worker,
            )

    def test_are_not_made(self, town):
        with pytest.raises(DBAPIError, match=REFUSED):
            run(
                town,
                "INSERT INTO user_account (id, login, naam, failures, session_epoch,"
                " created_at) VALUES (gen_random_uuid(), 'x', 'x', 0, 1, now())",
            )

    def test_do_not_move_to_another_organisation(self, town, worker):
        moved = run(
            town,
            "UPDATE aanstelling SET rol = 'consulent', gemeente_code = '0396',"
            " aanbieder_id = NULL",
        )

        assert moved.rowcount == 0

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE user_account SET password_hash = 'x' WHERE login <> 'golf'",
            "UPDATE gemeente SET naam = 'x'",
            "UPDATE aanbieder SET naam = 'x'",
            "UPDATE instelling SET sleutel = 'x'",
            "UPDATE brieftekst SET sleutel = 'x'",
            "DELETE FROM product",
            "DELETE FROM verzending",
            "DELETE FROM promise",
        ],
    )
    def test_and_what_the_gemeente_set_stay_as_they_are(self, town, worker, change):
        assert run(town, change).rowcount == 0

    def test_get_no_token(self, town, worker):
        with pytest.raises(DBAPIError, match=REFUSED):
            run(
                town,
                "INSERT INTO api_token (id, user_id, naam, hash, scopes, created_at,"
                " expires_on) VALUES (gen_random_uuid(), :user, 'x', 'x', 'x', now(),"
                " '2030-01-01')",
                user=worker,
            )


class TestAnswer:
    def test_is_all_that_an_aanbieder_fills_in(self, town, asked):
        with pytest.raises(DBAPIError, match=REFUSED):
            run(town, "UPDATE plaatsingsverzoek SET volume = volume * 10")

    def test_of_an_aanbieder_leads_to_no_other_dossier(self, town, asked):
        with pytest.raises(DBAPIError, match=REFUSED):
            run(
                town, "UPDATE plaatsingsverzoek SET requested_by_id = gen_random_uuid()"
            )

    def test_is_given_and_followed_all_the_same(self, town, asked):
        with town.database.transaction(town.theirs()) as session:
            operations.accept_plaatsingsverzoek(
                session,
                town.medewerker,
                NOW,
                verzoek=session.get_one(Plaatsingsverzoek, asked),
                startdatum=session.get_one(Plaatsingsverzoek, asked).gewenste_start,
            )

        assert ids(town, "SELECT subject_id FROM promise") == {asked}

    def test_that_nobody_gave_is_not_promised(self, town, asked):
        with (
            pytest.raises(DBAPIError, match=REFUSED),
            town.database.transaction(town.theirs()) as session,
        ):
            promise(
                session,
                "providers.toewijzen",
                town.voorziening_id,
                gemeente_code="0396",
                at=NOW,
            )

    def test_promises_nothing_else(self, town, asked):
        with (
            pytest.raises(DBAPIError, match=REFUSED),
            town.database.transaction(town.theirs()) as session,
        ):
            promise(session, "besluit.overleden", asked, gemeente_code="0396", at=NOW)
