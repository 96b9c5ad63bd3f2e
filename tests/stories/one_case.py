"""One case from melding to delivery, with every login, step by step on the screens.

How people work - mouse, keyboard, without scripts - is no matter of the story.
"""

from loket.datum import kort
from loket.termijnen import BEZWAAR, uiterste_datum
from stories.access import (
    BORN,
    BSN,
    DAY,
    NAME,
    TODAY,
    divide,
    look_into_it,
    register_melding,
)
from stories.person import Person

WHAT_IT_IS_ABOUT = "Schoonmaken van woonkamer, keuken en badkamer op de begane grond."


def from_melding_to_delivery(person) -> None:
    number = register_melding(person("balie"))
    divide(person("teamleider"), number)
    consulent = person("consulent")
    look_into_it(consulent, number)
    decide(consulent)
    make_known(person("administratie"), number)
    place(consulent, number)
    deliver(person("kustwind"), consulent, number)
    the_others_look(person)


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
