"""One case from melding to delivery, with every login, in a real browser."""

import os
import time
from pathlib import Path

import pytest
from lxml import etree

from build.iwmo import AGB, SAMPLE, XSD
from loket.datum import kort
from loket.termijnen import BEZWAAR, uiterste_datum
from stories.access import (
    BORN,
    BSN,
    DAY,
    NAME,
    TODAY,
    divide,
    fill_melding,
    look_into_it,
    register_melding,
)
from stories.person import Person
from stories.running import Running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(220)]

WHAT_IT_IS_ABOUT = "Schoonmaken van woonkamer, keuken en badkamer op de begane grond."


class TestOneCase:
    def test_from_melding_to_delivery(self, person):
        number = register_melding(person("balie"))
        divide(person("teamleider"), number)
        consulent = person("consulent")
        look_into_it(consulent, number)
        decide(consulent)
        make_known(person("administratie"), number)
        place(consulent, number)
        deliver(person("kustwind"), consulent, number)
        the_others_look(person)


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


class TestMainForm:
    def test_works_without_scripts(self, person):
        balie = person("balie", java_script_enabled=False)
        balie.follow("Inwoner zoeken", within="body")
        balie.fill("Achternaam", "Stilduin")
        balie.press("Zoeken")
        balie.press("Melding voor een nieuwe inwoner")
        refusal = balie.press_and_be_refused("Melding vastleggen")
        assert "Vul de geboortedatum in, want er is geen BSN." in refusal
        fill_melding(balie, name="Stilduin", bsn="999990020")
        balie.press("Melding vastleggen")
        balie.sees("De melding is vastgelegd", "Stilduin", "Naar het dorp kunnen")
        balie.wait_for_link("Ontvangstbevestiging")


def decide(consulent: Person) -> None:
    """4. One beschikking: natura, pgb and a refusal, decided within mandaat."""
    consulent.follow("Besluit", within=".lk-tabs")
    consulent.wait_for_text(f"Aanvraag van {DAY}")
    consulent.sees("Hulp bij het huishouden", "Traplift", "Begeleiding individueel")
    consulent.follow("Beschikking opstellen")
    consulent.fill("Waarom besluit u dit?", "U kunt een deel van het huis zelf doen.")
    consulent.press("Concept maken")
    grant(consulent, "Hulp bij het huishouden", "In natura", 120, "1716")
    grant(consulent, "Begeleiding individueel", "Pgb", 180, "")
    assess_pgb(consulent)
    refuse(consulent)
    consulent.on_a_phone("concept")
    consulent.follow("Controleer")
    consulent.sees("Uw mandaat is genoeg voor alle regels.")
    consulent.follow("Naar besluiten")
    consulent.press("Besluiten")
    consulent.sees("Het besluit is genomen.")
    consulent.wait_for_text("De administratie maakt het besluit bekend.")


def grant(consulent: Person, product, form, volume, cost) -> None:
    consulent.follow("Toekennen")
    consulent.tick_starting(product, within="Deel van de aanvraag")
    consulent.tick(form, within="In welke vorm wil de cliënt dit?")
    consulent.fill("Hoeveel?", str(volume))
    consulent.select("Per", "per week")
    consulent.fill("Eerste dag", DAY)
    consulent.fill("Kosten per jaar in natura", cost)
    consulent.fill("Waarom?", "Dit blijkt uit het gesprek bij u thuis.")
    consulent.press("Regel toevoegen")


def assess_pgb(consulent: Person) -> None:
    for part, why in (
        ("1. Vaardig", "Waarom vindt u dit van de vaardigheid?"),
        ("2. Gemotiveerd", "Waarom vindt u dit van de motivering?"),
        ("3. Kwaliteit", "Waarom vindt u dit van de kwaliteit?"),
    ):
        consulent.tick("Ja", within=part)
        consulent.fill(why, "Dat blijkt uit het plan van de cliënt.")
    consulent.fill("Van een beroepskracht", "120")
    consulent.fill("Van iemand uit de omgeving", "60")
    consulent.fill("Aan welke eisen moet de hulp voldoen?", "De hulp heeft een VOG.")
    consulent.press("Toets vastleggen")
    consulent.sees("Berekening van het pgb")


def refuse(consulent: Person) -> None:
    consulent.follow("Weigeren")
    consulent.tick_starting("Traplift")
    consulent.tick_starting("Dit is iets wat mensen in uw situatie gewoonlijk")
    consulent.fill("Waarom?", "U gaat in het voorjaar gelijkvloers wonen.")
    consulent.press("Regel toevoegen")
    consulent.sees("Alles is ingevuld.")


def make_known(administratie: Person, number: str) -> None:
    """4. The administratie sends the letter; from that day bezwaar is possible."""
    administratie.sees(number, "Bekendmaken")
    administratie.follow(number)
    administratie.follow("Besluit", within=".lk-tabs")
    administratie.follow("Besluit bekendmaken")
    letter = administratie.pdf("Bekijk de brief")
    for words in (NAME, "traplift", "VOG", "bezwaar", "gelijkvloers wonen"):
        assert words in letter
    assert BSN not in letter
    administratie.press("Bekendmaking vastleggen")
    last_day = uiterste_datum(TODAY, BEZWAAR)
    administratie.sees("Bezwaar maken kan tot en met", kort(last_day))
    administratie.on_a_phone("beschikking")


def place(consulent: Person, number: str) -> None:
    """5. Candidates with reasons, and a question that does not tell who it is."""
    consulent.open(f"/dossiers/{number}")
    consulent.follow("Kies een aanbieder")
    consulent.sees("Kustwind Thuiszorg", "Branding Hulp", "Past")
    consulent.on_a_phone("plaatsen")
    consulent.tick("Kustwind Thuiszorg")
    consulent.tick("De cliënt heeft deze aanbieder zelf gekozen")
    consulent.fill("Waarom deze aanbieder?", "De buurvrouw kent deze aanbieder.")
    about = "Wat moet de aanbieder weten om te beoordelen of het past?"
    consulent.fill(about, f"Mevrouw {NAME} zoekt hulp.")
    refusal = consulent.press_and_be_refused("Verstuur de keuze")
    assert "Haal dit uit de omschrijving: de naam" in refusal
    consulent.fill(about, WHAT_IT_IS_ABOUT)
    consulent.press("Verstuur de keuze")
    consulent.sees("De aanbieder krijgt uw verzoek.")


def deliver(aanbieder: Person, consulent: Person, number: str) -> None:
    """5. The aanbieder answers, learns who it is, and reports start and stop."""
    who = (NAME, BSN, BORN, "03-04-1944", "Helmgrasweg", "0612345678", number)
    aanbieder.follow("Alle verzoeken")
    aanbieder.sees("Hulp bij het huishouden", "Duinstede", "1961")
    aanbieder.does_not_see(*who)
    aanbieder.on_a_phone("verzoeken")
    aanbieder.follow("Hulp bij het huishouden")
    aanbieder.sees(WHAT_IT_IS_ABOUT, "U ziet nog geen naam of adres.")
    aanbieder.does_not_see(*who)
    aanbieder.press("Aanvaard dit verzoek")
    aanbieder.wait_for_text("Wacht op start")
    aanbieder.follow("Hulp bij het huishouden", within="table")
    aanbieder.sees(NAME, "Helmgrasweg 12", "0612345678", "Het huis is schoon.")
    aanbieder.does_not_see("De post is geordend.", "steile", "Er liggen rekeningen")
    aanbieder.fill("De hulp is gestart op", DAY)
    aanbieder.press("Meld de start")
    aanbieder.sees("De start is gemeld.")
    consulent.open(f"/dossiers/{number}")
    consulent.wait_for_text("Hulp loopt")
    aanbieder.fill("De laatste dag van de hulp was", DAY)
    aanbieder.select("Waarom is de hulp gestopt?", "De cliënt wil stoppen")
    aanbieder.press("Meld het einde")
    aanbieder.sees("Het einde van de hulp is gemeld.")
    consulent.wait_for_text("Hulp gestopt")
    aanbieder.open("/aanbieder/capaciteit")
    aanbieder.follow("Wijzig")


def the_others_look(person) -> None:
    """7. Policy in figures, and what beheerder and privacy officer see."""
    beleid = person("beleid")
    beleid.follow("Beleid in cijfers", within="body")
    beleid.sees("Beleid in cijfers", "Meldingen per maand")
    beleid.does_not_see(NAME, BSN)
    beleid.on_a_phone("beleid")
    beheer = person("beheer")
    beheer.follow("Beheer", within="body")
    beheer.sees("Er staat niets stil")
    beheer.does_not_see(NAME, BSN)
    privacy = person("privacy")
    privacy.follow("Logboek", within="body")
    privacy.sees("Logboek")
    privacy.does_not_see(NAME, BSN)


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
