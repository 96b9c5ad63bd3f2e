"""What both sides settle about the help: a start, being out of reach, questions."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from build import gemeente
from build import providers as build
from build.gemeente import NOW
from build.town import Street, stranger
from loket.accounts.operations import set_instelling
from loket.authz import Actor, Role
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.config import Config
from loket.datum import kort
from loket.db import Scope
from loket.frame import office
from loket.providers.contract import Contractregel
from loket.providers.levering import Contactpoging, Leveringsvraag, Startvoorstel
from loket.providers.toewijzing import Deling
from loket.schedule import keep_all
from loket.termijnen import vandaag

REFUSED = "row-level security|an answer changes nothing else|permission denied"
LATER = kort(vandaag() + timedelta(days=7))
LATEST = kort(vandaag() + timedelta(days=14))
TODAY = kort(vandaag())
UITLEG = "Mevrouw neemt niet op en doet niet open."
START = "startvoorstel"
AKKOORD = "startvoorstel/akkoord"


@pytest.fixture
def toewijzing(street: Street) -> str:
    """A toewijzing that waits for its start, with its deling."""
    return assign(street)


def assign(street: Street) -> str:
    town = street.town
    with town.database.transaction(town.staff()) as session:
        contract = session.get_one(Contractregel, town.contractregel_id)
        session.execute(
            text(
                "UPDATE contract SET plaatsingsverzoek = false, berichten = false,"
                " vorm = 'taakgericht'"
            )
        )
        session.expire_all()
        return build.toewijzing(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=contract,
        ).referentie


def theirs(toewijzing: str, deed: str = "levering") -> str:
    return f"/aanbieder/toewijzingen/{toewijzing}/{deed}"


def ours(street: Street, toewijzing: str, deed: str = "levering") -> str:
    return f"/dossiers/{street.town.dossier}/toewijzingen/{toewijzing}/{deed}"


def ask(street: Street, toewijzing: str, soort: str = "uitval", **form: str):
    data = {"soort": soort, "toelichting": UITLEG} | form
    return street.aanbieder.post(theirs(toewijzing, "vragen"), data=data)


def attempt(street: Street, toewijzing: str, **form: str):
    data = {"dag": TODAY, "wijze": "telefoon"} | form
    return street.aanbieder.post(theirs(toewijzing, "contactpogingen"), data=data)


def taken(street: Street, config: Config) -> list[tuple[TaakSoort, bool]]:
    keep_all(street.town.database, config)
    return [(each.soort, each.done_at is not None) for each in rows(street, Taak)]


def rows(street: Street, noun):
    with street.town.database.transaction(street.town.staff()) as session:
        return session.scalars(select(noun).order_by(noun.id)).all()


def change(street: Street, statement: str) -> None:
    with street.town.database.transaction(street.town.staff()) as session:
        session.execute(text(statement))


class TestStart:
    def test_is_proposed_answered_with_another_day_and_agreed(
        self, street: Street, toewijzing: str, config: Config
    ) -> None:
        here, there = ours(street, toewijzing), theirs(toewijzing)
        street.aanbieder.post(
            theirs(toewijzing, START), data={"startdatum": LATER, "toelichting": "Vol."}
        )
        asked = taken(street, config)

        page = street.consulent.get(here)
        street.consulent.post(
            ours(street, toewijzing, START), data={"startdatum": LATEST}
        )
        answered = taken(street, config)
        today = street.aanbieder.get("/vandaag")
        agreed = street.aanbieder.post(
            theirs(toewijzing, AKKOORD), data={"startdatum": LATEST}
        )

        assert asked == [(TaakSoort.STARTDATUM_BEANTWOORDEN, False)]
        assert "Vol." in page.text
        assert answered == [(TaakSoort.STARTDATUM_BEANTWOORDEN, True)]
        assert "De gemeente stelt een startdatum voor" in today.text
        assert agreed.status_code == 303
        made = rows(street, Startvoorstel)
        assert [each.agreed_at is not None for each in made] == [False, True]
        for browser, url in ((street.aanbieder, there), (street.consulent, here)):
            shown = browser.get(url).text
            assert "Afgesproken is dat de hulp start" in shown
            assert "Vervangen" in shown

    @pytest.mark.parametrize(
        ("day", "says"),
        [
            ("", "Vul"),
            ("01-01-2020", "De toewijzing begint op"),
            ("01-01-2090", "De toewijzing eindigt op"),
        ],
    )
    def test_outside_the_toewijzing_is_refused_with_what_was_typed(
        self, street: Street, toewijzing: str, day: str, says: str
    ) -> None:
        data = {"startdatum": day, "toelichting": "Zie agenda."}
        answer = street.aanbieder.post(theirs(toewijzing, START), data=data)

        assert answer.status_code == 422
        assert says in answer.text
        assert "Zie agenda." in answer.text
        assert rows(street, Startvoorstel) == []

    def test_is_not_agreed_by_who_proposed_it_nor_before_or_about_another_day(
        self, street: Street, toewijzing: str
    ) -> None:
        url, data = theirs(toewijzing, AKKOORD), {"startdatum": LATER}
        early = street.aanbieder.post(url, data=data)
        street.aanbieder.post(theirs(toewijzing, START), data=data)
        own = street.aanbieder.post(url, data=data)
        other = street.consulent.post(
            ours(street, toewijzing, AKKOORD), data={"startdatum": LATEST}
        )
        same = street.consulent.post(ours(street, toewijzing, START), data=data)

        assert [each.status_code for each in (early, own, other, same)] == [422] * 4
        assert "nog geen startdatum" in early.text
        assert "De ander moet nog antwoorden" in own.text
        assert "intussen een andere dag" in other.text
        assert "al voorgesteld" in same.text

    def test_is_over_once_the_help_began(self, street: Street, toewijzing: str) -> None:
        change(
            street,
            "UPDATE toewijzing SET started_at = now(), gestart_op = van,"
            " started_by_id = made_by_id",
        )

        answer = street.aanbieder.post(
            theirs(toewijzing, START), data={"startdatum": LATER}
        )

        assert answer.status_code == 422
        assert "al gestart" in answer.text

    def test_sent_twice_is_proposed_once(self, street: Street, toewijzing: str) -> None:
        data = {"startdatum": LATER, "_verzending": "zelfde"}
        answers = [
            street.aanbieder.post(theirs(toewijzing, START), data=data)
            for _ in range(2)
        ]

        assert [each.status_code for each in answers] == [303, 303]
        assert len(rows(street, Startvoorstel)) == 1


class TestAttempt:
    def test_becomes_a_task_when_it_failed_often_enough_and_again_after_an_answer(
        self, street: Street, toewijzing: str, config: Config
    ) -> None:
        town = street.town
        with town.database.transaction(town.staff()) as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="onbereikbaar_pogingen",
                waarde=2,
                van=gemeente.START,
            )
        attempt(street, toewijzing)
        first = taken(street, config)
        attempt(street, toewijzing, wijze="huisbezoek")
        second = taken(street, config)
        (vraag,) = rows(street, Leveringsvraag)
        answer = street.consulent.post(
            ours(street, toewijzing, f"vragen/{vraag.id}"),
            data={"antwoord": "Ik ga er morgen langs."},
        )
        attempt(street, toewijzing)

        assert first == []
        assert second == [(TaakSoort.CLIENT_ONBEREIKBAAR, False)]
        assert answer.status_code == 303
        assert taken(street, config) == [(TaakSoort.CLIENT_ONBEREIKBAAR, True)]
        page = street.aanbieder.get(theirs(toewijzing)).text
        assert "Ik ga er morgen langs." in page
        assert "Aan de deur geweest" in page

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"dag": kort(vandaag() + timedelta(days=1))}, "in de toekomst"),
            ({"dag": "01-01-2020"}, "vóór de toewijzing"),
            ({"wijze": ""}, "Kies hoe."),
        ],
    )
    def test_that_cannot_be_is_refused(
        self, street: Street, toewijzing: str, wrong: dict[str, str], says: str
    ) -> None:
        answer = attempt(street, toewijzing, **wrong)

        assert answer.status_code == 422
        assert says in answer.text
        assert rows(street, Contactpoging) == []


class TestQuestion:
    @pytest.mark.parametrize(
        ("soort", "taak"),
        [
            ("uitval", TaakSoort.CLIENT_VALT_UIT),
            ("verlenging", TaakSoort.VERLENGING_BEOORDELEN),
            ("onbereikbaar", TaakSoort.CLIENT_ONBEREIKBAAR),
        ],
    )
    def test_becomes_a_task_that_the_answer_finishes(
        self,
        street: Street,
        toewijzing: str,
        config: Config,
        soort: str,
        taak: TaakSoort,
    ) -> None:
        ask(street, toewijzing, soort)
        asked = taken(street, config)
        twice = ask(street, toewijzing, soort)
        (vraag,) = rows(street, Leveringsvraag)
        url = ours(street, toewijzing, f"vragen/{vraag.id}")

        answers = [
            street.consulent.post(url, data={"antwoord": text})
            for text in ("", "Wij zoeken het uit.", "Nog iets.")
        ]

        assert asked == [(taak, False)]
        assert twice.status_code == 422
        assert "ligt al bij de gemeente" in twice.text
        assert [each.status_code for each in answers] == [422, 303, 422]
        assert "al beantwoord" in answers[2].text
        assert taken(street, config) == [(taak, True)]
        assert ask(street, toewijzing, soort).status_code == 303

    def test_for_longer_help_goes_by_message_where_the_contract_has_them(
        self, street: Street, toewijzing: str
    ) -> None:
        change(street, "UPDATE contract SET berichten = true")

        answer = ask(street, toewijzing, "verlenging")

        assert answer.status_code == 422
        assert "iWmo 315" in answer.text

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"toelichting": ""}, "Leg uit wat er aan de hand is."),
            ({"toelichting": "Zie 999 900 018."}, "Haal het BSN uit de tekst."),
            ({"soort": ""}, "Kies wat er aan de hand is."),
        ],
    )
    def test_without_what_it_needs_is_refused(
        self, street: Street, toewijzing: str, wrong: dict[str, str], says: str
    ) -> None:
        answer = ask(street, toewijzing, **wrong)

        assert answer.status_code == 422
        assert says in answer.text

    def test_about_help_that_stopped_is_refused(
        self, street: Street, toewijzing: str
    ) -> None:
        change(
            street,
            "UPDATE toewijzing SET ended_at = now(), ended_by_id = made_by_id,"
            " geeindigd_op = current_date",
        )

        assert ask(street, toewijzing).status_code == 422
        assert attempt(street, toewijzing).status_code == 422


class TestOthers:
    FORMS = (
        (START, {"startdatum": LATER}),
        (AKKOORD, {"startdatum": LATER}),
        ("contactpogingen", {"dag": TODAY, "wijze": "brief"}),
        ("vragen", {"soort": "uitval", "toelichting": UITLEG}),
    )

    def test_of_another_aanbieder_find_nothing(
        self, street: Street, toewijzing: str
    ) -> None:
        other = stranger(street)

        assert other.get(theirs(toewijzing)).status_code == 404
        for deed, data in self.FORMS:
            assert other.post(theirs(toewijzing, deed), data=data).status_code == 404

    def test_of_another_gemeente_find_nothing(
        self, street: Street, toewijzing: str
    ) -> None:
        town = street.town
        with town.database.transaction(Scope.of("0375")) as session:
            gemeente.gemeente(session, "0375", "Beverhaven")
            person = gemeente.user(session, Role.CONSULENT, gemeente="0375")
        other = gemeente.login(street.app, person, "0375")

        assert other.get(ours(street, toewijzing)).status_code == 404
        for deed, data in self.FORMS[:2]:
            url = ours(street, toewijzing, deed)
            assert other.post(url, data=data).status_code == 404

    def test_without_the_right_are_refused(
        self, street: Street, toewijzing: str
    ) -> None:
        town = street.town
        with town.database.transaction(town.staff()) as session:
            person = gemeente.user(session, Role.TEAMLEIDER)
        reader = gemeente.login(street.app, person)

        assert reader.get(ours(street, toewijzing)).status_code == 200
        url = ours(street, toewijzing, START)
        assert reader.post(url, data={"startdatum": LATER}).status_code == 403
        assert reader.get(theirs(toewijzing)).status_code == 403
        assert street.aanbieder.get(ours(street, toewijzing)).status_code == 403

    def test_see_and_write_nothing_after_the_sharing_ended(
        self, street: Street, toewijzing: str
    ) -> None:
        ask(street, toewijzing)
        town = street.town
        with town.database.transaction(town.staff()) as session:
            deling = session.scalars(select(Deling)).one()
            deling.van = deling.tot = vandaag() - timedelta(days=1)

        page = street.aanbieder.get(theirs(toewijzing))
        again = ask(street, toewijzing, "verlenging")

        assert page.status_code == 200
        assert UITLEG not in page.text
        assert again.status_code == 422
        assert "niet meer gedeeld" in again.text


class TestSql:
    """What SQL in a session of an aanbieder can reach."""

    def run(self, street: Street, statement: str) -> int:
        with street.town.database.transaction(street.town.theirs()) as session:
            return session.execute(text(statement)).rowcount

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE leveringsvraag SET answered_at = now(), answered_by_id = id",
            "UPDATE startvoorstel SET startdatum = startdatum + 1",
            "INSERT INTO startvoorstel (id, gemeente_code, dossier_id, aanbieder_id,"
            " toewijzing_id, afzender, startdatum, proposed_at, proposed_by_id)"
            " SELECT gen_random_uuid(), gemeente_code, dossier_id, aanbieder_id,"
            " toewijzing_id, 'gemeente', startdatum, now(), proposed_by_id"
            " FROM startvoorstel",
        ],
    )
    def test_answers_nothing_itself_and_speaks_for_nobody_else(
        self, street: Street, toewijzing: str, statement: str
    ) -> None:
        ask(street, toewijzing)
        street.aanbieder.post(theirs(toewijzing, START), data={"startdatum": LATER})

        with pytest.raises(DBAPIError, match=REFUSED):
            self.run(street, statement)

    def test_removes_nothing(self, street: Street, toewijzing: str) -> None:
        attempt(street, toewijzing)

        assert self.run(street, "DELETE FROM contactpoging") == 0


def test_the_page_costs_the_same_with_more_on_it(
    street: Street, toewijzing: str
) -> None:
    counts = []
    for _ in range(2):
        said: list[str] = []

        def count(*args, said=said) -> None:
            said.append(args[2])

        engine = office(street.app).database.engine
        event.listen(engine, "before_cursor_execute", count)
        street.aanbieder.get(theirs(toewijzing))
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(said))
        for day in (LATER, LATEST):
            street.aanbieder.post(theirs(toewijzing, START), data={"startdatum": day})
            attempt(street, toewijzing)

    assert counts[0] == counts[1]


def test_each_label_leads_to_its_own_field(street: Street, toewijzing: str) -> None:
    ask(street, toewijzing)
    ask(street, toewijzing, soort="verlenging")
    pages = (
        street.aanbieder.get(theirs(toewijzing)).text,
        street.consulent.get(ours(street, toewijzing)).text,
        ask(street, toewijzing, toelichting="").text,
    )

    for page in pages:
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))
    assert 'href="#v-vraag-toelichting"' in pages[2]
    assert 'id="v-vraag-toelichting"' in pages[2]
