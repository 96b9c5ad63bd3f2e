"""What the page of a dossier shows: people, terms, steps, letters, tasks."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries import staff_names
from loket.authz import Actor
from loket.bsn import mask_bsn
from loket.cases.dossier import queries
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import (
    Aanleiding,
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries_taken import list_taken
from loket.cases.dossier.taak import Taak
from loket.cases.dossier.tijdlijn import Stap, Termijn, in_volgorde
from loket.cases.dossier.woorden import (
    AANLEIDING,
    AFSLUITREDEN,
    DOCUMENT,
    KANAAL,
    UITKOMST,
    taak_woord,
)
from loket.web import Panel


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
    voor: str
    uiterlijk: date
    dagen: int
    is_mine: bool


@dataclass(frozen=True)
class Overzicht:
    """All that the page needs, opened and in words."""

    client: Inwoner
    bsn: str
    leeftijd: int | None
    regel: Werkvoorraad | None
    consulent: str
    betrokkenen: Sequence[Betrokkene]
    termijnen: Sequence[Termijn]
    stappen: Sequence[Stap]
    documenten: Sequence[Document]
    taken: Sequence[TaakRegel]
    contacten: Sequence[dict[str, object]]
    vandaag: date

    @property
    def tijdlijn(self) -> list[dict[str, object]]:
        """Name the steps as the macro of the timeline asks for them."""
        return [
            {
                "title": each.titel,
                "when": each.wanneer,
                "state": each.staat,
                "by": each.door,
                "text": each.tekst,
                "url": each.url,
            }
            for each in self.stappen
        ]


def make_overzicht(
    session: Session,
    by: Actor,
    dossier: Dossier,
    panels: Sequence[Panel],
    today: date,
) -> Overzicht:
    """Gather the page of a dossier in a fixed number of questions."""
    people = queries.list_betrokkenen(session, dossier.id)
    client = next(each.inwoner for each in people if each.rol is BetrokkeneRol.CLIENT)
    documents = queries.list_documents(session, dossier.id)
    tasks = [t for t in list_taken(session, dossier.id) if not t.done_at]
    contacts = queries.list_contactmomenten(session, dossier.id)
    names = _names(session, dossier, documents, tasks, contacts)
    steps = [step for panel in panels for step in panel.context.get("tijdlijn", ())]
    terms = [term for panel in panels for term in panel.context.get("termijnen", ())]
    rights = {
        key: naam
        for panel in panels
        for key, naam in panel.context.get("rechten", {}).items()
    }
    return Overzicht(
        client=client,
        bsn=mask_bsn(str(client.bsn)) if client.bsn else "",
        leeftijd=leeftijd(client.geboortedatum, client.overleden_op or today),
        regel=session.get(Werkvoorraad, dossier.id),
        consulent=names.get(dossier.consulent_id or dossier.id, ""),
        betrokkenen=[each for each in people if each.rol is not BetrokkeneRol.CLIENT],
        termijnen=sorted(terms, key=lambda each: (each.klaar, each.datum)),
        stappen=in_volgorde([*_own_steps(dossier, documents, names), *steps]),
        documenten=documents,
        taken=[_taak(by, task, names, today) for task in tasks],
        contacten=[contact_regel(each, names, rights) for each in contacts],
        vandaag=today,
    )


def _names(
    session: Session,
    dossier: Dossier,
    documents: Sequence[Document],
    tasks: Sequence[Taak],
    contacts: Sequence[Contactmoment],
) -> dict[UUID, str]:
    ids = {dossier.opened_by_id, dossier.consulent_id, dossier.assigned_by_id}
    ids |= {dossier.closed_by_id}
    ids |= {each.made_by_id for each in documents}
    ids |= {each.voor_user_id for each in tasks}
    ids |= {each.by_id for each in contacts}
    return staff_names(session, [each for each in ids if each])


def _own_steps(
    dossier: Dossier, documents: Sequence[Document], names: Mapping[UUID, str]
) -> list[Stap]:
    steps = [
        Stap(
            f"Brief verzonden: {DOCUMENT[each.soort].lower()}",
            each.verzonden_op,
        )
        for each in documents
        if each.verzonden_op
    ]
    if dossier.aanleiding is not Aanleiding.MELDING:
        steps.append(
            Stap(
                f"Dossier geopend: {AANLEIDING[dossier.aanleiding].lower()}",
                dossier.opened_at,
                door=names.get(dossier.opened_by_id, ""),
            )
        )
    if dossier.consulent_id:
        who = names.get(dossier.consulent_id, "een consulent")
        by_whom = names.get(dossier.assigned_by_id or dossier.id, "")
        steps.append(Stap(f"Verdeeld aan {who}", dossier.assigned_at, door=by_whom))
    elif not dossier.closed_at:
        steps.append(Stap("Verdelen over een consulent", None, "current"))
    if dossier.closed_at and dossier.afsluitreden:
        reason = AFSLUITREDEN[dossier.afsluitreden]
        closer = names.get(dossier.closed_by_id or dossier.id, "")
        steps.append(
            Stap("Dossier gesloten", dossier.closed_at, door=closer, tekst=reason)
        )
    return steps


def _taak(by: Actor, taak: Taak, names: Mapping[UUID, str], today: date) -> TaakRegel:
    whose = names.get(taak.voor_user_id or taak.id, "")
    rol = taak.voor_rol.value.replace("_", " ") if taak.voor_rol else ""
    return TaakRegel(
        id=taak.id,
        tekst=taak_woord(taak.soort),
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
