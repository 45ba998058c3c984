"""What is stated of a site besides its coordinates: stations, radius, district, area; told in the answer, never used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_api
from api.service import ScreeningService
from api.settings import Settings
from layers.places import stated_of
from layers.snapshot import Snapshot
from tests.conftest import QUIET_FACTS

OFFICE = "120.15001,36.08001"  # in SE, 黄岛区
LINE = "LINESTRING (120.05 36.051, 120.15 36.051)"


def place_lines(explanation: dict[str, Any]) -> list[str]:
    return [row["value"] for entry in explanation["places"] for row in entry["rows"]]


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(), service)) as made:
        yield made


def answer(client: TestClient, language: str = "zh", **site: object) -> Any:
    body = {"site": {"text": OFFICE, **site}, "project": {"industries": ["I6511"], "facts": QUIET_FACTS}}
    return client.post(f"/api/v1/screenings?lang={language}", json=body)


def kept(client: TestClient, language: str = "zh", **site: object) -> dict[str, Any]:
    found = answer(client, language, **site)
    assert found.status_code == 201, found.text
    made: dict[str, Any] = found.json()
    return made


@pytest.mark.parametrize("district", ["黄岛区", "黄岛", "370211", "青岛市", "370200", ""])
def test_the_right_district_is_not_remarked_on(client: TestClient, district: str) -> None:
    made = kept(client, district=district)
    assert (made["explanation"]["warnings"], made["explanation"]["remarks"]) == ([], [])
    assert made["verdict"]["remarks"] == []


@pytest.mark.parametrize("district", ["胶州市", "胶州", "370281", "370102"])
def test_a_district_the_coordinates_contradict_stands_above_everything(client: TestClient, district: str) -> None:
    plain, told = kept(client), kept(client, district=district)
    (warning,) = told["explanation"]["warnings"]
    assert district in warning or "胶州市" in warning
    assert told["explanation"]["next_steps"][0].startswith("先核对坐标")
    assert told["verdict"]["stated"] == {"district": district, "area_m2": None}
    assert [one["contradicts"] for one in told["verdict"]["remarks"]] == [True]
    same = ("conclusion", "findings", "contacts", "would_change")
    assert [told["verdict"][part] for part in same] == [plain["verdict"][part] for part in same]
    english = kept(client, "en", district=district)["explanation"]
    assert english["warnings"]
    assert english["next_steps"][0].startswith("Check the coordinates first")


def test_a_district_nobody_knows_is_a_remark_and_no_contradiction(client: TestClient) -> None:
    made = kept(client, district="天桥区")
    assert made["explanation"]["warnings"] == []
    assert "天桥区" in made["explanation"]["remarks"][0]


def test_a_syllable_is_no_district(client: TestClient) -> None:
    """市 begins no district alone: with several that fit none is meant."""
    made = kept(client, district="市")
    assert made["explanation"]["warnings"] == []
    assert made["explanation"]["remarks"]


def test_a_stated_area_is_held_against_the_measured(client: TestClient) -> None:
    square = "POLYGON ((120.15001 36.08, 120.16 36.08, 120.16 36.09, 120.15001 36.09, 120.15001 36.08))"
    made = kept(client, text=square, declared_area_m2=100)
    assert made["explanation"]["warnings"] == []
    assert "写明 100.0 m²" in made["explanation"]["remarks"][0]
    area = made["verdict"]["site"]["area_m2"]
    assert kept(client, text=square, declared_area_m2=area)["explanation"]["remarks"] == []


def test_remarks_come_back_with_the_kept_answer(client: TestClient) -> None:
    made = kept(client, district="胶州市")
    again = client.get(f"/api/v1/screenings/{made['id']}?lang=zh").json()
    assert again["explanation"]["warnings"] == made["explanation"]["warnings"]
    assert again["digest"] == made["digest"]


def test_stated_things_are_checked_when_a_text_is_read(client: TestClient) -> None:
    body = {"text": OFFICE, "district": "370281"}
    (one,) = client.post("/api/v1/sites?lang=zh", json=body).json()["items"]
    assert [remark["contradicts"] for remark in one["remarks"]] == [True]


def test_a_silent_district_layer_is_said(small: Snapshot) -> None:
    silent = replace(small, layers={key: one for key, one in small.layers.items() if key != "district"})
    place = shapely.Point(120.15, 36.08)
    (remark,) = stated_of(place, silent, accuracy_m=1.0, district="胶州市").remarks
    assert "未能与坐标核对" in remark.message.zh
    assert stated_of(place, silent, accuracy_m=1.0).remarks == ()


def test_stations_of_a_road_are_in_the_answer(client: TestClient) -> None:
    made = kept(client, text=LINE, width_m=20, start_station="K12+340")
    assert any("K12+340–K16+" in place for place in place_lines(made["explanation"]))
    assert made["verdict"]["site"]["start_m"] == 12_340
    metres = kept(client, text=LINE, width_m=20, start_station=12_340)
    assert metres["digest"] == made["digest"]
    geometry = {"type": "LineString", "coordinates": [[120.05, 36.051], [120.15, 36.051]]}
    drawn = kept(client, text="", geometry=geometry, width_m=20, start_station="12+340")
    assert drawn["verdict"]["passages"] == made["verdict"]["passages"]
    assert (
        kept(client, "en", text=LINE, width_m=20)["explanation"]["places"][0]["rows"][0]["value"].count("of the line")
        == 1
    )


def test_a_station_that_cannot_be_read_is_named(client: TestClient) -> None:
    found = answer(client, text=LINE, width_m=20, start_station="起点")
    assert (found.status_code, found.json()["field"]) == (422, "site.start_station")


def test_points_with_a_radius_are_in_the_answer(client: TestClient) -> None:
    made = kept(client, text="一号排口站：120.15001,36.08001\n二号排口站：120.16001,36.08001", radius_m=100)
    assert [one["name"] for one in made["verdict"]["site"]["points"]] == ["一号排口站", "二号排口站"]
    assert any("2 个点位在区内" in place for place in place_lines(made["explanation"]))
    (one,) = client.post("/api/v1/sites", json={"text": f"{OFFICE}\n120.16001,36.08001", "radius_m": 100}).json()[
        "items"
    ]
    assert one["taken"]["geometry"]["type"] == "MultiPoint"


@pytest.mark.parametrize("stated", [{"radius_m": 0}, {"width_m": 0}, {"declared_area_m2": -1}, {"start_station": -5}])
def test_what_cannot_be_is_refused(client: TestClient, stated: dict[str, Any]) -> None:
    assert answer(client, **stated).status_code == 422
