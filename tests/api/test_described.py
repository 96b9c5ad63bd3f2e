"""The description of the API and what really happens are the same (OpenAPI 3.1).

The rows are there, so that the answers that go well are reached too.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from build.machine import machine
from loket.authz import Role

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
    melding_id = town.frontoffice.post("/meldingen", melding).json["id"]
    contact = town.consulent.post(
        f"{town.at}/contactmomenten",
        {"kanaal": "telefoon", "uitkomst": "informatie", "tekst": "Belde."},
    )
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json",
        town.app,
        config=SchemathesisConfig.from_dict({"checks": RULES}),
    )
    schema.rows = {
        "referentie": town.dossier.referentie,
        "melding_id": melding_id,
        "contactmoment_id": contact.json["id"],
    }
    headers = machine(town.app, town.users[Role.FRONTOFFICE]).headers
    schema.token = {"Authorization": headers["Authorization"]}
    return schema


def try_out(operation, mode, described) -> bool:
    """Call one door a few times; tell whether it ever went well."""
    went_well = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @FEW
    def check(case):
        if mode is GenerationMode.POSITIVE:
            asked = case.path_parameters or {}
            case.path_parameters = {name: described.rows[name] for name in asked}
        answer = case.call_and_validate(headers=described.token)
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
