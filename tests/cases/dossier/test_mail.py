"""The e-mail that work waits: to whom, how often, and nothing of whom or what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from build.gemeente import actor_of, user
from build.mailserver import mailserver
from build.melding import melding
from loket import schedule
from loket.accounts.operations import choose_mail, deactivate_user
from loket.accounts.user import MailWens, User
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.dossier import operations, operations_taak
from loket.cases.dossier.dossier import Betrokkene, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.outbox.promise import Promise

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten o'clock in Duinstede."""
AFTER_NOON = MONDAY + timedelta(hours=3)
NEXT_MORNING = datetime(2026, 11, 24, 6, 1, tzinfo=UTC)
ADRES = "s.kustlicht@duinstede.example"
BY = Actor.system("0396")


class Post:
    """A consulent with a mailbox, a dossier, and the server in between."""

    def __init__(self, here, database, config, box, person):
        self.here, self.database, self.box, self.person = here, database, box, person
        self.config = replace(
            config,
            smtp_url=f"smtp://127.0.0.1:{box.port}",
            mail_from="loket@duinstede.example",
            base_url="https://loket.duinstede.example",
        )

    def choose(self, wens, adres=ADRES):
        with self.here() as session:
            choose_mail(
                session,
                BY,
                MONDAY,
                user=session.get_one(User, self.person.id),
                wens=wens,
                adres=adres,
            )

    def ask(self, at=MONDAY, by=BY):
        """Make a task for this person in a new dossier; return that dossier."""
        with self.here() as session:
            made = melding(session, at=at, ontvangen_op=at.date())
            operations.set_taak(
                session,
                by,
                at,
                dossier_id=made.dossier_id,
                soort=TaakSoort.CLIENT_BELLEN,
                uiterlijk=at.date() + timedelta(days=7),
                voor_user_id=self.person.id,
            )
            return made.dossier_id

    def deliver(self, at=MONDAY, config=None):
        """Let the worker do what is due; return how many e-mails came in so far."""
        schedule.keep_all(self.database, config or self.config, at)
        return len(self.box.raw)

    @property
    def promises(self):
        with self.here() as session:
            return session.scalars(
                select(Promise).where(Promise.topic == "mail.werk")
            ).all()


@pytest.fixture
def post(here, database, config, staff):
    with mailserver() as box:
        one = Post(here, database, config, box, staff[Role.CONSULENT])
        one.choose(MailWens.METEEN)
        yield one


class TestContent:
    def test_holds_nothing_of_a_person_or_a_case(self, post, here):
        case = post.ask()

        assert post.deliver() == 1

        (raw,) = post.box.raw
        text = message_from_bytes(raw, policy=default).get_content()
        with here() as session:
            client = session.scalars(
                select(Inwoner)
                .join(Betrokkene, Betrokkene.inwoner_id == Inwoner.id)
                .where(Betrokkene.dossier_id == case)
            ).first()
            secrets = [
                session.get_one(Dossier, case).referentie,
                str(case),
                client.bsn,
                client.achternaam,
                post.person.naam,
                "bellen",
                "Duinstede",
            ]
        whole = (raw.decode() + text).lower()
        assert [each for each in secrets if str(each).lower() in whole] == [
            "Duinstede"  # in the address of the sender and of Loket, nowhere else
        ]
        assert "https://loket.duinstede.example/" in text
        assert "Subject: Er staat werk voor u klaar in Loket" in raw.decode()

    def test_is_recorded_without_the_address(self, post, here):
        post.ask()
        post.deliver()

        with here() as session:
            (line,) = session.scalars(
                select(AuditRecord).where(AuditRecord.action == "user.mail_sent")
            )
            assert line.subject_id == post.person.id


class TestHowOften:
    def test_at_most_one_in_half_a_day(self, post):
        for minutes in (0, 1, 50):
            at = MONDAY + timedelta(minutes=minutes)
            post.ask(at)
            assert post.deliver(at) == 1

        post.ask(AFTER_NOON)

        assert post.deliver(AFTER_NOON) == 2

    def test_once_a_day_comes_when_the_next_working_day_begins(self, post):
        post.choose(MailWens.DAGELIJKS)
        post.ask()
        post.ask(AFTER_NOON)
        assert post.deliver(AFTER_NOON) == 0

        assert post.deliver(NEXT_MORNING) == 1

        post.ask(NEXT_MORNING)
        assert post.deliver(NEXT_MORNING + timedelta(hours=9)) == 1

    def test_a_choice_changed_in_between_does_not_bring_a_second(self, post):
        post.ask()
        post.choose(MailWens.DAGELIJKS)
        assert post.deliver() == 1
        post.choose(MailWens.METEEN)
        post.ask(MONDAY + timedelta(minutes=5))

        assert post.deliver(MONDAY + timedelta(minutes=5)) == 1

    def test_never_is_never(self, post):
        post.choose(MailWens.NOOIT)
        post.ask()

        assert post.deliver() == 0
        assert post.promises == []


class TestWho:
    def test_who_asks_it_of_themselves_is_not_told(self, post):
        post.ask(by=actor_of(post.person, Role.CONSULENT))

        assert post.deliver() == 0

    def test_who_is_out_of_service_is_not_told(self, post, here):
        post.ask()
        with here() as session:
            person = session.get_one(User, post.person.id)
            deactivate_user(session, BY, MONDAY, user=person)

        assert post.deliver() == 0

    def test_who_did_it_all_in_the_meantime_is_not_told(self, post, here):
        post.ask()
        with here() as session:
            taak = session.scalars(
                select(Taak).where(Taak.voor_user_id == post.person.id)
            ).one()
            taak.finish(post.person.id, MONDAY)

        assert post.deliver() == 0
        assert post.promises[0].kept_at

    def test_who_is_handed_a_task_is_told(self, post, here, staff):
        with here() as session:
            giver = user(session, Role.CONSULENT)
            made = melding(session, at=MONDAY, ontvangen_op=MONDAY.date())
            by = actor_of(giver, Role.CONSULENT)
            taak = operations.set_taak(
                session,
                by,
                MONDAY,
                dossier_id=made.dossier_id,
                soort=TaakSoort.CLIENT_BELLEN,
                uiterlijk=MONDAY.date(),
                voor_user_id=giver.id,
            )
            operations_taak.hand_over_taak(
                session,
                by,
                MONDAY,
                taak=taak,
                user_id=post.person.id,
                reden="Ik ben met verlof.",
            )

        assert post.deliver() == 1


class TestFailure:
    def test_a_server_that_is_away_is_tried_again_and_nothing_comes_twice(self, post):
        post.ask()
        away = replace(post.config, smtp_url="smtp://127.0.0.1:1")
        later = MONDAY + timedelta(minutes=2)

        assert post.deliver(config=away) == 0
        assert post.promises[0].waits_for
        assert post.promises[0].attempts == 0

        assert post.deliver(later) == 1
        assert post.deliver(later + timedelta(minutes=2)) == 1

    def test_a_refused_address_is_written_down_without_it(self, post):
        post.box.refuses_with = f"550 {ADRES} bestaat niet"
        post.ask()

        assert post.deliver() == 0
        assert post.promises[0].last_error == "MailRefused"

    def test_without_a_mail_server_it_waits_and_is_given_up_after_a_week(self, post):
        post.ask()
        none = replace(post.config, smtp_url="")

        post.deliver(config=none)
        assert post.promises[0].waits_for == "Er is geen mailserver ingesteld."

        assert post.deliver(MONDAY + timedelta(days=8)) == 0
        assert post.promises[0].kept_at


class TestChoosing:
    def test_keeps_it_sealed_and_shows_it_again(self, seat, here, staff, database):
        browser = seat(Role.FRONTOFFICE)

        answer = browser.post(
            "/account/e-mail", data={"mail_wens": "dagelijks", "mail_adres": ADRES}
        )

        assert answer.location == "/account"
        page = browser.get("/account").text
        assert ADRES in page
        assert "Loket verstuurt nog geen e-mail" in page
        with here() as session:
            person = session.get_one(User, staff[Role.FRONTOFFICE].id)
            assert person.mail_wens is MailWens.DAGELIJKS
            raw = session.connection().exec_driver_sql(
                "SELECT mail_adres FROM user_account WHERE mail_adres IS NOT NULL"
            )
            assert ADRES.encode() not in bytes(raw.scalar_one())

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"mail_wens": "meteen"}, "Vul uw e-mailadres in."),
            ({"mail_wens": "meteen", "mail_adres": "s@"}, "zoals naam@gemeente.nl"),
            ({"mail_wens": "soms", "mail_adres": ADRES}, "Kies een van de antwoorden."),
            ({"mail_adres": ADRES}, "Kies wanneer u e-mail wilt."),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_lost(self, seat, answers, said):
        page = seat(Role.FRONTOFFICE).post("/account/e-mail", data=answers)

        assert page.status_code == 422
        assert said in page.text
        assert answers.get("mail_adres", "") in page.text

    def test_is_not_for_strangers(self, client, app):
        app.config["WTF_CSRF_ENABLED"] = False

        assert client.post("/account/e-mail", data={}).status_code == 401
