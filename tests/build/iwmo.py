"""A gemeente and an aanbieder as a beheerder sets them up, and files in folders."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.authz import Actor, Role
from loket.beheer.inrichting import set_up_gemeente
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    take_over_besluit,
)
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import operations_inwoner
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.config import Config
from loket.db import Database, Scope
from loket.iwmo.bericht import Bericht, Verzoek
from loket.iwmo.berichten.inhoud import BerichtInhoud, write_bericht
from loket.iwmo.mappen import Mappen
from loket.iwmo.operations import take_over_verzoek
from loket.iwmo.queries import right_of_last_regel
from loket.providers import operations_contract as contracts
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel, Contractvorm
from loket.providers.toewijzing import Toewijzing

CODE = "0384"
AGB = "42420001"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
VAN = date(2023, 1, 1)
PRODUCTEN = ("04001", "07001", "01001")
SHARED = Path(os.environ.get("LOKET_SHARED", Path(__file__).parents[3] / "shared"))
XSD = SHARED / "iwmo" / "xsd"
SAMPLE = SHARED / "iwmo" / "voorbeelden" / "iwmo-3.2" / "WMO315.xml"
ADDRESS: dict[str, Any] = {
    "straat": "Prins Bernhardlaan",
    "huisnummer": "12",
    "postcode": "1111 AB",
    "woonplaats": "Diemen",
}


def town(database: Database, code: str = CODE, agb: str = AGB) -> None:
    """Set up a gemeente and an aanbieder with a contract, as the commands do."""
    by = Actor.system(code, via="cli")
    with database.transaction(Scope.of(code)) as session:
        if code not in gemeente_codes(session):
            set_up_gemeente(session, by, NOW, code=code, naam=f"Town {code}", van=VAN)
        aanbieder = session.scalar(select(Aanbieder).where(Aanbieder.agb == agb))
        if aanbieder is None:
            aanbieder = contracts.create_aanbieder(
                session, by, NOW, naam="Zorgburo Dijk", agb=agb, telefoon=""
            )
        contract(session, by, aanbieder)


def contract(session: Session, by: Actor, aanbieder: Aanbieder) -> Contract:
    """Agree on three products, without asking before each toewijzing."""
    made = contracts.create_contract(
        session,
        by,
        NOW,
        aanbieder=aanbieder,
        nummer=f"C-{aanbieder.agb}",
        vorm=Contractvorm.INSPANNINGSGERICHT,
        berichten=True,
        plaatsingsverzoek=False,
        van=VAN,
    )
    for code in PRODUCTEN:
        contracts.add_contractregel(
            session,
            by,
            NOW,
            contract=made,
            product_code=code,
            tarief_cent=6500,
            van=VAN,
        )
    return made


def mailbox(config: Config) -> Mappen:
    """Open the folders that the configuration names."""
    assert config.iwmo_dir is not None
    mappen = Mappen(config.iwmo_dir)
    mappen.prepare()
    return mappen


def drop(config: Config, data: bytes, name: str = "bericht.xml") -> Path:
    """Deliver a file as the mailbox does, an hour ago."""
    path = mailbox(config).root / "in" / name
    path.write_bytes(data)
    hour_ago = NOW.timestamp() - 3600
    os.utime(path, (hour_ago, hour_ago))
    return path


def drop_bericht(config: Config, inhoud: BerichtInhoud, name: str = "b.xml") -> Path:
    """Deliver a message that was made here."""
    return drop(config, write_bericht(inhoud), name)


def files(config: Config, folder: str) -> list[Path]:
    """Return what lies in a folder, in order of name."""
    return sorted(p for p in (mailbox(config).root / folder).iterdir() if p.is_file())


def clerk(code: str = CODE) -> Actor:
    """Stand for somebody of the administration."""
    return Actor(
        id=Actor.system(code).id,
        naam="A. Balie",
        rollen=frozenset({Role.ADMINISTRATIE}),
        gemeenten=(code,),
    )


def berichten(session: Session, soort: str = "") -> list[Bericht]:
    """Return the messages that were kept, oldest first."""
    wanted = select(Bericht).order_by(Bericht.recorded_at, Bericht.id)
    return list(
        session.scalars(wanted.where(Bericht.soort == soort) if soort else wanted)
    )


def verzoeken(session: Session) -> list[Verzoek]:
    """Return what aanbieders ask, in order."""
    return list(session.scalars(select(Verzoek).order_by(Verzoek.volgnummer)))


def fill_address(session: Session, verzoek: Verzoek, **differs: Any) -> None:
    """Fill in what the message did not tell, as the administration does."""
    client = dossier_queries.get_client(session, verzoek.dossier_id)
    operations_inwoner.correct_inwoner(
        session, clerk(verzoek.gemeente_code), NOW, inwoner=client, **ADDRESS | differs
    )


def regel(session: Session, product_code: str = PRODUCTEN[0]) -> Contractregel:
    """Return the line of the contract for a product."""
    return session.scalars(
        select(Contractregel).where(Contractregel.product_code == product_code)
    ).one()


def honour(
    session: Session, verzoek: Verzoek, product_code: str = PRODUCTEN[0]
) -> Toewijzing:
    """Take over what the aanbieder cites and give it what it asks."""
    return take_over_verzoek(
        session,
        clerk(verzoek.gemeente_code),
        NOW,
        verzoek=verzoek,
        extern_nummer=verzoek.beschikking_nummer or "B-1",
        besloten_op=date(2023, 5, 15),
        contractregel_id=regel(session, product_code).id,
        volume=verzoek.volume or 1,
        frequentie=Frequentie(verzoek.frequentie or "4"),
        van=verzoek.gewenste_start,
        tot=verzoek.gewenst_einde,
    )


def standing_right(session: Session, dossier_id: UUID) -> Voorziening:
    """Give the cliënt of a dossier eight etmalen a month."""
    taken = take_over_besluit(
        session,
        clerk(),
        NOW,
        dossier=session.get_one(Dossier, dossier_id),
        extern_nummer="oud",
        besloten_op=date(2023, 1, 10),
        regels=[
            OvergenomenRegel(
                "04001",
                Leveringsvorm.NATURA,
                8,
                Frequentie.MAAND,
                date(2023, 1, 10),
            )
        ],
    )
    return right_of_last_regel(session, taken)
