"""The rules of the house, checked by walking through it."""

import ast
import re

import pytest

from house.source import (
    CHECKOUT,
    LOKET,
    calls_of,
    dotted,
    file_of,
    functions_in,
    modules,
)
from house.trail import lines_left, operations
from loket.audit.action import Action
from loket.authz import GRANTS, Permission

MAX_LINES = 400
MAX_FUNCTION = 50
NAMELESS = {"utils", "util", "helpers", "common", "base", "misc", "manager", "models"}

COMMITS = {
    "loket.frame": "the request",
    "loket.db": "jobs and commands",
    "loket.vault": "the key store is a database of its own",
    "loket.migrating": "migrations",
    "loket.provision": "making roles and databases",
}
CLOCKS = {
    "loket.web": "the moment of the request",
    "loket.frame": "the moment of the request",
    "loket.schedule": "the moment of a job",
    "loket.worker": "the moment of a job",
    "loket.termijnen": "today in Amsterdam, for who asks",
    "loket.audit.operations": "when the trail was written, next to when it happened",
    "loket.cli": "commands",
    "loket.backup": "a copy carries its moment",
    "loket.backup_cli": "commands",
    "loket.commanding": "commands",
    "loket.termijn_cli": "commands",
    "loket.start": "commands",
    "loket.doctor": "commands",
    "loket.demo": "the demo tells its story around today",
}
"""Who may commit, and who may read a clock, and for what."""

COMPOSITE = {
    "loket.cases.post.operations.file_poststuk": "a document and a task come",
    "loket.cases.dossier.operations_samenvoegen.rematch_dossier": "a letter that went"
    " out is a task",
    "loket.providers.operations.withdraw_plaatsingsverzoek": "drafts about it go",
    "loket.providers.operations.accept_plaatsingsverzoek": "drafts about it go",
    "loket.providers.operations.decline_plaatsingsverzoek": "drafts about it go",
    "loket.providers.operations.end_toewijzing": "drafts about it go",
    "loket.providers.operations.stop_zorg": "drafts about it go",
    "loket.rechten.operations.register_inzageverzoek": "a task comes, in a dossier",
    "loket.rechten.operations.grant": "a task comes, in a dossier",
    "loket.rechten.operations_correctie.register_correctieverzoek": "a task comes",
    "loket.rechten.operations_correctie.correct_gegevens": "it corrects the person",
    "loket.iwmo.operations.receive_bericht": "a message does the deeds it tells of",
    "loket.iwmo.operations.honour_verzoek": "it makes a toewijzing",
    "loket.iwmo.operations.take_over_verzoek": "besluit and toewijzing come with it",
}
"""Operations that are several deeds at once, each with a line of its own."""

AT_MOST_ONE = {
    "loket.toezicht.operations.signal_inzage": "no look may be unusual",
    "loket.cases.dossier.operations_noodtoegang.open_noodtoegang": "who still has"
    " access keeps that one",
    "loket.drafts.operations.save_draft": "what follows on the first adds no line",
    "loket.drafts.operations.drop_old_drafts": "no draft may be old",
    "loket.drafts.operations.drop_drafts_about": "nobody may have typed about it",
    "loket.pgb.operations.start_pgb": "a job that runs twice starts the budget once",
    "loket.pgb.operations.follow_voorziening": "there may be no budget to follow",
}
"""Operations that may find nothing to do, and then leave no line."""

SOURCES = sorted(modules())
SUPPRESSED = re.compile(r"#\s*(?:noqa|type:\s*ignore)(\S*)(.*)")


def within(module: str, allowed: dict[str, str]) -> bool:
    return any(module == known or module.startswith(f"{known}.") for known in allowed)


def words_used(kind: str) -> set[str]:
    """Members of an enum that some module names, besides where they are declared."""
    return {
        node.attr
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == kind
    }


def asked_by_panels():
    """Permissions that code asks with `may(Permission.X)`."""
    return {
        ast.unparse(call.args[0]).rpartition(".")[2]
        for tree in modules().values()
        for call in calls_of(tree, ".may")
    }


def length_of(function):
    """Lines of its body: a long signature or docstring is no long deed."""
    first = function.body[1 if ast.get_docstring(function) else 0 :][:1]
    return function.end_lineno - first[0].lineno + 1 if first else 0


class TestWords:
    def test_every_permission_is_granted_to_some_role(self):
        granted = frozenset[Permission]().union(*GRANTS.values())

        assert set(Permission) - granted == set()

    def test_every_permission_opens_some_door(self, app):
        opened = {getattr(v, "permission", None) for v in app.view_functions.values()}

        # a panel on the page of another room asks for its permission itself
        shut = {p.name for p in Permission if p not in opened} - asked_by_panels()
        assert shut == set()

    def test_every_action_is_recorded_by_some_deed_or_look(self):
        declared = {action.name for action in Action}

        assert declared - words_used("Action") == set()

    def test_actions_are_a_noun_and_what_happened_to_it(self):
        wrong = [a for a in Action if not re.fullmatch(r"[a-z_]+\.[a-z_]+", a.value)]

        assert wrong == []


class TestTrail:
    def test_there_are_operations_to_look_at(self):
        assert len(operations()) > 50

    @pytest.mark.parametrize(
        ("module", "name"), operations(), ids=[name for _, name in operations()]
    )
    def test_a_deed_leaves_exactly_one_line_on_every_way_through(self, module, name):
        deed = f"{module}.{name}"

        lines = lines_left(module, name)

        if deed in COMPOSITE:
            assert 0 not in lines
        elif deed in AT_MOST_ONE:
            assert lines == {0, 1}, "this exception can go"
        else:
            assert lines == {1}

    def test_every_exception_still_exists(self):
        known = {f"{module}.{name}" for module, name in operations()}

        assert (COMPOSITE.keys() | AT_MOST_ONE.keys()) - known == set()


@pytest.mark.parametrize("module", SOURCES)
class TestModule:
    def test_leaves_the_commit_to_the_frame(self, module):
        found = calls_of(modules()[module], ".commit")

        assert within(module, COMMITS) or [call.lineno for call in found] == []

    def test_asks_no_clock(self, module):
        found = calls_of(
            modules()[module], ".datetime.now", ".datetime.utcnow", ".date.today"
        )

        assert within(module, CLOCKS) or [call.lineno for call in found] == []

    def test_imports_at_the_top_only(self, module):
        found = [
            node.lineno
            for function in functions_in(modules()[module])
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]

        assert found == []

    def test_is_a_page_that_can_be_read(self, module):
        lines = file_of(module).read_text(encoding="utf-8").splitlines()
        long = [
            f"{function.name}: {length_of(function)}"
            for function in functions_in(modules()[module])
            if length_of(function) > MAX_FUNCTION
            and ".migrations." not in module  # a table is as long as it is
        ]

        assert len(lines) <= MAX_LINES
        assert long == []

    def test_is_named_after_a_thing_or_a_job(self, module):
        assert set(module.split(".")) & NAMELESS == set()

    def test_says_what_it_is(self, module):
        assert ast.get_docstring(modules()[module])

    def test_gives_every_exception_to_a_rule_its_reason(self, module):
        lines = file_of(module).read_text(encoding="utf-8").splitlines()

        bare = [
            number
            for number, line in enumerate(lines, 1)
            if (hit := SUPPRESSED.search(line))
            and not (hit[1] and re.search(r"[a-z]{3}", hit[2]))
        ]

        assert bare == []


def test_packages_open_with_a_docstring_and_nothing_else():
    crowded = [
        dotted(path)
        for path in LOKET.rglob("__init__.py")
        if len(modules()[dotted(path)].body) != 1
    ]

    assert crowded == []


def test_the_program_does_not_speak_of_its_test_data():
    found = [name for name in SOURCES if "/shared" in file_of(name).read_text("utf-8")]

    assert (CHECKOUT / "loket").is_dir()
    assert found == []


ROOMS = ("accounts", "beheer", "cases", "iwmo", "letters", "outbox", "audit", "pgb")
ROOMS += ("providers", "reports", "vault", "drafts")
WEB = {"flask", "flask_login", "flask_smorest", "flask_wtf", "marshmallow", "rq"}
AT_THE_DOOR = re.compile(r"(views|schemas|api)(_\w+)?|guards|panel|page|tabs|overzicht")
"""Modules that may know the web: doors, and what draws their pages."""


def brought_in(tree):
    """First names of every module that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def behind_the_doors():
    """Modules of the rooms that are neither a door nor draw a page."""
    for module in sorted(modules()):
        room, _, name = module.partition(".")[2].partition(".")
        if room in ROOMS and not AT_THE_DOOR.fullmatch(name.rpartition(".")[2]):
            yield module


@pytest.mark.parametrize("module", list(behind_the_doors()))
def test_only_doors_know_the_web(module):
    assert WEB.isdisjoint(brought_in(modules()[module]))
