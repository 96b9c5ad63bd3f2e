"""What gemeente and aanbieder write to each other, and who never reads it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from build import gemeente
from build import providers as build
from build.gemeente import NOW, actor
from build.town import Street, Town, stranger
from build.trail import promises_of, trail_of
from loket.authz import Actor, Role
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.config import Config
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.frame import office
from loket.providers import operations
from loket.providers.contract import Contractregel
from loket.providers.operations_overleg import send_overlegregel
from loket.providers.overleg import Overlegregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek, Weigergrond
from loket.providers.toewijzing import Deling, Toewijzing
from loket.schedule import keep_all

REFUSED = "row-level security|an answer changes nothing else|permission denied"
VRAAG = "Is er een hond in huis? Een collega is allergisch."


def ask(street: Street, verzoek: str, tekst: str = VRAAG, **form: str):
    return street.aanbieder.post(
        f"/aanbieder/verzoeken/{verzoek}/vraag", data={"tekst": tekst} | form
    )


def answer_url(street: Street, verzoek: str) -> str:
    return f"/dossiers/{street.town.dossier}/verzoeken/{verzoek}/overleg"


def taken(street: Street, config: Config) -> list[tuple[TaakSoort, bool]]:
    keep_all(street.town.database, config)
    with street.town.database.transaction(street.town.staff()) as session:
        return [
            (taak.soort, taak.done_at is not None)
            for taak in session.scalars(select(Taak).order_by(Taak.made_at))
        ]


class TestQuestion:
    def test_becomes_one_task_that_the_answer_finishes(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        ask(street, verzoek)
        ask(street, verzoek, "En is er een lift?")
        asked = taken(street, config)

        page = street.consulent.get(answer_url(street, verzoek))
        answer = street.consulent.post(
            answer_url(street, verzoek), data={"tekst": "Nee, geen huisdieren."}
        )

        assert asked == [(TaakSoort.AANBIEDER_ANTWOORDEN, False)]
        assert VRAAG in page.text
        assert answer.status_code == 303
        assert taken(street, config) == [(TaakSoort.AANBIEDER_ANTWOORDEN, True)]
        theirs = street.aanbieder.get(f"/aanbieder/verzoeken/{verzoek}")
        assert "Nee, geen huisdieren." in theirs.text
        assert "Gelezen" in theirs.text

    def test_leaves_the_verzoek_open_and_unchanged(
        self, street: Street, verzoek: str
    ) -> None:
        ask(street, verzoek)

        with street.town.database.transaction(street.town.staff()) as session:
            asked = session.scalars(select(Plaatsingsverzoek)).one()
        assert asked.status == "open"

    def test_stands_on_the_page_of_the_dossier(
        self, street: Street, verzoek: str
    ) -> None:
        ask(street, verzoek)

        page = street.consulent.get(f"/dossiers/{street.town.dossier}")

        assert "Overleg met aanbieders" in page.text
        assert "1 nieuw" in page.text
        assert answer_url(street, verzoek) in page.text
        assert VRAAG not in page.text

    def test_sent_twice_is_asked_once(self, street: Street, verzoek: str) -> None:
        answers = [ask(street, verzoek, _verzending="zelfde") for _ in range(2)]

        with street.town.database.transaction(street.town.staff()) as session:
            rows = session.scalars(select(Overlegregel)).all()
        assert [each.status_code for each in answers] == [303, 303]
        assert len(rows) == 1

    @pytest.mark.parametrize(
        ("tekst", "says"),
        [
            ("", "Schrijf eerst uw bericht."),
            ("Gaat het om 999 900 018?", "Haal het BSN uit de tekst."),
            ("x" * 2001, "maximaal 2000 tekens"),
        ],
    )
    def test_that_cannot_be_sent_comes_back_with_what_was_typed(
        self, street: Street, verzoek: str, tekst: str, says: str
    ) -> None:
        answer = ask(street, verzoek, tekst)

        assert answer.status_code == 422
        assert says in answer.text
        assert tekst in answer.text

    def test_after_the_answer_is_refused(self, street: Street, verzoek: str) -> None:
        street.aanbieder.post(
            f"/aanbieder/verzoeken/{verzoek}/weigeren", data={"grond": "niet_passend"}
        )

        late = ask(street, verzoek)

        assert late.status_code == 422
        assert "al beantwoord" in late.text

    def test_from_another_aanbieder_finds_nothing(
        self, street: Street, verzoek: str
    ) -> None:
        other = stranger(street)

        answer = other.post(
            f"/aanbieder/verzoeken/{verzoek}/vraag", data={"tekst": VRAAG}
        )

        assert answer.status_code == 404

    def test_is_for_the_aanbieder_only(self, street: Street, verzoek: str) -> None:
        answer = street.consulent.post(
            f"/aanbieder/verzoeken/{verzoek}/vraag", data={"tekst": VRAAG}
        )

        assert answer.status_code == 403

    def test_read_by_somebody_else_in_time_makes_no_task(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        ask(street, verzoek)
        street.consulent.get(answer_url(street, verzoek))

        assert taken(street, config) == []


class TestAnswer:
    @pytest.mark.parametrize("tekst", ["Mevrouw Duinzand zelf.", "In 1234 AB."])
    def test_tells_nobody_who_it_is(
        self, street: Street, verzoek: str, tekst: str
    ) -> None:
        answer = street.consulent.post(
            answer_url(street, verzoek), data={"tekst": tekst}
        )

        assert answer.status_code == 422
        assert "Haal dit uit de tekst" in answer.text
        assert 'href="#v-tekst"' in answer.text

    def test_under_another_dossier_is_not_found(
        self, street: Street, verzoek: str
    ) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            other = build.voorziening(session).dossier_id
            referentie = session.execute(
                text("SELECT referentie FROM dossier WHERE id = :id"), {"id": other}
            ).scalar_one()
        url = f"/dossiers/{referentie}/verzoeken/{verzoek}/overleg"

        assert street.consulent.get(url).status_code == 404
        assert street.consulent.post(url, data={"tekst": "x"}).status_code == 404

    def test_can_come_before_any_question(self, street: Street, verzoek: str) -> None:
        page = street.consulent.get(f"/dossiers/{street.town.dossier}")

        assert f'href="{answer_url(street, verzoek)}"' in page.text

    def test_is_written_by_who_may_place(self, street: Street, verzoek: str) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            person = gemeente.user(session, Role.ADMINISTRATIE)
        clerk = gemeente.login(street.app, person, "0396")

        assert clerk.get(answer_url(street, verzoek)).status_code == 200
        refused = clerk.post(answer_url(street, verzoek), data={"tekst": "x"})
        assert refused.status_code == 403


class TestDuringHelp:
    def test_both_sides_write_and_read(self, street: Street, toewijzing: str) -> None:
        theirs = f"/aanbieder/toewijzingen/{toewijzing}"
        ours = f"/dossiers/{street.town.dossier}/toewijzingen/{toewijzing}/overleg"

        assert f'href="{ours}"' in street.consulent.get(ours.split("/toe")[0]).text
        sent = street.aanbieder.post(f"{theirs}/overleg", data={"tekst": "Wij komen."})
        read = street.consulent.get(ours)
        back = street.consulent.post(ours, data={"tekst": "Mevrouw Duinzand weet het."})

        assert (sent.status_code, back.status_code) == (303, 303)
        assert "Wij komen." in read.text
        page = street.aanbieder.get(theirs).text
        assert "Mevrouw Duinzand weet het." in page
        assert page.count("Gelezen") == 1

    def test_goes_on_where_the_verzoek_left_off(
        self, street: Street, verzoek: str, config: Config
    ) -> None:
        ask(street, verzoek)
        street.aanbieder.post(
            f"/aanbieder/verzoeken/{verzoek}/aanvaarden",
            data={"startdatum": f"{NOW + timedelta(days=3):%d-%m-%Y}"},
        )
        keep_all(street.town.database, config)
        with street.town.database.transaction(street.town.staff()) as session:
            made = session.scalars(select(Toewijzing.referentie)).one()

        page = street.aanbieder.get(f"/aanbieder/toewijzingen/{made}")

        assert VRAAG in page.text

    def test_stops_with_the_sharing(self, street: Street, toewijzing: str) -> None:
        theirs = f"/aanbieder/toewijzingen/{toewijzing}"
        street.aanbieder.post(f"{theirs}/overleg", data={"tekst": "Wij komen."})
        with street.town.database.transaction(street.town.staff()) as session:
            deling = session.scalars(select(Deling)).one()
            deling.van = deling.tot = deling.van - timedelta(days=400)

        page = street.aanbieder.get(theirs)
        late = street.aanbieder.post(f"{theirs}/overleg", data={"tekst": "Nog iets."})

        assert "Wij komen." not in page.text
        assert late.status_code == 422
        assert "niet meer gedeeld" in late.text

    def test_of_another_aanbieder_is_not_found(
        self, street: Street, toewijzing: str
    ) -> None:
        url = f"/aanbieder/toewijzingen/{toewijzing}/overleg"

        assert stranger(street).post(url, data={"tekst": "x"}).status_code == 404

    def test_asks_the_database_no_more_for_more_lines(
        self, street: Street, toewijzing: str
    ) -> None:
        theirs = f"/aanbieder/toewijzingen/{toewijzing}"
        counts = []
        for _ in range(2):
            street.aanbieder.post(f"{theirs}/overleg", data={"tekst": "Regel."})
            street.aanbieder.get(theirs)
            counts.append(_statements(street, theirs))
            for _ in range(4):
                street.aanbieder.post(f"{theirs}/overleg", data={"tekst": "Regel."})

        assert counts[0] == counts[1]


def _statements(street: Street, url: str) -> int:
    seen: list[str] = []
    engine = office(street.app).database.engine

    def count(_conn, _cursor, statement, *_rest) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    street.aanbieder.get(url)
    event.remove(engine, "before_cursor_execute", count)
    return len(seen)


class TestDeed:
    def test_leaves_one_line_and_one_promise(
        self, place: Session, consulent: Actor
    ) -> None:
        regel = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=regel, by=consulent)
        by = build.medewerker(regel.contract.aanbieder)

        asked = send_overlegregel(place, by, NOW, onderwerp=verzoek, tekst=VRAAG)
        told = send_overlegregel(place, consulent, NOW, onderwerp=verzoek, tekst="Nee.")

        assert trail_of(place, asked.id) == ["overleg.sent"]
        assert promises_of(place, asked.id) == ["providers.overleg"]
        assert promises_of(place, told.id) == []

    def test_of_another_aanbieder_or_gemeente_finds_nothing(
        self, place: Session, consulent: Actor
    ) -> None:
        verzoek = build.plaatsingsverzoek(place, by=consulent)
        others = (
            build.medewerker(build.aanbieder(place)),
            actor(Role.CONSULENT, gemeente="0375"),
        )

        for by in others:
            with pytest.raises(NotFound):
                send_overlegregel(place, by, NOW, onderwerp=verzoek, tekst="x")

    def test_after_a_refusal_is_too_late(
        self, place: Session, consulent: Actor
    ) -> None:
        regel = build.contractregel(place)
        verzoek = build.plaatsingsverzoek(place, regel=regel, by=consulent)
        by = build.medewerker(regel.contract.aanbieder)
        operations.decline_plaatsingsverzoek(
            place, by, NOW, verzoek=verzoek, grond=Weigergrond.NIET_PASSEND
        )

        with pytest.raises(RuleViolation, match="al beantwoord"):
            send_overlegregel(place, consulent, NOW, onderwerp=verzoek, tekst="x")


class TestSql:
    """What a session of an aanbieder reaches, should a query of ours let it in."""

    @pytest.fixture
    def said(self, town: Town) -> UUID:
        """One line of the gemeente about a verzoek to the aanbieder of the town."""
        with town.database.transaction(town.staff()) as session:
            verzoek = build.plaatsingsverzoek(
                session,
                recht=session.get_one(Voorziening, town.voorziening_id),
                regel=session.get_one(Contractregel, town.contractregel_id),
            )
            return send_overlegregel(
                session, town.consulent, NOW, onderwerp=verzoek, tekst="Nee."
            ).id

    def seen(self, town: Town, scope: Scope) -> set[UUID]:
        with town.database.transaction(scope) as session:
            return set(session.scalars(text("SELECT id FROM overlegregel")))

    def test_shows_it_to_the_own_aanbieder_only(self, town: Town, said: UUID) -> None:
        with town.database.transaction(town.staff()) as session:
            other = build.aanbieder(session).id

        assert self.seen(town, town.theirs()) == {said}
        assert self.seen(town, Scope(("0396",), other)) == set()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE overlegregel SET tekst = NULL",
            "UPDATE overlegregel SET sent_at = now()",
            "UPDATE overlegregel SET afzender = 'aanbieder'",
        ],
    )
    def test_rewrites_nothing(self, town: Town, said: UUID, change: str) -> None:
        with (
            pytest.raises(DBAPIError, match=REFUSED),
            town.database.transaction(town.theirs()) as session,
        ):
            session.execute(text(change))

    def test_removes_nothing(self, town: Town, said: UUID) -> None:
        with town.database.transaction(town.theirs()) as session:
            assert session.execute(delete(Overlegregel)).rowcount == 0

    @pytest.mark.parametrize(
        "differs",
        [
            {"afzender": "'gemeente'"},
            {"dossier_id": "gen_random_uuid()"},
            {"aanbieder_id": "gen_random_uuid()"},
        ],
    )
    def test_speaks_for_nobody_else_and_about_nobody_else(
        self, town: Town, said: UUID, differs: dict[str, str]
    ) -> None:
        values = {
            "id": "gen_random_uuid()",
            "afzender": "'aanbieder'",
            "sent_at": "now()",
        } | differs
        same = (
            "gemeente_code",
            "dossier_id",
            "aanbieder_id",
            "plaatsingsverzoek_id",
            "sent_by_id",
        )
        columns = [*values, *(name for name in same if name not in values)]
        picked = [values.get(name, name) for name in columns]

        with (
            pytest.raises(DBAPIError, match=REFUSED),
            town.database.transaction(town.theirs()) as session,
        ):
            session.execute(
                text(
                    f"INSERT INTO overlegregel ({', '.join(columns)})"
                    f" SELECT {', '.join(picked)} FROM overlegregel"
                )
            )
