"""Deeds about people and their dossiers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from build import dossier as build
from build.gemeente import CODE, NOW, TODAY, actor, actor_of, gemeente, user
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier import (
    operations,
    operations_contact,
    operations_inwoner,
    queries,
)
from loket.cases.dossier.contactmoment import Contactmoment, Kanaal, Uitkomst
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import (
    Afsluitreden,
    BetrokkeneRol,
    Bevoegdheid,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.huishouden import HuishoudenLid, SoortHuishouden
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.voortgang import keep_line
from loket.cases.producten.operations import create_product
from loket.cases.producten.product import Domein, Eenheid
from loket.cases.producten.queries import (
    list_products,
    list_weigeringsgronden,
    product_op,
)
from loket.db import Scope
from loket.errors import LoketError, NotAllowed, NotFound, RuleViolation
from loket.outbox.promise import Promise


@pytest.fixture
def by():
    return actor(Role.CONSULENT, Role.FRONTOFFICE)


@pytest.fixture
def trail(session):
    """The words of the trail that were added since the last look."""
    seen = set()

    def fresh():
        session.flush()
        rows = session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()
        added = [row.action for row in rows if row.id not in seen]
        seen.update(row.id for row in rows)
        return added

    return fresh


class TestRegisterInwoner:
    def test_keeps_who_it_is_and_leaves_one_trail_line(self, session, by, trail):
        person = build.inwoner(session, by, postcode="1234 ab")

        assert trail() == ["inwoner.registered"]
        assert person.naam == "A. Duinzand"
        assert person.postcode == "1234AB"

    def test_nothing_of_it_is_readable_in_the_table(self, session, by):
        build.inwoner(session, by, achternaam="Strandhaver")

        row = session.execute(text("SELECT inwoner::text FROM inwoner")).scalar_one()

        assert "Strandhaver" not in row
        assert b"Strandhaver".hex() not in row

    def test_refuses_a_bsn_that_somebody_has(self, session, by):
        known = build.inwoner(session, by)

        with pytest.raises(RuleViolation) as refused:
            build.inwoner(session, by, bsn=str(known.bsn))

        assert refused.value.field == "bsn"

    def test_the_same_bsn_in_another_gemeente_is_another_inwoner(self, database):
        number = build.new_bsn()
        for code in (CODE, "0405"):
            with database.transaction(Scope.of(code)) as session:
                who = actor(Role.FRONTOFFICE, gemeente=code)
                assert build.inwoner(session, who, bsn=number).gemeente_code == code

    def test_refuses_a_bsn_that_is_no_bsn(self, session, by):
        with pytest.raises(LoketError) as refused:
            build.inwoner(session, by, bsn="999900007")

        assert refused.value.field == "bsn"

    def test_refuses_somebody_without_a_surname(self, session, by):
        with pytest.raises(RuleViolation, match="achternaam"):
            build.inwoner(session, by, achternaam="")


class TestCorrectInwoner:
    def test_names_the_fields_in_the_trail_and_not_the_values(self, session, by, trail):
        person = build.inwoner(session, by)
        trail()

        operations_inwoner.correct_inwoner(
            session, by, NOW, inwoner=person, straat="Zeeweg", woonplaats="Duinstede"
        )

        assert trail() == ["inwoner.corrected"]
        line = session.scalars(
            select(AuditRecord).where(AuditRecord.action == "inwoner.corrected")
        ).one()
        assert line.grond == "straat"
        assert person.straat == "Zeeweg"

    def test_a_corrected_name_is_found_and_the_old_one_no_more(self, session, by):
        person = build.inwoner(session, by)

        operations_inwoner.correct_inwoner(
            session, by, NOW, inwoner=person, achternaam="Helmgras"
        )

        found = queries.search_inwoners(session, by, NOW, achternaam="helmgras")
        gone = queries.search_inwoners(session, by, NOW, achternaam="duinzand")
        assert [each.id for each in found] == [person.id]
        assert gone == []

    def test_refuses_the_bsn_of_somebody_else(self, session, by):
        other, person = build.inwoner(session, by), build.inwoner(session, by)

        with pytest.raises(RuleViolation, match="dit BSN"):
            operations_inwoner.correct_inwoner(
                session, by, NOW, inwoner=person, bsn=str(other.bsn)
            )


class TestRevealBsn:
    def test_shows_it_and_is_recorded(self, session, by, trail):
        case = build.dossier(session, by)
        trail()

        shown = operations_inwoner.reveal_bsn(session, by, NOW, dossier=case)

        assert shown == queries.get_client(session, case.id).bsn
        assert trail() == ["bsn.revealed"]

    def test_refuses_when_there_is_none(self, session, by):
        case = build.dossier(session, by, client=build.inwoner(session, by, bsn=None))

        with pytest.raises(RuleViolation, match="geen BSN"):
            operations_inwoner.reveal_bsn(session, by, NOW, dossier=case)


class TestRecordHuishouden:
    def test_a_new_household_ends_the_older_one_of_that_kind(self, session, by, trail):
        pair = [build.inwoner(session, by), build.inwoner(session, by)]
        start = TODAY - timedelta(days=100)
        for van in (start, TODAY):
            operations_inwoner.record_huishouden(
                session, by, NOW, soort=SoortHuishouden.ADRES, leden=pair, van=van
            )

        members = session.scalars(
            select(HuishoudenLid).where(HuishoudenLid.inwoner_id == pair[0].id)
        )
        periods = sorted((each.van, each.tot) for each in members)
        assert periods[0] == (start, TODAY - timedelta(days=1))
        assert periods[1] == (TODAY, None)
        assert trail().count("huishouden.recorded") == 2

    def test_refuses_an_empty_household(self, session, by):
        with pytest.raises(RuleViolation, match="één lid"):
            operations_inwoner.record_huishouden(
                session, by, NOW, soort=SoortHuishouden.ADRES, leden=[], van=TODAY
            )


class TestRecordDeath:
    def test_promises_that_everything_in_their_name_ends(self, session, by, trail):
        person = build.inwoner(session, by)
        trail()

        operations_inwoner.record_death(
            session, by, NOW, inwoner=person, overleden_op=TODAY
        )

        topics = session.scalars(select(Promise.topic).order_by(Promise.topic)).all()
        assert topics == ["besluit.overleden", "providers.overleden"]
        assert trail() == ["inwoner.death_recorded"]

    def test_happens_once(self, session, by):
        person = build.inwoner(session, by)
        operations_inwoner.record_death(
            session, by, NOW, inwoner=person, overleden_op=TODAY
        )

        with pytest.raises(RuleViolation, match="al vastgelegd"):
            operations_inwoner.record_death(
                session, by, NOW, inwoner=person, overleden_op=TODAY
            )

    def test_refuses_a_day_to_come(self, session, by):
        person = build.inwoner(session, by)

        with pytest.raises(RuleViolation) as refused:
            operations_inwoner.record_death(
                session,
                by,
                NOW,
                inwoner=person,
                overleden_op=TODAY + timedelta(days=1),
            )

        assert refused.value.field == "overleden_op"


class TestOpenDossier:
    def test_makes_the_client_and_a_line_in_the_worklist(self, session, by, trail):
        client = build.inwoner(session, by)
        trail()

        case = build.dossier(session, by, client=client)

        line = session.get_one(Werkvoorraad, case.id)
        assert trail() == ["dossier.opened"]
        assert queries.get_client(session, case.id).id == client.id
        assert (line.fase, line.client_id, line.pc4) == (Fase.NIEUW, client.id, "1234")

    def test_refuses_a_day_to_come(self, session, by):
        with pytest.raises(RuleViolation) as refused:
            build.dossier(session, by, ontvangen_op=TODAY + timedelta(days=1))

        assert refused.value.field == "ontvangen_op"


class TestKeepLine:
    def test_changes_what_is_given_and_leaves_the_rest(self, session, by):
        case = build.dossier(session, by)
        keep_line(session, case.id, termijn_soort="besluit", uiterste_datum=TODAY)

        keep_line(session, case.id, fase=Fase.BESLUIT)

        line = session.get_one(Werkvoorraad, case.id)
        assert (line.fase, line.uiterste_datum) == (Fase.BESLUIT, TODAY)

    def test_takes_a_term_away(self, session, by):
        case = build.dossier(session, by)
        keep_line(session, case.id, termijn_soort="besluit", uiterste_datum=TODAY)

        keep_line(session, case.id, termijn_soort=None, uiterste_datum=None)

        assert session.get_one(Werkvoorraad, case.id).uiterste_datum is None


class TestAddBetrokkene:
    def test_puts_somebody_around_the_client(self, session, by, trail):
        case = build.dossier(session, by)
        trail()

        build.betrokkene(session, case, by)

        assert trail() == ["inwoner.registered", "betrokkene.added"]
        roles = [each.rol for each in queries.list_betrokkenen(session, case.id)]
        assert roles == [BetrokkeneRol.CLIENT, BetrokkeneRol.MANTELZORGER]

    def test_refuses_a_second_client(self, session, by):
        case = build.dossier(session, by)

        with pytest.raises(RuleViolation, match="één cliënt"):
            build.betrokkene(session, case, by, rol=BetrokkeneRol.CLIENT)

    def test_refuses_a_mentor_without_an_address(self, session, by):
        case = build.dossier(session, by)

        with pytest.raises(RuleViolation) as refused:
            build.betrokkene(
                session, case, by, bevoegdheid=Bevoegdheid.MENTOR, straat=None
            )

        assert refused.value.field == "straat"


class TestLetterRecipient:
    def test_is_the_client_when_nobody_represents_them(self, session, by):
        case = build.dossier(session, by)
        build.betrokkene(session, case, by, bevoegdheid=Bevoegdheid.PARTNER)

        to = queries.letter_recipient(session, case.id, TODAY)

        assert to.id == queries.get_client(session, case.id).id

    def test_is_the_curator_before_the_mentor(self, session, by):
        case = build.dossier(session, by)
        build.betrokkene(session, case, by, bevoegdheid=Bevoegdheid.MENTOR)
        curator = build.betrokkene(session, case, by, bevoegdheid=Bevoegdheid.CURATOR)

        to = queries.letter_recipient(session, case.id, TODAY)

        assert to.id == curator.inwoner_id

    def test_is_nobody_whose_authority_had_not_begun(self, session, by):
        case = build.dossier(session, by)
        build.betrokkene(session, case, by, bevoegdheid=Bevoegdheid.CURATOR, van=TODAY)

        to = queries.letter_recipient(session, case.id, TODAY - timedelta(days=1))

        assert to.id == queries.get_client(session, case.id).id


class TestAssignDossier:
    @pytest.fixture(autouse=True)
    def set_up(self, session):
        gemeente(session)

    def test_names_the_consulent_on_the_line(self, session, by, trail):
        case, consulent = build.dossier(session, by), user(session, Role.CONSULENT)
        trail()

        operations.assign_dossier(
            session, by, NOW, dossier=case, consulent_id=consulent.id
        )

        assert trail() == ["dossier.assigned"]
        assert session.get_one(Werkvoorraad, case.id).consulent_id == consulent.id

    def test_refuses_a_closed_dossier(self, session, by):
        case, consulent = build.dossier(session, by), user(session, Role.CONSULENT)
        operations.close_dossier(
            session, by, NOW, dossier=case, reden=Afsluitreden.VERHUISD
        )

        with pytest.raises(RuleViolation, match="gesloten"):
            operations.assign_dossier(
                session, by, NOW, dossier=case, consulent_id=consulent.id
            )


class TestShieldDossier:
    @pytest.fixture(autouse=True)
    def set_up(self, session):
        gemeente(session)

    def test_only_named_people_see_it(self, session, trail):
        lead = user(session, Role.TEAMLEIDER)
        named, other = user(session, Role.CONSULENT), user(session, Role.CONSULENT)
        case = build.dossier(session)
        trail()

        operations.shield_dossier(
            session,
            actor_of(lead, Role.TEAMLEIDER),
            NOW,
            dossier=case,
            user_ids=[named.id],
        )

        assert trail() == ["dossier.shielded"]
        for person in (lead, named):
            assert queries.get_dossier(session, actor_of(person), case.referentie)
        with pytest.raises(NotFound):
            queries.get_dossier(session, actor_of(other), case.referentie)
        with pytest.raises(NotFound):
            queries.dossier_of(session, actor_of(other), case.id)

    def test_a_new_consulent_is_let_in(self, session):
        lead, consulent = user(session, Role.TEAMLEIDER), user(session)
        case, by = build.dossier(session), actor_of(lead, Role.TEAMLEIDER)
        operations.shield_dossier(session, by, NOW, dossier=case, user_ids=[])

        operations.assign_dossier(
            session, by, NOW, dossier=case, consulent_id=consulent.id
        )

        assert queries.get_dossier(session, actor_of(consulent), case.referentie)

    def test_the_client_is_not_shown_to_others_either(self, session):
        lead, other = user(session, Role.TEAMLEIDER), user(session)
        case, by = build.dossier(session), actor_of(lead, Role.TEAMLEIDER)
        client = queries.get_client(session, case.id)
        operations.shield_dossier(session, by, NOW, dossier=case, user_ids=[])

        with pytest.raises(NotFound):
            queries.get_inwoner(session, actor_of(other), client.id)
        assert queries.shielded_among(session, actor_of(other), [client.id])


class TestCloseDossier:
    def test_stops_every_clock(self, session, by, trail):
        case = build.dossier(session, by)
        keep_line(session, case.id, termijn_soort="onderzoek", uiterste_datum=TODAY)
        trail()

        operations.close_dossier(
            session, by, NOW, dossier=case, reden=Afsluitreden.INGETROKKEN
        )

        line = session.get_one(Werkvoorraad, case.id)
        assert trail() == ["dossier.closed"]
        assert (line.fase, line.uiterste_datum) == (Fase.GESLOTEN, None)

    def test_happens_once(self, session, by):
        case = build.dossier(session, by)
        reden = Afsluitreden.INGETROKKEN
        operations.close_dossier(session, by, NOW, dossier=case, reden=reden)

        with pytest.raises(RuleViolation, match="al gesloten"):
            operations.close_dossier(session, by, NOW, dossier=case, reden=reden)


class TestDocuments:
    def make(self, session, by, case):
        return operations.store_document(
            session,
            by,
            NOW,
            dossier_id=case.id,
            soort=DocumentSoort.INGEKOMEN,
            inhoud=b"%PDF een brief",
        )

    def test_are_sealed_at_rest_and_opened_for_a_recorded_reader(
        self, session, by, trail
    ):
        case = build.dossier(session, by)
        trail()
        document = self.make(session, by, case)
        session.expire_all()

        raw = session.execute(text("SELECT inhoud FROM document")).scalar_one()
        opened = queries.get_document(session, by, NOW, document.referentie)

        assert b"een brief" not in bytes(raw)
        assert opened.inhoud == b"%PDF een brief"
        assert trail() == ["document.stored", "document.read"]

    def test_an_empty_file_is_refused(self, session, by):
        case = build.dossier(session, by)

        with pytest.raises(RuleViolation, match="leeg"):
            operations.store_document(
                session,
                by,
                NOW,
                dossier_id=case.id,
                soort=DocumentSoort.INGEKOMEN,
                inhoud=b"",
            )

    def test_sending_finishes_the_task_to_send(self, session, by, trail):
        case = build.dossier(session, by)
        document = self.make(session, by, case)
        taak = operations.set_taak(
            session,
            by,
            NOW,
            dossier_id=case.id,
            soort=TaakSoort.BRIEF_VERZENDEN,
            uiterlijk=TODAY,
            voor_rol=Role.ADMINISTRATIE,
            onderwerp_id=document.id,
        )
        trail()

        operations.send_document(
            session, by, NOW, document=document, verzonden_op=TODAY
        )

        assert trail() == ["document.sent"]
        assert taak.done_at == NOW
        with pytest.raises(RuleViolation, match="al verzonden"):
            operations.send_document(
                session, by, NOW, document=document, verzonden_op=TODAY
            )


class TestTaken:
    def test_are_finished_by_whom_they_are_for(self, session, by, trail):
        case = build.dossier(session, by)
        taak = operations.set_taak(
            session,
            by,
            NOW,
            dossier_id=case.id,
            soort=TaakSoort.GEGEVENS_OPVRAGEN,
            uiterlijk=TODAY,
            voor_rol=Role.ADMINISTRATIE,
        )
        trail()

        with pytest.raises(NotAllowed):
            operations.finish_taak(session, by, NOW, taak=taak)
        operations.finish_taak(session, actor(Role.ADMINISTRATIE), NOW, taak=taak)

        assert trail() == ["taak.done"]
        assert taak.done_at == NOW

    def test_are_for_somebody(self, session, by):
        case = build.dossier(session, by)

        with pytest.raises(RuleViolation, match="voor wie"):
            operations.set_taak(
                session,
                by,
                NOW,
                dossier_id=case.id,
                soort=TaakSoort.GEGEVENS_OPVRAGEN,
                uiterlijk=TODAY,
            )


class TestContactmoment:
    @pytest.mark.parametrize("about", ["dossier", "inwoner", "nobody"])
    def test_is_kept_under_the_key_of_its_owner(self, session, by, trail, about):
        case, person = build.dossier(session, by), build.inwoner(session, by)
        owner = {"dossier": {"dossier": case}, "inwoner": {"inwoner": person}}
        trail()

        contact = operations_contact.record_contactmoment(
            session,
            by,
            NOW,
            kanaal=Kanaal.TELEFOON,
            uitkomst=Uitkomst.INFORMATIE,
            tekst="Vroeg naar de openingstijden.",
            **owner.get(about, {}),
        )

        scopes = {"dossier": case.id, "inwoner": person.id, "nobody": contact.id}
        session.expire_all()
        kept = session.get_one(Contactmoment, contact.id)
        assert kept.scope_id == scopes[about]
        assert kept.tekst == "Vroeg naar de openingstijden."
        assert trail() == ["contactmoment.recorded"]


class TestProducts:
    def test_hold_in_their_period(self, session):
        gemeente(session)

        product = product_op(session, CODE, "01A01", TODAY)

        assert product.domein is Domein.HUISHOUDELIJKE_HULP
        with pytest.raises(RuleViolation) as refused:
            product_op(session, CODE, "01A01", date(2025, 12, 31))
        assert refused.value.field == "product_code"

    def test_are_there_once_in_a_period(self, session, by):
        gemeente(session)

        with pytest.raises(RuleViolation, match="al in deze periode"):
            create_product(
                session,
                by,
                NOW,
                code="01A01",
                categorie="01",
                naam="Nog een",
                domein=Domein.ZORG,
                eenheid=Eenheid.MINUUT,
                is_dienst=True,
                eigen_bijdrage=True,
                van=TODAY,
            )

    def test_and_grounds_can_be_listed(self, session):
        gemeente(session)

        grounds = list_weigeringsgronden(session, CODE, TODAY)

        assert len(list_products(session, CODE, TODAY)) == 6
        assert [each.alleen_pgb for each in grounds].count(True) == 1


class TestSearch:
    def test_finds_by_bsn_and_records_who_was_shown(self, session, by):
        person = build.inwoner(session, by)

        found = queries.search_inwoners(session, by, NOW, bsn=str(person.bsn))

        session.flush()
        line = session.scalars(
            select(AuditRecord).where(AuditRecord.action == "inwoner.searched")
        ).one()
        shown = session.scalars(
            select(AuditSubject.subject_id).where(AuditSubject.record_id == line.id)
        ).all()
        assert [each.id for each in found] == [person.id]
        assert shown == [person.id]

    def test_an_unknown_bsn_finds_nobody(self, session, by):
        assert queries.search_inwoners(session, by, NOW, bsn=build.new_bsn()) == []

    def test_narrows_a_name_with_a_birth_date(self, session, by):
        build.inwoner(session, by)
        other = build.inwoner(session, by, geboortedatum=date(1960, 1, 2))

        found = queries.search_inwoners(
            session, by, NOW, achternaam="Duinzand", geboortedatum=date(1960, 1, 2)
        )

        assert [each.id for each in found] == [other.id]

    def test_refuses_an_empty_question(self, session, by):
        with pytest.raises(RuleViolation, match="Vul een BSN in"):
            queries.search_inwoners(session, by, NOW)

    def test_more_people_than_anybody_reads_is_refused(self, session, by, monkeypatch):
        monkeypatch.setattr(queries, "MOST_FOUND", 2)
        build.inwoner(session, by)
        build.inwoner(session, by)
        two = queries.search_inwoners(session, by, NOW, achternaam="Duinzand")
        build.inwoner(session, by)

        assert len(two) == 2
        with pytest.raises(RuleViolation, match="te veel inwoners"):
            queries.search_inwoners(session, by, NOW, achternaam="Duinzand")

    def test_stays_within_the_gemeente(self, database):
        number = build.new_bsn()
        with database.transaction(Scope.of("0405")) as session:
            there = build.inwoner(session, actor(gemeente="0405"), bsn=number)
            case = build.dossier(session, actor(gemeente="0405"), client=there)
            referentie, dossier_id, client_id = case.referentie, case.id, there.id

        with database.transaction(Scope.of(CODE)) as session:
            assert queries.search_inwoners(session, actor(), NOW, bsn=number) == []
            # also for an actor that says it may: the database itself refuses
            liar = actor(gemeente="0405")
            for who in (actor(), liar):
                with pytest.raises(NotFound):
                    queries.get_dossier(session, who, referentie)
                with pytest.raises(NotFound):
                    queries.dossier_of(session, who, dossier_id)
                with pytest.raises(NotFound):
                    queries.get_inwoner(session, who, client_id)
