"""The doors to the law tables: EIA category, industrial policy, discharges, basis documents, agencies, reference data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_api
from api.service import ScreeningService
from api.settings import Settings
from layers.agencies import demonstration_agencies, write_agencies
from tests.conftest import NOW
from tests.smallcity import default_layers
from tests.test_cli import run
from tests.test_small_city import OFFICE_SITE

SMALL_CITY_SOURCE = default_layers()["water_source"][0]["geometry"]


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(), service)) as made:
        yield made


def posted(client: TestClient, path: str, status: int = 200, **body: object) -> Any:
    answer = client.post(f"/api/v1/{path}?lang=zh", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


PIGS: dict[str, Any] = {"industries": ["A0313"], "chosen": []}
IN_WATER_SOURCE = SMALL_CITY_SOURCE.buffer(-0.001).wkt
SMALL_FARM = {"livestock_scaled": True, "pigs_per_year": 600}


def test_the_eia_level_follows_from_the_scale(client: TestClient) -> None:
    large = posted(client, "eia-categories", **PIGS, facts={"livestock_scaled": True, "pigs_per_year": 6000})
    assert (large["level"], large["level_label"]) == ("report_book", "环境影响报告书")
    assert large["items"][0]["number"] == 3
    assert "5000头" in large["items"][0]["column"]


def test_what_is_not_declared_is_asked_for(client: TestClient) -> None:
    found = posted(client, "eia-categories", **PIGS)
    assert found["level"] is None
    assert found["level_label"] == "尚不能确定"
    assert found["needed"]
    assert all(one["label"] for one in found["needed"])


def test_the_site_answers_for_sensitive_areas(client: TestClient) -> None:
    def asked(**site: Any) -> set[str]:
        return {one["name"] for one in posted(client, "eia-categories", **PIGS, facts=SMALL_FARM, **site)["needed"]}

    assert "area_scenic_area" in asked()
    assert "area_scenic_area" not in asked(site={"text": OFFICE_SITE})
    inside = posted(client, "eia-categories", **PIGS, facts=SMALL_FARM, site={"text": IN_WATER_SOURCE})
    assert inside["level"] == "report_book"


def test_a_fact_the_catalogue_does_not_know_is_refused(client: TestClient) -> None:
    assert posted(client, "eia-categories", 422, **PIGS, facts={"pigs": 3})["code"] == "unknown-fact"


def test_policy_is_for_a_person_until_one_confirms(client: TestClient) -> None:
    asked: dict[str, Any] = {"industries": ["C3110"], "words": ["炼铁高炉"]}
    open_answer = {one["catalogue"]: one for one in posted(client, "policy-checks", **asked)["items"]}
    for one in open_answer.values():
        assert one["policy_class"] is None or one["matches"]
        assert one["reason"]
    first = next(one for one in open_answer.values() if one["open_entries"])
    entry = first["open_entries"][0]
    confirmed = posted(client, "policy-checks", **asked, confirmed={entry: "yes"})
    answer = next(one for one in confirmed["items"] if one["catalogue"] == first["catalogue"])
    assert answer["at_least"] is not None
    problem = posted(client, "policy-checks", 422, **asked, confirmed={"NONE": "yes"})
    assert problem["code"] == "unknown-policy-entry"


BOILER: dict[str, Any] = {
    "pollutant": "颗粒物",
    "medium": "air",
    "industry": "D4430",
    "outlet": "organised",
    "built": "2020-01-01",
    "columns": {"fuel": "coal", "source": "boiler"},
}


def test_a_discharge_is_exceeded_by_how_much(client: TestClient) -> None:
    found = posted(
        client,
        "emission-checks",
        area="370211",
        discharges=[{**BOILER, "concentrations": [{"value": 500, "unit": "mg/m3"}]}],
    )
    assert found["truth"] == "no"
    worst = next(one for one in found["items"] if one["compliance"] == "exceeded")
    assert worst["ratio"] > 1
    assert worst["limits"]
    assert any("DB37" in one["standard"] or "GB" in one["standard"] for one in worst["limits"])


def test_a_discharge_without_a_value_is_never_met(client: TestClient) -> None:
    found = posted(client, "emission-checks", area="370211", discharges=[BOILER])
    assert found["truth"] == "unknown"
    assert {one["compliance"] for one in found["items"]} <= {"needs_facts", "no_limit"}


@pytest.mark.parametrize(
    "change", [{"pollutant": "仙气"}, {"industry": "X1"}, {"concentrations": [{"value": 1, "unit": "furlong"}]}]
)
def test_a_discharge_that_cannot_be_read_is_refused(client: TestClient, change: dict[str, object]) -> None:
    problem = posted(client, "emission-checks", 422, area="370211", discharges=[{**BOILER, **change}])
    assert problem["what"]
    assert problem["cure"]


def test_documents_are_found_and_stand_or_not_on_a_day(client: TestClient) -> None:
    found = client.get("/api/v1/documents?q=生态环境法典&lang=zh").json()["items"]
    code = next(one for one in found if one["id"] == "eco-code-2026")
    assert code["title"] == "中华人民共和国生态环境法典"
    before = client.get("/api/v1/documents/epl-2014?as_of=2026-08-14&lang=zh").json()
    after = client.get("/api/v1/documents/epl-2014?as_of=2026-08-15&lang=zh").json()
    assert before["standing"] in ("in_force", "unknown")
    assert after["standing"] in ("replaced", "unknown")
    assert "eco-code-2026" in [one["id"] for one in after["current"] + after["likely"]]
    assert client.get("/api/v1/documents/none").status_code == 404
    assert client.get("/api/v1/documents?lang=en").json()["items"]


def test_agencies_are_the_demonstration_ones_until_a_city_imports_its_own(tmp_path: Path) -> None:
    service = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    with TestClient(create_api(Settings(data=tmp_path), service)) as client:
        shipped = client.get("/api/v1/agencies?lang=zh").json()
        assert shipped["demonstration"] is True
        assert all("示例" in one["name"] for one in shipped["items"])
        listed = tmp_path / "list.csv"
        write_agencies(demonstration_agencies()[:2], listed)
        done = run(tmp_path, "agencies", "import", str(listed))
        assert done.returncode == 0, done.stderr
        own = client.get("/api/v1/agencies").json()
        assert own["demonstration"] is False
        assert len(own["items"]) == 2
        assert client.get("/api/v1/agencies?q=不存在").json()["items"] == []
    service.close()


def test_a_list_of_agencies_with_a_bad_row_is_not_imported_at_all(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    write_agencies(demonstration_agencies()[:2], listed)
    listed.write_text(listed.read_text(encoding="utf-8").replace("Y1", "Y2", 1), encoding="utf-8")
    done = run(tmp_path, "agencies", "import", str(listed))
    assert done.returncode == 1
    assert "校验码" in done.stderr
    assert not (tmp_path / "agencies.csv").exists()


def test_reference_tables_say_how_much_is_verified(client: TestClient) -> None:
    items = {one["name"]: one for one in client.get("/api/v1/reference?lang=zh").json()["items"]}
    assert items["eia_catalogue_2021"]["rows"] >= 173
    assert items["basis_repeals"]["unverified"] > 0
