"""Bars of what the engines reach, as SVG: a panel for every kind of work, ours first, one logarithmic scale each.

Colours follow the reader's choice of light or dark; no script, no font of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from screening.drawing import words_at

WIDTH, GAP, EDGE = 960, 32, 16  # pixels, as all below
PANEL = (WIDTH - GAP - 2 * EDGE) // 2
HEAD, ROW, BAR, FOOT = 34, 26, 16, 30
LABEL, FIGURE = 136, 116
TEXT, SMALL = 13, 11
STYLE = (
    "<style>svg{--paper:#fff;--ink:#1f2a26;--soft:#5d6a65;--line:#dfe5e2;--ours:#1f7a55;--peer:#9fb0aa}"
    "@media (prefers-color-scheme:dark){svg{--paper:#14191a;--ink:#e6ecea;--soft:#9aa8a3;--line:#2c3534;"
    "--ours:#4cc38a;--peer:#5c6d68}}"
    "text{fill:var(--ink);stroke:var(--paper);stroke-width:3px;paint-order:stroke}.soft text{fill:var(--soft)}.line{stroke:var(--line)}.ours{fill:var(--ours)}.peer{fill:var(--peer)}"
    ".ours-words{font-weight:600}</style>"
)
NOT_ASKED = "not asked"  # of an engine that was left out on purpose: no row is kept for it
NAMES = {
    "ours": "三线 index",
    "geopandas": "geopandas",
    "shapely": "shapely, prepared",
    "postgis": "PostGIS",
    "subdivided": "PostGIS, subdivided",
    "duckdb": "DuckDB spatial",
    "sedonadb": "SedonaDB",
}


def drawn(found: Mapping[str, Any], works: Mapping[str, str]) -> str:
    """The chart of a result of `benchmarks.peers`.

    Args:
        found: The result.
        works: Title of every kind of work.
    """
    kinds = [kind for kind in works if kind in found["works"]]
    shown = {key: found["absent"].get(key, "–").partition(":")[0] for key in NAMES}
    shown = {key: words for key, words in shown.items() if words != NOT_ASKED}
    tall = HEAD + ROW * len(shown) + FOOT
    height = 2 * EDGE + tall * math.ceil(len(kinds) / 2) + TEXT
    title = f"Questions a second, {found['scale']}: {found['zones']:,} zones, {found['vertices']:,} vertices"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        'font-family="system-ui, sans-serif">',
        f"<title>{escape(title)}</title>{STYLE}",
        f'<rect width="{WIDTH}" height="{height}" fill="var(--paper)"/>',
    ]
    for number, kind in enumerate(kinds):
        x, y = EDGE + (number % 2) * (PANEL + GAP), EDGE + (number // 2) * tall
        parts += [f'<g transform="translate({x} {y})">', *_panel(works[kind], found["works"][kind], shown), "</g>"]
    note = "Questions a second, logarithmic; × says how many times as long as ours it takes."
    parts += [f'<g class="soft">{words_at(EDGE, height - EDGE + 4, note, size=SMALL)}</g>', "</svg>"]
    return "\n".join(parts) + "\n"


def _panel(title: str, work: Mapping[str, Any], shown: Mapping[str, str]) -> Iterator[str]:
    rates = [one["rate"] for one in work.values()]
    low, high = decades(rates)
    across = PANEL - LABEL - FIGURE
    bottom = HEAD + ROW * len(shown)
    yield f'<g class="ours-words">{words_at(0, TEXT, title, size=TEXT + 1)}</g>'
    for power in range(low, high + 1):
        x = LABEL + across * (power - low) / (high - low)
        yield f'<path class="line" d="M{x:.1f} {HEAD - 6}V{bottom}"/>'
        if (power - low) % max(1, math.ceil((high - low) / 4)) == 0:
            yield f'<g class="soft">{words_at(round(x, 1), bottom + 15, short(10**power), size=SMALL, anchor="middle")}</g>'
    for number, (key, without) in enumerate(shown.items()):
        y = HEAD + ROW * number
        base = y + (BAR + TEXT) / 2 - 2
        yield f'<g class="{"ours-words" if key == "ours" else "peer-words"}">'
        yield words_at(LABEL - 8, base, NAMES[key], size=TEXT, anchor="end")
        if key in work:
            rate = work[key]["rate"]
            long = across * (math.log10(rate) - low) / (high - low)
            kind = "ours" if key == "ours" else "peer"
            yield f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{max(1.0, long):.1f}" height="{BAR}" rx="2"/>'
            words = f"{rate:,.0f}/s" if key == "ours" else f"{rate:,.0f}/s · {times(work['ours']['rate'] / rate)}×"
            yield words_at(round(LABEL + long + 6, 1), base, words, size=TEXT - 1)
        else:
            yield f'<g class="soft">{words_at(LABEL + 6, base, without, size=TEXT - 1)}</g>'
        yield "</g>"


def decades(rates: list[float]) -> tuple[int, int]:
    """Powers of ten around some rates; the smallest has a bar that can be seen."""
    low = math.floor(math.log10(min(rates)) - 0.15)
    return low, max(low + 1, math.ceil(math.log10(max(rates))))


def short(number: float) -> str:
    """A round number as an axis has it.

    >>> [short(10**power) for power in range(-1, 7)]
    ['0.1', '1', '10', '100', '1k', '10k', '100k', '1M']
    """
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def times(ratio: float) -> str:
    """A ratio with as many digits as it has meaning.

    >>> times(4.93), times(361.2), times(4077.1)
    ('4.9', '361', '4,077')
    """
    return f"{ratio:.1f}" if ratio < 20 else f"{ratio:,.0f}"
