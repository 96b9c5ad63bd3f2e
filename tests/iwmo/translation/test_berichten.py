"""Messages become dataclasses and come back as the official schemas want them."""

from dataclasses import replace
from datetime import date, time
from time import process_time

import pytest

from loket.iwmo.berichten.inhoud import (
    KLASSEN,
    make_header,
    read_305,
    read_307,
    read_315,
    read_bericht,
    write_301,
    write_319,
    write_bericht,
)
from loket.iwmo.berichten.onderdelen import (
    Achternaam,
    Communicatie,
    OpenPeriode,
    Product,
    Telefoon,
    Telefoonnummers,
    VolledigeNaam,
)
from loket.iwmo.berichten.toewijzing import Relatie
from loket.iwmo.codes import (
    BERICHTCODES,
    RETOUR_VAN,
    AdresSoort,
    Communicatievorm,
    Eenheid,
    Frequentie,
    Geslacht,
    JaNee,
    NaamGebruik,
    RedenBeeindiging,
    RedenWijziging,
    StatusAanlevering,
    TypeVerwijzer,
)
from loket.iwmo.xml import BerichtFout, Reden
from tests.iwmo.translation import build

SAMPLES = ["301", "305", "307", "315", "317", "319"]


def refused(data: bytes) -> tuple[Reden, str]:
    with pytest.raises(BerichtFout) as caught:
        read_bericht(data)
    return caught.value.reden, caught.value.element


class TestOfficialSamples:
    @pytest.mark.parametrize("code", SAMPLES)
    def test_each_is_read_and_written_back(self, iwmo_shared, schemas, code):
        path = iwmo_shared / "voorbeelden" / "iwmo-3.2" / f"WMO{code}.xml"
        bericht = read_bericht(path.read_bytes(), schemas)

        again = read_bericht(write_bericht(bericht, schemas), schemas)

        assert again == bericht
        assert isinstance(bericht, KLASSEN[code])

    def test_a_315_tells_what_is_asked(self, iwmo_shared, schemas):
        path = iwmo_shared / "voorbeelden" / "iwmo-3.2" / "WMO315.xml"
        bericht = read_315(path.read_bytes(), schemas)

        first, second = bericht.client.aangevraagde_producten
        assert bericht.header.afzender == "42420001"
        assert bericht.header.ontvanger == "0384"
        assert bericht.header.bericht_identificatie.dagtekening == date(2023, 7, 15)
        assert bericht.client.naam.geslachtsnaam.voorvoegsel == "de"
        assert first.beschikking_nummer == 1234
        assert first.product == Product(categorie="01", code="ABCDE")
        assert first.toewijzing_einddatum == date(2023, 6, 30)
        assert first.omvang is not None
        assert first.omvang.eenheid is Eenheid.ETMAAL
        assert first.omvang.frequentie is Frequentie.MAAND
        assert first.verwijzer.type is TypeVerwijzer.GECERTIFICEERDE_INSTELLING
        assert first.raamcontract is JaNee.JA
        assert second.referentie_aanbieder == "42420002"

    def test_a_305_and_a_307_tell_of_two_products(self, iwmo_shared, schemas):
        folder = iwmo_shared / "voorbeelden" / "iwmo-3.2"
        starts = read_305((folder / "WMO305.xml").read_bytes(), schemas)
        stops = read_307((folder / "WMO307.xml").read_bytes(), schemas)

        numbers = [p.toewijzing_nummer for p in starts.client.start_producten]
        stop = stops.client.stop_producten[0]
        assert numbers == [300201, 300202]
        assert stop.reden_beeindiging is RedenBeeindiging.VERHUIZING
        assert stop.einddatum == date(2025, 7, 18)
        assert stop.start_sleutel == starts.client.start_producten[0].sleutel

    def test_a_message_of_the_jeugdwet_is_refused(self, iwmo_shared):
        path = iwmo_shared / "voorbeelden" / "ijw-3.2" / "JW305.xml"

        assert refused(path.read_bytes())[0] is Reden.ONBEKEND_BERICHT


FULL = build.bericht_301(
    build.toegewezen(
        referentie_aanbieder="R-1",
        reden_wijziging=RedenWijziging.VERLENGING,
        commentaar="Eerste regel\nTweede regel & <meer>",
    ),
    build.toegewezen(toewijzing_nummer=102, product=None, omvang=None, budget=50_000),
    naam=VolledigeNaam(
        geslachtsnaam=Achternaam(achternaam="Çelik-Ó Proef", voorvoegsel="van"),
        partnernaam=Achternaam(achternaam="Voorbeeld"),
        voornamen="Przemysław",
        voorletters="P",
        naam_gebruik=NaamGebruik.EIGEN_PARTNER,
    ),
    communicatie=Communicatie(vorm=Communicatievorm.TOLK_TAAL, taal="Pools"),
    juridische_status="02",
    wettelijke_vertegenwoordiging="08",
    commentaar="Belt liever",
    relaties=(
        Relatie(
            nummer="1",
            volgorde=1,
            soort="12",
            geboortedatum=build.GEBOREN,
            geslacht=Geslacht.MANNELIJK,
            naam=build.VOLLEDIGE_NAAM,
            contact=replace(
                build.CONTACT,
                organisatie="Mentorbureau Proef",
                telefoon=Telefoonnummers(telefoon01=Telefoon(telefoonnummer="0251")),
                emailadres="proef@example.org",
            ),
        ),
    ),
    contactgegevens=(
        build.CONTACT,
        replace(
            build.CONTACT,
            soort=AdresSoort.TIJDELIJK,
            periode=OpenPeriode(begindatum=date(2026, 4, 1)),
        ),
    ),
)


class TestWriting:
    @pytest.mark.parametrize(
        "bericht",
        [
            build.bericht_301(),
            FULL,
            build.bericht_305(),
            build.bericht_307(),
            build.bericht_315(),
            build.bericht_319(),
        ],
        ids=["301", "301-full", "305", "307", "315", "319"],
    )
    def test_what_we_write_obeys_the_schema_and_reads_back(self, schemas, bericht):
        data = write_bericht(bericht, schemas)

        assert read_bericht(data, schemas) == bericht

    def test_the_file_is_utf_8_without_mark_and_with_cr_lf(self):
        data = write_301(FULL)

        assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n<wmo301:')
        assert data.count(b"\n") == data.count(b"\r\n")
        assert "Przemysław".encode() in data

    def test_the_same_message_gives_the_same_bytes(self):
        assert write_301(FULL) == write_301(replace(FULL))

    def test_a_moment_is_written_without_zone_or_fraction(self):
        product = build.toegewezen(toewijzingstijd=time(9, 5, 7, 123))

        data = write_301(build.bericht_301(product))

        assert b"<wmo301:Toewijzingstijd>09:05:07</wmo301:Toewijzingstijd>" in data

    @pytest.mark.parametrize("text", ["", "   ", "\x00", "\x0b", "\ud800"])
    def test_text_that_xml_cannot_carry_is_refused(self, text):
        with pytest.raises(BerichtFout) as caught:
            write_301(build.bericht_301(commentaar=text))

        assert (caught.value.reden, caught.value.element) == (
            Reden.WAARDE,
            "Commentaar",
        )

    def test_too_long_a_street_does_not_leave(self, schemas):
        adres = replace(build.ADRES, straatnaam="x" * 25)
        contact = replace(build.CONTACT, adres=adres)

        with pytest.raises(BerichtFout) as caught:
            write_301(build.bericht_301(contactgegevens=(contact,)), schemas)

        assert "Straatnaam" in {m.element for m in caught.value.meldingen}

    def test_a_toewijzing_without_a_contact_is_refused(self):
        with pytest.raises(BerichtFout) as caught:
            write_301(build.bericht_301(contactgegevens=()))

        assert caught.value.reden is Reden.STRUCTUUR

    def test_the_header_must_belong_to_the_message(self):
        bericht = replace(build.bericht_319(), header=build.header("301"))

        with pytest.raises(BerichtFout) as caught:
            write_319(bericht)

        assert caught.value.element == "Header"

    def test_the_header_takes_its_versions_from_the_schema(self, schemas):
        header = make_header(
            "301",
            afzender=build.GEMEENTE,
            ontvanger=build.AANBIEDER,
            identificatie="B1",
            dagtekening=build.DAGTEKENING,
            schemas=schemas,
        )

        assert header.xsd_versie.bericht_xsd_versie == "1.0.0"
        assert header.bericht_code == "414"


class TestStructure:
    """Without the schemas the shape is still checked."""

    data = write_bericht(build.bericht_315())

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (b"wmo315:Geslacht", b"wmo315:Sekse", (Reden.STRUCTUUR, "Geslacht")),
            (b"iwmo:Volume", b"wmo315:Volume", (Reden.STRUCTUUR, "Volume")),
            (b">120<", b"><", (Reden.WAARDE, "Volume")),
            (b">120<", b">1.5<", (Reden.WAARDE, "Volume")),
            (b">120<", "٣".join("><").encode(), (Reden.WAARDE, "Volume")),
            (b">120<", b">1_0<", (Reden.WAARDE, "Volume")),
            (b">120<", b"><a/><", (Reden.STRUCTUUR, "Volume")),
            (b">2026-09-30<", b">20260930<", (Reden.WAARDE, "ToewijzingEinddatum")),
            (
                b">2026-04-01<",
                b">2026-02-30<",
                (Reden.WAARDE, "ToewijzingIngangsdatum"),
            ),
            (b">Proefdier<", b">  <", (Reden.WAARDE, "Achternaam")),
            (b">444<", b">445<", (Reden.WAARDE, "Header")),
        ],
    )
    def test_a_wrong_part_is_named_by_its_element(self, old, new, expected):
        assert old in self.data
        assert refused(self.data.replace(old, new)) == expected

    def test_an_empty_list_is_refused(self):
        start = self.data.index(b"<wmo315:AangevraagdProduct>")
        end = self.data.index(b"</wmo315:AangevraagdeProducten>")

        reden, element = refused(self.data[:start] + self.data[end:])

        assert (reden, element) == (Reden.STRUCTUUR, "AangevraagdeProducten")

    def test_something_extra_at_the_end_is_refused(self):
        data = self.data.replace(
            b"</wmo315:Client>", b"</wmo315:Client><wmo315:Client/>"
        )

        assert refused(data) == (Reden.STRUCTUUR, "Bericht315")

    def test_retourcodes_do_not_belong_in_a_request(self):
        codes = (
            b"<wmo315:RetourCodes><wmo315:RetourCode>0200</wmo315:RetourCode>"
            b"</wmo315:RetourCodes></wmo315:Client>"
        )

        reden, _ = refused(self.data.replace(b"</wmo315:Client>", codes))

        assert reden is Reden.STRUCTUUR

    def test_a_plus_or_a_blank_around_a_number_is_still_the_number(self, schemas):
        data = self.data.replace(b">120<", b"> +0120\n<")

        assert read_315(data, schemas) == read_315(self.data)

    def test_many_products_are_read_quickly(self):
        product = self.data[
            self.data.index(b"<wmo315:AangevraagdProduct>") : self.data.index(
                b"</wmo315:AangevraagdeProducten>"
            )
        ]
        data = self.data.replace(product, b"".join(product.split(b"\r\n")) * 12_000)

        before = process_time()

        bericht = read_315(data)

        assert len(bericht.client.aangevraagde_producten) == 12_000
        assert process_time() - before < 10


class TestCodes:
    def test_each_message_has_a_code_and_each_request_a_retour(self):
        assert set(KLASSEN) == set(BERICHTCODES)
        assert set(KLASSEN) == set(RETOUR_VAN) | set(RETOUR_VAN.values())

    @pytest.mark.parametrize(
        ("codes", "file"),
        [
            (Geslacht, "COD046_Geslacht"),
            (TypeVerwijzer, "COD327_TypeVerwijzer"),
            (StatusAanlevering, "COD467_StatusAanlevering"),
            (NaamGebruik, "COD700_NaamGebruik"),
            (AdresSoort, "COD757_AdresSoort"),
            (Eenheid, "WJ756_Eenheid"),
            (Frequentie, "WMO757_Frequentie"),
            (RedenWijziging, "WMO002_RedenWijziging"),
            (RedenBeeindiging, "WMO588_RedenBeeindiging"),
        ],
    )
    def test_the_values_are_those_of_the_standard(self, iwmo_shared, codes, file):
        path = iwmo_shared / "codelijsten" / "uit-xsd-3.2" / f"{file}.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]

        assert {line.split(",")[0] for line in lines} == set(codes)

    def test_a_code_goes_out_as_code_and_shows_as_text(self):
        assert f"{Eenheid.UUR}" == "04"
        assert Eenheid.UUR.tekst == "Uur"
