"""The difference of two releases as lines and as a page that stands alone: no outside file, a map drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import Environment, PackageLoader, StrictUndefined

from layers.difference import Difference, RowChange, ZoneChange
from screening.words import Language, Text

KIND: dict[str, Text] = {
    "appeared": Text("新增", "appeared"),
    "vanished": Text("消失", "vanished"),
    "class": Text("管控分类改变", "class changed"),
    "name": Text("更名", "renamed"),
    "attributes": Text("属性改变", "attributes changed"),
    "moved": Text("边界改变", "border moved"),
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "changed": Text("修改", "changed"),
}
LABELS: dict[str, Text] = {
    "title": Text("版本比较", "Difference of two releases"),
    "none": Text("内容没有变化。", "Nothing changed."),
    "zones": Text("单元与分区", "Units and zones"),
    "rows": Text("条款、上线与目标", "Clauses, ceilings and objectives"),
    "layer": Text("图层", "Layer"),
    "code": Text("编码", "Code"),
    "name": Text("名称", "Name"),
    "change": Text("变化", "Change"),
    "before": Text("原", "Before"),
    "after": Text("现", "After"),
    "gained": Text("增加 m²", "Gained m²"),
    "lost": Text("减少 m²", "Lost m²"),
    "place": Text("位置", "Place"),
    "withheld": Text("不公开", "not published"),
    "key": Text("编号", "Key"),
    "text": Text("内容", "Content"),
    "map": Text("变化位置示意（经纬度）", "Where it changed (degrees)"),
}
_PAGES = Environment(loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
_MAP_SIDE = 480


def difference_lines(found: Difference, language: Language) -> list[str]:
    """One line a change."""
    lines = [f"{found.old} → {found.new}"]
    lines += [_zone_line(one, language) for one in found.zones]
    lines += [_row_line(one, language) for one in found.rows]
    return lines if len(lines) > 1 else [*lines, LABELS["none"].in_(language)]


def difference_page(found: Difference, language: Language) -> str:
    """A whole HTML page."""
    return _PAGES.get_template("difference.html").render(
        found=found,
        language=language,
        kind={name: text.in_(language) for name, text in KIND.items()},
        t={name: text.in_(language) for name, text in LABELS.items()},
        dots=list(_dots(found.zones)),
        side=_MAP_SIDE,
    )


def _zone_line(one: ZoneChange, language: Language) -> str:
    what = KIND[one.kind].in_(language)
    detail = f": {one.before} → {one.after}" if one.before or one.after else ""
    areas = f" (+{one.gained_m2:,.1f} / −{one.lost_m2:,.1f} m²)" if one.gained_m2 or one.lost_m2 else ""
    place = f" @ {one.longitude}, {one.latitude}" if one.longitude is not None else ""
    return f"{one.layer} {one.code} {one.name}: {what}{detail}{areas}{place}"


def _row_line(one: RowChange, language: Language) -> str:
    fields = "; ".join(f"{name}: {before} → {after}" for name, before, after in one.fields)
    return f"{one.table} {one.key}: {KIND[one.kind].in_(language)} {fields or one.text}"


def _dots(changes: tuple[ZoneChange, ...]) -> Iterable[tuple[float, float, ZoneChange]]:
    """Places of changes on a square, north up, longitude shrunk as at the middle latitude's 36°."""
    placed = [
        (one.longitude, one.latitude, one) for one in changes if one.longitude is not None and one.latitude is not None
    ]
    if not placed:
        return
    west, east = min(lon for lon, _, _ in placed), max(lon for lon, _, _ in placed)
    south, north = min(lat for _, lat, _ in placed), max(lat for _, lat, _ in placed)
    span = max(east - west, north - south, 0.01)
    for lon, lat, one in placed:
        x = 20 + (_MAP_SIDE - 40) * (lon - west) / span
        y = 20 + (_MAP_SIDE - 40) * (north - lat) / span
        yield round(x, 1), round(y, 1), one
