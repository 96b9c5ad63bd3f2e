"""The certificate of destruction: what the tombstones say of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries import staff_names
from loket.archief.queries_lijst import list_regels
from loket.archief.vernietigingslijst import Regelsoort, Vernietigingslijst
from loket.authz import SYSTEM_ID
from loket.datum import kort, lang
from loket.errors import RuleViolation
from loket.termijnen import dag_van
from loket.vault.layout import vault_of


@dataclass(frozen=True)
class Verklaring:
    """What was destroyed by one list, by whom and when; nothing of any person."""

    referentie: str
    periode: str
    aantallen: Sequence[str]
    wie: Sequence[tuple[str, str]]
    rijen: Sequence[tuple[str, str, str]]
    """What, on which day, on what ground: as it stands in the key store."""
    archivaris: str
    gereed_op: date


def verklaring_van(session: Session, lijst: Vernietigingslijst) -> Verklaring:
    """Make the certificate of a list that was carried out.

    It rests on the tombstones in the key store: a line without one is not in it.

    Raises:
        RuleViolation: the list was not carried out, or not yet.
    """
    if lijst.finished_at is None:
        raise RuleViolation("Deze lijst is nog niet uitgevoerd.")
    regels = list_regels(session, lijst.id)
    done = [(regel, ref) for regel, ref in regels if regel.status == "vernietigd"]
    graves = vault_of(session).graves([regel.scope_id for regel, _ in done])
    rows = []
    for regel, ref in done:
        grave = graves.get(regel.scope_id)
        if grave is None:
            continue
        what = f"Dossier {ref}" if ref else "Persoonsgegevens van een inwoner"
        rows.append((what, kort(dag_van(grave.destroyed_at)), grave.ground))
    names = staff_names(session, list(lijst.hands)) | {SYSTEM_ID: "Loket, vanzelf"}

    def who(user_id: UUID | None) -> str:
        return names.get(user_id, "een collega") if user_id else ""

    days = sorted(
        dag_van(regel.destroyed_at) for regel, _ in done if regel.destroyed_at
    )
    ready = dag_van(lijst.finished_at)
    return Verklaring(
        referentie=lijst.referentie,
        periode=_period(days or [ready]),
        aantallen=_counts(
            sum(regel.soort is Regelsoort.DOSSIER for regel, _ in done),
            sum(regel.soort is Regelsoort.INWONER for regel, _ in done),
            sum(regel.status == "eruit" for regel, _ in regels),
        ),
        wie=[
            ("Voorgesteld", who(lijst.proposed_by_id)),
            ("Nagekeken", who(lijst.reviewed_by_id)),
            ("Goedgekeurd", who(lijst.approved_by_id)),
        ],
        rijen=rows,
        archivaris=who(lijst.approved_by_id),
        gereed_op=ready,
    )


def _period(days: Sequence[date]) -> str:
    if days[0] == days[-1]:
        return f"op {lang(days[0])}"
    return f"van {lang(days[0])} tot en met {lang(days[-1])}"


def _counts(dossiers: int, people: int, out: int) -> list[str]:
    return [
        f"{dossiers} {'dossier' if dossiers == 1 else 'dossiers'} vernietigd",
        f"Gegevens van {people} {'persoon' if people == 1 else 'personen'} vernietigd",
        f"{out} {'regel' if out == 1 else 'regels'} van de lijst gehaald",
    ]
