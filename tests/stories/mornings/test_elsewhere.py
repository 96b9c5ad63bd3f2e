"""A morning of who is not at the desk: aanbieder, beleid, beheer, privacy officer."""

import re
from datetime import timedelta

import pytest

from loket.datum import kort
from loket.termijnen import vandaag
from stories.mornings.village import open_case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TODAY = kort(vandaag())
NEXT_WEEK = kort(vandaag() + timedelta(days=7))
NEXT_MONTH = kort(vandaag() + timedelta(days=31))
OWN_WORDS = "een lange zin is goed"
RATES = "contract;product;tarief;postcodes;maximum;vanaf;tot_en_met\n"


def open_row(person, *words: str) -> None:
    """Go where the first link of a row leads."""
    row = person.page.locator("main tbody tr")
    for each in words:
        row = row.filter(has_text=each)
    person.go(row.first.get_by_role("link").first)


def come_in_first(person, login: str, told: str):
    """Log in with the password that is shown once, and choose one's own."""
    given = re.search(rf"wachtwoord van {login} is: (\S+)", told)
    assert given
    new = person(login, password=given[1])
    new.fill("Nieuw wachtwoord", OWN_WORDS)
    new.fill("Nog een keer hetzelfde wachtwoord", OWN_WORDS)
    new.press("Wachtwoord bewaren")
    return new


class TestAanbieder:
    def test_answers_what_two_gemeenten_ask(self, person, cases):
        intake = person("branding")
        intake.sees("Vandaag", "Verzoeken die op uw antwoord wachten")
        intake.follow("Verzoeken", within="nav")
        intake.follow("Alle verzoeken")
        intake.sees("3 verzoeken", "Heemskerk", "Beverwijk")
        intake.does_not_see(*(case.name for case in cases.values()))
        open_row(intake, "Beverwijk")
        intake.fill("Uw vraag", "Kan de eerste afspraak op ons kantoor zijn?")
        intake.press("Stel de vraag")
        intake.sees("Kan de eerste afspraak op ons kantoor zijn?")

        intake.open("/aanbieder/verzoeken")
        intake.select("Gemeente", "Heemskerk")
        intake.press("Filteren")
        intake.sees("2 verzoeken")
        open_row(intake, "Heemskerk")
        intake.fill("De hulp kan starten op", NEXT_WEEK)
        intake.press("Aanvaard dit verzoek")
        intake.sees("U heeft het verzoek aanvaard.")
        intake.follow("Alle verzoeken")
        open_row(intake, "Heemskerk")
        intake.tick("Wij kunnen niet de juiste ondersteuning bieden")
        intake.press("Weiger dit verzoek")
        intake.sees("De gemeente zoekt verder.")

        consulent = person("consulent.heemskerk")
        consulent.sees("Antwoorden van aanbieders")
        answers = []
        for name in ("gevraagd", "gevraagd ook"):
            open_case(consulent, cases[name])
            # what is over is folded up
            answers.append("Geweigerd" in consulent.page.content())
        assert sorted(answers) == [False, True]
        elsewhere = person("consulent2.beverwijk")
        open_case(elsewhere, cases["gevraagd elders"])
        elsewhere.follow("Branding")
        elsewhere.sees("Kan de eerste afspraak op ons kantoor zijn?")

    def test_agrees_on_the_start_and_cannot_reach_the_client(self, person, cases):
        case = cases["aanvaard"]
        intake = person("branding")
        intake.follow("Toewijzingen", within="nav")
        intake.select("Status", "Start nog te melden")
        intake.press("Filteren")
        open_row(intake, "Heemskerk")
        intake.sees(case.name)
        intake.follow("Start afspreken")
        intake.fill("Stel een dag voor", NEXT_WEEK)
        intake.press("Verstuur het voorstel")
        intake.tick("De cliënt is niet te bereiken")
        words = "Drie keer gebeld, nooit iemand aan de telefoon."
        intake.fill("Leg uit wat er aan de hand is", words)
        intake.press("Verstuur de vraag")
        intake.sees("De gemeente heeft uw vraag.")

        consulent = person("consulent.heemskerk")
        consulent.wait_for_text("Cliënt onbereikbaar")
        consulent.sees(case.number)
        open_case(consulent, case)
        consulent.follow("Start en bijzonderheden")
        consulent.sees(words)
        consulent.press(f"Akkoord met {NEXT_WEEK}")
        consulent.fill("Wat gebeurt er nu?", "Ik ga er morgen langs.")
        consulent.press("Verstuur het antwoord")
        intake.page.reload()
        intake.sees("Afgesproken is dat de hulp start op", "Ik ga er morgen langs.")


class TestBeheerderOfAnAanbieder:
    def test_lets_a_colleague_in(self, person):
        boss = person("kustwindbeheer")
        boss.follow("Collega's", within="nav")
        boss.sees("Anja Golf")
        boss.does_not_see("Jeroen Schuim")
        boss.follow("Nieuwe collega")
        boss.fill("Naam", "Ties Vloed")
        boss.fill("Gebruikersnaam", "t.vloed")
        boss.tick("Behandelt verzoeken en cliënten")
        boss.press("Collega toevoegen")

        colleague = come_in_first(person, "t.vloed", boss.text())
        colleague.open("/aanbieder")
        colleague.sees("Verzoeken en cliënten")


class TestBeleid:
    def test_reads_figures_and_no_people(self, person, cases):
        beleid = person("beleid.heemskerk")
        beleid.follow("Beleid in cijfers", within="nav")
        beleid.sees("Meldingen per maand", "Onderzoek binnen zes weken")
        beleid.select("Jaar", str(vandaag().year))
        beleid.press("Toon")
        beleid.sees(f"heel {vandaag().year}")
        beleid.does_not_see(*(case.name for case in cases.values()))


class TestBeheer:
    def test_sets_a_norm_that_the_teamleider_sees(self, person):
        beheer = person("beheer.heemskerk")
        beheer.follow("Beheer", within="nav")
        beheer.follow("Normen en termijnen")
        beheer.follow("Werk dat bij een consulent past")
        beheer.fill("Werk dat bij een consulent past", "31")
        beheer.fill("Vanaf welke dag?", TODAY)
        beheer.press("Instellen")
        beheer.sees("31 zaken")

        teamleider = person("teamleider.heemskerk")
        teamleider.open("/werkvoorraad/caseload")
        teamleider.sees("De norm is 31 zaken.")

    def test_lets_a_new_consulent_in(self, person):
        beheer = person("beheer.heemskerk")
        beheer.open("/beheer/gebruikers")
        beheer.follow("Nieuwe gebruiker")
        beheer.fill("Naam", "Lieke Zandoog")
        beheer.fill("Gebruikersnaam", "l.zandoog")
        beheer.tick("Consulent")
        beheer.fill("Vanaf welke dag?", TODAY)
        beheer.press("Gebruiker maken")

        new = come_in_first(person, "l.zandoog", beheer.text())
        new.sees("Vandaag", "Geen termijn van uw dossiers loopt binnenkort af.")

    def test_takes_in_rates_once_the_file_is_right(self, person):
        beheer = person("beheer.heemskerk")
        beheer.open("/beheer/contracten")
        beheer.follow("Inlezen uit Excel")
        right = f"HK-2026-05;12001;2999,00;;;{NEXT_MONTH};\n"
        wrong = f"{right}HK-0;12001;1,00;;;{TODAY};\n"
        beheer.hand_in("Bestand", "tarieven.csv", (RATES + wrong).encode())
        beheer.press("Controleren")
        beheer.sees("Er is nog niets ingelezen", "Dit contract is er niet.")
        beheer.follow("Kies het bestand opnieuw")
        beheer.hand_in("Bestand", "tarieven.csv", (RATES + right).encode())
        beheer.press("Controleren")
        beheer.sees("1 gewijzigd", "2.999,00")
        beheer.press("Alles inlezen")
        beheer.sees("Ingelezen: 1 wijzigingen.")
        open_row(beheer, "HK-2026-05")
        beheer.sees("2.999,00", NEXT_MONTH, "Geldt later")


class TestPrivacyOfficer:
    def test_sees_who_looked_and_not_at_whom(self, person, cases):
        case = cases["bezoek"]
        consulent = person("consulent.heemskerk")
        open_case(consulent, case)

        privacy = person("privacy.heemskerk")
        privacy.sees("Vandaag")
        privacy.follow("Logboek", within="nav")
        privacy.fill("Kenmerk van een dossier", case.number)
        privacy.press("Filteren")
        privacy.sees(case.number, "Samira El Khatib")
        privacy.does_not_see(case.name)
        privacy.follow(f"{case.number} wie keek")
        privacy.sees("Wie keek in dit dossier", "Samira El Khatib")
        privacy.does_not_see(case.name)
