"""A gemeente at work on an ordinary day: the people of the demo, a handful of cases."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from loket.accounts.operations_instelling import change_instelling
from loket.app import open_database, open_vault
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations_contact import make_terugbelverzoek
from loket.cases.dossier.terugbelverzoek import Geadresseerde
from loket.config import Config
from loket.db import Database, Scope
from loket.demo.load import found, tell_cases
from loket.demo.organisation import Organisation
from loket.demo.people import rows
from loket.demo.town import draw_case
from loket.demo.zaak import Zaak
from loket.termijnen import dag_van
from stories.person import Person

HEEMSKERK = "0396"
BY_SAMIRA, BY_KEES, BY_JORIS = 4, 10, 21
"""Four consulenten work in Heemskerk in turn: each fourth case is of the first."""
CALL_ABOUT = "Wil weten wanneer de hulp begint."
CASES = {
    # name: after which told case, until which step, days since the melding, number
    "nieuw": ("H07", "melden", 4, 1),
    "nieuw ook": ("H09", "melden", 3, 2),
    "bezoek": ("H10", "starten", 18, 1 * BY_SAMIRA),
    "gesprek": ("H10", "bevinden", 38, 2 * BY_SAMIRA),
    "samen": ("H10", "bevinden", 23, 9 * BY_SAMIRA),
    "concept": ("H17", "opstellen", 36, 3 * BY_SAMIRA),
    "besloten": ("H18", "besluiten", 38, 4 * BY_SAMIRA),
    "gevraagd": ("H20", "vragen", 42, 5 * BY_SAMIRA),
    "gevraagd ook": ("H20", "vragen", 43, 6 * BY_SAMIRA),
    "gevraagd elders": ("B03", "vragen", 42, 7),
    "aanvaard": ("H20", "antwoorden", 48, 8 * BY_SAMIRA),
    "gevraagd in stilte": ("H20", "vragen", 44, 11 * BY_SAMIRA),
    "van Kees": ("H09", "verzenden", 9, BY_KEES),
    "af te schermen": ("H09", "verzenden", 8, BY_JORIS),
}
OTHER_AANBIEDER = {"gevraagd in stilte": "pierzorg"}


@dataclass(frozen=True)
class Case:
    """One of them, as its number and the name of its cliënt stand on a screen."""

    number: str
    name: str


def open_case(person: Person, case: Case, tab: str = "") -> None:
    """Go to a dossier, and to one of its tabs."""
    person.open(f"/dossiers/{case.number}")
    if tab:
        person.follow(tab, within=".lk-tabs")


def tell_village(config: Config) -> dict[str, Case]:
    """Set up both gemeenten and tell what happened before this morning."""
    now = datetime.now(UTC)
    vault = open_vault(config)
    database = open_database(config, vault)
    try:
        org = found(database, now)
        cases = {name: _draw(name, now) for name in CASES}
        tell_cases(database, config, now, org, cases.values())
        _ask_to_call_back(database, org, now)
        _let_two_people_look(database, org, now)
        return {name: _shown(database, zaak) for name, zaak in cases.items()}
    finally:
        database.engine.dispose()
        vault.engine.dispose()


def _draw(name: str, now: datetime) -> Zaak:
    told, until, age, number = CASES[name]
    row = next(each for each in rows("zaken") if each["code"] == told)
    row = row | {"tot": until, "vlaggen": "", "antwoord": "ja", "agenda": ""}
    chance = Random(number)  # noqa: S311 -- the same village every time
    zaak = draw_case(chance, number, row, row["gemeente"], age, dag_van(now))
    zaak.rij["aanbieder"] = OTHER_AANBIEDER.get(name, "branding")
    return zaak


def _ask_to_call_back(database: Database, org: Organisation, now: datetime) -> None:
    """Somebody left a message for the frontoffice."""
    with database.transaction(Scope.of(HEEMSKERK)) as session:
        make_terugbelverzoek(
            session,
            org.actor(Role.CONSULENT, HEEMSKERK),
            now,
            voor=Geadresseerde(rol=Role.FRONTOFFICE),
            telefoon="0612345678",
            naam="Mevrouw Zeekraal",
            notitie=CALL_ABOUT,
        )


def _let_two_people_look(database: Database, org: Organisation, now: datetime) -> None:
    """From today a colleague reads each beschikking before it is decided."""
    with database.transaction(Scope.of(HEEMSKERK)) as session:
        change_instelling(
            session,
            org.actor(Role.BEHEERDER, HEEMSKERK),
            now,
            sleutel="vier_ogen",
            waarde=True,
            van=dag_van(now),
        )


def _shown(database: Database, zaak: Zaak) -> Case:
    with database.transaction(Scope.of(zaak.gemeente)) as session:
        dossier = session.get_one(Dossier, zaak.dossier_id)
        return Case(dossier.referentie, zaak.personen[0].gegevens["achternaam"])
