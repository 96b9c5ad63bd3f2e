"""Views of the worklist that somebody keeps, and the pages about replacement."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build.gemeente import login, user
from loket import termijnen
from loket.accounts.vervanging import Vervanging
from loket.authz import Role
from loket.cases.werkvoorraad.weergave import Weergave
from loket.datum import kort

TODAY = termijnen.dag_van(datetime.now(UTC))
NEW = "/werkvoorraad/weergaven/nieuw?fase=besluit&kolommen=pc4&sorteer=-ontvangen"


@pytest.fixture
def mine(seat):
    return seat(Role.CONSULENT)


@pytest.fixture
def kept(mine, here):
    """One view, kept by the consulent."""
    mine.post(NEW, data={"naam": "Mijn besluiten"})
    with here() as session:
        return session.scalars(select(Weergave)).one()


class TestWeergave:
    def test_opens_the_list_as_it_was(self, mine, kept):
        answer = mine.get(f"/werkvoorraad/weergaven/{kept.id}")

        asked = "/werkvoorraad?fase=besluit&kolommen=pc4&sorteer=-ontvangen"
        assert answer.location == asked
        assert 'aria-current="true">Mijn besluiten' in mine.get(asked).text

    def test_keeps_nothing_that_the_list_does_not_ask(self, mine, here):
        mine.post(f"{NEW}&na=2026-01-01_X&vreemd=1", data={"naam": "Kort"})

        with here() as session:
            adres = session.scalars(select(Weergave.adres)).one()
        assert {name for name, _ in adres} == {"fase", "kolommen", "sorteer"}

    def test_chosen_one_opens_by_itself_until_it_is_not(self, mine, kept):
        where = f"/werkvoorraad/weergaven/{kept.id}/standaard"

        mine.post(where)
        opened = mine.get("/werkvoorraad")
        mine.post(where)

        assert "fase=besluit" in opened.location
        assert mine.get("/werkvoorraad").status_code == 200

    def test_only_one_opens_by_itself(self, mine, here, kept):
        mine.post(f"/werkvoorraad/weergaven/{kept.id}/standaard")

        mine.post(NEW, data={"naam": "Een andere", "standaard": "ja"})

        with here() as session:
            chosen = session.scalars(select(Weergave.naam).where(Weergave.is_standaard))
            assert chosen.all() == ["Een andere"]

    def test_gets_another_name(self, mine, here, kept):
        mine.post(
            f"/werkvoorraad/weergaven/{kept.id}/wijzigen", data={"naam": "Anders"}
        )

        assert "Anders" in mine.get("/werkvoorraad/weergaven").text

    @pytest.mark.parametrize(
        ("naam", "message"), [("", "Vul een naam in."), ("Mijn besluiten", "al een")]
    )
    def test_asks_a_name_that_is_free(self, mine, kept, naam, message):
        page = mine.post(NEW, data={"naam": naam})

        assert page.status_code == 422
        assert message in page.text

    def test_is_removed_after_asking_once(self, mine, here, kept):
        where = f"/werkvoorraad/weergaven/{kept.id}/verwijderen"
        asked = mine.get(where)

        answers = [mine.post(where, data={"_verzending": "same"}) for _ in range(2)]

        assert "Mijn besluiten" in asked.text
        assert [each.status_code for each in answers] == [303, 303]
        with here() as session:
            assert session.scalars(select(Weergave)).all() == []

    @pytest.mark.parametrize("what", ["", "/wijzigen", "/verwijderen", "/standaard"])
    def test_of_somebody_else_does_not_exist(self, seat, here, kept, what):
        where = f"/werkvoorraad/weergaven/{kept.id}{what}"
        other = seat(Role.TEAMLEIDER)

        found = [other.post(where, data={"naam": "Van mij"}).status_code]
        found.append(other.get(where).status_code)

        assert set(found) <= {404, 405}
        assert 404 in found
        with here() as session:
            assert session.scalars(select(Weergave.naam)).all() == [kept.naam]


class TestVervangingPages:
    @pytest.fixture
    def colleague(self, here, staff):
        assert staff
        with here() as session:
            return user(session, Role.CONSULENT, naam="C. Ollega")

    def answers(self, colleague, **differs):
        return {"vervanger_id": colleague.id, "van": kort(TODAY)} | differs

    def test_own_absence(self, mine, here, staff, colleague):
        answer = mine.post("/vervangingen/nieuw", data=self.answers(colleague))

        assert answer.status_code == 303
        assert "C. Ollega" in mine.get("/vervangingen").text
        with here() as session:
            made = session.scalars(select(Vervanging)).one()
            assert made.user_id == staff[Role.CONSULENT].id

    def test_of_somebody_else_is_for_the_teamleider(
        self, seat, mine, staff, colleague, here
    ):
        other = self.answers(staff[Role.CONSULENT], user_id=colleague.id)

        refused = mine.post("/vervangingen/nieuw", data=other)
        done = seat(Role.TEAMLEIDER).post("/vervangingen/nieuw", data=other)

        assert (refused.status_code, done.status_code) == (403, 303)
        with here() as session:
            assert len(session.scalars(select(Vervanging)).all()) == 1

    def test_shows_what_is_wrong_at_its_field(self, mine, staff, colleague):
        yesterday = kort(TODAY - timedelta(days=1))

        page = mine.post(
            "/vervangingen/nieuw", data=self.answers(colleague, tot=yesterday)
        )

        assert page.status_code == 422
        assert yesterday in page.text
        assert "De laatste dag ligt voor de eerste dag." in page.text

    def test_is_ended_by_whose_absence_it_is(self, app, mine, here, colleague):
        mine.post("/vervangingen/nieuw", data=self.answers(colleague))
        with here() as session:
            made = session.scalars(select(Vervanging)).one()
        where = f"/vervangingen/{made.id}/beeindigen"
        last = {"laatste_dag": kort(TODAY)}

        other = login(app, colleague).post(where, data=last)
        own = mine.post(where, data=last)

        assert (other.status_code, own.status_code) == (404, 303)
        with here() as session:
            assert session.get_one(Vervanging, made.id).tot == TODAY
