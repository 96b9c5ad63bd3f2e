"""Finding an onderzoek, and everything that was said and found in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.huishouden import HuishoudenLid
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import visible
from loket.cases.melding.behoefte import Behoefte
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek.gesprek import Gesprek, GesprekDeelname
from loket.cases.onderzoek.onderwerp import (
    Leefgebied,
    LeefgebiedSoort,
    Letter,
    Onderwerp,
)
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Oplossing
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.onderzoek.verslag import Verslag
from loket.db import hold
from loket.errors import NotFound

_ENDINGS = ("completed_at", "closed_at")


def find_onderzoek(session: Session, dossier_id: UUID) -> Onderzoek | None:
    """Return the onderzoek of a dossier, when it was started."""
    return session.scalar(select(Onderzoek).where(Onderzoek.dossier_id == dossier_id))


def find_met_verslagen(
    session: Session, dossier_id: UUID
) -> tuple[Onderzoek | None, list[Verslag]]:
    """Return the onderzoek of a dossier and every verslag of it, newest first.

    In one statement, for a page that shows both.
    """
    rows = session.execute(
        select(Onderzoek, Verslag)
        .outerjoin(Verslag, Verslag.onderzoek_id == Onderzoek.id)
        .where(Onderzoek.dossier_id == dossier_id)
        .order_by(Verslag.versie.desc())
    ).all()
    if not rows:
        return None, []
    verslagen: list[Verslag | None] = [row[1] for row in rows]
    return rows[0][0], [each for each in verslagen if each is not None]


def get_onderzoek(session: Session, dossier_id: UUID) -> Onderzoek:
    """Return the onderzoek of a dossier that the caller may see.

    Raises:
        NotFound: no onderzoek was started.
    """
    onderzoek = find_onderzoek(session, dossier_id)
    if onderzoek is None:
        raise NotFound
    return onderzoek


def hold_onderzoek(session: Session, onderzoek: Onderzoek) -> None:
    """Wait for who else works on it, and see whether it has ended."""
    hold(session, onderzoek, *_ENDINGS)


def hold_open(session: Session, onderzoek: Onderzoek) -> None:
    """Hold it, and refuse when it has ended, perhaps just now.

    Every deed begins with this: the verslag that ends an onderzoek is about all of it.
    """
    hold_onderzoek(session, onderzoek)
    onderzoek.require_open()


def get_verslag(session: Session, verslag_id: UUID) -> Verslag:
    """Return one version of a verslag."""
    verslag = session.get(Verslag, verslag_id)
    if verslag is None:
        raise NotFound
    return verslag


def get_verslag_of(session: Session, onderzoek: Onderzoek, versie: int) -> Verslag:
    """Return the version of this number."""
    verslag = session.scalar(
        select(Verslag).where(
            Verslag.onderzoek_id == onderzoek.id, Verslag.versie == versie
        )
    )
    if verslag is None:
        raise NotFound
    return verslag


def list_verslagen(session: Session, onderzoek_id: UUID) -> Sequence[Verslag]:
    """Return the versions of the verslag, newest first."""
    return session.scalars(
        select(Verslag)
        .where(Verslag.onderzoek_id == onderzoek_id)
        .order_by(Verslag.versie.desc())
    ).all()


def last_verslag(session: Session, onderzoek_id: UUID) -> Verslag | None:
    """Return the newest version: the only one that still counts."""
    return next(iter(list_verslagen(session, onderzoek_id)), None)


def list_onderwerpen(
    session: Session, onderzoek_id: UUID
) -> Mapping[Letter, Onderwerp]:
    """Return the subjects a-g that were recorded, by letter."""
    found = session.scalars(
        select(Onderwerp)
        .where(Onderwerp.onderzoek_id == onderzoek_id)
        .order_by(Onderwerp.letter)
    )
    return {each.letter: each for each in found}


def reread_onderwerp(
    session: Session, onderzoek_id: UUID, letter: Letter
) -> Onderwerp | None:
    """Return one subject as it is stored now, whatever this session read before."""
    return session.scalar(
        select(Onderwerp)
        .where(Onderwerp.onderzoek_id == onderzoek_id, Onderwerp.letter == letter)
        .execution_options(populate_existing=True)
    )


def reread_bevindingen(
    session: Session, onderzoek_id: UUID
) -> list[Onderwerp | Leefgebied]:
    """Return all that was said and found, as it is stored now."""
    found: list[Onderwerp | Leefgebied] = []
    for noun in (Onderwerp, Leefgebied):
        found += session.scalars(
            select(noun)
            .where(noun.onderzoek_id == onderzoek_id)
            .execution_options(populate_existing=True)
        )
    return found


def list_leefgebieden(
    session: Session, onderzoek_id: UUID
) -> Mapping[LeefgebiedSoort, Leefgebied]:
    """Return the domains of life that were opened; the others have no row."""
    found = session.scalars(
        select(Leefgebied)
        .where(Leefgebied.onderzoek_id == onderzoek_id)
        .order_by(Leefgebied.opened_at)
    )
    return {each.soort: each for each in found}


def list_oplossingen(session: Session, onderzoek_id: UUID) -> Sequence[Oplossing]:
    """Return the proposed solutions, in the order they were proposed."""
    return session.scalars(
        select(Oplossing)
        .where(Oplossing.onderzoek_id == onderzoek_id)
        .order_by(Oplossing.proposed_at, Oplossing.id)
    ).all()


def get_oplossing(
    session: Session, onderzoek: Onderzoek, oplossing_id: UUID
) -> Oplossing:
    """Return a solution of this onderzoek."""
    found = session.get(Oplossing, oplossing_id)
    if found is None or found.onderzoek_id != onderzoek.id:
        raise NotFound
    return found


def list_resultaatafspraken(
    session: Session, dossier_id: UUID
) -> Sequence[Resultaatafspraak]:
    """Return the agreed results of a dossier with how they turned out."""
    return session.scalars(
        select(Resultaatafspraak)
        .where(Resultaatafspraak.dossier_id == dossier_id)
        .options(selectinload(Resultaatafspraak.scores))
        .order_by(Resultaatafspraak.made_at, Resultaatafspraak.id)
    ).all()


def name_resultaten(
    session: Session, by: Actor, ids: Sequence[UUID]
) -> Mapping[UUID, str]:
    """Return the agreed result by id, of dossiers that this actor may read."""
    if not by.may(Permission.DOSSIER_READ):
        return {}
    found = session.scalars(
        select(Resultaatafspraak)
        .join(Dossier, Dossier.id == Resultaatafspraak.dossier_id)
        .where(Resultaatafspraak.id.in_(ids), visible(by))
    )
    return {each.id: each.resultaat or "" for each in found}


def get_resultaatafspraak(
    session: Session, dossier_id: UUID, afspraak_id: UUID
) -> Resultaatafspraak:
    """Return an agreed result of this dossier."""
    found = session.get(Resultaatafspraak, afspraak_id)
    if found is None or found.dossier_id != dossier_id:
        raise NotFound
    return found


def list_gesprekken(
    session: Session, onderzoek_id: UUID
) -> Sequence[tuple[Gesprek, GesprekDeelname]]:
    """Return the talks with what each brought to this onderzoek, newest first."""
    found = session.execute(
        select(Gesprek, GesprekDeelname)
        .join(GesprekDeelname, GesprekDeelname.gesprek_id == Gesprek.id)
        .where(GesprekDeelname.onderzoek_id == onderzoek_id)
        .order_by(Gesprek.gevoerd_op.desc(), Gesprek.recorded_at.desc())
    )
    return [(row[0], row[1]) for row in found]


@dataclass(frozen=True)
class Inhoud:
    """Everything one onderzoek holds, fetched once for a page or a verslag."""

    gesprekken: Sequence[tuple[Gesprek, GesprekDeelname]]
    onderwerpen: Mapping[Letter, Onderwerp]
    leefgebieden: Mapping[LeefgebiedSoort, Leefgebied]
    behoeften: Sequence[Behoefte]
    oplossingen: Sequence[Oplossing]
    afspraken: Sequence[Resultaatafspraak]
    verslagen: Sequence[Verslag]

    def oplossingen_voor(self, behoefte_id: UUID) -> list[Oplossing]:
        """Return the solutions for one need."""
        return [each for each in self.oplossingen if each.behoefte_id == behoefte_id]

    @property
    def has_maatwerk(self) -> bool:
        """Whether one of the solutions is a maatwerkvoorziening."""
        return any(each.product_code for each in self.oplossingen)


def gather(session: Session, onderzoek: Onderzoek) -> Inhoud:
    """Fetch everything of one onderzoek."""
    return Inhoud(
        gesprekken=list_gesprekken(session, onderzoek.id),
        onderwerpen=list_onderwerpen(session, onderzoek.id),
        leefgebieden=list_leefgebieden(session, onderzoek.id),
        behoeften=list_behoeften(session, onderzoek.dossier_id),
        oplossingen=list_oplossingen(session, onderzoek.id),
        afspraken=[
            each
            for each in list_resultaatafspraken(session, onderzoek.dossier_id)
            if each.onderzoek_id == onderzoek.id
        ],
        verslagen=list_verslagen(session, onderzoek.id),
    )


def read_onderzoek(
    session: Session, by: Actor, at: datetime, dossier_id: UUID
) -> Onderzoek:
    """Return the onderzoek for somebody who looks; the look leaves one record."""
    onderzoek = get_onderzoek(session, dossier_id)
    record(session, by, Action.DOSSIER_READ, onderzoek, at=at, grond="onderzoek")
    return onderzoek


def list_samen(
    session: Session, by: Actor, onderzoek: Onderzoek
) -> Sequence[tuple[Onderzoek, Inwoner]]:
    """Return open onderzoeken of people of the same household, with their cliënt.

    One talk may serve them all; a dossier that is afgeschermd shows only to the
    people named for it.
    """
    own, other = aliased(HuishoudenLid), aliased(HuishoudenLid)
    client = aliased(Betrokkene)
    housemates = (
        select(other.inwoner_id)
        .join(own, own.huishouden_id == other.huishouden_id)
        .join(client, client.inwoner_id == own.inwoner_id)
        .where(
            client.dossier_id == onderzoek.dossier_id,
            client.rol == BetrokkeneRol.CLIENT,
            own.tot.is_(None),
            other.tot.is_(None),
        )
    )
    found = session.execute(
        select(Onderzoek, Inwoner)
        .join(Dossier, Dossier.id == Onderzoek.dossier_id)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .where(
            Onderzoek.id != onderzoek.id,
            Onderzoek.completed_at.is_(None),
            Onderzoek.closed_at.is_(None),
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Betrokkene.inwoner_id.in_(housemates),
            visible(by),
        )
        .order_by(Onderzoek.started_at)
    )
    return [(row[0], row[1]) for row in found]


def list_huisgenoten(
    session: Session, dossier_id: UUID, dag: date
) -> Sequence[Inwoner]:
    """Return who lives with the cliënt today, as the dossier knows it."""
    own, other = aliased(HuishoudenLid), aliased(HuishoudenLid)
    client = aliased(Betrokkene)
    return session.scalars(
        select(Inwoner)
        .join(other, other.inwoner_id == Inwoner.id)
        .join(own, own.huishouden_id == other.huishouden_id)
        .join(client, client.inwoner_id == own.inwoner_id)
        .where(
            client.dossier_id == dossier_id,
            client.rol == BetrokkeneRol.CLIENT,
            Inwoner.id != client.inwoner_id,
            own.tot.is_(None) | (own.tot >= dag),
            other.tot.is_(None) | (other.tot >= dag),
        )
        .order_by(Inwoner.id)
        .distinct()
    ).all()
