"""What was destroyed stays destroyed, whichever copies come back."""

from uuid import UUID

import pytest
from sqlalchemy import text

from backup.conftest import KEPT, House, house_on
from build.dossier import inwoner
from loket.backup import chain, making
from loket.backup.making import make_copy, one_moment
from loket.backup.restoring import put_back
from loket.db import Scope
from loket.outside import connection_to
from loket.vault.search import drop_tokens

CODE = "0396"


@pytest.fixture
def small(stock, servers, tmp_path_factory):
    """Two people, in an installation of this test alone."""
    with stock.copies() as urls:
        yield from house_on(urls, servers, tmp_path_factory.mktemp("small"))


def somebody(house: House, name: str) -> UUID:
    with house.database.transaction(Scope.of(CODE)) as session:
        return inwoner(session, achternaam=name).id


def shred(house: House, scope: UUID) -> None:
    with house.database.transaction(Scope.of(CODE)) as session:
        session.info["vault"].shred(scope, "vernietigd")
        drop_tokens(session, scope)


def keys_of(url: str) -> set[UUID]:
    with connection_to(url) as connection:
        return set(connection.scalars(text("SELECT scope_id FROM data_key")))


def graves_in(url: str) -> set[UUID]:
    with connection_to(url) as connection:
        return set(connection.scalars(text("SELECT scope_id FROM tombstone")))


class TestDestroyed:
    def test_an_old_copy_of_the_data_stays_shut_under_the_keys_of_now(self, small):
        gone, here = somebody(small, "Weg"), somebody(small, "Hier")
        small.copy()
        shred(small, gone)
        small.hang_up()

        done = put_back(
            small.config, small.newest(), None, small.identities, overwrite=True
        )

        assert done.proof.faults == []
        assert done.proof.destroyed > 0
        assert keys_of(small.config.keystore_url) == {here}
        with connection_to(small.config.database_owner_url) as connection:
            found = connection.scalars(
                text("SELECT DISTINCT scope_id FROM search_unique")
            )
            assert set(found) == {here}

    def test_an_old_copy_of_the_keys_does_not_bring_it_back(self, small):
        gone, here = somebody(small, "Weg"), somebody(small, "Hier")
        small.copy()
        shred(small, gone)
        small.hang_up()

        done = put_back(
            small.config,
            small.newest(),
            small.newest(chain.KEYS),
            small.identities,
            overwrite=True,
        )

        assert done.buried == 1
        assert keys_of(small.config.keystore_url) == {here}
        assert graves_in(small.config.keystore_url) == {gone}
        assert done.proof.destroyed > 0

    def test_a_later_copy_knows_it_where_the_key_store_is_lost(self, small, lost):
        gone, here = somebody(small, "Weg"), somebody(small, "Hier")
        first = small.copy()
        shred(small, gone)
        later = small.copy()
        assert later.keys.name > first.keys.name

        done = put_back(
            lost,
            small.config.backup_dir / chain.DATA / first.data.name,
            small.config.backup_dir / chain.KEYS / first.keys.name,
            small.identities,
        )

        assert done.buried == 1
        assert keys_of(lost.keystore_url) == {here}
        assert graves_in(lost.keystore_url) == {gone}

    def test_the_horizon_is_the_last_copy_that_still_has_the_key(self, small, lost):
        """What SECURITY.md says is not protected, so that it is known to be true."""
        gone = somebody(small, "Weg")
        small.copy()
        shred(small, gone)
        both = small.newest(), small.newest(chain.KEYS)

        put_back(lost, *both, small.identities)

        assert gone in keys_of(lost.keystore_url)


class TestOneMoment:
    def test_no_key_comes_or_goes_between_the_two_snapshots(self, small, monkeypatch):
        """A shred that arrives in between waits; it is in neither, or in both."""
        gone = somebody(small, "Weg")
        taken = []

        def shred_now(connection, *_: object) -> None:
            with connection_to(small.config.keystore_owner_url) as other:
                other.execute(text("SET lock_timeout = '200ms'"))
                with pytest.raises(Exception, match="lock timeout"):
                    other.execute(text("DELETE FROM data_key"))
            taken.append(connection)

        class Clock:
            @staticmethod
            def now(_zone: object) -> object:
                # the one thing done between the lock and the two snapshots
                shred_now(None)
                return making_datetime.now(_zone)

        making_datetime = making.datetime
        monkeypatch.setattr(making, "datetime", Clock)
        with one_moment(small.config) as moment:
            keys = moment.keys.scalars(text("SELECT scope_id FROM data_key")).all()
            shred(small, gone)
            still = moment.keys.scalars(text("SELECT scope_id FROM data_key")).all()

        assert len(taken) == 1
        assert keys == still == [gone]
        assert keys_of(small.config.keystore_url) == set()

    def test_a_copy_after_a_destruction_has_no_trace_of_the_key(self, small):
        gone = somebody(small, "Weg")
        shred(small, gone)

        made = make_copy(small.config, **KEPT)

        assert made.keys.rows["public.data_key"] == 0
        assert made.keys.rows["public.tombstone"] == 1
