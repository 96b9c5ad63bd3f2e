"""The door for a WSGI server: gunicorn wsgi:app."""

from loket.app import create_app
from loket.config import Config
from loket.guarding import guard_process

guard_process()
app = create_app(Config.from_env())
