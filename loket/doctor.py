"""Roof: `loket doctor`: looks at everything Loket needs, and says what to do."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis import Redis
from rq import Worker
from sqlalchemy import text

from loket.accounts.queries import gemeente_codes
from loket.app import open_database, open_vault
from loket.audit.batch import INSTALLATION
from loket.audit.jobs import scope_of_chain
from loket.audit.sealing import oldest_waiting
from loket.backup.trail import standing
from loket.config import Config
from loket.db import NOBODY
from loket.errors import LoketError, NotConfigured
from loket.home import NEEDED_SPACE
from loket.mail.operations import server_of
from loket.migrating import current_revision, newest_revision
from loket.outside import (
    check_postgres,
    check_redis,
    check_runtime_role,
    connection_to,
)
from loket.processes import StartProblem
from loket.schedule import queue
from loket.surroundings import Surroundings

LARGEST_CLOCK_DIFFERENCE = 5.0
LONG_QUEUE = 1000
LONGEST_UNSEALED = timedelta(hours=1)
"""The worker seals each minute; after a large import it needs longer."""

Check = Callable[[Config], str]


def check_database(config: Config) -> str:
    """The database answers, and the program's role is under row-level security."""
    version = check_postgres(config.database_url)
    return f"{version}, {check_runtime_role(config.database_url)}"


TELLING = {
    "log_statement": {"none", "ddl"},
    "log_parameter_max_length_on_error": {"0"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
}
"""Settings of PostgreSQL with which no value of a row gets into its log."""


def check_server_log(config: Config) -> str:
    """The server writes down no statements: its log is no place for cases."""
    with connection_to(config.database_url) as connection:
        wrong = [
            f"{name} = {found}"
            for name, allowed in TELLING.items()
            if (found := str(connection.scalar(text(f"SHOW {name}")))) not in allowed
        ]
    if wrong:
        raise StartProblem(
            f"De databaseserver schrijft te veel in zijn logboek: {', '.join(wrong)}.\n"
            "Wat u kunt doen: zet in postgresql.conf log_statement op none,"
            " log_parameter_max_length_on_error op 0 en de twee log_min_duration op -1."
        )
    return "geen statements en geen waarden"


def check_keystore(config: Config) -> str:
    """The key store answers and is another database than the cases."""
    version = check_postgres(config.keystore_url)
    if config.keystore_url == config.database_url:
        raise StartProblem(
            "De sleutelkluis staat in de database met de dossiers.\n"
            "Wat u kunt doen: geef in LOKET_KEYSTORE_URL een eigen database op, met"
            " een eigen reservekopie."
        )
    return version


def check_migrations(config: Config) -> str:
    """The tables are those of this version of the program."""
    with connection_to(config.database_url) as connection:
        here = current_revision(connection)
    expected = newest_revision()
    if here != expected:
        raise StartProblem(
            f"De database heeft versie {here or 'geen'}, dit programma verwacht"
            f" {expected}.\nWat u kunt doen: voer 'loket migrate' uit."
        )
    return f"versie {here}"


def check_keys(config: Config) -> str:
    """The key store gives up its keys under this key-encryption key."""
    vault = open_vault(config)
    try:
        vault.check()
        versions = vault.tenant_keys.kek.versions()
    except LoketError as problem:
        raise StartProblem(problem.message) from None
    finally:
        vault.engine.dispose()
    keeper = "uit de HSM" if config.kek_provider else "uit LOKET_KEK"
    return f"de sleutels passen, hoofdsleutel versie {max(versions)} {keeper}"


def check_clock(config: Config) -> str:
    """This machine and the database agree on what time it is."""
    with connection_to(config.database_url) as connection:
        there = connection.scalar(text("SELECT clock_timestamp()"))
    if there is None:
        raise StartProblem("De database zegt niet hoe laat het is.")
    difference = abs((datetime.now(UTC) - there).total_seconds())
    if difference > LARGEST_CLOCK_DIFFERENCE:
        raise StartProblem(
            f"De klok van deze machine en die van de database verschillen"
            f" {difference:.0f} seconden.\n"
            "Wat u kunt doen: zet tijdsynchronisatie (NTP) aan op beide machines."
        )
    return "gelijk met de database"


def check_queue(config: Config) -> str:
    """The queue answers and is not running full."""
    version = check_redis(config.redis_url)
    with Redis.from_url(config.redis_url) as connection:
        waiting = queue(connection).count
    if waiting > LONG_QUEUE:
        raise StartProblem(
            f"Er wachten {waiting} opdrachten.\n"
            "Wat u kunt doen: kijk in het logboek van de worker, of start er meer."
        )
    return f"{version}, {waiting} opdrachten wachten"


def check_worker(config: Config) -> str:
    """Somebody does the work: letters, messages, reminders."""
    with Redis.from_url(config.redis_url) as connection:
        working = Worker.count(queue=queue(connection))
    if not working:
        raise StartProblem(
            "Er draait geen worker: brieven en berichten blijven liggen.\n"
            "Wat u kunt doen: voer 'loket start' uit, of start 'python -m"
            " loket.worker' als dienst."
        )
    return f"{working} aan het werk"


def check_mail(config: Config) -> str:
    """The mail server lets us in; without one people only see their work in Loket."""
    if not config.smtp_url:
        return "niet ingesteld (LOKET_SMTP_URL): niemand krijgt e-mail dat er werk is"
    try:
        server_of(config).check()
    except NotConfigured as away:
        raise StartProblem(
            f"{away.message}\nWat u kunt doen: kijk LOKET_SMTP_URL na: adres, poort,"
            " gebruiker en wachtwoord. Tot dan wacht de e-mail."
        ) from None
    return f"de mailserver laat ons binnen, afzender {config.mail_from}"


def check_disk(config: Config) -> str:
    """There is room in the home."""
    folder = config.home if config.home.exists() else Path("/")
    free = shutil.disk_usage(folder).free
    if free < NEEDED_SPACE:
        raise StartProblem(
            f"In {folder} is nog {free // 1_000_000} MB vrij.\n"
            "Wat u kunt doen: maak ruimte."
        )
    return f"{free // 1_000_000_000} GB vrij"


def check_copies(config: Config) -> str:
    """The last copy is not older than what may be lost, and it was tried."""
    at = datetime.now(UTC)
    stand = standing(config, at)
    if stand.is_kopie_te_oud(at) and (config.is_production or config.backup_recipients):
        last = f"{stand.gemaakt:%d-%m-%Y %H:%M} UTC" if stand.gemaakt else "nooit"
        raise StartProblem(
            f"De laatste reservekopie is te oud: {last}.\n"
            "Wat u kunt doen: voer 'loket backup make' uit, en laat dat vanzelf gaan"
            " (zie README.md)."
        )
    if stand.gemaakt is None:
        return "niet ingesteld (LOKET_BACKUP_RECIPIENTS): er is geen reservekopie"
    tried = ", terugzetten te lang geleden geoefend" * stand.is_oefening_te_oud(at)
    return f"laatste {stand.gemaakt:%d-%m-%Y %H:%M} UTC{tried}"


def check_trail(config: Config) -> str:
    """The trail is sealed soon after it was written."""
    vault = open_vault(config)
    database = open_database(config, vault)
    try:
        with database.transaction(NOBODY) as session:
            chains = (INSTALLATION, *gemeente_codes(session))
        waits = []
        for chain in chains:
            with database.transaction(scope_of_chain(chain)) as session:
                waits.append(oldest_waiting(session, chain))
    finally:
        database.engine.dispose()
        vault.engine.dispose()
    oldest = min((each for each in waits if each), default=None)
    if oldest and datetime.now(UTC) - oldest > LONGEST_UNSEALED:
        raise StartProblem(
            f"Het logboek is sinds {oldest:%d-%m-%Y %H:%M} UTC niet verzegeld.\n"
            "Wat u kunt doen: kijk of de worker draait, en in zijn logboek."
        )
    return "verzegeld" if oldest is None else "wordt verzegeld"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("database", check_database),
    ("sleutelkluis", check_keystore),
    ("databaselog", check_server_log),
    ("migraties", check_migrations),
    ("sleutels", check_keys),
    ("klok", check_clock),
    ("wachtrij", check_queue),
    ("worker", check_worker),
    ("e-mail", check_mail),
    ("schijf", check_disk),
    ("reservekopie", check_copies),
    ("logboek", check_trail),
)


def examine(surroundings: Surroundings, say: Callable[[str], object]) -> bool:
    """Run every check, say how each ended, and tell whether all is well."""
    config = Config.from_env(surroundings.environ())
    say(f"{'instellingen':<14} goed: LOKET_ENV={config.env}, map {config.home}")
    outcomes = [_run(name, check, config, say) for name, check in CHECKS]
    return all(outcomes)


def _run(name: str, check: Check, config: Config, say: Callable[[str], object]) -> bool:
    try:
        say(f"{name:<14} goed: {check(config)}")
    except StartProblem as problem:
        indented = problem.message.replace("\n", "\n" + " " * 15)
        say(f"{name:<14} FOUT: {indented}")
        return False
    except Exception as error:
        # whatever is wrong, the other checks are still said
        say(f"{name:<14} FOUT: {type(error).__name__}")
        return False
    return True
