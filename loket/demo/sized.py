"""A demo of any size, on top of the told cases: played models and their twins."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.app import open_database, open_vault
from loket.cases.dossier.dossier import Dossier
from loket.config import Config
from loket.db import Database, Scope, make_engine
from loket.demo.load import load_demo, tell_cases
from loket.demo.organisation import find_organisation
from loket.demo.people import rows
from loket.demo.town import SEED, free_bsns, modellen
from loket.demo.twins import owner_of, stamp_twins
from loket.demo.unit import read_ids
from loket.errors import RuleViolation
from loket.termijnen import dag_van

USUAL = 400
MOST = 100_000
FEWEST_MODELS, MOST_MODELS, TWINS_PER_MODEL = 60, 400, 50
ROOM = 60
"""So many own dossiers may stand beside the told ones before this is a big demo."""


def load_town(
    config: Config,
    dossiers: int = USUAL,
    now: datetime | None = None,
    say: Callable[[str], object] = print,
) -> None:
    """Bring the demo to `dossiers` cases over both gemeenten and two years.

    Some are played through the operations, with their letters; every other one is a
    twin of such a model (see `loket.demo.twins`). The twins come in one transaction:
    all of them, or none.

    Raises:
        RuleViolation: in production, beside real data, or when it was done before.
    """
    if config.is_production:
        raise RuleViolation("In productie laadt Loket geen verzonnen zaken.")
    moment = now or datetime.now(UTC)
    vault = open_vault(config)
    database = open_database(config, vault)
    owner = make_engine(config.database_owner_url)
    try:
        load_demo(config, moment)
        org = find_organisation(database)
        todo = dossiers - _count(database)
        _check(todo, dossiers)
        count = number_of_models(todo)
        with owner_of(owner) as connection:
            before = read_ids(connection)
        models = modellen(count, dag_van(moment), SEED)
        tell_cases(database, config, moment, org, models)
        say(f"{count} zaken zijn gespeeld, met brieven.")
        stamp_twins(owner, vault, before, todo - count, free_bsns(count))
        say(f"De demo heeft nu {dossiers} zaken. Alleen gespeelde hebben brieven.")
    finally:
        for engine in (database.engine, vault.engine, owner):
            engine.dispose()


def number_of_models(todo: int) -> int:
    """Say how many cases are played: more kinds of days in a bigger town."""
    wanted = max(FEWEST_MODELS, min(MOST_MODELS, todo // TWINS_PER_MODEL))
    return min(todo, wanted)


def _count(database: Database) -> int:
    codes = [row["code"] for row in rows("gemeenten")]
    with database.transaction(Scope.of(*codes)) as session:
        return _count_dossiers(session)


def _count_dossiers(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Dossier)) or 0


def _check(todo: int, dossiers: int) -> None:
    present = dossiers - todo
    told = sum(1 for _ in rows("zaken"))
    if present > told + ROOM:
        raise RuleViolation(
            f"Hier staan al {present} zaken. Wat u kunt doen: begin met een lege map"
            " (--home), en laad daar de demo."
        )
    if todo <= 0:
        raise RuleViolation(
            f"De demo heeft er al {present}. Wat u kunt doen: vraag er meer."
        )
