"""Carrying out a list: the keys go, and with them everything that leads to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from build import dossier as people
from build.archief import (
    GO,
    LETTER,
    SECRET,
    THEN,
    approved,
    old_dossier,
    regels,
    three,
)
from build.gemeente import actor, gemeente, user
from build.race import meet
from loket.accounts.operations import set_instelling
from loket.archief import jobs
from loket.archief.operations_lijst import propose_lijst
from loket.archief.queries import bewaartermijn_op
from loket.archief.queries_persoon import personen
from loket.archief.verklaring import verklaring_van
from loket.archief.vernietigingslijst import Uithaalreden, Vernietigingslijst
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.besluit.operations_stop import place_stop
from loket.cases.besluit.vernietigingsstop import Stopgrond
from loket.cases.dossier import queries
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Betrokkene, Dossier, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.notitie import NotitieVersie
from loket.db import Scope
from loket.drafts.draft import Draft, DraftOf
from loket.drafts.operations import save_draft
from loket.errors import RuleViolation, Vernietigd
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.rechten.inzageverzoek import Aanvrager, Inzageverzoek, Weigergrond
from loket.rechten.operations import register_inzageverzoek
from loket.schedule import keep_all
from loket.vault.errors import KeyDestroyed
from loket.vault.searchtoken import SearchToken, SearchUnique

HERE = "0396"
LATER = GO + timedelta(days=8)


class Office:
    """A gemeente with two old dossiers, of which one client is in both."""

    def __init__(self, database, config) -> None:
        self.database = database
        self.config = config
        with self.here() as session:
            gemeente(session)
            first = old_dossier(session)
            client = queries.get_client(session, first.id)
            second = old_dossier(session, client=client)
            self.ids = [first.id, second.id]
            self.client_id, self.bsn = client.id, str(client.bsn)
            self.referentie = first.referentie

    @contextmanager
    def here(self) -> Iterator[Session]:
        with self.database.transaction(Scope.of(HERE)) as session:
            yield session

    def approve(self):
        with self.here() as session:
            return approved(session).id

    def carry_out(self, at=LATER) -> None:
        keep_all(self.database, self.config, at)

    def tokens(self) -> int:
        with self.here() as session:
            return sum(
                session.scalar(select(func.count()).select_from(table))
                for table in (SearchToken, SearchUnique)
            )


@pytest.fixture
def office(database, config) -> Office:
    return Office(database, config)


def test_nothing_happens_before_the_days_to_think_are_over(office):
    lijst_id = office.approve()

    office.carry_out(GO + timedelta(days=6, hours=23))

    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        assert lijst.status == "goedgekeurd"
        assert {regel.status for regel in regels(session, lijst)} == {"open"}
        assert session.scalars(select(NotitieVersie)).first().tekst == SECRET


def test_the_keys_go_and_with_them_every_way_to_the_person(office):
    before = office.tokens()
    lijst_id = office.approve()

    office.carry_out()

    assert before > 0
    assert office.tokens() == 0
    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        assert lijst.status == "uitgevoerd"
        assert {regel.status for regel in regels(session, lijst)} == {"vernietigd"}
        for note in session.scalars(select(NotitieVersie)):
            with pytest.raises(KeyDestroyed):
                _ = note.tekst
        for person in session.scalars(select(Inwoner)):
            assert person.vernietigd_op == LATER.date()
            with pytest.raises(KeyDestroyed):
                _ = person.achternaam
        assert session.scalars(select(Document)).first().inhoud is None
        assert session.scalars(select(Werkvoorraad)).all() == []
        # the facts stay, and so does the trail
        assert session.scalar(select(func.count()).select_from(Betrokkene)) == 4
        actions = set(session.scalars(select(AuditRecord.action)))
        assert {"dossier.opened", "dossier.destroyed", "inwoner.destroyed"} <= actions


def test_searching_gives_nothing_and_the_page_says_why(office):
    office.approve()
    office.carry_out()
    by = actor(Role.CONSULENT)

    with office.here() as session:
        for asked in ({"bsn": office.bsn}, {"achternaam": "duin*"}):
            assert queries.search_inwoners(session, by, LATER, **asked) == []
        with pytest.raises(Vernietigd, match=r"vernietigd op 10 maart 2026.*5\.3\.4"):
            queries.get_dossier(session, by, office.referentie)
        with pytest.raises(Vernietigd):
            queries.get_inwoner(session, by, office.client_id)


def test_a_draft_about_the_dossier_goes_with_its_own_key(office):
    with office.here() as session:
        draft = save_draft(
            session,
            actor(Role.CONSULENT, id=user(session).id),
            THEN,
            of=DraftOf("notitie", "Notitie", "X", dossier_id=office.ids[0]),
            answers={"tekst": [SECRET]},
            writer="w",
            base=0,
        )
        draft_id = draft.id
    office.approve()

    office.carry_out()

    with office.here() as session:
        vault = session.info["vault"]
        assert session.get(Draft, draft_id) is None
        assert draft_id in vault.graves([draft_id])


def test_a_stop_of_the_last_moment_keeps_the_dossier(office):
    lijst_id = office.approve()
    with office.here() as session:
        place_stop(
            session,
            actor(Role.CONSULENT),
            GO + timedelta(days=6),
            dossier=session.get_one(Dossier, office.ids[0]),
            grond=Stopgrond.WOO,
            toelichting="Er ligt een Woo-verzoek.",
        )
    drop_promise(office, "archief.stop")  # the worker had no time for it yet

    office.carry_out()

    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        by_scope = {regel.scope_id: regel for regel in regels(session, lijst)}
        assert by_scope[office.ids[0]].uithaalreden is Uithaalreden.STOP
        assert by_scope[office.ids[1]].status == "vernietigd"
        # who is in the dossier that stays, stays
        assert by_scope[office.client_id].uithaalreden is Uithaalreden.IN_GEBRUIK
        assert session.get_one(Inwoner, office.client_id).achternaam == "Duinzand"
        assert lijst.status == "uitgevoerd"


def drop_promise(office, topic):
    with office.here() as session:
        for each in session.scalars(select(Promise).where(Promise.topic == topic)):
            each.keep(GO)


def test_a_stop_takes_the_dossier_off_a_list_in_preparation(office):
    with office.here() as session:
        lijst_id = propose_lijst(session, three().voorsteller, GO).id
        place_stop(
            session,
            actor(Role.CONSULENT),
            GO,
            dossier=session.get_one(Dossier, office.ids[0]),
            grond=Stopgrond.CLAIM,
            toelichting="De cliënt eist schade.",
        )

    office.carry_out(GO)

    with office.here() as session:
        found = regels(session, session.get_one(Vernietigingslijst, lijst_id))
        gone = [each for each in found if each.status == "eruit"]
        assert [each.scope_id for each in gone] == [office.ids[0]]
        assert gone[0].uithaalreden is Uithaalreden.STOP


def test_a_stop_that_meets_the_worker_is_told_that_it_is_too_late(office):
    lijst_id = office.approve()

    def destroy(session):
        promise = session.scalars(
            select(Promise).where(Promise.subject_id == lijst_id)
        ).one()
        jobs.carry_out(work(session, office), promise)

    def stop():
        with office.here() as session:
            place_stop(
                session,
                actor(Role.CONSULENT),
                LATER,
                dossier=session.get_one(Dossier, office.ids[0]),
                grond=Stopgrond.WOO,
                toelichting="Te laat.",
            )

    with pytest.raises(Vernietigd):
        meet(office.database, Scope.of(HERE), destroy, stop)


def work(session, office, at=LATER):
    return Work(session, Actor.system(HERE), at, office.config)


class Killed(BaseException):
    """What a kill -9 looks like from inside: nothing after it happens."""


@pytest.mark.parametrize("moment", ["drop_drafts_of_dossier", "drop_tokens"])
def test_a_worker_that_dies_after_the_key_is_taken_up_again(
    office, monkeypatch, moment
):
    lijst_id = office.approve()

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(jobs, moment, die)
        with pytest.raises(Killed):
            office.carry_out()
    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        assert {each.status for each in regels(session, lijst)} == {"open"}
        graves = session.info["vault"].graves(office.ids)
        assert len(graves) == 1  # past the point of no return for one
        (buried,) = graves
    with pytest.raises(KeyDestroyed), office.here() as session:
        # too late for a stop: there is nothing left to keep
        place_stop(
            session,
            actor(Role.CONSULENT),
            LATER,
            dossier=session.get_one(Dossier, buried),
            grond=Stopgrond.WOO,
            toelichting="Te laat.",
        )

    office.carry_out(LATER + timedelta(minutes=30))

    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        assert {each.status for each in regels(session, lijst)} == {"vernietigd"}
        assert session.info["vault"].graves(office.ids)[buried] == graves[buried]
    assert office.tokens() == 0


def test_carrying_out_twice_changes_nothing(office):
    lijst_id = office.approve()
    office.carry_out()
    with office.here() as session:
        promise = session.scalars(
            select(Promise).where(Promise.subject_id == lijst_id)
        ).first()

        jobs.carry_out(work(session, office, LATER + timedelta(days=1)), promise)

        lijst = session.get_one(Vernietigingslijst, lijst_id)
        assert lijst.finished_at == LATER


def test_the_certificate_rests_on_the_tombstones_and_names_nobody(office):
    lijst_id = office.approve()
    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        with pytest.raises(RuleViolation, match="nog niet uitgevoerd"):
            verklaring_van(session, lijst)

    office.carry_out()

    with office.here() as session:
        lijst = session.get_one(Vernietigingslijst, lijst_id)
        made = verklaring_van(session, lijst)
        assert made.aantallen[:2] == [
            "2 dossiers vernietigd",
            "Gegevens van 3 personen vernietigd",
        ]
        assert next(wat for wat, _, _ in made.rijen) == f"Dossier {office.referentie}"
        assert len(made.rijen) == 5
        told = str(made)
        assert "Duinzand" not in told
        assert office.bsn not in told
        assert LETTER.decode() not in told


def test_somebody_in_another_dossier_is_not_on_the_list(office):
    with office.here() as session:
        client = session.get_one(Inwoner, office.client_id)
        people.dossier(
            session, actor(Role.CONSULENT), GO, client=client, ontvangen_op=GO.date()
        )
    lijst_id = office.approve()

    office.carry_out()

    with office.here() as session:
        found = regels(session, session.get_one(Vernietigingslijst, lijst_id))
        assert office.client_id not in {each.scope_id for each in found}
        assert session.get_one(Inwoner, office.client_id).achternaam == "Duinzand"


def test_loket_proposes_by_itself_only_where_the_gemeente_asks_for_it(office):
    assert jobs.propose_due(office.database, office.config, GO) == 0
    with office.here() as session:
        set_instelling(
            session,
            Actor.system(HERE),
            GO,
            sleutel="vernietigingslijst_vanzelf",
            waarde=True,
            van=GO.date(),
        )

    assert jobs.propose_due(office.database, office.config, GO) == 1
    # what stands on it is not proposed again
    assert jobs.propose_due(office.database, office.config, GO) == 0


def test_who_is_in_no_dossier_any_more_goes_when_the_own_day_comes(office):
    with office.here() as session:
        loose = people.inwoner(session, at=THEN)
        recent = people.inwoner(session, at=GO - timedelta(days=30))
        ids = loose.id, recent.id
    lijst_id = office.approve()

    office.carry_out()

    with office.here() as session:
        found = regels(session, session.get_one(Vernietigingslijst, lijst_id))
        assert ids[0] in {each.scope_id for each in found}
        assert session.get_one(Inwoner, ids[0]).vernietigd_op
        assert session.get_one(Inwoner, ids[1]).achternaam == "Duinzand"


def test_who_asked_to_see_the_data_stays_until_there_is_an_answer(office):
    with office.here() as session:
        asking = people.inwoner(session, at=THEN)
        asked = register_inzageverzoek(
            session,
            actor(Role.FRONTOFFICE),
            GO,
            inwoner=asking,
            kanaal=Kanaal.BALIE,
            ontvangen_op=GO.date(),
            aanvrager=Aanvrager.INWONER,
        )
        who, verzoek_id = asking.id, asked.id
        on_list = regels(session, approved(session))
        assert who not in {each.scope_id for each in on_list}
        termijn = bewaartermijn_op(session, HERE, GO.date())
        assert personen(session, [who], termijn)[who].vraagt_inzage
        session.get_one(
            Inzageverzoek, verzoek_id
        ).weigergrond = Weigergrond.NIET_BEVOEGD
        session.flush()
        assert not personen(session, [who], termijn)[who].wacht_op_ons
        session.rollback()
