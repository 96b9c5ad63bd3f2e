"""A mail server that keeps what it is given: real SMTP on a real socket (RFC 5321)."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 10.0


@dataclass
class Mailbox:
    """What came in, and how the server behaves."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    """Each e-mail as it came over the line, envelope included."""
    refuses_with: str = ""
    """What is answered to every recipient instead of yes."""
    hangs_up_after_mail: bool = False
    """Take the e-mail, and break the connection before the goodbye."""


class _Talk(socketserver.StreamRequestHandler):
    timeout = PATIENCE
    box: Mailbox
    secure: ssl.SSLContext | None

    def handle(self) -> None:
        self.say("220 proef")
        envelope: list[bytes] = []
        for _ in range(100):
            line = self.rfile.readline(2000)
            word = line[:4].upper()
            if not line or word == b"QUIT":
                self.say("221 dag")
                return
            if word == b"DATA":
                self.say("354 vertel")
                self.box.raw.append(b"".join(envelope) + self.read_mail())
                self.say("250 bewaard")
                if self.box.hangs_up_after_mail:
                    return
            elif word == b"STAR" and self.secure:
                self.say("220 kom")
                self.go_secure()
            else:
                envelope.append(line)
                self.answer(word)

    def answer(self, word: bytes) -> None:
        if word == b"RCPT" and self.box.refuses_with:
            self.say(self.box.refuses_with)
        elif word == b"EHLO" and self.secure:
            self.say("250-proef")
            self.say("250 STARTTLS")
        else:
            self.say("250 goed")

    def read_mail(self) -> bytes:
        lines: list[bytes] = []
        for _ in range(1000):
            line = self.rfile.readline(2000)
            if line in (b".\r\n", b""):
                break
            lines.append(line)
        return b"".join(lines)

    def go_secure(self) -> None:
        assert self.secure
        self.connection = self.secure.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        # the server closes the plain socket, which TLS took over
        self.connection.close()

    def say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no fault of the test."""


@contextlib.contextmanager
def mailserver(secure: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Listen on this machine until the test is over."""
    box = Mailbox()
    handler = type("Talk", (_Talk,), {"box": box, "secure": secure})
    with _Server(("127.0.0.1", 0), handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join(PATIENCE)
