"""A form that keeps itself: put back, dropped with the deed, overwritten by nobody."""

import re
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from flask import Blueprint, request
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select

from build.gemeente import CODE, SYSTEM, gemeente, login, user
from loket import app as roof
from loket.accounts import operations as accounts
from loket.accounts.guards import requires
from loket.accounts.verzending import Verzending
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Actor, Permission, Role
from loket.db import Scope
from loket.drafts import jobs, queries
from loket.drafts.draft import Draft, DraftOf
from loket.errors import RuleViolation
from loket.formfields import Choices, FormSchema, Text, Ticked
from loket.frame import office
from loket.outbox.promise import Promise
from loket.schedule import keep_all
from loket.vault.errors import KeyDestroyed
from loket.web import Form

PAGE = """
{% extends "base.html" %}
{% import "macros/ui.html" as ui %}
{% import "macros/field.html" as field %}
{% block title %}Proef{% endblock %}
{% block content %}
{% call ui.form(form) %}
{{ field.text(form, "naam", "Naam") }}
{{ field.checkboxes(form, "soorten", "S", [("teamleider", ""), ("consulent", "")]) }}
{{ field.checkbox(form, "akkoord", "Akkoord") }}
{{ ui.actions("Vastleggen") }}
{% endcall %}
{% endblock %}
"""
FRAGMENT = {"HX-Request": "true"}
KEEP = {"_concept": "bewaar"}
TEXT = "Mevrouw valt vaak"


class ProefSchema(FormSchema):
    naam = Text(required=True, most=200)
    soorten = Choices(Role)
    akkoord = Ticked()
    geheim = Text(metadata={"secret": True})


class Deed:
    def __init__(self) -> None:
        self.done: list[dict[str, object]] = []
        self.refuses: Exception | None = None

    def __call__(self, **answers: object) -> str:
        if self.refuses:
            raise self.refuses
        self.done.append(answers)
        return "/gelukt"


@pytest.fixture
def deed() -> Deed:
    return Deed()


@pytest.fixture
def app(config, monkeypatch, deed):
    """The application with one door more, whose form keeps itself."""
    added = Blueprint("proef", __name__)

    def show(onderwerp):
        of = DraftOf("proef", "Proef", onderwerp)
        start = {"naam": "Al bekend", "soorten": ["teamleider"], "akkoord": "ja"}
        form = Form(ProefSchema(), start, draft=of)
        if request.method == "POST" and (answer := form.submit(deed)):
            return answer
        return form.page("proef.html")

    locked = requires(Permission.MELDING_REGISTER)(show)
    added.add_url_rule("/proef/<onderwerp>", "show", locked, methods=["GET", "POST"])
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
    built.close()


@pytest.fixture
def person(app):
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return user(session)


@pytest.fixture
def browser(app, person):
    return login(app, person)


def hidden(page, name) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def opened(browser, where="/proef/a") -> dict[str, str]:
    """What the page sends along with what is typed in it."""
    page = browser.get(where)
    assert page.status_code == 200
    names = ("_verzending", "_concept_versie", "_concept_van")
    return {name: hidden(page, name) for name in names}


def autosave(browser, page, where="/proef/a", **typed):
    answer = browser.post(where, data=page | KEEP | typed, headers=FRAGMENT)
    if answer.status_code == 200:
        page["_concept_versie"] = hidden(answer, "_concept_versie")
    return answer


def drafts(app) -> list[Draft]:
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return list(session.scalars(select(Draft)))


def trail(app, action) -> int:
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return session.scalar(
            select(func.count())
            .select_from(AuditRecord)
            .where(AuditRecord.action == action.value)
        )


class TestSave:
    def test_says_when_it_was_kept(self, browser):
        answer = autosave(browser, opened(browser), naam=TEXT)

        assert re.search(r"Concept bewaard om \d\d:\d\d", answer.text)
        assert "<html" not in answer.text

    def test_comes_back_in_the_form_with_a_notice(self, browser):
        autosave(browser, opened(browser), naam=TEXT, soorten=["consulent"])

        page = browser.get("/proef/a")

        assert f'value="{TEXT}"' in page.text
        assert re.search(r"Concept van \d\d:\d\d teruggezet", page.text)
        assert "Weggooien" in page.text
        assert re.search(r'value="consulent" checked', page.text)
        assert not re.search(r'value="teamleider" checked', page.text)

    def test_keeps_that_a_box_was_emptied(self, browser):
        assert re.search(r'name="akkoord"[^>]*checked', browser.get("/proef/a").text)
        autosave(browser, opened(browser), naam=TEXT)

        page = browser.get("/proef/a")

        assert not re.search(r'name="akkoord"[^>]*checked', page.text)

    def test_without_javascript_leads_back_to_the_page(self, browser):
        answer = browser.post("/proef/a", data=opened(browser) | KEEP | {"naam": TEXT})

        assert (answer.status_code, answer.location) == (303, "/proef/a")
        page = browser.get("/proef/a")
        assert "Concept bewaard om" in page.text
        assert f'value="{TEXT}"' in page.text

    def test_keeps_what_is_not_valid_yet(self, browser):
        autosave(browser, opened(browser), naam="x" * 900)

        assert "x" * 900 in browser.get("/proef/a").text

    def test_never_keeps_a_secret(self, app, browser):
        page = opened(browser)
        autosave(browser, page, naam=TEXT, geheim="sesam", wachtwoord="sesam")

        with office(app).database.transaction(Scope.of(CODE)) as session:
            assert set(session.scalars(select(Draft)).one().answers) == {"naam"}

    def test_does_no_deed_and_uses_no_submit_token(self, app, browser, deed):
        page = opened(browser)
        for text in ("een", "twee", "drie"):
            autosave(browser, page, naam=text)

        with office(app).database.transaction(Scope.of(CODE)) as session:
            assert session.scalars(select(Verzending)).all() == []
        assert deed.done == []
        assert [draft.version for draft in drafts(app)] == [3]

    def test_leaves_one_line_in_the_trail_however_long_somebody_types(
        self, app, browser
    ):
        page = opened(browser)
        for text in ("een", "twee", "drie"):
            autosave(browser, page, naam=text)

        assert trail(app, Action.DRAFT_STARTED) == 1

    def test_asks_the_permission_of_the_form(self, app):
        with office(app).database.transaction(Scope.of(CODE)) as session:
            other = user(session, Role.ADMINISTRATIE)

        answer = login(app, other).post("/proef/a", data=KEEP, headers=FRAGMENT)

        assert answer.status_code == 403
        assert "<html" not in answer.text
        assert drafts(app) == []

    def test_keeps_subjects_apart(self, browser):
        autosave(browser, opened(browser), naam=TEXT)

        assert 'value="Al bekend"' in browser.get("/proef/b").text

    def test_is_for_the_author_only(self, app, browser):
        autosave(browser, opened(browser), naam=TEXT)
        with office(app).database.transaction(Scope.of(CODE)) as session:
            colleague = user(session)

        assert TEXT not in login(app, colleague).get("/proef/a").text
        with office(app).database.transaction(Scope.of(CODE)) as session:
            by = Actor(colleague.id, "", frozenset(), (CODE,))
            assert queries.list_drafts(session, by) == []

    def test_two_at_the_same_moment_are_one_draft(self, app, person):
        page = opened(login(app, person))
        threads = [
            Thread(
                target=lambda n=n: autosave(
                    login(app, person), dict(page), naam=f"tekst {n}"
                )
            )
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert [draft.version for draft in drafts(app)] == [4]


class TestSubmit:
    def test_takes_the_draft_away_with_the_deed(self, app, browser, deed):
        page = opened(browser)
        autosave(browser, page, naam=TEXT)

        answer = browser.post("/proef/a", data=page | {"naam": TEXT})

        assert answer.status_code == 303
        assert len(deed.done) == 1
        assert drafts(app) == []

    def test_that_is_refused_keeps_the_draft(self, app, browser, deed):
        page = opened(browser)
        autosave(browser, page, naam=TEXT)
        deed.refuses = RuleViolation("Nog niet.")

        answer = browser.post("/proef/a", data=page | {"naam": TEXT})

        assert answer.status_code == 422
        assert f'value="{TEXT}"' in answer.text
        assert len(drafts(app)) == 1

    def test_is_not_undone_by_an_autosave_that_comes_late(self, app, browser):
        page = opened(browser)
        late = dict(page)
        autosave(browser, page, naam=TEXT)
        browser.post("/proef/a", data=page | {"naam": TEXT})

        answer = autosave(browser, late, naam=TEXT)

        assert "al verstuurd" in answer.text
        assert drafts(app) == []

    def test_also_holds_when_there_was_no_draft_yet(self, app, browser):
        page = opened(browser)
        browser.post("/proef/a", data=page | {"naam": TEXT})

        autosave(browser, page, naam=TEXT)

        assert drafts(app) == []

    def test_twice_is_one_deed(self, browser, deed):
        page = opened(browser)
        autosave(browser, page, naam=TEXT)

        answers = [
            browser.post("/proef/a", data=page | {"naam": TEXT}) for _ in range(2)
        ]

        assert {answer.location for answer in answers} == {"/gelukt"}
        assert len(deed.done) == 1

    def test_destroys_the_key_afterwards(self, app, browser):
        page = opened(browser)
        autosave(browser, page, naam=TEXT)
        (draft,) = drafts(app)
        built = office(app)
        browser.post("/proef/a", data=page | {"naam": TEXT})

        keep_all(built.database, built.config)

        with pytest.raises(KeyDestroyed):
            built.vault.prepare({(CODE, draft.id): "draft"})


class TestTwoScreens:
    def test_a_newer_version_is_not_overwritten(self, app, browser):
        first, second = opened(browser), opened(browser)
        autosave(browser, first, naam="tekst van het eerste scherm")

        answer = autosave(browser, second, naam="tekst van het tweede scherm")

        assert "nieuwer concept" in answer.text
        assert "niet bewaard" in answer.text
        assert "tekst van het eerste scherm" in browser.get("/proef/a").text

    def test_the_button_shows_both_and_the_next_save_goes_on(self, browser):
        first, second = opened(browser), opened(browser)
        autosave(browser, first, naam="een")

        both = browser.post("/proef/a", data=second | KEEP | {"naam": "twee"})
        second["_concept_versie"] = hidden(both, "_concept_versie")
        after = browser.post("/proef/a", data=second | KEEP | {"naam": "twee"})

        assert both.status_code == 409
        assert 'value="twee"' in both.text
        assert '<dd class="lk-summary__value">een</dd>' in both.text
        assert after.status_code == 303
        assert 'value="twee"' in browser.get("/proef/a").text

    def test_a_submit_over_a_newer_draft_shows_both_first(self, app, browser, deed):
        first, second = opened(browser), opened(browser)
        autosave(browser, first, naam="een")

        both = browser.post("/proef/a", data=second | {"naam": "twee"})

        assert both.status_code == 409
        assert deed.done == []
        second["_concept_versie"] = hidden(both, "_concept_versie")
        after = browser.post("/proef/a", data=second | {"naam": "twee"})
        assert after.status_code == 303
        assert drafts(app) == []

    def test_what_was_sent_on_another_screen_is_not_revived(self, app, browser, deed):
        first = opened(browser)
        autosave(browser, first, naam="een")
        second = opened(browser)
        browser.post("/proef/a", data=second | {"naam": "een"})

        late = autosave(browser, first, naam="een en meer")
        again = browser.post("/proef/a", data=first | {"naam": "een en meer"})

        assert "intussen verstuurd" in late.text
        assert drafts(app) == []
        assert again.status_code == 409
        assert len(deed.done) == 1


class TestDrop:
    def test_empties_the_form(self, app, browser):
        autosave(browser, opened(browser), naam=TEXT)

        answer = browser.post("/proef/a", data={"_concept": "weg"})

        assert (answer.status_code, answer.location) == (303, "/proef/a")
        assert drafts(app) == []
        assert 'value="Al bekend"' in browser.get("/proef/a").text
        assert trail(app, Action.DRAFT_DROPPED) == 1


class TestSessionGone:
    @pytest.fixture
    def lost(self, app, browser):
        """A page that was open when the session ended."""
        page = opened(browser)
        app.config["WTF_CSRF_ENABLED"] = True
        return page

    def test_keeps_what_was_sent_for_its_author(self, app, lost, person):
        answer = app.test_client().post("/proef/a", data=lost | {"naam": TEXT})

        assert answer.status_code == 400
        assert "bewaard als concept" in answer.text
        assert "/login?verder=/proef/a" in answer.text
        app.config["WTF_CSRF_ENABLED"] = False
        assert f'value="{TEXT}"' in login(app, person).get("/proef/a").text

    def test_keeps_what_is_typed_after_it(self, app, lost):
        answer = autosave(app.test_client(), lost, naam=TEXT)

        assert "uitgelogd" in answer.text
        assert "is bewaard" in answer.text
        assert len(drafts(app)) == 1

    def test_believes_no_owner_that_the_page_did_not_sign(self, app, lost):
        lost["_concept_van"] = lost["_concept_van"][:-3] + "abc"

        answer = app.test_client().post("/proef/a", data=lost | {"naam": TEXT})

        assert "niet opgeslagen" in answer.text
        assert TEXT in answer.text
        assert drafts(app) == []

    @pytest.mark.parametrize("mark", ["a\0b", "x" * 65, ""])
    def test_keeps_nothing_with_a_mark_that_we_did_not_make(self, app, lost, mark):
        lost["_verzending"] = mark

        answer = app.test_client().post("/proef/a", data=lost | {"naam": TEXT})

        assert answer.status_code == 400
        assert drafts(app) == []

    def test_keeps_nothing_for_who_may_not_come_in_any_more(self, app, lost, person):
        with office(app).database.transaction(Scope.of(CODE)) as session:
            gone = session.get_one(type(person), person.id)
            gone.deactivate(SYSTEM, datetime.now(UTC))

        app.test_client().post("/proef/a", data=lost | {"naam": TEXT})

        assert drafts(app) == []

    def test_does_not_go_over_a_newer_version(self, app, person):
        browser = login(app, person)
        page = opened(browser)
        autosave(browser, opened(browser), naam="nieuwer")
        app.config["WTF_CSRF_ENABLED"] = True

        answer = app.test_client().post("/proef/a", data=page | {"naam": TEXT})

        assert "niet opgeslagen" in answer.text
        assert TEXT in answer.text


class TestOldDrafts:
    def test_go_after_the_days_of_the_gemeente(self, app, browser):
        built = office(app)
        autosave(browser, opened(browser), naam=TEXT)
        now = datetime.now(UTC)
        with built.database.transaction(Scope.of(CODE)) as session:
            accounts.set_instelling(
                session,
                Actor.system(CODE),
                now,
                sleutel=jobs.DAYS,
                waarde=3,
                van=now.date() - timedelta(days=1),
            )

        early = jobs.drop_old(built.database, built.config, now + timedelta(days=2))
        late = jobs.drop_old(built.database, built.config, now + timedelta(days=4))

        assert (early, late) == (0, 1)
        assert drafts(app) == []
        with built.database.transaction(Scope.of(CODE)) as session:
            assert session.scalars(select(Promise.topic)).all() == ["drafts.shred"]

    def test_stay_fourteen_days_when_nothing_was_set(self, app, browser):
        built = office(app)
        autosave(browser, opened(browser), naam=TEXT)
        now = datetime.now(UTC)

        early = jobs.drop_old(built.database, built.config, now + timedelta(days=13))
        late = jobs.drop_old(built.database, built.config, now + timedelta(days=15))

        assert (early, late) == (0, 1)


class TestRows:
    def test_of_a_list_stay_closed(self, app, browser, person):
        for subject in "abc":
            where = f"/proef/{subject}"
            autosave(browser, opened(browser, where), where, naam=TEXT)
        with office(app).database.transaction(Scope.of(CODE)) as session:
            by = Actor(person.id, "", frozenset(), (CODE,))
            listed = queries.list_drafts(session, by)

            assert [draft.url for draft in listed] == [
                "/proef/c",
                "/proef/b",
                "/proef/a",
            ]
            assert all("_answers_ct" not in vars(draft) for draft in listed)
