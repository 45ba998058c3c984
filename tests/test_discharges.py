"""A project's discharges as a whole: what nobody declared is never met, and what must be declared follows place and day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.industries import lineage_of
from layers.standards import standard_book
from screening.discharges import (
    EXTENT,
    MEDIA,
    MEDIUM,
    Assessment,
    Expected,
    Extent,
    area_known,
    assess,
    condition_words,
    expected,
    period_start,
    room,
    standards_of,
)
from screening.emission_model import Compliance, Discharge, Measured
from screening.standards import ANY_POLLUTANT, Kind, Limit, Medium, Outlet
from screening.truth import Truth
from screening.units import Amount
from tests.test_emissions import book, emits, limit, standard

BOOK = standard_book()
TODAY = date(2026, 11, 21)
HERE = "370211"
OFFICE, PLASTICS, PLATING = "I6511", "C2927", "C3360"
NOTHING: frozenset[Medium] = frozenset()


@cache
def wanted(industry: str = OFFICE, day: date = TODAY, area: str = HERE) -> tuple[Expected, ...]:
    return expected(BOOK, lineage_of(industry), as_of=day, area=area)


def judged(
    *discharges: Discharge,
    nothing_else: frozenset[Medium] = NOTHING,
    stated: dict[Medium, Truth] | None = None,
    industry: str = OFFICE,
) -> Assessment:
    return assess(
        discharges,
        BOOK,
        wanted(industry),
        nothing_else=nothing_else,
        stated=stated or {},
        as_of=TODAY,
        area=HERE,
    )


def one(pollutant: str, medium: Medium, value: str, unit: str, **more: object) -> Discharge:
    said: dict[str, object] = {
        "pollutant": pollutant,
        "medium": medium,
        "industry": lineage_of(OFFICE),
        "concentrations": (Measured(Amount.of(value, unit)),),
        **more,
    }
    return Discharge(**said)  # type: ignore[arg-type]


COD = one("cod", Medium.WATER, "45", "mg/L", outlet=Outlet.DIRECT, columns={"source": "process"})
MUCH_COD = one("cod", Medium.WATER, "4500", "mg/L", outlet=Outlet.DIRECT, columns={"source": "process"})
ALL = frozenset(MEDIA)


def test_nothing_declared_is_nothing_known() -> None:
    found = judged()
    assert found.truth is Truth.UNKNOWN
    assert found.undeclared == wanted()
    assert "没有申报不等于没有排放" in found.reasons[0].zh
    assert set(found.extents.values()) == {Extent.OPEN}


def test_what_is_declared_and_met_does_not_speak_for_the_rest() -> None:
    found = judged(COD)
    assert [finding.compliance for finding in found.findings[0]] == [Compliance.MET]
    assert found.truth is Truth.UNKNOWN
    assert found.undeclared is not None
    assert ("cod" in {each.pollutant for each in found.undeclared}) is False
    assert {"bod5", "noise", "nmhc"} <= {each.pollutant for each in found.undeclared}


def test_one_value_beyond_its_limit_decides() -> None:
    assert judged(MUCH_COD).truth is Truth.NO
    assert judged(MUCH_COD, nothing_else=ALL).truth is Truth.NO


def test_to_declare_that_there_is_none_is_an_answer() -> None:
    found = judged(nothing_else=ALL)
    assert (found.truth, found.undeclared) == (Truth.YES, ())
    assert set(found.extents.values()) == {Extent.NONE}
    assert [each.en for each in found.reasons] == ["declared as discharging nothing"]
    stated = judged(nothing_else=frozenset({Medium.NOISE}), stated={Medium.WATER: Truth.NO, Medium.AIR: Truth.NO})
    assert stated.truth is Truth.YES


def test_who_discharges_water_has_a_ph_even_if_there_is_nothing_else() -> None:
    found = judged(COD, nothing_else=ALL)
    assert found.extents[Medium.WATER] is Extent.COMPLETE
    assert [each.pollutant for each in found.undeclared or ()] == ["ph"]
    assert found.truth is Truth.UNKNOWN
    process = {"outlet": Outlet.DIRECT, "built": TODAY, "columns": {"source": "process"}}
    neutral = one("ph", Medium.WATER, "7", "无量纲", **process)
    complete = judged(COD, neutral, nothing_else=ALL)
    assert (complete.truth, complete.undeclared) == (Truth.YES, ())
    assert complete.reasons[-1].en == "everything declared meets its limit, and there is nothing else"


def test_what_is_met_at_one_outlet_says_nothing_of_another() -> None:
    """Every pollutant spoken of, each value met, and yet nobody said that there is no other outlet."""
    tables = book([standard("A")], [limit("A", "50")])
    said = emits("30")
    asked = (Expected(medium=said.medium, pollutant=said.pollutant, limits=(), columns=()),)
    settled = {medium: Truth.NO for medium in MEDIA if medium is not said.medium}

    def of(nothing_else: frozenset[Medium]) -> Assessment:
        return assess([said], tables, asked, nothing_else=nothing_else, stated=settled, as_of=TODAY, area=HERE)

    unsaid, complete = of(NOTHING), of(frozenset({said.medium}))
    assert (unsaid.undeclared, unsaid.extents[said.medium], unsaid.truth) == ((), Extent.OPEN, Truth.UNKNOWN)
    assert [each.zh for each in unsaid.reasons] == [f"未说明{MEDIUM[said.medium].zh}有无其他排放口或污染物"]
    assert complete.truth is Truth.YES
    assert [each.zh for each in complete.reasons] == ["申报的各项均达标，别无其他排放"]


@pytest.mark.parametrize(
    ("discharges", "nothing_else", "stated"),
    [
        ((COD,), ALL, {Medium.WATER: Truth.NO}),
        ((), ALL, {Medium.WATER: Truth.YES}),
    ],
)
def test_who_says_two_things_has_said_nothing(
    discharges: tuple[Discharge, ...], nothing_else: frozenset[Medium], stated: dict[Medium, Truth]
) -> None:
    found = judged(*discharges, nothing_else=nothing_else, stated=stated)
    assert found.extents[Medium.WATER] is Extent.CONTRADICTORY
    assert found.truth is Truth.UNKNOWN
    assert any("互相矛盾" in each.zh for each in found.reasons)
    assert {each.medium for each in found.undeclared or ()} == {Medium.WATER}


def test_without_an_industry_nobody_knows_which_standards_count() -> None:
    found = assess((), BOOK, None, nothing_else=ALL, stated={}, as_of=TODAY, area=HERE)
    assert (found.truth, found.undeclared) == (Truth.UNKNOWN, None)
    assert any("行业" in each.zh for each in found.reasons)


SETTLED = st.sets(st.sampled_from(MEDIA)).map(frozenset)
STATED = st.dictionaries(st.sampled_from(MEDIA), st.sampled_from(Truth))
DECLARED = st.lists(
    st.builds(
        lambda each, value: one(each.pollutant, each.medium, value, "mg/L" if each.medium is Medium.WATER else "mg/m³"),
        st.deferred(lambda: st.sampled_from(wanted())),
        st.sampled_from(["0", "0.001", "40", "100000"]),
    ),
    max_size=4,
)


@settings(max_examples=60)
@given(DECLARED, SETTLED, STATED)
def test_met_is_said_only_where_everything_is_settled(
    discharges: list[Discharge], nothing_else: frozenset[Medium], stated: dict[Medium, Truth]
) -> None:
    found = judged(*discharges, nothing_else=nothing_else, stated=stated)
    told = [each for several in found.findings for each in several]
    if any(each.compliance is Compliance.EXCEEDED for each in told):
        assert found.truth is Truth.NO
        return
    spoken = {(each.medium, each.pollutant) for each in discharges}
    settled = all(
        (each.medium, each.pollutant) in spoken or each.medium in nothing_else or stated.get(each.medium) is Truth.NO
        for each in wanted()
    )
    if found.truth is Truth.YES:
        assert settled
        assert all(each.compliance is Compliance.MET for each in told)
        assert set(found.extents.values()) <= {Extent.NONE, Extent.COMPLETE}
    assert found.reasons
    assert all(each.zh and each.en for each in found.reasons)


@settings(max_examples=40)
@given(DECLARED, SETTLED, STATED, st.sampled_from(MEDIA))
def test_a_further_statement_never_turns_an_answer_round(
    discharges: list[Discharge], nothing_else: frozenset[Medium], stated: dict[Medium, Truth], medium: Medium
) -> None:
    before = judged(*discharges, nothing_else=nothing_else, stated=stated).truth
    after = judged(*discharges, nothing_else=nothing_else | {medium}, stated=stated).truth
    assert (before, after) not in {(Truth.YES, Truth.NO), (Truth.NO, Truth.YES)}


# -- what must be declared ---------------------------------------------------------------------------------------------


def test_what_must_be_declared_follows_the_industry() -> None:
    plating = {each.pollutant for each in wanted(PLATING)}
    assert {"cr6", "cod", "noise"} <= plating
    codes = [each.code for each in standards_of(wanted(PLATING))]
    assert codes.index("DB37/2801.5-2018") < codes.index("DB37/2376-2019")
    assert "DB37/2801.5-2018" not in [each.code for each in standards_of(wanted(OFFICE))]


def test_what_must_be_declared_follows_the_place() -> None:
    elsewhere = {each.code for each in standards_of(wanted(OFFICE, TODAY, "440100"))}
    assert not [code for code in elsewhere if code.startswith("DB37")]
    assert [code for code in (each.code for each in standards_of(wanted())) if code.startswith("DB37")]


@pytest.mark.parametrize(("day", "is_there"), [(date(2019, 3, 15), False), (date(2019, 3, 16), True)])
def test_what_must_be_declared_follows_the_day(day: date, is_there: bool) -> None:
    assert ("DB37/3416.5-2018" in {each.code for each in standards_of(wanted(OFFICE, day))}) is is_there


@pytest.mark.parametrize("industry", [OFFICE, PLASTICS, PLATING])
def test_nothing_that_a_standard_surely_limits_is_forgotten(industry: str) -> None:
    """A second way to it: limits of standards without conditions that bind the industry, whatever sets others aside."""
    lineage = lineage_of(industry)
    known = {(each.medium, each.pollutant) for each in wanted(industry)}
    for row in BOOK.limits:
        binding = BOOK.standards[row.standard]
        if (
            binding.kind is Kind.EMISSION
            and not binding.when
            and binding.binds_on(TODAY)
            and HERE.startswith(binding.area)
            and binding.industries.holds(lineage) is Truth.YES
            and row.pollutant != ANY_POLLUTANT
        ):
            assert (row.medium, row.pollutant) in known, row.row
    for each in wanted(industry):
        assert each.naming
        assert {standard.code for standard in each.naming} <= {standard.code for standard, _ in each.limits}


DAYS = [date(2016, 5, 4), date(2019, 3, 20), date(2022, 8, 9), TODAY]


@pytest.mark.parametrize("day", DAYS)
def test_within_one_period_every_day_asks_for_the_same(day: date) -> None:
    since = period_start(BOOK, day)
    assert since <= day
    assert wanted(OFFICE, since, area_known(BOOK, HERE)) == wanted(OFFICE, day, HERE)
    assert period_start(BOOK, since) == since
    assert period_start(BOOK, since - timedelta(days=1)) < since


def test_before_all_standards_nothing_is_asked_for() -> None:
    assert period_start(BOOK, date(1950, 1, 1)) == date.min
    assert wanted(OFFICE, date.min) == ()


def test_an_area_is_known_as_far_as_any_standard_asks() -> None:
    assert (area_known(BOOK, "370211"), area_known(BOOK, "110105")) == ("37", "")


# -- words -------------------------------------------------------------------------------------------------------------


def test_conditions_are_told_by_the_shorter_list() -> None:
    first = next(each for each in BOOK.standards.values() if each.code == "DB37/2374-2018")
    other = next(each for each in BOOK.standards.values() if each.code == "GB 8978-1996")
    assert condition_words(first.when, BOOK).zh == "污染源类型：锅炉（GB 13271 范围）"
    assert condition_words(other.when, BOOK).en == "Kind of source: other than municipal or domestic sewage treatment"
    assert condition_words({}, BOOK).zh == ""


def rooms(declared: Discharge, *limits: Limit) -> tuple[str, str]:
    tables = book([standard("A")], limits)
    found = assess([declared], tables, (), nothing_else=NOTHING, stated={}, as_of=TODAY, area=HERE)
    said = room(found.findings[0][0])
    return said.zh, said.en


def test_the_room_left_is_told_in_the_unit_of_the_limit() -> None:
    assert rooms(emits("30"), limit("A", "50")) == ("余 20 mg/m³（限值的 40.0%）", "20 mg/m³ left (40.0% of the limit)")
    assert rooms(emits("60"), limit("A", "50")) == (
        "超出 10 mg/m³（限值的 20.0%）",
        "10 mg/m³ beyond (20.0% of the limit)",
    )
    assert rooms(emits("50"), limit("A", "50")) == ("余 0 mg/m³（限值的 0.0%）", "0 mg/m³ left (0.0% of the limit)")
    assert rooms(emits("0"), limit("A", "0")) == ("余 0 mg/m³", "0 mg/m³ left")
    assert rooms(emits("7"), limit("A", "9", minimum=Decimal(6))) == ("余 1 mg/m³", "1 mg/m³ left")
    assert rooms(emits(), limit("A", "50")) == ("", "")


def test_every_medium_and_extent_has_words() -> None:
    assert set(MEDIUM) == set(Medium)
    assert set(EXTENT) == set(Extent)
