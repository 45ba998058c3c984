"""Which cases lie where two releases differ: found by place, told with the reason, for those who may see them; on both databases."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as statement

from api.accounts.roles import Action
from api.places import words
from api.places.affected import FARTHEST_M, AffectedCase, AffectedCases, Asked
from api.places.words import CHANGE, as_board, as_file, notes
from layers.changed_places import changed_places
from layers.delivery import read_delivery
from layers.difference import difference
from layers.publication import publish
from layers.release import read_content, write_release
from layers.release_parts import UNHASHED, release_name
from layers.site_index import SiteIndex
from screening.approval_errors import CaseInputError, ForbiddenError
from screening.errors import UnknownReleaseError
from tests.approvals import HERE, OPERATOR, City, emptied, made_city
from tests.conftest import NOW, build_release
from tests.pastcases import past, write_rows
from tests.smallcity import NE, SW, SmallCity, box, unit
from tests.test_approval_doors import PAGE, signed_in
from tests.test_cli import run
from tests.test_places import NORTH, opened
from tests.withheldcity import WithheldCity
from web.app import create_app
from web.nearby_labels import NEARBY_LABELS

GROWN = "120.02,36.175"  # in the red line of the later release only
BESIDE = "120.0508,36.175"  # 70 m east of what it gained
OLD_LINE = "120.03,36.15"  # in the red line of both
RENAMED = "120.235,36.035"  # in the zone that has another name
CLAUSES = "120.05,36.05"  # in a unit whose clauses changed
QUIET = "120.15,36.03"  # where nothing changed
SITES = {"grown": GROWN, "beside": BESIDE, "old": OLD_LINE, "renamed": RENAMED, "clauses": CLAUSES, "quiet": QUIET}


def later_city() -> SmallCity:
    """The small city with a red line that grew north, another that is renamed, a unit of another code, and a ceiling."""
    city = SmallCity(effective_from=date(2026, 10, 1))
    city.layers["red_line"][0]["geometry"] = box(2, 13, 5, 18)
    city.layers["red_line"][1]["HJYSGKFQMC"] = "南湾红线（更名）"
    return city


OF_A_DISTRICT, EVERYWHERE = "DEMO-N-02", "DEMO-N-01"


def edited(folder: Path, *, is_later: bool, district: str = "") -> None:
    """One clause bound to a district if told so; in the later release other wording of it, of those of one unit, and of one for everywhere."""
    path = folder / "list.xlsx"
    book, changed = openpyxl.load_workbook(path), 0
    for sheet in book.worksheets:
        header = next(row for row in sheet.iter_rows(max_row=3) if "管控要求" in {cell.value for cell in row})
        at = {cell.value: cell.column for cell in header}
        for row in range(header[0].row + 1, sheet.max_row + 1):
            clause = sheet.cell(row, at["条款编号"]).value
            if clause == OF_A_DISTRICT and district:
                sheet.cell(row, at["适用区县"]).value = district
            of_unit = sheet.cell(row, at["适用单元编码"]).value == SW
            if is_later and (of_unit or clause in (OF_A_DISTRICT if district else "", EVERYWHERE)):
                sheet.cell(row, at["管控要求"]).value += "（修订）"
                changed += 1
    assert not is_later or changed > 1
    book.save(path)


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("affected")
    names = []
    for city, is_later in ((SmallCity(), False), (later_city(), True)):
        delivery = city.deliver(folder / f"delivery-{is_later}")
        edited(delivery, is_later=is_later)
        names.append(write_release(read_content(read_delivery(delivery)), folder / "releases"))
        publish(folder / "releases", names[-1], at=NOW.isoformat(), by="tests", override="it grew")
    return folder / "releases", names[0], names[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, two_releases: tuple[Path, str, str], tmp_path: Path) -> Iterator[City]:
    database = emptied(request.getfixturevalue("postgis")) if request.param == "postgresql" else ""
    made = made_city(two_releases[0], tmp_path / "city", database)
    yield made
    made.service.close()


@pytest.fixture
def releases(two_releases: tuple[Path, str, str]) -> tuple[str, str]:
    return two_releases[1:]


def cases(city: City) -> dict[str, str]:
    """A case for every kind of place, by its number."""
    return {opened(city, site, project=name): name for name, site in SITES.items()}


def told(found: AffectedCases) -> dict[str, set[tuple[str, str, str]]]:
    """For every case listed where and what changed."""
    return {
        one.line.number: {
            (touch.place.layer, touch.place.code, touch.place.kind) for site in one.sites for touch in site.touches
        }
        for one in found.cases
    }


def between(city: City, releases: tuple[str, str], who: str = "chief", **more: object) -> AffectedCases:
    return city.port.affected.between(city.people[who], Asked(old=releases[0], new=releases[1], **more))  # type: ignore[arg-type]


# -- the places --------------------------------------------------------------------------------------------------------


def test_every_change_has_its_place_or_is_handed_back_without(two_releases: tuple[Path, str, str]) -> None:
    store, old, new = two_releases
    found = changed_places(store / old, store / new)
    zones = [(one.layer, one.code, one.kind) for one in found.places]
    assert ("red_line", "YS3702811110001", "moved") in zones
    assert ("red_line", "YS3702111110002", "name") in zones
    (clauses,) = (one for one in found.places if one.kind == "access_list")
    assert (clauses.layer, clauses.code) == ("unit_land", SW)
    assert "DEMO-" + SW in clauses.said.en
    assert clauses.where.area == pytest.approx(9_000 * 11_100, rel=0.02)
    assert [one.key for one in found.everywhere] == ["DEMO-N-01"]
    assert (found.old, found.new, found.epsg) == (old, new, 4549)


def test_no_changed_row_is_lost_between_places_and_everywhere(two_releases: tuple[Path, str, str]) -> None:
    store, old, new = two_releases
    found, whole = changed_places(store / old, store / new), difference(store / old, store / new)
    said = "".join(one.said.zh for one in found.places if one.kind in ("access_list", "ceilings", "objectives"))
    assert all(one.key in said or one in found.everywhere for one in whole.rows)
    assert {(one.layer, one.code, one.kind) for one in whole.zones} <= {
        (one.layer, one.code, one.kind) for one in found.places
    }
    assert all(one.kind in CHANGE for one in found.places)


def test_a_clause_of_a_district_has_the_district_for_its_place(tmp_path: Path) -> None:
    names = []
    for city, is_later in ((SmallCity(), False), (SmallCity(effective_from=date(2026, 10, 1)), True)):
        delivery = city.deliver(tmp_path / f"delivery-{is_later}")
        edited(delivery, is_later=is_later, district="胶州市")
        names.append(
            tmp_path / "releases" / write_release(read_content(read_delivery(delivery)), tmp_path / "releases")
        )
    found = changed_places(names[0], names[1])
    assert {(one.layer, one.code) for one in found.places} == {("unit_land", SW), ("district", "370281")}
    assert next(one for one in found.places if one.layer == "district").said.zh == OF_A_DISTRICT
    assert [one.key for one in found.everywhere] == [EVERYWHERE]


def test_units_that_come_and_go_ceilings_and_whole_layers_have_places(tmp_path: Path) -> None:
    store, old = build_release(SmallCity(), tmp_path)
    later = SmallCity(effective_from=date(2026, 10, 1))
    north = later.layers["unit_land"]
    north[3] = unit("ZH37028130009", "东北一般", "胶州市", north[3]["geometry"])
    del later.layers["water_body"]
    later.ceilings[0][4] = 2000
    content = read_content(read_delivery(later.deliver(tmp_path / "later")))
    new = write_release(content, store)
    found = changed_places(store / old, store / new)
    kinds = {(one.layer, one.code): one.kind for one in found.places}
    assert kinds["unit_land", NE] in ("vanished", "access_list")
    assert {one.kind for one in found.places if one.code == "ZH37028130009"} == {"appeared", "access_list"}
    assert {kind for (layer, _), kind in kinds.items() if layer == "water_body"} == {"vanished"}
    (ceiling,) = (one for one in found.places if one.kind == "ceilings")
    assert (ceiling.layer, ceiling.code, ceiling.name) == ("district", "370211", "黄岛区")
    assert [(one.table, one.key, one.kind) for one in found.everywhere] == [("layers", "water_body", "removed")]
    assert any(one.kind == "access_list" and one.code == NE for one in found.places)  # its clauses were taken away


@pytest.mark.parametrize(
    ("field", "said"), [("accuracy_m", 250.0), ("required", False), ("current_days", 1), ("nearest_m", 4321.0)]
)
def test_what_a_layer_is_as_a_whole_may_concern_any_case(tmp_path: Path, field: str, said: object) -> None:
    store, old = build_release(SmallCity(), tmp_path)
    manifest = json.loads((store / old / "manifest.json").read_text(encoding="utf-8"))
    manifest["layers"]["red_line"][field] = said
    manifest["id"] = new = release_name({key: value for key, value in manifest.items() if key not in UNHASHED})
    shutil.copytree(store / old, store / new)
    (store / new / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = changed_places(store / old, store / new)
    assert found.places == ()
    assert [(one.table, one.key, one.kind) for one in found.everywhere] == [("layers", "red_line", "changed")]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12), st.integers(0, 6))
def test_sites_found_by_part_are_those_that_meet_the_whole(points: list[tuple[int, int]], reach: int) -> None:
    """A border that moved leaves many slivers; each is asked by itself."""
    slivers = shapely.union_all([shapely.box(x, 0, x + 0.4, 30) for x in range(0, 30, 5)])
    index = SiteIndex((number, shapely.Point(one)) for number, one in enumerate(points))
    expected = {n for n, one in enumerate(points) if shapely.distance(slivers, shapely.Point(one)) <= reach + 0.05}
    assert {one for one, _ in index.within(slivers, reach + 0.05)} == expected


# -- the cases ---------------------------------------------------------------------------------------------------------


def test_each_case_is_told_what_changed_under_it(city: City, releases: tuple[str, str]) -> None:
    known = cases(city)
    found = between(city, releases)
    assert {known[number]: what for number, what in told(found).items()} == {
        "grown": {("red_line", "YS3702811110001", "moved")},
        "renamed": {("red_line", "YS3702111110002", "name")},
        "clauses": {("unit_land", SW, "access_list")},
    }
    assert (found.total, found.without_place, len(found.everywhere)) == (3, 0, 1)
    assert {layer: count for layer, (_, count) in found.layers.items()} == {"red_line": 2, "unit_land": 1}
    assert all(touch.distance_m == 0.0 for one in found.cases for site in one.sites for touch in site.touches)


def test_those_near_a_change_are_found_when_asked_for(city: City, releases: tuple[str, str]) -> None:
    known = cases(city)
    wider = {known[one]: what for one, what in told(between(city, releases, within_m=100.0)).items()}
    assert wider["beside"] == {("red_line", "YS3702811110001", "moved")}
    found = between(city, releases, within_m=100.0, layer="red_line")
    distances = {
        known[one.line.number]: touch.distance_m for one in found.cases for site in one.sites for touch in site.touches
    }
    assert set(distances) == {"grown", "renamed", "beside"}
    assert distances["beside"] == pytest.approx(72, abs=2)
    for within in (-1.0, FARTHEST_M + 1):
        with pytest.raises(CaseInputError):
            between(city, releases, within_m=within)


def test_a_site_within_the_accuracy_of_the_layer_is_never_left_out(city: City, releases: tuple[str, str]) -> None:
    """Nine metres from a line drawn to ten: nobody knows on which side it lies."""
    near, beyond = opened(city, "120.0501,36.175"), opened(city, "120.0502,36.175")
    assert near in told(between(city, releases))
    assert beyond not in told(between(city, releases))


def test_a_site_within_its_own_accuracy_of_a_change_is_never_left_out(city: City, releases: tuple[str, str]) -> None:
    """Some twenty metres from a line drawn to ten, written in whole seconds; written in degrees to the metre it is beyond."""
    seconds, exact = opened(city, "E120°03′01″ N36°10′30″"), opened(city, "120.050278,36.175")
    found = between(city, releases)
    assert set(told(found)) == {seconds}
    ((touch,),) = (site.touches for one in found.cases for site in one.sites)
    assert touch.distance_m is not None
    assert 10.0 < touch.distance_m < 30.0
    assert exact in told(between(city, releases, within_m=40.0))


def test_a_site_written_less_exactly_is_found_from_then_on(city: City, releases: tuple[str, str]) -> None:
    number = opened(city, "120.050278,36.175")
    assert number not in told(between(city, releases))
    with city.port.database.engine.begin() as connection:
        connection.execute(statement("UPDATE case_site SET written = 'E120°03′01″ N36°10′30″'"))
    city.port.acts.say(city.people["anna"], number, None, Action.COMMENT, "坐标取整")
    assert number in told(between(city, releases))


def test_one_layer_only(city: City, releases: tuple[str, str]) -> None:
    known = cases(city)
    found = between(city, releases, layer="unit_land")
    assert [known[one.line.number] for one in found.cases] == ["clauses"]
    assert set(found.layers) == {"red_line", "unit_land"}
    with pytest.raises(CaseInputError):
        between(city, releases, layer="air")


def test_who_left_is_not_asked_again_and_who_is_nowhere_is_counted(city: City, releases: tuple[str, str]) -> None:
    gone, nowhere = opened(city, GROWN, who="applicant"), opened(city, "说不清")
    assert set(told(between(city, releases))) == {gone}
    city.port.acts.close_early(city.people["applicant"], gone, city.version(gone), Action.WITHDRAW, "不建了")
    found = between(city, releases)
    assert (told(found), found.without_place) == ({}, 1)
    assert nowhere not in told(found)
    assert any("1 件" in one.zh or "1 cases" in one.en for one in notes(found))


def test_registered_cases_come_first_and_pages_part_them(
    city: City, releases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.places.affected.PAGE_SIZE", 4)
    rows = [past(f"OLD-{at}", coordinates=GROWN, opened_on=f"2025-03-0{at + 1}", accepted_on="") for at in range(7)]
    city.port.history.load(OPERATOR, write_rows(tmp_path / "past.csv", *rows))
    first = opened(city, GROWN)
    whole = between(city, releases)
    paged: list[AffectedCase] = []
    for page in (1, 2, 3):
        asked = Asked(old=releases[0], new=releases[1])
        found = city.port.affected.between(city.people["chief"], asked, page=page)
        assert found.total == 8
        paged += found.cases
    assert tuple(paged) == whole.cases
    numbers = [one.line.number for one in paged]
    assert numbers[0] == first
    assert numbers[1:] == sorted(numbers[1:], reverse=True)


def test_roles_see_their_own_districts(city: City, releases: tuple[str, str]) -> None:
    here, north = opened(city, CLAUSES), opened(city, GROWN, district=NORTH)
    for name, expected in (("anna", {here}), ("stranger", set()), ("chief", {here, north}), ("keeper", {here, north})):
        found = between(city, releases, who=name)
        assert set(told(found)) == expected, name
        assert found.total == len(expected)
    opened(city, "说不清", district=NORTH)
    assert (between(city, releases, who="anna").without_place, between(city, releases).without_place) == (0, 1)
    for name in ("applicant", "administrator"):
        with pytest.raises(ForbiddenError):
            between(city, releases, who=name)


def test_a_verdict_on_the_later_release_needs_none_again(city: City, releases: tuple[str, str]) -> None:
    city.clock.instant = city.clock.instant.replace(month=8)
    number = city.case(site=CLAUSES)
    city.clock.instant = city.clock.instant.replace(month=11)
    screening = city.port.views.case(city.people["chief"], number).sites[0].screening_id
    (one,) = between(city, releases).cases
    assert (one.sites[0].screening_id, one.sites[0].is_current, one.sites[0].refreshed_by) == (screening, False, "")
    again = city.service.refresh(screening).id
    (one,) = between(city, releases).cases
    assert (one.sites[0].is_current, one.sites[0].refreshed_by) == (False, again)
    city.port.acts.set_verdict(city.people["anna"], number, city.version(number), 0, again)
    (one,) = between(city, releases).cases
    assert (one.sites[0].is_current, one.sites[0].refreshed_by) == (True, "")


def test_only_two_different_published_releases_are_compared(city: City, releases: tuple[str, str]) -> None:
    with pytest.raises(CaseInputError):
        between(city, (releases[0], releases[0]))
    with pytest.raises(UnknownReleaseError):
        between(city, (releases[0], "370200-20990101-000000000000"))


def test_a_case_of_several_sites_is_listed_once_with_each(city: City, releases: tuple[str, str]) -> None:
    pieces = shapely.MultiPolygon(
        [box(15, 3, 15.1, 3.1), box(3, 17.2, 3.1, 17.3)]
    ).wkt  # nothing changed; the red line grew
    number = opened(city, QUIET, CLAUSES, pieces, "说不清")
    found = between(city, releases)
    (one,) = found.cases
    assert [site.position for site in one.sites] == [1, 2]
    assert (one.line.number, found.total, found.without_place) == (number, 1, 1)


# -- what is not published ---------------------------------------------------------------------------------------------


def test_of_a_layer_that_is_not_published_no_distance_is_told(tmp_path: Path) -> None:
    store, old = build_release(WithheldCity(shown={"red_line": "hidden"}), tmp_path)
    later = WithheldCity(shown={"red_line": "hidden"}, effective_from=date(2026, 8, 1))
    later.layers["red_line"][0]["geometry"] = box(2, 13, 5, 18)
    new = write_release(read_content(read_delivery(later.deliver(tmp_path / "later"))), store)
    publish(store, new, at=NOW.isoformat(), by="tests", override="it grew")
    made = made_city(store, tmp_path / "city")
    try:
        inside, beside = opened(made, GROWN), opened(made, BESIDE)
        found = between(made, (old, new), within_m=1000.0)
        assert set(told(found)) == {inside}
        assert [touch.distance_m for one in found.cases for site in one.sites for touch in site.touches] == [None]
        asked = Asked(old=old, new=new, within_m=1000.0)
        exact = made.port.affected.between(made.people["chief"], asked, is_exact=True)
        assert set(told(exact)) == {inside, beside}
        assert b"\xe4\xb8\x8d\xe5\x85\xac\xe5\xbc\x80" in as_file(found, "csv", {}, [], "zh")
    finally:
        made.service.close()


# -- files, doors and the command --------------------------------------------------------------------------------------


def test_a_file_holds_every_site_and_change_and_says_what_it_leaves_out(
    city: City, releases: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(city)
    found = between(city, releases, within_m=100.0)
    count = sum(len(site.touches) for one in found.cases for site in one.sites)
    read = list(csv.reader(io.StringIO(as_file(found, "csv", {HERE: "黄岛区"}, ["x"], "en").decode("utf-8-sig"))))
    header = next(at for at, row in enumerate(read) if row[0] == "Number")
    assert len(read) - header - 1 == count
    assert {row[3] for row in read[header + 1 :]} == {"黄岛区"}
    assert any("not thereby untouched" in row[0] for row in read[:header])
    assert any("1 more changes" in row[0] for row in read[:header])
    monkeypatch.setattr(words, "MOST_IN_SHEET", 2)
    sheet = openpyxl.load_workbook(io.BytesIO(as_file(found, "xlsx", {}, [], "zh"))).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert any(f"前 2 行，共 {count} 行" in str(row[0]) for row in rows if row)
    assert len(as_board(found, {}).tables[0].rows) == count


@pytest.fixture
def app(two_releases: tuple[Path, str, str], tmp_path: Path) -> Iterator[FastAPI]:
    made = made_city(two_releases[0], tmp_path / "doors")
    cases(made)
    opened(made, GROWN, who="applicant", project="申请人的")
    yield create_app(made.settings)
    made.service.close()


def test_the_json_door(app: FastAPI, releases: tuple[str, str]) -> None:
    old, new = releases
    with TestClient(app):
        anna, applicant = signed_in(app, "anna"), signed_in(app, "applicant")
        body = anna.get(f"/api/v1/approval/affected?old={old}&new={new}&lang=en").json()
        assert (body["total"], body["everywhere"], body["page"], len(body["notes"])) == (4, 1, 1, 2)
        site = next(one["sites"][0] for one in body["items"] if one["project"] == "clauses")
        assert (site["changes"][0]["change_label"], site["refresh_url"]) == ("clauses of the list changed", "")
        assert applicant.get(f"/api/v1/approval/affected?old={old}&new={new}").status_code == 403
        assert anna.get(f"/api/v1/approval/affected?old={old}&new={old}").status_code == 422
        assert anna.get(f"/api/v1/approval/affected?old={old}").status_code == 422
        around = anna.get(f"/api/v1/approval/nearby?site={GROWN}&within_m=500&lang=en").json()
        assert [one["distance_m"] for one in around["items"]] == [0.0, 0.0]
        assert {one["standing"] for one in around["items"]} == {"acceptance"}
        assert anna.get("/api/v1/approval/nearby").json()["code"] == "case-input"
        assert anna.get(f"/api/v1/approval/nearby?site={GROWN}&within_m=1e9").status_code == 422
        own = applicant.get(f"/api/v1/approval/nearby?site={GROWN}").json()
        assert [one["project"] for one in own["items"]] == ["申请人的"]
        of_case = f"/api/v1/approval/cases/{own['items'][0]['number']}/nearby?most=1"
        assert (applicant.get(of_case).json()["total"], anna.get(of_case).json()["total"]) == (0, 1)


def test_the_pages(app: FastAPI, releases: tuple[str, str]) -> None:
    old, new = releases
    with TestClient(app):
        anna, applicant = signed_in(app, "anna"), signed_in(app, "applicant")
        page = anna.get("/approval/affected?lang=en", headers=PAGE).text
        assert f'value="{new}" selected' in page
        assert "affected</h2>" not in page
        asked = f"old={old}&new={new}&lang=en"
        page = anna.get(f"/approval/affected?{asked}", headers=PAGE).text
        assert "4 affected" in page
        assert "In force today" not in page
        assert "In force today" in anna.get(f"/approval/affected?old={new}&new={old}&lang=en", headers=PAGE).text
        refused = anna.get(f"/approval/affected?{asked}&within_m=nah", headers=PAGE)
        assert (refused.status_code, "must be a number" in refused.text) == (422, True)
        assert anna.get(f"/approval/affected/affected.csv?{asked}").text.startswith("\ufeffAffected cases")
        assert anna.get(f"/approval/affected/affected.xlsx?{asked}").content.startswith(b"PK")
        assert anna.get(f"/approval/affected/affected.pdf?{asked}").status_code == 404
        assert applicant.get("/approval/affected", headers=PAGE).status_code == 403
        number = applicant.get("/api/v1/approval/cases").json()["items"][0]["number"]
        assert "附近的项目 · 2 km 内 1 件" in anna.get(f"/approval/cases/{number}?within_m=2000", headers=PAGE).text
        assert "附近的项目" not in applicant.get(f"/approval/cases/{number}", headers=PAGE).text
        assert anna.get(f"/approval/cases/{number}?within_m=x", headers=PAGE).status_code == 422


def test_the_command(two_releases: tuple[Path, str, str], tmp_path: Path) -> None:
    store, old, new = two_releases
    made = made_city(store, tmp_path / "city")
    number = opened(made, GROWN, project="上山")
    made.service.close()
    told_so = run(made.settings.data, "cases", "affected", old, new, "--lang", "en")
    assert told_so.returncode == 0, told_so.stderr
    assert told_so.stdout.startswith(
        f"{number} 上山 [acceptance]\n  1: red_line YS3702811110001 北山红线: border moved @ 0.0 m\n"
    )
    assert "! 1 more changes" in told_so.stdout
    as_json = json.loads(run(made.settings.data, "cases", "affected", old, new, "--json").stdout)
    assert [one["number"] for one in as_json["items"]] == [number]
    out = tmp_path / "affected.xlsx"
    assert run(made.settings.data, "cases", "affected", old, new, "--out", str(out), "--within", "50").returncode == 0
    assert openpyxl.load_workbook(out).active["A1"].value == "受影响的审批：1 件"
    assert run(made.settings.data, "cases", "affected", old, new, "--out", str(tmp_path / "x.pdf")).returncode == 2
    assert "没有这个成果版本" in run(made.settings.data, "cases", "affected", old, "nothing").stderr


def test_every_label_is_said_in_both_languages() -> None:
    for text in (*NEARBY_LABELS.values(), *CHANGE.values()):
        assert text.zh
        assert text.en
        assert set(re.findall(r"\{\w+\}", text.zh)) == set(re.findall(r"\{\w+\}", text.en))
