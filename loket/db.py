"""The ground under every table: Model, column vocabulary, scope and transaction."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Connection,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Select,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    QueryableAttribute,
    Session,
    mapped_column,
    sessionmaker,
)
from sqlalchemy.orm.session import SessionTransaction
from sqlalchemy.sql import sqltypes

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A point in time, always timezone-aware, stored in UTC."""

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Characters nobody confuses when a reference is read out over the telephone."""

CLASHES = frozenset({"23505", "23P01"})
"""What PostgreSQL says of a row that is there already, or holds in the same period."""

Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]])


def uuid7() -> UUID:
    """Make a time-ordered id, so that it exists before anything is sealed under it.

    A quarter of a microsecond tells two of them apart (RFC 9562, method 3): what one
    process makes one after the other, stays in that order.
    """
    stamp, nanos = divmod(time.time_ns(), 1_000_000)
    fraction = nanos * 4096 // 1_000_000
    tail = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=stamp << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | tail)


def made_at(row_id: UUID) -> datetime:
    """Read from its id when a row was made, to the millisecond."""
    return datetime.fromtimestamp((row_id.int >> 80) / 1000, UTC)


def new_referentie() -> str:
    """Make the reference of a case, such as `H7K3-9QF2`: random, never a count."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Model(DeclarativeBase):
    """Every table of Loket."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
            ExcludeConstraint: "ex_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        str: Text(),
        # native enums spoil index use under row-level security: their equality leaks
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=64,
            values_callable=_values,
            validate_strings=True,
        ),
    }

    def __init__(self, **values: Any) -> None:
        if hasattr(type(self), "id"):
            values.setdefault("id", uuid7())
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no column {name!r}")
            setattr(self, name, value)


def mapped() -> list[Mapper[Any]]:
    """Give every noun of Loket; others may map tables of their own beside them."""
    return [
        mapper
        for mapper in Model.registry.mappers
        if getattr(mapper.local_table, "metadata", None) is Model.metadata
    ]


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Type of a second column with the same enum in one table: its CHECK has a name."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=64,
        values_callable=_values,
        validate_strings=True,
        name=name,
    )


Id = Annotated[UUID, mapped_column(sqltypes.Uuid(), primary_key=True, default=uuid7)]


class RowRule(StrEnum):
    """Who the database itself lets through, besides the gemeente (datamodel.md)."""

    STAFF = "staff"
    """Never a session of an aanbieder."""
    OWN = "own"
    """A session of an aanbieder sees the rows with its own `aanbieder_id`."""
    OWN_ANSWER = "own_answer"
    """The same, but it only fills in its answer: it makes and removes no rows."""
    OWN_ADD = "own_add"
    """It adds rows of its own and marks what it read; it rewrites and removes none."""
    OWN_PROMISE = "own_promise"
    """A session of an aanbieder adds what must follow its own answers, no more."""
    OWN_READ = "own_read"
    """It sees its own, and changes nothing there."""
    SHARED = "shared"
    """A session of an aanbieder reads rows of a dossier or inwoner shared with it."""
    OPEN = "open"
    """Everyone within the gemeente reads it; an aanbieder changes nothing there."""


class Gemeentelijk:
    """A row that belongs to one gemeente and that row-level security guards."""

    __row_rule__ = RowRule.STAFF

    gemeente_code: Mapped[str] = mapped_column(Text(), index=True)


def together(*names: str) -> CheckConstraint:
    """Moment and actor of one deed are both there, or neither is."""
    nulls = " = ".join(f"({name} IS NULL)" for name in names[:2])
    rest = "".join(
        f" AND ({names[0]} IS NULL) = ({name} IS NULL)" for name in names[2:]
    )
    return CheckConstraint(nulls + rest, name=f"{names[0]}_together")


def in_order(first: str, later: str) -> CheckConstraint:
    """The later day is not before the first (open ends pass)."""
    return CheckConstraint(f"{later} >= {first}", name=f"{later}_after_{first}")


def status_of(**deeds: str) -> Computed:
    """Derive the status: the first deed (column) that was done names it.

    Keyword is the status, value the column that must be filled; the last one with
    an empty value is the status before any deed.
    """
    cases = "".join(
        f" WHEN {column} IS NOT NULL THEN '{status}'"
        for status, column in deeds.items()
        if column
    )
    start = next(status for status, column in deeds.items() if not column)
    return Computed(f"CASE{cases} ELSE '{start}' END", persisted=True)


def no_overlap(*same: str, van: str = "van", tot: str = "tot") -> ExcludeConstraint:
    """Two rows with the same keys never hold on the same day; `tot` is the last day."""
    return ExcludeConstraint(
        *[(name, "=") for name in same],
        (text(f"daterange({van}, {tot}, '[]')"), "&&"),
        name="no_overlap",
        using="gist",
    )


def newest_first(
    asked: Asked, row_id: QueryableAttribute[UUID], na: UUID | None, limit: int
) -> Asked:
    """Ask a page of a list that goes on: from before the row `na`, newest first.

    Ids are ordered in time. Who asks one more than fits, knows if there is a next page.
    """
    if na is not None:
        asked = asked.where(row_id < na)
    return asked.order_by(row_id.desc()).limit(limit)


def hold(session: Session, row: Model, *deeds: str) -> None:
    """Wait for who else works on this row, and see what was done to it meanwhile.

    A deed that may happen once begins with this, before it looks.

    Args:
        deeds: columns that say what was done; the rest stays as it was loaded.
    """
    session.flush()  # a refresh forgets what was not stored yet
    session.refresh(row, deeds, with_for_update=True)


def read_whole(session: Session) -> None:
    """Let this transaction plan a stream for all of it, not for its first tenth.

    PostgreSQL expects that most of what a cursor finds is never asked; for a search
    through every row it would then look each one up by itself.
    """
    session.execute(text("SET LOCAL cursor_tuple_fraction = 1"))


def is_clash(error: IntegrityError) -> bool:
    """Tell whether somebody else stored the same thing at the same moment."""
    return getattr(error.orig, "sqlstate", None) in CLASHES


@dataclass(frozen=True)
class Scope:
    """For whom a transaction reads and writes; the database refuses all other rows."""

    gemeenten: tuple[str, ...] = ()
    aanbieder_id: UUID | None = None
    beheert: bool = False
    """Whether this is who manages the accounts of that aanbieder."""

    @classmethod
    def of(cls, *gemeenten: str) -> "Scope":
        """Scope of staff or of a job: these gemeenten, no aanbieder."""
        return cls(gemeenten)


NOBODY = Scope()


def set_scope(session: Session, scope: Scope) -> None:
    """Let this session work within `scope`, from now on and in later transactions."""
    session.info["scope"] = scope
    if session.in_transaction():
        _apply_scope(session.connection(), scope)


def scope_of(session: Session) -> Scope:
    """Return the scope this session works within."""
    scope = session.info.get("scope", NOBODY)
    if not isinstance(scope, Scope):
        raise TypeError("session.info['scope'] holds no Scope")
    return scope


def _apply_scope(connection: Connection, scope: Scope) -> None:
    connection.execute(
        text(
            "SELECT set_config('loket.gemeenten', :gemeenten, true),"
            " set_config('loket.aanbieder', :aanbieder, true),"
            " set_config('loket.beheert', :beheert, true)"
        ),
        {
            "gemeenten": ",".join(scope.gemeenten),
            "aanbieder": str(scope.aanbieder_id or ""),
            "beheert": "ja" if scope.beheert else "",
        },
    )


def _after_begin(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    if not transaction.nested:
        _apply_scope(connection, scope_of(session))


def make_engine(url: str, **options: Any) -> Engine:
    """Connect to PostgreSQL; statement parameters never reach a log or an exception."""
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, echo=False, **options
    )


class Database:
    """The database as the program uses it: sessions within a scope.

    `info` is handed to every session (the vault travels there).
    """

    def __init__(self, engine: Engine, **info: Any) -> None:
        if not engine.hide_parameters:
            raise ValueError("the engine must hide its parameters")
        if engine.echo:
            raise ValueError("the engine must not tell what it does")
        self.engine = engine
        self._sessions = sessionmaker(engine, info=info, expire_on_commit=False)
        event.listen(self._sessions, "after_begin", _after_begin)

    def session(self, scope: Scope = NOBODY) -> Session:
        """Open a session; the caller commits (only the frame may be that caller)."""
        session = self._sessions()
        session.info["scope"] = scope
        return session

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[Session]:
        """One unit of work outside a request: a job, a command, the demo."""
        with self.session(scope) as session, session.begin():
            yield session
