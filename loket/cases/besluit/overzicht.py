"""What the pages of this chapter show: rights and clocks, each in its own state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from loket import termijnen
from loket.authz import Actor
from loket.cases.besluit import queries, queries_lijst
from loket.cases.besluit.aanvraag import (
    Aanvraag,
    Opschortgrond,
    Opschorting,
    stilgestaan,
)
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, BesluitSoort
from loket.cases.besluit.mandaatcontrole import Bevoegdheid
from loket.cases.besluit.voorziening import Eindreden, Voorziening, VoorzieningRegel
from loket.cases.besluit.woorden import FREQUENTIES, hoeveel, omvang
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Weigeringsgrond
from loket.cases.producten.queries import list_weigeringsgronden
from loket.datum import kort
from loket.geld import bedrag
from loket.termijnen import Uitleg

GRONDEN = {
    Opschortgrond.AANVULLING: "Aanvulling gevraagd (Awb 4:5)",
    Opschortgrond.INSTEMMING: "De cliënt stemt schriftelijk in met uitstel",
    Opschortgrond.TOEREKENBAAR: "De vertraging komt door de cliënt",
    Opschortgrond.OVERMACHT: "Overmacht",
}
SOORTEN = {
    BesluitSoort.TOEKENNEN: "Toekennen",
    BesluitSoort.WEIGEREN: "Weigeren",
    BesluitSoort.WIJZIGEN: "Wijzigen",
    BesluitSoort.VERLENGEN: "Verlengen",
    BesluitSoort.INTREKKEN: "Intrekken",
    BesluitSoort.HERZIEN: "Herzien",
}
VORMEN = {Leveringsvorm.NATURA: "In natura", Leveringsvorm.PGB: "Pgb"}
REDENEN = {
    Eindreden.OVERLEDEN: "de cliënt is overleden",
    Eindreden.VERHUISD: "de cliënt is verhuisd",
    Eindreden.INGETROKKEN: "ingetrokken",
    Eindreden.DOEL_BEREIKT: "het doel is bereikt",
    Eindreden.AFGELOPEN: "de periode is afgelopen",
}


@dataclass(frozen=True)
class AanvraagKaart:
    """An aanvraag with its clock, explained."""

    aanvraag: Aanvraag
    gevraagd: tuple[str, ...]
    dagen: int | None
    uitleg: Uitleg
    opschortingen: tuple[tuple[Opschorting, str], ...]
    stil_tot: date | None = None
    """Last day on which its clock stands still, when it does on the day shown."""

    @property
    def staat(self) -> tuple[str, str]:
        """Return the state in words, and its colour."""
        if self.aanvraag.withdrawn_at:
            return "Ingetrokken", "neutral"
        if self.aanvraag.decided_at:
            return "Besloten", "success"
        if self.stil_tot:
            return "Termijn staat stil", "info"
        return "Open", "warning"


def aanvraag_kaart(
    aanvraag: Aanvraag, names: dict[str, str], dag: date
) -> AanvraagKaart:
    """Show an aanvraag as it stands on a day."""
    runs = not aanvraag.withdrawn_at and not aanvraag.decided_at
    return AanvraagKaart(
        aanvraag=aanvraag,
        gevraagd=tuple(
            f"{names.get(item.product_code, item.product_code)}"
            f" ({VORMEN[item.gewenste_vorm].lower()})"
            for item in sorted(aanvraag.items, key=lambda item: item.id)
        ),
        dagen=(aanvraag.besluit_tot - dag).days if runs else None,
        uitleg=termijnen.leg_uit(
            aanvraag.ontvangen_op,
            termijnen.BESLUIT,
            opgeschort=stilgestaan(aanvraag.opschortingen),
        ),
        opschortingen=tuple(
            (opschorting, GRONDEN[opschorting.grond])
            for opschorting in sorted(aanvraag.opschortingen, key=lambda o: o.id)
        ),
        stil_tot=max(
            (
                each.uiterlijk
                for each in aanvraag.opschortingen
                if not each.ended_at and each.uiterlijk >= dag
            ),
            default=None,
        ),
    )


@dataclass(frozen=True)
class RegelKaart:
    """One besluitregel in words."""

    regel: Besluitregel
    soort: str
    product: str
    omvang: str
    periode: str
    vorm: str
    bedrag: str
    grond: str
    ontbreekt: str | None = None
    """What this reader lacks to decide on it."""

    @property
    def kind(self) -> str:
        """Return the colour of what is decided."""
        if self.regel.grants:
            return "success"
        return "error" if self.regel.soort is BesluitSoort.WEIGEREN else "warning"


def regel_kaarten(
    session: Session,
    by: Actor,
    regels: Sequence[Besluitregel],
    names: dict[str, str],
    dag: date,
) -> list[RegelKaart]:
    """Show besluitregels, with what this reader lacks to decide on each."""
    bevoegd = Bevoegdheid(session, by, dag)
    gemeenten = {regel.gemeente_code for regel in regels if _grondcode(regel)}
    gronden = [
        grond
        for gemeente in sorted(gemeenten)
        for grond in list_weigeringsgronden(session, gemeente, dag)
    ]
    return [
        RegelKaart(
            regel=regel,
            soort=SOORTEN[regel.soort],
            product=names.get(regel.product_code, regel.product_code),
            omvang=omvang(regel),
            periode=period(regel.ingangsdatum, regel.einddatum),
            vorm=_vorm(regel),
            bedrag="" if regel.bedrag_cent is None else bedrag(regel.bedrag_cent),
            grond=_grond(regel, gronden),
            ontbreekt=bevoegd.missing(regel),
        )
        for regel in regels
    ]


def _vorm(regel: Besluitregel) -> str:
    if regel.leveringsvorm is None:
        return ""
    if regel.awaits_pgb_toets:
        return "Pgb, nog te toetsen"
    if regel.pgb_weigeringsgrond_code:
        return "In natura, pgb geweigerd"
    return VORMEN[regel.leveringsvorm]


def _grondcode(regel: Besluitregel) -> str | None:
    return regel.weigeringsgrond_code or regel.pgb_weigeringsgrond_code


def _grond(regel: Besluitregel, gronden: Sequence[Weigeringsgrond]) -> str:
    if regel.herzieningsgrond:
        return f"artikel 2.3.10 lid 1 onder {regel.herzieningsgrond}"
    code, only_pgb = _grondcode(regel), regel.weigeringsgrond_code is None
    for grond in gronden:
        if grond.code == code and grond.alleen_pgb == only_pgb:
            return f"{grond.tekst} ({grond.artikel})"
    return code or ""


def period(van: date | None, tot: date | None) -> str:
    """Write a period for a table."""
    if van is None:
        return ""
    return f"{kort(van)} tot en met {kort(tot)}" if tot else f"vanaf {kort(van)}"


@dataclass(frozen=True)
class VoorzieningKaart:
    """A right, with what holds now and what comes."""

    voorziening: Voorziening
    naam: str
    nu: str
    regels: tuple[tuple[str, str, str], ...]
    """Period, volume and leveringsvorm of each regel."""
    verloop: tuple[str, str]
    """Whether it runs, has yet to begin or ran out, and its colour."""
    vorm: str = ""
    """Leveringsvorm of what holds today, or else of what comes or came last."""
    periode: str = ""

    @property
    def staat(self) -> tuple[str, str]:
        """Return the state in words, and its colour."""
        ended = self.voorziening
        if ended.geeindigd_op and ended.eindreden:
            reason = REDENEN[ended.eindreden]
            return f"Gestopt op {kort(ended.geeindigd_op)}: {reason}", "neutral"
        return self.verloop


def voorziening_kaart(
    voorziening: Voorziening, names: dict[str, str], dag: date
) -> VoorzieningKaart:
    """Show a voorziening as it stands on a day.

    One that ended before it began has no regel any more.
    """
    known = voorziening.regels
    holds = [r for r in known if r.van <= dag <= (r.tot or date.max)]
    return VoorzieningKaart(
        voorziening=voorziening,
        naam=names.get(voorziening.product_code, voorziening.product_code),
        nu=_in_words(holds[0]) if holds else "vandaag geldt er niets",
        vorm=VORMEN[(holds or known)[-1].leveringsvorm] if known else "",
        periode=period(known[0].van, known[-1].tot) if known else "",
        verloop=_verloop(voorziening, dag),
        regels=tuple(
            (period(r.van, r.tot), _in_words(r), VORMEN[r.leveringsvorm]) for r in known
        ),
    )


def _verloop(voorziening: Voorziening, dag: date) -> tuple[str, str]:
    if all(r.tot is not None and r.tot < dag for r in voorziening.regels):
        return "Afgelopen", "neutral"
    first = min(r.van for r in voorziening.regels)
    if first > dag:
        return f"Begint op {kort(first)}", "info"
    return "Loopt", "success"


def _in_words(regel: VoorzieningRegel) -> str:
    return hoeveel(regel.volume, regel.eenheid, regel.frequentie)


def beschikking_staat(beschikking: Beschikking) -> tuple[str, str]:
    """Return the state of a beschikking in words, and its colour."""
    if beschikking.extern_nummer:
        return "Overgenomen", "neutral"
    if beschikking.bekendgemaakt_op:
        return "Bekendgemaakt", "success"
    if beschikking.decided_at:
        return "Besloten, nog bekendmaken", "warning"
    return "Concept", "info"


def item_options(
    session: Session, beschikking_id: UUID, names: dict[str, str]
) -> list[tuple[str, str]]:
    """Offer what was asked and has no regel yet."""
    items = [
        item
        for aanvraag in queries.aanvragen_of(session, beschikking_id)
        for item in sorted(aanvraag.items, key=lambda item: item.id)
    ]
    decided = queries_lijst.items_with_regel(session, [item.id for item in items])
    return [
        (
            str(item.id),
            f"{names.get(item.product_code, item.product_code)}, gevraagd:"
            f" {VORMEN[item.gewenste_vorm].lower()}",
        )
        for item in items
        if item.id not in decided
    ]


FREQUENTIE_OPTIONS = [(f.value, text) for f, text in FREQUENTIES.items()]
VORM_OPTIONS = [(v.value, text) for v, text in VORMEN.items()]
