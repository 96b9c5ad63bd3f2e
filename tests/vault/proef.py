"""Models of these tests, apart from the tables of Loket."""

from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model
from loket.vault.fields import Sealed, sealed, sealed_group
from loket.vault.tokens import bsn_digits, exact, isodate, prefix, surname_nl


class Own(Model):
    __abstract__ = True
    metadata = MetaData()


class Persoon(Sealed, Gemeentelijk, Own):
    __tablename__ = "proef_persoon"
    __scope__ = "id"
    __scope_kind__ = "inwoner"

    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    woont: Mapped[bool | None]
    identiteit = sealed_group()
    bsn = identiteit.text(find=exact(bsn_digits), unique=True)
    achternaam = identiteit.text(find=(exact(surname_nl), prefix(surname_nl, 3)))
    voornamen = identiteit.text()
    straat = identiteit.text()
    woonplaats = identiteit.text()
    geboortedatum = identiteit.date(find=exact(isodate))
    contact = sealed_group()
    telefoon = contact.text()
    email = contact.text()

    __mapper_args__ = {"version_id_col": version}


class Stuk(Sealed, Gemeentelijk, Own):
    __tablename__ = "proef_stuk"

    id: Mapped[Id]
    dossier_id: Mapped[UUID]
    titel: Mapped[str | None]
    tekst = sealed.text()
    toelichting = sealed.text()
    dag = sealed.date()
    akkoord = sealed.bool()
    aantal = sealed.int()
    bedrag = sealed.money(seal_null=True)
    inhoud = sealed.bytes(deferred=True)
    gegevens = sealed.json()


class Houder(Sealed, Own):
    __tablename__ = "proef_houder"
    __scope__ = "id"
    __scope_kind__ = "account"
    __fixed_tenant__ = "0000"

    id: Mapped[Id]
    geheim = sealed.text()
