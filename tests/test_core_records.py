"""Days and sizes exactly at the limit of what the records of the core say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import shapely

from layers.eia_catalogue import eia_catalogue
from layers.policy import catalogues
from layers.standards import standard_book
from screening.access import Clause, Dimension, IndustrySet, Level, Scope
from screening.model import Effect
from screening.policy import Catalogue, PolicyEntry
from screening.site_checks import (
    AREA_SHARE,
    COARSE_M,
    LENGTH_LEAST_M,
    stated_area,
    stated_length,
)
from screening.standards import Limit, Standard
from screening.whereabouts import WHOLE_SHARE, area_words, distance_words, part_of_site
from screening.words import same
from tests.test_site_checks import PLANE, remarks, square

FIRST, LAST = date(2026, 3, 1), date(2026, 6, 30)
CLAUSE = Clause(
    id="C",
    level=Level.CITY,
    dimension=Dimension.SPACE,
    wording=same("条文"),
    basis="",
    effect=Effect.PROHIBIT,
    scope=Scope(),
    industries=IndustrySet(),
    valid_from=FIRST,
    row="",
)
DAY = timedelta(days=1)
DAYS = [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)]


@pytest.mark.parametrize(("day", "binds"), DAYS)
def test_first_and_last_day_are_days_in_force(day: date, binds: bool) -> None:
    book = standard_book()
    standard: Standard = next(iter(book.standards.values()))
    limit: Limit = book.limits[0]
    policy: Catalogue = next(iter(catalogues().values()))
    entry: PolicyEntry = policy.entries[0]
    between: dict[str, Any] = {"valid_from": FIRST, "valid_to": LAST}
    assert replace(CLAUSE, **between).binds_on(day) is binds
    assert replace(standard, **between).binds_on(day) is binds
    assert replace(limit, **between, built_from=None, built_to=None).binds(day, FIRST) is binds
    assert replace(policy, **between).in_force_on(day) is binds
    assert replace(entry, **between).binds_on(day) is binds
    assert replace(eia_catalogue(), **between).holds_on(day) is binds


@pytest.mark.parametrize(("built", "meant"), DAYS)
def test_a_limit_means_sources_built_on_its_first_and_last_day(built: date, meant: bool) -> None:
    limit = replace(standard_book().limits[0], valid_from=FIRST, valid_to=None, built_from=FIRST, built_to=LAST)
    assert limit.binds(LAST, built) is meant


def test_a_source_built_on_the_first_day_of_a_standard_is_new() -> None:
    standard = next(iter(standard_book().standards.values()))
    one = replace(standard, valid_from=FIRST, valid_to=None, existing_from=LAST)
    assert one.binds_source(FIRST, FIRST)
    assert not one.binds_source(FIRST, FIRST - DAY)
    assert not one.binds_source(LAST - DAY, FIRST - DAY)
    assert one.binds_source(LAST, FIRST - DAY)


def test_the_old_basis_ends_the_day_before_the_new_one() -> None:
    one = replace(CLAUSE, basis="new", basis_old="old", basis_since=FIRST)
    assert [one.basis_on(FIRST - DAY), one.basis_on(FIRST)] == ["old", "new"]
    assert replace(one, basis_since=None).basis_on(FIRST - DAY) == "new"


# -- sites -------------------------------------------------------------------------------------------------------------


def test_a_stated_length_may_differ_by_exactly_what_is_allowed() -> None:
    assert stated_length(64.0, 64.0 + LENGTH_LEAST_M, None) is None
    assert stated_length(64.0, 64.0 - LENGTH_LEAST_M, None) is None
    assert stated_length(64.0, 64.0 + LENGTH_LEAST_M + 0.01, None) is not None


def test_a_stated_area_may_differ_by_exactly_what_is_allowed() -> None:
    shape = square(100)
    flat = PLANE.from_degrees(shape)
    measured = float(shapely.area(flat))
    accuracy = 4096.0 / float(shapely.length(flat))
    allowed = accuracy * float(shapely.length(flat))
    stated = measured + allowed
    assert allowed > AREA_SHARE * stated
    assert (abs(measured - stated) <= allowed) == (not list(stated_area(shape, PLANE, stated, accuracy)))
    assert list(stated_area(shape, PLANE, stated + 1.0, accuracy))


def test_coordinates_exactly_as_coarse_as_allowed_are_not_remarked_on() -> None:
    assert not remarks(square(1000), accuracy_m=COARSE_M)
    assert remarks(square(1000), accuracy_m=COARSE_M + 1)


def test_figures_change_their_unit_exactly_at_the_limit() -> None:
    assert area_words(9_999.9) == "9,999.9 m²"
    assert area_words(10_000.0) == "10,000.0 m² (1.00 ha)"
    assert distance_words(999.9) == "999.9 m"
    assert distance_words(1_000.0) == "1.00 km"


def test_a_part_exactly_as_large_as_the_whole_may_be_is_all_of_it() -> None:
    site, corner = shapely.box(0, 0, 100, 100), shapely.box(0, 0, 10, 10)
    assert part_of_site(site, corner, WHOLE_SHARE).zh == "全部"
    assert part_of_site(site, corner, WHOLE_SHARE - 1e-6).zh == "西南角"
    assert part_of_site(shapely.Point(3, 3), shapely.Point(3, 3), 0.0).zh == "中部"
