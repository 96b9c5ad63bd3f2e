"""The demo holds the six worked cases, over forty in all, in every state."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from build.demo import TOLD_ON
from loket import termijnen
from loket.accounts.operations import log_in
from loket.accounts.queries import find_user, werkplekken
from loket.authz import Actor, Role
from loket.bsn import is_bsn
from loket.cases.besluit.aanvraag import Aanvraag, Opschorting
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, Herkomst
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.voorziening import Eindreden, Medegerechtigde, Voorziening
from loket.cases.dossier.contactmoment import Contactmoment
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import (
    Afsluitreden,
    Betrokkene,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.melding.melding import Melding
from loket.cases.onderzoek.gesprek import GesprekDeelname
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.werkvoorraad.queries import list_werkvoorraad
from loket.config import Config
from loket.db import NOBODY, Database, Model, Scope
from loket.demo.load import load_demo
from loket.demo.organisation import PASSWORD, logins
from loket.demo.people import people
from loket.demo.zaak import zaken
from loket.iwmo.bericht import Bericht
from loket.outbox.promise import Promise
from loket.pgb.pgb import Budgetregel, HelperSoort, Pgb, PgbToets
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing
from loket.reports import meldingen
from loket.reports.suppression import LEAST

BOTH = Scope.of("0396", "0375")
YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def session(demo: Database) -> Iterator[Session]:
    """Look at the demo in the scope of both gemeenten."""
    with demo.session(BOTH) as session:
        yield session


def case(session: Session, code: str) -> Dossier:
    """Find a dossier of the story by the name of its cliënt."""
    wanted = people()[code][0].gegevens
    clients = session.execute(
        select(Dossier, Inwoner)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .where(Betrokkene.rol == BetrokkeneRol.CLIENT)
    )
    return next(
        dossier
        for dossier, client in clients
        if (client.achternaam, client.voorletters)
        == (wanted["achternaam"], wanted["voorletters"])
    )


def one_of(session: Session, noun: type[Any], code: str) -> Any:
    """Return the only row of this kind in a case."""
    dossier = case(session, code)
    return session.scalars(select(noun).where(noun.dossier_id == dossier.id)).one()


def day(iso: str) -> date:
    """Read a day."""
    return date.fromisoformat(iso)


class TestWorkedCases:
    @pytest.mark.parametrize(
        ("code", "received", "plan", "onderzoek"),
        [
            ("C01", "2026-03-23", "2026-03-30", "2026-05-04"),
            ("C02", "2026-03-23", "2026-03-30", "2026-05-04"),
            ("C03", "2026-03-27", "2026-04-07", "2026-05-08"),
            ("C04", "2026-04-02", "2026-04-09", "2026-05-18"),
            ("C05", "2026-03-24", "2026-03-31", "2026-05-06"),
            ("C06", "2026-04-13", "2026-04-20", "2026-05-26"),
        ],
    )
    def test_terms_of_the_melding_are_those_of_the_law(
        self, session: Session, code: str, received: str, plan: str, onderzoek: str
    ) -> None:
        melding = one_of(session, Melding, code)

        assert melding.ontvangen_op == day(received)
        assert melding.plan_tot == day(plan)
        assert melding.onderzoek_tot == day(onderzoek)
        assert one_of(session, Onderzoek, code).uiterste_datum == day(onderzoek)

    @pytest.mark.parametrize(
        ("code", "received", "until"),
        [
            ("C01", "2026-04-21", "2026-05-06"),
            ("C02", "2026-04-13", "2026-05-07"),
            ("C05", "2026-05-07", "2026-06-11"),
        ],
    )
    def test_besluit_term_counts_holidays_and_days_that_stood_still(
        self, session: Session, code: str, received: str, until: str
    ) -> None:
        aanvraag = one_of(session, Aanvraag, code)

        assert aanvraag.ontvangen_op == day(received)
        assert aanvraag.besluit_tot == day(until)

    def test_c01_came_in_late_at_night_and_still_counts_that_day(
        self, session: Session
    ) -> None:
        melding = one_of(session, Melding, "C01")

        local = melding.registered_at.astimezone(termijnen.ZONE)
        assert (local.hour, local.minute) == (21, 14)
        assert termijnen.dag_van(melding.registered_at) == melding.ontvangen_op

    def test_c01_was_made_known_and_started_on_its_days(self, session: Session) -> None:
        beschikking = one_of(session, Beschikking, "C01")
        toewijzing = one_of(session, Toewijzing, "C01")

        assert beschikking.bekendgemaakt_op == day("2026-04-28")
        assert beschikking.bezwaar_tot == day("2026-06-09")
        assert toewijzing.gestart_op == day("2026-05-11")
        cak = termijnen.uiterste_datum(toewijzing.gestart_op, termijnen.CAK)
        assert cak == day("2026-06-11")

    def test_c02_stood_still_for_ten_days(self, session: Session) -> None:
        aanvraag = one_of(session, Aanvraag, "C02")
        stop = session.scalars(
            select(Opschorting).where(Opschorting.aanvraag_id == aanvraag.id)
        ).one()

        assert min(set(stop.stilstand().days())) == day("2026-04-16")
        assert max(set(stop.stilstand().days())) == day("2026-04-25")
        assert len(set(stop.stilstand().days())) == 10

    def test_c05_was_not_done_in_time_and_consent_gave_three_weeks(
        self, session: Session
    ) -> None:
        aanvraag = one_of(session, Aanvraag, "C05")
        onderzoek = one_of(session, Onderzoek, "C05")
        stop = session.scalars(
            select(Opschorting).where(Opschorting.aanvraag_id == aanvraag.id)
        ).one()

        assert termijnen.dag_van(onderzoek.completed_at) > onderzoek.uiterste_datum
        assert aanvraag.ontvangen_op == onderzoek.uiterste_datum + timedelta(days=1)
        assert min(set(stop.stilstand().days())) == day("2026-05-15")
        assert len(set(stop.stilstand().days())) == 21

    def test_c05_heard_the_owner_before_the_decision(self, session: Session) -> None:
        dossier = case(session, "C05")
        decided = one_of(session, Beschikking, "C05").decided_at
        heard = session.scalars(
            select(Contactmoment).where(Contactmoment.dossier_id == dossier.id)
        )

        assert any(
            "eigenaar" in str(each.tekst) and each.at < decided for each in heard
        )

    @pytest.mark.parametrize("code", ["C01", "C02", "C03", "C04", "C05", "C06"])
    def test_decided_within_the_term_and_delivered(
        self, session: Session, code: str
    ) -> None:
        beschikking = one_of(session, Beschikking, code)
        aanvraag = one_of(session, Aanvraag, code)
        dossier = case(session, code)
        toewijzingen = session.scalars(
            select(Toewijzing).where(Toewijzing.dossier_id == dossier.id)
        ).all()

        assert beschikking.bekendgemaakt_op <= aanvraag.besluit_tot
        assert {each.status for each in toewijzingen} == {"gestart"}

    def test_c04_gets_its_transport_too(self, session: Session) -> None:
        dossier = case(session, "C04")
        products = session.scalars(
            select(Voorziening.product_code).where(Voorziening.dossier_id == dossier.id)
        ).all()

        assert sorted(products) == ["07001", "08001"]


class TestStates:
    def test_there_are_forty_three_cases_in_two_gemeenten(
        self, session: Session
    ) -> None:
        counts = Counter(session.scalars(select(Dossier.gemeente_code)))

        assert counts == {"0396": 33, "0375": 10}

    def test_every_phase_of_the_worklist_is_there(self, session: Session) -> None:
        assert set(session.scalars(select(Werkvoorraad.fase))) == set(Fase)

    @pytest.mark.parametrize(
        ("noun", "wanted"),
        [
            (Onderzoek, {"bezig", "afgerond", "gesloten"}),
            (Aanvraag, {"open", "besloten"}),
            (Beschikking, {"concept", "besloten", "bekendgemaakt"}),
            (Plaatsingsverzoek, {"open", "aanvaard", "geweigerd"}),
            (Toewijzing, {"wacht", "gestart", "gestopt", "geeindigd"}),
            (Voorziening, {"lopend", "geeindigd"}),
            (Bezwaar, {"open"}),
        ],
    )
    def test_every_state_is_there(
        self, session: Session, noun: type[Any], wanted: set[str]
    ) -> None:
        assert wanted <= set(session.scalars(select(noun.status)))

    def test_an_onderzoek_is_late_and_an_aanvraag_stands_still(
        self, session: Session
    ) -> None:
        today = termijnen.dag_van(TOLD_ON)
        late = select(func.count()).where(
            Onderzoek.status == "bezig", Onderzoek.uiterste_datum < today
        )
        still = select(func.count()).where(
            Opschorting.ended_at.is_(None), Opschorting.uiterlijk > today
        )

        assert session.scalar(late) == 1
        assert session.scalar(still) == 1

    def test_some_closed_without_aanvraag_each_for_a_reason(
        self, session: Session
    ) -> None:
        reasons = set(session.scalars(select(Dossier.afsluitreden)))

        assert {
            Afsluitreden.ALGEMENE_VOORZIENING,
            Afsluitreden.EIGEN_KRACHT,
            Afsluitreden.BESLUIT_UITGEVOERD,
            Afsluitreden.OVERLEDEN,
        } <= reasons

    def test_pgb_was_granted_in_both_kinds_and_refused(self, session: Session) -> None:
        kinds = set(session.scalars(select(Budgetregel.helper)))
        refused = session.scalars(
            select(Besluitregel).where(
                Besluitregel.pgb_weigeringsgrond_code.is_not(None)
            )
        ).one()

        assert kinds == set(HelperSoort)
        assert session.scalar(select(func.count()).select_from(Pgb)) == 2
        assert session.scalar(select(func.count()).select_from(PgbToets)) == 3
        assert refused.leveringsvorm == "natura"
        assert refused.voorziening_id is not None

    def test_one_decision_refuses_and_one_decides_a_part(
        self, session: Session
    ) -> None:
        refusals = session.scalars(
            select(Besluitregel.weigeringsgrond_code).where(
                Besluitregel.soort == "weigeren"
            )
        ).all()
        half = one_of(session, Aanvraag, "H30")

        assert refusals == ["algemeen_gebruikelijk"]
        assert half.status == "open"
        assert one_of(session, Beschikking, "H30").status == "bekendgemaakt"

    def test_a_couple_has_one_gesprek_and_shares_the_help(
        self, session: Session
    ) -> None:
        talks = {
            one_of(session, GesprekDeelname, code).gesprek_id for code in ("H22", "H23")
        }
        shared = select(func.count()).select_from(Medegerechtigde)

        assert len(talks) == 1
        assert session.scalar(shared) == 1

    def test_uncommon_lives_are_there(self, session: Session) -> None:
        urgent = select(func.count()).where(Melding.spoed)
        hidden = select(func.count()).where(Inwoner.geheimhouding)
        taken_over = select(func.count()).where(
            Beschikking.herkomst == Herkomst.OVERGENOMEN
        )
        mentors = select(func.count()).where(
            Betrokkene.bevoegdheid == Bevoegdheid.MENTOR
        )
        dead = select(func.count()).where(Voorziening.eindreden == Eindreden.OVERLEDEN)

        for question in (urgent, hidden, taken_over, mentors, dead):
            assert session.scalar(question) == 1

    def test_somebody_without_bsn_is_helped_without_messages(
        self, session: Session
    ) -> None:
        helped = one_of(session, Toewijzing, "B02")
        sent = session.scalars(select(Bericht)).all()

        assert people()["B02"][0].gegevens["bsn"] is None
        assert helped.status == "gestart"
        assert all(each.aanbieder_id != helped.aanbieder_id for each in sent)


class TestCareForData:
    def test_every_bsn_is_one_of_the_test_range(self, session: Session) -> None:
        found = [str(each.bsn) for each in session.scalars(select(Inwoner)) if each.bsn]

        assert len(found) == len(set(found)) == 42
        assert all(is_bsn(bsn) for bsn in found)
        assert all(999_900_006 <= int(bsn) <= 999_999_990 for bsn in found)

    def test_no_promise_failed(self, session: Session) -> None:
        unkept = session.scalars(select(Promise).where(Promise.kept_at.is_(None)))

        assert [
            each.topic
            for each in unkept
            if each.dead_at or each.last_error or not each.waits_for
        ] == []

    def test_every_letter_went_out_within_a_week(self, session: Session) -> None:
        sent = session.scalars(
            select(Document).where(Document.verzonden_op.is_not(None))
        ).all()
        waiting = session.scalars(
            select(Document.made_at).where(Document.verzonden_op.is_(None))
        ).all()

        week = timedelta(days=7)
        assert len(sent) > 70
        assert [
            d.soort for d in sent if d.sent_at and d.sent_at - d.made_at > week
        ] == []
        assert [made for made in waiting if TOLD_ON - made > week] == []

    def test_every_step_happened_in_the_past(self, session: Session) -> None:
        moments = [
            *session.scalars(select(Dossier.opened_at)),
            *session.scalars(select(Promise.made_at)),
        ]

        assert max(moments) < TOLD_ON

    def test_numbers_count_up_with_the_days(self, session: Session) -> None:
        for gemeente in BOTH.gemeenten:
            moments = session.scalars(
                select(Beschikking.drawn_up_at)
                .where(Beschikking.gemeente_code == gemeente)
                .order_by(Beschikking.nummer)
            ).all()

            assert list(moments) == sorted(moments)

    def test_loading_again_changes_nothing(
        self, demo_config: Config, session: Session
    ) -> None:
        before = counts(session)

        load_demo(demo_config, TOLD_ON)

        session.rollback()
        assert counts(session) == before


def counts(session: Session) -> dict[str, int]:
    """Count the rows of every table."""
    return {
        name: session.scalar(text(f"SELECT count(*) FROM {name}")) or 0
        for name in sorted(Model.metadata.tables)
    }


class TestUse:
    def test_everybody_logs_in_with_the_password_that_is_shown(
        self, demo: Database
    ) -> None:
        with demo.session(NOBODY) as session:
            people_in = {
                login: log_in(
                    session, TOLD_ON, login=login, wachtwoord=password, adres="::1"
                )
                for login, password, _, _ in logins()
            }

        today = termijnen.dag_van(TOLD_ON)
        assert all(person is not None for person in people_in.values())
        assert all(
            werkplekken(person, today) for person in people_in.values() if person
        )

    def test_who_left_does_not_come_in(self, demo: Database) -> None:
        with demo.session(NOBODY) as session:
            gone = find_user(session, "oud.heemskerk")
            came_in = log_in(
                session, TOLD_ON, login="oud.heemskerk", wachtwoord=PASSWORD, adres=""
            )

        assert gone is not None
        assert came_in is None

    def test_one_person_works_for_both_gemeenten(self, demo: Database) -> None:
        with demo.session(NOBODY) as session:
            person = find_user(session, "ijmond")
            assert person is not None
            desks = werkplekken(person, termijnen.dag_van(TOLD_ON))

        assert {desk.gemeente_code for desk in desks} == {"0396", "0375"}
        assert max(len(desk.rollen) for desk in desks) == 2

    def test_policy_staff_see_figures_above_the_limit(self, demo: Database) -> None:
        by = Actor.system("0396")
        with demo.session(Scope.of("0396")) as session:
            domains = meldingen.per_domein(session, by, *YEAR)
            months = meldingen.per_maand(session, by, *YEAR)

        assert sum(each.aantal >= LEAST for each in domains) >= 4
        assert sum(each.aantal >= LEAST for each in months) >= 2

    def test_the_worklist_answers_within_half_a_second(self, demo: Database) -> None:
        person = Actor.system("0396").id
        by = Actor(person, "T", frozenset({Role.TEAMLEIDER}), ("0396",))
        with demo.session(Scope.of("0396")) as session:
            list_werkvoorraad(session, by, TOLD_ON)  # opens the keys
            begin = time.perf_counter()
            page = list_werkvoorraad(session, by, TOLD_ON)
            took = time.perf_counter() - begin

        assert page.aantal == 28  # five are closed
        assert took < 0.5


class TestPlan:
    def test_nothing_happens_in_the_future_whenever_it_is_told(self) -> None:
        first = date(2026, 10, 5)
        late = [
            (zaak.code, today)
            for today in (first + timedelta(days=n) for n in range(730))
            for zaak in zaken(today)
            if max(at for at, _ in zaak.steps()).date() >= today
        ]

        assert late == []

    def test_no_step_comes_before_an_earlier_one(self) -> None:
        for zaak in zaken(termijnen.dag_van(TOLD_ON)):
            moments = [at for at, _ in zaak.steps()]

            assert moments == sorted(moments)
            assert len(moments) == len(set(moments))
