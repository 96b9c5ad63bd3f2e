"""Searching sealed fields finds exactly what a search in plain text would."""

import random
import unicodedata
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from loket.errors import RuleViolation
from loket.vault.search import drop_tokens, search
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.tokens import bsn_digits, surname_nl
from vault.ground import BUUR, GEMEENTE, Ground
from vault.proef import Persoon

SURNAMES = [
    "van der Berg",
    "Van den Bérg",
    "Bergen",
    "Berg-Jansen",
    "Yıldız",
    "Yildiz",
    "YILDIRIM",
    "Dijkstra",
    "Dykstra",
    "van Dijk",
    "Jansen",
    "Janssen",
    "de Jong",
    "El Amrani",
    "'t Hart",
    "Meijer",
    "Meyer",
    "Meier",
    "Müller-de Vries",
    "Øster",
    "In",
    "Śląski",
    "d'Hondt",
    "Ĳsbrand",
    "O’Neill",
    "Ten Cate",
]
"""Written to tease: accents, ij, dotless i, prefixes, double names."""


def add(session, **values: object) -> Persoon:
    row = Persoon(**{"gemeente_code": GEMEENTE, **values})
    session.add(row)
    session.flush()
    return row


def plain_parts(name: str) -> set[str]:
    """Fold a name by a rule of our own, to compare with."""
    text = name.replace("ı", "i").replace("İ", "i").lower()
    text = unicodedata.normalize("NFKD", text)
    text = text.replace("ø", "o").replace("ł", "l").replace("ij", "y")
    kept = "".join(
        c if c.isalpha() else "" if unicodedata.combining(c) else " " for c in text
    )
    small = {"van", "de", "der", "den", "el", "t", "ten", "in", "d"}
    words = kept.split()
    return {word for word in words if word not in small} or set(words)


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Van der Berg", "berg"),
            ("Yıldız", "YILDIZ"),
            ("İnan", "inan"),
            ("Dijkstra", "Dykstra"),
            ("Ĳsbrand", "IJsbrand"),
            ("Groß", "GROSS"),
            ("In", "in"),
        ],
    )
    def test_what_sounds_alike_folds_alike(self, one, other):
        assert surname_nl(one) == surname_nl(other)

    def test_a_double_name_is_found_by_each_part(self):
        assert surname_nl("Jansen-de Vries") == ("jansen", "vries")

    def test_a_bsn_gets_its_lost_zero_back(self):
        assert bsn_digits("12345672") == bsn_digits("0123.45.672")


class TestEquals:
    def test_finds_one_row_in_any_select(self, session):
        row = add(session, bsn="999900006")
        add(session, bsn="999900018")

        found = session.scalars(select(Persoon).where(Persoon.bsn == "999900006"))
        assert found.all() == [row]
        count = select(func.count()).select_from(Persoon)
        assert session.scalar(count.where(~(Persoon.bsn == "999900006"))) == 1
        other = aliased(Persoon)
        ids = session.scalars(select(other.id).where(other.bsn == "999900006"))
        assert ids.all() == [row.id]

    def test_compares_only_within_the_scope_of_the_session(self, session, ground):
        ours = add(session, bsn="999900006")
        theirs = add(session, bsn="999900006", gemeente_code=BUUR)
        session.commit()
        statement = select(Persoon.id).where(Persoon.bsn == "999900006")
        for scope, wanted in [
            ((GEMEENTE,), {ours.id}),
            ((BUUR,), {theirs.id}),
            ((GEMEENTE, BUUR), {ours.id, theirs.id}),
        ]:
            with ground.session(*scope) as later:
                assert set(later.scalars(statement)) == wanted

    def test_a_cached_statement_asks_for_the_new_value(self, session):
        rows = [add(session, bsn=bsn) for bsn in ("999900006", "999900018")]
        found = [
            session.scalars(select(Persoon).where(Persoon.bsn == str(row.bsn))).one()
            for row in rows
        ]

        assert found == rows

    def test_a_bsn_exists_once_in_a_gemeente(self, session):
        add(session, bsn="999900006")
        add(session, bsn="999900006", gemeente_code=BUUR)

        with pytest.raises(IntegrityError):
            add(session, bsn="9999.00.006")

    def test_follows_a_correction(self, session):
        row = add(session, bsn="999900006", achternaam="Jansen")
        row.bsn = "999900018"
        session.flush()

        old = select(Persoon).where(Persoon.bsn == "999900006")
        new = select(Persoon).where(Persoon.bsn == "999900018")
        assert session.scalars(old).all() == []
        assert session.scalars(new).all() == [row]
        assert add(session, bsn="999900006")


class TestSearch:
    @pytest.fixture
    def people(self, session) -> list[tuple[Persoon, str, date]]:
        draw = random.Random(7)  # noqa: S311  # no secret: repeatable
        people = []
        for _ in range(300):
            name = draw.choice(SURNAMES)
            born = date(1940, 1, 1) + timedelta(days=draw.randrange(40))
            row = Persoon(gemeente_code=GEMEENTE, achternaam=name, geboortedatum=born)
            people.append((row, name, born))
        session.add_all([row for row, _, _ in people])
        session.commit()
        return people

    def test_two_hundred_questions_agree_with_plain_text(self, people, ground: Ground):
        draw = random.Random(11)  # noqa: S311  # no secret: repeatable
        hits = 0
        with ground.session() as session:
            for _ in range(200):
                sought, fits = _question(draw)
                found = search(session, Persoon, gemeente_code=GEMEENTE, **sought)
                wanted = {row.id for row, name, born in people if fits(name, born)}
                hits += len(wanted)

                assert len(found) == len({row.id for row in found})
                assert {row.id for row in found} == wanted, sought
        assert hits > 1000

    def test_tokens_are_shared_but_results_are_not(self, people, session):
        tokens = session.scalars(select(func.length(SearchToken.token)))
        assert set(tokens) == {1, 2}

    @pytest.mark.parametrize("typed", ["mei*", "meij*", "mey*", "MEIJE*"])
    def test_a_name_with_ij_is_found_while_it_is_typed(self, session, typed):
        row = add(session, achternaam="Meijer")

        assert search(session, Persoon, gemeente_code=GEMEENTE, achternaam=typed) == [
            row
        ]

    def test_a_neighbour_is_not_found(self, session):
        add(session, achternaam="Jansen", gemeente_code=BUUR)

        assert not search(session, Persoon, gemeente_code=GEMEENTE, achternaam="jansen")

    def test_takes_a_condition_more(self, session):
        add(session, achternaam="Jansen", woont=False)
        row = add(session, achternaam="Jansen", woont=True)

        assert search(
            session,
            Persoon,
            gemeente_code=GEMEENTE,
            where=Persoon.woont.is_(True),
            achternaam="jansen",
        ) == [row]

    def test_who_asks_for_a_few_gets_them_all(self, people, session):
        whole = search(session, Persoon, gemeente_code=GEMEENTE, achternaam="jansen")

        found = search(
            session,
            Persoon,
            gemeente_code=GEMEENTE,
            most=len(whole),
            achternaam="jansen",
        )

        assert {each.id for each in found} == {each.id for each in whole}

    def test_what_is_too_much_is_not_all_opened(self, people, ground: Ground):
        opened: list[object] = []
        vault = ground.vault(on_open=lambda _session, row, _slot: opened.append(row))
        many = [name for _, name, _ in people if "jansen" in plain_parts(name)]

        with ground.session(vault=vault) as session:
            found = search(
                session, Persoon, gemeente_code=GEMEENTE, most=3, achternaam="jansen"
            )

        assert len(found) == 4
        assert len(opened) < len(many)

    @pytest.mark.parametrize("sought", ["", "  ", "*", "ja*", "-"])
    def test_too_little_to_search_with_is_told(self, session, sought):
        with pytest.raises(RuleViolation):
            search(session, Persoon, gemeente_code=GEMEENTE, achternaam=sought)

    def test_a_field_without_an_index_is_refused(self, session):
        with pytest.raises(TypeError, match="index"):
            search(session, Persoon, gemeente_code=GEMEENTE, straat="x")

    def test_deleted_rows_and_shredded_scopes_leave_no_token(self, session):
        gone = add(session, bsn="999900006", achternaam="Jansen")
        shredded = add(session, bsn="999900018", achternaam="Jansen")
        stays = add(session, bsn="999900031", achternaam="Jansen")
        session.delete(gone)
        session.flush()
        drop_tokens(session, shredded.id)

        for table in (SearchToken, SearchUnique):
            rows = session.scalars(select(table.row_id))
            assert set(rows) == {stays.id}


def _question(draw: random.Random):
    name = draw.choice(SURNAMES)
    parts = plain_parts(name)
    day = date(1940, 1, 1) + timedelta(days=draw.randrange(40))
    kind = draw.choice(["whole", "part", "start", "day", "both"])
    if kind == "day":
        return {"geboortedatum": day}, lambda _, born: born == day
    if kind == "both":
        return (
            {"achternaam": name, "geboortedatum": day},
            lambda n, born: born == day and parts <= plain_parts(n),
        )
    if kind == "whole":
        return {"achternaam": name.upper()}, lambda n, _: parts <= plain_parts(n)
    part = draw.choice(sorted(parts))
    if kind == "part" or len(part) < 4:
        return {"achternaam": part}, lambda n, _: part in plain_parts(n)
    start = part[: draw.randint(3, len(part))].rstrip("i") or part
    start = start if len(start) >= 3 else part
    return (
        {"achternaam": f"{start}*"},
        lambda n, _: any(word.startswith(start) for word in plain_parts(n)),
    )
