"""What is due, what stands on a list, and who may do which step of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from build import besluit
from build.archief import (
    GO,
    GO_DAY,
    THEN,
    approved,
    day,
    old_dossier,
    regels,
    three,
)
from build.gemeente import NOW, TODAY, actor, gemeente
from build.trail import trail_of
from loket.accounts.operations import set_instelling
from loket.archief import operations_lijst as operations
from loket.archief import queries_lijst
from loket.archief.bewaartermijn import Bewaartermijn, Zaakresultaat
from loket.archief.queries import bewaartermijn_op, bewaring_van
from loket.archief.vernietigingslijst import (
    Regelsoort,
    Tegenhoudreden,
    Uithaalreden,
)
from loket.authz import Actor, Role
from loket.cases.besluit import operations_stop
from loket.cases.besluit.beroep import Gerecht
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.queries_stop import get_stop, list_stops
from loket.cases.besluit.vernietigingsstop import Stopgrond
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.queries import get_client, read_dossier
from loket.cases.dossier.taak import TaakSoort
from loket.errors import NotFound, RuleViolation
from loket.rechten.correctieverzoek import Onderwerp
from loket.rechten.inzageverzoek import Aanvrager, Weigergrond
from loket.rechten.operations import register_inzageverzoek
from loket.rechten.operations_correctie import register_correctieverzoek

HERE = "0396"


@pytest.fixture(autouse=True)
def duinstede(session):
    gemeente(session)


def kept(session, dossier, today=GO_DAY):
    return bewaring_van(session, [dossier], bewaartermijn_op(session, HERE, today))[
        dossier.id
    ]


class TestTermijn:
    def test_the_later_of_two_days_counts(self):
        termijn = Bewaartermijn(15, dict.fromkeys(Zaakresultaat, 15), {})
        changed, ended = day("2012-05-01"), day("2010-03-01")

        assert termijn.dossier_vanaf(Zaakresultaat.VERSTREKT, changed, ended) == day(
            "2027-05-02"
        )
        assert termijn.dossier_vanaf(Zaakresultaat.VERSTREKT, ended, changed) == day(
            "2027-05-02"
        )

    def test_on_the_last_day_of_the_term_it_is_still_kept(self):
        termijn = Bewaartermijn(15, dict.fromkeys(Zaakresultaat, 15), {})

        assert termijn.persoon_vanaf(day("2010-03-01")) == day("2025-03-02")
        # a term of years that ends on a day that is not there
        assert termijn.persoon_vanaf(day("2012-02-29")) == day("2027-03-01")


class TestBewaring:
    def test_counts_from_the_last_change_and_not_from_a_look(self, session):
        dossier = old_dossier(session)
        by = actor(Role.CONSULENT)
        read_dossier(session, by, GO, dossier.referentie)
        session.flush()

        assert kept(session, dossier).laatste_wijziging == THEN.date()

        store_document(
            session,
            by,
            THEN + timedelta(days=400),
            dossier_id=dossier.id,
            soort=DocumentSoort.INGEKOMEN,
            inhoud=b"later",
        )
        session.flush()

        found = kept(session, dossier)
        assert found.laatste_wijziging == (THEN + timedelta(days=400)).date()
        assert found.vanaf == date(2026, 4, 6)
        assert not found.is_due(GO.date())

    def test_a_norm_that_changes_counts_at_once(self, session):
        dossier = old_dossier(session)
        assert kept(session, dossier).is_due(GO.date())

        set_instelling(
            session,
            Actor.system(HERE),
            NOW,
            sleutel="bewaren_wijziging_jaren",
            waarde=20,
            van=GO.date(),
        )
        session.flush()

        assert kept(session, dossier).vanaf == date(2030, 3, 2)
        # before that day the old norm held
        assert kept(session, dossier, GO.date() - timedelta(days=1)).vanaf == date(
            2025, 3, 2
        )

    def test_a_voorziening_keeps_it_until_it_has_ended(self, session):
        right = besluit.voorziening(session)
        dossier = session.get_one(Dossier, right.dossier_id)
        assert {"open", "voorziening"} <= set(kept(session, dossier).loopt)
        assert kept(session, dossier).resultaat is Zaakresultaat.VERSTREKT
        assert kept(session, dossier).vanaf is None

        end_voorziening(
            session,
            actor(Role.CONSULENT),
            NOW,
            voorziening=right,
            geeindigd_op=TODAY,
            reden=Eindreden.DOEL_BEREIKT,
        )
        session.flush()

        assert "voorziening" not in kept(session, dossier).loopt

    def test_an_open_task_keeps_it(self, session):
        dossier = old_dossier(session)
        set_taak(
            session,
            actor(Role.CONSULENT),
            THEN,
            dossier_id=dossier.id,
            soort=TaakSoort.CLIENT_BELLEN,
            uiterlijk=THEN.date(),
            voor_rol=Role.CONSULENT,
        )
        session.flush()

        assert kept(session, dossier).loopt == ("taak",)
        with pytest.raises(RuleViolation, match="niets dat vernietigd mag"):
            operations.propose_lijst(session, three().voorsteller, GO)


class TestStop:
    def test_a_bezwaar_opens_one_and_its_end_is_a_deed(self, session):
        known = besluit.bekendgemaakt(session)
        bezwaar = receive_bezwaar(
            session,
            actor(Role.CONSULENT),
            NOW,
            beschikking=known,
            ontvangen_op=TODAY,
            gronden="Te weinig.",
        )
        (stop,) = list_stops(session, known.dossier_id)
        assert (stop.grond, stop.bron_id) == (Stopgrond.BEZWAAR, bezwaar.id)

        lifter = actor(Role.TEAMLEIDER)
        with pytest.raises(RuleViolation, match="op welke dag is beslist"):
            operations_stop.lift_stop(session, lifter, NOW, stop=stop)
        with pytest.raises(RuleViolation, match="toekomst"):
            operations_stop.lift_stop(
                session, lifter, NOW, stop=stop, afgehandeld_op=date(2027, 1, 1)
            )
        operations_stop.lift_stop(session, lifter, NOW, stop=stop, afgehandeld_op=TODAY)
        session.flush()

        assert stop.lifted_by_id == lifter.id
        assert session.get_one(Bezwaar, bezwaar.id).decided_at == NOW
        with pytest.raises(RuleViolation, match="al opgeheven"):
            operations_stop.lift_stop(
                session, lifter, NOW, stop=stop, afgehandeld_op=TODAY
            )

    def test_a_beroep_opens_one_until_the_uitspraak(self, session):
        dossier = old_dossier(session)
        by = actor(Role.CONSULENT)
        beroep = operations_stop.register_beroep(
            session,
            by,
            GO,
            dossier=dossier,
            gerecht=Gerecht.RECHTBANK,
            zaaknummer="HAA 26/1234",
            ingesteld_op=GO.date(),
        )
        assert set(kept(session, dossier).loopt) == {"stop", "beroep"}
        (stop,) = list_stops(session, dossier.id)

        operations_stop.lift_stop(session, by, GO, stop=stop, afgehandeld_op=GO.date())
        session.flush()

        assert beroep.uitspraak_op == GO.date()
        assert kept(session, dossier).loopt == ()

    def test_what_a_resident_asked_is_answered_first(self, session):
        dossier, by = old_dossier(session), actor(Role.FRONTOFFICE)
        client = get_client(session, dossier.id)
        verzoek = register_inzageverzoek(
            session,
            by,
            GO,
            inwoner=client,
            kanaal=Kanaal.BALIE,
            ontvangen_op=GO.date(),
            aanvrager=Aanvrager.INWONER,
        )
        register_correctieverzoek(
            session,
            by,
            GO,
            dossier=dossier,
            onderwerp=Onderwerp.GEGEVENS,
            gevraagd="Mijn huisnummer klopt niet.",
            ontvangen_op=GO.date(),
        )
        assert set(kept(session, dossier).loopt) >= {"inzage", "correctie"}

        verzoek.weigergrond = Weigergrond.NIET_BEVOEGD
        session.flush()
        assert "inzage" not in kept(session, dossier).loopt
        assert "correctie" in kept(session, dossier).loopt

    def test_by_hand_it_never_lapses_by_itself(self, session):
        dossier = old_dossier(session)
        stop = operations_stop.place_stop(
            session,
            actor(Role.CONSULENT),
            THEN,
            dossier=dossier,
            grond=Stopgrond.REKENKAMER,
            toelichting="De rekenkamer onderzoekt 2009.",
            tot=date(2011, 1, 1),
        )

        assert kept(session, dossier).loopt == ("stop",)
        with pytest.raises(RuleViolation, match="niets dat vernietigd mag"):
            operations.propose_lijst(session, three().voorsteller, GO)
        assert trail_of(session, stop.id) == ["vernietigingsstop.placed"]

    @pytest.mark.parametrize("grond", [Stopgrond.BEZWAAR, Stopgrond.BEROEP])
    def test_by_hand_no_bezwaar_is_claimed(self, session, grond):
        with pytest.raises(RuleViolation, match="komt vanzelf"):
            operations_stop.place_stop(
                session,
                actor(Role.CONSULENT),
                THEN,
                dossier=old_dossier(session),
                grond=grond,
                toelichting="Zomaar.",
            )

    def test_is_found_on_its_own_dossier_only(self, session):
        one, other = old_dossier(session), old_dossier(session)
        stop = operations_stop.place_stop(
            session,
            actor(Role.CONSULENT),
            THEN,
            dossier=one,
            grond=Stopgrond.WOO,
            toelichting="Verzoek.",
        )

        with pytest.raises(NotFound):
            get_stop(session, other.id, stop.id)


class TestPropose:
    def test_holds_what_is_due_and_who_is_in_nothing_else(self, session):
        dossier = old_dossier(session)
        young = old_dossier(session, GO - timedelta(days=1000))

        lijst = operations.propose_lijst(session, three().voorsteller, GO)

        found = regels(session, lijst)
        assert [each.scope_id for each in found][:1] == [dossier.id]
        assert [each.soort for each in found] == [
            Regelsoort.DOSSIER,
            *[Regelsoort.INWONER] * 2,
        ]
        assert young.id not in {each.scope_id for each in found}
        assert found[0].grond == "bewaartermijn voorbij (Wmo art. 5.3.4)"

    def test_the_code_of_the_selectielijst_stands_in_the_ground(self, session):
        set_instelling(
            session,
            Actor.system(HERE),
            NOW,
            sleutel="selectielijst_afgebroken",
            waarde="8.4",
            van=date(2026, 1, 1),
        )
        old_dossier(session)

        lijst = operations.propose_lijst(session, three().voorsteller, GO)

        assert regels(session, lijst)[0].grond == (
            "bewaartermijn voorbij (Wmo art. 5.3.4, selectielijst 8.4)"
        )

    def test_nothing_stands_on_two_lists(self, session):
        old_dossier(session)
        operations.propose_lijst(session, three().voorsteller, GO)

        with pytest.raises(RuleViolation, match="staat al op een lijst"):
            operations.propose_lijst(session, three().voorsteller, GO)


class TestThreePeople:
    @pytest.fixture
    def lijst(self, session):
        old_dossier(session)
        return operations.propose_lijst(session, self.by.voorsteller, GO)

    @pytest.fixture(autouse=True)
    def people(self):
        self.by = three()

    def test_who_proposed_does_not_check(self, session, lijst):
        with pytest.raises(RuleViolation, match="andere stap"):
            operations.review_lijst(session, self.by.voorsteller, GO, lijst=lijst)

    def test_who_proposed_or_checked_does_not_approve(self, session, lijst):
        operations.review_lijst(session, self.by.nakijker, GO, lijst=lijst)

        for again in (self.by.voorsteller, self.by.nakijker):
            with pytest.raises(RuleViolation, match="andere stap"):
                operations.approve_lijst(session, again, GO, lijst=lijst)

    def test_the_database_knows_it_too(self, session, lijst):
        lijst.reviewed_at, lijst.reviewed_by_id = GO, lijst.proposed_by_id

        with pytest.raises(IntegrityError, match="three_people"):
            session.flush()

    def test_it_is_checked_before_it_is_approved(self, session, lijst):
        with pytest.raises(RuleViolation, match="nog niet nagekeken"):
            operations.approve_lijst(session, self.by.archivaris, GO, lijst=lijst)

    def test_each_step_happens_once(self, session, lijst):
        operations.review_lijst(session, self.by.nakijker, GO, lijst=lijst)
        with pytest.raises(RuleViolation, match="al nagekeken"):
            operations.review_lijst(session, self.by.archivaris, GO, lijst=lijst)
        operations.approve_lijst(session, self.by.archivaris, GO, lijst=lijst)
        with pytest.raises(RuleViolation, match="al goedgekeurd"):
            operations.approve_lijst(session, actor(Role.ARCHIVARIS), GO, lijst=lijst)

    def test_a_line_leaves_with_a_reason_before_it_is_checked(self, session, lijst):
        regel = regels(session, lijst)[0]
        take = {"lijst": lijst, "regel": regel, "reden": Uithaalreden.BELANG}
        with pytest.raises(RuleViolation, match="collega kijkt hem na"):
            operations.remove_regel(session, self.by.voorsteller, GO, **take)
        with pytest.raises(RuleViolation, match="een van de redenen"):
            operations.remove_regel(
                session, self.by.nakijker, GO, **take | {"reden": Uithaalreden.STOP}
            )

        operations.remove_regel(session, self.by.nakijker, GO, **take)

        assert regel.uithaalreden is Uithaalreden.BELANG
        with pytest.raises(RuleViolation, match="al van de lijst"):
            operations.remove_regel(session, self.by.nakijker, GO, **take)
        operations.review_lijst(session, self.by.nakijker, GO, lijst=lijst)
        with pytest.raises(RuleViolation, match="al nagekeken"):
            operations.remove_regel(
                session,
                self.by.nakijker,
                GO,
                **take | {"regel": regels(session, lijst)[1]},
            )

    def test_only_one_of_the_three_stops_it(self, session):
        old_dossier(session)
        lijst = approved(session, by=self.by)
        with pytest.raises(RuleViolation, match="Alleen wie een stap"):
            operations.stop_lijst(
                session,
                actor(Role.ARCHIVARIS),
                GO,
                lijst=lijst,
                reden=Tegenhoudreden.FOUT,
            )

        operations.stop_lijst(
            session, self.by.voorsteller, GO, lijst=lijst, reden=Tegenhoudreden.FOUT
        )

        session.flush()
        assert {each.status for each in regels(session, lijst)} == {"eruit"}
        with pytest.raises(RuleViolation, match="tegengehouden"):
            operations.review_lijst(session, actor(), GO, lijst=lijst)
        # and what was on it may come on another
        assert operations.propose_lijst(session, self.by.voorsteller, GO)

    def test_what_may_not_go_any_more_leaves_at_the_next_step(self, session, lijst):
        dossier = session.get_one(Dossier, regels(session, lijst)[0].scope_id)
        dossier.closed_at = dossier.closed_by_id = dossier.afsluitreden = None
        session.flush()

        gone = operations.review_lijst(session, self.by.nakijker, GO, lijst=lijst)

        assert gone == 1
        assert regels(session, lijst)[0].uithaalreden is Uithaalreden.LOOPT_NOG

    def test_a_list_of_another_gemeente_is_not_there(self, session, lijst):
        other = actor(Role.ARCHIVARIS, gemeente="0375")

        with pytest.raises(NotFound):
            queries_lijst.get_lijst(session, other, lijst.referentie)
        assert queries_lijst.list_lijsten(session, other) == []
