"""What changed from one release to another, as people read it: units, zones, clauses, lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.release_parts import read_document, read_manifest
from layers.zone_table import ZoneTable, read_zones
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


@dataclass(frozen=True, slots=True)
class ChangedZone:
    """A change of a zone with the ground it is about.

    Attributes:
        where: What was gained or lost; the whole zone where it appeared, vanished or is told otherwise. On the plane.
    """

    change: ZoneChange
    where: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Pair:
    """Two release folders opened to be compared, the earlier first.

    Attributes:
        was, now: Their manifests.
        cities: Their jurisdictions; measures are on the plane of the later one.
    """

    old: Path
    new: Path
    was: Row
    now: Row
    cities: tuple[Jurisdiction, Jurisdiction]

    @classmethod
    def opened(cls, old: Path, new: Path) -> Pair:
        """Both with their manifests read.

        Raises:
            BrokenReleaseError: A part of either is missing or changed.
        """
        was, now = read_manifest(old), read_manifest(new)
        cities = [
            read_jurisdiction(read_document(folder, manifest, "jurisdiction.json"), "jurisdiction.json")
            for folder, manifest in ((old, was), (new, now))
        ]
        return cls(old, new, was, now, (cities[0], cities[1]))

    @property
    def plane(self) -> Plane:
        """On which places and areas are."""
        return self.cities[-1].plane

    def zones(self) -> Iterator[ChangedZone]:
        """Every change of a zone, layer by layer.

        Raises:
            BrokenReleaseError: A layer of either is missing or changed.
        """
        for layer_id in sorted(self.was["layers"].keys() | self.now["layers"].keys()):
            if self.was["content"].get(layer_id) != self.now["content"].get(layer_id):
                before = read_zones(self.old, self.was, layer_id) if layer_id in self.was["layers"] else None
                after = read_zones(self.new, self.now, layer_id) if layer_id in self.now["layers"] else None
                yield from _zone_changes(layer_id, before, after, self.plane)

    def tables(self) -> Iterator[Tables]:
        """The access list, ceilings and objectives of both."""
        for name, key, text in _TABLES:
            before, after = (_rows(*one, f"{name}.json") for one in ((self.old, self.was), (self.new, self.now)))
            yield Tables(name=name, text=text, was=_by_key(before, key), now=_by_key(after, key))

    def cell_m2(self, layer_id: str) -> float | None:
        """To what areas of a layer are rounded that either release does not publish in full; None for one that both do."""
        cells = [one.disclosures[layer_id].cell_m2 for one in self.cities if layer_id in one.disclosures]
        return max(cells, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """One table of both releases, rows by key.

    Attributes:
        text: The field that says what a row is about.
    """

    name: str
    text: str
    was: Mapping[str, Row]
    now: Mapping[str, Row]

    def changes(self) -> Iterator[RowChange]:
        """Rows that were added, removed, or read otherwise."""
        for key in sorted(self.was.keys() | self.now.keys()):
            old, new = self.was.get(key), self.now.get(key)
            if old is None or new is None:
                kind = "added" if old is None else "removed"
                text = _words((new or old or {})[self.text])
                yield RowChange(table=self.name, key=key, kind=kind, text=text, fields=())
            elif changed := tuple(
                (field, _words(old[field]), _words(new[field]))
                for field in new
                if field != "row" and old[field] != new[field]
            ):
                yield RowChange(table=self.name, key=key, kind="changed", text=_words(new[self.text]), fields=changed)


_TABLES = (
    ("access_list", ("id",), "wording"),
    ("ceilings", ("holder", "fact"), "metric"),
    ("objectives", ("holder", "fact"), "metric"),
)


def difference(old: Path, new: Path, *, exact: bool = False) -> Difference:
    """The difference of two release folders.

    Args:
        old: Folder of the one.
        new: Folder of the other.
        exact: Whether to tell places and exact areas also of layers that either release does not publish in full.

    Raises:
        BrokenReleaseError: A part of either is missing or changed.
    """
    pair = Pair.opened(old, new)
    zones: list[ZoneChange] = []
    for one in pair.zones():
        cell = None if exact else pair.cell_m2(one.change.layer)
        zones.append(one.change if cell is None else _coarse(one.change, cell))
    rows = tuple(change for table in pair.tables() for change in table.changes())
    return Difference(old=pair.was["id"], new=pair.now["id"], zones=tuple(zones), rows=rows)


def _coarse(change: ZoneChange, cell_m2: float) -> ZoneChange:
    """A change without its place, its areas rounded."""
    gained, lost = nearest(change.gained_m2, cell_m2), nearest(change.lost_m2, cell_m2)
    return replace(change, gained_m2=gained, lost_m2=lost, longitude=None, latitude=None)


def _rows(folder: Path, manifest: Row, part: str) -> list[dict[str, Any]]:
    document = read_document(folder, manifest, part)
    rows: list[dict[str, Any]] = document["clauses"] if isinstance(document, dict) else document
    return rows


def _by_key(rows: list[dict[str, Any]], key: tuple[str, ...]) -> dict[str, Row]:
    return {":".join(str(row[part]) for part in key): row for row in rows}


def _zone_changes(
    layer_id: str, before: ZoneTable | None, after: ZoneTable | None, plane: Plane
) -> Iterator[ChangedZone]:
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


def _by_code(zones: ZoneTable | None, plane: Plane) -> dict[str, tuple[Row, shapely.Geometry]]:
    if zones is None:
        return {}
    shapes = plane.from_degrees(zones.shapes)
    return {row["code"]: (row, shape) for row, shape in zip(zones.rows, shapes, strict=True)}


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
) -> ChangedZone:
    pieces = shapely.get_parts(where)
    greatest = pieces[int(np.argmax(shapely.area(pieces)))]
    point = plane.to_degrees(shapely.point_on_surface(greatest))
    change = ZoneChange(
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
    return ChangedZone(change, where)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("zh", value))
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
