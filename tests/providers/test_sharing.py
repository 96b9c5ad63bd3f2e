"""What an aanbieder reaches: the runtime role, in a session of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from build import providers as build
from build.gemeente import NOW, TODAY
from build.town import HERE, Town
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import (
    Eindreden,
    Voorziening,
    VoorzieningRegel,
)
from loket.cases.dossier import operations_inwoner
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.melding.melding import Melding
from loket.config import Config
from loket.db import Scope
from loket.errors import LoketError, NotFound, RuleViolation
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.providers import jobs, operations, queries, queries_aanbieder
from loket.providers.contract import Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek, Weigergrond
from loket.providers.toewijzing import Deling, Stopreden, Toewijzing

SEALED_OFF = (Inwoner, Dossier, Melding, Voorziening)


def ask(town: Town) -> UUID:
    """Ask the aanbieder of the town; return the id of the verzoek."""
    with town.database.transaction(town.staff()) as session:
        verzoek = build.plaatsingsverzoek(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=session.get_one(Contractregel, town.contractregel_id),
            by=town.consulent,
        )
        return verzoek.id


def accept(town: Town, verzoek_id: UUID, start: date = TODAY) -> None:
    """Accept in the session of the aanbieder."""
    with town.database.transaction(town.theirs()) as session:
        operations.accept_plaatsingsverzoek(
            session,
            town.medewerker,
            NOW,
            verzoek=session.get_one(Plaatsingsverzoek, verzoek_id),
            startdatum=start,
        )


def keep(town: Town, config: Config, topic: str) -> int:
    """Keep the promises of this topic, as a worker would; return how many."""
    with town.database.transaction(town.staff()) as session:
        made = session.scalars(
            select(Promise).where(Promise.topic == topic, Promise.kept_at.is_(None))
        ).all()
        for promise in made:
            work = Work(session, build.system(), NOW, config)
            jobs.HANDLERS[topic](work, promise)
            promise.keep(NOW)
        return len(made)


def assigned(town: Town, config: Config) -> UUID:
    """Go through asking and accepting; return the id of the toewijzing."""
    accept(town, ask(town))
    keep(town, config, "providers.toewijzen")
    with town.database.transaction(town.staff()) as session:
        return session.scalars(select(Toewijzing.id)).one()


def count(session: Session, noun: type) -> int:
    """Count what this session sees of a noun."""
    return session.scalar(select(func.count()).select_from(noun)) or 0


class TestRowSecurity:
    def test_before_the_toewijzing_there_is_no_person(self, town: Town) -> None:
        verzoek_id = ask(town)

        with town.database.transaction(town.theirs()) as session:
            seen = {noun.__name__: count(session, noun) for noun in SEALED_OFF}
            verzoek = session.get_one(Plaatsingsverzoek, verzoek_id)

            assert seen == {
                "Inwoner": 0,
                "Dossier": 0,
                "Melding": 0,
                "Voorziening": 0,
            }
            assert "zwaar werk" in str(verzoek.omschrijving)

    def test_after_it_exactly_the_shared_part(self, town: Town, config: Config) -> None:
        with town.database.transaction(town.staff()) as session:
            build.voorziening(session)  # another person, not shared

        toewijzing_id = assigned(town, config)

        with town.database.transaction(town.theirs()) as session:
            seen = {noun.__name__: count(session, noun) for noun in SEALED_OFF}
            gedeeld = queries_aanbieder.get_gedeeld(
                session, session.get_one(Toewijzing, toewijzing_id)
            )
            assert seen == {
                "Inwoner": 1,
                "Dossier": 1,
                "Melding": 0,
                "Voorziening": 1,
            }
            assert gedeeld
            assert gedeeld.client.naam == "A. Duinzand"

    def test_after_the_sharing_ended_nothing(self, town: Town, config: Config) -> None:
        toewijzing_id = assigned(town, config)
        with town.database.transaction(town.staff()) as session:
            ended = TODAY - timedelta(days=1)
            session.execute(update(Deling).values(van=ended, tot=ended))

        with town.database.transaction(town.theirs()) as session:
            assert [count(session, noun) for noun in SEALED_OFF] == [0, 0, 0, 0]
            toewijzing = session.get_one(Toewijzing, toewijzing_id)
            assert queries_aanbieder.get_gedeeld(session, toewijzing) is None

    def test_another_aanbieder_sees_nothing_of_it(
        self, town: Town, config: Config
    ) -> None:
        assigned(town, config)
        with town.database.transaction(town.staff()) as session:
            other = build.aanbieder(session)
        scope = Scope((HERE,), other.id)

        with town.database.transaction(scope) as session:
            nouns = (*SEALED_OFF, Plaatsingsverzoek, Toewijzing, Deling)
            assert [count(session, noun) for noun in nouns] == [0] * 7

    def test_start_and_stop_are_reported_from_there(
        self, town: Town, config: Config
    ) -> None:
        toewijzing_id = assigned(town, config)

        with town.database.transaction(town.theirs()) as session:
            toewijzing = session.get_one(Toewijzing, toewijzing_id)
            operations.start_zorg(
                session, town.medewerker, NOW, toewijzing=toewijzing, startdatum=TODAY
            )
            operations.stop_zorg(
                session,
                town.medewerker,
                NOW,
                toewijzing=toewijzing,
                stopdatum=TODAY,
                reden=Stopreden.VOLGENS_PLAN,
            )

        with town.database.transaction(town.theirs()) as session:
            assert session.get_one(Toewijzing, toewijzing_id).status == "gestopt"


class TestRaces:
    def _race(self, town: Town, verzoek_id: UUID, *deeds: str) -> list[str]:
        """Let deeds happen at the same moment; return what each one heard."""
        gate = Barrier(len(deeds), timeout=20)

        def run(deed: str) -> str:
            gate.wait()
            try:
                if deed == "accept":
                    accept(town, verzoek_id)
                else:
                    self._withdraw(town, verzoek_id)
            except LoketError as refused:
                return refused.message
            return "done"

        with ThreadPoolExecutor(len(deeds)) as pool:
            return sorted(pool.map(run, deeds, timeout=60))

    def _withdraw(self, town: Town, verzoek_id: UUID) -> None:
        with town.database.transaction(town.staff()) as session:
            operations.withdraw_plaatsingsverzoek(
                session,
                town.consulent,
                NOW,
                verzoek=session.get_one(Plaatsingsverzoek, verzoek_id),
            )

    def test_of_two_accepts_one_wins(self, town: Town) -> None:
        heard = self._race(town, ask(town), "accept", "accept")

        assert heard == ["Dit verzoek is al beantwoord.", "done"]

    def test_of_accept_and_withdraw_one_wins(self, town: Town) -> None:
        heard = self._race(town, ask(town), "accept", "withdraw")

        assert heard.count("done") == 1
        assert heard[0] in {
            "De gemeente heeft dit verzoek ingetrokken.",
            "Dit verzoek is al beantwoord.",
        }

    def test_the_same_right_is_not_given_away_twice(self, town: Town) -> None:
        with town.database.transaction(town.staff()) as session:
            regels = [
                build.contractregel(session, plaatsingsverzoek=False).id
                for _ in range(2)
            ]
        gate = Barrier(2, timeout=20)

        def give(regel_id: UUID) -> str:
            with town.database.transaction(town.staff()) as session:
                recht = session.get_one(Voorziening, town.voorziening_id)
                gate.wait()
                try:
                    operations.make_toewijzing(
                        session,
                        town.consulent,
                        NOW,
                        voorziening=recht,
                        contractregel_id=regel_id,
                        van=TODAY,
                    )
                except RuleViolation:
                    return "refused"
                return "done"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(give, regels, timeout=60)) == ["done", "refused"]


class TestJobs:
    def test_an_accepted_verzoek_becomes_one_toewijzing(
        self, town: Town, config: Config
    ) -> None:
        start = TODAY + timedelta(days=7)
        verzoek_id = ask(town)
        accept(town, verzoek_id, start)
        keep(town, config, "providers.toewijzen")

        with town.database.transaction(town.staff()) as session:
            made = session.scalars(select(Toewijzing)).one()
            again = Promise(topic="providers.toewijzen", subject_id=verzoek_id)
            jobs.assign_accepted(Work(session, build.system(), NOW, config), again)

            assert (made.van, made.plaatsingsverzoek_id) == (start, verzoek_id)
            assert count(session, Toewijzing) == 1
            line = session.get_one(Werkvoorraad, made.dossier_id)
            assert line.fase is Fase.LEVERING

    def test_a_refusal_becomes_a_task_for_the_next_candidate(
        self, town: Town, config: Config
    ) -> None:
        verzoek_id = ask(town)
        with town.database.transaction(town.theirs()) as session:
            operations.decline_plaatsingsverzoek(
                session,
                town.medewerker,
                NOW,
                verzoek=session.get_one(Plaatsingsverzoek, verzoek_id),
                grond=Weigergrond.NIET_PASSEND,
            )

        kept = keep(town, config, "providers.geweigerd")

        with town.database.transaction(town.staff()) as session:
            task = session.scalars(select(Taak)).one()
            assert kept == 1
            assert task.soort is TaakSoort.OPNIEUW_PLAATSEN
            assert task.onderwerp_id == town.voorziening_id
            assert task.uiterlijk == TODAY + timedelta(days=2)

    def test_consent_that_came_too_late_becomes_a_task(
        self, town: Town, config: Config
    ) -> None:
        accept(town, ask(town))
        with town.database.transaction(town.staff()) as session:
            session.execute(update(Contractregel).values(tot=date(2026, 2, 1)))

        keep(town, config, "providers.toewijzen")

        with town.database.transaction(town.staff()) as session:
            assert count(session, Toewijzing) == 0
            assert session.scalars(select(Taak.soort)).all() == [
                TaakSoort.OPNIEUW_PLAATSEN
            ]

    @pytest.mark.parametrize(
        ("reden", "tasks"),
        [(Stopreden.DOOR_AANBIEDER, 1), (Stopreden.VOLGENS_PLAN, 0)],
    )
    def test_a_stop_that_leaves_a_right_open_becomes_a_task(
        self, town: Town, config: Config, reden: Stopreden, tasks: int
    ) -> None:
        toewijzing_id = assigned(town, config)
        with town.database.transaction(town.theirs()) as session:
            toewijzing = session.get_one(Toewijzing, toewijzing_id)
            operations.start_zorg(
                session, town.medewerker, NOW, toewijzing=toewijzing, startdatum=TODAY
            )
            operations.stop_zorg(
                session,
                town.medewerker,
                NOW,
                toewijzing=toewijzing,
                stopdatum=TODAY,
                reden=reden,
            )

        keep(town, config, "providers.voortgang")

        with town.database.transaction(town.staff()) as session:
            assert count(session, Taak) == tasks

    @pytest.mark.parametrize(
        ("reden", "closes"),
        [(Stopreden.VOLGENS_PLAN, True), (Stopreden.TIJDELIJK, False)],
    )
    def test_a_stop_for_good_closes_what_was_shared_after_some_days(
        self, town: Town, config: Config, reden: Stopreden, closes: bool
    ) -> None:
        toewijzing_id = assigned(town, config)
        with town.database.transaction(town.theirs()) as session:
            toewijzing = session.get_one(Toewijzing, toewijzing_id)
            operations.start_zorg(
                session, town.medewerker, NOW, toewijzing=toewijzing, startdatum=TODAY
            )
            operations.stop_zorg(
                session,
                town.medewerker,
                NOW,
                toewijzing=toewijzing,
                stopdatum=TODAY,
                reden=reden,
            )

        keep(town, config, "providers.voortgang")

        with town.database.transaction(town.staff()) as session:
            until = session.scalars(select(Deling.tot)).one()
        assert (until == TODAY + timedelta(days=30)) is closes

    def test_a_death_ends_delivery_on_that_day_and_withdraws_questions(
        self, town: Town, config: Config
    ) -> None:
        toewijzing_id = assigned(town, config)
        with town.database.transaction(town.staff()) as session:
            client = session.scalars(select(Inwoner)).one()
            operations_inwoner.record_death(
                session, town.consulent, NOW, inwoner=client, overleden_op=TODAY
            )

        kept = keep(town, config, "providers.overleden")
        again = keep(town, config, "providers.overleden")

        with town.database.transaction(town.staff()) as session:
            ended = session.get_one(Toewijzing, toewijzing_id)
            assert (kept, again) == (1, 0)
            assert (ended.status, ended.laatste_dag) == ("geeindigd", TODAY)

    def test_a_right_that_ended_takes_its_toewijzing_along(
        self, town: Town, config: Config
    ) -> None:
        toewijzing_id = assigned(town, config)
        with town.database.transaction(town.staff()) as session:
            recht = session.get_one(Voorziening, town.voorziening_id)
            recht.geeindigd_op = TODAY
            recht.ended_at, recht.ended_by_id = NOW, town.consulent_id
            recht.eindreden = "ingetrokken"
            session.flush()
            ended = Promise(topic="providers.recht", subject_id=recht.id)
            work = Work(session, build.system(), NOW, config)
            jobs.follow_right(work, ended)
            jobs.follow_right(work, ended)

            assert session.get_one(Toewijzing, toewijzing_id).laatste_dag == TODAY

    def test_a_right_that_shrank_becomes_a_task(
        self, town: Town, config: Config
    ) -> None:
        assigned(town, config)
        with town.database.transaction(town.staff()) as session:
            work = Work(session, build.system(), NOW, config)
            changed = Promise(topic="providers.recht", subject_id=town.voorziening_id)
            jobs.follow_right(work, changed)
            before = count(session, Taak)
            session.execute(update(VoorzieningRegel).values(volume=60))

            jobs.follow_right(work, changed)

            assert (before, count(session, Taak)) == (0, 1)

    def test_the_besluit_that_ends_a_right_promises_it(self, town: Town) -> None:
        with town.database.transaction(town.staff()) as session:
            end_voorziening(
                session,
                town.consulent,
                NOW,
                voorziening=session.get_one(Voorziening, town.voorziening_id),
                geeindigd_op=TODAY,
                reden=Eindreden.VERHUISD,
            )
            topics = session.scalars(
                select(Promise.topic).where(Promise.subject_id == town.voorziening_id)
            ).all()

            assert "providers.recht" in topics


class TestInbox:
    def test_takes_as_many_statements_for_many_as_for_one(self, town: Town) -> None:
        few = self._statements(town, 1)
        many = self._statements(town, 12)

        assert few == many

    def _statements(self, town: Town, more: int) -> int:
        with town.database.transaction(town.staff()) as session:
            regel = session.get_one(Contractregel, town.contractregel_id)
            for _ in range(more):
                build.plaatsingsverzoek(session, regel=regel, by=town.consulent)
        seen: list[str] = []

        def note(_c: object, _cu: object, statement: str, *_: object) -> None:
            if statement.startswith("SELECT") and "set_config" not in statement:
                seen.append(statement)

        event.listen(town.database.engine, "before_cursor_execute", note)
        try:
            with town.database.transaction(town.theirs()) as session:
                shown, _ = queries_aanbieder.list_inbox(session, town.medewerker, NOW)
        finally:
            event.remove(town.database.engine, "before_cursor_execute", note)
        assert len(shown) >= more
        return len(seen)

    def test_an_id_that_is_guessed_is_not_found(self, town: Town) -> None:
        ask(town)

        with (
            town.database.transaction(town.theirs()) as session,
            pytest.raises(NotFound),
        ):
            queries.get_verzoek(session, town.medewerker, NOW, "AAAA-AAAA")
