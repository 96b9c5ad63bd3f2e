"""The pages of placing, and those of the aanbieder."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from build import gemeente
from build import providers as build
from build.gemeente import NOW
from build.town import Street
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.config import Config
from loket.db import Scope
from loket.providers import operations
from loket.providers.contract import Capaciteit, Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Deling, Toewijzing
from loket.schedule import keep_all
from loket.termijnen import vandaag

TODAY = vandaag()


def day() -> str:
    """Write today as people type it."""
    return f"{TODAY:%d-%m-%Y}"


def place_url(street: Street) -> str:
    """The page on which the aanbieder is chosen."""
    town = street.town
    return f"/dossiers/{town.dossier}/plaatsen/{town.voorziening_id}"


def choice(street: Street, **differs: Any) -> dict[str, Any]:
    """What the consulent fills in."""
    return {
        "contractregel_id": str(street.town.contractregel_id),
        "voorkeur_client": "ja",
        "motief": "De cliënt kent deze aanbieder.",
        "gewenste_start": day(),
        "volume": "120",
        "dagen": ["maandag", "donderdag"],
        "taal": "Nederlands",
        "omschrijving": "Hulp bij zwaar werk in huis.",
    } | differs


def one(street: Street, noun: type, of: Session | None = None) -> Any:
    """Read the one row there is."""
    with street.town.database.transaction(street.town.staff()) as session:
        return session.scalars(select(noun)).one()


def ask(street: Street) -> str:
    """Send a verzoek through the page; return its reference."""
    answer = street.consulent.post(place_url(street), data=choice(street))
    assert answer.status_code == 303, answer.text
    return str(one(street, Plaatsingsverzoek).referentie)


def assign(street: Street, config: Config) -> str:
    """Let the aanbieder accept and the worker assign; return the reference."""
    verzoek = ask(street)
    answer = street.aanbieder.post(
        f"/aanbieder/verzoeken/{verzoek}/aanvaarden", data={"startdatum": day()}
    )
    assert answer.status_code == 303, answer.text
    keep_all(street.town.database, config)
    return str(one(street, Toewijzing).referentie)


def actions(street: Street) -> list[str]:
    """What was recorded, oldest first."""
    with street.town.database.transaction(street.town.staff()) as session:
        return list(
            session.scalars(select(AuditRecord.action).order_by(AuditRecord.id))
        )


class TestPlace:
    def test_shows_for_each_aanbieder_why_it_fits_or_not(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            far = build.aanbieder(session, naam="Hulp van Ver")
            build.contractregel(session, aanbieder=far, regel={"pc4_gebied": ["9999"]})

        page = street.consulent.get(place_url(street))

        assert page.status_code == 200
        assert "Hulp van Ver" in page.text
        assert "werkt niet in deze postcode" in page.text
        assert "Het contract loopt door" in page.text

    def test_another_start_is_judged_anew(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            regel = session.get_one(Contractregel, street.town.contractregel_id)
            regel.tot = TODAY.replace(year=TODAY.year + 1)

        later = f"1-1-{TODAY.year + 3}"
        page = street.consulent.get(f"{place_url(street)}?start={later}")

        assert "staat die dag niet in het contract" in page.text
        assert "Er past nu niemand" in page.text

    def test_asks_the_chosen_aanbieder(self, street: Street) -> None:
        ask(street)

        verzoek = one(street, Plaatsingsverzoek)
        assert (verzoek.dagen, verzoek.status) == (["maandag", "donderdag"], "open")
        page = street.consulent.get(place_url(street))
        assert "staat al een verzoek open" in page.text

    def test_sent_twice_is_asked_once(self, street: Street) -> None:
        data = choice(street, _verzending="zelfde")

        first = street.consulent.post(place_url(street), data=data)
        second = street.consulent.post(place_url(street), data=data)

        assert (first.status_code, second.status_code) == (303, 303)
        assert one(street, Plaatsingsverzoek)

    def test_a_name_in_the_text_comes_back_at_its_field(self, street: Street) -> None:
        typed = "Mevrouw Duinzand heeft hulp nodig."

        answer = street.consulent.post(
            place_url(street), data=choice(street, omschrijving=typed)
        )

        assert answer.status_code == 422
        assert "Haal dit uit de omschrijving: de naam" in answer.text
        assert typed in answer.text

    def test_the_words_are_needed_for_a_question(self, street: Street) -> None:
        answer = street.consulent.post(
            place_url(street), data=choice(street, omschrijving="")
        )

        assert answer.status_code == 422
        assert 'href="#v-omschrijving"' in answer.text

    def test_without_questions_in_the_contract_it_is_assigned_at_once(
        self, street: Street
    ) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            direct = build.contractregel(session, plaatsingsverzoek=False)

        answer = street.consulent.post(
            place_url(street),
            data=choice(street, contractregel_id=str(direct.id), omschrijving=""),
        )

        assert answer.status_code == 303, answer.text
        assert one(street, Toewijzing).status == "wacht"

    def test_the_dossier_shows_it_and_can_take_it_back(self, street: Street) -> None:
        verzoek = ask(street)
        url = f"/dossiers/{street.town.dossier}"

        before = street.consulent.get(url)
        answer = street.consulent.post(f"{url}/verzoeken/{verzoek}/intrekken")
        after = street.consulent.get(url)

        assert "Verzoek aan Zorg aan Zee" in before.text
        assert "Wacht op antwoord" in before.text
        assert answer.status_code == 303
        assert "Ingetrokken" in after.text
        assert "Kies een aanbieder" in after.text

    def test_of_another_dossier_is_not_found(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            other = build.voorziening(session)

        page = street.consulent.get(
            f"/dossiers/{street.town.dossier}/plaatsen/{other.id}"
        )

        assert page.status_code == 404

    def test_of_another_gemeente_is_not_found(self, street: Street) -> None:
        database = street.town.database
        with database.transaction(Scope.of("0392")) as session:
            gemeente.gemeente(session, "0392", "Elders")
            person = gemeente.user(session, Role.CONSULENT, gemeente="0392")
        browser = gemeente.login(street.app, person, "0392")

        assert browser.get(place_url(street)).status_code == 404

    def test_only_a_consulent_places(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            person = gemeente.user(session, Role.FRONTOFFICE)
        browser = gemeente.login(street.app, person)

        assert browser.get(place_url(street)).status_code == 403
        assert street.aanbieder.get(place_url(street)).status_code == 403


class TestEnd:
    def test_the_consulent_ends_a_toewijzing_and_may_place_anew(
        self, street: Street, config: Config
    ) -> None:
        toewijzing = assign(street, config)
        dossier = f"/dossiers/{street.town.dossier}"
        url = f"{dossier}/toewijzingen/{toewijzing}/beeindigen"

        before = street.consulent.get(dossier)
        asked = street.consulent.get(url)
        answer = street.consulent.post(url, data={"geeindigd_op": day()})
        twice = street.consulent.post(url, data={"geeindigd_op": day()})

        assert url in before.text
        assert "U kunt dit niet terugdraaien" in asked.text
        assert (answer.status_code, twice.status_code) == (303, 422)
        assert one(street, Toewijzing).status == "geeindigd"
        assert street.aanbieder.get(url).status_code == 403


class TestInbox:
    def test_is_where_the_day_of_an_aanbieder_starts(self, street: Street) -> None:
        start = street.aanbieder.get("/")

        assert start.location == "/vandaag"
        assert "Geen open verzoeken" in street.aanbieder.get("/aanbieder/").text
        day = street.aanbieder.get("/vandaag").text
        assert "Er wacht geen verzoek van een gemeente" in day

    def test_begins_with_what_waits_and_names_nobody(self, street: Street) -> None:
        verzoek = ask(street)

        day = street.aanbieder.get("/vandaag").text

        assert f"/aanbieder/verzoeken/{verzoek}" in day
        assert "Duinzand" not in day
        waiting = street.consulent.get("/vandaag").text
        assert "Wacht op een aanbieder" in waiting
        assert street.town.dossier not in day

    def test_shows_what_is_to_start(self, street: Street, config: Config) -> None:
        toewijzing = assign(street, config)

        day = street.aanbieder.get("/vandaag").text

        assert f"/aanbieder/toewijzingen/{toewijzing}" in day
        assert "Meld de start" in day

    def test_shows_what_waits(self, street: Street) -> None:
        verzoek = ask(street)

        page = street.aanbieder.get("/aanbieder/")

        assert f"/aanbieder/verzoeken/{verzoek}" in page.text
        assert "sinds vandaag" in page.text

    def test_is_not_for_the_gemeente(self, street: Street) -> None:
        assert street.consulent.get("/aanbieder/").status_code == 403


class TestVerzoek:
    def test_tells_enough_to_judge_and_not_who_it_is(self, street: Street) -> None:
        page = street.aanbieder.get(f"/aanbieder/verzoeken/{ask(street)}")

        assert "Hulp bij zwaar werk in huis." in page.text
        assert "120 minuten per week" in page.text
        for secret in ("Duinzand", "Dorpsstraat", "1234AB", "kent deze aanbieder"):
            assert secret not in page.text
        assert "plaatsingsverzoek.read" in actions(street)

    def test_a_guessed_reference_is_not_found(self, street: Street) -> None:
        ask(street)

        page = street.aanbieder.get("/aanbieder/verzoeken/AAAA-AAAA")

        assert page.status_code == 404

    def test_of_another_aanbieder_is_not_found(self, street: Street) -> None:
        verzoek = ask(street)
        with street.town.database.transaction(street.town.staff()) as session:
            other = build.aanbieder(session)
            person = gemeente.user(session, Role.AANBIEDER, aanbieder_id=other.id)
        stranger = gemeente.login(street.app, person, str(other.id))

        for method, path, data in (
            (stranger.get, "", {}),
            (stranger.post, "/aanvaarden", {"startdatum": day()}),
            (stranger.post, "/weigeren", {"grond": "niet_passend"}),
        ):
            answer = method(f"/aanbieder/verzoeken/{verzoek}{path}", data=data)
            assert answer.status_code == 404

    def test_declining_names_a_ground(self, street: Street) -> None:
        url = f"/aanbieder/verzoeken/{ask(street)}"

        empty = street.aanbieder.post(f"{url}/weigeren", data={})
        answer = street.aanbieder.post(
            f"{url}/weigeren", data={"grond": "niet_passend"}
        )

        assert empty.status_code == 422
        assert answer.status_code == 303
        assert one(street, Plaatsingsverzoek).status == "geweigerd"

    def test_answering_twice_says_so(self, street: Street) -> None:
        url = f"/aanbieder/verzoeken/{ask(street)}"
        street.aanbieder.post(f"{url}/weigeren", data={"grond": "niet_passend"})

        second = street.aanbieder.post(f"{url}/aanvaarden", data={"startdatum": day()})

        assert second.status_code == 422
        assert "al beantwoord" in second.text

    def test_a_start_before_it_was_asked_comes_back(self, street: Street) -> None:
        url = f"/aanbieder/verzoeken/{ask(street)}/aanvaarden"

        answer = street.aanbieder.post(url, data={"startdatum": "1-1-2026"})

        assert answer.status_code == 422
        assert "kan niet starten vóór" in answer.text

    def test_staff_of_the_gemeente_do_not_answer(self, street: Street) -> None:
        verzoek = ask(street)

        answer = street.consulent.post(
            f"/aanbieder/verzoeken/{verzoek}/aanvaarden", data={"startdatum": day()}
        )

        assert answer.status_code == 403


class TestToewijzing:
    def test_begins_with_the_start_until_it_is_reported(
        self, street: Street, config: Config
    ) -> None:
        url = f"/aanbieder/toewijzingen/{assign(street, config)}"

        waits = street.aanbieder.get(url).text
        street.aanbieder.post(f"{url}/start", data={"startdatum": day()})
        runs = street.aanbieder.get(url).text

        assert waits.index("Start melden") < waits.index("Overleg met de gemeente")
        assert runs.index("Overleg met de gemeente") < runs.index("Einde melden")

    def test_shows_the_shared_data_and_records_the_look(
        self, street: Street, config: Config
    ) -> None:
        toewijzing = assign(street, config)

        page = street.aanbieder.get(f"/aanbieder/toewijzingen/{toewijzing}")

        assert "A. Duinzand" in page.text
        assert "Dorpsstraat 12" in page.text
        assert "99990" not in page.text  # no BSN
        assert "toewijzing.read" in actions(street)
        assert toewijzing in street.aanbieder.get("/aanbieder/").text

    def test_start_and_stop_are_reported(self, street: Street, config: Config) -> None:
        url = f"/aanbieder/toewijzingen/{assign(street, config)}"

        started = street.aanbieder.post(f"{url}/start", data={"startdatum": day()})
        twice = street.aanbieder.post(f"{url}/start", data={"startdatum": day()})
        stopped = street.aanbieder.post(
            f"{url}/stop", data={"stopdatum": day(), "reden": "19"}
        )

        assert (started.status_code, stopped.status_code) == (303, 303)
        assert (twice.status_code, "al gemeld" in twice.text) == (422, True)
        page = street.aanbieder.get(url)
        assert "volgens plan afgerond" in page.text

    def test_a_stop_before_the_start_comes_back(
        self, street: Street, config: Config
    ) -> None:
        url = f"/aanbieder/toewijzingen/{assign(street, config)}"

        answer = street.aanbieder.post(
            f"{url}/stop", data={"stopdatum": day(), "reden": "19"}
        )

        assert answer.status_code == 422
        assert "Meld eerst de start" in answer.text

    def test_of_another_aanbieder_is_not_found(
        self, street: Street, config: Config
    ) -> None:
        toewijzing = assign(street, config)
        with street.town.database.transaction(street.town.staff()) as session:
            other = build.aanbieder(session)
            person = gemeente.user(session, Role.AANBIEDER, aanbieder_id=other.id)
        stranger = gemeente.login(street.app, person, str(other.id))

        page = stranger.get(f"/aanbieder/toewijzingen/{toewijzing}")

        assert page.status_code == 404

    def test_shows_no_person_when_the_sharing_is_over(
        self, street: Street, config: Config
    ) -> None:
        toewijzing = assign(street, config)
        with street.town.database.transaction(street.town.staff()) as session:
            made = session.scalars(select(Toewijzing)).one()
            long_ago = TODAY.replace(year=TODAY.year - 1)
            made.van = long_ago
            session.flush()
            operations.end_toewijzing(
                session,
                build.system(),
                NOW,
                toewijzing=made,
                geeindigd_op=long_ago,
            )
            _shorten_sharing(session, made)

        page = street.aanbieder.get(f"/aanbieder/toewijzingen/{toewijzing}")

        assert page.status_code == 200
        assert "niet meer inzien" in page.text
        assert "Duinzand" not in page.text


def _shorten_sharing(session: Session, made: Toewijzing) -> None:
    deling = session.scalars(
        select(Deling).where(Deling.toewijzing_id == made.id)
    ).one()
    deling.van = deling.tot = made.van


class TestCapaciteit:
    def test_is_reported_and_changes_the_list_of_the_gemeente(
        self, street: Street
    ) -> None:
        url = f"/aanbieder/capaciteit/{street.town.contractregel_id}"

        page = street.aanbieder.get("/aanbieder/capaciteit")
        asked = street.aanbieder.get(url)
        answer = street.aanbieder.post(
            url, data={"wachttijd_dagen": "30", "talen": "Engels, Turks"}
        )

        assert "Nog niet gemeld" in page.text
        assert (asked.status_code, answer.status_code) == (200, 303)
        assert one(street, Capaciteit).talen == ["engels", "turks"]
        assert "Door de wachttijd" in street.consulent.get(place_url(street)).text

    def test_a_stop_of_the_gemeente_stays(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            regel = session.get_one(Contractregel, street.town.contractregel_id)
            build.capaciteit(session, regel, stop_van=TODAY)
        url = f"/aanbieder/capaciteit/{street.town.contractregel_id}"

        street.aanbieder.post(url, data={"wachttijd_dagen": "0"})

        assert one(street, Capaciteit).stop_van == TODAY
        assert "Vanaf" in street.aanbieder.get("/aanbieder/capaciteit").text

    def test_of_another_aanbieder_is_not_found(self, street: Street) -> None:
        with street.town.database.transaction(street.town.staff()) as session:
            other = build.contractregel(session)

        answer = street.aanbieder.post(
            f"/aanbieder/capaciteit/{other.id}", data={"wachttijd_dagen": "0"}
        )

        assert answer.status_code == 404
