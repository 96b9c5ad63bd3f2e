"""What every door of the API shares: JSON in and out, ETag, paging, doing it once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import flask_smorest
from flask import Response, g, jsonify, request
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select
from werkzeug.exceptions import (
    BadRequest,
    NotAcceptable,
    PreconditionFailed,
    PreconditionRequired,
    UnsupportedMediaType,
)

from loket.accounts.guards import requires
from loket.apifields import wrongs
from loket.apionce import KEY, MOST_KEY, Call, keyed
from loket.apipages import PAGE_PARAMETERS, page_asked, page_schema, write_page
from loket.authz import Permission
from loket.problems import PROBLEM, Invalid

PREFIX = "/api/v1"
JSON = "application/json"
SOON = "5"
"""Seconds in which the worker usually makes a file."""
ALWAYS = (401, 403, 406, 429, 500)
View = Callable[..., Any]


class FieldErrorSchema(Schema):
    """What is wrong at one field."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldErrorSchema))


class Api(flask_smorest.Api):  # type: ignore[misc]  # ships no types
    """The description of the API; what is wrong is said by the frame."""

    def _register_error_handlers(self) -> None:
        """The frame answers every error, of pages and of the API."""

    def _register_responses(self) -> None:
        known = {each.name: each.phrase for each in HTTPStatus if each >= 400}
        known[self.DEFAULT_ERROR_RESPONSE_NAME] = "Elke andere fout"
        for name, phrase in known.items():
            content = {PROBLEM: {"schema": ProblemSchema}}
            self.spec.components.response(
                name, {"description": phrase, "content": content}, lazy=True
            )


@dataclass(frozen=True)
class Resource:
    """One kind of thing: how it is found, read again by id, and shown."""

    schema: type[Schema]
    find: View
    """From the parameters of its address to its row."""
    again: Callable[[UUID], Any]
    """From its id to its row, for a call that is repeated."""
    shape: Callable[[Any], Any]
    """From its row to what the schema writes down."""
    url: Callable[[Any], str]

    def dump(self, row: Any) -> dict[str, Any]:
        """Write a row down as JSON."""
        written: dict[str, Any] = self.schema().dump(self.shape(row))
        return written


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # ships no types
    """The doors of one room, each with its permission and its description."""

    def one(self, rule: str, permission: Permission, kind: Resource) -> None:
        """Make the door that shows one thing, with its ETag."""

        def show(**path: Any) -> Response:
            return _answer(kind.dump(kind.find(**path)), conditional=True)

        name = f"get_{kind.schema.__name__.removesuffix('Schema').lower()}"
        doc = _doc(kind.schema, 200, (404,), headers=("ETag",))
        doc["response"]["responses"][304] = [
            {"description": "Niet gewijzigd.", "content_type": None}
        ]
        doc["manual_doc"] = {"parameters": [_header("If-None-Match", False)]}
        show.__doc__ = f"Toon: {kind.schema.__doc__}"
        self._add(rule, "GET", name, show, permission, doc)

    def listing(
        self, rule: str, permission: Permission, line: type[Schema], find: View = dict
    ) -> Callable[[View], View]:
        """Make the door of a list: the view returns rows after `na`, one too many."""
        page = page_schema(line)

        def make(view: View) -> View:
            def show(**path: Any) -> Response:
                found = find(**path)
                limit, na = page_asked()
                rows = view(*([found] if path else []), na=na, limit=limit + 1)
                return write_page(line, rows, limit)

            show.__doc__ = view.__doc__
            doc = _doc(page, 200, (422, 404) if "<" in rule else (422,))
            doc["manual_doc"] = {"parameters": PAGE_PARAMETERS}
            self._add(rule, "GET", view.__name__, show, permission, doc)
            return view

        return make

    def create(
        self,
        rule: str,
        permission: Permission,
        body: type[Schema] | None,
        kind: Resource,
        find: View | None = None,
    ) -> Callable[[View], View]:
        """Make the door where something new begins: 201 and where it stands."""

        def make(view: View) -> View:
            def deed(**path: Any) -> Response:
                found = [find(**path)] if find else []
                call = Call.claim()
                if call.earlier:
                    row = kind.again(call.result())
                else:
                    row = view(*found, **(_body(body) if body else {}))
                    call.keep(row.id, 201)
                answer = _answer(kind.dump(row), 201)
                answer.headers["Location"] = kind.url(row)
                return answer

            deed.__doc__ = view.__doc__
            doc = _doc(kind.schema, 201, _deed_problems(rule), headers=("Location",))
            _add_body(doc, body)
            doc["manual_doc"] = {"parameters": [_header(KEY, False)]}
            self._add(rule, "POST", view.__name__, deed, permission, doc)
            return view

        return make

    def change(
        self,
        method: str,
        rule: str,
        permission: Permission,
        body: type[Schema] | None,
        kind: Resource,
        part: tuple[str, Callable[[Any, UUID], object]] | None = None,
    ) -> Callable[[View], View]:
        """Make the door that changes a thing as it was seen: `If-Match`.

        `part` is the parameter of the address that names a part of the thing, and
        what finds that part; the view gets what was found as `part`.
        """

        def make(view: View) -> View:
            def deed(**path: Any) -> Response:
                within = path.pop(part[0]) if part else None
                row = kind.find(**path)
                # what is not there is said before how it was asked
                named = {"part": part[1](row, within)} if part and within else {}
                call = Call.claim()
                if not call.earlier:
                    _require_seen(kind, row)
                    view(row, **named, **(_body(body) if body else {}))
                    g.session.flush()
                    call.keep(row.id, 200)
                return _answer(kind.dump(_fresh(row)))

            deed.__doc__ = view.__doc__
            problems = (*_deed_problems(rule), 412, 428)
            doc = _doc(kind.schema, 200, problems, headers=("ETag",))
            _add_body(doc, body)
            keys = [_header(KEY, False)] if method == "POST" else []
            doc["manual_doc"] = {"parameters": [_header("If-Match", True), *keys]}
            self._add(rule, method, view.__name__, deed, permission, doc)
            return view

        return make

    def file(
        self, rule: str, permission: Permission, mediatype: str, find: View
    ) -> Callable[[View], View]:
        """Make the door of a file: the view gives None while it is being made."""

        def make(view: View) -> View:
            def show(**path: Any) -> Response:
                content = view(find(**path))
                if content is None:
                    return Response(status=202, headers={"Retry-After": SOON})
                return Response(content, mimetype=mediatype)

            show.__doc__ = view.__doc__
            file = {"type": "string", "format": "binary"}
            doc = _doc(file, 200, (404, 409), mediatype=mediatype)
            doc["response"]["responses"][202] = [
                {
                    "description": "Wordt gemaakt.",
                    "content_type": None,
                    "headers": {"Retry-After": {"schema": {"type": "string"}}},
                }
            ]
            self._add(rule, "GET", view.__name__, show, permission, doc, mediatype)
            return view

        return make

    def _add(
        self,
        rule: str,
        method: str,
        name: str,
        view: View,
        permission: Permission,
        doc: dict[str, Any],
        mediatype: str = JSON,
    ) -> None:
        def door(**path: Any) -> Response:
            # what goes wrong is told in JSON, so who asks for that is let in too
            asked = request.accept_mimetypes
            if asked.provided and asked.best_match([JSON, mediatype]) is None:
                raise NotAcceptable
            answer: Response = view(**path)
            return answer

        door.__doc__ = f"{view.__doc__}\n---\nRecht: `{permission.value}`."
        doc.setdefault("manual_doc", {})["operationId"] = f"{self.name}.{name}"
        guarded = requires(permission)(door)
        guarded.__dict__["_apidoc"] = doc
        self.add_url_rule(rule, name, guarded, methods=[method])


def _header(name: str, required: bool) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "schema": {"type": "string", "minLength": 1, "maxLength": MOST_KEY},
    }


def _deed_problems(rule: str) -> tuple[int, ...]:
    return (400, 404, 409, 413, 415, 422) if "<" in rule else (400, 409, 413, 415, 422)


def _doc(
    schema: type[Schema] | dict[str, str],
    status: int,
    problems: tuple[int, ...],
    headers: tuple[str, ...] = (),
    mediatype: str | None = None,
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "schema": schema,
        "description": HTTPStatus(status).phrase,
        "content_type": mediatype,
    }
    if headers:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    responses: dict[int, list[Any]] = {status: [answer]}
    for code in (*ALWAYS, *problems):
        responses[code] = [HTTPStatus(code).name]
    return {"response": {"responses": responses}}


def _add_body(doc: dict[str, Any], body: type[Schema] | None) -> None:
    if body is not None:
        asked = {"in": "json", "required": True, "schema": body}
        doc["arguments"] = {"parameters": [asked]}


def _body(schema: type[Schema]) -> dict[str, Any]:
    """Read the JSON of a deed.

    Raises:
        UnsupportedMediaType, BadRequest: it is no JSON.
        Invalid: it has not the shape that was asked for.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        raw = json.loads(request.get_data())
    except (ValueError, RecursionError):  # no text, no JSON, a number without end
        raise BadRequest from None
    try:
        answers: dict[str, Any] = schema().load(raw)
    except ValidationError as error:
        raise Invalid(wrongs(error)) from None
    return answers


def etag_of(written: dict[str, Any]) -> str:
    """Name this very representation."""
    return keyed(json.dumps(written, sort_keys=True).encode())[:40]


def _answer(
    written: dict[str, Any], status: int = 200, conditional: bool = False
) -> Response:
    answer = jsonify(written)
    answer.status_code = status
    answer.set_etag(etag_of(written))
    if conditional:
        answer.make_conditional(request)
    return answer


def _fresh(row: Any) -> Any:
    """Read a row as it stands now, and keep others from changing it."""
    kind = type(row)
    return g.session.scalars(
        select(kind)
        .where(kind.id == row.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _require_seen(kind: Resource, row: Any) -> None:
    """Refuse a change of something that is no longer as it was seen.

    Raises:
        PreconditionRequired, PreconditionFailed: no `If-Match`, or of another state.
    """
    # `*` is of any state: who sends it says nothing about what was seen
    if "If-Match" not in request.headers or request.if_match.star_tag:
        raise PreconditionRequired
    if not request.if_match.contains(etag_of(kind.dump(_fresh(row)))):
        raise PreconditionFailed
