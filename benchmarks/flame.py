"""A flame graph of single verdicts and of a sweep: how much of the time is spent under which function.

    python -m benchmarks.flame RELEASE docs/images

The stack is taken at every millisecond of processor time, by a signal, and drawn as in B. Gregg, "The flame graph",
Communications of the ACM 59, 2016, but upside down: the root on top, the width its share of the time.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from types import FrameType

from benchmarks.verdicts import DAY, questions
from layers.snapshot import Snapshot, load_snapshot
from layers.sweep import Sweep
from screening.verdict import screen

TICK_S = 0.001
ROW, WIDTH, LEAST = 17, 1200, 0.004  # pixels; share of the whole below which nothing is drawn
OURS = ("screening", "layers", "api")
COLOURS = {"screening": "#f2b37c", "layers": "#9cc3e6", "shapely": "#b9dca0", "": "#dddddd"}


@dataclass
class Node:
    """A function as called from one chain of others."""

    samples: int = 0
    below: dict[str, Node] = field(default_factory=dict)


def main() -> None:
    """Draw both graphs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    snapshot = load_snapshot(asked.release)
    for one in snapshot.layers.values():
        _ = one.edges
    put = questions(snapshot, 22_000)
    sweep = Sweep(snapshot, DAY, asked.release)
    list(sweep([site for site, _ in put[:10_000]], [project for _, project in put[:10_000]]))
    _draw(asked.folder / "flame-verdicts.svg", sampled(lambda: _singly(snapshot, 2_000)))
    rest = put[10_000:]
    _draw(asked.folder / "flame-sweep.svg", sampled(lambda: list(sweep(*map(list, zip(*rest, strict=True))))))


def _singly(snapshot: Snapshot, count: int) -> None:
    for site, project in questions(snapshot, count, seed=3):
        screen(project, site, snapshot.gather(site, DAY), DAY)


def sampled(work: Callable[[], object]) -> Node:
    """The stacks of some work, as a tree: one for every millisecond of processor time."""
    root = Node()

    def sample(_: int, frame: FrameType | None) -> None:
        node = root
        node.samples += 1
        for name in reversed(list(_names(frame))):
            node = node.below.setdefault(name, Node())
            node.samples += 1

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, TICK_S, TICK_S)
    work()
    signal.setitimer(signal.ITIMER_PROF, 0.0)
    signal.signal(signal.SIGPROF, before)
    return root


def _names(frame: FrameType | None) -> Iterator[str]:
    """Functions from the innermost out, up to this file; what others call among themselves is left out."""
    while frame is not None:
        package, _, module = str(frame.f_globals.get("__name__", "")).partition(".")
        if package == "benchmarks":
            return
        if package in OURS or package == "shapely":
            yield f"{package}.{module}: {frame.f_code.co_name}"
        frame = frame.f_back


def _draw(path: Path, root: Node) -> None:
    rows = list(_rectangles(root, 0.0, 1.0, 0))
    height = ROW * (max(depth for *_, depth in rows) + 1)
    with path.open("w", encoding="utf-8") as opened:
        opened.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
            ' font-size="11"><rect width="100%" height="100%" fill="#ffffff"/>\n'
        )
        for name, left, share, depth in rows:
            colour = COLOURS.get(name.partition(".")[0], COLOURS[""])
            x, y, wide = left * WIDTH, depth * ROW, share * WIDTH
            words = name.partition(": ")[2] if wide < 7 * len(name) else name
            text = escape(words[: max(0, int(wide / 6.2))])
            opened.write(
                f'<g><title>{escape(name)} {share:.1%}</title><rect x="{x:.1f}" y="{y}" width="{wide:.1f}"'
                f' height="{ROW - 1}" fill="{colour}"/><text x="{x + 3:.1f}" y="{y + 12}">{text}</text></g>\n'
            )
        opened.write("</svg>\n")


def _rectangles(node: Node, left: float, share: float, depth: int) -> Iterator[tuple[str, float, float, int]]:
    at = left
    for name, below in sorted(node.below.items()):
        part = share * below.samples / max(1, node.samples)
        if part >= LEAST:
            yield name, at, part, depth
            yield from _rectangles(below, at, part, depth + 1)
        at += part


if __name__ == "__main__":
    main()
