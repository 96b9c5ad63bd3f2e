"""Deeds about a request for correction: receive it, and answer it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.operations_inwoner import correct_inwoner
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.verklaring import Tekstsoort, Verklaring
from loket.db import hold
from loket.errors import RuleViolation
from loket.outbox.operations import promise
from loket.providers.toewijzing import Deling
from loket.rechten.correctieverzoek import (
    Correctiegrond,
    Correctieverzoek,
    Onderwerp,
    Uitkomst,
)
from loket.rechten.operations import uiterlijk_op
from loket.rechten.queries import open_work
from loket.rechten.queries_correctie import is_text_of
from loket.termijnen import dag_van

ANTWOORD = "rechten.correctie"
TO_TELL = timedelta(days=7)
"""AVG art. 19: who received wrong data is told."""


def register_correctieverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    onderwerp: Onderwerp,
    onderwerp_id: UUID | None = None,
    ontvangen_op: date,
    gevraagd: str,
) -> Correctieverzoek:
    """Receive what the resident wants corrected; the consulent judges it.

    Raises:
        RuleViolation: a verslag or notitie that is not in this dossier.
    """
    check_past(ontvangen_op, at, "ontvangen_op")
    if onderwerp.is_text and not (
        onderwerp_id and is_text_of(session, dossier.id, onderwerp, onderwerp_id)
    ):
        raise RuleViolation("Kies om welke tekst het gaat.", "tekst")
    verzoek = Correctieverzoek(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        inwoner_id=get_client(session, dossier.id).id,
        onderwerp=onderwerp,
        onderwerp_id=onderwerp_id if onderwerp.is_text else None,
        ontvangen_op=ontvangen_op,
        uiterlijk=uiterlijk_op(session, dossier.gemeente_code, ontvangen_op),
        gevraagd=gevraagd,
        registered_at=at,
        registered_by_id=by.id,
    )
    session.add(verzoek)
    session.flush()  # the task names the new row
    grond = onderwerp.value
    record(session, by, Action.CORRECTIEVERZOEK_REGISTERED, verzoek, at=at, grond=grond)
    set_taak(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=TaakSoort.CORRECTIE_BEOORDELEN,
        uiterlijk=verzoek.uiterlijk,
        voor_user_id=dossier.consulent_id,
        voor_rol=None if dossier.consulent_id else Role.TEAMLEIDER,
        onderwerp_id=verzoek.id,
    )
    return verzoek


def correct_gegevens(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Correctieverzoek,
    changes: Mapping[str, Any],
) -> None:
    """Correct who somebody is or where they live, as they asked (AVG art. 16).

    Raises:
        RuleViolation: nothing is different from what is known.
    """
    hold(session, verzoek, "handled_at")
    verzoek.handle(Uitkomst.VERBETERD, by.id, at)
    client = session.get_one(Inwoner, verzoek.inwoner_id)
    if all(getattr(client, name) == value for name, value in changes.items()):
        raise RuleViolation("U hebt niets gewijzigd.")
    correct_inwoner(session, by, at, inwoner=client, verzoek_id=verzoek.id, **changes)
    _tell_who_has_it(session, by, at, verzoek)
    _answered(session, by, at, verzoek)


def add_verklaring(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Correctieverzoek,
    tekst: str,
) -> Verklaring:
    """Add what the resident says to a text that stays as it was written."""
    hold(session, verzoek, "handled_at")
    verzoek.handle(Uitkomst.VERKLARING, by.id, at)
    if verzoek.onderwerp_id is None:
        raise RuleViolation("Kies om welke tekst het gaat.", "tekst")
    verklaring = Verklaring(
        gemeente_code=verzoek.gemeente_code,
        dossier_id=verzoek.dossier_id,
        soort=Tekstsoort(verzoek.onderwerp.value),
        onderwerp_id=verzoek.onderwerp_id,
        tekst=tekst,
        verzoek_id=verzoek.id,
        added_at=at,
        added_by_id=by.id,
    )
    session.add(verklaring)
    _answered(session, by, at, verzoek)
    return verklaring


def refuse_correctie(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Correctieverzoek,
    grond: Correctiegrond,
    motivering: str,
) -> None:
    """Change nothing, and tell the resident why."""
    hold(session, verzoek, "handled_at")
    verzoek.handle(Uitkomst.GEWEIGERD, by.id, at)
    verzoek.grond = grond
    verzoek.motivering = motivering
    _answered(session, by, at, verzoek)


def _answered(
    session: Session, by: Actor, at: datetime, verzoek: Correctieverzoek
) -> None:
    uitkomst = verzoek.uitkomst.value if verzoek.uitkomst else None
    record(
        session, by, Action.CORRECTIEVERZOEK_ANSWERED, verzoek, at=at, grond=uitkomst
    )
    gemeente = verzoek.gemeente_code
    promise(session, ANTWOORD, verzoek.id, gemeente_code=gemeente, at=at)
    for taak in open_work(session, verzoek.id):
        taak.finish(by.id, at)


def _tell_who_has_it(
    session: Session, by: Actor, at: datetime, verzoek: Correctieverzoek
) -> None:
    """Ask to tell every aanbieder that got these data (AVG art. 19)."""
    shared = session.scalars(
        select(Deling)
        .where(Deling.inwoner_id == verzoek.inwoner_id)
        .order_by(Deling.aanbieder_id, Deling.id)
    ).all()
    told = {each.aanbieder_id: each for each in shared}
    for each in told.values():
        dossier = session.get_one(Dossier, each.dossier_id)
        set_taak(
            session,
            by,
            at,
            dossier_id=dossier.id,
            soort=TaakSoort.AANBIEDER_INLICHTEN,
            uiterlijk=dag_van(at) + TO_TELL,
            voor_user_id=dossier.consulent_id,
            voor_rol=None if dossier.consulent_id else Role.ADMINISTRATIE,
            onderwerp_id=each.toewijzing_id,
        )
