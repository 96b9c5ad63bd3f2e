"""Finding until when dossiers and people are kept, and what keeps them longer.

Nothing of it is stored: a norm that changes, a letter that is added and a stop that is
lifted count from the next look on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from loket.accounts.gemeente import Instelling
from loket.accounts.register import norm_of
from loket.archief.bewaartermijn import Bewaartermijn, Zaakresultaat
from loket.audit.action import Action
from loket.audit.record import AuditRecord, Outcome
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beroep import Beroep
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.vernietigingsstop import Vernietigingsstop
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Betrokkene, Dossier
from loket.cases.dossier.taak import Taak
from loket.cases.dossier.terugbelverzoek import Terugbelverzoek
from loket.providers.toewijzing import Toewijzing
from loket.rechten.correctieverzoek import Correctieverzoek
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.termijnen import dag_van

LOOKS = {"read", "searched", "printed", "revealed", "listed", "exported", "refused"}
"""Verbs of the trail that change no data of a person."""
_OURS = ("vernietiging", "access.", "draft.", "audit.")
CHANGES = [
    each.value
    for each in Action
    if each.value.rpartition(".")[2] not in LOOKS and not each.value.startswith(_OURS)
]
"""Deeds after which the term of Wmo art. 5.3.4 begins again."""

LOOPT: Mapping[str, str] = {
    "open": "Het dossier is nog niet gesloten.",
    "stop": "Er geldt een vernietigingsstop.",
    "voorziening": "Er loopt een voorziening.",
    "toewijzing": "Een aanbieder levert nog hulp.",
    "aanvraag": "Er loopt een aanvraag.",
    "bezwaar": "Er loopt een bezwaar.",
    "beroep": "Er loopt een beroep.",
    "taak": "Er staat een taak open.",
    "terugbellen": "Iemand moet nog worden teruggebeld.",
    "inzage": "Een verzoek om inzage is nog niet beantwoord.",
    "correctie": "Een verzoek om correctie is nog niet beantwoord.",
}
"""What keeps a dossier, whatever its age; in the order in which it is told."""


def bewaartermijn_op(session: Session, gemeente_code: str, day: date) -> Bewaartermijn:
    """Return the terms of a gemeente as they hold on a day."""
    found = session.execute(
        select(Instelling.sleutel, Instelling.waarde).where(
            Instelling.gemeente_code == gemeente_code,
            or_(
                Instelling.sleutel.startswith("bewaren_"),
                Instelling.sleutel.startswith("selectielijst_"),
            ),
            Instelling.van <= day,
            or_(Instelling.tot.is_(None), Instelling.tot >= day),
        )
    )
    known: dict[str, Any] = dict(found.all())

    def years(sleutel: str) -> int:
        return int(known.get(sleutel, norm_of(sleutel).standaard))

    def code(sleutel: str) -> str:
        set_to = str(known.get(sleutel) or "")
        return "" if set_to == norm_of(sleutel).standaard else set_to

    return Bewaartermijn(
        na_wijziging=years("bewaren_wijziging_jaren"),
        na_einde={each: years(f"bewaren_{each.value}_jaren") for each in Zaakresultaat},
        selectielijst={
            each: code(f"selectielijst_{each.value}") for each in Zaakresultaat
        },
    )


@dataclass(frozen=True)
class Bewaring:
    """Until when one dossier is kept, and on what facts that rests."""

    dossier: Dossier
    resultaat: Zaakresultaat
    laatste_wijziging: date
    einde: date | None
    """Empty as long as the dossier is open."""
    vanaf: date | None
    """First day on which it may be destroyed; empty as long as it is open."""
    loopt: tuple[str, ...]
    """Codes of what keeps it (`LOOPT`)."""

    def is_due(self, today: date) -> bool:
        """Whether its day has come and nothing keeps it."""
        return not self.loopt and self.vanaf is not None and self.vanaf <= today


def bewaring_van(
    session: Session, dossiers: Collection[Dossier], termijn: Bewaartermijn
) -> dict[UUID, Bewaring]:
    """Work out for each dossier until when it is kept; four questions for any number.

    Args:
        dossiers: of one gemeente.
    """
    ids = [each.id for each in dossiers]
    if not ids:
        return {}
    changed, loopt = _last_changes(session, ids), _running(session, ids)
    results = _results(session, ids)
    found = {}
    for each in dossiers:
        resultaat, ended = results[each.id]
        einde = _later(each.closed_at, ended) if each.closed_at else None
        wijziging = max(changed.get(each.id, each.opened_at), each.opened_at)
        if each.closed_at:
            wijziging = max(wijziging, each.closed_at)
        laatste = dag_van(wijziging)
        found[each.id] = Bewaring(
            each,
            resultaat,
            laatste,
            einde,
            termijn.dossier_vanaf(resultaat, laatste, einde) if einde else None,
            tuple(loopt.get(each.id, ())),
        )
    return found


def _later(moment: datetime, day: date | None) -> date:
    closed = dag_van(moment)
    return max(closed, day) if day else closed


def _last_changes(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each dossier last changed: by the trail, and by what was put in it."""
    moments = union_all(
        select(AuditRecord.dossier_id.label("id"), AuditRecord.occurred_at.label("at"))
        .where(
            AuditRecord.dossier_id.in_(ids),
            AuditRecord.action.in_(CHANGES),
            AuditRecord.outcome == Outcome.DONE,
        )
        .order_by(None),
        select(Document.dossier_id, Document.made_at).where(
            Document.dossier_id.in_(ids)
        ),
    ).subquery()
    asked = select(moments.c.id, func.max(moments.c.at)).group_by(moments.c.id)
    return dict(session.execute(asked).all())


def _results(
    session: Session, ids: Sequence[UUID]
) -> dict[UUID, tuple[Zaakresultaat, date | None]]:
    """What each dossier came to, and the last day of a right in it."""
    refused = exists().where(
        Besluitregel.beschikking_id == Beschikking.id,
        Beschikking.dossier_id == Dossier.id,
        Beschikking.decided_at.is_not(None),
    )
    rows = session.execute(
        select(
            Dossier.id,
            func.count(Voorziening.id),
            func.max(Voorziening.geeindigd_op),
            case((refused, 1), else_=0),
        )
        .outerjoin(Voorziening, Voorziening.dossier_id == Dossier.id)
        .where(Dossier.id.in_(ids))
        .group_by(Dossier.id)
    )
    found = {}
    for dossier_id, rights, last, decided in rows:
        if rights:
            resultaat = Zaakresultaat.VERSTREKT
        else:
            resultaat = Zaakresultaat.GEWEIGERD if decided else Zaakresultaat.AFGEBROKEN
        found[dossier_id] = (resultaat, last)
    return found


def _running(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Tell what keeps each dossier, in the order of `LOOPT`."""
    open_ones: dict[str, tuple[Any, ColumnElement[bool]]] = {
        "open": (Dossier.id, Dossier.closed_at.is_(None)),
        "stop": (Vernietigingsstop.dossier_id, Vernietigingsstop.lifted_at.is_(None)),
        "voorziening": (Voorziening.dossier_id, Voorziening.ended_at.is_(None)),
        "toewijzing": (
            Toewijzing.dossier_id,
            Toewijzing.ended_at.is_(None) & Toewijzing.stopped_at.is_(None),
        ),
        "aanvraag": (
            Aanvraag.dossier_id,
            Aanvraag.decided_at.is_(None) & Aanvraag.withdrawn_at.is_(None),
        ),
        "bezwaar": (Bezwaar.dossier_id, Bezwaar.decided_at.is_(None)),
        "beroep": (Beroep.dossier_id, Beroep.ended_at.is_(None)),
        "taak": (Taak.dossier_id, Taak.done_at.is_(None)),
        "terugbellen": (Terugbelverzoek.dossier_id, Terugbelverzoek.done_at.is_(None)),
        "inzage": (
            Betrokkene.dossier_id,
            exists().where(
                Inzageverzoek.inwoner_id == Betrokkene.inwoner_id, asks_inzage()
            ),
        ),
        "correctie": (
            Correctieverzoek.dossier_id,
            Correctieverzoek.handled_at.is_(None),
        ),
    }
    asked: list[Select[Any]] = [
        select(column.label("id"), literal(word)).where(column.in_(ids), is_open)
        for word, (column, is_open) in open_ones.items()
    ]
    words: dict[UUID, set[str]] = {}
    for dossier_id, word in session.execute(union_all(*asked)):
        words.setdefault(dossier_id, set()).add(word)
    return {key: _in_order(found) for key, found in words.items()}


def asks_inzage() -> ColumnElement[bool]:
    """Whether an inzageverzoek has no answer yet: what is destroyed is in no copy."""
    return Inzageverzoek.delivered_at.is_(None) & Inzageverzoek.weigergrond.is_(None)


def _in_order(words: Iterable[str]) -> list[str]:
    order = list(LOOPT)
    return sorted(words, key=order.index)
