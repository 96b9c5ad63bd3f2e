"""`loket vault status`, and the journal it reads."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from loket.db import uuid7
from loket.vault.journal import Deed, last_deeds, note
from loket.vault.status import read_status
from vault.ground import GEMEENTE, Ground

OTHER = "7101"


class TestStatus:
    def test_counts_keys_at_each_level(self, ground: Ground):
        vault = ground.vault()
        for _ in range(3):
            vault.open_scope(OTHER, uuid7(), "dossier")

        with ground.keys.connect() as connection:
            found = read_status(connection)

        (of_other,) = (each for each in found.gemeenten if each.tenant == OTHER)
        assert (of_other.versions, of_other.data_keys) == ((1,), {1: 3})
        assert not of_other.is_turning
        assert found.tenant_keys.keys() == {1}
        assert found.scopes["dossier"] >= 3

    def test_counts_what_was_destroyed(self, ground: Ground):
        scope, vault = uuid7(), ground.vault()
        vault.open_scope(GEMEENTE, scope, "dossier")
        with ground.keys.connect() as connection:
            before = read_status(connection).tombstones
        vault.shred(scope, "bewaartermijn")

        with ground.keys.connect() as connection:
            assert read_status(connection).tombstones == before + 1


class TestJournal:
    def test_tells_the_last_deed_first(self, ground: Ground):
        with ground.keys.begin() as connection:
            note(connection, Deed.KEK_ROTATED, "cli/bea", old=1, new=2, moved=7)
            note(connection, Deed.GEMEENTE_KEY_ADDED, "cli/bea", tenant=OTHER, new=2)
        with ground.keys.connect() as connection:
            last, first = last_deeds(connection, 2)

        assert (last.deed, last.tenant) == ("gemeente_key.added", OTHER)
        assert (first.from_version, first.to_version, first.moved) == (1, 2, 7)
        assert first.done_by == "cli/bea"

    @pytest.mark.parametrize(
        "change",
        ["UPDATE key_deed SET moved = 0", "DELETE FROM key_deed", "TRUNCATE key_deed"],
    )
    def test_is_never_changed(self, ground: Ground, change):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            ground.keys.begin() as connection,
        ):
            connection.execute(text(change))


class TestTenantKeys:
    @pytest.mark.parametrize("purpose", ["tk", "ik"])
    def test_the_newest_is_not_removed_by_anybody(self, ground: Ground, purpose):
        ground.vault().open_scope(OTHER, uuid7(), "dossier")

        with (
            pytest.raises(DBAPIError, match="in use"),
            ground.keys.begin() as connection,
        ):
            connection.execute(
                text("DELETE FROM tenant_key WHERE tenant = :t AND purpose = :p"),
                {"t": OTHER, "p": purpose},
            )
