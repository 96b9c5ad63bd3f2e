"""Incoming post: sealed at once, filed to a dossier, never left lying about."""

import io
import re

import pytest
from sqlalchemy import event, func, select

from build.dossier import dossier
from build.gemeente import CODE, NOW, TODAY, actor, gemeente, login, user
from loket.authz import Role
from loket.cases.dossier import queries
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.post import operations as deeds
from loket.cases.post.poststuk import Poststuk, Terzijde
from loket.cases.post.queries import list_post
from loket.db import Scope
from loket.errors import RuleViolation
from loket.frame import office

PDF = b"%PDF-1.7 een brief van de huisarts"
PNG = b"\x89PNG\r\n\x1a\n een foto"


@pytest.fixture
def by():
    return actor(Role.ADMINISTRATIE)


def stuk(session, by, inhoud=PDF, **differs):
    given = {"kanaal": Kanaal.POST, "ontvangen_op": TODAY, "afzender": "Huisarts"}
    return deeds.receive_poststuk(session, by, NOW, inhoud=inhoud, **given | differs)


class TestReceive:
    def test_is_sealed_at_once(self, session, by):
        made = stuk(session, by, omschrijving="Over de heup")

        row = session.connection().exec_driver_sql(
            "SELECT afzender, omschrijving, inhoud FROM poststuk"
            f" WHERE id = '{made.id}'"
        )
        stored = b"".join(bytes(cell) for cell in row.one())
        for word in (b"Huisarts", b"heup", b"brief", b"PDF"):
            assert word not in stored

    def test_is_what_it_is_whatever_its_name(self, session, by):
        assert stuk(session, by, PNG).mediatype == "image/png"

    @pytest.mark.parametrize(
        ("inhoud", "says"),
        [
            (b"", "leeg"),
            (b"<script>alert(1)</script>", "Kies een pdf"),
            (b"MZ\x90", "Kies een pdf"),
            (PDF + b"0" * deeds.MOST_BYTES, "10 MB"),
        ],
    )
    def test_refuses_what_nobody_can_read_safely(self, session, by, inhoud, says):
        with pytest.raises(RuleViolation, match=says):
            stuk(session, by, inhoud)

    def test_did_not_come_tomorrow(self, session, by):
        with pytest.raises(RuleViolation):
            stuk(session, by, ontvangen_op=TODAY.replace(year=2027))


class TestFile:
    def test_is_a_document_of_the_dossier_and_no_longer_here(self, session, by):
        gemeente(session)
        file, made = dossier(session), stuk(session, by)

        document = deeds.file_poststuk(session, by, NOW, poststuk=made, dossier=file)

        assert document.inhoud == PDF
        assert document.dossier_id == file.id
        assert made.inhoud is None
        assert made.filed_at == NOW

    def test_asks_who_handles_the_dossier_to_read_it(self, session, by):
        gemeente(session)
        person = user(session, Role.CONSULENT)
        file = dossier(session)
        file.assign(person.id, by.id, NOW)

        deeds.file_poststuk(session, by, NOW, poststuk=stuk(session, by), dossier=file)

        task = session.scalar(select(Taak).where(Taak.soort == TaakSoort.POST_BEKIJKEN))
        assert task.voor_user_id == person.id

    def test_happens_once(self, session, by):
        gemeente(session)
        file, made = dossier(session), stuk(session, by)
        deeds.file_poststuk(session, by, NOW, poststuk=made, dossier=file)

        with pytest.raises(RuleViolation, match="al in een dossier"):
            deeds.file_poststuk(session, by, NOW, poststuk=made, dossier=file)
        with pytest.raises(RuleViolation, match="al in een dossier"):
            deeds.set_aside_poststuk(
                session, by, NOW, poststuk=made, reden=Terzijde.DUBBEL
            )

    def test_not_in_a_dossier_that_is_closed(self, session, by):
        gemeente(session)
        file = dossier(session)
        file.close(Afsluitreden.VERHUISD, by.id, NOW)

        with pytest.raises(RuleViolation, match="gesloten"):
            deeds.file_poststuk(
                session, by, NOW, poststuk=stuk(session, by), dossier=file
            )

    def test_out_of_the_wrong_dossier_it_waits_again(self, session, by):
        gemeente(session)
        file, made = dossier(session), stuk(session, by)
        deeds.file_poststuk(session, by, NOW, poststuk=made, dossier=file)

        deeds.take_back_poststuk(session, by, NOW, poststuk=made)
        session.flush()

        assert made.inhoud == PDF
        assert queries.list_documents(session, file.id) == []
        assert made.id in {each.id for each in list_post(session, by, NOW).stukken}

    def test_nothing_to_take_back_from_what_waits(self, session, by):
        with pytest.raises(RuleViolation, match="niet in een dossier"):
            deeds.take_back_poststuk(session, by, NOW, poststuk=stuk(session, by))

    def test_set_aside_it_waits_no_more(self, session, by):
        made = stuk(session, by)

        deeds.set_aside_poststuk(
            session, by, NOW, poststuk=made, reden=Terzijde.DOORGEZONDEN
        )
        session.flush()

        assert list_post(session, by, NOW).stukken == []
        with pytest.raises(RuleViolation, match="al terzijde"):
            deeds.set_aside_poststuk(
                session, by, NOW, poststuk=made, reden=Terzijde.DUBBEL
            )


class TestList:
    def test_goes_on_where_the_page_ended(self, session, by):
        for day in range(1, 28):
            stuk(session, by, ontvangen_op=TODAY.replace(month=10, day=day))

        first = list_post(session, by, NOW)
        second = list_post(session, by, NOW, first.volgende)

        days = [each.ontvangen_op.day for each in (*first.stukken, *second.stukken)]
        assert days == list(range(1, 28))
        assert second.volgende is None


class TestDoors:
    @pytest.fixture
    def place(self, app):
        database = office(app).database
        with database.transaction(Scope.of(CODE)) as session:
            gemeente(session)
            person = user(session, Role.ADMINISTRATIE)
            file = dossier(session)
        return app, database, login(app, person), file

    def upload(self, browser, *files, **typed):
        page = browser.get("/post/nieuw")
        token = re.search(r'name="_verzending" value="([^"]+)"', page.text)[1]
        sent = {
            "kanaal": "post",
            "ontvangen_op": "23-11-2026",
            "_verzending": token,
            "bestanden": [(io.BytesIO(f), f"scan{i}.pdf") for i, f in enumerate(files)],
        }
        return browser.post("/post/nieuw", data=sent | typed), token

    def referentie(self, database):
        with database.transaction(Scope.of(CODE)) as session:
            return session.scalar(select(Poststuk.referentie))

    def test_an_answer_that_is_loaded_again_is_no_fault_of_ours(self, place):
        _, database, browser, _ = place
        self.upload(browser, PDF)

        again = browser.get(f"/post/{self.referentie(database)}/zoek")

        assert again.status_code == 405
        assert "Dat is niet nog een keer verwerkt" in again.text
        assert "fout in Loket" not in again.text

    def test_from_the_scanner_to_the_dossier(self, place):
        _, database, browser, file = place
        answer, _ = self.upload(browser, PDF)
        ref = self.referentie(database)

        listed = browser.get("/post").text
        opened = browser.get(f"/post/{ref}/bestand")
        filed = browser.post(f"/post/{ref}", data={"dossier": file.referentie.lower()})

        assert answer.status_code == 303
        assert ref in listed
        assert opened.data == PDF
        assert opened.headers["X-Content-Type-Options"] == "nosniff"
        assert filed.status_code == 303
        assert browser.get(f"/post/{ref}/bestand").status_code == 404
        assert file.referentie in browser.get(f"/post/{ref}").text
        with database.transaction(Scope.of(CODE)) as session:
            assert session.scalar(select(func.count(Document.id))) == 1

    def test_many_files_straight_to_a_dossier(self, place):
        _, database, browser, file = place

        answer, _ = self.upload(browser, PDF, PNG, dossier=file.referentie)

        assert answer.location.endswith(file.referentie)
        with database.transaction(Scope.of(CODE)) as session:
            kinds = session.scalars(select(Document.mediatype)).all()
            assert sorted(kinds) == ["application/pdf", "image/png"]

    def test_a_photo_is_a_photo_in_the_dossier_as_well(self, place):
        _, database, browser, file = place
        self.upload(browser, PNG, dossier=file.referentie)
        with database.transaction(Scope.of(CODE)) as session:
            document = session.scalar(select(Document.referentie))

        moved = browser.get(f"/documenten/{document}.pdf")
        page = browser.get(f"/dossiers/{file.referentie}").text
        opened = browser.get(moved.location)

        assert moved.location == f"/documenten/{document}.png"
        assert moved.location in page
        assert opened.mimetype == "image/png"
        assert opened.headers["Content-Disposition"].endswith(f'{document}.png"')

    def test_one_wrong_file_takes_none_in_and_keeps_what_was_typed(self, place):
        _, database, browser, _ = place

        answer, _ = self.upload(browser, PDF, b"MZ", afzender="Fysiotherapeut")

        assert answer.status_code == 422
        assert "Kies een pdf" in answer.text
        assert "Fysiotherapeut" in answer.text
        assert self.referentie(database) is None

    def test_a_dossier_that_is_not_there_is_said_at_the_field(self, place):
        _, database, browser, _ = place
        self.upload(browser, PDF)

        answer = browser.post(
            f"/post/{self.referentie(database)}", data={"dossier": "ZZZZ-2222"}
        )

        assert answer.status_code == 422
        assert "niet gevonden" in answer.text

    def test_finds_the_dossier_by_who_it_is_about(self, place):
        _, database, browser, file = place
        self.upload(browser, PDF)

        found = browser.post(
            f"/post/{self.referentie(database)}/zoek", data={"achternaam": "Duinzand"}
        )

        assert f'value="{file.referentie}"' in found.text

    def test_no_file_is_said_at_the_field(self, place):
        answer, _ = self.upload(place[2])

        assert answer.status_code == 422
        assert "Kies een of meer bestanden." in answer.text

    def test_filed_in_a_shielded_dossier_it_is_gone_for_others(self, place):
        _, database, browser, file = place
        self.upload(browser, PDF)
        ref = self.referentie(database)
        browser.post(f"/post/{ref}", data={"dossier": file.referentie})
        with database.transaction(Scope.of(CODE)) as session:
            session.get_one(Dossier, file.id).afgeschermd = True

        assert browser.get(f"/post/{ref}").status_code == 404
        assert browser.get(f"/post/{ref}/terughalen").status_code == 404

    @pytest.mark.parametrize("rol", [Role.TEAMLEIDER, Role.BELEIDSMEDEWERKER])
    def test_who_handles_no_post_stays_out(self, place, rol):
        app, database, *_ = place
        with database.transaction(Scope.of(CODE)) as session:
            other = login(app, user(session, rol))

        assert other.get("/post").status_code == 403
        assert other.post("/post/nieuw", data={}).status_code == 403

    def test_another_gemeente_finds_nothing(self, place):
        app, database, browser, _ = place
        self.upload(browser, PDF)
        ref = self.referentie(database)
        with database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            person = user(session, Role.ADMINISTRATIE, gemeente="0375")
        other = login(app, person, "0375")

        assert ref not in other.get("/post").text
        for door in ("", "/bestand", "/terughalen", "/terzijde"):
            assert other.get(f"/post/{ref}{door}").status_code == 404

    def test_the_list_asks_as_often_for_many(self, place):
        _, database, browser, _ = place
        asked = []
        event.listen(
            database.engine, "before_cursor_execute", lambda *_: asked.append(1)
        )

        def count():
            asked.clear()
            browser.get("/post")
            return len(asked)

        self.upload(browser, PDF)
        count()
        few = count()
        self.upload(browser, *[PDF] * 12)

        assert count() <= few
