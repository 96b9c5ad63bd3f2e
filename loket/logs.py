"""Logging: one JSON line per event, ids only; what looks like a BSN is taken out."""

import logging
import re
import sys
from typing import Any

import structlog

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NUMBERS = re.compile(rf"(?P<id>{_UUID})|(?<!\d)\d{{8,9}}(?!\d)")


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
        _take_out_numbers,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
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
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
