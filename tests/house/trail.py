"""How many trail lines a function leaves, on each way through it."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from house.source import Function, modules, target_of, top_functions

RECORD = "loket.audit.operations.record"
MANY = 2
"""Two or more: in a loop, or called twice."""

Counts = frozenset[int]
NONE: Counts = frozenset({0})


def plus(left: Counts, right: Counts) -> Counts:
    return frozenset(min(MANY, a + b) for a in left for b in right)


@dataclass(frozen=True)
class Ways:
    """Counts of the ways that go on after a statement, and of those that return."""

    on: Counts = NONE
    back: Counts = frozenset()

    def then(self, later: "Ways") -> "Ways":
        return Ways(plus(self.on, later.on), self.back | plus(self.on, later.back))

    def either(self, other: "Ways") -> "Ways":
        return Ways(self.on | other.on, self.back | other.back)


def lines_left(module: str, name: str) -> Counts:
    """Possible numbers of trail lines of one call that does not raise."""
    return _lines_left(module, name, ())


def _lines_left(module: str, name: str, seen: tuple[str, ...]) -> Counts:
    function = top_functions(modules()[module])[name]
    ways = _body(function.body, module, (*seen, f"{module}.{name}"))
    return ways.on | ways.back


def _body(body: list[ast.stmt], module: str, seen: tuple[str, ...]) -> Ways:
    ways = Ways()
    for statement in body:
        ways = ways.then(_statement(statement, module, seen))
    return ways


def _statement(node: ast.stmt, module: str, seen: tuple[str, ...]) -> Ways:
    for kind, read in BRANCHES.items():
        if isinstance(node, kind):
            return read(node, module, seen)
    return Ways(_expression(node, module, seen))


def _return(node: ast.Return, module: str, seen: tuple[str, ...]) -> Ways:
    back = _expression(node.value, module, seen) if node.value else NONE
    return Ways(on=frozenset(), back=back)


def _if(node: ast.If, module: str, seen: tuple[str, ...]) -> Ways:
    test = Ways(_expression(node.test, module, seen))
    yes, no = _body(node.body, module, seen), _body(node.orelse, module, seen)
    return test.then(yes.either(no))


def _match(node: ast.Match, module: str, seen: tuple[str, ...]) -> Ways:
    ways = Ways()
    for case in node.cases:
        ways = ways.either(_body(case.body, module, seen))
    return ways


def _loop(node: ast.For | ast.While, module: str, seen: tuple[str, ...]) -> Ways:
    once = _body(node.body, module, seen)
    some = frozenset(0 if n == 0 else MANY for n in once.on)
    return Ways(some | NONE, once.back)


def _try(node: ast.Try, module: str, seen: tuple[str, ...]) -> Ways:
    ways = _body(node.body, module, seen)
    for handler in node.handlers:
        ways = ways.either(_body(handler.body, module, seen))
    return ways.then(_body(node.finalbody, module, seen))


BRANCHES: dict[Any, Callable[..., Ways]] = {
    ast.Raise: lambda *_: Ways(on=frozenset()),
    ast.Return: _return,
    ast.If: _if,
    ast.Match: _match,
    ast.For | ast.While: _loop,
    ast.With: lambda node, *where: _body(node.body, *where),
    ast.Try: _try,
    Function | ast.ClassDef: lambda *_: Ways(),
}
"""Statements that are not simply done one after the other."""


def _expression(node: ast.AST, module: str, seen: tuple[str, ...]) -> Counts:
    counts = NONE
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            counts = plus(counts, _call(target_of(call, module), seen))
    return counts


def _call(target: str, seen: tuple[str, ...]) -> Counts:
    if target == RECORD:
        return frozenset({1})
    module, _, name = target.rpartition(".")
    if target in seen or not _known(module, name):
        return NONE
    return _lines_left(module, name, seen)


@cache
def _known(module: str, name: str) -> bool:
    known = modules()
    return module in known and name in top_functions(known[module])


def operations() -> list[tuple[str, str]]:
    """Every public `(session, by, at, ...)` of a module of operations."""
    return [
        (module, name)
        for module, tree in modules().items()
        if module.rpartition(".")[2].startswith("operations")
        for name, function in top_functions(tree).items()
        if not name.startswith("_")
        and [arg.arg for arg in function.args.args[:3]] == ["session", "by", "at"]
    ]
