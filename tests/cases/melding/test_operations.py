"""Deeds about the melding."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from build import melding as build
from build.dossier import inwoner
from build.gemeente import NOW, TODAY, actor, gemeente
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.dossier.dossier import (
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.queries import letter_recipient, list_betrokkenen
from loket.cases.melding import operations
from loket.cases.melding.queries import list_behoeften
from loket.cases.producten.product import Domein
from loket.errors import RuleViolation
from loket.outbox.promise import Promise


def trail(session):
    return list(session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))


class TestRegisterMelding:
    def test_opens_a_dossier_with_needs_terms_contact_and_a_line(self, session):
        melding = build.melding(session)

        dossier = session.get_one(Dossier, melding.dossier_id)
        line = session.get_one(Werkvoorraad, dossier.id)
        needs = list_behoeften(session, dossier.id)
        contact = session.scalars(select(Contactmoment)).one()
        assert [str(each.omschrijving) for each in needs] == [
            "Een schoon huis",
            "Overdag onder de mensen",
        ]
        assert needs[1].labels == ["dagbesteding", "vervoer"]
        assert melding.plan_tot == TODAY + timedelta(days=7)
        assert melding.onderzoek_tot == TODAY + timedelta(weeks=6)
        assert line.fase is Fase.NIEUW
        assert line.uiterste_datum == melding.onderzoek_tot
        assert line.termijn_soort == "onderzoek"
        assert set(line.domeinen) == {"huishoudelijke_hulp", "dagbesteding", "vervoer"}
        assert contact.uitkomst is Uitkomst.MELDING

    def test_leaves_one_trail_line_and_promises_the_receipt(self, session):
        client = inwoner(session)
        before = len(trail(session))

        melding = build.melding(session, client=client)

        assert trail(session)[before:] == ["melding.registered"]
        promise = session.scalars(select(Promise)).one()
        assert (promise.topic, promise.subject_id) == ("letters.ontvangst", melding.id)

    def test_freezes_coarse_facts_for_policy(self, session):
        melding = build.melding(session)

        assert melding.pc4 == "1234"
        assert melding.leeftijdsklasse == "75-84"

    def test_counts_from_the_day_of_receipt_and_not_of_registration(self, session):
        melding = build.melding(session, ontvangen_op=TODAY - timedelta(days=12))

        assert melding.onderzoek_tot == TODAY + timedelta(days=30)

    def test_notes_who_reports_and_on_what_authority(self, session):
        mentor = inwoner(session, bsn=None, achternaam="Helmgras")

        melding = build.melding(
            session,
            melder=mentor,
            melder_rol=BetrokkeneRol.VERTEGENWOORDIGER,
            bevoegdheid=Bevoegdheid.MENTOR,
        )

        people = list_betrokkenen(session, melding.dossier_id)
        assert [each.rol for each in people] == [
            BetrokkeneRol.CLIENT,
            BetrokkeneRol.VERTEGENWOORDIGER,
        ]
        assert letter_recipient(session, melding.dossier_id, TODAY).id == mentor.id

    @pytest.mark.parametrize(
        ("differs", "field"),
        [
            ({"behoeften": []}, "behoefte_1"),
            ({"behoeften": [("", [Domein.ZORG])]}, "behoefte_1"),
            ({"behoeften": [("Hulp", [])]}, "labels_1"),
            ({"hulpvraag": "  "}, "hulpvraag"),
            ({"ontvangen_op": TODAY + timedelta(days=1)}, "ontvangen_op"),
            ({"spoed": True}, "spoed_toelichting"),
        ],
    )
    def test_refuses_what_is_incomplete(self, session, differs, field):
        with pytest.raises(RuleViolation) as refused:
            build.melding(session, **differs)

        assert refused.value.field == field

    def test_refuses_a_client_nobody_could_find_again(self, session):
        client = inwoner(session, bsn=None, postcode=None)

        with pytest.raises(RuleViolation, match="postcode"):
            build.melding(session, client=client)

    def test_refuses_a_client_who_died(self, session):
        client = inwoner(session)
        client.record_death(TODAY, NOW)

        with pytest.raises(RuleViolation, match="overleden"):
            build.melding(session, client=client)

    def test_refuses_a_representative_whose_letters_have_no_address(self, session):
        mentor = inwoner(session, bsn=None, straat=None)

        with pytest.raises(RuleViolation) as refused:
            build.melding(session, melder=mentor, bevoegdheid=Bevoegdheid.MENTOR)

        assert refused.value.field == "melder_straat"


class TestAddBehoefte:
    def test_adds_a_need_and_its_domains_to_the_worklist(self, session):
        melding = build.melding(session)
        dossier = session.get_one(Dossier, melding.dossier_id)
        before = len(trail(session))

        operations.add_behoefte(
            session,
            actor(Role.CONSULENT),
            NOW,
            dossier=dossier,
            omschrijving="Veilig de trap op",
            labels=[Domein.HUISVESTING],
        )

        assert trail(session)[before:] == ["behoefte.added"]
        line = session.get_one(Werkvoorraad, dossier.id)
        assert "huisvesting" in line.domeinen
        assert "vervoer" in line.domeinen

    def test_refuses_a_need_without_a_domain(self, session):
        melding = build.melding(session)
        dossier = session.get_one(Dossier, melding.dossier_id)

        with pytest.raises(RuleViolation) as refused:
            operations.add_behoefte(
                session,
                actor(),
                NOW,
                dossier=dossier,
                omschrijving="Veilig de trap op",
                labels=[],
            )

        assert refused.value.field == "labels"


class TestReceivePlan:
    def test_notes_the_day_and_leaves_a_line(self, session):
        melding = build.melding(session)

        operations.receive_plan(
            session, actor(), NOW, melding=melding, ontvangen_op=melding.ontvangen_op
        )

        assert melding.plan_ontvangen_op == melding.ontvangen_op
        assert trail(session)[-1] == "persoonlijk_plan.received"

    def test_happens_once(self, session):
        melding = build.melding(session)
        day = melding.ontvangen_op
        operations.receive_plan(
            session, actor(), NOW, melding=melding, ontvangen_op=day
        )

        with pytest.raises(RuleViolation, match="al ontvangen"):
            operations.receive_plan(
                session, actor(), NOW, melding=melding, ontvangen_op=day
            )

    @pytest.mark.parametrize(
        ("days", "says"), [(-1, "vóór de melding"), (60, "toekomst")]
    )
    def test_refuses_a_day_that_cannot_be(self, session, days, says):
        melding = build.melding(session)

        with pytest.raises(RuleViolation, match=says) as refused:
            operations.receive_plan(
                session,
                actor(),
                NOW,
                melding=melding,
                ontvangen_op=melding.ontvangen_op + timedelta(days=days),
            )

        assert refused.value.field == "ontvangen_op"


class TestGemeente:
    def test_can_be_set_up_with_products_and_letter_texts(self, session):
        made = gemeente(session)

        assert made.code == "0396"
        assert "product.created" in trail(session)
        assert "brieftekst.set" in trail(session)
