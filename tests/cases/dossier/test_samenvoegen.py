"""People who are there twice become one, and a wrong match is put right."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from build.dossier import betrokkene, dossier, inwoner, new_bsn
from build.gemeente import CODE, NOW, TODAY, actor, gemeente, login, user
from build.race import meet
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import operations_samenvoegen as deeds
from loket.cases.dossier import queries, queries_samenvoegen
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Betrokkene, Dossier, Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import send_document, store_document
from loket.cases.dossier.samenvoeging import Samenvoeging, SamenvoegReden
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.terugbelverzoek import Terugbelverzoek
from loket.cases.dossier.verhuizen import person_columns
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.frame import office

REDEN = SamenvoegReden.DUBBEL_INGEVOERD


@pytest.fixture
def by():
    return actor(Role.CONSULENT)


@pytest.fixture
def pair(session, by):
    """One person, once with a BSN and once with a telephone number."""
    gemeente(session)
    known = inwoner(session, by, telefoon=None)
    double = inwoner(session, by, bsn=None, email="a@duinstede.example")
    return known, double


def merge(session, by, weg, blijft, **differs):
    return deeds.merge_inwoners(
        session, by, NOW, weg=weg, blijft=blijft, reden=REDEN, **differs
    )


def client_of(session, file):
    return queries.get_client(session, file.id).id


class TestMerge:
    def test_all_that_is_of_the_one_is_of_the_other(self, session, by, pair):
        known, double = pair
        file = dossier(session, by, client=double)

        merge(session, by, double, known)

        assert client_of(session, file) == known.id
        assert session.get_one(Werkvoorraad, file.id).client_id == known.id
        assert double.merged_into_id == known.id

    def test_moves_every_column_that_says_whose_a_row_is(self):
        names = {f"{table.name}.{column.name}" for table, column in person_columns()}

        assert names >= {
            "betrokkene.inwoner_id",
            "contactmoment.inwoner_id",
            "deling.inwoner_id",
            "huishouden_lid.inwoner_id",
            "medegerechtigde.inwoner_id",
            "pgb.beheerder_id",
            "voorziening.gerechtigde_id",
            "werkvoorraad.client_id",
        }

    def test_fills_in_what_was_not_known_and_keeps_what_differs(
        self, session, by, pair
    ):
        known, double = pair
        double.taal = "Turks"
        known.achternaam = "Duinzand-Bos"
        session.flush()

        merge(session, by, double, known)

        assert known.taal == "Turks"
        assert known.email == "a@duinstede.example"
        assert known.achternaam == "Duinzand-Bos"

    def test_takes_over_the_bsn_so_that_it_finds_one_person(self, session, by):
        gemeente(session)
        bsn = new_bsn()
        without = inwoner(session, by, bsn=None)
        double = inwoner(session, by, bsn=bsn)

        merge(session, by, double, without)

        found = queries.search_inwoners(session, by, NOW, bsn=bsn)
        assert [each.id for each in found] == [without.id]

    def test_an_address_that_is_secret_stays_secret(self, session, by, pair):
        known, double = pair
        double.geheimhouding = True
        session.flush()

        merge(session, by, double, known)

        assert known.geheimhouding

    def test_is_not_found_any_more(self, session, by, pair):
        known, double = pair
        merge(session, by, double, known)

        found = queries.search_inwoners(session, by, NOW, achternaam="Duinzand")

        assert double.id not in {each.id for each in found}

    def test_leaves_one_record_that_names_both(self, session, by, pair):
        known, double = pair
        merge(session, by, double, known)

        trail = session.scalars(
            select(AuditRecord).where(AuditRecord.action == Action.INWONER_MERGED.value)
        ).all()
        assert len(trail) == 1

    def test_what_stood_there_is_sealed(self, session, by, pair):
        known, double = pair
        made = merge(session, by, double, known)
        session.flush()

        stored = session.connection().exec_driver_sql(
            f"SELECT ervoor FROM samenvoeging WHERE id = '{made.id}'"
        )
        assert b"duinstede" not in bytes(stored.scalar_one())

    def test_two_bsns_are_two_people(self, session, by):
        gemeente(session)
        with pytest.raises(RuleViolation, match="twee mensen"):
            merge(session, by, inwoner(session, by), inwoner(session, by))

    def test_a_death_of_only_one_is_looked_at_first(self, session, by, pair):
        known, double = pair
        double.overleden_op = TODAY
        session.flush()

        with pytest.raises(RuleViolation, match="overlijden"):
            merge(session, by, double, known)

    def test_another_birth_date_must_be_checked(self, session, by, pair):
        known, double = pair
        double.geboortedatum = date(1948, 5, 18)
        session.flush()
        with pytest.raises(RuleViolation, match="verschillen"):
            merge(session, by, double, known)

        merge(session, by, double, known, geboortedatum_gecontroleerd=True)

        assert known.geboortedatum == date(1948, 5, 17)

    def test_who_cares_for_the_other_is_somebody_else(self, session, by, pair):
        known, _ = pair
        file = dossier(session, by, client=known)
        carer = betrokkene(session, file, by)

        with pytest.raises(RuleViolation, match="twee mensen"):
            merge(session, by, session.get_one(Inwoner, carer.inwoner_id), known)

    def test_nobody_is_merged_with_themselves_or_twice(self, session, by, pair):
        known, double = pair
        with pytest.raises(RuleViolation, match="verschillende"):
            merge(session, by, known, known)
        merge(session, by, double, known)

        with pytest.raises(RuleViolation, match="al samengevoegd"):
            merge(session, by, double, known)

    def test_who_went_is_as_shielded_as_who_stays(self, session, by, pair):
        known, double = pair
        third = inwoner(session, by, bsn=None)
        merge(session, by, double, third)
        merge(session, by, third, known)
        assert queries.get_inwoner(session, by, double.id) is double

        dossier(session, by, client=known).afgeschermd = True
        session.flush()

        for each in (double, third, known):
            with pytest.raises(NotFound):
                queries.get_inwoner(session, by, each.id)


class TestUndo:
    def test_each_has_their_own_again(self, session, by):
        gemeente(session)
        bsn = new_bsn()
        stays = inwoner(session, by, bsn=None, telefoon=None)
        double = inwoner(session, by, bsn=bsn, telefoon="0655555555")
        theirs = dossier(session, by, client=double)
        own = dossier(session, by, client=stays)
        made = merge(session, by, double, stays)

        deeds.undo_merge(session, by, NOW, samenvoeging=made)

        assert client_of(session, theirs) == double.id
        assert client_of(session, own) == stays.id
        assert (double.bsn, stays.bsn) == (bsn, None)
        assert stays.telefoon is None
        assert double.merged_at is None

    def test_what_came_after_stays_where_it_is(self, session, by, pair):
        known, double = pair
        made = merge(session, by, double, known)
        later = dossier(session, by, client=known)

        deeds.undo_merge(session, by, NOW, samenvoeging=made)

        assert client_of(session, later) == known.id

    def test_leaves_what_was_corrected_meanwhile(self, session, by):
        gemeente(session)
        stays = inwoner(session, by, bsn=None, telefoon=None, email=None)
        double = inwoner(
            session,
            by,
            bsn=None,
            telefoon="0655555555",
            email="a@duinstede.example",
        )
        made = merge(session, by, double, stays)
        stays.telefoon, stays.geheimhouding = "0655555566", True
        session.flush()

        deeds.undo_merge(session, by, NOW, samenvoeging=made)

        assert (stays.telefoon, stays.geheimhouding) == ("0655555566", True)
        assert stays.email is None
        assert double.telefoon == "0655555555"

    def test_an_address_that_was_corrected_stays_whole(self, session, by):
        gemeente(session)
        nowhere = dict.fromkeys(deeds.ADRES)
        stays = inwoner(session, by, bsn=None, **nowhere)
        made = merge(session, by, inwoner(session, by), stays)
        street = stays.straat
        stays.huisnummer = "99"
        session.flush()

        deeds.undo_merge(session, by, NOW, samenvoeging=made)

        assert (stays.straat, stays.huisnummer) == (street, "99")

    def test_happens_once(self, session, by, pair):
        known, double = pair
        made = merge(session, by, double, known)
        deeds.undo_merge(session, by, NOW, samenvoeging=made)

        with pytest.raises(RuleViolation, match="al teruggedraaid"):
            deeds.undo_merge(session, by, NOW, samenvoeging=made)

    def test_the_last_merge_goes_first(self, session, by, pair):
        known, double = pair
        third = inwoner(session, by, bsn=None)
        first = merge(session, by, double, known)
        merge(session, by, known, third)

        with pytest.raises(RuleViolation, match="eerst terug"):
            deeds.undo_merge(session, by, NOW, samenvoeging=first)


class TestTwoAtOnce:
    """The same pair, on two connections."""

    HERE = Scope.of(CODE)

    @pytest.fixture
    def ids(self, database, by):
        with database.transaction(self.HERE) as session:
            gemeente(session)
            return [inwoner(session, by).id, inwoner(session, by, bsn=None).id]

    def merge(self, session, by, ids):
        known, double = (session.get_one(Inwoner, each) for each in ids)
        return merge(session, by, double, known)

    def both(self, database, deed):
        def other():
            with database.transaction(self.HERE) as session:
                deed(session)

        meet(database, self.HERE, deed, other)

    def test_merge_once(self, database, by, ids):
        with pytest.raises(RuleViolation, match="al samengevoegd"):
            self.both(database, lambda session: self.merge(session, by, ids))

        with database.transaction(self.HERE) as session:
            assert session.scalar(select(func.count(Samenvoeging.id))) == 1

    def test_part_once(self, database, by, ids):
        with database.transaction(self.HERE) as session:
            made = self.merge(session, by, ids).id

        def undo(session):
            deeds.undo_merge(
                session, by, NOW, samenvoeging=session.get_one(Samenvoeging, made)
            )

        with pytest.raises(RuleViolation, match="al teruggedraaid"):
            self.both(database, undo)


class TestRematch:
    def test_the_dossier_is_about_the_right_person(self, session, by, pair):
        wrong, _ = pair
        right = inwoner(session, by, postcode="1965AB")
        file = dossier(session, by, client=wrong)

        deeds.rematch_dossier(session, by, NOW, dossier=file, client=right)

        line = session.get_one(Werkvoorraad, file.id)
        assert client_of(session, file) == right.id
        assert (line.client_id, line.pc4) == (right.id, "1965")

    def test_leaves_other_dossiers_alone(self, session, by, pair):
        wrong, _ = pair
        other = dossier(session, by, client=wrong)
        file = dossier(session, by, client=wrong)

        deeds.rematch_dossier(
            session, by, NOW, dossier=file, client=inwoner(session, by)
        )

        assert client_of(session, other) == wrong.id

    def test_a_letter_that_went_out_is_assessed(self, session, by, pair):
        file = dossier(session, by, client=pair[0])
        letter = store_document(
            session,
            by,
            NOW,
            dossier_id=file.id,
            soort=DocumentSoort.ONTVANGSTBEVESTIGING,
            inhoud=b"%PDF-1.7",
        )
        send_document(session, by, NOW, document=letter, verzonden_op=TODAY)

        deeds.rematch_dossier(
            session, by, NOW, dossier=file, client=inwoner(session, by)
        )

        task = session.scalar(
            select(Taak).where(Taak.soort == TaakSoort.DATALEK_BEOORDELEN)
        )
        assert task.voor_rol is Role.TEAMLEIDER

    def test_not_once_something_was_decided(self, session, by, pair):
        file = dossier(session, by, client=pair[0])
        session.get_one(Werkvoorraad, file.id).fase = Fase.LEVERING

        with pytest.raises(RuleViolation, match="al besloten"):
            deeds.rematch_dossier(
                session, by, NOW, dossier=file, client=inwoner(session, by)
            )

    def test_not_on_who_stands_in_it_already(self, session, by, pair):
        file = dossier(session, by, client=pair[0])
        around = betrokkene(session, file, by)
        carer = session.get_one(Inwoner, around.inwoner_id)

        with pytest.raises(RuleViolation, match="andere rol"):
            deeds.rematch_dossier(session, by, NOW, dossier=file, client=carer)
        with pytest.raises(RuleViolation, match="al op deze naam"):
            deeds.rematch_dossier(session, by, NOW, dossier=file, client=pair[0])

    def test_not_on_who_is_being_merged_away(self, database, by):
        here = Scope.of(CODE)
        with database.transaction(here) as session:
            gemeente(session)
            file = dossier(session, by).id
            known = inwoner(session, by).id
            double = inwoner(session, by, bsn=None).id

        def first(session):
            people = (session.get_one(Inwoner, each) for each in (double, known))
            merge(session, by, *people)

        def second():
            with database.transaction(here) as session:
                deeds.rematch_dossier(
                    session,
                    by,
                    NOW,
                    dossier=session.get_one(Dossier, file),
                    client=session.get_one(Inwoner, double),
                )

        with pytest.raises(NotFound):
            meet(database, here, first, second)

        with database.transaction(here) as session:
            assert client_of(session, session.get_one(Dossier, file)) != double

    def test_not_on_somebody_of_another_gemeente(self, session, by, pair):
        file = dossier(session, by, client=pair[0])
        stranger = Inwoner(gemeente_code="0375")

        with pytest.raises(NotFound):
            deeds.rematch_dossier(session, by, NOW, dossier=file, client=stranger)


class TestDoors:
    @pytest.fixture
    def place(self, app, by):
        database = office(app).database
        with database.transaction(Scope.of(CODE)) as session:
            gemeente(session)
            person = user(session, Role.CONSULENT)
            people = inwoner(session, by), inwoner(session, by, bsn=None)
        return app, database, login(app, person), [str(each.id) for each in people]

    def test_from_the_search_to_one_person_and_back(self, place):
        _, database, browser, ids = place
        found = browser.post("/inwoners/zoek", data={"achternaam": "Duinzand"})
        assert "Staat iemand er twee keer in?" in found.text

        compared = browser.post("/inwoners/vergelijken", data={"inwoner": ids})
        token = re.search(r'name="_verzending" value="([^"]+)"', compared.text)[1]
        sent = {
            "eerste": ids[0],
            "tweede": ids[1],
            "blijft": ids[0],
            "reden": REDEN.value,
            "_verzending": token,
        }
        browser.post("/inwoners/samenvoegen", data=sent)
        again = browser.post("/inwoners/samenvoegen", data=sent)
        listed = browser.get("/inwoners/samengevoegd")
        back = re.search(r'href="(/inwoners/samengevoegd/[^"]+/terug)"', listed.text)[1]
        assert browser.get(back).status_code == 200
        browser.post(back, data={})

        assert again.status_code == 303
        with database.transaction(Scope.of(CODE)) as session:
            assert session.scalar(select(func.count(Samenvoeging.id))) == 1
            assert session.scalar(select(Samenvoeging.undone_at)) is not None

    def test_asks_what_stays_and_why(self, place):
        _, _, browser, ids = place

        answer = browser.post(
            "/inwoners/samenvoegen", data={"eerste": ids[0], "tweede": ids[1]}
        )

        assert answer.status_code == 422
        assert "Kies welke gegevens blijven." in answer.text

    def test_only_the_two_that_were_compared(self, place):
        _, database, browser, ids = place
        with database.transaction(Scope.of(CODE)) as session:
            third = str(inwoner(session, actor(Role.CONSULENT)).id)

        answer = browser.post(
            "/inwoners/samenvoegen",
            data={
                "eerste": ids[0],
                "tweede": ids[1],
                "blijft": third,
                "reden": REDEN.value,
            },
        )

        assert answer.status_code == 404

    def test_a_shielded_person_does_not_exist_here(self, place, by):
        _, database, browser, ids = place
        with database.transaction(Scope.of(CODE)) as session:
            hidden = session.get_one(Inwoner, ids[0])
            file = dossier(session, by, client=hidden)
            file.afgeschermd = True

        assert (
            browser.post("/inwoners/vergelijken", data={"inwoner": ids}).status_code
            == 404
        )

    def test_a_page_from_before_calls_who_it_is_now(self, place, by):
        _, database, browser, ids = place
        with database.transaction(Scope.of(CODE)) as session:
            known, double = (session.get_one(Inwoner, each) for each in ids)
            merge(session, by, double, known)

        begun = browser.post("/terugbellen/begin", data={"inwoner": ids[1]})
        sent = {
            "inwoner": ids[1],
            "voor": "rol-consulent",
            "telefoon": "0655555555",
            "notitie": "Belt over de was.",
            "_concept_versie": "1",
        }
        assert browser.post(begun.location, data=sent).status_code == 303

        with database.transaction(Scope.of(CODE)) as session:
            about = session.scalar(select(Terugbelverzoek.inwoner_id))
        assert str(about) == ids[0]

    def test_a_dossier_is_put_on_the_right_name(self, place, by):
        _, database, browser, ids = place
        with database.transaction(Scope.of(CODE)) as session:
            file = dossier(session, by, client=session.get_one(Inwoner, ids[1]))
            ref, file_id = file.referentie, file.id
            bsn = str(session.get_one(Inwoner, ids[0]).bsn)
        url = f"/dossiers/{ref}/juiste-client"

        found = browser.post(url, data={"bsn": bsn})
        answer = browser.post(url, data={"inwoner": ids[0]})

        assert f'value="{ids[0]}"' in found.text
        assert answer.status_code == 303
        with database.transaction(Scope.of(CODE)) as session:
            client = session.scalar(
                select(Betrokkene.inwoner_id).where(Betrokkene.dossier_id == file_id)
            )
            assert str(client) == ids[0]

    @pytest.mark.parametrize("rol", [Role.TEAMLEIDER, Role.KWALITEITSMEDEWERKER])
    def test_who_may_not_merge_stays_out(self, place, rol):
        app, database, _, ids = place
        with database.transaction(Scope.of(CODE)) as session:
            other = login(app, user(session, rol))

        assert other.get("/inwoners/samengevoegd").status_code == 403
        sent = {"eerste": ids[0], "tweede": ids[1]}
        assert other.post("/inwoners/samenvoegen", data=sent).status_code == 403

    def test_another_gemeente_finds_nobody(self, place):
        app, database, _, ids = place
        with database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            person = user(session, Role.CONSULENT, gemeente="0375")
        other = login(app, person, "0375")

        sent = {"inwoner": ids}
        assert other.post("/inwoners/vergelijken", data=sent).status_code == 404

    def test_the_list_asks_as_often_for_many(self, session, by):
        gemeente(session)
        for _ in range(4):
            merge(
                session,
                by,
                inwoner(session, by, bsn=None),
                inwoner(session, by, achternaam="Zeehelm"),
            )

        found = queries_samenvoegen.list_samenvoegingen(session, by, NOW)

        assert [each.naam for each in found] == ["A. Zeehelm"] * 4
