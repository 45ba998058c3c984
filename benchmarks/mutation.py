"""Do the tests notice when a comparison of the core is wrong? `python -m benchmarks.mutation [MODULE…]`

One process collects the tests, runs them once unchanged and notes which lines of the core each of them runs; the cities
they share are built on the way. A test that fails unchanged, here or in a child, takes no part. For each mutant it forks: the child gives the functions the changed code and runs only
the tests that come by that line, fastest first, up to the first that fails. Laws run with few examples and always the
same ones. A comparison that runs only while a module is imported cannot be tried so; it is told as `import`, not killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings

from benchmarks.mutants import CORE, LiveCode, Mutant, modules, mutants
from benchmarks.mutation_report import Outcome, decided, table, written

TESTS = {
    "emissions": (
        "emissions",
        "emission_findings",
        "emission_measures",
        "emission_model",
        "emission_ruling",
        "standards",
        "units",
        "declared_units",
        "declarations",
        "access",
    ),
    "declared_units": ("declared_units", "units", "numerals", "declarations"),
    "eia_category": ("eia", "eia_model", "diagrams", "sensitivity", "truth", "conditions", "expressions"),
    "particulars": ("particulars", "declarations"),
    "policy": ("policy",),
    "basis": ("basis",),
    "seal": ("seal", "validity", "changes", "record"),
    "verify": ("seal", "validity", "changes"),
    "conditions": ("conditions", "expressions", "truth"),
    "clauses": ("access", "rules", "reach", "conditions", "verdict"),
    "access_list": ("access", "rules", "reach", "verdict"),
    "accuracy": ("accuracy", "overlay", "reach", "verdict", "whereabouts", "evidence", "explain", "findings"),
    "borders": ("accuracy", "reach", "verdict", "evidence"),
    "border_laws": ("accuracy", "reach"),
    "sweep": ("situation", "rulings", "accuracy", "reach"),
    "depth": ("accuracy",),
    "laws": ("reach", "rules", "lines", "verdict", "overlay", "crs"),
    "verdict_laws": ("reach", "rules", "lines", "verdict", "overlay", "evidence", "questions"),
    "small_city": ("verdict", "rules", "lines", "evidence", "reach", "overlay", "explain", "findings", "record"),
    "false_clears": ("verdict", "evidence", "lines", "rules"),
    "questions": ("questions", "rules", "verdict"),
    "conformity": ("conformity", "conformity_lines", "conformity_reasons", "conformity_rows"),
    "statement": ("statement", "statement_map"),
    "planning": ("planning", "planning_model", "plan_words", "plan_list", "conflicts"),
    "plan_golden": ("planning", "plan_words", "plan_list"),
    "reasoning": ("chain", "turning"),
    "conflicts": ("conflicts", "conflict_words"),
    "alignment": ("alignment", "alignment_words", "stations", "explain", "whereabouts"),
    "site_checks": ("site_checks",),
    "stated_sites": ("site_checks", "coordinates", "whereabouts"),
    "written_coordinates": (
        *("coordinates", "belts", "crs", "hints", "layouts", "map_links", "number_blocks", "numerals", "readings"),
        *("shapes", "structured_text", "understood", "errors", "datums", "footprints"),
    ),
    "datums": ("datums", "readings"),
    "cases": ("coordinates", "shapes"),
    "sites_api": ("coordinates", "map_links", "shapes"),
    "industries": ("access", "model"),
    "difference": ("changes",),
    "golden": ("explain", "record", "words", "verdict"),
}
"""Which modules each test file is asked about; `core_…` and the doctests about all of them."""
EXAMPLES = 15
SLOW_S = 12.0
SEED = 20261121
KILLED, CHANGED_NOTHING, SURVIVED = 1, 3, 0


@dataclass
class Baseline:
    """What each test runs of the core, and how long it takes."""

    lines: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: list[float] = field(default_factory=list)

    def tests(self, mutant: Mutant, own: set[int]) -> list[int]:
        """Numbers of the tests that come by a mutant: those named after its module, then the others, fastest first."""
        span = range(mutant.line, mutant.last_line + 1)
        found = set().union(*(self.lines.get((str(mutant.file), line), set()) for line in span))
        return sorted(
            (one for one in found if self.seconds[one] < SLOW_S), key=lambda one: (one not in own, self.seconds[one])
        )


class MutationRun:
    """A pytest plugin that takes the place of the test loop."""

    def __init__(self, chosen: Sequence[Mutant], jobs: int, budget_s: float, told: Callable[[Outcome], None]) -> None:
        self.chosen = chosen
        self.jobs = jobs
        self.budget_s = budget_s
        self.told = told
        self.failed: list[str] = []
        self._baseline = Baseline()
        self._items: list[pytest.Item] = []
        self._names: list[dict[str, Any]] = []
        self._live: LiveCode | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """No tests of the large city; few examples of each law, always the same."""
        items[:] = [item for item in items if "demo_store" not in getattr(item, "fixturenames", ())]
        for item in items:
            test = getattr(item, "obj", None)
            used = getattr(test, "_hypothesis_internal_use_settings", None)
            if test is not None and used is not None:
                target = getattr(test, "__func__", test)
                target._hypothesis_internal_use_settings = settings(
                    used,
                    max_examples=min(used.max_examples, EXAMPLES),
                    derandomize=True,
                    database=None,
                    phases=(Phase.explicit, Phase.generate),
                    suppress_health_check=list(HealthCheck),
                )

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The unchanged run, then the mutants."""
        self._items = session.items
        self._names = [dict(getattr(getattr(item, "dtest", None), "globs", {})) for item in session.items]
        began = time.monotonic()
        for number in range(len(self._items)):
            self._watch(number)
        print(
            f"unchanged: {len(self._items)} tests in {time.monotonic() - began:.0f} s, failing {self.failed}",
            flush=True,
        )
        unfit = self._failing_in_a_child()
        for number in unfit:
            self._baseline.seconds[number] = float("inf")
        print(f"left out, for they fail in a child unchanged: {[self._items[one].nodeid for one in unfit]}", flush=True)
        self._live = LiveCode()
        self._all()
        return True

    def _failing_in_a_child(self) -> list[int]:
        """Numbers of the tests that fail though nothing was changed, only because they run in a forked process."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            for number in range(len(self._items)):
                if not self._run(number, (number + 1) % len(self._items)):
                    os.write(writing, f"{number} ".encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            found = [int(number) for number in told.read().split()]
        os.waitpid(child, 0)
        return found

    def _run(self, number: int, following: int) -> bool:
        item = self._items[number]
        if self._names[number]:
            item.dtest.globs.update(self._names[number])  # type: ignore[attr-defined]
        reports = runtestprotocol(item, log=False, nextitem=self._items[following])
        return not any(report.failed for report in reports)

    def _watch(self, number: int) -> None:
        lines = self._baseline.lines
        core = str(CORE)

        def inside(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            if event == "line":
                lines[frame.f_code.co_filename, frame.f_lineno].add(number)
            return inside

        def calls(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
            return inside if frame.f_code.co_filename.startswith(core) else None

        began = time.monotonic()
        threading.settrace(calls)
        sys.settrace(calls)
        try:
            passed = self._run(number, (number + 1) % len(self._items))
        finally:
            sys.settrace(None)
            threading.settrace(None)
        self._baseline.seconds.append(time.monotonic() - began if passed else float("inf"))
        if not passed:
            self.failed.append(self._items[number].nodeid)

    def _all(self) -> None:
        running: dict[int, tuple[Mutant, int]] = {}
        waiting = list(self.chosen)
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop(0)
                tests = self._baseline.tests(mutant, self._own(mutant.module))
                if not tests:
                    self.told(Outcome.of(mutant, "survived", "no test comes by"))
                    continue
                child, pipe = self._fork(mutant, tests)
                running[child] = (mutant, pipe)
            if running:
                child, status = os.wait()
                if child not in running:
                    continue
                mutant, pipe = running.pop(child)
                with os.fdopen(pipe) as told:
                    self.told(Outcome.of(mutant, *_meaning(status, told.read())))

    def _own(self, module: str) -> set[int]:
        names = {f"test_{module}.py", f"{module}.py"}
        return {number for number, item in enumerate(self._items) if item.path.name in names}

    def _fork(self, mutant: Mutant, tests: list[int]) -> tuple[int, int]:
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            return child, reading
        code = 2
        try:
            code = self._child(mutant, tests, writing)
        finally:
            os._exit(code)

    def _child(self, mutant: Mutant, tests: list[int], writing: int) -> int:
        assert self._live is not None
        if not self._live.apply(mutant):
            return CHANGED_NOTHING
        began = time.monotonic()
        for at, number in enumerate(tests):
            if time.monotonic() - began > self.budget_s:
                os.write(writing, f"{at} of {len(tests)} tests in {self.budget_s:.0f} s".encode())
                return SURVIVED
            signal.alarm(int(10 + 10 * self._baseline.seconds[number]))
            if not self._run(number, tests[(at + 1) % len(tests)]):
                os.write(writing, self._items[number].nodeid.encode())
                return KILLED
        os.write(writing, f"{len(tests)} tests".encode())
        return SURVIVED


def _meaning(status: int, told: str) -> tuple[str, str]:
    if os.WIFSIGNALED(status):
        return "survived", f"undecided: signal {os.WTERMSIG(status)}"
    match os.waitstatus_to_exitcode(status):
        case 0:
            return "survived", told
        case 1:
            return "killed", told
        case 3:
            return "import", ""
        case other:
            return "survived", f"undecided: exit {other}"


def main() -> None:
    """Count, run, tell; write the results and the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules of the core; all without any")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=float, default=30.0, help="seconds of tests a mutant is worth")
    parser.add_argument("--sample", type=int, default=0, help="at most so many a module, drawn with a fixed seed")
    parser.add_argument("--tests", nargs="*", help="test files instead of the core's")
    parser.add_argument("--results", type=Path, default=Path("build/mutation.json"))
    parser.add_argument("--again", action="store_true", help="only what survived in the results, the rest as it was")
    parser.add_argument("--count", action="store_true", help="only count")
    given = parser.parse_args()
    chosen = [one for name in given.modules or modules() for one in _sampled(mutants(name), given.sample)]
    outcomes: list[Outcome] = []
    if given.again:
        outcomes, chosen = decided(json.loads(given.results.read_text("utf-8")), chosen)
    for name, number in Counter(one.module for one in chosen).items():
        print(f"{name:20}{number:5}")
    print(f"{len(chosen)} mutants", flush=True)
    if given.count:
        return

    def told(outcome: Outcome) -> None:
        outcomes.append(outcome)
        os.write(2, (f"{len(outcomes):4} {written(outcome)}\n").encode())

    run = MutationRun(chosen, given.jobs, given.budget, told)
    files = given.tests or [str(one) for one in _test_files({one.module for one in chosen})]
    options = ["-q", "-s", "-p", "no:cacheprovider", "--assert=plain", "--doctest-modules"]
    pytest.main([*options, str(CORE), *files], plugins=[run])
    given.results.parent.mkdir(parents=True, exist_ok=True)
    given.results.write_text(json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=1), "utf-8")
    print(table(outcomes))


def _sampled(found: list[Mutant], most: int) -> list[Mutant]:
    if not most or len(found) <= most:
        return found
    return sorted(random.Random(SEED).sample(found, most), key=lambda one: one.line)


def _test_files(asked: set[str]) -> list[Path]:
    folder = CORE.parent / "tests"
    named = [folder / f"test_{name}.py" for name, about in TESTS.items() if asked & set(about)]
    return [*named, *sorted(folder.glob("test_core_*.py"))]


if __name__ == "__main__":
    main()
