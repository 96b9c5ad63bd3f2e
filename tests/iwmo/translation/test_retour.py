"""Each message gets one answer, built as IV028 says."""

from dataclasses import fields, replace
from datetime import date

import pytest

from loket.iwmo.berichten.inhoud import (
    read_bericht,
    write_306,
    write_308,
    write_316,
    write_bericht,
)
from loket.iwmo.berichten.onderdelen import RetourHeader
from loket.iwmo.berichten.toewijzing import Bericht302
from loket.iwmo.regels import Retourcode
from loket.iwmo.retour import make_306, make_308, make_316
from tests.iwmo.translation import build

ANSWER = {"identificatie": "R00000000001", "dagtekening": date(2026, 3, 4)}
TWO_STARTS = build.bericht_305(build.start(), build.start(toewijzing_nummer=102))
CASES = [
    pytest.param(make_306, TWO_STARTS, "StartProduct", id="306"),
    pytest.param(
        make_308,
        build.bericht_307(build.stop(), build.stop(toewijzing_nummer=102)),
        "StopProduct",
        id="308",
    ),
    pytest.param(
        make_316,
        build.bericht_315(
            build.aangevraagd(), build.aangevraagd(referentie_aanbieder="R-2")
        ),
        "AangevraagdProduct",
        id="316",
    ),
]


def producten(client):
    for name in ("start_producten", "stop_producten", "aangevraagde_producten"):
        if hasattr(client, name):
            return getattr(client, name)
    raise AssertionError


@pytest.mark.parametrize(("make", "bericht", "element"), CASES)
class TestRetour:
    def test_a_good_message_gets_a_bare_header(self, make, bericht, element):
        retour = make(bericht, [], **ANSWER)

        assert retour.client is None
        assert retour.header.retour_codes == ()

    def test_the_header_is_copied_and_the_parties_are_not_swapped(
        self, make, bericht, element
    ):
        retour = make(bericht, [], **ANSWER)

        assert retour.header.afzender == bericht.header.afzender == build.AANBIEDER
        assert retour.header.ontvanger == build.GEMEENTE
        sent = bericht.header.bericht_identificatie
        assert retour.header.bericht_identificatie == sent
        assert retour.header.identificatie_retour == ANSWER["identificatie"]
        assert retour.header.dagtekening_retour == ANSWER["dagtekening"]

    def test_a_technical_fault_sends_nothing_of_the_client_back(
        self, make, bericht, element
    ):
        codes = [
            Retourcode("TR019", element, 1, "9019"),
            Retourcode("CS002", "Client"),
        ]

        retour = make(bericht, codes, **ANSWER)

        assert retour.client is None
        assert retour.header.retour_codes == ("0001",)

    def test_a_fault_in_the_header_does_neither(self, make, bericht, element):
        codes = [
            Retourcode("TR056", "Header", code="9056"),
            Retourcode("TR135", "Header", code="8848"),
            Retourcode("TR019", element, 1, "9019"),
        ]

        retour = make(bericht, codes, **ANSWER)

        assert retour.client is None
        assert retour.header.retour_codes == ("9056", "8848")

    def test_a_fault_below_marks_every_class(self, make, bericht, element):
        codes = [Retourcode("TR019", element, 2, "9019")] * 2

        retour = make(bericht, codes, **ANSWER)

        first, second = producten(retour.client)
        assert retour.header.retour_codes == ("0200",)
        assert retour.client.retour_codes == ("0200",)
        assert first.retour_codes == ("0200",)
        assert second.retour_codes == ("9019",)
        assert retour.client.bsn == bericht.client.bsn

    @pytest.mark.parametrize("codes", ["none", "technical", "header", "below"])
    def test_what_we_write_obeys_the_schema_and_reads_back(
        self, make, bericht, element, codes, schemas
    ):
        found = {
            "none": [],
            "technical": [Retourcode("CS002", "Client")],
            "header": [Retourcode("TR056", "Header", code="9056")],
            "below": [
                Retourcode("TR374", "Client", code="9374"),
                Retourcode("TR019", element, 1, "9019"),
            ],
        }[codes]

        retour = make(bericht, found, **ANSWER, schemas=schemas)

        assert read_bericht(write_bericht(retour, schemas), schemas) == retour


class TestDoors:
    def test_each_retour_has_a_door_of_its_own(self, schemas):
        bericht = build.bericht_305()

        written = [
            write_306(make_306(bericht, [], **ANSWER), schemas),
            write_308(make_308(build.bericht_307(), [], **ANSWER), schemas),
            write_316(make_316(build.bericht_315(), [], **ANSWER), schemas),
        ]

        kinds = [read_bericht(data, schemas).soort for data in written]
        assert kinds == ["306", "308", "316"]


class TestFromAanbieder:
    def test_a_rejected_301_comes_back_with_codes_in_every_class(self, schemas):
        sent = build.bericht_301()
        good, wrong = ("0200",), ("9332",)
        client = replace(
            sent.client,
            retour_codes=good,
            contactgegevens=(replace(build.CONTACT, retour_codes=good),),
            toegewezen_producten=(build.toegewezen(retour_codes=wrong),),
        )
        copied = {f.name: getattr(sent.header, f.name) for f in fields(sent.header)}
        header = RetourHeader(
            **copied | {"bericht_code": "415"},
            identificatie_retour="R1",
            dagtekening_retour=date(2026, 3, 4),
            retour_codes=good,
        )
        retour = Bericht302(header=header, client=client)

        found = read_bericht(write_bericht(retour, schemas), schemas)

        assert isinstance(found, Bericht302)
        assert found.client is not None
        assert found.client.toegewezen_producten[0].retour_codes == wrong
