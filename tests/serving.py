"""An application on a port of its own, for a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

ENDS = 10
"""Seconds that a server gets to end."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application as long as this lasts; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(ENDS)
