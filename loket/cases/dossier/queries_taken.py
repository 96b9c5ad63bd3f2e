"""The open tasks of somebody and of their roles, whatever the dossier."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import visible
from loket.cases.dossier.taak import Taak, TaakSoort

MOST_SHOWN = 50


@dataclass(frozen=True)
class OpenTaak:
    """One line: what, for whom, and the letter it is about if there is one."""

    soort: TaakSoort
    dossier: str
    naam: str
    uiterlijk: date
    dagen: int
    persoonlijk: bool
    brief: DocumentSoort | None
    brief_referentie: str | None

    @property
    def te_laat(self) -> bool:
        """Whether the last day has passed."""
        return self.dagen < 0


def list_open_taken(
    session: Session, by: Actor, at: datetime, most: int = MOST_SHOWN
) -> list[OpenTaak]:
    """Return the tasks for this actor, the first day first; one more than shown.

    Whose names were shown is recorded once.
    """
    found = session.execute(
        select(Taak, Dossier.referentie, Inwoner, Document.soort, Document.referentie)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .outerjoin(
            Document,
            (Document.id == Taak.onderwerp_id) & (Document.dossier_id == Dossier.id),
        )
        .where(
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Taak.done_at.is_(None),
            (Taak.voor_user_id == by.id) | Taak.voor_rol.in_(by.rollen),
            visible(by),
        )
        .order_by(Taak.uiterlijk, Taak.id)
        .limit(most + 1)
    ).all()
    clients = {client.id for _, _, client, _, _ in found}
    record(
        session, by, Action.WERKVOORRAAD_READ, at=at, subjects=clients, grond="taken"
    )
    today = termijnen.dag_van(at)
    return [
        OpenTaak(
            soort=taak.soort,
            dossier=referentie,
            naam=client.naam,
            uiterlijk=taak.uiterlijk,
            dagen=(taak.uiterlijk - today).days,
            persoonlijk=taak.voor_user_id is not None,
            brief=soort,
            brief_referentie=brief,
        )
        for taak, referentie, client, soort, brief in found
    ]
