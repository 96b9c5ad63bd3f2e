"""From a proposed list to the certificate: three people, a stop, seven days, no trace.

The clock is moved where the law lets people wait: the days to think again pass in the
database of this story.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from build.archief import SECRET, old_dossier
from build.gemeente import CODE
from loket.archief.vernietigingslijst import Vernietigingslijst
from loket.cases.dossier.queries import get_client
from loket.outbox.promise import Promise
from stories.town import add_user, office

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def pass_the_days(urls, referentie: str) -> None:
    """Let the days to think again be over."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    with office(urls) as session:
        lijst = session.scalars(
            select(Vernietigingslijst).where(
                Vernietigingslijst.referentie == referentie
            )
        ).one()
        lijst.uitvoeren_vanaf = past
        session.execute(
            update(Promise)
            .where(Promise.subject_id == lijst.id, Promise.kept_at.is_(None))
            .values(due_at=past)
        )


def test_from_a_proposed_list_to_the_certificate(running, person, urls):
    for login, naam, rol in (
        ("kwaliteit", "Petra Strandvoogd", "kwaliteitsmedewerker"),
        ("archief", "Bea Perkament", "archivaris"),
    ):
        add_user(running, login, naam, rol, "--gemeente", CODE)
    with office(urls) as session:
        goes, stays = old_dossier(session), old_dossier(session)
        gone, kept = goes.referentie, stays.referentie
        bsn = str(get_client(session, goes.id).bsn)

    clerk = person("administratie")
    clerk.follow("Bewaren en vernietigen", within="nav")
    clerk.follow("Lijst voorstellen")
    clerk.sees("Van 2 dossiers is de bewaartermijn voorbij")
    clerk.press("Lijst voorstellen")
    clerk.sees(f"Dossier {gone}", f"Dossier {kept}", "Wacht op nakijken")
    referentie = clerk.page.url.rsplit("/", 1)[1]
    where = f"/vernietiging/{referentie}"
    clerk.on_a_phone("vernietigingslijst")
    clerk.does_not_see("Lijst is nagekeken", "Lijst goedkeuren")

    # somebody who reads the paper knows of a claim
    consulent = person("consulent")
    consulent.open(f"/dossiers/{kept}/bewaren/")
    consulent.sees("Dit dossier staat op een vernietigingslijst", "02-03-2025")
    consulent.follow("Vernietigingsstop zetten")
    assert "Kies" in consulent.press_and_be_refused("Stop zetten")
    consulent.tick("Schadeclaim of andere rechtszaak")
    consulent.fill("Toelichting", "De cliënt eist een vergoeding.")
    consulent.press("Stop zetten")
    consulent.sees("Er geldt een vernietigingsstop")
    consulent.on_a_phone("bewaren")

    checker = person("kwaliteit")
    checker.open(where)
    checker.wait_for_text("Er geldt een vernietigingsstop")
    checker.follow("Lijst is nagekeken")
    refused = checker.press_and_be_refused("Lijst is nagekeken")
    assert "Bekijk eerst elke regel" in refused
    checker.tick("Ik heb elke regel bekeken")
    checker.press("Lijst is nagekeken")
    checker.sees("Wacht op goedkeuring")

    archivist = person("archief")
    archivist.sees("Vernietigingslijsten om goed te keuren")
    archivist.open(where)
    archivist.follow("Lijst goedkeuren")
    archivist.press("Lijst goedkeuren")
    archivist.sees("Bedenktijd", "Daarna kan niemand het terugdraaien")

    pass_the_days(urls, referentie)
    archivist.wait_for_text("Alles op deze lijst is vernietigd")
    archivist.follow("Verklaring van vernietiging")
    archivist.sees("1 dossier vernietigd", f"Dossier {gone}", "Bea Perkament")
    archivist.on_a_phone("verklaring")
    paper = archivist.pdf("Verklaring als pdf")
    assert f"Dossier {gone}" in paper
    assert "Petra Strandvoogd" in paper
    assert "Duinzand" not in paper

    consulent.open("/inwoners/zoek")
    consulent.fill("Burgerservicenummer (BSN)", bsn)
    consulent.press("Zoeken")
    consulent.does_not_see("Duinzand")
    answer = consulent.page.goto(f"{running.address}/dossiers/{gone}")
    assert answer.status == 410
    consulent.sees(f"Dossier {gone} is vernietigd op", "Wmo art. 5.3.4")
    consulent.does_not_see("Duinzand", SECRET)
    consulent.open(f"/dossiers/{kept}")
    consulent.sees("Duinzand", SECRET)
