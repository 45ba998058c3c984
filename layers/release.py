"""An immutable, content-addressed release: build it from a delivery, write it, read it back and prove it whole.

On disk a release is a folder: `manifest.json` (what it is, with a SHA-256 of every part), one GeoParquet file per layer
(EPSG:4490, for keeps), the same on the jurisdiction's plane as GeoArrow in an Arrow file (opened memory-mapped), and JSON
for the access list, ceilings, objectives, jurisdiction and issues. Beside them lie `zones.index` (`layers/index.py`)
and, once asked for, `zones.gaps` (`layers/gaps.py`), made from the rest and made again where they are missing: no parts of
the release. Its id is the city, its first day in force
and the head of a hash over *content*, so the same delivery always gets the same id, whatever file format brought it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from layers import codec
from layers.checks import (
    DISTRICT,
    as_mapping,
    check_codes,
    check_holders,
    check_lines_present,
    check_list,
    check_partition,
    check_present,
    check_triggers,
    territory_of,
    union_of,
)
from layers.database import read_database_table
from layers.delivery import DeliveredLayer, Delivery
from layers.gate import statistics
from layers.index import opened_index
from layers.issues import Issue, Severity, warning
from layers.jurisdiction import Jurisdiction
from layers.layer_record import Origin, Partition
from layers.plausibility import (
    are_in_place,
    check_datum,
    check_detail,
    check_districts,
    check_place,
    check_shapes,
    check_within,
    in_place,
)
from layers.quantities import read_quantities
from layers.release_parts import FORMAT, ID_DIGITS, MANIFEST, index_sources, plane_part, release_name, sha256_of
from layers.vector import VectorTable, read_table
from layers.workbook import read_access_list
from layers.zones import to_zones
from screening.access import AccessList
from screening.errors import DeliveryError
from screening.model import Ceiling, Layer, Objective, Realm
from screening.record import canonical
from screening.words import Text

AREA_DIGITS = 1  # of square metres in a partition proof

Progress = Callable[[Text], None]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a release holds, before it has a name.

    Attributes:
        zones: Canonical zones by layer id, EPSG:4490.
        outline: The jurisdiction's whole territory, land and sea, on its plane.
        partitions: For each layer that must tile, whether it does.
    """

    delivery: Delivery
    layers: Mapping[str, Layer]
    zones: Mapping[str, gpd.GeoDataFrame]
    access_list: AccessList
    ceilings: tuple[Ceiling, ...]
    objectives: tuple[Objective, ...]
    outline: BaseGeometry
    origins: Mapping[str, Origin]
    partitions: Mapping[str, Partition]
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """Issues that keep it from being published."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)


def read_content(delivery: Delivery, progress: Progress = lambda _: None) -> Content:
    """All layers, the list and the lines of a delivery, read and checked.

    Raises:
        DeliveryError: A file cannot be read at all. What can be read and is wrong becomes an issue.
    """
    zones, origins, issues = _read_layers(delivery, progress)
    layers = {delivered.layer.id: delivered.layer for delivered in delivery.layers}
    issues += check_present(delivery.jurisdiction, frozenset(layers))
    progress(Text("准入清单", "access list"))
    names = as_mapping(layers)
    levels = delivery.jurisdiction.levels
    access_list, found = read_access_list(
        delivery.folder / delivery.access_list_file, delivery.list_version, levels, names
    )
    issues += found
    ceilings, objectives, found = read_quantities(delivery.folder / delivery.lines_file)
    issues += found
    progress(Text("检查", "checks"))
    unit_codes = frozenset(c for one in layers.values() if one.role == "unit" for c in zones[one.id]["code"])
    issues += check_list(access_list, unit_codes, delivery.jurisdiction)
    issues += check_triggers(access_list, zones)
    zone_codes = frozenset(
        c for one in layers.values() if one.role in ("unit", "element") for c in zones[one.id]["code"]
    )
    issues += check_holders(ceilings, objectives, zone_codes, delivery.jurisdiction)
    issues += check_lines_present(ceilings, objectives, delivery.jurisdiction)
    outline, partitions, found = _check_shapes(delivery, layers, zones)
    return Content(
        delivery=delivery,
        layers=layers,
        zones=zones,
        access_list=access_list,
        ceilings=ceilings,
        objectives=objectives,
        outline=outline,
        origins=origins,
        partitions=partitions,
        issues=tuple(issues + found),
    )


def _read_layers(
    delivery: Delivery, progress: Progress
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, Origin], list[Issue]]:
    """Zones and origin of every layer, and what was wrong with each."""
    issues: list[Issue] = []
    zones: dict[str, gpd.GeoDataFrame] = {}
    origins: dict[str, Origin] = {}
    for delivered in delivery.layers:
        layer = delivered.layer
        progress(layer.name)
        table = _read_delivered(delivery, delivered)
        pattern = delivery.jurisdiction.code_pattern(layer)
        zones[layer.id], found = to_zones(table.frame, layer, delivered.profile, pattern)
        issues += [warning(layer.id, "layer", note) for note in table.notes] + found
        origins[layer.id] = Origin(
            file=delivered.file, table=delivered.table, rows=len(table.frame), crs=table.crs, encoding=table.encoding
        )
    return zones, origins, issues


def _read_delivered(delivery: Delivery, delivered: DeliveredLayer) -> VectorTable:
    if delivered.database:
        return read_database_table(delivered.database, delivered.table, delivered.declared.crs)
    return read_table(delivery.folder / delivered.file, delivered.table, delivered.declared)


def _check_shapes(
    delivery: Delivery, layers: Mapping[str, Layer], zones: Mapping[str, gpd.GeoDataFrame]
) -> tuple[BaseGeometry, dict[str, Partition], list[Issue]]:
    """Codes, place and partition of every layer; land is what the districts cover, sea the rest of the filled outline.

    Zones without a usable geometry, or out of place, have their issue and take no part in what follows.
    """
    plane = delivery.jurisdiction.plane
    issues: list[Issue] = []
    placed: dict[str, gpd.GeoDataFrame] = {}
    for layer_id, layer in layers.items():
        issues += check_codes(layer, zones[layer_id], delivery.jurisdiction)
        issues += check_place(layer, zones[layer_id], delivery.jurisdiction)
        placed[layer_id] = in_place(zones[layer_id], delivery.jurisdiction)

    def union(ids: list[str]) -> BaseGeometry:
        shapes = [plane.from_degrees(np.asarray(placed[one].geometry.values)) for one in ids]
        return union_of(np.concatenate(shapes)) if shapes else shapely.MultiPolygon()

    units = [np.asarray(zones[one.id].geometry.values) for one in layers.values() if one.role == "unit"]
    outline = outline_of(units, delivery.jurisdiction)
    land = union([one for one in layers if one == DISTRICT])
    sea = shapely.difference(outline, land)
    partitions: dict[str, Partition] = {}
    for layer_id, layer in layers.items():
        here = placed[layer_id]
        issues += check_shapes(layer, here, plane)
        if layer.tiles and layer.realm is Realm.LAND and layer_id != DISTRICT:
            issues += check_datum(layer, here, land, plane)
        if layer.tiles:
            issues += check_detail(layer, here, delivery.jurisdiction)
            partitions[layer_id], found = check_partition(layer, here, territory_of(layer.realm, land, sea), plane)
            issues += found
        else:
            issues += check_within(layer, here, outline, plane)
        if layer.role == "unit" and layer.realm is Realm.LAND and DISTRICT in placed:
            issues += check_districts(layer, here, placed[DISTRICT], plane)
    return outline, partitions, issues


def outline_of(units: Sequence[Shapes], jurisdiction: Jurisdiction) -> BaseGeometry:
    """The territory that the layers of control units cover together, on the jurisdiction's plane, its gaps filled.

    Args:
        units: Of each layer, EPSG:4490 degrees.
    """
    placed = [shapes[are_in_place(shapes, jurisdiction)] for shapes in units]
    shapes = [jurisdiction.plane.from_degrees(one) for one in placed]
    return _without_holes(union_of(np.concatenate(shapes)) if shapes else shapely.MultiPolygon())


def _without_holes(shape: BaseGeometry) -> BaseGeometry:
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])


# -- writing -----------------------------------------------------------------------------------------------------------


def write_release(content: Content, store: Path) -> str:
    """The id of a release written whole below a store, or of the one that was there already.

    Parts are written to a folder of another name, synced, and renamed: a killed process leaves nothing that counts.

    Raises:
        DeliveryError: The content has errors.
    """
    if content.errors:
        raise _rejected(content.errors)
    store.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=store))
    try:
        shapes = _on_plane(content)
        parts = _write_parts(content, shapes, draft)
        description = _description(content)
        name = release_name(description)
        counts = {"error": len(content.errors), "warning": len(content.issues) - len(content.errors)}
        manifest = {**description, "id": name, "parts": parts, "issues": counts}
        opened_index(draft, shapes, content.outline, index_sources(manifest))
        _write_bytes(draft / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
        if (store / name).exists():
            return name
        draft.rename(store / name)
        _sync(store)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return name


def _rejected(errors: tuple[Issue, ...]) -> DeliveryError:
    first = errors[0]
    place = f"{first.layer} {first.place}"
    what = Text(f"{first.message.zh}（共 {len(errors)} 处错误）", f"{first.message.en} ({len(errors)} errors in all)")
    cure = Text("请按问题清单逐条改正后重新交付。", "Correct the issues one by one and deliver again.")
    return DeliveryError.wrong(
        place, what, cure, candidates=[f"{e.layer} {e.place}: {e.message.zh}" for e in errors[:20]]
    )


def _on_plane(content: Content) -> dict[str, Shapes]:
    plane = content.delivery.jurisdiction.plane
    return {
        layer_id: plane.from_degrees(np.asarray(zones.geometry.values)) for layer_id, zones in content.zones.items()
    }


def _write_parts(content: Content, shapes: Mapping[str, Shapes], draft: Path) -> dict[str, dict[str, Any]]:
    parts = {}
    epsg = content.delivery.jurisdiction.plane.epsg
    for layer_id, zones in content.zones.items():
        zones.to_parquet(draft / f"{layer_id}.parquet", compression="zstd", index=False)
        _sync(draft / f"{layer_id}.parquet")
        on_plane = zones.set_geometry(shapes[layer_id]).set_crs(epsg, allow_override=True)
        _write_arrow(
            draft / plane_part(layer_id), pa.table(on_plane.to_arrow(index=False, geometry_encoding="geoarrow"))
        )
        parts[f"{layer_id}.parquet"] = parts[plane_part(layer_id)] = {"rows": len(zones)}
    documents: dict[str, Any] = {
        "access_list.json": codec.access_list_to_json(content.access_list),
        "ceilings.json": [codec.ceiling_to_json(one) for one in content.ceilings],
        "objectives.json": [codec.objective_to_json(one) for one in content.objectives],
        "jurisdiction.json": content.delivery.jurisdiction_content,
        "origins.json": {layer_id: _origin_to_json(one) for layer_id, one in content.origins.items()},
        "issues.json": [codec.issue_to_json(one) for one in content.issues],
        "outline.json": {"wkb": shapely.to_wkb(content.outline, hex=True)},
    }
    for name, document in documents.items():
        _write_bytes(draft / name, canonical(document))
        parts[name] = {"rows": len(document["clauses"]) if name == "access_list.json" else len(document)}
    return {name: {**part, "sha256": sha256_of(draft / name)} for name, part in sorted(parts.items())}


def _write_arrow(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as opened, pa.ipc.new_file(opened, table.schema) as written:
        written.write_table(table)
    _sync(path)


def _description(content: Content) -> dict[str, Any]:
    delivery = content.delivery
    digests = {layer_id: _digest(zones) for layer_id, zones in content.zones.items()}
    return {
        "format": FORMAT,
        "city": delivery.jurisdiction.code,
        "title": codec.text_to_json(delivery.title),
        "nature": delivery.nature.value,
        "effective_from": delivery.effective_from.isoformat(),
        "effective_until": delivery.effective_until.isoformat() if delivery.effective_until else None,
        "approval": codec.text_to_json(delivery.approval),
        "approved_on": delivery.approved_on.isoformat() if delivery.approved_on else None,
        "filing_number": delivery.filing_number,
        "prepared_by": delivery.prepared_by,
        "responsible": {one.layer.id: codec.text_to_json(one.responsible) for one in delivery.layers},
        "zones_version": hashlib.sha256(canonical(digests)).hexdigest()[:ID_DIGITS],
        "list_version": delivery.list_version,
        "layers": {layer_id: codec.layer_to_json(layer) for layer_id, layer in content.layers.items()},
        "clauses": len(content.access_list.clauses),
        "statistics": {
            layer_id: statistics(
                np.asarray(zones.geometry.values), zones["cls"].to_numpy(), delivery.jurisdiction.plane
            )
            for layer_id, zones in content.zones.items()
        },
        "partitions": {
            layer_id: {name: round(value, AREA_DIGITS) for name, value in asdict(partition).items()}
            for layer_id, partition in content.partitions.items()
        },
        "content": {
            **digests,
            "access_list": hashlib.sha256(canonical(codec.access_list_to_json(content.access_list))).hexdigest(),
            "lines": hashlib.sha256(
                canonical(
                    {
                        "ceilings": [codec.ceiling_to_json(one) for one in content.ceilings],
                        "objectives": [codec.objective_to_json(one) for one in content.objectives],
                    }
                )
            ).hexdigest(),
            "jurisdiction": hashlib.sha256(canonical(delivery.jurisdiction_content)).hexdigest(),
        },
    }


def _origin_to_json(origin: Origin) -> dict[str, Any]:
    return {**asdict(origin), "crs": codec.text_to_json(origin.crs), "encoding": codec.text_to_json(origin.encoding)}


def _digest(zones: gpd.GeoDataFrame) -> str:
    rows = [
        {str(key): value for key, value in row.items()} for row in zones.drop(columns="geometry").to_dict("records")
    ]
    return zones_digest(rows, np.asarray(zones.geometry.values))


def zones_digest(rows: Sequence[Mapping[str, Any]], shapes: Shapes) -> str:
    """A hash over content: attributes and normalised geometry in code order, whatever file brought them.

    Args:
        shapes: EPSG:4490 degrees.
    """
    summed = hashlib.sha256()
    for row, shape in zip(rows, shapely.to_wkb(shapely.normalize(shapes), byte_order=1), strict=True):
        summed.update(canonical(row))
        summed.update(shape)
    return summed.hexdigest()


def _write_bytes(path: Path, content: bytes) -> None:
    with path.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
