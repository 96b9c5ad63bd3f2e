"""Whether this person may decide this, on behalf of the college (Awb afd. 10.1.1)."""

from datetime import date

from sqlalchemy.orm import Session

from loket.accounts.queries import find_mandaat, instelling
from loket.accounts.user import Deed, Mandaat
from loket.authz import Actor
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, BesluitSoort
from loket.errors import RuleViolation
from loket.geld import MAX_CENT, bedrag

DEEDS: dict[BesluitSoort, Deed] = {
    BesluitSoort.TOEKENNEN: Deed.TOEKENNEN,
    BesluitSoort.WEIGEREN: Deed.WEIGEREN,
    BesluitSoort.WIJZIGEN: Deed.WIJZIGEN,
    BesluitSoort.VERLENGEN: Deed.VERLENGEN,
    BesluitSoort.INTREKKEN: Deed.INTREKKEN,
    BesluitSoort.HERZIEN: Deed.WIJZIGEN,
}


def find_mandaat_for(
    session: Session, by: Actor, regel: Besluitregel, dag: date
) -> Mandaat | None:
    """Return the mandaat for this regel; costs nobody knows need one without limit."""
    costs = MAX_CENT if regel.bedrag_cent is None else regel.bedrag_cent
    return _find(session, by, regel, dag, costs)


def _find(
    session: Session, by: Actor, regel: Besluitregel, dag: date, costs: int
) -> Mandaat | None:
    return find_mandaat(
        session,
        by,
        deed=DEEDS[regel.soort],
        categorie=regel.categorie,
        bedrag_cent=costs,
        day=dag,
    )


def missing_mandaat(
    session: Session, by: Actor, regel: Besluitregel, dag: date
) -> str | None:
    """Say what is missing to decide on this regel, or nothing."""
    if find_mandaat_for(session, by, regel, dag) is not None:
        return None
    if _find(session, by, regel, dag, 0) is None:
        return (
            f"U heeft geen mandaat om te {DEEDS[regel.soort].value} in productcategorie"
            f" {regel.categorie}. Vraag iemand die dat wel heeft om te besluiten."
        )
    if regel.bedrag_cent is None:
        return (
            "Uw mandaat geldt tot een bedrag, en bij een regel staan de kosten per jaar"
            " nog niet. Vul die in."
        )
    return (
        f"Uw mandaat is niet hoog genoeg: een regel kost {bedrag(regel.bedrag_cent)}"
        " per jaar. Vraag iemand met een hoger mandaat om te besluiten."
    )


def require_mandaat(
    session: Session, by: Actor, regels: list[Besluitregel], dag: date
) -> Mandaat:
    """Return the mandaat of the regel that costs most; each regel needs one.

    Raises:
        RuleViolation: what is missing, for the first regel that lacks it.
    """
    for regel in regels:
        missing = missing_mandaat(session, by, regel, dag)
        if missing:
            raise RuleViolation(missing)
    highest = max(regels, key=lambda regel: regel.bedrag_cent or 0)
    found = find_mandaat_for(session, by, highest, dag)
    if found is None:
        raise RuleViolation("Uw mandaat is intussen gewijzigd.")
    return found


def missing_review(
    session: Session, by: Actor, beschikking: Beschikking, dag: date
) -> str | None:
    """Say whether a second pair of eyes is missing, where the gemeente asks for it."""
    asked = instelling(session, beschikking.gemeente_code, "vier_ogen", dag)
    if not asked or beschikking.reviewed_at or by.id != beschikking.drawn_up_by_id:
        return None
    return (
        "U stelde deze beschikking zelf op. Laat een collega haar eerst nakijken, of"
        " laat een collega besluiten."
    )
