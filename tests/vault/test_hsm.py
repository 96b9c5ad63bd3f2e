"""A KEK in a real PKCS#11 token: it stays there, and what goes wrong is said."""

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from build.softhsm import PIN, SHUT, Softhsm
from loket.config import ConfigError
from loket.db import uuid7
from loket.vault.errors import KekAway
from loket.vault.kek.choice import open_kek
from loket.vault.kek.local import LocalKek
from loket.vault.kek.place import read_place
from loket.vault.kek.provider import Kek
from loket.vault.vault import Vault
from vault.keeper import HERE, ONE, SECRET, asked, configured, line
from vault.proef import Stuk


class TestToken:
    def test_the_key_cannot_be_taken_out(self, token):
        import pkcs11

        token.versions()
        (key,) = token._keys.values()

        with pytest.raises(pkcs11.AttributeSensitive):
            _ = key[pkcs11.Attribute.VALUE]
        assert key[pkcs11.Attribute.EXTRACTABLE] is False

    def test_a_key_that_can_be_taken_out_is_refused(self, token, name):
        import pkcs11

        token.versions()
        token._session.generate_key(
            pkcs11.KeyType.AES,
            256,
            label=f"{name}-2",
            template={pkcs11.Attribute.EXTRACTABLE: True},
        )

        with pytest.raises(KekAway, match="niet kan verlaten"):
            token.wrap(SECRET, HERE)

    def test_a_new_version_wraps_and_the_old_one_opens(self, token):
        old = token.wrap(SECRET, HERE)

        assert token.add_version() == 2
        assert token.wrap(SECRET, HERE).version == 2
        assert token.unwrap(*asked(old)) == SECRET

    def test_a_session_that_was_lost_is_begun_anew(self, token):
        import pkcs11

        old = token.wrap(SECRET, HERE)
        pkcs11.lib(str(token._place.module)).reinitialize()

        assert token.unwrap(*asked(old)) == SECRET

    def test_an_empty_token_says_what_to_do(self, softhsm):
        kek = open_kek(configured(LOKET_KEK_PROVIDER=softhsm.uri("niets")))

        with pytest.raises(KekAway, match="new-kek"):
            kek.wrap(SECRET, HERE)
        with pytest.raises(KekAway, match="new-kek"):
            kek.versions()

    def test_a_token_that_is_not_there_is_named(self, softhsm, name):
        uri = softhsm.uri(name, token="weg")

        with pytest.raises(KekAway, match="geen token 'weg'"):
            open_kek(configured(LOKET_KEK_PROVIDER=uri)).versions()

    def test_a_library_that_is_not_there_is_named(self, softhsm, name):
        uri = softhsm.uri(name).replace(str(softhsm.module), "/weg/hsm.so")

        with pytest.raises(KekAway, match=r"/weg/hsm\.so"):
            open_kek(configured(LOKET_KEK_PROVIDER=uri)).versions()

    def test_a_wrong_pin_is_tried_once_and_not_repeated(self, softhsm, name):
        right = softhsm.uri(name, token=SHUT)
        uri = softhsm.uri(name, token=SHUT, pin="99999999")
        kek = open_kek(configured(LOKET_KEK_PROVIDER=uri))
        with pytest.raises(KekAway, match="weigert de pincode") as caught:
            kek.versions()
        assert "99999999" not in "".join(traceback.format_exception(caught.value))

        # tried again, a token locks itself: so also the right one waits for a restart
        file = softhsm.folder / "pin-99999999"
        file.write_text(PIN)
        with pytest.raises(KekAway, match="weigert de pincode"):
            kek.versions()
        file.unlink()
        opened = open_kek(configured(LOKET_KEK_PROVIDER=right))
        assert opened.add_version() == 1
        opened.close()

    def test_a_pin_file_that_is_not_there_is_told(self, softhsm, name, tmp_path):
        uri = softhsm.uri(name).partition("&pin-source")[0]
        given = f"{uri}&pin-source=file:{tmp_path / 'weg'}"
        kek = open_kek(configured(LOKET_KEK_PROVIDER=given))

        with pytest.raises(KekAway, match="pincode van de HSM is niet te lezen"):
            kek.versions()


class TestPlace:
    @pytest.mark.parametrize(
        "uri",
        [
            "pkcs11:",
            "pkcs11:token=a;object=b?module-path=/m",
            "pkcs11:token=a;object=b?module-path=/m&pin-source=/p&pin-value=1234",
            "pkcs11:token=a;object=b;slot=3?module-path=/m&pin-source=/p",
        ],
    )
    def test_what_is_lacking_or_too_much_is_refused(self, uri):
        with pytest.raises(ConfigError, match="LOKET_KEK_PROVIDER") as caught:
            read_place(uri)
        assert "1234" not in caught.value.message

    def test_percent_signs_are_read(self):
        place = read_place(
            "pkcs11:token=Loket%20HSM;object=kek?module-path=/m&pin-source=file:/p"
        )

        assert (place.token, place.label(3)) == ("Loket HSM", "kek-3")
        assert place.pin_file == Path("/p")

    def test_another_kind_of_provider_is_refused(self):
        with pytest.raises(ConfigError, match="geen adres van een HSM"):
            configured(LOKET_KEK_PROVIDER="vault:https://x")


class TestSuccession:
    """The key moves from a file into a token, while both can be asked."""

    @pytest.fixture
    def moving(self, softhsm: Softhsm, name: str) -> Iterator[Callable[[int], Kek]]:
        opened = []

        def build(above: int) -> Kek:
            kek = open_kek(
                configured(LOKET_KEK_PROVIDER=softhsm.uri(name), LOKET_KEK=line(1, ONE))
            )
            kek.newest.add_version(above)
            opened.append(kek)
            return kek

        yield build
        for kek in opened:
            kek.newest.close()

    def test_the_new_keeper_wraps_and_the_old_one_opens(self, moving):
        kek = moving(1)
        old = LocalKek({1: ONE}).wrap(SECRET, HERE)
        new = kek.wrap(SECRET, HERE)

        assert kek.versions() == [1, 2]
        assert new.version == 2
        assert kek.unwrap(*asked(old)) == SECRET
        assert kek.unwrap(*asked(new)) == SECRET

    def test_the_same_version_at_both_is_refused(self, moving):
        with pytest.raises(KekAway, match="hoger nummer, bijvoorbeeld 2"):
            moving(0).wrap(SECRET, HERE)


class Counting:
    """A keeper that counts how often it is asked."""

    def __init__(self, kek: Kek) -> None:
        self._kek, self.calls = kek, 0

    def versions(self):
        return self._kek.versions()

    def wrap(self, secret, context):
        self.calls += 1
        return self._kek.wrap(secret, context)

    def unwrap(self, blob, context, version):
        self.calls += 1
        return self._kek.unwrap(blob, context, version)

    def after_fork(self) -> None:
        self._kek.after_fork()


class TestCost:
    """The token is asked once for each gemeente, however much is read."""

    def test_does_not_grow_with_dossiers_or_pages(self, ground, token, emptied):
        gemeenten = ("0396", "0473", "0599")
        writer = Vault(ground.keys, token)
        with ground.session(*gemeenten, vault=writer) as session:
            session.add_all(
                Stuk(gemeente_code=code, dossier_id=uuid7(), tekst=f"tekst {number}")
                for code in gemeenten
                for number in range(100)
            )
            session.commit()
        counting = Counting(token)
        reader = Vault(ground.keys, counting)
        for _ in range(50):
            with ground.session(*gemeenten, vault=reader) as session:
                rows = session.scalars(select(Stuk)).all()
                assert len([row for row in rows if row.tekst]) == 300

        assert counting.calls == len(gemeenten)
