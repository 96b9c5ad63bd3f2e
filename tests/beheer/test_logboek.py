"""The trail as the privacy officer filters it, reads it and takes it along."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import event, select, text

from build.dossier import dossier
from build.gemeente import actor_of, gemeente, login, user
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import AuditRecord, Outcome
from loket.audit.soorten import Handelingsoort, actions_of, soort_of
from loket.authz import Actor, Role
from loket.beheer.queries_logboek import LogFilter, list_trail
from loket.cases.dossier import queries
from loket.db import Scope
from loket.frame import office

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
THEN = AT.date() + timedelta(days=3)
REQUIRED = {
    Handelingsoort.INZAGE: Action.DOSSIER_READ,
    Handelingsoort.ZOEKEN: Action.INWONER_SEARCHED,
    Handelingsoort.AFDRUK: Action.DOSSIER_PRINTED,
    Handelingsoort.EXPORT: Action.WERKVOORRAAD_EXPORTED,
    Handelingsoort.WEIGERING: Action.ACCESS_REFUSED,
    Handelingsoort.INLOGGEN: Action.LOGOUT,
    Handelingsoort.SLEUTELS: Action.KEK_ROTATED,
    Handelingsoort.NOODTOEGANG: Action.NOODTOEGANG_OPENED,
    Handelingsoort.RECHTEN: Action.USER_APPOINTED,
    Handelingsoort.VASTLEGGEN: Action.DOSSIER_OPENED,
}


class Trail:
    """A dossier that was opened by one, and stood in the list of another."""

    def __init__(self, app) -> None:
        self.database = office(app).database
        with self.here() as session:
            gemeente(session)
            self.person = user(session, Role.PRIVACY_OFFICER)
            self.officer = actor_of(self.person, Role.PRIVACY_OFFICER)
            self.reader = user(session, Role.CONSULENT, naam="Lezer Een")
            self.lister = user(session, Role.FRONTOFFICE, naam="Lijst Twee")
            file = dossier(session)
            self.referentie = file.referentie
            client = queries.get_client(session, file.id)
            self.bsn, self.client_id = str(client.bsn), client.id
            reader = Actor(
                self.reader.id,
                "Lezer Een",
                frozenset({Role.CONSULENT}),
                ("0396",),
                adres="10.1.2.3",
            )
            queries.look_at(session, reader, AT, file)
            record(
                session,
                actor_of(self.lister, Role.FRONTOFFICE),
                Action.INWONER_SEARCHED,
                at=AT + timedelta(days=3),
                subjects=[self.client_id],
            )
        self.browser = login(app, self.person)

    def here(self):
        return self.database.transaction(Scope.of("0396"))

    def names(self, **asked) -> list[str]:
        with self.here() as session:
            found = list_trail(session, self.officer, AT, LogFilter(**asked))
            return [
                each.naam for each in found if each.naam in ("Lezer Een", "Lijst Twee")
            ]


@pytest.fixture
def trail(app) -> Trail:
    return Trail(app)


class TestKinds:
    def test_each_kind_that_must_be_kept_has_its_records(self):
        assert {soort: soort_of(action) for soort, action in REQUIRED.items()} == {
            soort: soort for soort in Handelingsoort
        }

    def test_who_guards_does_not_hide_who_let_themselves_in(self):
        assert soort_of(Action.NOODTOEGANG_READ) is Handelingsoort.INZAGE

    def test_every_action_is_of_exactly_one_kind(self):
        every = [action for soort in Handelingsoort for action in actions_of(soort)]

        assert sorted(every) == sorted(Action)


class TestFilter:
    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"soort": Handelingsoort.INZAGE}, ["Lezer Een"]),
            ({"soort": Handelingsoort.ZOEKEN}, ["Lijst Twee"]),
            ({"rol": Role.FRONTOFFICE}, ["Lijst Twee"]),
            ({"adres": "10.1.2.3"}, ["Lezer Een"]),
            ({"tot": AT.date()}, ["Lezer Een"]),
            ({"van": THEN, "tot": THEN}, ["Lijst Twee"]),
            ({"uitkomst": Outcome.REFUSED}, []),
            ({"actie": Action.DOSSIER_READ}, ["Lezer Een"]),
            ({"hoe": "lijst"}, ["Lijst Twee"]),
        ],
    )
    def test_leaves_what_was_asked(self, trail, asked, expected):
        assert trail.names(**asked) == expected

    def test_by_person_who_did_it(self, trail):
        assert trail.names(wie=trail.reader.id) == ["Lezer Een"]

    def test_opened_stands_apart_from_appeared_in_a_result(self, trail):
        about = {"persoon": trail.client_id}

        assert trail.names(**about) == ["Lijst Twee", "Lezer Een"]
        assert trail.names(**about, hoe="geopend") == ["Lezer Een"]
        assert trail.names(**about, hoe="lijst") == ["Lijst Twee"]
        assert trail.names(dossier=trail.referentie) == ["Lezer Een"]

    def test_odd_addresses_are_answered(self, trail):
        odd = "wie=x&persoon=1&van=99-99-9999&rol=koning&soort=alles&hoe=zo&na=x"

        assert trail.browser.get(f"/logboek?{odd}").status_code == 200

    def test_by_bsn_is_itself_kept_and_stands_in_no_address(self, trail):
        answer = trail.browser.post("/logboek/persoon", data={"bsn": trail.bsn})
        page = trail.browser.get(answer.location).text

        assert answer.status_code == 303
        assert trail.bsn not in answer.location
        assert "Lezer Een" in page
        assert trail.bsn not in page
        with trail.here() as session:
            kept = select(AuditRecord).where(AuditRecord.grond == "logboek")
            assert session.scalars(kept).one().user_id == trail.person.id

    def test_a_bsn_nobody_has_is_said_at_the_field(self, trail):
        answer = trail.browser.post("/logboek/persoon", data={"bsn": "999990019"})
        empty = trail.browser.post("/logboek/persoon", data={})

        assert answer.status_code == empty.status_code == 422
        assert "Er is geen inwoner met dit BSN in Loket." in answer.text
        assert "Vul het BSN in." in empty.text

    def test_pages_go_on_without_a_gap(self, trail):
        with trail.here() as session:
            for number in range(60):
                record(
                    session,
                    trail.officer,
                    Action.BEHEER_READ,
                    at=AT + timedelta(minutes=number // 7),
                )
        seen, na = [], None
        with trail.here() as session:
            asked = LogFilter(actie=Action.BEHEER_READ)
            while True:
                page = list_trail(session, trail.officer, AT, asked, na=na)
                seen += [each.id for each in page[:25]]
                if len(page) <= 25:
                    break
                na = page[24].id

        assert len(seen) == len(set(seen)) == 60

    def test_keys_are_of_the_installation_and_seen_by_the_officer(self, trail):
        with trail.here() as session:
            by = Actor.system("0396", via="cli")
            made = record(session, by, Action.KEK_ROTATED, at=AT)
            made.gemeente_code = None
        page = trail.browser.get("/logboek?soort=sleutels").text

        assert "Hoofdsleutel gedraaid" in page


class TestRecord:
    def test_shows_every_field(self, trail):
        with trail.here() as session:
            one = session.scalars(
                select(AuditRecord).where(AuditRecord.adres == "10.1.2.3")
            ).one()
        page = trail.browser.get(f"/logboek/regels/{one.id}").text

        for shown in (
            *("Lezer Een", "consulent", "Duinstede", "wachtwoord", "Scherm"),
            *("10.1.2.3", trail.referentie, "Dossier bekeken", "Gelukt", "Geopend"),
            *(str(one.id), str(one.user_id), str(one.subject_id), "02-03-2026 10:00"),
        ):
            assert shown in page

    def test_of_another_gemeente_does_not_exist(self, app, trail):
        with trail.database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            stranger = user(session, Role.PRIVACY_OFFICER, gemeente="0375")
        with trail.here() as session:
            one = session.scalars(select(AuditRecord.id).limit(1)).one()
        browser = login(app, stranger, "0375")

        assert browser.get(f"/logboek/regels/{one}").status_code == 404


class TestExport:
    def test_gives_what_is_filtered_and_is_kept(self, trail):
        answer = trail.browser.post("/logboek/export?soort=inzage&adres=10.1.2.3")
        rows = list(csv.reader(StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))

        assert [row[1] for row in rows] == ["Wie", "Lezer Een"]
        assert answer.headers["Cache-Control"] == "no-store"
        with trail.here() as session:
            kept = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.AUDIT_EXPORTED.value
                )
            ).one()
            assert kept.grond == "soort,adres"

    def test_nothing_in_it_calculates(self, trail):
        with trail.here() as session:
            record(session, trail.officer, Action.BEHEER_READ, at=AT, grond="=1+1")
        answer = trail.browser.post("/logboek/export?actie=beheer.read")

        assert "'=1+1" in answer.text
        assert ";=1+1" not in answer.text

    def test_is_no_page_to_open(self, trail):
        assert trail.browser.get("/logboek/export").status_code == 405


class TestSpeed:
    def test_asks_the_same_number_of_statements_however_many_records(self, trail):
        def statements() -> int:
            asked = []
            engine = trail.database.engine

            def count(*_args) -> None:
                asked.append(1)

            event.listen(engine, "before_cursor_execute", count)
            trail.browser.get("/logboek")
            event.remove(engine, "before_cursor_execute", count)
            return len(asked)

        statements()
        few = statements()
        with trail.here() as session:
            for _ in range(24):
                record(session, trail.officer, Action.BEHEER_READ, at=AT)

        assert statements() == few

    def test_a_page_walks_an_index(self, trail):
        with trail.here() as session:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            session.execute(text("SET LOCAL enable_sort = off"))
            plan = "\n".join(
                session.scalars(
                    text(
                        "EXPLAIN SELECT id FROM audit_record"
                        " WHERE gemeente_code = '0396'"
                        " ORDER BY occurred_at DESC, id DESC LIMIT 26"
                    )
                )
            )

        assert "ix_audit_record_gemeente_code_occurred_at_id" in plan
        assert "Sort" not in plan
