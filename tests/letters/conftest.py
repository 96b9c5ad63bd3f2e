from datetime import date

import pytest
from sqlalchemy import text

from loket.audit.record import AuditRecord, AuditSubject
from loket.db import Database, Model, Scope, make_engine
from loket.letters.brief import Afzender, Alinea, Brief
from loket.letters.tekst import Brieftekst
from loket.provision import APP, OWNER
from servers import Servers, new_name


@pytest.fixture
def make_brief():
    """Build a valid letter; a keyword says what differs."""

    def build(**different):
        values = {
            "gemeente": Afzender(
                naam="Gemeente Voorbeeldstad",
                adres="Raadhuisplein 1, 1234 AA Voorbeeldstad",
                postadres="Postbus 1, 1230 AA Voorbeeldstad",
                telefoon="014 0123",
                website="www.voorbeeldstad.example",
            ),
            "geadresseerde": (
                "Mevrouw A. Duinzand",
                "Dorpsstraat 12",
                "1234 AB Voorbeeldstad",
            ),
            "kenmerk": "H7K3-9QF2",
            "datum": date(2026, 11, 23),
            "onderwerp": "Besluit hulp bij het huishouden",
            "blocks": (Alinea("Wij hebben uw aanvraag ontvangen."),),
            "ondertekening": ("Met vriendelijke groet,", "S. Kustlicht"),
            "behandelaar": "S. Kustlicht, 014 0123",
        }
        return Brief(**values | different)

    return build


@pytest.fixture
def letters_session(servers: Servers):
    """A session on a database with only the tables of the letters."""
    database = new_name()
    servers.create(database, OWNER, APP)
    engine = make_engine(servers.url(OWNER, database))
    tables = [each.__table__ for each in (Brieftekst, AuditRecord, AuditSubject)]
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
        Model.metadata.create_all(connection, tables=tables)
    with Database(engine).session(Scope.of("0396")) as session:
        yield session
    engine.dispose()
    servers.drop(database)
