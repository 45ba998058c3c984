"""Nothing of Qingdao is in code: a city elsewhere, in another CRS, with its own codes, gives the same answers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers.delivery import read_delivery
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from screening.errors import SiteOutsideError
from screening.findings import Outcome
from tests.conftest import ask
from tests.smallcity import SmallCity
from tests.test_small_city import ACROSS_UNITS, IN_RED_LINE, OFFICE_SITE, PARTLY_OUTSIDE

EAST, NORTH = -105.0, 14.0  # from 120°E 36°N to 15°E 50°N
WORDS = {"370211": "DE-B1", "370281": "DE-B2", "370200": "DE-B0", "黄岛区": "Süd", "胶州市": "Nord"}
PLANE = 32633  # WGS 84 / UTM zone 33N


def there(written: str) -> str:
    """A site of the small city, where the other city lies."""
    return str(moved(shapely.from_wkt(written)).wkt)


def moved(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda points: points + np.array([EAST, NORTH]))


def renamed(words: str) -> str:
    for ours, theirs in WORDS.items():
        words = words.replace(ours, theirs)
    return words


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("foreign")
    city = SmallCity()
    for rows in city.layers.values():
        for row in rows:
            for name, value in row.items():
                row[name] = moved(value) if name == "geometry" else renamed(value)
    city.ceilings = [[renamed(cell) if isinstance(cell, str) else cell for cell in row] for row in city.ceilings]
    city.objectives = [[renamed(cell) if isinstance(cell, str) else cell for cell in row] for row in city.objectives]
    delivery = city.deliver(folder / "d", "gpkg")
    described = renamed((delivery / "jurisdiction.toml").read_text(encoding="utf-8"))
    for ours, theirs in (
        ("plane = 4549", f"plane = {PLANE}"),
        ("extent = [119.9, 35.9, 120.4, 36.3]", "extent = [14.9, 49.9, 15.4, 50.3]"),
        (r"(?P<county>\d{6})", r"(?P<county>DE-B\d)"),
        ("青岛市", "Musterstadt"),
    ):
        described = described.replace(ours, theirs)
    (delivery / "jurisdiction.toml").write_text(described, encoding="utf-8")
    (delivery / "delivery.toml").write_text(
        renamed((delivery / "delivery.toml").read_text(encoding="utf-8")), encoding="utf-8"
    )
    store = folder / "store"
    return load_snapshot(store / write_release(read_content(read_delivery(delivery)), store))


def test_the_release_names_its_own_city(foreign: Snapshot) -> None:
    assert foreign.release.id.startswith("DE-B0-20260701-")
    assert foreign.jurisdiction.plane.area_method().en == "plane area, WGS 84 / UTM zone 33N (EPSG:32633)"


@pytest.mark.parametrize(
    ("site", "industry", "facts"),
    [
        (OFFICE_SITE, "I6511", {}),
        (IN_RED_LINE, "I6511", {"red_line_activity": False, "national_major_project": False}),
        (IN_RED_LINE, "I6511", {}),
        (ACROSS_UNITS, "C2614", {"handles_hazardous_chemicals": False}),
        (PARTLY_OUTSIDE, "I6511", {}),
        (OFFICE_SITE, "I6511", {"water_m3_per_year": None}),
        (OFFICE_SITE, "I6511", {"coal_t_per_year": 1}),
    ],
)
def test_the_same_question_gets_the_same_findings(
    foreign: Snapshot, small: Snapshot, site: str, industry: str, facts: dict[str, object]
) -> None:
    here, elsewhere = ask(small, site, industry, facts), ask(foreign, there(site), industry, facts)
    assert elsewhere.conclusion is here.conclusion
    assert {(one.key, one.outcome) for one in elsewhere.findings} == {
        (renamed(one.key), one.outcome) for one in here.findings
    }


def test_a_line_of_a_unit_answers_for_its_district(foreign: Snapshot) -> None:
    assert ask(foreign, there(OFFICE_SITE)).evidence.districts == ("DE-B1",)


def test_qingdao_is_outside(foreign: Snapshot) -> None:
    with pytest.raises(SiteOutsideError):
        ask(foreign, OFFICE_SITE)
    assert ask(foreign, there(OFFICE_SITE)).conclusion is Outcome.COMPLIES
