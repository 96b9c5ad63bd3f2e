"""The source of Loket as trees: what the rules of the house walk through."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
LOKET = CHECKOUT / "loket"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of Loket by its dotted name."""
    return {
        dotted(path): ast.parse(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(LOKET.rglob("*.py"))
    }


def dotted(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def file_of(module: str) -> Path:
    path = CHECKOUT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def functions_in(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def top_functions(tree: ast.Module) -> dict[str, Function]:
    return {node.name: node for node in tree.body if isinstance(node, Function)}


def calls_of(tree: ast.AST, *chains: str) -> list[ast.Call]:
    """Calls whose name ends like one of these: `datetime.now`, `.commit`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(f".{ast.unparse(node.func)}".endswith(chain) for chain in chains)
    ]


@cache
def names_in(module: str) -> dict[str, str]:
    """What each name of a module stands for: a dotted name within Loket."""
    known = modules()
    names = {name: f"{module}.{name}" for name in top_functions(known[module])}
    for node in ast.walk(known[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def target_of(call: ast.Call, module: str) -> str:
    """The dotted name of what is called, as far as the imports tell."""
    first, _, rest = ast.unparse(call.func).partition(".")
    known = names_in(module).get(first, first)
    return f"{known}.{rest}" if rest else known
