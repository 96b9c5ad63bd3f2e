"""Behind our own proxy a visitor has an address; a stranger cannot make one up."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from loket.app import create_app
from loket.audit.record import AuditRecord
from loket.frame import office


@pytest.mark.parametrize(("trusted", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_the_address_in_the_trail_is_that_of_the_visitor(
    config, database, trusted, address
):
    app = create_app(replace(config, trusted_proxies=trusted))
    app.config["WTF_CSRF_ENABLED"] = False

    app.test_client().post(
        "/login",
        data={"login": "niemand", "wachtwoord": "een-heel-lang-wachtwoord"},
        headers={"X-Forwarded-For": "203.0.113.7"},
    )

    office(app).close()
    with database.session() as session:
        found = session.scalars(select(AuditRecord.adres)).all()
    assert found == [address]
