"""Somebody who uses the doors without a screen: quick, and from many threads."""

import http.client
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from stories.running import PASSWORD, Running

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
LINK = re.compile(r'href="(/[^"?#]*)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes
    headers: str

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """One login, with its cookie."""

    def __init__(self, running: Running, login: str) -> None:
        self.running = running
        self.login = login
        self.cookie = ""
        self.csrf = ""

    def log_in(self) -> "Visitor":
        self.cookie = ""
        self.csrf = ""
        before = {"csrf_token": self._token("/login")}
        self.post("/login", login=self.login, wachtwoord=PASSWORD, **before)
        self.csrf = self._token("/account")
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def walk(self, start: str, most: int) -> Iterator[tuple[str, Answer]]:
        """Follow every link from a page on, and give what comes back."""
        waiting = [start]
        for path in waiting:
            answer = self.get(path)
            yield path, answer
            links = re.findall(
                r'href="(/[^"?#]*)"', answer.body.decode(errors="replace")
            )
            new = {each for each in links if "static" not in each} - set(waiting)
            waiting += sorted(new)[: most - len(waiting)]

    def post(self, path: str, **answers: object) -> Answer:
        """Send a form as it stands, whatever the answer."""
        return self._ask("POST", path, urlencode(self._filled(answers), doseq=True))

    def hand_in(
        self, path: str, name: str, files: dict[str, bytes], **answers: object
    ) -> str:
        """Send a form with files beside it, and return where it leads."""
        line = secrets.token_hex(16)
        parts = [
            f'name="{key}"\r\n\r\n{each}'.encode()
            for key, each in self._filled(answers).items()
        ]
        parts += [
            f'name="{name}"; filename="{file}"\r\n\r\n'.encode() + data
            for file, data in files.items()
        ]
        start = f"--{line}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(start + part + b"\r\n" for part in parts)
        body += f"--{line}--\r\n".encode()
        answer = self._ask("POST", path, body, f"multipart/form-data; boundary={line}")
        assert answer.status == HTTPStatus.SEE_OTHER, self._explain(path, answer)
        return answer.location

    def send(self, path: str, **answers: object) -> str:
        """Send a form that is right, and return where it leads."""
        answer = self.post(path, **answers)
        assert answer.status == HTTPStatus.SEE_OTHER, self._explain(path, answer)
        return answer.location

    def _filled(self, answers: dict[str, object]) -> dict[str, object]:
        own = {"csrf_token": self.csrf, "_verzending": secrets.token_urlsafe(16)}
        return own | answers

    def _explain(self, path: str, answer: Answer) -> str:
        found = re.findall(r'fout">(.*?)</div>', answer.text, re.DOTALL)
        return f"{path}: {answer.status} {found or answer.text[-1500:]}"

    def _token(self, path: str) -> str:
        answer = self.get(path)
        found = CSRF.search(answer.text)
        assert found, self._explain(path, answer)
        return found[1]

    def _ask(
        self, method: str, path: str, body: str | bytes = "", kind: str = FORM
    ) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.running.port, 30)
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if body else {})
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            given = response.headers.get("Set-Cookie")
            if given:
                self.cookie = given.split(";")[0]
            return Answer(
                response.status,
                response.headers.get("Location", ""),
                response.read(),
                str(response.headers),
            )
        finally:
            connection.close()
