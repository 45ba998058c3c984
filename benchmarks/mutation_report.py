"""What became of each mutant, and the table of all."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.mutants import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A mutant and its fate: `killed`, `survived`, `equivalent` or `import` (comes into force only on import)."""

    module: str
    function: str
    line: int
    column: int
    before: str
    after: str
    fate: str
    by: str

    @classmethod
    def of(cls, mutant: Mutant, fate: str, by: str) -> Outcome:
        """The outcome of a mutant; a survivor that cannot be told from the original is equivalent."""
        reason = equivalents().get((mutant.module, mutant.function, mutant.before, mutant.after))
        if fate == "survived" and reason is not None:
            fate, by = "equivalent", reason
        return cls(
            module=mutant.module,
            function=mutant.function,
            line=mutant.line,
            column=mutant.column,
            before=mutant.before,
            after=mutant.after,
            fate=fate,
            by=by,
        )


def decided(rows: Sequence[dict[str, Any]], chosen: Sequence[Mutant]) -> tuple[list[Outcome], list[Mutant]]:
    """Of earlier results, those of mutants that still exist and were killed; and the mutants without one."""
    killed = {_name(one): one for one in (Outcome(**row) for row in rows) if one.fate == "killed"}
    names = [(_name(mutant), mutant) for mutant in chosen]
    return [killed[name] for name, _ in names if name in killed], [one for name, one in names if name not in killed]


def _name(one: Outcome | Mutant) -> tuple[str, int, int, str, str]:
    return one.module, one.line, one.column, one.before, one.after


@cache
def equivalents() -> dict[tuple[str, str, str, str], str]:
    """Mutants known to do the same as the original, with the reason."""
    rows = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])
    return {(row["module"], row["function"], row["before"], row["after"]): row["reason"] for row in rows}


def written(outcome: Outcome) -> str:
    """One line on one mutant."""
    where = f"{outcome.module}:{outcome.line} {outcome.function}"
    return f"{outcome.fate:10} {where}: {outcome.before}  →  {outcome.after}  [{outcome.by}]"


def table(outcomes: Sequence[Outcome]) -> str:
    """The score of each module and of all, as Markdown."""
    names = sorted({one.module for one in outcomes})
    rows = ["| module | mutants | killed | survived | equivalent | score |", "|---|---:|---:|---:|---:|---:|"]
    rows += [_row(f"`{name}`", [one for one in outcomes if one.module == name]) for name in names]
    return "\n".join([*rows, _row("**all**", outcomes)])


def _row(name: str, outcomes: Iterable[Outcome]) -> str:
    fates = Counter(one.fate for one in outcomes)
    killed, equivalent, total = fates["killed"], fates["equivalent"], fates.total()
    decided = total - equivalent
    score = f"{100 * killed / decided:.1f} %" if decided else "–"
    return f"| {name} | {total} | {killed} | {decided - killed} | {equivalent} | {score} |"
