"""`loket gemeente|aanbieder|contract|user|token create`."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from loket.accounts.gemeente import Gemeente
from loket.accounts.queries import find_user
from loket.cli import main
from loket.db import Scope
from loket.providers.contract import Contract, Contractregel

PASSWORD = "een-heel-lang-wachtwoord"


@pytest.fixture
def run(environment):
    given = environment | {"LOKET_WACHTWOORD": PASSWORD}

    def run(*words):
        return CliRunner().invoke(main, words, env=given)

    return run


def office(run):
    """A gemeente with an aanbieder, made by commands."""
    for words in (
        ("gemeente", "create", "0396", "--naam", "Duinstede", "--van", "1-1-2026"),
        ("aanbieder", "create", "98000001", "--naam", "Zorg aan Zee"),
    ):
        done = run(*words)
        assert done.exit_code == 0, done.output


class TestCreate:
    def test_sets_up_a_gemeente_with_a_contract_and_people(self, run, database):
        office(run)
        contract = run(
            *("contract", "create", "C-1", "--gemeente", "0396"),
            *("--aanbieder", "98000001", "--product", "01001=0,55"),
            *("--van", "1-1-2026"),
        )
        person = run(
            *("user", "create", "Bea", "--naam", "Bea Duin", "--rol", "consulent"),
            *("--rol", "frontoffice", "--gemeente", "0396"),
        )

        assert (contract.exit_code, person.exit_code) == (0, 0), person.output
        with database.transaction(Scope.of("0396")) as session:
            assert session.get_one(Gemeente, "0396").naam == "Duinstede"
            assert session.scalars(select(Contract.nummer)).all() == ["C-1"]
            assert session.scalars(select(Contractregel.tarief_cent)).all() == [55]
            found = find_user(session, "bea")
            assert {post.rol.value for post in found.aanstellingen} == {
                "consulent",
                "frontoffice",
            }

    def test_shows_a_token_once_and_keeps_its_hash(self, run, database):
        office(run)
        run(
            *("user", "create", "bea", "--naam", "Bea Duin"),
            *("--rol", "consulent", "--gemeente", "0396"),
        )

        made = run(
            *("token", "create", "bea", "--naam", "koppeling"),
            *("--scope", "dossier:read", "--geldig-tot", "31-12-2027"),
        )

        assert made.exit_code == 0, made.output
        assert made.output.startswith("loket_")

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("gemeente", "create", "0396", "--naam", "Twee keer"), "bestaat al"),
            (("gemeente", "create", "39", "--naam", "Kort"), "vier cijfers"),
            (("aanbieder", "create", "98000001", "--naam", "Nog eens"), ""),
            (("aanbieder", "create", "123", "--naam", "Kort"), ""),
            (
                (
                    *("user", "create", "x", "--naam", "X"),
                    *("--rol", "consulent", "--gemeente", "0999"),
                ),
                "werkt hier niet",
            ),
            (("user", "deactivate", "niemand"), "bestaat niet"),
        ],
    )
    def test_refuses_in_words_without_a_traceback(self, run, words, says):
        office(run)

        refused = run(*words)

        assert refused.exit_code == 1
        assert says in refused.output
        assert "Traceback" not in refused.output
