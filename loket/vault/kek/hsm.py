"""The KEK in a token that it never leaves: PKCS#11, so an HSM or SoftHSM.

The token seals with AES-256-GCM and binds the context as additional data. One session
serves every thread in turn: it is asked once per gemeente in ten minutes.
"""

import os
import re
import threading
from collections.abc import Callable, Collection
from typing import Any, TypeVar

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as refused

from loket.vault.cell import NONCE, TAG
from loket.vault.errors import KekAway, KekMissing, Tampered
from loket.vault.kek.place import Place
from loket.vault.kek.provider import KEK_BYTES, Wrapped

T = TypeVar("T")
_PIN = (
    refused.PinIncorrect,
    refused.PinInvalid,
    refused.PinLenRange,
    refused.PinLocked,
    refused.PinExpired,
    refused.UserPinNotInitialized,
)
_NOT_OURS = (
    refused.EncryptedDataInvalid,
    refused.EncryptedDataLenRange,
    refused.DataInvalid,
    refused.DataLenRange,
    refused.ArgumentsBad,
    # what SoftHSM says of a wrong tag, and others of a broken device
    refused.GeneralError,
    refused.FunctionFailed,
)
_STAYS = {
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.ENCRYPT: True,
    Attribute.DECRYPT: True,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
}


class HsmKek:
    """Versions of the KEK in one token; only the token ever sees the keys."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._pin_was_refused = False
        self._forked = False
        self._start()

    def __repr__(self) -> str:
        return f"<HsmKek {self._place.token}>"

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._keys: dict[int, Any] = {}

    def after_fork(self) -> None:
        """Begin anew in a child: PKCS#11 gives it no session of its parent."""
        self._forked = True
        self._start()

    def close(self) -> None:
        """Leave the token."""
        with self._lock:
            self._hang_up()

    def versions(self) -> Collection[int]:
        """Look which versions are in the token."""
        return sorted(self._ask(self._find_any))

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Have the token seal a secret under its newest version."""

        def work() -> Wrapped:
            keys = self._find_any()
            newest = max(keys)
            return Wrapped(_seal(keys[newest], secret, context), newest)

        return self._ask(work)

    def unwrap(self, blob: bytes, context: bytes, version: int) -> bytes:
        """Have the token open what it sealed."""

        def work() -> bytes:
            key = self._key(version)
            try:
                return _open(key, blob, context)
            except _NOT_OURS:
                # one answer for a wrong tag and for a broken token: try the token
                _open(key, _seal(key, b"probe", context), context)
                raise Tampered("sleutel") from None

        if len(blob) <= NONCE + TAG:
            raise Tampered("sleutel")
        return self._ask(work)

    def add_version(self, above: int = 0) -> int:
        """Make a new key in the token, which can never be taken out; tell its version.

        Args:
            above: the highest version that was used elsewhere.

        Raises:
            KekAway: the token does not answer, or may not be written.
        """

        def work() -> int:
            version = max(above, *self._find(), 0) + 1
            self._hang_up()
            self._log_in(write=True)
            self._session.generate_key(
                KeyType.AES,
                KEK_BYTES * 8,
                label=self._place.label(version),
                store=True,
                template=_STAYS,
            )
            self._hang_up()
            return version

        return self._ask(work)

    # the session

    def _ask(self, work: Callable[[], T]) -> T:
        with self._lock:
            try:
                return work()
            except _PIN:
                raise self._refuse_pin() from None
            except pkcs11.PKCS11Error:
                # a session ends when the token restarts: once more, with a new one
                self._hang_up()
            try:
                return work()
            except _PIN:
                raise self._refuse_pin() from None
            except pkcs11.PKCS11Error as error:
                self._hang_up()
                raise self._away(error) from None

    def _key(self, version: int) -> Any:
        key = self._keys.get(version) or self._find().get(version)
        if key is None:
            raise KekMissing(version)
        return key

    def _find(self) -> dict[int, Any]:
        if self._session is None:
            self._log_in()
        ours = re.compile(re.escape(self._place.object) + r"-([1-9][0-9]{0,4})")
        found: dict[int, Any] = {}
        for key in self._session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY}):
            match = ours.fullmatch(key.label or "")
            if match is None:
                continue
            version = int(match[1])
            if version in found:
                raise KekAway(f"In de HSM staat {key.label} twee keer.")
            if key[Attribute.EXTRACTABLE] or key.key_length != KEK_BYTES * 8:
                raise KekAway(
                    f"De sleutel {key.label} in de HSM is niet goed: nodig is AES-256"
                    " die de HSM niet kan verlaten (CKA_EXTRACTABLE uit)."
                )
            found[version] = key
        self._keys = found
        return found

    def _find_any(self) -> dict[int, Any]:
        found = self._find()
        if not found:
            raise KekAway(
                f"In de HSM staat geen sleutel {self._place.label(1)}.\n"
                "Wat u kunt doen: voer 'loket vault new-kek' uit."
            )
        return found

    def _log_in(self, *, write: bool = False) -> None:
        if self._pin_was_refused:
            raise self._refuse_pin()
        library = pkcs11.lib(str(self._place.module))
        if self._forked:
            library.reinitialize()
            self._forked = False
        token = library.get_token(token_label=self._place.token)
        try:
            # never in a variable of its own: a traceback may show those
            self._session = token.open(rw=write, user_pin=self._pin())
        except pkcs11.UserAlreadyLoggedIn:
            self._session = token.open(rw=write)

    def _pin(self) -> str:
        try:
            return self._place.pin_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise KekAway(
                "Het bestand met de pincode van de HSM is niet te lezen.\n"
                "Wat u kunt doen: kijk pin-source in LOKET_KEK_PROVIDER na."
            ) from None

    def _hang_up(self) -> None:
        session, self._session, self._keys = self._session, None, {}
        try:
            if session is not None:
                session.close()
        except pkcs11.PKCS11Error:
            return  # it was lost already

    def _refuse_pin(self) -> KekAway:
        # asked again, the token would lock itself
        self._pin_was_refused = True
        return KekAway(
            "De HSM weigert de pincode. Loket probeert het niet opnieuw: na een paar"
            " keer gaat de HSM op slot.\nWat u kunt doen: zet de goede pincode in het"
            " bestand van pin-source en start Loket opnieuw."
        )

    def _away(self, error: pkcs11.PKCS11Error) -> KekAway:
        if isinstance(error, pkcs11.NoSuchToken):
            return KekAway(
                f"De HSM heeft geen token '{self._place.token}'.\nWat u kunt doen:"
                " kijk LOKET_KEK_PROVIDER na, en of de HSM aan staat."
            )
        return KekAway(
            f"De HSM antwoordt niet ({type(error).__name__}).\nWat u kunt doen: kijk of"
            f" de HSM aan staat en of {self._place.module} er is."
        )


def _seal(key: Any, secret: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    sealed: bytes = key.encrypt(
        secret,
        mechanism=Mechanism.AES_GCM,
        mechanism_param=GCMParams(nonce, context, TAG * 8),
    )
    return nonce + sealed


def _open(key: Any, blob: bytes, context: bytes) -> bytes:
    opened: bytes = key.decrypt(
        blob[NONCE:],
        mechanism=Mechanism.AES_GCM,
        mechanism_param=GCMParams(blob[:NONCE], context, TAG * 8),
    )
    return opened
