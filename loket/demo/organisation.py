"""The two gemeenten of the demo: their people, their aanbieders and contracts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts import operations as accounts
from loket.accounts import operations_team as teams
from loket.accounts import passwords
from loket.accounts.perioden import Vanaf
from loket.accounts.queries import find_user, gemeente_codes
from loket.accounts.team import Team
from loket.accounts.user import User
from loket.authz import Actor, Role
from loket.beheer.inrichting import set_up_gemeente
from loket.db import Database, Scope
from loket.demo.people import YES, drawing, rows
from loket.errors import RuleViolation
from loket.huisstijl.logo import read_logo
from loket.huisstijl.operations import set_huisstijl
from loket.providers import operations_contract as contracts
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel, Contractvorm
from loket.termijnen import ZONE

PASSWORD = "duinen-en-zee-demo"  # noqa: S105 -- of fictional people, told at the start


@dataclass
class Organisation:
    """Who works where, to let the right person do each step."""

    van: date
    at: datetime
    password_hash: str = field(default="", repr=False)
    """Made once: everybody of the demo has the password that is told at the start."""
    users: dict[str, User] = field(default_factory=dict)
    aanbieders: dict[str, UUID] = field(default_factory=dict)
    regels: dict[tuple[str, str, str], tuple[UUID, int, bool]] = field(
        default_factory=dict
    )
    """Gemeente, aanbieder and product → contractregel, tariff, asked first."""

    def actor(self, rol: Role, gemeente: str, number: int = 0) -> Actor:
        """Let somebody of this gemeente work in one role."""
        found = [
            row
            for row in rows("medewerkers")
            if row["gemeente"] == gemeente
            and rol.value in row["rollen"].split()
            and not row["uit_dienst"]
        ]
        person = self.users[found[number % len(found)]["login"]]
        return Actor(person.id, person.naam, frozenset({rol}), (gemeente,))

    def person(self, login: str, gemeente: str) -> Actor:
        """Let this one person work, in every role held at this gemeente."""
        person = self.users[login]
        rollen = next(
            row["rollen"].split()
            for row in rows("medewerkers")
            if (row["login"], row["gemeente"]) == (login, gemeente)
        )
        return Actor(person.id, person.naam, frozenset(map(Role, rollen)), (gemeente,))

    def aanbieder(self, sleutel: str, gemeente: str) -> Actor:
        """Let somebody of an aanbieder answer a gemeente."""
        person = self.users[sleutel]
        return Actor(
            person.id,
            person.naam,
            frozenset({Role.AANBIEDER}),
            (gemeente,),
            aanbieder_id=self.aanbieders[sleutel],
        )

    def tarief(self, gemeente: str, product: str) -> int:
        """Return what a unit costs in natura: the first contract that has it."""
        return next(
            tarief
            for (code, _, known), (_, tarief, _) in self.regels.items()
            if (code, known) == (gemeente, product)
        )


def logins() -> list[tuple[str, str, str, str]]:
    """Return who may log in: login, password, roles and for whom they work."""
    namen = {row["code"]: row["naam"] for row in rows("gemeenten")}
    namen |= {row["agb"]: row["naam"] for row in rows("aanbieders")}
    return [
        (
            row["login"],
            PASSWORD,
            row["rollen"].replace("_", " ").replace(" ", ", ")
            if len(row["rollen"].split()) > 1
            else row["rollen"].replace("_", " "),
            namen[row["gemeente"] or row["aanbieder"]],
        )
        for row in rows("medewerkers")
        if not row["uit_dienst"]
    ]


def set_up(database: Database, at: datetime, van: date) -> Organisation:
    """Make both gemeenten with everyone who works in them and for them."""
    org = Organisation(van, at, passwords.hash_password(PASSWORD))
    for row in rows("gemeenten"):
        with database.transaction(Scope.of(row["code"])) as session:
            by = Actor.system(row["code"], via="cli")
            set_up_gemeente(session, by, at, van=van, **row)
    with database.transaction(Scope()) as session:
        _add_aanbieders(session, org)
    for code in [row["code"] for row in rows("gemeenten")]:
        with database.transaction(Scope.of(code)) as session:
            _add_people(session, org, code)
            _add_teams(session, org, code)
            _add_huisstijl(session, org, code)
            _add_contracts(session, org, code)
    return org


def find_organisation(database: Database) -> Organisation:
    """Find the two gemeenten again, where the told cases are already.

    Raises:
        RuleViolation: others work here than the fictional people of the demo.
    """
    codes = tuple(row["code"] for row in rows("gemeenten"))
    agbs = {row["agb"]: row["sleutel"] for row in rows("aanbieders")}
    with database.transaction(Scope.of(*codes)) as session:
        known = set(gemeente_codes(session))
        made = session.scalars(select(Aanbieder)).all()
        if known != set(codes) or {each.agb for each in made} != set(agbs):
            raise RuleViolation(
                "Hier werken andere gemeenten of aanbieders dan die van de demo."
                " Loket zet geen verzonnen zaken tussen echte gegevens."
            )
        regels = session.execute(
            select(Contractregel, Contract).join(
                Contract, Contract.id == Contractregel.contract_id
            )
        ).all()
        first = min(contract.van for _, contract in regels)
        org = Organisation(first, datetime.combine(first, time(9), ZONE))
        org.aanbieders = {agbs[each.agb]: each.id for each in made}
        keys = {each.id: agbs[each.agb] for each in made}
        for regel, contract in regels:
            key = (contract.gemeente_code, keys[contract.aanbieder_id])
            org.regels[(*key, regel.product_code)] = (
                regel.id,
                regel.tarief_cent,
                contract.plaatsingsverzoek,
            )
        for row in rows("medewerkers"):
            person = find_user(session, row["login"])
            if person is None:
                raise RuleViolation("De mensen van de demo werken hier niet.")
            org.users[row["login"]] = person
    return org


def _add_huisstijl(session: Session, org: Organisation, code: str) -> None:
    """Let the gemeente look as itself: colours and a drawing of nobody's."""
    for row in rows("huisstijl"):
        if row["gemeente"] == code:
            set_huisstijl(
                session,
                org.actor(Role.BEHEERDER, code),
                org.at,
                accent=row["accent"],
                tweede=row["tweede"] or None,
                logo=read_logo(drawing(row["logo"])),
                vanaf=Vanaf(org.van, terugwerkend=True, reden="Begin van het loket"),
            )


def _add_aanbieders(session: Session, org: Organisation) -> None:
    by = Actor.system("", via="cli")
    by = Actor(by.id, by.naam, by.rollen, (), via="cli")
    agbs = {}
    for row in rows("aanbieders"):
        made = contracts.create_aanbieder(
            session,
            by,
            org.at,
            naam=row["naam"],
            agb=row["agb"],
            telefoon=row["telefoon"],
        )
        org.aanbieders[row["sleutel"]] = made.id
        agbs[row["agb"]] = made.id
    for row in rows("medewerkers"):
        if row["aanbieder"]:
            _appoint(session, by, org, row, aanbieder_id=agbs[row["aanbieder"]])


def _add_people(session: Session, org: Organisation, gemeente: str) -> None:
    by = Actor.system(gemeente, via="cli")
    for row in rows("medewerkers"):
        if row["gemeente"] == gemeente:
            _appoint(session, by, org, row, gemeente_code=gemeente)
            if row["uit_dienst"] == YES:
                accounts.deactivate_user(
                    session, by, org.at, user=org.users[row["login"]]
                )


def _appoint(
    session: Session,
    by: Actor,
    org: Organisation,
    row: dict[str, str],
    *,
    gemeente_code: str | None = None,
    aanbieder_id: UUID | None = None,
) -> None:
    person = find_user(session, row["login"]) or accounts.add_user(
        session,
        by,
        org.at,
        login=row["login"],
        naam=row["naam"],
        password_hash=org.password_hash,
    )
    org.users[row["login"]] = person
    for rol in row["rollen"].split():
        accounts.appoint(
            session,
            by,
            org.at,
            user_id=person.id,
            rol=Role(rol),
            van=org.van,
            gemeente_code=gemeente_code,
            aanbieder_id=aanbieder_id,
        )


def _add_teams(session: Session, org: Organisation, gemeente: str) -> None:
    by = org.actor(Role.BEHEERDER, gemeente)
    made: dict[str, Team] = {}
    for row in rows("teams"):
        if row["gemeente"] != gemeente:
            continue
        team = made.get(row["team"])
        if team is None:
            team = teams.create_team(session, by, org.at, naam=row["team"])
            made[row["team"]] = team
            session.flush()
        person = org.users[row["login"]]
        teams.add_teamlid(
            session, by, org.at, team=team, user_id=person.id, van=org.van
        )


def _add_contracts(session: Session, org: Organisation, gemeente: str) -> None:
    by = org.actor(Role.BEHEERDER, gemeente)
    for row in rows("contracten"):
        if row["gemeente"] != gemeente:
            continue
        made = contracts.create_contract(
            session,
            by,
            org.at,
            aanbieder=session.get_one(Aanbieder, org.aanbieders[row["aanbieder"]]),
            nummer=row["nummer"],
            vorm=Contractvorm(row["vorm"]),
            berichten=row["berichten"] == YES,
            plaatsingsverzoek=row["plaatsingsverzoek"] == YES,
            van=org.van,
        )
        lines = [
            each for each in rows("contractregels") if each["contract"] == made.nummer
        ]
        _add_lines(session, by, org, row["aanbieder"], made, lines)


def _add_lines(
    session: Session,
    by: Actor,
    org: Organisation,
    sleutel: str,
    contract: Contract,
    lines: Iterable[dict[str, str]],
) -> None:
    for row in lines:
        regel = contracts.add_contractregel(
            session,
            by,
            org.at,
            contract=contract,
            product_code=row["product"],
            tarief_cent=int(row["tarief_cent"]),
            van=org.van,
            pc4_gebied=row["pc4_gebied"].split() or None,
            max_clienten=int(row["max_clienten"]) if row["max_clienten"] else None,
        )
        contracts.report_capaciteit(
            session,
            by,
            org.at,
            gemeente_code=contract.gemeente_code,
            aanbieder_id=contract.aanbieder_id,
            product_code=row["product"],
            wachttijd_dagen=int(row["wachttijd_dagen"]),
            talen=row["talen"].split(),
            stop_van=org.van if row["stop"] == YES else None,
        )
        key = (contract.gemeente_code, sleutel, row["product"])
        org.regels[key] = (regel.id, regel.tarief_cent, contract.plaatsingsverzoek)
