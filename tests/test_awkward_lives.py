"""Three awkward lives that the model must carry, on a real PostgreSQL."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from build import besluit as build
from build.besluit import NieuwItem
from build.dossier import inwoner
from build.gemeente import NOW, TODAY, actor, gemeente
from build.melding import melding
from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Opschortgrond
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.operations_aanvraag import suspend_aanvraag
from loket.cases.besluit.operations_beschikking import (
    decide_beschikking,
    make_known_beschikking,
)
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.voorziening import Eindreden, VoorzieningRegel
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.operations_inwoner import record_death, record_huishouden
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.cases.producten.product import Eenheid, Frequentie
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel, Contractvorm
from loket.providers.toewijzing import Toewijzing

CONSULENT = actor(Role.CONSULENT)
HERE = {"gemeente_code": "0396"}


@pytest.fixture(autouse=True)
def here(session):
    return gemeente(session)


@pytest.fixture
def line(session):
    """A contract line for household help."""
    aanbieder = Aanbieder(
        naam="Helder Thuis", agb="12345678", telefoon="010", created_at=NOW
    )
    session.add(aanbieder)
    session.flush()
    contract = Contract(
        **HERE,
        aanbieder_id=aanbieder.id,
        nummer="C-1",
        vorm=Contractvorm.INSPANNINGSGERICHT,
        berichten=True,
        plaatsingsverzoek=False,
        van=date(2026, 1, 1),
        created_at=NOW,
        created_by_id=CONSULENT.id,
    )
    session.add(contract)
    session.flush()
    found = Contractregel(
        **HERE,
        contract_id=contract.id,
        aanbieder_id=aanbieder.id,
        product_code=build.HUISHOUDEN,
        tarief_cent=60,
        van=date(2026, 1, 1),
    )
    session.add(found)
    session.flush()
    return found


def toewijzing(session, right, line, volume, van, tot):
    made = Toewijzing(
        **HERE,
        nummer=next_number(session, "0396", TellerSoort.TOEWIJZING),
        dossier_id=right.dossier_id,
        voorziening_id=right.id,
        aanbieder_id=line.aanbieder_id,
        contractregel_id=line.id,
        contractvorm=Contractvorm.INSPANNINGSGERICHT,
        product_code=right.product_code,
        volume=volume,
        eenheid=Eenheid.MINUUT,
        frequentie=Frequentie.WEEK,
        van=van,
        tot=tot,
        made_at=NOW,
        made_by_id=CONSULENT.id,
    )
    session.add(made)
    session.flush()
    return made


class TestLifeA:
    """Household help on the name of the husband, who dies."""

    @pytest.fixture
    def couple(self, session):
        of = build.dossier(session)
        husband, wife = get_client(session, of.id), inwoner(session)
        record_huishouden(
            session,
            CONSULENT,
            NOW,
            soort=SoortHuishouden.LEEFEENHEID,
            leden=[husband, wife],
            van=date(1980, 1, 1),
        )
        right = build.voorziening(
            session, of=of, ingangsdatum=date(2026, 11, 1), einddatum=None
        )
        record_death(session, CONSULENT, NOW, inwoner=husband, overleden_op=TODAY)
        build.keep(session, "besluit.overleden")
        return right, wife

    def test_his_right_ends_on_that_day(self, session, couple):
        [right] = queries.list_voorzieningen(session, couple[0].dossier_id)

        assert right.eindreden is Eindreden.OVERLEDEN
        assert queries.regel_op(session, right.id, TODAY) is not None
        assert queries.regel_op(session, right.id, TODAY + timedelta(days=1)) is None

    def test_nobody_forgets_her(self, session, couple):
        [task] = session.scalars(select(Taak)).all()

        assert task.soort is TaakSoort.PARTNER_BENADEREN
        assert task.onderwerp_id == couple[1].id
        assert task.uiterlijk == TODAY + timedelta(days=1)

    def test_she_gets_a_bridge_from_the_next_day_and_a_melding_of_her_own(
        self, session, couple
    ):
        hers = melding(
            session,
            client=couple[1],
            spoed=True,
            spoed_toelichting="Haar man is overleden.",
        )
        bridge = build.concept(session, of=session.get_one(Dossier, hers.dossier_id))
        build.regel(
            session,
            bridge,
            ingangsdatum=TODAY + timedelta(days=1),
            einddatum=hers.onderzoek_tot,
        )
        decide_beschikking(session, CONSULENT, NOW, beschikking=bridge)

        [right] = queries.list_voorzieningen(session, hers.dossier_id)
        assert right.gerechtigde_id == couple[1].id
        assert queries.regel_op(session, right.id, TODAY + timedelta(days=1))
        assert queries.aanvragen_of(session, bridge.id) == []

    def test_the_dead_get_nothing_new(self, session, couple):
        his = session.get_one(Dossier, couple[0].dossier_id)
        made = build.concept(session, of=his)

        with pytest.raises(RuleViolation, match="overleden"):
            build.regel(session, made, ingangsdatum=TODAY + timedelta(days=1))


class TestLifeB:
    """120 minutes without end, and 60 more for eight weeks."""

    @pytest.fixture
    def right(self, session):
        right = build.voorziening(
            session, ingangsdatum=date(2026, 12, 1), einddatum=None
        )
        made = build.concept(session, of=session.get_one(Dossier, right.dossier_id))
        for volume, van, tot in (
            (180, date(2027, 1, 4), date(2027, 2, 28)),
            (120, date(2027, 3, 1), None),
        ):
            build.regel(
                session,
                made,
                soort=BesluitSoort.WIJZIGEN,
                voorziening=right,
                volume=volume,
                ingangsdatum=van,
                einddatum=tot,
            )
        decide_beschikking(session, CONSULENT, NOW, beschikking=made)
        [fresh] = queries.list_voorzieningen(session, right.dossier_id)
        return fresh

    def test_is_one_right_with_three_regels_that_follow_each_other(self, right):
        assert [(r.volume, r.van, r.tot) for r in right.regels] == [
            (120, date(2026, 12, 1), date(2027, 1, 3)),
            (180, date(2027, 1, 4), date(2027, 2, 28)),
            (120, date(2027, 3, 1), None),
        ]

    def test_has_three_toewijzingen_with_numbers_of_their_own(
        self, session, right, line
    ):
        made = [
            toewijzing(session, right, line, regel.volume, regel.van, tot)
            for regel, tot in zip(
                right.regels,
                (date(2027, 1, 3), date(2027, 2, 28), date(2027, 12, 31)),
                strict=True,
            )
        ]

        assert len({each.nummer for each in made}) == 3
        assert {each.voorziening_id for each in made} == {right.id}

    def test_the_database_refuses_a_weekly_toewijzing_without_end(
        self, session, right, line
    ):
        with pytest.raises(IntegrityError, match="weekly_has_end_cd076"):
            toewijzing(session, right, line, 120, date(2027, 3, 1), None)

    @pytest.mark.parametrize(
        ("van", "tot"),
        [
            (date(2027, 2, 28), date(2027, 2, 28)),
            (date(2030, 1, 1), None),
            (date(2026, 1, 1), date(2026, 12, 1)),
        ],
    )
    def test_the_database_refuses_two_regels_on_one_day(self, session, right, van, tot):
        first = right.regels[0]
        session.add(
            VoorzieningRegel(
                **HERE,
                voorziening_id=right.id,
                dossier_id=right.dossier_id,
                besluitregel_id=first.besluitregel_id,
                leveringsvorm=first.leveringsvorm,
                volume=60,
                eenheid=first.eenheid,
                frequentie=first.frequentie,
                van=van,
                tot=tot,
            )
        )

        with pytest.raises(IntegrityError, match="no_overlap"):
            session.flush()


class TestLifeC:
    """Granted, refused and suspended in one dossier; then a bezwaar and a fall."""

    @pytest.fixture
    def life(self, session):
        of = build.dossier(session)
        asked = build.aanvraag(
            session,
            of=of,
            items=[NieuwItem(build.HUISHOUDEN), NieuwItem(build.ROLSTOEL)],
        )
        lift = build.aanvraag(session, of=of, items=[NieuwItem(build.TRAPLIFT)])
        suspend_aanvraag(
            session,
            CONSULENT,
            NOW,
            aanvraag=lift,
            grond=Opschortgrond.INSTEMMING,
            gevraagd_op=TODAY + timedelta(days=1),
            uiterlijk=TODAY + timedelta(days=22),
        )
        made = build.concept(session, about=asked)
        help_item, chair = build.items_of(session, asked)
        build.regel(session, made, aanvraag_item=help_item)
        refusal = build.regel(
            session,
            made,
            soort=BesluitSoort.WEIGEREN,
            aanvraag_item=chair,
            weigeringsgrond_code="algemeen",
        )
        decide_beschikking(session, CONSULENT, NOW, beschikking=made)
        build.keep(session, "letters.beschikking")
        make_known_beschikking(
            session, CONSULENT, NOW, beschikking=made, bekendgemaakt_op=TODAY
        )
        return of, asked, lift, made, refusal

    def test_each_part_has_its_own_state(self, session, life):
        of, asked, lift, made, _ = life
        for row in (asked, lift, made):
            session.refresh(row)

        [right] = queries.list_voorzieningen(session, of.id)
        assert (asked.status, lift.status) == ("besloten", "open")
        assert (made.status, right.status) == ("bekendgemaakt", "lopend")
        assert right.product_code == build.HUISHOUDEN

    def test_the_worklist_follows_the_traplift(self, session, life):
        of, _, lift, _, _ = life

        shown = session.get_one(Werkvoorraad, of.id)

        assert lift.besluit_tot == date(2026, 12, 28)  # 7 December and 21 days
        assert (shown.termijn_soort, shown.uiterste_datum) == (
            "besluit",
            lift.besluit_tot,
        )

    def test_a_bezwaar_is_about_the_rolstoel_only(self, session, life):
        of, _, lift, made, refusal = life
        bezwaar = receive_bezwaar(
            session,
            CONSULENT,
            NOW + timedelta(days=10),
            beschikking=made,
            besluitregel=refusal,
            ontvangen_op=TODAY + timedelta(days=8),
            gronden="Ik kan niet lopen.",
        )

        shown = session.get_one(Werkvoorraad, of.id)
        [right] = queries.list_voorzieningen(session, of.id)
        assert bezwaar.besluitregel_id == refusal.id
        assert bezwaar.beslissen_tot > lift.besluit_tot
        assert shown.termijn_soort == "besluit"
        assert right.status == "lopend"

    def test_a_fall_is_a_second_melding_with_its_own_clock(self, session, life):
        of = life[0]
        before = session.get_one(Werkvoorraad, of.id).uiterste_datum
        fall = melding(
            session,
            at=NOW + timedelta(weeks=4),
            client=get_client(session, of.id),
            ontvangen_op=TODAY + timedelta(weeks=4),
        )

        assert fall.dossier_id != of.id
        assert fall.onderzoek_tot == TODAY + timedelta(weeks=10)
        assert session.get_one(Werkvoorraad, of.id).uiterste_datum == before
        second = session.get_one(Werkvoorraad, fall.dossier_id)
        assert second.uiterste_datum == fall.onderzoek_tot
