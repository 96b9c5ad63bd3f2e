"""Errors that carry a message for the user; everything else is a bug."""

CLASH = (
    "Iemand anders legde dit op hetzelfde moment vast. Er is nu niets van u opgeslagen."
    " Kijk wat er nu staat en probeer het opnieuw."
)
"""Two people made the same thing at once, and the database kept the first."""


class LoketError(Exception):
    """Something the user can act on; the text is Dutch and holds no personal data."""

    status = 400

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(LoketError):
    """This role may not do this."""

    status = 403

    def __init__(self, message: str = "U mag dit niet doen.") -> None:
        super().__init__(message)


class NotFound(LoketError):
    """It does not exist, or it is not yours: the answer is the same."""

    status = 404

    def __init__(self, message: str = "Deze pagina bestaat niet.") -> None:
        super().__init__(message)


class RuleViolation(LoketError):
    """A rule of the law or of the procedure says no, whoever asks."""

    status = 409


class Vernietigd(LoketError):
    """It was destroyed as the law asks: no longer here, and never again."""

    status = 410


class NotConfigured(LoketError):
    """Something outside is not set up yet: a promise waits for it, it does not die."""

    status = 503
