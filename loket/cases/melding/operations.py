"""Deeds about what comes in: the melding and the needs in it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.dossier import (
    Aanleiding,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    Fase,
)
from loket.cases.dossier.inwoner import Inwoner, leeftijdsklasse
from loket.cases.dossier.opening import begin_dossier, join_dossier, note_contact
from loket.cases.dossier.queries import dossier_of
from loket.cases.dossier.voortgang import keep_line
from loket.cases.melding.behoefte import Behoefte
from loket.cases.melding.melding import Huishoudtype, Melding, Verwijzer
from loket.cases.melding.queries import list_behoeften
from loket.cases.producten.product import Domein
from loket.errors import RuleViolation
from loket.outbox.operations import promise
from loket.termijnen import dag_van

NieuweBehoefte = tuple[str, Sequence[Domein]]
TERMIJN = "onderzoek"
"""Which term the worklist shows until the onderzoek is done."""


def register_melding(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    client: Inwoner,
    kanaal: Kanaal,
    ontvangen_op: date,
    hulpvraag: str,
    behoeften: Sequence[NieuweBehoefte],
    verwijzer: Verwijzer,
    huishoudtype: Huishoudtype,
    clientondersteuning_verteld: bool,
    spoed: bool = False,
    spoed_toelichting: str | None = None,
    melder: Inwoner | None = None,
    melder_rol: BetrokkeneRol | None = None,
    bevoegdheid: Bevoegdheid | None = None,
) -> Melding:
    """Open a dossier for a question: from the day of receipt the terms run."""
    _check(client, hulpvraag, behoeften, spoed, spoed_toelichting)
    dossier = begin_dossier(
        session,
        by,
        at,
        client=client,
        aanleiding=Aanleiding.MELDING,
        ontvangen_op=ontvangen_op,
        domeinen=[label for _, labels in behoeften for label in labels],
        spoed=spoed,
    )
    if melder is not None:
        _join_melder(session, dossier, melder, ontvangen_op, melder_rol, bevoegdheid)
    melding = Melding(
        kanaal=kanaal,
        ontvangen_op=ontvangen_op,
        hulpvraag=hulpvraag,
        spoed=spoed,
        spoed_toelichting=spoed_toelichting,
        clientondersteuning_verteld=clientondersteuning_verteld,
        huishoudtype=huishoudtype,
        verwijzer=verwijzer,
    )
    _settle(session, by, at, melding, dossier, client)
    _follow(session, by, at, melding, dossier, behoeften)
    record(session, by, Action.MELDING_REGISTERED, melding, at=at)
    return melding


def _settle(
    session: Session,
    by: Actor,
    at: datetime,
    melding: Melding,
    dossier: Dossier,
    client: Inwoner,
) -> None:
    """Tie the melding to its dossier, with its terms and what is frozen for policy."""
    melding.gemeente_code = dossier.gemeente_code
    melding.dossier_id = dossier.id
    melding.pc4 = client.pc4
    melding.leeftijdsklasse = leeftijdsklasse(
        client.geboortedatum, melding.ontvangen_op
    )
    melding.registered_at = at
    melding.registered_by_id = by.id
    melding.set_terms()
    session.add(melding)
    session.flush()  # the needs refer to the melding


def _check(
    client: Inwoner,
    hulpvraag: str,
    behoeften: Sequence[NieuweBehoefte],
    spoed: bool,
    spoed_toelichting: str | None,
) -> None:
    findable = client.geboortedatum and client.postcode and client.huisnummer
    if not client.bsn and not findable:
        raise RuleViolation(
            "Zonder BSN zijn geboortedatum, postcode en huisnummer nodig.", "bsn"
        )
    if not hulpvraag.strip():
        raise RuleViolation("Vul in wat de inwoner vraagt.", "hulpvraag")
    if not behoeften:
        raise RuleViolation("Vul ten minste één behoefte in.", "behoefte_1")
    for number, (text, labels) in enumerate(behoeften, start=1):
        if not text.strip():
            raise RuleViolation("Vul de behoefte in.", f"behoefte_{number}")
        if not labels:
            raise RuleViolation("Kies een of meer domeinen.", f"labels_{number}")
    if spoed and not spoed_toelichting:
        raise RuleViolation("Vul in waarom er spoed is.", "spoed_toelichting")


def _join_melder(
    session: Session,
    dossier: Dossier,
    melder: Inwoner,
    van: date,
    rol: BetrokkeneRol | None,
    bevoegdheid: Bevoegdheid | None,
) -> None:
    authority = bevoegdheid or Bevoegdheid.GEEN
    if rol is BetrokkeneRol.CLIENT:
        raise RuleViolation("Een dossier heeft één cliënt.", "melder_rol")
    if authority.gets_letters and not (melder.postadres or melder.adresregels):
        raise RuleViolation(
            "Deze persoon krijgt de brieven. Vul daarom het adres in.",
            "melder_straat",
        )
    join_dossier(
        session,
        dossier=dossier,
        inwoner=melder,
        rol=rol or BetrokkeneRol.MELDER,
        bevoegdheid=authority,
        van=van,
    )


def _follow(
    session: Session,
    by: Actor,
    at: datetime,
    melding: Melding,
    dossier: Dossier,
    behoeften: Sequence[NieuweBehoefte],
) -> None:
    """Write down what comes with a melding: needs, contact, clock and letter."""
    for text, labels in behoeften:
        session.add(_behoefte(by, at, dossier, melding, text, labels))
    note_contact(
        session,
        by,
        at,
        kanaal=melding.kanaal,
        uitkomst=Uitkomst.MELDING,
        tekst=None,
        dossier=dossier,
    )
    keep_line(
        session,
        dossier.id,
        fase=Fase.NIEUW,
        termijn_soort=TERMIJN,
        uiterste_datum=melding.onderzoek_tot,
    )
    promise(
        session,
        "letters.ontvangst",
        melding.id,
        gemeente_code=melding.gemeente_code,
        at=at,
    )


def _behoefte(
    by: Actor,
    at: datetime,
    dossier: Dossier,
    melding: Melding | None,
    text: str,
    labels: Sequence[Domein],
) -> Behoefte:
    behoefte = Behoefte(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        melding_id=melding.id if melding else None,
        labels=sorted({label.value for label in labels}),
        added_at=at,
        added_by_id=by.id,
    )
    behoefte.omschrijving = text
    return behoefte


def add_behoefte(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    omschrijving: str,
    labels: Sequence[Domein],
) -> Behoefte:
    """Add a need that showed later, in the onderzoek."""
    _check_behoefte(dossier, omschrijving, labels)
    behoefte = _behoefte(by, at, dossier, None, omschrijving, labels)
    session.add(behoefte)
    _keep_domeinen(session, dossier)
    record(session, by, Action.BEHOEFTE_ADDED, behoefte, at=at)
    return behoefte


def correct_behoefte(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    behoefte: Behoefte,
    omschrijving: str,
    labels: Sequence[Domein],
) -> None:
    """Write a need down better; what was promised for it stays with it."""
    _check_behoefte(dossier, omschrijving, labels)
    behoefte.correct(omschrijving, sorted({label.value for label in labels}), by.id, at)
    _keep_domeinen(session, dossier)
    record(session, by, Action.BEHOEFTE_CORRECTED, behoefte, at=at)


def _check_behoefte(
    dossier: Dossier, omschrijving: str, labels: Sequence[Domein]
) -> None:
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    if not omschrijving.strip():
        raise RuleViolation("Vul de behoefte in.", "omschrijving")
    if not labels:
        raise RuleViolation("Kies een of meer domeinen.", "labels")


def _keep_domeinen(session: Session, dossier: Dossier) -> None:
    session.flush()  # the worklist counts the domains of every need
    known = [
        label for each in list_behoeften(session, dossier.id) for label in each.labels
    ]
    keep_line(session, dossier.id, domeinen=known)


def confirm_melding(
    session: Session, by: Actor, at: datetime, *, melding: Melding
) -> None:
    """Note that the receipt was confirmed in writing (Wmo art. 2.3.2 lid 1)."""
    dossier_of(session, by, melding.dossier_id)
    melding.confirm(by.id, at)
    record(session, by, Action.MELDING_CONFIRMED, melding, at=at)


def receive_plan(
    session: Session, by: Actor, at: datetime, *, melding: Melding, ontvangen_op: date
) -> None:
    """Note that the cliënt handed in a persoonlijk plan (Wmo art. 2.3.2 lid 2 and 5).

    A plan after the seven days is taken in too: it belongs in the onderzoek.
    """
    dossier = dossier_of(session, by, melding.dossier_id)
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    if ontvangen_op > dag_van(at):
        raise RuleViolation("Deze dag ligt in de toekomst.", "ontvangen_op")
    melding.receive_plan(ontvangen_op, by.id)
    record(session, by, Action.PLAN_RECEIVED, melding, at=at)
