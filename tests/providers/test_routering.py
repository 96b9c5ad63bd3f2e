"""Who can help, and in words why not."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from loket.db import uuid7
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Capaciteit, Contract, Contractregel, Contractvorm
from loket.providers.routering import (
    Aanbod,
    Kandidaat,
    Reden,
    Vraag,
    candidates,
    find_candidate,
)

VRAAG: dict[str, Any] = {
    "product_code": "01A01",
    "start": date(2026, 12, 1),
    "vandaag": date(2026, 11, 23),
    "pc4": "1234",
    "taal": "nederlands",
    "spoed": False,
    "heeft_bsn": True,
}


def _judge(
    vraag: dict[str, Any] | None = None,
    *,
    contract: dict[str, Any] | None = None,
    regel: dict[str, Any] | None = None,
    no_regel: bool = False,
    capaciteit: dict[str, Any] | None = None,
    no_capaciteit: bool = False,
    lopend: int = 0,
    levert_al: bool = False,
    naam: str = "Zorg aan Zee",
) -> Kandidaat:
    return candidates(
        Vraag(**VRAAG | (vraag or {})),
        [
            _aanbod(
                contract or {},
                None if no_regel else regel or {},
                None if no_capaciteit else capaciteit or {},
                lopend=lopend,
                levert_al=levert_al,
                naam=naam,
            )
        ],
    )[0]


def _aanbod(
    contract: dict[str, Any],
    regel: dict[str, Any] | None,
    capaciteit: dict[str, Any] | None,
    *,
    lopend: int = 0,
    levert_al: bool = False,
    naam: str = "Zorg aan Zee",
    aanbieder: Aanbieder | None = None,
) -> Aanbod:
    who = aanbieder or Aanbieder(naam=naam, agb="12345678", telefoon="0201234567")
    held = Contract(
        **{
            "aanbieder_id": who.id,
            "vorm": Contractvorm.INSPANNINGSGERICHT,
            "berichten": True,
            "van": date(2026, 1, 1),
            "tot": None,
        }
        | contract
    )
    line = (
        None
        if regel is None
        else Contractregel(
            **{
                "product_code": "01A01",
                "pc4_gebied": None,
                "max_clienten": None,
                "van": date(2026, 1, 1),
                "tot": None,
            }
            | regel
        )
    )
    room = (
        None
        if capaciteit is None
        else Capaciteit(
            **{
                "wachttijd_dagen": 0,
                "stop_van": None,
                "stop_tot": None,
                "talen": ["engels"],
            }
            | capaciteit
        )
    )
    return Aanbod(who, held, line, room, lopend, levert_al)


class TestReasons:
    @pytest.mark.parametrize(
        ("case", "expected"),
        [
            ({}, ()),
            ({"no_capaciteit": True}, ()),
            (
                {"contract": {"tot": date(2026, 11, 30)}},
                (Reden.CONTRACT_NIET_GELDIG,),
            ),
            ({"contract": {"tot": date(2026, 12, 1)}}, ()),
            (
                {"contract": {"van": date(2026, 12, 2)}},
                (Reden.CONTRACT_NIET_GELDIG,),
            ),
            ({"no_regel": True}, (Reden.PRODUCT_NIET_IN_CONTRACT,)),
            (
                {"regel": {"tot": date(2026, 11, 30)}},
                (Reden.PRODUCT_NIET_IN_CONTRACT,),
            ),
            ({"regel": {"pc4_gebied": ["1235"]}}, (Reden.BUITEN_GEBIED,)),
            ({"regel": {"pc4_gebied": ["1234", "1235"]}}, ()),
            (
                {"regel": {"pc4_gebied": ["1234"]}, "vraag": {"pc4": None}},
                (Reden.BUITEN_GEBIED,),
            ),
            ({"capaciteit": {"stop_van": date(2026, 12, 1)}}, (Reden.CLIENTENSTOP,)),
            (
                {
                    "capaciteit": {
                        "stop_van": date(2026, 11, 1),
                        "stop_tot": date(2026, 11, 30),
                    }
                },
                (),
            ),
            (
                {
                    "capaciteit": {"stop_van": date(2026, 11, 1)},
                    "vraag": {"spoed": True},
                },
                (),
            ),
            ({"regel": {"max_clienten": 3}, "lopend": 2}, ()),
            ({"regel": {"max_clienten": 3}, "lopend": 3}, (Reden.PLAFOND_BEREIKT,)),
            ({"vraag": {"heeft_bsn": False}}, (Reden.BSN_ONTBREEKT,)),
            (
                {"vraag": {"heeft_bsn": False}, "contract": {"berichten": False}},
                (),
            ),
            ({"levert_al": True}, (Reden.LEVERT_AL,)),
            ({"capaciteit": {"wachttijd_dagen": 8}}, ()),
            ({"capaciteit": {"wachttijd_dagen": 9}}, (Reden.WACHTTIJD,)),
            ({"vraag": {"taal": "Engels"}}, ()),
            ({"vraag": {"taal": "Turks"}}, (Reden.TAAL,)),
            ({"vraag": {"taal": "Turks"}, "no_capaciteit": True}, (Reden.TAAL,)),
        ],
    )
    def test_each_reason_stands_where_it_holds(
        self, case: dict[str, Any], expected: tuple[Reden, ...]
    ) -> None:
        kandidaat = _judge(**case)

        assert kandidaat.redenen == expected

    @pytest.mark.parametrize("reden", list(Reden))
    def test_only_waiting_and_language_leave_a_choice(self, reden: Reden) -> None:
        assert reden.blocks is (reden not in {Reden.WACHTTIJD, Reden.TAAL})

    @pytest.mark.parametrize("reden", list(Reden))
    def test_each_reason_has_words(self, reden: Reden) -> None:
        assert reden.tekst.endswith(".")

    def test_all_reasons_are_gathered(self) -> None:
        kandidaat = _judge(
            contract={"tot": date(2026, 11, 1)},
            regel={"pc4_gebied": ["9999"]},
            capaciteit={"wachttijd_dagen": 90},
        )

        assert kandidaat.redenen == (
            Reden.CONTRACT_NIET_GELDIG,
            Reden.BUITEN_GEBIED,
            Reden.WACHTTIJD,
        )
        assert not kandidaat.past

    def test_who_fits_says_why(self) -> None:
        kandidaat = _judge(
            contract={"tot": date(2027, 12, 31)}, regel={"max_clienten": 5}, lopend=2
        )

        assert kandidaat.pluspunten == (
            "Het contract loopt tot en met 31-12-2027.",
            "De hulp kan op tijd starten.",
            "2 van 5 plaatsen bezet.",
        )


class TestList:
    def test_who_fits_comes_first_and_the_shortest_wait_before_that(self) -> None:
        found = candidates(
            Vraag(**VRAAG),
            [
                _aanbod({}, None, {}, naam="Geen product"),
                _aanbod({}, {}, {"wachttijd_dagen": 60}, naam="Late hulp"),
                _aanbod({}, {}, {"wachttijd_dagen": 5}, naam="Snelle hulp"),
                _aanbod({}, {}, {}, naam="Directe hulp"),
            ],
        )

        assert [one.aanbieder.naam for one in found] == [
            "Directe hulp",
            "Snelle hulp",
            "Late hulp",
            "Geen product",
        ]

    def test_an_aanbieder_with_an_old_and_a_new_contract_stands_once(self) -> None:
        who = Aanbieder(naam="Zorg aan Zee", agb="12345678", telefoon="020")
        old = _aanbod({"tot": date(2026, 6, 30)}, {}, {}, aanbieder=who)
        new = _aanbod({"van": date(2026, 7, 1)}, {}, {}, aanbieder=who)

        found = candidates(Vraag(**VRAAG), [old, new])

        assert [(one.past, one.contract) for one in found] == [(True, new.contract)]


class TestFindCandidate:
    def test_who_does_not_fit_is_refused_with_every_reason(self) -> None:
        kandidaat = _judge(regel={"max_clienten": 1, "pc4_gebied": ["9999"]}, lopend=1)
        assert kandidaat.contractregel

        with pytest.raises(RuleViolation) as refused:
            find_candidate([kandidaat], kandidaat.contractregel.id)

        assert "niet in deze postcode" in refused.value.message
        assert "aantal cliënten is bereikt" in refused.value.message

    def test_waiting_time_is_a_choice(self) -> None:
        kandidaat = _judge(capaciteit={"wachttijd_dagen": 60})
        assert kandidaat.contractregel

        assert find_candidate([kandidaat], kandidaat.contractregel.id) is kandidaat

    def test_who_is_not_on_the_list_cannot_be_chosen(self) -> None:
        with pytest.raises(RuleViolation, match="uit de lijst"):
            find_candidate([_judge()], uuid7())


def test_the_snapshot_holds_ids_and_codes_only() -> None:
    kandidaat = _judge(capaciteit={"wachttijd_dagen": 60}, naam="Zorg aan Zee")
    assert kandidaat.contractregel

    kept = SimpleNamespace(**kandidaat.snapshot())

    assert kept.aanbieder_id == str(kandidaat.aanbieder.id)
    assert kept.contractregel_id == str(kandidaat.contractregel.id)
    assert (kept.past, kept.redenen) == (True, ["wachttijd"])
    assert "Zorg aan Zee" not in str(kandidaat.snapshot())
