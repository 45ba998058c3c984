"""The quality of a release: what is proved of it, in the API and on its page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from layers.delivery import read_delivery
from layers.publication import publish
from layers.quality import Quality, quality
from layers.release import read_content, write_release
from screening.errors import BrokenReleaseError
from tests.smallcity import SmallCity, box
from web.app import create_app


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the second has a thin park and says who answers for it."""
    folder = tmp_path_factory.mktemp("quality")
    first = SmallCity()
    second = SmallCity(effective_from=date(2026, 10, 1))
    second.layers["park"][0]["geometry"] = box(4, 2, 4.01, 6)
    for number, city in enumerate((first, second)):
        delivery = city.deliver(folder / f"d{number}")
        described = (delivery / "delivery.toml").read_text(encoding="utf-8")
        (delivery / "delivery.toml").write_text(described + 'responsible_zh = "示例局"\n', encoding="utf-8")
        name = write_release(read_content(read_delivery(delivery)), folder / "releases")
        publish(folder / "releases", name, at=f"2026-0{number + 7}-01T00:00:00+08:00", by="tests", override="测试")
    return folder


@pytest.fixture
def found(store: Path) -> list[Quality]:
    folders = sorted((store / "releases").glob("370200-*"))
    return [quality(folder, date(2026, 11, 21)) for folder in folders]


@pytest.fixture
def client(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("THREELINES_DATA", str(store))
    with TestClient(create_app(Settings())) as made:
        yield made


def test_the_partition_proof_adds_up(found: list[Quality]) -> None:
    for one in found[0].layers:
        if one.partition is None:
            continue
        proof = one.partition
        assert proof.holds
        assert proof.sum_m2 == pytest.approx(proof.union_m2 + proof.overlap_m2, abs=1)
        assert proof.union_m2 - proof.outside_m2 + proof.gap_m2 == pytest.approx(proof.territory_m2, abs=1)
    assert {one.layer.id for one in found[0].layers if one.partition} >= {"unit_land", "unit_sea", "district", "water"}


def test_layers_that_did_not_change_keep_their_version(found: list[Quality]) -> None:
    first, second = ({one.layer.id: one.version for one in release.layers} for release in found)
    assert {layer_id for layer_id in first if first[layer_id] != second[layer_id]} == {"park"}
    assert found[0].zones_version != found[1].zones_version
    assert found[0].list_hash == found[1].list_hash


def test_origin_responsibility_and_currency_are_told(found: list[Quality]) -> None:
    units = next(one for one in found[0].layers if one.layer.id == "unit_land")
    assert units.origin.file == "unit_land.zip"
    assert units.origin.encoding.en.startswith("GB18030")
    assert units.responsible.zh == ""
    assert found[0].layers[-1].responsible.zh == "示例局"
    assert units.is_current
    assert units.current_until == date(2031, 6, 1)


def test_a_layer_past_its_currency_is_marked(store: Path) -> None:
    folder = sorted((store / "releases").glob("370200-*"))[0]
    late = quality(folder, date(2040, 1, 1))
    assert not next(one for one in late.layers if one.layer.id == "unit_land").is_current


def test_the_issue_has_its_place_and_a_point(found: list[Quality]) -> None:
    (issue,) = [one for one in found[1].issues if one.layer == "park"]
    assert issue.place == "P1"
    assert issue.longitude == pytest.approx(120.04, abs=0.01)


def test_the_api_tells_the_same(client: TestClient, found: list[Quality]) -> None:
    answer = client.get(f"/api/v1/releases/{found[1].release}?lang=en").json()
    assert answer["tiles"] is True
    assert [row["layer"] for row in answer["issues"]].count("park") == 1
    assert answer["layers"][-1]["responsible"] == "示例局"
    changes = client.get(f"/api/v1/releases/{found[1].release}/changes?since={found[0].release}").json()
    assert {(row["layer"], row["kind"]) for row in changes["zones"]} == {("park", "moved")}
    assert client.get("/api/v1/releases/370200-none").status_code == 404


def test_the_pages_lead_from_the_list_to_the_place_on_the_map(client: TestClient, found: list[Quality]) -> None:
    listed = client.get("/releases?lang=zh").text
    assert "现行" in listed
    assert f"/releases/{found[1].release}?lang=zh" in listed
    assert f"since={found[0].release}" in listed
    page = client.get(f"/releases/{found[1].release}?lang=zh").text
    assert "示例数据" in page
    assert 'href="/?lon=120.04' in page
    changes = client.get(f"/releases/{found[1].release}/changes?since={found[0].release}&lang=en")
    assert "border moved" in changes.text
    assert client.get("/releases/370200-none", headers={"Accept": "text/html"}).status_code == 404


def test_a_release_changed_on_disk_has_no_quality(store: Path, tmp_path: Path) -> None:
    folder = sorted((store / "releases").glob("370200-*"))[0]
    copy = Path(shutil.copytree(folder, tmp_path / folder.name))
    (copy / "issues.json").write_bytes(b"[]")
    with pytest.raises(BrokenReleaseError):
        quality(copy, date(2026, 11, 21))
