"""Promises about a pgb: it starts with its right, and lasts as long."""

from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.besluit.voorziening import Voorziening
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.pgb import operations


def start(work: Work, promise: Promise) -> None:
    """Make the budget of a besluitregel that granted a pgb."""
    regel = work.session.get_one(Besluitregel, promise.subject_id)
    operations.start_pgb(work.session, work.by, work.at, besluitregel=regel)


def follow(work: Work, promise: Promise) -> None:
    """Let the budgets of a voorziening follow what happened to the right."""
    voorziening = work.session.get_one(Voorziening, promise.subject_id)
    operations.follow_voorziening(
        work.session, work.by, work.at, voorziening=voorziening
    )


HANDLERS: dict[str, Handler] = {"pgb.start": start, "pgb.einde": follow}
