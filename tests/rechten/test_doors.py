"""The doors: who may, once, with every answer; and a worker that dies on the way."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from build import dossier as people
from build.gemeente import NOW, gemeente, login, user
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations_samenvoegen import merge_inwoners
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.toestemming import Toestemming
from loket.db import Scope
from loket.outbox.promise import Promise
from loket.rechten import jobs
from loket.rechten.afschrift import Afschrift
from loket.rechten.correctieverzoek import Correctieverzoek
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.schedule import keep_all
from loket.termijnen import vandaag
from rechten.conftest import CONSULENT

HERE = Scope.of("0396")
ROLES = (
    Role.FRONTOFFICE,
    Role.CONSULENT,
    Role.PRIVACY_OFFICER,
    Role.BELEIDSMEDEWERKER,
)


class Office:
    """A dossier that was really committed, and the browsers of who work there."""

    def __init__(self, app, database, config) -> None:
        self.database, self.config = database, config
        with database.transaction(HERE) as session:
            gemeente(session)
            dossier = people.dossier(session, CONSULENT)
            self.ref, self.id = dossier.referentie, dossier.id
            self.inwoner_id = get_client(session, dossier.id).id
            staff = {rol: user(session, rol) for rol in ROLES}
        self.browsers = {rol: login(app, who) for rol, who in staff.items()}

    def post(self, rol, url, **data):
        return self.browsers[rol].post(url, data=data)

    def ask(self, **differs):
        return self.post(
            Role.FRONTOFFICE,
            "/inzageverzoeken/nieuw",
            **{
                "aanvrager_gevraagd": "ja",
                "inwoner": self.inwoner_id,
                "aanvrager": "inwoner",
                "kanaal": "balie",
                "ontvangen_op": vandaag().isoformat(),
                "identificatie": "legitimatie",
                "_verzending": "eens",
            }
            | differs,
        )

    def asked(self) -> str:
        return self.ask().location.rsplit("/", 1)[1]

    def count(self, noun) -> int:
        with self.database.transaction(HERE) as session:
            return session.scalar(select(func.count()).select_from(noun))

    def copy(self) -> Afschrift:
        with self.database.transaction(HERE) as session:
            return session.scalars(select(Afschrift)).one()


@pytest.fixture
def office(app, database, config) -> Office:
    return Office(app, database, config)


class TestAsk:
    def test_happens_once_when_the_button_is_pressed_twice(self, office):
        first, second = office.ask(), office.ask()

        assert first.location == second.location
        assert office.count(Inzageverzoek) == 1

    def test_says_everything_that_is_missing_at_once(self, office):
        answer = office.post(
            Role.FRONTOFFICE,
            "/inzageverzoeken/nieuw",
            aanvrager_gevraagd="ja",
            aangeboden=f"{office.inwoner_id},geen-nummer",
        )

        assert answer.status_code == 422
        for words in (
            "Kies over wie het verzoek gaat.",
            "Kies wie dit vraagt.",
            "Kies hoe het verzoek binnenkwam.",
            "Duinzand",
        ):
            assert words in answer.text

    def test_about_a_record_that_went_into_another_is_about_that_one(self, office):
        with office.database.transaction(HERE) as session:
            gone = people.inwoner(session, CONSULENT, bsn=None)
            merge_inwoners(
                session,
                CONSULENT,
                NOW,
                weg=gone,
                blijft=get_client(session, office.id),
                reden=SamenvoegReden.DUBBEL_INGEVOERD,
            )
        assert office.ask(inwoner=gone.id).status_code == 303

        with office.database.transaction(HERE) as session:
            (asked,) = session.scalars(select(Inzageverzoek))
            assert asked.inwoner_id == office.inwoner_id

    def test_and_deciding_are_for_different_people(self, office):
        for rol in (Role.PRIVACY_OFFICER, Role.BELEIDSMEDEWERKER):
            assert office.post(rol, "/inzageverzoeken/nieuw").status_code == 403
        url = f"/inzageverzoeken/{office.asked()}"
        for door in ("geven", "weigeren", "verlengen", "weglaten/taak"):
            answer = office.post(Role.FRONTOFFICE, f"{url}/{door}")
            assert answer.status_code == 403


class TestVandaag:
    def test_shows_who_decides_what_waits(self, office):
        asked = office.asked()

        officer = office.browsers[Role.PRIVACY_OFFICER].get("/vandaag").text
        assert asked in officer
        assert "Duinzand" in officer
        assert asked not in office.browsers[Role.FRONTOFFICE].get("/vandaag").text


class TestHandled:
    def test_what_is_over_is_found_again_apart_from_what_waits(self, office):
        asked = office.asked()
        officer = office.browsers[Role.PRIVACY_OFFICER]
        office.post(
            Role.PRIVACY_OFFICER,
            f"/inzageverzoeken/{asked}/weigeren",
            grond="identiteit",
            motivering="Het staat niet vast wie dit vraagt.",
        )
        correction = office.post(
            Role.FRONTOFFICE,
            f"/dossiers/{office.ref}/correctie",
            tekst="gegevens",
            gevraagd="Nummer 14",
            ontvangen_op=vandaag().isoformat(),
        ).location.rsplit("/", 1)[1]
        office.post(
            Role.CONSULENT,
            f"/correctieverzoeken/{correction}/weigeren",
            grond="klopt_al",
            motivering="Het staat er al.",
        )

        waits = officer.get("/inzageverzoeken").text
        over = officer.get("/inzageverzoeken?stand=afgehandeld").text

        assert asked not in waits
        assert correction not in waits
        assert asked in over
        assert correction in over
        assert over.count("Geweigerd") == 2


class TestDecide:
    def test_to_refuse_asks_a_ground_and_words(self, office):
        url = f"/inzageverzoeken/{office.asked()}/weigeren"
        answer = office.post(Role.PRIVACY_OFFICER, url)

        assert answer.status_code == 422
        assert "Kies waarom u weigert." in answer.text
        assert "Leg aan de inwoner uit waarom u weigert." in answer.text

    def test_to_leave_out_a_row_that_is_not_there_is_refused(self, office):
        url = f"/inzageverzoeken/{office.asked()}/weglaten/betrokkene"
        answer = office.post(
            Role.PRIVACY_OFFICER,
            url,
            rijen=str(office.id),
            grond="ander_beschermen",
            uitleg="x",
        )

        assert answer.status_code == 422
        assert "Kies een van de genoemde regels." in answer.text

    def test_gives_a_copy_that_is_fetched_by_a_name_without_a_person(self, office):
        asked = office.asked()
        url = f"/inzageverzoeken/{asked}"
        given = office.post(Role.PRIVACY_OFFICER, f"{url}/geven")
        assert given.status_code == 303
        early = office.browsers[Role.FRONTOFFICE].get(f"{url}/afschrift.pdf")
        assert early.status_code == 404
        keep_all(office.database, office.config)

        answer = office.browsers[Role.FRONTOFFICE].get(f"{url}/afschrift.zip")
        named = answer.headers["Content-Disposition"]
        assert named == f'attachment; filename="afschrift-{asked}.zip"'
        assert answer.data.startswith(b"PK")
        refused = office.browsers[Role.CONSULENT].get(f"{url}/afschrift.zip")
        assert refused.status_code == 403
        letter = office.browsers[Role.FRONTOFFICE].get(f"{url}/brief.pdf")
        assert letter.data.startswith(b"%PDF")


class TestWorker:
    def test_that_dies_goes_on_where_it_was(self, office, monkeypatch):
        asked = office.asked()
        office.post(Role.PRIVACY_OFFICER, f"/inzageverzoeken/{asked}/geven")
        gathered = []

        def die(*_):
            raise MemoryError

        whole = jobs._gather
        monkeypatch.setattr(jobs, "_print", die)
        monkeypatch.setattr(
            jobs, "_gather", lambda *each: gathered.append(1) or whole(*each)
        )
        keep_all(office.database, office.config)
        assert (office.copy().stap, office.copy().status) == (1, "bezig")
        page = office.browsers[Role.FRONTOFFICE].get(f"/inzageverzoeken/{asked}")
        assert "Stap 2 van 3: pdf maken" in page.text
        monkeypatch.undo()
        self.again(office)
        keep_all(office.database, office.config)

        assert office.copy().status == "klaar"
        assert gathered == [1]

    def test_lets_go_of_what_was_destroyed_while_it_lay_half_made(
        self, office, monkeypatch
    ):
        def die(*_):
            raise MemoryError

        asked = office.asked()
        office.post(Role.PRIVACY_OFFICER, f"/inzageverzoeken/{asked}/geven")
        monkeypatch.setattr(jobs, "_print", die)
        keep_all(office.database, office.config)
        monkeypatch.undo()
        with office.database.transaction(HERE) as session:
            made = session.scalars(select(Afschrift)).one()
            made.begun_at -= timedelta(days=2)
            gone = session.get_one(Dossier, office.id)
            gone.vernietigd_op, gone.vernietigingsgrond = vandaag(), "test"

        jobs.drop_afschriften(office.database, office.config, datetime.now(UTC))
        with office.database.transaction(HERE) as session:
            made = session.scalars(select(Afschrift)).one()
            assert (made.stap, made.gegevens, made.leesbaar) == (0, None, None)
        self.again(office)
        keep_all(office.database, office.config)
        assert office.copy().status == "klaar"

    def again(self, office) -> None:
        """The time to try again has come."""
        with office.database.transaction(HERE) as session:
            for each in session.scalars(select(Promise)):
                each.due_at = NOW
                each.handed_until = None

    def test_that_dies_leaves_no_text_behind(self, office, monkeypatch):
        def die(*_):
            raise ValueError("Duinzand")

        monkeypatch.setattr(jobs, "_gather", die)
        office.post(Role.PRIVACY_OFFICER, f"/inzageverzoeken/{office.asked()}/geven")
        keep_all(office.database, office.config)

        with office.database.transaction(HERE) as session:
            errors = {each.last_error for each in session.scalars(select(Promise))}
        assert "ValueError" in errors
        assert "Duinzand" not in str(errors)


class TestCopyGoes:
    def test_after_its_last_day(self, office):
        office.post(Role.PRIVACY_OFFICER, f"/inzageverzoeken/{office.asked()}/geven")
        keep_all(office.database, office.config)
        made = office.copy()

        assert jobs.drop_afschriften(office.database, office.config, made.made_at) == 0
        later = made.made_at.replace(year=made.made_at.year + 1)
        assert jobs.drop_afschriften(office.database, office.config, later) == 1
        assert office.copy().status == "vervallen"
        assert jobs.drop_afschriften(office.database, office.config, later) == 0


class TestSmallForms:
    def test_consent_says_everything_that_is_missing_and_is_given_once(self, office):
        url = f"/dossiers/{office.ref}/toestemmingen/nieuw"
        empty = office.post(Role.FRONTOFFICE, url)
        assert empty.status_code == 422
        assert empty.text.count("Vul in") >= 4
        answers = {
            "herkomst": "jeugd",
            "gegevens": "Of er jeugdhulp is",
            "partij": "Jeugdteam",
            "doel": "Afstemmen",
            "gegeven_door": "inwoner",
            "wijze": "gesprek",
            "gegeven_op": vandaag().isoformat(),
            "_verzending": "een",
        }
        for _ in range(2):
            assert office.post(Role.FRONTOFFICE, url, **answers).status_code == 303
        assert office.count(Toestemming) == 1

    def test_correction_says_what_is_missing_and_is_asked_once(self, office):
        url = f"/dossiers/{office.ref}/correctie"
        empty = office.post(Role.FRONTOFFICE, url)
        assert "Kies wat er volgens de inwoner niet klopt." in empty.text
        odd = office.post(Role.FRONTOFFICE, url, tekst="roman:1", gevraagd="x")
        assert odd.status_code == 422
        for _ in range(2):
            office.post(
                Role.FRONTOFFICE,
                url,
                tekst="gegevens",
                gevraagd="Nummer 14",
                ontvangen_op=vandaag().isoformat(),
                _verzending="een",
            )
        assert office.count(Correctieverzoek) == 1

    def test_a_note_of_a_doctor_without_consent_comes_back_as_typed(self, office):
        url = f"/dossiers/{office.ref}/notities/nieuw"
        answer = office.post(
            Role.CONSULENT,
            url,
            soort="overleg",
            tekst="De huisarts belde.",
            herkomst="zorgaanbieder",
        )

        assert answer.status_code == 422
        assert "toestemming van de cliënt" in answer.text
        assert "De huisarts belde." in answer.text


def matches(value, schema, root) -> bool:
    """Check by the few words of JSON Schema that this one uses."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if "const" in schema:
        return value == schema["const"]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    python = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    if not any(type(value) is python[kind] for kind in kinds):
        return False
    if isinstance(value, list):
        return all(matches(each, schema["items"], root) for each in value)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(
            matches(each, known[name], root) for name, each in value.items()
        )
    return True


def test_the_copy_has_the_shape_that_is_written_down(resident):
    path = Path(jobs.__file__).parents[1] / "data" / "afschrift.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    told = resident.copy()

    assert matches(told, schema, schema)
    told["onderdelen"][0]["rijen"][0]["meer"] = 1
    assert not matches(told, schema, schema)
