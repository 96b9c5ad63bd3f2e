"""A list of the API, a page at a time, and where the next page begins."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from flask import Response, current_app, jsonify, request
from itsdangerous import BadSignature, URLSafeSerializer
from marshmallow import Schema, fields
from marshmallow.utils import get_value

from loket.problems import Invalid, wrong

MOST, USUAL = 100, 25
"""Things on one page of a list."""
PAGE_PARAMETERS = [
    {
        "in": "query",
        "name": "limit",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    },
    {"in": "query", "name": "na", "schema": {"type": "string", "maxLength": 200}},
]


@cache
def page_schema(line: type[Schema]) -> type[Schema]:
    """Make the shape of one page, the same for every list of these lines."""
    parts = {
        "resultaten": fields.List(fields.Nested(line), required=True),
        "volgende": fields.String(allow_none=True, required=True),
    }
    return type(f"{line.__name__.removesuffix('Schema')}LijstSchema", (Schema,), parts)


def _cursor() -> URLSafeSerializer:
    # salted with the address: a cursor of one list means nothing in another
    salt = f"loket-api-na {request.path}"
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)


def page_asked() -> tuple[int, UUID | None]:
    """Read how many are asked, and after which one.

    Raises:
        Invalid: no such number, or a cursor that is not of this list.
    """
    typed = request.args.get("limit", str(USUAL))
    digits = typed.isascii() and typed.isdigit() and len(typed) < 4
    limit = int(typed) if digits else 0
    if not 1 <= limit <= MOST:
        words = f"Kies een aantal van 1 tot en met {MOST}."
        raise Invalid([wrong("limit", "buiten_bereik", words)])
    if (sent := request.args.get("na")) is None:
        return limit, None
    try:
        return limit, UUID(_cursor().loads(sent))
    except (BadSignature, TypeError, ValueError):
        words = "Neem dit over van de vorige bladzijde."
        raise Invalid([wrong("na", "ongeldig", words)]) from None


def write_page(line: type[Schema], rows: Sequence[Any], limit: int) -> Response:
    """Write one page; a row too many says that there is a next one."""
    shown = list(rows)[:limit]
    following = None
    if len(rows) > limit:
        na = _cursor().dumps(str(get_value(shown[-1], "id")))
        following = f"{request.path}?limit={limit}&na={na}"
    answer = jsonify(resultaten=line(many=True).dump(shown), volgende=following)
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer
