"""What the checks find in real layers, which are not ours to ship: `THREELINES_REAL_DATA` names the folder they lie in.

Collected only where that variable is set (see conftest.py). The figures are recorded in docs/real-data.md.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.checks import check_partition, union_of
from layers.issues import Issue, Severity
from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.plausibility import check_datum, check_detail, check_districts
from layers.vector import read_table
from layers.zones import Profile, to_zones
from screening.datums import to_gcj02
from screening.model import Layer
from screening.words import Text
from tests.smallcity import SAMPLE

REAL = Path(os.environ["THREELINES_REAL_DATA"])
DISTRICTS = Profile(columns={"code": "district_adcode", "name": "district_name"})
TOWNSHIPS = Profile(columns={"code": "osm_id", "name": "name", "district": "district"})
KM2 = 1e6


@pytest.fixture(scope="module")
def qingdao() -> Jurisdiction:
    content = tomllib.loads((SAMPLE / "jurisdiction.toml").read_text(encoding="utf-8"))
    return read_jurisdiction(content, "jurisdiction.toml")


def layer(qingdao: Jurisdiction, layer_id: str) -> Layer:
    return qingdao.layer(layer_id, accuracy_m=10, surveyed=date(2026, 5, 31), source=Text("真实图层", "real layer"))


def zones(qingdao: Jurisdiction, layer_id: str, file: str, profile: Profile) -> gpd.GeoDataFrame:
    table = read_table(REAL / file, Path(file).stem)
    found, issues = to_zones(table.frame, replace(layer(qingdao, layer_id), role="reference"), profile)
    assert [one for one in issues if one.severity is Severity.ERROR] == []
    return found


@pytest.fixture(scope="module")
def townships(qingdao: Jurisdiction) -> gpd.GeoDataFrame:
    return zones(qingdao, "unit_land", "qingdao_townships_osm_ODbL.geojson", TOWNSHIPS)


@pytest.fixture(scope="module")
def districts(qingdao: Jurisdiction) -> gpd.GeoDataFrame:
    return zones(qingdao, "district", "qingdao_districts_wgs84.geojson", DISTRICTS)


def test_the_gaps_between_townships_are_found_and_shown(
    qingdao: Jurisdiction, townships: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    land = union_of(qingdao.plane.from_degrees(np.asarray(districts.geometry.values)))
    proof, issues = check_partition(layer(qingdao, "unit_land"), townships, land, qingdao.plane)
    assert not proof.holds
    assert proof.overlaps == 0
    assert proof.gap_m2 / KM2 == pytest.approx(242.8, abs=0.1)
    assert proof.gaps == 646
    gaps = [one for one in issues if one.place == "gap"]
    assert all(shapely.Point(one.longitude, one.latitude).within(districts.union_all()) for one in gaps)


def test_the_gaps_on_dry_land_alone(
    qingdao: Jurisdiction, townships: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    coast = gpd.read_file(REAL / "qingdao_coast_gshhs_f_LGPL.geojson")
    dry = shapely.intersection(
        union_of(qingdao.plane.from_degrees(np.asarray(districts.geometry.values))),
        union_of(qingdao.plane.from_degrees(np.asarray(coast.geometry.values))),
    )
    proof, _ = check_partition(layer(qingdao, "unit_land"), townships, dry, qingdao.plane)
    assert proof.gap_m2 / KM2 == pytest.approx(144.1, abs=0.1)


def test_generalised_districts_are_flagged_and_detailed_ones_are_not(
    qingdao: Jurisdiction, districts: gpd.GeoDataFrame
) -> None:
    coarse = zones(qingdao, "district", "qingdao_districts_tianditu_lowres.geojson", DISTRICTS)
    (issue,) = check_detail(layer(qingdao, "district"), coarse, qingdao)
    assert "890 corners" in issue.message.en
    assert check_detail(layer(qingdao, "district"), districts, qingdao) == []


def test_townships_moved_to_a_map_providers_datum_are_noticed(
    qingdao: Jurisdiction, townships: gpd.GeoDataFrame
) -> None:
    land = union_of(qingdao.plane.from_degrees(np.asarray(townships.geometry.values)))
    moved = townships.set_geometry(shapely.transform(np.asarray(townships.geometry.values), to_gcj02))
    (issue,) = check_datum(layer(qingdao, "unit_land"), moved, land, qingdao.plane)
    assert "GCJ-02" in issue.message.zh
    assert check_datum(layer(qingdao, "unit_land"), townships, land, qingdao.plane) == []


def test_every_township_lies_in_the_district_it_names(
    qingdao: Jurisdiction, townships: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    codes = dict(zip(districts["name"], districts["code"], strict=True))
    coded = townships.assign(county=townships["district"].map(codes))
    found: list[Issue] = check_districts(layer(qingdao, "unit_land"), coded, districts, qingdao.plane)
    assert [one.place for one in found if one.severity is Severity.ERROR] == []
