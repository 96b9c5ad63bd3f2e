"""The pages of this chapter, through the doors."""

import re

import pytest

from build import besluit as build
from build.case import HERE, Case, shown
from build.gemeente import gemeente, login, user
from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.schemas import WijzigenSchema
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.db import Scope
from loket.schedule import keep_all


@pytest.fixture
def case(app, database):
    return Case(app, database)


GRANT = {
    "leveringsvorm": "natura",
    "volume": "120",
    "frequentie": "2",
    "ingangsdatum": "1-12-2026",
    "einddatum": "30-11-2028",
    "bedrag_cent": "3900",
    "motivering": "U kunt het zware werk niet zelf.",
}


class TestPages:
    def test_show_the_dossier_with_its_clock_and_the_next_step(self, case):
        page = case.browser().get(f"/dossiers/{case.ref}/besluit")

        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert "Waarom deze datum?" in text
        assert "Beschikking opstellen" in text
        assert "Hulp bij het huishouden" in text

    def test_of_the_dossier_tell_the_steps_and_the_terms_of_the_besluit(self, case):
        before = case.browser().get(f"/dossiers/{case.ref}").text
        with case.database.transaction(HERE) as session:
            dossier = build.dossier(session)
            made = build.bekendgemaakt(session, of=dossier)

        after = case.browser().get(f"/dossiers/{dossier.referentie}").text

        assert "Aanvraag ontvangen" in before
        assert "Besluiten: uiterlijk" in before
        assert "Besluit bekendgemaakt" not in before
        assert "Besluit bekendgemaakt" in after
        assert "Besluiten: uiterlijk" not in after
        known = case.browser().get(f"/beschikkingen/{made.referentie}").text
        assert "Plaatsing, levering en pgb staan in" in known

    @pytest.mark.parametrize(
        "path",
        [
            "/dossiers/{d}/aanvragen/nieuw",
            "/dossiers/{d}/beschikkingen/nieuw",
            "/aanvragen/{a}/opschorten",
            "/aanvragen/{a}/intrekken",
            "/beschikkingen/{b}",
            "/beschikkingen/{b}/toekennen",
            "/beschikkingen/{b}/weigeren",
            "/beschikkingen/{b}/wijzigen",
            "/beschikkingen/{b}/intrekken",
            "/beschikkingen/{b}/controleren",
            "/beschikkingen/{b}/besluiten",
            "/beschikkingen/{b}/bezwaar",
            "/dossiers/{d}",
        ],
    )
    def test_open_for_the_consulent(self, case, path):
        ref = case.concept()
        url = path.format(d=case.ref, a=case.aanvraag_id, b=ref)

        assert case.browser().get(url).status_code == 200

    @pytest.mark.parametrize(
        "path",
        ["/dossiers/{d}/overnemen", "/beschikkingen/{b}/bekendmaken"],
    )
    def test_of_the_administratie_stay_closed_for_the_consulent(self, case, path):
        url = path.format(d=case.ref, b=case.concept())

        assert case.browser().get(url).status_code == 403
        assert case.browser(Role.ADMINISTRATIE).get(url).status_code == 200

    @pytest.mark.parametrize(
        ("rol", "offered"), [(Role.CONSULENT, True), (Role.FRONTOFFICE, False)]
    )
    def test_offer_the_next_step_to_who_may_do_it(self, case, rol, offered):
        page = case.browser(rol).get(f"/dossiers/{case.ref}/besluit")

        text = page.get_data(as_text=True)
        assert (f"/dossiers/{case.ref}/beschikkingen/nieuw" in text) is offered
        assert ("De consulent doet dit." in text) is not offered

    def test_to_decide_stay_closed_for_the_frontoffice(self, case):
        url = f"/beschikkingen/{case.concept()}/besluiten"

        answer = case.browser(Role.FRONTOFFICE).post(url)

        assert answer.status_code == 403

    def test_of_another_gemeente_do_not_exist(self, case, app, database):
        with database.transaction(Scope.of("0400")) as session:
            gemeente(session, "0400", "Zeedorp")
            stranger = user(session, Role.CONSULENT, gemeente="0400")
        ref = case.concept()

        browser = login(app, stranger, "0400")

        assert browser.get(f"/beschikkingen/{ref}").status_code == 404
        assert browser.get(f"/dossiers/{case.ref}/besluit").status_code == 404
        assert (
            browser.get(f"/aanvragen/{case.aanvraag_id}/opschorten").status_code == 404
        )


class TestForms:
    @pytest.mark.parametrize(
        "path",
        [
            "/dossiers/{d}/aanvragen/nieuw",
            "/dossiers/{d}/beschikkingen/nieuw",
            "/aanvragen/{a}/opschorten",
            "/beschikkingen/{b}/toekennen",
            "/beschikkingen/{b}/weigeren",
        ],
    )
    def test_say_what_is_missing(self, case, path):
        url = path.format(d=case.ref, a=case.aanvraag_id, b=case.concept())

        page = case.browser().post(url, data={})

        assert page.status_code == 422
        assert "Er zijn" in page.get_data(as_text=True) or "Er is 1 fout" in (
            page.get_data(as_text=True)
        )

    @pytest.mark.parametrize(
        ("field", "typed", "says"),
        [
            ("volume", "0", "Vul een getal in van 1"),
            ("volume", "veel", "Vul een heel getal in"),
            ("ingangsdatum", "31-2-2026", "Deze datum bestaat niet"),
            ("einddatum", "1-11-2026", "Het einde ligt vóór het begin"),
            ("bedrag_cent", "-5", "niet onder nul"),
            ("leveringsvorm", "goud", "Kies een van de antwoorden"),
        ],
    )
    def test_refuse_a_wrong_answer_at_its_field(self, case, field, typed, says):
        ref = case.concept(with_regel=False)
        data = GRANT | {"aanvraag_item": str(case.item_id), field: typed}

        page = case.browser().post(f"/beschikkingen/{ref}/toekennen", data=data)

        assert page.status_code == 422
        assert says in page.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("deed", "fields"),
        [
            (
                "toekennen",
                "product_code leveringsvorm volume frequentie ingangsdatum motivering",
            ),
            ("weigeren", "product_code weigeringsgrond_code motivering"),
        ],
    )
    def test_tell_all_that_is_missing_at_once(self, case, deed, fields):
        ref = case.concept(with_regel=False)

        page = case.browser().post(f"/beschikkingen/{ref}/{deed}", data={})

        told = [
            each
            for each in fields.split()
            if f'id="v-{each}-fout"' in page.get_data(as_text=True)
        ]
        assert told == fields.split()

    def test_ask_the_ground_of_a_review_together_with_the_rest(self):
        review = WijzigenSchema().validate({"soort": "herzien"})
        change = WijzigenSchema().validate({"soort": "wijzigen"})

        assert {"herzieningsgrond", "voorziening"} <= review.keys()
        assert "herzieningsgrond" not in change

    def test_that_was_taken_up_leads_to_the_concept(self, case):
        ref = case.concept(with_regel=False)
        data = GRANT | {"aanvraag_item": str(case.item_id), "_verzending": "een"}

        answer = case.browser().post(f"/beschikkingen/{ref}/toekennen", data=data)

        assert answer.status_code == 303
        text = case.browser().get(answer.location).get_data(as_text=True)
        assert "120 minuten per week (2 uur)" in text
        assert "Alles is ingevuld" in text

    def test_refuses_an_item_of_someone_else(self, case):
        ref = case.concept(with_regel=False)
        data = GRANT | {"aanvraag_item": "019a0000-0000-7000-8000-000000000000"}

        answer = case.browser().post(f"/beschikkingen/{ref}/toekennen", data=data)

        assert answer.status_code == 404


class TestDecide:
    def test_sent_twice_makes_one_voorziening(self, case):
        ref = case.concept()
        browser = case.browser()
        url = f"/beschikkingen/{ref}/besluiten"

        sent = shown(browser, url) | {"_verzending": "samen"}
        first, second = (browser.post(url, data=sent) for _ in range(2))

        assert (first.status_code, second.status_code) == (303, 303)
        assert first.location == second.location
        assert case.count(Voorziening) == 1

    def test_from_two_pages_makes_one_voorziening(self, case):
        ref = case.concept()
        browser = case.browser()
        url = f"/beschikkingen/{ref}/besluiten"

        sent = shown(browser, url)
        browser.post(url, data=sent | {"_verzending": "een"})
        second = browser.post(url, data=sent | {"_verzending": "twee"})

        assert second.status_code == 422
        assert "al besloten" in second.get_data(as_text=True)
        assert case.count(Voorziening) == 1

    def test_without_mandaat_says_who_can(self, case):
        ref = case.concept()

        page = case.browser(Role.TEAMLEIDER).get(f"/beschikkingen/{ref}/controleren")

        text = page.get_data(as_text=True)
        assert "U heeft geen mandaat om te toekennen in productcategorie 01" in text
        assert "Naar besluiten" not in text

    def test_then_the_letter_is_made_and_made_known(self, case, config):
        ref = case.decided()

        keep_all(case.database, config)
        answer = case.browser(Role.ADMINISTRATIE).post(
            f"/beschikkingen/{ref}/bekendmaken",
            data={"bekendgemaakt_op": "vandaag", "_verzending": "a"},
        )
        assert answer.status_code == 422
        today = case.beschikking(ref).besloten_op
        url, office = (
            f"/beschikkingen/{ref}/bekendmaken",
            case.browser(Role.ADMINISTRATIE),
        )
        day = {"bekendgemaakt_op": today.isoformat(), "_verzending": "b"}
        answer = office.post(url, data=shown(office, url) | day)

        assert answer.status_code == 303
        text = case.browser().get(answer.location).get_data(as_text=True)
        assert "Bezwaar maken kan tot en met" in text
        assert "Brief (pdf)" in text
        link = re.search(r'href="(/documenten/[^"]+\.pdf)"', text)
        assert link
        assert case.browser().get(link[1]).data.startswith(b"%PDF")


class TestTakeOver:
    def test_makes_a_right_without_a_letter(self, case):
        answer = case.browser(Role.ADMINISTRATIE).post(
            f"/dossiers/{case.ref}/overnemen",
            data=GRANT
            | {
                "extern_nummer": "2019-77",
                "besloten_op": "3-2-2026",
                "product_code": "01A01",
            },
        )

        assert answer.status_code == 303
        assert case.count(Voorziening) == 1
        text = case.browser().get(answer.location).get_data(as_text=True)
        assert "Overgenomen" in text


class TestVoorziening:
    def test_is_ended_by_a_fact(self, case):
        case.decided()
        with case.database.transaction(HERE) as session:
            [right] = queries.list_voorzieningen(session, case.dossier.id)

        browser = case.browser()
        url = f"/voorzieningen/{right.id}/beeindigen"
        assert browser.get(url).status_code == 200
        answer = browser.post(
            url, data={"reden": "verhuisd", "geeindigd_op": "31-12-2026"}
        )

        text = browser.get(answer.location).get_data(as_text=True)
        assert "Gestopt op 31-12-2026: de cliënt is verhuisd" in text

    def test_that_ended_before_it_began_leaves_its_dossier_open(self, case):
        case.decided()
        with case.database.transaction(HERE) as session:
            [right] = queries.list_voorzieningen(session, case.dossier.id)
        browser = case.browser()
        url = f"/voorzieningen/{right.id}/beeindigen"
        browser.post(url, data={"reden": "overleden", "geeindigd_op": "1-1-2020"})

        pages = [
            browser.get(where)
            for where in (url, f"/dossiers/{case.ref}", f"/dossiers/{case.ref}/besluit")
        ]

        assert [page.status_code for page in pages] == [200, 200, 200]
        assert "Gestopt op 01-01-2020" in pages[2].text


class TestPgb:
    def test_is_tested_after_it_was_asked(self, app, database):
        case = Case(
            app,
            database,
            items=[build.NieuwItem(build.HUISHOUDEN, Leveringsvorm.PGB)],
        )
        beheer = case.browser(Role.BEHEERDER)
        assert beheer.get("/pgb-tarieven").status_code == 200
        beheer.post(
            "/pgb-tarieven",
            data={
                "product_code": "01A01",
                "helper": "formeel",
                "tarief_cent": "0,60",
                "van": "1-1-2026",
            },
        )
        ref = case.concept(with_regel=False)
        data = GRANT | {"leveringsvorm": "pgb", "aanvraag_item": str(case.item_id)}
        browser = case.browser()

        tests = browser.post(f"/beschikkingen/{ref}/toekennen", data=data).location
        assert browser.get(tests).status_code == 200
        assert browser.post(tests, data={}).status_code == 422
        answer = browser.post(
            tests,
            data={
                "vaardig": "ja",
                "vaardig_toelichting": "Doet zelf de administratie.",
                "gemotiveerd": "ja",
                "gemotiveerd_toelichting": "Wil een vaste hulp.",
                "kwaliteit": "ja",
                "kwaliteit_toelichting": "De hulp is opgeleid.",
                "volume_formeel": "120",
                "eisen": "De hulp heeft een VOG.",
                "_verzending": "toets",
            },
        )

        assert answer.status_code == 303
        text = browser.get(answer.location).get_data(as_text=True)
        assert "€ 3.744,00" in text  # 120 times 0.60 times 52
        panel = browser.get(f"/dossiers/{case.ref}").get_data(as_text=True)
        assert "Persoonsgebonden budget" in panel


def test_withdrawing_an_aanvraag_asks_first(case):
    browser = case.browser()
    url = f"/aanvragen/{case.aanvraag_id}/intrekken"

    assert "Trekt de cliënt de aanvraag in?" in browser.get(url).get_data(as_text=True)
    answer = browser.post(url)

    text = browser.get(answer.location).get_data(as_text=True)
    assert "Ingetrokken" in text
    assert "Er staat geen aanvraag meer open." in text
    assert "Er is nog niets aangevraagd" not in text


def test_the_clock_stands_still_and_runs_again(case):
    browser = case.browser()
    with case.database.transaction(HERE) as session:
        tot = session.get_one(Aanvraag, case.aanvraag_id).besluit_tot

    answer = browser.post(
        f"/aanvragen/{case.aanvraag_id}/opschorten",
        data={
            "grond": "instemming",
            "gevraagd_op": "24-11-2026",
            "uiterlijk": "4-12-2026",
        },
    )

    text = browser.get(answer.location).get_data(as_text=True)
    assert "de termijn staat stil na 24-11-2026" in text
    link = re.search(r'href="(/aanvragen/[^"]+/beeindigen)"', text)
    assert link
    assert browser.get(link[1]).status_code == 200
    with case.database.transaction(HERE) as session:
        later = session.get_one(Aanvraag, case.aanvraag_id).besluit_tot
    assert (later - tot).days == 10
