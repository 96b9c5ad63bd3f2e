"""Whatever is done to a cell or a key: it is noticed, and nothing is shown."""

from collections.abc import Callable
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlalchemy.orm import Session

from loket.db import uuid7
from loket.vault.cell import key_version, label_hash, seal, strip, unseal
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.kek.local import LocalKek
from vault.ground import BUUR, GEMEENTE, Ground
from vault.proef import Stuk

VALUES = {
    "tekst": "Ÿlva",
    "dag": date(1941, 5, 9),
    "akkoord": True,
    "aantal": 3,
    "bedrag": None,
    "inhoud": b"%PDF",
    "gegevens": {"a": 1},
}
LABEL = label_hash("proef.tekst", "text")


def write(ground: Ground, name: str, cell: bytes | None, row: Stuk, **more) -> None:
    """Put something in the table as somebody at the database would."""
    changes = {name: cell, **more}
    columns = ", ".join(f"{column} = :{column}" for column in changes)
    with ground.data.begin() as connection:
        connection.execute(
            text(f"UPDATE proef_stuk SET {columns} WHERE id = :row"),
            {**changes, "row": row.id},
        )


def add(session: Session, **values: object) -> Stuk:
    given = {"gemeente_code": GEMEENTE, "dossier_id": uuid7(), **values}
    row = Stuk(**given)
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def fresh(ground: Ground) -> Callable[[Stuk, str], object]:
    """Read one field as a process that has nothing open."""

    def read(row: Stuk, name: str) -> object:
        with ground.session() as session:
            return getattr(session.get_one(Stuk, row.id), name)

    return read


class TestCell:
    key = AESGCM(bytes(32))
    scope, row = uuid7(), uuid7()

    def open(self, cell: bytes) -> bytes | None:
        key_version(cell)
        return strip(unseal(self.key, LABEL, self.scope, self.row, cell))

    def sealed(self, packed: bytes | None) -> bytes:
        return seal(self.key, 1, LABEL, self.scope, self.row, packed)

    @pytest.mark.parametrize("packed", [None, b"", b"x" * 15, b"x" * 16, b"\x80\x00"])
    def test_has_the_size_of_the_design_and_opens(self, packed):
        cell = self.sealed(packed)

        assert (len(cell) - 31) % 16 == 0
        assert self.open(cell) == packed

    @pytest.mark.parametrize("size", [11, 31, 2000])
    def test_is_as_small_as_the_design_says(self, size):
        assert len(self.sealed(b"x" * size)) == {11: 47, 31: 63, 2000: 2047}[size]

    @pytest.mark.parametrize("packed", [None, b"", b"999900006", b"x" * 40])
    def test_each_flipped_bit_is_noticed(self, packed):
        cell = self.sealed(packed)
        for bit in range(len(cell) * 8):
            flipped = bytearray(cell)
            flipped[bit // 8] ^= 1 << bit % 8

            with pytest.raises(Tampered):
                self.open(bytes(flipped))

    def test_each_cut_and_each_extension_is_noticed(self):
        cell = self.sealed(b"x" * 40)
        for changed in [
            *(cell[:size] for size in range(len(cell))),
            *(cell[size:] for size in range(1, len(cell))),
            *(cell + bytes(size) for size in range(1, 40)),
        ]:
            with pytest.raises(Tampered):
                self.open(changed)

    def test_another_key_label_scope_or_row_does_not_open(self):
        cell = self.sealed(b"x")
        other = AESGCM(bytes([1] * 32))
        for key, label, scope, row in [
            (other, LABEL, self.scope, self.row),
            (self.key, label_hash("proef.tekst", "date"), self.scope, self.row),
            (self.key, label_hash("proef.titel", "text"), self.scope, self.row),
            (self.key, LABEL, self.row, self.row),
            (self.key, LABEL, self.scope, self.scope),
        ]:
            with pytest.raises(Tampered):
                unseal(key, label, scope, row, cell)


class TestRow:
    @pytest.mark.parametrize("name", VALUES)
    def test_each_flipped_byte_of_each_kind_is_noticed(self, session, ground, name):
        row = add(session, **{name: VALUES[name]})
        cell = session.connection().execute(
            text(f"SELECT {name} FROM proef_stuk WHERE id = :row"), {"row": row.id}
        )
        original = bytes(cell.scalar_one())
        session.commit()
        for place in range(len(original)):
            flipped = bytearray(original)
            flipped[place] ^= 0x11
            write(ground, name, bytes(flipped), row)
            session.expire(row)

            with pytest.raises(Tampered):
                getattr(row, name)
            session.rollback()

    def test_a_cell_in_another_column_is_noticed(self, session, ground, fresh):
        row = add(session, tekst="een", toelichting="twee")
        write(ground, "tekst", row._toelichting_ct, row)

        with pytest.raises(Tampered):
            fresh(row, "tekst")

    def test_a_cell_in_another_row_is_noticed(self, session, ground, fresh):
        dossier = uuid7()
        one = add(session, tekst="een", dossier_id=dossier)
        two = add(session, tekst="twee", dossier_id=dossier)
        write(ground, "tekst", one._tekst_ct, two)

        with pytest.raises(Tampered):
            fresh(two, "tekst")

    def test_a_cell_in_another_dossier_is_noticed(self, session, ground, fresh):
        one, two = add(session, tekst="een"), add(session, tekst="twee")
        write(ground, "tekst", one._tekst_ct, one, dossier_id=two.dossier_id)

        with pytest.raises(Tampered):
            fresh(one, "tekst")

    def test_a_row_in_a_dossier_without_a_key_is_noticed(self, session, ground, fresh):
        row = add(session, tekst="een")
        write(ground, "tekst", row._tekst_ct, row, dossier_id=uuid7())

        with pytest.raises(Tampered):
            fresh(row, "tekst")

    def test_a_row_in_another_gemeente_is_noticed(self, session, ground, fresh):
        row = add(session, tekst="een")
        add(session, tekst="twee", gemeente_code=BUUR)
        write(ground, "tekst", row._tekst_ct, row, gemeente_code=BUUR)

        with pytest.raises(Tampered):
            fresh(row, "tekst")

    def test_a_row_under_another_id_is_noticed(self, session, ground):
        row = add(session, tekst="een")
        moved = uuid7()
        write(ground, "id", moved, row)
        with ground.session() as later:
            found = later.get_one(Stuk, moved)

            with pytest.raises(Tampered):
                _ = found.tekst


class TestKeys:
    def test_a_wrong_kek_opens_nothing(self, session, ground):
        row = add(session, tekst="een")
        with ground.session(vault=ground.vault(kek=bytes(32))) as other:
            found = other.get_one(Stuk, row.id)

            with pytest.raises(Tampered):
                _ = found.tekst

    def test_a_wrong_kek_seals_nothing(self, session, ground):
        row = add(session, tekst="een")
        with ground.session(vault=ground.vault(kek=bytes(32))) as other:
            other.add(Stuk(gemeente_code=GEMEENTE, dossier_id=uuid7(), tekst="x"))

            with pytest.raises(Tampered):
                other.flush()
        assert row.tekst == "een"

    def test_a_wrong_kek_fails_the_readiness_check(self, session, ground, vault):
        add(session, tekst="een")
        vault.check()

        with pytest.raises(Tampered):
            ground.vault(kek=bytes(32)).check()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE data_key SET wrapped = set_byte(wrapped, 20, 1)"
            " WHERE scope_id = :a",
            "UPDATE data_key SET tenant = '0473' WHERE scope_id = :a",
            "UPDATE data_key k SET wrapped = o.wrapped FROM data_key o"
            " WHERE k.scope_id = :a AND o.scope_id = :b",
        ],
    )
    def test_a_changed_or_swapped_key_is_noticed(self, session, ground, fresh, change):
        one, two = add(session, tekst="een"), add(session, tekst="twee")
        add(session, tekst="drie", gemeente_code=BUUR)
        places = {"a": one.dossier_id, "b": two.dossier_id}
        wanted = {k: v for k, v in places.items() if f":{k}" in change}
        with ground.keys.begin() as connection:
            connection.execute(text(change), wanted)

        with pytest.raises(Tampered):
            fresh(one, "tekst")
        assert fresh(two, "tekst") == "twee"

    def test_a_kek_of_another_size_is_refused(self, ground):
        with pytest.raises(ValueError, match="32"):
            LocalKek({1: b"short"})


class TestShred:
    def test_makes_the_rows_unreadable_everywhere(self, session, ground, vault, fresh):
        row = add(session, tekst="een")
        vault.shred(row.dossier_id, "bewaartermijn")
        session.expire_all()

        with pytest.raises(KeyDestroyed):
            _ = row.tekst
        with pytest.raises(KeyDestroyed):
            fresh(row, "tekst")

    def test_leaves_no_key_and_one_tombstone(self, session, ground, vault):
        row = add(session, tekst="een")
        vault.shred(row.dossier_id, "bewaartermijn")
        vault.shred(row.dossier_id, "nog eens")

        with ground.keys.connect() as connection:
            keys = text("SELECT count(*) FROM data_key WHERE scope_id = :s")
            assert connection.scalar(keys, {"s": row.dossier_id}) == 0
            stone = text("SELECT kind, tenant, ground FROM tombstone WHERE scope_id=:s")
            found = connection.execute(stone, {"s": row.dossier_id}).one()
            assert tuple(found) == ("dossier", GEMEENTE, "bewaartermijn")

    def test_lets_nothing_be_sealed_afterwards(self, session, ground, vault):
        row = add(session, tekst="een")
        vault.shred(row.dossier_id, "bewaartermijn")
        dossier = row.dossier_id
        session.rollback()
        for where in (vault, ground.vault()):
            with ground.session(vault=where) as later:
                later.add(Stuk(gemeente_code=GEMEENTE, dossier_id=dossier, tekst="x"))

                with pytest.raises(KeyDestroyed):
                    later.flush()

    def test_spares_the_other_dossiers(self, session, vault, fresh):
        one, two = add(session, tekst="een"), add(session, tekst="twee")
        vault.shred(one.dossier_id, "bewaartermijn")

        assert fresh(two, "tekst") == "twee"
