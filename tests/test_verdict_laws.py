"""Laws of the verdict on random cities, lists and sites (tests/randomcity.py); each docstring says what is promised.

"As grave" orders outcomes 不涉及 < 符合 < 有条件符合 < 无法判定 < 不符合.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random
from typing import TypeVar

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, Position
from screening.evidence import Answer
from screening.findings import Finding, Outcome, Subject
from screening.model import Effect, Project
from screening.reach import reach
from screening.truth import Truth, some
from screening.verdict import Verdict
from screening.words import Text
from tests.randomcity import (
    KINDS,
    World,
    accuracies,
    areas,
    asked,
    boxes,
    clauses,
    everything,
    projects,
    sites,
    worlds,
)

laws = settings(max_examples=60, deadline=None)
NO_PERMITS = tuple(one for one in Effect if one is not Effect.PERMIT)
HARMFUL = (Effect.PROHIBIT, Effect.PHASE_OUT, Effect.RESTRICT, Effect.REQUIRE, Effect.CONDITIONAL, Effect.PROSE)
Row = TypeVar("Row")
Told = dict[str, tuple[object, ...]]


def told(verdict: Verdict) -> Told:
    """Everything but coordinates that a verdict says of each finding."""
    return {
        one.key: (one.outcome, one.truth, one.certainty, one.missing_facts, one.needs_person)
        for one in verdict.findings
    }


def by_key(verdict: Verdict) -> dict[str, Finding]:
    return {one.key: one for one in verdict.findings}


def relations(verdict: Verdict) -> dict[str, tuple[object, ...]]:
    return {
        one.zone.code: (one.measure.relation, one.band.certainty, one.band.slack_m) for one in verdict.evidence.contacts
    }


# -- silence -----------------------------------------------------------------------------------------------------------


@laws
@given(
    worlds(),
    projects(),
    sites,
    accuracies,
    st.sampled_from(list(KINDS)),
    st.sampled_from(["missing", "broken", "stale"]),
)
def test_silence_never_clears(
    world: World, project: Project, site: BaseGeometry, accuracy: float, layer_id: str, how: str
) -> None:
    """A layer that falls silent leaves the conclusion as grave as it was, or at 无法判定 where it was graver.

    A required layer never leaves it below 无法判定, whatever it was before.
    """
    before = asked(world.snapshot(), project, site, accuracy)
    if how == "stale":
        silent = replace(world, surveyed={layer_id: date(2000, 1, 1)}).snapshot()
    else:
        whole = world.snapshot()
        heard = {one: loaded for one, loaded in whole.layers.items() if one != layer_id}
        said = (whole.layers[layer_id].layer, Answer(how), Text("缺失", "missing"))
        silent = replace(whole, layers=heard, silent={layer_id: said})
    after = asked(silent, project, site, accuracy)
    assert after.conclusion >= min(before.conclusion, Outcome.UNDETERMINED)
    if KINDS[layer_id][2]:
        assert after.conclusion >= Outcome.UNDETERMINED
        assert f"layer:{layer_id}" in by_key(after)


@laws
@given(worlds(), projects(), areas, st.data())
def test_a_gap_never_clears(world: World, project: Project, site: BaseGeometry, data: st.DataObject) -> None:
    """A layer that must tile and lost a zone the site lay in speaks for less of the site: 无法判定 or worse."""
    layer_id = data.draw(st.sampled_from(["unit_land", "unit_sea", "water"]))
    before = asked(world.snapshot(), project, site)
    met = [one.zone.code for one in before.evidence.of_layer(layer_id) if one.overlaps]
    assume(met)
    lost = data.draw(st.sampled_from(met))
    kept = tuple(row for row in world.zones[layer_id] if row[0].code != lost)
    after = asked(replace(world, zones={**world.zones, layer_id: kept}).snapshot(), project, site)
    assert after.conclusion >= Outcome.UNDETERMINED
    assert after.conclusion >= min(before.conclusion, Outcome.UNDETERMINED)


@laws
@given(worlds(), projects(), sites, accuracies, st.data())
def test_a_blank_attribute_never_clears(
    world: World, project: Project, site: BaseGeometry, accuracy: float, data: st.DataObject
) -> None:
    """A zone that leaves blank its sub-type and attributes leaves the conclusion as grave as it was, or at 无法判定.

    And what was known of a clause, that it reaches the site or that it does not, stays or becomes unknown.
    """
    city = world.snapshot()
    before = asked(city, project, site, accuracy)
    met = [one.zone.code for one in before.evidence.contacts if one.zone.layer_id in ("red_line", "water", "park")]
    assume(met)
    blank = data.draw(st.sampled_from(met))
    zones = {
        layer_id: tuple(
            (replace(zone, subtype="", attributes={}) if zone.code == blank else zone, s) for zone, s in rows
        )
        for layer_id, rows in world.zones.items()
    }
    after = asked(replace(world, zones=zones).snapshot(), project, site, accuracy)
    assert after.conclusion >= min(before.conclusion, Outcome.UNDETERMINED)
    for clause in world.clauses:
        was, now = reach(clause, before.evidence).truth, reach(clause, after.evidence).truth
        assert now in (was, Truth.UNKNOWN), clause


# -- more and less ------------------------------------------------------------------------------------------------------


@laws
@given(worlds(), projects(), sites, accuracies, clauses(9, (*HARMFUL, Effect.ENCOURAGE)))
def test_one_more_clause_never_softens(
    world: World, project: Project, site: BaseGeometry, accuracy: float, more: Clause
) -> None:
    """A clause more changes no other clause's finding and never makes the conclusion milder.

    Except that it may close a gap of the list (a zone or level without any clause), whose finding goes with the gap; and
    that a permission naming other clauses as its exceptions softens those: such clauses are left out here.
    """
    before = asked(world.snapshot(), project, site, accuracy)
    after = asked(replace(world, clauses=(*world.clauses, more)).snapshot(), project, site, accuracy)
    kept = {key: one for key, one in told(before).items() if by_key(before)[key].subject is not Subject.LIST}
    assert kept.items() <= told(after).items()
    gravest = max((one.outcome for one in before.findings if one.subject is not Subject.LIST), default=Outcome.COMPLIES)
    assert after.conclusion >= gravest
    assert set(relations(before)) <= set(relations(after))


@laws
@given(worlds(), projects(everything), sites, accuracies, st.data())
def test_more_facts_never_reverse_a_definite_finding(
    world: World, project: Project, site: BaseGeometry, accuracy: float, data: st.DataObject
) -> None:
    """Where a finding's truth is known and its outcome is not 无法判定, declaring more leaves it as it is.

    And declaring more turns 不符合 of the whole verdict into nothing else.
    """
    left_out = data.draw(st.sets(st.sampled_from(sorted(project.facts))))
    fewer_facts = {name: value for name, value in project.facts.items() if name not in left_out}
    city = world.snapshot()
    fewer = asked(city, replace(project, facts=fewer_facts), site, accuracy)
    full = by_key(asked(city, project, site, accuracy))
    for one in fewer.findings:
        if one.truth is not Truth.UNKNOWN and one.outcome is not Outcome.UNDETERMINED:
            assert full[one.key].outcome is one.outcome, one.key
    if fewer.conclusion is Outcome.VIOLATES:
        assert max(one.outcome for one in full.values()) is Outcome.VIOLATES


@laws
@given(worlds(NO_PERMITS), projects(), areas, areas, st.sampled_from([0.0, 2.0]))
def test_enlarging_a_site_never_removes_an_overlap_nor_a_prohibition(
    world: World, project: Project, site: BaseGeometry, more: BaseGeometry, accuracy: float
) -> None:
    """Of a larger site: every zone overlapped is overlapped by as much or more, certain stays certain, and a clause that
    certainly speaks does so still, with the same outcome.

    Not promised: a relation that exists only within accuracy may be settled by a larger site, which is better told apart
    from its neighbours; and a stated exception must hold for all of the site (lists without permissions here).
    """
    city = world.snapshot()
    small, large = asked(city, project, site, accuracy), asked(city, project, shapely.union(site, more), accuracy)
    larger = {one.zone.code: one for one in large.evidence.contacts}
    for one in small.evidence.contacts:
        if one.overlaps:
            assert larger[one.zone.code].measure.area_m2 >= one.measure.area_m2 - 1e-9
        if one.certainly_overlaps:
            assert larger[one.zone.code].certainly_overlaps
    after = by_key(large)
    for found in small.findings:
        if found.subject is Subject.CLAUSE and found.truth is Truth.YES:
            assert (after[found.key].truth, after[found.key].outcome) == (found.truth, found.outcome), found.key


@laws
@given(worlds(), projects(), sites, accuracies, st.sampled_from([0.0, 1.0, 4.0, 30.0]))
def test_a_site_known_less_well_is_never_cleared_by_it(
    world: World, project: Project, site: BaseGeometry, accuracy: float, worse: float
) -> None:
    """A site known less well leaves the conclusion as grave as it was, or at 无法判定 where it was 不符合."""
    city = world.snapshot()
    before, after = asked(city, project, site, accuracy), asked(city, project, site, accuracy + worse)
    assert after.conclusion >= min(before.conclusion, Outcome.UNDETERMINED)


@laws
@given(worlds(), projects(), sites, accuracies, st.sampled_from([1.0, 4.0, 30.0]), st.sampled_from(list(KINDS)))
def test_a_layer_known_less_well_clears_nothing(
    world: World, project: Project, site: BaseGeometry, accuracy: float, worse: float, layer_id: str
) -> None:
    """A layer known less well leaves the conclusion as grave as it was, or at 无法判定 where it was 不符合."""
    coarser = replace(world, accuracy_m={**world.accuracy_m, layer_id: world.accuracy_m[layer_id] + worse})
    before, after = (asked(one.snapshot(), project, site, accuracy) for one in (world, coarser))
    assert after.conclusion >= min(before.conclusion, Outcome.UNDETERMINED)


# -- what must not matter ----------------------------------------------------------------------------------------------


@laws
@given(worlds(), projects(), sites, accuracies, st.sampled_from([(1000, 0), (-37, 512), (0, -100_000)]))
def test_shifting_everything_changes_nothing(
    world: World, project: Project, site: BaseGeometry, accuracy: float, by: tuple[int, int]
) -> None:
    """City and site moved by one vector: the same findings, relations and measures."""
    here = asked(world.snapshot(), project, site, accuracy)
    moved = world.moved(lambda shape: affinity.translate(shape, *by))
    there = asked(moved.snapshot(), project, affinity.translate(site, *by), accuracy)
    assert told(there) == told(here)
    assert relations(there) == relations(here)
    for one, other in zip(here.evidence.contacts, there.evidence.contacts, strict=True):
        assert other.measure.area_m2 == pytest.approx(one.measure.area_m2, abs=1e-6)
        assert other.measure.distance_m == pytest.approx(one.measure.distance_m, abs=1e-6)


def turned(shape: BaseGeometry, by: int) -> BaseGeometry:
    """The same shape written from another corner, the other way round."""
    if shape.geom_type != "Polygon":
        return shape
    ring = list(shape.exterior.coords)[:-1]
    by %= len(ring)
    return shapely.Polygon((ring[by:] + ring[:by])[::-1], [hole.coords for hole in shape.interiors])


@laws
@given(worlds(), projects(), sites, accuracies, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    world: World, project: Project, site: BaseGeometry, accuracy: float, random: Random
) -> None:
    """Order of layers, zones, clauses, lines, industries, facts and corners: the same findings and relations."""

    def shuffled(rows: Iterable[Row]) -> tuple[Row, ...]:
        listed = list(rows)
        return tuple(random.sample(listed, len(listed)))

    other = replace(
        world,
        zones={one: shuffled([(zone, turned(shape, 2)) for zone, shape in rows]) for one, rows in world.zones.items()},
        clauses=shuffled(world.clauses),
        ceilings=shuffled(world.ceilings),
        order=shuffled(world.order),
    )
    same = replace(
        project,
        industries=shuffled(project.industries),
        facts={name: project.facts[name] for name in shuffled(project.facts)},
    )
    here = asked(world.snapshot(), project, site, accuracy)
    there = asked(other.snapshot(), same, turned(site, 1), accuracy)
    assert told(there) == told(here)
    assert [one.key for one in there.findings] == [one.key for one in here.findings]
    assert relations(there) == relations(here)
    assert there.would_change == here.would_change


# -- parts of a site ---------------------------------------------------------------------------------------------------


@laws
@given(worlds(), projects(), sites)
def test_shares_are_shares(world: World, project: Project, site: BaseGeometry) -> None:
    """Every share lies between 0 and 1; units and what lies in none add up to the site; the union takes no more than it."""
    evidence = asked(world.snapshot(), project, site).evidence
    for one in evidence.contacts:
        assert 0.0 <= one.measure.share_of_site <= 1.0
        assert 0.0 <= one.measure.share_of_zone <= 1.0
        assert one.measure.area_m2 <= site.area + 1e-9
    assert evidence.uncovered_share is not None
    in_units = sum(
        one.measure.share_of_site for one in evidence.contacts if one.overlaps and "unit" in one.zone.layer_id
    )
    assert in_units + evidence.uncovered_share == pytest.approx(1.0, abs=1e-9)
    assert all(0.0 <= one.covered_share <= 1.0 for one in evidence.consulted)


@laws
@given(worlds(NO_PERMITS), projects(), boxes, st.integers(1, 9), st.booleans())
def test_a_site_cut_in_two_has_the_findings_of_both_parts(
    world: World, project: Project, site: BaseGeometry, tenth: int, upright: bool
) -> None:
    """Where lines are exact, a clause speaks about a site just if it speaks about one of two parts of it.

    For clauses with at most one distance rule and then nothing else of place: nearness belongs to the site as a whole,
    and one part may be near and the other in the unit. And the zones overlapped are those of both parts.
    """
    exact = replace(world, accuracy_m=dict.fromkeys(KINDS, 0.0)).snapshot()
    west, south, east, north = site.bounds
    if upright:
        at = west + (east - west) * tenth / 10
        parts = [shapely.box(west, south, at, north), shapely.box(at, south, east, north)]
    else:
        at = south + (north - south) * tenth / 10
        parts = [shapely.box(west, south, east, at), shapely.box(west, at, east, north)]
    whole, one, other = (asked(exact, project, shape) for shape in (site, *parts))
    overlapped = [{c.zone.code for c in v.evidence.contacts if c.overlaps} for v in (whole, one, other)]
    assert overlapped[0] == overlapped[1] | overlapped[2]
    for clause in world.clauses:
        near = [trigger for trigger in clause.scope.zones if trigger.position is Position.NEAR]
        if not near or (len(clause.scope.zones) == 1 and clause.scope.is_everywhere):
            truths = [reach(clause, verdict.evidence).truth for verdict in (whole, one, other)]
            assert truths[0] is some(truths[1:]), clause
    gravest = [max(f.outcome for f in v.findings if f.subject is Subject.CLAUSE) for v in (whole, one, other)]
    assert gravest[0] >= max(gravest[1:])


@laws
@given(worlds(), projects(), sites, accuracies)
def test_the_gravest_finding_is_the_conclusion(
    world: World, project: Project, site: BaseGeometry, accuracy: float
) -> None:
    """The conclusion is as grave as the gravest finding, and never 不涉及."""
    verdict = asked(world.snapshot(), project, site, accuracy)
    assert verdict.conclusion is max(max(one.outcome for one in verdict.findings), Outcome.COMPLIES)
