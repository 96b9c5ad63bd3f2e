"""Printing a dossier: what was put on paper leaves the system, so it is recorded."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier


def print_dossier(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier, delen: Sequence[str]
) -> None:
    """Note which parts of a dossier were printed."""
    grond = ",".join(delen)
    record(session, by, Action.DOSSIER_PRINTED, dossier, at=at, grond=grond)
