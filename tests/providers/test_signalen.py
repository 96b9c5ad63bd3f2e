"""A verzoek that an aanbieder lets lie becomes a task, and goes with the answer."""

from datetime import datetime, timedelta

from sqlalchemy import select

from build import providers as build
from build.gemeente import NOW
from build.town import Street
from loket.authz import Role
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.config import Config
from loket.providers import operations
from loket.providers.contract import Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.signalen import signal_verzoeken


def test_a_verzoek_without_an_answer_asks_for_attention_once_and_until_withdrawn(
    street: Street, config: Config
) -> None:
    town = street.town
    with town.database.transaction(town.staff()) as session:
        asked = build.plaatsingsverzoek(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=session.get_one(Contractregel, town.contractregel_id),
        ).id

    def run(at: datetime) -> int:
        return signal_verzoeken(town.database, config, at)

    # asked on a Monday: three working days later is Thursday, so Friday is too late
    in_time, late, again = (run(NOW + timedelta(days=day)) for day in (3, 4, 5))
    with town.database.transaction(town.staff()) as session:
        verzoek = session.get_one(Plaatsingsverzoek, asked)
        operations.withdraw_plaatsingsverzoek(
            session, town.consulent, NOW + timedelta(days=5), verzoek=verzoek
        )
    gone = run(NOW + timedelta(days=5))

    assert (in_time, late, again, gone) == (0, 1, 0, 1)
    with town.database.transaction(town.staff()) as session:
        (taak,) = session.scalars(select(Taak))
    assert taak.soort is TaakSoort.VERZOEK_STAAT_STIL
    assert (taak.onderwerp_id, taak.voor_rol) == (asked, Role.CONSULENT)
    assert taak.done_at is not None
