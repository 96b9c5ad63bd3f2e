"""Keeps what is in memory in there: no dump of it, no text of an error that got out.

Keys and opened values stand in the memory of a process that works. Python cannot wipe
them; this shuts the ways in which they would end up in a file by themselves.
"""

import ctypes
import logging
import resource
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

SET_DUMPABLE = 4
"""Number of PR_SET_DUMPABLE (prctl.h)."""

log = structlog.get_logger(__name__)


def guard_process() -> None:
    """Shut this process: no core dump, nobody looks in, no texts of errors.

    What it starts next inherits that it writes no core dump.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)
    # else a log line that cannot be written is shown with all that was in it
    logging.raiseExceptions = False
    sys.excepthook = _tell_uncaught
    threading.excepthook = _tell_thread
    sys.unraisablehook = _tell_unraisable


def _tell_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.error("uncaught", exc_info=(kind, error, trace))


def _tell_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None and found.exc_type is not SystemExit:
        log.error("uncaught in a thread", exc_info=found.exc_value)


def _tell_unraisable(found: Any) -> None:
    # the object itself is left out: its repr is not ours
    if found.exc_value is not None:
        log.error("could not be raised", exc_info=found.exc_value)
