"""The talk: in any order, kept from the first key, nobody registered twice."""

import re
from itertools import pairwise

import pytest
from sqlalchemy import event, select

from build.dossier import dossier, inwoner
from build.gemeente import CODE, NOW, TODAY, actor, gemeente, login, user
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier.huishouden import HuishoudenLid, SoortHuishouden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import shield_dossier
from loket.cases.dossier.operations_inwoner import record_huishouden
from loket.cases.dossier.queries import get_client
from loket.cases.melding.besproken import nuttig, verplicht
from loket.cases.melding.melding import Melding
from loket.db import Scope
from loket.drafts.draft import Draft
from loket.frame import office

HERE = Scope.of(CODE)
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def town(app, database):
    with database.transaction(HERE) as session:
        gemeente(session)


@pytest.fixture
def desk(app, town, database):
    with database.transaction(HERE) as session:
        person = user(session, Role.FRONTOFFICE)
    return login(app, person)


def hidden(page, name) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def begun(desk, **handed):
    """The address of a talk, and what its page sends along."""
    begin = desk.post("/meldingen/begin", data=handed)
    page = desk.get(begin.location)
    names = ("_verzending", "_concept_versie", "_concept_van")
    return begin.location, {name: hidden(page, name) for name in names}


def told(**differs):
    return {
        "achternaam": "Duinzand",
        "voorletters": "A.",
        "geboortedatum": "17-5-1948",
        "straat": "Dorpsstraat",
        "huisnummer": "12",
        "postcode": "1234 AB",
        "woonplaats": "Duinstede",
        "kanaal": "telefoon",
        "ontvangen_op": "23-11-2026",
        "wie": "client",
        "hulpvraag": "Wij redden het niet meer.",
        "behoefte_1": "Een schoon huis",
        "labels_1": ["huishoudelijke_hulp"],
        "verwijzer": "huisarts",
        "huishoudtype": "samenwonend",
        "clientondersteuning_verteld": "ja",
    } | differs


def rows(database, model):
    with database.transaction(HERE) as session:
        return session.scalars(select(model)).all()


def known(database, **differs) -> str:
    with database.transaction(HERE) as session:
        return str(inwoner(session, **differs).id)


class TestBegin:
    def test_new_is_an_empty_page_of_its_own_and_writes_nothing(self, desk, database):
        first, second = desk.get("/meldingen/nieuw"), desk.get("/meldingen/nieuw")

        assert first.location != second.location
        assert desk.get(first.location).status_code == 200
        assert rows(database, Draft) == []

    def test_takes_along_what_was_sought_and_puts_it_in_no_address(self, desk):
        answer = desk.post("/meldingen/begin", data={"achternaam": "Strandhaver"})

        assert "Strandhaver" not in answer.location
        assert 'value="Strandhaver"' in desk.get(answer.location).text

    def test_shows_a_known_person_with_the_bsn_masked(self, desk, database):
        key = known(database)
        with database.transaction(HERE) as session:
            number = str(session.get_one(Inwoner, key).bsn)

        where, _ = begun(desk, inwoner=key)

        shown = desk.get(where).text
        assert "A. Duinzand" in shown
        assert number not in shown
        assert number[-3:] in shown

    def test_several_talks_stand_in_the_list_on_the_page_to_search(self, desk):
        addresses = [
            begun(desk, achternaam=name)[0] for name in ("Strandhaver", "Zandlijn")
        ]

        page = desk.get("/inwoners/zoek")

        assert "Uw concepten" in page.text
        (concepten,) = re.findall(
            r"<h2>Uw concepten</h2>.*?</table>", page.text, re.DOTALL
        )
        assert [where for where in addresses if where not in concepten] == []
        assert len(set(addresses)) == 2
        assert re.findall(r"Strandhaver|Zandlijn", page.text) == []

    @pytest.mark.parametrize("rol", [Role.TEAMLEIDER, Role.ADMINISTRATIE])
    def test_is_not_for_who_registers_no_melding(self, app, town, database, rol):
        with database.transaction(HERE) as session:
            other = user(session, rol)

        browser = login(app, other)

        assert browser.get("/meldingen/nieuw").status_code == 403
        assert browser.post("/meldingen/nieuw/bekend").status_code == 403
        assert browser.post("/meldingen/nieuw/besproken").status_code == 403


class TestRegister:
    def test_from_a_draft_is_one_melding_and_the_draft_is_gone(self, desk, database):
        where, page = begun(desk)
        desk.post(where, data=page | told() | {"_concept": "bewaar"}, headers=FRAGMENT)

        answers = [desk.post(where, data=page | told()) for _ in range(2)]

        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert len(rows(database, Melding)) == 1
        assert rows(database, Draft) == []

    def test_that_is_not_whole_keeps_all(self, desk, database):
        where, page = begun(desk)

        answer = desk.post(where, data=page | told(hulpvraag=""))

        assert answer.status_code == 422
        assert 'value="Dorpsstraat"' in answer.text
        assert rows(database, Melding) == []


class TestWithoutJavascript:
    def sent(self, desk, where):
        """What the page as it stands now sends along."""
        page = desk.get(where)
        names = ("_verzending", "_concept_versie", "_concept_van")
        return page.text, {name: hidden(page, name) for name in names}

    def test_a_talk_is_kept_sought_and_registered_by_buttons_alone(
        self, desk, database
    ):
        key = known(database)
        where, page = begun(desk)

        kept = desk.post(where, data=page | told() | {"_concept": "bewaar"})
        shown, page = self.sent(desk, kept.location)
        found = desk.post(where, data=page | told() | {"_zoek": "ja"})
        chosen = desk.post(where, data=page | told() | {"_kies": key})
        again, page = self.sent(desk, chosen.location)
        answer = desk.post(where, data=page | told() | {"inwoner": key})

        assert "Wij redden het niet meer." in shown
        assert "teruggezet" in shown
        assert f'name="_kies" value="{key}"' in found.text
        assert f'name="inwoner" value="{key}"' in again
        assert answer.location.startswith("/dossiers/")
        (made,) = rows(database, Melding)
        assert rows(database, Draft) == []
        with database.transaction(HERE) as session:
            assert str(get_client(session, made.dossier_id).id) == key

    def test_headings_follow_each_other(self, desk, database):
        where, _ = begun(desk, inwoner=known(database))

        for page in (desk.get(where), desk.post(where, data={"_zoek": "ja"})):
            levels = [int(each) for each in re.findall(r"<h([1-6])[ >]", page.text)]
            steps = [b - a for a, b in pairwise(levels)]
            assert levels[0] == 1
            assert max(steps, default=0) <= 1


class TestKnown:
    def ask(self, desk, **typed):
        return desk.post("/meldingen/nieuw/bekend", data=typed, headers=FRAGMENT)

    def test_is_offered_by_name_and_birth_date(self, desk, database):
        key = known(database)

        answer = self.ask(desk, achternaam="duinzand", geboortedatum="17-5-1948")

        assert "A. Duinzand" in answer.text
        assert f'name="_kies" value="{key}"' in answer.text
        assert "<html" not in answer.text

    def test_is_not_sought_by_a_name_alone_or_half_a_bsn(self, desk, database):
        known(database)

        answers = [self.ask(desk, achternaam="Duinzand"), self.ask(desk, bsn="9999")]

        assert all("Duinzand" not in answer.text for answer in answers)
        assert {a.action for a in rows(database, AuditRecord)} & {
            "inwoner.searched"
        } == set()

    def test_leaves_who_appeared_in_the_trail(self, desk, database):
        key = known(database)

        self.ask(desk, achternaam="Duinzand", geboortedatum="17-5-1948")

        looks = [r for r in rows(database, AuditRecord) if "searched" in r.action]
        assert len(looks) == 1
        assert key in {str(each.subject_id) for each in rows(database, AuditSubject)}

    def test_who_is_shielded_is_known_and_no_more(self, desk, database):
        with database.transaction(HERE) as session:
            case = dossier(session, actor(Role.FRONTOFFICE))
            leader = actor(Role.TEAMLEIDER, id=user(session, Role.TEAMLEIDER).id)
            shield_dossier(session, leader, NOW, dossier=case, user_ids=[])

        answer = self.ask(desk, achternaam="Duinzand", geboortedatum="17-5-1948")

        assert "bekend, maar afgeschermd" in answer.text
        assert "Duinzand" not in answer.text
        assert "_kies" not in answer.text

    def test_brings_the_people_of_the_household(self, desk, database):
        with database.transaction(HERE) as session:
            one = inwoner(session)
            other = inwoner(session, voorletters="B.", achternaam="Helmgras")
            record_huishouden(
                session,
                actor(),
                NOW,
                soort=SoortHuishouden.ADRES,
                leden=[one, other],
                van=TODAY,
            )
            key = str(other.id)

        answer = self.ask(desk, achternaam="Duinzand", geboortedatum="17-5-1948")

        assert "Woont samen met B. Helmgras" in answer.text
        assert f'value="{key}"' in answer.text

    def test_chosen_fills_what_is_known_and_keeps_what_was_typed(self, desk, database):
        key = known(database, contactwens="Bel de dochter")
        where, page = begun(desk)

        answer = desk.post(
            where, data=page | {"hulpvraag": "Ik val vaak.", "_kies": key}
        )
        shown = desk.get(answer.location).text

        assert answer.location == where
        assert "Ik val vaak." in shown
        assert "Bel de dochter" in shown
        assert f'name="inwoner" value="{key}"' in shown

    def test_chosen_of_another_gemeente_does_not_exist(self, desk, database):
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            by = actor(Role.FRONTOFFICE, gemeente="0405")
            stranger = str(inwoner(session, by).id)
        where, page = begun(desk)

        assert desk.post(where, data=page | {"_kies": stranger}).status_code == 404

    def test_without_javascript_is_a_button(self, desk, database):
        known(database)
        where, page = begun(desk)

        answer = desk.post(where, data=page | told() | {"_zoek": "ja"})

        assert answer.status_code == 200
        assert "Is dit een van deze mensen?" in answer.text
        assert "Een schoon huis" in answer.text
        assert rows(database, Melding) == []

    def test_asks_as_many_questions_for_one_as_for_many(self, app, desk, database):
        counts = []
        for size in (1, 5):
            with database.transaction(HERE) as session:
                for _ in range(size):
                    inwoner(session)
            self.ask(desk, achternaam="Duinzand", geboortedatum="17-5-1948")
            counts.append(
                counted(
                    app,
                    lambda: self.ask(
                        desk, achternaam="Duinzand", geboortedatum="17-5-1948"
                    ),
                )
            )

        assert counts[0] == counts[1]


def counted(app, ask) -> int:
    engine = office(app).database.engine
    statements = []

    def note(_conn, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return len(statements)


class TestDrafts:
    def test_stand_on_the_page_of_today(self, desk):
        where, _ = begun(desk, achternaam="Strandhaver")

        page = desk.get("/vandaag").text

        assert "Meldingen die u nog niet hebt vastgelegd" in page
        assert where in page
        assert "Strandhaver" not in page

    def test_are_listed_with_one_question(self, app, desk):
        begun(desk, achternaam="Een")
        one = counted(app, lambda: desk.get("/inwoners/zoek"))
        for name in ("Twee", "Drie", "Vier"):
            begun(desk, achternaam=name)

        assert counted(app, lambda: desk.get("/inwoners/zoek")) == one


class TestPartner:
    def test_begins_the_second_melding_with_what_the_talk_told_of_both(
        self, desk, database
    ):
        where, page = begun(desk)

        answer = desk.post(where, data=page | told() | {"_partner": "ja"})
        second = desk.get(answer.location)

        assert answer.location.startswith("/meldingen/nieuw/")
        assert "Wij redden het niet meer." in second.text
        assert 'value="Dorpsstraat"' in second.text
        assert "Een schoon huis" not in second.text
        assert len(rows(database, Melding)) == 1

    def test_ends_as_two_meldingen_of_one_household(self, desk, database):
        where, page = begun(desk)
        partner = desk.post(where, data=page | told() | {"_partner": "ja"}).location
        second = desk.get(partner)
        names = ("_verzending", "_concept_versie", "samen")
        page = {name: hidden(second, name) for name in names}

        answer = desk.post(
            partner,
            data=page
            | told(
                voorletters="B.",
                bsn="999900018",
                achternaam="Helmgras",
                geboortedatum="1-2-1947",
            ),
        )

        assert answer.location.startswith("/dossiers/")
        assert len(rows(database, Melding)) == 2
        assert len({lid.huishouden_id for lid in rows(database, HuishoudenLid)}) == 1
        assert len(rows(database, HuishoudenLid)) == 2


class TestNotSpokenAbout:
    def test_tells_what_must_apart_from_what_helps(self):
        value = {"achternaam": "Duinzand", "wie": "client"}.get

        assert "bsn" in {punt.veld for punt in verplicht(value)}
        assert "telefoon" in {punt.veld for punt in nuttig(value)}
        assert "telefoon" not in {punt.veld for punt in verplicht(value)}

    def test_asks_nothing_of_the_person_who_was_chosen(self):
        value = {"inwoner": "0190"}.get

        assert {"achternaam", "bsn", "straat"}.isdisjoint(
            punt.veld for punt in verplicht(value)
        )

    def test_asks_who_tells_it_when_that_is_somebody_else(self):
        assert "melder_rol" in {p.veld for p in verplicht({"wie": "ander"}.get)}
        assert "melder_rol" not in {p.veld for p in verplicht({"wie": "client"}.get)}

    def test_is_told_again_while_somebody_types(self, desk):
        before = desk.post("/meldingen/nieuw/besproken", data={}, headers=FRAGMENT)
        after = desk.post("/meldingen/nieuw/besproken", data=told(), headers=FRAGMENT)

        assert "#v-hulpvraag" in before.text
        assert "Alles wat nodig is, is besproken." in after.text
        assert "#v-telefoon" in after.text
