"""What a city does not publish in full: no door gives it, every verdict rests on it, every record can be recomputed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
import shapely.affinity
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.question import Question
from api.service import ScreeningService
from api.settings import Settings
from api.tiles import EXTENT, WORLD_M
from api.verification import Result, snapshot_in, verify
from layers.delivery import read_delivery
from layers.generalised import generalised
from layers.outlines import outlines
from layers.publication import publish
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from screening.crs import Plane
from screening.disclosure import disclosed
from screening.explain import explain
from screening.published import Disclosure, Shown, coarse_share, share_step
from screening.record import as_record
from screening.statement_map import statement_map
from screening.words import same
from tests.conftest import NOW, QUIET_FACTS, ask, build_release
from tests.doors import routes_of
from tests.smallcity import SW, SmallCity
from tests.withheldcity import GENERALISED, HIDDEN, STEP_M, TILING, WithheldCity, withheld_layers
from web.app import create_app

PLANE = Plane(4549)
IN_SOURCE = "POLYGON((120.14 36.04,120.155 36.04,120.155 36.055,120.14 36.055,120.14 36.04))"
ACROSS_HIDDEN = "POLYGON((120.025 36.135,120.035 36.135,120.035 36.145,120.025 36.145,120.025 36.135))"
BESIDE_HIDDEN = "POLYGON((120.05 36.141,120.055 36.141,120.055 36.145,120.05 36.145,120.05 36.141))"
LINE = "LINESTRING(120.02 36.145,120.06 36.145)"
SITES = (IN_SOURCE, ACROSS_HIDDEN, BESIDE_HIDDEN, "120.035,36.145")
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
_NUMBER = re.compile(r"\d+\.\d{3,}")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return build_release(WithheldCity(), tmp_path_factory.mktemp("withheld"))


@pytest.fixture(scope="module")
def snapshot(store: tuple[Path, str]) -> Snapshot:
    return load_snapshot(store[0] / store[1])


@pytest.fixture(scope="module")
def open_city(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The same city with everything published."""
    folder, name = build_release(SmallCity(layers=withheld_layers()), tmp_path_factory.mktemp("open"))
    return load_snapshot(folder / name)


@pytest.fixture(scope="module")
def client(store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    (data / "releases").symlink_to(store[0])
    with TestClient(create_app(Settings(data=data))) as made:
        yield made


def screened(client: TestClient, site: str, **more: object) -> dict[str, object]:
    project = {"industries": ["C2614"], "construction": "new", "facts": QUIET_FACTS}
    answer = client.post("/api/v1/screenings", json={"site": {"text": site, **more}, "project": project})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


# -- generalising ------------------------------------------------------------------------------------------------------


def test_shapes_of_a_coverage_stay_a_coverage_on_the_grid() -> None:
    random = np.random.default_rng(7)
    points = shapely.multipoints(random.uniform(0, 20_000, (60, 2)))
    frame = shapely.box(0, 0, 20_000, 20_000)
    cells = np.array([shapely.intersection(one, frame) for one in shapely.get_parts(shapely.voronoi_polygons(points))])
    assert shapely.coverage_is_valid(cells)
    found = generalised(cells, 200.0, tiles=True)
    shown = found[~shapely.is_empty(found)]
    assert shapely.coverage_is_valid(shown)
    assert len(shown) >= len(cells) - 2
    assert np.all(shapely.get_coordinates(shown) % 200.0 == 0.0)
    assert shapely.union_all(shown).area == pytest.approx(frame.area, rel=0.02)
    assert max(shapely.hausdorff_distance(a, b) for a, b in zip(cells, found, strict=True) if not b.is_empty) < 1000


@given(st.integers(0, 10_000), st.sampled_from([50.0, 100.0, 300.0]))
def test_no_vertex_tells_more_than_a_cell_of_the_grid(seed: int, step: float) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, 40))
    radius = random.uniform(900, 2000, 40)
    shape = shapely.make_valid(
        shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + random.uniform(0, 9, 2))
    )
    found = generalised(np.array([shape]), step, tiles=False)[0]
    assert found.is_valid
    assert np.all(shapely.get_coordinates(found) % step == 0.0)


@given(st.floats(0, 1), st.floats(0.001, 30))
def test_a_rounded_share_keeps_none_part_and_all_apart(share: float, step: float) -> None:
    found = coarse_share(share, step)
    assert (found == 0.0, found == 1.0) == (share == 0.0, share == 1.0)
    assert abs(found - share) <= max(step, 0.5)


def test_moving_a_line_by_a_step_changes_the_share_by_no_more_than_one_step() -> None:
    """However a site is shaped: the strip between two positions of a line holds no more of it than of its hull."""
    comb = shapely.union_all([shapely.box(0, y, 5000, y + 10) for y in range(0, 3000, 100)])
    step = share_step(comb, 100.0)
    shares = [shapely.intersection(comb, shapely.box(0, 0, x, 3000)).area / comb.area for x in range(0, 5001, 100)]
    assert max(np.diff(shares)) <= step


# -- the doors ---------------------------------------------------------------------------------------------------------


def tiles_of(client: TestClient, release: str, layer: str, z: int) -> list[tuple[int, int, bytes]]:
    west, south, east, north = (120.0, 36.0, 120.3, 36.2)
    side = WORLD_M / 2**z

    def column(lon: float) -> int:
        return int((lon / 360 + 0.5) * 2**z)

    def row(lat: float) -> int:
        return int((WORLD_M / 2 - 6378137 * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))) / side)

    found = []
    for x in range(column(west), column(east) + 1):
        for y in range(row(north), row(south) + 1):
            answer = client.get(f"/tiles/{release}/{layer}/{z}/{x}/{y}.mvt")
            if answer.status_code == 200:
                found.append((x, y, answer.content))
    return found


def test_tiles_of_a_generalised_layer_hold_grid_points_only(client: TestClient, store: tuple[Path, str]) -> None:
    for layer in (GENERALISED, TILING):
        seen = 0
        for x, y, content in tiles_of(client, store[1], layer, 14):
            side = WORLD_M / 2**14
            for feature in mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})[layer][
                "features"
            ]:
                pixels = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
                inner = np.all((pixels > 0) & (pixels < EXTENT), axis=1)
                metres = pixels[inner] / EXTENT * side * [1, -1] + [x * side - WORLD_M / 2, WORLD_M / 2 - y * side]
                degrees = np.column_stack(
                    [
                        np.degrees(metres[:, 0] / 6378137),
                        np.degrees(2 * np.arctan(np.exp(metres[:, 1] / 6378137)) - np.pi / 2),
                    ]
                )
                plane = (
                    shapely.get_coordinates(PLANE.from_degrees(shapely.multipoints(degrees))) if len(degrees) else []
                )
                for point in plane:
                    assert np.all(np.abs(point - np.round(point / STEP_M) * STEP_M) < 1.0), (layer, point)
                    seen += 1
        assert seen > 3


def test_tiles_of_a_hidden_layer_are_refused_in_words(client: TestClient, store: tuple[Path, str]) -> None:
    answer = client.get(f"/tiles/{store[1]}/{HIDDEN}/12/3413/1601.mvt")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-published")
    assert "图形不公开" in answer.json()["title"]


def test_tiles_of_an_older_release_are_refused_where_less_is_published_now(tmp_path: Path) -> None:
    store, old = build_release(SmallCity(), tmp_path)
    later = WithheldCity(effective_from=date(2026, 8, 1))
    delivery = read_delivery(later.deliver(tmp_path / "later"))
    new = write_release(read_content(delivery), store)
    publish(store, new, at=NOW.isoformat(), by="tests")
    data = tmp_path / "data"
    data.mkdir()
    (data / "releases").symlink_to(store)
    with TestClient(create_app(Settings(data=data))) as client:
        answers = {
            layer: client.get(f"/tiles/{old}/{layer}/9/426/200.mvt").status_code
            for layer in (HIDDEN, GENERALISED, TILING, "unit_land")
        }
        assert answers == {HIDDEN: 403, GENERALISED: 403, TILING: 403, "unit_land": 200}
        changes = client.get(f"/api/v1/releases/{new}/changes?since={old}").json()["zones"]
        moved = [one for one in changes if one["layer"] == HIDDEN]
        assert moved
        assert all(one["longitude"] is None and one["gained_m2"] % STEP_M == 0 for one in moved)


def values(route: str, made: dict[str, str]) -> str:
    path = route
    for name, value in made.items():
        path = path.replace("{" + name + "}", value)
    return path


def every_answer(client: TestClient, store: tuple[Path, str]) -> Iterator[tuple[str, str]]:
    """The text of every GET route of the application filled with what there is, and of every kind of answer."""
    made = [screened(client, site) for site in SITES]
    made.append(screened(client, LINE, width_m=40))
    yield from (("POST /api/v1/screenings", json.dumps(one["verdict"])) for one in made)
    yield from (("POST /api/v1/screenings", json.dumps(one["explanation"])) for one in made)
    parts = [{"name": str(number), "text": site} for number, site in enumerate(SITES[:3])]
    plan = {"parts": parts, "industries": ["C2614"], "facts": QUIET_FACTS}
    yield "plans", client.post("/api/v1/plans", json=plan).text
    routes = [one for one in routes_of(client.app) if "GET" in (one.methods or ())]
    assert len(routes) > 30
    for route in routes:
        for number, one in enumerate(made):
            known = {
                "screening_id": str(one["id"]),
                "release_id": store[1],
                "code": SW,
                "document_id": "epl-2014",
                "layer_id": HIDDEN,
                "z": "12",
                "x": "3413",
                "y": "1601",
                "kind": "results",
                "name": "none",
                "number": "none",
                "digest": "0" * 64,
                "run": "none",
                "board": "screening",
                "file": "conclusions.csv",
                "key_id": "none",
                "path:path": "app.css",
            }
            path = values(route.path, known)
            if number and path == route.path:
                continue
            assert "{" not in path, f"say what to fill into {path}"
            for query in ("", "lang=en", "point=120.035,36.145", "lon=120.035&lat=36.145", f"since={store[1]}&q=保护"):
                yield path, client.get(f"{path}?{query}").text


def exact_coordinates(snapshot: Snapshot) -> Numbers:
    """Every exact degree and metre of the withheld lines, in order."""
    exact = [
        shapely.get_coordinates(shape).ravel()
        for layer in (HIDDEN, GENERALISED)
        for shape in (*snapshot.layers[layer].degrees, *snapshot.layers[layer].shapes)
    ]
    return np.sort(np.concatenate(exact))


def told_coordinates(text: str) -> list[str]:
    """Numbers that may be degrees or metres of the plane, but for those that were asked with."""
    asked = {float(one) for site in (*SITES, LINE) for one in _NUMBER.findall(site)}
    return [
        one
        for one in _NUMBER.findall(text)
        if (119 < float(one) < 121 or 35 < float(one) < 37 or float(one) > 100_000) and float(one) not in asked
    ]


def is_exact(written: str, coordinates: Numbers) -> bool:
    """Whether a number is one of the coordinates as far as it is written out, and written out beyond ten metres."""
    value, digits = float(written), len(written.partition(".")[2])
    at = int(np.searchsorted(coordinates, value))
    nearest = float(np.abs(coordinates[max(0, at - 1) : at + 1] - value).min())
    return nearest <= (2e-7 if value < 1000 else 0.01) and digits > 4


def test_no_door_gives_a_coordinate_of_a_hidden_or_generalised_line(
    client: TestClient, store: tuple[Path, str], snapshot: Snapshot
) -> None:
    coordinates, checked = exact_coordinates(snapshot), 0
    for door, text in every_answer(client, store):
        told = told_coordinates(text)
        assert [one for one in told if is_exact(one, coordinates)] == [], door
        checked += len(told)
    assert checked > 100


def test_the_same_search_finds_the_lines_of_a_city_that_publishes_them(open_city: Snapshot) -> None:
    coordinates = exact_coordinates(open_city)
    text = json.dumps(as_record(ask(open_city, ACROSS_HIDDEN, "C2614")))
    assert [one for one in told_coordinates(text) if is_exact(one, coordinates)]


def test_the_map_in_a_statement_draws_what_is_published(snapshot: Snapshot) -> None:
    verdict = ask(snapshot, ACROSS_HIDDEN, "C2614")
    hidden = {one.zone.code for one in verdict.evidence.of_layer(HIDDEN)}
    assert hidden
    drawn = set(re.findall(r'data-zone="([^"]+)"', statement_map(verdict, "zh")))
    assert drawn
    assert not drawn & hidden


def test_the_map_of_the_whole_city_in_a_document_draws_what_is_published(snapshot: Snapshot) -> None:
    decision = Disclosure(shown=Shown.HIDDEN, step_m=200.0, source=same("示例"), decided_on=date(2026, 6, 1))
    units = {
        name: replace(one, disclosure=decision) for name, one in snapshot.layers.items() if one.layer.role == "unit"
    }
    withheld = replace(snapshot, layers={**snapshot.layers, **units}, release=replace(snapshot.release, id="withheld"))
    assert outlines(snapshot).units
    assert outlines(withheld).units == ()


def test_pages_say_what_is_not_published(client: TestClient, store: tuple[Path, str]) -> None:
    assert "Not published, so not drawn" in client.get("/?lang=en").text
    assert f'"id": "{HIDDEN}"' not in client.get("/?lang=en").text
    quality = client.get(f"/releases/{store[1]}?lang=en").text
    assert "geometry not published; measures are rounded to 200 m" in quality
    assert "published generalised to 200 m" in quality


def test_water_sources_hidden_are_listed_without_a_place(tmp_path: Path) -> None:
    folder, _ = build_release(WithheldCity(shown={"water_source": "hidden", "unit_land": "hidden"}), tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "releases").symlink_to(folder)
    with TestClient(create_app(Settings(data=data))) as client:
        listed = client.get("/api/v1/water-sources?lon=120.17&lat=36.08").json()
        assert [one["point"] for one in listed["areas"]] == [None, None, None]
        assert listed["check"]["nearest_m"] % STEP_M == 0
        assert listed["check"]["nearest_step_m"] == STEP_M
        page = client.get("/water-sources?point=120.17,36.08&lang=en").text
        assert re.search(r"\d+ to \d+ m", page)
        unit = client.get(f"/api/v1/units/{SW}").json()
        assert (unit["point"], unit["bounds"]) == (None, None)
        shown = client.get(f"/units/{SW}?lang=en")
        assert shown.status_code == 200
        assert "<svg viewBox" not in shown.text
        assert "not published" in shown.text
        inside = client.get("/api/v1/water-sources?lon=120.145&lat=36.045").json()["check"]
        assert inside["standing"] == "inside"


# -- the verdict -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", [*SITES, "120.1501,36.0307", "120.031,36.141"])
def test_what_is_withheld_changes_no_verdict(snapshot: Snapshot, open_city: Snapshot, site: str) -> None:
    for industry in ("C2614", "I6511"):
        withheld, plain = ask(snapshot, site, industry), ask(open_city, site, industry)
        assert withheld.conclusion is plain.conclusion
        assert [(one.key, one.outcome) for one in withheld.findings] == [
            (one.key, one.outcome) for one in plain.findings
        ]
        told, said = disclosed(withheld), as_record(withheld)
        assert said["conclusion"] == as_record(plain)["conclusion"]
        assert [(one.key, one.outcome) for one in told.findings] == [
            (one.key, one.outcome) for one in withheld.findings
        ]


def test_measures_against_withheld_layers_are_steps(snapshot: Snapshot) -> None:
    for site in SITES:
        record = as_record(ask(snapshot, site, "C2614"))
        assert {one["layer"]: one["shown"] for one in record["disclosures"]} == {
            HIDDEN: "hidden",
            GENERALISED: "generalised",
            TILING: "generalised",
        }
        for contact in record["contacts"]:
            if contact["layer"] in (HIDDEN, GENERALISED, TILING):
                assert contact["overlap"] is None
                assert contact["distance_m"] % STEP_M == 0
                assert contact["relation"] in ("overlaps", "apart")
                assert contact["flip_m"] in (None, contact["accuracy_m"])
            elif contact["relation"] == "overlaps" and record["site"]["area_m2"]:
                assert contact["overlap"] is not None


def test_disclosing_twice_is_disclosing_once(snapshot: Snapshot) -> None:
    verdict = ask(snapshot, ACROSS_HIDDEN, "C2614")
    assert as_record(disclosed(verdict)) == as_record(verdict)
    assert explain(disclosed(verdict), {}, "zh") == explain(verdict, {}, "zh")


def test_small_shifts_of_a_site_across_a_hidden_line_show_in_no_measure(snapshot: Snapshot) -> None:
    """While the outcome stays, sites that differ by metres read the same: one answer tells no more than its step."""
    seen = set()
    for shift in range(0, 40, 4):
        metres = shift * 1e-5
        site = shapely.affinity.translate(shapely.from_wkt(ACROSS_HIDDEN), xoff=metres)
        contacts = as_record(ask(snapshot, site.wkt, "C2614"))["contacts"]
        seen |= {
            json.dumps({name: one[name] for name in ("relation", "share_of_site", "distance_m", "share_of_zone")})
            for one in contacts
            if one["layer"] == HIDDEN
        }
    assert len(seen) <= 2


def test_a_sealed_record_recomputes_equal(store: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(store[0])
    service = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    for site in SITES:
        asked = Question(text=site, industries=("C2614",), facts=QUIET_FACTS)
        sealed = service.sealed(service.screen(asked).id)
        trusted = service.keys.known()
        assert verify(sealed, trusted, snapshot_in(store[0])).result is Result.EQUAL
    service.close()


def test_a_full_city_is_told_as_before(small: Snapshot) -> None:
    verdict = ask(small, ACROSS_HIDDEN, "C2614")
    assert disclosed(verdict) is verdict
    assert "disclosures" not in as_record(verdict)
