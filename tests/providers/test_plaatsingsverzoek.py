"""Asking an aanbieder, and its answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from build import dossier as people
from build import providers as build
from build.gemeente import NOW, TODAY, actor
from build.trail import promises_of, trail_of
from loket.authz import Actor, Role
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.dossier import Fase, Werkvoorraad
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.errors import NotFound, RuleViolation
from loket.providers import operations, queries
from loket.providers.plaatsingsverzoek import Weigergrond
from loket.providers.routering import Reden

LATER = TODAY + timedelta(days=14)


class TestSend:
    def test_asks_one_aanbieder_and_keeps_how_it_was_chosen(
        self, place: Session, consulent: Actor
    ) -> None:
        recht = build.voorziening(place)
        chosen = build.contractregel(place)
        build.contractregel(place, regel={"pc4_gebied": ["9999"]})

        verzoek = build.plaatsingsverzoek(
            place, recht=recht, regel=chosen, by=consulent
        )

        assert verzoek.status == "open"
        assert (verzoek.volume, verzoek.pc4) == (120, "1234")
        assert verzoek.voorkeur_client
        assert verzoek.motief == "De cliënt kent deze aanbieder."
        assert [(one["past"], one["redenen"]) for one in verzoek.kandidaten] == [
            (True, []),
            (False, [Reden.BUITEN_GEBIED.value]),
        ]
        assert trail_of(place, verzoek.id) == ["plaatsingsverzoek.sent"]
        line = place.get_one(Werkvoorraad, verzoek.dossier_id)
        assert line.fase is Fase.PLAATSEN

    @pytest.mark.parametrize(
        "omschrijving",
        [
            "Mevrouw Duinzand heeft hulp nodig.",
            "Mevrouw DUINZAND heeft hulp nodig.",
            "Geboren 17-5-1948, woont alleen.",
            "Geboren 17 mei 1948, woont alleen.",
            "Geboren 1948-05-17, woont alleen.",
            "BSN 999 900 018, woont alleen.",
            "Woont op Dorpsstraat 12.",
            "Woont in 1234 AB.",
            "Bel 06-12 34 56 78.",
        ],
    )
    def test_a_text_that_tells_who_it_is_does_not_leave(
        self, place: Session, omschrijving: str
    ) -> None:
        with pytest.raises(RuleViolation, match="Haal dit uit de") as refused:
            build.plaatsingsverzoek(place, omschrijving=omschrijving)

        assert refused.value.field == "omschrijving"

    @pytest.mark.parametrize(
        "omschrijving",
        [
            "De cliënt is sinds 1-9-2026 slecht ter been.",
            "Woont in 1234, kan 120 minuten hulp op maandag gebruiken.",
            "Hulp bij ramen aan de dorpsstraat; duinzandpad is dichtbij.",
        ],
    )
    def test_a_text_without_a_person_leaves(
        self, place: Session, omschrijving: str
    ) -> None:
        verzoek = build.plaatsingsverzoek(place, omschrijving=omschrijving)

        assert verzoek.omschrijving == omschrijving

    def test_one_open_verzoek_per_voorziening(self, place: Session) -> None:
        recht = build.voorziening(place)
        build.plaatsingsverzoek(place, recht=recht)

        with pytest.raises(RuleViolation, match="staat al een verzoek open"):
            build.plaatsingsverzoek(place, recht=recht)

    @pytest.mark.parametrize(
        ("contract", "regel", "words"),
        [
            ({"tot": date(2026, 6, 30)}, {}, "contract geldt niet"),
            ({}, {"tot": date(2026, 6, 30)}, "niet in het contract"),
            ({}, {"max_clienten": 0}, "aantal cliënten"),
            ({}, {"pc4_gebied": ["9999"]}, "postcode"),
        ],
    )
    def test_who_does_not_fit_cannot_be_asked(
        self,
        place: Session,
        contract: dict[str, object],
        regel: dict[str, object],
        words: str,
    ) -> None:
        chosen = build.contractregel(place, regel=regel, **contract)

        with pytest.raises(RuleViolation, match=words):
            build.plaatsingsverzoek(place, regel=chosen)

    def test_another_product_cannot_be_asked(self, place: Session) -> None:
        chosen = build.contractregel(place, product_code="02A03")

        with pytest.raises(RuleViolation, match="uit de lijst"):
            build.plaatsingsverzoek(place, regel=chosen)

    def test_a_clientenstop_holds_unless_it_is_a_crisis(self, place: Session) -> None:
        recht = build.voorziening(place)
        chosen = build.contractregel(place)
        build.capaciteit(place, chosen, stop_van=date(2026, 11, 1))

        with pytest.raises(RuleViolation, match="cliëntenstop"):
            build.plaatsingsverzoek(place, recht=recht, regel=chosen)
        crisis = build.plaatsingsverzoek(place, recht=recht, regel=chosen, spoed=True)

        assert crisis.spoed

    def test_the_ceiling_counts_cliënten_with_a_running_toewijzing(
        self, place: Session
    ) -> None:
        chosen = build.contractregel(
            place, plaatsingsverzoek=False, regel={"max_clienten": 1}
        )
        build.toewijzing(place, regel=chosen)
        recht = build.voorziening(place)

        found = queries.list_kandidaten(
            place, actor(Role.CONSULENT), NOW, voorziening=recht, start=TODAY
        )

        assert [one.redenen for one in found] == [(Reden.PLAFOND_BEREIKT,)]

    def test_a_contract_with_messages_asks_a_bsn(self, place: Session) -> None:
        client = people.inwoner(place, bsn=None)

        with pytest.raises(RuleViolation, match="BSN nodig"):
            build.plaatsingsverzoek(
                place, recht=build.voorziening(place, client=client)
            )

    def test_a_contract_without_verzoeken_is_not_asked(self, place: Session) -> None:
        chosen = build.contractregel(place, plaatsingsverzoek=False)

        with pytest.raises(RuleViolation, match="wijst u direct toe"):
            build.plaatsingsverzoek(place, regel=chosen)

    def test_a_right_in_pgb_is_not_placed(self, place: Session) -> None:
        recht = build.voorziening(
            place, leveringsvorm=Leveringsvorm.PGB, bedrag_cent=500_000
        )

        with pytest.raises(RuleViolation, match="geen recht op hulp in natura"):
            build.plaatsingsverzoek(place, recht=recht)

    def test_a_right_that_begins_later_is_not_placed_before(
        self, place: Session
    ) -> None:
        recht = build.voorziening(place, ingangsdatum=LATER)

        with pytest.raises(RuleViolation, match="geen recht op hulp in natura"):
            build.plaatsingsverzoek(place, recht=recht)

    def test_an_ended_right_is_not_placed(self, place: Session) -> None:
        recht = build.voorziening(place)
        end_voorziening(
            place,
            build.system(),
            NOW,
            voorziening=recht,
            geeindigd_op=TODAY,
            reden=Eindreden.VERHUISD,
        )

        with pytest.raises(RuleViolation):
            build.plaatsingsverzoek(place, recht=recht, gewenste_start=LATER)

    def test_more_than_the_right_is_not_asked(self, place: Session) -> None:
        with pytest.raises(RuleViolation, match="meer dan het recht"):
            build.plaatsingsverzoek(place, volume=121)

    def test_asking_anew_crosses_off_the_task_to_do_so(self, place: Session) -> None:
        recht = build.voorziening(place)
        task = Taak(
            gemeente_code="0396",
            dossier_id=recht.dossier_id,
            soort=TaakSoort.OPNIEUW_PLAATSEN,
            onderwerp_id=recht.id,
            voor_rol=Role.CONSULENT,
            uiterlijk=LATER,
            made_at=NOW,
        )
        place.add(task)
        place.flush()

        build.plaatsingsverzoek(place, recht=recht)

        assert task.done_at == NOW


class TestAccept:
    def test_names_the_start_and_promises_the_toewijzing(self, place: Session) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)

        operations.accept_plaatsingsverzoek(
            place, by, NOW, verzoek=verzoek, startdatum=LATER
        )
        place.flush()
        place.refresh(verzoek)

        assert (verzoek.status, verzoek.startdatum) == ("aanvaard", LATER)
        assert verzoek.accepted_by_id == by.id
        assert promises_of(place, verzoek.id) == ["providers.toewijzen"]
        assert trail_of(place, verzoek.id)[1:] == ["plaatsingsverzoek.accepted"]

    def test_the_start_is_not_before_what_was_asked(self, place: Session) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)

        with pytest.raises(RuleViolation, match="niet starten vóór 23-11-2026"):
            operations.accept_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, startdatum=TODAY - timedelta(days=1)
            )

        assert verzoek.accepted_at is None

    def test_the_start_is_not_after_the_right(self, place: Session) -> None:
        chosen = build.contractregel(place)
        recht = build.voorziening(place, einddatum=LATER)
        verzoek = build.plaatsingsverzoek(place, recht=recht, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)

        with pytest.raises(RuleViolation, match="nodig tot en met"):
            operations.accept_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, startdatum=LATER + timedelta(days=1)
            )

    def test_another_aanbieder_finds_nothing(self, place: Session) -> None:
        verzoek = build.plaatsingsverzoek(place)
        stranger = build.medewerker(build.aanbieder(place))

        with pytest.raises(NotFound):
            operations.accept_plaatsingsverzoek(
                place, stranger, NOW, verzoek=verzoek, startdatum=TODAY
            )
        with pytest.raises(NotFound):
            queries.get_verzoek(place, stranger, NOW, verzoek.referentie)

    def test_another_gemeente_finds_nothing(self, place: Session) -> None:
        verzoek = build.plaatsingsverzoek(place)
        neighbour = actor(Role.CONSULENT, gemeente="0392")

        with pytest.raises(NotFound):
            queries.get_verzoek(place, neighbour, NOW, verzoek.referentie)
        with pytest.raises(NotFound):
            operations.withdraw_plaatsingsverzoek(
                place, neighbour, NOW, verzoek=verzoek
            )

    def test_an_answer_is_given_once(self, place: Session) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)
        operations.accept_plaatsingsverzoek(
            place, by, NOW, verzoek=verzoek, startdatum=TODAY
        )

        with pytest.raises(RuleViolation, match="al beantwoord"):
            operations.accept_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, startdatum=TODAY
            )
        with pytest.raises(RuleViolation, match="al beantwoord"):
            operations.decline_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, grond=Weigergrond.NIET_PASSEND
            )

    def test_not_after_the_gemeente_withdrew(
        self, place: Session, consulent: Actor
    ) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)
        operations.withdraw_plaatsingsverzoek(place, consulent, NOW, verzoek=verzoek)

        with pytest.raises(RuleViolation, match="ingetrokken"):
            operations.accept_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, startdatum=TODAY
            )


class TestDecline:
    @pytest.mark.parametrize("grond", list(Weigergrond))
    def test_names_a_ground_of_the_contract(
        self, place: Session, grond: Weigergrond
    ) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)

        operations.decline_plaatsingsverzoek(
            place, by, NOW, verzoek=verzoek, grond=grond
        )
        place.flush()
        place.refresh(verzoek)

        assert (verzoek.status, verzoek.weigergrond) == ("geweigerd", grond)
        assert promises_of(place, verzoek.id) == ["providers.geweigerd"]
        assert trail_of(place, verzoek.id)[1:] == ["plaatsingsverzoek.declined"]


class TestWithdraw:
    def test_the_gemeente_takes_the_question_back(
        self, place: Session, consulent: Actor
    ) -> None:
        recht = build.voorziening(place)
        verzoek = build.plaatsingsverzoek(place, recht=recht)

        operations.withdraw_plaatsingsverzoek(place, consulent, NOW, verzoek=verzoek)
        place.flush()
        next_one = build.plaatsingsverzoek(place, recht=recht)

        assert trail_of(place, verzoek.id)[1:] == ["plaatsingsverzoek.withdrawn"]
        assert next_one.id != verzoek.id

    def test_an_aanbieder_does_not_withdraw(self, place: Session) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        by = build.medewerker(chosen.contract.aanbieder)

        with pytest.raises(NotFound):
            operations.withdraw_plaatsingsverzoek(place, by, NOW, verzoek=verzoek)

    def test_not_after_an_answer(self, place: Session, consulent: Actor) -> None:
        chosen = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=chosen)
        operations.decline_plaatsingsverzoek(
            place,
            build.medewerker(chosen.contract.aanbieder),
            NOW,
            verzoek=verzoek,
            grond=Weigergrond.NIET_PASSEND,
        )

        with pytest.raises(RuleViolation, match="al beantwoord"):
            operations.withdraw_plaatsingsverzoek(
                place, consulent, NOW, verzoek=verzoek
            )


def test_the_words_are_sealed(place: Session) -> None:
    verzoek = build.plaatsingsverzoek(place)

    raw = place.execute(
        select(
            type(verzoek)._omschrijving_ct,  # type: ignore[attr-defined]  # the raw cell
        ).where(type(verzoek).id == verzoek.id)
    ).scalar_one()

    assert b"zwaar werk" not in bytes(raw)
