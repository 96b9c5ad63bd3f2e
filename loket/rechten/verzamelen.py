"""Turning what is held about a person into one document that a machine can read.

Its shape is in `data/afschrift.schema.json`; the pages and the PDF are made from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from loket.accounts.queries import get_gemeente
from loket.accounts.user import Aanstelling
from loket.authz import SYSTEM_ID
from loket.cases.dossier.document import ending_of
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.producten.product import Product
from loket.providers.aanbieder import Aanbieder
from loket.rechten import queries
from loket.rechten.inzageverzoek import Inzageverzoek, Weglating
from loket.rechten.logboek import Blikken, list_looks
from loket.rechten.register import ALLEEN, ONDERDELEN, ZONDER
from loket.rechten.vinden import (
    Vondst,
    file_fields,
    find_all,
    sealed_fields,
    ties,
)

SCHEMA = "loket-afschrift-1"
TECHNISCH = frozenset(
    {
        "gemeente_code",
        "version",
        "scope_id",
        "sha256",
        "sleutel",
        "verplaatst",
        "form",
        "subject",
        "door",
        "url",
        "writer",
        "merged_into_id",
    }
)
"""Columns that say nothing of a person: how a row is kept."""
PERSONEEL = frozenset(
    {"by_id", "consulent_id", "user_id", "voor_user_id", "van_id", "naar_id"}
)
LOKET = "Loket (automatisch)"
ANDER = "iemand anders"


@dataclass
class Medewerkers:
    """Employees as the resident reads of them: a number and a function, no name."""

    nummers: dict[UUID, int] = field(default_factory=dict)

    def say(self, user_id: UUID) -> str:
        """Return who it was; the same person is the same number everywhere."""
        if user_id == SYSTEM_ID:
            return LOKET
        nummer = self.nummers.setdefault(user_id, len(self.nummers) + 1)
        return f"Medewerker {nummer}"

    def functies(self, session: Session) -> list[dict[str, Any]]:
        """Say of each number which functions that person has or had."""
        rows = session.execute(
            select(Aanstelling.user_id, Aanstelling.rol)
            .where(Aanstelling.user_id.in_(self.nummers))
            .distinct()
        )
        found: dict[UUID, set[str]] = {}
        for user_id, rol in rows:
            found.setdefault(user_id, set()).add(rol.value.replace("_", " "))
        return [
            {"nummer": nummer, "functie": ", ".join(sorted(found.get(user_id, ())))}
            for user_id, nummer in self.nummers.items()
        ]


@dataclass(frozen=True)
class Namen:
    """What ids mean, in words; read once for the whole document."""

    personen: Mapping[UUID, str]
    aanbieders: Mapping[UUID, str]
    dossiers: Mapping[UUID, str]
    medewerkers: Medewerkers
    producten: Mapping[str, str]


def collect(session: Session, verzoek: Inzageverzoek, at: datetime) -> dict[str, Any]:
    """Gather everything about the person of this request, but for what is left out."""
    vondst = find_all(session, verzoek.inwoner_id)
    person = session.get_one(Inwoner, verzoek.inwoner_id)
    left_out = queries.list_weglatingen(session, verzoek.id)
    namen = _names(session, vondst, left_out)
    onderdelen = [_part(tabel, vondst, namen, left_out) for tabel in ONDERDELEN]
    blikken = list_looks(session, vondst)
    keken = _looks(blikken, namen)
    gemeente = get_gemeente(session, verzoek.gemeente_code)
    return {
        "schema": SCHEMA,
        "verzoek": verzoek.referentie,
        "gemaakt_op": at.isoformat(),
        "gemeente": {
            "code": gemeente.code,
            "naam": gemeente.naam,
            "adres": gemeente.adres,
            "telefoon": gemeente.telefoon,
            "website": gemeente.website,
        },
        "persoon": person.naam,
        "weggelaten": _omissions(left_out, onderdelen),
        "onderdelen": [each for each in onderdelen if each["rijen"]],
        "wie_keek": keken,
        "medewerkers": namen.medewerkers.functies(session),
        "bestanden": _files(vondst, left_out),
    }


def preview(
    session: Session, verzoek: Inzageverzoek
) -> tuple[list[dict[str, Any]], Sequence[Weglating]]:
    """Return every part as it would be given, for who decides what is left out."""
    vondst = find_all(session, verzoek.inwoner_id)
    namen = _names(session, vondst, ())
    parts = [_part(tabel, vondst, namen, ()) for tabel in ONDERDELEN]
    return parts, queries.list_weglatingen(session, verzoek.id)


def _names(session: Session, vondst: Vondst, left_out: Sequence[Weglating]) -> Namen:
    gone = {each.rij_id for each in left_out if each.onderdeel == "betrokkene"}
    known = {
        each.inwoner_id
        for each in vondst.rijen["betrokkene"]
        if each.dossier_id in vondst.dossiers and not gone & {None, each.id}
    } | vondst.personen
    people = session.scalars(select(Inwoner).where(Inwoner.id.in_(known))).all()
    rows = session.execute(select(Aanbieder.id, Aanbieder.naam))
    return Namen(
        {each.id: each.naam for each in people},
        {row.id: row.naam for row in rows},
        {each.id: each.referentie for each in vondst.rijen["dossier"]},
        Medewerkers(),
        _products(session),
    )


def _products(session: Session) -> dict[str, str]:
    rows = session.execute(select(Product.code, Product.naam).order_by(Product.van))
    return {row.code: row.naam for row in rows}


def is_left_out(left_out: Sequence[Weglating], tabel: str, rij: Any) -> bool:
    """Whether this row is not given."""
    return any(
        each.onderdeel == tabel and each.rij_id in (None, getattr(rij, "id", None))
        for each in left_out
    )


def _part(
    tabel: str, vondst: Vondst, namen: Namen, left_out: Sequence[Weglating]
) -> dict[str, Any]:
    onderdeel = ONDERDELEN[tabel]
    held = vondst.rijen[tabel]
    given = [each for each in held if not is_left_out(left_out, tabel, each)]
    return {
        "code": tabel,
        "titel": onderdeel.titel,
        "hoofdstuk": onderdeel.hoofdstuk,
        "weggelaten": len(held) - len(given),
        "rijen": [_row(each, vondst, namen) for each in given],
    }


def _row(rij: Any, vondst: Vondst, namen: Namen) -> dict[str, Any]:
    mapper = inspect(type(rij))
    table = mapper.local_table
    dossier_id = getattr(rij, "dossier_id", None)
    elsewhere = dossier_id is not None and dossier_id not in vondst.dossiers
    only = ALLEEN.get(table.name, frozenset()) if elsewhere else None
    values: dict[str, Any] = {}
    secret = sealed_fields(type(rij))
    hidden = _cells(type(rij)) | TECHNISCH | {"id", "dossier_id"}
    for column in table.columns:
        if column.name in hidden or (only is not None and column.name not in only):
            continue
        value = getattr(rij, mapper.get_property_by_column(column).key)
        values[_key(column.name)] = _plain(column, value, vondst, namen)
    for name in secret:
        if (table.name, name) in ZONDER or (only is not None and name not in only):
            continue
        if name not in file_fields(type(rij)):
            values[name] = _open(getattr(rij, name))
    row_id: UUID | None = getattr(rij, "id", None)
    whose = row_id if table.name == "dossier" else dossier_id
    return {
        "id": str(row_id) if row_id else None,
        "dossier": namen.dossiers.get(whose) if whose else None,
        "elders": elsewhere,
        "velden": {name: value for name, value in values.items() if value is not None},
    }


def _cells(cls: type[Any]) -> set[str]:
    layout = getattr(cls, "__layout__", None)
    return set() if layout is None else {slot.name for slot in layout.slots.values()}


def _key(name: str) -> str:
    return name.removesuffix("_id")


def _plain(column: Any, value: Any, vondst: Vondst, namen: Namen) -> Any:
    if isinstance(value, UUID):
        if column.name in PERSONEEL or column.name.endswith("_by_id"):
            return namen.medewerkers.say(value)
        if ties_to(column, "user_account"):
            return namen.medewerkers.say(value)
        if ties_to(column, "inwoner"):
            return "u" if value in vondst.personen else namen.personen.get(value, ANDER)
        if ties_to(column, "aanbieder"):
            return namen.aanbieders.get(value)
        return str(value)
    if column.name == "product_code" and value in namen.producten:
        return f"{namen.producten[value]} ({value})"
    return _open(value)


def ties_to(column: Any, target: str) -> bool:
    """Whether a column refers to this table."""
    return column in ties(column.table, target)


def _open(value: Any) -> Any:
    """Write a value as JSON can hold it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _open(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_open(each) for each in value]
    return str(value)


def _looks(blikken: Blikken, namen: Namen) -> dict[str, list[dict[str, Any]]]:
    def told(each: Any) -> dict[str, Any]:
        return {
            "wanneer": each.at.isoformat(),
            "wie": namen.medewerkers.say(each.user_id) if each.user_id else "Onbekend",
            "functie": each.functie,
            "organisatie": namen.aanbieders.get(each.aanbieder_id, "Gemeente"),
            "wat": each.wat,
            "waarom": each.grond,
            "dossier": namen.dossiers.get(each.dossier_id),
        }

    return {
        "geopend": [told(each) for each in blikken.geopend],
        "in_een_lijst": [told(each) for each in blikken.in_een_lijst],
        "gedaan": [told(each) for each in blikken.gedaan],
    }


def _omissions(
    left_out: Sequence[Weglating], parts: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    count = {each["code"]: each["weggelaten"] for each in parts}
    told: dict[tuple[str, str, str], dict[str, Any]] = {}
    for each in left_out:
        key = (each.onderdeel, each.grond.value, each.uitleg or "")
        told[key] = {
            "onderdeel": each.onderdeel,
            "titel": ONDERDELEN[each.onderdeel].titel,
            "aantal": count[each.onderdeel],
            "alles": each.rij_id is None,
            "grond": each.grond.value,
            "uitleg": each.uitleg,
        }
    return list(told.values())


def file_name(tabel: str, rij: Any) -> str:
    """Name a file without a word of the person."""
    ending = (
        "xml"
        if tabel == "bericht"
        else ending_of(getattr(rij, "mediatype", "application/pdf"))
    )
    soort = getattr(rij, "soort", "")
    kind = soort.value if isinstance(soort, StrEnum) else soort
    name = "-".join(part for part in (tabel, kind, _reference(rij)) if part)
    return f"bestanden/{name}.{ending}"


def _reference(rij: Any) -> str:
    return str(getattr(rij, "referentie", rij.id))


def _files(vondst: Vondst, left_out: Sequence[Weglating]) -> list[dict[str, Any]]:
    return [
        {"naam": file_name(tabel, each), "onderdeel": tabel, "id": str(each.id)}
        for tabel, rijen in vondst.rijen.items()
        for each in rijen
        if tabel in FILES
        and getattr(each, "dossier_id", None) in vondst.dossiers | {None}
        and not is_left_out(left_out, tabel, each)
        and getattr(each, "brief_op", True) is not None
    ]


FILES = frozenset({"document", "bericht", "inzageverzoek"})
"""Tables whose rows hold a file of their own; a copy does not hold itself, and post
that was filed is a document of the dossier."""
