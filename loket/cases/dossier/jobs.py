"""Work of the dossiers: a signal before a term ends, an e-mail that work waits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from loket.accounts.queries import list_staff
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.queries_noodtoegang import waits_for_review
from loket.cases.dossier.queries_taken import has_open_taak
from loket.cases.dossier.signalen import Signaal, keep_signals
from loket.cases.dossier.taak import TaakSoort
from loket.config import Config
from loket.db import Database
from loket.mail.operations import TOPIC, send_mail
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.termijnen import dag_van


def _ending_terms(_today: date, last: date) -> Select[UUID, UUID, Any, UUID | None]:
    """Say which dossiers have a term that ends soon or has ended."""
    return (
        select(
            Werkvoorraad.dossier_id,
            Werkvoorraad.dossier_id.label("onderwerp_id"),
            Werkvoorraad.uiterste_datum.label("dag"),
            Dossier.consulent_id,
        )
        .join(Dossier, Dossier.id == Werkvoorraad.dossier_id)
        .where(
            Dossier.closed_at.is_(None),
            Werkvoorraad.fase != Fase.GESLOTEN,
            Werkvoorraad.uiterste_datum <= last,
        )
    )


TERMIJN = Signaal(TaakSoort.TERMIJN_NADERT, "signaal_termijn_dagen", 14, _ending_terms)


def signal_terms(database: Database, _config: Config, at: datetime) -> int:
    """Keep the signals of terms of the law; return how many changed."""
    return keep_signals(database, at, TERMIJN)


def tell_work_waits(work: Work, promise: Promise) -> None:
    """Send the e-mail that work waits, unless it was all done in the meantime."""
    session, user_id, today = work.session, promise.subject_id, dag_van(work.at)
    officers = list_staff(session, work.by, Role.PRIVACY_OFFICER, today)
    is_officer = user_id in {each.id for each in officers}
    if has_open_taak(session, user_id, today) or (
        is_officer and waits_for_review(session, work.by.gemeente_code)
    ):
        send_mail(work, promise)


HANDLERS: dict[str, Handler] = {TOPIC: tell_work_waits}
