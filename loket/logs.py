"""Logging: one JSON line per event, ids only; what looks like a BSN is taken out."""

import logging
import os
import re
import sys
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger

from loket.guarding import guard_process

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NUMBERS = re.compile(rf"(?P<id>{_UUID})|(?<!\d)\d{{8,9}}(?!\d)")

PLAIN = frozenset({str, int, float, bool})
"""What a log line may hold as it is; a subclass may show more than it should."""


def _blank(found: re.Match[str]) -> str:
    return found["id"] or "[getal]"


def _take_out_numbers(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Blank every run of 8 or 9 digits in text: it might be a BSN."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _NUMBERS.sub(_blank, value)
    return event


def _only_plain(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Show texts, numbers and ids; of anything else only what kind of thing it is."""
    for key, value in event.items():
        if not key.startswith("_"):
            event[key] = _plain(value)
    return event


def _plain(value: object) -> object:
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    known = value is None or type(value) in PLAIN
    return value if known else f"<{type(value).__name__}>"


class _HideErrors(logging.Filter):
    """Of an error in the words of a library only the class is told: its text is not."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Look at one line; it always passes."""
        if isinstance(record.msg, BaseException):
            record.msg = type(record.msg).__name__
        if isinstance(record.args, tuple):
            record.args = tuple(map(_class_of_error, record.args))
        record.stack_info = None
        return True


def _class_of_error(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _name_the_error(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Keep class and place of an exception; its text may hold content of a case."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        trace = error.__traceback__
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["at"] = places[-6:]
    return event


def configure_logs(level: str) -> None:
    """Send every log line, also of libraries, through the same filter."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_the_error,
        _only_plain,
        _take_out_numbers,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.addFilter(_HideErrors())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(),
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # statements and parameters never belong in a log, whatever the level
    for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool"):
        logging.getLogger(name).setLevel(logging.WARNING)


class GunicornLogs(Logger):  # type: ignore[misc]  # it has no types
    """What gunicorn tells goes through our filter: its own shows errors as they are."""

    def setup(self, cfg: Config) -> None:
        """Take its handlers away, in the process that starts the others as well."""
        super().setup(cfg)
        configure_logs(os.environ.get("LOKET_LOG_LEVEL", "INFO"))
        guard_process()
        for own in (self.error_log, self.access_log):
            own.handlers = []
            own.propagate = True

    def exception(self, _message: object, *_: object, **__: object) -> None:
        """Tell that a request failed outside the application, not which address."""
        self.error_log.error("request failed", exc_info=True)
