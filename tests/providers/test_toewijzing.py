"""Giving a part of the right to an aanbieder, and how delivery goes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from build import dossier as people
from build import providers as build
from build.gemeente import NOW, TODAY, actor
from build.trail import promises_of, trail_of
from loket.accounts.operations import set_instelling
from loket.authz import Actor, Role
from loket.cases.besluit.voorziening import Voorziening, VoorzieningRegel
from loket.cases.producten.product import Frequentie
from loket.db import uuid7
from loket.errors import NotFound, RuleViolation
from loket.providers import operations
from loket.providers.contract import Contractregel, Contractvorm
from loket.providers.toewijzing import Deling, Stopreden, Toewijzing

LATER = TODAY + timedelta(days=14)


def _change_right(
    session: Session, recht: Voorziening, volumes: list[tuple[date, date | None, int]]
) -> None:
    """Put other regels under a right, as a besluit to wijzigen would."""
    first = session.scalars(
        select(VoorzieningRegel).where(VoorzieningRegel.voorziening_id == recht.id)
    ).one()
    values = {
        "gemeente_code": first.gemeente_code,
        "voorziening_id": recht.id,
        "dossier_id": first.dossier_id,
        "besluitregel_id": first.besluitregel_id,
        "leveringsvorm": first.leveringsvorm,
        "eenheid": first.eenheid,
        "frequentie": first.frequentie,
    }
    session.delete(first)
    session.flush()
    for van, tot, volume in volumes:
        session.add(VoorzieningRegel(**values, van=van, tot=tot, volume=volume))
    session.flush()


def _direct(session: Session, **regel: object) -> Contractregel:
    return build.contractregel(session, plaatsingsverzoek=False, regel=regel)


class TestMake:
    def test_opens_the_shared_data_and_promises_the_message(
        self, place: Session
    ) -> None:
        recht = build.voorziening(place)

        made = build.toewijzing(place, recht=recht)

        deling = place.scalars(
            select(Deling).where(Deling.toewijzing_id == made.id)
        ).one()
        assert (deling.inwoner_id, deling.van) == (recht.gerechtigde_id, TODAY)
        assert deling.tot == date(2028, 11, 19) + timedelta(days=30)
        assert promises_of(place, made.id) == ["iwmo.301"]
        assert trail_of(place, made.id) == ["toewijzing.made"]

    def test_a_contract_without_messages_promises_none(self, place: Session) -> None:
        regel = build.contractregel(
            place,
            plaatsingsverzoek=False,
            berichten=False,
            vorm=Contractvorm.TAAKGERICHT,
        )

        made = build.toewijzing(place, regel=regel)

        assert promises_of(place, made.id) == []

    def test_numbers_follow_each_other(self, place: Session) -> None:
        first, second = build.toewijzing(place), build.toewijzing(place)

        assert second.nummer == first.nummer + 1

    def test_a_weekly_one_without_end_gets_a_dated_maximum_cd076(
        self, place: Session
    ) -> None:
        made = build.toewijzing(place)

        assert made.frequentie is Frequentie.WEEK
        assert made.tot == TODAY + timedelta(weeks=104, days=-1)

    def test_the_gemeente_sets_that_maximum(self, place: Session) -> None:
        set_instelling(
            place,
            build.system(),
            NOW,
            sleutel="toewijzing_max_weken",
            waarde=26,
            van=TODAY,
        )

        made = build.toewijzing(place)

        assert made.tot == TODAY + timedelta(weeks=26, days=-1)

    def test_the_database_refuses_a_weekly_one_without_end(
        self, place: Session
    ) -> None:
        made = build.toewijzing(place)

        with pytest.raises(IntegrityError, match="weekly_has_end_cd076"):
            place.execute(
                update(Toewijzing).where(Toewijzing.id == made.id).values(tot=None)
            )

    def test_it_ends_with_the_right(self, place: Session) -> None:
        recht = build.voorziening(place, einddatum=LATER)

        assert build.toewijzing(place, recht=recht).tot == LATER

    def test_it_ends_with_the_contract(self, place: Session) -> None:
        assert build.toewijzing(place, regel=_direct(place, tot=LATER)).tot == LATER

    def test_a_contract_with_verzoeken_is_asked_first(self, place: Session) -> None:
        with pytest.raises(RuleViolation, match="Vraag eerst"):
            build.toewijzing(place, regel=build.contractregel(place))

    def test_an_open_verzoek_is_no_consent(self, place: Session) -> None:
        recht, regel = build.voorziening(place), build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, recht=recht, regel=regel)

        with pytest.raises(RuleViolation, match="niet aanvaard"):
            build.toewijzing(place, recht=recht, regel=regel, plaatsingsverzoek=verzoek)

    def test_consent_is_for_one_right(self, place: Session) -> None:
        regel = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=regel)
        operations.accept_plaatsingsverzoek(
            place,
            build.medewerker(regel.contract.aanbieder),
            NOW,
            verzoek=verzoek,
            startdatum=TODAY,
        )

        with pytest.raises(RuleViolation, match="iets anders aanvaard"):
            build.toewijzing(
                place,
                recht=build.voorziening(place),
                regel=regel,
                plaatsingsverzoek=verzoek,
            )

    def test_who_asked_for_it_need_not_be_asked(self, place: Session) -> None:
        made = build.toewijzing(
            place, regel=build.contractregel(place), referentie_aanbieder="ZZ-1"
        )

        assert made.referentie_aanbieder == "ZZ-1"

    @pytest.mark.parametrize(
        ("regel", "differs", "words"),
        [
            ({"tot": TODAY}, {"van": LATER}, "geldt die dag niet"),
            ({"van": LATER}, {}, "geldt die dag niet"),
            ({"tot": LATER}, {"tot": LATER + timedelta(days=1)}, "eindigt eerder"),
            ({}, {"van": TODAY - timedelta(days=1)}, "geen recht op hulp"),
            ({}, {"tot": TODAY - timedelta(days=1)}, "einde ligt vóór"),
            ({}, {"volume": 121}, "meer dan het recht"),
            ({}, {"volume": 0}, "groter is dan nul"),
        ],
    )
    def test_nothing_outside_right_or_contract(
        self,
        place: Session,
        regel: dict[str, object],
        differs: dict[str, object],
        words: str,
    ) -> None:
        with pytest.raises(RuleViolation, match=words):
            build.toewijzing(place, regel=_direct(place, **regel), **differs)

    def test_not_for_another_product(self, place: Session) -> None:
        other = build.contractregel(
            place, product_code="02A03", plaatsingsverzoek=False
        )

        with pytest.raises(RuleViolation, match="niet in het contract"):
            build.toewijzing(place, regel=other)

    def test_not_under_a_contract_of_elsewhere(self, place: Session) -> None:
        recht = build.voorziening(place)

        with pytest.raises(NotFound):
            operations.make_toewijzing(
                place,
                actor(Role.CONSULENT),
                NOW,
                voorziening=recht,
                contractregel_id=uuid7(),
                van=TODAY,
            )

    def test_messages_need_a_bsn(self, place: Session) -> None:
        client = people.inwoner(place, bsn=None)

        with pytest.raises(RuleViolation, match="BSN nodig"):
            build.toewijzing(place, recht=build.voorziening(place, client=client))

    def test_two_aanbieders_share_a_right_but_never_exceed_it(
        self, place: Session
    ) -> None:
        recht = build.voorziening(place)
        build.toewijzing(place, recht=recht, volume=90)

        with pytest.raises(RuleViolation, match="nog 30 van 120 vrij"):
            build.toewijzing(place, recht=recht, volume=31)
        second = build.toewijzing(place, recht=recht, volume=30)

        assert second.volume == 30

    def test_the_sum_counts_on_each_day_of_the_period(self, place: Session) -> None:
        recht = build.voorziening(place)
        build.toewijzing(place, recht=recht, volume=90, van=LATER)

        with pytest.raises(RuleViolation, match="Vanaf 07-12-2026 is nog 30"):
            build.toewijzing(place, recht=recht, volume=60, tot=LATER)
        before = build.toewijzing(
            place, recht=recht, volume=60, tot=LATER - timedelta(days=1)
        )

        assert before.tot == LATER - timedelta(days=1)

    def test_a_total_is_used_up_by_toewijzingen_one_after_the_other(
        self, place: Session
    ) -> None:
        recht = build.voorziening(place, frequentie=Frequentie.TOTAAL, einddatum=LATER)
        half = TODAY + timedelta(days=7)
        build.toewijzing(place, recht=recht, volume=80, tot=half)

        with pytest.raises(RuleViolation, match="nog 40 van 120"):
            build.toewijzing(
                place, recht=recht, volume=41, van=half + timedelta(days=1)
            )

    def test_one_aanbieder_does_not_stack_op259(self, place: Session) -> None:
        recht, regel = build.voorziening(place), _direct(place)
        first = build.toewijzing(place, recht=recht, regel=regel, volume=60)

        with pytest.raises(RuleViolation, match=f"toewijzing {first.nummer}"):
            build.toewijzing(place, recht=recht, regel=regel, volume=60)

    def test_life_b_one_right_and_three_toewijzingen(
        self, place: Session, consulent: Actor
    ) -> None:
        more, back = TODAY + timedelta(weeks=4), TODAY + timedelta(weeks=12)
        one_day = timedelta(days=1)
        recht, regel = build.voorziening(place), _direct(place)
        first = build.toewijzing(place, recht=recht, regel=regel)
        _change_right(
            place,
            recht,
            [
                (TODAY, more - one_day, 120),
                (more, back - one_day, 180),
                (back, None, 120),
            ],
        )

        operations.end_toewijzing(
            place, consulent, NOW, toewijzing=first, geeindigd_op=more - one_day
        )
        second = build.toewijzing(place, recht=recht, regel=regel, van=more, volume=180)
        third = build.toewijzing(place, recht=recht, regel=regel, van=back)

        assert [second.tot, third.volume] == [back - one_day, 120]
        assert len({first.nummer, second.nummer, third.nummer}) == 3
        assert len({first.voorziening_id, third.voorziening_id}) == 1


class TestEnd:
    def test_ends_the_sharing_after_a_while_and_tells_the_aanbieder(
        self, place: Session, consulent: Actor
    ) -> None:
        made = build.toewijzing(place)

        operations.end_toewijzing(
            place, consulent, NOW, toewijzing=made, geeindigd_op=TODAY
        )

        deling = place.scalars(
            select(Deling).where(Deling.toewijzing_id == made.id)
        ).one()
        assert deling.tot == TODAY + timedelta(days=30)
        assert promises_of(place, made.id) == ["iwmo.301", "iwmo.301"]
        assert trail_of(place, made.id) == ["toewijzing.made", "toewijzing.ended"]

    def test_gives_the_room_back(self, place: Session, consulent: Actor) -> None:
        recht = build.voorziening(place)
        made = build.toewijzing(place, recht=recht)
        operations.end_toewijzing(
            place, consulent, NOW, toewijzing=made, geeindigd_op=TODAY
        )

        other = build.toewijzing(place, recht=recht, van=TODAY + timedelta(days=1))

        assert other.volume == 120

    def test_happens_once(self, place: Session, consulent: Actor) -> None:
        made = build.toewijzing(place)
        operations.end_toewijzing(
            place, consulent, NOW, toewijzing=made, geeindigd_op=TODAY
        )

        with pytest.raises(RuleViolation, match="al beëindigd"):
            operations.end_toewijzing(
                place, consulent, NOW, toewijzing=made, geeindigd_op=TODAY
            )

    def test_does_not_lengthen(self, place: Session, consulent: Actor) -> None:
        made = build.toewijzing(place, tot=LATER)

        with pytest.raises(RuleViolation, match="eindigt al op"):
            operations.end_toewijzing(
                place,
                consulent,
                NOW,
                toewijzing=made,
                geeindigd_op=LATER + timedelta(days=1),
            )

    def test_an_aanbieder_does_not_end(self, place: Session) -> None:
        regel = _direct(place)
        made = build.toewijzing(place, regel=regel)

        with pytest.raises(NotFound):
            operations.end_toewijzing(
                place,
                build.medewerker(regel.contract.aanbieder),
                NOW,
                toewijzing=made,
                geeindigd_op=TODAY,
            )


class TestStart:
    def test_is_reported_by_the_aanbieder(self, place: Session) -> None:
        regel = _direct(place)
        made = build.toewijzing(place, regel=regel)

        operations.start_zorg(
            place,
            build.medewerker(regel.contract.aanbieder),
            NOW,
            toewijzing=made,
            startdatum=TODAY,
        )
        place.flush()
        place.refresh(made)

        assert (made.status, made.gestart_op) == ("gestart", TODAY)
        assert promises_of(place, made.id) == ["iwmo.301", "providers.voortgang"]
        assert trail_of(place, made.id) == ["toewijzing.made", "zorg.started"]

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (TODAY - timedelta(days=1), "vóór de ingang"),
            (TODAY + timedelta(days=1), "in de toekomst"),
        ],
    )
    def test_the_day_lies_between_begin_and_now(
        self, place: Session, day: date, words: str
    ) -> None:
        made = build.toewijzing(place)

        with pytest.raises(RuleViolation, match=words):
            operations.start_zorg(
                place, build.system(), NOW, toewijzing=made, startdatum=day
            )

        assert made.gestart_op is None

    def test_happens_once(self, place: Session) -> None:
        made = build.toewijzing(place)
        operations.start_zorg(
            place, build.system(), NOW, toewijzing=made, startdatum=TODAY
        )

        with pytest.raises(RuleViolation, match="al gemeld"):
            operations.start_zorg(
                place, build.system(), NOW, toewijzing=made, startdatum=TODAY
            )

    def test_another_aanbieder_finds_nothing(self, place: Session) -> None:
        made = build.toewijzing(place)

        with pytest.raises(NotFound):
            operations.start_zorg(
                place,
                build.medewerker(build.aanbieder(place)),
                NOW,
                toewijzing=made,
                startdatum=TODAY,
            )


class TestStop:
    def _started(self, session: Session, **differs: object) -> Toewijzing:
        made = build.toewijzing(session, **differs)
        return operations.start_zorg(
            session, build.system(), NOW, toewijzing=made, startdatum=TODAY
        )

    def test_names_the_day_and_the_reason(self, place: Session) -> None:
        made = self._started(place)

        operations.stop_zorg(
            place,
            build.system(),
            NOW,
            toewijzing=made,
            stopdatum=TODAY,
            reden=Stopreden.DOOR_CLIENT,
        )
        place.flush()
        place.refresh(made)

        assert (made.status, made.stopreden) == ("gestopt", Stopreden.DOOR_CLIENT)
        assert promises_of(place, made.id)[1:] == ["providers.voortgang"] * 2
        assert trail_of(place, made.id)[2:] == ["zorg.stopped"]

    def test_not_before_a_start_was_reported(self, place: Session) -> None:
        with pytest.raises(RuleViolation, match="eerst de start"):
            operations.stop_zorg(
                place,
                build.system(),
                NOW,
                toewijzing=build.toewijzing(place),
                stopdatum=TODAY,
                reden=Stopreden.VOLGENS_PLAN,
            )

    def test_not_after_the_last_day(self, place: Session) -> None:
        made = self._started(place)
        operations.end_toewijzing(
            place,
            build.system(),
            NOW,
            toewijzing=made,
            geeindigd_op=TODAY - timedelta(days=1),
        )

        with pytest.raises(RuleViolation, match="De toewijzing eindigt op") as no:
            operations.stop_zorg(
                place,
                build.system(),
                NOW,
                toewijzing=made,
                stopdatum=TODAY,
                reden=Stopreden.DOOR_CLIENT,
            )

        assert no.value.field == "stopdatum"

    def test_not_before_the_day_of_the_start(self, place: Session) -> None:
        with pytest.raises(RuleViolation, match="niet vóór de start"):
            operations.stop_zorg(
                place,
                build.system(),
                NOW,
                toewijzing=self._started(place),
                stopdatum=TODAY - timedelta(days=1),
                reden=Stopreden.VOLGENS_PLAN,
            )

    @pytest.mark.parametrize(
        ("reden", "is_free"),
        [(Stopreden.DOOR_AANBIEDER, True), (Stopreden.TIJDELIJK, False)],
    )
    def test_gives_the_room_back_unless_it_is_for_a_while(
        self, place: Session, reden: Stopreden, is_free: bool
    ) -> None:
        recht = build.voorziening(place)
        made = self._started(place, recht=recht)
        operations.stop_zorg(
            place,
            build.system(),
            NOW,
            toewijzing=made,
            stopdatum=TODAY,
            reden=reden,
        )
        tomorrow = TODAY + timedelta(days=1)

        if is_free:
            assert build.toewijzing(place, recht=recht, van=tomorrow).volume == 120
            return
        with pytest.raises(RuleViolation, match="meer dan het recht"):
            build.toewijzing(place, recht=recht, van=tomorrow)
