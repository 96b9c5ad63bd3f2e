"""Every setting that code asks for stands in the register, described and bounded."""

import ast
import csv

from house.source import LOKET, calls_of, functions_in, modules, names_in
from loket.accounts.register import REGISTER

ASKS = "instelling"
"""The function whose third argument is the key, and the name of a field with a key."""


def keys_asked() -> dict[str, str]:
    """Each key that code asks for, with the module that does."""
    found = {}
    for module, tree in modules().items():
        for call in calls_of(tree, f".{ASKS}"):
            if len(call.args) > 2:
                for key in _keys(call.args[2], module):
                    found[key] = module
    return found


def keys_looked_up() -> dict[str, str]:
    """Keys a function of a module is called with, to look them up in SQL itself."""
    found = {}
    for module, tree in modules().items():
        asking = [
            function.name
            for function in functions_in(tree)
            if "Instelling.sleutel == sleutel" in ast.unparse(function)
        ]
        for call in calls_of(tree, *(f".{name}" for name in asking)) if asking else ():
            for argument in call.args:
                if isinstance(argument, ast.Constant):
                    found[argument.value] = module
    return found


def keys_given() -> set[str]:
    """Keys that a new gemeente starts with."""
    path = LOKET / "data" / "inrichting" / "instellingen.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["sleutel"] for row in csv.DictReader(lines)}


def _keys(node: ast.expr, module: str) -> list[str]:
    """What stands for a key: a text, a name for one, or a field filled elsewhere."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Name):
        return [_constant(node.id, module)]
    assert isinstance(node, ast.Attribute), ast.unparse(node)
    return [
        keyword.value.value
        for tree in modules().values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == node.attr and isinstance(keyword.value, ast.Constant)
    ]


def _constant(name: str, module: str) -> str:
    home, _, name = names_in(module).get(name, f"{module}.{name}").rpartition(".")
    for node in modules()[home].body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{module} asks for a setting by a name nobody can read")


def test_every_key_that_is_asked_for_is_described():
    asked = keys_asked() | keys_looked_up()
    unknown = {key: where for key, where in asked.items() if key not in REGISTER}

    assert len(keys_asked()) > 8
    assert unknown == {}


def test_every_key_that_a_new_gemeente_gets_is_described():
    assert keys_given()
    assert keys_given() - REGISTER.keys() == set()
