"""From nothing to a beschikking: two commands, and then the pages alone."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from loket import schedule
from loket.cli import main
from loket.datum import kort
from loket.db import Scope
from loket.frame import office
from loket.outbox.promise import Promise
from loket.termijnen import vandaag
from stories import doors
from stories.canaries import Canaries

HERE = "0396"
DAY = kort(vandaag())
FIRST, OWN = "een lange zin vooraf", "een lange zin is goed"
MOST_CLICKS = 60
"""Pages and forms to set up everything: at half a minute each it takes 30 minutes."""
MOST_ROUNDS = 20
ROLES = ("frontoffice", "consulent", "administratie", "teamleider", "privacy_officer")


class Answer:
    """What came back, as the stories read it."""

    def __init__(self, response) -> None:
        self.status = response.status_code
        self.location = response.location or ""
        self.text = response.text


class Clicker:
    """Somebody in a browser without a screen, who counts pages and forms."""

    def __init__(self, app) -> None:
        self.browser = app.test_client()
        self.clicks = 0

    def get(self, path: str) -> Answer:
        self.clicks += 1
        return Answer(self.browser.get(path))

    def post(self, path: str, **answers: object) -> Answer:
        self.clicks += 1
        return Answer(self.browser.post(path, data=answers))

    def send(self, path: str, **answers: object) -> str:
        answer = self.post(path, **answers)
        assert answer.status == 303, (path, re.findall(r'fout">(.*?)</', answer.text))
        return answer.location

    def log_in(self, login: str, wachtwoord: str) -> "Clicker":
        where = self.send("/login", login=login, wachtwoord=wachtwoord)
        if where == "/eigen-wachtwoord":
            self.send(where, wachtwoord=OWN, nogmaals=OWN)
        return self


class Case(doors.Case):
    """The case of the stories, whose jobs are done while it waits."""

    def _wait(self, path: str, shows: Callable[[str], bool]) -> None:
        self.running()
        assert shows(self.consulent.get(path).text), path


def keep_promises(app) -> Callable[[], None]:
    """Do the jobs of the worker, until none is due."""
    built = office(app)

    def keep() -> None:
        for _ in range(MOST_ROUNDS):
            with built.database.transaction(Scope.of(HERE)) as session:
                waiting = session.scalars(
                    select(Promise.id).where(
                        Promise.kept_at.is_(None),
                        Promise.dead_at.is_(None),
                        Promise.waits_for.is_(None),
                    )
                ).all()
            if not waiting:
                return
            for promise_id in waiting:
                schedule.keep(built.database, built.config, promise_id, HERE)
        raise AssertionError("the jobs never end")

    return keep


@pytest.fixture
def beheerder(app, config, database_urls, servers):
    """A gemeente that one command made, and the beheerder that another made."""
    app.config["WTF_CSRF_ENABLED"] = False
    for key in office(app).redis.scan_iter("*loket-limit*"):
        office(app).redis.delete(key)  # all tests come from one address
    for words in (
        ("gemeente", "create", HERE, "--naam", "Duinstede", "--van", "1-1-2026"),
        (
            *("user", "create", "beheer", "--naam", "Ruben Kielzog"),
            *("--rol", "beheerder", "--gemeente", HERE, "--wachtwoord", FIRST),
        ),
    ):
        done = CliRunner().invoke(main, words, env=_settings(config))
        assert done.exit_code == 0, done.output
    return Clicker(app).log_in("beheer", FIRST)


def _settings(config):
    import base64

    return {
        "LOKET_HOME": str(config.home),
        "LOKET_DATABASE_URL": config.database_url,
        "LOKET_KEYSTORE_URL": config.keystore_url,
        "LOKET_REDIS_URL": config.redis_url,
        "LOKET_SECRET_KEY": config.secret_key,
        "LOKET_KEK": base64.b64encode(config.keks[1]).decode(),
    }


def stand_in(page: str) -> str:
    return re.search(r'name="stand" value="([^"]*)"', page)[1]


def set_up(beheerder) -> dict[str, tuple[str, str]]:
    """Take every step that the page asks for; return the logins that were made."""
    page = beheerder.get("/beheer/gemeente").text
    beheerder.send(
        "/beheer/gemeente",
        naam="Duinstede",
        adres="Raadhuisplein 1, 1960 AA Duinstede",
        postadres="Postbus 1, 1960 AA Duinstede",
        telefoon="0123 456 789",
        website="www.duinstede.example",
        stand=stand_in(page),
    )
    page = beheerder.get("/beheer/instellingen/sleutel_twee_kopieen").text
    beheerder.send(
        "/beheer/instellingen/sleutel_twee_kopieen",
        waarde="ja",
        van=DAY,
        stand=stand_in(page),
    )
    people = {}
    for rol in (*ROLES, "beheerder"):
        where = beheerder.send(
            "/beheer/gebruikers/nieuw", naam=f"M. {rol}", login=rol, rollen=rol, van=DAY
        )
        shown = beheerder.get(where).text
        people[rol] = re.search(r"is: <b>([A-Z2-9-]{19})</b>", shown)[1]
    for product in ("07002", "13002"):
        beheerder.send(
            "/pgb-tarieven",
            product_code=product,
            helper="formeel",
            tarief_cent="1,00",
            van=DAY,
        )
    return people


class TestPath:
    def test_says_what_is_missing_and_where_to_do_it(self, beheerder):
        page = beheerder.get("/beheer/inrichten").text

        assert "Nog niet klaar voor de eerste melding" in page
        for said in (
            "een consulent",
            "een tweede beheerder",
            "iemand in dienst die mag toekennen",
            "contract of pgb-tarief voor Woningaanpassing",
            "twee kopieën van de hoofdsleutel",
            'href="/beheer/gebruikers/"',
            'href="/beheer/mandaat/"',
        ):
            assert said in page

    def test_leads_from_nothing_to_a_beschikking_made_known(self, app, beheerder):
        people = set_up(beheerder)
        page = beheerder.get("/beheer/inrichten").text
        assert "Klaar voor de eerste melding" in page
        assert beheerder.clicks <= MOST_CLICKS

        def desk(rol):
            return Clicker(app).log_in(rol, people[rol])

        case = Case(
            running=keep_promises(app),
            canaries=Canaries(),
            balie=desk("frontoffice"),
            consulent=desk("consulent"),
            administratie=desk("administratie"),
            aanbieder=beheerder,
        )
        case.begin()
        case.look_into()
        case.sign()
        case.decide()

        shown = case.consulent.get(case.beschikking).text
        assert "ekendgemaakt" in shown

    def test_takes_a_step_back_when_what_it_rests_on_is_gone(self, beheerder):
        set_up(beheerder)
        page = beheerder.get("/beheer/gebruikers/?rol=consulent").text
        where = re.search(r'href="(/beheer/gebruikers/[0-9a-f-]{36})"', page)[1]

        beheerder.send(f"{where}/buiten-gebruik")

        page = beheerder.get("/beheer/inrichten").text
        assert "Nog nodig: een consulent." in page

    def test_shows_the_privacy_officer_who_was_let_in(self, app, beheerder):
        people = set_up(beheerder)

        page = Clicker(app).log_in("privacy_officer", people["privacy_officer"])
        page = page.get("/vandaag").text

        assert "kreeg de rol" in page
        assert "van Ruben Kielzog" in page
