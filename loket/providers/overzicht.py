"""What the page of a dossier shows of placing and delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit import queries as besluit_queries
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.besluit.woorden import hoeveel
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.datum import kort
from loket.providers import queries
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.ruimte import occupies
from loket.providers.toewijzing import Toewijzing
from loket.providers.woorden import TOEWIJZINGSTATUS, VERZOEKSTATUS, WEIGERGRONDEN


@dataclass(frozen=True)
class Stap:
    """One verzoek or toewijzing, in words."""

    titel: str
    tekst: str
    status: str
    kind: str
    open_verzoek: str = ""
    """Reference of a verzoek that can be taken back."""
    lopend: str = ""
    """Reference of a toewijzing that can be ended."""


@dataclass(frozen=True)
class Regel:
    """One voorziening in natura, with what was done to get it delivered."""

    voorziening_id: UUID
    product: str
    omvang: str
    stappen: tuple[Stap, ...]
    is_te_plaatsen: bool


def make_overzicht(
    session: Session, by: Actor, dossier: Dossier, today: date
) -> list[Regel]:
    """Gather the voorzieningen in natura of a dossier."""
    rights = [
        v
        for v in besluit_queries.list_voorzieningen(session, dossier.id)
        if any(r.leveringsvorm is Leveringsvorm.NATURA for r in v.regels)
    ]
    if not rights:
        return []
    products = {
        code: queries.product_name(session, dossier.gemeente_code, code)
        for code in {right.product_code for right in rights}
    }
    verzoeken, toewijzingen = queries.list_of_dossier(session, by, dossier.id)
    names = queries.aanbieder_names(session, [v.aanbieder_id for v in verzoeken])
    return [
        _regel(right, products, names, verzoeken, toewijzingen, today)
        for right in rights
    ]


def _regel(
    right: Voorziening,
    products: dict[str, str],
    names: dict[UUID, str],
    verzoeken: Iterable[Plaatsingsverzoek],
    toewijzingen: Sequence[Toewijzing],
    today: date,
) -> Regel:
    asked = [v for v in verzoeken if v.voorziening_id == right.id]
    given = [t for t in toewijzingen if t.voorziening_id == right.id]
    regels = [r for r in right.regels if r.leveringsvorm is Leveringsvorm.NATURA]
    now = next((r for r in regels if r.tot is None or r.tot >= today), regels[-1])
    waits = any(v.status == "open" for v in asked)
    taken = sum(t.volume for t in given if occupies(t, max(today, now.van)))
    free = taken < now.volume and (now.tot is None or now.tot >= today)
    return Regel(
        right.id,
        products.get(right.product_code, right.product_code),
        hoeveel(now.volume, now.eenheid, now.frequentie),
        (
            *(_toewijzing(t) for t in given),
            *(_verzoek(v, names) for v in asked if v.status != "aanvaard"),
            *(_accepted(v, names, given) for v in asked if v.status == "aanvaard"),
        ),
        free and not waits and right.ended_at is None,
    )


def _verzoek(verzoek: Plaatsingsverzoek, names: dict[UUID, str]) -> Stap:
    status, kind = VERZOEKSTATUS[verzoek.status]
    text = f"Start op {kort(verzoek.gewenste_start)} gevraagd."
    if verzoek.weigergrond:
        text = f"{WEIGERGRONDEN[verzoek.weigergrond]}."
    return Stap(
        f"Verzoek aan {names.get(verzoek.aanbieder_id, 'aanbieder')}",
        text,
        status,
        kind,
        verzoek.referentie if verzoek.status == "open" else "",
    )


def _accepted(
    verzoek: Plaatsingsverzoek, names: dict[UUID, str], given: Sequence[Toewijzing]
) -> Stap:
    step = _verzoek(verzoek, names)
    start = kort(verzoek.startdatum) if verzoek.startdatum else ""
    made = any(t.plaatsingsverzoek_id == verzoek.id for t in given)
    text = "" if made else " De toewijzing volgt."
    return Stap(step.titel, f"Kan starten op {start}.{text}", step.status, step.kind)


def _toewijzing(toewijzing: Toewijzing) -> Stap:
    status, kind = TOEWIJZINGSTATUS[toewijzing.status]
    amount = hoeveel(toewijzing.volume, toewijzing.eenheid, toewijzing.frequentie)
    last = toewijzing.laatste_dag
    until = f" tot en met {kort(last)}" if last else ""
    return Stap(
        f"Toewijzing {toewijzing.nummer} aan {toewijzing.aanbieder.naam}",
        f"{amount}, van {kort(toewijzing.van)}{until}.",
        status,
        kind,
        lopend="" if toewijzing.ended_at else toewijzing.referentie,
    )
