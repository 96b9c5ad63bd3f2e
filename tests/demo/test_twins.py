"""A twin is what the operations would have made: every table is compared."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from build.demo import TOLD_ON
from loket.app import open_database, open_vault
from loket.cases.dossier.inwoner import Geslacht
from loket.config import Config
from loket.db import Database, make_engine
from loket.demo.load import found, tell_cases
from loket.demo.mould import Cell, Mould
from loket.demo.organisation import Organisation
from loket.demo.people import Persoon, people
from loket.demo.town import draw_case, free_bsns, share_bsns, verlopen
from loket.demo.twins import Press, batches, owner_of, references, stamp_twins
from loket.demo.unit import Line, Unit, columns_of, read_ids, read_units
from loket.demo.zaak import Zaak
from loket.termijnen import dag_van
from loket.vault.vault import Vault

pytestmark = pytest.mark.timeout(300)
CODES = {
    *("H10", "H13", "H16", "H21", "H24", "H26", "H27", "H28", "H29", "H30", "H31"),
    *("B01", "B03", "B04", "B05", "B06", "B07"),
}
"""Courses that between them fill every table a case can fill."""
_more_bsns = iter(free_bsns(1000))
OWN = {"referentie", "nummer", "recorded_at", "omvang"}
"""What is drawn, counted or written down now, or tells the size of the leaf."""


@dataclass
class Town:
    """A database with cases in it, and what was there before them."""

    config: Config
    database: Database
    vault: Vault
    before: set[str]
    org: Organisation | None = None

    def units(self) -> list[Unit]:
        """Read every case in the order in which it was made."""
        engine = make_engine(self.config.database_owner_url)
        with owner_of(engine) as connection:
            units = read_units(connection, self.before)
        engine.dispose()
        return units

    def found(self) -> None:
        """Set up both gemeenten, and remember what is there."""
        self.org = found(self.database, TOLD_ON)
        engine = make_engine(self.config.database_owner_url)
        with owner_of(engine) as connection:
            self.before = read_ids(connection)
        engine.dispose()

    def play(self, cases: list[Zaak]) -> None:
        """Play cases through the operations."""
        assert self.org is not None
        tell_cases(self.database, self.config, TOLD_ON, self.org, cases)

    def stamp(self, count: int) -> None:
        """Make twins of what was played."""
        engine = make_engine(self.config.database_owner_url)
        stamp_twins(engine, self.vault, self.before, count, free_bsns(100))
        engine.dispose()

    def say(self, unit: Unit) -> Counter[str]:
        """Write every row of a case with opened values and without own ids."""
        mould = Mould(unit, self.vault)
        names = {each: f"before {n}" for n, each in enumerate(sorted(self.before))}
        names |= {each: f"own {n}" for n, each in enumerate(unit.ids)}
        cells = {(cell.row, cell.slot.name): cell for cell in mould.cells}
        return Counter(self._row(line, names, cells) for line in unit.lines)

    def _row(
        self, line: Line, names: dict[str, str], cells: dict[tuple[str, str], Cell]
    ) -> str:
        shown: dict[str, Any] = {}
        pairs = zip(columns_of(line.table), line.fields, strict=True)
        for name, value in pairs:
            cell = cells.get((str(line.value("id")) if line.has_id else "", name))
            if cell is not None:
                shown[name] = _opened(cell)
            elif name not in OWN:
                shown[name] = _named(value, names)
        return (
            f"{line.table.name} {json.dumps(shown, ensure_ascii=False, sort_keys=True)}"
        )


def _opened(cell: Cell) -> Any:
    packed = cell.packed.decode() if cell.packed is not None else None
    if not cell.slot.is_group:
        return packed
    held = json.loads(packed or "{}")
    return held | {"bsn": "bsn"} if "bsn" in held else held


def _named(value: str | None, names: dict[str, str]) -> str | None:
    for each in Line.ids_in(value):
        value = (value or "").replace(each, names.get(each, each))
    return value


@contextmanager
def town(config: Config) -> Iterator[Town]:
    """Open an empty database to play in."""
    vault = open_vault(config)
    database = open_database(config, vault)
    try:
        yield Town(config, database, vault, set())
    finally:
        database.engine.dispose()
        vault.engine.dispose()


def model_cases() -> list[Zaak]:
    """Draw one case of every course, and a couple."""
    chance, today = Random(7), dag_van(TOLD_ON)  # noqa: S311 -- the same each time
    courses = [each for each in verlopen() if each.rij["code"] in CODES]
    courses += [each for each in verlopen() if each.rij["code"] == "H22"]
    made = [
        draw_case(chance, n, course.rij, "0396", course.jongst + 3, today)
        for n, course in enumerate(courses)
    ]
    rij = courses[-1].rij | {"items": "07001 4 week natura"}
    partner = draw_case(chance, len(made), rij, "0396", courses[-1].jongst + 3, today)
    partner.rij["vlaggen"] = f"samen:{made[-1].code}"
    return [*made, partner]


def like_twin(zaak: Zaak, held: list[tuple[bool, dict[str, str]]]) -> Zaak:
    """Let the same case be about the people of the twin."""
    personen = [
        _persoon(like, hidden, values)
        for like, (hidden, values) in zip(zaak.personen, held, strict=True)
    ]
    return replace(zaak, dossier_id=None, personen=personen)


def _persoon(like: Persoon, hidden: bool, values: dict[str, str]) -> Persoon:
    gegevens: Any = dict.fromkeys(like.gegevens) | values
    if values.get("bsn"):
        # within one gemeente a BSN is of one person
        gegevens["bsn"] = next(_more_bsns)
    gegevens["geboortedatum"] = date.fromisoformat(values["geboortedatum"])
    gegevens["geslacht"] = Geslacht(values["geslacht"])
    gegevens["geheimhouding"] = hidden
    return replace(like, gegevens=gegevens)


def people_in(unit: Unit, vault: Vault) -> Iterator[tuple[bool, dict[str, str]]]:
    """Open who is in a case, in the order in which they were registered."""
    cells = [cell for cell in Mould(unit, vault).cells if cell.is_of_inwoner]
    lines = sorted(unit.of("inwoner"), key=lambda line: UUID(line.value("id")))
    for line in lines:
        values: dict[str, str] = {}
        for cell in cells:
            if cell.row == line.value("id"):
                values |= json.loads(cell.packed or b"{}")
        yield line.value("geheimhouding") == "t", values


class TestSameRows:
    def test_a_twin_has_the_rows_that_the_operations_make(
        self, two_homes: tuple[Config, Config]
    ) -> None:
        cases = model_cases()
        with town(two_homes[0]) as here:
            here.found()
            here.play(cases)
            models = here.units()
            here.stamp(len(cases))
            twins = here.units()[len(models) :]
            again = list(_again(here, cases, models, twins))
            here.play(sorted(again, key=lambda zaak: zaak.code))
            played = here.units()[len(models) + len(twins) :]

            assert len(played) == len(twins) == len(cases) - 1
            differ = [
                (made - stamped, stamped - made)
                for unit, twin in zip(played, twins, strict=True)
                for made, stamped in [(here.say(unit), here.say(twin))]
                if made != stamped
            ]
            assert differ == []
            sealed = "SELECT tabel, row_id FROM row_seal"
            rows = {row for _, row in _ask(here, sealed)}
            assert {UUID(each) for unit in twins for each in unit.ids} & rows
            for table in ("search_token", "search_unique"):
                assert _tokens(here, twins, table) == _tokens(here, played, table)
            filled = {line.table.name for unit in twins for line in unit.lines}
            assert filled >= {
                *("besluitregel", "bezwaar", "budgetregel", "deling", "document"),
                *("huishouden_lid", "medegerechtigde", "opschorting", "pgb_toets"),
                *("plaatsingsverzoek", "promise", "taak", "toewijzing", "verslag"),
                *("contactmoment", "terugbelpoging", "terugbelverzoek"),
            }


def _again(
    here: Town, cases: list[Zaak], models: list[Unit], twins: list[Unit]
) -> Iterator[Zaak]:
    for model, twin in zip(models, twins, strict=True):
        held = people_in(twin, here.vault)
        inside = {str(line.value("id")) for line in model.of("dossier")}
        for zaak in (each for each in cases if str(each.dossier_id) in inside):
            yield like_twin(zaak, list(islice(held, len(zaak.personen))))


def _tokens(town: Town, units: list[Unit], table: str) -> dict[str, int]:
    ids = {UUID(each) for unit in units for each in unit.ids}
    rows = _ask(town, f"SELECT index_name, row_id FROM {table}")
    found = Counter(name for name, row in rows if row in ids)
    return dict(found)


class TestNumbers:
    def test_a_case_of_two_gemeenten_counts_in_each(
        self, two_homes: tuple[Config, Config]
    ) -> None:
        chance, today = Random(7), dag_van(TOLD_ON)  # noqa: S311 -- the same each time
        course = next(each for each in verlopen() if each.rij["code"] == "H22")
        with town(two_homes[1]) as here:
            here.found()
            here.play(
                [
                    draw_case(chance, n, course.rij, code, course.jongst + 3, today)
                    for n, code in enumerate(("0396", "0396", "0375"))
                ]
            )
            first, second, third = here.units()
            engine = make_engine(here.config.database_owner_url)
            with owner_of(engine) as connection:
                mould = Mould(Unit(second.lines + third.lines), here.vault)
                press = Press(connection, here.vault, iter(()))
                press.stamp([mould, mould])
                press.keep_numbers()
            engine.dispose()

            assert first.dossiers == 1
            for table in ("beschikking", "toewijzing"):
                assert _numbers(here, table) == {
                    "0396": [1, 2, 3, 4],
                    "0375": [1, 2, 3],
                }
                assert _counted(here, table) == {"0396": 4, "0375": 3}


def _numbers(town: Town, table: str) -> dict[str, list[int]]:
    query = f"SELECT gemeente_code, nummer FROM {table} ORDER BY nummer"
    found: dict[str, list[int]] = {}
    for code, number in _ask(town, query):
        found.setdefault(code, []).append(number)
    return found


def _counted(town: Town, table: str) -> dict[str, int]:
    query = f"SELECT gemeente_code, laatste FROM teller WHERE soort = '{table}'"
    return dict(_ask(town, query))


def _ask(town: Town, query: str) -> list[Any]:
    engine = make_engine(town.config.database_owner_url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


class TestBsns:
    def test_everybody_has_one_as_long_as_they_last(self) -> None:
        given = list(islice(share_bsns(free_bsns(0), 100), 100))

        assert None not in given
        assert len(set(given)) == 100

    def test_too_few_are_spread_and_none_is_given_twice(self) -> None:
        free = free_bsns(400)

        given = list(share_bsns(free, 99_600))

        held = [each for each in given if each]
        assert len(given) == 99_600
        assert held == list(free)
        assert all(
            len(given[at : at + 50]) - given[at : at + 50].count(None) >= 3
            for at in range(0, 99_000, 50)
        )

    def test_no_told_person_shares_one(self) -> None:
        told = {p.gegevens["bsn"] for each in people().values() for p in each}

        assert told.isdisjoint(free_bsns(0))


class TestReferences:
    def test_they_have_the_shape_and_never_return(self) -> None:
        drawn = list(islice(references(12), 50_000))

        assert len(set(drawn)) == 50_000
        assert {len(each) for each in drawn} == {9}


class TestBatches:
    def test_exactly_so_many_dossiers_come(self) -> None:
        class Fake:
            def __init__(self, dossiers: int) -> None:
                self.dossiers = dossiers

        moulds: Any = [Fake(2), Fake(1), Fake(1)]

        found = [mould.dossiers for each in batches(moulds, 1001) for mould in each]

        assert sum(found) == 1001
