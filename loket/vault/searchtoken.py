"""The search index: tokens apart from the rows, so that no backup carries them."""

from uuid import UUID

from sqlalchemy import Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Model, RowRule


class SearchToken(Gemeentelijk, Model):
    """One part a row can be found by; shared by several values on purpose."""

    __tablename__ = "search_token"
    __row_rule__ = RowRule.STAFF
    __table_args__ = (Index(None, "row_id"), Index(None, "scope_id"))

    gemeente_code: Mapped[str] = mapped_column(Text(), primary_key=True)
    index_name: Mapped[str] = mapped_column(primary_key=True)
    index_version: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    token: Mapped[bytes] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope_id: Mapped[UUID]


class SearchUnique(Gemeentelijk, Model):
    """A value that exists once within a gemeente, such as a BSN."""

    __tablename__ = "search_unique"
    __row_rule__ = RowRule.STAFF
    __table_args__ = (
        UniqueConstraint("gemeente_code", "index_name", "index_version", "token"),
        Index(None, "scope_id"),
    )

    gemeente_code: Mapped[str] = mapped_column(Text())
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    index_name: Mapped[str] = mapped_column(primary_key=True)
    index_version: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    token: Mapped[bytes]
    scope_id: Mapped[UUID]
