"""A contact in a few seconds: of whom, about what, and what follows."""

import re

import pytest
from sqlalchemy import event, select

from build.besluit import voorziening
from build.dossier import dossier, inwoner
from build.gemeente import CODE, NOW, actor, gemeente, login, user
from loket.authz import Role
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import assign_dossier, shield_dossier
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.terugbelverzoek import Terugbelverzoek
from loket.db import Scope, uuid7
from loket.drafts.draft import Draft
from loket.frame import office

HERE = Scope.of(CODE)
TOLD = {"uitkomst": "informatie", "kanaal": "balie", "tekst": "Vroeg naar de bus."}
BROKEN = TOLD | {"uitkomst": "reparatie", "tekst": "De rolstoel is kapot."}


@pytest.fixture
def town(app, database):
    with database.transaction(HERE) as session:
        gemeente(session)


@pytest.fixture
def desk(app, town, database):
    with database.transaction(HERE) as session:
        person = user(session, Role.FRONTOFFICE)
    return login(app, person)


@pytest.fixture
def case(town, database):
    """Reference of a dossier, its id and the id of its cliënt."""
    with database.transaction(HERE) as session:
        made = dossier(session)
        return made.referentie, made.id, get_client(session, made.id).id


def rows(database, model):
    with database.transaction(HERE) as session:
        return session.scalars(select(model)).all()


def new() -> str:
    return f"/contactmomenten/nieuw/{uuid7()}"


class TestRecord:
    def test_anonymous_stands_under_a_key_of_its_own(self, desk, database):
        answer = desk.post(new(), data=TOLD)

        assert answer.location == "/vandaag"
        (made,) = rows(database, Contactmoment)
        assert (made.scope_id, made.inwoner_id, made.dossier_id) == (
            made.id,
            None,
            None,
        )
        assert rows(database, Taak) == []

    def test_with_a_known_person_about_their_dossier(self, desk, database, case):
        told = TOLD | {"inwoner": case[2], "bij": case[0]}

        answer = desk.post(new(), data=told)

        assert answer.location == f"/dossiers/{case[0]}"
        assert "Vroeg naar de bus." in desk.get(answer.location).text
        (made,) = rows(database, Contactmoment)
        assert (made.dossier_id, made.inwoner_id) == (case[1], case[2])

    def test_about_a_voorziening_names_it_on_the_dossier(self, desk, database):
        with database.transaction(HERE) as session:
            right = voorziening(session)
            key, client = str(right.id), str(right.gerechtigde_id)
        page = desk.get(
            desk.post("/contactmomenten/begin", data={"inwoner": client}).location
        ).text

        answer = desk.post(new(), data=TOLD | {"inwoner": client, "bij": key})

        assert f'value="{key}"' in page
        (made,) = [e for e in rows(database, Contactmoment) if e.voorziening_id]
        assert str(made.voorziening_id) == key
        shown = desk.get(answer.location).text
        assert re.search(r"Balie: informatie gegeven \([^)]+\)", shown)

    def test_shows_what_was_said_before(self, desk, case):
        desk.post(new(), data=TOLD | {"inwoner": case[2]})
        begun = desk.post("/contactmomenten/begin", data={"inwoner": case[2]})

        assert "Vroeg naar de bus." in desk.get(begun.location).text

    def test_sent_twice_is_one_contact(self, desk, database):
        where, told = new(), BROKEN | {"_verzending": "eenmaal"}

        answers = [desk.post(where, data=told) for _ in range(2)]

        assert {answer.status_code for answer in answers} == {303}
        assert len(rows(database, Contactmoment)) == 1
        assert len(rows(database, Terugbelverzoek)) == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"uitkomst": ""},
            {"uitkomst": "melding"},
            {"kanaal": "postduif"},
            {"tekst": ""},
            {"tekst": "x" * 4001},
            {"bij": "ZZZZ-2222"},
            {"achternaam": "Duinzand"},
        ],
    )
    def test_bad_input_keeps_all_and_records_nothing(self, desk, database, wrong):
        answer = desk.post(new(), data=TOLD | wrong)

        assert answer.status_code == 422
        assert ("Vroeg naar de bus." in answer.text) is ("tekst" not in wrong)
        assert rows(database, Contactmoment) == []

    def test_about_a_dossier_of_somebody_else_is_refused(self, desk, database, case):
        with database.transaction(HERE) as session:
            other = str(inwoner(session).id)

        told = TOLD | {"inwoner": other, "bij": case[0]}

        assert desk.post(new(), data=told).status_code == 422
        assert rows(database, Contactmoment) == []

    def test_with_a_shielded_or_foreign_person_does_not_exist(
        self, desk, database, case
    ):
        with database.transaction(HERE) as session:
            lead = actor(Role.TEAMLEIDER, id=user(session, Role.TEAMLEIDER).id)
            held = session.get_one(Dossier, case[1])
            shield_dossier(session, lead, NOW, dossier=held, user_ids=[])
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            by = actor(Role.FRONTOFFICE, gemeente="0405")
            stranger = inwoner(session, by).id

        answers = [
            desk.post(where, data=TOLD | {"inwoner": each})
            for each in (case[2], stranger)
            for where in (new(), "/contactmomenten/begin")
        ]
        answers.append(desk.post(f"/dossiers/{case[0]}/contactmomenten/nieuw"))

        assert {answer.status_code for answer in answers} == {404}

    @pytest.mark.parametrize("rol", [Role.TEAMLEIDER, Role.BELEIDSMEDEWERKER])
    def test_is_not_for_who_changes_no_dossier(self, app, town, database, case, rol):
        with database.transaction(HERE) as session:
            other = user(session, rol)
        browser = login(app, other)

        asked = [
            browser.get("/contactmomenten/nieuw"),
            browser.post(new(), data=TOLD),
            browser.post("/contactmomenten/begin"),
            browser.post("/contactmomenten/nieuw/bekend"),
            browser.get(f"/dossiers/{case[0]}/contactmomenten/nieuw"),
        ]

        assert {answer.status_code for answer in asked} == {403}


class TestWork:
    @pytest.mark.parametrize(
        ("uitkomst", "soort"),
        [
            (Uitkomst.REPARATIE, TaakSoort.REPARATIE_REGELEN),
            (Uitkomst.HULP_KOMT_NIET, TaakSoort.HULP_KOMT_NIET),
        ],
    )
    def test_is_a_task_of_the_consulent(self, desk, database, case, uitkomst, soort):
        with database.transaction(HERE) as session:
            consulent = user(session, Role.CONSULENT).id
            held = session.get_one(Dossier, case[1])
            assign_dossier(
                session,
                actor(Role.TEAMLEIDER),
                NOW,
                dossier=held,
                consulent_id=consulent,
            )

        told = BROKEN | {"uitkomst": uitkomst.value}
        answer = desk.post(f"/dossiers/{case[0]}/contactmomenten/nieuw", data=told)

        assert "De consulent krijgt een taak." in desk.get(answer.location).text
        (taak,) = rows(database, Taak)
        (made,) = rows(database, Contactmoment)
        assert (taak.soort, taak.voor_user_id) == (soort, consulent)
        assert (taak.onderwerp_id, taak.voor_rol) == (made.id, None)

    def test_is_for_the_administratie_where_nobody_has_the_dossier(
        self, desk, database, case
    ):
        desk.post(f"/dossiers/{case[0]}/contactmomenten/nieuw", data=BROKEN)

        (taak,) = rows(database, Taak)
        assert (taak.voor_rol, taak.voor_user_id) == (Role.ADMINISTRATIE, None)

    def test_without_a_dossier_asks_the_administratie_to_call_back(
        self, desk, database
    ):
        with database.transaction(HERE) as session:
            client = inwoner(session).id

        desk.post(new(), data=BROKEN | {"inwoner": client})

        with database.transaction(HERE) as session:
            made = session.scalars(select(Terugbelverzoek)).one()
            assert made.voor_rol is Role.ADMINISTRATIE
            assert (made.telefoon, made.notitie) == (
                "0612345678",
                "De rolstoel is kapot.",
            )
        assert rows(database, Taak) == []


class TestTurn:
    def test_is_a_melding_that_keeps_what_was_typed(self, desk, database, case):
        where = new()
        kept = {"_verzending": "eenmaal", "_concept_versie": "0"}
        desk.post(where, data=TOLD | kept | {"_concept": "bewaar"})
        page = desk.get(where).text
        version = re.search(r'name="_concept_versie" value="(\d+)"', page)[1]
        told = {"kanaal": "balie", "tekst": "Ik red het niet.", "inwoner": case[2]}
        sent = told | {"_melding": "ja", "_concept_versie": version}

        answer = desk.post(where, data=sent)

        page = desk.get(answer.location).text
        assert answer.location.startswith("/meldingen/nieuw/")
        assert "Ik red het niet." in page
        assert '<option value="balie" selected' in page
        assert f'name="inwoner" value="{case[2]}"' in page
        assert [each.form for each in rows(database, Draft)] == ["melding.nieuw"]
        assert rows(database, Contactmoment) == []

    def test_twice_is_one_talk(self, desk, database):
        where, told = new(), TOLD | {"_melding": "ja", "_verzending": "eenmaal"}

        answers = [desk.post(where, data=told).location for _ in range(2)]

        assert len(set(answers)) == 1
        assert len(rows(database, Draft)) == 1

    def test_is_not_for_who_registers_no_melding(self, app, town, database):
        with database.transaction(HERE) as session:
            other = user(session, Role.ADMINISTRATIE)
        browser = login(app, other)
        where = new()

        assert "Toch een melding" not in browser.get(where).text
        sent = browser.post(where, data=TOLD | {"_melding": "ja"})
        assert sent.status_code == 403
        assert rows(database, Draft) == []


class TestFind:
    def test_without_javascript_is_a_button_and_a_choice(self, desk, database, case):
        where = new()
        typed = {"achternaam": "Duinzand", "geboortedatum": "17-5-1948"}

        found = desk.post(where, data=TOLD | typed | {"_zoek": "ja"}).text
        chosen = desk.post(where, data=TOLD | typed | {"_kies": case[2]})
        page = desk.get(chosen.location).text

        assert f'name="_kies" value="{case[2]}"' in found
        assert "Vroeg naar de bus." in page
        assert f'name="inwoner" value="{case[2]}"' in page
        assert f'value="{case[0]}"' in page
        assert rows(database, Contactmoment) == []

    def test_another_person_begins_again_and_keeps_the_text(self, desk, case):
        where = desk.post("/contactmomenten/begin", data={"inwoner": case[2]}).location
        page = desk.get(where).text
        version = re.search(r'name="_concept_versie" value="(\d+)"', page)[1]
        sent = TOLD | {"inwoner": case[2], "_concept_versie": version}

        answer = desk.post(where, data=sent | {"_kies": "nieuw"})

        page = desk.get(answer.location).text
        assert "Vroeg naar de bus." in page
        assert f'value="{case[2]}"' not in page

    def test_while_typing_is_a_part_of_a_page(self, desk, case):
        typed = {"achternaam": "Duinzand", "geboortedatum": "17-5-1948"}

        part = desk.post("/contactmomenten/nieuw/bekend", data=typed).text

        assert "A. Duinzand" in part
        assert "<html" not in part

    def test_asks_as_many_questions_with_one_dossier_as_with_many(
        self, app, desk, database, case
    ):
        def counted() -> int:
            begun = desk.post("/contactmomenten/begin", data={"inwoner": case[2]})
            statements: list[str] = []

            def note(_conn, _cursor, statement, *_):
                statements.append(statement)

            engine = office(app).database.engine
            event.listen(engine, "before_cursor_execute", note)
            assert desk.get(begun.location).status_code == 200
            event.remove(engine, "before_cursor_execute", note)
            return len(statements)

        desk.post(new(), data=TOLD | {"inwoner": case[2], "bij": case[0]})
        one = counted()
        with database.transaction(HERE) as session:
            client = get_client(session, case[1])
            for _ in range(3):
                dossier(session, client=client)
        for _ in range(3):
            desk.post(new(), data=TOLD | {"inwoner": case[2], "bij": case[0]})

        assert counted() == one


class TestDoors:
    def test_are_one_click_away(self, desk, case):
        assert 'href="/contactmomenten/nieuw"' in desk.get("/vandaag").text
        assert 'href="/contactmomenten/nieuw"' in desk.get("/inwoners/zoek").text
        where = f"/dossiers/{case[0]}/contactmomenten/nieuw"
        assert f'href="{where}"' in desk.get(f"/dossiers/{case[0]}").text
        found = desk.post("/inwoners/zoek", data={"achternaam": "dui*"}).text
        assert "Contactmoment met A. Duinzand" in found
        assert "Terugbelverzoek voor A. Duinzand" in found
