"""Deeds about the views that somebody keeps of the worklist."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.werkvoorraad.queries_weergave import list_weergaven
from loket.cases.werkvoorraad.weergave import Weergave
from loket.errors import RuleViolation

MOST_KEPT = 20


def save_weergave(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    naam: str,
    adres: Sequence[tuple[str, str]],
    is_standaard: bool = False,
) -> Weergave:
    """Keep how the worklist looks now, under a name of one's own."""
    if len(list_weergaven(session, by)) >= MOST_KEPT:
        raise RuleViolation(
            f"U hebt al {MOST_KEPT} weergaven. Verwijder er eerst een.", "naam"
        )
    weergave = Weergave(
        gemeente_code=by.gemeente_code,
        user_id=by.id,
        naam=_free_name(session, by, naam),
        adres=[list(pair) for pair in adres],
        is_standaard=False,
        saved_at=at,
    )
    session.add(weergave)
    session.flush()  # the trail names the new row
    if is_standaard:
        _make_standard(session, by, weergave)
    record(session, by, Action.WEERGAVE_SAVED, weergave, at=at)
    return weergave


def rename_weergave(
    session: Session, by: Actor, at: datetime, *, weergave: Weergave, naam: str
) -> None:
    """Give a kept view another name."""
    if " ".join(naam.split()) != weergave.naam:
        weergave.naam = _free_name(session, by, naam)
    record(session, by, Action.WEERGAVE_RENAMED, weergave, at=at)


def choose_weergave(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    weergave: Weergave,
    is_standaard: bool,
) -> None:
    """Let the worklist open with this view, or no longer."""
    if is_standaard:
        _make_standard(session, by, weergave)
    else:
        weergave.is_standaard = False
    record(session, by, Action.WEERGAVE_CHOSEN, weergave, at=at)


def remove_weergave(
    session: Session, by: Actor, at: datetime, *, weergave: Weergave
) -> None:
    """Forget a kept view."""
    session.delete(weergave)
    record(session, by, Action.WEERGAVE_REMOVED, weergave, at=at)


def _make_standard(session: Session, by: Actor, weergave: Weergave) -> None:
    """One at a time: the earlier one steps back first."""
    session.execute(
        update(Weergave)
        .where(
            Weergave.gemeente_code == by.gemeente_code,
            Weergave.user_id == by.id,
            Weergave.is_standaard,
        )
        .values(is_standaard=False)
    )
    weergave.is_standaard = True
    session.flush()


def _free_name(session: Session, by: Actor, naam: str) -> str:
    name = " ".join(naam.split())
    if not name:
        raise RuleViolation("Vul een naam in.", "naam")
    taken = session.scalar(
        select(Weergave.id).where(
            Weergave.gemeente_code == by.gemeente_code,
            Weergave.user_id == by.id,
            Weergave.naam == name,
        )
    )
    if taken:
        raise RuleViolation("U hebt al een weergave met deze naam.", "naam")
    return name
