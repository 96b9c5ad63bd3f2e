"""Every door, tried by everybody: the table of rights is what really happens.

The addresses come from the URL map and the references from a row in every table of
another gemeente, so a new door takes part without a word here.
"""

import base64
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from build.gemeente import login, user
from build.machine import token
from build.rows import fill
from conftest import KEK, SECRET_KEY
from house.test_doors import BROWSER, PROGRAM, PUBLIC
from loket.accounts.guards import API
from loket.accounts.user import ApiToken, User
from loket.api import PREFIX
from loket.app import create_app
from loket.authz import AANBIEDER_ROLLEN, GRANTS, SYSTEM_ID, Permission, Role
from loket.config import Config
from loket.db import Scope, uuid7
from loket.frame import office
from loket.providers.aanbieder import Aanbieder

HERE, ELSEWHERE = "0396", "0375"
STAFF = [rol for rol in Role if rol not in AANBIEDER_ROLLEN]
OWNERS = {
    "aanbieder/plaatsingsverzoeken": "plaatsingsverzoek",
    "aanbieder/toewijzingen": "toewijzing",
    "aanbieder/verzoeken": "plaatsingsverzoek",
    "beschikkingen": "beschikking",
    "correctieverzoeken": "correctieverzoek",
    "berichten": "bericht",
    "documenten": "document",
    "dossiers": "dossier",
    "inzageverzoeken": "inzageverzoek",
    "plaatsingsverzoeken": "plaatsingsverzoek",
    "post": "poststuk",
    "toewijzingen": "toewijzing",
    "vernietiging": "vernietigingslijst",
    "vernietigingsverzoeken": "vernietigingsverzoek",
    "verzoeken": "verzoek",
}
"""Whose `referentie` an address holds, by how the address begins."""

ALIASES = {
    "gebruiker_id": ("user_account", "id"),
    "token_id": ("api_token", "id"),
    "vraag_id": ("leveringsvraag", "id"),
    "merge_id": ("samenvoeging", "id"),
    "afspraak_id": ("resultaatafspraak", "id"),
    "gepland_id": ("gepland_gesprek", "id"),
    "lijstregel_id": ("vernietigingsregel", "id"),
    "regel_id": ("besluitregel", "id"),
    "stop_id": ("vernietigingsstop", "id"),
    "toewijzing": ("toewijzing", "referentie"),
    "verzoek": ("plaatsingsverzoek", "referentie"),
}
PLACES = {
    ("beheer/brieven", "row_id"): ("brieftekst", "id"),
    ("beheer/contracten", "code"): ("contractregel", "product_code"),
    ("beheer/contracten", "row_id"): ("contractregel", "id"),
    ("beheer/huisstijl", "row_id"): ("huisstijl", "id"),
    ("beheer/producten", "code"): ("product", "code"),
    ("beheer/producten", "row_id"): ("product", "id"),
    ("beheer/weigeringsgronden", "code"): ("weigeringsgrond", "code"),
    ("beheer/weigeringsgronden", "row_id"): ("weigeringsgrond", "id"),
}
"""Which row a name stands for, where that depends on how the address begins."""

WORDS = {
    "merk": "0" * 64,
    "sleutel": "vier_ogen",
    "nieuw": "00000000-0000-7000-8000-00000000000a",
    "einde": "pdf",
    "letter": "a",
    "onderdeel": "notitie",
    "soort": "wonen",
    "versie": "1",
    "wat": "erbij",
}
"""Parts of an address that name no row."""

GUESSES = {"uuid": str(uuid7()), "int": "1", "": "ZZZZ-2222"}
PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


class Door:
    """One method of one rule, and the addresses it can be tried at."""

    def __init__(self, rule: Any, method: str, view: Any) -> None:
        self.rule = rule.rule
        self.method = method
        self.permission = vars(view)["permission"]
        self.is_api = rule.rule.startswith(API)
        self.parameters = PARAMETER.findall(self.rule)

    def __repr__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def rows(self) -> list[str]:
        """Parameters that name a row."""
        return [name for _, name in self.parameters if name not in WORDS]

    def guessed(self) -> str:
        return PARAMETER.sub(
            lambda part: WORDS.get(part[2]) or GUESSES[part[1] or ""], self.rule
        )

    def at(self, rows: dict[str, Any], last: dict[str, Any] | None = None) -> str:
        """The address of these rows; of other ones where only the last differs."""

        def filled(part: re.Match[str]) -> str:
            if part[2] in WORDS:
                return WORDS[part[2]]
            foreign = last is not None and part[2] == self.rows[-1]
            return self._reference(part[2], last if foreign and last else rows)

        return PARAMETER.sub(filled, self.rule)

    def _reference(self, name: str, rows: dict[str, Any]) -> str:
        if name == "referentie":
            start = self.rule.removeprefix(PREFIX)
            start = start.partition("/<referentie>")[0].strip("/")
            return str(rows[OWNERS[start]].referentie)
        begin = "/".join(self.rule.split("/")[1:3])
        usual = ALIASES.get(name, (name.removesuffix("_id"), "id"))
        table, column = PLACES.get((begin, name), usual)
        return str(getattr(rows[table], column))


class House:
    """The application on a database with a row in every table of two gemeenten."""

    def __init__(self, app) -> None:
        self.app = app
        app.config["API_RATE"] = "100000/minute"  # the locks are tried, not the limit
        self.database = office(app).database
        self.rows = {code: self._fill(code) for code in (HERE, ELSEWHERE)}
        self.doors = [
            Door(rule, method, app.view_functions[rule.endpoint])
            for rule in app.url_map.iter_rules()
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
            if rule.endpoint not in PUBLIC
        ]
        with self.database.transaction(Scope.of(HERE)) as session:
            self.people = {rol: user(session, rol) for rol in STAFF}
            self.other = Aanbieder(
                naam="Andere zorg", agb="99999999", telefoon="", created_at=utc_now()
            )
            session.add(self.other)
            session.flush()
            self.providers = {
                aanbieder.id: user(session, Role.AANBIEDER, aanbieder_id=aanbieder.id)
                for aanbieder in (self.rows[HERE]["aanbieder"], self.other)
            }

    def _fill(self, code: str) -> dict[str, Any]:
        with self.database.transaction(Scope.of(code)) as session:
            return fill(session, code)

    def staff(self, rol: Role):
        return self.visitor(self.people[rol], HERE)

    def provider(self, aanbieder_id):
        return self.visitor(self.providers[aanbieder_id], str(aanbieder_id))

    def visitor(self, person: User, desk: str):
        """Somebody with a login for the pages and a token for the API."""
        browser = login(self.app, person, desk)
        return with_token(browser, token(self.app, person)[1])

    def machines(self) -> list[Door]:
        """Doors of the API."""
        return [d for d in self.locked() if d.is_api]

    def locked(self) -> list[Door]:
        """Doors that ask a permission (the own account asks only a login)."""
        return [d for d in self.doors if isinstance(d.permission, Permission)]


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def house(stock, servers, tmp_path_factory):
    with stock.copies() as urls:
        config = Config.from_env(
            {
                "LOKET_HOME": str(tmp_path_factory.mktemp("home")),
                "LOKET_DATABASE_URL": urls.database_url,
                "LOKET_KEYSTORE_URL": urls.keystore_url,
                "LOKET_REDIS_URL": servers.redis_url,
                "LOKET_SECRET_KEY": SECRET_KEY,
                "LOKET_KEK": base64.b64encode(KEK).decode(),
            }
        )
        app = create_app(config)
        yield House(app)
        built = office(app)
        built.database.engine.dispose()
        built.vault.engine.dispose()
        built.redis.close()


def knock(browser, door: Door, where: str) -> tuple[int, str]:
    headers = PROGRAM if door.is_api else BROWSER
    answer = browser.open(where, method=door.method, headers=headers)
    status, body = answer.status_code, answer.get_data(as_text=True)
    answer.close()
    assert f"kanarie-{ELSEWHERE}" not in body, f"{door!r} shows another gemeente"
    return status, answer.headers.get("Location", "")


def with_token(browser, secret: str):
    """Send this token along with everything."""
    browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return browser


def tried(browser, doors, where) -> dict[str, int]:
    return {repr(door): knock(browser, door, where(door))[0] for door in doors}


class TestWalk:
    def test_finds_the_house(self, house):
        assert len(house.locked()) > 60
        assert sum(1 for door in house.doors if door.rows) > 40

    def test_knows_a_row_for_every_address(self, house):
        for door in house.doors:
            assert "<" not in door.at(house.rows[ELSEWHERE])
            assert "<" not in door.guessed()


@pytest.mark.parametrize("rol", STAFF)
class TestRole:
    def test_without_the_right_is_refused_whatever_the_address(self, house, rol):
        shut = [d for d in house.locked() if d.permission not in GRANTS[rol]]
        browser = house.staff(rol)

        for rows in (house.rows[HERE], house.rows[ELSEWHERE]):
            answers = tried(browser, shut, lambda door, rows=rows: door.at(rows))
            assert {d: s for d, s in answers.items() if s != 403} == {}

    def test_with_the_right_finds_no_row_of_another_gemeente(self, house, rol):
        open_to = [d for d in house.locked() if d.permission in GRANTS[rol] and d.rows]
        browser = house.staff(rol)

        answers = tried(browser, open_to, lambda d: d.at(house.rows[ELSEWHERE]))

        assert {d: s for d, s in answers.items() if s != 404} == {}

    def test_with_the_right_finds_nothing_at_a_guessed_address(self, house, rol):
        open_to = [d for d in house.locked() if d.permission in GRANTS[rol] and d.rows]
        browser = house.staff(rol)

        answers = tried(browser, open_to, lambda door: door.guessed())

        assert {d: s for d, s in answers.items() if s != 404} == {}

    def test_does_not_reach_another_gemeente_through_an_own_row(self, house, rol):
        nested = [
            d for d in house.locked() if d.permission in GRANTS[rol] and len(d.rows) > 1
        ]
        browser = house.staff(rol)

        answers = tried(
            browser, nested, lambda d: d.at(house.rows[HERE], house.rows[ELSEWHERE])
        )

        assert {d: s for d, s in answers.items() if s not in {404, 409}} == {}

    def test_with_the_right_is_let_in_at_the_own_gemeente(self, house, rol):
        pages = [
            d
            for d in house.locked()
            if d.permission in GRANTS[rol] and d.method == "GET"
        ]
        browser = house.staff(rol)

        answers = tried(browser, pages, lambda door: door.at(house.rows[HERE]))

        refused = {401, 403}
        assert {d: s for d, s in answers.items() if s in refused or s >= 500} == {}


class TestAanbieder:
    def test_sees_its_own(self, house):
        own = house.rows[HERE]["aanbieder"].id
        browser = house.provider(own)
        (page,) = [
            d
            for d in house.locked()
            if d.rule == "/aanbieder/toewijzingen/<referentie>"
        ]

        status, _ = knock(browser, page, page.at(house.rows[HERE]))

        assert status == 200

    def test_finds_nothing_of_another_aanbieder(self, house):
        open_to = [
            d
            for d in house.locked()
            if d.permission in GRANTS[Role.AANBIEDER] and d.rows
        ]
        browser = house.provider(house.other.id)

        answers = tried(browser, open_to, lambda door: door.at(house.rows[HERE]))

        assert len(answers) > 5
        assert {d: s for d, s in answers.items() if s != 404} == {}

    def test_is_refused_at_every_door_of_the_gemeente(self, house):
        shut = [d for d in house.locked() if d.permission not in GRANTS[Role.AANBIEDER]]
        browser = house.provider(house.rows[HERE]["aanbieder"].id)

        answers = tried(browser, shut, lambda door: door.at(house.rows[HERE]))

        assert {d: s for d, s in answers.items() if s != 403} == {}


class TestStranger:
    def test_with_real_references_gets_no_further_than_the_login(self, house):
        browser = house.app.test_client()
        answers = {
            repr(door): knock(browser, door, door.at(house.rows[HERE]))
            for door in house.doors
        }

        wrong = {
            door: (status, location)
            for door, (status, location) in answers.items()
            if status != 401
            and not (status == 303 and location.startswith("/login?verder="))
        }
        assert wrong == {}


class TestMachine:
    """Tokens that do not hold, and tokens for something else."""

    def shut(self, house, browser, status):
        rows = house.rows[HERE]
        answers = tried(browser, house.machines(), lambda door: door.at(rows))
        assert len(answers) > 5
        assert {d: s for d, s in answers.items() if s != status} == {}

    def test_with_a_login_but_no_token_is_a_stranger(self, house):
        self.shut(house, login(house.app, house.people[Role.CONSULENT], HERE), 401)

    def test_with_a_token_nobody_made_is_a_stranger(self, house):
        self.shut(house, with_token(house.app.test_client(), "loket_niets"), 401)

    def test_with_an_expired_token_is_a_stranger(self, house):
        person = house.people[Role.CONSULENT]
        _, secret = token(house.app, person, geldig_tot=date(2020, 1, 1))

        self.shut(house, with_token(house.app.test_client(), secret), 401)

    def test_with_a_revoked_token_is_a_stranger(self, house):
        made, secret = token(house.app, house.people[Role.CONSULENT])
        with house.database.transaction(Scope.of(HERE)) as session:
            row = session.get_one(ApiToken, made.id)
            row.revoked_at, row.revoked_by_id = utc_now(), SYSTEM_ID

        self.shut(house, with_token(house.app.test_client(), secret), 401)

    def test_without_the_scope_is_refused_whatever_the_roles(self, house):
        with house.database.transaction(Scope.of(HERE)) as session:
            person = user(session, *STAFF)
        for door in house.machines():
            others = " ".join(p for p in Permission if p is not door.permission)
            _, secret = token(house.app, person, others)
            browser = with_token(house.app.test_client(), secret)
            status, _ = knock(browser, door, door.at(house.rows[HERE]))
            assert status == 403, door

    def test_of_another_gemeente_finds_nothing_here(self, house):
        with house.database.transaction(Scope.of(ELSEWHERE)) as session:
            person = user(session, *STAFF, gemeente=ELSEWHERE)
        browser = with_token(house.app.test_client(), token(house.app, person)[1])
        doors = [d for d in house.machines() if d.rows]

        answers = tried(browser, doors, lambda door: door.at(house.rows[HERE]))

        may = {p for rol in STAFF for p in GRANTS[rol]}
        expected = {repr(d): 404 if d.permission in may else 403 for d in doors}
        assert answers == expected


class TestOutOfService:
    def test_is_a_stranger_from_the_next_page_on(self, house):
        with house.database.transaction(Scope.of(HERE)) as session:
            leaver = user(session, *STAFF)
        browser = house.visitor(leaver, HERE)
        assert browser.get("/account", headers=BROWSER).status_code == 200
        with house.database.transaction(Scope.of(HERE)) as session:
            session.get_one(User, leaver.id).deactivate(SYSTEM_ID, utc_now())

        answers = tried(browser, house.doors, lambda door: door.at(house.rows[HERE]))

        assert {d: s for d, s in answers.items() if s not in {303, 401}} == {}

    def test_of_a_desk_whose_appointment_ended_has_no_rights(self, house):
        with house.database.transaction(Scope.of(HERE)) as session:
            leaver = user(session, *STAFF)
        browser = house.visitor(leaver, HERE)
        with house.database.transaction(Scope.of(HERE)) as session:
            session.connection().exec_driver_sql(
                "UPDATE aanstelling SET tot = van WHERE user_id = %s", (leaver.id,)
            )

        answers = tried(browser, house.locked(), lambda d: d.at(house.rows[HERE]))

        assert {d: s for d, s in answers.items() if s not in {303, 401}} == {}
