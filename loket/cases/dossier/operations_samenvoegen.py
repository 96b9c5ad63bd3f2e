"""Safe deeds about identity: two records become one, a wrong match is put right."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier import queries
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.samenvoeging import Samenvoeging, SamenvoegReden
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.verhuizen import move_back, move_rows
from loket.errors import NotFound, RuleViolation
from loket.termijnen import dag_van

FILLED = (
    "voorvoegsel",
    "voornamen",
    "voorletters",
    "partnernaam",
    "partnervoorvoegsel",
    "naamgebruik",
    "geboortedatum",
    "geslacht",
    "telefoon",
    "email",
    "contactwens",
    "taal",
    "postadres",
)
"""What is taken over when the record that stays does not have it yet."""
ADRES = ("straat", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats")
MOVABLE = frozenset(
    {Fase.NIEUW, Fase.ONDERZOEK, Fase.WACHT_OP_CLIENT, Fase.AANVRAAG, Fase.BESLUIT}
)
"""As long as nothing was decided in somebody's name."""
TO_ASSESS = timedelta(days=1)
"""A data leak is reported within 72 hours (AVG art. 33): look at it the next day."""


def merge_inwoners(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    weg: Inwoner,
    blijft: Inwoner,
    reden: SamenvoegReden,
    geboortedatum_gecontroleerd: bool = False,
) -> Samenvoeging:
    """Make two records one: all that is of `weg` is of `blijft` from now on.

    What `blijft` lacks is filled in from `weg`; what differs stays as it is.

    Raises:
        RuleViolation: two BSNs, a death of only one, or both in one dossier as
            different people: then these are two people.
    """
    _lock(session, weg, blijft)
    _check_one_person(session, weg, blijft, geboortedatum_gecontroleerd)
    before = _fill_in(session, weg, blijft)
    moved = move_rows(
        session, weg, blijft, not_where_known=frozenset({"huishouden_id"})
    )
    made = Samenvoeging(
        gemeente_code=blijft.gemeente_code,
        weg_id=weg.id,
        blijft_id=blijft.id,
        reden=reden,
        made_at=at,
        made_by_id=by.id,
        verplaatst=moved,
        ervoor=before,
    )
    session.add(made)
    weg.merge_into(blijft.id, by.id, at)
    record(
        session,
        by,
        Action.INWONER_MERGED,
        made,
        at=at,
        subjects=[weg.id, blijft.id],
        grond=reden.value,
    )
    return made


def undo_merge(
    session: Session, by: Actor, at: datetime, *, samenvoeging: Samenvoeging
) -> int:
    """Part two people again; what came after the merge stays where it is.

    Returns how many rows went back.
    """
    weg = session.get_one(Inwoner, samenvoeging.weg_id)
    blijft = session.get_one(Inwoner, samenvoeging.blijft_id)
    _lock(session, weg, blijft)
    session.refresh(samenvoeging)
    samenvoeging.undo(by.id, at)
    if blijft.merged_at:
        raise RuleViolation(
            "Deze inwoner is daarna nog eens samengevoegd. Draai die samenvoeging"
            " eerst terug."
        )
    _put_back(session, weg, blijft, samenvoeging.ervoor or {})
    weg.part()
    count = move_back(session, blijft, weg, list(samenvoeging.verplaatst))
    record(
        session,
        by,
        Action.INWONER_PARTED,
        samenvoeging,
        at=at,
        subjects=[weg.id, blijft.id],
    )
    return count


def rematch_dossier(
    session: Session, by: Actor, at: datetime, *, dossier: Dossier, client: Inwoner
) -> None:
    """Put a dossier on the name of the right person: a wrong match is undone.

    Where a letter went out already, the teamleider assesses whether it is a data leak.

    Raises:
        RuleViolation: it is this person already, somebody else in the dossier, or
            there is a besluit on the wrong name: that is withdrawn first.
    """
    session.refresh(dossier, with_for_update=True)
    if client.gemeente_code != dossier.gemeente_code:
        raise NotFound("Deze inwoner is niet gevonden.")
    _lock(session, queries.get_client(session, dossier.id), client)
    wrong = queries.get_client(session, dossier.id)  # merged while we waited
    if client.merged_at:
        raise NotFound("Deze inwoner is niet gevonden.")
    if wrong.id == client.id:
        raise RuleViolation("Dit dossier staat al op deze naam.", "inwoner")
    line = session.get_one(Werkvoorraad, dossier.id)
    if line.fase not in MOVABLE:
        raise RuleViolation(
            "In dit dossier is al besloten op naam van deze inwoner. Trek dat besluit"
            " eerst in en begin met een nieuwe melding voor de juiste persoon."
        )
    if client.overleden_op:
        raise RuleViolation("Van deze inwoner is het overlijden vastgelegd.", "inwoner")
    if _is_around(session, dossier, client):
        raise RuleViolation(
            "Deze persoon staat al in dit dossier met een andere rol.", "inwoner"
        )
    move_rows(session, wrong, client, dossier_id=dossier.id)
    line = session.get_one(Werkvoorraad, dossier.id)
    line.pc4 = client.pc4
    if any(each.sent_at for each in queries.list_documents(session, dossier.id)):
        set_taak(
            session,
            by,
            at,
            dossier_id=dossier.id,
            soort=TaakSoort.DATALEK_BEOORDELEN,
            voor_rol=Role.TEAMLEIDER,
            uiterlijk=dag_van(at) + TO_ASSESS,
        )
    record(
        session,
        by,
        Action.DOSSIER_REMATCHED,
        dossier,
        at=at,
        subjects=[wrong.id, client.id],
    )


def _lock(session: Session, *people: Inwoner) -> None:
    """Hold both, always in the same order: two merges at once wait for each other."""
    for each in sorted(people, key=lambda person: person.id):
        session.refresh(each, with_for_update=True)


def _check_one_person(
    session: Session, weg: Inwoner, blijft: Inwoner, checked: bool
) -> None:
    if weg.id == blijft.id:
        raise RuleViolation("Kies twee verschillende inwoners.", "blijft")
    if weg.gemeente_code != blijft.gemeente_code:
        raise NotFound("Deze inwoner is niet gevonden.")
    if weg.merged_at or blijft.merged_at:
        raise RuleViolation("Een van de twee is al samengevoegd.")
    if weg.bsn and blijft.bsn and weg.bsn != blijft.bsn:
        raise RuleViolation(
            "Deze inwoners hebben elk een eigen BSN. Dan zijn het twee mensen."
        )
    if weg.overleden_op != blijft.overleden_op:
        raise RuleViolation(
            "Van een van de twee is het overlijden vastgelegd. Controleer of het om"
            " dezelfde persoon gaat, en leg het overlijden dan bij allebei vast."
        )
    if _differ(weg.geboortedatum, blijft.geboortedatum) and not checked:
        raise RuleViolation(
            "De geboortedatums verschillen. Controleer dit eerst.",
            "geboortedatum_gecontroleerd",
        )
    if _meet_as_client(session, weg, blijft):
        raise RuleViolation(
            "In een dossier is de een cliënt en de ander iemand anders. Dan zijn het"
            " twee mensen."
        )


def _differ(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one != other


def _meet_as_client(session: Session, weg: Inwoner, blijft: Inwoner) -> bool:
    """Whether one of them is cliënt where the other is in another role."""
    client, other = Betrokkene, aliased(Betrokkene)
    pair = [weg.id, blijft.id]
    met = (
        select(client.id)
        .join(other, other.dossier_id == client.dossier_id)
        .where(
            client.rol == BetrokkeneRol.CLIENT,
            client.inwoner_id.in_(pair),
            other.inwoner_id.in_(pair),
            other.inwoner_id != client.inwoner_id,
        )
    )
    return session.scalar(met.limit(1)) is not None


def _is_around(session: Session, dossier: Dossier, person: Inwoner) -> bool:
    there = select(Betrokkene.id).where(
        Betrokkene.dossier_id == dossier.id, Betrokkene.inwoner_id == person.id
    )
    return session.scalar(there.limit(1)) is not None


def _fill_in(
    session: Session, weg: Inwoner, blijft: Inwoner
) -> dict[str, dict[str, Any]]:
    """Take over what is not known yet; return what both held there before."""
    names = [name for name in FILLED if getattr(weg, name) and not _has(blijft, name)]
    if not blijft.adresregels and weg.adresregels:
        names += ADRES
    if weg.bsn and not blijft.bsn:
        names.append("bsn")
    before: dict[str, dict[str, Any]] = {
        "blijft": {name: _plain(getattr(blijft, name)) for name in names},
        "geheim": {"geheimhouding": blijft.geheimhouding},
        "weg": {},
    }
    values = {name: getattr(weg, name) for name in names}
    if "bsn" in names:
        before["weg"]["bsn"] = str(weg.bsn)
        weg.bsn = None
        session.flush()  # one BSN is one person: the first lets go before the other
    for name, value in values.items():
        setattr(blijft, name, None if value is None else value)
    blijft.geheimhouding = blijft.geheimhouding or weg.geheimhouding
    session.flush()
    return before


def _put_back(
    session: Session, weg: Inwoner, blijft: Inwoner, before: Mapping[str, Any]
) -> None:
    """Empty again what the merge filled in; what was corrected since is newer."""
    kept = _corrected(weg, blijft, before)
    for name, value in before.get("blijft", {}).items():
        if name not in kept:
            setattr(blijft, name, _read(name, value))
    if weg.geheimhouding:
        blijft.geheimhouding = bool(before.get("geheim", {}).get("geheimhouding"))
    session.flush()  # the BSN is free again for whose it is
    for name, value in before.get("weg", {}).items():
        setattr(weg, name, _read(name, value))
    session.flush()


def _corrected(weg: Inwoner, blijft: Inwoner, before: Mapping[str, Any]) -> set[str]:
    """Tell what does not stand any more as the merge filled it in; an address is one.

    The record that went keeps what it held, and nobody corrects it meanwhile.
    """
    put = {name: _plain(getattr(weg, name)) for name in before.get("blijft", {})}
    put |= before.get("weg", {})
    kept = {name for name in put if _plain(getattr(blijft, name)) != put[name]}
    return kept | set(ADRES) if kept & set(ADRES) else kept


def _has(person: Inwoner, name: str) -> bool:
    value = getattr(person, name)
    return bool(value) and not (name == "geslacht" and value == "0")


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    return date.fromisoformat(value) if name == "geboortedatum" else str(value)
