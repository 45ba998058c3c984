"""The doors of planning EIA and of the conflict view: interface, workbook and pages, in both languages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient

from api.cases import CaseStore
from api.settings import Settings
from layers.workbook import SHEETS
from screening.record import canonical
from tests.conftest import QUIET_FACTS
from tests.smallcity import box
from web.app import create_app

WKT = f"园内: {box(3, 3, 5, 5).wkt}\n园外: {box(11, 8, 13, 10).wkt}"


@pytest.fixture
def client(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "releases").symlink_to(small_store[0])
    with TestClient(create_app(Settings(data=tmp_path, most_plan_cells=6))) as made:
        yield made


def body(**more: object) -> dict[str, Any]:
    return {
        "name": "示例园区",
        "parts": [
            {"name": "园内", "text": box(3, 3, 5, 5).wkt},
            {"geometry": json.loads(gpd.GeoSeries([box(11, 8, 13, 10)]).to_json())["features"][0]["geometry"]},
        ],
        "industries": ["I6511", {"code": "2614", "facts": {"handles_hazardous_chemicals": True}}],
        "construction": "new",
        "facts": QUIET_FACTS,
        "as_of": "2026-11-21",
        **more,
    }


def test_a_plan_is_answered_with_labels_in_the_language_asked_for(client: TestClient) -> None:
    answer = client.post("/api/v1/plans?lang=en", json=body())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["parts"] == ["园内", "Part 2"]
    assert [row["code"] for row in told["matrix"]] == ["I6511", "C2614"]
    cells = {(row["code"], cell["part"]): cell for row in told["matrix"] for cell in row["cells"]}
    assert cells["C2614", "Part 2"]["outcome_label"] == "does not comply"
    assert "clause:DEMO-P-01" in cells["C2614", "Part 2"]["deciding"]
    assert cells["I6511", "Part 2"]["outcome"] == "complies"
    shares = [one["whole"]["share"] for one in told["areas"] if one["kind"] in ("unit_class", "uncovered")]
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)
    quiet = next(one for one in told["draft"] if one["outcome"] == "complies")
    assert quiet["admission"] == "no restriction seen"
    assert "no permission" in quiet["text"]


def test_a_cell_of_the_interface_is_what_a_screening_answers(client: TestClient) -> None:
    told = client.post("/api/v1/plans", json=body()).json()
    cell = told["matrix"][1]["cells"][0]
    asked = body()
    one = client.post(
        "/api/v1/screenings",
        json={
            "site": asked["parts"][0],
            "project": {
                "industries": ["C2614"],
                "construction": "new",
                "facts": {**QUIET_FACTS, "handles_hazardous_chemicals": True},
            },
            "as_of": "2026-11-21",
        },
    ).json()
    assert cell["outcome"] == one["verdict"]["conclusion"]
    deciding = [each["key"] for each in one["verdict"]["findings"] if each["outcome"] == cell["outcome"]]
    assert cell["deciding"] == (deciding if cell["outcome"] != "complies" else [])


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        (body(parts=[]), "unusable-plan", "parts"),
        (body(industries=[]), "no-industry", "industries"),
        (body(industries=["9999"]), "unknown-industry", "industries[0]"),
        (body(parts=[{"text": "around the corner"}]), "unreadable-site", "parts[0]"),
        (body(parts=[{"text": "120.05,36.05"}]), "unusable-plan", "parts[0]"),
        (body(parts=[{"name": "甲", "text": box(1, 1, 2, 2).wkt}] * 2), "unusable-plan", "parts[1].name"),
        (body(industries=["I6511", "C2614", "C3360", "D4417"]), "unusable-plan", "industries"),
        (body(facts={"water": 1}), "unknown-fact", "facts.water"),
        (body(industries=[{"code": "I6511", "facts": {"water": 1}}]), "unknown-fact", "industries[0].facts.water"),
        (body(more=1), "malformed-request", "more"),
    ],
)
def test_what_is_wrong_with_a_plan_is_told_with_its_place(
    client: TestClient, sent: dict[str, Any], code: str, field: str
) -> None:
    answer = client.post("/api/v1/plans", json=sent)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)


def test_a_plan_beyond_the_limit_is_refused_with_the_limit(client: TestClient) -> None:
    told = client.post("/api/v1/plans", json=body(industries=["I6511", "C2614", "C3360", "D4417"])).json()
    assert "2 个分区 × 4 个行业 = 8 项，超过一次 6 项的上限" in told["what"]


@pytest.mark.parametrize(("language", "sheet"), [("zh", "行业与分区"), ("en", "Industries and parts")])
def test_the_workbook_holds_tables_and_the_sheets_of_a_list(client: TestClient, language: str, sheet: str) -> None:
    answer = client.post(f"/api/v1/plans/workbook?lang={language}", json=body())
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert sheet in book.sheetnames
    assert set(SHEETS) <= set(book.sheetnames)
    matrix = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    assert [row[0] for row in matrix[1:]] == ["I6511", "C2614"]
    written = [row[0].value for row in book["陆域单元清单"].iter_rows(min_row=2) if row[0].value]
    told = client.post("/api/v1/plans", json=body()).json()
    assert len(written) == len([row for row in told["draft"] if row["outcome"] != "complies"])


# -- pages -------------------------------------------------------------------------------------------------------------


def fields(**more: str) -> dict[str, str]:
    facts = {
        f"fact.{name}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in QUIET_FACTS.items()
    }
    return {
        "name": "示例园区",
        "parts": WKT,
        "industries": "I6511，C2614",
        "construction": "new",
        "as_of": "2026-11-21",
        **facts,
        **more,
    }


@pytest.mark.parametrize(("language", "words"), [("zh", "不在任何管控单元内"), ("en", "In no control unit")])
def test_the_page_answers_without_any_script(client: TestClient, language: str, words: str) -> None:
    empty = client.get(f"/plans?lang={language}")
    assert '<form method="post"' in empty.text
    page = client.post(f"/plans?lang={language}", data=fields()).text
    assert words in page
    assert not re.search(r"<script[^>]*\bsrc=", page)  # but for the line every page has in its head
    assert page.count('<th scope="row"><code>C2614</code>') >= 1
    assert '<th scope="col">园外</th>' in page
    assert "DEMO-P-01" in page
    assert "style=" not in page


def test_the_same_plan_is_told_in_the_other_language_and_downloaded_again(client: TestClient) -> None:
    page = client.post("/plans?lang=zh", data=fields()).text
    found = re.search(r'name="plan" value="([^"]+)"', page)
    assert found is not None
    sent = found[1].replace("&#34;", '"').replace("&amp;", "&")
    again = client.post("/plans?lang=en", data={"plan": sent}).text
    assert "does not comply" in again
    assert "示例园区" in again
    assert "FeatureCollection" in again
    book = client.post("/plans/workbook", data={"plan": sent})
    assert book.content.startswith(b"PK")


def test_parts_come_from_a_file_too(client: TestClient, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["东", "西"]}, geometry=[box(11, 8, 13, 10), box(3, 3, 5, 5)], crs=4490)
    content = frame.to_json(drop_id=True).encode()
    page = client.post("/plans", data=fields(parts=""), files={"file": ("parts.geojson", content)})
    assert page.status_code == 200, page.text[-3000:]
    assert '<th scope="col">东</th>' in page.text
    broken = client.post("/plans", data=fields(parts=""), files={"file": ("parts.geojson", b"{")})
    assert broken.status_code == 422


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"industries": ""}, "未填写国民经济行业代码"),
        ({"parts": ""}, "没有给出规划分区"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"fact.water_m3_per_year": "much"}, "water_m3_per_year"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_which_keeps_what_was_filled_in(
    client: TestClient, changed: dict[str, str], words: str
) -> None:
    page = client.post("/plans", data=fields(**changed))
    assert page.status_code == 422
    assert words in page.text
    assert 'role="alert"' in page.text
    assert "示例园区" in page.text


def test_names_from_a_stranger_stay_text(client: TestClient) -> None:
    page = client.post("/plans", data=fields(name="<script>alert(1)</script>")).text
    assert "<script>alert" not in page


# -- conflict view -----------------------------------------------------------------------------------------------------


def test_a_kept_screening_shows_its_conflicts_at_both_doors(client: TestClient) -> None:
    kept = client.post(
        "/api/v1/screenings",
        json={
            "site": {"text": box(11, 15, 12, 16).wkt},
            "project": {"industries": ["C2614"], "construction": "new", "facts": QUIET_FACTS},
            "as_of": "2026-11-21",
        },
    ).json()
    told = client.get(f"/api/v1/screenings/{kept['id']}/conflicts?lang=en").json()
    assert told["screening"] == kept["id"]
    first = told["items"][0]
    assert first["outcome"] == "violates"
    assert any("Decided by" in words or "All come to the same" in words for words in first["why"])
    deciding = {one["clause_id"] for level in first["levels"] for one in level["statements"] if one["decides"]}
    known = {one["clause"]["id"]: one["outcome"] for one in kept["verdict"]["findings"] if one["clause"]}
    assert {known[one] for one in deciding} == {"violates"}
    page = client.get(f"/screenings/{kept['id']}?lang=zh").text
    assert "同一事项各层级对照" in page
    assert "没有规定不等于允许" in page
    assert client.get("/api/v1/screenings/none/conflicts").status_code == 404


def test_a_record_of_an_earlier_engine_says_so_instead_of_showing_nothing(client: TestClient, tmp_path: Path) -> None:
    kept = client.post(
        "/api/v1/screenings",
        json={"site": {"text": "120.15,36.08"}, "project": {"industries": ["C2614"], "facts": QUIET_FACTS}},
    ).json()
    record = kept["verdict"]
    for finding in record["findings"]:
        if finding["clause"]:
            del finding["clause"]["about"]
    store = CaseStore(Settings(data=tmp_path).database_url)
    store.keep(replace(store.find(kept["id"]), id="earlier", record=canonical(record).decode()))
    store.close()
    answer = client.get("/api/v1/screenings/earlier/conflicts")
    assert (answer.status_code, answer.json()["code"]) == (409, "old-record")
    assert "没有记下各条款针对的事项" in client.get("/screenings/earlier").text
