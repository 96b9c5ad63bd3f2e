"""One case from melding to delivery, with every login, in a real browser."""

import os
import time
from pathlib import Path

import pytest
from lxml import etree

from build.iwmo import AGB, SAMPLE, XSD
from stories.one_case import from_melding_to_delivery
from stories.person import Person
from stories.running import Running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(220)]


class TestOneCase:
    def test_from_melding_to_delivery(self, person):
        from_melding_to_delivery(person)


class TestMessageOfAnAanbieder:
    @pytest.mark.skipif(
        not SAMPLE.is_file(), reason="no iWmo samples: set LOKET_SHARED to their folder"
    )
    def test_becomes_work_and_then_a_toewijzing(self, running, person):
        set_up_by_command(running)
        deliver_file(running, SAMPLE.read_bytes())
        clerk = person("post")
        find_the_work(clerk)
        complete_the_address(clerk)
        take_over(clerk, "Kortdurend verblijf (04001)")
        clerk.follow("Open verzoeken")
        clerk.page.locator("table").get_by_role("link").first.click()
        take_over(clerk, "Dagbesteding (07001)")
        for made in wait_for_files(running, "WMO301_0384_*.xml"):
            check_301(made)


def set_up_by_command(running: Running) -> None:
    """6. The beheerder lets a gemeente in with the command, in a process of its own."""
    van = ("--van", "1-1-2023")
    running.command("gemeente", "create", "0384", "--naam", "Polderdam", *van)
    running.command("aanbieder", "create", AGB, "--naam", "Zorgburo Dijk")
    running.command(
        *("contract", "create", "C-0384", "--gemeente", "0384", "--aanbieder", AGB),
        *("--product", "04001=165,00", "--product", "07001=41,50", *van),
        "--zonder-plaatsingsverzoek",
    )
    said = running.command(
        *("user", "create", "post", "--naam", "Gijs Poort", "--rol", "administratie"),
        *("--gemeente", "0384", *van),
    )
    assert "Gijs Poort kan inloggen als post." in said


def deliver_file(running: Running, data: bytes) -> None:
    """6. The mailbox puts a whole file in the folder: it was ready a minute ago."""
    folder = running.home / "iwmo" / "in"
    wait_for(folder.is_dir, "the folders of the mailbox")
    arriving = running.home / "arriving.xml"
    arriving.write_bytes(data)
    moment = time.time() - 60
    os.utime(arriving, (moment, moment))
    arriving.rename(folder / "WMO315.xml")


def find_the_work(clerk: Person) -> None:
    """6. The message stands in the list; what it asks is work with a term."""
    clerk.follow("Berichten", within="body")
    clerk.wait_for_row("316", "Verzonden")
    clerk.wait_for_row("315", "Ontvangen").get_by_role("link").first.click()
    clerk.sees("Commentaar Aangevraagd Product", "4 etmalen per maand")
    clerk.open("/berichten")
    clerk.follow("Open verzoeken")
    clerk.sees("2 verzoeken", "Zorgburo Dijk")
    clerk.on_a_phone("verzoeken-van-aanbieders")
    clerk.page.locator("table").get_by_role("link").first.click()


def complete_the_address(clerk: Person) -> None:
    """6. The message holds no address; Loket asks for it."""
    clerk.sees("Er ontbreken gegevens van de cliënt", "postcode, huisnummer")
    clerk.follow("Vul de gegevens van de cliënt aan")
    clerk.fill("Straat", "Polderweg")
    clerk.fill("Huisnummer", "7")
    clerk.fill("Postcode", "1111 AB")
    clerk.fill("Woonplaats", "Polderdam")
    clerk.press("Gegevens opslaan")
    clerk.sees("De gegevens zijn bijgewerkt.", "de Wit")
    clerk.follow("Verzoek ")
    clerk.does_not_see("Er ontbreken gegevens van de cliënt")


def take_over(clerk: Person, product: str) -> None:
    """6. The besluit was taken elsewhere: it is taken over, and assigned at once."""
    clerk.follow("Besluit overnemen en toewijzen")
    assert clerk.field("Nummer van het besluit").input_value() == "1234"
    clerk.fill("Dag van het besluit", "15-5-2023")
    options = clerk.field("Product uit het contract")
    chosen = options.locator("option", has_text=product).inner_text()
    options.select_option(label=chosen)
    clerk.fill("Hoeveel?", "4")
    clerk.press("Overnemen en toewijzen")
    clerk.sees("Het besluit is overgenomen en toegewezen.", "Toegewezen")


def wait_for_files(running: Running, pattern: str) -> list[Path]:
    folder = running.home / "iwmo" / "out"
    wait_for(lambda: list(folder.glob(pattern)), pattern)
    return list(folder.glob(pattern))


def check_301(path: Path) -> None:
    """6. What leaves is right for the official schema, and says who gets what."""
    made = etree.parse(path)
    etree.XMLSchema(etree.parse(XSD / "iwmo-3.2" / "WMO301.xsd")).assertValid(made)
    says = {each.tag.rsplit("}")[-1]: each.text for each in made.iter()}
    assert (says["Afzender"], says["Ontvanger"]) == ("0384", AGB)
    assert (says["Bsn"], says["Postcode"]) == ("999900006", "1111AB")
