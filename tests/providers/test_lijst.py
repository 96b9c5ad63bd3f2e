"""The lists of an aanbieder: over all its gemeenten, of nobody else, page by page."""

from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from build import gemeente
from build import providers as build
from build.gemeente import NOW, TODAY
from build.town import Street
from loket.accounts.operations import set_instelling
from loket.audit.action import Action
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Actor
from loket.cases.dossier.queries import get_client
from loket.db import Scope, set_scope
from loket.errors import NotFound
from loket.frame import office
from loket.providers import operations, queries_lijst
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel
from loket.providers.operations_overleg import read_overleg, send_overlegregel
from loket.providers.plaatsingsverzoek import Weigergrond
from loket.providers.queries_lijst import (
    Loop,
    Stand,
    Zoekvraag,
    ends_soon,
    list_keuzes,
    list_toewijzingen,
    list_verzoeken,
)
from loket.providers.queries_overleg import list_overleg
from loket.providers.toewijzing import Deling

ELSEWHERE = "0375"


@pytest.fixture
def regel(place: Session) -> Contractregel:
    """The contract of the aanbieder in its first gemeente."""
    return build.contractregel(place)


@pytest.fixture
def direct(place: Session, regel: Contractregel) -> Contractregel:
    """A contract of the same aanbieder without plaatsingsverzoeken."""
    return build.contractregel(
        place, aanbieder=regel.contract.aanbieder, plaatsingsverzoek=False
    )


@pytest.fixture
def by(regel: Contractregel) -> Actor:
    """Somebody of that aanbieder, at work for two gemeenten."""
    return build.medewerker(regel.contract.aanbieder, "0396", ELSEWHERE)


def refs(found) -> list[str]:
    return [regel.referentie for regel in found.regels]


class TestVerzoeken:
    def test_of_all_gemeenten_stand_in_one_list(
        self, place: Session, regel: Contractregel, by: Actor
    ) -> None:
        here = build.plaatsingsverzoek(place, regel=regel)
        there = self._elsewhere(place, regel.contract)

        both = list_verzoeken(place, by, NOW, Zoekvraag())
        one = list_verzoeken(place, by, NOW, Zoekvraag(gemeente=ELSEWHERE))

        assert refs(both) == [here.referentie, there]
        assert (refs(one), one.aantal) == ([there], 1)
        assert list_keuzes(place, by)[0] == [
            ("0396", "Duinstede"),
            (ELSEWHERE, "Elders"),
        ]

    def _elsewhere(self, place: Session, contract: Contract) -> str:
        set_scope(place, Scope.of("0396", ELSEWHERE))
        gemeente.gemeente(place, ELSEWHERE, "Elders")
        regel = build.contractregel(
            place, gemeente=ELSEWHERE, aanbieder=contract.aanbieder
        )
        recht = build.voorziening(place, gemeente=ELSEWHERE)
        return build.plaatsingsverzoek(place, recht=recht, regel=regel).referentie

    def test_that_are_urgent_come_first_and_then_the_oldest(
        self, place: Session, regel: Contractregel, by: Actor
    ) -> None:
        old, new = (build.plaatsingsverzoek(place, regel=regel) for _ in range(2))
        urgent = build.plaatsingsverzoek(place, regel=regel, spoed=True)

        found = list_verzoeken(place, by, NOW, Zoekvraag())

        assert refs(found) == [each.referentie for each in (urgent, old, new)]

    def test_say_until_when_an_answer_is_expected(
        self, place: Session, regel: Contractregel, by: Actor
    ) -> None:
        build.plaatsingsverzoek(place, regel=regel)
        without = list_verzoeken(place, by, NOW, Zoekvraag()).regels[0]
        set_instelling(
            place,
            build.system(),
            NOW,
            sleutel="verzoek_antwoord_werkdagen",
            waarde=3,
            van=TODAY,
        )

        late = NOW + timedelta(days=4)
        found = list_verzoeken(place, by, late, Zoekvraag()).regels[0]

        assert (without.antwoord_voor, without.te_laat) == (None, False)
        assert found.antwoord_voor == TODAY + timedelta(days=3)
        assert (found.resterend, found.te_laat) == (-1, True)

    def test_go_on_where_the_page_ended_and_none_is_lost_or_shown_twice(
        self,
        place: Session,
        regel: Contractregel,
        by: Actor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(queries_lijst, "PER_PAGE", 2)
        made = [
            build.plaatsingsverzoek(place, regel=regel, spoed=urgent).referentie
            for urgent in (False, True, False, True, True)
        ]

        pages = walk(lambda na: list_verzoeken(place, by, NOW, Zoekvraag(na=na)))

        assert [len(page) for page in pages] == [2, 2, 1]
        assert list(chain(*pages)) == [made[each] for each in (1, 3, 4, 0, 2)]

    def test_that_were_answered_are_found_by_their_stand(
        self, place: Session, regel: Contractregel, by: Actor
    ) -> None:
        for _ in range(2):
            verzoek = build.plaatsingsverzoek(place, regel=regel)
            operations.decline_plaatsingsverzoek(
                place, by, NOW, verzoek=verzoek, grond=Weigergrond.NIET_PASSEND
            )
        place.flush()

        declined = list_verzoeken(place, by, NOW, Zoekvraag(stand=Stand.GEWEIGERD))
        older = list_verzoeken(
            place,
            by,
            NOW,
            Zoekvraag(stand=Stand.GEWEIGERD, na=declined.regels[0].referentie),
        )

        assert list_verzoeken(place, by, NOW, Zoekvraag()).regels == []
        assert declined.regels[0].referentie == verzoek.referentie
        assert declined.regels[0].resterend is None
        assert refs(older) == [declined.regels[1].referentie]

    def test_are_not_counted_on_and_on(
        self,
        place: Session,
        regel: Contractregel,
        by: Actor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(queries_lijst, "MOST_COUNTED", 1)
        for _ in range(3):
            build.plaatsingsverzoek(place, regel=regel)

        assert list_verzoeken(place, by, NOW, Zoekvraag()).aantal == 2

    def test_of_another_aanbieder_are_not_there_nor_a_place_to_go_on(
        self, place: Session, regel: Contractregel
    ) -> None:
        verzoek = build.plaatsingsverzoek(place, regel=regel)
        other = build.medewerker(build.aanbieder(place))

        assert list_verzoeken(place, other, NOW, Zoekvraag()).regels == []
        with pytest.raises(NotFound):
            list_verzoeken(place, other, NOW, Zoekvraag(na=verzoek.referentie))

    def test_show_where_the_gemeente_answered_a_question(
        self, place: Session, regel: Contractregel, by: Actor, consulent: Actor
    ) -> None:
        verzoek = build.plaatsingsverzoek(place, regel=regel)
        send_overlegregel(place, consulent, NOW, onderwerp=verzoek, tekst="Nee.")
        place.flush()
        new = list_verzoeken(place, by, NOW, Zoekvraag()).regels[0].ongelezen
        read_overleg(
            place, by, NOW, onderwerp=verzoek, regels=list_overleg(place, verzoek)
        )
        place.flush()

        assert new == 1
        assert list_verzoeken(place, by, NOW, Zoekvraag()).regels[0].ongelezen == 0


class TestToewijzingen:
    def test_that_end_first_stand_on_top_page_by_page(
        self,
        place: Session,
        direct: Contractregel,
        by: Actor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(queries_lijst, "PER_PAGE", 2)
        made = [
            build.toewijzing(
                place, regel=direct, tot=TODAY + timedelta(days=days)
            ).referentie
            for days in (300, 20, 100)
        ]

        pages = walk(lambda na: list_toewijzingen(place, by, NOW, Zoekvraag(na=na)))

        assert list(chain(*pages)) == [made[each] for each in (1, 2, 0)]

    def test_that_end_soon_are_found_by_the_days_that_the_gemeente_set(
        self, place: Session, direct: Contractregel, by: Actor
    ) -> None:
        soon, later = (
            build.toewijzing(place, regel=direct, tot=TODAY + timedelta(days=days))
            for days in (30, 57)
        )
        default = list_toewijzingen(place, by, NOW, Zoekvraag(loop=Loop.EINDE))
        set_instelling(
            place,
            build.system(),
            NOW,
            sleutel="signaal_indicatie_dagen",
            waarde=60,
            van=TODAY,
        )
        wider = list_toewijzingen(place, by, NOW, Zoekvraag(loop=Loop.EINDE))

        assert refs(default) == [soon.referentie]
        assert default.regels[0].resterend == 30
        assert refs(wider) == [soon.referentie, later.referentie]
        assert ends_soon(place, by, TODAY, later)

    def test_that_stopped_or_ended_ask_nothing_any_more(
        self, place: Session, direct: Contractregel, by: Actor
    ) -> None:
        soon = build.toewijzing(place, regel=direct, tot=TODAY + timedelta(days=30))
        operations.end_toewijzing(
            place, build.system(), NOW, toewijzing=soon, geeindigd_op=TODAY
        )
        place.flush()
        tomorrow = NOW + timedelta(days=1)

        found = {
            loop: refs(list_toewijzingen(place, by, tomorrow, Zoekvraag(loop=loop)))
            for loop in Loop
        }

        assert found[Loop.VOORBIJ] == [soon.referentie]
        assert [found[each] for each in (Loop.LOPEND, Loop.START, Loop.EINDE)] == [
            [],
            [],
            [],
        ]

    def test_say_about_whom_each_is_and_record_it_once(
        self, place: Session, direct: Contractregel, by: Actor
    ) -> None:
        made = build.toewijzing(place, regel=direct)
        client = get_client(place, made.dossier_id)

        (line,) = list_toewijzingen(place, by, NOW, Zoekvraag()).regels

        assert line.client == client.naam
        looks = place.scalars(
            select(AuditRecord.id).where(
                AuditRecord.action == Action.TOEWIJZING_READ.value,
                AuditRecord.id.in_(
                    select(AuditSubject.record_id).where(
                        AuditSubject.subject_id == client.id
                    )
                ),
            )
        ).all()
        assert len(looks) == 1

    def test_of_another_aanbieder_are_not_there(
        self, place: Session, direct: Contractregel
    ) -> None:
        made = build.toewijzing(place, regel=direct)
        other = build.medewerker(build.aanbieder(place))

        assert list_toewijzingen(place, other, NOW, Zoekvraag()).regels == []
        assert not ends_soon(place, other, TODAY, made)
        with pytest.raises(NotFound):
            list_toewijzingen(place, other, NOW, Zoekvraag(na=made.referentie))


def walk(page) -> list[list[str]]:
    """Read page after page, at most ten."""
    pages, na = [], ""
    for _ in range(10):
        found = page(na)
        pages.append(refs(found))
        if not found.volgende:
            return pages
        na = found.volgende
    raise AssertionError("the pages do not end")


class TestPages:
    URLS = ("/aanbieder/verzoeken", "/aanbieder/toewijzingen")

    @pytest.mark.parametrize("url", URLS)
    def test_say_what_to_do_when_there_is_nothing(
        self, street: Street, url: str
    ) -> None:
        empty = street.aanbieder.get(url)
        filtered = street.aanbieder.get(f"{url}?gemeente=0375&stand=geweigerd")

        assert (empty.status_code, filtered.status_code) == (200, 200)
        assert "bij dit filter" in filtered.text

    @pytest.mark.parametrize("url", URLS)
    def test_an_odd_question_shows_the_whole_list(
        self, street: Street, url: str
    ) -> None:
        odd = street.aanbieder.get(f"{url}?stand=raar&loop=raar&gemeente=99999")

        assert odd.status_code == 200

    @pytest.mark.parametrize("url", URLS)
    def test_are_for_the_aanbieder_only(self, street: Street, url: str) -> None:
        assert street.consulent.get(url).status_code == 403

    @pytest.mark.parametrize("url", URLS)
    def test_go_on_after_nothing_of_somebody_else(
        self, street: Street, url: str
    ) -> None:
        assert street.aanbieder.get(f"{url}?na=ZZZZ-2222").status_code == 404

    @pytest.mark.parametrize("url", ["/aanbieder/toewijzingen", "/aanbieder/"])
    def test_name_the_client_as_long_as_the_data_are_shared(
        self, street: Street, url: str
    ) -> None:
        town = street.town
        with town.database.transaction(town.staff()) as session:
            aanbieder = session.get_one(Aanbieder, town.aanbieder_id)
            regel = build.contractregel(
                session, aanbieder=aanbieder, plaatsingsverzoek=False
            )
            made = build.toewijzing(session, regel=regel)
            client = get_client(session, made.dossier_id)
            name, made_id = client.naam, made.id

        shown = street.aanbieder.get(url).text
        with town.database.transaction(town.staff()) as session:
            deling = session.scalars(
                select(Deling).where(Deling.toewijzing_id == made_id)
            ).one()
            deling.van = deling.tot = TODAY - timedelta(days=1)
        after = street.aanbieder.get(url).text

        assert name in shown
        assert name not in after
        assert "edeeld" in after

    @pytest.mark.parametrize("noun", ["verzoeken", "toewijzingen"])
    def test_ask_the_database_as_often_for_many_lines_as_for_one(
        self, street: Street, noun: str
    ) -> None:
        counts = []
        for many in (1, 4):
            self._fill(street, noun, many)
            counts.append(self._statements(street, f"/aanbieder/{noun}"))

        assert counts[0] == counts[1]

    def _fill(self, street: Street, noun: str, many: int) -> None:
        town = street.town
        with town.database.transaction(town.staff()) as session:
            regel = session.get_one(Contractregel, town.contractregel_id)
            for _ in range(many):
                if noun == "verzoeken":
                    build.plaatsingsverzoek(session, regel=regel)
                    continue
                aanbieder = session.get_one(Aanbieder, town.aanbieder_id)
                build.toewijzing(
                    session,
                    regel=build.contractregel(
                        session, aanbieder=aanbieder, plaatsingsverzoek=False
                    ),
                )

    def _statements(self, street: Street, url: str) -> int:
        seen: list[str] = []
        engine = office(street.app).database.engine

        def count(_conn, _cursor, statement, *_rest) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        answer = street.aanbieder.get(url)
        event.remove(engine, "before_cursor_execute", count)
        assert answer.text.count('scope="row"') in {1, 5}
        return len(seen)
