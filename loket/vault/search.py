"""Searching sealed fields: tokens find the candidates, opening them tells."""

from contextlib import closing
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from loket.errors import RuleViolation
from loket.vault.errors import KeyDestroyed
from loket.vault.layout import Indexed, Layout, Sealed, value_of, vault_of
from loket.vault.searchindex import IndexVersion
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.tokens import Find

M = TypeVar("M", bound=Sealed)
STAR = "*"


def search(
    session: Session,
    model: type[M],
    *,
    gemeente_code: str,
    where: tuple[ColumnElement[bool], ...] | ColumnElement[bool] = (),
    most: int | None = None,
    **sought: object,
) -> list[M]:
    """Find rows by sealed fields; the result is exact and not sorted.

    `achternaam="jans*"` finds by first letters, `achternaam="jansen"` by whole
    parts: a name is found when it has every part that is sought. With `most` it stops
    at one more than that: who refuses too many need not open them all to know.

    Raises:
        RuleViolation: nothing to search with, or too few letters before the `*`.
    """
    if not sought:
        raise RuleViolation("Vul in waarop u wilt zoeken.")
    layout: Layout = model.__layout__
    questions = [
        _Question(_indexed(layout, name), value) for name, value in sought.items()
    ]
    any_model: Any = model
    conditions = [any_model.gemeente_code == gemeente_code]
    conditions += where if isinstance(where, tuple) else (where,)
    # within the transaction: who replaces an index waits for those that run
    session.connection()
    version = vault_of(session).indexes(gemeente_code).reading
    for question in questions:
        for table, index, token in question.tokens(version, layout):
            conditions.append(
                any_model.id.in_(
                    select(table.row_id).where(
                        table.gemeente_code == gemeente_code,
                        table.index_name == index,
                        table.index_version == version.number,
                        table.token.in_(token),
                    )
                )
            )
    asked = select(model).where(*conditions)
    if most is not None:
        asked = asked.execution_options(yield_per=most + 1)
    with closing(session.scalars(asked)) as rows:
        found = (row for row in rows if all(each.fits(row) for each in questions))
        return list(islice(found, None if most is None else most + 1))


def _indexed(layout: Layout, name: str) -> Indexed:
    for indexed in layout.indexed:
        if indexed.name == name:
            return indexed
    raise TypeError(f"{layout.table}.{name} has no search index")


class _Question:
    """One field and what is sought in it, folded."""

    def __init__(self, indexed: Indexed, value: object) -> None:
        self.indexed = indexed
        starred = isinstance(value, str) and value.rstrip().endswith(STAR)
        plain = str(value).rstrip().rstrip(STAR) if starred else value
        parts = indexed.finds[0].fold(plain)
        self.whole = parts[:-1] if starred else parts
        self.start = parts[-1] if starred and parts else None
        if not parts:
            raise RuleViolation("Vul in waarop u wilt zoeken.", indexed.name)

    def _find(self, *, by_start: bool) -> Find:
        for find in self.indexed.finds:
            if (find.letters is not None) == by_start:
                return find
        raise TypeError(f"{self.indexed.name} cannot be found this way")

    def tokens(
        self, version: IndexVersion, layout: Layout
    ) -> list[tuple[type[Any], str, list[bytes]]]:
        """Say in which table and index each part must have which token."""
        table = SearchUnique if self.indexed.unique else SearchToken
        wanted: list[tuple[Find, tuple[str, ...]]] = [
            (self._find(by_start=False), (part,)) for part in self.whole
        ]
        if self.start is not None:
            find = self._find(by_start=True)
            letters = find.letters or 0
            if len(self.start) < letters:
                raise RuleViolation(
                    f"Typ minstens {letters} letters voor het sterretje.",
                    self.indexed.name,
                )
            wanted.append((find, self.starts(letters)))
        found = []
        for find, parts in wanted:
            index = layout.index_name(self.indexed.name, find)
            token = [
                version.token(index, find, part, unique=self.indexed.unique)
                for part in parts
            ]
            found.append((table, index, token))
        return found

    def starts(self, letters: int) -> tuple[str, ...]:
        """First letters a name may have: a typed `mei` may become `meij`, our `mey`."""
        return tuple({start[:letters] for start in self._variants()})

    def _variants(self) -> tuple[str, ...]:
        start = self.start or ""
        if start.endswith("i"):
            return (start, f"{start[:-1]}y")
        return (start,)

    def fits(self, row: Any) -> bool:
        """Whether the opened value really is what was sought."""
        try:
            value = self.indexed.read(value_of(row, self.indexed.slot))
        except KeyDestroyed:
            # the key goes before the tokens do
            return False
        if value is None:
            return False
        parts = self.indexed.finds[0].fold(value)
        if not set(self.whole) <= set(parts):
            return False
        return self.start is None or any(
            part.startswith(self._variants()) for part in parts
        )


def drop_tokens(session: Session, scope_id: UUID) -> None:
    """Delete every search token of a scope, when it is shredded."""
    for table in (SearchToken, SearchUnique):
        session.execute(delete(table).where(table.scope_id == scope_id))
