"""What the page of a dossier shows of placing and delivery."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loket.cases.besluit.voorziening import Voorziening
from loket.cases.besluit.woorden import hoeveel
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.datum import kort
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.ruimte import occupies
from loket.providers.toewijzing import Toewijzing
from loket.providers.woorden import (
    STOPREDENEN,
    TOEWIJZINGSTATUS,
    VERZOEKSTATUS,
    WEIGERGRONDEN,
)

Gevraagd = Sequence[tuple[Plaatsingsverzoek, str]]
"""Verzoeken, each with the name of its aanbieder."""


@dataclass(frozen=True)
class Leverstap:
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
class Levering:
    """How one right in natura is delivered: what counts now, and what went before."""

    voorziening: Voorziening
    nu: tuple[Leverstap, ...]
    eerder: tuple[Leverstap, ...]
    is_te_plaatsen: bool


def make_levering(
    right: Voorziening,
    verzoeken: Gevraagd,
    toewijzingen: Sequence[Toewijzing],
    today: date,
) -> Levering | None:
    """Say how a right is delivered; nothing where no part of it is in natura."""
    regels = [r for r in right.regels if r.leveringsvorm is Leveringsvorm.NATURA]
    if not regels:
        return None
    asked = [(v, naam) for v, naam in verzoeken if v.voorziening_id == right.id]
    given = [t for t in toewijzingen if t.voorziening_id == right.id]
    made = {t.plaatsingsverzoek_id for t in given}
    now = next((r for r in regels if r.tot is None or r.tot >= today), regels[-1])
    taken = sum(t.volume for t in given if occupies(t, max(today, now.van)))
    free = taken < now.volume and (now.tot is None or now.tot >= today)
    waits = any(v.status == "open" for v, _ in asked)
    return Levering(
        right,
        (
            *(_toewijzing(t, given) for t in given if not t.ended_at),
            *(
                _verzoek(v, naam)
                for v, naam in asked
                if _counts(v) and v.id not in made
            ),
        ),
        (
            *(_toewijzing(t, given) for t in given if t.ended_at),
            *(_verzoek(v, naam) for v, naam in asked if not _counts(v)),
        ),
        free and not waits and right.ended_at is None,
    )


def _counts(verzoek: Plaatsingsverzoek) -> bool:
    """Whether something is still to come of it."""
    return verzoek.status in {"open", "aanvaard"}


def _verzoek(verzoek: Plaatsingsverzoek, naam: str) -> Leverstap:
    status, kind = VERZOEKSTATUS[verzoek.status]
    text = f"Gestuurd op {kort(verzoek.requested_at)}."
    if verzoek.weigergrond:
        text = f"{WEIGERGRONDEN[verzoek.weigergrond]}."
    elif verzoek.startdatum:
        text = f"Kan starten op {kort(verzoek.startdatum)}. De toewijzing volgt."
    elif verzoek.status == "open":
        text = f"{text} Start op {kort(verzoek.gewenste_start)} gevraagd."
    is_open = verzoek.status == "open"
    return Leverstap(
        f"Verzoek aan {naam}", text, status, kind, verzoek.referentie if is_open else ""
    )


def _toewijzing(toewijzing: Toewijzing, given: Sequence[Toewijzing]) -> Leverstap:
    status, kind = TOEWIJZINGSTATUS[toewijzing.status]
    amount = hoeveel(toewijzing.volume, toewijzing.eenheid, toewijzing.frequentie)
    last = toewijzing.laatste_dag
    until = f" tot en met {kort(last)}" if last else ""
    text = f"{amount}, van {kort(toewijzing.van)}{until}. {_day(toewijzing)}"
    later = _successor(toewijzing, given)
    if later is not None:
        status, text = "Gewijzigd", f"{text} Nu geldt toewijzing {later.nummer}."
    return Leverstap(
        f"{toewijzing.aanbieder.naam}, toewijzing {toewijzing.nummer}",
        text.strip(),
        status,
        kind,
        lopend="" if toewijzing.ended_at else toewijzing.referentie,
    )


def _day(toewijzing: Toewijzing) -> str:
    """Say which day counts in this state: of the start, or of the stop and why."""
    if toewijzing.gestopt_op and toewijzing.stopreden:
        reason = STOPREDENEN[toewijzing.stopreden]
        return f"Gestopt op {kort(toewijzing.gestopt_op)}: {reason.lower()}."
    if toewijzing.gestart_op:
        return f"Gestart op {kort(toewijzing.gestart_op)}."
    return "" if toewijzing.ended_at else "De aanbieder moet de start nog melden."


def _successor(
    toewijzing: Toewijzing, given: Sequence[Toewijzing]
) -> Toewijzing | None:
    """Return the toewijzing that took its place: another volume or another period."""
    if toewijzing.ended_at is None:
        return None
    later = [
        each
        for each in given
        if each.aanbieder_id == toewijzing.aanbieder_id
        and each.nummer > toewijzing.nummer
    ]
    return min(later, key=lambda each: each.nummer, default=None)


def steps(
    verzoeken: Gevraagd,
    toewijzingen: Sequence[Toewijzing],
    products: Mapping[str, str],
) -> Iterator[Stap]:
    """Return what happened between gemeente and aanbieders, and what is waited for."""
    for verzoek, naam in verzoeken:
        what = products.get(verzoek.product_code, verzoek.product_code)
        yield Stap(f"Aanbieder gevraagd: {naam}", verzoek.requested_at, tekst=what)
        yield _answer(verzoek, naam, what)
    for each in toewijzingen:
        naam, what = each.aanbieder.naam, products.get(each.product_code, "")
        if each.gestart_op:
            yield Stap(f"Hulp gestart: {naam}", each.gestart_op, tekst=what)
        elif not each.ended_at:
            yield Stap(f"Hulp start: {naam}", each.van, "todo", tekst=what)
        if each.gestopt_op and each.stopreden:
            reason = f"{what}. {STOPREDENEN[each.stopreden]}"
            yield Stap(f"Hulp gestopt: {naam}", each.gestopt_op, tekst=reason)


def _answer(verzoek: Plaatsingsverzoek, naam: str, what: str) -> Stap:
    if verzoek.accepted_at:
        return Stap(f"{naam} kan helpen", verzoek.accepted_at, tekst=what)
    if verzoek.declined_at and verzoek.weigergrond:
        reason = f"{what}. {WEIGERGRONDEN[verzoek.weigergrond]}"
        return Stap(f"{naam} kan niet helpen", verzoek.declined_at, tekst=reason)
    if verzoek.withdrawn_at:
        title = f"Verzoek aan {naam} ingetrokken"
        return Stap(title, verzoek.withdrawn_at, tekst=what)
    return Stap(f"Wachten op antwoord van {naam}", None, "current", tekst=what)
