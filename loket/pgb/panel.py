"""The pgb on the page of its dossier: what is to be tested, and what is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from loket.authz import Permission
from loket.cases.besluit import queries_blad
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.queries import list_voorzieningen
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.queries import all_product_names
from loket.pgb import queries
from loket.pgb.pgb import Pgb


@dataclass(frozen=True)
class Budget:
    """The state of a pgb on the page: its budget, if it is there already."""

    pgb: Pgb | None
    staat: str
    kind: str
    besluit: str
    """Reference of the beschikking that granted it."""


def pgb_panel(blad: Blad) -> Panel | None:
    """Show which pgb is asked and wants a test; a budget stands with its right."""
    if not blad.by.may(Permission.DOSSIER_READ):
        return None
    decided, _ = blad.once(queries_blad.list_besluiten, blad.dossier.id)
    asked = [
        (regel, beschikking)
        for beschikking in decided
        for regel in sorted(beschikking.regels, key=lambda each: each.id)
        if _is_asked(regel, beschikking)
    ]
    rights = _in_pgb(blad)
    running = queries.list_pgbs(blad.session, blad.dossier.id) if rights else []
    budgets = _by_right(rights, running, decided, blad.vandaag)
    if not asked and not budgets:
        return None
    return Panel(
        "Persoonsgebonden budget",
        "pgb/panel.html" if asked else "",
        anker="pgb",
        bij=budgets,
        bij_template="pgb/bij.html",
        tijdlijn=[Stap("Pgb gaat in", each.van, _when(each, blad)) for each in running],
        gevraagd=asked,
        names=blad.once(all_product_names, blad.dossier.gemeente_code),
        may_assess=blad.by.may(Permission.PGB_ASSESS),
    )


def _is_asked(regel: Besluitregel, beschikking: Beschikking) -> bool:
    """Whether a pgb was asked of which nothing runs: not decided, or refused."""
    if regel.gewenste_vorm is not Leveringsvorm.PGB:
        return False
    return beschikking.status == "concept" or bool(regel.pgb_weigeringsgrond_code)


def _when(pgb: Pgb, blad: Blad) -> str:
    return "todo" if pgb.van > blad.vandaag else "done"


def _in_pgb(blad: Blad) -> list[Voorziening]:
    """Return the rights of which a part is, or was, in pgb."""
    return [
        each
        for each in blad.once(list_voorzieningen, blad.dossier.id)
        if any(regel.leveringsvorm is Leveringsvorm.PGB for regel in each.regels)
    ]


def _by_right(
    rights: Sequence[Voorziening],
    running: Sequence[Pgb],
    decided: Sequence[Beschikking],
    dag: date,
) -> dict[UUID, list[Budget]]:
    """Return the budgets of each right in pgb, also while one is still being made."""
    letters = {
        regel.id: beschikking.referentie
        for beschikking in decided
        for regel in beschikking.regels
    }
    found: dict[UUID, list[Budget]] = {}
    for pgb in running:
        state = _state(pgb, dag)
        besluit = letters.get(pgb.besluitregel_id, "")
        found.setdefault(pgb.voorziening_id, []).append(Budget(pgb, *state, besluit))
    for right in rights:
        if right.id not in found and right.ended_at is None:
            found[right.id] = [Budget(None, "Wordt klaargezet", "warning", "")]
    return found


def _state(pgb: Pgb, dag: date) -> tuple[str, str]:
    if pgb.van > dag:
        return "Gaat nog in", "info"
    if pgb.tot and pgb.tot < dag:
        return "Afgelopen", "neutral"
    return "Budget loopt", "success"
