"""Dividing work, giving it back, the caseload, and taking the list away."""

import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from build.gemeente import actor_of, user
from build.melding import melding
from loket import termijnen
from loket.accounts.operations import set_instelling
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.dossier import Afsluitreden, Dossier, Werkvoorraad
from loket.cases.dossier.toedeling import Toedeling
from loket.cases.werkvoorraad import views
from loket.cases.werkvoorraad.werkblad import harmless, make_werkblad

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)
WHERE = "/werkvoorraad/verdelen"


@pytest.fixture
def lead(staff):
    return actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)


@pytest.fixture
def cases(here, staff):
    """Three cases that nobody has yet."""
    with here() as session:
        made = [melding(session, at=NOW, ontvangen_op=TODAY) for _ in range(3)]
        return [session.get_one(Dossier, each.dossier_id) for each in made]


def typed(cases, naar, seen="niemand", **differs):
    return {
        "dossiers": [f"{case.referentie}_{seen}" for case in cases],
        "naar": str(naar),
        "reden": "werkdruk",
        "toelichting": "Even verdelen",
    } | differs


def handlers(here):
    with here() as session:
        rows = session.execute(
            select(Werkvoorraad.referentie, Werkvoorraad.consulent_id)
        )
        return dict(rows.all())


def trail(here, action):
    with here() as session:
        return session.scalars(
            select(AuditRecord).where(AuditRecord.action == action)
        ).all()


class TestDivide:
    def test_says_what_follows_before_it_is_done(self, seat, staff, cases):
        page = seat(Role.TEAMLEIDER).get(f"{WHERE}?dossiers={cases[0].referentie}")

        assert "1 gekozen zaak" in page.text
        assert f"{staff[Role.CONSULENT].naam}: nu 0, wordt 1" in page.text

    def test_gives_several_at_once_with_a_line_in_the_trail_each(
        self, seat, staff, here, cases
    ):
        consulent = staff[Role.CONSULENT].id

        answer = seat(Role.TEAMLEIDER).post(
            WHERE, data=typed(cases[:2], consulent) | {"terug": "fase=nieuw&boze=x"}
        )

        assert answer.status_code == 303
        assert answer.location == "/werkvoorraad?fase=nieuw"
        got = [name for name, who in handlers(here).items() if who == consulent]
        assert set(got) == {case.referentie for case in cases[:2]}
        lines = trail(here, "dossier.assigned")
        assert {line.dossier_id for line in lines} == {case.id for case in cases[:2]}
        assert {line.grond for line in lines} == {"werkdruk"}

    def test_keeps_why_with_the_dossier_sealed(self, seat, staff, here, cases):
        seat(Role.TEAMLEIDER).post(
            WHERE, data=typed(cases[:1], staff[Role.CONSULENT].id)
        )

        with here() as session:
            kept = session.scalars(select(Toedeling)).one()
            assert str(kept.toelichting) == "Even verdelen"
            assert kept.van_id is None

    def test_gives_back_what_somebody_has(self, seat, staff, here, cases, lead):
        who = staff[Role.CONSULENT].id
        with here() as session:
            case = session.get_one(Dossier, cases[0].id)
            operations.assign_dossier(
                session, lead, NOW, dossier=case, consulent_id=who
            )

        answer = seat(Role.TEAMLEIDER).post(
            WHERE, data=typed(cases[:1], "niemand", seen=who)
        )

        assert answer.status_code == 303
        assert handlers(here)[cases[0].referentie] is None
        assert len(trail(here, "dossier.released")) == 1

    def test_leaves_out_and_names_what_changed_meanwhile(
        self, seat, staff, here, cases, lead
    ):
        with here() as session:
            other = user(session, Role.CONSULENT)
            closed, taken = [session.get_one(Dossier, c.id) for c in cases[:2]]
            operations.close_dossier(
                session, lead, NOW, dossier=closed, reden=Afsluitreden.NETWERK
            )
            operations.assign_dossier(
                session, lead, NOW, dossier=taken, consulent_id=other.id
            )
        consulent = staff[Role.CONSULENT].id
        browser = seat(Role.TEAMLEIDER)

        browser.post(WHERE, data=typed(cases, consulent))

        said = browser.get("/werkvoorraad?wiens=alle").text
        assert f"{closed.referentie} is intussen gesloten" in said
        assert f"{taken.referentie} heeft intussen een andere consulent" in said
        assert handlers(here)[taken.referentie] == other.id
        assert handlers(here)[cases[2].referentie] == consulent

    def test_leaves_out_a_shielded_dossier_of_others(self, seat, here, cases, staff):
        with here() as session:
            case = session.get_one(Dossier, cases[0].id)
            other = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
            operations.shield_dossier(session, other, NOW, dossier=case, user_ids=[])
        browser = seat(Role.TEAMLEIDER)

        page = browser.get(f"{WHERE}?dossiers={case.referentie}")
        browser.post(WHERE, data=typed(cases[:1], staff[Role.CONSULENT].id))

        assert case.referentie not in page.text
        assert handlers(here)[case.referentie] is None

    def test_done_twice_counts_once(self, seat, staff, here, cases):
        browser = seat(Role.TEAMLEIDER)
        form = typed(cases[:1], staff[Role.CONSULENT].id, _verzending="same")

        answers = [browser.post(WHERE, data=form) for _ in range(2)]

        assert [each.status_code for each in answers] == [303, 303]
        assert len(trail(here, "dossier.assigned")) == 1

    @pytest.mark.parametrize(
        ("differs", "message"),
        [
            ({"dossiers": []}, "Kies een of meer dossiers."),
            ({"reden": ""}, "Geef de reden."),
            ({"reden": "anders"}, "Kies een van de antwoorden."),
            ({"naar": ""}, "Kies aan wie u de zaken geeft."),
            ({"naar": "x"}, "Kies een consulent"),
        ],
    )
    def test_asks_what_is_missing(self, seat, staff, here, cases, differs, message):
        form = typed(cases, staff[Role.CONSULENT].id) | differs

        page = seat(Role.TEAMLEIDER).post(WHERE, data=form)

        assert page.status_code == 422
        assert message in page.text
        assert "Even verdelen" in page.text or not differs.get("dossiers", True)
        assert set(handlers(here).values()) == {None}

    def test_only_to_somebody_who_is_consulent_here(self, seat, staff, cases):
        nobody = staff[Role.BELEIDSMEDEWERKER].id

        page = seat(Role.TEAMLEIDER).post(WHERE, data=typed(cases, nobody))

        assert page.status_code == 422
        assert "Kies een consulent van deze gemeente." in page.text

    def test_warns_over_the_norm_but_does_it(self, seat, staff, here, cases, lead):
        with here() as session:
            set_instelling(
                session, lead, NOW, sleutel="caseload_norm", waarde=1, van=TODAY
            )
        browser = seat(Role.TEAMLEIDER)

        browser.post(WHERE, data=typed(cases, staff[Role.CONSULENT].id))

        assert "heeft nu 3 van 1 zaken: meer dan de norm" in browser.get("/taken").text
        assert set(handlers(here).values()) == {staff[Role.CONSULENT].id}

    @pytest.mark.parametrize("rol", [Role.CONSULENT, Role.ADMINISTRATIE])
    def test_is_for_who_divides_work_only(self, seat, staff, here, cases, rol):
        browser = seat(rol)

        form = typed(cases, staff[Role.CONSULENT].id)
        assert browser.post(WHERE, data=form).status_code == 403
        assert browser.get(WHERE).status_code == 403
        assert browser.get("/werkvoorraad/caseload").status_code == 403
        assert set(handlers(here).values()) == {None}


class TestCaseload:
    def test_weighs_what_somebody_has(self, seat, staff, here, cases, lead):
        with here() as session:
            for sleutel, waarde in (
                ("caseload_norm", 40),
                ("caseload_gewichten", {"nieuw": 50}),
            ):
                set_instelling(
                    session, lead, NOW, sleutel=sleutel, waarde=waarde, van=TODAY
                )
            for case in cases:
                operations.assign_dossier(
                    session,
                    lead,
                    NOW,
                    dossier=session.get_one(Dossier, case.id),
                    consulent_id=staff[Role.CONSULENT].id,
                )

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad/caseload")

        assert f"consulent={staff[Role.CONSULENT].id}" in page.text
        assert "nog 38,5" in page.text

    def test_leaves_out_a_shielded_dossier_of_others(self, seat, here, cases):
        with here() as session:
            other = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
            case = session.get_one(Dossier, cases[0].id)
            operations.shield_dossier(session, other, NOW, dossier=case, user_ids=[])

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad/caseload")

        assert re.search(r"Nog te verdelen</a></dt><dd[^>]*>2<", page.text)


def cells(answer):
    """Every text of a sheet: in this way of writing they stand in the sheet itself."""
    with ZipFile(BytesIO(answer)) as book:
        parts = [book.read(name).decode() for name in book.namelist()]
    return re.findall(r"<t[^>]*>([^<]*)</t>", "".join(parts))


class TestExport:
    def test_gives_the_filtered_lines_and_records_whose(self, seat, here, cases):
        answer = seat(Role.TEAMLEIDER).post("/werkvoorraad/export?fase=nieuw")

        texts = cells(answer.data)
        assert {case.referentie for case in cases} <= set(texts)
        assert "A. Duinzand" in texts
        (line,) = trail(here, "werkvoorraad.exported")
        with here() as session:
            shown = session.scalars(
                select(AuditSubject.subject_id).where(AuditSubject.record_id == line.id)
            ).all()
            assert set(shown) == set(session.scalars(select(Werkvoorraad.client_id)))

    def test_holds_no_names_without_that_column(self, seat, cases):
        answer = seat(Role.TEAMLEIDER).post("/werkvoorraad/export?kolommen=fase")

        assert cases[0].referentie in cells(answer.data)
        assert "A. Duinzand" not in cells(answer.data)

    def test_leaves_out_what_is_shielded(self, seat, here, cases):
        with here() as session:
            other = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
            case = session.get_one(Dossier, cases[0].id)
            operations.shield_dossier(session, other, NOW, dossier=case, user_ids=[])

        answer = seat(Role.TEAMLEIDER).post("/werkvoorraad/export")

        assert case.referentie not in cells(answer.data)
        assert cases[1].referentie in cells(answer.data)

    def test_says_that_some_did_not_fit(self, seat, cases, monkeypatch):
        for module in (views, "loket.cases.werkvoorraad.queries"):
            monkeypatch.setattr(
                f"{getattr(module, '__name__', module)}.MOST_EXPORTED", 2
            )

        answer = seat(Role.TEAMLEIDER).post("/werkvoorraad/export")

        texts = cells(answer.data)
        assert sum(case.referentie in texts for case in cases) == 2
        assert "Er zijn meer zaken. In een bestand passen er 2." in texts

    def test_is_not_for_who_has_no_worklist(self, seat):
        answer = seat(Role.BELEIDSMEDEWERKER).post("/werkvoorraad/export")

        assert answer.status_code == 403

    @pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1"])
    def test_no_text_becomes_a_formula(self, text):
        assert harmless(text) == f"'{text}"
        with ZipFile(BytesIO(make_werkblad(["Naam"], [[text]]))) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")

    def test_leaves_nothing_on_disk(self, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

        def rows():
            yield ["A. Duinzand"]
            raise RuntimeError("no more rows")

        make_werkblad(["Naam"], [["A. Duinzand"]])
        with pytest.raises(RuntimeError, match="no more rows"):
            make_werkblad(["Naam"], rows())

        assert list(tmp_path.iterdir()) == []
