"""How a dossier begins, for the deeds that each leave their own trail."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket import termijnen
from loket.authz import Actor
from loket.cases.dossier.contactmoment import Contactmoment, Kanaal, Uitkomst
from loket.cases.dossier.dossier import (
    Aanleiding,
    Betrokkene,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.producten.product import Domein
from loket.db import uuid7
from loket.errors import RuleViolation


def check_past(day: date, at: datetime, field: str) -> None:
    """Refuse a day that is still to come: what is recorded has happened.

    Raises:
        RuleViolation: the day lies after the day of `at`.
    """
    if day > termijnen.dag_van(at):
        raise RuleViolation(
            "Deze dag ligt in de toekomst. Vul vandaag of een eerdere dag in.", field
        )


def begin_dossier(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    client: Inwoner,
    aanleiding: Aanleiding,
    ontvangen_op: date,
    domeinen: Sequence[Domein],
    spoed: bool = False,
) -> Dossier:
    """Make the dossier with its cliënt and its line in the worklist, without trail."""
    check_past(ontvangen_op, at, "ontvangen_op")
    if client.overleden_op:
        raise RuleViolation("Deze inwoner is overleden. Controleer wie u bedoelt.")
    if client.merged_into_id:
        raise RuleViolation("Deze inwoner is samengevoegd met een andere inwoner.")
    dossier = Dossier(
        gemeente_code=client.gemeente_code,
        aanleiding=aanleiding,
        opened_at=at,
        opened_by_id=by.id,
        afgeschermd=False,
    )
    session.add(dossier)
    session.flush()  # its people and its line refer to the dossier
    join_dossier(
        session,
        dossier=dossier,
        inwoner=client,
        rol=BetrokkeneRol.CLIENT,
        bevoegdheid=Bevoegdheid.GEEN,
        van=ontvangen_op,
    )
    session.add(
        Werkvoorraad(
            gemeente_code=dossier.gemeente_code,
            dossier_id=dossier.id,
            referentie=dossier.referentie,
            client_id=client.id,
            fase=Fase.NIEUW,
            domeinen=sorted({domein.value for domein in domeinen}),
            spoed=spoed,
            afgeschermd=False,
            pc4=client.pc4,
            ontvangen_op=ontvangen_op,
        )
    )
    session.flush()  # keep_line of the same deed finds the line
    return dossier


def join_dossier(
    session: Session,
    *,
    dossier: Dossier,
    inwoner: Inwoner,
    rol: BetrokkeneRol,
    bevoegdheid: Bevoegdheid,
    van: date,
) -> Betrokkene:
    """Put a person in a dossier, without trail."""
    betrokkene = Betrokkene(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        inwoner_id=inwoner.id,
        rol=rol,
        bevoegdheid=bevoegdheid,
        van=van,
    )
    session.add(betrokkene)
    return betrokkene


def note_contact(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    kanaal: Kanaal,
    uitkomst: Uitkomst,
    tekst: str | None,
    dossier: Dossier | None = None,
    inwoner: Inwoner | None = None,
    voorziening_id: UUID | None = None,
) -> Contactmoment:
    """Note a contact under the key of its dossier, person, or its own; no trail."""
    own_id = uuid7()
    owner = dossier or inwoner
    contact = Contactmoment(
        id=own_id,
        gemeente_code=by.gemeente_code,
        scope_id=owner.id if owner else own_id,
        dossier_id=dossier.id if dossier else None,
        inwoner_id=inwoner.id if inwoner else None,
        voorziening_id=voorziening_id,
        kanaal=kanaal,
        uitkomst=uitkomst,
        at=at,
        by_id=by.id,
    )
    contact.tekst = tekst
    session.add(contact)
    return contact
