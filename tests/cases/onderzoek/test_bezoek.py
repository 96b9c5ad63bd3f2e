"""The visit: the whole talk on one page, kept while somebody types."""

import re

import pytest
from sqlalchemy import event, func, select

from build import onderzoek as build
from build.gemeente import CODE, NOW, actor_of, gemeente, login, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.gesprek import Gesprek
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter
from loket.db import Scope, uuid7
from loket.drafts.draft import Draft
from loket.frame import office

WORDS = "Ik kan nog koken, maar stofzuigen lukt niet."


@pytest.fixture
def place(app):
    """A case in onderzoek, with its consulent logged in."""
    database = office(app).database
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        person = user(session, Role.CONSULENT)
        by = actor_of(person, Role.CONSULENT)
        onderzoek = build.onderzoek(session, by)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        client = login(app, person)
    return Place(app, database, by, client, dossier, onderzoek.id)


class Place:
    def __init__(self, app, database, by, browser, dossier, onderzoek_id):
        self.app = app
        self.database = database
        self.by = by
        self.browser = browser
        self.dossier = dossier
        self.onderzoek_id = onderzoek_id
        self.url = f"/dossiers/{dossier.referentie}/onderzoek/bezoek"

    def session(self):
        return self.database.transaction(Scope.of(CODE))

    def onderzoek(self, session):
        return queries.get_onderzoek(session, self.dossier.id)

    def form(self, **typed):
        """What the browser would send: the page as it stands, with `typed`."""
        page = self.browser.get(self.url).text
        main = page.split('<form class="lk-form"', 1)[1].split("</form>")[0]
        shown = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', main))
        texts = re.findall(
            r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', main
        )
        shown |= dict(texts)
        return {**shown, "vorm": "thuis", **typed}

    def send(self, **typed):
        return self.browser.post(self.url, data=self.form(**typed))

    def stored(self, letter):
        with self.session() as session:
            found = queries.list_onderwerpen(session, self.onderzoek_id)
            text = found.get(Letter(letter))
            return None if text is None else str(text.woorden_client or "")


class TestRecordBezoek:
    def test_records_only_what_is_new_and_goes_back(self, place):
        answer = place.send(woorden_b=WORDS, beoordeling_b="Zwaar werk lukt niet.")

        assert answer.status_code == 303
        assert answer.location.endswith("/onderzoek")
        assert place.stored("b") == WORDS
        assert place.stored("c") is None
        with place.session() as session:
            deeds = session.scalars(
                select(AuditRecord.grond).where(
                    AuditRecord.action == Action.ONDERWERP_RECORDED.value
                )
            ).all()
        assert deeds == ["b"]

    def test_records_the_talk_and_the_document_that_was_seen(self, place):
        place.send(
            aanwezigen="Mevrouw en haar dochter",
            verteld="Het huis wordt mij te veel.",
            bewijs="paspoort",
        )

        with place.session() as session:
            onderzoek = place.onderzoek(session)
            [(gesprek, deel)] = queries.list_gesprekken(session, onderzoek.id)
            assert gesprek.vorm.value == "thuis"
            assert deel.woorden_client == "Het huis wordt mij te veel."
            assert onderzoek.identiteitsbewijs.value == "paspoort"

    def test_makes_no_talk_of_a_visit_without_one(self, place):
        place.send(woorden_a=WORDS)

        with place.session() as session:
            assert session.scalar(select(func.count(Gesprek.id))) == 0

    def test_records_an_open_leefgebied(self, place):
        with place.session() as session:
            onderzoek = place.onderzoek(session)
            build.operations_behoefte.open_leefgebied(
                session,
                place.by,
                NOW,
                onderzoek=onderzoek,
                soort=LeefgebiedSoort.FINANCIEN,
                behoefte_id=build.behoefte(session, onderzoek).id,
                reden="De hulp kost geld.",
            )

        place.send(woorden_financien="Ik kom net rond.")

        with place.session() as session:
            opened = queries.list_leefgebieden(session, place.onderzoek_id)
            found = opened[LeefgebiedSoort.FINANCIEN]
            assert found.woorden_client == "Ik kom net rond."

    def test_asks_who_were_there_and_loses_nothing(self, place):
        answer = place.send(verteld="Het huis wordt mij te veel.", woorden_b=WORDS)

        assert answer.status_code == 422
        assert "Vul in wie erbij waren." in answer.text
        assert WORDS in answer.text
        assert place.stored("b") is None

    def test_sent_twice_is_one_visit(self, place):
        sent = place.form(aanwezigen="Mevrouw", verteld="Het gaat niet meer.")

        place.browser.post(place.url, data=sent)
        place.browser.post(place.url, data=sent)

        with place.session() as session:
            assert session.scalar(select(func.count(Gesprek.id))) == 1

    def test_after_the_end_there_is_nothing_to_visit(self, place):
        sent = place.form(woorden_b=WORDS)
        with place.session() as session:
            done = place.onderzoek(session)
            build.volledig(session, place.by, of=done)
            build.operations.complete_onderzoek(session, place.by, NOW, onderzoek=done)

        page = place.browser.get(place.url)
        answer = place.browser.post(place.url, data=sent)

        assert page.status_code == 303
        assert answer.status_code in (409, 422)
        assert WORDS in answer.text


class TestKeep:
    def test_what_was_typed_is_there_again(self, place):
        sent = place.form(woorden_b=WORDS, _concept="bewaar")

        place.browser.post(place.url, data=sent, headers={"HX-Request": "true"})

        assert WORDS in place.browser.get(place.url).text
        assert place.stored("b") is None

    def test_goes_with_the_visit_that_was_recorded(self, place):
        sent = place.form(woorden_b=WORDS)
        place.browser.post(place.url, data=sent | {"_concept": "bewaar"})

        place.browser.post(place.url, data=sent)

        with place.session() as session:
            assert session.scalar(select(func.count(Draft.id))) == 0

    def test_gives_the_device_a_key_that_only_its_author_gets(self, place):
        with place.session() as session:
            other = login(place.app, user(session, Role.CONSULENT))
        keys = [
            re.search(r'data-draft-key="([^"]+)"', browser.get(place.url).text)[1]
            for browser in (place.browser, place.browser, other)
        ]

        assert keys[0] == keys[1]
        assert keys[0] != keys[2]


class TestReadAlong:
    def test_shows_the_words_of_the_client_and_none_of_ours(self, place):
        sent = place.form(
            woorden_b=WORDS, beoordeling_b="Zwaar werk lukt niet.", _concept="bewaar"
        )
        place.browser.post(place.url, data=sent)

        page = place.browser.get(f"{place.url}/meelezen")

        assert WORDS in page.text
        assert "Zwaar werk lukt niet." not in page.text

    def test_says_what_to_do_when_there_is_nothing_yet(self, place):
        page = place.browser.get(f"{place.url}/meelezen")

        assert "Er staat nog niets" in page.text


class TestRefusals:
    @pytest.mark.parametrize("rol", [Role.FRONTOFFICE, Role.TEAMLEIDER])
    def test_who_does_no_onderzoek_stays_out(self, place, rol):
        with place.session() as session:
            other = login(place.app, user(session, rol))

        assert other.get(place.url).status_code == 403
        assert other.post(place.url, data={}).status_code == 403
        assert other.get(f"{place.url}/meelezen").status_code == 403

    def test_another_gemeente_finds_nothing(self, place):
        with place.database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            person = user(session, Role.CONSULENT, gemeente="0375")
        other = login(place.app, person, "0375")

        assert other.get(place.url).status_code == 404
        assert other.post(place.url, data={}).status_code == 404

    def test_a_dossier_that_is_not_there(self, place):
        url = f"/dossiers/ZZZZ-{uuid7().hex[:4].upper()}/onderzoek/bezoek"

        assert place.browser.get(url).status_code == 404


def test_asks_the_database_as_often_for_much_as_for_little(place):
    asked = []
    event.listen(
        place.database.engine, "before_cursor_execute", lambda *_: asked.append(1)
    )

    def count():
        asked.clear()
        place.browser.get(place.url)
        return len(asked)

    count()  # the first page of a session asks a few more
    few = count()
    for letter in "abcdefg":
        place.send(**{f"woorden_{letter}": WORDS * 20})

    assert count() <= few
