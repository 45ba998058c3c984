"""A release as a delivery again: what was imported can be carried to another system, and imported there unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import tomli_w

from layers import codec
from layers.delivery import DELIVERY, JURISDICTION
from layers.release_parts import read_document, read_manifest
from layers.workbook_writer import write_access_list, write_quantities
from layers.zone_table import read_zones
from screening.crs import DEGREES
from screening.errors import DeliveryError
from screening.words import Text

LIST, LINES = "access_list.xlsx", "lines.xlsx"
PREFIX = "tl_"  # before our own columns, so that none of the source's columns is mistaken for them


def export_delivery(release: Path, target: Path) -> None:
    """Write a delivery folder whose import gives the content of a release.

    Args:
        release: Folder of the release.
        target: Folder to write; it must be new or empty.

    Raises:
        BrokenReleaseError: A part of the release is missing or changed.
        DeliveryError: The target holds something.
    """
    if target.exists() and any(target.iterdir()):
        raise DeliveryError.wrong(
            target.name,
            Text("目录不是空的", "the folder is not empty"),
            Text("请给一个新目录。", "Name a new folder."),
        )
    manifest = read_manifest(release)
    jurisdiction = read_document(release, manifest, "jurisdiction.json")
    target.mkdir(parents=True, exist_ok=True)
    origins = read_document(release, manifest, "origins.json")
    layers = [_write_layer(release, manifest, layer_id, target) for layer_id in origins]
    names = {row["id"]: row["name_zh"] for row in jurisdiction["layer"]}
    access_list = codec.access_list_from_json(read_document(release, manifest, "access_list.json"))
    write_access_list(access_list, names, target / LIST)
    write_quantities(
        [codec.ceiling_from_json(row) for row in read_document(release, manifest, "ceilings.json")],
        [codec.objective_from_json(row) for row in read_document(release, manifest, "objectives.json")],
        target / LINES,
    )
    (target / JURISDICTION).write_text(tomli_w.dumps(jurisdiction), encoding="utf-8")
    (target / DELIVERY).write_text(tomli_w.dumps(_description(manifest, layers)), encoding="utf-8")


def _write_layer(release: Path, manifest: Mapping[str, Any], layer_id: str, target: Path) -> dict[str, Any]:
    """One layer as GeoParquet with its profile, and its block of `delivery.toml`."""
    zones = read_zones(release, manifest, layer_id)
    given = pd.DataFrame(zones.rows)
    own = {name: given[name] for name in ("code", "name", "subtype", "district")}
    if (given["cls"] > 0).any():
        own["cls"] = given["cls"].astype(str)
    others = pd.DataFrame([json.loads(row) for row in given["attributes"]], index=given.index)
    columns = {f"{PREFIX}{name}": values for name, values in own.items()}
    frame = gpd.GeoDataFrame({**columns, **others}, geometry=zones.shapes, crs=DEGREES)
    frame.to_parquet(target / f"{layer_id}.parquet", index=False)
    profile = {"columns": {name: f"{PREFIX}{name}" for name in own}}
    (target / f"{layer_id}.toml").write_text(tomli_w.dumps(profile), encoding="utf-8")
    layer = codec.layer_from_json(manifest["layers"][layer_id])
    responsible = manifest["responsible"][layer_id]
    return {
        "id": layer_id,
        "file": f"{layer_id}.parquet",
        "table": layer_id,
        "profile": f"{layer_id}.toml",
        "surveyed": layer.surveyed,
        "accuracy_m": layer.accuracy_m,
        "source_zh": layer.source.zh,
        "source_en": layer.source.en,
        "responsible_zh": responsible["zh"],
        "responsible_en": responsible["en"],
    }


def _description(manifest: Mapping[str, Any], layers: list[dict[str, Any]]) -> dict[str, Any]:
    about = {
        "city": manifest["city"],
        "jurisdiction": JURISDICTION,
        "title_zh": manifest["title"]["zh"],
        "title_en": manifest["title"]["en"],
        "nature": manifest["nature"],
        "effective_from": date.fromisoformat(manifest["effective_from"]),
        "approval_zh": manifest["approval"]["zh"],
        "approval_en": manifest["approval"]["en"],
        "filing_number": manifest["filing_number"],
        "prepared_by": manifest["prepared_by"],
    }
    for key in ("effective_until", "approved_on"):
        if manifest[key]:
            about[key] = date.fromisoformat(manifest[key])
    return {
        "delivery": about,
        "access_list": {"file": LIST, "version": manifest["list_version"]},
        "lines": {"file": LINES},
        "layer": layers,
    }
