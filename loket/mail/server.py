"""The mail server of the gemeente: reaching it, and handing it one e-mail."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from loket.errors import LoketError, NotConfigured

TIMEOUT = 10.0
"""Seconds: a server that says nothing must not hold up other work."""
AWAY = "De mailserver antwoordt niet, of laat Loket niet binnen."
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BUSY = range(400, 500)
"""Answers with which a server asks to come back later (RFC 5321, 4.2.1)."""


class ServerAway(NotConfigured):
    """The server cannot be reached or asks to come back later: nothing was sent."""


class MailRefused(LoketError):
    """The server will not have this e-mail; its words may hold the address."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed in: smtps:// is TLS from the first byte, smtp:// STARTTLS.

    Without TLS only on this machine itself: nobody listens in between.
    """

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Read the setting, such as `smtp://user:password@host:587`."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if is_tls else 587),
            is_tls=is_tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def check(self) -> None:
        """Log in without sending anything.

        Raises:
            ServerAway: it does not answer, or will not let us in.
        """
        with self._open():
            return

    def send(self, mail: EmailMessage) -> None:
        """Hand in one e-mail.

        Raises:
            ServerAway: not now.
            MailRefused: never like this.
        """
        with self._open() as server:
            try:
                server.send_message(mail)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as no:
                if _code_of(no) in _BUSY:
                    raise ServerAway(AWAY) from None
                raise MailRefused("De mailserver weigert deze e-mail.") from None
            except (OSError, smtplib.SMTPException):
                raise ServerAway(AWAY) from None

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException):
            # what the server said may hold the name it was given
            raise ServerAway(AWAY) from None
        try:
            yield server
        finally:
            # the e-mail was taken: a goodbye that fails must not send it again
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=secure
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if not self.is_tls and self.host not in _LOOPBACK:
                server.starttls(context=secure)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _code_of(
    no: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException,
) -> int:
    """The code of the answer; of one refused address that is the code of that one."""
    if isinstance(no, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in no.recipients.values()), 0)
    return no.smtp_code
