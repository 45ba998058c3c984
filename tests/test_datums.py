"""Map providers' shifts against an independent implementation, and noticed in a delivered layer."""

from __future__ import annotations

from pathlib import Path

import geocoordinates_ffi as oracle
import numpy as np
import pytest
import shapely

from layers.delivery import read_delivery
from layers.release import read_content
from screening.datums import INVERSE_ERROR_M, Points, from_bd09, from_gcj02, to_bd09, to_gcj02
from tests.smallcity import SmallCity

METRES_PER_DEGREE = 111_320.0


@pytest.fixture
def points() -> Points:
    random = np.random.default_rng(1)
    return random.uniform((75.0, 20.0), (130.0, 50.0), size=(500, 2))


def test_forward_agrees_with_another_implementation(points: Points) -> None:
    for ours, theirs in ((to_gcj02, oracle.wgs84_to_gcj02), (to_bd09, oracle.wgs84_to_bd09)):
        found = [theirs(oracle.Wgs84(lat=lat, lon=lon)) for lon, lat in points]
        expected = np.array([(one.lon, one.lat) for one in found])
        assert np.abs(ours(points) - expected).max() * METRES_PER_DEGREE < 1e-3


def test_a_round_trip_ends_where_it_began(points: Points) -> None:
    for there, back in ((to_gcj02, from_gcj02), (to_bd09, from_bd09)):
        assert np.abs(back(there(points)) - points).max() * METRES_PER_DEGREE < INVERSE_ERROR_M


@pytest.mark.parametrize(("shift", "name"), [(to_gcj02, "GCJ-02"), (to_bd09, "BD-09")])
def test_a_layer_in_a_providers_coordinates_is_noticed(tmp_path: Path, shift: object, name: str) -> None:
    city = SmallCity()
    for row in city.layers["air"]:
        row["geometry"] = shapely.transform(shapely.segmentize(row["geometry"], 0.001), shift)
    issues = [one for one in read_content(read_delivery(city.deliver(tmp_path / "d"))).errors if one.place == "datum"]
    assert [one.layer for one in issues] == ["air"]
    assert name in issues[0].message.zh


def test_a_layer_in_place_raises_no_suspicion(tmp_path: Path) -> None:
    assert read_content(read_delivery(SmallCity().deliver(tmp_path / "d"))).errors == ()
