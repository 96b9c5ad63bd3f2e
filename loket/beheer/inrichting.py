"""Setting up a gemeente: everything it needs before its first melding, as data."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from loket.accounts import operations as accounts
from loket.accounts.gemeente import Gemeente
from loket.accounts.user import Deed
from loket.authz import Actor, Role
from loket.cases.producten import operations as dossier
from loket.cases.producten.product import Domein, Eenheid
from loket.letters.operations import set_brieftekst
from loket.letters.tekst import defaults
from loket.pgb import operations as pgb
from loket.pgb.pgb import HelperSoort

_FOLDER = Path(__file__).parent.parent / "data" / "inrichting"
YES = "ja"


def set_up_gemeente(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    code: str,
    naam: str,
    van: date,
    adres: str = "",
    postadres: str = "",
    telefoon: str = "",
    website: str = "",
) -> Gemeente:
    """Make a gemeente with the usual products, grounds, mandates, rates and letters.

    `by` works for that gemeente; everything holds from `van` and can be changed
    with a later date. The gemeente itself decides what of it is right for her.
    """
    gemeente = accounts.create_gemeente(
        session,
        by,
        at,
        code=code,
        naam=naam,
        adres=adres,
        postadres=postadres,
        telefoon=telefoon,
        website=website,
    )
    _set_rules(session, by, at, van)
    _add_products(session, by, at, van)
    for sleutel, tekst in defaults().items():
        set_brieftekst(session, by, at, sleutel=sleutel, tekst=tekst, van=van)
    return gemeente


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _set_rules(session: Session, by: Actor, at: datetime, van: date) -> None:
    for row in _rows("instellingen"):
        accounts.set_instelling(
            session,
            by,
            at,
            sleutel=row["sleutel"],
            waarde=json.loads(row["waarde"]),
            van=van,
        )
    for row in _rows("mandaten"):
        limit = row["max_bedrag_euro"]
        accounts.grant_mandaat(
            session,
            by,
            at,
            deed=Deed(row["deed"]),
            rol=Role(row["rol"]),
            productcategorie=row["categorie"] or None,
            max_bedrag_cent=int(limit) * 100 if limit else None,
            van=van,
        )


def _add_products(session: Session, by: Actor, at: datetime, van: date) -> None:
    for row in _rows("producten"):
        dossier.create_product(
            session,
            by,
            at,
            code=row["code"],
            categorie=row["categorie"],
            naam=row["naam"],
            domein=Domein(row["domein"]),
            eenheid=Eenheid(row["eenheid"]),
            is_dienst=row["is_dienst"] == YES,
            eigen_bijdrage=row["eigen_bijdrage"] == YES,
            van=van,
        )
    for row in _rows("weigeringsgronden"):
        dossier.add_weigeringsgrond(
            session,
            by,
            at,
            code=row["code"],
            artikel=row["artikel"],
            tekst=row["tekst"],
            alleen_pgb=row["alleen_pgb"] == YES,
            van=van,
        )
    for row in _rows("pgb_tarieven"):
        pgb.create_pgb_tarief(
            session,
            by,
            at,
            product_code=row["product"],
            helper=HelperSoort(row["helper"]),
            tarief_cent=int(row["tarief_cent"]),
            van=van,
        )
