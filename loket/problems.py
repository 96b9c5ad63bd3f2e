"""What the API says when something is wrong: problem details (RFC 9457), in Dutch."""

import json
import re
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

PROBLEM = "application/problem+json"
TITLES = {
    400: "De aanvraag is niet te lezen.",
    401: "Stuur een geldig token mee.",
    403: "U mag dit niet doen.",
    404: "Dit bestaat niet.",
    405: "Dit kan hier niet.",
    406: "Dit antwoord is er alleen als JSON.",
    409: "Een regel staat dit niet toe.",
    410: "Dit is vernietigd.",
    412: "Dit is intussen gewijzigd.",
    413: "Dit is te groot.",
    415: "Stuur JSON.",
    422: "Niet alles is goed ingevuld.",
    428: "Stuur If-Match mee.",
    429: "Dit zijn te veel aanroepen. Wacht even.",
    500: "Er ging iets mis.",
    503: "Dit kan nu even niet.",
}
RETRY_AFTER = {429: "60", 503: "10"}
"""Seconds to wait before trying again."""
FIELD = re.compile(r"[a-z0-9_.]{1,80}")
Wrong = dict[str, str]


class Invalid(HTTPException):
    """The answers do not fit; says per field what is wrong, never what was sent."""

    code = 422

    def __init__(self, errors: list[Wrong]) -> None:
        super().__init__()
        self.errors = errors


def wrong(field: str, code: str, message: str) -> Wrong:
    """Say what is wrong at one field; a name that is no field of ours is left out."""
    return {
        "field": field if FIELD.fullmatch(field) else "",
        "code": code,
        "message": message,
    }


def problem(
    status: int, detail: str | None = None, errors: list[Wrong] | None = None
) -> Response:
    """Make the answer of something that did not go well."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Er ging iets mis."),
        "status": status,
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype=PROBLEM)
    if status in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[status]
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="loket"'
    return answer


def of_http(error: HTTPException) -> Response:
    """Answer what Flask itself refuses: no such address, too large, too often."""
    status = error.code or 500
    answer = problem(status, errors=getattr(error, "errors", None))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer
