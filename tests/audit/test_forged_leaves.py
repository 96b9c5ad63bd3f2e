"""A leaf or an anchor that somebody forged keeps no row out of the chain."""

from uuid import UUID

import pytest
from sqlalchemy import text

from audit.test_keten import (
    add_leaf,
    as_owner,
    batch_id_of,
    findings,
    forge,
    seal,
    small_batches,
    write,
)
from audit.test_keten import code as code
from audit.test_keten import owner as owner
from loket.audit.verify import Fault

small_batches = small_batches


def named(database, code) -> set[tuple[Fault, UUID | None]]:
    return {(each.fault, each.row_id) for each in findings(database, code)[0]}


@pytest.fixture
def sealed(database, code, small_batches) -> list[UUID]:
    rows = write(database, code, 14)
    assert seal(database, code) == 14
    return rows


class TestLeaves:
    def test_of_a_forged_batch(self, database, code, sealed):
        (row,) = write(database, code, 1)
        batch = forge(database, code, 3, row_ids=row.bytes)
        add_leaf(database, code, row, batch)

        assert seal(database, code) == 1
        assert (Fault.LEAF_CHANGED, row) in named(database, code)
        assert seal(database, code) == 0
        assert findings(database, code)[1].waiting == 0

    def test_of_a_sound_batch_past_its_end(self, database, code, sealed):
        (row,) = write(database, code, 1)
        add_leaf(database, code, row, batch_id_of(database, code, 2), 7)

        assert seal(database, code) == 1
        assert named(database, code) == {(Fault.LEAF_FORGED, row)}
        assert seal(database, code) == 0

    def test_of_a_batch_of_another_gemeente(self, database, code, sealed):
        other = f"{code}x"
        write(database, other, 1)
        seal(database, other)
        (row,) = write(database, code, 1)
        add_leaf(database, code, row, batch_id_of(database, other, 1), 1)

        assert seal(database, code) == 1
        assert named(database, code) == {(Fault.LEAF_FORGED, row)}

    def test_in_the_place_of_another(self, database, code, owner, sealed):
        """The owner of the tables takes a leaf away, and gives its place to a row."""
        (row,) = write(database, code, 1)
        as_owner(owner, "DELETE FROM audit_leaf WHERE row_id = :id", id=sealed[3])
        add_leaf(database, code, row, batch_id_of(database, code, 1), 3)

        # the row whose place it was is sealed, by the name in its batch
        assert seal(database, code) == 1
        told = named(database, code)
        assert {(Fault.LEAF_MOVED, sealed[3]), (Fault.LEAF_FORGED, row)} <= told
        assert seal(database, code) == 0

    def test_a_batch_that_was_changed_is_not_sealed_twice(
        self, database, code, owner, sealed
    ):
        as_owner(
            owner,
            "UPDATE audit_batch SET hash = root WHERE keten = :code AND nummer = 2",
            code=code,
        )

        assert seal(database, code) == 0


class TestAnchors:
    @pytest.mark.parametrize("number", [3, 2**31 - 1])
    def test_one_that_was_forged_does_not_end_the_sealing(
        self, database, code, sealed, number
    ):
        with database.session() as session:
            engine = session.info["vault"].engine
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO audit_anchor (keten, nummer, hash) VALUES (:c, :n, :h)"
                ),
                {"c": code, "n": number, "h": bytes(32)},
            )
        for _ in range(2):
            write(database, code, 1)
            assert seal(database, code) == 1

        found = findings(database, code)[0]
        assert [(each.fault, each.nummer) for each in found] == [
            (Fault.BATCH_REMOVED, number)
        ]
