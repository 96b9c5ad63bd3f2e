"""A morning of who may not look: an emergency, a neighbour, and who judges both."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from browser import DESK, PHONE
from loket.accounts.operations import appoint
from loket.accounts.queries import find_user
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.noodtoegang import Noodtoegang
from loket.cases.dossier.queries import get_client
from loket.termijnen import vandaag
from loket.toezicht.operations import signal_inzage
from stories.mornings.village import HEEMSKERK, Case, open_case
from stories.person import Person
from stories.town import office

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
GROUND = "De inwoner is hier of belt, en heeft nu hulp nodig"
WHY = "De cliënt staat aan de balie en Joris is vrij."
OPEN = "Dossier openen"
JUDGE = "Oordeel vastleggen"
TOO_LATE = "Ik wist niet van het telefoontje."


def shield(person, case: Case) -> None:
    teamleider = person("teamleider.heemskerk")
    teamleider.open(f"/dossiers/{case.number}/afschermen")
    teamleider.press("Dossier afschermen")
    teamleider.sees("Het dossier is afgeschermd.")


def is_refused(who: Person, case: Case) -> None:
    answer = who.page.goto(f"{who.address}/dossiers/{case.number}")
    assert answer.status == 404
    who.does_not_see(case.name)


def let_oneself_in(who: Person, case: Case) -> None:
    """The way leads over the search, which shows nothing of who is shielded."""
    who.open("/inwoners/zoek")
    who.follow("Noodtoegang")
    who.sees("Dit wordt altijd nagekeken")
    who.fill("Kenmerk van het dossier", case.number)
    refused = who.press_and_be_refused(OPEN)
    assert "Kies waarom het niet kan wachten." in refused
    assert "Schrijf op wat er aan de hand is." in refused
    who.tick(GROUND)
    who.fill("Wat is er aan de hand?", WHY)
    form = who.page.url
    who.press(OPEN)
    who.sees("Het dossier staat voor u open tot", case.name)
    who.sees("U kijkt met noodtoegang")
    # a second time, from the same form: nothing is prolonged or told again
    who.page.goto(form)
    who.fill("Kenmerk van het dossier", case.number)
    who.tick(GROUND)
    who.fill("Wat is er aan de hand?", WHY)
    who.press(OPEN)
    who.sees(case.name)


def sees_every_tab_on_a_phone(who: Person) -> None:
    who.page.set_viewport_size(PHONE)
    tabs = who.page.locator(".lk-tabs a")
    ends = tabs.evaluate_all("all => all.map(a => a.getBoundingClientRect().right)")
    assert len(ends) > 5
    assert max(ends) <= PHONE["width"]
    who.page.set_viewport_size(DESK)


def let_it_end(urls) -> None:
    """The hour is over; nobody waits for it here."""
    with office(urls) as session:
        nood = session.scalars(select(Noodtoegang)).one()
        nood.tot = datetime.now(UTC) - timedelta(seconds=1)


def reviews(officer: Person, choice: str, words: str) -> None:
    refused = officer.press_and_be_refused(JUDGE)
    assert "Kies wat u van deze inzage vindt." in refused
    officer.tick(choice)
    refused = officer.press_and_be_refused(JUDGE)
    assert "Leg uit hoe u tot dit oordeel komt." in refused
    officer.fill("Hoe komt u tot dit oordeel?", words)
    officer.press(JUDGE)
    officer.sees("Het oordeel is vastgelegd.")


def also_guards(urls, login: str) -> None:
    """Somebody works in the files and guards them too, as in a small gemeente."""
    with office(urls) as session:
        who = find_user(session, login)
        by = Actor.system(HEEMSKERK, via="cli")
        appoint(
            session,
            by,
            datetime.now(UTC),
            user_id=who.id,
            rol=Role.PRIVACY_OFFICER,
            van=vandaag(),
            gemeente_code=HEEMSKERK,
        )


def postcode_of(session: Session, case: Case) -> str:
    """The address of the cliënt; it stands on no screen of the officer."""
    found = session.scalars(
        select(Dossier).where(Dossier.referentie == case.number)
    ).one()
    return str(get_client(session, found.id).postcode)


def test_in_an_emergency_somebody_looks_and_answers_for_it(person, cases, urls):
    case = cases["af te schermen"]
    shield(person, case)
    consulent = person("consulent.heemskerk")
    is_refused(consulent, case)
    let_oneself_in(consulent, case)
    sees_every_tab_on_a_phone(consulent)

    officer = person("privacy.heemskerk")
    officer.sees("Noodtoegang om te beoordelen", "Samira El Khatib")
    first, later = "Noodtoegang om te beoordelen", "Weigeringen van vandaag"
    assert officer.text().index(first) < officer.text().index(later)
    officer.follow("Toezicht op inzage", within="nav")
    officer.does_not_see("None")
    assert officer.page.locator("main tbody tr", has_text=case.number).count() == 1
    officer.follow("Samira El Khatib")
    officer.sees(GROUND, WHY, "Noodtoegang geopend")
    officer.does_not_see(case.name)
    where = officer.page.url.removeprefix(officer.address)
    late = officer.context.new_page()
    late.goto(officer.page.url)
    officer.follow("Alles van Samira El Khatib in dit dossier")
    officer.sees("Logboek", "Noodtoegang geopend", "Dossier bekeken", case.number)
    officer.does_not_see("Joris van Helm (consulent)")

    let_it_end(urls)
    is_refused(consulent, case)

    also_guards(urls, "consulent.heemskerk")
    consulent.open(where)
    consulent.sees("U kunt uw eigen inzage niet beoordelen")
    assert consulent.button(JUDGE).count() == 0

    officer.open(where)
    reviews(officer, "Terecht", "Joris belde terug: zo was het.")
    late.get_by_label("Onterecht").check()
    late.get_by_label("Hoe komt u tot dit oordeel?").fill(TOO_LATE)
    late.get_by_role("button", name=JUDGE).click()
    told = late.locator("[data-error-summary]").inner_text()
    assert "Deze noodtoegang is al beoordeeld." in told
    assert TOO_LATE in late.locator("main").inner_text()
    officer.follow("Beoordeeld")
    officer.sees("Samira El Khatib", "Terecht")
    officer.follow("Samira El Khatib")
    officer.sees("Joris belde terug: zo was het.", "door Aisha Meerzicht")


def test_a_look_at_a_neighbour_is_asked_about(person, cases, urls):
    case = cases["van Kees"]
    officer = person("privacy.heemskerk")
    with office(urls) as session:
        postcode = postcode_of(session, case)
    officer.open("/toezicht/medewerkers")
    officer.select("Collega", "Joris van Helm")
    officer.fill("Eigen postcode", postcode)
    officer.press("Vastleggen")
    officer.sees("De gegevens van deze medewerker zijn vastgelegd.")
    officer.does_not_see(postcode)

    curious = person("consulent2.heemskerk")
    open_case(curious, case, "Notities")
    with office(urls) as session:  # as the worker does every quarter of an hour
        signal_inzage(session, Actor.system(HEEMSKERK), datetime.now(UTC))

    officer.open("/vandaag")
    officer.sees("Signalen van inzage", "Inwoner met dezelfde postcode")
    row = officer.page.locator("main tbody tr", has_text="dezelfde postcode")
    officer.go(row.get_by_role("link").first)
    officer.sees("Een signaal is geen verwijt", case.number, "Notities")
    officer.does_not_see(case.name)
    reviews(officer, "Nagevraagd en uitgelegd", "Hij nam een telefoontje aan.")
    officer.follow("Beoordeeld")
    officer.sees("Inwoner met dezelfde postcode", "Nagevraagd en uitgelegd")
