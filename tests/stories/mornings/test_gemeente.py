"""A morning of everybody at the gemeente; the next one finds what was done."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from loket.datum import kort
from loket.termijnen import vandaag
from stories.access import DAY, NAME, fill_melding
from stories.mornings.village import CALL_ABOUT, open_case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SOON = kort(vandaag() + timedelta(days=1))
NEXT_MONTH = kort(vandaag() + timedelta(days=31))
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF"


class TestFrontoffice:
    def test_calls_back_and_notes_a_contact_that_is_no_melding(self, person):
        balie = person("balie.heemskerk")
        balie.sees("Vandaag", "Terugbellen", "Mevrouw Zeekraal")
        balie.follow("Mevrouw Zeekraal")
        balie.sees(CALL_ABOUT, "0612345678")
        balie.press("Teruggebeld")
        balie.sees("Er is teruggebeld.")
        balie.open("/vandaag")
        balie.does_not_see("Mevrouw Zeekraal")

        balie.follow("Contactmoment")
        balie.tick("Informatie gegeven")
        balie.select("Hoe was het contact?", "Telefoon")
        balie.fill("Wat is er gezegd?", "Waar is het spreekuur van de wijk?")
        balie.press("Contactmoment vastleggen")
        balie.sees("Het contactmoment is vastgelegd")

    def test_keeps_a_melding_for_later_and_then_takes_it_in(self, person):
        balie = person("balie.heemskerk")
        balie.open("/meldingen/nieuw")
        balie.fill("De vraag in eigen woorden", "Ik kom de trap niet meer op.")
        balie.fill("Achternaam", NAME, "Om wie gaat het?")
        balie.press("Bewaar als concept")
        balie.open("/vandaag")
        balie.sees("Meldingen die u nog niet hebt vastgelegd")
        draft = balie.page.locator("main tr a[href*='/meldingen/nieuw/']").first
        balie.go(draft)
        words = balie.field("De vraag in eigen woorden").input_value()
        assert words == "Ik kom de trap niet meer op."
        fill_melding(balie)
        balie.press("Melding vastleggen")
        balie.page.wait_for_url("**/dossiers/*")
        number = balie.page.url.rsplit("/", 1)[1]

        teamleider = person("teamleider.heemskerk")
        teamleider.sees("Nog te verdelen", number, NAME)

    def test_files_incoming_post_for_the_consulent(self, person, cases):
        case = cases["bezoek"]
        balie = person("balie.heemskerk")
        balie.follow("Post", within="nav")
        balie.follow("Post toevoegen")
        balie.hand_in("Bestanden", "brief.pdf", PAPER)
        balie.select("Hoe kwam de post binnen?", "Post")
        balie.fill("Afzender", "De huisarts")
        balie.press("Post toevoegen")
        balie.go(balie.page.locator("main tbody a").first)
        balie.fill("Achternaam", case.name)
        balie.press("Zoeken")
        balie.tick_ending(f"dossier {case.number}")
        balie.press("Opbergen in dit dossier")
        balie.sees("De post zit nu in dossier")

        consulent = person("consulent.heemskerk")
        consulent.wait_for_text("Post bekijken")
        consulent.sees(case.number)
        open_case(consulent, case)
        consulent.sees("Ingekomen stuk")


class TestConsulent:
    def test_sees_what_is_due_and_goes_on_a_visit(self, person, cases):
        case = cases["gesprek"]
        consulent = person("consulent.heemskerk")
        consulent.sees("Uw termijnen", case.number, case.name)
        consulent.follow(case.number)
        consulent.follow("Onderzoek", within=".lk-tabs")
        consulent.unfold("Waarom deze datum?")
        consulent.sees("6 weken")
        consulent.follow("Op bezoek")
        consulent.fill("Wie waren erbij?", "De zoon")
        consulent.fill("Wat vertelde de cliënt?", "Domino speel ik niet meer.")
        consulent.press("Leg vast in het dossier")
        consulent.sees("Het bezoek is vastgelegd", "Domino speel ik niet meer.")

        planned = cases["bezoek"]
        open_case(consulent, planned, "Onderzoek")
        consulent.follow("Plan een gesprek")
        consulent.fill("Op welke dag?", SOON)
        consulent.fill("Hoe laat?", "10:30")
        consulent.select_starting("Wie voert het gesprek?", "Samira El Khatib")
        consulent.press("Plan het gesprek")
        consulent.open("/vandaag")
        consulent.sees("Volgende bezoeken", planned.name, "10:30")

    def test_writes_a_note_and_puts_a_task_off(self, person, cases):
        case = cases["gesprek"]
        consulent = person("consulent.heemskerk")
        open_case(consulent, case, "Notities")
        consulent.follow("Notitie schrijven")
        consulent.tick("Belafspraak")
        consulent.fill("Notitie", "De zoon belt liever na vijf uur.")
        consulent.press("Bewaar")
        open_case(consulent, case)
        consulent.follow("Nieuwe taak")
        consulent.select("Wat moet er gebeuren?", "Cliënt bellen")
        consulent.select_starting("Voor wie?", "Samira El Khatib")
        consulent.fill("Uiterlijk op", NEXT_MONTH)
        consulent.press("Taak klaarzetten")
        consulent.open("/taken")
        consulent.follow(f"Cliënt bellen in dossier {case.number}")
        consulent.fill("Herinner mij op", SOON)
        consulent.press("Later herinneren")
        assert consulent.page.locator("tr", has_text="Cliënt bellen").count() == 0
        consulent.follow("Later herinneren")
        consulent.sees("Cliënt bellen", case.number)

        colleague = person("consulent2.heemskerk")
        open_case(colleague, case, "Notities")
        colleague.sees("De zoon belt liever na vijf uur.", "Samira El Khatib")

    def test_asks_the_provider(self, person, cases):
        consulent = person("consulent.heemskerk")
        case = cases["gevraagd in stilte"]
        consulent.sees("Wacht op een aanbieder", case.number)
        open_case(consulent, case)
        consulent.follow("Schrijf de aanbieder")
        consulent.fill("Uw bericht", "Kan de hulp ook op vrijdag komen?")
        consulent.press("Verstuur")
        consulent.sees("Uw bericht is verstuurd.")

        aanbieder = person("pierzorg")
        aanbieder.follow("Verzoeken", within="nav")
        aanbieder.sees("Wacht op uw antwoord", "Heemskerk")
        aanbieder.go(aanbieder.page.locator("main tbody a").first)
        aanbieder.sees("Kan de hulp ook op vrijdag komen?")


class TestKwaliteitsmedewerker:
    def test_reviews_what_a_colleague_drew_up(self, person, cases):
        case = cases["concept"]
        kwaliteit = person("kwaliteit.heemskerk")
        kwaliteit.sees("Na te kijken besluiten", case.number)
        kwaliteit.follow(case.number)
        kwaliteit.follow("Besluit", within=".lk-tabs")
        kwaliteit.go(kwaliteit.page.locator("main tbody a").first)
        kwaliteit.follow("Controleer")
        kwaliteit.press("Ik heb dit nagekeken")

        consulent = person("consulent.heemskerk")
        open_case(consulent, case, "Besluit")
        consulent.go(consulent.page.locator("main tbody a").first)
        consulent.sees("Nagekeken door", "Petra Strandvoogd")


class TestTeamleider:
    def test_keeps_a_view_and_divides_two_cases_at_once(self, person, cases):
        new = [cases["nieuw"].number, cases["nieuw ook"].number]
        teamleider = person("teamleider.heemskerk")
        teamleider.sees("Nog te verdelen", *new)
        teamleider.follow("Werkvoorraad", within="nav")
        teamleider.select("Wiens werk", "Nog te verdelen")
        teamleider.select("Fase", "Nieuw")
        teamleider.press("Filteren")
        teamleider.sees(*new)
        teamleider.follow("Bewaar als weergave")
        teamleider.fill("Naam van de weergave", "Nieuw en vrij")
        teamleider.press("Bewaren")
        teamleider.sees("De weergave is bewaard.", "Nieuw en vrij", *new)
        assert cases["concept"].number not in teamleider.text()

        with teamleider.page.expect_download() as taken:
            teamleider.hands.push(teamleider.button("Download als Excel"))
        sheet = openpyxl.load_workbook(BytesIO(taken.value.path().read_bytes())).active
        assert set(new) <= {cell.value for cell in sheet["A"]}

        teamleider.tick(*(f"Kies dossier {each}" for each in new))
        teamleider.press("Verdeel de gekozen zaken")
        teamleider.select_starting("Aan wie geeft u de zaken?", "Joris van Helm")
        teamleider.select("Waarom?", "Werk eerlijker verdelen")
        teamleider.press("Verdelen")
        teamleider.sees("2 zaken zijn verdeeld.")
        teamleider.follow("Caseload", within="nav")
        teamleider.sees("Joris van Helm", "Samira El Khatib")

        consulent = person("consulent2.heemskerk")
        consulent.sees("Nieuw voor u", *new)

    def test_lets_somebody_stand_in(self, person, cases):
        teamleider = person("teamleider.heemskerk")
        teamleider.follow("Caseload", within="nav")
        teamleider.follow("Vervanging")
        teamleider.follow("Vervanging regelen")
        teamleider.select_starting("Wie is er afwezig?", "Kees Kruiwagen")
        teamleider.select_starting("Wie doet het werk?", "Joris van Helm")
        teamleider.fill("Eerste dag", DAY)
        teamleider.press("Vastleggen")
        teamleider.sees("De vervanging is vastgelegd.", "Kees Kruiwagen", "Loopt")

        stand_in = person("consulent2.heemskerk")
        stand_in.open("/werkvoorraad?wiens=vervanging")
        stand_in.sees("Werkvoorraad", cases["van Kees"].number)


class TestAdministratie:
    def test_makes_a_besluit_known_and_sends_a_letter(self, person, cases):
        case = cases["besloten"]
        clerk = person("administratie.heemskerk")
        clerk.sees("Besluiten bekend te maken", case.number)
        clerk.follow(case.number)
        clerk.follow("Besluit", within=".lk-tabs")
        clerk.follow("Besluit bekendmaken")
        clerk.press("Bekendmaking vastleggen")
        clerk.sees("Bezwaar maken kan tot en met")
        clerk.follow("Taken", within="nav")
        clerk.follow(f"Verzenden van de brief in dossier {cases['nieuw'].number}")
        clerk.press("Vastleggen als verzonden")
        clerk.sees("De brief staat als verzonden in het dossier.")
        assert cases["nieuw"].number not in clerk.text()

        consulent = person("consulent.heemskerk")
        open_case(consulent, case)
        consulent.sees("Plaatsen", "Nog niet geplaatst bij een aanbieder.")
