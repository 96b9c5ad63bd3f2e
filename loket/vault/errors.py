"""What can be wrong with a sealed value; no text ever holds the value itself."""

from loket.errors import LoketError


class Tampered(LoketError):
    """A cell or a key was changed, moved or cut, or the wrong key was given."""

    status = 500

    def __init__(self, what: str = "cel") -> None:
        super().__init__(f"Dit gegeven is beschadigd en wordt niet getoond ({what}).")


class KeyMissing(Tampered):
    """There is no such key: never made, of another tenant, or taken out of use."""

    def __init__(self) -> None:
        super().__init__("sleutel")


class WrongKind(LoketError):
    """A key was to be destroyed as something that it is not; nothing was done."""

    status = 500

    def __init__(self) -> None:
        super().__init__("Deze sleutel is van iets anders en wordt niet vernietigd.")


class KeyDestroyed(LoketError):
    """The key was destroyed on purpose: nobody can read this any more."""

    status = 410

    def __init__(self) -> None:
        super().__init__("Dit gegeven is vernietigd.")


class WrongKek(Tampered):
    """This key-encryption key did not wrap what is in the key store."""

    def __init__(self, version: int) -> None:
        LoketError.__init__(
            self,
            f"Versie {version} van de hoofdsleutel (KEK) past niet bij de sleutelkluis:"
            " de sleutels gaan er niet mee open.\nWat u kunt doen: kijk of LOKET_KEK en"
            " LOKET_KEYSTORE_URL bij elkaar horen, en of de versies kloppen. Maak geen"
            " nieuwe sleutel: daarmee gaat niets open.",
        )


class KekMissing(LoketError):
    """A version of the key-encryption key is in use and is not at hand."""

    status = 503

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"Versie {version} van de hoofdsleutel (KEK) ontbreekt: sleutels in de"
            " sleutelkluis zijn daarmee ingepakt.\nWat u kunt doen: geef die versie"
            " erbij in LOKET_KEK (of in het bestand van LOKET_KEK_FILE), of zet hem"
            " terug in de HSM."
        )


class KekAway(LoketError):
    """Whoever keeps the key-encryption key does not answer; the text says why."""

    status = 503
