"""Holding a row for the length of a deed, so that what may happen once does."""

from sqlalchemy.orm import Session

from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking
from loket.db import hold

_DEEDS = (
    "reviewed_at",
    "reviewed_by_id",
    "decided_at",
    "besloten_op",
    "document_id",
    "made_known_at",
)


def lock_beschikking(session: Session, beschikking: Beschikking) -> None:
    """Wait for who else works on it, and see what was done meanwhile.

    Every deed begins with this: a regel that slips in while somebody decides would
    stand in the letter and have no effect.
    """
    # by name: its regels stay loaded
    hold(session, beschikking, *_DEEDS)


def lock_aanvraag(session: Session, aanvraag: Aanvraag) -> None:
    """Wait for who else works on it, and see whether it was decided or taken back."""
    hold(session, aanvraag, "withdrawn_at", "decided_at")
