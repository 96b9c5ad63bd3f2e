"""What somebody of an aanbieder types is kept, for them alone and as long as it may."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from build import gemeente
from build.gemeente import NOW
from build.town import HERE, Street, stranger
from loket.app import create_app
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.config import Config
from loket.db import Scope
from loket.drafts.draft import Draft
from loket.frame import office
from loket.outbox.promise import Promise
from loket.providers import jobs, operations
from loket.providers.levering import Vraagsoort
from loket.providers.operations_levering import ask_vraag
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Deling, Stopreden, Toewijzing
from loket.schedule import keep_all
from loket.termijnen import dag_van
from loket.vault.errors import KeyDestroyed

FRAGMENT = {"HX-Request": "true"}
KEEP, DROP = {"_concept": "bewaar"}, {"_concept": "weg"}
TYPED = "Onze collega kan pas vanaf dinsdag; is dat te laat?"


@dataclass(frozen=True)
class Place:
    """One form: the page that shows it, where it is sent, and what is typed."""

    page: str
    door: str
    typed: dict[str, str]
    shows: str = TYPED


def places_of(kind: str, ref: str) -> list[Place]:
    """The forms of an aanbieder about a verzoek or a toewijzing."""
    here = f"/aanbieder/{kind}/{ref}"
    if kind == "verzoeken":
        chosen = r'value="niet_passend"[^>]*checked'
        return [
            Place(here, f"{here}/vraag", {"tekst": TYPED}),
            Place(here, f"{here}/weigeren", {"grond": "niet_passend"}, chosen),
        ]
    levering = f"{here}/levering"
    asked = {"soort": "uitval", "toelichting": TYPED}
    day = {"startdatum": "01-12-2026", "toelichting": TYPED}
    return [
        Place(here, f"{here}/overleg", {"tekst": TYPED}),
        Place(levering, f"{here}/startvoorstel", day),
        Place(levering, f"{here}/vragen", asked),
    ]


@pytest.fixture(
    params=[
        *(("verzoeken", "verzoek", number) for number in range(2)),
        *(("toewijzingen", "toewijzing", number) for number in range(3)),
    ],
    ids=["vraag", "weigeren", "overleg", "voorstel", "levering"],
)
def place(request, street: Street) -> Place:
    """Each form in turn."""
    kind, fixture, number = request.param
    return places_of(kind, request.getfixturevalue(fixture))[number]


def own_fields(page: str, door: str) -> dict[str, str]:
    """What the form that is sent to this door sends along."""
    form = re.search(
        rf'<form class="lk-form"[^>]*action="{door}".*?</form>', page, re.DOTALL
    )
    assert form, door
    found = re.findall(r'name="(_[a-z_]+)" value="([^"]*)"', form[0])
    return {name: html.unescape(value) for name, value in found if name != "_concept"}


def keep(browser: FlaskClient, place: Place, **headers: str):
    sent = own_fields(browser.get(place.page).text, place.door)
    return browser.post(place.door, data=sent | KEEP | place.typed, headers=FRAGMENT)


def is_shown(browser: FlaskClient, place: Place) -> bool:
    page = browser.get(place.page)
    return page.status_code == 200 and bool(
        re.search(place.shows if "[^" in place.shows else re.escape(TYPED), page.text)
    )


def drafts(street: Street) -> list[Draft]:
    with street.town.database.transaction(street.town.staff()) as session:
        return list(session.scalars(select(Draft)))


def colleague(street: Street) -> FlaskClient:
    """Somebody else of the same aanbieder."""
    town = street.town
    with town.database.transaction(town.staff()) as session:
        person = gemeente.user(
            session, Role.AANBIEDER, aanbieder_id=town.aanbieder_id, naam="Bas"
        )
    return gemeente.login(street.app, person, str(town.aanbieder_id))


def withdraw(street: Street) -> None:
    with street.town.database.transaction(street.town.staff()) as session:
        verzoek = session.scalars(select(Plaatsingsverzoek)).one()
        by = street.town.consulent
        operations.withdraw_plaatsingsverzoek(session, by, NOW, verzoek=verzoek)


def end(street: Street) -> None:
    """The gemeente takes the toewijzing back."""
    with street.town.database.transaction(street.town.staff()) as session:
        operations.end_toewijzing(
            session,
            street.town.consulent,
            NOW,
            toewijzing=session.scalars(select(Toewijzing)).one(),
            geeindigd_op=dag_van(NOW),
        )


def stop(street: Street) -> None:
    """The aanbieder says that the help stopped; its own session takes drafts away."""
    town, day = street.town, dag_van(NOW)
    with town.database.transaction(town.staff()) as session:
        given = session.scalars(select(Toewijzing)).one()
        given.van = day
        given.start(day, town.medewerker.id, NOW)
    with town.database.transaction(town.theirs()) as session:
        operations.stop_zorg(
            session,
            town.medewerker,
            NOW,
            toewijzing=session.scalars(select(Toewijzing)).one(),
            stopdatum=day,
            reden=Stopreden.IN_OVERLEG,
        )


class TestKept:
    def test_and_shown_again_with_a_notice(self, street: Street, place: Place) -> None:
        answer = keep(street.aanbieder, place)

        assert "Concept bewaard om" in answer.text
        assert is_shown(street.aanbieder, place)
        assert "teruggezet" in street.aanbieder.get(place.page).text

    def test_without_javascript_by_a_button(self, street: Street, place: Place) -> None:
        page = street.aanbieder.get(place.page).text
        sent = own_fields(page, place.door) | KEEP | place.typed

        answer = street.aanbieder.post(place.door, data=sent)

        assert "Bewaar als concept" in page
        assert (answer.status_code, answer.location) == (303, place.page)
        assert is_shown(street.aanbieder, place)

    def test_over_a_restart(self, street: Street, place: Place, config: Config) -> None:
        keep(street.aanbieder, place)
        cookies = street.aanbieder.get_cookie("loket")
        again = create_app(config)
        browser = again.test_client()
        browser.set_cookie("loket", cookies.value)

        assert is_shown(browser, place)
        office(again).close()

    def test_when_the_session_is_lost(self, street: Street, place: Place) -> None:
        sent = own_fields(street.aanbieder.get(place.page).text, place.door)
        street.app.config["WTF_CSRF_ENABLED"] = True
        answer = street.app.test_client().post(place.door, data=sent | place.typed)
        street.app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 400
        assert "bewaard als concept" in answer.text
        assert is_shown(street.aanbieder, place)

    def test_under_a_key_of_its_own_in_the_gemeente_that_asks(
        self, street: Street, place: Place
    ) -> None:
        keep(street.aanbieder, place)

        (draft,) = drafts(street)
        assert draft.gemeente_code == HERE
        assert draft.aanbieder_id == street.town.aanbieder_id
        assert draft.dossier_id is not None
        with street.town.database.transaction(street.town.staff()) as session:
            cell = session.execute(text("SELECT answers FROM draft")).scalar_one()
        assert TYPED.encode() not in bytes(cell)

    def test_without_a_word_about_a_person_in_address_or_list(
        self, street: Street, place: Place
    ) -> None:
        answer = keep(street.aanbieder, place)

        (draft,) = drafts(street)
        told = f"{draft.label} {draft.url} {draft.door} {draft.subject}"
        assert TYPED not in told
        assert "Duinzand" not in told
        assert TYPED not in answer.text
        inbox = street.aanbieder.get("/aanbieder/").text
        assert "Uw concepten" in inbox
        assert draft.label in inbox
        assert TYPED not in inbox

    def test_and_keeping_is_no_look(self, street: Street, place: Place) -> None:
        sent = own_fields(street.aanbieder.get(place.page).text, place.door)
        with street.town.database.transaction(street.town.staff()) as session:
            before = session.scalars(select(AuditRecord.id)).all()

        street.aanbieder.post(
            place.door, data=sent | KEEP | place.typed, headers=FRAGMENT
        )

        with street.town.database.transaction(street.town.staff()) as session:
            left = session.scalars(
                select(AuditRecord.action).where(AuditRecord.id.not_in(before))
            ).all()
        assert left == [Action.DRAFT_STARTED.value]


class TestReaders:
    def test_are_no_colleague_stranger_or_staff(
        self, street: Street, place: Place
    ) -> None:
        keep(street.aanbieder, place)
        bas, other = colleague(street), stranger(street)

        assert not is_shown(bas, place)
        assert "teruggezet" not in bas.get(place.page).text
        assert "Uw concepten" not in bas.get("/aanbieder/").text
        assert other.get(place.page).status_code == 404
        assert other.post(place.door, data=KEEP | place.typed).status_code == 404
        assert street.consulent.get(place.page).status_code == 403
        assert "Uw concepten" not in street.consulent.get("/inwoners/zoek").text
        shown = street.consulent.get(f"/dossiers/{street.town.dossier}")
        assert TYPED not in shown.text

    def test_lose_nothing_to_a_colleague_who_throws_away(
        self, street: Street, place: Place
    ) -> None:
        keep(street.aanbieder, place)

        colleague(street).post(place.door, data=DROP)

        assert is_shown(street.aanbieder, place)

    def test_of_another_aanbieder_find_no_row_in_the_database(
        self, street: Street, place: Place
    ) -> None:
        keep(street.aanbieder, place)
        (draft,) = drafts(street)

        def seen(scope: Scope) -> list[UUID]:
            with street.town.database.transaction(scope) as session:
                return list(session.scalars(text("SELECT id FROM draft")))

        assert seen(street.town.theirs()) == [draft.id]
        assert seen(Scope((HERE,), draft.id)) == []
        assert seen(Scope(("0375",), street.town.aanbieder_id)) == []


class TestGone:
    def test_after_it_was_sent_with_its_key(
        self, street: Street, place: Place, config: Config
    ) -> None:
        keep(street.aanbieder, place)
        (draft,) = drafts(street)
        sent = own_fields(street.aanbieder.get(place.page).text, place.door)

        answer = street.aanbieder.post(place.door, data=sent | place.typed)

        assert answer.status_code == 303
        assert drafts(street) == []
        keep_all(street.town.database, config)
        with pytest.raises(KeyDestroyed):
            office(street.app).vault.prepare({(HERE, draft.id): "draft"})

    def test_when_it_is_thrown_away(self, street: Street, place: Place) -> None:
        keep(street.aanbieder, place)

        answer = street.aanbieder.post(place.door, data=DROP)

        assert (answer.status_code, answer.location) == (303, place.page)
        assert drafts(street) == []

    def test_when_the_verzoek_is_withdrawn(self, street: Street, verzoek: str) -> None:
        places = places_of("verzoeken", verzoek)
        for place in places:
            keep(street.aanbieder, place)
            keep(colleague(street), place)
        assert len(drafts(street)) == 4
        open_page = own_fields(
            street.aanbieder.get(places[0].page).text, places[0].door
        )

        withdraw(street)
        late = street.aanbieder.post(
            places[0].door, data=open_page | KEEP | places[0].typed, headers=FRAGMENT
        )

        assert drafts(street) == []
        assert late.status_code == 409
        assert "ingetrokken" in late.text
        assert not is_shown(street.aanbieder, places[0])
        with street.town.database.transaction(street.town.staff()) as session:
            shred = select(Promise.id).where(Promise.topic == "drafts.shred")
            assert len(session.scalars(shred).all()) == 4

    @pytest.mark.parametrize(
        ("deed", "answers"),
        [
            ("weigeren", {"grond": "niet_passend"}),
            ("aanvaarden", {"startdatum": f"{NOW:%d-%m-%Y}"}),
        ],
    )
    def test_of_everybody_when_a_colleague_answers(
        self, street: Street, verzoek: str, deed: str, answers: dict[str, str]
    ) -> None:
        for place in places_of("verzoeken", verzoek):
            keep(street.aanbieder, place)

        answer = colleague(street).post(
            f"/aanbieder/verzoeken/{verzoek}/{deed}", data=answers
        )

        assert answer.status_code == 303, answer.text
        assert drafts(street) == []

    def test_when_it_comes_in_without_a_session_after_that(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        place = places_of("verzoeken", verzoek)[0]
        sent = own_fields(street.aanbieder.get(place.page).text, place.door)
        withdraw(street)
        street.app.config["WTF_CSRF_ENABLED"] = True
        street.app.test_client().post(place.door, data=sent | place.typed)
        street.app.config["WTF_CSRF_ENABLED"] = False
        assert len(drafts(street)) == 1
        assert not is_shown(street.aanbieder, place)

        dropped = jobs.drop_strays(street.town.database, config, NOW)

        assert dropped == 1
        assert drafts(street) == []

    def test_is_not_true_of_a_verzoek_that_is_open(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        keep(street.aanbieder, places_of("verzoeken", verzoek)[0])

        assert jobs.drop_strays(street.town.database, config, NOW) == 0
        assert len(drafts(street)) == 1

    @pytest.mark.parametrize("deed", [end, stop])
    def test_of_help_that_is_over_but_not_what_may_still_be_said(
        self, street: Street, toewijzing: str, deed: Callable[[Street], None]
    ) -> None:
        overleg, *levering = places_of("toewijzingen", toewijzing)
        bas = colleague(street)
        for place in levering:
            keep(street.aanbieder, place)
            keep(bas, place)
        keep(street.aanbieder, overleg)
        assert len(drafts(street)) == 5
        open_page = own_fields(
            street.aanbieder.get(levering[1].page).text, levering[1].door
        )

        deed(street)
        late = street.aanbieder.post(
            levering[1].door,
            data=open_page | KEEP | levering[1].typed,
            headers=FRAGMENT,
        )

        assert [draft.form for draft in drafts(street)] == ["overleg.aanbieder"]
        assert late.status_code == 409
        assert "gestopt" in late.text
        assert is_shown(street.aanbieder, overleg)
        with street.town.database.transaction(street.town.staff()) as session:
            shred = select(Promise.id).where(Promise.topic == "drafts.shred")
            assert len(session.scalars(shred).all()) == 4

    def test_of_help_that_is_over_when_it_comes_in_without_a_session(
        self, street: Street, toewijzing: str, config: Config
    ) -> None:
        overleg, voorstel, _ = places_of("toewijzingen", toewijzing)
        keep(street.aanbieder, overleg)
        sent = own_fields(street.aanbieder.get(voorstel.page).text, voorstel.door)
        end(street)
        street.app.config["WTF_CSRF_ENABLED"] = True
        street.app.test_client().post(voorstel.door, data=sent | voorstel.typed)
        street.app.config["WTF_CSRF_ENABLED"] = False
        assert len(drafts(street)) == 2

        dropped = jobs.drop_strays(street.town.database, config, NOW)

        assert dropped == 1
        assert [draft.form for draft in drafts(street)] == ["overleg.aanbieder"]

    def test_with_the_sharing_of_the_data(
        self, street: Street, toewijzing: str, config: Config
    ) -> None:
        for place in places_of("toewijzingen", toewijzing):
            keep(street.aanbieder, place)
        assert jobs.drop_strays(street.town.database, config, NOW) == 0
        with street.town.database.transaction(street.town.staff()) as session:
            deling = session.scalars(select(Deling)).one()
            deling.van = deling.tot = deling.van.replace(year=2020)

        assert jobs.drop_strays(street.town.database, config, NOW) == 3
        assert drafts(street) == []

    def test_from_the_page_when_the_data_are_shared_no_more(
        self, street: Street, toewijzing: str
    ) -> None:
        place = places_of("toewijzingen", toewijzing)[0]
        keep(street.aanbieder, place)
        with street.town.database.transaction(street.town.staff()) as session:
            deling = session.scalars(select(Deling)).one()
            deling.van = deling.tot = deling.van.replace(year=2020)

        late = street.aanbieder.post(
            place.door, data=KEEP | place.typed, headers=FRAGMENT
        )

        assert not is_shown(street.aanbieder, place)
        assert late.status_code == 409


class TestOneForm:
    def test_that_fails_leaves_the_draft_of_the_other_in_its_place(
        self, street: Street, verzoek: str
    ) -> None:
        vraag, weigeren = places_of("verzoeken", verzoek)
        keep(street.aanbieder, vraag)

        answer = street.aanbieder.post(weigeren.door, data={})

        assert answer.status_code == 422
        assert TYPED in answer.text
        sent = own_fields(answer.text, vraag.door)
        assert sent["_concept_versie"] == "1"

    def test_has_two_versions_when_two_screens_went_on(
        self, street: Street, verzoek: str
    ) -> None:
        vraag = places_of("verzoeken", verzoek)[0]
        other = own_fields(street.aanbieder.get(vraag.page).text, vraag.door)
        keep(street.aanbieder, vraag)

        both = street.aanbieder.post(vraag.door, data=other | KEEP | {"tekst": "Nee"})

        assert both.status_code == 409
        assert TYPED in both.text
        assert f'action="{vraag.door}"' in both.text or 'action=""' in both.text


class TestStaff:
    def test_keep_their_answer_to_a_question_and_their_proposal(
        self, street: Street, toewijzing: str
    ) -> None:
        town = street.town
        with town.database.transaction(town.theirs()) as session:
            given = session.scalars(select(Toewijzing)).one()
            vraag = ask_vraag(
                session,
                town.medewerker,
                NOW,
                toewijzing=given,
                soort=Vraagsoort.UITVAL,
                toelichting="Hij komt niet.",
            )
        here = f"/dossiers/{town.dossier}/toewijzingen/{toewijzing}"
        day = {"startdatum": "01-12-2026", "toelichting": TYPED}
        for place in (
            Place(f"{here}/levering", f"{here}/vragen/{vraag.id}", {"antwoord": TYPED}),
            Place(f"{here}/levering", f"{here}/startvoorstel", day),
        ):
            assert "Concept bewaard om" in keep(street.consulent, place).text
            assert is_shown(street.consulent, place)
            assert not is_shown(
                street.aanbieder, places_of("toewijzingen", toewijzing)[1]
            )
            gone = street.consulent.post(place.door, data=DROP)
            assert (gone.status_code, gone.location) == (303, place.page)
            assert drafts(street) == []


class TestSql:
    """What a session of an aanbieder reaches, should a query of ours let it in."""

    def test_promises_no_key_away_but_of_its_own_draft(
        self, street: Street, verzoek: str
    ) -> None:
        keep(street.aanbieder, places_of("verzoeken", verzoek)[0])
        town = street.town
        promise = text(
            "INSERT INTO promise (id, gemeente_code, topic, subject_id, sleutel,"
            " made_at, due_at, attempts) SELECT gen_random_uuid(), '0396',"
            " 'drafts.shred', dossier_id, 'x', now(), now(), 0 FROM plaatsingsverzoek"
        )

        with (
            pytest.raises(DBAPIError, match="row-level security"),
            town.database.transaction(town.theirs()) as session,
        ):
            session.execute(promise)

    def test_destroys_no_key_of_a_dossier_by_way_of_a_draft(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        keep(street.aanbieder, places_of("verzoeken", verzoek)[0])
        town = street.town
        with town.database.transaction(town.theirs()) as session:
            dossier_id = session.scalars(select(Plaatsingsverzoek.dossier_id)).one()
            session.execute(
                text("UPDATE draft SET id = :id, answers = NULL"), {"id": dossier_id}
            )
            session.execute(
                text(
                    "INSERT INTO promise (id, gemeente_code, topic, subject_id,"
                    " sleutel, made_at, due_at, attempts) SELECT gen_random_uuid(),"
                    " '0396', 'drafts.shred', id, 'x', now(), now(), 0 FROM draft"
                )
            )

        keep_all(town.database, config)

        page = street.consulent.get(f"/dossiers/{town.dossier}")
        assert page.status_code == 200
        office(street.app).vault.prepare({(HERE, dossier_id): "dossier"})
