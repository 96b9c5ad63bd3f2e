"""Roof: `loket gemeente|aanbieder|contract|user|token create`, for the beheerder."""

from datetime import date, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts import operations as accounts
from loket.accounts.queries import find_user, gemeente_codes
from loket.accounts.user import User
from loket.authz import Actor, Role
from loket.beheer.inrichting import set_up_gemeente
from loket.commanding import as_loket
from loket.datum import lees_datum
from loket.errors import NotFound
from loket.geld import lees_bedrag
from loket.providers import operations_contract as providers
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractvorm

GEMEENTE = click.option("--gemeente", required=True, help="Gemeentecode, vier cijfers.")
VAN = click.option("--van", help="Vanaf welke dag (standaard vandaag).")


def _day(text: str | None) -> date:
    return lees_datum(text) if text else termijnen.vandaag()


@click.group()
def gemeente() -> None:
    """Gemeenten die met Loket werken."""


@gemeente.command("create")
@click.argument("code")
@click.option("--naam", required=True)
@click.option("--adres", default="", help="Bezoekadres.")
@click.option("--postadres", default="")
@click.option("--telefoon", default="")
@click.option("--website", default="")
@VAN
def create_gemeente(code: str, naam: str, van: str | None, **contact: str) -> None:
    """Richt een gemeente in, met gebruikelijke producten, gronden en brieven."""
    with as_loket(code) as (session, by, at):
        set_up_gemeente(session, by, at, code=code, naam=naam, van=_day(van), **contact)
    click.echo(f"Gemeente {naam} ({code}) is ingericht.")


@click.group()
def aanbieder() -> None:
    """Aanbieders."""


@aanbieder.command("create")
@click.argument("agb")
@click.option("--naam", required=True)
@click.option("--telefoon", default="")
def create_aanbieder(agb: str, naam: str, telefoon: str) -> None:
    """Leg een aanbieder vast onder de AGB-code."""
    with as_loket() as (session, by, at):
        providers.create_aanbieder(
            session, by, at, naam=naam, agb=agb, telefoon=telefoon
        )
    click.echo(f"Aanbieder {naam} ({agb}) is vastgelegd.")


@click.group()
def contract() -> None:
    """Contracten van een gemeente met een aanbieder."""


@contract.command("create")
@click.argument("nummer")
@GEMEENTE
@click.option("--aanbieder", "agb", required=True, help="AGB-code.")
@click.option(
    "--vorm",
    type=click.Choice([vorm.value for vorm in Contractvorm]),
    default=Contractvorm.INSPANNINGSGERICHT.value,
)
@click.option("--zonder-berichten", is_flag=True, help="Alleen bij taakgericht.")
@click.option("--zonder-plaatsingsverzoek", is_flag=True, help="Wijs meteen toe.")
@click.option(
    "--product",
    "producten",
    multiple=True,
    required=True,
    metavar="CODE=TARIEF",
    help="Product met tarief in euro per eenheid, bijvoorbeeld 01001=0,55.",
)
@VAN
@click.option("--tot", help="Tot en met welke dag.")
def create_contract(
    nummer: str,
    gemeente: str,
    agb: str,
    vorm: str,
    zonder_berichten: bool,
    zonder_plaatsingsverzoek: bool,
    producten: tuple[str, ...],
    van: str | None,
    tot: str | None,
) -> None:
    """Leg een contract vast met zijn producten en tarieven."""
    with as_loket(gemeente) as (session, by, at):
        made = providers.create_contract(
            session,
            by,
            at,
            aanbieder=_aanbieder(session, agb),
            nummer=nummer,
            vorm=Contractvorm(vorm),
            berichten=not zonder_berichten,
            plaatsingsverzoek=not zonder_plaatsingsverzoek,
            van=_day(van),
            tot=_day(tot) if tot else None,
        )
        _add_lines(session, by, at, made, producten)
    click.echo(f"Contract {nummer} is vastgelegd.")


def _add_lines(
    session: Session,
    by: Actor,
    at: datetime,
    made: Contract,
    producten: tuple[str, ...],
) -> None:
    for line in producten:
        code, _, tarief = line.partition("=")
        providers.add_contractregel(
            session,
            by,
            at,
            contract=made,
            product_code=code,
            tarief_cent=lees_bedrag(tarief),
            van=made.van,
            tot=made.tot,
        )


def _aanbieder(session: Session, agb: str) -> Aanbieder:
    found = session.scalar(select(Aanbieder).where(Aanbieder.agb == agb))
    if found is None:
        raise NotFound("Er is geen aanbieder met deze AGB-code.")
    return found


@click.group()
def user() -> None:
    """Mensen die inloggen."""


@user.command("create")
@click.argument("login")
@click.option("--naam", required=True)
@click.option(
    "--rol",
    "rollen",
    multiple=True,
    required=True,
    type=click.Choice([rol.value for rol in Role]),
)
@click.option("--gemeente", help="Gemeentecode, voor medewerkers.")
@click.option("--aanbieder", "agb", help="AGB-code, voor mensen van een aanbieder.")
@VAN
@click.password_option("--wachtwoord", envvar="LOKET_WACHTWOORD", prompt="Wachtwoord")
def create_user(
    login: str,
    naam: str,
    rollen: tuple[str, ...],
    gemeente: str | None,
    agb: str | None,
    van: str | None,
    wachtwoord: str,
) -> None:
    """Maak een account met een of meer rollen."""
    with as_loket(*([gemeente] if gemeente else [])) as (session, by, at):
        if gemeente and gemeente not in gemeente_codes(session):
            raise NotFound("Deze gemeente werkt hier niet met Loket.")
        made = accounts.create_user(
            session, by, at, login=login, naam=naam, wachtwoord=wachtwoord
        )
        for rol in rollen:
            accounts.appoint(
                session,
                by,
                at,
                user_id=made.id,
                rol=Role(rol),
                van=_day(van),
                gemeente_code=gemeente,
                aanbieder_id=_aanbieder(session, agb).id if agb else None,
            )
    click.echo(f"{naam} kan inloggen als {made.login}.")


@user.command("deactivate")
@click.argument("login")
def deactivate_user(login: str) -> None:
    """Zet iemand buiten gebruik: meteen, ook in een lopende sessie."""
    with as_loket() as (session, by, at):
        accounts.deactivate_user(session, by, at, user=_user(session, login))
    click.echo(f"{login} kan niet meer inloggen.")


def _user(session: Session, login: str) -> User:
    found = find_user(session, login)
    if found is None:
        raise NotFound("Deze gebruiker bestaat niet.")
    return found


@click.group()
def token() -> None:
    """Tokens waarmee een ander systeem namens iemand werkt."""


@token.command("create")
@click.argument("login")
@click.option("--naam", required=True, help="Waarvoor het token is.")
@click.option("--scope", "scopes", multiple=True, required=True)
@click.option(
    "--geldig-tot", required=True, help="Laatste dag, bijvoorbeeld 31-12-2027."
)
def create_token(
    login: str, naam: str, scopes: tuple[str, ...], geldig_tot: str
) -> None:
    """Maak een token; het wordt één keer getoond."""
    with as_loket() as (session, by, at):
        _, secret = accounts.create_token(
            session,
            by,
            at,
            user=_user(session, login),
            naam=naam,
            scopes=" ".join(scopes),
            geldig_tot=lees_datum(geldig_tot),
        )
    click.echo(secret)


COMMANDS = (gemeente, aanbieder, contract, user, token)
