"""Positional accuracy: does a site certainly lie in a zone, or only within the accuracy to which both are known?

The model is the epsilon band (J. Perkal, "On epsilon length", Bulletin de l'Académie polonaise des sciences 4, 1956;
N. R. Chrisman, "A theory of cartographic error and its measurement in digital data bases", Auto-Carto 5, 1982): a line
known to ±ε lies somewhere within ε of where it is drawn. ε is the layer's accuracy plus the site's.

An overlap with any point deeper than ε inside the zone survives every shift of the lines and is certain. One that is
nowhere so deep is borderline, and a person decides. Beside a zone, the published line is the line of the law: to adjoin is not
to overlap, however near, unless the site itself is what is not well placed: known worse than the layer, or so small
that nothing of it is deeper than ε. Then every zone within ε is possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from screening.overlay import Measure, Relation, areal

FLIP_STEP_M = 0.01  # how finely the distance to flip is found


class Certainty(StrEnum):
    """How sure the relation of a site to a zone is, as far as positions go."""

    CERTAIN = "certain"  # 确定
    BORDERLINE = "borderline"  # 临界: it may lie in the zone or not
    BESIDE = "beside"  # 相邻: no overlap, though within the accuracy of the line


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What accuracy makes of one relation, on the plane.

    Attributes:
        width_m: Accuracy of the layer plus that of the site (ε).
        least_m2: Overlap area that survives every shift within the accuracy.
        most_m2: Overlap area that is possible within it.
        flip_m: How far the lines must shift for a borderline relation to become its opposite; None otherwise.
        local: The zone around the site, where its edge comes within the accuracy; None where no edge does.
        deep: The part of the overlap that lies deeper than the accuracy; None where there is none.
    """

    width_m: float
    certainty: Certainty
    least_m2: float
    most_m2: float
    flip_m: float | None = None
    is_well_placed: bool = True
    local: BaseGeometry | None = None
    deep: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """A site on the plane with its accuracy, asked about many zones.

    Attributes:
        accuracy_m: Of the site; zero where nobody stated any.
    """

    shape: BaseGeometry
    accuracy_m: float = 0.0
    _grown: dict[float, BaseGeometry] = field(default_factory=dict, repr=False)
    _resolved: dict[float, bool] = field(default_factory=dict, repr=False)

    def band_width(self, layer_accuracy_m: float) -> float:
        """How far lines of such a layer and the site may shift against each other, metres."""
        return layer_accuracy_m + self.accuracy_m

    def is_well_placed(self, layer_accuracy_m: float) -> bool:
        """Whether the site is known as well as the layer and is large enough to be told apart from its neighbours."""
        width = self.band_width(layer_accuracy_m)
        if width not in self._resolved:
            self._resolved[width] = width == 0.0 or not shapely.buffer(self.shape, -width).is_empty
        return self.accuracy_m <= layer_accuracy_m and self._resolved[width]

    def grown(self, width_m: float) -> BaseGeometry:
        """The site with everything within a distance of it."""
        if width_m not in self._grown:
            self._grown[width_m] = shapely.buffer(self.shape, width_m)
        return self._grown[width_m]


def band(footprint: Footprint, zone: BaseGeometry, found: Measure, layer_accuracy_m: float) -> Band:
    """What the accuracy of a layer and a site makes of their relation.

    Args:
        zone: On the plane of the footprint; prepared where it answers often.
        found: What `measure` found for the two.

    >>> from screening.overlay import measure
    >>> site, park = shapely.box(0, 0, 100, 100), shapely.box(95, 0, 300, 100)
    >>> found = band(Footprint(site), park, measure(site, park), 10.0)
    >>> found.certainty.value, found.least_m2, round(found.flip_m, 1)
    ('borderline', 0.0, 5.0)
    >>> beside = shapely.box(100, 0, 300, 100)
    >>> band(Footprint(site), beside, measure(site, beside), 10.0).certainty.value
    'beside'
    """
    width = footprint.band_width(layer_accuracy_m)
    well_placed = footprint.is_well_placed(layer_accuracy_m)
    overlaps = found.relation is Relation.OVERLAPS
    clear = width == 0.0 or (found.distance_m > width if not overlaps else _is_far_inside(footprint, zone, width))
    if clear:
        return Band(
            width_m=width,
            certainty=Certainty.CERTAIN,
            least_m2=found.area_m2,
            most_m2=found.area_m2,
            is_well_placed=well_placed,
            deep=found.overlap,
        )
    local = _around(footprint.shape, zone, width)
    most = shapely.intersection(footprint.shape, shapely.buffer(local, width)).area
    if not overlaps:
        return Band(
            width_m=width,
            certainty=Certainty.BESIDE if well_placed else Certainty.BORDERLINE,
            least_m2=0.0,
            most_m2=most,
            flip_m=None if well_placed else found.distance_m,
            is_well_placed=well_placed,
            local=local,
        )
    overlap = footprint.shape if found.overlap is None else found.overlap
    deep = deeper_than(overlap, local, width)
    return Band(
        width_m=width,
        certainty=Certainty.BORDERLINE if deep is None else Certainty.CERTAIN,
        least_m2=0.0 if deep is None else deep.area,
        most_m2=max(most, found.area_m2),
        flip_m=_depth(overlap, local, width) if deep is None else None,
        is_well_placed=well_placed,
        local=local,
        deep=deep,
    )


def deeper_than(part: BaseGeometry, zone: BaseGeometry, depth_m: float) -> BaseGeometry | None:
    """What of a part of a zone lies farther than a depth from the zone's edge; None if nothing does."""
    if part.area == 0.0:
        return part if shapely.distance(part, zone.boundary) > depth_m else None
    rest = areal(shapely.difference(part, shapely.buffer(zone.boundary, depth_m)))
    return None if rest.is_empty else rest


def deep_in_any(shape: BaseGeometry, bands: Sequence[tuple[Band, BaseGeometry | None]]) -> BaseGeometry | None:
    """The part of a site that certainly lies in at least one of several zones of one layer; None if no part does.

    Args:
        shape: The site on the plane.
        bands: Band and overlap of each zone. A border between two of them is no border of the whole.
    """
    whole = [overlap for one, overlap in bands if overlap is not None and one.local is None]
    if whole:
        return shape
    overlaps = [overlap for _, overlap in bands if overlap is not None]
    if not overlaps:
        return None
    together = shapely.union_all([one.local for one, _ in bands if one.local is not None])
    return deeper_than(shapely.union_all(overlaps), together, max(one.width_m for one, _ in bands))


def _is_far_inside(footprint: Footprint, zone: BaseGeometry, width_m: float) -> bool:
    return bool(shapely.contains_properly(zone, footprint.grown(width_m)))


def _around(shape: BaseGeometry, zone: BaseGeometry, width_m: float) -> BaseGeometry:
    """The zone in a window so much larger than the site that the window's frame is beyond all bands."""
    west, south, east, north = shape.bounds
    margin = 2 * width_m + 1.0
    window = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return areal(shapely.intersection(zone, window))


def _depth(part: BaseGeometry, zone: BaseGeometry, most_m: float) -> float:
    """How deep a part of a zone reaches below its edge, metres, found by halving."""
    if part.area == 0.0:
        return float(shapely.distance(part, zone.boundary))
    low, high = 0.0, most_m
    while high - low > FLIP_STEP_M:
        middle = (low + high) / 2
        low, high = (middle, high) if deeper_than(part, zone, middle) is not None else (low, middle)
    return high
