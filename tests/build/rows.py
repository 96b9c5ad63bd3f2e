"""One row in every table there is, so that a rule can be tried on all of them.

A new noun takes part without a word here; only a CHECK that asks for more than the
required columns needs a line in `EXAMPLES`.
"""

from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, Table, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, Session, configure_mappers

from build.dossier import new_bsn
from loket import nouns
from loket.authz import SYSTEM_ID
from loket.cases.dossier.dossier import BetrokkeneRol
from loket.db import Model, uuid7
from loket.vault.layout import Sealed

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
BIRTHDAY = date(1911, 3, 7)

EXAMPLES: dict[str, dict[str, Any]] = {
    "aanbieder": {"agb": "0000{code}"},
    "aanstelling": {"rol": "frontoffice"},
    "audit_batch": {"keten": "{code}"},
    "behoefte": {"labels": ["zorg"]},
    "bericht": {"sha256": "{number:064d}"},
    "besluitregel": {
        "leveringsvorm": "natura",
        "volume": 60,
        "eenheid": "01",
        "frequentie": "2",
        "ingangsdatum": DAY,
    },
    "betrokkene": {"rol": BetrokkeneRol.CLIENT},
    "contract": {"berichten": True},
    "huisstijl": {"accent": "#0d5490"},
    "document": {"mediatype": "application/pdf"},
    "gemeente": {"code": "{code}", "naam": "Elders"},
    "mandaat": {"rol": "consulent"},
    "overlegregel": {"afzender": "gemeente"},
    "startvoorstel": {"afzender": "gemeente"},
    "product": {"categorie": "01"},
    "terugbelverzoek": {"voor_rol": "consulent"},
    "toedeling": {"naar_id": SYSTEM_ID},
    "toewijzing": {"tot": DAY},
    "vernietigingsstop": {"grond": "claim"},
    "vervanging": {"vervanger_id": SYSTEM_ID},
    "weglating": {"onderdeel": "verklaring", "rij_id": SYSTEM_ID},
}
ONE_OF = {
    ("overlegregel", "toewijzing_id"),
    ("contactmoment", "dossier_id"),
    ("draft", "aanbieder_id"),
    ("vernietigingsregel", "dossier_id"),
}
"""Columns that may stay empty, but of which one out of several makes sense."""
LID = ("naam", "leeftijd", "relatie", "hulp")
"""What is noted of everyone in a household: the one structure that is sealed."""

_NUMBERS = count(2)
PLAIN: dict[type, Any] = {
    bool: False,
    int: 1,
    date: DAY,
    datetime: AT,
    bytes: b"0123456789abcdef",
    dict: {},
    list: ["zorg"],
}


def mappers() -> list[Mapper[Any]]:
    """Every noun with a table, those that others point at first."""
    configure_mappers()
    assert nouns.MODULES
    of = {mapper.local_table: mapper for mapper in Model.registry.mappers}
    return [of[table] for table in Model.metadata.sorted_tables if table in of]


def canary(gemeente: str, table: str, field: str) -> str:
    """A text that stands nowhere else."""
    return f"kanarie-{gemeente}-{table}-{field}"


def fill(session: Session, gemeente: str) -> dict[str, Any]:
    """Make one row per table, tied together; sealed fields hold a canary."""
    made: dict[str, Any] = {}
    for mapper in mappers():
        _add(session, gemeente, mapper, made)
    return made


def fill_more(session: Session, made: dict[str, Any], *first: str) -> dict[str, Any]:
    """Make these rows once more, and what hangs on them; the rest is shared.

    What hangs on them and can be there only once, is left as it is.
    """
    gemeente, number = made["dossier"].gemeente_code, next(_NUMBERS)
    again, made = set(first), dict(made)
    for mapper in mappers():
        table = mapper.local_table
        assert isinstance(table, Table)
        if table.name in first:
            _add(session, gemeente, mapper, made, number)
        elif again & {key.column.table.name for key in table.foreign_keys}:
            with suppress(IntegrityError), session.begin_nested():
                _add(session, gemeente, mapper, made, number)
                again.add(table.name)
    return made


def _add(
    session: Session,
    gemeente: str,
    mapper: Mapper[Any],
    made: dict[str, Any],
    number: int = 1,
) -> None:
    table = mapper.local_table
    assert isinstance(table, Table)
    values = {
        column.key: _value(column, made, gemeente, number)
        for column in table.columns
        if _is_asked(column)
    }
    values |= {
        name: value.format(code=gemeente, number=number)
        if isinstance(value, str)
        else value
        for name, value in EXAMPLES.get(table.name, {}).items()
    }
    row = mapper.class_(**_typed(mapper, values))
    if issubclass(mapper.class_, Sealed):
        seal_canaries(row, gemeente)
    session.add(row)
    session.flush()
    made[table.name] = row


def sealed_fields(cls: type[Any]) -> dict[str, str]:
    """Names of the sealed fields of a noun, each with its kind."""
    return {
        name: value.kind.name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if hasattr(value, "own_slot") and hasattr(value, "kind")
    }


def seal_canaries(row: Any, gemeente: str) -> None:
    """Give every sealed field a value that can be recognised."""
    for name, kind in sealed_fields(type(row)).items():
        text = canary(gemeente, row.__tablename__, name)
        values = {
            "date": BIRTHDAY,
            "bytes": text.encode(),
            "json": {"leden": [dict.fromkeys(LID, text)]},
            "int": 1_911_307,
            "money": 1_911_307,
            "bool": True,
        }
        setattr(row, name, new_bsn() if name == "bsn" else values.get(kind, text))


def _is_asked(column: Column[Any]) -> bool:
    if column.computed is not None or column.identity is not None:
        return False
    if column.name == "id":
        return False
    if column.name in ("gemeente_code", "melding_id"):
        return True
    if (column.table.name, column.name) in ONE_OF:
        return True
    return not column.nullable and column.default is None


def _value(
    column: Column[Any], made: dict[str, Any], gemeente: str, number: int
) -> Any:
    name = column.name
    if name == "gemeente_code":
        return gemeente
    for key in column.foreign_keys:
        target = made[key.column.table.name]
        return getattr(target, key.column.name)
    if name == "scope_id" and "dossier" in made:
        return made["dossier"].id
    kind = _kind(column)
    if kind is str:
        more = f"-{number}" if number > 1 else ""
        return f"{column.table.name}-{name}-{gemeente}{more}"
    if name.endswith("nummer"):
        return number
    return PLAIN[kind] if kind in PLAIN else uuid7()


def _kind(column: Column[Any]) -> type:
    enum = getattr(column.type, "enum_class", None)
    if enum is not None:
        return str
    return dict if isinstance(column.type, JSON) else column.type.python_type


def _typed(mapper: Mapper[Any], values: dict[str, Any]) -> dict[str, Any]:
    """Turn words into members of the enum of their column: the first, if none fits."""
    typed = {}
    for name, value in values.items():
        enum = getattr(mapper.local_table.c[name].type, "enum_class", None)
        if enum is not None:
            members = [member for member in enum if member == value]
            value = members[0] if members else next(iter(enum))
        typed[_attribute(mapper, name)] = value
    return typed


def _attribute(mapper: Mapper[Any], column: str) -> str:
    return str(inspect(mapper).get_property_by_column(mapper.local_table.c[column]).key)
