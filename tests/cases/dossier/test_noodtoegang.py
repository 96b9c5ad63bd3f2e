"""Emergency access: short, with a reason, at once visible, and always reviewed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from build.dossier import dossier
from build.gemeente import actor_of, gemeente, login, user
from build.trail import count_of
from loket.accounts.user import MailWens
from loket.audit.action import Action
from loket.audit.record import AuditRecord, Outcome
from loket.authz import GRANTS, Permission, Role
from loket.cases.dossier import operations, queries
from loket.cases.dossier.noodtoegang import Noodgrond, Noodtoegang, Oordeel
from loket.cases.dossier.operations_noodtoegang import (
    open_noodtoegang,
    review_noodtoegang,
)
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.frame import office
from loket.outbox.promise import Promise

WHY = "Mevrouw staat aan de balie en de hulp is vandaag niet gekomen."
FORM = {"noodgrond": "inwoner_meldt_zich", "noodreden": WHY}


class Town:
    """A shielded dossier, who may see it, and who may not."""

    def __init__(self, app) -> None:
        self.app = app
        self.database = office(app).database
        with self.here() as session:
            gemeente(session)
            self.people = {rol: user(session, rol) for rol in STAFF}
            own = actor_of(user(session, Role.CONSULENT))
            file = dossier(session, own)
            operations.shield_dossier(
                session, own, datetime.now(UTC), dossier=file, user_ids=[]
            )
            self.dossier_id, self.referentie = file.id, file.referentie
            self.client_id = queries.get_client(session, file.id).id
            officer = self.people[Role.PRIVACY_OFFICER]
            officer.mail_wens, officer.mail_adres = MailWens.METEEN, "po@gemeente.test"

    def here(self):
        return self.database.transaction(Scope.of("0396"))

    def browser(self, rol=Role.CONSULENT):
        return login(self.app, self.people[rol])

    def open(self, browser, **differs):
        return browser.post(
            "/noodtoegang", data={"referentie": self.referentie} | FORM | differs
        )

    def made(self, session):
        return session.scalars(select(Noodtoegang)).all()

    def expire(self) -> None:
        with self.here() as session:
            for each in self.made(session):
                each.tot = datetime.now(UTC) - timedelta(seconds=1)


STAFF = (
    *(Role.CONSULENT, Role.FRONTOFFICE, Role.TEAMLEIDER, Role.BEHEERDER),
    *(Role.BELEIDSMEDEWERKER, Role.PRIVACY_OFFICER),
)


@pytest.fixture
def town(app) -> Town:
    return Town(app)


class TestOpening:
    def test_opens_the_dossier_for_a_while_and_every_look_carries_the_ground(
        self, town
    ):
        browser = town.browser()
        page = f"/dossiers/{town.referentie}"

        before = browser.get(page).status_code
        answer = town.open(browser)
        opened = browser.get(page)
        part = browser.get(f"{page}/notities")
        town.expire()
        after = browser.get(page).status_code

        assert (before, answer.status_code, answer.location) == (404, 303, page)
        assert (opened.status_code, part.status_code, after) == (200, 200, 404)
        with town.here() as session:
            grounds = session.scalars(
                select(AuditRecord.grond).where(
                    AuditRecord.dossier_id == town.dossier_id,
                    AuditRecord.user_id == town.people[Role.CONSULENT].id,
                    AuditRecord.action != Action.NOODTOEGANG_OPENED.value,
                )
            ).all()
        assert len(grounds) >= 2
        assert {each.partition(":")[0] for each in grounds} == {"noodtoegang"}

    def test_the_reason_is_sealed_and_stands_in_no_address(self, town):
        answer = town.open(town.browser())

        assert "balie" not in answer.location
        with town.here() as session:
            raw = session.scalar(text("SELECT reden FROM noodtoegang"))
            (made,) = town.made(session)
            assert b"balie" not in raw
            assert made.reden == WHY
            assert made.tot - made.opened_at == timedelta(minutes=60)

    def test_the_resident_can_be_told_that_it_was_an_emergency(self, town):
        browser = town.browser()
        town.open(browser)
        browser.get(f"/dossiers/{town.referentie}")
        with town.here() as session:
            file = session.get_one(queries.Dossier, town.dossier_id)
            named = user(session, Role.TEAMLEIDER)
            operations.shield_dossier(
                session,
                actor_of(named, Role.TEAMLEIDER),
                datetime.now(UTC),
                dossier=file,
                user_ids=[named.id],
            )

        page = login(town.app, named).get(f"/dossiers/{town.referentie}/inzage").text

        assert "Noodtoegang" in page

    def test_twice_is_once(self, town):
        browser = town.browser()
        form = {"_verzending": "a" * 22}

        first = town.open(browser, **form)
        again = town.open(browser, **form)
        third = town.open(browser)

        assert {first.status_code, again.status_code, third.status_code} == {303}
        with town.here() as session:
            assert len(town.made(session)) == 1
            opened = AuditRecord.action == Action.NOODTOEGANG_OPENED.value
            counted = select(func.count()).select_from(AuditRecord).where(opened)
            assert session.scalar(counted) == 1

    def test_needs_a_ground_and_words(self, town):
        answer = town.open(town.browser(), noodgrond="", noodreden=" ")

        assert answer.status_code == 422
        assert "Kies waarom het niet kan wachten." in answer.text
        assert "Schrijf op wat er aan de hand is." in answer.text
        with town.here() as session:
            assert town.made(session) == []

    def test_an_unknown_reference_is_refused_and_kept(self, town):
        answer = town.open(town.browser(), referentie="ZZZZ-2222")

        assert answer.status_code == 422
        assert "Dit dossier bestaat niet." in answer.text
        assert WHY in answer.text
        with town.here() as session:
            (kept,) = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.NOODTOEGANG_OPENED.value
                )
            )
            assert kept.outcome is Outcome.REFUSED

    def test_what_is_not_shielded_is_opened_as_always(self, town):
        with town.here() as session:
            plain = dossier(session).referentie

        answer = town.open(town.browser(), referentie=plain)

        assert answer.status_code == 422
        assert "U mag dit dossier al zien" in answer.text

    def test_a_dossier_of_another_gemeente_does_not_exist(self, town):
        with town.database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0375")
        browser = login(town.app, stranger, "0375")

        answer = town.open(browser)

        assert answer.status_code == 422
        assert "Dit dossier bestaat niet." in answer.text
        with town.here() as session:
            assert town.made(session) == []

    @pytest.mark.parametrize(
        "rol", [Role.BEHEERDER, Role.BELEIDSMEDEWERKER, Role.PRIVACY_OFFICER]
    )
    def test_is_not_for_who_has_no_work_at_the_counter(self, town, rol):
        browser = town.browser(rol)

        assert browser.get("/noodtoegang").status_code == 403
        assert town.open(browser).status_code == 403
        with town.here() as session:
            assert town.made(session) == []

    def test_no_role_of_an_aanbieder_has_it(self):
        having = {
            rol for rol, may in GRANTS.items() if Permission.NOODTOEGANG_TAKE in may
        }

        assert having == {
            rol for rol, may in GRANTS.items() if Permission.DOSSIER_READ in may
        }
        assert Role.AANBIEDER not in having

    def test_opens_nothing_for_a_colleague_or_another_browser(self, town):
        town.open(town.browser())
        page = f"/dossiers/{town.referentie}"

        assert town.browser(Role.FRONTOFFICE).get(page).status_code == 404
        assert town.browser().get(page).status_code == 404

    def test_cannot_be_made_lasting(self, town):
        town.open(town.browser(Role.TEAMLEIDER))
        person = town.people[Role.TEAMLEIDER]
        with town.here() as session:
            file = session.get_one(queries.Dossier, town.dossier_id)
            by = actor_of(person, Role.TEAMLEIDER)
            object.__setattr__(by, "nood", frozenset({file.id}))
            to = town.people[Role.CONSULENT].id
            at = datetime.now(UTC)

            with pytest.raises(RuleViolation, match="noodtoegang"):
                operations.shield_dossier(session, by, at, dossier=file, user_ids=[])
            with pytest.raises(RuleViolation, match="noodtoegang"):
                operations.assign_dossier(
                    session, by, at, dossier=file, consulent_id=to
                )
            assert queries.get_dossier(session, by, town.referentie).id == file.id
            queries.read_inwoner(session, by, at, town.client_id)
            look = AuditRecord.action == Action.INWONER_READ.value
            assert session.scalars(select(AuditRecord.grond).where(look)).all() == [
                "noodtoegang"
            ]
            with pytest.raises(NotFound):
                queries.get_dossier(
                    session, actor_of(person, Role.TEAMLEIDER), town.referentie
                )
            session.rollback()

    def test_the_officer_knows_at_once(self, town):
        town.open(town.browser())

        page = town.browser(Role.PRIVACY_OFFICER).get("/vandaag").text

        assert "Noodtoegang om te beoordelen" in page
        assert "De inwoner is hier of belt" in page
        assert WHY not in page
        with town.here() as session:
            mails = session.scalars(
                select(Promise).where(Promise.topic == "mail.werk")
            ).all()
            assert [each.subject_id for each in mails] == [
                town.people[Role.PRIVACY_OFFICER].id
            ]


class TestReview:
    def test_is_written_once_by_the_officer(self, town):
        town.open(town.browser())
        officer = town.browser(Role.PRIVACY_OFFICER)
        with town.here() as session:
            (made,) = town.made(session)
        page = f"/toezicht/noodtoegang/{made.id}"

        shown = officer.get(page).text
        empty = officer.post(page, data={})
        done = officer.post(
            page, data={"oordeel": "terecht", "oordeel_toelichting": "Gebeld, klopt."}
        )
        again = officer.post(
            page, data={"oordeel": "onterecht", "oordeel_toelichting": "Toch niet."}
        )

        assert WHY in shown
        assert empty.status_code == 422
        assert "Kies wat u van deze inzage vindt." in empty.text
        assert "Leg uit hoe u tot dit oordeel komt." in empty.text
        assert (done.status_code, again.status_code) == (303, 422)
        with town.here() as session:
            (kept,) = town.made(session)
            assert (kept.oordeel, kept.toelichting) == (
                Oordeel.TERECHT,
                "Gebeld, klopt.",
            )
            assert kept.status == "beoordeeld"
            assert count_of(session, Action.NOODTOEGANG_REVIEWED, kept.id) == 1

    def test_is_never_of_oneself(self, town):
        with town.here() as session:
            both = user(session, Role.CONSULENT, Role.PRIVACY_OFFICER)
            by = actor_of(both, Role.CONSULENT, Role.PRIVACY_OFFICER)
            at = datetime.now(UTC)
            made = open_noodtoegang(
                session,
                by,
                at,
                referentie=town.referentie,
                grond=Noodgrond.GEVAAR,
                reden=WHY,
            )

            with pytest.raises(RuleViolation, match="eigen inzage"):
                review_noodtoegang(
                    session,
                    by,
                    at,
                    noodtoegang=made,
                    oordeel=Oordeel.TERECHT,
                    toelichting="Het was goed.",
                )
            session.rollback()

    def test_that_is_late_is_shown_as_late(self, town):
        town.open(town.browser())
        with town.here() as session:
            (made,) = town.made(session)
            made.uiterlijk -= timedelta(days=10)

        page = town.browser(Role.PRIVACY_OFFICER).get("/toezicht/").text

        assert "te laat" in page

    def test_is_shut_to_others(self, town):
        town.open(town.browser())
        with town.here() as session:
            (made,) = town.made(session)
        address = f"/toezicht/noodtoegang/{made.id}"

        for rol in (Role.CONSULENT, Role.TEAMLEIDER, Role.BEHEERDER):
            assert town.browser(rol).get(address).status_code == 403
