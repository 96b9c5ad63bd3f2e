"""Notes on a dossier: every version stays, staff only."""

import html
import re

import pytest
from sqlalchemy import select

from build.dossier import dossier as make_dossier
from build.gemeente import CODE, NOW, actor_of, gemeente, login, user
from build.gemeente import actor as person
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import operations, queries_notitie
from loket.cases.dossier import operations_notitie as notes
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.notitie import Notitie, NotitieSoort, NotitieVersie
from loket.db import Scope, uuid7
from loket.errors import RuleViolation


def write(session, dossier, by, tekst="Belt liever 's middags.", **differs):
    about = {"soort": NotitieSoort.WERKNOTITIE, "tekst": tekst} | differs
    return notes.write_notitie(session, by, NOW, dossier=dossier, **about)


class TestDeeds:
    @pytest.fixture
    def by(self):
        return person(Role.CONSULENT)

    @pytest.fixture
    def notitie(self, session, by):
        return write(session, make_dossier(session, by), by)

    def test_a_correction_is_a_next_version_and_the_first_stays(
        self, session, by, notitie
    ):
        notes.correct_notitie(session, by, NOW, notitie=notitie, tekst="Belt nooit.")

        versions = queries_notitie.list_versions(session, notitie.id)
        assert [(each.versie, each.tekst) for each in versions] == [
            (2, "Belt nooit."),
            (1, "Belt liever 's middags."),
        ]

    def test_a_correction_that_changes_nothing_is_refused(self, session, by, notitie):
        with pytest.raises(RuleViolation, match="niets gewijzigd"):
            notes.correct_notitie(
                session, by, NOW, notitie=notitie, tekst="Belt liever 's middags."
            )

    def test_an_empty_note_is_refused(self, session, by, notitie):
        with pytest.raises(RuleViolation, match="Vul de notitie in"):
            notes.correct_notitie(session, by, NOW, notitie=notitie, tekst="  ")

    def test_a_withdrawn_note_keeps_its_text_and_says_why(self, session, by, notitie):
        notes.pin_notitie(session, by, NOW, notitie=notitie, vast=True)
        notes.withdraw_notitie(session, by, NOW, notitie=notitie, reden="Klopt niet.")
        session.flush()
        session.refresh(notitie)

        assert notitie.status == "ingetrokken"
        assert notitie.reden_intrekking == "Klopt niet."
        assert notitie.pinned_at is None
        assert queries_notitie.last_version(session, notitie.id).tekst

    def test_a_withdrawal_asks_for_a_reason(self, session, by, notitie):
        with pytest.raises(RuleViolation, match="reden"):
            notes.withdraw_notitie(session, by, NOW, notitie=notitie, reden=" ")

    @pytest.mark.parametrize("deed", ["correct", "withdraw", "pin"])
    def test_nothing_happens_to_a_withdrawn_note(self, session, by, notitie, deed):
        notes.withdraw_notitie(session, by, NOW, notitie=notitie, reden="Klopt niet.")
        deeds = {
            "correct": lambda: notes.correct_notitie(
                session, by, NOW, notitie=notitie, tekst="x"
            ),
            "withdraw": lambda: notes.withdraw_notitie(
                session, by, NOW, notitie=notitie, reden="x"
            ),
            "pin": lambda: notes.pin_notitie(
                session, by, NOW, notitie=notitie, vast=True
            ),
        }

        with pytest.raises(RuleViolation, match="ingetrokken"):
            deeds[deed]()

    def test_pinned_notes_come_first_and_the_rest_newest_first(self, session, by):
        dossier = make_dossier(session, by)
        made = [write(session, dossier, by, tekst=str(n)) for n in range(3)]
        notes.pin_notitie(session, by, NOW, notitie=made[0], vast=True)

        found, more = queries_notitie.list_notities(session, dossier.id)

        assert [each.laatste.tekst for each in found] == ["0", "2", "1"]
        assert not more

    def test_a_list_is_of_one_kind_and_goes_by_page(self, session, by):
        dossier = make_dossier(session, by)
        for n in range(3):
            write(session, dossier, by, tekst=str(n))
        write(session, dossier, by, tekst="bel", soort=NotitieSoort.BELAFSPRAAK)

        only, _ = queries_notitie.list_notities(
            session, dossier.id, soort=NotitieSoort.BELAFSPRAAK
        )
        page, more = queries_notitie.list_notities(session, dossier.id, page=2, most=2)

        assert [each.laatste.tekst for each in only] == ["bel"]
        assert len(page) == 2
        assert not more

    def test_a_search_finds_every_word_in_any_version(self, session, by, notitie):
        notes.correct_notitie(session, by, NOW, notitie=notitie, tekst="Anders.")
        dossier = session.get_one(Dossier, notitie.dossier_id)

        def found(woorden):
            return queries_notitie.search_notities(
                session, by, NOW, dossier=dossier, woorden=woorden
            )

        assert [each.notitie.id for each in found("MIDDAG belt")] == [notitie.id]
        assert found("middag nooit") == []

    def test_a_search_leaves_a_record_without_the_words(self, session, by, notitie):
        dossier = session.get_one(Dossier, notitie.dossier_id)

        queries_notitie.search_notities(
            session, by, NOW, dossier=dossier, woorden="kanarie"
        )

        session.flush()
        left = session.scalars(
            select(AuditRecord).where(
                AuditRecord.action == Action.NOTITIE_SEARCHED.value,
                AuditRecord.dossier_id == dossier.id,
            )
        ).one()
        assert left.grond is None

    def test_an_aanbieder_finds_no_note_in_the_database(self, database, by):
        with database.transaction(Scope.of(CODE)) as session:
            write(session, make_dossier(session, by), by)

        with database.transaction(Scope((CODE,), uuid7())) as session:
            assert session.scalars(select(Notitie)).all() == []
            assert session.scalars(select(NotitieVersie)).all() == []


@pytest.fixture
def dossier(staff, here):
    with here() as session:
        return make_dossier(session, actor_of(staff[Role.CONSULENT], Role.CONSULENT))


@pytest.fixture
def url(dossier):
    return f"/dossiers/{dossier.referentie}/notities"


def sent_along(page):
    found = re.findall(r'name="(_versie|_verzending)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def noted(browser, url, tekst="Hond in huis.", **differs):
    page = sent_along(browser.get(f"{url}/nieuw"))
    typed = page | {"soort": "werknotitie", "tekst": tekst} | differs
    answer = browser.post(f"{url}/nieuw", data=typed)
    assert answer.status_code == 303
    return re.search(r"#notitie-(.+)$", answer.location)[1]


class TestDoors:
    def test_a_note_is_written_and_shown_at_its_own_place(self, seat, url):
        browser = seat(Role.CONSULENT)

        made = noted(browser, url, vast="ja")

        page = browser.get(url).text
        assert f'id="notitie-{made}"' in page
        assert "Hond in huis." in page
        assert "Vastgezet" in page

    def test_the_same_form_sent_twice_is_one_note(self, seat, url, here):
        browser = seat(Role.CONSULENT)
        typed = sent_along(browser.get(f"{url}/nieuw"))
        typed |= {"soort": "werknotitie", "tekst": "Eén keer."}

        first, second = (browser.post(f"{url}/nieuw", data=typed) for _ in "ab")

        assert first.location == second.location
        with here() as session:
            assert len(session.scalars(select(Notitie)).all()) == 1

    def test_bad_input_keeps_what_was_typed(self, seat, url):
        page = seat(Role.CONSULENT).post(
            f"{url}/nieuw", data={"soort": "gedicht", "tekst": "Wat ik typte."}
        )

        assert page.status_code == 422
        assert "Wat ik typte." in page.text
        assert "Kies een van de antwoorden." in page.text

    def test_an_older_version_on_the_screen_overwrites_nothing(self, seat, url):
        anna, bas = seat(Role.CONSULENT), seat(Role.TEAMLEIDER)
        made = noted(anna, url)
        edit = f"{url}/{made}/wijzigen"
        stale = sent_along(bas.get(edit))
        anna.post(edit, data=sent_along(anna.get(edit)) | {"tekst": "Hond is weg."})

        page = bas.post(edit, data=stale | {"tekst": "Twee honden."})

        assert page.status_code == 409
        assert "Hond is weg." in page.text
        assert "Twee honden." in page.text
        again = sent_along(page) | {"tekst": "Hond is weg, kat kwam."}
        assert bas.post(edit, data=again).status_code == 303
        history = anna.get(f"{url}/{made}").text
        assert history.index("kat kwam") < history.index("Hond is weg.</div>")
        assert "Hond in huis." in history

    def test_a_note_is_withdrawn_with_a_reason_and_stays_readable(self, seat, url):
        browser = seat(Role.CONSULENT)
        made = noted(browser, url)
        door = f"{url}/{made}/intrekken"

        assert browser.post(door, data={"reden": ""}).status_code == 422
        assert (
            browser.post(door, data={"reden": "Verkeerd dossier."}).status_code == 303
        )

        page = browser.get(url).text
        assert "Verkeerd dossier." in page
        assert "Hond in huis." in page
        assert browser.get(f"{url}/{made}/wijzigen").status_code == 409

    def test_a_pin_is_set_and_taken_out(self, seat, url):
        browser = seat(Role.CONSULENT)
        made = noted(browser, url)

        browser.post(f"{url}/{made}/vast", data={"_verzending": "a"})
        assert "Losmaken" in browser.get(url).text
        browser.post(f"{url}/{made}/los", data={"_verzending": "b"})

        assert "Vastgezet" not in browser.get(url).text

    def test_a_search_goes_by_post_and_shows_what_it_found(self, seat, url):
        browser = seat(Role.CONSULENT)
        noted(browser, url)

        found = browser.post(f"{url}/zoek", data={"woorden": "hond"})

        assert "1 notitie gevonden" in found.text
        assert (
            "Niets gevonden"
            in browser.post(f"{url}/zoek", data={"woorden": "kat"}).text
        )
        assert browser.post(f"{url}/zoek", data={}).status_code == 422
        assert browser.get(f"{url}/zoek").location == url

    @pytest.mark.parametrize("rest", ["", "/nieuw", "/zoek"])
    def test_a_role_without_the_task_is_refused(self, seat, url, rest):
        assert seat(Role.BELEIDSMEDEWERKER).get(url + rest).status_code == 403

    def test_of_another_gemeente_does_not_exist(self, app, database, url):
        with database.transaction(Scope.of("0394")) as session:
            gemeente(session, "0394", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0394")

        assert login(app, stranger, "0394").get(url).status_code == 404

    def test_of_a_shielded_dossier_only_for_who_is_named(
        self, seat, staff, here, dossier, url
    ):
        lead = staff[Role.TEAMLEIDER]
        with here() as session:
            operations.shield_dossier(
                session,
                actor_of(lead, Role.TEAMLEIDER),
                NOW,
                dossier=session.get_one(Dossier, dossier.id),
                user_ids=[],
            )

        assert seat(Role.CONSULENT).get(url).status_code == 404
        assert seat(Role.TEAMLEIDER).get(url).status_code == 200

    def test_a_note_of_another_dossier_does_not_exist_here(self, seat, here, url):
        browser = seat(Role.CONSULENT)
        made = noted(browser, url)
        with here() as session:
            other = make_dossier(session)

        page = browser.get(f"/dossiers/{other.referentie}/notities/{made}")

        assert page.status_code == 404

    def test_the_list_asks_the_same_number_of_questions_for_more_notes(
        self, seat, url, here, dossier, staff, counting
    ):
        browser = seat(Role.CONSULENT)
        noted(browser, url)
        browser.get(url)
        with counting() as one:
            browser.get(url)
        by = actor_of(staff[Role.CONSULENT], Role.CONSULENT)
        with here() as session:
            same = session.get_one(Dossier, dossier.id)
            for n in range(20):
                write(session, same, by, tekst=str(n))
        browser.get(url)

        with counting() as many:
            browser.get(url)

        assert many == one
