"""The steps of docs/api.md are run as they stand, against a running server."""

import os
import re
import subprocess
from contextlib import contextmanager
from threading import Thread

from sqlalchemy import select
from werkzeug.serving import make_server

from build.machine import token
from house.source import CHECKOUT
from loket.authz import Role
from loket.cases.dossier.contactmoment import Contactmoment, Uitkomst
from loket.cases.melding.melding import Melding
from loket.db import Scope

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


def test_the_steps_of_the_document_work(town, tmp_path):
    steps = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(steps) > 2
    _, secret = token(town.app, town.users[Role.FRONTOFFICE])

    with serving(town.app) as address:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(steps)],
            cwd=tmp_path,
            env=os.environ | {"LOKET": address, "TOKEN": secret},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    with town.database.transaction(Scope.of(HERE)) as session:
        melding = session.scalars(select(Melding)).one()
        assert melding.plan_ontvangen_op is not None
        contact = session.scalars(
            select(Contactmoment).where(Contactmoment.uitkomst == Uitkomst.INFORMATIE)
        ).one()
        assert contact.dossier_id == melding.dossier_id
