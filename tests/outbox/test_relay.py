"""A promise is handed out when it is due, kept once, and never lost."""

from datetime import timedelta
from threading import Thread

import pytest
from redis import Redis
from sqlalchemy import func, select

from loket import schedule
from loket.audit.record import AuditRecord
from loket.authz import SYSTEM_ID
from loket.db import Scope
from loket.errors import NotConfigured, NotFound, RuleViolation
from loket.outbox import operations, queries
from loket.outbox.promise import LEASE, MAX_ATTEMPTS, WAIT
from outbox.conftest import AT, BY, CODE, leave_a_trace

PAST_LEASE = AT + LEASE + timedelta(seconds=1)


def keep(ledger, config, subject, at=AT):
    return schedule.keep(ledger.database, config, ledger.of(subject).id, CODE, at)


def traces(ledger) -> int:
    with ledger.database.transaction(Scope.of(CODE)) as session:
        return session.scalar(
            select(func.count())
            .select_from(AuditRecord)
            .where(AuditRecord.subject_soort == "promise")
        )


class TestPromise:
    def test_made_twice_is_one_promise(self, ledger):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            for _ in range(2):
                operations.promise(
                    session, "proef.kept", SYSTEM_ID, gemeente_code=CODE, at=AT
                )

        assert len(ledger.all()) == 1

    def test_with_another_key_is_another_promise(self, ledger):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            for key in ("2026-11", "2026-12"):
                operations.promise(
                    session, "proef.kept", SYSTEM_ID, gemeente_code=CODE, at=AT, key=key
                )

        assert len(ledger.all()) == 2

    def test_does_not_outlive_a_deed_that_was_undone(self, ledger):
        session = ledger.database.session(Scope.of(CODE))
        operations.promise(session, "proef.kept", SYSTEM_ID, gemeente_code=CODE, at=AT)

        session.rollback()
        session.close()

        assert ledger.all() == []


class TestHandOut:
    def hand_out(self, ledger, at):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            return queries.hand_out(session, at)

    def test_waits_until_a_promise_is_due(self, ledger):
        ledger.promise("proef.kept", at=AT + timedelta(minutes=1))

        assert self.hand_out(ledger, AT) == []
        assert len(self.hand_out(ledger, AT + timedelta(minutes=1))) == 1

    def test_gives_a_worker_the_time_of_its_lease(self, ledger):
        ledger.promise("proef.kept")

        assert len(self.hand_out(ledger, AT)) == 1
        assert self.hand_out(ledger, AT + LEASE) == []

    def test_hands_out_again_what_a_worker_let_lie(self, ledger):
        subject = ledger.promise("proef.kept")
        self.hand_out(ledger, AT)

        assert self.hand_out(ledger, PAST_LEASE) == [(ledger.of(subject).id, CODE)]

    def test_hands_out_no_promise_that_was_kept(self, ledger, config, topics):
        subject = ledger.promise("proef.kept")
        keep(ledger, config, subject)

        assert self.hand_out(ledger, PAST_LEASE) == []

    def test_by_two_relays_at_once_gives_each_promise_once(self, ledger):
        subjects = {ledger.promise("proef.kept") for _ in range(20)}
        first = ledger.database.session(Scope.of(CODE))
        second = ledger.database.session(Scope.of(CODE))

        one = queries.hand_out(first, AT, 15)
        other = queries.hand_out(second, AT, 15)
        for session in (first, second):
            session.commit()
            session.close()

        assert (len(one), len(other)) == (15, 5)
        assert {ledger.of(s).id for s in subjects} == {i for i, _ in one + other}

    def test_relay_puts_ids_and_nothing_else_in_the_queue(self, ledger, queue_url):
        subject = ledger.promise("proef.kept")
        redis = Redis.from_url(queue_url)
        redis.flushall()

        handed = schedule.relay(ledger.database, redis, AT)

        (job,) = schedule.queue(redis).jobs
        redis.close()
        assert handed == 1
        assert list(job.args) == [str(ledger.of(subject).id), CODE]


class TestKeep:
    def test_happens_in_the_transaction_of_its_effects(self, ledger, config, topics):
        subject = ledger.promise("proef.kept")

        assert keep(ledger, config, subject)
        assert ledger.of(subject).kept_at == AT
        assert traces(ledger) == 1

    def test_twice_changes_once(self, ledger, config, topics):
        subject = ledger.promise("proef.kept")
        keep(ledger, config, subject)

        assert not keep(ledger, config, subject, PAST_LEASE)
        assert traces(ledger) == 1

    def test_by_two_workers_at_once_happens_once(self, ledger, config, topics):
        subject = ledger.promise("proef.kept")
        outcomes: list[bool] = []
        workers = [
            Thread(target=lambda: outcomes.append(keep(ledger, config, subject)))
            for _ in range(4)
        ]

        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)

        assert sorted(outcomes) == [False, False, False, True]
        assert traces(ledger) == 1

    def test_undoes_the_effects_of_a_handler_that_fails(self, ledger, config, topics):
        def break_down(work, promise):
            leave_a_trace(work, promise)
            work.session.flush()
            raise ValueError("mevrouw Duinzand heeft geen BSN")

        topics["proef.broken"] = break_down
        subject = ledger.promise("proef.broken")

        assert not keep(ledger, config, subject)
        assert traces(ledger) == 0
        assert ledger.of(subject).attempts == 1

    def test_writes_down_the_class_of_a_failure_and_not_its_text(
        self, ledger, config, topics
    ):
        def break_down(work, promise):
            raise ValueError("mevrouw Duinzand heeft geen BSN")

        topics["proef.broken"] = break_down
        subject = ledger.promise("proef.broken")
        keep(ledger, config, subject)

        assert ledger.of(subject).last_error == "ValueError"

    def test_of_a_topic_that_nobody_knows_is_not_lost(self, ledger, config, topics):
        subject = ledger.promise("proef.unknown")

        assert not keep(ledger, config, subject)
        assert ledger.of(subject).last_error == "KeyError"


class TestDeadLetter:
    @pytest.fixture
    def dead(self, ledger, config, topics):
        def break_down(work, promise):
            raise ValueError

        topics["proef.broken"] = break_down
        subject = ledger.promise("proef.broken")
        for _ in range(MAX_ATTEMPTS):
            keep(ledger, config, subject, ledger.of(subject).due_at)
        return subject

    def test_is_what_failed_eight_times(self, ledger, config, dead):
        assert ledger.of(dead).attempts == 8
        assert ledger.of(dead).dead_at is not None

    def test_waits_longer_after_each_failure(self, ledger, config, topics):
        subject = ledger.promise("proef.unknown")
        waits = []
        for _ in range(3):
            before = ledger.of(subject).due_at
            keep(ledger, config, subject, before)
            waits.append((ledger.of(subject).due_at - before).total_seconds())

        assert waits == [10, 20, 40]

    def test_is_handed_out_no_more(self, ledger, dead):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            assert queries.hand_out(session, AT + timedelta(days=30)) == []

    def test_is_shown_to_the_beheerder(self, ledger, dead):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            shown = [p.subject_id for p in queries.list_unkept(session, BY)]

        assert shown == [dead]

    def test_gets_a_new_life_with_a_line_in_the_trail(
        self, ledger, config, topics, dead
    ):
        topics["proef.broken"] = leave_a_trace
        later = AT + timedelta(days=1)
        with ledger.database.transaction(Scope.of(CODE)) as session:
            operations.revive_promise(session, BY, later, promise_id=ledger.of(dead).id)

        assert traces(ledger) == 1
        assert schedule.keep_all(ledger.database, config, later) == 1
        assert ledger.of(dead).kept_at == later

    def test_of_another_gemeente_does_not_exist(self, ledger, dead):
        other = type(BY).system("0375")
        with (
            pytest.raises(NotFound),
            ledger.database.transaction(Scope.of(CODE)) as session,
        ):
            operations.revive_promise(session, other, AT, promise_id=ledger.of(dead).id)

    def test_that_is_not_dead_is_not_revived(self, ledger):
        subject = ledger.promise("proef.kept")

        with (
            pytest.raises(RuleViolation, match="staat niet stil"),
            ledger.database.transaction(Scope.of(CODE)) as session,
        ):
            operations.revive_promise(session, BY, AT, promise_id=ledger.of(subject).id)


class TestWaiting:
    @pytest.fixture
    def waiting(self, ledger, config, topics):
        def miss_a_setting(work, promise):
            raise NotConfigured("De map voor berichten is niet ingesteld.")

        topics["proef.waiting"] = miss_a_setting
        subject = ledger.promise("proef.waiting")
        keep(ledger, config, subject)
        return subject

    def test_for_a_setting_counts_no_attempt(self, ledger, waiting):
        assert ledger.of(waiting).attempts == 0
        assert ledger.of(waiting).due_at == AT + WAIT

    def test_never_dies(self, ledger, config, waiting):
        for _ in range(MAX_ATTEMPTS + 4):
            keep(ledger, config, waiting, ledger.of(waiting).due_at)

        assert ledger.of(waiting).dead_at is None

    def test_says_to_the_beheerder_what_it_waits_for(self, ledger, waiting):
        with ledger.database.transaction(Scope.of(CODE)) as session:
            (shown,) = queries.list_unkept(session, BY)

        assert shown.waits_for == "De map voor berichten is niet ingesteld."

    def test_goes_on_when_the_setting_came(self, ledger, config, topics, waiting):
        topics["proef.waiting"] = leave_a_trace

        assert schedule.keep_all(ledger.database, config, AT + WAIT) == 1
        assert ledger.of(waiting).waits_for is None
