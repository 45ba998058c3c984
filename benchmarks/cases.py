"""The index of cases against looking at every case and against a tree that is built anew: `python -m benchmarks.cases`.

Sites are generated from a seed: towns of a city, half of the sites points, half parcels of 0.1 to 20 ha. Three kinds of work, one question at a time:
which sites are within 1 km of a site; which meet an area of some 300 corners and 5 km across that changed; and both a change and a question, as cases come
and go all day. All ways are asked in turns in one run and must give the same answers.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import shapely

from benchmarks import results
from benchmarks.results import Result, told
from layers.site_index import SiteIndex

SIZES = (1_000, 10_000, 100_000)
NEAR_M = 1_000.0
CITY_M = 100_000.0
TOWNS, TOWN_M = 60, 4_000.0
PARCELS_M2 = (1_000.0, 200_000.0)
CORNERS = 300
QUESTIONS, MOVES = 20, 5
WAYS = ("index", "scan", "tree")

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Found = list[frozenset[int]]
Way = Callable[[Sequence[Any], float], Found]


def sites(count: int, random: np.random.Generator) -> Shapes:
    """Points and parcels around towns, metres on one plane."""
    towns = random.uniform(0, CITY_M, (TOWNS, 2))
    at = towns[random.integers(0, TOWNS, count)] + random.normal(0, TOWN_M, (count, 2))
    least, most = np.log(PARCELS_M2)
    side = np.sqrt(np.exp(random.uniform(least, most, count)))
    turned = random.uniform(0, np.pi, count)
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    spin = np.stack([np.cos(turned), -np.sin(turned), np.sin(turned), np.cos(turned)], axis=1).reshape(-1, 2, 2)
    rings = at[:, None, :] + side[:, None, None] * np.einsum("ij,njk->nik", corners, spin)
    found: Shapes = np.where(np.arange(count) % 2 == 0, shapely.points(at), shapely.polygons(rings))
    return found


def areas(count: int, random: np.random.Generator) -> Shapes:
    """Changed areas: rough outlines around some places."""
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    radius = 2_500 * (1 + 0.2 * random.uniform(-1, 1, (count, CORNERS)))
    middle = random.uniform(0, CITY_M, (count, 1, 2))
    found: Shapes = shapely.polygons(middle + radius[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return found


class Ways:
    """The same questions put three ways to the same sites."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.index = SiteIndex(enumerate(shapes))
        self.tree = shapely.STRtree(shapes)

    def by_index(self, asked: Sequence[Any], distance_m: float) -> Found:
        """Our index."""
        return [frozenset(number for number, _ in self.index.within(one, distance_m)) for one in asked]

    def by_scan(self, asked: Sequence[Any], distance_m: float) -> Found:
        """Every site, vectorised, the question prepared."""
        shapely.prepare(asked)
        return [frozenset(np.flatnonzero(shapely.dwithin(one, self.shapes, distance_m)).tolist()) for one in asked]

    def by_tree(self, asked: Sequence[Any], distance_m: float) -> Found:
        """A tree of shapely's that is there already."""
        return [frozenset(self.tree.query(one, predicate="dwithin", distance=distance_m).tolist()) for one in asked]

    def asked(self, questions: Sequence[Any], distance_m: float) -> dict[str, Callable[[], Found]]:
        """Each way with its questions."""
        ways: dict[str, Way] = {"index": self.by_index, "scan": self.by_scan, "tree": self.by_tree}
        return {name: partial(way, questions, distance_m) for name, way in ways.items()}

    def moving(self, moves: Sequence[tuple[int, Any]], way: str) -> Found:
        """Before every question one site moves to where the question is asked, and back after it."""
        found: Found = []
        for number, place in moves:
            before = self.shapes[number]
            for shape in (place, before):
                self.shapes[number] = shape
                if way == "index":
                    self.index.put(number, shape)
                elif way == "tree":
                    self.tree = shapely.STRtree(self.shapes)
                if shape is place:
                    found += self.asked([place], NEAR_M)[way]()
        return found


def measured(ways: Mapping[str, Callable[[], Found]], count: int, rounds: int) -> dict[str, float]:
    """Median microseconds of processor time a question, in turns; all answers must be the same."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        answers = []
        for name, work in ways.items():
            begun = time.process_time()
            answers.append(work())
            spent[name].append((time.process_time() - begun) / count * 1e6)
        if any(one != answers[0] for one in answers):
            raise AssertionError("the ways differ")
    return {name: median(times) for name, times in spent.items()}


def compared(size: int, rounds: int) -> Iterator[Result]:
    """What every kind of work takes at one size."""
    random = np.random.default_rng(size)
    ways = Ways(sites(size, random))
    around, changed = sites(QUESTIONS, random), areas(QUESTIONS, random)
    moves = list(zip(random.integers(0, size, MOVES).tolist(), around[:MOVES], strict=True))
    living = {way: partial(ways.moving, moves, way) for way in WAYS}
    works: dict[str, tuple[Mapping[str, Callable[[], Found]], int]] = {
        "within 1 km of a site": (ways.asked(list(around), NEAR_M), QUESTIONS),
        "meets a changed area": (ways.asked(list(changed), 0.0), QUESTIONS),
        "a change, a question, a change": (living, MOVES),
    }
    for work, (asked, count) in works.items():
        took = measured(asked, count, rounds)
        told(f"{size:,} sites, {work}")
        yield {"sites": size, "work": work, "us": {name: round(one, 1) for name, one in took.items()}}


def loading(size: int) -> Result:
    """How long it takes to fill the index, all at once and one by one; seconds."""
    shapes = sites(size, np.random.default_rng(size))
    begun = time.process_time()
    SiteIndex(enumerate(shapes))
    between = time.process_time()
    singly: SiteIndex[int] = SiteIndex()
    for number, shape in enumerate(shapes):
        singly.put(number, shape)
    return {"sites": size, "at_once_s": between - begun, "singly_s": time.process_time() - between}


def table(found: Result) -> str:
    """Ours in microseconds, the others as multiples of it."""
    rows = []
    for one in found["works"]:
        took = one["us"]
        others = [f"{took[name] / took['index']:,.1f}×" for name in ("scan", "tree")]
        rows.append([f"{one['sites']:,}", one["work"], f"{took['index']:,.0f} µs", *others])
    filled = "; ".join(
        f"{one['sites']:,} sites at once {one['at_once_s']:.2f} s, one by one {one['singly_s']:.2f} s"
        for one in found["loading"]
    )
    head = ["sites", "work", "our index", "every site", "STRtree"]
    return f"{results.machine_words(found)}\n\n{results.markdown(head, rows, words=2)}\n\nFilling it: {filled}."


def main() -> None:
    """Print the table and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=7)
    results.folder_argument(parser)
    asked = parser.parse_args()
    machine = results.machine()
    works = [one for size in asked.sizes for one in compared(size, asked.rounds)]
    found: Result = {"machine": machine, "works": works, "loading": [loading(size) for size in asked.sizes]}
    found = results.keep(asked.results, "cases", found)
    results.publish(asked.results, "cases", table(found))


if __name__ == "__main__":
    main()
