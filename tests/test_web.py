"""A form: loose input, nothing typed is lost, and sent twice it counts once."""

import re
import time
from enum import StrEnum
from threading import Barrier, Thread

import pytest
from flask import Blueprint, g, request
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select

from build.gemeente import CODE, gemeente, login, user
from loket import app as roof
from loket.accounts.guards import requires
from loket.accounts.verzending import Verzending
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import AuditRecord, Outcome
from loket.authz import Permission
from loket.db import Scope
from loket.errors import NotAllowed, RuleViolation
from loket.formfields import (
    Bsn,
    Cents,
    Choice,
    Choices,
    Day,
    FormSchema,
    Number,
    Text,
    Ticked,
)
from loket.frame import office
from loket.web import Form, now

PAGE = """
{% extends "base.html" %}
{% import "macros/ui.html" as ui %}
{% import "macros/field.html" as field %}
{% block title %}Proef{% endblock %}
{% block content %}
{% call ui.form(form) %}
{{ field.text(form, "naam", "Naam") }}
{{ field.text(form, "dag", "Dag") }}
{% endcall %}
{% endblock %}
"""


class Kleur(StrEnum):
    ROOD = "rood"
    BLAUW = "blauw"


class ProefSchema(FormSchema):
    naam = Text(required=True, most=20)
    dag = Day()
    bsn = Bsn()
    bedrag = Cents()
    aantal = Number(least=1, most=10)
    kleur = Choice(Kleur)
    kleuren = Choices(Kleur)
    akkoord = Ticked()


class Deed:
    """What the door does; a test may let it take long or refuse."""

    def __init__(self) -> None:
        self.answers: list[dict[str, object]] = []
        self.takes = 0.0
        self.refuses: Exception | None = None

    def __call__(self, **answers: object) -> str:
        record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="proef")
        g.session.flush()
        time.sleep(self.takes)
        if self.refuses:
            raise self.refuses
        self.answers.append(answers)
        return f"/gelukt?naam={answers['naam']}"


@pytest.fixture
def deed() -> Deed:
    return Deed()


@pytest.fixture
def app(config, monkeypatch, deed):
    """The application with one door more."""
    added = Blueprint("proef", __name__)

    def show():
        form = Form(ProefSchema(), {"naam": "Al bekend"})
        if request.method == "POST" and (answer := form.submit(deed)):
            return answer
        return form.page("proef.html")

    locked = requires(Permission.DOSSIER_READ)(show)
    added.add_url_rule("/proef", "show", locked, methods=["GET", "POST"])
    monkeypatch.setattr(roof, "BLUEPRINTS", (*roof.BLUEPRINTS, added))
    app = roof.create_app(config)
    app.testing = True
    app.jinja_loader = ChoiceLoader(
        [app.jinja_loader, DictLoader({"proef.html": PAGE})]
    )
    built = office(app)
    with built.database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
    yield app
    built.database.engine.dispose()
    built.vault.engine.dispose()
    built.redis.close()


@pytest.fixture
def person(app):
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return user(session)


@pytest.fixture
def browser(app, person):
    return login(app, person)


def done(app) -> int:
    """How often the deed was carried out, by what is committed."""
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return session.scalar(
            select(func.count())
            .select_from(AuditRecord)
            .where(AuditRecord.grond == "proef")
        )


def marks(app) -> list[str]:
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return list(session.scalars(select(Verzending.url)))


class TestInput:
    def send(self, browser, deed, **typed):
        answer = browser.post("/proef", data={"naam": "Anna"} | typed)
        return deed.answers[-1] if answer.status_code == 303 else answer

    @pytest.mark.parametrize(
        "typed", ["1-2-1948", "01.02.1948", " 1 februari 1948 ", "1948-02-01"]
    )
    def test_takes_a_day_as_people_write_it(self, browser, deed, typed):
        answers = self.send(browser, deed, dag=typed)

        assert answers["dag"].isoformat() == "1948-02-01"

    def test_takes_a_bsn_with_spaces_and_dots(self, browser, deed):
        assert self.send(browser, deed, bsn="9999.00 006")["bsn"] == "999900006"

    @pytest.mark.parametrize("typed", ["1.204,50", "€ 1204,50", "1204.50"])
    def test_takes_an_amount_as_people_write_it(self, browser, deed, typed):
        assert self.send(browser, deed, bedrag=typed)["bedrag"] == 120450

    def test_takes_several_choices(self, browser, deed):
        answers = self.send(browser, deed, kleuren=["rood", "blauw"])

        assert answers["kleuren"] == [Kleur.ROOD, Kleur.BLAUW]

    def test_counts_what_was_left_open_as_not_given(self, browser, deed):
        answers = self.send(browser, deed, dag="  ", aantal="", kleur="")

        assert answers == {"naam": "Anna", "akkoord": False}

    def test_ignores_what_was_not_asked(self, browser, deed):
        answers = self.send(browser, deed, gemeente_code="0375")

        assert "gemeente_code" not in answers

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("naam", "x" * 21, "Maak dit korter"),
            ("naam", "Anna\x00", "gewone tekst"),
            ("aantal", "11", "Vul een getal in van 1 tot en met 10"),
            ("aantal", "veel", "Vul een heel getal in"),
            ("kleur", "groen", "Kies een van de antwoorden"),
            ("kleuren", ["rood", "groen"], "Kies een van de antwoorden"),
            ("akkoord", "misschien", "Kies een van de antwoorden"),
        ],
    )
    def test_says_in_plain_words_what_is_wrong(
        self, browser, deed, field, typed, words
    ):
        answer = self.send(browser, deed, **{field: typed})

        assert answer.status_code == 422
        assert words in answer.text
        assert deed.answers == []


class TestErrors:
    def test_keep_everything_that_was_typed(self, browser):
        answer = browser.post("/proef", data={"naam": "", "dag": "31-2-1948 <b>"})

        assert answer.status_code == 422
        assert 'value="31-2-1948 &lt;b&gt;"' in answer.text

    def test_stand_in_a_summary_that_gets_the_focus_and_points_at_the_field(
        self, browser
    ):
        answer = browser.post("/proef", data={"naam": ""})

        assert "Er is 1 fout" in answer.text
        assert re.search(r"<div[^>]*autofocus[^>]*data-error-summary", answer.text)
        assert 'href="#v-naam"' in answer.text

    def test_of_a_rule_stand_at_their_field_and_undo_the_deed(self, app, browser, deed):
        deed.refuses = RuleViolation("Deze naam is al gebruikt.", "naam")

        answer = browser.post("/proef", data={"naam": "Anna"})

        assert answer.status_code == 422
        assert "Deze naam is al gebruikt." in answer.text
        assert 'value="Anna"' in answer.text
        assert done(app) == 0
        assert marks(app) == []

    def test_of_a_right_are_a_refusal_with_a_record(self, app, browser, deed):
        deed.refuses = NotAllowed()

        answer = browser.post("/proef", data={"naam": "Anna"})

        assert answer.status_code == 403
        assert done(app) == 0
        with office(app).database.transaction(Scope.of(CODE)) as session:
            refusal = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.ACCESS_REFUSED.value
                )
            ).one()
        assert refusal.grond == "proef.show:403"
        assert refusal.outcome is Outcome.REFUSED


class TestStart:
    def test_shows_the_values_it_starts_with(self, browser):
        answer = browser.get("/proef")

        assert answer.status_code == 200
        assert 'value="Al bekend"' in answer.text

    def test_gives_every_page_a_token_of_its_own(self, browser):
        tokens = {
            re.search(r'name="_verzending"[^>]*value="([^"]+)"', page.text)[1]
            for page in (browser.get("/proef"), browser.get("/proef"))
        }

        assert len(tokens) == 2


class TestSubmitOnce:
    typed = {"naam": "Anna", "_verzending": "dezelfde-verzending"}

    def test_the_second_is_led_to_the_page_of_the_first(self, app, browser):
        first = browser.post("/proef", data=self.typed)
        second = browser.post("/proef", data=self.typed | {"naam": "Bert"})

        assert (first.status_code, second.status_code) == (303, 303)
        assert second.headers["Location"] == first.headers["Location"]
        assert done(app) == 1

    def test_another_form_is_another_deed(self, app, browser):
        for token in ("een", "twee"):
            browser.post("/proef", data=self.typed | {"_verzending": token})

        assert done(app) == 2

    def test_the_token_of_somebody_else_is_no_obstacle(self, app, browser):
        with office(app).database.transaction(Scope.of(CODE)) as session:
            colleague = user(session)
        browser.post("/proef", data=self.typed)

        login(app, colleague).post("/proef", data=self.typed)

        assert done(app) == 2

    def test_a_refused_form_can_be_sent_again(self, app, browser, deed):
        deed.refuses = RuleViolation("Nog niet.")
        browser.post("/proef", data=self.typed)
        deed.refuses = None

        answer = browser.post("/proef", data=self.typed)

        assert answer.status_code == 303
        assert done(app) == 1

    def test_two_at_the_same_moment_count_once(self, app, person, deed):
        deed.takes = 0.5
        browsers = [login(app, person) for _ in range(4)]
        start = Barrier(len(browsers))
        answers = []

        def send(browser):
            start.wait(timeout=10)
            answers.append(browser.post("/proef", data=self.typed))

        threads = [Thread(target=send, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert [answer.status_code for answer in answers] == [303] * 4
        assert {answer.headers["Location"] for answer in answers} == {
            "/gelukt?naam=Anna"
        }
        assert done(app) == 1
        assert len(deed.answers) == 1

    def test_when_the_first_is_refused_at_that_moment_the_second_is_tried(
        self, app, person, deed
    ):
        deed.takes = 0.3
        deed.refuses = RuleViolation("Nog niet.")
        browsers = [login(app, person) for _ in range(2)]
        answers = []
        threads = [
            Thread(target=lambda b=b: answers.append(b.post("/proef", data=self.typed)))
            for b in browsers
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert [answer.status_code for answer in answers] == [422, 422]
        assert done(app) == 0
