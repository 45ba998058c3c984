"""The conflict view: what counts as one matter, which clause decides, and that silence is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.facts import fact_schema
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.access import AccessList, Clause, Dimension, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.conditions import Condition
from screening.conflict_words import tell_conflicts
from screening.conflicts import Matter, SubjectKind, conflicts
from screening.coordinates import read_site
from screening.errors import OldRecordError
from screening.findings import Outcome
from screening.model import Construction, Effect, Project
from screening.record import Record, as_record
from screening.verdict import screen
from screening.words import Text
from tests.conftest import ask
from tests.smallcity import AS_OF

SITE = "120.145,36.045"  # level-1 protection area of the 东水库 source
Compared = Callable[..., tuple[Matter, ...]]


def clause(name: str, level: Level, effect: Effect, **more: Any) -> Clause:
    given = {
        "dimension": Dimension.SPACE,
        "scope": Scope(),
        "industries": IndustrySet(),
        "wording": Text(f"{name}的条文", f"wording of {name}"),
        "basis": "示例",
        "valid_from": date(2021, 1, 1),
        "row": "总体清单!2",
    }
    return Clause(id=name, level=level, effect=effect, **{**given, **more})


def trades(*codes: str) -> IndustrySet:
    return IndustrySet(include=frozenset(codes))


def within(layer_id: str) -> Scope:
    return Scope(zones=(ZoneTrigger(layer_id=layer_id, position=Position.WITHIN),))


@pytest.fixture(scope="session")
def compared(small: Snapshot) -> Compared:
    """The matters of a project under a list of one's own."""

    def on(*clauses: Clause, industry: str = "C2614", **facts: bool) -> tuple[Matter, ...]:
        return conflicts(record_of(small, clauses, industry, facts), fact_schema())

    return on


def record_of(small: Snapshot, clauses: tuple[Clause, ...], industry: str, facts: dict[str, bool]) -> Record:
    city = small.jurisdiction
    site = read_site(SITE, plane=city.plane, extent=city.extent)
    own = AccessList(version="own", clauses=clauses, levels=frozenset(Level))
    project = Project(
        name="",
        industries=tuple(map(classification().find, industry.split())),
        construction=Construction.NEW,
        facts=facts,
    )
    return as_record(screen(project, site, replace(small.gather(site, AS_OF), access_list=own), AS_OF))


def ids(matter: Matter) -> list[str]:
    return [one.clause_id for one in matter.statements]


def test_clauses_on_one_industry_stand_side_by_side_from_the_nation_down(compared: Compared) -> None:
    (matter,) = compared(
        clause("U", Level.UNIT, Effect.REQUIRE, industries=trades("C2614")),
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C26")),
        clause("OTHER", Level.CITY, Effect.PROHIBIT, industries=trades("C33")),
    )
    assert ids(matter) == ["N", "U"]
    assert [one.kind for one in matter.subjects] == [SubjectKind.INDUSTRY]
    assert matter.outcome is Outcome.VIOLATES
    assert [one.decides for one in matter.statements] == [True, False]
    assert matter.is_conflict


def test_each_industry_of_a_project_is_a_matter_of_its_own(compared: Compared) -> None:
    both = "C2614 C2612"
    assert not compared(
        clause("A", Level.NATION, Effect.PROHIBIT, industries=trades("C2614")),
        clause("B", Level.CITY, Effect.PROHIBIT, industries=trades("C2612")),
        industry=both,
    )
    (matter,) = compared(
        clause("A", Level.NATION, Effect.PROHIBIT, industries=trades("C2614")),
        clause("B", Level.CITY, Effect.PROHIBIT, industries=trades("C261")),
        industry=both,
    )
    assert [one.name for one in matter.subjects] == ["C2614"]


def test_what_a_matter_is_about_is_told_by_the_name_of_the_fact(compared: Compared) -> None:
    burns = Condition("burns_high_pollution_fuel")
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, applies_when=burns),
        clause("C", Level.CITY, Effect.PROHIBIT, applies_when=burns),
        burns_high_pollution_fuel=True,
    )
    assert fact_schema()["burns_high_pollution_fuel"].label.zh in matter.subjects[0].label.zh
    assert matter.why[0].zh.startswith("各条结果相同")


def test_a_milder_clause_of_the_same_level_and_day_is_neither_narrower_nor_later(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.CITY, Effect.PROHIBIT, industries=trades("C26")),
        clause("U", Level.CITY, Effect.REQUIRE, industries=trades("C26")),
    )
    why = "".join(one.zh for one in matter.why)
    assert "以N（市）为准" in why or "以N" in why
    assert "层级较低" not in why
    assert "生效较晚" not in why


def test_another_dimension_is_another_matter(compared: Compared) -> None:
    industry = trades("C26")
    assert not compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=industry),
        clause("U", Level.UNIT, Effect.REQUIRE, industries=industry, dimension=Dimension.RESOURCE),
    )


def test_clauses_that_ask_for_one_fact_are_on_one_matter_whatever_they_call_for(compared: Compared) -> None:
    burns = Condition("burns_high_pollution_fuel")
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, applies_when=burns),
        clause("C", Level.CITY, Effect.REQUIRE, satisfied_when=Condition("!burns_high_pollution_fuel")),
        burns_high_pollution_fuel=True,
    )
    assert ids(matter) == ["N", "C"]
    assert [(one.kind, one.name) for one in matter.subjects] == [(SubjectKind.FACT, "burns_high_pollution_fuel")]


def test_clauses_on_the_zones_of_one_layer_are_on_one_matter(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, scope=within("water_source")),
        clause("P", Level.PROVINCE, Effect.REQUIRE, scope=within("water_source")),
        clause("X", Level.CITY, Effect.REQUIRE, scope=within("water")),
    )
    assert ids(matter) == ["N", "P"]
    assert [(one.kind, one.name) for one in matter.subjects] == [(SubjectKind.LAYER, "water_source")]


def test_clauses_that_name_nothing_conflict_with_nothing_in_particular(compared: Compared) -> None:
    assert not compared(clause("N", Level.NATION, Effect.PROHIBIT), clause("P", Level.PROVINCE, Effect.REQUIRE))


def test_a_matter_that_concerns_nobody_here_is_left_out(compared: Compared) -> None:
    burns = Condition("burns_high_pollution_fuel")
    assert not compared(
        clause("N", Level.NATION, Effect.PROHIBIT, applies_when=burns),
        clause("P", Level.PROVINCE, Effect.PROHIBIT, applies_when=burns),
        burns_high_pollution_fuel=False,
    )


def test_neither_a_narrower_nor_a_later_clause_softens(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C26")),
        clause("U", Level.UNIT, Effect.PERMIT, industries=trades("C2614"), valid_from=date(2026, 1, 1)),
    )
    assert matter.outcome is Outcome.VIOLATES
    why = "".join(one.zh for one in matter.why)
    assert "以N（国家）为准" in why
    assert "U（单元）层级较低而要求较宽，不因此放宽" in why
    assert "U（单元）生效较晚而要求较宽，不因此放宽" in why


def test_an_undecided_clause_is_not_called_milder(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C26")),
        clause(
            "U",
            Level.UNIT,
            Effect.PROHIBIT,
            industries=trades("C26"),
            applies_when=Condition("direct_discharge"),
            valid_from=date(2026, 1, 1),
        ),
    )
    why = "".join(one.zh for one in matter.why)
    assert "U（单元）尚不能判定；无论结果如何，都不会使其放宽" in why
    assert "较宽" not in why


def test_an_exception_stands_beside_what_it_takes_out_of_and_is_named(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C26")),
        clause("P", Level.PROVINCE, Effect.REQUIRE, industries=trades("C26")),
        clause("E", Level.CITY, Effect.PERMIT, exempts=frozenset({"N"}), dimension=Dimension.RESOURCE),
    )
    assert ids(matter) == ["N", "P", "E"]
    assert matter.outcome is Outcome.CONDITIONAL
    assert any(one.zh.startswith("E写明是N的例外；N：条款 E 明示的例外成立") for one in matter.why)


def test_levels_that_say_nothing_are_said_to_be_silent(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C26")),
        clause("U", Level.UNIT, Effect.REQUIRE, industries=trades("C26")),
    )
    assert matter.silent == (Level.PROVINCE, Level.CIRCLE, Level.CITY, Level.UNIT_CLASS)
    told = tell_conflicts((matter,), "en")[0]
    assert [len(one.statements) for one in told.levels] == [1, 0, 0, 0, 0, 1]
    assert told.why[-1].endswith("Silence is not permission.")


def test_matters_of_the_same_clauses_are_one(compared: Compared) -> None:
    both = {"applies_when": Condition("direct_discharge"), "industries": trades("C26")}
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, **both),
        clause("P", Level.PROVINCE, Effect.PROHIBIT, **both),
        direct_discharge=True,
    )
    assert {one.kind for one in matter.subjects} == {SubjectKind.FACT, SubjectKind.INDUSTRY}
    assert not matter.is_conflict


def test_a_coarse_industry_may_be_meant_and_is_compared(compared: Compared) -> None:
    (matter,) = compared(
        clause("N", Level.NATION, Effect.PROHIBIT, industries=trades("C2614")),
        clause("P", Level.PROVINCE, Effect.REQUIRE, industries=trades("C26")),
        industry="C26",
    )
    assert [one.outcome for one in matter.statements] == [Outcome.UNDETERMINED, Outcome.CONDITIONAL]


def test_a_record_that_does_not_say_what_its_clauses_are_about_is_not_guessed(small: Snapshot) -> None:
    record = as_record(ask(small, SITE, "C2614"))
    for finding in record["findings"]:
        if finding["clause"]:
            del finding["clause"]["about"]
    with pytest.raises(OldRecordError):
        conflicts(record, fact_schema())


effects = st.sampled_from([one for one in Effect if one is not Effect.PERMIT])
scopes = st.sampled_from([Scope(), within("water_source"), within("red_line")])
sets = st.sampled_from([trades(), trades("C26"), trades("C2614", "C33"), trades("C33")])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Level), effects, scopes, sets, st.booleans()), min_size=1, max_size=6))
def test_the_gravest_decides_and_order_does_not_matter(
    compared: Compared, drawn: list[tuple[Level, Effect, Scope, IndustrySet, bool]]
) -> None:
    clauses = [
        clause(
            f"X{number}",
            level,
            effect,
            scope=scope,
            industries=named,
            applies_when=Condition("direct_discharge") if asked else None,
        )
        for number, (level, effect, scope, named, asked) in enumerate(drawn)
    ]
    found = compared(*clauses)
    assert found == compared(*clauses[::-1])
    for matter in found:
        assert len(matter.statements) > 1
        assert matter.outcome is max(one.outcome for one in matter.statements)
        assert all(one.decides is (one.outcome is matter.outcome) for one in matter.statements)
        assert {one.level for one in matter.statements}.isdisjoint(matter.silent)
        assert {one.level for one in matter.statements} | set(matter.silent) == set(Level)
