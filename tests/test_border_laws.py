"""Laws on random coverages: how a verdict depends on nothing but where things lie, and what a cut of the site may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers import codec
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.access import AccessList
from screening.findings import Outcome, Subject
from screening.model import Project, Site
from screening.verdict import Verdict, screen
from screening.words import same
from tests.oracle.editions import clause, near, outside, within
from tests.smallcity import AS_OF

Findings = Mapping[str, tuple[Outcome, str]]
INSIDE = (
    clause("IN-1", "prohibit", within("water", "工业污染")),
    clause("IN-2", "restrict", within("soil", "建设用地污染风险")),
    clause("IN-3", "prohibit", classes=[1]),
    clause("IN-4", "conditional", within("resource"), satisfied_when="water_quota_advanced", include=["C26"]),
    clause("IN-5", "encourage", within("park")),
    clause("IN-6", "prohibit", within("red_line"), in_principle=True),
    clause("IN-7", "prohibit", outside("park"), include=["I65"]),
    clause("NEAR-1", "prohibit", near("sensitive_place", 500.0)),
    clause("NEAR-2", "restrict", near("water_source", 900.0, "一级保护区")),
)
TOGETHER = (
    clause("MEET", "prohibit", within("eco_space"), within("water")),
    clause("EXEMPT", "permit", within("park"), exempts=["IN-1", "IN-7"]),
)


@dataclass(frozen=True)
class Answering:
    """A city behind a function: hypothesis would print all of it."""

    ask: Callable[..., Verdict]


def listed(*clauses: dict[str, Any]) -> AccessList:
    return codec.access_list_from_json({"version": "", "levels": [], "clauses": list(clauses)})


@pytest.fixture(scope="session")
def answering(small: Snapshot) -> Answering:
    def ask(
        shape: BaseGeometry,
        clauses: tuple[dict[str, Any], ...] = INSIDE,
        industries: tuple[str, ...] = ("C2614", "I6511"),
        order: Callable[[list[Any]], list[Any]] = list,
        accuracy_m: float | None = None,
    ) -> Verdict:
        exact = {
            layer_id: replace(one, layer=replace(one.layer, accuracy_m=0.0)) for layer_id, one in small.layers.items()
        }
        city = replace(
            small,
            access_list=listed(*order(list(clauses))),
            search_m={"sensitive_place": 500.0, "water_source": 900.0},
            layers=dict(order(list((exact if accuracy_m is None else small.layers).items()))),
        )
        site = Site(name="", geometry=shape, as_written="", read_as=same(""), accuracy_m=accuracy_m)
        project = Project(
            name="",
            industries=tuple(classification().find(code) for code in order(list(industries))),
            construction=None,
            facts={"water_quota_advanced": False},
        )
        return screen(project, site, city.gather(site, AS_OF), AS_OF)

    return Answering(ask)


def of_clauses(verdict: Verdict) -> Findings:
    told = {one.key: (one.outcome, one.truth.value) for one in verdict.findings if one.subject is Subject.CLAUSE}
    return {key: found for key, found in told.items() if found[0] is not Outcome.NOT_CONCERNED}


grid = st.integers(1, 27)
sites = st.tuples(grid, st.integers(1, 17), st.integers(1, 9), st.integers(1, 9)).map(
    lambda t: shapely.box(
        120 + t[0] / 100, 36 + t[1] / 100, 120 + min(t[0] + t[2], 29) / 100, 36 + min(t[1] + t[3], 19) / 100
    )
)
accuracies = st.sampled_from([None, 0.0, 5.0, 40.0])


@settings(max_examples=40, deadline=None)
@given(sites, st.floats(0.1, 0.9), st.booleans())
def test_a_site_cut_in_two_has_the_findings_of_its_parts(
    answering: Answering, site: shapely.Polygon, at: float, is_upright: bool
) -> None:
    """For clauses about lying in, outside or near zones, lines known exactly: the whole has the union of the findings
    and the gravest conclusion. Not so for conditions that must meet, exceptions for a whole site, and demands
    on resources, nor where lines are only known to an accuracy: a strip may be borderline that the whole reaches beyond.
    """
    west, south, east, north = site.bounds
    x, y = west + at * (east - west), south + at * (north - south)
    halves = (
        (shapely.box(west, south, x, north), shapely.box(x, south, east, north))
        if is_upright
        else (shapely.box(west, south, east, y), shapely.box(west, y, east, north))
    )
    one, other = (of_clauses(answering.ask(half)) for half in halves)
    assert of_clauses(answering.ask(site)) == {**one, **other}
    conclusions = [answering.ask(half).conclusion for half in halves]
    assert answering.ask(site).conclusion is max(conclusions)


@settings(max_examples=40, deadline=None)
@given(sites, accuracies, st.randoms(use_true_random=False))
def test_the_order_of_layers_clauses_industries_and_corners_does_not_matter(
    answering: Answering, site: shapely.Polygon, accuracy_m: float | None, random: Random
) -> None:
    def shuffled(items: list[Any]) -> list[Any]:
        return random.sample(items, len(items))

    def turned(shape: shapely.Polygon) -> shapely.Polygon:
        corners = list(shape.exterior.coords)[:-1]
        start = random.randrange(len(corners))
        turned_round = corners[start:] + corners[:start]
        return shapely.Polygon(turned_round if random.random() < 0.5 else turned_round[::-1])

    before = answering.ask(site, INSIDE + TOGETHER, accuracy_m=accuracy_m)
    after = answering.ask(turned(site), INSIDE + TOGETHER, order=shuffled, accuracy_m=accuracy_m)
    assert after.conclusion is before.conclusion
    told = [{one.key: (one.outcome, one.truth, one.missing_facts) for one in each.findings} for each in (before, after)]
    assert told[0] == told[1]


@settings(max_examples=40, deadline=None)
@given(sites, sites, accuracies)
def test_enlarging_a_site_never_takes_a_certain_finding_away(
    answering: Answering, site: shapely.Polygon, more: shapely.Polygon, accuracy_m: float | None
) -> None:
    """For clauses about lying in, outside or near zones; a larger site is never placed worse."""
    before = of_clauses(answering.ask(site, accuracy_m=accuracy_m))
    after = of_clauses(answering.ask(shapely.union(site, more), accuracy_m=accuracy_m))
    certain = {key: found for key, found in before.items() if found[1] == "yes"}
    assert certain.items() <= after.items()
