"""Two releases side by side: each kind of change is named once, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from api.difference_page import KIND, difference_lines, difference_page
from layers.delivery import read_delivery
from layers.difference import Difference, difference
from layers.release import read_content, write_release
from tests.smallcity import NE, SmallCity, box, unit


def written(city: SmallCity, folder: Path) -> Path:
    store = folder / "store"
    return store / write_release(read_content(read_delivery(city.deliver(folder / "d"))), store)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    folder = tmp_path_factory.mktemp("difference")
    city = SmallCity()
    north = city.layers["unit_land"]
    north[3] = unit("ZH37028130009", "东北一般", "胶州市", north[3]["geometry"])  # another class is another code
    city.layers["red_line"][0]["geometry"] = box(2, 13, 5, 18)
    city.layers["red_line"][1]["HJYSGKFQMC"] = "南湾红线（更名）"
    city.layers["air"][0]["geometry"] = box(10, 10, 19, 20)
    city.layers["air"][1]["geometry"] = shapely.union(city.layers["air"][1]["geometry"], box(19, 10, 20, 20))
    city.ceilings[0][4] = 2000
    return difference(written(SmallCity(), folder / "old"), written(city, folder / "new"))


def kinds(found: Difference, layer: str) -> set[tuple[str, str]]:
    return {(one.code, one.kind) for one in found.zones if one.layer == layer}


def test_units_appear_and_vanish(found: Difference) -> None:
    assert kinds(found, "unit_land") == {(NE, "vanished"), ("ZH37028130009", "appeared")}


def test_a_grown_zone_says_how_much_and_where(found: Difference) -> None:
    (moved,) = (one for one in found.zones if one.layer == "red_line" and one.kind == "moved")
    assert moved.lost_m2 == 0.0
    assert moved.gained_m2 == pytest.approx(0.03 * 90_000 * 0.01 * 111_000, rel=0.02)
    assert moved.longitude == pytest.approx(120.035, abs=0.01)
    assert moved.latitude == pytest.approx(36.175, abs=0.005)


def test_what_one_zone_loses_its_neighbour_gains(found: Difference) -> None:
    moved = [one for one in found.zones if one.layer == "air" and one.kind == "moved"]
    assert sum(one.gained_m2 for one in moved) == pytest.approx(sum(one.lost_m2 for one in moved), rel=1e-9)


def test_names_clauses_and_caps(found: Difference) -> None:
    assert ("YS3702111110002", "name") in kinds(found, "red_line")
    assert {(one.key, one.kind) for one in found.rows if one.key.startswith("DEMO-ZH37028130009")} == {
        (f"DEMO-ZH37028130009-{number}", "added") for number in (1, 2, 3, 4)
    }
    (cap,) = (one for one in found.rows if one.table == "ceilings")
    assert cap.fields == (("cap", "1000.0", "2000.0"),)


def test_what_did_not_change_is_not_told(found: Difference) -> None:
    assert {one.layer for one in found.zones} == {"unit_land", "red_line", "air"}


def test_the_page_holds_every_change_and_nothing_from_outside(found: Difference) -> None:
    for language in ("zh", "en"):
        page = difference_page(found, language)
        assert all(one.code in page for one in found.zones)
        assert all(one.key in page for one in found.rows)
        assert "://" not in page
        assert len(difference_lines(found, language)) == 1 + len(found.zones) + len(found.rows)


def test_a_release_does_not_differ_from_itself(tmp_path: Path) -> None:
    folder = written(SmallCity(), tmp_path)
    assert (found := difference(folder, folder)).zones == ()
    assert difference_lines(found, "en")[-1] == "Nothing changed."


def test_every_kind_has_a_name() -> None:
    assert all(text.zh and text.en for text in KIND.values())
