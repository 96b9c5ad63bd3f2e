"""The doors of the onderzoek, as a consulent opens them."""

import html
import re
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from build import onderzoek as build
from build.dossier import inwoner
from build.gemeente import CODE, TODAY, actor_of, gemeente, login, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.operations_inwoner import record_huishouden
from loket.cases.dossier.queries import get_client
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.gesprek import Gesprek, GesprekDeelname
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.datum import kort
from loket.db import Database, Scope, uuid7
from loket.frame import office

LONG_AGO = TODAY.replace(month=10)


@dataclass
class Place:
    """A gemeente with one consulent and one case, really committed."""

    database: Database
    by: Actor
    referentie: str
    dossier_id: object

    def session(self):
        return self.database.transaction(Scope.of(CODE))

    def url(self, rest: str = "") -> str:
        return f"/dossiers/{self.referentie}/onderzoek{rest}"


@pytest.fixture
def place(app):
    database = office(app).database
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        by = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
        onderzoek = build.onderzoek(session, by, ontvangen_op=LONG_AGO)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        return Place(database, by, dossier.referentie, dossier.id)


@pytest.fixture
def browser(app, place):
    with place.session() as session:
        return login(app, user(session, Role.CONSULENT))


def token(page):
    return re.search(r'name="_verzending" value="([^"]+)"', page.text)[1]


def onderzoek_of(place, session):
    return queries.get_onderzoek(session, place.dossier_id)


class TestShowOnderzoek:
    def test_tells_what_is_still_to_discuss(self, browser, place):
        page = browser.get(place.url())

        assert page.status_code == 200
        assert "Wat is nog niet besproken?" in page.text
        for letter in Letter:
            assert letter.titel in page.text

    def test_shows_what_was_said_and_found(self, browser, place):
        with place.session() as session:
            build.volledig(session, place.by, of=onderzoek_of(place, session))

        page = browser.get(place.url())

        assert "Zo zie ik mantelzorg en netwerk." in page.text
        assert "Zo zien wij mantelzorg en netwerk." in page.text
        assert "Alles is besproken." in page.text

    def test_leaves_a_record_of_the_look(self, browser, place):
        browser.get(place.url())

        with place.session() as session:
            looks = session.scalars(
                select(AuditRecord.dossier_id).where(
                    AuditRecord.action == Action.DOSSIER_READ.value
                )
            ).all()
        assert looks == [place.dossier_id]

    def test_changes_nothing_after_the_end(self, browser, place):
        with place.session() as session:
            done = onderzoek_of(place, session)
            build.volledig(session, place.by, of=done)
            build.operations.complete_onderzoek(
                session, place.by, build.NOW, onderzoek=done
            )

        page = browser.get(place.url())

        assert "kan niet meer wijzigen" in page.text
        assert "/onderwerp/" not in page.text
        assert "<form" not in page.text.split("<main")[1].split("</main")[0]

    def test_for_a_colleague_without_the_task_is_read_only(self, app, place):
        with place.session() as session:
            reader = login(app, user(session, Role.TEAMLEIDER))

        page = reader.get(place.url())

        assert page.status_code == 200
        assert "/onderwerp/" not in page.text

    def test_of_another_gemeente_does_not_exist(self, app, place):
        with place.database.transaction(Scope.of("0394")) as session:
            gemeente(session, "0394", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0394")
            browser = login(app, stranger, "0394")

        assert browser.get(place.url()).status_code == 404
        assert browser.get(place.url("/onderwerp/a")).status_code == 404

    def test_of_another_gemeente_is_kept_by_the_database_too(self, place):
        with place.database.transaction(Scope.of("0394")) as session:
            assert session.scalar(select(func.count()).select_from(Onderzoek)) == 0


class TestDoors:
    @pytest.mark.parametrize(
        "door",
        [
            "/identiteit",
            "/gesprek",
            "/onderwerp/a",
            "/verslag",
            "/afronden",
            "/sluiten",
        ],
    )
    @pytest.mark.parametrize("rol", [Role.FRONTOFFICE, Role.TEAMLEIDER])
    def test_are_shut_to_who_does_no_onderzoek(self, app, place, door, rol):
        with place.session() as session:
            other = login(app, user(session, rol))

        assert other.get(place.url(door)).status_code == 403
        assert other.post(place.url(door)).status_code == 403

    def test_open_every_page(self, browser, place):
        with place.session() as session:
            made = onderzoek_of(place, session)
            build.volledig(session, place.by, of=made)
            behoefte = list_behoeften(session, made.dossier_id)[0].id
            afspraak = queries.list_resultaatafspraken(session, made.dossier_id)[0].id
        pages = [
            *["/identiteit", "/gesprek", "/huishouden", "/onderwerp/g", "/leefgebied"],
            *["/pgb-informatie", "/later", "/behoefte", "/verslag", "/verslag/1"],
            *["/verslag/1/reactie", "/afronden", "/sluiten"],
            f"/behoefte/{behoefte}/oplossing",
            f"/behoefte/{behoefte}/afspraak",
            f"/afspraak/{afspraak}/meting",
        ]

        found = {each: browser.get(place.url(each)).status_code for each in pages}

        assert set(found.values()) == {200}, found

    @pytest.mark.parametrize(
        "door", ["/onderwerp/z", "/leefgebied/financien", "/verslag/7", "/huishouden/9"]
    )
    def test_that_lead_nowhere_do_not_exist(self, browser, place, door):
        answer = browser.post if door == "/huishouden/9" else browser.get

        assert answer(place.url(door)).status_code == 404


class TestStart:
    def test_begins_the_onderzoek_of_a_melding(self, browser, place):
        with place.session() as session:
            made = build.melding(session, place.by)
            dossier = session.get_one(Dossier, made.dossier_id)
            place.referentie, place.dossier_id = dossier.referentie, dossier.id
        before = browser.get(place.url())

        answer = browser.post(place.url("/start"))

        assert "nog niet gestart" in before.text
        assert answer.status_code == 303
        assert "Wat is nog niet besproken?" in browser.get(place.url()).text

    def test_a_second_time_says_no(self, browser, place):
        answer = browser.post(place.url("/start"))

        assert answer.status_code == 422
        assert "al gestart" in answer.text


class TestOnderwerp:
    def test_comes_back_to_where_it_stands(self, browser, place):
        answer = browser.post(
            place.url("/onderwerp/b"),
            data={"woorden_client": "Ik kook zelf.", "beoordeling": "Koken lukt."},
        )

        assert answer.location.endswith("#onderwerp-b")
        assert "Ik kook zelf." in browser.get(place.url()).text

    def test_goes_on_to_the_next_when_asked(self, browser, place):
        answer = browser.post(
            place.url("/onderwerp/b"),
            data={"woorden_client": "Ik kook zelf.", "verder": "ja"},
        )

        assert answer.location.endswith("/onderwerp/c")

    def test_with_bad_input_keeps_what_was_typed(self, browser, place):
        told = "Mijn zus komt elke dinsdag." + "\x07"

        answer = browser.post(
            place.url("/onderwerp/c"),
            data={"woorden_client": told, "beoordeling": "De zus kan niet vaker."},
        )

        assert answer.status_code == 422
        assert "Mijn zus komt elke dinsdag." in answer.text
        assert "De zus kan niet vaker." in answer.text

    def test_left_empty_is_not_kept(self, browser, place):
        answer = browser.post(place.url("/onderwerp/c"), data={})

        assert answer.status_code == 422
        assert "Vul een van de twee in." in answer.text

    def test_sent_after_the_end_keeps_what_was_typed(self, browser, place):
        with place.session() as session:
            done = onderzoek_of(place, session)
            build.volledig(session, place.by, of=done)
            build.operations.complete_onderzoek(
                session, place.by, build.NOW, onderzoek=done
            )

        shown = browser.get(place.url("/onderwerp/c"))
        began = html.unescape(
            re.search(r'name="_versie" value="([^"]+)"', shown.text)[1]
        )
        answer = browser.post(
            place.url("/onderwerp/c"),
            data={"woorden_client": "Nog iets vergeten.", "_versie": began},
        )

        assert answer.status_code == 422
        assert "Nog iets vergeten." in answer.text
        assert "kan niet meer wijzigen" in answer.text


class TestGesprek:
    def told(self, **more):
        return {
            "vorm": "thuis",
            "gevoerd_op": kort(TODAY),
            "aanwezigen": "De cliënt en haar man",
            "woorden_client": "Wij willen hier blijven.",
            **more,
        }

    def test_sent_twice_is_one_talk(self, browser, place):
        page = browser.get(place.url("/gesprek"))
        data = self.told(_verzending=token(page))

        first = browser.post(place.url("/gesprek"), data=data)
        second = browser.post(place.url("/gesprek"), data=data)

        assert first.location == second.location
        with place.session() as session:
            assert session.scalar(select(func.count()).select_from(Gesprek)) == 1

    def test_serves_a_partner_who_lives_there(self, browser, place):
        with place.session() as session:
            man = inwoner(session, place.by, achternaam="Zeewind")
            his = build.onderzoek(session, place.by, client=man)
            own = get_client(session, place.dossier_id)
            record_huishouden(
                session,
                place.by,
                build.NOW,
                soort=SoortHuishouden.LEEFEENHEID,
                leden=[own, man],
                van=LONG_AGO,
            )
        page = browser.get(place.url("/gesprek"))

        browser.post(place.url("/gesprek"), data=self.told(samen=str(his.id)))

        assert "Zeewind" in page.text
        with place.session() as session:
            parts = session.scalars(select(GesprekDeelname.dossier_id)).all()
            assert set(parts) == {place.dossier_id, his.dossier_id}

    def test_is_not_put_in_the_dossier_of_a_stranger(self, browser, place):
        with place.session() as session:
            other = build.onderzoek(session, place.by)

        answer = browser.post(
            place.url("/gesprek"), data=self.told(samen=str(other.id))
        )

        assert answer.status_code == 404

    def test_in_the_future_keeps_what_was_typed(self, browser, place):
        answer = browser.post(
            place.url("/gesprek"), data=self.told(gevoerd_op="1-1-2099")
        )

        assert answer.status_code == 422
        assert "Wij willen hier blijven." in answer.text
        assert "1-1-2099" in answer.text


class TestHuishouden:
    def test_gathers_one_person_at_a_time(self, browser, place):
        for name in ("Piet", "Els"):
            browser.post(
                place.url("/huishouden"), data={"naam": name, "relatie": "broer of zus"}
            )

        browser.post(place.url("/huishouden/0"))

        page = browser.get(place.url())
        assert "Els, broer of zus" in page.text
        assert "Piet" not in page.text

    def test_says_that_somebody_lives_alone(self, browser, place):
        browser.post(place.url("/huishouden/alleen"))

        assert "De cliënt woont alleen." in browser.get(place.url()).text


class TestLeefgebied:
    def test_opens_with_a_reason_and_is_then_recorded(self, browser, place):
        with place.session() as session:
            behoefte = list_behoeften(session, place.dossier_id)[0].id

        opened = browser.post(
            place.url("/leefgebied"),
            data={
                "soort": "huisvesting",
                "behoefte_id": str(behoefte),
                "reden": "De trap is te steil.",
            },
        )
        browser.post(
            place.url("/leefgebied/huisvesting"), data={"woorden_client": "Ik viel."}
        )

        assert opened.location.endswith("/leefgebied/huisvesting")
        page = browser.get(place.url())
        assert "Open omdat: De trap is te steil." in page.text
        assert "Ik viel." in page.text

    def test_without_a_need_of_this_client_stays_closed(self, browser, place):
        answer = browser.post(
            place.url("/leefgebied"),
            data={
                "soort": "financien",
                "behoefte_id": str(uuid7()),
                "reden": "Ik wil het weten.",
            },
        )

        assert answer.status_code == 422
        assert "Kies een behoefte van deze cliënt." in answer.text
        assert "Ik wil het weten." in answer.text


class TestOplossing:
    def test_is_proposed_and_taken_back(self, browser, place):
        with place.session() as session:
            behoefte = list_behoeften(session, place.dossier_id)[0].id
        browser.post(
            place.url(f"/behoefte/{behoefte}/oplossing"),
            data={"soort": "netwerk", "toelichting": "De buurvrouw helpt."},
        )
        page = browser.get(place.url())
        url = re.search(r'action="([^"]+/oplossing/[^"]+/weg)"', page.text)[1]

        browser.post(url, data={"_verzending": token(page)})
        again = browser.post(url, data={"_verzending": token(page)})

        assert "De buurvrouw helpt." in page.text
        assert "De buurvrouw helpt." not in browser.get(place.url()).text
        assert again.status_code == 303


class TestVerslag:
    def test_is_shown_as_it_stands_on_paper_and_answered(self, browser, place):
        with place.session() as session:
            build.volledig(session, place.by, of=onderzoek_of(place, session))
        shown = browser.get(place.url("/verslag/1"))

        answer = browser.post(
            place.url("/verslag/1/reactie"),
            data={"reactie": "akkoord_met_opmerkingen", "opmerkingen": "Dank u wel."},
        )

        assert "Wat u zegt: Zo zie ik mantelzorg en netwerk." in shown.text
        assert answer.location.endswith("/verslag/1")
        assert "Dank u wel." in browser.get(place.url("/verslag/1")).text

    def test_signed_too_early_keeps_what_was_typed(self, browser, place):
        with place.session() as session:
            build.volledig(session, place.by, of=onderzoek_of(place, session))

        answer = browser.post(
            place.url("/verslag/1/reactie"),
            data={"reactie": "akkoord", "ondertekend_op": "1-1-2020"},
        )

        assert answer.status_code == 422
        assert "het verslag er nog niet" in answer.text
        assert "1-1-2020" in answer.text


class TestEnding:
    def test_too_early_names_what_is_missing(self, browser, place):
        answer = browser.post(place.url("/afronden"))

        assert answer.status_code == 422
        assert "Dit ontbreekt: het identiteitsbewijs" in answer.text

    def test_completes(self, browser, place):
        with place.session() as session:
            build.volledig(session, place.by, of=onderzoek_of(place, session))

        answer = browser.post(place.url("/afronden"))

        assert answer.status_code == 303
        assert "Afgerond op" in browser.get(place.url()).text

    def test_closes_with_a_reason(self, browser, place):
        nothing = browser.post(place.url("/sluiten"))

        answer = browser.post(place.url("/sluiten"), data={"reden": "netwerk"})

        assert nothing.status_code == 422
        assert "Geef de reden." in nothing.text
        assert answer.status_code == 303
        assert "Mensen om de cliënt heen helpen" in browser.get(place.url()).text


class TestPanel:
    def test_on_the_dossier_page_says_what_comes_next(self, browser, place):
        page = browser.get(f"/dossiers/{place.referentie}")

        assert "Nog vast te leggen: het identiteitsbewijs en nog" in page.text
