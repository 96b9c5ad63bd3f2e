"""The fields of the API: exactly the JSON type that was promised, with a code."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields

from loket.bsn import parse_bsn
from loket.errors import LoketError
from loket.problems import Wrong, wrong

CODES = {
    "required": "verplicht",
    "null": "verplicht",
    "too_long": "te_lang",
    "blank": "verplicht",
    "bounds": "buiten_bereik",
    "unknown": "onbekende_keuze",
}
_WORDS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "Dit veld is verplicht.",
    "null": "Dit veld mag niet leeg zijn.",
    "invalid": "Dit heeft niet de goede vorm.",
    "blank": "Dit veld mag niet leeg zijn.",
    "too_long": "Dit is te lang: maximaal {most} tekens.",
    "bounds": "Dit ligt niet tussen {least} en {most}.",
    "unknown": "Dit is geen van de keuzes.",
}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class Said(str):
    """What is wrong, in words and as a code for programs."""

    code = "ongeldig"

    def __new__(cls, text: str, code: str) -> "Said":
        """Keep the code with the words."""
        made = super().__new__(cls, text)
        made.code = code
        return made


class _Coded(fields.Field[Any]):
    """A field whose errors carry a code."""

    default_error_messages = _WORDS

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.read(value)

    def read(self, value: Any) -> Any:
        """Make of JSON what the program works with."""
        raise NotImplementedError

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        words = str(self.error_messages.get(key, _WORDS["invalid"])).format(**kwargs)
        return ValidationError([Said(words, CODES.get(key, "ongeldig"))])


class JsonText(_Coded):
    """Text; control characters are refused, length is bounded."""

    def __init__(self, *, most: int = 200, **kwargs: Any) -> None:
        super().__init__(
            metadata={"type": "string", "minLength": 1, "maxLength": most}, **kwargs
        )
        self.most = most

    def read(self, value: Any) -> str:
        """Check it."""
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = value.replace("\r\n", "\n").strip()
        if not text:
            raise self.make_error("blank")
        if len(text) > self.most:
            raise self.make_error("too_long", most=self.most)
        if not all(c.isprintable() or c in "\n\t\u00ad" for c in text):
            raise self.make_error("invalid")
        return text


class JsonDay(_Coded):
    """A calendar day, written as 2026-11-23."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "date"}, **kwargs)

    def read(self, value: Any) -> date:
        """Check it."""
        try:
            day = date.fromisoformat(value) if len(value) == 10 else None
        except (TypeError, ValueError):
            day = None
        if day is None:
            raise self.make_error("invalid")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self.make_error("bounds", least=FIRST_DAY, most=LAST_DAY)
        return day


class JsonNumber(_Coded):
    """A whole number within bounds; an amount is one in cents."""

    def __init__(self, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        bounds = {"type": "integer", "minimum": least, "maximum": most}
        super().__init__(metadata=bounds, **kwargs)
        self.least, self.most = least, most

    def read(self, value: Any) -> int:
        """Check it."""
        whole = isinstance(value, float) and value.is_integer()
        if isinstance(value, bool) or not (isinstance(value, int) or whole):
            raise self.make_error("invalid")
        if not self.least <= value <= self.most:
            raise self.make_error("bounds", least=self.least, most=self.most)
        return int(value)


class JsonFlag(_Coded):
    """Yes or no: true or false, nothing that looks like it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "boolean"}, **kwargs)

    def read(self, value: Any) -> bool:
        """Check it."""
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class JsonRef(_Coded):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "uuid"}, **kwargs)

    def read(self, value: Any) -> UUID:
        """Check it."""
        try:
            return UUID(value if len(value) == 36 else "")
        except (AttributeError, TypeError, ValueError):
            raise self.make_error("invalid") from None


class JsonChoice(_Coded):
    """One of the values of an enum."""

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        words = {"type": "string", "enum": [each.value for each in enum]}
        super().__init__(metadata=words, **kwargs)
        self.enum = enum

    def read(self, value: Any) -> StrEnum:
        """Check it."""
        if not isinstance(value, str):
            raise self.make_error("invalid")
        for each in self.enum:
            if each.value == value:
                return each
        raise self.make_error("unknown")


class JsonBsn(_Coded):
    """A BSN that passes the 11-proef."""

    def __init__(self, **kwargs: Any) -> None:
        digits = {"type": "string", "pattern": "^[0-9]{9}$"}
        super().__init__(metadata=digits, **kwargs)

    def read(self, value: Any) -> str:
        """Check it."""
        if not isinstance(value, str) or len(value) != 9:
            raise self.make_error("invalid")
        try:
            return str(parse_bsn(value))
        except LoketError:
            raise self.make_error("invalid") from None


class ApiSchema(Schema):
    """The shape of a question to the API: what is not asked for is refused."""

    error_messages = {
        "unknown": "Dit veld bestaat niet.",
        "type": "Stuur een JSON-object.",
    }

    class Meta:
        """Nothing is silently left out."""

        unknown = RAISE


def wrongs(error: ValidationError) -> list[Wrong]:
    """Write down every error with the path of its field."""
    messages = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow left this one bare
    return list(_each(messages, ""))


def _each(found: Any, path: str) -> list[Wrong]:
    if isinstance(found, Mapping):
        return [
            each
            for name, part in found.items()
            for each in _each(part, _join(path, str(name)))
        ]
    return [wrong(path, getattr(text, "code", "ongeldig"), str(text)) for text in found]


def _join(path: str, name: str) -> str:
    if name == "_schema":
        return path
    return f"{path}.{name}" if path else name
