"""建设项目基本情况: the fields of the EIA report form, checked like facts, compared with the site, weighing nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.settings import Settings
from layers.facts import fact_schema, particular_schema, particulars
from screening.errors import UnknownFactError
from screening.particulars import environmental_share, require_consistent
from tests.conftest import QUIET_FACTS
from tests.test_cli import data, run  # noqa: F401  a fixture
from tests.test_small_city import OFFICE_SITE
from web.app import create_app
from web.catalogue import LABELS

HECTARE_ISH = "POLYGON((120.1285 36.0285,120.1315 36.0285,120.1315 36.0315,120.1285 36.0315,120.1285 36.0285))"
LINE = "LINESTRING(120.12 36.03,120.13 36.03)"
FULL: dict[str, object] = {
    "project_code": "2026-370211-33-01-000001",
    "eia_entry": "67 金属表面处理及热处理加工",
    "relocation": True,
    "application": "first",
    "approving_authority": "某区发展和改革局",
    "file_number": "〔2026〕1号",
    "total_investment": {"value": 1.2, "unit": "亿元"},
    "environmental_investment": 600,
    "construction_months": "1.5年",
    "has_begun": False,
    "special_topics": "无",
    "planning": "某某规划",
    "planning_eia": "某某规划环境影响报告书",
}


@pytest.fixture
def client(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "releases").symlink_to(small_store[0])
    with TestClient(create_app(Settings(data=tmp_path))) as made:
        yield made


def sent(client: TestClient, status: int = 201, site: dict[str, object] | None = None, **project: object) -> Any:
    asked = {"industries": ["I6511"], "construction": "new", "facts": QUIET_FACTS, **project}
    body = {"site": site or {"text": OFFICE_SITE}, "project": asked, "as_of": "2026-11-21"}
    answer = client.post("/api/v1/screenings", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def remarks(answer: Any) -> dict[str, str]:
    return {one["particular"]: one["message"]["zh"] for one in answer["verdict"]["remarks"] if "particular" in one}


def summary(answer: Any) -> list[tuple[str, str]]:
    return [(row["label"], row["value"]) for row in answer["explanation"]["summary"]]


def test_particulars_are_kept_and_told(client: TestClient) -> None:
    answer = sent(client, particulars=FULL)
    project = answer["verdict"]["project"]
    assert project["particulars"]["total_investment"] == 12_000.0
    assert project["particulars"]["construction_months"] == 18.0
    assert project["environmental_share"] == 0.05
    rows = summary(answer)
    assert ("总投资", "按 1.2 亿元 换算为 12,000 万元") in rows
    assert rows[rows.index(("环保投资", "600 万元")) + 1] == ("环保投资占比", "5.00%")
    assert ("建设项目申报情形", "首次申报项目") in rows
    assert ("是否已开工建设", "否") in rows
    assert remarks(answer) == {}


def test_what_is_left_empty_is_not_declared(client: TestClient) -> None:
    blank = {name: "" if fact.kind != "number" else None for name, fact in particular_schema().items()}
    answer = sent(client, particulars=blank)
    assert answer["verdict"]["project"]["particulars"] == {}
    assert answer["verdict"]["project"]["environmental_share"] is None
    assert answer["digest"] == sent(client)["digest"]


def test_no_particular_changes_the_verdict(client: TestClient) -> None:
    begun = {**FULL, "has_begun": True, "begun_on": "2027-01-01", "site_area_m2": 1}
    plain, told = sent(client), sent(client, particulars=begun)
    for part in ("conclusion", "findings", "would_change", "levels"):
        assert plain["verdict"][part] == told["verdict"][part]


def test_a_project_already_begun_is_a_remark_for_a_person(client: TestClient) -> None:
    found = sent(client, particulars={"has_begun": True, "begun_on": "2027-01-01"})
    told = remarks(found)
    assert "未批先建" in told["has_begun"]
    assert "不作判断" in told["has_begun"]
    assert "尚缺情况说明" in told["begun_explanation"]
    assert "晚于研判基准日 2026-11-21" in told["begun_on"]
    assert any(one.startswith("是否已开工建设：") for one in found["explanation"]["remarks"])
    explained = remarks(sent(client, particulars={"has_begun": True, "begun_explanation": "已建厂房，未投产"}))
    assert set(explained) == {"has_begun"}
    contradicted = sent(client, particulars={"begun_on": "2026-01-01"})
    assert "请核对" in remarks(contradicted)["has_begun"]


def test_the_stated_area_is_compared_with_the_measured_one(client: TestClient) -> None:
    area_m2 = sent(client, site={"text": HECTARE_ISH})["verdict"]["site"]["area_m2"]
    agreeing = sent(client, site={"text": HECTARE_ISH}, particulars={"site_area_m2": area_m2})
    assert remarks(agreeing) == {}
    in_mu = sent(client, site={"text": HECTARE_ISH}, particulars={"site_area_m2": f"{area_m2 * 15 / 10_000:.4f} 亩"})
    assert remarks(in_mu) == {}
    confused = sent(client, site={"text": HECTARE_ISH}, particulars={"site_area_m2": round(area_m2 / 10_000, 4)})
    assert "疑为平方米写成了公顷" in remarks(confused)["site_area_m2"]
    assert confused["verdict"]["conclusion"] == agreeing["verdict"]["conclusion"]
    point = sent(client, particulars={"site_area_m2": 500}, site={"text": "120.15000,36.08000"})
    assert "没有核对" in remarks(point)["site_area_m2"]


def test_the_stated_length_is_compared_with_the_line(client: TestClient) -> None:
    site = {"text": LINE, "width_m": 20}
    length_m = sent(client, site=site)["verdict"]["site"]["alignment_m"]
    assert length_m == pytest.approx(902, abs=2)
    assert remarks(sent(client, site=site, particulars={"length_km": f"{length_m:.1f} m"})) == {}
    assert "相差" in remarks(sent(client, site=site, particulars={"length_km": 9}))["length_km"]
    no_line = sent(client, site={"text": HECTARE_ISH}, particulars={"length_km": 9})
    assert "alignment_m" not in no_line["verdict"]["site"]
    assert "没有核对" in remarks(no_line)["length_km"]


def test_relocation_is_new_construction(client: TestClient) -> None:
    assert remarks(sent(client, particulars={"relocation": True})) == {}
    assert (
        "新建（迁建）" in remarks(sent(client, construction="expand", particulars={"relocation": True}))["relocation"]
    )


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"contact_person": "某某"}, "contact_person", "/api/v1/particulars"),
        ({"phone": "1"}, "phone", "/api/v1/particulars"),
        ({"application": "second"}, "application", "可选：first"),
        ({"begun_on": "soon"}, "begun_on", "2026-11-21"),
        ({"begun_on": 20260101}, "begun_on", "2026-11-21"),
        ({"begun_on": "2026-02-30"}, "begun_on", "2026-11-21"),
        ({"project_code": "x" * 51}, "project_code", "最多 50 个字"),
        ({"project_code": 5}, "project_code", "应为文字"),
        ({"planning": "a\u0000b"}, "planning", "不可显示"),
        ({"construction_months": "90 天"}, "construction_months", "没有固定的天数"),
        ({"total_investment": "5 万m³/a"}, "total_investment", "不能换算为 万元"),
        ({"total_investment": 100, "environmental_investment": 101}, "environmental_investment", "100 万元"),
        (
            {"total_investment": {"value": 1, "unit": "亿元"}, "environmental_investment": "2 亿元"},
            "environmental_investment",
            "10,000 万元",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_field(client: TestClient, given: object, field: str, said: str) -> None:
    problem = sent(client, 422, particulars=given)
    assert (problem["code"], problem["field"]) == ("unknown-fact", f"project.particulars.{field}")
    assert said in problem["why"] + problem["cure"]
    assert problem["what"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"value": 3, "unit": "m³/d"}, "全年运行天数"),
        ({"value": 3, "unit": "m³/d", "days_per_year": "many"}, "1 至 366"),
        ({"value": [3], "unit": "m³/a"}, "应为一个数值"),
        ({"value": 3, "unit": ["m³/a"]}, "应为一个数值"),
        ({"value": 3, "units": "m³/a"}, "应为一个数值"),
        ("3 kWh", "不能换算"),
    ],
)
def test_an_amount_that_cannot_be_used_is_a_clear_problem(client: TestClient, value: object, said: str) -> None:
    problem = sent(client, 422, facts={"water_m3_per_year": value})
    assert (problem["code"], problem["field"]) == ("unknown-fact", "project.facts.water_m3_per_year")
    assert said in problem["why"]


def test_facts_in_units_decide_as_their_converted_value(client: TestClient) -> None:
    plain = sent(client, facts={**QUIET_FACTS, "water_m3_per_year": 30_000})
    per_day = {"value": 100, "unit": "m³/d", "days_per_year": 300}
    for water in ("3 万m³/a", per_day):
        answer = sent(client, facts={**QUIET_FACTS, "water_m3_per_year": water})
        assert answer["verdict"]["findings"] == plain["verdict"]["findings"]
        (kept,) = answer["verdict"]["project"]["conversions"]
        assert (kept["name"], kept["value"], kept["unit"]) == ("water_m3_per_year", 30_000, "m³/a")
        assert ("新增取用水量", kept["read_as"]["zh"]) in summary(answer)
    assert "× 300 天" in kept["read_as"]["zh"]
    en = client.get(f"/api/v1/screenings/{answer['id']}?lang=en").json()
    assert ("Additional water use", "100 m³/d × 300 days taken as 30,000 m³/a") in summary(en)


def test_the_look_ups_say_what_each_takes(client: TestClient) -> None:
    water = next(one for one in client.get("/api/v1/facts").json()["items"] if one["name"] == "water_m3_per_year")
    assert [one["unit"] for one in water["units"]][:3] == ["m³/a", "万m³/a", "亿m³/a"]
    assert {one["unit"] for one in water["units"] if one["needs_days_per_year"]} == {"m³/d", "万m³/d"}
    for lang in ("zh", "en"):
        found = client.get(f"/api/v1/particulars?lang={lang}").json()
        assert [one["name"] for one in found["items"]] == list(particular_schema())
        assert all(one["label"] and one["help"] and one["group"] for one in found["items"])
        assert found["note"]
    assert {one["type"] for one in found["items"]} == {"text", "number", "boolean", "choice", "date"}


def test_names_of_facts_and_particulars_never_meet() -> None:
    assert not fact_schema().keys() & particular_schema().keys()


def test_nothing_personal_is_asked() -> None:
    asked = " ".join(f"{name} {fact.label.zh} {fact.label.en}" for name, fact in particular_schema().items())
    assert not re.search(r"联系|电话|姓名|身份|contact|phone|mail", asked, re.IGNORECASE)


@given(
    total=st.floats(min_value=0, max_value=1e9),
    part=st.floats(min_value=0, max_value=1e9),
)
def test_the_share_is_never_more_than_the_whole(total: float, part: float) -> None:
    values = particulars({"total_investment": total, "environmental_investment": part}).values
    try:
        require_consistent(values, particular_schema())
    except UnknownFactError:
        assert part > total
        return
    share = environmental_share(values)
    assert (share is None) == (total == 0)
    assert share is None or 0 <= share <= 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_offers_a_folded_section_and_units(client: TestClient, lang: str) -> None:
    page = client.get(f"/?lang={lang}").text
    fold = page[page.index('id="particulars-fold"') : page.index('id="project-name"')]
    assert "open" not in fold.split(">")[0]
    assert '<div id="particulars">' in fold
    assert 'data-field="project.particulars"' in fold
    assert LABELS["particulars"].in_(lang) in fold  # type: ignore[arg-type]
    assert LABELS["particulars_help"].in_(lang) in fold  # type: ignore[arg-type]
    for name in ("facts.js", "particulars.js"):
        assert "./fields.js" in client.get(f"/static/{name}").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_page_tells_the_remarks(client: TestClient, lang: str) -> None:
    answer = sent(client, particulars={"has_begun": True, "begun_explanation": "<b>已建</b>"})
    page = client.get(f"/screenings/{answer['id']}?lang={lang}").text
    assert '<section id="remarks">' in page
    assert "未批先建" in page
    assert "&lt;b&gt;已建&lt;/b&gt;" in page
    without = sent(client)
    assert "未批先建" not in client.get(f"/screenings/{without['id']}?lang={lang}").text


def test_the_command_takes_units_and_particulars(data: Path) -> None:  # noqa: F811
    asked = ("check", OFFICE_SITE, "-i", "I6511", "-f", "water_m3_per_year=3 万m³/a")
    done = run(data, *asked, "--particular", "has_begun=是", "--particular", "total_investment=1 亿元")
    assert "新增取用水量: 按 3 万m³/a 换算为 30,000 m³/a" in done.stdout, done.stderr
    assert "总投资: 按 1 亿元 换算为 10,000 万元" in done.stdout
    assert "未批先建" in done.stdout
    refused = run(data, *asked, "-f", "coal_t_per_year=3 t/d")
    assert refused.returncode == 2
    assert "全年运行天数" in refused.stderr
