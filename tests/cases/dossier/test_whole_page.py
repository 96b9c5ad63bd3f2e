"""The page of a dossier with something in every part of it."""

import re
from itertools import pairwise

import pytest

from build import dossier as people
from build.full import add_more, full_dossier
from build.gemeente import NOW, TODAY, actor_of, login, user
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid, Dossier
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations_inwoner import record_huishouden
from loket.cases.dossier.tijdlijn import Stap, in_volgorde

MOST = 36
"""Statements of a page with something in every part, the frame's own included."""


@pytest.fixture
def by(staff):
    return actor_of(staff[Role.CONSULENT], Role.CONSULENT)


@pytest.fixture
def dossier(here, by):
    with here() as session:
        return full_dossier(session, by)


class TestCost:
    def test_does_not_grow_with_the_rows_of_any_part(
        self, here, by, dossier, seat, counting
    ):
        browser = seat(Role.CONSULENT)
        url = f"/dossiers/{dossier.referentie}"
        browser.get(url)
        with counting() as few:
            small = browser.get(url).text
        with here() as session:
            file = session.get_one(Dossier, dossier.id)
            add_more(session, by, file)
            add_more(session, by, file)
        browser.get(url)

        with counting() as many:
            large = browser.get(url).text

        for one_row in ROWS:
            assert large.count(one_row) > small.count(one_row) > 0, one_row
        assert many == few
        assert few["database"] <= MOST


ROWS = (
    "Zelf naar de winkel kunnen",
    "De buurvrouw rijdt mee.",
    "Rolstoel</h3>",
    "Verzoek aan Zorg aan Zee",
    "Zorg aan Zee, toewijzing",
    "Pgb van",
    "Aanvraag van",
    "Bezwaar van",
    "Ingekomen stuk",
    "Verteld hoe het verder gaat.",
    "De sleutel ligt bij de buren.",
    "Huisgenoot",
    "Cliënt bellen",
    "belt terug",
    "Over het verzoek",
    "Werk eerlijker verdelen",
)
"""A word of one row in every part of the page."""


class TestParts:
    def test_each_has_a_place_of_its_own_that_the_page_names(self, dossier, seat):
        page = seat(Role.CONSULENT).get(f"/dossiers/{dossier.referentie}").text

        menu = page.split('id="op-deze-pagina"')[1].split("</nav>")[0]
        named = re.findall(r'href="#([\w-]+)"', menu)

        assert {"client", "behoeften", "voorzieningen", "taken", "verloop"} <= {*named}
        assert len(set(named)) == len(named)
        assert all(page.count(f'id="{each}"') == 1 for each in named)

    def test_headings_go_down_one_step_at_a_time(self, dossier, seat):
        page = seat(Role.CONSULENT).get(f"/dossiers/{dossier.referentie}").text

        levels = [int(each) for each in re.findall(r"<h(\d)[ >]", page)]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))

    def test_tell_through_whose_hands_it_went_and_why(self, dossier, seat):
        page = seat(Role.CONSULENT).get(f"/dossiers/{dossier.referentie}").text

        hands = page.split('id="behandeld"')[1]

        assert "Kustlicht consulent" in hands
        assert "Nieuwe zaak verdelen" in hands


class TestAround:
    """Links to other dossiers: only to those that this reader may see."""

    @pytest.fixture
    def couple(self, here, by):
        """Both dossiers of two people who live together, and the partner's id."""
        with here() as session:
            one, other = (people.inwoner(session, by, voorletters=v) for v in "KP")
            record_huishouden(
                session,
                by,
                NOW,
                soort=SoortHuishouden.LEEFEENHEID,
                leden=[one, other],
                van=TODAY,
            )
            return (
                people.dossier(session, by, client=one),
                people.dossier(session, by, client=other),
                other.id,
            )

    def test_a_partner_is_shown_with_the_dossier_they_have(self, couple, seat):
        mine, theirs, _ = couple

        page = seat(Role.CONSULENT).get(f"/dossiers/{mine.referentie}").text

        assert f'href="/dossiers/{theirs.referentie}"' in page
        assert "P. Duinzand" in page

    def test_of_a_shielded_dossier_nothing_shows(self, couple, here, by, seat):
        mine, theirs, _ = couple
        before = self.people_in(seat, mine)
        with here() as session:
            file = session.get_one(Dossier, theirs.id)
            operations.shield_dossier(session, by, NOW, dossier=file, user_ids=[by.id])

        named = seat(Role.CONSULENT).get(f"/dossiers/{mine.referentie}").text
        other = self.people_in(seat, mine)

        assert theirs.referentie in before
        assert theirs.referentie in named
        assert theirs.referentie not in other
        assert "P. Duinzand" not in other

    def test_who_is_shielded_elsewhere_looks_like_who_has_no_dossier(
        self, couple, here, by, seat
    ):
        mine, theirs, partner_id = couple
        with here() as session:
            operations.add_betrokkene(
                session,
                by,
                NOW,
                dossier=session.get_one(Dossier, mine.id),
                inwoner=session.get_one(Inwoner, partner_id),
                rol=BetrokkeneRol.HUISGENOOT,
                bevoegdheid=Bevoegdheid.PARTNER,
                van=TODAY,
            )
            file = session.get_one(Dossier, theirs.id)
            operations.shield_dossier(session, by, NOW, dossier=file, user_ids=[by.id])

        other = self.people_in(seat, mine)

        assert "P. Duinzand" in other
        assert theirs.referentie not in other
        assert "0612345678" not in other

    def people_in(self, seat, dossier):
        """What somebody who is named nowhere sees of the people around the cliënt."""
        page = seat(Role.TEAMLEIDER).get(f"/dossiers/{dossier.referentie}").text
        return page.split('id="mensen"')[1].split("</section>")[0]


class TestDelivery:
    def test_says_of_each_right_how_it_is_delivered(self, dossier, seat):
        page = seat(Role.CONSULENT).get(f"/dossiers/{dossier.referentie}").text

        rights = page.split('id="voorzieningen"')[1].split("</section>")[0]

        assert "Wacht op antwoord" in rights
        assert "Hulp loopt" in rights
        assert "Budget loopt" in rights
        assert "Gestart op 23-11-2026." in rights

    def test_stands_in_the_timeline(self, dossier, seat):
        url = f"/dossiers/{dossier.referentie}/tijdlijn?soort=Plaatsing+en+levering"

        page = seat(Role.CONSULENT).get(url).text

        assert "Hulp gestart: Zorg aan Zee" in page
        assert "Wachten op antwoord van Zorg aan Zee" in page


def test_a_privacy_officer_goes_from_the_trail_to_who_looked_and_back(
    dossier, here, seat, app
):
    with here() as session:
        officer = user(session, Role.PRIVACY_OFFICER)
    browser = login(app, officer)
    seat(Role.CONSULENT).get(f"/dossiers/{dossier.referentie}")
    looked = f"/dossiers/{dossier.referentie}/inzage"

    trail = browser.get("/logboek").text
    page = browser.get(looked).text

    assert f'href="{looked}"' in trail
    assert f'href="/logboek?dossier={dossier.referentie}"' in page
    assert f'href="/dossiers/{dossier.referentie}"' not in page
    assert 'href="/werkvoorraad"' not in page


def test_the_trail_links_no_dossier_that_the_officer_may_not_see(
    dossier, here, by, app
):
    with here() as session:
        officer = user(session, Role.PRIVACY_OFFICER)
        file = session.get_one(Dossier, dossier.id)
        operations.shield_dossier(session, by, NOW, dossier=file, user_ids=[by.id])

    trail = login(app, officer).get("/logboek").text

    assert f"/dossiers/{dossier.referentie}/inzage" not in trail


def test_everybody_can_read_how_to_work_by_keyboard(app, seat):
    stranger = app.test_client().get("/hulp/toetsen")

    assert stranger.status_code == 200
    assert "Shift + Tab" in stranger.text
    assert 'href="/hulp/toetsen"' in seat(Role.CONSULENT).get("/werkvoorraad").text


def test_what_a_deed_did_gets_the_focus_and_is_read(dossier, seat):
    browser = seat(Role.CONSULENT)
    page = browser.get(f"/dossiers/{dossier.referentie}").text
    door = re.search(r'action="(/dossiers/[^"]+/klaar)"', page)
    assert door

    after = browser.post(door[1], follow_redirects=True).text

    told = after.split('<div class="lk-flashes" tabindex="-1" autofocus>')[1]
    assert "De taak is klaar." in told.split("</main>")[0]
    assert 'role="status"' in told.split("De taak is klaar.")[0]


def test_a_letter_of_a_day_comes_after_what_was_done_on_that_day():
    melding = Stap("Melding ontvangen", TODAY)
    brief = Stap("Brief verzonden", TODAY, laat=True)
    besluit = Stap("Besluit genomen", NOW)

    assert in_volgorde([brief, besluit, melding]) == [melding, besluit, brief]
