"""Somebody else is first, or the server falls away: no word that was typed is lost."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
SLOW = 40_000
OURS = "Domino speelde ik elke dag."
THEIRS = "Mijn zoon komt op zondag."
STARTED = "Ik kom de deur bijna niet meer uit."
WENT_ON = "De soos mis ik nog het meest."
WORDS = "Woorden van de cliënt"


def open_subject(person, login, case, letter):
    someone = person(login)
    someone.open(f"/dossiers/{case.number}/onderzoek/onderwerp/{letter}")
    return someone


def test_both_texts_stay_when_a_colleague_was_first(person, cases):
    case = cases["samen"]
    samira = open_subject(person, "consulent.heemskerk", case, "c")
    before = samira.field(WORDS).input_value()
    samira.fill(WORDS, f"{before} {OURS}")
    joris = open_subject(person, "consulent2.heemskerk", case, "c")
    joris.fill(WORDS, f"{before} {THEIRS}")
    joris.press("Bewaar")

    told = samira.press_and_be_refused("Bewaar")
    assert "Joris van Helm" in told
    assert "Er is niets verloren." in told
    samira.sees("Uw tekst", OURS, "Tekst van Joris van Helm", THEIRS)
    samira.press_and_be_refused(f"Zet beide teksten onder elkaar in het veld {WORDS}")
    samira.press("Bewaar")

    joris.open(f"/dossiers/{case.number}/onderzoek")
    joris.sees(OURS, THEIRS)


def test_what_is_typed_while_the_server_restarts_is_saved(person, running, cases):
    case = cases["samen"]
    samira = person("consulent.heemskerk")
    samira.open(f"/dossiers/{case.number}/onderzoek/bezoek")
    samira.fill("Wie waren erbij?", "De buurvrouw")
    told = samira.field("Wat vertelde de cliënt?")
    told.press_sequentially(STARTED)
    saved = samira.page.locator("[data-saved]")
    expect(saved).to_contain_text("Concept bewaard", timeout=SLOW)

    running.kill("web")
    told.press_sequentially(f" {WENT_ON}")
    away = samira.page.locator("[data-offline]")
    expect(away).to_contain_text("Geen verbinding", timeout=SLOW)
    running.start("web")
    running.wait_until_ready()
    samira.press("Leg vast in het dossier")

    samira.sees("Het bezoek is vastgelegd", f"{STARTED} {WENT_ON}")
