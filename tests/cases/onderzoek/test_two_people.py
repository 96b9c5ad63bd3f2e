"""Two people write in one onderzoek: nobody's words get lost."""

import html
import re

import pytest
from sqlalchemy import select

from build import onderzoek as build
from build.gemeente import CODE, TODAY, actor_of, gemeente, login, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter, Onderwerp
from loket.cases.onderzoek.operations_behoefte import open_leefgebied
from loket.datum import kort
from loket.db import Scope
from loket.frame import office

LONG_AGO = TODAY.replace(month=10)


class Screen:
    """A browser with one page open: what it sends along when it saves."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.take(browser.get(url))

    def take(self, page):
        self.page = page
        self.sent = {
            name: html.unescape(value)
            for name, value in re.findall(r'name="(_[^"]+)" value="([^"]*)"', page.text)
            if name == "_versie" or name == "_verzending" or name.startswith("_mijn.")
        }
        self.typed = {
            name: html.unescape(text)
            for name, text in re.findall(
                r'<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page.text
            )
        }

    def save(self, **typed):
        data = self.sent | self.typed | typed
        answer = self.browser.post(self.url, data=data)
        if answer.status_code != 303:
            self.take(answer)
        return answer


@pytest.fixture
def database(app):
    return office(app).database


@pytest.fixture
def here(database):
    return lambda: database.transaction(Scope.of(CODE))


@pytest.fixture
def case(app, here):
    with here() as session:
        gemeente(session)
        by = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
        onderzoek = build.onderzoek(session, by, ontvangen_op=LONG_AGO)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        return dossier.referentie, dossier.id, by


@pytest.fixture
def people(app, here, case):
    """Browsers of three colleagues: Anna, Bas and Cor."""
    with here() as session:
        made = [
            user(session, Role.CONSULENT, naam=naam) for naam in ("Anna", "Bas", "Cor")
        ]
    return [login(app, each) for each in made]


@pytest.fixture
def url(case):
    return f"/dossiers/{case[0]}/onderzoek/onderwerp/a"


def stored(here, case):
    with here() as session:
        onderzoek = queries.get_onderzoek(session, case[1])
        found = queries.list_onderwerpen(session, onderzoek.id)[Letter.BEHOEFTEN]
        return found.woorden_client, found.beoordeling, found.version


def begin(people, url, woorden="Ik val vaak.", beoordeling="Mevrouw valt."):
    """Store a first version, and let everybody open the page."""
    first = Screen(people[0], url)
    assert (
        first.save(woorden_client=woorden, beoordeling=beoordeling).status_code == 303
    )
    return [Screen(each, url) for each in people]


class TestSameField:
    def test_comes_back_with_both_texts_and_who_wrote_the_other(
        self, people, url, here, case
    ):
        anna, bas, _ = begin(people, url)
        anna.save(beoordeling="Mevrouw valt elke week.")

        page = bas.save(beoordeling="Mevrouw is bang om te vallen.")

        assert page.status_code == 409
        assert "Er zijn twee versies" in page.text
        assert "Mevrouw valt elke week." in page.text
        assert "Tekst van Anna" in page.text
        assert bas.typed["beoordeling"] == "Mevrouw is bang om te vallen."
        assert stored(here, case)[1] == "Mevrouw valt elke week."

    def test_is_saved_against_the_new_version_once_chosen(
        self, people, url, here, case
    ):
        anna, bas, _ = begin(people, url)
        anna.save(beoordeling="Elke week.")
        bas.save(beoordeling="Is bang.")

        answer = bas.save(beoordeling="Valt elke week en is bang.")

        assert answer.status_code == 303
        assert stored(here, case)[1:] == ("Valt elke week en is bang.", 3)

    @pytest.mark.parametrize(
        ("choice", "text"),
        [
            ("beoordeling:hun", "Elke week."),
            ("beoordeling:beide", "Is bang.\n\nElke week."),
            ("beoordeling:mijn", "Is bang."),
        ],
    )
    def test_puts_the_chosen_text_in_the_field_and_keeps_both_in_sight(
        self, people, url, here, case, choice, text
    ):
        anna, bas, _ = begin(people, url)
        anna.save(beoordeling="Elke week.")
        bas.save(beoordeling="Is bang.")

        page = bas.save(_kies=choice)

        assert page.status_code == 409
        assert bas.typed["beoordeling"] == text
        assert bas.sent["_mijn.beoordeling"] == "Is bang."
        assert "Elke week." in page.text
        assert stored(here, case)[1] == "Elke week."
        assert bas.save().status_code == 303
        assert stored(here, case)[1] == text

    def test_of_three_people_asks_the_third_again(self, people, url, here, case):
        anna, bas, cor = begin(people, url)
        anna.save(beoordeling="Anna.")
        cor.save(beoordeling="Cor.")
        bas.save(beoordeling="Bas.")
        bas.save(beoordeling="Anna en Bas.")

        page = cor.save(beoordeling="Anna en Cor.")

        assert page.status_code == 409
        assert "Tekst van Bas" in page.text
        assert cor.typed["beoordeling"] == "Anna en Cor."
        assert cor.save(beoordeling="Alle drie.").status_code == 303
        assert stored(here, case)[1] == "Alle drie."

    def test_begun_empty_by_two_people_loses_neither(self, people, url, here, case):
        anna, bas = Screen(people[0], url), Screen(people[1], url)
        anna.save(woorden_client="Van Anna.", beoordeling="")

        page = bas.save(woorden_client="Van Bas.", beoordeling="")

        assert page.status_code == 409
        assert "Van Anna." in page.text
        assert stored(here, case)[0] == "Van Anna."


class TestOtherField:
    def test_takes_over_what_you_did_not_touch(self, people, url, here, case):
        anna, bas, _ = begin(people, url)
        anna.save(woorden_client="Ik val op de trap.")

        page = bas.save(beoordeling="Een traplift past.")

        assert page.status_code == 409
        assert "U veranderde hier niets" in page.text
        assert bas.typed["woorden_client"] == "Ik val op de trap."
        assert bas.save().status_code == 303
        assert stored(here, case)[:2] == ("Ik val op de trap.", "Een traplift past.")


class TestOpenedBefore:
    def test_a_page_that_does_not_say_its_version_overwrites_nothing(
        self, people, url, here, case
    ):
        begin(people, url)

        page = people[1].post(url, data={"woorden_client": "x", "beoordeling": "y"})

        assert page.status_code == 409
        assert stored(here, case)[0] == "Ik val vaak."

    def test_a_version_of_another_form_counts_as_none(self, people, url, here, case):
        anna, _, _ = begin(people, url)
        other = Screen(people[0], url.replace("/onderwerp/a", "/onderwerp/b"))

        page = anna.save(_versie=other.sent["_versie"])

        assert page.status_code == 409

    def test_keeps_its_version_through_a_mistake(self, people, url, here, case):
        anna, bas, _ = begin(people, url)
        assert bas.save(woorden_client="", beoordeling="").status_code == 422
        anna.save(beoordeling="Anna.")

        assert bas.save(beoordeling="Bas.").status_code == 409
        assert stored(here, case)[1] == "Anna."

    def test_alone_saves_time_after_time(self, people, url):
        anna, _, _ = begin(people, url)

        assert anna.save(beoordeling="Eerst.").status_code == 303
        again = Screen(people[0], url)
        assert again.save(beoordeling="Daarna.").status_code == 303

    def test_seeing_the_other_version_leaves_a_record(self, people, url, here):
        anna, bas, _ = begin(people, url)
        anna.save(beoordeling="Anna.")
        bas.save(beoordeling="Bas.")

        with here() as session:
            looks = session.scalars(
                select(AuditRecord).where(AuditRecord.grond == "twee versies")
            ).all()
        assert [each.action for each in looks] == [Action.DOSSIER_READ.value]


class TestOtherDoor:
    def test_a_save_that_slips_in_between_shows_both_as_well(
        self, people, url, here, case, monkeypatch
    ):
        anna, _, _ = begin(people, url)
        record = operations.record_onderwerp

        def slip(session, by, at, **about):
            with here() as other:  # a job, say: it does not wait for forms
                row = other.scalars(select(Onderwerp)).one()
                row.rewrite("Ik val vaak.", "Van elders.", case[2].id, at)
            return record(session, by, at, **about)

        monkeypatch.setattr(operations, "record_onderwerp", slip)
        page = anna.save(beoordeling="Van Anna.")

        assert page.status_code == 409
        assert "Van elders." in page.text
        assert anna.typed["beoordeling"] == "Van Anna."
        assert stored(here, case)[1] == "Van elders."


class TestOtherForms:
    def test_a_leefgebied(self, people, here, case):
        with here() as session:
            open_leefgebied(
                session,
                case[2],
                build.NOW,
                onderzoek=queries.get_onderzoek(session, case[1]),
                soort=LeefgebiedSoort.FINANCIEN,
                behoefte_id=list_behoeften(session, case[1])[0].id,
                reden="De huur.",
            )
        url = f"/dossiers/{case[0]}/onderzoek/leefgebied/financien"
        anna, bas = Screen(people[0], url), Screen(people[1], url)
        anna.save(woorden_client="Schuld.", beoordeling="")

        page = bas.save(woorden_client="Geen schuld.", beoordeling="")

        assert page.status_code == 409
        assert "Tekst van Anna" in page.text

    def test_a_verslag(self, people, here, case):
        url = f"/dossiers/{case[0]}/onderzoek/verslag"
        anna, bas = Screen(people[0], url), Screen(people[1], url)
        anna.save(samenvatting="Kort.", conclusie="Traplift.")

        page = bas.save(samenvatting="Lang.", conclusie="Traplift.")

        assert page.status_code == 409
        assert "Kort." in page.text
        with here() as session:
            onderzoek = queries.get_onderzoek(session, case[1])
            assert len(queries.list_verslagen(session, onderzoek.id)) == 1

    def test_a_behoefte_with_its_labels_in_words(self, people, here, case):
        with here() as session:
            need = list_behoeften(session, case[1])[0]
        url = f"/dossiers/{case[0]}/onderzoek/behoefte/{need.id}"
        anna, bas = Screen(people[0], url), Screen(people[1], url)
        anna.save(omschrijving="Veilig naar boven.", labels=["vervoer"])

        page = bas.save(omschrijving="Veilig naar beneden.", labels=["zorg"])

        assert page.status_code == 409
        assert "Veilig naar boven." in page.text
        assert "Vervoer</div>" in page.text
        chosen = bas.save(
            _kies="labels:hun", omschrijving="Veilig de trap af.", labels=["zorg"]
        )
        assert re.search(r'value="vervoer" checked', chosen.text)
        assert 'value="Veilig de trap af."' in chosen.text

    def test_a_person(self, app, people, here, case):
        url = f"/dossiers/{case[0]}/inwoner"
        anna, bas = Screen(people[0], url), Screen(people[1], url)
        known = {"achternaam": "Helmgras", "contactwens": ""}
        anna.save(**known, telefoon="0612345678", geheimhouding="ja")

        page = bas.save(**known, telefoon="0687654321")

        assert page.status_code == 409
        assert "0612345678" in page.text
        assert "0687654321" in page.text

    def test_the_page_of_a_visit_meets_the_form_of_one_subject(
        self, people, url, here, case
    ):
        visit = Screen(people[1], f"/dossiers/{case[0]}/onderzoek/bezoek")
        Screen(people[0], url).save(woorden_client="Van Anna.", beoordeling="")

        said = {"woorden_b": "Ik kook zelf.", "gevoerd_op": kort(LONG_AGO)}
        page = visit.save(woorden_a="Van Bas.", **said)

        assert page.status_code == 409
        assert "Tekst van Anna" in page.text
        assert visit.typed["woorden_b"] == "Ik kook zelf."
        answer = visit.save(woorden_a="Van Anna en Bas.", **said)
        assert answer.status_code == 303
        assert stored(here, case)[0] == "Van Anna en Bas."
