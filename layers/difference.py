"""What changed from one release to another, as people read it: units, zones, clauses, lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from layers.jurisdiction import read_jurisdiction
from layers.release import read_document, read_manifest, read_zones
from screening.crs import Plane
from screening.overlay import THREAD_WIDTH_M
from screening.published import nearest

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneChange:
    """One zone that appeared, vanished, or is no longer the same.

    Attributes:
        kind: `appeared`, `vanished`, `class`, `name`, `attributes`, or `moved`; a zone may have several.
        before, after: What it was and is, in words; empty where there is nothing to say.
        gained_m2, lost_m2: Area on the plane, for shapes that moved, appeared or vanished.
        longitude, latitude: A point in the greatest piece that changed, EPSG:4490; None where it is not published.
    """

    layer: str
    code: str
    name: str
    kind: str
    before: str
    after: str
    gained_m2: float
    lost_m2: float
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One clause or line that was added, removed, or reads otherwise.

    Attributes:
        fields: For a changed row, each field with what it was and is.
    """

    table: str
    key: str
    kind: str
    text: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that changed between two releases."""

    old: str
    new: str
    zones: tuple[ZoneChange, ...]
    rows: tuple[RowChange, ...]

    def count(self, kind: str) -> int:
        """How many changes of one kind there are."""
        return sum(one.kind == kind for one in (*self.zones,)) + sum(one.kind == kind for one in self.rows)


def difference(old: Path, new: Path, *, exact: bool = False) -> Difference:
    """The difference of two release folders.

    Args:
        old: Folder of the one.
        new: Folder of the other.
        exact: Whether to tell places and exact areas also of layers that either release does not publish in full.

    Raises:
        BrokenReleaseError: A part of either is missing or changed.
    """
    was, now = read_manifest(old), read_manifest(new)
    cities = [
        read_jurisdiction(read_document(folder, manifest, "jurisdiction.json"), "jurisdiction.json")
        for folder, manifest in ((old, was), (new, now))
    ]
    plane = cities[-1].plane
    withheld = [city.disclosures for city in cities if not exact]
    zones: list[ZoneChange] = []
    for layer_id in sorted(was["layers"].keys() | now["layers"].keys()):
        if was["content"].get(layer_id) == now["content"].get(layer_id):
            continue
        before = read_zones(old, was, layer_id) if layer_id in was["layers"] else None
        after = read_zones(new, now, layer_id) if layer_id in now["layers"] else None
        cells = [one[layer_id].cell_m2 for one in withheld if layer_id in one]
        found = _zone_changes(layer_id, before, after, plane)
        zones += [_coarse(one, max(cells)) for one in found] if cells else found
    rows: list[RowChange] = []
    for table, part, key, text in (
        ("access_list", "access_list.json", ("id",), "wording"),
        ("ceilings", "ceilings.json", ("holder", "fact"), "metric"),
        ("objectives", "objectives.json", ("holder", "fact"), "metric"),
    ):
        rows += _row_changes(table, _rows(old, was, part), _rows(new, now, part), key, text)
    return Difference(old=was["id"], new=now["id"], zones=tuple(zones), rows=tuple(rows))


def _coarse(change: ZoneChange, cell_m2: float) -> ZoneChange:
    """A change without its place, its areas rounded."""
    gained, lost = nearest(change.gained_m2, cell_m2), nearest(change.lost_m2, cell_m2)
    return replace(change, gained_m2=gained, lost_m2=lost, longitude=None, latitude=None)


def _rows(folder: Path, manifest: Row, part: str) -> list[dict[str, Any]]:
    document = read_document(folder, manifest, part)
    rows: list[dict[str, Any]] = document["clauses"] if isinstance(document, dict) else document
    return rows


def _zone_changes(
    layer_id: str, before: gpd.GeoDataFrame | None, after: gpd.GeoDataFrame | None, plane: Plane
) -> Iterable[ZoneChange]:
    was, now = _by_code(before, plane), _by_code(after, plane)
    for code in sorted(was.keys() | now.keys()):
        old, new = was.get(code), now.get(code)
        if old is None or new is None:
            row, shape = (new or old) or ({}, shapely.Point())
            kind = "appeared" if old is None else "vanished"
            gained, lost = (shape.area, 0.0) if old is None else (0.0, shape.area)
            yield _zone_change(layer_id, row, kind, "", "", gained, lost, shape, plane)
            continue
        for field, kind in (
            ("cls", "class"),
            ("name", "name"),
            ("subtype", "attributes"),
            ("attributes", "attributes"),
        ):
            if old[0][field] != new[0][field]:
                yield _zone_change(
                    layer_id, new[0], kind, str(old[0][field]), str(new[0][field]), 0.0, 0.0, new[1], plane
                )
        if not old[1].equals_exact(new[1], 0.0):
            gained, lost = shapely.difference(new[1], old[1]), shapely.difference(old[1], new[1])
            changed = shapely.union(gained, lost)
            if changed.area > THREAD_WIDTH_M * changed.length / 2:
                yield _zone_change(layer_id, new[0], "moved", "", "", gained.area, lost.area, changed, plane)


def _by_code(zones: gpd.GeoDataFrame | None, plane: Plane) -> dict[str, tuple[dict[str, Any], shapely.Geometry]]:
    if zones is None:
        return {}
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    rows = zones.drop(columns="geometry").to_dict("records")
    return {str(row["code"]): (row, shape) for row, shape in zip(rows, shapes, strict=True)}


def _zone_change(
    layer_id: str,
    row: Row,
    kind: str,
    before: str,
    after: str,
    gained: float,
    lost: float,
    where: shapely.Geometry,
    plane: Plane,
) -> ZoneChange:
    pieces = shapely.get_parts(where)
    greatest = pieces[int(np.argmax(shapely.area(pieces)))]
    point = plane.to_degrees(shapely.point_on_surface(greatest))
    return ZoneChange(
        layer=layer_id,
        code=str(row["code"]),
        name=str(row["name"]),
        kind=kind,
        before=before,
        after=after,
        gained_m2=round(gained, 2),
        lost_m2=round(lost, 2),
        longitude=round(point.x, 6),
        latitude=round(point.y, 6),
    )


def _row_changes(
    table: str, before: list[dict[str, Any]], after: list[dict[str, Any]], key: tuple[str, ...], text: str
) -> Iterable[RowChange]:
    was = {":".join(str(row[part]) for part in key): row for row in before}
    now = {":".join(str(row[part]) for part in key): row for row in after}
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        if old is None or new is None:
            kind = "added" if old is None else "removed"
            yield RowChange(table=table, key=name, kind=kind, text=_words((new or old or {})[text]), fields=())
        elif changed := tuple(
            (field, _words(old[field]), _words(new[field]))
            for field in new
            if field != "row" and old[field] != new[field]
        ):
            yield RowChange(table=table, key=name, kind="changed", text=_words(new[text]), fields=changed)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("zh", value))
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
