"""Testing a pgb, computing its amount, and letting it follow the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.queries import find_grond, get_regel
from loket.cases.besluit.queries_hold import lock_beschikking
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.besluit.woorden import hoeveel
from loket.cases.producten.product import Frequentie
from loket.datum import kort
from loket.errors import RuleViolation
from loket.geld import MAX_CENT, bedrag
from loket.pgb import queries
from loket.pgb.pgb import Budgetregel, HelperSoort, Pgb, PgbTarief, PgbToets
from loket.termijnen import dag_van

PER_YEAR = {Frequentie.DAG: 365, Frequentie.WEEK: 52, Frequentie.MAAND: 12}
"""How often a unit of volume comes back in a year; a total comes once."""


@dataclass(frozen=True)
class NieuweBudgetregel:
    """So much of which kind of help, in the unit and frequency of the besluitregel."""

    helper: HelperSoort
    volume: int


@dataclass(frozen=True)
class Oordeel:
    """The answer to one of the three tests, with its explanation."""

    voldoet: bool
    toelichting: str


def create_pgb_tarief(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    product_code: str,
    helper: HelperSoort,
    tarief_cent: int,
    van: date,
    tot: date | None = None,
) -> PgbTarief:
    """Let a rate hold from a day on; the rate before it ends the day before."""
    if tarief_cent < 1:
        raise RuleViolation("Vul een tarief in dat groter is dan nul.", "tarief")
    if tot is not None and tot < van:
        raise RuleViolation("Het einde ligt vóór het begin.", "tot")
    last = queries.latest_tarief(session, by.gemeente_code, product_code, helper)
    if last is not None and last.van >= van:
        raise RuleViolation(
            f"Er is al een tarief vanaf {kort(last.van)}. Kies een latere dag.", "van"
        )
    if last is not None and (last.tot is None or last.tot >= van):
        last.tot = van - timedelta(days=1)
    tarief = PgbTarief(
        gemeente_code=by.gemeente_code,
        product_code=product_code,
        helper=helper,
        tarief_cent=tarief_cent,
        van=van,
        tot=tot,
    )
    session.add(tarief)
    session.flush()
    record(session, by, Action.PGB_TARIEF_SET, tarief, at=at)
    return tarief


def assess_pgb(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    besluitregel: Besluitregel,
    vaardig: Oordeel,
    gemotiveerd: Oordeel,
    kwaliteit: Oordeel,
    budgetregels: Sequence[NieuweBudgetregel] = (),
    eisen: str = "",
    weigeringsgrond_code: str | None = None,
    natura_cent: int | None = None,
) -> PgbToets:
    """Do the three tests of Wmo art. 2.3.6 lid 2 for one besluitregel.

    All three met: the pgb stands with the amount of its budget lines. Else, or on a
    ground of lid 5, the pgb is refused and the right stays in natura.

    Args:
        natura_cent: what the right costs a year in natura, for the mandaat.
    """
    lock_beschikking(session, beschikking)
    beschikking.require_concept()
    besluitregel.require_pgb_asked()
    if besluitregel.beschikking_id != beschikking.id:
        raise RuleViolation("Deze regel hoort bij een andere beschikking.")
    get_regel(session, beschikking, besluitregel.id)  # may be taken out meanwhile
    _check_explained(vaardig, gemotiveerd, kwaliteit)
    toets = _replace_toets(session, by, at, besluitregel)
    toets.vaardig, toets.vaardig_toelichting = vaardig.voldoet, vaardig.toelichting
    toets.gemotiveerd = gemotiveerd.voldoet
    toets.gemotiveerd_toelichting = gemotiveerd.toelichting
    toets.kwaliteit = kwaliteit.voldoet
    toets.kwaliteit_toelichting = kwaliteit.toelichting
    session.add(toets)
    session.flush()
    if weigeringsgrond_code is not None:
        _refuse(session, besluitregel, weigeringsgrond_code, natura_cent, dag_van(at))
    else:
        _require_passed(toets)
        _grant(session, besluitregel, toets, budgetregels, eisen)
    beschikking.undo_review()
    record(session, by, Action.PGB_ASSESSED, toets, at=at)
    return toets


def _check_explained(
    vaardig: Oordeel, gemotiveerd: Oordeel, kwaliteit: Oordeel
) -> None:
    named = {"vaardig": vaardig, "gemotiveerd": gemotiveerd, "kwaliteit": kwaliteit}
    for name, oordeel in named.items():
        if not oordeel.toelichting.strip():
            raise RuleViolation(
                "Leg uit waarom u dit vindt. De cliënt moet het kunnen volgen.",
                f"{name}_toelichting",
            )


def _require_passed(toets: PgbToets) -> None:
    if not toets.is_passed:
        raise RuleViolation(
            "De cliënt voldoet niet aan alle drie de voorwaarden. Toekennen kan"
            " niet. Kies de grond waarop u het pgb weigert.",
            "weigeringsgrond_code",
        )


def _replace_toets(
    session: Session, by: Actor, at: datetime, regel: Besluitregel
) -> PgbToets:
    """Start anew: until the decision, the last test counts."""
    known = queries.toets_of(session, regel.id)
    if known is not None:
        session.delete(known)
        session.flush()
    return PgbToets(
        gemeente_code=regel.gemeente_code,
        dossier_id=regel.dossier_id,
        besluitregel_id=regel.id,
        assessed_at=at,
        assessed_by_id=by.id,
    )


def _refuse(
    session: Session,
    regel: Besluitregel,
    code: str,
    natura_cent: int | None,
    dag: date,
) -> None:
    grond = find_grond(session, regel.gemeente_code, code, dag, alleen_pgb=True)
    if grond is None:
        raise RuleViolation(
            "Op deze grond kunt u een pgb niet weigeren.", "weigeringsgrond_code"
        )
    regel.refuse_pgb(grond.code, natura_cent)


def _grant(
    session: Session,
    regel: Besluitregel,
    toets: PgbToets,
    lines: Sequence[NieuweBudgetregel],
    eisen: str,
) -> None:
    if not lines:
        raise RuleViolation("Vul in welke hulp de cliënt inkoopt.", "volume_formeel")
    if sum(line.volume for line in lines) != regel.volume:
        raise RuleViolation(
            f"De hulp samen moet {regel.volume} zijn: zo veel is er nodig.",
            "volume_formeel",
        )
    if not eisen.strip():
        raise RuleViolation("Vul in aan welke eisen de hulp moet voldoen.", "eisen")
    budget = [_line(session, regel, toets, line) for line in lines]
    session.add_all(budget)
    total = sum(line.jaarbedrag_cent for line in budget)
    if total > MAX_CENT:
        raise RuleViolation("Dit bedrag is te hoog. Kijk het aantal na.")
    regel.grant_pgb(total, "; ".join(in_words(line) for line in budget), eisen.strip())


def _line(
    session: Session, regel: Besluitregel, toets: PgbToets, line: NieuweBudgetregel
) -> Budgetregel:
    if line.volume < 1:
        raise RuleViolation(
            "Vul een aantal in dat groter is dan nul.", "volume_formeel"
        )
    if regel.ingangsdatum is None or regel.frequentie is None or regel.eenheid is None:
        raise RuleViolation("Deze regel is nog niet compleet.")
    tarief = queries.tarief_op(
        session,
        regel.gemeente_code,
        regel.product_code,
        line.helper,
        regel.ingangsdatum,
    )
    if tarief is None:
        raise RuleViolation(
            f"Er is geen pgb-tarief voor {SOORT[line.helper]} op"
            f" {kort(regel.ingangsdatum)}. Vraag de beheerder.",
            f"volume_{line.helper.value}",
        )
    per_year = PER_YEAR.get(regel.frequentie, 1)
    return Budgetregel(
        gemeente_code=regel.gemeente_code,
        toets_id=toets.id,
        dossier_id=regel.dossier_id,
        helper=line.helper,
        volume=line.volume,
        eenheid=regel.eenheid,
        frequentie=regel.frequentie,
        tarief_cent=tarief.tarief_cent,
        jaarbedrag_cent=line.volume * tarief.tarief_cent * per_year,
    )


SOORT = {
    HelperSoort.FORMEEL: "hulp van een beroepskracht",
    HelperSoort.INFORMEEL: "hulp van iemand uit uw omgeving",
}
"""Kinds of helpers in words, for the letter too."""


def in_words(line: Budgetregel) -> str:
    """Say how the amount of one budget line comes about."""
    times = PER_YEAR.get(line.frequentie)
    count = f" × {times}" if times else ""
    return (
        f"{SOORT[line.helper]}: {hoeveel(line.volume, line.eenheid, line.frequentie)}"
        f" × {bedrag(line.tarief_cent)}{count} = {bedrag(line.jaarbedrag_cent)}"
    )


def start_pgb(
    session: Session, by: Actor, at: datetime, *, besluitregel: Besluitregel
) -> Pgb | None:
    """Make the budget that a besluitregel granted; a second time changes nothing."""
    if queries.pgb_of(session, besluitregel.id) is not None:
        return None
    holds = queries.voorziening_regel_of(session, besluitregel.id)
    if holds is None or besluitregel.bedrag_cent is None:
        return None  # the right ended before its budget began
    pgb = Pgb(
        gemeente_code=besluitregel.gemeente_code,
        dossier_id=besluitregel.dossier_id,
        voorziening_id=holds.voorziening_id,
        besluitregel_id=besluitregel.id,
        jaarbedrag_cent=besluitregel.bedrag_cent,
        van=holds.van,
        tot=holds.tot,
        granted_at=at,
    )
    session.add(pgb)
    record(session, by, Action.PGB_STARTED, pgb, at=at)
    return pgb


def follow_voorziening(
    session: Session, by: Actor, at: datetime, *, voorziening: Voorziening
) -> int:
    """Let every pgb of a voorziening last as long as its right; return how many moved.

    A budget whose right never began is taken away.
    """
    moved = 0
    for pgb in queries.list_pgbs_of(session, voorziening.id):
        holds = queries.voorziening_regel_of(session, pgb.besluitregel_id)
        if holds is None:
            session.delete(pgb)
        elif pgb.tot == holds.tot:
            continue
        else:
            pgb.tot = holds.tot
        moved += 1
    if moved:
        record(session, by, Action.PGB_ENDED, voorziening, at=at)
    return moved
