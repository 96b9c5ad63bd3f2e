"""Deeds about a dossier: its people, documents, tasks and contacts."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries_team import roles_of
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import SYSTEM_ID, Actor, Role
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import (
    Aanleiding,
    Afsluitreden,
    Betrokkene,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    DossierToegang,
    Fase,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.opening import begin_dossier, check_past, join_dossier
from loket.cases.dossier.operations_taak import NOT_YOURS, put_taak
from loket.cases.dossier.queries_taken import is_meant_for
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.dossier.toedeling import Toedeling, Toedelingreden
from loket.cases.dossier.voortgang import keep_line
from loket.cases.producten.product import Domein
from loket.errors import NotAllowed, RuleViolation


def open_dossier(
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
    """Begin a dossier without a melding: heronderzoek or overname."""
    dossier = begin_dossier(
        session,
        by,
        at,
        client=client,
        aanleiding=aanleiding,
        ontvangen_op=ontvangen_op,
        domeinen=domeinen,
        spoed=spoed,
    )
    record(session, by, Action.DOSSIER_OPENED, dossier, at=at)
    return dossier


def add_betrokkene(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    inwoner: Inwoner,
    rol: BetrokkeneRol,
    bevoegdheid: Bevoegdheid = Bevoegdheid.GEEN,
    van: date,
) -> Betrokkene:
    """Put somebody around the cliënt in the dossier, on what authority."""
    if rol is BetrokkeneRol.CLIENT:
        raise RuleViolation("Een dossier heeft één cliënt.", "rol")
    check_past(van, at, "van")
    if bevoegdheid.gets_letters and not (inwoner.postadres or inwoner.adresregels):
        raise RuleViolation(
            "Deze persoon krijgt de brieven. Vul daarom het adres in.", "straat"
        )
    betrokkene = join_dossier(
        session,
        dossier=dossier,
        inwoner=inwoner,
        rol=rol,
        bevoegdheid=bevoegdheid,
        van=van,
    )
    session.flush()  # the trail names the new row
    record(session, by, Action.BETROKKENE_ADDED, betrokkene, at=at)
    return betrokkene


def assign_dossier(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    consulent_id: UUID,
    reden: Toedelingreden = Toedelingreden.VERDELING,
    toelichting: str = "",
) -> None:
    """Give a dossier to a consulent; a shielded one is opened to them too."""
    roles = roles_of(session, by, consulent_id, termijnen.dag_van(at))
    if Role.CONSULENT not in roles:
        raise RuleViolation("Kies een consulent van deze gemeente.", "naar")
    earlier = dossier.consulent_id
    dossier.assign(consulent_id, by.id, at)
    if dossier.afgeschermd:
        refuse_in_nood(by, dossier)
        _let_in(session, by, at, dossier, [consulent_id])
    _hand_over(session, by, at, dossier, earlier, reden, toelichting)
    record(session, by, Action.DOSSIER_ASSIGNED, dossier, at=at, grond=reden.value)


def release_dossier(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    reden: Toedelingreden,
    toelichting: str = "",
) -> None:
    """Take a dossier from its consulent: it is to be divided again."""
    earlier = dossier.consulent_id
    dossier.release()
    _hand_over(session, by, at, dossier, earlier, reden, toelichting)
    record(session, by, Action.DOSSIER_RELEASED, dossier, at=at, grond=reden.value)


def _hand_over(
    session: Session,
    by: Actor,
    at: datetime,
    dossier: Dossier,
    earlier: UUID | None,
    reden: Toedelingreden,
    toelichting: str,
) -> None:
    """Keep who had it and who gets it, and let the worklist follow."""
    keep_line(session, dossier.id, consulent_id=dossier.consulent_id)
    if earlier == dossier.consulent_id:
        return
    session.add(
        Toedeling(
            gemeente_code=dossier.gemeente_code,
            dossier_id=dossier.id,
            van_id=earlier,
            naar_id=dossier.consulent_id,
            reden=reden,
            toelichting=toelichting or None,
            at=at,
            by_id=by.id,
        )
    )


def shield_dossier(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    user_ids: Sequence[UUID],
) -> None:
    """Show a dossier to named people only: whoever does this, and whom they name."""
    refuse_in_nood(by, dossier)
    dossier.afgeschermd = True
    named = {by.id, *user_ids}
    if dossier.consulent_id:
        named.add(dossier.consulent_id)
    _let_in(session, by, at, dossier, sorted(named))
    keep_line(session, dossier.id, afgeschermd=True)
    record(session, by, Action.DOSSIER_SHIELDED, dossier, at=at)


def refuse_in_nood(by: Actor, dossier: Dossier) -> None:
    """Refuse that a short access is made into a lasting one.

    Raises:
        RuleViolation: this actor sees the dossier by emergency access only.
    """
    if dossier.id in by.nood:
        raise RuleViolation(
            "U bent hier met noodtoegang. U kunt niet kiezen wie dit dossier ziet."
        )


def _let_in(
    session: Session, by: Actor, at: datetime, dossier: Dossier, users: Sequence[UUID]
) -> None:
    known = set(
        session.scalars(
            select(DossierToegang.user_id).where(
                DossierToegang.dossier_id == dossier.id
            )
        )
    )
    for user_id in users:
        if user_id not in known:
            session.add(
                DossierToegang(
                    gemeente_code=dossier.gemeente_code,
                    dossier_id=dossier.id,
                    user_id=user_id,
                    granted_at=at,
                    granted_by_id=by.id,
                )
            )


def close_dossier(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier, reden: Afsluitreden
) -> None:
    """Close a dossier with a coded reason: no clock runs any more."""
    dossier.close(reden, by.id, at)
    keep_line(
        session, dossier.id, fase=Fase.GESLOTEN, termijn_soort=None, uiterste_datum=None
    )
    record(session, by, Action.DOSSIER_CLOSED, dossier, at=at, grond=reden.value)


def store_document(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier_id: UUID,
    soort: DocumentSoort,
    inhoud: bytes,
    mediatype: str = "application/pdf",
    bron_id: UUID | None = None,
) -> Document:
    """Keep a document in the dossier, sealed; a letter never changes again."""
    if not inhoud:
        raise RuleViolation("Dit bestand is leeg.", "bestand")
    document = Document(
        gemeente_code=by.gemeente_code,
        dossier_id=dossier_id,
        soort=soort,
        bron_id=bron_id,
        mediatype=mediatype,
        omvang=len(inhoud),
        made_at=at,
        made_by_id=by.id,
    )
    document.inhoud = inhoud
    session.add(document)
    session.flush()  # the trail names the new row
    record(session, by, Action.DOCUMENT_STORED, document, at=at, grond=soort.value)
    return document


def send_document(
    session: Session, by: Actor, at: datetime, *, document: Document, verzonden_op: date
) -> None:
    """Note that a letter went out; the task to send it is done with that."""
    check_past(verzonden_op, at, "verzonden_op")
    document.send(verzonden_op, at)
    waiting = session.scalars(
        select(Taak).where(
            Taak.dossier_id == document.dossier_id,
            Taak.onderwerp_id == document.id,
            Taak.soort == TaakSoort.BRIEF_VERZENDEN,
            Taak.done_at.is_(None),
        )
    )
    for taak in waiting:
        taak.finish(by.id, at)
    record(session, by, Action.DOCUMENT_SENT, document, at=at)


def set_taak(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier_id: UUID,
    soort: TaakSoort,
    uiterlijk: date,
    voor_rol: Role | None = None,
    voor_user_id: UUID | None = None,
    onderwerp_id: UUID | None = None,
) -> Taak:
    """Ask a person or a role to do something before a day."""
    if not voor_rol and not voor_user_id:
        raise RuleViolation("Kies voor wie deze taak is.", "voor_rol")
    taak = Taak(
        gemeente_code=by.gemeente_code,
        dossier_id=dossier_id,
        soort=soort,
        onderwerp_id=onderwerp_id,
        voor_rol=voor_rol,
        voor_user_id=voor_user_id,
        uiterlijk=uiterlijk,
        made_at=at,
    )
    put_taak(session, by, at, taak)
    return taak


def finish_taak(session: Session, by: Actor, at: datetime, *, taak: Taak) -> None:
    """Finish a task; only whom it was meant for does so."""
    if by.id != SYSTEM_ID and not is_meant_for(session, by, at, taak):
        raise NotAllowed(NOT_YOURS)
    taak.finish(by.id, at)
    record(session, by, Action.TAAK_DONE, taak, at=at, grond=taak.soort.value)
