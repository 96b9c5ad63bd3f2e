"""A key of which nothing is left is swept; one that is used never is."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from loket.db import uuid7
from loket.vault.epoch import StillAtWork
from loket.vault.sweep import Sweep
from vault.ground import BUUR, GEMEENTE, Ground
from vault.proef import Own, Persoon, Stuk


@pytest.fixture(autouse=True)
def _alone(ground: Ground) -> None:
    """Keys of other tests are no orphans of ours."""
    with ground.keys.begin() as connection:
        connection.execute(text("UPDATE data_key SET created_at = now()"))


def sweep(ground: Ground, tenant: str = GEMEENTE, **options: object) -> Sweep:
    vault = ground.vault()
    database = ground.database(vault)
    return Sweep(database, vault, tenant, metadata=Own.metadata, **options)  # type: ignore[arg-type]  # options are those of Sweep


def make_old(ground: Ground, scope: UUID, days: int = 3) -> None:
    with ground.keys.begin() as connection:
        connection.execute(
            text(
                "UPDATE data_key SET created_at = now() - make_interval(days => :days)"
                " WHERE scope_id = :scope"
            ),
            {"scope": scope, "days": days},
        )


def has_key(ground: Ground, scope: UUID) -> bool:
    with ground.keys.connect() as connection:
        asked = text("SELECT EXISTS (SELECT FROM data_key WHERE scope_id = :s)")
        return bool(connection.scalar(asked, {"s": scope}))


def orphan(ground: Ground, days: int = 3, tenant: str = GEMEENTE) -> UUID:
    scope = uuid7()
    ground.vault().open_scope(tenant, scope, "dossier")
    make_old(ground, scope, days)
    return scope


def stuk(scope: UUID, text: str = "een") -> Stuk:
    return Stuk(gemeente_code=GEMEENTE, dossier_id=scope, tekst=text)


class TestSweep:
    def test_an_old_key_without_a_row_goes(self, ground: Ground):
        scope, other = orphan(ground), orphan(ground, tenant=BUUR)

        assert [each.scope for each in sweep(ground).find()] == [scope]
        assert has_key(ground, scope)
        assert [each.scope for each in sweep(ground).run()] == [scope]
        assert not has_key(ground, scope)
        assert has_key(ground, other)

    def test_a_key_with_a_row_stays(self, ground: Ground):
        row = stuk(uuid7())
        person = Persoon(gemeente_code=GEMEENTE, achternaam="Jansen")
        with ground.session() as session:
            session.add_all([row, person])
            session.commit()
        for scope in (row.dossier_id, person.id):
            make_old(ground, scope)

        assert sweep(ground).run() == []
        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "een"

    @pytest.mark.parametrize("age", [timedelta(), timedelta(days=1)])
    def test_a_young_key_stays_whatever_is_asked(self, ground: Ground, age):
        scope = orphan(ground, days=0)

        assert sweep(ground).run(age) == []
        assert has_key(ground, scope)

    def test_a_longer_age_may_be_asked(self, ground: Ground):
        orphan(ground, days=3)

        assert sweep(ground).find(timedelta(days=7)) == []

    def test_what_a_transaction_stores_meanwhile_stays(self, ground: Ground):
        scope = orphan(ground)
        with ground.session(vault=ground.vault()) as writer:
            row = stuk(scope)
            writer.add(row)
            writer.flush()
            with pytest.raises(StillAtWork):
                sweep(ground, patience=0.2).run()
            assert has_key(ground, scope)
            sweeping = threading.Thread(target=sweep(ground, patience=20).run)
            sweeping.start()
            sweeping.join(0.3)
            writer.commit()
        sweeping.join(20)

        assert has_key(ground, scope)
        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "een"

    def test_who_had_the_key_open_makes_a_new_one(self, ground: Ground):
        scope, vault = orphan(ground), ground.vault()
        with ground.session(vault=vault) as writer:
            writer.add(stuk(scope))
            writer.flush()
            writer.rollback()
            sweep(ground).run()
            row = stuk(scope, "twee")
            writer.add(row)
            writer.commit()

        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "twee"
