"""Dividing several dossiers at once: each is a deed of its own, some are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor, Permission
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.operations import assign_dossier, release_dossier
from loket.cases.dossier.queries import visible
from loket.cases.dossier.toedeling import Toedelingreden
from loket.cases.werkvoorraad.queries import visible_lines
from loket.errors import RuleViolation

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Keuze:
    """A dossier as it stood on the page where somebody chose it."""

    referentie: str
    gezien_id: UUID | None
    """Who had it then."""


@dataclass
class Verdeeld:
    """What was done, and what was left out for which reason."""

    gedaan: list[str] = field(default_factory=list)
    overgeslagen: list[tuple[str, str]] = field(default_factory=list)


def divide_dossiers(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    keuzes: Sequence[Keuze],
    naar_id: UUID | None,
    reden: Toedelingreden,
    toelichting: str = "",
) -> Verdeeld:
    """Give the chosen dossiers to one consulent, or back to be divided (None).

    What changed since it was chosen is left out and named: closed, gone, or given to
    somebody else meanwhile.

    Raises:
        NotAllowed: the actor does not divide work.
        RuleViolation: nothing or too much chosen, or nobody who is consulent here.
    """
    by.require(Permission.DOSSIER_ASSIGN)
    if not keuzes:
        raise RuleViolation("Kies een of meer dossiers.", "dossiers")
    if len(keuzes) > MOST_AT_ONCE:
        raise RuleViolation(f"Kies hoogstens {MOST_AT_ONCE} dossiers.", "dossiers")
    found = _lock(session, by, [keuze.referentie for keuze in keuzes])
    outcome = Verdeeld()
    for keuze in sorted(keuzes, key=lambda each: each.referentie):
        dossier = found.get(keuze.referentie)
        obstacle = _obstacle(dossier, keuze, naar_id)
        if obstacle or dossier is None:
            outcome.overgeslagen.append((keuze.referentie, obstacle))
            continue
        if naar_id is None:
            release_dossier(
                session,
                by,
                at,
                dossier=dossier,
                reden=reden,
                toelichting=toelichting,
            )
        else:
            assign_dossier(
                session,
                by,
                at,
                dossier=dossier,
                consulent_id=naar_id,
                reden=reden,
                toelichting=toelichting,
            )
        outcome.gedaan.append(keuze.referentie)
    return outcome


def chosen_lines(
    session: Session, by: Actor, references: Sequence[str]
) -> list[Werkvoorraad]:
    """Return the lines with these references that this actor may see."""
    known = [each for each in references if each.isprintable()]  # no NUL
    return list(
        session.scalars(
            select(Werkvoorraad)
            .where(Werkvoorraad.referentie.in_(known), *visible_lines(by))
            .order_by(Werkvoorraad.referentie)
        )
    )


def _lock(session: Session, by: Actor, references: list[str]) -> dict[str, Dossier]:
    """Let nobody else change them meanwhile; always in one order, so nobody waits."""
    found = session.scalars(
        select(Dossier)
        .where(Dossier.referentie.in_(references), visible(by))
        .order_by(Dossier.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    dossiers = {each.referentie: each for each in found}
    # their lines at once: keep_line of each deed finds them
    ids = [each.id for each in dossiers.values()]
    session.scalars(select(Werkvoorraad).where(Werkvoorraad.dossier_id.in_(ids))).all()
    return dossiers


def _obstacle(dossier: Dossier | None, keuze: Keuze, naar_id: UUID | None) -> str:
    """Say why a dossier is left out; nothing when it is not."""
    if dossier is None:
        return "bestaat niet of is afgeschermd"
    if dossier.closed_at:
        return "is intussen gesloten"
    if dossier.consulent_id != keuze.gezien_id:
        return "heeft intussen een andere consulent"
    if dossier.consulent_id == naar_id:
        return "was al van deze consulent" if naar_id else "was al niet verdeeld"
    return ""
