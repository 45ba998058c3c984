"""Facts in any unit of their family: exact, kept as written, and refused in words where nothing converts."""

from __future__ import annotations

import itertools
import unicodedata
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.facts import checked, declarations, declared, fact_schema, particular_schema
from layers.units import unit_table, units_from
from screening.declarations import read_declarations
from screening.declared_units import DeclaredUnit, in_words, parse_amount
from screening.errors import ReferenceTableError, UnknownFactError
from screening.model import Fact
from screening.words import Text, same

UNITS = unit_table()
DAILY = frozenset(UNITS.yearly)
WATER = "water_m3_per_year"
ENERGY = "energy_tce_per_year"
COAL = "coal_t_per_year"


def number_fact(unit: str) -> Fact:
    return Fact(name="it", label=same("it"), kind="number", unit=unit, help=same(""), group=same(""))


def pairs() -> list[tuple[DeclaredUnit, DeclaredUnit]]:
    """Every two units of one family, a unit with itself included."""
    every = sorted(UNITS.units.values(), key=lambda one: one.family)
    groups = [list(group) for _, group in itertools.groupby(every, key=lambda one: one.family)]
    return [pair for group in groups for pair in itertools.product(group, group)]


numbers = st.decimals(min_value="0.0001", max_value=10**6, places=4)


@pytest.mark.parametrize(("written", "own"), pairs(), ids=lambda one: one.symbol)
@given(number=numbers)
def test_what_is_written_is_read_and_converted_exactly(written: DeclaredUnit, own: DeclaredUnit, number: Any) -> None:
    text = f"{number:,f} {written.symbol}"
    parsed = parse_amount(text)
    assert parsed is not None
    assert parsed.number == Fraction(number)
    assert UNITS.find(parsed.unit) is written
    there = parsed.number * written.factor / own.factor
    assert there * own.factor / written.factor == parsed.number  # back to the very number
    for value in (
        text,
        {"value": str(number), "unit": written.symbol},
        {"value": float(number), "unit": written.label.zh},
    ):
        found = read_declarations({"it": value}, {"it": number_fact(own.symbol)}, UNITS).values["it"]
        assert found == float(there)


@given(number=numbers, days=st.integers(1, 366))
@pytest.mark.parametrize(
    "daily", [one for one in UNITS.units.values() if one.family in DAILY], ids=lambda one: one.symbol
)
def test_days_per_year_lead_from_a_day_to_a_year(daily: DeclaredUnit, number: Any, days: int) -> None:
    for own in (one for one in UNITS.units.values() if one.family == UNITS.yearly[daily.family]):
        value = {"value": str(number), "unit": daily.symbol, "days_per_year": days}
        found = read_declarations({"it": value}, {"it": number_fact(own.symbol)}, UNITS)
        assert found.values["it"] == float(Fraction(number) * days * daily.factor / own.factor)
        assert f"× {days} 天" in found.conversions[0].read_as.zh


@pytest.mark.parametrize(
    ("fact", "written", "value"),
    [
        (WATER, "3 万m³/a", 30_000),
        (WATER, "３ 万立方米／年", 30_000),
        (WATER, "30,000 m3/a", 30_000),
        (WATER, "30000立方米每年", 30_000),
        (WATER, "0.0003 亿 m^3/yr", 30_000),
        (WATER, "30000", 30_000),
        (COAL, "1.5万吨/年", 15_000),
        (COAL, "1500000 公斤/年", 1_500),
        (COAL, "12 T/A", 12),
        (ENERGY, "2 万吨标准煤/年", 20_000),
        (ENERGY, "100 万千瓦时/年（电力当量值）", 122.9),
        (ENERGY, "1000 GJ/a（热力当量值）", 34.12),
        ("land_m2", "3 亩", 2_000),
        ("land_m2", "2.5 公顷", 25_000),
        ("land_m2", "0.01 平方公里", 10_000),
        ("land_m2", "500 ㎡", 500),
        ("land_m2", "500 平方米", 500),
        ("heavy_metals_kg_per_year", "0.002 t/a", 2),
        ("protection_distance_m", "0.3 公里", 300),
        ("boiler_t_per_hour", "10 蒸吨/小时", 10),
        ("pigs_per_year", "2 万头/年", 20_000),
    ],
)
def test_usual_spellings_are_understood(fact: str, written: str, value: float) -> None:
    assert declared({fact: written}) == {fact: value}


@pytest.mark.parametrize(
    ("fact", "written", "said"),
    [
        (WATER, "3 m³/d", "全年运行天数"),
        (WATER, {"value": 3, "unit": "m³/d"}, "全年运行天数"),
        (WATER, {"value": 3, "unit": "m³/d", "days_per_year": 367}, "1 至 366"),
        (WATER, {"value": 3, "unit": "m³/d", "days_per_year": 0}, "1 至 366"),
        (WATER, {"value": 3, "unit": "m³/d", "days_per_year": 300.5}, "1 至 366"),
        (WATER, {"value": 3, "unit": "m³/d", "days_per_year": "300"}, "1 至 366"),
        (WATER, {"value": 3, "unit": "m³/d", "days_per_year": True}, "1 至 366"),
        (WATER, {"value": 3, "unit": "万m³/a", "days_per_year": 300}, "请去掉天数"),
        (WATER, {"value": 3, "days_per_year": 300}, "请去掉天数"),
        (WATER, "3 m³/h", "运行时数"),
        (WATER, "3 万m³", "每年还是每天"),
        (WATER, "100 t/a", "不能换算为 m³/a"),
        (WATER, "3 万", "不能换算为 m³/a"),
        (WATER, "3-5 m³/a", "应为一个数值"),
        (WATER, "约 3 m³/a", "应为一个数值"),
        (WATER, "三万 m³/a", "应为一个数值"),
        (WATER, "1e3 m³/a", "不能换算"),
        (WATER, "3" * 70, "应为一个数值"),
        (WATER, {"unit": "m³/a"}, "应为一个数值"),
        (WATER, {"value": 3, "unit": "m³/a", "per": "a"}, "应为一个数值"),
        (WATER, {"value": "3 m³/a", "unit": "m³/a"}, "应为一个数值"),
        (WATER, {"value": 3, "unit": 5}, "应为一个数值"),
        (WATER, {"value": 3, "unit": "m" * 200}, "应为一个数值"),
        (WATER, True, "应为一个数值"),
        (WATER, [3], "应为一个数值"),
        (WATER, -1, "应在 0 –"),
        (WATER, "2 亿亿m³/a", "不能换算"),
        (WATER, "200 亿m³/a", "应在 0 –"),
        (WATER, float("nan"), "应在 0 –"),
        (WATER, float("inf"), "应在 0 –"),
        (WATER, 10**400, "应在 0 –"),
        (ENERGY, "10 kWh/a", "当量值或等价值"),
        (ENERGY, "10 万度/年", "当量值或等价值"),
        (ENERGY, "10 GJ/a", "当量值或等价值"),
        (ENERGY, "10 t/a", "当量值或等价值"),
        ("boiler_t_per_hour", "7 MW", "蒸汽参数"),
        ("protection_distance_m", "3 亩", "不能换算为 m"),
    ],
)
def test_what_does_not_convert_is_refused_in_words(fact: str, written: object, said: str) -> None:
    with pytest.raises(UnknownFactError) as refused:
        declared({fact: written})
    problem = refused.value
    assert said in problem.why.zh
    assert problem.field == f"project.facts.{fact}"
    assert problem.value
    assert fact_schema()[fact].label.zh in problem.what.zh
    assert problem.why.en
    assert "未申报" in problem.cure.zh


def test_steam_is_no_power_and_a_month_has_no_fixed_days() -> None:
    for unit, written, said in (("kW", "10 t/h", "蒸汽参数"), ("月", "90 天", "没有固定的天数")):
        with pytest.raises(UnknownFactError) as refused:
            read_declarations({"it": written}, {"it": number_fact(unit)}, UNITS)
        assert said in refused.value.why.zh
        assert set(refused.value.candidates) >= {unit}


@pytest.mark.parametrize("empty", [None, "", "  ", {"value": None, "unit": "m³/a"}, {"value": "", "unit": "m³/d"}])
def test_what_is_empty_is_not_declared_and_not_zero(empty: object) -> None:
    assert declared({WATER: empty}) == {}
    assert declared({WATER: 0}) == declared({WATER: "0"}) == declared({WATER: "0 万m³/a"}) == {WATER: 0.0}
    assert declared({"policy_class": ""}) == declared({"discharges_wastewater": ""}) == {}


def test_what_was_written_and_how_it_was_read_are_kept() -> None:
    written = {WATER: "3 万m³/a", COAL: 5, "land_m2": "7 m²", ENERGY: {"value": 2, "unit": "万kW·h/a（电力当量值）"}}
    found = declarations(written)
    assert [one.name for one in found.conversions] == [
        WATER,
        ENERGY,
    ]  # a bare number, or one in its unit, is no conversion
    water, energy = found.conversions
    assert (water.as_written, water.value, water.unit) == ("3 万m³/a", 30_000.0, "m³/a")
    assert water.read_as == Text("按 3 万m³/a 换算为 30,000 m³/a", "3 万m³/a taken as 30,000 m³/a")
    assert "0.1229 kgce/(kW·h)，GB/T 2589—2020 附录 A，未经核实" in energy.read_as.zh


def test_a_unit_of_no_family_takes_its_own_spelling_only() -> None:
    schema = {"it": number_fact("吨级")}
    assert checked({"it": "3 吨级"}, schema) == {"it": 3.0}
    assert UNITS.accepted("吨级") == ()
    with pytest.raises(UnknownFactError) as refused:
        checked({"it": "3 t"}, schema)
    assert refused.value.candidates == ("吨级",)


def test_every_unit_of_a_schema_reads_itself_first() -> None:
    for fact in (*fact_schema().values(), *particular_schema().values()):
        if fact.kind == "number":
            assert [one.symbol for one in UNITS.accepted(fact.unit)][:1] == [fact.unit], fact.name


def test_the_law_asks_for_numbers_choices_and_yes_or_no_only() -> None:
    assert {fact.kind for fact in fact_schema().values()} == {"number", "boolean", "choice"}


def test_mu_is_a_ratio_and_not_a_rounding() -> None:
    mu = UNITS.find("亩")
    assert mu is not None
    assert mu.factor == Fraction(10_000, 15)
    assert declared({"land_m2": "15 亩"}) == {"land_m2": 10_000.0}


@given(number=st.floats(min_value=1e-6, max_value=1e12))
def test_numbers_in_words_hold_no_exponent(number: float) -> None:
    shown = in_words(number)
    assert "e" not in shown.lower()
    assert float(shown.replace(",", "")) == pytest.approx(number, rel=1e-9)


@given(text=st.text(max_size=80))
def test_any_text_is_a_number_not_declared_or_refused(text: str) -> None:
    try:
        found = declared({WATER: text})
    except UnknownFactError:
        return
    assert found == {} or unicodedata.normalize("NFKC", text).strip()[0] in "+-.−–—0123456789"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"family": "none", "factor": "1"}, "belongs to no family"),
        ({"family": "area", "factor": "1/0"}, "has no ratio"),
        ({"family": "area", "factor": "much"}, "has no ratio"),
        ({"family": "area", "factor": "-1"}, "not positive"),
    ],
)
def test_a_broken_row_stops_the_table(row: dict[str, str], said: str) -> None:
    table = {"family": {"area": {}}, "unit": {"m²": row}, "unconvertible": {}, "spelling": {"parts": {}, "whole": {}}}
    with pytest.raises(ReferenceTableError) as refused:
        units_from(table)
    assert said in refused.value.what.en


def test_two_units_of_one_spelling_stop_the_table() -> None:
    row = {"family": "area", "factor": "1"}
    table = {
        "family": {"area": {}},
        "unit": {"m²": row, "M2": row},
        "unconvertible": {},
        "spelling": {"parts": {}, "whole": {}},
    }
    with pytest.raises(ReferenceTableError, match="is spelled like another"):
        units_from(table)


def test_the_table_names_no_unit_it_cannot_refuse() -> None:
    """Every refusal of the table speaks of units that the family does not hold."""
    assert files("layers").joinpath("reference/units.toml").is_file()
    for refusal in UNITS.unconvertible:
        for key in refusal.keys:
            unit = UNITS.units.get(key)
            assert unit is None or unit.family not in refusal.families


@pytest.mark.parametrize("unit", sorted({one.unit for one in fact_schema().values() if one.unit}))
def test_a_fact_is_accepted_in_its_own_unit_those_of_its_family_and_those_per_day(unit: str) -> None:
    accepted = UNITS.accepted(unit)
    own = UNITS.find(unit)
    if own is None:
        assert accepted == ()
        return
    assert accepted[0] is own
    assert len(set(accepted)) == len(accepted)
    per_day = {day for day, year in UNITS.yearly.items() if year == own.family}
    assert set(accepted) == {one for one in UNITS.units.values() if one.family == own.family or one.family in per_day}
    families = [one.family in per_day for one in accepted]
    assert families == sorted(families)


def test_sixty_characters_are_read_and_one_more_is_not() -> None:
    sixty = "5 t".ljust(60)
    assert parse_amount(sixty) is not None
    assert parse_amount(sixty + " ") is None
