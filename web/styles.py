"""How each layer is drawn. No meaning is carried by colour alone: every class has its own hatch or outline too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from screening.words import Text
from web.catalogue import LABELS

Hatch = Literal["", "rising", "falling", "level", "upright", "crossed", "dots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How zones of one class are painted.

    Attributes:
        cls: Class digit the rule is for; empty for all.
        label: Its line in the legend; None where the layer's title says it.
        fill: Colour, empty for none; `fill_opacity` 0–1.
        hatch: Pattern over the fill, in `hatch_color`.
        stroke: Outline colour, empty for none; `width` in pixels; `dash` on-off lengths in pixels.
    """

    cls: str = ""
    label: Text | None = None
    fill: str = ""
    fill_opacity: float = 0.0
    hatch: Hatch = ""
    hatch_color: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Zone names written on the map between two zooms."""

    min_zoom: int
    max_zoom: int
    color: str
    size: int
    weight: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One layer's rules, painted in order; `order` is its height among layers, `base` keeps it out of the opacity."""

    rules: tuple[Rule, ...]
    order: int
    names: Names | None = None
    base: bool = False


def _classes(*rules: Rule) -> tuple[Rule, ...]:
    """Rules for classes 1, 2 and 3, labelled with the classes' names."""
    return tuple(
        Rule(
            cls=str(number),
            label=LABELS[f"class_{number}"],
            fill=rule.fill,
            fill_opacity=rule.fill_opacity,
            hatch=rule.hatch,
            hatch_color=rule.hatch_color or rule.stroke,
            stroke=rule.stroke,
            width=rule.width,
            dash=rule.dash,
        )
        for number, rule in enumerate(rules, start=1)
    )


def _theme(strong: str, middle: str, light: str, line: str) -> tuple[Rule, ...]:
    """An element layer: one hue, darker and more densely hatched where stricter."""
    return _classes(
        Rule(fill=strong, fill_opacity=0.35, hatch="crossed", stroke=line, width=1.2),
        Rule(fill=middle, fill_opacity=0.3, hatch="falling", stroke=line, width=1.0),
        Rule(fill=light, fill_opacity=0.25, stroke=line, width=0.8, dash=(4, 3)),
    )


UNIT_RULES = _classes(
    Rule(fill="#4f9d69", fill_opacity=0.45, hatch="rising", hatch_color="#1f6b3a", stroke="#1f6b3a", width=1.2),
    Rule(fill="#d9705f", fill_opacity=0.42, hatch="dots", hatch_color="#8f2f22", stroke="#8f2f22", width=1.2),
    Rule(fill="#f2dc8c", fill_opacity=0.5, stroke="#97760f", width=0.9),
)
SEA_RULES = _classes(
    Rule(fill="#63b5a5", fill_opacity=0.45, hatch="rising", hatch_color="#1c665a", stroke="#1c665a", width=1.2),
    Rule(fill="#d98a78", fill_opacity=0.4, hatch="dots", hatch_color="#8f2f22", stroke="#8f2f22", width=1.2),
    Rule(fill="#f1e3b0", fill_opacity=0.45, stroke="#97760f", width=0.9, dash=(6, 3)),
)
UNIT_NAMES = Names(12, 18, "#22303c", 12)
SPECIAL_NAMES = Names(13, 18, "#1d2a55", 12)

STYLES: Mapping[str, Style] = {
    "district": Style(
        rules=(Rule(fill="#fbfaf5", fill_opacity=1.0, stroke="#6f7780", width=1.4, dash=(8, 3, 2, 3)),),
        order=0,
        names=Names(0, 11, "#39424b", 14, 600),
        base=True,
    ),
    "water_body": Style(
        rules=(Rule(fill="#b5d6ea", fill_opacity=1.0, stroke="#86b5d1", width=0.6),), order=1, base=True
    ),
    "unit_land": Style(rules=UNIT_RULES, order=10, names=UNIT_NAMES),
    "unit_sea": Style(rules=SEA_RULES, order=11, names=UNIT_NAMES),
    "eco_space": Style(
        rules=(Rule(fill="#9cc79f", fill_opacity=0.3, hatch="upright", hatch_color="#3f7f45", stroke="#3f7f45"),),
        order=20,
    ),
    "water": Style(rules=_theme("#3b7fc4", "#74a9d8", "#b8d4ec", "#1f4f86"), order=21),
    "air": Style(rules=_theme("#7d6fb8", "#a79cd1", "#d3cdea", "#473a85"), order=22),
    "soil": Style(rules=_theme("#a9713d", "#c99d72", "#e6cfb6", "#6b4017"), order=23),
    "resource": Style(rules=_theme("#8a8a3c", "#b3b36c", "#dbdba9", "#55551b"), order=24),
    "shoreline": Style(rules=_theme("#2b8f8f", "#6bb5b5", "#b0d9d9", "#145858"), order=25),
    "protected_area": Style(
        rules=(
            Rule(fill="#5b8c3e", fill_opacity=0.2, hatch="dots", hatch_color="#2c5716", stroke="#2c5716", width=1.8),
        ),
        order=30,
        names=SPECIAL_NAMES,
    ),
    "park": Style(
        rules=(Rule(fill="#8d5fb0", fill_opacity=0.22, stroke="#5d2e86", width=2.0, dash=(7, 4)),),
        order=31,
        names=SPECIAL_NAMES,
    ),
    "water_source": Style(
        rules=(
            Rule(fill="#2f86d6", fill_opacity=0.22, hatch="level", hatch_color="#0f5aa5", stroke="#0f5aa5", width=2.0),
        ),
        order=32,
        names=SPECIAL_NAMES,
    ),
    "sensitive_place": Style(
        rules=(Rule(fill="#e08a1e", fill_opacity=0.6, stroke="#7a4300", width=1.6),), order=33, names=SPECIAL_NAMES
    ),
    "red_line": Style(rules=(Rule(hatch="falling", hatch_color="#d0021b", stroke="#b00018", width=2.4),), order=40),
}
UNKNOWN = Style(rules=(Rule(fill="#9aa1a8", fill_opacity=0.25, stroke="#4d545b"),), order=26, names=SPECIAL_NAMES)
