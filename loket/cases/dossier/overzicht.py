"""What the page of a dossier shows: people, terms, steps, letters, tasks."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from loket.accounts.queries import staff_names
from loket.authz import Actor
from loket.bsn import mask_bsn
from loket.cases.dossier import queries, queries_blad
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.notitie import Notitie, NotitieVersie
from loket.cases.dossier.queries_blad import Mens
from loket.cases.dossier.queries_taken import list_open_of
from loket.cases.dossier.taak import Taak
from loket.cases.dossier.tijdlijn import Stap, Termijn, in_volgorde
from loket.cases.dossier.toedeling import Toedeling
from loket.cases.dossier.verloop import own_steps
from loket.cases.dossier.woorden import (
    KANAAL,
    NOTITIE,
    TOEDELINGREDEN,
    UITKOMST,
    taak_woord,
)

LAST_DONE = 6
"""Steps that were done, on the page itself; the others unfold."""
MOST_NOTES = 3
"""Notes on the page itself; all of them stand on a page of their own."""


def leeftijd(geboren: date | None, op: date) -> int | None:
    """Count the years of somebody on a day."""
    if geboren is None:
        return None
    birthday_to_come = (op.month, op.day) < (geboren.month, geboren.day)
    return op.year - geboren.year - birthday_to_come


@dataclass(frozen=True)
class Treffer:
    """Somebody found by a search, as shown in the list."""

    id: UUID
    naam: str
    geboortedatum: date | None
    bsn: str
    adres: str
    dossiers: Sequence[str]
    afgeschermd: bool
    overleden: bool


def make_treffers(
    found: Sequence[Inwoner],
    dossiers: Mapping[UUID, Sequence[Dossier]],
    shielded: AbstractSet[UUID],
) -> list[Treffer]:
    """Show who was found; of a shielded person no more than that they are known."""
    return [
        Treffer(
            id=each.id,
            naam=each.naam,
            geboortedatum=None if each.id in shielded else each.geboortedatum,
            bsn=mask_bsn(str(each.bsn)) if each.bsn else "",
            adres=""
            if each.id in shielded or each.geheimhouding
            else ", ".join(each.adresregels),
            dossiers=[dossier.referentie for dossier in dossiers.get(each.id, [])],
            afgeschermd=each.id in shielded,
            overleden=each.overleden_op is not None,
        )
        for each in found
    ]


@dataclass(frozen=True)
class TaakRegel:
    """An open task on the page."""

    id: UUID
    tekst: str
    onderwerp_id: UUID | None
    voor: str
    uiterlijk: date
    dagen: int
    is_mine: bool


@dataclass(frozen=True)
class Hand:
    """Who handled the dossier from when, and why it went to them."""

    sinds: datetime
    naam: str
    reden: str
    toelichting: str
    door: str


@dataclass(frozen=True)
class NotitieRegel:
    """A note on the page: its last version, and whether there are earlier ones."""

    id: UUID
    soort: str
    tekst: str
    door: str
    at: datetime
    versie: int
    vast: bool


@dataclass(frozen=True)
class Overzicht:
    """All that the page needs, opened and in words."""

    client: Inwoner
    bsn: str
    leeftijd: int | None
    regel: Werkvoorraad | None
    consulent: str
    mensen: Sequence[Mens]
    andere: Sequence[Dossier]
    """Other dossiers of the cliënt, as far as this reader may see them."""
    termijnen: Sequence[Termijn]
    stappen: Sequence[Stap]
    documenten: Sequence[Document]
    taken: Sequence[TaakRegel]
    contacten: Sequence[dict[str, object]]
    handen: Sequence[Hand]
    notities: Sequence[NotitieRegel]
    vandaag: date

    @property
    def tijdlijn(self) -> list[dict[str, object]]:
        """Name the steps as the macro of the timeline asks for them."""
        return _for_timeline(self.stappen)

    @property
    def eerder(self) -> list[dict[str, object]]:
        """Return the steps that were done before the last few."""
        return _for_timeline(self.stappen[: self._folded])

    @property
    def laatste(self) -> list[dict[str, object]]:
        """Return the last few steps that were done, and what is busy or to come."""
        return _for_timeline(self.stappen[self._folded :])

    @property
    def _folded(self) -> int:
        """How many steps are folded away; two more would not be worth the click."""
        done = sum(each.staat == "done" for each in self.stappen)
        return done - LAST_DONE if done > LAST_DONE + 2 else 0


def _for_timeline(stappen: Sequence[Stap]) -> list[dict[str, object]]:
    return [
        {
            "title": each.titel,
            "when": each.wanneer,
            "state": each.staat,
            "by": each.door,
            "text": each.tekst,
            "url": each.url,
        }
        for each in stappen
    ]


def make_overzicht(blad: Blad, panels: Sequence[Panel]) -> Overzicht:
    """Gather the page of a dossier in a fixed number of questions."""
    session, dossier, today = blad.session, blad.dossier, blad.vandaag
    people = queries_blad.list_mensen(session, blad.by, dossier.id)
    client, *others = people
    documents = queries.list_documents(session, dossier.id)
    tasks = list_open_of(session, dossier.id)
    contacts = queries.list_contactmomenten(session, dossier.id)
    hands = queries_blad.list_toedelingen(session, dossier.id)
    notes = queries_blad.list_latest(session, dossier.id, MOST_NOTES)
    names = staff_names(session, _who(dossier, tasks, contacts, hands, notes))
    steps = [step for panel in panels for step in panel.context.get("tijdlijn", ())]
    terms = [term for panel in panels for term in panel.context.get("termijnen", ())]
    rights = {
        key: naam
        for panel in panels
        for key, naam in panel.context.get("rechten", {}).items()
    }
    own = own_steps(dossier, documents, hands, names)
    return Overzicht(
        client=client.inwoner,
        bsn=mask_bsn(str(client.inwoner.bsn)) if client.inwoner.bsn else "",
        leeftijd=leeftijd(
            client.inwoner.geboortedatum, client.inwoner.overleden_op or today
        ),
        regel=blad.regel,
        consulent=names.get(dossier.consulent_id or dossier.id, ""),
        mensen=others,
        andere=client.dossiers,
        termijnen=sorted(terms, key=lambda each: (each.klaar, each.datum)),
        stappen=in_volgorde([*own, *steps]),
        documenten=documents,
        taken=[_taak(blad.by, task, names, today) for task in tasks],
        contacten=[contact_regel(each, names, rights) for each in contacts],
        handen=[_hand(each, names) for each in hands],
        notities=[_notitie(*each, names) for each in notes],
        vandaag=today,
    )


def _who(
    dossier: Dossier,
    tasks: Sequence[Taak],
    contacts: Sequence[Contactmoment],
    hands: Sequence[Toedeling],
    notes: Sequence[tuple[Notitie, NotitieVersie]],
) -> list[UUID]:
    ids = {dossier.opened_by_id, dossier.consulent_id, dossier.assigned_by_id}
    ids |= {dossier.closed_by_id}
    ids |= {each.voor_user_id for each in tasks}
    ids |= {each.by_id for each in contacts}
    ids |= {person for each in hands for person in (each.naar_id, each.by_id)}
    ids |= {version.saved_by_id for _, version in notes}
    return [each for each in ids if each]


def _hand(toedeling: Toedeling, names: Mapping[UUID, str]) -> Hand:
    gets = toedeling.naar_id
    return Hand(
        sinds=toedeling.at,
        naam=names.get(gets, "Onbekend") if gets else "Niemand: nog te verdelen",
        reden=TOEDELINGREDEN[toedeling.reden],
        toelichting=toedeling.toelichting or "",
        door=names.get(toedeling.by_id, ""),
    )


def _notitie(
    notitie: Notitie, laatste: NotitieVersie, names: Mapping[UUID, str]
) -> NotitieRegel:
    return NotitieRegel(
        id=notitie.id,
        soort=NOTITIE[notitie.soort],
        tekst=laatste.tekst or "",
        door=names.get(laatste.saved_by_id, ""),
        at=laatste.saved_at,
        versie=laatste.versie,
        vast=notitie.pinned_at is not None,
    )


def _taak(by: Actor, taak: Taak, names: Mapping[UUID, str], today: date) -> TaakRegel:
    whose = names.get(taak.voor_user_id or taak.id, "")
    rol = taak.voor_rol.value.replace("_", " ") if taak.voor_rol else ""
    return TaakRegel(
        id=taak.id,
        tekst=taak_woord(taak.soort),
        onderwerp_id=taak.onderwerp_id,
        voor=whose or rol,
        uiterlijk=taak.uiterlijk,
        dagen=(taak.uiterlijk - today).days,
        is_mine=taak.voor_user_id == by.id or taak.voor_rol in by.rollen,
    )


def contact_regel(
    contact: Contactmoment,
    names: Mapping[UUID, str],
    rights: Mapping[UUID, str] | None = None,
) -> dict[str, object]:
    """Show one contact: what it was about, what was said, and to whom."""
    words = UITKOMST[contact.uitkomst]
    title = f"{KANAAL[contact.kanaal]}: {words[:1].lower()}{words[1:]}"
    if contact.uitkomst is Uitkomst.MELDING:
        title = f"{KANAAL[contact.kanaal]}: melding ontvangen"
    if contact.voorziening_id and rights and contact.voorziening_id in rights:
        title = f"{title} ({rights[contact.voorziening_id]})"
    return {
        "when": contact.at,
        "title": title,
        "text": contact.tekst,
        "by": names.get(contact.by_id, ""),
    }
