"""Who approves a beschikking approves what was on the page, and nothing else."""

import html
import re

import pytest

from build import besluit as build
from build.case import HERE, Case, mark_of, shown
from build.gemeente import NOW, actor, actor_of
from build.race import meet
from loket.authz import Role
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.schedule import keep_all

TRAPLIFT = {"product_code": build.TRAPLIFT, "volume": 1}


@pytest.fixture
def case(app, database):
    return Case(app, database)


class Concept:
    """A concept that one person looks at while another works on it."""

    def __init__(self, case: Case, rol: Role = Role.CONSULENT, **differs) -> None:
        self.case, self.ref = case, case.concept(**differs)
        self.at = f"/beschikkingen/{self.ref}"
        self.reader = case.browser(rol)
        self.by = actor_of(case.people[Role.CONSULENT], Role.CONSULENT)

    def see(self, path: str) -> dict[str, str]:
        return shown(self.reader, f"{self.at}/{path}")

    def send(self, path: str, seen: dict[str, str], **answers: str):
        return self.reader.post(f"{self.at}/{path}", data=seen | answers)

    def find(self, session):
        made = self.case.beschikking(self.ref)
        return session.get_one(type(made), made.id)

    def add(self, session) -> None:
        build.regel(session, self.find(session), self.by, **TRAPLIFT)

    def remove(self, session) -> None:
        made = self.find(session)
        (regel,) = operations.queries.list_regels(session, made.id)
        operations.remove_besluitregel(
            session, self.by, NOW, beschikking=made, regel=regel
        )

    def meanwhile(self, deed) -> None:
        with self.case.database.transaction(HERE) as session:
            deed(session)


@pytest.fixture
def concept(case):
    return Concept(case)


class TestDecide:
    def test_what_was_shown_is_decided(self, concept):
        answer = concept.send("besluiten", concept.see("besluiten"))

        assert answer.status_code == 303
        assert concept.case.count(Voorziening) == 1

    def test_refuses_a_regel_that_came_after_the_look(self, concept):
        seen = concept.see("besluiten")
        concept.meanwhile(concept.add)

        answer = concept.send("besluiten", seen, _verzending="een")

        assert answer.status_code == 409
        said = html.unescape(answer.text)
        assert "Er is iets veranderd sinds u keek. Er is niets vastgelegd." in said
        assert "Erbij gekomen: Toekennen: Traplift." in said
        assert "Hulp bij het huishouden" in said
        assert concept.case.count(Voorziening) == 0
        assert concept.case.beschikking(concept.ref).decided_at is None

    def test_then_decides_what_the_page_shows_now(self, concept):
        seen = concept.see("besluiten")
        concept.meanwhile(concept.add)
        again = concept.send("besluiten", seen, _verzending="een")

        answer = concept.send("besluiten", mark_of(again.text), _verzending="een")

        assert answer.status_code == 303
        assert concept.case.count(Voorziening) == 2

    def test_refuses_when_a_regel_is_gone(self, case):
        concept = Concept(case)
        concept.meanwhile(concept.add)
        seen = concept.see("besluiten")
        with case.database.transaction(HERE) as session:
            made = concept.find(session)
            regel = operations.queries.list_regels(session, made.id)[-1]
            operations.remove_besluitregel(
                session, concept.by, NOW, beschikking=made, regel=regel
            )

        answer = concept.send("besluiten", seen)

        assert answer.status_code == 409
        assert "Een onderdeel is weggehaald." in answer.text
        assert case.count(Voorziening) == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("motivering", "Een ander verhaal."),
            ("volume", 999),
            ("bedrag_cent", 12),
            ("leveringsvorm", Leveringsvorm.PGB),
        ],
    )
    def test_refuses_a_regel_that_says_something_else(self, concept, name, value):
        seen = concept.see("besluiten")

        def change(session):
            made = concept.find(session)
            (regel,) = operations.queries.list_regels(session, made.id)
            setattr(regel, name, value)

        concept.meanwhile(change)
        answer = concept.send("besluiten", seen)

        assert answer.status_code == 409
        assert "Veranderd: Toekennen: Hulp bij het huishouden." in answer.text
        assert concept.case.count(Voorziening) == 0

    @pytest.mark.parametrize("mark", ["", "-", "verzonnen", "a.b c.d"])
    def test_refuses_who_does_not_say_what_was_seen(self, concept, mark):
        answer = concept.send("besluiten", {"_getoond": mark} if mark else {})

        assert answer.status_code == 409
        assert concept.case.count(Voorziening) == 0

    def test_holds_what_was_checked_on_the_page_before(self, concept):
        checked = concept.reader.get(f"{concept.at}/controleren").text
        link = html.unescape(re.search(r'href="([^"]+/besluiten[^"]*)"', checked)[1])
        same = concept.reader.get(link).text
        concept.meanwhile(concept.add)

        page = concept.reader.get(link)

        assert "De beschikking is veranderd" not in same
        assert "De beschikking is veranderd" in page.text
        assert "Erbij gekomen: Toekennen: Traplift." in page.text

    def test_shows_all_that_is_decided(self, concept):
        page = concept.reader.get(f"{concept.at}/besluiten").text

        with concept.case.database.transaction(HERE) as session:
            made = concept.find(session)
            (regel,) = operations.queries.list_regels(session, made.id)
            told = [regel.motivering, made.onderwerp_motivering]
        assert all(told)
        assert [each for each in told if each not in html.unescape(page)] == []

    def test_names_nothing_in_the_mark(self, concept):
        mark = concept.see("besluiten")["_getoond"]

        assert re.fullmatch(r"[0-9a-f]{16}\.[0-9a-f]{16}", mark)


class TestTwoConnections:
    def test_a_regel_that_is_being_added_is_not_decided_unseen(self, concept):
        seen = concept.see("besluiten")

        answer = meet(
            concept.case.database,
            HERE,
            concept.add,
            lambda: concept.send("besluiten", seen),
        )

        assert answer.status_code == 409
        assert "Erbij gekomen" in answer.text
        assert concept.case.count(Voorziening) == 0
        assert concept.case.count(Besluitregel) == 2

    def test_one_that_is_taken_out_and_put_back_differently_neither(self, concept):
        seen = concept.see("besluiten")

        def both(session):
            concept.remove(session)
            concept.add(session)

        answer = meet(
            concept.case.database,
            HERE,
            both,
            lambda: concept.send("besluiten", seen),
        )

        assert answer.status_code == 409
        assert "weggehaald" in answer.text
        assert concept.case.count(Voorziening) == 0


class TestReview:
    @pytest.fixture
    def concept(self, case):
        concept = Concept(case)
        other = actor(Role.CONSULENT)

        def by_another(session):
            concept.find(session).drawn_up_by_id = other.id

        concept.meanwhile(by_another)
        return concept

    def test_is_of_what_was_shown(self, concept):
        answer = concept.send("nagekeken", concept.see("controleren"))

        assert answer.location == concept.at
        assert concept.case.beschikking(concept.ref).reviewed_at

    def test_refuses_a_regel_that_came_after_the_look(self, concept):
        seen = concept.see("controleren")
        concept.meanwhile(concept.add)

        answer = concept.send("nagekeken", seen)

        page = concept.reader.get(answer.location).text
        assert answer.location == f"{concept.at}/controleren"
        assert "Erbij gekomen: Toekennen: Traplift." in page
        assert concept.case.beschikking(concept.ref).reviewed_at is None

    def test_refuses_who_does_not_say_what_was_seen(self, concept):
        concept.send("nagekeken", {})

        assert concept.case.beschikking(concept.ref).reviewed_at is None


class TestMakeKnown:
    def test_refuses_a_letter_that_was_not_on_the_page(self, case, config):
        ref = case.decided()
        url, office = (
            f"/beschikkingen/{ref}/bekendmaken",
            case.browser(Role.ADMINISTRATIE),
        )
        seen = shown(office, url)
        keep_all(case.database, config)
        day = case.beschikking(ref).besloten_op
        typed = {"bekendgemaakt_op": f"{day:%d-%m-%Y}"}

        refused = office.post(url, data=seen | typed)
        told = office.post(url, data=mark_of(refused.text) | typed)

        assert refused.status_code == 409
        assert "Veranderd: de brief is klaar." in refused.text
        assert f'value="{typed["bekendgemaakt_op"]}"' in refused.text
        assert told.status_code == 303
        assert case.beschikking(ref).bekendgemaakt_op == day
