"""What a new gemeente needs before its first melding, read from what is really there.

Nothing is kept of the path itself: a step is done when the data says so, also when
somebody takes it away again. Whether somebody may decide and which text holds is
asked in the same way as the deeds do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.accounts.queries import get_gemeente, list_instellingen
from loket.accounts.queries_mandaat import who_may_decide
from loket.accounts.register import NORMEN
from loket.accounts.team import Team, Teamlid
from loket.accounts.user import Aanstelling, Deed, User
from loket.authz import GRANTS, Actor, Permission, Role
from loket.cases.producten.product import Weigeringsgrond
from loket.cases.producten.queries import list_products
from loket.geldigheid import holds_on
from loket.huisstijl.queries import huisstijl_op
from loket.letters.queries import list_brieftekst
from loket.letters.tekst import defaults
from loket.pgb.pgb import PgbTarief
from loket.providers.contract import Contract, Contractregel
from loket.termijnen import dag_van

KLAAR, BEZIG, NIET = "klaar", "bezig", "niet gestart"
MOST_NAMED = 4
KOPIE = "sleutel_twee_kopieen"


@dataclass(frozen=True)
class Stap:
    """One thing to set up: where it is done, and what is still missing."""

    label: str
    mist: tuple[str, ...]
    begonnen: bool = True
    endpoint: str = ""
    vraag: tuple[tuple[str, str], ...] = ()
    mag: bool = False
    """The first melding can do without it."""

    @property
    def status(self) -> str:
        """Where it stands, derived from what is missing."""
        if not self.mist:
            return KLAAR
        return BEZIG if self.begonnen else NIET

    @property
    def hint(self) -> str:
        """What is missing, in one line."""
        if not self.mist:
            return ""
        named = ", ".join(self.mist[:MOST_NAMED])
        more = len(self.mist) - MOST_NAMED
        rest = f" en nog {more}" if more > 0 else ""
        return f"Nog nodig: {named}{rest}."


def find_steps(
    session: Session, by: Actor, at: datetime, *, has_iwmo_folder: bool
) -> list[Stap]:
    """Return every step in the order in which somebody takes them."""
    today = dag_van(at)
    tests: tuple[Callable[[Session, Actor, date], Stap], ...] = (
        _gegevens,
        _huisstijl,
        _regels,
        _sleutel,
        _mensen,
        _teams,
        _mandaat,
        _producten,
        _tarieven,
        _gronden,
        _brieven,
    )
    steps = [test(session, by, today) for test in tests]
    return [*steps, _berichten(session, by, today, has_iwmo_folder)]


def _gegevens(session: Session, by: Actor, _today: date) -> Stap:
    gemeente = get_gemeente(session, by.gemeente_code)
    asked = {
        "bezoekadres": gemeente.adres,
        "postadres": gemeente.postadres,
        "telefoonnummer": gemeente.telefoon,
        "website": gemeente.website,
    }
    return Stap(
        "Adres, telefoon en website van de gemeente",
        _empty(asked.items()),
        any(asked.values()),
        "gemeente.change",
    )


def _huisstijl(session: Session, by: Actor, today: date) -> Stap:
    has = huisstijl_op(session, by.gemeente_code, today)
    mist = () if has else ("eigen kleuren en logo; nu zijn het die van Loket",)
    return Stap(
        "Huisstijl: logo en kleuren (mag later)",
        mist,
        begonnen=False,
        endpoint="stijl.change",
        mag=True,
    )


def _empty(asked: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    return tuple(name for name, value in asked if not value)


def _regels(session: Session, by: Actor, today: date) -> Stap:
    held = _held(session, by, today)
    needed = [n for n in NORMEN if n.standaard is None and not n.jaarlijks]
    mist = tuple(norm.label.lower() for norm in needed if norm.sleutel not in held)
    return Stap(
        "Normen en termijnen", mist, len(mist) < len(needed), "instellingen.list_normen"
    )


def _held(session: Session, by: Actor, today: date) -> dict[str, object]:
    rows = list_instellingen(session, by.gemeente_code)
    return {row.sleutel: row.waarde for row in rows if holds_on(row, today)}


def _sleutel(session: Session, by: Actor, today: date) -> Stap:
    value = _held(session, by, today).get(KOPIE)
    return Stap(
        "De hoofdsleutel ligt op twee plaatsen",
        () if value else ("twee kopieën van de hoofdsleutel, op twee plaatsen",),
        value is not None,
        "instellingen.change",
        (("sleutel", KOPIE),),
    )


NEEDED = {
    "iemand die meldingen aanneemt": Permission.MELDING_REGISTER,
    "een consulent": Permission.ONDERZOEK_DO,
    "iemand die besluiten bekendmaakt": Permission.BESCHIKKING_MAKE_KNOWN,
    "iemand die werk verdeelt": Permission.DOSSIER_ASSIGN,
    "een privacy officer": Permission.AUDIT_READ,
}


def _mensen(session: Session, by: Actor, today: date) -> Stap:
    rows = session.execute(
        select(Aanstelling.rol, func.count(func.distinct(User.id)))
        .join(User, User.id == Aanstelling.user_id)
        .where(
            Aanstelling.gemeente_code.in_(by.gemeenten),
            Aanstelling.van <= today,
            Aanstelling.tot.is_(None) | (Aanstelling.tot >= today),
            User.deactivated_at.is_(None),
        )
        .group_by(Aanstelling.rol)
    )
    held = {row[0]: int(row[1]) for row in rows}
    granted = {permission for rol in held for permission in GRANTS[rol]}
    mist = [who for who, asked in NEEDED.items() if asked not in granted]
    if held.get(Role.BEHEERDER, 0) < 2:
        mist.append("een tweede beheerder")
    return Stap(
        "Mensen en hun rollen",
        tuple(mist),
        len(mist) < len(NEEDED) + 1,
        "gebruikers.list_gebruikers",
    )


def _teams(session: Session, by: Actor, today: date) -> Stap:
    made = session.scalar(
        select(func.count())
        .select_from(Team)
        .where(Team.gemeente_code.in_(by.gemeenten), Team.closed_at.is_(None))
    )
    members = session.scalar(
        select(func.count())
        .select_from(Teamlid)
        .where(
            Teamlid.gemeente_code.in_(by.gemeenten),
            Teamlid.tot.is_(None) | (Teamlid.tot >= today),
        )
    )
    mist = () if made and members else ("een team met leden",)
    return Stap("Teams (mag later)", mist, bool(made), "teams.list_teams", mag=True)


def _mandaat(session: Session, by: Actor, today: date) -> Stap:
    products = list_products(session, by.gemeente_code, today)
    categorie = products[0].categorie if products else ""
    mist = tuple(
        f"iemand in dienst die mag {deed.value}"
        for deed in Deed
        if not who_may_decide(
            session, by, deed=deed, categorie=categorie, bedrag_cent=0, day=today
        )
    )
    return Stap(
        "Mandaat: wie mag besluiten",
        mist,
        len(mist) < len(Deed),
        "mandaten.list_mandaten",
    )


def _producten(session: Session, by: Actor, today: date) -> Stap:
    has = list_products(session, by.gemeente_code, today)
    mist = () if has else ("minstens één product",)
    return Stap("Producten", mist, bool(has), "producten.list_products")


def _tarieven(session: Session, by: Actor, today: date) -> Stap:
    """Every product is to be had: from an aanbieder under contract, or with a pgb."""
    bought = (
        select(Contractregel.product_code)
        .join(Contract)
        .where(
            Contractregel.gemeente_code.in_(by.gemeenten),
            Contractregel.van <= today,
            Contractregel.tot.is_(None) | (Contractregel.tot >= today),
        )
    )
    rated = select(PgbTarief.product_code).where(
        PgbTarief.gemeente_code.in_(by.gemeenten),
        PgbTarief.van <= today,
        PgbTarief.tot.is_(None) | (PgbTarief.tot >= today),
    )
    known = set(session.scalars(bought)) | set(session.scalars(rated))
    mist = tuple(
        f"contract of pgb-tarief voor {each.naam}"
        for each in list_products(session, by.gemeente_code, today)
        if each.code not in known
    )
    return Stap(
        "Contracten en pgb-tarieven", mist, bool(known), "contracten.list_contracts"
    )


def _gronden(session: Session, by: Actor, today: date) -> Stap:
    has = session.scalar(
        select(func.count())
        .select_from(Weigeringsgrond)
        .where(
            Weigeringsgrond.gemeente_code.in_(by.gemeenten),
            Weigeringsgrond.van <= today,
            Weigeringsgrond.tot.is_(None) | (Weigeringsgrond.tot >= today),
        )
    )
    mist = () if has else ("minstens één grond",)
    return Stap(
        "Gronden om te weigeren", mist, bool(has), "weigeringsgronden.list_gronden"
    )


def _brieven(session: Session, by: Actor, today: date) -> Stap:
    held = {row.sleutel for row in list_brieftekst(session, by) if holds_on(row, today)}
    mist = tuple(
        f"brieftekst {sleutel.replace('_', ' ')}"
        for sleutel in defaults()
        if sleutel not in held
    )
    return Stap("Teksten van brieven", mist, bool(held), "brieven.list_texts")


def _berichten(session: Session, by: Actor, today: date, has_folder: bool) -> Stap:
    """Messages are asked for as soon as a contract works with them."""
    asked = session.scalar(
        select(func.count())
        .select_from(Contract)
        .where(
            Contract.gemeente_code.in_(by.gemeenten),
            Contract.berichten,
            Contract.tot.is_(None) | (Contract.tot >= today),
        )
    )
    mist = (
        ()
        if has_folder
        else ("een map voor iWmo-berichten: vraag wie de server van Loket beheert",)
    )
    label = "Map voor iWmo-berichten"
    return Stap(
        label if asked else f"{label} (mag later)", mist, has_folder, mag=not asked
    )
