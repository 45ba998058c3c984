"""Timing two or more ways of doing the same work in one run, in turns, so that a busy machine slows all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def ratios(ways: Mapping[str, Callable[[], object]], rounds: int = 9) -> dict[str, float]:
    """Median time of each way over that of the first."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            begun = time.perf_counter()
            work()
            spent[name].append(time.perf_counter() - begun)
    first = median(next(iter(spent.values())))
    return {name: median(times) / first for name, times in spent.items()}


def printed(title: str, found: Mapping[str, float]) -> str:
    """A table of ratios."""
    return "\n".join([title, *(f"  {ratio:8.2f}  {name}" for name, ratio in found.items())])
