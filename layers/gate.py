"""The gate: a release that has lost much against the one before needs somebody's name and reason.

A delivery with one row where there were hundreds is well formed; only comparison shows that it is an accident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from screening.crs import Plane
from screening.words import Text

M2_PER_KM2 = 1_000_000.0

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Classes = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a release may lose without a word, as shares of what there was.

    Attributes:
        rows: Zones of a layer, or clauses of the list.
        area: Area of a layer, or of one class in it, lost or gained.
        extent: Width or height of a layer's bounding box.
    """

    rows: float
    area: float
    extent: float


def statistics(shapes: Shapes, classes: Classes, plane: Plane) -> dict[str, Any]:
    """What the gate compares: number of zones, area by class in km² on the plane, bounding box in degrees.

    Args:
        shapes: EPSG:4490 degrees.
        classes: Of each 1/2/3, or 0 for none.
    """
    areas = shapely.area(plane.from_degrees(shapes)) / M2_PER_KM2
    return {
        "rows": len(shapes),
        "area_km2": {str(int(cls)): round(float(areas[classes == cls].sum()), 4) for cls in np.unique(classes)},
        "bounds": [round(float(edge), 6) for edge in shapely.total_bounds(shapes)] if len(shapes) else [],
    }


def compare(old: Mapping[str, Any], new: Mapping[str, Any], limits: Limits) -> list[Text]:
    """Everything in which a new release fell behind the old one by more than the limits.

    Args:
        old, new: Manifests with `statistics` by layer and `clauses`.
    """
    losses = list(_fewer("access_list", old["clauses"], new["clauses"], limits.rows))
    for layer_id, before in old["statistics"].items():
        after = new["statistics"].get(layer_id)
        if after is None:
            losses.append(Text(f"图层 {layer_id} 不见了", f"layer {layer_id} is gone"))
            continue
        losses += _fewer(layer_id, before["rows"], after["rows"], limits.rows)
        losses += _areas(layer_id, before["area_km2"], after["area_km2"], limits.area)
        losses += _extents(layer_id, before["bounds"], after["bounds"], limits.extent)
    return losses


def _fewer(what: str, before: int, after: int, most: float) -> Iterator[Text]:
    if after < before * (1 - most):
        yield Text(f"{what}：从 {before} 条减为 {after} 条", f"{what}: {before} rows became {after}")


def _areas(layer_id: str, before: Mapping[str, float], after: Mapping[str, float], most: float) -> Iterator[Text]:
    for cls, km2 in before.items():
        now = after.get(cls, 0.0)
        if abs(now - km2) > most * km2:
            yield Text(
                f"{layer_id} 第 {cls} 类面积从 {km2:,.2f} 变为 {now:,.2f} km²",
                f"{layer_id} class {cls}: area went from {km2:,.2f} to {now:,.2f} km²",
            )


def _extents(layer_id: str, before: list[float], after: list[float], most: float) -> Iterator[Text]:
    if not before:
        return
    if not after:
        yield Text(f"{layer_id} 没有图形了", f"{layer_id} has no shapes left")
        return
    for axis, zh, en in ((0, "东西", "west-east"), (1, "南北", "south-north")):
        was, now = before[axis + 2] - before[axis], after[axis + 2] - after[axis]
        if now < was * (1 - most):
            yield Text(
                f"{layer_id} {zh}范围从 {was:.3f}° 缩为 {now:.3f}°",
                f"{layer_id}: {en} extent {was:.3f}° became {now:.3f}°",
            )
