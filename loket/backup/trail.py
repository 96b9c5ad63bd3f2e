"""What copies leave in the trail, and the norms they are held against."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.app import open_database, open_vault
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.beheer.reservekopie import Normen, Stand, normen_op, stand_op
from loket.config import Config
from loket.db import NOBODY, Scope


@contextmanager
def _everywhere(config: Config) -> Iterator[tuple[Session, tuple[str, ...]]]:
    vault = open_vault(config)
    database = open_database(config, vault)
    try:
        with database.transaction(NOBODY) as session:
            gemeenten = gemeente_codes(session)
        with database.transaction(Scope(gemeenten)) as session:
            yield session, gemeenten
    finally:
        database.engine.dispose()
        vault.engine.dispose()


def note(config: Config, action: Action, at: datetime, grond: str) -> None:
    """Leave one record for each gemeente: it is about the files of all of them."""
    with _everywhere(config) as (session, gemeenten):
        for code in gemeenten:
            by = replace(Actor.system(code), via="cli")
            record(session, by, action, at=at, grond=grond)


def norms(config: Config, at: datetime) -> Normen:
    """Return the strictest norms of the gemeenten here."""
    with _everywhere(config) as (session, gemeenten):
        return normen_op(session, gemeenten, at)


def standing(config: Config, at: datetime) -> Stand:
    """Tell how the copies stand."""
    with _everywhere(config) as (session, gemeenten):
        return stand_op(session, gemeenten, at)
