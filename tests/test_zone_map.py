"""The zone map's look-ups and page: search, what lies under a place, releases by date, the map in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.settings import Settings
from layers.base_maps import base_map
from layers.delivery import read_delivery
from layers.layer_overview import layer_overviews, shown_layers
from layers.publication import Publication, publish, withdraw
from layers.release import read_content, write_release
from layers.release_dates import DAY, Standing, stops
from layers.snapshot import Snapshot
from layers.zone_search import find_zones, zone_of
from screening.model import ZoneClass
from tests.smallcity import NE, SEA_N, SW, SmallCity, box, unit
from web.app import create_app
from web.maps import outside_addresses
from web.zone_map_labels import MAP_NAV_LABELS, ZONE_MAP_LABELS
from web.zone_maps import large_map

HTML = {"accept": "text/html"}
HOST = "https://t0.tianditu.gov.cn"


def built(city: SmallCity, folder: Path, store: Path) -> str:
    name = write_release(read_content(read_delivery(city.deliver(folder))), store)
    publish(store, name, at=f"{city.effective_from}T00:00:00+08:00", by="tests", override="a test of the map")
    return name


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, str]:
    """A replaced release, the one in force, and one that was withdrawn."""
    folder = tmp_path_factory.mktemp("map")
    store = folder / "releases"
    old = built(SmallCity(effective_from=date(2026, 1, 1)), folder / "old", store)
    city = SmallCity(effective_from=date(2026, 7, 1))
    city.layers["unit_land"][0] = unit(SW, "西南重点改名", "黄岛区", box(0, 0, 10, 10))
    city.layers["red_line"][0]["geometry"] = box(2, 13, 5, 18)
    new = built(city, folder / "new", store)
    wrong = SmallCity(effective_from=date(2026, 8, 1))
    wrong.layers["park"][0]["geometry"] = box(2, 2, 6, 7)
    withdrawn = built(wrong, folder / "wrong", store)
    withdraw(store, withdrawn, at="2026-08-09T10:00:00+08:00", by="tests", because="园区边界有误")
    return store, old, new, withdrawn


@pytest.fixture
def client(releases: tuple[Path, str, str, str], tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "releases").symlink_to(releases[0])
    with TestClient(create_app(Settings(data=tmp_path))) as made:
        yield made


# -- zones by words ----------------------------------------------------------------------------------------------------


def test_a_district_comes_first_then_units_then_other_zones(small: Snapshot) -> None:
    found, total = find_zones(small, "黄岛区", 100)
    assert found[0].layer.id == "district"
    roles = [one.layer.role for one in found[1:]]
    assert roles == sorted(roles, key=("unit", "element", "special", "reference").index)
    assert {SW, "YS3702112210001"} <= {one.zone.code for one in found}
    assert total == len(found)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (SW, SW),
        (SW.lower(), SW),
        ("北山红线", "YS3702811110001"),
        ("ＮＥ".lower(), None),
        ("东水库", None),
        ("P1", "P1"),
    ],
)
def test_codes_and_names_are_found_in_any_width_and_case(small: Snapshot, words: str, first: str | None) -> None:
    found, total = find_zones(small, words, 5)
    if first is not None:
        assert found[0].zone.code == first
    else:
        assert (total > 0) == (words == "东水库")


def test_the_best_are_given_and_all_are_counted(small: Snapshot) -> None:
    found, total = find_zones(small, "37", 3)
    assert len(found) == 3 < total
    assert find_zones(small, "  ", 3) == ([], 0)


def test_an_extent_is_rounded_outward_and_never_exact(small: Snapshot) -> None:
    one = zone_of(small, "sensitive_place", "sensitive_place-0001")
    assert one is not None
    west, south, east, north = one.extent
    assert west <= 120.08
    assert south <= 36.08
    assert east >= 120.0805
    assert north >= 36.0805
    assert all(round(part * 1000) == pytest.approx(part * 1000) for part in one.extent)
    assert zone_of(small, "sensitive_place", "none") is None
    assert zone_of(small, "none", SW) is None


def test_search_answers_with_zones_or_with_a_point(client: TestClient) -> None:
    found = client.get("/api/v1/zones", params={"q": "东北", "lang": "en"}).json()
    assert found["items"][0] | {"extent": None} == {
        "layer": "unit_land",
        "layer_name": found["items"][0]["layer_name"],
        "code": NE,
        "name": "东北重点",
        "class_label": "key control",
        "district": "胶州市",
        "is_unit": True,
        "extent": None,
    }
    place = client.get("/api/v1/zones", params={"q": "120.05, 36.05"}).json()
    assert place["items"] == []
    assert (place["point"]["lon"], place["point"]["lat"]) == (120.05, 36.05)
    nothing = client.get("/api/v1/zones", params={"q": "nothing like it"}).json()
    assert (nothing["total"], nothing["point"]) == (0, None)
    assert "不能视为没有限制" in nothing["note"]


def test_an_older_release_is_searched_as_it_was(client: TestClient, releases: tuple[Path, str, str, str]) -> None:
    _, old, new, _ = releases
    names = {
        one: client.get("/api/v1/zones", params={"q": SW, "release": one}).json()["items"][0]["name"]
        for one in (old, new)
    }
    assert names == {old: "西南重点", new: "西南重点改名"}
    assert client.get("/api/v1/zones", params={"q": SW, "release": "none"}).status_code == 404


# -- zones under a place -----------------------------------------------------------------------------------------------


def test_every_layer_is_named_under_a_place_found_empty_or_silent(client: TestClient, small: Snapshot) -> None:
    here = client.get("/api/v1/zones/at", params={"lon": 120.1451, "lat": 36.0451}).json()
    found = {one["layer"]: one for one in here["zones"]}
    assert here["covered"]
    assert found["unit_land"]["certain"]
    assert found["unit_land"]["is_unit"]
    assert found["water_source"]["subtype"] == "一级保护区"
    assert found["district"]["name"] == "黄岛区"
    names = {one.layer.name.zh: one.layer.id for one in shown_layers(small)}
    told = set(found) | {names[name] for name in here["none_here"]} | {one["layer"] for one in here["unanswered"]}
    assert told == set(names.values())


def test_a_border_within_accuracy_is_told_as_borderline(client: TestClient) -> None:
    here = client.get("/api/v1/zones/at", params={"lon": 120.100001, "lat": 36.0500001}).json()
    units = [one for one in here["zones"] if one["layer"] == "unit_land"]
    assert {one["certain"] for one in units} == {False}
    assert all("须人工核定" in one["certainty"] for one in units)


def test_a_place_at_sea_or_outside_is_never_told_as_free(client: TestClient) -> None:
    sea = client.get("/api/v1/zones/at", params={"lon": 120.2501, "lat": 36.1501}).json()
    assert [one["code"] for one in sea["zones"] if one["is_unit"]] == [SEA_N]
    beyond = client.get("/api/v1/zones/at", params={"lon": 120.35, "lat": 36.25}).json()
    assert not beyond["covered"]
    assert "不能视为没有限制" in beyond["note"]
    assert client.get("/api/v1/zones/at", params={"lon": 10, "lat": 10}).status_code == 422


# -- releases by date --------------------------------------------------------------------------------------------------


def published(release: str, first: date, last: date | None = None, *, withdrawn: bool = False) -> Publication:
    return Publication(
        release=release,
        effective_from=first,
        effective_until=last,
        published_at=f"{first}T00:00:00+08:00",
        published_by="tests",
        withdrawn_at="2026-12-01T00:00:00+08:00" if withdrawn else "",
    )


def test_each_release_stands_where_its_days_are() -> None:
    found = stops(
        [
            published("a", date(2026, 1, 1)),
            published("b", date(2026, 3, 1), date(2026, 3, 31)),
            published("c", date(2026, 6, 1), withdrawn=True),
            published("d", date(2026, 9, 1)),
            published("e", date(2026, 9, 1)),
        ],
        date(2026, 4, 15),
    )
    assert [(one.publication.release, one.standing, one.first, one.last) for one in found] == [
        ("a", Standing.PAST, date(2026, 1, 1), date(2026, 2, 28)),
        ("b", Standing.PAST, date(2026, 3, 1), date(2026, 3, 31)),
        ("a", Standing.IN_FORCE, date(2026, 4, 1), date(2026, 8, 31)),
        ("c", Standing.WITHDRAWN, date(2026, 6, 1), None),
        ("d", Standing.NEVER, date(2026, 9, 1), None),
        ("e", Standing.COMING, date(2026, 9, 1), None),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
PUBLICATIONS = st.lists(
    st.builds(
        lambda name, first, length, gone: published(
            name, first, first + length * DAY if length is not None else None, withdrawn=gone
        ),
        st.sampled_from("abcd"),
        DAYS,
        st.none() | st.integers(1, 40),
        st.booleans(),
    ),
    max_size=6,
)


@given(PUBLICATIONS, DAYS, DAYS)
def test_on_every_day_the_slider_and_the_answers_name_the_same_release(
    known: list[Publication], today: date, day: date
) -> None:
    standing = [(one.effective_from, number) for number, one in enumerate(known) if one.is_in_force(day)]
    expected = known[max(standing)[1]] if standing else None  # as `layers.publication.in_force` decides
    none = (Standing.WITHDRAWN, Standing.NEVER)
    holding = [
        one.publication
        for one in stops(known, today)
        if one.standing not in none and one.first <= day and (one.last is None or day <= one.last)
    ]
    assert holding == ([expected] if expected else [])
    shown = [one.publication for one in stops(known, today)]
    assert all(one in shown for one in known)


# -- the map in words --------------------------------------------------------------------------------------------------


def test_the_overview_counts_every_zone_once(small: Snapshot) -> None:
    found = {one.layer.id: one for one in layer_overviews(small)}
    assert found.keys() == small.layers.keys()
    for one in found.values():
        assert sum(count for _, _, count in one.by_district) + one.elsewhere == one.zones
        assert sum(count for _, count in one.by_class) in (0, one.zones)
    assert found["unit_land"].by_district == (("370211", "黄岛区", 2), ("370281", "胶州市", 2))
    assert found["unit_sea"].elsewhere == 2
    assert dict(found["unit_land"].by_class) == {ZoneClass(1): 1, ZoneClass(2): 2, ZoneClass(3): 1}


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "asked",
    ["", "&q=西南", "&q=nothing-like-it", "&point=120.0501,36.0501", f"&zone=unit_land:{SW}", "&day=2026-03-01"],
)
def test_the_page_is_complete_without_scripts(client: TestClient, asked: str, language: str) -> None:
    answer = client.get(f"/map?lang={language}{asked}", headers=HTML)
    page = re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    assert answer.status_code == 200, page[-2000:]
    assert page.count("<h1") == page.count("<main") == 1
    assert "{" not in page
    assert " style=" not in page
    assert outside_addresses(answer.text) == []
    identifiers = re.findall(r' id="([^"]+)"', answer.text)
    assert len(identifiers) == len(set(identifiers))
    assert "不具法律效力" in page or "without legal force" in page


def test_what_is_asked_is_answered_alone_too(client: TestClient) -> None:
    part = client.get("/map?fragment=true&lang=zh&point=120.0501,36.0501", headers=HTML).text
    assert "<html" not in part
    assert f'href="/units/{SW}?lang=zh"' in part
    gone = client.get("/map?fragment=true&lang=zh&zone=unit_land:none", headers=HTML)
    assert (gone.status_code, "没有该分区" in gone.text) == (404, True)
    outside = client.get("/map?fragment=true&lang=zh&point=10,10", headers=HTML)
    assert outside.status_code == 422
    assert "problem-box" in outside.text
    assert client.get("/map?release=none", headers=HTML).status_code == 404


def test_each_standing_is_told_and_only_the_one_in_force_is_plain(
    client: TestClient, releases: tuple[Path, str, str, str]
) -> None:
    _, old, new, withdrawn = releases
    notice = {
        one: re.search(
            r'<div id="map-notice">(.*?)</div>', client.get(f"/map?release={one}&lang=zh", headers=HTML).text
        )
        for one in (old, new, withdrawn)
    }
    told = {one: found[1] if found else "?" for one, found in notice.items()}
    assert told[new] == ""
    assert "已不再有效（2026-01-01 至 2026-06-30）" in told[old]
    assert "撤回，原因：园区边界有误" in told[withdrawn]


def test_two_releases_are_compared_in_order_of_their_days(
    client: TestClient, releases: tuple[Path, str, str, str]
) -> None:
    _, old, new, _ = releases
    for first, second in ((old, new), (new, old)):
        page = client.get(f"/map?release={first}&with={second}&lang=en", headers=HTML).text
        configs = [json.loads(part) for part in re.findall(r'id="config-\w+"[^>]*>(.*?)</script>', page)]
        assert [one["release"] for one in configs] == [old, new]
        assert "西南重点 → 西南重点改名" in page
        assert "border moved" in page
        assert f"/releases/{new}/changes?since={old}" in page
    alone = client.get(f"/map?release={new}&with={new}&lang=en", headers=HTML).text
    assert "config-main" in alone


def test_without_a_key_no_other_host_is_named_and_with_one_exactly_that_host(
    releases: tuple[Path, str, str, str], tmp_path: Path
) -> None:
    (tmp_path / "releases").symlink_to(releases[0])
    with TestClient(create_app(Settings(data=tmp_path))) as plain:
        answer = plain.get("/map?lang=zh", headers=HTML)
    assert "tianditu.gov" not in answer.text + answer.headers["content-security-policy"]
    with TestClient(create_app(Settings(data=tmp_path, tianditu_key="a&b"))) as keyed:
        answer, other = keyed.get("/map?lang=zh", headers=HTML), keyed.get("/units?lang=zh", headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert f"img-src 'self' data: blob: {HOST};" in policy
    assert policy.count("https:") == 1
    assert HOST not in other.headers["content-security-policy"]
    config = json.loads(re.findall(r'id="config-main"[^>]*>(.*?)</script>', answer.text)[0])
    assert all(one.startswith(f"{HOST}/") and one.endswith("&tk=a%26b") for one in config["base"]["tiles"])
    assert "天地图" in config["base"]["attribution"]


def test_a_base_map_needs_a_key() -> None:
    assert base_map("tianditu", "") is None
    found = base_map("tianditu", "k")
    assert found is not None
    assert [re.findall(r"LAYER=(\w+)", one)[0] for one in found.tiles] == ["vec", "cva"]


def test_the_large_map_is_alike_from_run_to_run_and_fenced() -> None:
    bounds = (120.0, 36.0, 120.3, 36.2)
    assert large_map(bounds, "left") == large_map(bounds, "left")
    assert large_map(bounds, "left").body != large_map(bounds, "right").body
    assert "maxBounds" in large_map(bounds, "left").script


def test_page_labels_say_the_same_in_both_languages() -> None:
    for text in {**MAP_NAV_LABELS, **ZONE_MAP_LABELS}.values():
        assert sorted(re.findall(r"\{(\w+)\}", text.zh)) == sorted(re.findall(r"\{(\w+)\}", text.en))


def test_every_label_of_the_map_is_used() -> None:
    root = Path(__file__).parents[1] / "web"
    used = "".join(
        path.read_text(encoding="utf-8")
        for path in (
            *root.glob("templates/zone_map*.html"),
            *root.glob("zone_map_pages.py"),
            *root.glob("static/zone_map*.js"),
        )
    )
    built_names = {f"zm_standing_{one.value}" for one in Standing} | {f"zm_told_{one.value}" for one in Standing}
    built_names |= {"zm_only_left", "zm_only_right"}
    assert [name for name in ZONE_MAP_LABELS if name not in used and name not in built_names] == []
