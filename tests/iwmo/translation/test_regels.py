"""What the XSD lets through and the standard does not."""

import time
from dataclasses import replace
from datetime import date

import pytest

from loket.iwmo import regels
from loket.iwmo.berichten.inhoud import read_bericht
from loket.iwmo.berichten.onderdelen import (
    Achternaam,
    Adres,
    Communicatie,
    Contact,
    Geboortedatum,
    OpenPeriode,
    Product,
    Telefoon,
    Telefoonnummers,
    VolledigeNaam,
)
from loket.iwmo.berichten.toewijzing import Relatie
from loket.iwmo.berichten.verzoek import Verwijzer
from loket.iwmo.codes import (
    RETOURCODES,
    AdresSoort,
    Communicatievorm,
    DatumGebruik,
    Eenheid,
    NaamGebruik,
    RedenBeeindiging,
    RedenWijziging,
    StatusAanlevering,
    TypeVerwijzer,
    VerzoekAntwoord,
)
from loket.iwmo.regelteksten import REGELTEKSTEN
from loket.iwmo.xml import BerichtFout, Reden
from tests.iwmo.translation import build


def rules(codes: regels.Codes) -> set[str]:
    assert all(code.code in RETOURCODES for code in codes)
    assert all(code.tekst for code in codes)
    return {code.regel for code in codes}


def born(*parts: int, gebruik: DatumGebruik | None = None) -> Geboortedatum:
    return Geboortedatum(datum=date(*parts), datum_gebruik=gebruik)


class TestClient:
    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"bsn": "999900007"}, "CS002"),
            ({"bsn": "000000000"}, "CS002"),
            ({"geboortedatum": born(1906, 3, 1)}, "TR002"),
            ({"geboortedatum": born(2026, 3, 3)}, "TR134"),
            (
                {"geboortedatum": born(1949, 9, 2, gebruik=DatumGebruik.DAG_ONBEKEND)},
                "CS139",
            ),
            (
                {
                    "geboortedatum": born(
                        1949, 9, 1, gebruik=DatumGebruik.DAG_EN_MAAND_ONBEKEND
                    )
                },
                "CS139",
            ),
            (
                {"geboortedatum": born(1949, 1, 1, gebruik=DatumGebruik.ONBEKEND)},
                "CS139",
            ),
        ],
    )
    def test_a_wrong_person_is_found_in_each_message(self, changed, rule):
        assert rules(regels.toets_301(build.bericht_301(**changed))) == {rule}
        assert rules(regels.toets_305(build.bericht_305(**changed))) == {rule}
        assert rules(regels.toets_307(build.bericht_307(**changed))) == {rule}
        assert rules(regels.toets_315(build.bericht_315(**changed))) == {rule}

    @pytest.mark.parametrize(
        "geboortedatum",
        [
            born(1906, 3, 2),
            born(2026, 3, 2),
            born(1900, 1, 1, gebruik=DatumGebruik.ONBEKEND),
            born(1949, 9, 1, gebruik=DatumGebruik.DAG_ONBEKEND),
            born(1949, 1, 1, gebruik=DatumGebruik.DAG_EN_MAAND_ONBEKEND),
        ],
    )
    def test_a_possible_birth_date_passes(self, geboortedatum):
        bericht = build.bericht_315(geboortedatum=geboortedatum)

        assert regels.toets_315(bericht) == []


PHONE = Telefoonnummers(telefoon01=Telefoon(telefoonnummer="0251"))


class TestToewijzing:
    def test_a_good_one_breaks_no_rule(self):
        regels.require_301(build.bericht_301())

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"omvang": None}, "CD041"),
            ({"omvang": None, "product": Product(categorie="01")}, None),
            ({"product": Product(categorie="01")}, "CD080"),
            ({"einddatum": None}, "CD076"),
            ({"einddatum": None, "omvang": build.TOTAAL}, None),
            ({"einddatum": date(2026, 3, 31)}, "CS003"),
            ({"budget": 1}, "CD077"),
            ({"budget": 1, "omvang": None, "product": None}, None),
            (
                {"budget": 1, "omvang": None, "product": None, "einddatum": None},
                "CD075",
            ),
            ({"omvang": None, "product": None}, "CD079"),
            ({"reden_wijziging": RedenWijziging.VERWIJDERD}, "CS335"),
            ({"reden_wijziging": RedenWijziging.ADMINISTRATIEF_VERVALLEN}, "CS336"),
            ({"toewijzingsdatum": date(2026, 3, 3)}, "TR134"),
        ],
    )
    def test_product_omvang_and_budget_go_together(self, changed, rule):
        bericht = build.bericht_301(build.toegewezen(**changed))

        assert rules(regels.toets_301(bericht)) == ({rule} if rule else set())

    @pytest.mark.parametrize(
        "eenheid",
        [Eenheid.ETMAAL, Eenheid.DAGDEEL, Eenheid.EURO, Eenheid.STUKS_INSPANNING],
    )
    def test_a_fixed_unit_is_not_given_per_day(self, eenheid):
        per_dag = replace(build.OMVANG, eenheid=eenheid, frequentie="1")
        per_week = replace(build.OMVANG, eenheid=eenheid)

        found = [
            rules(regels.toets_301(build.bericht_301(build.toegewezen(omvang=omvang))))
            for omvang in (per_dag, per_week)
        ]
        assert found == [{"CS338"}, set()]

    @pytest.mark.parametrize(
        ("contact", "found"),
        [
            (replace(build.CONTACT, adres=None), {"CD034", "TR006", "TR061"}),
            (
                Contact(soort=AdresSoort.CORRESPONDENTIE, telefoon=PHONE),
                {"TR061"},
            ),
            (
                replace(build.CONTACT, adres=replace(build.ADRES, postcode="1961 AB")),
                {"CS089"},
            ),
            (
                replace(build.CONTACT, adres=replace(build.ADRES, huis=None)),
                {"CD025", "TR006"},
            ),
            (
                replace(build.CONTACT, adres=replace(build.ADRES, land_code=None)),
                {"CD005"},
            ),
            (
                Contact(
                    soort=AdresSoort.CORRESPONDENTIE,
                    adres=Adres(plaatsnaam="Heemskerk"),
                    telefoon=PHONE,
                ),
                set(),
            ),
            (
                replace(
                    build.CONTACT, periode=OpenPeriode(begindatum=date(2026, 1, 1))
                ),
                {"CD009"},
            ),
        ],
    )
    def test_somebody_must_be_reachable(self, contact, found):
        bericht = build.bericht_301(contactgegevens=(contact,))

        assert rules(regels.toets_301(bericht)) == found

    def test_a_period_runs_forward(self):
        periode = OpenPeriode(begindatum=date(2026, 5, 1), einddatum=date(2026, 4, 1))
        contact = replace(build.CONTACT, soort=AdresSoort.TIJDELIJK, periode=periode)

        bericht = build.bericht_301(contactgegevens=(build.CONTACT, contact))

        assert rules(regels.toets_301(bericht)) == {"CS003"}

    @pytest.mark.parametrize(
        ("partner", "gebruik", "is_good"),
        [
            (None, NaamGebruik.EIGEN, True),
            (None, NaamGebruik.PARTNER, False),
            (None, NaamGebruik.GEEN_PERSOON, False),
            (Achternaam(achternaam="V"), NaamGebruik.PARTNER_EIGEN, True),
            (Achternaam(achternaam="V"), NaamGebruik.PSEUDONIEM, False),
        ],
    )
    def test_the_use_of_a_name_needs_that_name(self, partner, gebruik, is_good):
        naam = VolledigeNaam(
            geslachtsnaam=Achternaam(achternaam="P"),
            partnernaam=partner,
            naam_gebruik=gebruik,
        )
        relatie = Relatie(nummer="1", soort="12", naam=naam, contact=build.CONTACT)

        as_client = regels.toets_301(build.bericht_301(naam=naam))
        as_relatie = regels.toets_301(build.bericht_301(relaties=(relatie,)))

        expected = set() if is_good else {"CS050"}
        assert rules(as_client) == rules(as_relatie) == expected

    @pytest.mark.parametrize(
        ("vorm", "taal", "is_good"),
        [
            (Communicatievorm.TOLK_TAAL, "Pools", True),
            (Communicatievorm.TOLK_TAAL, None, False),
            (Communicatievorm.DOVENTOLK, "Pools", False),
            (Communicatievorm.DOVENTOLK, None, True),
        ],
    )
    def test_only_a_spoken_language_has_a_name(self, vorm, taal, is_good):
        bericht = build.bericht_301(communicatie=Communicatie(vorm=vorm, taal=taal))

        assert rules(regels.toets_301(bericht)) == (set() if is_good else {"CD007"})

    def test_nothing_stands_in_it_twice(self):
        later = {"ingangsdatum": date(2028, 1, 1), "einddatum": date(2028, 2, 1)}
        relatie = Relatie(
            nummer="1", soort="12", naam=build.VOLLEDIGE_NAAM, contact=build.CONTACT
        )
        doubles = [
            build.bericht_301(build.toegewezen(), build.toegewezen(**later)),
            build.bericht_301(contactgegevens=(build.CONTACT, build.CONTACT)),
            build.bericht_301(relaties=(relatie, relatie)),
        ]

        assert [rules(regels.toets_301(b)) for b in doubles] == [{"TR101"}] * 3

    def test_a_message_that_breaks_a_rule_does_not_leave(self):
        with pytest.raises(BerichtFout) as caught:
            regels.require_301(build.bericht_301(build.toegewezen(einddatum=None)))

        assert caught.value.reden is Reden.REGEL
        assert "CD076" in str(caught.value)

    def test_nor_does_one_about_nobody(self):
        with pytest.raises(BerichtFout) as caught:
            regels.require_301(build.bericht_301(bsn="999900007"))

        assert caught.value.reden is Reden.BSN
        assert "9999" not in str(caught.value)


SECOND = {"toewijzing_nummer": 102}
GENERIEK = {"product": None, "omvang": None, "budget": 100}
ASPECIFIEK = {"product": Product(categorie="01"), "omvang": None}
OTHER_CODE = {"product": Product(categorie="01", code="01B02")}
OTHER_CATEGORIE = {"product": Product(categorie="02", code="02A01")}
ROLSTOEL = {"product": Product(categorie="11", code="11A01")}
NEXT_YEAR = {"ingangsdatum": date(2027, 4, 1), "einddatum": date(2027, 5, 1)}
LAST_DAY = {"ingangsdatum": date(2027, 3, 31), "einddatum": date(2027, 5, 1)}
REMOVED = {
    "einddatum": date(2026, 4, 1),
    "reden_wijziging": RedenWijziging.VERWIJDERD,
}


class TestStapeling:
    @pytest.mark.parametrize(
        ("first", "second", "is_stacked"),
        [
            ({}, {}, True),
            ({}, NEXT_YEAR, False),
            ({}, LAST_DAY, True),
            (LAST_DAY, {}, True),
            ({}, OTHER_CODE, False),
            ({}, OTHER_CATEGORIE, False),
            ({}, ASPECIFIEK, True),
            (ASPECIFIEK, OTHER_CATEGORIE, False),
            (ASPECIFIEK, ASPECIFIEK | NEXT_YEAR, False),
            (ASPECIFIEK, ASPECIFIEK, True),
            ({}, GENERIEK, True),
            (GENERIEK, GENERIEK, True),
            (GENERIEK, NEXT_YEAR, False),
            (GENERIEK, ROLSTOEL, False),
            (ROLSTOEL, ROLSTOEL, False),
            (REMOVED, {}, False),
        ],
    )
    def test_the_same_product_is_given_once_a_day(self, first, second, is_stacked):
        bericht = build.bericht_301(
            build.toegewezen(**first), build.toegewezen(**second | SECOND)
        )

        assert rules(regels.toets_301(bericht)) == ({"TR302"} if is_stacked else set())

    def test_a_temporary_extra_is_a_second_code_or_a_second_period(self):
        """A larger volume for some weeks may not lie on top of the first one."""
        extra = build.toegewezen(
            toewijzing_nummer=102,
            ingangsdatum=date(2026, 5, 1),
            einddatum=date(2026, 6, 25),
        )
        before = build.toegewezen(einddatum=date(2026, 4, 30))
        after = build.toegewezen(toewijzing_nummer=103, ingangsdatum=date(2026, 6, 26))

        stacked = build.bericht_301(build.toegewezen(), extra)
        in_a_row = build.bericht_301(before, extra, after)

        assert rules(regels.toets_301(stacked)) == {"TR302"}
        assert rules(regels.toets_301(in_a_row)) == set()

    def test_many_products_are_compared_quickly(self):
        product = build.aangevraagd()
        many = [
            replace(
                product,
                referentie_aanbieder=f"R-{n}",
                product=Product(categorie="01", code=f"{n:05}"),
            )
            for n in range(20_000)
        ]
        before = time.process_time()

        assert regels.toets_315(build.bericht_315(*many)) == []
        assert time.process_time() - before < 10


class TestVerzoek:
    def test_a_good_one_breaks_no_rule(self):
        assert regels.toets_315(build.bericht_315()) == []

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"beschikking_nummer": 12}, "CD043"),
            ({"beschikking_ingangsdatum": date(2026, 1, 1)}, "CD043"),
            ({"toewijzing_einddatum": None}, "CD076"),
            ({"product": Product(categorie="01")}, "CD095"),
            ({"toewijzing_einddatum": date(2026, 3, 31)}, "CS003"),
            ({"omvang": replace(build.OMVANG, eenheid="14", frequentie="1")}, None),
            ({"verwijzer": Verwijzer(type=TypeVerwijzer.HUISARTS)}, "CD067"),
            (
                {
                    "verwijzer": Verwijzer(
                        type=TypeVerwijzer.HUISARTS,
                        naam="Proef",
                        zorgverlener_code="01010101",
                    )
                },
                "CD066",
            ),
            (
                {
                    "verwijzer": Verwijzer(
                        type=TypeVerwijzer.GEMEENTE, zorgverlener_code="01010101"
                    )
                },
                "CD068",
            ),
        ],
    )
    def test_a_request_is_complete(self, changed, rule):
        codes = regels.toets_315(build.bericht_315(build.aangevraagd(**changed)))

        assert rules(codes) == {rule or "CS343"}
        assert {(c.element, c.volgnummer) for c in codes} == {("AangevraagdProduct", 1)}

    def test_each_product_has_a_reference_and_a_period_of_its_own(self):
        twice = build.bericht_315(build.aangevraagd(), build.aangevraagd())

        assert rules(regels.toets_315(twice)) == {"TR383", "TR386"}


class TestLevering:
    def test_a_good_start_and_stop_break_no_rule(self):
        assert regels.toets_305(build.bericht_305()) == []
        assert regels.toets_307(build.bericht_307()) == []

    def test_a_start_or_stop_is_never_announced(self):
        morgen = date(2026, 3, 3)
        start = build.bericht_305(build.start(begindatum=morgen))
        stop = build.bericht_307(build.stop(einddatum=morgen))

        assert rules(regels.toets_305(start)) == {"TR134"}
        assert rules(regels.toets_307(stop)) == {"TR134"}

    def test_a_stop_does_not_come_before_the_start(self):
        bericht = build.bericht_307(build.stop(einddatum=date(2026, 2, 1)))

        assert rules(regels.toets_307(bericht)) == {"TR018"}

    def test_an_aanlevering_is_new_or_removed(self):
        status = StatusAanlevering.GEWIJZIGD
        start = build.bericht_305(build.start(status_aanlevering=status))
        stop = build.bericht_307(build.stop(status_aanlevering=status))

        assert rules(regels.toets_305(start)) == {"CS058"}
        assert rules(regels.toets_307(stop)) == {"CS058"}

    def test_the_same_key_stands_in_it_once(self):
        removed = StatusAanlevering.VERWIJDEREN
        start = build.bericht_305(
            build.start(status_aanlevering=removed), build.start()
        )
        other_reason = build.stop(reden_beeindiging=RedenBeeindiging.TIJDELIJK)
        stop = build.bericht_307(build.stop(status_aanlevering=removed), other_reason)

        assert rules(regels.toets_305(start)) == {"TR101"}
        assert rules(regels.toets_307(stop)) == set()


class TestAntwoord:
    @pytest.mark.parametrize(
        ("changed", "found"),
        [
            ({}, set()),
            ({"reden_afwijzing_verzoek": None}, {"CD085"}),
            ({"verzoek_antwoord": VerzoekAntwoord.IN_ONDERZOEK}, {"CD086"}),
            (
                {
                    "verzoek_antwoord": VerzoekAntwoord.IN_ONDERZOEK,
                    "reden_afwijzing_verzoek": None,
                },
                set(),
            ),
        ],
    )
    def test_a_refusal_and_only_a_refusal_has_a_reason(self, changed, found):
        assert rules(regels.toets_319(build.bericht_319(**changed))) == found


class TestOfficialSamples:
    @pytest.mark.parametrize("code", ["301", "305", "307", "315", "319"])
    def test_the_official_check_finds_nothing_and_neither_do_we(
        self, iwmo_shared, code
    ):
        path = iwmo_shared / "voorbeelden" / "iwmo-3.2" / f"WMO{code}.xml"
        bericht = read_bericht(path.read_bytes())

        assert rules(getattr(regels, f"toets_{code}")(bericht)) == set()

    def test_every_rule_text_is_about_a_rule_that_exists(self, iwmo_shared):
        folder = iwmo_shared / "regels"
        known = "".join(
            path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())
        )

        assert [rule for rule in REGELTEKSTEN if rule not in known] == []
