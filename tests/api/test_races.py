"""Two make the same thing at once: one is stored, the other is told so in words."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from api.test_besluit import GRANT
from api.test_frame import refused
from build import besluit as besluiten
from build import dossier as people
from build import gemeente
from build.race import meet
from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.melding import Melding
from loket.cases.producten.operations import create_product
from loket.cases.producten.product import Domein, Eenheid, Product
from loket.db import Scope
from loket.errors import CLASH
from loket.termijnen import vandaag

HERE = Scope.of("0396")
COLUMNS = "code;naam;categorie;domein;eenheid;dienst;eigen_bijdrage;vanaf;tot_en_met\n"
REST = "Was;7;Zorg;1;ja;nee;1-1-2027;\n"
PRODUCT = {"code": "07A07", "categorie": "07", "naam": "Wasverzorging"}


def count(town, what, *where):
    with town.database.transaction(HERE) as session:
        return session.scalar(select(func.count()).select_from(what).where(*where))


class TestApi:
    def test_of_one_bsn_makes_one_person(self, town, melding):
        bsn = "999990007"
        melding["persoon"]["bsn"] = bsn

        answer = meet(
            town.database,
            HERE,
            lambda session: people.inwoner(session, bsn=bsn),
            lambda: town.frontoffice.post("/meldingen", melding),
        )

        assert refused(answer, 409)["errors"][0]["field"] == "persoon.bsn"
        assert count(town, Melding) == 0

    def test_the_rule_of_a_table_is_told_in_words(self, town, monkeypatch):
        # as if nobody had thought of looking first
        monkeypatch.setattr(queries, "regel_of_item", lambda *_: None)
        with town.database.transaction(HERE) as session:
            asked = besluiten.aanvraag(session)
            (item,) = besluiten.items_of(session, asked)
            file = session.get_one(Dossier, asked.dossier_id).referentie
        grant = GRANT | {"aanvraag_item_id": str(item.id)}
        body = {"aanvragen": [str(asked.id)], "motivering": "x", "regels": [grant]}

        def first(session):
            mine = besluiten.concept(session, about=session.get_one(Aanvraag, asked.id))
            (about,) = besluiten.items_of(session, asked)
            besluiten.regel(session, mine, aanvraag_item=about)

        answer = meet(
            town.database,
            HERE,
            first,
            lambda: town.consulent.post(f"/dossiers/{file}/beschikkingen", body),
        )

        assert refused(answer, 409)["detail"] == CLASH
        assert count(town, Besluitregel) == count(town, Beschikking) == 1


class TestPage:
    @pytest.fixture
    def browser(self, town):
        with town.database.transaction(HERE) as session:
            beheerder = gemeente.user(session, Role.BEHEERDER)
        return gemeente.login(town.app, beheerder)

    def add(self, session):
        create_product(
            session,
            gemeente.actor(Role.BEHEERDER),
            gemeente.NOW,
            **PRODUCT,
            domein=Domein.HUISHOUDELIJKE_HULP,
            eenheid=Eenheid.MINUUT,
            is_dienst=True,
            eigen_bijdrage=False,
            van=vandaag(),
        )

    def post(self, town, browser, url, typed):
        answer = meet(
            town.database, HERE, self.add, lambda: browser.post(url, data=typed)
        )
        assert answer.status_code == 422, answer.text
        assert CLASH.partition(".")[0] in answer.text
        assert count(town, Product, Product.code == "07A07") == 1
        return answer.text

    def test_keeps_what_was_typed_and_says_why(self, town, browser):
        typed = PRODUCT | {
            "domein": "huishoudelijke_hulp",
            "eenheid": "01",
            "is_dienst": "ja",
            "van": f"{vandaag():%d-%m-%Y}",
            "naam": "Getypte naam",
        }

        page = self.post(town, browser, "/beheer/producten/nieuw", typed)

        assert "Getypte naam" in page

    def test_of_an_import_takes_in_nothing(self, town, browser):
        table = f"{COLUMNS}07A07;{REST}08A08;{REST}"
        sent = {"bestand": (BytesIO(table.encode()), "t.csv")}
        shown = browser.post("/beheer/invoer/producten", data=sent).location
        stand = browser.get(shown).text.split('name="stand" value="')[1].split('"')[0]

        page = self.post(town, browser, shown, {"stand": stand})

        assert f'value="{stand}"' not in page
        assert count(town, Product, Product.code == "08A08") == 0
