"""How the gemeente looks: tried first, from a day on, on screen and on paper."""

import base64
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from build.gemeente import actor, gemeente, login, user
from build.logo import png
from loket.accounts.gemeente import Gemeente
from loket.accounts.perioden import Vanaf
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.datum import kort
from loket.db import Scope
from loket.errors import RuleViolation
from loket.frame import office
from loket.huisstijl.huisstijl import Huisstijl
from loket.huisstijl.logo import read_logo
from loket.huisstijl.operations import set_huisstijl
from loket.huisstijl.queries import list_huisstijl
from loket.letters.compose import render_letter
from loket.letters.queries import afzender_op
from loket.letters.tekst import defaults
from loket.letters.voorbeeld import example
from loket.termijnen import vandaag

HERE, ELSEWHERE = "0396", "0375"
WHERE = "/beheer/huisstijl"
TODAY, TOMORROW = vandaag(), vandaag() + timedelta(days=1)
GREEN, PLUM = "#00663c", "#7a1e3a"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    b'<rect width="40" height="20" fill="#00663c"/></svg>'
)
SCRIPT = LOGO.replace(b"<rect", b"<script>a()</script><rect")
PACKED = base64.b64encode(SCRIPT).decode()
WRONG = (
    ({"accent": ""}, "accent", "Vul de hoofdkleur in"),
    ({"accent": "rood"}, "accent", "zes cijfers of letters"),
    ({"accent": "#ffcc00"}, "accent", "een contrast van 1,5 op 1"),
    ({"tweede": "#ffcc00"}, "tweede", "donkerdere tint die wel mag"),
    ({"van": ""}, "van", "Vul de eerste dag in"),
    ({"van": "1-1-2020"}, "van", "al voorbij"),
    ({"logo": SCRIPT}, "logo", "een script"),
    ({"logo": b"x" * 200_000}, "logo", "te groot"),
    ({"zonder_logo": "ja"}, "logo", "een van de twee"),
    ({"logo": None, "logo_bewaard": "%%"}, "logo", "opnieuw"),
    ({"logo": None, "logo_bewaard": PACKED}, "logo", "een script"),
)
"""What somebody may fill in wrong, at which field it is said, and what."""
THEME = re.compile(r'href="(/huisstijl/[^"]+/thema\.css)"')
PICTURE = re.compile(r'<img class="lk-logo" src="(/huisstijl/[^"]+)"')


@pytest.fixture
def database(app):
    return office(app).database


@pytest.fixture
def people(database):
    with database.transaction(Scope.of(HERE)) as session:
        gemeente(session)
        return {rol: user(session, rol) for rol in (Role.BEHEERDER, Role.CONSULENT)}


@pytest.fixture
def browser(app, people):
    return login(app, people[Role.BEHEERDER])


def stand_in(page):
    return re.search(r'name="stand" value="([^"]+)"', page)[1]


def typed(browser, logo=LOGO, **values):
    """Fill in the form as it stands."""
    sent = {"accent": GREEN, "van": kort(TODAY), "stand": stand_in(read(browser))}
    if logo is not None:
        sent["logo"] = (io.BytesIO(logo), "logo.svg")
    return sent | values


def read(browser, where=WHERE):
    return browser.get(where).text


def set_style(session, person, van=TODAY, accent=GREEN, logo=LOGO, tweede=None):
    return set_huisstijl(
        session,
        actor(Role.BEHEERDER, id=person.id),
        datetime.now(UTC),
        accent=accent,
        tweede=tweede,
        logo=read_logo(logo) if logo else None,
        vanaf=Vanaf(van),
    )


def rows_of(database, code=HERE):
    with database.transaction(Scope.of(code)) as session:
        return session.scalars(select(Huisstijl).order_by(Huisstijl.van)).all()


class TestSetting:
    def test_changes_every_page_from_that_day_on(self, app, browser, people, database):
        before = read(browser)
        answer = browser.post(WHERE, data=typed(browser, tweede=PLUM))

        assert answer.status_code == 303
        assert not THEME.search(before)
        other = login(app, people[Role.CONSULENT])
        page = other.get("/vandaag").text
        css = other.get(THEME.search(page)[1])
        assert f"violet-500:{GREEN}" in css.text
        assert f"--lk-brand:{PLUM}" in css.text
        assert css.mimetype == "text/css"
        assert 'alt="Logo van gemeente Duinstede"' in page
        (row,) = rows_of(database)
        assert row.set_by_id == people[Role.BEHEERDER].id

    def test_is_done_once_and_told_to_the_trail(self, browser, database):
        sent = typed(browser, logo=None, _verzending="een-keer")

        first = browser.post(WHERE, data=sent)
        twin = browser.post(WHERE, data=sent)

        assert (first.status_code, twin.status_code) == (303, 303)
        assert len(rows_of(database)) == 1
        with database.transaction(Scope.of(HERE)) as session:
            told = select(AuditRecord).where(
                AuditRecord.action == Action.HUISSTIJL_SET.value
            )
            assert len(session.scalars(told).all()) == 1

    def test_later_keeps_now_and_the_logo_until_it_is_withdrawn(
        self, browser, database
    ):
        browser.post(WHERE, data=typed(browser))
        later = typed(browser, logo=None, accent=PLUM, van=kort(TOMORROW))
        browser.post(WHERE, data=later)
        now_held, to_come = rows_of(database)
        page = read(browser)

        assert (now_held.tot, to_come.van) == (TODAY, TOMORROW)
        assert to_come.logo_merk == now_held.logo_merk
        assert f"violet-500:{GREEN}" in browser.get(THEME.search(page)[1]).text
        assert "Geldt later" in page
        gone = browser.post(f"{WHERE}/{to_come.id}/intrekken")
        assert gone.status_code == 303
        (left,) = rows_of(database)
        assert left.tot is None
        assert browser.post(f"{WHERE}/{left.id}/intrekken").status_code == 409

    def test_ends_after_a_day(self, browser, database):
        browser.post(WHERE, data=typed(browser))
        page = read(browser, f"{WHERE}/einde")
        answer = browser.post(
            f"{WHERE}/einde", data={"van": kort(TODAY), "stand": stand_in(page)}
        )

        assert answer.status_code == 303
        assert rows_of(database)[0].tot == TODAY
        again = browser.post(
            f"{WHERE}/einde", data={"van": kort(TOMORROW), "stand": ""}
        )
        assert again.status_code == 422

    def test_without_a_logo_is_a_choice(self, browser, database):
        browser.post(WHERE, data=typed(browser))
        sent = typed(browser, logo=None, zonder_logo="ja", van=kort(TOMORROW))
        browser.post(WHERE, data=sent)

        assert [bool(row.logo_merk) for row in rows_of(database)] == [True, False]

    def test_takes_the_picker_where_nobody_typed(self, browser, database):
        begun = {"accent": GREEN, "accent_begin": GREEN, "accent_kiezer": PLUM}
        browser.post(WHERE, data=typed(browser, logo=None, **begun))
        typed_too = begun | {"accent": "#0d5490", "van": kort(TOMORROW)}
        browser.post(WHERE, data=typed(browser, logo=None, **typed_too))

        assert [row.accent for row in rows_of(database)] == [PLUM, "#0d5490"]


class TestRefusals:
    def test_stand_at_their_field(self, browser, database):
        for values, field, says in WRONG:
            answer = browser.post(WHERE, data=typed(browser, **values))

            assert answer.status_code == 422
            error = re.search(rf'id="v-{field}-fout"[^>]*>(.*?)</div>', answer.text)
            assert says in error[1]
        assert rows_of(database) == []

    def test_come_all_at_once_and_lose_nothing(self, browser):
        sent = typed(browser, accent="rood", tweede="#fff", van="", reden="Nieuw merk")

        answer = browser.post(WHERE, data=sent)

        for field in ("accent", "tweede", "van"):
            assert f'id="v-{field}-fout"' in answer.text
        assert 'value="rood"' in answer.text
        assert "Nieuw merk" in answer.text
        assert base64.b64encode(read_logo(LOGO).inhoud).decode() in answer.text

    def test_say_that_another_begins_that_day_or_that_nothing_is_new(self, browser):
        browser.post(WHERE, data=typed(browser))
        same_day = browser.post(WHERE, data=typed(browser, accent=PLUM))
        same_look = browser.post(WHERE, data=typed(browser, van=kort(TOMORROW)))

        assert "geldt al iets anders" in same_day.text
        assert "niets gewijzigd" in same_look.text

    def test_of_an_old_page_lose_nobodys_change(self, browser):
        old = typed(browser, logo=None, accent=PLUM, van=kort(TOMORROW))
        browser.post(WHERE, data=typed(browser))

        assert "intussen gewijzigd" in browser.post(WHERE, data=old).text

    def test_are_for_others(self, app, browser, people):
        browser.post(WHERE, data=typed(browser))
        other = login(app, people[Role.CONSULENT])

        for where in (WHERE, f"{WHERE}/einde", f"{WHERE}/proef.css?accent=00663c"):
            assert other.get(where).status_code == 403
        assert other.post(WHERE).status_code == 403

    def test_of_what_does_not_overlap_are_the_tables_too(self, session):
        gemeente(session)
        person = user(session, Role.BEHEERDER)
        set_style(session, person)

        with pytest.raises(RuleViolation, match="geldt al iets anders"):
            set_style(session, person, accent=PLUM)


class TestTrying:
    def test_shows_the_whole_page_so_and_keeps_the_logo(self, browser, database):
        answer = browser.post(
            WHERE, data=typed(browser, tweede=PLUM, van="", voorbeeld="scherm")
        )

        assert answer.status_code == 200
        where = re.search(r'href="(/beheer/huisstijl/proef.css[^"]+)"', answer.text)[1]
        css = browser.get(where.replace("&amp;", "&"))
        assert (css.status_code, css.mimetype) == (200, "text/css")
        assert f"--lk-brand:{PLUM}" in css.text
        assert css.headers["Cache-Control"] == "no-store"
        assert 'src="data:image/svg+xml;base64,' in answer.text
        assert rows_of(database) == []
        kept = re.search(r'name="logo_bewaard" value="([^"]+)"', answer.text)[1]
        browser.post(WHERE, data=typed(browser, logo=None, logo_bewaard=kept))
        assert rows_of(database)[0].logo_merk == read_logo(LOGO).merk

    def test_shows_a_letter_so(self, browser):
        pdf = browser.post(WHERE, data=typed(browser, van="", voorbeeld="pdf"))

        assert pdf.mimetype == "application/pdf"
        assert pdf.data.startswith(b"%PDF")

    def test_says_what_is_wrong(self, browser):
        answer = browser.post(
            WHERE, data=typed(browser, accent="#fff", voorbeeld="pdf")
        )

        assert answer.status_code == 422
        assert "te licht" in answer.text

    def test_writes_no_style_of_what_is_no_colour(self, browser):
        for colour in ("", "zzz", "00663c}*{"):
            answer = browser.get(f"{WHERE}/proef.css", query_string={"accent": colour})

            assert answer.status_code == 404


class TestServing:
    def test_lets_a_browser_keep_it_and_do_nothing_with_it(self, browser):
        browser.post(WHERE, data=typed(browser))
        logo = browser.get(PICTURE.search(read(browser))[1])

        assert logo.mimetype == "image/svg+xml"
        assert logo.data == read_logo(LOGO).inhoud
        assert logo.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in logo.headers["Content-Security-Policy"]
        assert "default-src 'none'" in logo.headers["Content-Security-Policy"]
        assert logo.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert browser.get(WHERE).headers["Cache-Control"] == "no-store"

    def test_knows_no_other_hash_and_keeps_no_refusal(self, browser, database):
        browser.post(WHERE, data=typed(browser))
        (row,) = rows_of(database)

        for name in ("thema.css", "logo"):
            answer = browser.get(f"/huisstijl/{row.id}/{'0' * 24}/{name}")
            assert answer.status_code == 404
            assert answer.headers["Cache-Control"] == "no-store"

    def test_is_of_the_own_gemeente(self, app, browser, database):
        browser.post(WHERE, data=typed(browser))
        page = read(browser)
        with database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Polderveen")
            stranger = user(session, Role.BEHEERDER, gemeente=ELSEWHERE)
        other = login(app, stranger, ELSEWHERE)
        (row,) = rows_of(database)

        assert other.get(THEME.search(page)[1]).status_code == 404
        assert other.get(PICTURE.search(page)[1]).status_code == 404
        assert other.post(f"{WHERE}/{row.id}/intrekken").status_code == 404
        assert other.get(f"{WHERE}/einde").status_code == 404
        assert not THEME.search(other.get("/vandaag").text)

    def test_is_not_for_strangers_nor_on_the_login(self, app, browser):
        browser.post(WHERE, data=typed(browser))
        stranger = app.test_client()

        assert stranger.get(THEME.search(read(browser))[1]).status_code == 401
        assert "/huisstijl/" not in stranger.get("/login").text


class TestCost:
    def statements(self, database, browser):
        asked = []

        def seen(*given):
            asked.append(given[2])

        event.listen(database.engine, "before_cursor_execute", seen)
        try:
            assert browser.get("/account").status_code == 200
        finally:
            event.remove(database.engine, "before_cursor_execute", seen)
        return len(asked)

    def test_of_a_page_is_no_question_more(self, browser, database):
        before = self.statements(database, browser)
        browser.post(WHERE, data=typed(browser))
        first = self.statements(database, browser)
        after = self.statements(database, browser)

        assert after == before
        assert first <= before + 1

    def test_is_asked_again_when_another_process_changed_it(
        self, browser, database, people
    ):
        browser.post(WHERE, data=typed(browser))
        assert PICTURE.search(read(browser, "/account"))
        with database.transaction(Scope.of(HERE)) as session:
            # as another process does: what this one remembers is not told
            row = session.scalars(select(Huisstijl)).one()
            row.wear(None)
            session.get_one(Gemeente, HERE).huisstijl_stand = "elders"

        assert not PICTURE.search(read(browser, "/account"))


class TestLetters:
    def test_wear_the_style_of_their_day(self, session):
        here = gemeente(session)
        person = user(session, Role.BEHEERDER)
        set_style(session, person, tweede=PLUM)

        before = afzender_op(session, here, TODAY - timedelta(days=1))
        today = afzender_op(session, here, TODAY)

        assert (before.stijl.logo_svg, before.stijl.lijn) == ("", "")
        assert (today.stijl.kleur, today.stijl.lijn) == (GREEN, PLUM)
        assert today.stijl.logo_svg == read_logo(LOGO).inhoud.decode()

    def test_can_hold_a_picture_as_well(self, session):
        here = gemeente(session)
        person = user(session, Role.BEHEERDER)
        set_style(session, person, logo=png())
        tekst = defaults()["ontvangstbevestiging"]

        writer = afzender_op(session, here, TODAY)
        pdf = render_letter(example("ontvangstbevestiging", tekst, here, writer, TODAY))

        assert writer.stijl.logo_png.startswith(b"\x89PNG")
        assert pdf.startswith(b"%PDF")


class TestPlaces:
    def test_lead_to_the_page(self, browser):
        for where in ("/beheer", "/beheer/gemeente", "/beheer/inrichten"):
            assert f'href="{WHERE}"' in read(browser, where)

    def test_list_every_style_in_as_many_questions(self, session):
        gemeente(session)
        person = user(session, Role.BEHEERDER)
        by = actor(Role.BEHEERDER, id=person.id)
        for days in range(5):
            set_style(
                session, person, TODAY + timedelta(days), f"#0{days}4030", logo=None
            )
        session.expunge_all()

        rows = list_huisstijl(session, by)

        # raises when it was not loaded with the list
        assert [row.set_by.naam for row in rows] == [person.naam] * 5
