"""People and their dossiers, valid by default."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from build.gemeente import NOW, TODAY, actor
from loket.authz import Actor, Role
from loket.bsn import is_bsn
from loket.cases.dossier import operations, operations_inwoner
from loket.cases.dossier.dossier import (
    Aanleiding,
    Betrokkene,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
)
from loket.cases.dossier.inwoner import Geslacht, Inwoner
from loket.cases.producten.product import Domein


def _test_numbers() -> Iterator[str]:
    for number in count(999_900_006):
        if is_bsn(str(number)):
            yield str(number)


_NUMBERS = _test_numbers()


def new_bsn() -> str:
    """Give a BSN from the range for tests that was not given before."""
    return next(_NUMBERS)


def inwoner(
    session: Session, by: Actor | None = None, at: datetime = NOW, **differs: Any
) -> Inwoner:
    """Make an inwoner with an address and a BSN."""
    gegevens: dict[str, Any] = {
        "bsn": new_bsn(),
        "voorletters": "A.",
        "achternaam": "Duinzand",
        "geboortedatum": date(1948, 5, 17),
        "geslacht": Geslacht.VROUW,
        "straat": "Dorpsstraat",
        "huisnummer": "12",
        "postcode": "1234AB",
        "woonplaats": "Duinstede",
        "telefoon": "0612345678",
    }
    return operations_inwoner.register_inwoner(
        session, by or actor(Role.FRONTOFFICE), at, **gegevens | differs
    )


def dossier(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    client: Inwoner | None = None,
    aanleiding: Aanleiding = Aanleiding.HERONDERZOEK,
    ontvangen_op: date = TODAY,
    **differs: Any,
) -> Dossier:
    """Make a dossier without a melding."""
    who = by or actor(Role.CONSULENT)
    return operations.open_dossier(
        session,
        who,
        at,
        client=client or inwoner(session, who, at),
        aanleiding=aanleiding,
        ontvangen_op=ontvangen_op,
        **{"domeinen": [Domein.HUISHOUDELIJKE_HULP]} | differs,
    )


def betrokkene(
    session: Session,
    of: Dossier,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    rol: BetrokkeneRol = BetrokkeneRol.MANTELZORGER,
    bevoegdheid: Bevoegdheid = Bevoegdheid.GEEN,
    van: date = TODAY,
    **person: Any,
) -> Betrokkene:
    """Put somebody around the cliënt."""
    who = by or actor(Role.CONSULENT)
    return operations.add_betrokkene(
        session,
        who,
        at,
        dossier=of,
        inwoner=inwoner(session, who, at, **{"bsn": None} | person),
        rol=rol,
        bevoegdheid=bevoegdheid,
        van=van,
    )
