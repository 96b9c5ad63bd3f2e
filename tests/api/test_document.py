"""The steps of docs/api.md are run as they stand, against a running server."""

import os
import re
import subprocess
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from build import gemeente, providers
from build.machine import token
from house.source import CHECKOUT
from loket.authz import Role
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.melding.melding import Melding
from loket.cases.onderzoek.resultaatafspraak import ResultaatScore
from loket.db import Scope
from loket.frame import office
from loket.providers.toewijzing import Toewijzing
from loket.schedule import keep_all

PAGE = CHECKOUT / "docs" / "api.md"
HERE = "0396"


@contextmanager
def serving(app):
    """Serve the application on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def working(app):
    """Keep promises all the while, as the worker does."""
    built, done = office(app), Event()

    def work():
        while not done.wait(0.2):
            keep_all(built.database, built.config)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(30)


@pytest.fixture
def tokens(town):
    """Who does a part in the document, by the name of the token there."""
    with town.database.transaction(Scope.of(HERE)) as session:
        zorg = providers.contractregel(session).aanbieder_id
        people = {
            "TOKEN": town.users[Role.FRONTOFFICE],
            "CONSULENT": town.users[Role.CONSULENT],
            "ADMINISTRATIE": gemeente.user(session, Role.ADMINISTRATIE),
            "AANBIEDER": gemeente.user(session, Role.AANBIEDER, aanbieder_id=zorg),
        }
    return {name: token(town.app, person)[1] for name, person in people.items()}


def told(done, folder):
    """Say how it went: the last answer stands in a file when it was kept."""
    last = max(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)
    answer = last.read_bytes().decode(errors="replace")
    return f"{done.stdout}\n{done.stderr}\n{last.name}: {answer[:2000]}"


def test_the_steps_of_the_document_work(town, tokens, tmp_path):
    steps = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(steps) > 2

    with serving(town.app) as address, working(town.app):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(steps)],
            cwd=tmp_path,
            env=os.environ | {"LOKET": address} | tokens,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    assert done.returncode == 0, told(done, tmp_path)
    with town.database.transaction(Scope.of(HERE)) as session:
        melding = session.scalars(select(Melding)).one()
        assert melding.plan_ontvangen_op is not None
        contact = session.scalars(
            select(Contactmoment).where(Contactmoment.uitkomst == Uitkomst.INFORMATIE)
        ).one()
        assert contact.dossier_id == melding.dossier_id
        toewijzing = session.scalars(select(Toewijzing)).one()
        assert toewijzing.dossier_id == melding.dossier_id
        assert toewijzing.gestopt_op is not None
        assert session.scalars(select(ResultaatScore.score)).one() == 4
        right = session.get_one(Voorziening, toewijzing.voorziening_id)
        assert right.eindreden is Eindreden.DOEL_BEREIKT
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")
