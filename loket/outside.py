"""Roof: looks at the servers Loket was told to use, and says what is wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from loket.processes import StartProblem
from loket.programs import OLDEST_POSTGRES, OLDEST_REDIS

CONNECT_SECONDS = 10


def name_of(url: str) -> str:
    """Write an address without its password."""
    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def connection_to(url: str) -> Iterator[Connection]:
    """Connect to a database; when that fails, say to which and why."""
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise StartProblem(
            f"Geen verbinding met {name_of(url)}: {_reason(error)}\n"
            "Wat u kunt doen: kijk of de server draait en of adres, rol en wachtwoord"
            " kloppen."
        ) from error
    with connection:
        yield connection


def _reason(error: OperationalError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def check_postgres(url: str) -> str:
    """Look at a database; return its version, refuse one that is too old."""
    with connection_to(url) as connection:
        number = int(connection.scalar(text("SHOW server_version_num")))
        named = str(connection.scalar(text("SHOW server_version")))
    if number < OLDEST_POSTGRES * 10_000:
        raise StartProblem(
            f"PostgreSQL {named} op {name_of(url)} is te oud: Loket heeft versie"
            f" {OLDEST_POSTGRES} of nieuwer nodig.\n"
            "Wat u kunt doen: werk de server bij, of gebruik een andere."
        )
    return f"PostgreSQL {named}"


def check_runtime_role(url: str) -> str:
    """Look whether the role of the program is under row-level security."""
    with connection_to(url) as connection:
        role = str(connection.scalar(text("SELECT current_user")))
        special = connection.scalar(
            text(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles"
                " WHERE rolname = current_user"
            )
        )
        owned = connection.scalar(
            text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        )
    if special or owned:
        raise StartProblem(
            f"De rol {role} gaat langs de beveiliging per rij: hij is beheerder van de"
            " database of eigenaar van de tabellen.\nWat u kunt doen: geef in"
            " LOKET_DATABASE_URL een eigen rol zonder SUPERUSER en BYPASSRLS op."
        )
    return f"rol {role}"


def check_redis(url: str) -> str:
    """Look at the queue; return its version, refuse one that is too old."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS) as queue:
            found = queue.info("server")
    except (redis.RedisError, ValueError) as error:
        raise StartProblem(
            f"Geen verbinding met Redis of Valkey ({type(error).__name__}).\n"
            "Wat u kunt doen: kijk of de server draait en of LOKET_REDIS_URL klopt."
        ) from error
    version = str(found["redis_version"])
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST_REDIS:
        raise StartProblem(
            f"Redis {version} is te oud: Loket heeft 6.2 of nieuwer nodig.\n"
            "Wat u kunt doen: werk de server bij, of gebruik een andere."
        )
    name = "Valkey" if "valkey_version" in found else "Redis"
    return f"{name} {found.get('valkey_version', version)}"


def is_empty(url: str) -> bool:
    """Whether no gemeente works here yet: this is the first start."""
    with connection_to(url) as connection:
        try:
            return not connection.scalar(text("SELECT EXISTS (SELECT FROM gemeente)"))
        except ProgrammingError as error:
            raise StartProblem(
                f"{name_of(url)} heeft de tabellen van Loket niet, of deze rol mag ze"
                " niet lezen.\nWat u kunt doen: kijk of LOKET_DATABASE_OWNER_URL naar"
                " dezelfde database wijst."
            ) from error
