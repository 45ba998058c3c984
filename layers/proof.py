"""A release proved whole against its own id, not only against the hashes beside its parts.

The id is made from hashes over content; the hashes of the parts are not in it, because the same content may be written in
several ways. Whoever changes a part and its hash in the manifest is found out here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.release import outline_of, zones_digest
from layers.release_parts import prove_part, read_document, read_manifest
from layers.zone_table import open_plane_zones, read_zones
from screening.errors import BrokenReleaseError
from screening.record import canonical
from screening.words import Text

CHANGED = Text("与版本编号所依据的内容不符", "is not the content the id was made from")


def prove_release(folder: Path) -> None:
    """That every part of a release is there, unchanged, and what its id was made from.

    Raises:
        BrokenReleaseError: A part is missing or changed, even if the manifest was changed with it.
    """
    manifest = read_manifest(folder)
    for name in manifest["parts"]:
        prove_part(folder, manifest, name)
    stated = manifest["content"]
    documents = {
        name: read_document(folder, manifest, f"{name}.json")
        for name in ("access_list", "ceilings", "objectives", "jurisdiction", "outline")
    }
    _require(folder, "access_list.json", _hash(documents["access_list"]) == stated["access_list"])
    lines = {name: documents[name] for name in ("ceilings", "objectives")}
    _require(folder, "ceilings.json", _hash(lines) == stated["lines"])
    _require(folder, "jurisdiction.json", _hash(documents["jurisdiction"]) == stated["jurisdiction"])
    jurisdiction = read_jurisdiction(documents["jurisdiction"], "jurisdiction.json")
    _prove_zones(folder, manifest, jurisdiction, shapely.from_wkb(documents["outline"]["wkb"]))


def _prove_zones(
    folder: Path, manifest: Mapping[str, Any], jurisdiction: Jurisdiction, outline: shapely.Geometry
) -> None:
    """Zones by their content hash; their form on the plane and the outline by making them again."""
    units = []
    for layer_id, description in manifest["layers"].items():
        zones = read_zones(folder, manifest, layer_id)
        content = zones_digest(zones.rows, zones.shapes)
        _require(folder, f"{layer_id}.parquet", content == manifest["content"][layer_id])
        on_plane = open_plane_zones(folder, manifest, layer_id)
        made = jurisdiction.plane.from_degrees(zones.shapes)
        same_shapes = bool(shapely.equals_exact(on_plane.shapes, made, tolerance=1e-6).all())
        _require(folder, f"{layer_id}.plane.arrow", on_plane.rows == zones.rows and same_shapes)
        if description["role"] == "unit":
            units.append(zones.shapes)
    _require(folder, "outline.json", _is_about(outline, outline_of(units, jurisdiction)))


def _is_about(stated: shapely.Geometry, made: shapely.Geometry) -> bool:
    """Whether two areas are the same but for the rounding of another GEOS."""
    return bool(shapely.symmetric_difference(stated, made).area < 1.0)


def _hash(document: Any) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def _require(folder: Path, part: str, holds: bool) -> None:
    if not holds:
        raise BrokenReleaseError.of(folder.name, part, CHANGED)
