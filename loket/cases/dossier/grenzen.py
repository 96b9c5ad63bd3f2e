"""The norms of watching over looks, as they hold on a day."""

from datetime import datetime

from sqlalchemy.orm import Session

from loket.accounts.norm_toezicht import Grens
from loket.accounts.queries import instelling
from loket.accounts.register import norm_of
from loket.authz import Actor
from loket.termijnen import dag_van


def norm(session: Session, by: Actor, at: datetime, grens: Grens) -> int:
    """Return a norm as it holds on the day of `at`, else what the register says."""
    found = instelling(session, by.gemeente_code, grens.norm, dag_van(at))
    return int(norm_of(grens.norm).standaard if found is None else found)
