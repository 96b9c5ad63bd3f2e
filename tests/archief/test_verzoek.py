"""A request to destroy: three months, a ground to refuse, and the same three people."""

from datetime import date, timedelta

import pytest

from build import besluit
from build import dossier as people
from build.archief import GO, GO_DAY, old_dossier, regels, three
from build.gemeente import NOW, TODAY, actor, gemeente
from build.trail import promises_of
from loket.archief import jobs
from loket.archief import operations_lijst as lists
from loket.archief import operations_verzoek as operations
from loket.archief.queries_verzoek import get_verzoek, list_open
from loket.archief.vernietigingslijst import Regelsoort
from loket.archief.vernietigingsverzoek import Omvang, tegengronden
from loket.authz import Role
from loket.cases.dossier import queries
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.operations import send_document
from loket.errors import NotFound, RuleViolation

RECENT = GO - timedelta(days=100)


@pytest.fixture(autouse=True)
def duinstede(session):
    gemeente(session)


def verzoek(session, dossier, omvang=Omvang.DOSSIER, op=GO_DAY):
    return operations.receive_verzoek(
        session,
        actor(Role.FRONTOFFICE),
        GO,
        dossier=dossier,
        omvang=omvang,
        ontvangen_op=op,
    )


def decide(session, made, by=None, **differs):
    return operations.decide_verzoek(
        session,
        by or actor(Role.TEAMLEIDER),
        GO,
        verzoek=made,
        **{"ingewilligd": True} | differs,
    )


class TestReceive:
    def test_three_months_run_from_the_day_it_came_in(self, session):
        made = verzoek(session, old_dossier(session, RECENT), op=date(2026, 3, 2))

        assert made.uiterlijk == date(2026, 6, 2)
        by = actor(Role.TEAMLEIDER)
        assert [each.id for each, _ in list_open(session, by)] == [made.id]

    def test_one_waits_at_a_time(self, session):
        dossier = old_dossier(session, RECENT)
        verzoek(session, dossier)

        with pytest.raises(RuleViolation, match="ligt al een verzoek"):
            verzoek(session, dossier)

    def test_it_did_not_come_in_tomorrow(self, session):
        with pytest.raises(RuleViolation, match="toekomst"):
            verzoek(session, old_dossier(session, RECENT), op=date(2026, 3, 3))

    def test_is_not_there_for_another_gemeente(self, session):
        made = verzoek(session, old_dossier(session, RECENT))
        other = actor(Role.TEAMLEIDER, gemeente="0375")

        with pytest.raises(NotFound):
            get_verzoek(session, other, made.referentie)


class TestRefuse:
    def test_names_a_ground_that_holds_and_why(self, session):
        made = verzoek(session, old_dossier(session, RECENT))
        no = {"ingewilligd": False}
        with pytest.raises(RuleViolation, match="Kies een grond"):
            decide(session, made, **no)
        with pytest.raises(RuleViolation, match="een van de gronden"):
            decide(session, made, **no, tegengrond="geen_zin", motivering="Nee.")
        with pytest.raises(RuleViolation, match="Leg uit"):
            decide(session, made, **no, tegengrond="belang_ander")
        with pytest.raises(RuleViolation, match="Kies een grond"):
            decide(session, made, tegengrond="belang_ander", motivering="Toch.")

        lijst = decide(
            session,
            made,
            **no,
            tegengrond="belang_ander",
            motivering="Uw zoon heeft de gegevens nodig.",
        )

        assert lijst is None
        assert promises_of(session, made.id) == ["letters.vernietiging"]
        with pytest.raises(RuleViolation, match="al beslist"):
            decide(session, made)

    def test_grounds_are_data_with_a_period(self):
        assert "archiefwet" in tegengronden(date(2026, 1, 1))
        assert tegengronden(date(2014, 12, 31)) == {}


class TestGrant:
    def test_makes_a_list_whatever_the_age(self, session):
        dossier = old_dossier(session, RECENT)
        made = verzoek(session, dossier)

        lijst = decide(session, made)

        (regel,) = regels(session, lijst)
        assert (regel.scope_id, regel.grond) == (
            dossier.id,
            "op verzoek (Wmo art. 5.3.5)",
        )

    def test_of_a_whole_person_takes_every_dossier_and_the_person(self, session):
        first = old_dossier(session, RECENT)
        client = queries.get_client(session, first.id)
        second = old_dossier(session, RECENT, client=client)
        made = verzoek(session, first, Omvang.PERSOON)

        found = regels(session, decide(session, made))

        assert {each.scope_id for each in found} == {first.id, second.id, client.id}
        assert found[-1].soort is Regelsoort.INWONER

    def test_not_while_somebody_elses_dossier_speaks_of_the_person(self, session):
        first = old_dossier(session, RECENT)
        client = queries.get_client(session, first.id)
        other = people.dossier(session, at=GO, ontvangen_op=GO.date())
        session.add(
            Betrokkene(
                gemeente_code=other.gemeente_code,
                dossier_id=other.id,
                inwoner_id=client.id,
                rol=BetrokkeneRol.HUISGENOOT,
                van=GO.date(),
            )
        )
        made = verzoek(session, first, Omvang.PERSOON)

        with pytest.raises(RuleViolation, match="dossier van iemand anders"):
            decide(session, made)

    def test_not_while_something_runs(self, session):
        right = besluit.voorziening(session)
        dossier = session.get_one(Dossier, right.dossier_id)
        made = operations.receive_verzoek(
            session,
            actor(Role.FRONTOFFICE),
            NOW,
            dossier=dossier,
            omvang=Omvang.DOSSIER,
            ontvangen_op=TODAY,
        )

        with pytest.raises(RuleViolation, match="nog niet gesloten"):
            operations.decide_verzoek(
                session, actor(Role.TEAMLEIDER), NOW, verzoek=made, ingewilligd=True
            )

    def test_who_decided_does_not_check(self, session):
        made = verzoek(session, old_dossier(session, RECENT))
        decider = actor(Role.TEAMLEIDER)
        lijst = decide(session, made, decider)

        with pytest.raises(RuleViolation, match="andere stap"):
            lists.review_lijst(session, decider, GO, lijst=lijst)

    def test_is_approved_when_the_letter_was_sent(self, session):
        by = three()
        dossier = old_dossier(session, RECENT)
        made = verzoek(session, dossier)
        lijst = decide(session, made)
        lists.review_lijst(session, by.nakijker, GO, lijst=lijst)
        with pytest.raises(RuleViolation, match="nog niet verzonden"):
            lists.approve_lijst(session, by.archivaris, GO, lijst=lijst)

        besluit.keep(session, "letters.vernietiging", GO, jobs.HANDLERS)
        with pytest.raises(RuleViolation, match="nog niet verzonden"):
            lists.approve_lijst(session, by.archivaris, GO, lijst=lijst)
        letter = session.get_one(Document, made.document_id)
        send_document(
            session,
            actor(Role.ADMINISTRATIE),
            GO,
            document=letter,
            verzonden_op=GO.date(),
        )
        lists.approve_lijst(session, by.archivaris, GO, lijst=lijst)

        assert letter.inhoud.startswith(b"%PDF")
        assert regels(session, lijst)[0].status == "open"

    def test_the_letter_is_made_once(self, session):
        made = verzoek(session, old_dossier(session, RECENT))
        decide(
            session,
            made,
            ingewilligd=False,
            tegengrond="archiefwet",
            motivering="De archivaris bewaart dit.",
        )
        besluit.keep(session, "letters.vernietiging", GO, jobs.HANDLERS)
        first = made.document_id

        besluit.keep(session, "letters.vernietiging", GO, jobs.HANDLERS)

        assert first
        assert made.document_id == first
