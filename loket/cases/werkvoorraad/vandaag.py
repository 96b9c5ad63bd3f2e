"""What the dossiers ask today: terms, new work, tasks; and the names beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling, staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission, Role
from loket.cases.dossier import woorden
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import visible
from loket.cases.dossier.queries_taken import OpenTaak, list_open_taken
from loket.cases.werkvoorraad.queries import NOBODY, open_lines, visible_lines
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel
from loket.web import taak_notes

SIGNAAL = "signaal_termijn_dagen"
SIGNAAL_DAGEN = 14
"""How long before a term it is shown where the gemeente never said so."""
_LATE = (("te_laat", "ja"),)


@dataclass(frozen=True)
class Zaak:
    """What a line of a dossier shows besides what is to be done."""

    referentie: str
    naam: str

    def regel(
        self,
        wat: str,
        *,
        sinds: date | datetime | None = None,
        uiterlijk: date | None = None,
        vandaag: date | None = None,
        moment: datetime | None = None,
    ) -> Regel:
        """Make the line that leads to the dossier."""
        left = (uiterlijk - vandaag).days if uiterlijk and vandaag else None
        return Regel(
            titel=self.referentie,
            plek=dossier_plek(self.referentie),
            naam=self.naam,
            wat=wat,
            sinds=sinds,
            moment=moment,
            uiterlijk=uiterlijk,
            dagen=left,
        )


@dataclass(frozen=True)
class Werklast:
    """How much work somebody has: dossiers, those that are late, and their weight."""

    total: int = 0
    late: int = 0
    percent: int = 0
    """Weight of the dossiers together: one that counts fully is 100."""

    def plus(self, total: int, late: int, percent: int) -> "Werklast":
        """Add the dossiers of one fase."""
        return Werklast(self.total + total, self.late + late, self.percent + percent)

    @property
    def first(self) -> tuple[int, int]:
        """What puts a consulent on top: what is late, then how much it is."""
        return self.late, self.percent

    def in_words(self, norm: int | None) -> str:
        """Say how much it is, and whether it is more than the gemeente wants."""
        words = "1 dossier" if self.total == 1 else f"{self.total} dossiers"
        if self.late:
            words += f", {self.late} te laat"
        if norm is not None and self.percent > 100 * int(norm):
            words += f", na weging meer dan de norm van {norm}"
        return words


def dossier_plek(referentie: str) -> Plek:
    """Lead to the page of a dossier."""
    return Plek("dossier.show_dossier", (("referentie", referentie),))


def zaken_of(
    session: Session, by: Actor, at: datetime, dossier_ids: Iterable[UUID]
) -> dict[UUID, Zaak]:
    """Return reference and cliënt of dossiers this actor may see.

    Whose names are shown is recorded once; nothing asked is nothing recorded.
    """
    asked = set(dossier_ids)
    if not asked:
        return {}
    rows = session.execute(
        select(Dossier.id, Dossier.referentie, Inwoner)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .where(
            Dossier.id.in_(asked),
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            visible(by),
        )
    ).all()
    shown = {client.id for _, _, client in rows}
    record(
        session, by, Action.WERKVOORRAAD_READ, at=at, subjects=shown, grond="vandaag"
    )
    return {id_: Zaak(ref, client.naam) for id_, ref, client in rows}


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell consulent, teamleider and administratie what their dossiers ask."""
    if not by.may(Permission.WERKVOORRAAD_READ):
        return
    wanted = _wanted(session, by, at)
    zaken = zaken_of(
        session,
        by,
        at,
        [line.dossier_id for _, lines in wanted for line in lines],
    )
    today = termijnen.dag_van(at)
    for part, lines in wanted:
        yield Deel(
            part.titel,
            [_line(zaken[line.dossier_id], line, today) for line in lines],
            part.leeg,
            Plek("werkvoorraad.show_werkvoorraad", part.vraag),
            part.meer,
            sinds_kop="Ontvangen",
        )
    if Role.TEAMLEIDER in by.rollen:
        yield _per_consulent(session, by, today)
    yield _taken(session, by, at)


@dataclass(frozen=True)
class _Part:
    titel: str
    leeg: str
    meer: str
    vraag: tuple[tuple[str, str], ...]
    where: tuple[ColumnElement[bool], ...]


def _wanted(
    session: Session, by: Actor, at: datetime
) -> list[tuple[_Part, Sequence[Werkvoorraad]]]:
    return [
        (
            part,
            session.scalars(
                select(Werkvoorraad)
                .where(*visible_lines(by), open_lines(), *part.where)
                .order_by(Werkvoorraad.termijn_op, Werkvoorraad.referentie)
                .limit(MOST_SHOWN + 1)
            ).all(),
        )
        for part in _parts(session, by, at)
    ]


def _parts(session: Session, by: Actor, at: datetime) -> Iterator[_Part]:
    if Role.CONSULENT in by.rollen:
        yield from _parts_consulent(session, by, at)
    if by.may(Permission.DOSSIER_ASSIGN):
        yield _Part(
            "Nog te verdelen",
            "Elk dossier heeft een consulent. Een nieuwe melding komt hier te staan.",
            "Alle dossiers zonder consulent",
            (("wiens", "niemand"),),
            (Werkvoorraad.behandelaar_id == NOBODY,),
        )
    if by.may(Permission.BESCHIKKING_MAKE_KNOWN):
        yield _Part(
            "Besluiten bekend te maken",
            "Elk besluit is bekendgemaakt. Een genomen besluit komt hier te staan.",
            "Alle besluiten die bekendgemaakt moeten worden",
            (("fase", Fase.BEKENDMAKEN.value),),
            (Werkvoorraad.fase == Fase.BEKENDMAKEN,),
        )


def _parts_consulent(session: Session, by: Actor, at: datetime) -> Iterator[_Part]:
    today = termijnen.dag_van(at)
    days = instelling(session, by.gemeente_code, SIGNAAL, today)
    last = today + timedelta(days=SIGNAAL_DAGEN if days is None else int(days))
    mine = Werkvoorraad.behandelaar_id == by.id
    yield _Part(
        "Uw termijnen",
        "Geen termijn van uw dossiers loopt binnenkort af.",
        "Al uw dossiers",
        (("wiens", "mij"),),
        (mine, Werkvoorraad.termijn_op <= last),
    )
    yield _Part(
        "Nieuw voor u",
        "Er ligt geen dossier waarin u nog moet beginnen.",
        "Al uw nieuwe dossiers",
        (("wiens", "mij"), ("fase", Fase.NIEUW.value)),
        (mine, Werkvoorraad.fase == Fase.NIEUW),
    )


def _line(zaak: Zaak, line: Werkvoorraad, today: date) -> Regel:
    wat = woorden.FASE[line.fase]
    return zaak.regel(
        f"{wat}, spoed" if line.spoed else wat,
        sinds=line.ontvangen_op,
        uiterlijk=line.uiterste_datum,
        vandaag=today,
    )


def _per_consulent(session: Session, by: Actor, today: date) -> Deel:
    """Count who has how many dossiers and how many are late; no names of cliënten."""
    late = func.count().filter(Werkvoorraad.termijn_op < today)
    weights = instelling(session, by.gemeente_code, "caseload_gewichten", today) or {}
    norm = instelling(session, by.gemeente_code, "caseload_norm", today)
    work: dict[UUID, Werklast] = {}
    for consulent, fase, total, overdue in session.execute(
        select(Werkvoorraad.behandelaar_id, Werkvoorraad.fase, func.count(), late)
        .where(*visible_lines(by), open_lines())
        .group_by(Werkvoorraad.behandelaar_id, Werkvoorraad.fase)
    ):
        if consulent != NOBODY:
            weight = total * int(weights.get(fase.value, 100))
            work[consulent] = work.get(consulent, Werklast()).plus(
                total, overdue, weight
            )
    names = staff_names(session, list(work))
    busiest = sorted(work.items(), key=lambda each: each[1].first, reverse=True)
    return Deel(
        "Werk per consulent",
        [
            Regel(
                names.get(consulent, "Onbekend"),
                Plek(
                    "werkvoorraad.show_werkvoorraad",
                    (
                        ("consulent", str(consulent)),
                        *(_LATE if found.late else ()),
                    ),
                ),
                wat=found.in_words(norm),
            )
            for consulent, found in busiest
        ],
        "Er is nog geen dossier verdeeld.",
        Plek("werkvoorraad.show_werkvoorraad", _LATE),
        "Alles wat te laat is",
        kop="Consulent",
    )


def _what(taak: OpenTaak, over: Mapping[UUID, str]) -> str:
    about = over.get(taak.onderwerp_id or taak.id)
    words = woorden.taak_woord(taak.soort)
    return f"{words}: {about}" if about else words


def _taken(session: Session, by: Actor, at: datetime) -> Deel:
    today = termijnen.dag_van(at)
    taken = list_open_taken(session, by, at, most=MOST_SHOWN)
    over = taak_notes(session, by, [taak.onderwerp_id for taak in taken])
    return Deel(
        "Taken",
        [
            Zaak(taak.dossier, taak.naam).regel(
                _what(taak, over), uiterlijk=taak.uiterlijk, vandaag=today
            )
            for taak in taken
        ],
        "U heeft geen open taken. Een taak komt hier vanzelf te staan.",
        Plek("taken.show_taken"),
        "Alle taken",
    )
