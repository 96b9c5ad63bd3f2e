"""The copy holds everything about a person: no table and no field is forgotten."""

import json
import re

import pytest
from sqlalchemy import event

from build import dossier as people
from build.full import add_more
from build.gemeente import NOW
from build.rows import canary, fill, mappers, sealed_fields
from loket.audit.woorden import VERBS
from loket.cases.dossier.dossier import BetrokkeneRol
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_notitie import write_notitie
from loket.rechten.leesbaar import LABELS, html
from loket.rechten.register import LOGBOEK, NIET, ONDERDELEN
from loket.rechten.verzamelen import FILES, collect
from loket.rechten.vinden import file_fields, find_all
from rechten.conftest import CONSULENT, part

PLAIN_TIES = ("dossier_id", "inwoner_id", "client_id", "subject_id", "scope_id")
"""Columns that name a person or a dossier without a foreign key."""


def leading_tables():
    """Tables from which a foreign key, however far, leads to a person or a dossier."""
    found = {"inwoner", "dossier"}
    tables = [mapper.local_table for mapper in mappers()]
    grown = True
    while grown:
        reached = {
            table.name
            for table in tables
            for column in table.columns
            if column.name in PLAIN_TIES
            or any(key.column.table.name in found for key in column.foreign_keys)
        }
        grown = not reached <= found
        found |= reached
    return found


class TestRegister:
    def test_every_table_about_a_person_is_in_the_copy_or_says_why_not(self):
        assert leading_tables() - set(ONDERDELEN) - LOGBOEK - set(NIET) == set()

    def test_no_table_stands_in_two_lists(self):
        assert not set(ONDERDELEN) & set(NIET)
        assert not (set(ONDERDELEN) | set(NIET)) & LOGBOEK

    def test_names_no_table_that_is_not_there(self):
        known = {mapper.local_table.name for mapper in mappers()}
        assert (set(ONDERDELEN) | set(NIET) | LOGBOEK) - known == set()

    def test_gives_a_reason_in_words(self):
        assert all(len(reason) > 40 for reason in NIET.values())

    def test_walks_further_than_one_key(self):
        assert {
            "terugbelpoging",
            "beschikking_aanvraag",
            "weglating",
        } < leading_tables()


@pytest.fixture
def filled(session):
    """A row in every table, all about one person."""
    rows = fill(session, "0396")
    assert rows["betrokkene"].rol is BetrokkeneRol.CLIENT
    for tabel in ("bericht", "draft", "poststuk", "terugbelverzoek"):
        rows[tabel].dossier_id = rows["dossier"].id
    stuk = rows["poststuk"]
    stuk.document_id, stuk.filed_at = rows["document"].id, NOW
    stuk.filed_by_id = stuk.registered_by_id
    session.flush()
    return rows


class TestEveryField:
    def test_every_row_is_found(self, session, filled):
        vondst = find_all(session, filled["inwoner"].id)

        assert {name for name, rows in vondst.rijen.items() if not rows} == set()

    def test_every_sealed_field_is_in_it(self, session, filled):
        told = collect(session, filled["inzageverzoek"], NOW)
        text = json.dumps(told, ensure_ascii=False)

        missing = [
            f"{tabel}.{naam}"
            for tabel in ONDERDELEN
            for naam, soort in sealed_fields(type(filled[tabel])).items()
            if soort in ("text", "json")
            and naam != "bsn"
            and canary("0396", tabel, naam) not in text
        ]
        assert missing == []

    def test_the_whole_bsn_and_the_birthday_are_in_it(self, session, filled):
        (own,) = part(collect(session, filled["inzageverzoek"], NOW), "inwoner")

        assert re.fullmatch(r"\d{9}", own["velden"]["bsn"])
        assert own["velden"]["geboortedatum"] == "1911-03-07"

    def test_every_file_is_named(self, session, filled):
        filled["inzageverzoek"].brief_op = filled["inzageverzoek"].ontvangen_op
        told = collect(session, filled["inzageverzoek"], NOW)

        kinds = {
            mapper.local_table.name
            for mapper in mappers()
            if mapper.local_table.name in ONDERDELEN and file_fields(mapper.class_)
        }
        assert kinds - {"afschrift", "poststuk"} == FILES
        assert {each["onderdeel"] for each in told["bestanden"]} == FILES

    def test_nothing_of_another_person_of_that_gemeente_is_in_it(self, resident):
        other = collect_of_another(resident)

        assert other not in json.dumps(resident.copy(), ensure_ascii=False)


def collect_of_another(resident) -> str:
    file = people.dossier(resident.session, CONSULENT)
    text = "Hier staat wat alleen over een ander gaat"
    write_notitie(
        resident.session,
        CONSULENT,
        NOW,
        dossier=file,
        soort=NotitieSoort.WERKNOTITIE,
        tekst=text,
    )
    return text


class TestCost:
    def test_asks_as_much_for_a_full_life_as_for_a_quiet_one(self, resident, session):
        first = asked(session, lambda: collect(session, resident.ask(), NOW))
        add_more(session, resident.by, resident.dossier)
        second = asked(session, lambda: collect(session, resident.ask(), NOW))

        assert 40 < first < 160
        assert second <= first


def asked(session, deed) -> int:
    """Count what is asked of the database."""
    seen = []

    def note(*told):
        if told[2].lstrip().upper().startswith("SELECT"):
            seen.append(told[2])

    session.flush()
    session.expire_all()
    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        deed()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_every_word_in_it_is_dutch(resident):
    """A label that comes from an English name would say `op` of an unknown deed."""
    nameless = {
        column.name
        for mapper in mappers()
        if mapper.local_table.name in ONDERDELEN
        for column in mapper.local_table.columns
        for suffix in ("_at", "_by_id")
        if column.name.endswith(suffix)
        and column.name.removesuffix(suffix) not in VERBS
        and column.name.removesuffix("_id") not in LABELS
    }

    assert nameless == {"identiteit_gezien_at", "identiteit_gezien_by_id"}
    assert "Requested" not in html(resident.copy()).decode()
