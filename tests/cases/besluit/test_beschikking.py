"""Drawing up, deciding and making known; what follows for the right."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from build import besluit as build
from build.besluit import NieuwItem
from build.gemeente import NOW, TODAY, actor, gemeente
from loket.accounts.operations import grant_mandaat, set_instelling
from loket.accounts.user import Deed, Mandaat
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import Beschikking, BesluitSoort
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    end_voorziening,
    take_over_besluit,
)
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.dossier import Fase, Werkvoorraad
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.errors import NotConfigured, NotFound, RuleViolation
from loket.outbox.promise import Promise

CONSULENT = actor(Role.CONSULENT)
COLLEAGUE = actor(Role.CONSULENT)
SYSTEM = Actor.system("0396")
START = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def here(session):
    return gemeente(session)


def trail(session, action):
    session.flush()
    return session.scalar(
        select(func.count())
        .select_from(AuditRecord)
        .where(AuditRecord.action == action)
    )


def promised(session, topic):
    session.flush()
    return list(session.scalars(select(Promise).where(Promise.topic == topic)))


def ready(session, by=CONSULENT, **differs):
    """A concept about one aanvraag, with one regel."""
    asked = build.aanvraag(session, by)
    made = build.concept(session, by, about=asked)
    build.regel(
        session, made, by, aanvraag_item=build.items_of(session, asked)[0], **differs
    )
    return made


def decide(session, made, by=CONSULENT, at=NOW):
    return operations.decide_beschikking(session, by, at, beschikking=made)


class TestDrawUp:
    def test_freezes_the_verordening_of_that_day(self, session):
        made = build.concept(session, about=build.aanvraag(session))

        assert made.verordening_versie == "2026-1"
        assert trail(session, "beschikking.drawn_up") == 1

    def test_numbers_within_the_gemeente(self, session):
        first = build.concept(session, about=build.aanvraag(session))
        second = build.concept(session, about=build.aanvraag(session))

        assert second.nummer == first.nummer + 1

    def test_waits_for_a_verordening(self, session):
        asked = build.aanvraag(session)

        with pytest.raises(NotConfigured, match="verordening"):
            build.concept(session, at=NOW - timedelta(days=400), about=asked)

    def test_refuses_an_aanvraag_of_another_dossier(self, session):
        asked = build.aanvraag(session)

        with pytest.raises(RuleViolation, match="ander dossier"):
            build.concept(session, about=asked, of=build.dossier(session))


class TestRegel:
    @pytest.mark.parametrize(
        ("differs", "field"),
        [
            ({"volume": 0}, "volume"),
            ({"volume": None}, "volume"),
            ({"frequentie": None}, "frequentie"),
            ({"leveringsvorm": None}, "leveringsvorm"),
            ({"ingangsdatum": None}, "ingangsdatum"),
            ({"einddatum": date(2026, 11, 30)}, "einddatum"),
            ({"motivering": "  "}, "motivering"),
            ({"product_code": None}, "product_code"),
            ({"soort": BesluitSoort.WEIGEREN}, "weigeringsgrond_code"),
            (
                {
                    "soort": BesluitSoort.WEIGEREN,
                    "weigeringsgrond_code": "pgb_vaardig",
                },
                "weigeringsgrond_code",
            ),
            ({"soort": BesluitSoort.WIJZIGEN}, "voorziening"),
            ({"soort": BesluitSoort.INTREKKEN}, "herzieningsgrond"),
        ],
    )
    def test_is_refused_when_it_is_not_complete(self, session, differs, field):
        made = build.concept(session, of=build.dossier(session))

        with pytest.raises(RuleViolation) as refused:
            build.regel(session, made, **differs)

        assert refused.value.field == field

    def test_decides_an_item_once(self, session):
        asked = build.aanvraag(session)
        made = build.concept(session, about=asked)
        [item] = build.items_of(session, asked)
        build.regel(session, made, aanvraag_item=item)

        with pytest.raises(RuleViolation, match="staat al een regel"):
            build.regel(session, made, aanvraag_item=item)

    def test_of_another_aanvraag_is_refused(self, session):
        made = build.concept(session, about=build.aanvraag(session))
        [item] = build.items_of(session, build.aanvraag(session))

        with pytest.raises(RuleViolation, match="niet over die aanvraag"):
            build.regel(session, made, aanvraag_item=item)

    def test_gives_no_second_right_to_the_same_service(self, session):
        first = build.besloten(session)
        again = build.concept(session, of=build_dossier_of(session, first))

        with pytest.raises(RuleViolation, match="heeft dit al"):
            build.regel(session, again, ingangsdatum=date(2027, 1, 1))

    def test_for_a_pgb_cannot_become_natura_without_a_test(self, session):
        asked = build.aanvraag(
            session, items=[NieuwItem(build.HUISHOUDEN, Leveringsvorm.PGB)]
        )
        made = build.concept(session, about=asked)
        [item] = build.items_of(session, asked)

        with pytest.raises(RuleViolation, match="vraagt een pgb"):
            build.regel(session, made, aanvraag_item=item)

        regel = build.regel(session, made, aanvraag_item=item, afgezien_van_pgb=True)
        assert regel.gewenste_vorm is Leveringsvorm.NATURA

    def test_taken_away_frees_its_item(self, session):
        asked = build.aanvraag(session)
        made = build.concept(session, about=asked)
        [item] = build.items_of(session, asked)
        regel = build.regel(session, made, aanvraag_item=item)

        operations.remove_besluitregel(
            session, CONSULENT, NOW, beschikking=made, regel=regel
        )

        assert build.regel(session, made, aanvraag_item=item)
        assert trail(session, "besluitregel.removed") == 1
        assert trail(session, "besluitregel.added") == 2


def build_dossier_of(session, made):
    from loket.cases.dossier.dossier import Dossier

    return session.get_one(Dossier, made.dossier_id)


class TestDecide:
    def test_makes_the_right_and_promises_the_letter(self, session):
        made = decide(session, ready(session))

        [right] = queries.list_voorzieningen(session, made.dossier_id)
        [holds] = right.regels
        assert (holds.volume, holds.van) == (120, date(2026, 12, 1))
        assert made.mandaat_id is not None
        assert made.besloten_op == TODAY
        assert [p.subject_id for p in promised(session, "letters.beschikking")] == [
            made.id
        ]
        assert promised(session, "pgb.start") == []
        assert trail(session, "beschikking.decided") == 1

    def test_ends_the_aanvraag_and_asks_to_make_it_known(self, session):
        made = decide(session, ready(session))

        [asked] = queries.aanvragen_of(session, made.id)
        session.refresh(asked)
        line = session.get_one(Werkvoorraad, made.dossier_id)
        assert asked.status == "besloten"
        assert line.fase is Fase.BEKENDMAKEN
        assert line.uiterste_datum == asked.besluit_tot

    def test_in_part_leaves_the_aanvraag_open(self, session):
        asked = build.aanvraag(
            session, items=[NieuwItem(build.HUISHOUDEN), NieuwItem(build.ROLSTOEL)]
        )
        made = build.concept(session, about=asked)
        first = build.items_of(session, asked)[0]
        build.regel(session, made, aanvraag_item=first)

        decide(session, made)

        session.refresh(asked)
        assert asked.status == "open"

    def test_happens_once(self, session):
        made = decide(session, ready(session))

        with pytest.raises(RuleViolation, match="al besloten"):
            decide(session, made)

        assert session.scalar(select(func.count()).select_from(Voorziening)) == 1

    def test_needs_a_regel(self, session):
        made = build.concept(session, about=build.aanvraag(session))

        with pytest.raises(RuleViolation, match="nog geen besluit"):
            decide(session, made)

    def test_waits_for_the_tests_of_a_pgb(self, session):
        made = ready(session, leveringsvorm=Leveringsvorm.PGB, afgezien_van_pgb=True)

        with pytest.raises(RuleViolation, match="drie toetsen"):
            decide(session, made)

    def test_a_refusal_makes_no_right(self, session):
        made = ready(
            session,
            soort=BesluitSoort.WEIGEREN,
            weigeringsgrond_code="eigen_kracht",
        )

        decide(session, made)

        assert queries.list_voorzieningen(session, made.dossier_id) == []

    def test_of_another_gemeente_is_not_found(self, session):
        made = ready(session)

        with pytest.raises(NotFound):
            queries.get_beschikking(
                session, actor(gemeente="0400"), NOW, made.referentie
            )


class TestMandaat:
    @pytest.fixture
    def limited(self, session):
        """Consulenten may grant up to 1,000 euro a year, and nothing else."""
        session.execute(Mandaat.__table__.delete())
        grant_mandaat(
            session,
            SYSTEM,
            NOW,
            deed=Deed.TOEKENNEN,
            rol=Role.CONSULENT,
            max_bedrag_cent=100_000,
            van=START,
        )

    @pytest.mark.usefixtures("limited")
    @pytest.mark.parametrize(
        ("differs", "says"),
        [
            ({"bedrag_cent": 100_001}, "niet hoog genoeg"),
            ({"bedrag_cent": None}, "kosten per jaar"),
            (
                {
                    "soort": BesluitSoort.WEIGEREN,
                    "weigeringsgrond_code": "eigen_kracht",
                },
                "geen mandaat om te weigeren",
            ),
        ],
    )
    def test_names_what_is_missing(self, session, differs, says):
        made = ready(session, **differs)

        with pytest.raises(RuleViolation, match=says):
            decide(session, made)

    @pytest.mark.usefixtures("limited")
    def test_reaches_to_its_limit(self, session):
        assert decide(session, ready(session, bedrag_cent=100_000)).decided_at

    def test_is_of_a_role(self, session):
        with pytest.raises(RuleViolation, match="geen mandaat"):
            decide(session, ready(session), by=actor(Role.ADMINISTRATIE))


class TestFourEyes:
    @pytest.fixture(autouse=True)
    def asked(self, session, here):
        set_instelling(
            session, SYSTEM, NOW, sleutel="vier_ogen", waarde=True, van=START
        )

    def test_who_drew_it_up_does_not_decide_alone(self, session):
        with pytest.raises(RuleViolation, match="Laat een collega"):
            decide(session, ready(session))

    def test_who_drew_it_up_does_not_review_it(self, session):
        made = ready(session)

        with pytest.raises(RuleViolation, match="kan haar niet nakijken"):
            operations.review_beschikking(session, CONSULENT, NOW, beschikking=made)

    def test_a_colleague_decides(self, session):
        assert decide(session, ready(session), by=COLLEAGUE).decided_at

    def test_a_review_lets_the_first_decide(self, session):
        made = ready(session)
        operations.review_beschikking(session, COLLEAGUE, NOW, beschikking=made)

        assert decide(session, made).decided_at
        assert trail(session, "beschikking.reviewed") == 1

    def test_a_change_asks_for_a_new_review(self, session):
        made = ready(session)
        operations.review_beschikking(session, COLLEAGUE, NOW, beschikking=made)
        build.regel(
            session,
            made,
            CONSULENT,
            soort=BesluitSoort.WEIGEREN,
            product_code=build.ROLSTOEL,
            weigeringsgrond_code="eigen_kracht",
        )

        with pytest.raises(RuleViolation, match="Laat een collega"):
            decide(session, made)


class TestMakeKnown:
    def test_starts_six_weeks_for_bezwaar(self, session):
        """C01: sent on 28 April, bezwaar until 9 June."""
        made = build.bekendgemaakt(session, op=TODAY)

        line = session.get_one(Werkvoorraad, made.dossier_id)
        assert made.bezwaar_tot == TODAY + timedelta(weeks=6)
        assert line.fase is Fase.PLAATSEN
        assert line.uiterste_datum is None
        assert trail(session, "beschikking.made_known") == 1

    def test_counts_the_six_weeks_of_the_worked_case(self, session):
        """C01: sent on 28 April 2026, bezwaar until 9 June."""
        made = Beschikking(decided_at=NOW, besloten_op=date(2026, 4, 28))
        made.document_id = made.id

        made.make_known(date(2026, 4, 28), CONSULENT.id, NOW)

        assert made.bezwaar_tot == date(2026, 6, 9)

    def test_waits_for_the_decision(self, session):
        with pytest.raises(RuleViolation, match="nog niet besloten"):
            self.make_known(session, ready(session))

    def test_waits_for_the_letter(self, session):
        with pytest.raises(RuleViolation, match="brief is nog niet klaar"):
            self.make_known(session, build.besloten(session))

    def test_happens_once(self, session):
        with pytest.raises(RuleViolation, match="al bekendgemaakt"):
            self.make_known(session, build.bekendgemaakt(session))

    @pytest.mark.parametrize(
        ("op", "says"),
        [
            (TODAY - timedelta(days=1), "niet vóór het besluit"),
            (TODAY + timedelta(days=1), "toekomst"),
        ],
    )
    def test_refuses_a_day_that_cannot_be(self, session, op, says):
        made = build.besloten(session)
        build.keep(session, "letters.beschikking")

        with pytest.raises(RuleViolation, match=says):
            self.make_known(session, made, op)

    def make_known(self, session, made, op=TODAY):
        return operations.make_known_beschikking(
            session, CONSULENT, NOW, beschikking=made, bekendgemaakt_op=op
        )


class TestChange:
    def test_closes_the_running_regel_the_day_before(self, session):
        right = build.voorziening(session)
        self.change(session, right, volume=180, ingangsdatum=date(2027, 3, 1))

        [fresh] = queries.list_voorzieningen(session, right.dossier_id)
        assert [(r.van, r.tot, r.volume) for r in fresh.regels] == [
            (date(2026, 12, 1), date(2027, 2, 28), 120),
            (date(2027, 3, 1), date(2028, 11, 30), 180),
        ]

    def test_never_overlaps(self, session):
        right = build.voorziening(session)

        with pytest.raises(RuleViolation, match="geldt al een andere regel"):
            self.change(session, right, ingangsdatum=date(2026, 12, 1))

    def test_extends_a_right_that_would_end(self, session):
        right = build.voorziening(session)
        self.change(
            session,
            right,
            soort=BesluitSoort.VERLENGEN,
            ingangsdatum=date(2028, 12, 1),
            einddatum=None,
        )

        holds = queries.regel_op(session, right.id, date(2030, 1, 1))
        assert holds is not None
        assert holds.volume == 120

    def test_takes_a_right_back_from_a_day_on(self, session):
        right = build.voorziening(session)
        self.change(
            session,
            right,
            soort=BesluitSoort.INTREKKEN,
            herzieningsgrond="b",
            ingangsdatum=date(2027, 1, 1),
        )

        [fresh] = queries.list_voorzieningen(session, right.dossier_id)
        assert fresh.eindreden is Eindreden.INGETROKKEN
        assert fresh.geeindigd_op == date(2026, 12, 31)
        assert queries.regel_op(session, right.id, date(2027, 1, 1)) is None

    def change(self, session, right, **differs):
        made = build.concept(session, of=build_dossier_of(session, right))
        build.regel(
            session,
            made,
            voorziening=right,
            **{"soort": BesluitSoort.WIJZIGEN} | differs,
        )
        return decide(session, made)


class TestEnd:
    def test_ends_every_regel(self, session):
        right = build.voorziening(session)

        end_voorziening(
            session,
            CONSULENT,
            NOW,
            voorziening=right,
            geeindigd_op=date(2027, 1, 31),
            reden=Eindreden.VERHUISD,
        )

        [fresh] = queries.list_voorzieningen(session, right.dossier_id)
        assert [r.tot for r in fresh.regels] == [date(2027, 1, 31)]
        assert trail(session, "voorziening.ended") == 1

    def test_before_it_began_leaves_no_regel(self, session):
        right = build.voorziening(session)

        end_voorziening(
            session,
            CONSULENT,
            NOW,
            voorziening=right,
            geeindigd_op=date(2026, 11, 1),
            reden=Eindreden.VERHUISD,
        )

        [fresh] = queries.list_voorzieningen(session, right.dossier_id)
        assert fresh.regels == []

    def test_is_not_a_way_to_withdraw(self, session):
        with pytest.raises(RuleViolation, match="beschikking"):
            end_voorziening(
                session,
                CONSULENT,
                NOW,
                voorziening=build.voorziening(session),
                geeindigd_op=TODAY,
                reden=Eindreden.INGETROKKEN,
            )


class TestTakeOver:
    REGEL = OvergenomenRegel(
        build.HUISHOUDEN,
        Leveringsvorm.NATURA,
        150,
        Frequentie.WEEK,
        date(2026, 2, 1),
    )

    def test_makes_the_right_and_no_letter(self, session):
        made = self.take_over(session, self.REGEL)

        [right] = queries.list_voorzieningen(session, made.dossier_id)
        assert right.regels[0].volume == 150
        assert promised(session, "letters.beschikking") == []
        assert trail(session, "besluit.taken_over") == 1
        assert queries.find_beschikking_by_number(session, "0396", "2019-77") is made

    def test_happens_once_per_number(self, session):
        of = build.dossier(session)
        self.take_over(session, self.REGEL, of)

        with pytest.raises(RuleViolation, match="al overgenomen"):
            self.take_over(session, self.REGEL, of)

    def test_needs_something_to_take_over(self, session):
        with pytest.raises(RuleViolation, match="minstens één"):
            self.take_over(session)

    def take_over(self, session, *regels, of=None):
        if regels and not isinstance(regels[-1], OvergenomenRegel):
            *regels, of = regels
        return take_over_besluit(
            session,
            actor(Role.ADMINISTRATIE),
            NOW,
            dossier=of or build.dossier(session),
            extern_nummer=" 2019-77 ",
            besloten_op=date(2026, 1, 15),
            regels=regels,
        )


class TestBezwaar:
    def test_on_one_regel_has_its_own_clock(self, session):
        made = build.bekendgemaakt(session)
        [regel] = queries.list_regels(session, made.id)

        bezwaar = self.receive(session, made, besluitregel=regel)

        line = session.get_one(Werkvoorraad, made.dossier_id)
        assert bezwaar.op_tijd
        assert bezwaar.beslissen_tot == made.bezwaar_tot + timedelta(weeks=6)
        assert line.termijn_soort == "bezwaar"
        assert trail(session, "bezwaar.received") == 1

    def test_waits_for_the_bekendmaking(self, session):
        with pytest.raises(RuleViolation, match="niet bekendgemaakt"):
            self.receive(session, build.besloten(session))

    @pytest.mark.parametrize(
        ("days", "posted", "in_time"),
        [(0, None, True), (1, None, False), (7, 0, True), (8, 0, False), (7, 1, False)],
    )
    def test_is_in_time_when_posted_in_time(self, session, days, posted, in_time):
        made = build.bekendgemaakt(session)
        tot = made.bezwaar_tot

        bezwaar = self.receive(
            session,
            made,
            at=NOW + timedelta(days=90),
            ontvangen_op=tot + timedelta(days=days),
            gepost_op=None if posted is None else tot + timedelta(days=posted),
        )

        assert bezwaar.op_tijd is in_time

    def receive(self, session, made, at=NOW, **differs):
        answers = {"ontvangen_op": TODAY, "gronden": "Ik heb het wel nodig."}
        return receive_bezwaar(
            session, CONSULENT, at, beschikking=made, **answers | differs
        )
