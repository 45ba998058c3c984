"""勘测定界界址点坐标交换格式: the boundary-point text of land administration, in the dialects met.

`[属性描述]` with `name=value` lines, `[地块坐标]` with a line ending in `@` before each parcel and one line a point:
number, ring, x (north), y (east). Writers differ in order, prefix, closing point, brackets, number of fields and encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.sites.parcels import MOST_POINTS, Parcel, RawFile, decoded
from screening.errors import SiteFileError, UnreadableSiteError
from screening.hints import read_hints
from screening.numerals import Number, Unit, plain_marks, read_records
from screening.readings import Declaration
from screening.shapes import Kind, structure
from screening.words import Text

KIND = Text("界址点坐标文件", "boundary-point text")
_SECTION = re.compile(r"^\s*\[\s*(?P<name>[^\]]+?)\s*\]\s*$")
_SETTING = re.compile(r"^\s*(?P<name>[^=,]{1,20}?)\s*=\s*(?P<value>.*?)\s*$")
_AREA = re.compile(r"^\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>公顷|ha|平方米|㎡|m2|m²|亩)?\s*$", re.IGNORECASE)
_SQUARE_METRES = {"公顷": 1e4, "ha": 1e4, "": 1e4, "平方米": 1.0, "㎡": 1.0, "m2": 1.0, "m²": 1.0, "亩": 10_000 / 15}
_SHAPES = {"面": Kind.AREA, "线": Kind.LINE, "点": Kind.POINT}
_POINT_SECTIONS = ("地块坐标", "坐标", "界址点坐标")


@dataclass(slots=True)
class _Open:
    """A parcel being read."""

    line: int
    head: list[str]
    rings: list[int] = field(default_factory=list)
    points: list[tuple[Number, Number]] = field(default_factory=list)


def is_boundary_text(text: str) -> bool:
    """Whether a text has the sections of the exchange format, or parcel lines that end in `@`."""
    plain = plain_marks(text)
    return bool(
        re.search(
            r"^\s*[\[【]\s*(?:属性描述|地块坐标)|@\s*$", plain.replace("】", "]").replace("【", "["), re.MULTILINE
        )
    )


def read_boundary_points(path: Path) -> RawFile:
    """The parcels of a boundary-point text.

    Raises:
        SiteFileError: It is no such text, holds no parcel, or names a coordinate system that cannot be used.
    """
    text, encoding = decoded(path)
    lines = plain_marks(text).replace("【", "[").replace("】", "]").splitlines()
    settings: dict[str, str] = {}
    issues: list[Issue] = []
    parcels: list[_Open] = []
    section = ""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if found := _SECTION.match(line):
            section = found["name"]
        elif (found := _SETTING.match(line)) and not parcels:
            settings[found["name"]] = found["value"]
        elif section in ("", *_POINT_SECTIONS):
            _take(line, number, parcels, issues, path.name)
        else:
            issues.append(error(path.name, f"{number}", Text(f"看不懂：{line[:40]}", f"not understood: {line[:40]}")))
    if not parcels:
        cure = Text("请按“[地块坐标]”格式导出，或逐行写坐标。", "Export it with [地块坐标], or write one point a line.")
        raise SiteFileError.of(path.name, Text("没有地块", "holds no parcel"), cure)
    told = _told(path.name, settings)
    read = [parcel for one in parcels for parcel in _parcels(one, path.name, issues)]
    steps = [number.step for one in parcels for pair in one.points for number in pair]
    return RawFile(
        kind=KIND,
        parcels=tuple(read),
        issues=tuple(issues),
        step=min(steps, default=1.0),
        unit=_unit(settings),
        told=told,
        notes=(Text(f"编码 {encoding}", f"encoding {encoding}"),),
    )


def _take(line: str, number: int, parcels: list[_Open], issues: list[Issue], file: str) -> None:
    """One line under the coordinates: the head of a parcel, or a point of the parcel open."""
    fields = [one.strip() for one in line.strip().split(",")]
    if fields[-1].endswith("@"):
        fields[-1] = fields[-1].removesuffix("@").strip()
        parcels.append(_Open(line=number, head=fields))
        return
    point = _point(line)
    if point is None:
        issues.append(error(file, f"{number}", Text(f"不是界址点：{line[:40]}", f"no boundary point: {line[:40]}")))
        return
    if not parcels:
        parcels.append(_Open(line=number, head=[]))
    ring, first, second = point
    parcels[-1].rings.append(ring)
    parcels[-1].points.append((first, second))
    if len(parcels[-1].points) > MOST_POINTS:
        cure = Text("请只保留选址边界。", "Keep the site boundary only.")
        raise SiteFileError.of(file, Text("点数过多", "has too many points"), cure)


def _point(line: str) -> tuple[int, Number, Number] | None:
    """Ring and two numbers of `J1,1,x,y`, `J1,x,y`, `1,1,x,y` or `x,y`, perhaps with a height; None for anything else."""
    try:
        rows = read_records(line).rows
    except UnreadableSiteError:
        return None
    if len(rows) != 1:
        return None
    numbers = list(rows[0].numbers)
    counting = [one for one in numbers[:2] if one.whole and one.unit is None and 0 <= one.value <= 9999]
    leading = len(counting) if len(numbers) > 2 else 0
    body = numbers[leading:]
    has_ring = leading == 2 or (leading == 1 and bool(rows[0].label))
    ring = int(counting[-1].value) if has_ring else 0
    if len(body) not in (2, 3) or not all(np.isfinite(one.value) for one in body):
        return None
    return ring, body[0], body[1]


def _told(file: str, settings: dict[str, str]) -> Declaration:
    """What the header says of the coordinate system."""
    names = {"坐标系": "", "投影类型": "", "几度分带": "几度分带=", "带号": "带号=", "中央子午线": "中央子午线="}
    said = " ".join(f"{mark}{settings[name]}" for name, mark in names.items() if settings.get(name))
    try:
        hints = read_hints(plain_marks(said))
    except UnreadableSiteError as problem:
        cure = Text("请由测绘单位换算为 2000 国家大地坐标系后提交。", "Have the surveyor convert it to CGCS2000.")
        raise SiteFileError.of(file, problem.why, cure, value=said) from problem
    return Declaration(
        datum=hints.datum, zone=hints.zone, belt_width=hints.belt_width, meridian=hints.meridian, epsg=hints.epsg
    )


def _unit(settings: dict[str, str]) -> Unit | None:
    match settings.get("计量单位", "").strip():
        case "度" | "degree" | "经纬度":
            return Unit.DEGREE
        case "米" | "m" | "metre":
            return Unit.METRE
        case _:
            return None


def _parcels(one: _Open, file: str, issues: list[Issue]) -> list[Parcel]:
    """The parcel of a head and its points, or one for each of its points; none with an issue if they make no shape."""
    place = f"{one.line}"
    issues += _faults(one, file, place)
    shapes = _shapes(one)
    if not shapes:
        issues.append(error(file, place, Text("点不足以围成地块", "the points enclose nothing")))
    head = [*one.head, *[""] * (8 - len(one.head))]
    number, name = (head[2], head[3]) if one.head else ("", "")
    keys = ("图幅号", "地块用途", "地类编码")
    attributes = {"地块编号": number, **dict(zip(keys, head[5:8], strict=True))} if one.head else {}
    area_m2 = _area_m2(head[1]) if len(shapes) == 1 else None
    return [
        Parcel(place=place, name=name or number, shape=shape, declared_area_m2=area_m2, attributes=attributes)
        for shape in shapes
    ]


def _faults(one: _Open, file: str, place: str) -> Iterator[Issue]:
    if not one.head:
        return
    count = one.head[0]
    closing = 1 if len(one.points) > 1 and _values(one)[0].tolist() == _values(one)[-1].tolist() else 0
    rings = max(1, len(set(one.rings)))
    if not count.isdigit():
        yield warning(file, place, Text(f"点数“{count}”不是整数", f"the number of points “{count}” is no number"))
    elif not len(one.points) - max(closing, rings) <= int(count) <= len(one.points):
        what = Text(
            f"写明 {count} 个点，实有 {len(one.points)} 个，文件可能不全",
            f"says {count} points and holds {len(one.points)}; the file may be cut short",
        )
        yield error(file, place, what)
    if len(one.head) > 1 and one.head[1] and _AREA.match(one.head[1]) is None:
        yield warning(file, place, Text(f"面积“{one.head[1]}”看不懂", f"the area “{one.head[1]}” is not understood"))


def _area_m2(written: str) -> float | None:
    found = _AREA.match(written)
    if found is None or float(found["value"]) == 0:
        return None
    return float(found["value"]) * _SQUARE_METRES[(found["unit"] or "").lower()]


def _values(one: _Open) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[first.value, second.value] for first, second in one.points])


def _shapes(one: _Open) -> list[BaseGeometry]:
    if not one.points:
        return []
    values = _values(one)
    kind = _SHAPES.get(one.head[4]) if len(one.head) > 4 else None
    if kind is Kind.POINT:
        return list(shapely.points(values))
    if kind is Kind.LINE:
        return [shapely.LineString(values)] if len(values) > 1 else []
    made = structure(values, one.rings if any(one.rings) else ())
    if made is None or (kind is Kind.AREA and made.kind is not Kind.AREA):
        return []
    return [made.build(values)]
