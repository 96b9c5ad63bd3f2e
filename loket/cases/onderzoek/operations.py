"""Deeds of the onderzoek: what was seen, said, found, agreed, and how it ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Afsluitreden, Dossier, Fase
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.voortgang import keep_line
from loket.cases.melding.queries import get_melding
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.gesprek import Gesprek, GesprekDeelname, GesprekVorm
from loket.cases.onderzoek.onderwerp import (
    Letter,
    Onderwerp,
)
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs, Onderzoek
from loket.cases.onderzoek.queries_gepland import find_fulfilled
from loket.cases.onderzoek.verslag import Reactie, Verslag
from loket.cases.onderzoek.volledigheid import list_ontbreekt
from loket.db import hold
from loket.errors import RuleViolation
from loket.outbox.operations import promise
from loket.termijnen import dag_van


def start_onderzoek(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier
) -> Onderzoek:
    """Begin the onderzoek of a dossier; this happens once.

    The term of the law was set by the melding; a heronderzoek has none.
    """
    session.refresh(dossier, with_for_update=True)  # two starts at once: one waits
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    if queries.find_onderzoek(session, dossier.id):
        raise RuleViolation("Het onderzoek is al gestart.")
    melding = get_melding(session, dossier.id)
    onderzoek = Onderzoek(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        melding_id=melding.id if melding else None,
        started_at=at,
        started_by_id=by.id,
        uiterste_datum=melding.onderzoek_tot if melding else None,
    )
    session.add(onderzoek)
    keep_line(session, dossier.id, fase=Fase.ONDERZOEK)
    record(session, by, Action.ONDERZOEK_STARTED, onderzoek, at=at)
    return onderzoek


def see_identiteit(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    bewijs: Identiteitsbewijs,
) -> None:
    """Note which document was seen; never its number (Wmo art. 2.3.4)."""
    queries.hold_open(session, onderzoek)
    onderzoek.see_identity(bewijs, by.id, at)
    record(session, by, Action.IDENTITEIT_CHECKED, onderzoek, at=at)


def snapshot_huishouden(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    leden: Sequence[Mapping[str, Any]],
) -> None:
    """Keep who lives there now and what usual help they give; replaces an earlier one.

    Each lid has `naam`, `leeftijd`, `relatie` and `hulp`; an empty list says that the
    cliënt lives alone.
    """
    queries.hold_open(session, onderzoek)
    onderzoek.huishouden = {
        "opgenomen_op": dag_van(at).isoformat(),
        "leden": [dict(lid) for lid in leden],
    }
    record(session, by, Action.HUISHOUDEN_RECORDED, onderzoek, at=at)


def record_gesprek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoeken: Sequence[Onderzoek],
    vorm: GesprekVorm,
    gevoerd_op: date,
    aanwezigen: str,
    woorden_client: str,
    aantekening: str | None = None,
) -> Gesprek:
    """Record one talk for one or more onderzoeken, sealed in the dossier of each.

    The plan for it, if there was one, is fulfilled with that.
    """
    if not onderzoeken:
        raise RuleViolation("Kies voor wie het gesprek was.", "samen")
    # always in the same order: two talks at once wait for each other
    for onderzoek in sorted(onderzoeken, key=lambda each: each.id):
        queries.hold_open(session, onderzoek)
    check_past(gevoerd_op, at, "gevoerd_op")
    gesprek = Gesprek(
        gemeente_code=onderzoeken[0].gemeente_code,
        vorm=vorm,
        gevoerd_op=gevoerd_op,
        recorded_at=at,
        recorded_by_id=by.id,
    )
    session.add(gesprek)
    session.flush()  # its id stands in every deelname
    for onderzoek in {each.id: each for each in onderzoeken}.values():
        session.add(
            GesprekDeelname(
                gemeente_code=onderzoek.gemeente_code,
                gesprek_id=gesprek.id,
                onderzoek_id=onderzoek.id,
                dossier_id=onderzoek.dossier_id,
                aanwezigen=aanwezigen,
                woorden_client=woorden_client,
                aantekening=aantekening,
            )
        )
        planned = find_fulfilled(session, onderzoek.id, gevoerd_op)
        if planned:
            planned.hold(gesprek, by.id, at)
    record(
        session,
        by,
        Action.GESPREK_RECORDED,
        gesprek,
        at=at,
        dossier_id=onderzoeken[0].dossier_id,
        subjects=[each.dossier_id for each in onderzoeken],
    )
    return gesprek


def record_onderwerp(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    letter: Letter,
    woorden_client: str,
    beoordeling: str,
) -> Onderwerp:
    """Record a subject a-g: the words of the cliënt apart from the assessment."""
    queries.hold_open(session, onderzoek)
    onderwerp = queries.list_onderwerpen(session, onderzoek.id).get(letter)
    if onderwerp is None:
        onderwerp = Onderwerp(
            gemeente_code=onderzoek.gemeente_code,
            onderzoek_id=onderzoek.id,
            dossier_id=onderzoek.dossier_id,
            letter=letter,
        )
        session.add(onderwerp)
    onderwerp.rewrite(woorden_client, beoordeling, by.id, at)
    record(session, by, Action.ONDERWERP_RECORDED, onderwerp, at=at, grond=letter.value)
    return onderwerp


def give_pgb_informatie(
    session: Session, by: Actor, at: datetime, *, onderzoek: Onderzoek
) -> None:
    """Note that the cliënt was told what a pgb is (Wmo art. 2.3.2 lid 6)."""
    queries.hold_open(session, onderzoek)
    onderzoek.give_pgb_information(by.id, at)
    record(session, by, Action.PGB_INFORMATIE_GIVEN, onderzoek, at=at)


def agree_later(
    session: Session, by: Actor, at: datetime, *, onderzoek: Onderzoek, tot: date
) -> None:
    """Note a later day agreed with the cliënt; the day of the law does not move."""
    queries.hold_open(session, onderzoek)
    onderzoek.agree_until(tot, dag_van(at))
    record(session, by, Action.ONDERZOEK_AGREED_LATER, onderzoek, at=at)


def make_verslag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    samenvatting: str,
    conclusie: str,
) -> Verslag:
    """Draw up the verslag, or a next version of it; a worker makes the PDF."""
    queries.hold_open(session, onderzoek)
    last = queries.last_verslag(session, onderzoek.id)
    if last and last.ondertekend_op:
        raise RuleViolation("De cliënt heeft het verslag al ondertekend.")
    verslag = Verslag(
        gemeente_code=onderzoek.gemeente_code,
        onderzoek_id=onderzoek.id,
        dossier_id=onderzoek.dossier_id,
        versie=last.versie + 1 if last else 1,
        samenvatting=samenvatting,
        conclusie=conclusie,
        made_at=at,
        made_by_id=by.id,
    )
    session.add(verslag)
    keep_line(session, onderzoek.dossier_id, fase=Fase.WACHT_OP_CLIENT)
    record(session, by, Action.VERSLAG_MADE, verslag, at=at)
    promise(
        session,
        "letters.verslag",
        verslag.id,
        gemeente_code=verslag.gemeente_code,
        at=at,
    )
    return verslag


def answer_verslag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verslag: Verslag,
    reactie: Reactie,
    opmerkingen: str | None = None,
    ondertekend_op: date | None = None,
) -> None:
    """Record what the cliënt says; a signature makes the verslag an aanvraag.

    An aanvraag cannot come before the onderzoek is done, unless its term has passed
    (art. 2.3.2 lid 9): until then the signature waits for the end of the onderzoek.
    """
    onderzoek = session.get_one(Onderzoek, verslag.onderzoek_id)
    queries.hold_onderzoek(session, onderzoek)
    session.refresh(verslag, ["answered_at"])  # answered while we waited
    if verslag != queries.last_verslag(session, onderzoek.id):
        raise RuleViolation("Er is een nieuwere versie van dit verslag.")
    if reactie is Reactie.AKKOORD_MET_OPMERKINGEN and not opmerkingen:
        raise RuleViolation("Vul in welke opmerkingen de cliënt heeft.", "opmerkingen")
    verslag.answer(reactie, opmerkingen or "", ondertekend_op, by.id, at)
    if onderzoek.ended_at is None and not ondertekend_op:
        keep_line(session, verslag.dossier_id, fase=Fase.ONDERZOEK)
    record(session, by, Action.VERSLAG_ANSWERED, verslag, at=at, grond=reactie.value)
    if onderzoek.allows_aanvraag(dag_van(at)):
        _promise_aanvraag(session, verslag, at)


def complete_onderzoek(
    session: Session, by: Actor, at: datetime, *, onderzoek: Onderzoek
) -> None:
    """End the onderzoek with its verslag (Wmo art. 2.3.2 lid 8).

    Raises:
        RuleViolation: something that the law asks for is missing; it names all of it.
    """
    queries.hold_open(session, onderzoek)
    missing = list_ontbreekt(onderzoek, queries.gather(session, onderzoek))
    if missing:
        names = ", ".join(each.tekst for each in missing)
        raise RuleViolation(f"U kunt nog niet afronden. Dit ontbreekt: {names}.")
    onderzoek.complete(by.id, at)
    keep_line(
        session,
        onderzoek.dossier_id,
        fase=Fase.WACHT_OP_CLIENT,
        termijn_soort=None,
        uiterste_datum=None,
    )
    record(session, by, Action.ONDERZOEK_COMPLETED, onderzoek, at=at)
    verslag = queries.last_verslag(session, onderzoek.id)
    if verslag:
        _promise_aanvraag(session, verslag, at)


def close_onderzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    onderzoek: Onderzoek,
    reden: Afsluitreden,
) -> None:
    """End without aanvraag: a letter says why, and the dossier closes with it."""
    if reden is Afsluitreden.BESLUIT_UITGEVOERD:
        raise RuleViolation("Kies waarom er geen aanvraag komt.", "reden")
    queries.hold_open(session, onderzoek)
    onderzoek.close(reden, by.id, at)
    dossier = session.get_one(Dossier, onderzoek.dossier_id)
    hold(session, dossier, "closed_at")
    dossier.close(reden, by.id, at)
    keep_line(
        session,
        dossier.id,
        fase=Fase.GESLOTEN,
        termijn_soort=None,
        uiterste_datum=None,
    )
    record(session, by, Action.ONDERZOEK_CLOSED, onderzoek, at=at, grond=reden.value)
    # nobody writes to who died, and without a melding there is nothing to answer
    if onderzoek.melding_id and reden is not Afsluitreden.OVERLEDEN:
        promise(
            session,
            "letters.afsluiting",
            onderzoek.id,
            gemeente_code=onderzoek.gemeente_code,
            at=at,
        )


def _promise_aanvraag(session: Session, verslag: Verslag, at: datetime) -> None:
    """A signed verslag counts as aanvraag: the next chapter takes it from here."""
    if verslag.ondertekend_op:
        promise(
            session,
            "besluit.aanvraag",
            verslag.id,
            gemeente_code=verslag.gemeente_code,
            at=at,
        )
