"""一图一表一说明: the drawing as SVG, the page, the HTTP door and the command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from api.cases import CaseStore
from api.statement_page import LABELS
from layers.snapshot import Snapshot
from screening.model import Nature
from screening.statement_map import statement_map
from screening.words import LANGUAGES, Language
from tests.conftest import ask
from tests.sealing import serving
from tests.test_api import body
from tests.test_cases import CASE
from tests.test_cli import run
from tests.test_sealed_api import door
from tests.test_small_city import ACROSS_UNITS, HALF_IN_PARK, IN_RED_LINE, OFFICE_SITE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    (tmp_path / "releases").symlink_to(small_store[0])
    return tmp_path


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    with serving(data) as service, door(service) as made:
        yield made


def drawn(snapshot: Snapshot, site: str, language: Language = "zh") -> ElementTree.Element:
    return ElementTree.fromstring(statement_map(ask(snapshot, site), language))


def said(drawing: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in drawing.iter(f"{SVG}text")]


# -- the map -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", [OFFICE_SITE, IN_RED_LINE, HALF_IN_PARK, ACROSS_UNITS, "120.15,36.08"])
def test_the_map_stands_alone_and_says_whose_data_it_shows(small: Snapshot, site: str, language: Language) -> None:
    drawing = drawn(small, site, language)
    assert not {one.tag for one in drawing.iter()} & {f"{SVG}{name}" for name in ("script", "style", "image", "use")}
    assert not [one for one in drawing.iter() if {"style", "href", "onload"} & one.attrib.keys()]
    assert any(small.release.id in words for words in said(drawing))
    assert any(("示例数据" if language == "zh" else "demonstration data") in words for words in said(drawing))
    patterns = {one.attrib["id"] for one in drawing.iter(f"{SVG}pattern")}
    used = {found for one in drawing.iter() for found in re.findall(r"url\(#([^)]+)\)", one.get("fill", ""))}
    assert used <= patterns
    (desc,) = drawing.iter(f"{SVG}desc")
    assert desc.text


def test_an_official_release_is_not_called_a_demonstration(small: Snapshot) -> None:
    official = replace(small, release=replace(small.release, nature=Nature.OFFICIAL))
    assert not [words for words in said(drawn(official, OFFICE_SITE)) if "示例数据" in words]


def test_every_unit_of_the_site_is_drawn_with_a_pattern_and_named(small: Snapshot) -> None:
    verdict = ask(small, ACROSS_UNITS)
    drawing = drawn(small, ACROSS_UNITS)
    zones = {one.attrib["data-zone"] for one in drawing.iter(f"{SVG}path") if "data-zone" in one.attrib}
    codes = {one.zone.code for one in verdict.evidence.units}
    assert len(codes) == 2
    assert codes <= zones
    legend = "".join(said(drawing))
    assert all(code in legend for code in codes)


def test_the_red_line_is_hatched_and_on_top(small: Snapshot) -> None:
    paths = [one for one in drawn(small, IN_RED_LINE).iter(f"{SVG}path") if "data-zone" in one.attrib]
    assert paths[-1].attrib["fill"].startswith("url(#map-falling-")
    assert "生态保护红线" in "".join(said(drawn(small, IN_RED_LINE)))


def test_the_scale_bar_is_as_long_as_it_says(small: Snapshot) -> None:
    """The office is about 450 m wide: its outline and the bar are drawn on one scale."""
    verdict, drawing = ask(small, OFFICE_SITE), drawn(small, OFFICE_SITE)
    (bar,) = (one for one in drawing.iter(f"{SVG}g") if "data-scale-m" in one.attrib)
    line = next(iter(bar.iter(f"{SVG}path"))).attrib["d"]
    left, right = (float(re.findall(pattern, line)[0]) for pattern in (r"^M([\d.]+)", r"H([\d.]+)"))
    (site,) = (one for one in drawing.iter(f"{SVG}path") if one.get("data-site") == "area")
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", site.attrib["d"])]
    west, _, east, _ = verdict.evidence.site_shape.bounds
    metres_per_pixel = (east - west) / (max(xs) - min(xs))
    assert (right - left) * metres_per_pixel == pytest.approx(float(bar.attrib["data-scale-m"]), rel=0.01)


def test_corners_of_site_and_frame_are_in_degrees(small: Snapshot) -> None:
    words = said(drawn(small, OFFICE_SITE))
    assert "1  120°10′48.00″E  36°04′48.00″N" in words
    frame = [one for one in words if re.fullmatch(r"\d+°\d\d′\d\d\.\d\d″E \d+°\d\d′\d\d\.\d\d″N", one)]
    assert len(frame) == 4


def test_a_point_is_marked_as_a_point(small: Snapshot) -> None:
    drawing = drawn(small, "120.15,36.08", "en")
    assert [one for one in drawing.iter(f"{SVG}g") if one.get("data-site") == "point"]
    assert "Site (a point, no boundary)" in said(drawing)


def test_names_are_escaped(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    named = replace(verdict, site=replace(verdict.site, name="<b>&"))
    (title,) = (one for one in ElementTree.fromstring(statement_map(named, "zh")) if one.tag == f"{SVG}title")
    assert (title.text or "").startswith("<b>&")


# -- the doors ---------------------------------------------------------------------------------------------------------


def screened(client: TestClient, site: str = OFFICE_SITE) -> str:
    made = client.post("/api/v1/screenings", json=body({"text": site}))
    assert made.status_code == 201
    return str(made.json()["id"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_at_the_door_weighs_as_the_kept_verdict(client: TestClient, language: Language) -> None:
    case_id = screened(client)
    answer = client.get(f"/api/v1/screenings/{case_id}/conformity?lang={language}")
    assert answer.status_code == 200
    found, kept = answer.json(), client.get(f"/api/v1/screenings/{case_id}").json()["verdict"]
    assert (found["conclusion"], found["is_as_kept"]) == (kept["conclusion"], True)
    assert found["table"]["columns"][0] == ("管控维度/条款" if language == "zh" else "Dimension / clause")
    outcomes = {row["key"]: row["outcome"] for row in found["table"]["rows"]}
    assert {one["key"]: one["outcome"] for one in kept["findings"]}.items() <= outcomes.items()


class Seen(HTMLParser):
    """Tags of a page, and those left open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_prints_without_script_and_loads_nothing(client: TestClient, language: Language) -> None:
    case_id = screened(client)
    answer = client.get(f"/screenings/{case_id}/statement?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page, seen = answer.text, Seen()
    seen.feed(page)
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert "size: A4" in page
    assert "table-header-group" in page
    assert seen.tags.count("svg") == seen.tags.count("thead") == 1
    for name in ("map", "table", "narrative", "limits"):
        assert LABELS[name].in_(language) in page
    rows = client.get(f"/api/v1/screenings/{case_id}/conformity?lang={language}").json()["table"]["rows"]
    assert re.findall(r'<tr data-key="([^"]+)"', page) == [row["key"] for row in rows]
    assert 'id="differs"' not in page


def test_the_screening_page_leads_to_the_statement(client: TestClient) -> None:
    case_id = screened(client)
    page = client.get(f"/screenings/{case_id}?lang=zh", headers={"accept": "text/html"}).text
    assert f'href="/screenings/{case_id}/statement?lang=zh"' in page


def test_a_kept_answer_that_this_version_would_not_give_is_told(client: TestClient, data: Path) -> None:
    case_id = screened(client)
    with serving(data) as service:
        case = service._cases.find(case_id)
        service._cases.keep(
            replace(case, id="elsewhere", record=case.record.replace("complies", "violates"), digest="0")
        )
    assert client.get("/api/v1/screenings/elsewhere/conformity").json()["is_as_kept"] is False
    assert 'id="differs"' in client.get("/screenings/elsewhere/statement").text


@pytest.mark.parametrize("path", ["/api/v1/screenings/{}/conformity", "/screenings/{}/statement"])
def test_a_screening_without_its_exact_question_has_no_table(client: TestClient, data: Path, path: str) -> None:
    store = CaseStore(f"sqlite:///{data / 'cases.sqlite3'}")
    store.keep(replace(CASE, id="old", question=None, seal=None))
    store.close()
    assert client.get(path.format("old")).status_code == 409
    assert client.get(path.format("nobody")).status_code == 404


def test_the_command_writes_the_page(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "statement.html"
    done = run(data, "check", OFFICE_SITE, "-i", "I6511", "--as-of", "2026-11-21", "--statement", str(target))
    assert done.returncode == 0, done.stderr
    page = target.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "clause:DEMO-N-01" in page
    assert "href=" not in page
