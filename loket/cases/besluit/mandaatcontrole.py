"""Whether this person may decide this, on behalf of the college (Awb afd. 10.1.1)."""

from datetime import date

from sqlalchemy.orm import Session

from loket.accounts.queries import instelling, list_mandaten_of
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


class Bevoegdheid:
    """What somebody may decide on a day; each mandaat is asked for once."""

    def __init__(self, session: Session, by: Actor, dag: date) -> None:
        self._mandaten = list_mandaten_of(session, by)
        self._dag = dag

    def mandaat_for(self, regel: Besluitregel) -> Mandaat | None:
        """Return the mandaat for this regel; unknown costs need one without limit."""
        costs = MAX_CENT if regel.bedrag_cent is None else regel.bedrag_cent
        return self._find(regel, costs)

    def _find(self, regel: Besluitregel, costs: int) -> Mandaat | None:
        deed = DEEDS[regel.soort]
        for mandaat in self._mandaten:
            if mandaat.deed is deed and mandaat.covers(
                self._dag, regel.categorie, costs
            ):
                return mandaat
        return None

    def missing(self, regel: Besluitregel) -> str | None:
        """Say what is missing to decide on this regel, or nothing."""
        if self.mandaat_for(regel) is not None:
            return None
        if self._find(regel, 0) is None:
            return (
                f"U heeft geen mandaat om te {DEEDS[regel.soort].value} in"
                f" productcategorie {regel.categorie}. Vraag iemand die dat wel heeft"
                " om te besluiten."
            )
        if regel.bedrag_cent is None:
            return (
                "Uw mandaat geldt tot een bedrag, en bij een regel staan de kosten per"
                " jaar nog niet. Vul die in."
            )
        return (
            f"Uw mandaat is niet hoog genoeg: een regel kost"
            f" {bedrag(regel.bedrag_cent)} per jaar. Vraag iemand met een hoger"
            " mandaat om te besluiten."
        )


def require_mandaat(
    session: Session, by: Actor, regels: list[Besluitregel], dag: date
) -> Mandaat:
    """Return the mandaat of the regel that costs most; each regel needs one.

    Raises:
        RuleViolation: what is missing, for the first regel that lacks it.
    """
    bevoegd = Bevoegdheid(session, by, dag)
    for regel in regels:
        missing = bevoegd.missing(regel)
        if missing:
            raise RuleViolation(missing)
    highest = max(regels, key=lambda regel: regel.bedrag_cent or 0)
    found = bevoegd.mandaat_for(highest)
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
