"""Aanbieders under contract, rights to place, and what was assigned."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from build import dossier as people
from build.gemeente import NOW, START, TODAY, actor
from loket.authz import Actor, Role
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    take_over_besluit,
)
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.db import uuid7
from loket.providers import operations, operations_contract
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Capaciteit, Contract, Contractregel, Contractvorm
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing

HULP = "01A01"
_AGB = count(12_345_001)
_NUMMER = count(1)


def system(gemeente: str = "0396") -> Actor:
    """Stand for Loket itself."""
    return Actor.system(gemeente)


def aanbieder(
    session: Session, at: datetime = NOW, naam: str = "Zorg aan Zee"
) -> Aanbieder:
    """Make an aanbieder."""
    return operations_contract.create_aanbieder(
        session,
        system(),
        at,
        naam=naam,
        agb=str(next(_AGB)),
        telefoon="0201234567",
    )


def medewerker(van: Aanbieder, *gemeenten: str) -> Actor:
    """Stand for somebody who works for an aanbieder."""
    return Actor(
        id=uuid7(),
        naam="P. Strandloper",
        rollen=frozenset({Role.AANBIEDER}),
        gemeenten=gemeenten or ("0396",),
        aanbieder_id=van.id,
    )


def contract(
    session: Session, at: datetime = NOW, *, gemeente: str = "0396", **differs: Any
) -> Contract:
    """Make a contract that works with messages and with plaatsingsverzoeken."""
    values: dict[str, Any] = {
        "nummer": f"C-{next(_NUMMER)}",
        "vorm": Contractvorm.INSPANNINGSGERICHT,
        "berichten": True,
        "plaatsingsverzoek": True,
        "van": START,
    } | differs
    values.setdefault("aanbieder", None)
    values["aanbieder"] = values["aanbieder"] or aanbieder(session, at)
    return operations_contract.create_contract(session, system(gemeente), at, **values)


def contractregel(
    session: Session,
    at: datetime = NOW,
    *,
    van_contract: Contract | None = None,
    product_code: str = HULP,
    regel: dict[str, Any] | None = None,
    **contract_differs: Any,
) -> Contractregel:
    """Make a contract with one product; `regel` says what differs in the regel."""
    held = van_contract or contract(session, at, **contract_differs)
    values: dict[str, Any] = {"tarief_cent": 3600, "van": held.van} | (regel or {})
    return operations_contract.add_contractregel(
        session,
        system(held.gemeente_code),
        at,
        contract=held,
        product_code=product_code,
        **values,
    )


def capaciteit(
    session: Session, of: Contractregel, at: datetime = NOW, **differs: Any
) -> Capaciteit:
    """Report room: no waiting time and no stop."""
    return operations_contract.report_capaciteit(
        session,
        system(of.gemeente_code),
        at,
        gemeente_code=of.gemeente_code,
        aanbieder_id=of.aanbieder_id,
        product_code=of.product_code,
        **{"wachttijd_dagen": 0} | differs,
    )


def voorziening(
    session: Session,
    at: datetime = NOW,
    *,
    client: Inwoner | None = None,
    dossier: Dossier | None = None,
    gemeente: str = "0396",
    **differs: Any,
) -> Voorziening:
    """Grant 120 minutes of help a week, without end, from today."""
    by = actor(Role.CONSULENT, gemeente=gemeente)
    file = dossier or people.dossier(session, by, at, client=client)
    values: dict[str, Any] = {
        "product_code": HULP,
        "leveringsvorm": Leveringsvorm.NATURA,
        "volume": 120,
        "frequentie": Frequentie.WEEK,
        "ingangsdatum": TODAY,
    } | differs
    beschikking = take_over_besluit(
        session,
        by,
        at,
        dossier=file,
        extern_nummer=f"OUD-{next(_NUMMER)}",
        besloten_op=min(values["ingangsdatum"], TODAY),
        regels=[OvergenomenRegel(**values)],
    )
    return session.scalars(
        select(Voorziening)
        .where(Voorziening.dossier_id == beschikking.dossier_id)
        .order_by(Voorziening.id.desc())
    ).all()[0]


def plaatsingsverzoek(
    session: Session,
    at: datetime = NOW,
    *,
    recht: Voorziening | None = None,
    regel: Contractregel | None = None,
    by: Actor | None = None,
    **differs: Any,
) -> Plaatsingsverzoek:
    """Ask an aanbieder for help from today."""
    right = recht or voorziening(session, at)
    chosen = regel or contractregel(session, at)
    values: dict[str, Any] = {
        "gewenste_start": TODAY,
        "dagen": ["maandag"],
        "omschrijving": "Mevrouw woont alleen en heeft hulp nodig bij zwaar werk.",
        "voorkeur_client": True,
        "motief": "De cliënt kent deze aanbieder.",
    } | differs
    return operations.send_plaatsingsverzoek(
        session,
        by or actor(Role.CONSULENT, gemeente=right.gemeente_code),
        at,
        voorziening=right,
        contractregel_id=chosen.id,
        **values,
    )


def toewijzing(
    session: Session,
    at: datetime = NOW,
    *,
    recht: Voorziening | None = None,
    regel: Contractregel | None = None,
    by: Actor | None = None,
    **differs: Any,
) -> Toewijzing:
    """Assign a right at once, under a contract without plaatsingsverzoeken."""
    right = recht or voorziening(session, at)
    chosen = regel or contractregel(session, at, plaatsingsverzoek=False)
    return operations.make_toewijzing(
        session,
        by or actor(Role.CONSULENT, gemeente=right.gemeente_code),
        at,
        voorziening=right,
        contractregel_id=chosen.id,
        **{"van": TODAY} | differs,
    )


def day(iso: str) -> date:
    """Read a day."""
    return date.fromisoformat(iso)


def ids(rows: Sequence[Any]) -> list[UUID]:
    """Return the ids of rows."""
    return [row.id for row in rows]
