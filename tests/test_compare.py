"""Comparing sites: each answer is the one the site has alone, kept the same way; the table says what differs and ranks nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from api.settings import Settings
from screening.comparison import LABELS, MOST_SITES
from tests.conftest import QUIET_FACTS, build_release
from tests.withheldcity import HIDDEN, WithheldCity
from web.app import create_app

PARK = "POLYGON((120.03 36.03,120.04 36.03,120.04 36.04,120.03 36.04,120.03 36.03))"
RED_LINE = "POLYGON((120.025 36.135,120.028 36.135,120.028 36.138,120.025 36.138,120.025 36.135))"
OFFICE = "120.15,36.08"
SITES = [{"text": PARK, "name": "园区内"}, {"text": RED_LINE, "name": "山上"}, {"text": OFFICE}]
PROJECT: dict[str, Any] = {"industries": ["C2614"], "construction": "new", "facts": QUIET_FACTS}
FORM = {"site": [PARK, "", OFFICE], "site_name": ["园区内", "", ""], "industry": "C2614", "construction": "new"}


@pytest.fixture(scope="module")
def client(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("compared")
    (data / "releases").symlink_to(small_store[0])
    with TestClient(create_app(Settings(data=data))) as made:
        yield made


def compared(client: TestClient, sites: list[dict[str, str]] = SITES, language: str = "en") -> dict[str, Any]:
    answer = client.post(f"/api/v1/comparisons?lang={language}", json={"sites": sites, "project": PROJECT})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def row(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in found["rows"] if one["key"] == key)


def test_each_answer_is_the_one_the_site_has_alone(client: TestClient) -> None:
    found = compared(client)
    for site, made in zip(SITES, found["screenings"], strict=True):
        alone = client.post("/api/v1/screenings?lang=en", json={"site": site, "project": PROJECT}).json()
        assert made["verdict"] == alone["verdict"]
        assert made["explanation"] == alone["explanation"]
        assert made["digest"] == alone["digest"]
        kept = client.get(f"/api/v1/screenings/{made['id']}?lang=en").json()
        assert kept == made
        assert client.get(f"/api/v1/screenings/{made['id']}/sealed").status_code == 200


def test_a_comparison_is_found_again_under_its_address_in_either_language(client: TestClient) -> None:
    answer = client.post("/api/v1/comparisons", json={"sites": SITES, "project": PROJECT})
    again = client.get(answer.headers["location"])
    assert again.json() == answer.json()
    english = client.get(answer.headers["location"] + "&lang=en").json()
    assert [one["key"] for one in english["rows"]] == [one["key"] for one in again.json()["rows"]]
    assert english["rows"][0]["label"] == LABELS["conclusion"].en


def test_the_table_says_what_each_screening_says_and_where_they_differ(client: TestClient) -> None:
    found = compared(client)
    for position, made in enumerate(found["screenings"]):
        told = made["explanation"]
        assert row(found, "conclusion")["cells"][position] == {
            "lines": [told["conclusion_label"]],
            "tone": told["conclusion"],
        }
        assert row(found, "deciding")["cells"][position]["lines"][:3] == (told["deciding"] or ["none"])[:3]
        duties = " ".join(row(found, "next_steps")["cells"][position]["lines"])
        assert all(step in duties for step in told["next_steps"][:6])
    for one in found["rows"]:
        assert one["differs"] == any(cell != one["cells"][0] for cell in one["cells"])
        assert len(one["cells"]) == len(SITES)
    assert found["differing"] == sum(one["differs"] for one in found["rows"])
    assert row(found, "release")["differs"] is False
    assert row(found, "units")["differs"] is True


def test_lines_are_told_as_inside_near_or_none(client: TestClient) -> None:
    found = compared(client)
    red_line = [cell["lines"][0] for cell in row(found, "layer:red_line")["cells"]]
    assert red_line[1].startswith("北山红线")
    assert "none within" in red_line[0] or "from" in red_line[0]
    assert row(found, "layer:park")["cells"][0]["lines"][0].startswith("西化工园")


def test_the_order_is_the_one_given_and_no_row_is_a_score(client: TestClient) -> None:
    forth, back = compared(client), compared(client, SITES[::-1])
    assert [one["verdict"]["site"]["name"] for one in back["screenings"]] == [
        one["verdict"]["site"]["name"] for one in forth["screenings"]
    ][::-1]
    assert [one["cells"][::-1] for one in back["rows"]] == [one["cells"] for one in forth["rows"]]
    assert "no ranking" in forth["note"]
    assert {"score", "rank"}.isdisjoint({one["key"] for one in forth["rows"]})


@pytest.mark.parametrize("count", [0, 1, MOST_SITES + 1])
def test_too_few_or_too_many_sites_are_refused(client: TestClient, count: int) -> None:
    answer = client.post("/api/v1/comparisons", json={"sites": SITES[2:] * count, "project": PROJECT})
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot-compare")


def test_a_site_that_cannot_be_read_is_named_and_nothing_is_kept(client: TestClient) -> None:
    answer = client.post("/api/v1/comparisons", json={"sites": [*SITES, {"text": "nowhere"}], "project": PROJECT})
    assert (answer.status_code, answer.json()["field"]) == (422, "sites[3]")


def test_screenings_of_different_projects_are_not_compared(client: TestClient) -> None:
    one = client.post("/api/v1/screenings", json={"site": SITES[0], "project": PROJECT}).json()["id"]
    other_project = {**PROJECT, "industries": ["I6511"]}
    other = client.post("/api/v1/screenings", json={"site": SITES[1], "project": other_project}).json()["id"]
    answer = client.get(f"/api/v1/comparisons?screening={one}&screening={other}")
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot-compare")
    assert client.get(f"/api/v1/comparisons?screening={one}&screening=none").status_code == 404


def test_the_workbook_holds_the_table_as_text(client: TestClient) -> None:
    sites = [{**SITES[0], "name": '=HYPERLINK("http://example.org")'}, *SITES[1:]]
    found = compared(client, sites, "zh")
    ids = "&".join(f"screening={one['id']}" for one in found["screenings"])
    answer = client.get(f"/api/v1/comparisons/workbook?{ids}&lang=zh")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    with ZipFile(io.BytesIO(answer.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[4][3] == sites[0]["name"]
    table = {line[1]: line[2:] for line in rows[6:]}
    for one in found["rows"]:
        assert table[one["label"]] == ["不同" if one["differs"] else "", *("\n".join(c["lines"]) for c in one["cells"])]


def test_the_form_works_without_script(client: TestClient) -> None:
    assert client.get("/compare?lang=en").status_code == 200
    answer = client.post("/compare?lang=en", data=FORM, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    page = client.get(address).text
    assert "2 sites side by side" in page
    assert "园区内" in page
    assert "no ranking" in page
    for one in urlsplit(address).query.split("&"):
        name, _, value = one.partition("=")
        if name == "screening":
            assert f'href="/screenings/{value}?lang=en"' in page


def test_what_was_filled_in_stays_when_something_is_wrong(client: TestClient) -> None:
    answer = client.post("/compare?lang=en", data={**FORM, "site": [PARK, "", "nowhere"], "fact.coal_t_per_year": "12"})
    assert answer.status_code == 422
    assert "Site 3" in answer.text
    assert 'value="nowhere"' in answer.text
    assert 'value="12"' in answer.text
    words = client.post("/compare?lang=en", data={**FORM, "industry": "化学"})
    assert words.status_code == 422
    assert "C26" in words.text


def test_a_link_fills_the_form_and_screens_nothing(client: TestClient) -> None:
    page = client.get(
        "/compare?site=120.15,36.08&site=120.03,36.03&industry=C2614&construction=new&fact.coal_t_per_year=3"
    )
    assert page.text.count('value="120.') == 2
    assert 'value="C2614"' in page.text
    assert '<option value="new" selected>' in page.text


def test_measures_that_are_not_published_stay_rounded_side_by_side(tmp_path: Path) -> None:
    store, _ = build_release(WithheldCity(), tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "releases").symlink_to(store)
    with TestClient(create_app(Settings(data=data))) as client:
        sites = [
            {"text": "POLYGON((120.05 36.141,120.055 36.141,120.055 36.145,120.05 36.145,120.05 36.141))"},
            SITES[2],
        ]
        found = compared(client, sites)
        told = row(found, f"layer:{HIDDEN}")["cells"][0]["lines"][0]
        assert "to" in told or "less than" in told
        assert told.split(" from ")[0].split()[0].isdigit()
