"""The HTTP door: answers, problems, languages, limits; each reachable error has a status."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient

from api.app import create_api
from api.problems import STATUS
from api.schemas import ExplanationOut, ScreeningOut
from api.service import ScreeningService
from api.settings import Settings
from screening import approval_errors, errors, run_errors
from screening.record import canonical, digest
from tests.conftest import QUIET_FACTS
from tests.test_small_city import OFFICE_SITE


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(), service)) as made:
        yield made


def body(site: object = None, **project: object) -> dict[str, object]:
    return {
        "site": site or {"text": OFFICE_SITE},
        "project": {"industries": ["I6511"], "construction": "new", "facts": QUIET_FACTS, **project},
    }


def test_a_screening_is_answered_kept_and_found_again(client: TestClient) -> None:
    answer = client.post("/api/v1/screenings", json=body())
    assert answer.status_code == 201
    made = answer.json()
    assert made["explanation"]["conclusion"] == "complies"
    assert made["explanation"]["notice"].startswith("示例数据")
    assert made["digest"] == digest(made["verdict"])
    found = client.get(answer.headers["location"])
    assert found.json() == made
    assert found.content == answer.content  # as it was told at once, so it is read back


def test_an_answer_holds_its_record_as_it_was_digested_and_says_no_more_than_its_schema(client: TestClient) -> None:
    answer = client.post("/api/v1/screenings?lang=en", json=body())
    made = answer.json()
    assert canonical(made["verdict"]) in answer.content
    assert ScreeningOut.model_validate(made).model_dump() == made
    assert list(made) == list(ScreeningOut.model_fields)
    assert list(made["explanation"]) == list(ExplanationOut.model_fields)


def test_both_languages_tell_the_same_findings(client: TestClient) -> None:
    made = client.post("/api/v1/screenings?lang=en", json=body()).json()
    zh = client.get(f"/api/v1/screenings/{made['id']}").json()
    en = client.get(f"/api/v1/screenings/{made['id']}", headers={"accept-language": "en-GB,en"}).json()
    assert (zh["explanation"]["conclusion_label"], en["explanation"]["conclusion_label"]) == ("符合", "complies")
    for part in ("concerned", "not_concerned", "without_data"):
        assert [one["key"] for one in zh["explanation"][part]] == [one["key"] for one in en["explanation"][part]]


def test_a_verdict_names_everything_it_rests_on(client: TestClient) -> None:
    site = "POLYGON((120.025 36.135,120.028 36.135,120.028 36.138,120.025 36.138,120.025 36.135))"
    verdict = client.post("/api/v1/screenings", json=body({"text": site})).json()["verdict"]
    red_line = next(one for one in verdict["findings"] if one["key"] == "clause:DEMO-N-02")
    clause = red_line["clause"]
    assert (clause["level"], clause["dimension"], clause["effect"]) == ("nation", "space", "prohibit")
    assert clause["basis"] == "自然资发〔2022〕142号"
    contact = next(one for one in verdict["contacts"] if one["key"] == red_line["contacts"][0])
    assert (contact["code"], contact["class"], contact["share_of_site"]) == ("YS3702811110001", 1, 1.0)
    assert contact["area_m2"] == verdict["site"]["area_m2"]
    assert contact["overlap"]["type"] == "Polygon"
    assert verdict["area_method"]["en"].endswith("(EPSG:4549)")
    assert verdict["as_of"] == "2026-11-21"


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        (body(industries=["9999"]), "unknown-industry", "project.industries[0]"),
        (body(industries=[]), "no-industry", "project.industries"),
        (body(facts={"water": 1}), "unknown-fact", "project.facts.water"),
        (body(facts={"water_m3_per_year": -1}), "unknown-fact", "project.facts.water_m3_per_year"),
        (body(facts={"discharges_wastewater": "no"}), "unknown-fact", "project.facts.discharges_wastewater"),
        (body({"text": "around the corner"}), "unreadable-site", "site"),
        (
            body({"text": "POLYGON((120.1 36,120.2 36.1,120.2 36,120.1 36.1,120.1 36))"}),
            "invalid-site",
            "site.geometry",
        ),
        (body({"text": "129.05,35.10"}), "site-outside-jurisdiction", "site.geometry"),
        ({**body(), "as_of": "1990-01-01"}, "no-release-in-force", "as_of"),
        ({**body(), "verdict": "complies"}, "malformed-request", "verdict"),
        ({"site": {"text": OFFICE_SITE}}, "malformed-request", "project"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_input_is_a_clear_problem(
    client: TestClient, sent: dict[str, object], code: str, field: str, lang: str
) -> None:
    answer = client.post(f"/api/v1/screenings?lang={lang}", json=sent)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["field"]) == (code, field)
    assert answer.status_code == problem["status"]
    assert all(problem[part] for part in ("title", "what", "why", "cure"))


def test_an_upload_of_40_mb_is_refused_in_words(client: TestClient) -> None:
    answer = client.post("/api/v1/screenings?lang=en", content=b"x" * 40_000_000)
    assert answer.status_code == 413
    assert answer.json()["code"] == "upload-too-large"
    assert "2 MB" in answer.json()["what"]


def test_industries_are_found_by_code_and_by_chinese_words(client: TestClient) -> None:
    for words in ("电镀", "3360", "C3360"):
        first = client.get("/api/v1/industries", params={"q": words}).json()["items"][0]
        assert (first["code"], first["level"]) == ("C3360", "class")
        assert first["path"].startswith("C 制造业 › C33 ")


def test_units_at_a_point(client: TestClient) -> None:
    inside = client.get("/api/v1/units", params={"lon": 120.15, "lat": 36.05}).json()
    assert [(one["code"], one["class_label"], one["realm"]) for one in inside["items"]] == [
        ("ZH37021130001", "一般管控", "陆域")
    ]
    outside = client.get("/api/v1/units", params={"lon": 120.35, "lat": 36.05, "lang": "en"}).json()
    assert (outside["items"], outside["covered"]) == ([], False)
    assert "Not to be read as unrestricted" in outside["note"]


def test_health_tells_a_silent_layer(service: ScreeningService, small_store: tuple[Path, str], tmp_path: Path) -> None:
    with TestClient(create_api(Settings(), service)) as client:
        assert client.get("/health").json()["status"] == "ok"


def test_no_release_is_no_health(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    made = ScreeningService(settings)
    with TestClient(create_api(settings, made)) as client:
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["code"]) == (503, "no-release-in-force")
        assert client.post("/api/v1/screenings", json=body()).status_code == 503
    made.close()


def test_releases_are_listed(client: TestClient, small_store: tuple[Path, str]) -> None:
    (one,) = client.get("/api/v1/releases?lang=en").json()["items"]
    assert (one["id"], one["title"], one["nature"]) == (small_store[1], "Small city", "demonstration")


def test_a_tile_carries_codes_and_names(client: TestClient, small_store: tuple[Path, str]) -> None:
    tile = client.get(f"/tiles/{small_store[1]}/unit_land/9/426/200.mvt")
    assert tile.status_code == 200
    layer = mapbox_vector_tile.decode(tile.content)["unit_land"]
    assert {one["properties"]["code"] for one in layer["features"]} >= {"ZH37021130001"}
    assert client.get(f"/tiles/{small_store[1]}/unit_land/9/0/0.mvt").status_code == 204
    assert client.get(f"/tiles/{small_store[1]}/nothing/9/0/0.mvt").json()["code"] == "not-found"
    assert client.get("/tiles/other/unit_land/9/0/0.mvt").json()["code"] == "unknown-release"


def test_every_error_of_ours_has_a_status() -> None:
    classes = {
        one
        for module in (errors, approval_errors, run_errors)
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, errors.ThreeLinesError) and one is not errors.ThreeLinesError
    }
    assert classes == set(STATUS)
    assert len({one.code for one in classes}) == len(classes)


def test_facts_say_that_blank_is_not_zero(client: TestClient) -> None:
    items = client.get("/api/v1/facts").json()["items"]
    assert {one["name"] for one in items} >= {"water_m3_per_year", "policy_class"}
    assert not {"pm25_objective_met", "water_objective_met"} & {one["name"] for one in items}


def test_every_route_is_documented(client: TestClient) -> None:
    docs = Path(__file__).parents[1] / "docs"
    pages = ("api.md", "approval.md", "batches.md", "dashboards.md")
    page = "".join((docs / name).read_text(encoding="utf-8") for name in pages)
    described = client.get("/openapi.json").json()["paths"]
    for path, methods in described.items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in page
