"""Every long form of a case keeps itself: no word is lost, and nobody else reads it."""

import html
import re
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from build import besluit as decisions
from build import onderzoek as talks
from build.besluit import NieuwItem
from build.full import full_dossier
from build.gemeente import CODE, NOW, actor_of, gemeente, login, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.dossier.notitie import Notitie
from loket.cases.dossier.operations_notitie import withdraw_notitie
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort
from loket.cases.onderzoek.operations_behoefte import open_leefgebied
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.db import Scope
from loket.drafts.draft import Draft
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing

HERE = Scope.of(CODE)
PGB = Leveringsvorm.PGB
ROLES = (Role.CONSULENT, Role.ADMINISTRATIE)
FRAGMENT = {"HX-Request": "true"}
KEEP = {"_concept": "bewaar"}


@dataclass(frozen=True)
class Long:
    """One form: its address, the field that is typed in, and what its deed asks."""

    url: str
    field: str
    rest: dict[str, object]

    @property
    def text(self) -> str:
        """What somebody typed here and nowhere else."""
        return f"Getypt in {self.url}, veld {self.field}."

    def typed(self) -> dict[str, object]:
        return self.rest | {self.field: self.text}


@pytest.fixture
def case(app, database):
    return Case(app, database)


class Case:
    """A dossier with one of everything, and a consulent who writes in it."""

    def __init__(self, app, database):
        self.app, self.database = app, database
        with database.transaction(HERE) as session:
            gemeente(session)
            person = user(session, *ROLES, naam="Anna")
            self.by = actor_of(person, *ROLES)
            dossier = full_dossier(session, self.by)
            self.browser = login(app, person)
            onderzoek = queries.get_onderzoek(session, dossier.id)
            open_leefgebied(
                session,
                self.by,
                NOW,
                onderzoek=onderzoek,
                soort=LeefgebiedSoort.FINANCIEN,
                behoefte_id=talks.behoefte(session, onderzoek).id,
                reden="De hulp kost geld.",
            )
            pgb = _asked_pgb(session, self.by, dossier)
            self.ref = dossier.referentie
            self.forms = [*_forms(session, self.ref), pgb]

    def colleague(self, code=CODE):
        with self.database.transaction(Scope.of(code)) as session:
            if code != CODE:
                gemeente(session, code, "Elders")
            return login(
                self.app, user(session, *ROLES, gemeente=code, naam="Bas"), code
            )

    def drafts(self):
        with self.database.transaction(HERE) as session:
            return session.scalars(select(Draft)).all()

    def type_everywhere(self):
        for form in self.forms:
            answer = keep(self.browser, form)
            assert "Concept bewaard om" in answer.text, form.url


def _asked_pgb(session, by, dossier) -> Long:
    """Ask a pgb in a concept of its own: its three tests are still to be done."""
    aanvraag = decisions.aanvraag(
        session, items=[NieuwItem(decisions.HUISHOUDEN, PGB)], of=dossier, by=by
    )
    concept = decisions.concept(session, about=aanvraag, by=by)
    (item,) = decisions.items_of(session, aanvraag)
    regel = decisions.regel(session, concept, aanvraag_item=item, leveringsvorm=PGB)
    rest = {"vaardig": "nee", "weigeringsgrond_code": "pgb_vaardig"}
    for test in ("gemotiveerd", "kwaliteit"):
        rest |= {test: "ja", f"{test}_toelichting": "Dat blijkt uit het gesprek."}
    url = f"/beschikkingen/{concept.referentie}/regels/{regel.id}/pgb"
    return Long(url, "vaardig_toelichting", rest)


def _forms(session, ref) -> list[Long]:
    def one(noun, *where):
        found = session.scalars(select(noun).where(*where)).all()
        return found[0].referentie

    note = session.scalars(select(Notitie)).one().id
    known = one(Beschikking, Beschikking.made_known_at.is_not(None))
    concept = one(Beschikking, Beschikking.decided_at.is_(None))
    here, talk = f"/dossiers/{ref}", f"/dossiers/{ref}/onderzoek"
    asked, given = one(Plaatsingsverzoek), one(Toewijzing)
    refusal = {"weigeringsgrond_code": "algemeen", "product_code": "11A01"}
    need = session.scalars(select(Behoefte.id)).first()
    agreed = {"meetwijze": "Gesprek", "nulmeting": "2", "doel": "4"}
    agreed["meetdatum"] = "23-11-2027"
    met = {"vorm": "thuis", "gevoerd_op": "23-11-2026", "aanwezigen": "Mevrouw"}
    return [
        Long(f"{talk}/onderwerp/b", "woorden_client", {"beoordeling": ""}),
        Long(f"{talk}/leefgebied/financien", "beoordeling", {"woorden_client": ""}),
        Long(f"{talk}/gesprek", "woorden_client", met),
        Long(f"{talk}/behoefte/{need}/oplossing", "toelichting", {"soort": "netwerk"}),
        Long(f"{talk}/behoefte/{need}/afspraak", "resultaat", agreed),
        Long(f"{talk}/verslag/1/reactie", "opmerkingen", {"reactie": "akkoord"}),
        Long(f"{talk}/verslag", "conclusie", {"samenvatting": "U valt vaak."}),
        Long(f"{here}/notities/nieuw", "tekst", {"soort": "werknotitie"}),
        Long(f"{here}/notities/{note}/wijzigen", "tekst", {}),
        Long(f"{here}/beschikkingen/nieuw", "motivering", {}),
        Long(f"/beschikkingen/{concept}/weigeren", "motivering", refusal),
        Long(
            f"/beschikkingen/{known}/bezwaar", "gronden", {"ontvangen_op": "23-11-2026"}
        ),
        Long(f"{here}/verzoeken/{asked}/overleg", "tekst", {}),
        Long(f"{here}/toewijzingen/{given}/overleg", "tekst", {}),
    ]


def own_fields(page) -> dict[str, str]:
    """What the page sends along with what is typed."""
    found = re.findall(r'name="(_[a-z_]+)" value="([^"]*)"', page.text)
    mine = ("_verzending", "_concept_versie", "_concept_van", "_versie")
    return {name: html.unescape(value) for name, value in found if name in mine}


def keep(browser, form):
    sent = own_fields(browser.get(form.url)) | KEEP | form.typed()
    return browser.post(form.url, data=sent, headers=FRAGMENT)


def test_what_was_typed_comes_back_when_the_page_is_opened_again(case):
    case.type_everywhere()

    pages = [(form, case.browser.get(form.url).text) for form in case.forms]

    assert [form.url for form, page in pages if form.text not in page] == []
    assert all("teruggezet" in page for _, page in pages)
    assert len(case.drafts()) == len(case.forms)


def test_only_its_author_sees_it(case):
    case.type_everywhere()

    bas, elsewhere = case.colleague(), case.colleague("0999")

    for form in case.forms:
        page = bas.get(form.url)
        assert page.status_code == 200
        assert form.text not in page.text
        assert "teruggezet" not in page.text
        assert elsewhere.get(form.url).status_code == 404
        assert elsewhere.post(form.url, data=KEEP).status_code == 404
    assert "Uw concepten" in case.browser.get("/inwoners/zoek").text
    assert "Uw concepten" not in bas.get("/inwoners/zoek").text
    assert "Uw concepten" not in elsewhere.get("/inwoners/zoek").text


def test_the_deed_takes_it_away(case):
    case.type_everywhere()

    for form in case.forms:
        sent = own_fields(case.browser.get(form.url)) | form.typed()
        answer = case.browser.post(form.url, data=sent)
        assert answer.status_code == 303, (form.url, answer.text)
        assert form.url not in [each.url for each in case.drafts()]

    assert case.drafts() == []


def test_keeping_it_is_no_look_and_names_nobody(case):
    looks = {Action.DRAFT_STARTED.value}
    for form in case.forms:
        sent = own_fields(case.browser.get(form.url)) | KEEP | form.typed()
        with case.database.transaction(HERE) as session:
            before = session.scalar(select(func.max(AuditRecord.recorded_at)))
        case.browser.post(form.url, data=sent, headers=FRAGMENT)
        with case.database.transaction(HERE) as session:
            after = session.scalars(
                select(AuditRecord.action).where(AuditRecord.recorded_at > before)
            ).all()
        assert set(after) == looks, form.url

    labels = {each.label for each in case.drafts()}
    assert all(label.endswith(f" in dossier {case.ref}") for label in labels)


def test_never_hides_what_a_colleague_saved_meanwhile(case):
    subject = case.forms[0]
    keep(case.browser, subject)
    bas = case.colleague()
    theirs = own_fields(bas.get(subject.url)) | {"woorden_client": "Ik val elke dag."}
    assert bas.post(subject.url, data=theirs).status_code == 303

    page = case.browser.get(subject.url)
    sent = own_fields(page) | {"woorden_client": subject.text}

    assert "Er zijn twee versies" in page.text
    assert "Ik val elke dag." in page.text
    assert subject.text in page.text
    assert case.browser.post(subject.url, data=sent).status_code == 303


def test_never_hides_the_tests_of_a_pgb_that_a_colleague_did(case):
    form = next(each for each in case.forms if each.url.endswith("/pgb"))
    keep(case.browser, form)
    bas = case.colleague()
    done = form.rest | {form.field: "Mevrouw heeft geen hulp bij de administratie."}
    assert bas.post(form.url, data=own_fields(bas.get(form.url)) | done).location

    page = case.browser.get(form.url)
    both = case.browser.post(form.url, data=own_fields(page) | KEEP | form.typed())

    assert "Er zijn twee versies" in page.text
    assert "Mevrouw heeft geen hulp bij de administratie." in page.text
    assert form.text in page.text
    assert both.status_code == 303
    again = case.browser.get(form.url).text
    assert form.text in again
    stale = {"_versie": "", "_verzending": "ander"} | form.typed()
    refused = bas.post(form.url, data=stale)
    assert refused.status_code == 409
    assert "Mevrouw heeft geen hulp" in refused.text


def test_of_a_note_that_was_withdrawn_can_still_be_thrown_away(case):
    form = next(each for each in case.forms if each.url.endswith("/wijzigen"))
    keep(case.browser, form)
    with case.database.transaction(HERE) as session:
        note = session.scalars(select(Notitie)).one()
        withdraw_notitie(session, case.by, NOW, notitie=note, reden="Klopt niet.")

    answer = case.browser.post(form.url, data={"_concept": "weg"})

    assert answer.status_code == 303
    assert case.drafts() == []
