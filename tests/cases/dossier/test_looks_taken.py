"""The pages of tasks and of today in a real browser: readable, and right for axe."""

from datetime import UTC, datetime, timedelta

import pytest

from browser import DESK, PHONE, axe, screenshot
from build import onderzoek as build
from build.gemeente import actor_of, login
from loket.authz import Role
from loket.cases.dossier import operations, operations_taak
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.taak import TaakSoort
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.operations_gepland import plan_gesprek
from loket.termijnen import dag_van

NOW = datetime.now(UTC)
TODAY = dag_van(NOW)


@pytest.fixture
def pages(here, staff):
    """Work of every kind for one consulent; the addresses of what shows it."""
    me = staff[Role.CONSULENT]
    by = actor_of(me, Role.CONSULENT)
    with here() as session:
        onderzoek = build.onderzoek(session, by, NOW, ontvangen_op=TODAY)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        dossier.assign(me.id, me.id, NOW)
        taak = operations_taak.ask_taak(
            session,
            by,
            NOW,
            dossier=dossier,
            soort=TaakSoort.CLIENT_BELLEN,
            uiterlijk=TODAY + timedelta(days=4),
            voor_user_id=me.id,
            notitie="Zij hoort slecht, laat lang overgaan.",
        )
        for soort, days in (
            (TaakSoort.TERMIJN_NADERT, 1),
            (TaakSoort.MEETMOMENT_NADERT, -3),
            (TaakSoort.PGB_EINDIGT, 20),
        ):
            operations.set_taak(
                session,
                by,
                NOW,
                dossier_id=dossier.id,
                soort=soort,
                uiterlijk=TODAY + timedelta(days=days),
                voor_rol=Role.CONSULENT,
            )
        gepland = plan_gesprek(
            session,
            by,
            NOW,
            onderzoek=onderzoek,
            vorm=GesprekVorm.THUIS,
            begint_om=NOW + timedelta(days=2),
            consulent_id=me.id,
            notitie="De bel doet het niet.",
        )
        file = f"/dossiers/{dossier.referentie}"
        return {
            "vandaag": "/vandaag",
            "taken": "/taken",
            "taak": f"{file}/taken/{taak.id}",
            "taak-nieuw": f"{file}/taken/nieuw",
            "plannen": f"{file}/onderzoek/gepland/nieuw",
            "verzetten": f"{file}/onderzoek/gepland/{gepland.id}/verzetten",
            "afzeggen": f"{file}/onderzoek/gepland/{gepland.id}/afzeggen",
            "onderzoek": f"{file}/onderzoek",
            "account": "/account",
        }


@pytest.mark.browser
def test_the_pages_are_right_on_a_desk_and_on_a_phone(
    app, staff, pages, address, browser
):
    of = login(app, staff[Role.CONSULENT])
    of.get("/account")
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(30_000)
    cookie = {"name": "loket", "value": of.get_cookie("loket").value, "url": address}
    context.add_cookies([cookie])
    page = context.new_page()

    for name, url in pages.items():
        for width in (DESK, PHONE):
            page.set_viewport_size(width)
            page.goto(f"{address}{url}")
            screenshot(page, f"taken-{name}-{width['width']}")

            assert axe(page) == [], name
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width["width"], name

    context.close()
