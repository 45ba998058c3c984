"""Every comparison of the core, changed once: `<` to `<=`, `==` to `!=`, `is` to `is not`, `in` to `not in`, and back.

A mutant never touches a file: the changed module is compiled in memory and its functions get the changed code.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType

CORE = Path(__file__).parents[1] / "screening"
CHANGED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One operator of one comparison.

    Args:
        module: Name within the core, such as `truth` or `standards`.
        function: Qualified name of what it stands in; empty at the top of the module.
        line: First line of the comparison.
        column: Where it begins there, in bytes.
        last_line: Its last.
        place: Which comparison of the module, counted as `ast.walk` meets them.
        operator: Which operator of the comparison, from 0.
        before: The comparison as written, on one line.
        after: The same, changed.
    """

    module: str
    function: str
    line: int
    column: int
    last_line: int
    place: int
    operator: int
    before: str
    after: str

    @property
    def file(self) -> Path:
        """The file of the module."""
        return CORE / f"{self.module}.py"

    def code(self) -> CodeType:
        """The whole module, compiled with the changed operator."""
        tree = ast.parse(self.file.read_bytes())
        comparison = _comparisons(tree)[self.place]
        comparison.ops[self.operator] = CHANGED[type(comparison.ops[self.operator])]()
        return compile(tree, str(self.file), "exec", dont_inherit=True)


def modules() -> list[str]:
    """Names of all modules of the core."""
    return sorted(file.stem for file in CORE.glob("*.py") if file.stem != "__init__")


def mutants(module: str) -> list[Mutant]:
    """Every mutant of one module, in the order of its lines."""
    tree = ast.parse((CORE / f"{module}.py").read_bytes())
    scopes = _scopes(tree)
    found = []
    for place, comparison in enumerate(_comparisons(tree)):
        before = ast.unparse(comparison)
        for number, operator in enumerate(comparison.ops):
            comparison.ops[number] = CHANGED[type(operator)]()
            found.append(
                Mutant(
                    module=module,
                    function=scopes[comparison],
                    line=comparison.lineno,
                    column=comparison.col_offset,
                    last_line=comparison.end_lineno or comparison.lineno,
                    place=place,
                    operator=number,
                    before=before,
                    after=ast.unparse(comparison),
                )
            )
            comparison.ops[number] = operator
    return sorted(found, key=lambda one: (one.line, one.place, one.operator))


def _comparisons(tree: ast.Module) -> list[ast.Compare]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]


def _scopes(tree: ast.Module) -> dict[ast.Compare, str]:
    found: dict[ast.Compare, str] = {}

    def visit(node: ast.AST, scope: str) -> None:
        if isinstance(node, ast.Compare):
            found[node] = scope
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            scope = f"{scope}.{node.name}".lstrip(".")
        for child in ast.iter_child_nodes(node):
            visit(child, scope)

    visit(tree, "")
    return found


class LiveCode:
    """The functions of the core that are loaded, and what remembers their answers; tables once read stay read."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str, int], list[FunctionType]] = {}
        self._caches: list[_lru_cache_wrapper[object]] = []
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(CORE)):
                self._functions.setdefault(_key(one.__code__), []).append(one)
            elif isinstance(one, _lru_cache_wrapper) and str(one.__module__).startswith("screening"):
                self._caches.append(one)

    def apply(self, mutant: Mutant) -> bool:
        """Give the live functions the changed code, forgetting every answer; False where no function holds it."""
        original = compile(mutant.file.read_bytes(), str(mutant.file), "exec", dont_inherit=True)
        done = False
        for old, new in zip(_all_code(original), _all_code(mutant.code()), strict=True):
            if old != new:
                for function in self._functions.get(_key(old), []):
                    function.__code__ = new
                    done = True
        for cache in self._caches:
            cache.cache_clear()
        return done


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
