"""Meldingen, valid by default."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from build.dossier import inwoner
from build.gemeente import NOW, TODAY, actor
from loket.authz import Actor, Role
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.melding import operations
from loket.cases.melding.melding import Huishoudtype, Melding, Verwijzer
from loket.cases.producten.product import Domein


def melding(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    client: Inwoner | None = None,
    ontvangen_op: date = TODAY,
    **differs: Any,
) -> Melding:
    """Register a melding about help at home and days out."""
    who = by or actor(Role.FRONTOFFICE)
    answers: dict[str, Any] = {
        "kanaal": Kanaal.TELEFOON,
        "hulpvraag": "Ik red het huishouden niet meer alleen.",
        "behoeften": [
            ("Een schoon huis", [Domein.HUISHOUDELIJKE_HULP]),
            ("Overdag onder de mensen", [Domein.DAGBESTEDING, Domein.VERVOER]),
        ],
        "verwijzer": Verwijzer.HUISARTS,
        "huishoudtype": Huishoudtype.ALLEENSTAAND,
        "clientondersteuning_verteld": True,
    }
    return operations.register_melding(
        session,
        who,
        at,
        client=client or inwoner(session, who, at),
        ontvangen_op=ontvangen_op,
        **answers | differs,
    )
