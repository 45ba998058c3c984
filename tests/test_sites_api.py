"""The doors through which sites come: text in any form, questions answered by choosing a reading, files."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_api
from api.service import ScreeningService
from api.settings import Settings
from screening.crs import Plane
from tests.conftest import QUIET_FACTS
from tests.test_small_city import OFFICE_SITE

DMS = "东经120°10′48″，北纬36°4′48″"
AMAP = "高德坐标 120.1850,36.0830"


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(), service)) as made:
        yield made


def read(client: TestClient, text: str, **declared: object) -> list[dict[str, Any]]:
    body = {"text": text, "declared": declared or None}
    answer = client.post("/api/v1/sites?lang=zh", json=body)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def boundary(shape: shapely.Polygon, *, encoding: str = "gbk") -> bytes:
    points = shapely.get_coordinates(Plane(4528).from_degrees(shape))
    rows = [f"J{number},1,{y:.3f},{x:.3f}" for number, (x, y) in enumerate(points[:-1], start=1)]
    head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=40\n[地块坐标]\n"
    parcel = f"{len(rows)},{25.0},1,测试地块,面,,,,@\n"
    return (head + parcel + "\n".join([*rows, rows[0]]) + "\n").encode(encoding)


def sent(client: TestClient, name: str, content: bytes) -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    return client.post(f"/api/v1/sites/files?name={name}&lang=zh", content=content, headers=headers)


def test_how_a_text_was_read_is_told(client: TestClient) -> None:
    (one,) = read(client, DMS)
    assert one["taken"]["geometry"]["coordinates"] == pytest.approx([120.18, 36.08], abs=1e-6)
    assert "度分秒" in one["taken"]["read_as"]
    assert one["taken"]["accuracy_m"] > 10


def test_a_question_is_answered_by_choosing_a_reading(client: TestClient) -> None:
    (one,) = read(client, AMAP)
    assert one["taken"] is None
    assert one["question"]["code"] == "unconfirmed-datum"
    shifted, plain = one["others"]
    assert shifted["declared"]["datum"] == "GCJ-02"
    for choice in (shifted, plain):
        (chosen,) = read(client, AMAP, **choice["declared"])
        assert chosen["taken"]["geometry"] == choice["geometry"]


def test_a_screening_takes_the_chosen_reading_and_keeps_how_it_was_read(client: TestClient) -> None:
    site = {"text": AMAP, "declared": {"datum": "GCJ-02"}}
    body = {"site": site, "project": {"industries": ["I6511"], "facts": QUIET_FACTS}}
    kept = client.post("/api/v1/screenings?lang=zh", json=body).json()
    assert "GCJ-02" in kept["verdict"]["site"]["read_as"]["zh"]
    assert kept["verdict"]["site"]["as_written"] == AMAP
    asked = client.post("/api/v1/screenings", json={**body, "site": {"text": AMAP}})
    assert (asked.status_code, asked.json()["code"]) == (422, "unconfirmed-datum")


OPEN = [
    one["text"]
    for one in tomllib.loads((Path(__file__).parent / "golden" / "coordinates.toml").read_text(encoding="utf-8"))[
        "form"
    ]
    if one.get("code") in ("ambiguous-site", "unconfirmed-datum")
]


@pytest.mark.parametrize("text", OPEN)
def test_every_reading_that_is_offered_can_be_chosen(client: TestClient, text: str) -> None:
    for number, one in enumerate(read(client, text)):
        for other in one["others"] if one["question"] else ():
            if other["declared"] is None:
                body = {"site": {"geometry": other["geometry"], "width_m": 10}, "project": {"industries": ["I6511"]}}
                assert client.post("/api/v1/screenings", json=body).status_code in (201, 422)
                continue
            chosen = read(client, text, **other["declared"])[number]
            assert chosen["taken"], chosen["question"]
            assert chosen["taken"]["geometry"] == other["geometry"]


def test_a_text_in_no_form_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/sites", json={"text": "崂山脚下"})
    assert (answer.status_code, answer.json()["field"]) == (422, "site")


def test_a_boundary_file_is_read_and_its_area_compared(client: TestClient) -> None:
    answer = sent(client, "界址点.txt", boundary(shapely.from_wkt(OFFICE_SITE)))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    (one,) = found["sites"]
    assert "第 40 带" in found["read_as"]
    assert one["area_m2"] == pytest.approx(249_900, rel=0.01)
    assert one["declared_area_m2"] == pytest.approx(250_000, rel=0.01)


def test_a_zipped_shapefile_and_a_geojson_come_through_the_same_door(client: TestClient, tmp_path: Any) -> None:
    frame = gpd.GeoDataFrame([{"名称": "厂区", "geometry": shapely.from_wkt(OFFICE_SITE)}], crs=4490)
    frame.to_file(tmp_path / "site.shp", encoding="UTF-8")
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for part in sorted(tmp_path.glob("site.*")):
            archive.write(part, part.name)
    frame.to_file(tmp_path / "site.geojson")
    answers = [
        sent(client, "site.zip", packed.getvalue()).json(),
        sent(client, "site.geojson", (tmp_path / "site.geojson").read_bytes()).json(),
    ]
    for answer in answers:
        (one,) = answer["sites"]
        assert one["name"] == "厂区"
        assert one["area_m2"] == pytest.approx(249_900, rel=0.01)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b""), ("a.zip", b"PK"), ("a.dxf", b"0\nEOF\n"), ("a.exe", b"MZ"), ("../../a.txt", b"x"), ("..", b"x")],
)
def test_a_file_that_cannot_be_read_is_a_clear_problem(client: TestClient, name: str, content: bytes) -> None:
    answer = sent(client, name, content)
    assert answer.status_code in (413, 422)
    problem = answer.json()
    assert problem["what"] or problem["detail"]
