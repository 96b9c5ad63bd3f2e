"""The description of the API and what really happens are the same (OpenAPI 3.1).

The rows are there, so that the answers that go well are reached too.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from build import besluit as besluiten
from build import gemeente, providers
from build import onderzoek as onderzoeken
from build.machine import machine
from loket.authz import Role
from loket.cases.besluit import queries
from loket.db import Scope

HERE = "0396"

FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
RULES = {
    # a rule of the procedure, or a day in the future: not told by a JSON schema
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428"]
    },
    "missing_required_header": {"expected-statuses": ["401", "422", "428", "415"]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "412", "415", "422", "428"]
    },
}


@pytest.fixture
def described(town, melding):
    """The description as a stranger reads it, with rows to ask for."""
    town.app.config["API_RATE"] = "100000/minute"
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json",
        town.app,
        config=SchemathesisConfig.from_dict({"checks": RULES}),
    )
    schema.rows = cases(town, melding) | placed(town)
    schema.tokens = {
        "/api/v1/aanbieder/": bearer(town.app, town.aanbieder),
        "/api/v1/": bearer(town.app, town.users[Role.CONSULENT]),
    }
    return schema


def bearer(app, person):
    return {"Authorization": machine(app, person).headers["Authorization"]}


def cases(town, melding):
    """Rows of the first chapters, by the names in the addresses."""
    melding_id = town.frontoffice.post("/meldingen", melding).json["id"]
    contact = town.consulent.post(
        f"{town.at}/contactmomenten",
        {"kanaal": "telefoon", "uitkomst": "informatie", "tekst": "Belde."},
    )
    with town.database.transaction(Scope.of(HERE)) as session:
        begun = onderzoeken.onderzoek(session)
        agreed = onderzoeken.afspraak(session, begun)
        decided = besluiten.besloten(session)
        (asked,) = queries.list_aanvragen(session, decided.dossier_id)
        return {
            "dossiers": town.dossier.referentie,
            "melding_id": melding_id,
            "contactmoment_id": contact.json["id"],
            "onderzoek_id": str(begun.id),
            "afspraak_id": str(agreed.id),
            "beschikkingen": decided.referentie,
            "aanvraag_id": str(asked.id),
            "regel_id": str(queries.list_regels(session, decided.id)[0].id),
        }


def placed(town):
    """Rows of placing and delivery, all with one aanbieder."""
    with town.database.transaction(Scope.of(HERE)) as session:
        regel = providers.contractregel(session)
        zorg = regel.contract.aanbieder
        direct = providers.contractregel(
            session, aanbieder=zorg, plaatsingsverzoek=False
        )
        right = providers.voorziening(session)
        asked = providers.plaatsingsverzoek(session, recht=right, regel=regel)
        given = providers.toewijzing(session, regel=direct)
        town.aanbieder = gemeente.user(session, Role.AANBIEDER, aanbieder_id=zorg.id)
        return {
            "contract_id": str(regel.contract_id),
            "voorziening_id": str(right.id),
            "plaatsingsverzoeken": asked.referentie,
            "toewijzingen": given.referentie,
        }


def row_of(described, name, path):
    """Return what stands in an address: a reference is of the noun before it."""
    noun = path.partition("/{referentie}")[0].rpartition("/")[2]
    return described.rows[noun if name == "referentie" else name]


def try_out(operation, mode, described) -> bool:
    """Call one door a few times; tell whether it ever went well."""
    went_well = []
    token = next(
        headers
        for start, headers in described.tokens.items()
        if operation.full_path.startswith(start)
    )

    @given(case=operation.as_strategy(generation_mode=mode))
    @FEW
    def check(case):
        if mode is GenerationMode.POSITIVE:
            asked = case.path_parameters or {}
            case.path_parameters = {
                name: row_of(described, name, operation.path) for name in asked
            }
        answer = case.call_and_validate(headers=token)
        went_well.append(answer.status_code < 300)

    check()
    return any(went_well)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_door_does_what_is_described(described, mode):
    reached = set()
    operations = [each.ok() for each in described.get_all_operations()]
    assert len(operations) > 7
    for operation in operations:
        if try_out(operation, mode, described):
            reached.add(operation.label)
    if mode is GenerationMode.POSITIVE:
        shown = {each.label for each in operations if each.method.upper() == "GET"}
        assert shown - reached == set()
