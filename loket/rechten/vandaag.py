"""Where the privacy officer starts: what residents asked, the first to end first."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loket.authz import Actor, Permission
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.rechten.queries import list_inzageverzoeken
from loket.termijnen import dag_van
from loket.vandaag import Deel, Plek, Regel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Show the requests to see that wait for a decision."""
    if not by.may(Permission.RECHTEN_DECIDE):
        return
    yield Deel(
        "Verzoeken om inzage",
        [
            _regel(each, naam, at)
            for each, naam in list_inzageverzoeken(session, by, at)
            if not each.decided_at
        ],
        "Er wacht geen verzoek op een besluit.",
        Plek("inzageverzoek.list_verzoeken"),
        "Alle verzoeken van inwoners",
        kop="Verzoek",
    )


def _regel(verzoek: Inzageverzoek, naam: str, at: datetime) -> Regel:
    return Regel(
        verzoek.referentie,
        Plek("inzageverzoek.show_verzoek", (("referentie", verzoek.referentie),)),
        wat="Besluiten over inzage",
        naam=naam,
        sinds=verzoek.ontvangen_op,
        uiterlijk=verzoek.uiterlijk,
        dagen=(verzoek.uiterlijk - dag_van(at)).days,
    )
