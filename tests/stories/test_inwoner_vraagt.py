"""A resident asks what is held, has a number corrected and says yes to a question."""

import json
from datetime import date

import pytest

from stories.access import BSN, NAME, register_melding
from stories.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
GIVE = "Geef het afschrift"


def ask_to_see(balie: Person, number: str) -> str:
    balie.open(f"/dossiers/{number}")
    balie.follow("De inwoner vraagt om inzage")
    refused = balie.press_and_be_refused("Verzoek vastleggen")
    assert "Kies over wie het verzoek gaat." in refused
    balie.tick_ending(NAME)
    balie.tick("De inwoner zelf", "Balie")
    balie.select(
        "Hoe hebt u gecontroleerd wie dit vraagt?",
        "Paspoort, identiteitskaart of rijbewijs gezien",
    )
    balie.on_a_phone("inzage-vragen")
    balie.press("Verzoek vastleggen")
    balie.sees("Het verzoek is vastgelegd", "De privacy officer besluit")
    balie.on_a_phone("inzageverzoek")
    return balie.page.url.rsplit("/", 1)[1]


def say_yes(balie: Person, number: str) -> None:
    balie.open(f"/dossiers/{number}")
    balie.follow("Toestemmingen")
    balie.sees("Er is geen toestemming vastgelegd")
    balie.follow("Toestemming vastleggen")
    assert "Vul in welke gegevens" in balie.press_and_be_refused(
        "Toestemming vastleggen"
    )
    balie.tick("Een zorgaanbieder, zoals de huisarts")
    balie.fill("Welke gegevens?", "Wat de wijkverpleging doet")
    balie.fill("Naam van de afdeling of organisatie", "Wijkverpleging Duinstede")
    balie.fill("Waarvoor hebt u de gegevens nodig?", "Weten welke hulp er al is")
    balie.tick("In een gesprek")
    balie.on_a_phone("toestemming")
    balie.press("Toestemming vastleggen")
    balie.sees("Wijkverpleging Duinstede", "Trek in")
    balie.on_a_phone("toestemmingen")


def have_it_corrected(balie: Person, consulent: Person, number: str) -> None:
    balie.open(f"/dossiers/{number}")
    balie.follow("De inwoner vraagt om correctie")
    balie.select(
        "Wat klopt er volgens de inwoner niet?", "Naam, adres of andere gegevens"
    )
    balie.fill("Wat is er mis, en wat moet het zijn?", "Ik woon op nummer 14.")
    balie.press("Verzoek vastleggen")
    balie.sees("Ik woon op nummer 14.")
    consulent.open(f"/correctieverzoeken/{balie.page.url.rsplit('/', 1)[1]}")
    consulent.follow("Verbeter de gegevens")
    consulent.fill("Huisnummer", "14")
    consulent.on_a_phone("verbeteren")
    consulent.press("Gegevens verbeteren")
    consulent.sees("Verbeterd.")
    consulent.open(f"/dossiers/{number}")
    consulent.follow("Wat er eerst stond")
    consulent.sees("Huisnummer", "12", "14", "op verzoek van de inwoner")
    consulent.on_a_phone("geschiedenis")


def decide(privacy: Person, asked: str) -> None:
    privacy.follow("Verzoeken van inwoners", within="body")
    privacy.on_a_phone("verzoeken")
    privacy.follow(asked)
    privacy.follow("Bekijk wat de inwoner krijgt")
    privacy.sees("Meldingen", "Wie er in een dossier staat")
    privacy.on_a_phone("inhoud")
    privacy.open(f"/inzageverzoeken/{asked}/weglaten/taak")
    privacy.tick("Laat het hele onderdeel weg")
    assert "Kies waarom" in privacy.press_and_be_refused("Bewaar deze keuze")
    privacy.tick_starting("Dit beschermt iemand anders")
    privacy.fill("Uitleg voor de inwoner", "Er staat iets in over een ander.")
    privacy.on_a_phone("weglaten")
    privacy.press("Bewaar deze keuze")
    privacy.open(f"/inzageverzoeken/{asked}/weigeren")
    privacy.open(f"/inzageverzoeken/{asked}/verlengen")
    privacy.open(f"/inzageverzoeken/{asked}")
    privacy.follow(GIVE)
    privacy.sees("Dit laat u weg", "Taken van medewerkers")
    privacy.press(GIVE)
    privacy.sees("Het afschrift wordt gemaakt.")


def hand_over(balie: Person, asked: str) -> None:
    balie.open(f"/inzageverzoeken/{asked}")
    balie.wait_for_link("Pdf om af te drukken")
    paper = balie.pdf("Pdf om af te drukken")
    for text in (NAME, BSN, "Wie uw gegevens opende", "Medewerker", "frontoffice"):
        assert text in paper
    assert "Noor Duinker" not in paper
    assert "Taken van medewerkers: alles weggelaten" in paper
    told = read_json(balie, asked)
    assert {each["wat"] for each in told["wie_keek"]["geopend"]} > {"Dossier bekeken"}
    assert date.fromisoformat(told["gemaakt_op"][:10])
    balie.wait_for_link("Open de brief")
    assert "ophalen aan het loket" in balie.pdf("Open de brief")
    balie.on_a_phone("afschrift")
    balie.tick("Opgehaald aan het loket")
    balie.press("Uitreiken vastleggen")
    balie.sees("Opgehaald aan het loket op")


def read_json(balie: Person, asked: str) -> dict:
    where = f"{balie.address}/inzageverzoeken/{asked}/afschrift.json"
    answer = balie.context.request.get(where)
    assert answer.status == 200
    named = answer.headers["content-disposition"]
    assert named == f'attachment; filename="afschrift-{asked}.json"'
    return json.loads(answer.body())


def test_a_resident_asks_and_gets(person):
    balie = person("balie")
    number = register_melding(balie)
    asked = ask_to_see(balie, number)
    say_yes(balie, number)
    have_it_corrected(balie, person("consulent"), number)
    decide(person("privacy"), asked)
    hand_over(balie, asked)
