"""Laws that hold for any input: Kleene's logic, monotonic facts, worst wins, overlap measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.facts import derived_facts, fact_schema
from layers.industries import lineage_of
from layers.snapshot import Snapshot
from screening.access import IndustrySet
from screening.conditions import Condition
from screening.findings import Outcome
from screening.model import FactValue
from screening.overlay import Relation, covered_share, measure
from screening.record import as_record, canonical
from screening.truth import Truth, every, negated, some
from screening.verdict import Verdict
from tests.conftest import QUIET_FACTS, ask

Asking = Callable[..., Verdict]
truths = st.sampled_from(Truth)
DECLARABLE = sorted(fact_schema().keys() - derived_facts())


def values(name: str) -> st.SearchStrategy[FactValue]:
    fact = fact_schema()[name]
    if fact.kind == "boolean":
        return st.booleans()
    if fact.kind == "choice":
        return st.sampled_from([value for value, _ in fact.choices])
    return st.sampled_from([0.0, 1.0, 35.0, 500.0])


facts = st.fixed_dictionaries({}, optional={name: values(name) for name in DECLARABLE})
boxes = st.tuples(*[st.integers(0, 20)] * 4).map(lambda t: shapely.box(t[0], t[1], t[0] + 1 + t[2], t[1] + 1 + t[3]))
places = st.tuples(st.floats(120.001, 120.299), st.floats(36.001, 36.199), st.floats(0.0002, 0.03)).map(
    lambda t: shapely.box(t[0], t[1], min(t[0] + t[2], 120.2995), min(t[1] + t[2], 36.1995)).wkt
)
industries = st.sampled_from(["C2614", "C3360", "D4417", "A0411", "I6511", "C", "C26", "K7010", "A0313"])


@pytest.fixture(scope="session")
def asking(small: Snapshot) -> Asking:
    """`ask` on the small city; hypothesis would print a whole snapshot if it were handed one."""

    def asked(site: str, industry: str = "I6511", facts: dict[str, object] | None = None) -> Verdict:
        return ask(small, site, industry, facts)

    return asked


@given(st.lists(truths), st.lists(truths))
def test_de_morgan_and_order_do_not_matter(left: list[Truth], right: list[Truth]) -> None:
    assert every(left + right) is every(right + left)
    assert negated(every(left)) is some(negated(one) for one in left)


@given(facts, facts)
def test_more_facts_never_reverse_a_definite_condition(fewer: dict[str, FactValue], more: dict[str, FactValue]) -> None:
    everything = {**more, **fewer}
    for expression in (
        "discharges_wastewater || emits_air_pollutants",
        "boiler_t_per_hour > 0.0 && boiler_t_per_hour <= 35.0",
        "policy_class == 'restricted' && !national_major_project",
        "!(burns_high_pollution_fuel && coal_t_per_year > 0.0) || replacement_confirmed",
    ):
        before = Condition(expression).holds(fewer)
        assert before in (Truth.UNKNOWN, Condition(expression).holds(everything))


@settings(max_examples=40, deadline=None)
@given(places, industries, facts, st.lists(st.sampled_from(DECLARABLE), max_size=6))
def test_more_facts_never_reverse_a_definite_finding(
    asking: Asking, place: str, industry: str, declared: dict[str, FactValue], left_out: list[str]
) -> None:
    full = asking(place, industry, declared)
    fewer = asking(place, industry, {**declared, **dict.fromkeys(left_out)})
    answers = {one.key: one.outcome for one in full.findings}
    for one in fewer.findings:
        settled = one.outcome is not Outcome.UNDETERMINED and one.truth is not Truth.UNKNOWN
        if settled and "land" not in one.key:  # land left out is measured instead
            assert answers.get(one.key) is one.outcome, one.key


@settings(max_examples=40, deadline=None)
@given(places, industries, facts)
def test_the_gravest_finding_is_the_conclusion(
    asking: Asking, place: str, industry: str, declared: dict[str, FactValue]
) -> None:
    verdict = asking(place, industry, declared)
    assert verdict.conclusion is max(max(one.outcome for one in verdict.findings), Outcome.COMPLIES)
    assert canonical(as_record(verdict)) == canonical(as_record(asking(place, industry, declared)))


@settings(max_examples=40, deadline=None)
@given(places)
def test_shares_are_between_zero_and_one_and_units_tile_the_site(asking: Asking, place: str) -> None:
    verdict = asking(place)
    assert all(0.0 <= one.measure.share_of_site <= 1.0 for one in verdict.evidence.contacts)
    assert abs(sum(one.measure.share_of_site for one in verdict.evidence.units) - 1.0) < 1e-6
    assert verdict.evidence.uncovered_share == 0.0


@given(boxes, boxes)
def test_measures_agree_with_geos(site: shapely.Polygon, zone: shapely.Polygon) -> None:
    found = measure(site, zone)
    assert abs(found.area_m2 - shapely.intersection(site, zone).area) < 1e-9
    assert (found.relation is Relation.APART) == (shapely.distance(site, zone) > 0)


@given(boxes, boxes, boxes)
def test_enlarging_a_site_never_removes_an_overlap(
    site: shapely.Polygon, more: shapely.Polygon, zone: shapely.Polygon
) -> None:
    if measure(site, zone).relation is Relation.OVERLAPS:
        larger = shapely.union(site, more)
        assert measure(larger, zone).area_m2 >= measure(site, zone).area_m2 - 1e-9


@given(boxes, st.lists(boxes, max_size=4))
def test_covered_share_does_not_depend_on_order(site: shapely.Polygon, zones: list[shapely.Polygon]) -> None:
    overlaps = [found.overlap for zone in zones if (found := measure(site, zone)).overlap is not None]
    assert abs(covered_share(site, overlaps) - covered_share(site, overlaps[::-1])) < 1e-12


@given(st.sampled_from(["C2611", "C261", "C26", "C"]), st.sets(st.sampled_from(["C26", "C2611", "C268", "D"])))
def test_a_finer_code_never_reverses_a_definite_membership(code: str, include: set[str]) -> None:
    named = IndustrySet(include=frozenset(include))
    coarse = named.holds(lineage_of(code))
    if coarse is not Truth.UNKNOWN:
        assert named.holds(lineage_of("C2611")) is coarse


def test_the_quiet_facts_are_all_in_the_schema() -> None:
    assert QUIET_FACTS.keys() <= set(DECLARABLE)
