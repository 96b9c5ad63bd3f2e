"""What the privacy officer has to review: emergency access, then signals."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission
from loket.cases.dossier.queries_noodtoegang import list_noodtoegang
from loket.cases.dossier.woorden import NOODGROND
from loket.termijnen import dag_van
from loket.toezicht.queries import list_signalen
from loket.toezicht.woorden import REGEL
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel

_ALL = Plek("toezicht.show_toezicht")


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell the privacy officer what waits for a review."""
    if by.may(Permission.TOEZICHT_READ):
        yield _nood(session, by, at)
        yield _signalen(session, by, at)


def _nood(session: Session, by: Actor, at: datetime) -> Deel:
    found = list_noodtoegang(session, by, reviewed=False, most=MOST_SHOWN + 1)
    names = staff_names(session, [each.user_id for each, _ in found])
    record(session, by, Action.NOODTOEGANG_READ, at=at, grond="vandaag")
    today = dag_van(at)
    return Deel(
        "Noodtoegang om te beoordelen",
        [
            Regel(
                names.get(each.user_id, "Onbekend"),
                Plek("toezicht.review_nood", (("noodtoegang_id", str(each.id)),)),
                wat=NOODGROND[each.grond],
                moment=each.opened_at,
                uiterlijk=each.uiterlijk,
                dagen=(each.uiterlijk - today).days,
            )
            for each, _ in found
        ],
        "Geen noodtoegang wacht op een oordeel.",
        _ALL,
        "Alle noodtoegang",
        kop="Wie",
    )


def _signalen(session: Session, by: Actor, at: datetime) -> Deel:
    found = list_signalen(session, by, reviewed=False, most=MOST_SHOWN + 1)
    record(session, by, Action.INZAGESIGNAAL_READ, at=at, grond="vandaag")
    today = dag_van(at)
    return Deel(
        "Signalen van inzage",
        [
            Regel(
                naam,
                Plek("toezicht.review_signaal", (("inzagesignaal_id", str(each.id)),)),
                wat=REGEL[each.regel],
                sinds=each.dag,
                uiterlijk=each.uiterlijk,
                dagen=(each.uiterlijk - today).days,
            )
            for each, naam, _ in found
        ],
        "Er is geen signaal om te beoordelen.",
        _ALL,
        "Alle signalen",
        kop="Wie",
        sinds_kop="Dag",
    )
