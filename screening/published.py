"""公开程度: what of a layer's geometry a city publishes, and how coarsely measures against the rest are told.

An answer rests on the exact lines; what is told of a layer that is not published in full is rounded, so that one answer
says no more of the line than in which strip of the stated step it runs (`docs/adr/0019-published-geometry.md`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from shapely.geometry.base import BaseGeometry

from screening.words import Text


class Shown(StrEnum):
    """公开方式 of a layer."""

    FULL = "full"  # 全图公开
    GENERALISED = "generalised"  # 概化公开
    HIDDEN = "hidden"  # 不公开图形


SHOWN = {
    Shown.FULL: Text("公开", "published"),
    Shown.GENERALISED: Text("概化公开", "published generalised"),
    Shown.HIDDEN: Text("图形不公开", "geometry not published"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A city's decision on one layer that it does not publish in full.

    Attributes:
        step_m: Metres to which lines are generalised and measures are rounded.
        source: The document that decided it.
    """

    shown: Shown
    step_m: float
    source: Text
    decided_on: date

    @property
    def cell_m2(self) -> float:
        """Step to which areas of whole zones are rounded, square metres."""
        return self.step_m * self.step_m


def shows_more(one: Disclosure | None, other: Disclosure | None) -> bool:
    """Whether one decision, or none, lets more be seen than another.

    >>> from datetime import date
    >>> at = {"source": Text("", ""), "decided_on": date(2026, 1, 1)}
    >>> coarse = Disclosure(shown=Shown.GENERALISED, step_m=200.0, **at)
    >>> shows_more(None, coarse), shows_more(coarse, None), shows_more(coarse, coarse)
    (True, False, False)
    >>> shows_more(coarse, Disclosure(shown=Shown.HIDDEN, step_m=50.0, **at))
    True
    """
    if one is None or other is None:
        return other is not None
    if one.shown is not other.shown:
        return other.shown is Shown.HIDDEN
    return one.shown is Shown.GENERALISED and one.step_m < other.step_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the public sees of one zone.

    Attributes:
        disclosure: Of its layer.
        shape: On the plane; empty where nothing is shown.
    """

    disclosure: Disclosure
    shape: BaseGeometry


def disclosed_words(disclosure: Disclosure) -> Text:
    """The decision in half a sentence.

    >>> from datetime import date
    >>> disclosed_words(
    ...     Disclosure(shown=Shown.GENERALISED, step_m=200.0, source=Text("", ""), decided_on=date(2026, 1, 1))
    ... ).en
    'published generalised to 200 m; measures are rounded to that'
    """
    step = f"{disclosure.step_m:g}"
    if disclosure.shown is Shown.GENERALISED:
        return Text(
            f"图形概化至 {step} m 公开，量算结果按此取整",
            f"published generalised to {step} m; measures are rounded to that",
        )
    return Text(f"图形不公开，量算结果按 {step} m 取整", f"geometry not published; measures are rounded to {step} m")


def floored(value: float, step: float) -> float:
    """The greatest multiple of a step that is not more.

    >>> floored(399.9, 200.0), floored(5.0, 200.0)
    (200.0, 0.0)
    """
    return math.floor(value / step) * step


def nearest(value: float, step: float) -> float:
    """The nearest multiple of a step.

    >>> nearest(310.0, 200.0), nearest(90.0, 200.0)
    (400.0, 0.0)
    """
    return math.floor(value / step + 0.5) * step


def share_step(site: BaseGeometry, step_m: float) -> float:
    """The share of a site that a line gains or loses, at most, when it moves by a step across a convex site.

    A line through a convex site is no longer than half its outline; a site narrower than the step gives a step of one or
    more, so that nothing but "none", "part" or "all" is told of it.

    Args:
        site: On the plane.

    >>> import shapely
    >>> share_step(shapely.box(0, 0, 1000, 1000), 100.0), share_step(shapely.box(0, 0, 10, 10), 100.0)
    (0.2, 20.0)
    """
    hull = site.convex_hull
    return math.inf if hull.area == 0.0 or site.area == 0.0 else step_m * hull.length / 2 / site.area


def coarse_share(share: float, step: float) -> float:
    """A share rounded so that none stays none, all stays all, and part stays part; one half where a step is all.

    >>> coarse_share(0.31, 0.2), coarse_share(0.01, 0.2), coarse_share(0.3, 5.0), coarse_share(1.0, 0.2)
    (0.4, 0.2, 0.5, 1.0)
    """
    if share <= 0.0 or share >= 1.0:
        return min(max(share, 0.0), 1.0)
    if step >= 0.5:
        return 0.5
    parts = math.ceil(1 / step) - 1  # multiples strictly between none and all
    return round(float(np.clip(math.floor(share / step + 0.5), 1, parts)) * step, 6)
