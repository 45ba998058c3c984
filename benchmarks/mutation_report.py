"""What became of each mutant, and the table of all: `python -m benchmarks.mutation_report RESULTS…`

Results of several runs are put together: a mutant that was killed in one of them is killed. What has no result is told.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.mutants import Mutant, modules, mutants

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


Name = tuple[str, str, str, str, int]
"""Module, function, comparison, what it became, and which such of the function: lines move, this stays."""


def decided(rows: Sequence[dict[str, Any]], chosen: Sequence[Mutant]) -> tuple[list[Outcome], list[Mutant]]:
    """Of earlier results, those of mutants that still exist and were killed; and the mutants without one."""
    killed = {name: one for name, one in _named([Outcome(**row) for row in rows]) if one.fate == "killed"}
    names = list(_named(chosen))
    return [killed[name] for name, _ in names if name in killed], [one for name, one in names if name not in killed]


def merged(runs: Iterable[Sequence[dict[str, Any]]]) -> tuple[list[Outcome], list[Mutant]]:
    """One outcome for each mutant there is, killed where some run killed it, else of the last; and those without any."""
    found: dict[Name, Outcome] = {}
    for rows in runs:
        for name, one in _named([Outcome(**row) for row in rows]):
            if name not in found or found[name].fate != "killed":
                found[name] = one
    every = list(_named([one for module in modules() for one in mutants(module)]))
    outcomes = [Outcome.of(mutant, *_fate(found[name])) for name, mutant in every if name in found]
    return outcomes, [mutant for name, mutant in every if name not in found]


def _fate(one: Outcome) -> tuple[str, str]:
    return ("survived", one.by) if one.fate == "equivalent" else (one.fate, one.by)


Told = TypeVar("Told", Outcome, Mutant)


def _named(found: Sequence[Told]) -> Iterator[tuple[Name, Told]]:
    """Each with its name; in the order of their places, so that the count is the same in every run."""
    met: Counter[tuple[str, str, str, str]] = Counter()
    for one in sorted(found, key=lambda each: (each.module, each.line, each.column)):
        what: tuple[str, str, str, str] = (one.module, one.function, one.before, one.after)
        met[what] += 1
        yield (*what, met[what]), one


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


def survivors(outcomes: Iterable[Outcome]) -> str:
    """The mutants that no test noticed, as Markdown."""
    rows = ["| module | function | comparison | survives as |", "|---|---|---|---|"]
    left = (one for one in outcomes if one.fate not in ("killed", "equivalent"))
    return "\n".join([*rows, *(f"| `{o.module}` | `{o.function}` | `{o.before}` | `{o.after}` |" for o in left)])


def main() -> None:
    """Put results together, print table and survivors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation_report", description=__doc__)
    parser.add_argument("results", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, help="where to write the results together")
    given = parser.parse_args()
    outcomes, missing = merged([json.loads(one.read_text("utf-8")) for one in given.results])
    if given.to:
        given.to.write_text(json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=1), "utf-8")
    print(table(outcomes), survivors(outcomes), sep="\n\n")
    for module, count in Counter(one.module for one in missing).items():
        print(f"no result: {module} {count}")


if __name__ == "__main__":
    main()
