"""`loket audit new-signing-key` and `loket vault new-seal-key` as they are typed."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.test_keten import as_owner, seal, write
from audit.test_keten import owner as owner
from build.gemeente import gemeente
from build.rows import fill
from loket.audit.record import AuditRecord
from loket.cli import main
from loket.db import Scope

CODE, OTHER = "0786", "0787"
"""Gemeenten of these tests alone: all of them share one key store."""


@pytest.fixture
def run(database, environment):
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session, CODE)
    return lambda *words: CliRunner().invoke(main, words, env=environment)


def trail(database, code: str = CODE) -> list[tuple[str, str | None]]:
    with database.session(Scope.of(code)) as session:
        asked = (
            select(AuditRecord.action, AuditRecord.grond)
            .where(AuditRecord.action.like("%_key.replaced"))
            .where(AuditRecord.gemeente_code == code)
            .order_by(AuditRecord.id)
        )
        return [tuple(row) for row in session.execute(asked)]


def test_a_new_signing_key_is_recorded_shown_and_given_to_an_auditor(
    run, database, tmp_path
):
    write(database, CODE, 3)
    seal(database, CODE)
    done = run("audit", "new-signing-key", "--gemeente", CODE)
    assert done.exit_code == 0, done.output
    found = re.search(r"versie (\d+) naar (\d+), vanaf bundel (\d+)", done.output)
    assert found
    old, new, first = map(int, found.groups())
    assert new == old + 1
    assert trail(database) == [("signing_key.replaced", found[0])]
    assert re.search(
        rf"{CODE} +{new} \(\d\d-\d\d-\d\d\)", run("vault", "status").output
    )

    seal(database, CODE)
    assert run("audit", "verify", "--gemeente", CODE).exit_code == 0
    keys = run("audit", "public-key", "--gemeente", CODE).output.split()
    assert keys[-1].startswith(f"{new}:{first}:")
    out = tmp_path / "spoor.zip"
    days = ("--gemeente", CODE, "--van", "01-01-2020", "--out", str(out))
    assert run("audit", "export", *days).exit_code == 0
    given = [word for key in keys for word in ("--sleutel", key)]
    checked = run("audit", "verify-export", str(out), *given)
    assert checked.exit_code == 0, checked.output
    # the old key alone does not close a file of now
    only_old = run("audit", "verify-export", str(out), "--sleutel", keys[0])
    assert "slot: de handtekening klopt niet" in only_old.output


def test_all_skip_what_was_replaced_today(run, database):
    run("audit", "new-signing-key", "--gemeente", CODE)

    told = run("audit", "new-signing-key", "--all").output
    assert f"{CODE}: had het laatste etmaal al een nieuwe sleutel" in told
    assert f"{CODE}: de sleutel van de handtekening is vervangen" not in told


def test_a_new_seal_key_names_what_does_not_fit(run, database, owner):
    with database.transaction(Scope.of(OTHER)) as session:
        row_id = fill(session, OTHER)["pgb"].id
    one_more = "UPDATE pgb SET jaarbedrag_cent = jaarbedrag_cent + 1"
    as_owner(owner, one_more)

    wrong = run("vault", "new-seal-key", "--all")
    assert wrong.exit_code == 1
    assert "1 rijen passen niet bij hun zegel" in wrong.output
    assert f"pgb {row_id}" in wrong.output
    assert "draait: new-seal-key nog eens" in run("vault", "status").output
    as_owner(owner, one_more.replace("+", "-"))
    good = run("vault", "new-seal-key", "--all")
    assert good.exit_code == 0, good.output
    assert f"{OTHER}: de sleutel van de zegels" in good.output
    assert f"{CODE}: had het laatste etmaal al" in good.output
    assert "new-seal-key nog eens" not in run("vault", "status").output
    told = [grond for _, grond in trail(database, OTHER)]
    assert len(told) == 2
    assert str(told[0]).endswith("4 rijen, 1 rijen kloppen niet")


@pytest.mark.parametrize(
    "words", [("audit", "new-signing-key"), ("vault", "new-seal-key")]
)
def test_it_wants_one_that_is_here_or_all(run, words):
    assert "9999 is er niet" in run(*words, "--gemeente", "9999").output
    for chosen in ((), ("--gemeente", CODE, "--all")):
        refused = run(*words, *chosen)
        assert (refused.exit_code, "--all" in refused.output) == (2, True)
