"""A gemeente that works, and the people who work there."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from loket.accounts import operations as accounts
from loket.accounts.gemeente import Gemeente
from loket.accounts.user import Aanstelling, Deed, User
from loket.accounts.views import DESK
from loket.authz import SYSTEM_ID, Actor, Role
from loket.cases.producten.operations import add_weigeringsgrond, create_product
from loket.cases.producten.product import Domein, Eenheid
from loket.db import uuid7
from loket.letters.operations import set_brieftekst
from loket.letters.tekst import defaults

CODE = "0396"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
START = date(2026, 1, 1)

PRODUCTS = (
    # code, categorie, naam, domein, eenheid, is_dienst, eigen_bijdrage
    ("01A01", "01", "Hulp bij het huishouden", Domein.HUISHOUDELIJKE_HULP, "01", True),
    ("02A03", "02", "Begeleiding individueel", Domein.ZORG, "01", True),
    ("07A03", "07", "Dagbesteding", Domein.DAGBESTEDING, "16", True),
    ("08A01", "08", "Vervoer naar de dagbesteding", Domein.VERVOER, "84", True),
    ("11A01", "11", "Rolstoel", Domein.HULPMIDDELEN, "84", False),
    ("13A01", "13", "Traplift", Domein.HUISVESTING, "84", False),
)
GROUNDS = (
    ("eigen_kracht", "Wmo 2015 art. 2.3.5 lid 3", "U kunt dit zelf oplossen.", False),
    ("algemeen", "Wmo 2015 art. 2.3.5 lid 3", "Er is een algemene voorziening.", False),
    ("pgb_vaardig", "Wmo 2015 art. 2.3.6 lid 2", "Een pgb past niet bij u.", True),
)


def gemeente(session: Session, code: str = CODE, naam: str = "Duinstede") -> Gemeente:
    """Make a gemeente with products, grounds, letter texts, mandaat and settings."""
    by = Actor.system(code, via="cli")
    made = accounts.create_gemeente(
        session,
        by,
        NOW,
        code=code,
        naam=naam,
        adres="Raadhuisplein 1, 1234 AA Duinstede",
        postadres="Postbus 1, 1230 AA Duinstede",
        telefoon="014 0396",
        website="www.duinstede.example",
    )
    for product, categorie, label, domein, eenheid, dienst in PRODUCTS:
        create_product(
            session,
            by,
            NOW,
            code=product,
            categorie=categorie,
            naam=label,
            domein=domein,
            eenheid=Eenheid(eenheid),
            is_dienst=dienst,
            eigen_bijdrage=categorie != "11",
            van=START,
        )
    for grond, artikel, tekst, alleen_pgb in GROUNDS:
        add_weigeringsgrond(
            session,
            by,
            NOW,
            code=grond,
            artikel=artikel,
            tekst=tekst,
            alleen_pgb=alleen_pgb,
            van=START,
        )
    for sleutel, tekst in defaults().items():
        set_brieftekst(session, by, NOW, sleutel=sleutel, tekst=tekst, van=START)
    for deed in Deed:
        accounts.grant_mandaat(
            session, by, NOW, deed=deed, rol=Role.CONSULENT, van=START
        )
    accounts.set_instelling(
        session, by, NOW, sleutel="verordening", waarde="2026-1", van=START
    )
    return made


def actor(
    *rollen: Role,
    gemeente: str = CODE,
    id: UUID | None = None,  # noqa: A002 - the name of the field of Actor
    aanbieder_id: UUID | None = None,
) -> Actor:
    """Stand for somebody with these roles, without an account."""
    return Actor(
        id=id or uuid7(),
        naam="S. Kustlicht",
        rollen=frozenset(rollen or {Role.CONSULENT}),
        gemeenten=(gemeente,),
        aanbieder_id=aanbieder_id,
    )


def user(
    session: Session,
    *rollen: Role,
    gemeente: str | None = CODE,
    aanbieder_id: UUID | None = None,
    naam: str = "S. Kustlicht",
) -> User:
    """Make an account with these roles, in force since the start of the year.

    Its password does not matter: `login` opens the session itself.
    """
    person = User(
        login=f"u{uuid7().hex}",
        naam=naam,
        created_at=NOW,
        failures=0,
        session_epoch=1,
    )
    session.add(person)
    session.flush()
    for rol in rollen or (Role.CONSULENT,):
        session.add(
            Aanstelling(
                user_id=person.id,
                rol=rol,
                gemeente_code=None if aanbieder_id else gemeente,
                aanbieder_id=aanbieder_id,
                van=NOW.date() - timedelta(days=300),
            )
        )
    session.flush()
    return person


def actor_of(person: User, *rollen: Role, gemeente: str = CODE) -> Actor:
    """Let this user act in these roles."""
    return actor(*rollen, gemeente=gemeente, id=person.id)


def login(app: Flask, person: User, desk: str = CODE) -> FlaskClient:
    """Open a browser in which this person is logged in, at this desk."""
    browser = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    with browser.session_transaction() as kept:
        kept["_user_id"] = person.get_id()
        kept["_fresh"] = True
        kept[DESK] = desk
    return browser


SYSTEM = SYSTEM_ID
