"""The people of an aanbieder, managed by one of their own and by nobody else."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from build import gemeente
from build import providers as build
from build.town import Street
from loket.accounts.user import Aanstelling, User
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.db import Scope
from loket.frame import office

COLLEGAS = "/aanbieder/collegas/"
NEW = {"naam": "N. Nieuw", "login": "n.nieuw", "rollen": ["aanbieder"]}
REFUSED = "row-level security|an answer changes nothing else|permission denied"


@dataclass(frozen=True)
class Firm:
    """An aanbieder with a beheerder who is logged in, and one colleague."""

    street: Street
    browser: FlaskClient
    beheerder_id: UUID
    collega_id: UUID

    def url(self, who: UUID, deed: str = "") -> str:
        return f"{COLLEGAS}{who}{'/' if deed else ''}{deed}"

    def press(self, deed: str, who: UUID | None = None, **form: str):
        return self.browser.post(self.url(who or self.collega_id, deed), data=form)

    def user(self, who: UUID | None = None) -> User:
        town = self.street.town
        with town.database.transaction(town.staff()) as session:
            return session.get_one(User, who or self.collega_id)

    def roles(self, who: UUID | None = None) -> set[Role]:
        town = self.street.town
        with town.database.transaction(town.staff()) as session:
            return set(
                session.scalars(
                    select(Aanstelling.rol).where(
                        Aanstelling.user_id == (who or self.collega_id),
                        Aanstelling.tot.is_(None),
                    )
                )
            )

    def add(self, *rollen: Role, **where) -> UUID:
        """Somebody more, at the own aanbieder unless told otherwise."""
        town = self.street.town
        where = where or {"aanbieder_id": town.aanbieder_id}
        with town.database.transaction(town.staff()) as session:
            return gemeente.user(session, *rollen, **where).id

    def actions(self, about: UUID) -> list[str]:
        town = self.street.town
        with town.database.transaction(town.staff()) as session:
            return list(
                session.scalars(
                    select(AuditRecord.action)
                    .where(
                        AuditRecord.subject_id == about,
                        AuditRecord.user_id == self.beheerder_id,
                    )
                    .order_by(AuditRecord.occurred_at)
                )
            )


@pytest.fixture
def firm(street: Street) -> Firm:
    """The aanbieder of the street."""
    town = street.town
    redis = office(street.app).redis
    for key in redis.scan_iter("*loket-limit*"):
        redis.delete(key)  # all tests come from one address
    with town.database.transaction(town.staff()) as session:
        at = {"aanbieder_id": town.aanbieder_id}
        chief = gemeente.user(session, Role.AANBIEDER_BEHEERDER, **at, naam="W. Roer")
        other = gemeente.user(session, Role.AANBIEDER, **at, naam="A. Golf")
    browser = gemeente.login(street.app, chief, str(town.aanbieder_id))
    return Firm(street, browser, chief.id, other.id)


class TestNewCollega:
    def test_logs_in_with_the_temporary_password_and_chooses_an_own_one(
        self, firm: Firm
    ) -> None:
        made = firm.browser.post(f"{COLLEGAS}nieuw", data=NEW)
        page = firm.browser.get(made.location).text
        secret = re.search(r"is: <b>([A-Z2-9-]{19})</b>", page)[1]

        theirs = firm.street.app.test_client()
        first = theirs.post("/login", data={"login": "n.nieuw", "wachtwoord": secret})

        assert first.location == "/eigen-wachtwoord"
        own = {"wachtwoord": "een lange zin is goed"}
        theirs.post(first.location, data=own | {"nogmaals": own["wachtwoord"]})
        assert theirs.get("/aanbieder/").status_code == 200
        assert theirs.get(COLLEGAS).status_code == 403
        assert secret not in firm.browser.get(made.location).text
        who = UUID(made.location.rsplit("/", 1)[1])
        assert firm.roles(who) == {Role.AANBIEDER}
        assert firm.actions(who)[0] == Action.USER_CREATED

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"naam": ""}, "Vul de naam in."),
            ({"login": ""}, "Vul een gebruikersnaam in."),
            ({"rollen": []}, "Kies een of meer rollen."),
            ({"rollen": ["consulent"]}, "hoort bij een gemeente"),
        ],
    )
    def test_is_refused_at_the_field_and_not_half_made(
        self, firm: Firm, wrong: dict[str, object], says: str
    ) -> None:
        answer = firm.browser.post(f"{COLLEGAS}nieuw", data=NEW | wrong)

        assert answer.status_code == 422
        assert says in answer.text
        assert "n.nieuw" not in firm.browser.get(COLLEGAS).text

    def test_with_a_login_of_somebody_we_do_not_see_is_refused(
        self, firm: Firm
    ) -> None:
        taken = firm.user(firm.street.town.consulent_id).login

        answer = firm.browser.post(f"{COLLEGAS}nieuw", data=NEW | {"login": taken})

        assert answer.status_code == 422
        assert "bestaat al" in answer.text

    def test_sent_twice_is_made_once(self, firm: Firm) -> None:
        sent = NEW | {"_verzending": "een-keer"}
        answers = [firm.browser.post(f"{COLLEGAS}nieuw", data=sent) for _ in range(2)]

        assert answers[0].location == answers[1].location


class TestRole:
    def test_is_given_once_and_taken_at_once(self, firm: Firm) -> None:
        given = firm.press("rollen", rol="aanbieder_beheerder")
        again = firm.press("rollen", rol="aanbieder_beheerder")
        both = firm.roles()
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            posts = {
                post.rol: post.id
                for post in session.scalars(
                    select(Aanstelling).where(Aanstelling.user_id == firm.collega_id)
                )
            }

        for rol in (Role.AANBIEDER, Role.AANBIEDER_BEHEERDER):
            taken = firm.press(f"rollen/{posts[rol]}/wegnemen")
            assert taken.status_code == 303

        assert (given.status_code, again.status_code) == (303, 422)
        assert "heeft die rol al" in again.text
        assert both == {Role.AANBIEDER, Role.AANBIEDER_BEHEERDER}
        assert firm.roles() == set()
        gone = firm.press(f"rollen/{posts[Role.AANBIEDER_BEHEERDER]}/wegnemen")
        assert gone.status_code == 404

    def test_of_a_gemeente_is_not_given(self, firm: Firm) -> None:
        answer = firm.press("rollen", rol="consulent")

        assert answer.status_code == 422
        assert firm.roles() == {Role.AANBIEDER}


class TestAccess:
    def test_ends_at_once_and_comes_back(self, firm: Firm) -> None:
        theirs = gemeente.login(
            firm.street.app, firm.user(), str(firm.street.town.aanbieder_id)
        )
        before = theirs.get("/aanbieder/").status_code

        firm.press("buiten-gebruik")
        during = theirs.get("/aanbieder/").status_code
        again = firm.press("buiten-gebruik")
        firm.press("in-gebruik")

        assert (before, during) == (200, 401)
        assert again.status_code == 422
        assert firm.user().is_active
        done = [Action.USER_DEACTIVATED, Action.USER_REACTIVATED]
        assert [a for a in firm.actions(firm.collega_id) if a in done] == done

    def test_is_renewed_when_password_or_telephone_is_lost(self, firm: Firm) -> None:
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            person = session.get_one(User, firm.collega_id)
            person.totp_geheim = "JBSWY3DPEHPK3PXP"
            person.totp_confirmed_at = gemeente.NOW
        epoch = firm.user().session_epoch

        answers = [
            firm.press(deed)
            for deed in ("wachtwoord", "tweede-stap-weghalen", "sessies-beeindigen")
        ]

        person = firm.user()
        assert [each.status_code for each in answers] == [303, 303, 303]
        assert person.password_temporary_until is not None
        assert person.totp_confirmed_at is None
        assert person.session_epoch == epoch + 3

    def test_of_the_last_beheerder_stays(self, firm: Firm) -> None:
        second = firm.add(Role.AANBIEDER_BEHEERDER)
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            session.execute(
                text("UPDATE aanstelling SET tot = '2999-01-01' WHERE user_id = :who"),
                {"who": firm.beheerder_id},
            )

        answer = firm.press("buiten-gebruik", second)

        assert answer.status_code == 422
        assert "laatste beheerder" in answer.text
        assert firm.user(second).is_active

    @pytest.mark.parametrize(
        "deed", ["buiten-gebruik", "wachtwoord", "tweede-stap-weghalen", "rollen"]
    )
    def test_is_not_changed_by_oneself(self, firm: Firm, deed: str) -> None:
        answer = firm.press(deed, firm.beheerder_id, rol="aanbieder")

        assert answer.status_code == 422
        assert firm.roles(firm.beheerder_id) == {Role.AANBIEDER_BEHEERDER}

    @pytest.mark.parametrize("deed", ["buiten-gebruik", "wachtwoord", "rollen"])
    def test_of_somebody_who_works_elsewhere_too_is_not_ours(
        self, firm: Firm, deed: str
    ) -> None:
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            gemeente_post = Aanstelling(
                user_id=firm.collega_id,
                rol=Role.CONSULENT,
                gemeente_code="0396",
                van=gemeente.START,
            )
            session.add(gemeente_post)

        answer = firm.press(deed, rol="aanbieder_beheerder")

        assert answer.status_code == 422
        assert "andere organisatie" in answer.text
        assert firm.user().password_hash is None


class TestOthers:
    DEEDS = ("", "buiten-gebruik", "in-gebruik", "wachtwoord", "sessies-beeindigen")

    def test_of_another_aanbieder_or_a_gemeente_are_not_there(self, firm: Firm) -> None:
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            other = build.aanbieder(session)
        strangers = [
            firm.add(Role.AANBIEDER, aanbieder_id=other.id),
            town.consulent_id,
        ]

        for who in strangers:
            for deed in self.DEEDS:
                ask = firm.browser.post if deed else firm.browser.get
                assert ask(firm.url(who, deed)).status_code == 404
            assert str(who) not in firm.browser.get(COLLEGAS).text

    def test_without_the_right_are_refused(self, firm: Firm) -> None:
        for browser in (firm.street.aanbieder, firm.street.consulent):
            assert browser.get(COLLEGAS).status_code == 403
            assert browser.post(f"{COLLEGAS}nieuw", data=NEW).status_code == 403
        assert firm.browser.get("/aanbieder/").status_code == 403

    def test_do_not_make_the_list_slower(self, firm: Firm) -> None:
        counts = []
        for _ in range(2):
            said: list[str] = []

            def count(*args, said=said) -> None:
                said.append(args[2])

            engine = office(firm.street.app).database.engine
            event.listen(engine, "before_cursor_execute", count)
            firm.browser.get(COLLEGAS)
            event.remove(engine, "before_cursor_execute", count)
            counts.append(len(said))
            for _ in range(5):
                firm.add(Role.AANBIEDER)

        assert counts[0] == counts[1]


class TestSql:
    """What SQL in these sessions can reach, should a query of ours let it in."""

    @pytest.fixture
    def scope(self, firm: Firm) -> Scope:
        return replace(firm.street.town.theirs(), beheert=True)

    def run(self, firm: Firm, scope: Scope, statement: str, **values) -> int:
        with firm.street.town.database.transaction(scope) as session:
            return session.execute(text(statement), values).rowcount

    PASSWORD = "UPDATE user_account SET password_hash = 'x' WHERE id = :who"
    APPOINT = (
        "INSERT INTO aanstelling (id, user_id, rol, aanbieder_id, van) VALUES"
        " (gen_random_uuid(), :who, :rol, :own, '2026-01-01')"
    )

    def test_of_the_beheerder_changes_colleagues_only(
        self, firm: Firm, scope: Scope
    ) -> None:
        consulent = firm.street.town.consulent_id

        assert self.run(firm, scope, self.PASSWORD, who=firm.collega_id) == 1
        assert self.run(firm, scope, self.PASSWORD, who=consulent) == 0

    def test_of_somebody_else_changes_no_password_of_a_colleague(
        self, firm: Firm
    ) -> None:
        with pytest.raises(DBAPIError, match=REFUSED):
            self.run(
                firm, firm.street.town.theirs(), self.PASSWORD, who=firm.collega_id
            )

    def test_of_the_beheerder_draws_nobody_in_from_elsewhere(
        self, firm: Firm, scope: Scope
    ) -> None:
        town = firm.street.town
        for who in (town.consulent_id, gemeente.SYSTEM):
            with pytest.raises(DBAPIError, match=REFUSED):
                self.run(
                    firm,
                    scope,
                    self.APPOINT,
                    who=who,
                    rol="aanbieder",
                    own=town.aanbieder_id,
                )

    def test_of_the_beheerder_gives_no_role_of_a_gemeente(
        self, firm: Firm, scope: Scope
    ) -> None:
        with pytest.raises(DBAPIError, match=REFUSED):
            self.run(
                firm,
                scope,
                "UPDATE aanstelling SET rol = 'consulent', gemeente_code = '0396',"
                " aanbieder_id = NULL WHERE user_id = :who",
                who=firm.collega_id,
            )

    def test_of_the_beheerder_does_not_reach_who_works_elsewhere_too(
        self, firm: Firm, scope: Scope
    ) -> None:
        town = firm.street.town
        with town.database.transaction(town.staff()) as session:
            other = build.aanbieder(session)
            session.execute(
                text(self.APPOINT),
                {"who": firm.collega_id, "rol": "aanbieder", "own": other.id},
            )

        with pytest.raises(DBAPIError, match=REFUSED):
            self.run(firm, scope, self.PASSWORD, who=firm.collega_id)
