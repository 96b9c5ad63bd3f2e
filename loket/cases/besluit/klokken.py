"""Which clock of a dossier runs out first: the line of the worklist follows it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking, BeschikkingAanvraag
from loket.cases.dossier.dossier import Fase
from loket.cases.dossier.voortgang import keep_line
from loket.cases.onderzoek.oplossing import Leveringsvorm


@dataclass(frozen=True)
class Klok:
    """One term that runs: until when, of which kind, and what is to be done."""

    tot: date
    soort: str
    fase: Fase | None


def keep_clock(
    session: Session, dossier_id: UUID, *, daarna: Fase | None = None
) -> None:
    """Let the worklist show the nearest term of a dossier, or what comes after.

    A dossier has no single state: an aanvraag, a letter and a bezwaar each have a
    clock, and the one that ends first is what somebody must see.
    """
    session.flush()
    klokken = [
        *_bekendmakingen(session, dossier_id),
        *_aanvragen(session, dossier_id),
        *_bezwaren(session, dossier_id),
    ]
    if not klokken:
        keep_line(
            session, dossier_id, fase=daarna, termijn_soort=None, uiterste_datum=None
        )
        return
    eerste = min(klokken, key=lambda klok: klok.tot)
    keep_line(
        session,
        dossier_id,
        fase=eerste.fase or daarna,
        termijn_soort=eerste.soort,
        uiterste_datum=eerste.tot,
    )


def _bekendmakingen(session: Session, dossier_id: UUID) -> list[Klok]:
    """A decision only counts once it was made known: the same term still runs."""
    waiting = session.scalars(
        select(Beschikking).where(
            Beschikking.dossier_id == dossier_id,
            Beschikking.decided_at.is_not(None),
            Beschikking.made_known_at.is_(None),
            Beschikking.extern_nummer.is_(None),
        )
    )
    found = []
    for beschikking in waiting:
        terms = [a.besluit_tot for a in queries.aanvragen_of(session, beschikking.id)]
        day = min(terms) if terms else beschikking.besloten_op
        if day:
            found.append(Klok(day, "besluit", Fase.BEKENDMAKEN))
    return found


def _aanvragen(session: Session, dossier_id: UUID) -> list[Klok]:
    drawn_up = set(
        session.scalars(
            select(BeschikkingAanvraag.aanvraag_id)
            .join(Beschikking, Beschikking.id == BeschikkingAanvraag.beschikking_id)
            .where(
                Beschikking.dossier_id == dossier_id, Beschikking.decided_at.is_(None)
            )
        )
    )
    running = session.scalars(
        select(Aanvraag).where(
            Aanvraag.dossier_id == dossier_id,
            Aanvraag.withdrawn_at.is_(None),
            Aanvraag.decided_at.is_(None),
        )
    )
    return [
        Klok(
            aanvraag.besluit_tot,
            "besluit",
            Fase.BESLUIT if aanvraag.id in drawn_up else Fase.AANVRAAG,
        )
        for aanvraag in running
    ]


def _bezwaren(session: Session, dossier_id: UUID) -> list[Klok]:
    return [
        Klok(bezwaar.beslissen_tot, "bezwaar", None)
        for bezwaar in queries.list_bezwaren(session, dossier_id)
        if not bezwaar.decided_at
    ]


def fase_na_bekendmaking(session: Session, beschikking: Beschikking) -> Fase:
    """Return what is next once the cliënt knows: a place to find, or nothing."""
    forms = {
        regel.leveringsvorm
        for regel in queries.list_regels(session, beschikking.id)
        if regel.grants
    }
    if Leveringsvorm.NATURA in forms:
        return Fase.PLAATSEN
    return Fase.LEVERING if forms else Fase.BESLOTEN
