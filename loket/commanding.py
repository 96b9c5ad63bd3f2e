"""Roof: what a command of the beheerder works with: settings and one transaction."""

import getpass
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket import nouns
from loket.app import open_database, open_vault
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.config import Config
from loket.db import NOBODY, Scope
from loket.surroundings import Surroundings

TABLES = nouns.MODULES


def configured() -> Config:
    """Read the settings as `loket start` does, the home's own ones included."""
    return Config.from_env(Surroundings(dict(os.environ)).environ())


@contextmanager
def as_loket(*gemeenten: str) -> Iterator[tuple[Session, Actor, datetime]]:
    """Work in one transaction as Loket itself, for these gemeenten."""
    config = configured()
    vault = open_vault(config)
    database = open_database(config, vault)
    by = replace(Actor.system(gemeenten[0] if gemeenten else ""), via="cli")
    if not gemeenten:
        by = replace(by, gemeenten=())
    scope = Scope(gemeenten) if gemeenten else NOBODY
    try:
        with database.transaction(scope) as session:
            yield session, by, datetime.now(UTC)
    finally:
        database.engine.dispose()
        vault.engine.dispose()


def leave_trail(
    action: Action, *gemeenten: str, grond: str, subjects: Iterable[UUID] = ()
) -> None:
    """Record what a command did outside the database of the cases."""
    with as_loket(*gemeenten) as (session, by, at):
        record(session, by, action, at=at, grond=grond, subjects=subjects)


def who() -> str:
    """Name the door and who stands there, for the journal of the key store."""
    try:
        return f"cli/{getpass.getuser()}"
    except (OSError, KeyError):  # a user number without a name
        return f"cli/{os.getuid()}"
