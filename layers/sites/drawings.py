"""DXF drawings: closed polylines and circles as areas, their arcs as arcs; nothing left out without a word.

A drawing has no coordinate system; the size of its numbers and the jurisdiction decide, or a question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from ezdxf.document import Drawing
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.sites.parcels import MOST_POINTS, MOST_SITES, Parcel, RawFile, too_much
from screening.crs import Points
from screening.errors import SiteFileError
from screening.numerals import Unit
from screening.words import Text

KIND = Text("DXF 图形", "DXF drawing")
ARC_TOLERANCE_M = 0.01  # how far a drawn arc may lie from the segments that stand for it; a tenth of survey accuracy
_GAP = 0.001  # ends of an open polyline nearer than a millimetre meet
_WRITTEN_STEP = 0.001  # drawings are made in millimetres; the binary numbers behind them say nothing of precision
_DEGREE_STEP = 1e-8
_TAIL_BYTES = 256
_AREAS = ("LWPOLYLINE", "POLYLINE", "CIRCLE", "ELLIPSE", "SPLINE")
_WORDS = ("TEXT", "MTEXT")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One outline of a drawing."""

    layer: str
    handle: str
    points: Points
    is_closed: bool


def read_drawing(path: Path, layers: tuple[str, ...] = ()) -> RawFile:
    """The closed outlines of a DXF drawing.

    Args:
        path: A `.dxf`, text or binary.
        layers: Only these layers; empty for all.

    Raises:
        SiteFileError: It is no DXF, is damaged, holds no closed outline or too many, or has no such layer.
    """
    drawing = _opened(path)
    known = sorted({layer.dxf.name for layer in drawing.layers} | {one.dxf.layer for one in drawing.modelspace()})
    unknown = [one for one in layers if one not in known]
    if unknown:
        what = Text(f"没有图层“{unknown[0]}”", f"has no layer “{unknown[0]}”")
        raise SiteFileError.of(path.name, what, Text("请核对图层名。", "Check the layer's name."), candidates=known)
    wanted = [one for one in drawing.modelspace() if not layers or one.dxf.layer in layers]
    issues: list[Issue] = []
    outlines = list(_outlines(wanted, path.name, issues))
    _require_some(path.name, outlines, wanted)
    issues += _unread(wanted, path.name)
    issues += _nested(outlines, path.name)
    words = list(_words(wanted))
    parcels = [_parcel(one, words) for one in outlines]
    return RawFile(
        kind=KIND,
        parcels=tuple(parcels),
        issues=tuple(issues),
        step=_DEGREE_STEP if _may_be_degrees(outlines) else _WRITTEN_STEP,
        unit=None if _may_be_degrees(outlines) else Unit.METRE,
        notes=(Text(f"弧线按 {ARC_TOLERANCE_M:g} m 以内加密", f"arcs densified to within {ARC_TOLERANCE_M:g} m"),),
    )


def arc_points(start: Points, end: Points, bulge: float, tolerance: float) -> Points:
    """Points of a polyline's arc between two corners, both left out.

    Args:
        start: x, y.
        end: x, y.
        bulge: Tangent of a quarter of the angle the arc turns through; positive is anticlockwise.
        tolerance: How far the chords may lie from the arc, in the unit of the corners.

    Returns:
        Shape (n, 2); empty where the arc is flatter than the tolerance.
    """
    chord = float(np.hypot(*(end - start)))
    if abs(bulge) * chord / 2 <= tolerance:  # the arc's height over its chord
        return np.empty((0, 2))
    angle = 4 * math.atan(bulge)
    radius = chord / 2 / abs(math.sin(angle / 2))
    middle = (start + end) / 2
    across = np.array([-(end - start)[1], (end - start)[0]]) / chord
    centre = middle + across * (chord / 2) / math.tan(angle / 2)
    step = 4 * math.asin(math.sqrt(min(tolerance, radius) / radius / 2))  # whose chord is the tolerance off the arc
    count = max(1, math.ceil(abs(angle) / step))
    first = math.atan2(*(start - centre)[::-1])
    turns = first + angle * np.arange(1, count) / count
    found: Points = centre + radius * np.column_stack([np.cos(turns), np.sin(turns)])
    return found


def _opened(path: Path) -> Drawing:
    """The drawing; one without its closing mark is cut short, which `ezdxf` may pass over."""
    try:
        if b"EOF" not in path.read_bytes()[-_TAIL_BYTES:]:
            raise DXFError("no EOF: cut short / 文件不完整")
        return readfile(path)
    except (OSError, DXFError, UnicodeDecodeError, ValueError, IndexError, KeyError) as problem:
        raise SiteFileError.of(
            path.name,
            Text(f"不是完好的 DXF：{problem}", f"is no sound DXF: {problem}"),
            Text(
                "请在 CAD 中另存为 DXF（R2000 以上；DWG 请先转换）。",
                "Save it as DXF (R2000 or later) from CAD; convert a DWG first.",
            ),
        ) from problem


def _outlines(wanted: Iterable[Any], file: str, issues: list[Issue]) -> Iterator[_Drawn]:
    for entity in wanted:
        if entity.dxftype() not in _AREAS:
            continue
        drawn = _drawn(entity)
        if drawn is None or len(drawn.points) < 3:
            issues.append(error(file, _place(entity), Text("点太少，围不成面", "too few points for an area")))
            continue
        if not np.isfinite(drawn.points).all():
            issues.append(error(file, _place(entity), Text("坐标不是有限的数", "a coordinate is no finite number")))
            continue
        gap = float(np.hypot(*(drawn.points[0] - drawn.points[-1])))
        if drawn.is_closed:
            yield drawn
        elif gap <= _GAP:
            issues.append(
                warning(file, _place(entity), Text("首尾相接但未设闭合，按闭合读取", "ends meet; read as closed"))
            )
            yield drawn
        else:
            what = Text(f"多段线未闭合，缺口 {gap:.3f}", f"the polyline is open, with a gap of {gap:.3f}")
            issues.append(error(file, _place(entity), what))


def _drawn(entity: Any) -> _Drawn | None:
    """An entity's points in the world's coordinates; None for a mesh."""
    match entity.dxftype():
        case "LWPOLYLINE":
            corners = [(x, y, bulge) for x, y, bulge in entity.get_points("xyb")]
            points, is_closed = _with_arcs(corners, entity.closed), bool(entity.closed)
        case "POLYLINE":
            if not (entity.is_2d_polyline or entity.is_3d_polyline):
                return None
            corners = [(v.dxf.location.x, v.dxf.location.y, v.dxf.get("bulge", 0.0)) for v in entity.vertices]
            points, is_closed = _with_arcs(corners, entity.is_closed), bool(entity.is_closed)
        case _:
            curve = np.array([(p.x, p.y) for p in entity.flattening(ARC_TOLERANCE_M)])
            is_closed = entity.dxftype() == "CIRCLE" or bool(np.allclose(curve[0], curve[-1], atol=_GAP))
            return _Drawn(entity.dxf.layer, entity.dxf.handle or "", curve, is_closed)
    mirror = entity.ocs() if entity.dxftype() != "POLYLINE" or entity.is_2d_polyline else None
    if mirror is not None and mirror.transform:
        points = np.array([(p.x, p.y) for p in mirror.points_to_wcs([(x, y, 0.0) for x, y in points])])
    return _Drawn(entity.dxf.layer, entity.dxf.handle or "", points, is_closed)


def _with_arcs(corners: list[tuple[float, float, float]], is_closed: bool) -> Points:
    pieces: list[Points] = []
    for at, (x, y, bulge) in enumerate(corners):
        pieces.append(np.array([[x, y]]))
        if bulge and (is_closed or at + 1 < len(corners)):
            following = corners[(at + 1) % len(corners)]
            pieces.append(arc_points(np.array([x, y]), np.array(following[:2]), bulge, ARC_TOLERANCE_M))
    return np.concatenate(pieces) if pieces else np.empty((0, 2))


def _require_some(file: str, outlines: list[_Drawn], wanted: list[Any]) -> None:
    corners = sum(len(one.points) for one in outlines)
    if len(outlines) > MOST_SITES or corners > MOST_POINTS:
        raise too_much(file, len(outlines), corners, candidates=sorted({one.layer for one in outlines})[:20])
    if not outlines and not any(one.dxftype() in _AREAS for one in wanted):
        kinds = ", ".join(sorted({one.dxftype() for one in wanted})) or "—"
        what = Text(f"没有闭合的边界线（只有 {kinds}）", f"holds no closed outline (only {kinds})")
        cure = Text("请把边界画成一条闭合的多段线。", "Draw the boundary as one closed polyline.")
        raise SiteFileError.of(file, what, cure)


def _unread(wanted: list[Any], file: str) -> Iterator[Issue]:
    """What the drawing holds besides outlines and words, counted, so that nothing is dropped unseen."""
    counts = Counter((one.dxf.layer, one.dxftype()) for one in wanted if one.dxftype() not in (*_AREAS, *_WORDS))
    for (layer, kind), count in sorted(counts.items()):
        what = Text(f"{count} 个 {kind} 未作为边界读取", f"{count} of {kind} not read as boundaries")
        yield warning(file, layer, what)


def _nested(outlines: list[_Drawn], file: str) -> Iterator[Issue]:
    faces = [shapely.Polygon(one.points) for one in outlines]
    tree = shapely.STRtree(faces)
    for inner, face in enumerate(faces):
        around = [int(o) for o in tree.query(face, predicate="covered_by") if o != inner and faces[o].area > face.area]
        if around:
            place = f"{outlines[inner].layer} #{outlines[inner].handle}"
            what = Text(
                "位于另一闭合图形之内：是扣除部分还是另一处选址，请说明；现按另一处读取",
                "lies inside another outline: a hole or a site of its own? Read as a site of its own",
            )
            yield warning(file, place, what)


def _words(wanted: Iterable[Any]) -> Iterator[tuple[BaseGeometry, str]]:
    for entity in wanted:
        if entity.dxftype() in _WORDS:
            at = entity.dxf.insert
            text = entity.plain_text().strip() if entity.dxftype() == "MTEXT" else str(entity.dxf.text).strip()
            if text:
                yield shapely.Point(at.x, at.y), text


def _parcel(one: _Drawn, words: list[tuple[BaseGeometry, str]]) -> Parcel:
    """An outline with the one text inside it as its name."""
    face = shapely.Polygon(one.points)
    inside = [text for point, text in words if shapely.is_valid(face) and face.covers(point)]
    name = inside[0] if len(inside) == 1 else ""
    return Parcel(place=f"{one.layer} #{one.handle}", name=name, shape=face, attributes={"图层": one.layer})


def _place(entity: Any) -> str:
    return f"{entity.dxf.layer} #{entity.dxf.handle}"


def _may_be_degrees(outlines: list[_Drawn]) -> bool:
    return all(bool((np.abs(one.points) <= 180).all()) for one in outlines)
